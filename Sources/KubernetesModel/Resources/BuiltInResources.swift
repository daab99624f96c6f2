/// The resources that are built into Kubernetes 1.36, with the names, verbs and subresources that its API server lists.
public enum APIResources {
  /// All of them: groups in the order in which the API server lists them, the preferred version of each first.
  public static let builtIn: [APIResource] = [
    coreV1, apiregistrationV1, appsV1, eventsV1, authenticationV1,
    authorizationV1, autoscalingV2, autoscalingV1, batchV1, certificatesV1,
    networkingV1, policyV1, rbacV1, storageV1, admissionregistrationV1,
    apiextensionsV1, schedulingV1, coordinationV1, nodeV1, discoveryV1,
    resourceV1, flowcontrolV1,
  ].flatMap { $0 }

  /// The resource of a kind; nil when there is no such built-in kind.
  public static func builtIn(apiVersion: String, kind: String) -> APIResource? {
    byType["\(apiVersion)/\(kind)"].map { builtIn[$0] }
  }

  private static let byType = Dictionary(
    builtIn.indices.map { ("\(builtIn[$0].apiVersion)/\(builtIn[$0].kind)", $0) },
    uniquingKeysWith: { first, _ in first })

  private static func group(
    _ group: String, _ version: String, _ make: ((String) -> GroupVersionKind) -> [APIResource]
  ) -> [APIResource] {
    make { GroupVersionKind(group: group, version: version, kind: $0) }
  }

  private static let allButDeleteCollection = APIResource.allVerbs.filter { $0 != "deletecollection" }

  private static let coreV1 = group("", "v1") { type in
    [
      APIResource(type: type("Binding"), plural: "bindings", verbs: ["create"], traits: [.isTransient]),
      APIResource(
        type: type("ComponentStatus"), plural: "componentstatuses", shortNames: ["cs"], isNamespaced: false,
        verbs: ["get", "list"]),
      APIResource(
        type: type("ConfigMap"), plural: "configmaps", shortNames: ["cm"], traits: [.updatesUnconditionally]),
      APIResource(
        type: type("Endpoints"), plural: "endpoints", shortNames: ["ep"],
        traits: [.updateCreates, .updatesUnconditionally]),
      APIResource(
        type: type("Event"), plural: "events", shortNames: ["ev"],
        traits: [.updateCreates, .updatesUnconditionally]),
      APIResource(
        type: type("LimitRange"), plural: "limitranges", shortNames: ["limits"],
        traits: [.updateCreates, .updatesUnconditionally]),
      APIResource(
        type: type("Namespace"), plural: "namespaces", shortNames: ["ns"], isNamespaced: false,
        verbs: allButDeleteCollection, subresources: [.init("finalize", verbs: ["update"]), .status],
        traits: [.updatesUnconditionally]),
      APIResource(
        type: type("Node"), plural: "nodes", shortNames: ["no"], isNamespaced: false,
        subresources: [
          .init(
            "proxy", kind: GroupVersionKind(group: "", version: "v1", kind: "NodeProxyOptions"),
            verbs: ["create", "delete", "get", "patch", "update"]), .status,
        ], traits: [.createsWithStatus, .updatesUnconditionally]),
      APIResource(
        type: type("PersistentVolumeClaim"), plural: "persistentvolumeclaims", shortNames: ["pvc"],
        subresources: [.status], traits: [.deleteAnswersObject, .updatesUnconditionally]),
      APIResource(
        type: type("PersistentVolume"), plural: "persistentvolumes", shortNames: ["pv"], isNamespaced: false,
        subresources: [.status], traits: [.deleteAnswersObject, .updatesUnconditionally]),
      APIResource(
        type: type("Pod"), plural: "pods", shortNames: ["po"], categories: ["all"],
        subresources: [
          .init(
            "attach", kind: GroupVersionKind(group: "", version: "v1", kind: "PodAttachOptions"),
            verbs: ["create", "get"]),
          .init(
            "binding", kind: GroupVersionKind(group: "", version: "v1", kind: "Binding"), verbs: ["create"]),
          .init("ephemeralcontainers", verbs: ["get", "patch", "update"]),
          .init(
            "eviction", kind: GroupVersionKind(group: "policy", version: "v1", kind: "Eviction"),
            verbs: ["create"]),
          .init(
            "exec", kind: GroupVersionKind(group: "", version: "v1", kind: "PodExecOptions"),
            verbs: ["create", "get"]), .init("log", verbs: ["get"]),
          .init(
            "portforward", kind: GroupVersionKind(group: "", version: "v1", kind: "PodPortForwardOptions"),
            verbs: ["create", "get"]),
          .init(
            "proxy", kind: GroupVersionKind(group: "", version: "v1", kind: "PodProxyOptions"),
            verbs: ["create", "delete", "get", "patch", "update"]),
          .init("resize", verbs: ["get", "patch", "update"]), .status,
        ], traits: [.deletesInTwoSteps, .tracksGeneration, .deleteAnswersObject, .updatesUnconditionally]),
      APIResource(
        type: type("PodTemplate"), plural: "podtemplates",
        traits: [.tracksGeneration, .deleteAnswersObject, .updateCreates, .updatesUnconditionally]),
      APIResource(
        type: type("ReplicationController"), plural: "replicationcontrollers", shortNames: ["rc"],
        categories: ["all"], subresources: [.scale, .status],
        traits: [.tracksGeneration, .updatesUnconditionally], scale: .init()),
      APIResource(
        type: type("ResourceQuota"), plural: "resourcequotas", shortNames: ["quota"], subresources: [.status],
        traits: [.deleteAnswersObject, .updatesUnconditionally]),
      APIResource(type: type("Secret"), plural: "secrets", traits: [.updatesUnconditionally]),
      APIResource(
        type: type("ServiceAccount"), plural: "serviceaccounts", shortNames: ["sa"],
        subresources: [
          .init(
            "token",
            kind: GroupVersionKind(group: "authentication.k8s.io", version: "v1", kind: "TokenRequest"),
            verbs: ["create"])
        ], traits: [.deleteAnswersObject, .updatesUnconditionally]),
      APIResource(
        type: type("Service"), plural: "services", shortNames: ["svc"], categories: ["all"],
        subresources: [
          .init(
            "proxy", kind: GroupVersionKind(group: "", version: "v1", kind: "ServiceProxyOptions"),
            verbs: ["create", "delete", "get", "patch", "update"]), .status,
        ], traits: [.deleteAnswersObject, .updateCreates, .updatesUnconditionally]),
    ]
  }

  private static let apiregistrationV1 = group("apiregistration.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("APIService"), plural: "apiservices", categories: ["api-extensions"], isNamespaced: false,
        subresources: [.status], traits: [.updatesUnconditionally])
    ]
  }

  private static let appsV1 = group("apps", "v1") { type in
    [
      APIResource(
        type: type("ControllerRevision"), plural: "controllerrevisions", traits: [.updatesUnconditionally]),
      APIResource(
        type: type("DaemonSet"), plural: "daemonsets", shortNames: ["ds"], categories: ["all"],
        subresources: [.status], traits: [.tracksGeneration, .updatesUnconditionally]),
      APIResource(
        type: type("Deployment"), plural: "deployments", shortNames: ["deploy"], categories: ["all"],
        subresources: [.scale, .status], traits: [.tracksGeneration, .updatesUnconditionally], scale: .init()),
      APIResource(
        type: type("ReplicaSet"), plural: "replicasets", shortNames: ["rs"], categories: ["all"],
        subresources: [.scale, .status], traits: [.tracksGeneration, .updatesUnconditionally], scale: .init()),
      APIResource(
        type: type("StatefulSet"), plural: "statefulsets", shortNames: ["sts"], categories: ["all"],
        subresources: [.scale, .status], traits: [.tracksGeneration, .updatesUnconditionally], scale: .init()),
    ]
  }

  private static let eventsV1 = group("events.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("Event"), plural: "events", shortNames: ["ev"],
        traits: [.updateCreates, .updatesUnconditionally])
    ]
  }

  private static let authenticationV1 = group("authentication.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("SelfSubjectReview"), plural: "selfsubjectreviews", isNamespaced: false, verbs: ["create"],
        traits: [.isTransient]),
      APIResource(
        type: type("TokenReview"), plural: "tokenreviews", isNamespaced: false, verbs: ["create"],
        traits: [.isTransient]),
    ]
  }

  private static let authorizationV1 = group("authorization.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("LocalSubjectAccessReview"), plural: "localsubjectaccessreviews", verbs: ["create"],
        traits: [.isTransient]),
      APIResource(
        type: type("SelfSubjectAccessReview"), plural: "selfsubjectaccessreviews", isNamespaced: false,
        verbs: ["create"], traits: [.isTransient]),
      APIResource(
        type: type("SelfSubjectRulesReview"), plural: "selfsubjectrulesreviews", isNamespaced: false,
        verbs: ["create"], traits: [.isTransient]),
      APIResource(
        type: type("SubjectAccessReview"), plural: "subjectaccessreviews", isNamespaced: false,
        verbs: ["create"],
        traits: [.isTransient]),
    ]
  }

  private static let autoscalingV2 = group("autoscaling", "v2") { type in
    [
      APIResource(
        type: type("HorizontalPodAutoscaler"), plural: "horizontalpodautoscalers", shortNames: ["hpa"],
        categories: ["all"], subresources: [.status], traits: [.updatesUnconditionally])
    ]
  }

  private static let autoscalingV1 = group("autoscaling", "v1") { type in
    [
      APIResource(
        type: type("HorizontalPodAutoscaler"), plural: "horizontalpodautoscalers", shortNames: ["hpa"],
        categories: ["all"], subresources: [.status], traits: [.updatesUnconditionally])
    ]
  }

  private static let batchV1 = group("batch", "v1") { type in
    [
      APIResource(
        type: type("CronJob"), plural: "cronjobs", shortNames: ["cj"], categories: ["all"],
        subresources: [.status],
        traits: [.tracksGeneration, .updatesUnconditionally]),
      APIResource(
        type: type("Job"), plural: "jobs", categories: ["all"], subresources: [.status],
        traits: [.tracksGeneration, .updatesUnconditionally]),
    ]
  }

  private static let certificatesV1 = group("certificates.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("CertificateSigningRequest"), plural: "certificatesigningrequests", shortNames: ["csr"],
        isNamespaced: false, subresources: [.init("approval", verbs: ["get", "patch", "update"]), .status],
        traits: [.updatesUnconditionally])
    ]
  }

  private static let networkingV1 = group("networking.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("IngressClass"), plural: "ingressclasses", isNamespaced: false,
        traits: [.tracksGeneration, .updatesUnconditionally]),
      APIResource(
        type: type("Ingress"), plural: "ingresses", shortNames: ["ing"], subresources: [.status],
        traits: [.tracksGeneration, .updatesUnconditionally]),
      APIResource(
        type: type("IPAddress"), plural: "ipaddresses", shortNames: ["ip"], isNamespaced: false,
        traits: [.updatesUnconditionally]),
      APIResource(
        type: type("NetworkPolicy"), plural: "networkpolicies", shortNames: ["netpol"],
        traits: [.tracksGeneration, .updatesUnconditionally]),
      APIResource(
        type: type("ServiceCIDR"), plural: "servicecidrs", isNamespaced: false, subresources: [.status],
        traits: [.updatesUnconditionally]),
    ]
  }

  private static let policyV1 = group("policy", "v1") { type in
    [
      APIResource(
        type: type("PodDisruptionBudget"), plural: "poddisruptionbudgets", shortNames: ["pdb"],
        subresources: [.status], traits: [.tracksGeneration])
    ]
  }

  private static let rbacV1 = group("rbac.authorization.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("ClusterRoleBinding"), plural: "clusterrolebindings", isNamespaced: false,
        traits: [.updateCreates, .updatesUnconditionally]),
      APIResource(
        type: type("ClusterRole"), plural: "clusterroles", isNamespaced: false,
        traits: [.updateCreates, .updatesUnconditionally]),
      APIResource(
        type: type("RoleBinding"), plural: "rolebindings", traits: [.updateCreates, .updatesUnconditionally]),
      APIResource(type: type("Role"), plural: "roles", traits: [.updateCreates, .updatesUnconditionally]),
    ]
  }

  private static let storageV1 = group("storage.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("CSIDriver"), plural: "csidrivers", isNamespaced: false, traits: [.deleteAnswersObject]),
      APIResource(
        type: type("CSINode"), plural: "csinodes", isNamespaced: false, traits: [.deleteAnswersObject]),
      APIResource(type: type("CSIStorageCapacity"), plural: "csistoragecapacities"),
      APIResource(
        type: type("StorageClass"), plural: "storageclasses", shortNames: ["sc"], isNamespaced: false,
        traits: [.deleteAnswersObject, .updatesUnconditionally]),
      APIResource(
        type: type("VolumeAttachment"), plural: "volumeattachments", isNamespaced: false,
        subresources: [.status],
        traits: [.deleteAnswersObject]),
      APIResource(
        type: type("VolumeAttributesClass"), plural: "volumeattributesclasses", shortNames: ["vac"],
        isNamespaced: false, traits: [.updatesUnconditionally]),
    ]
  }

  private static let admissionregistrationV1 = group("admissionregistration.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("MutatingAdmissionPolicy"), plural: "mutatingadmissionpolicies",
        categories: ["api-extensions"],
        isNamespaced: false, traits: [.tracksGeneration]),
      APIResource(
        type: type("MutatingAdmissionPolicyBinding"), plural: "mutatingadmissionpolicybindings",
        categories: ["api-extensions"], isNamespaced: false, traits: [.tracksGeneration]),
      APIResource(
        type: type("MutatingWebhookConfiguration"), plural: "mutatingwebhookconfigurations",
        categories: ["api-extensions"], isNamespaced: false, traits: [.tracksGeneration]),
      APIResource(
        type: type("ValidatingAdmissionPolicy"), plural: "validatingadmissionpolicies",
        categories: ["api-extensions"], isNamespaced: false, subresources: [.status],
        traits: [.tracksGeneration]),
      APIResource(
        type: type("ValidatingAdmissionPolicyBinding"), plural: "validatingadmissionpolicybindings",
        categories: ["api-extensions"], isNamespaced: false, traits: [.tracksGeneration]),
      APIResource(
        type: type("ValidatingWebhookConfiguration"), plural: "validatingwebhookconfigurations",
        categories: ["api-extensions"], isNamespaced: false, traits: [.tracksGeneration]),
    ]
  }

  private static let apiextensionsV1 = group("apiextensions.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("CustomResourceDefinition"), plural: "customresourcedefinitions",
        shortNames: ["crd", "crds"],
        categories: ["api-extensions"], isNamespaced: false, subresources: [.status],
        traits: [.tracksGeneration])
    ]
  }

  private static let schedulingV1 = group("scheduling.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("PriorityClass"), plural: "priorityclasses", shortNames: ["pc"], isNamespaced: false,
        traits: [.tracksGeneration, .updatesUnconditionally])
    ]
  }

  private static let coordinationV1 = group("coordination.k8s.io", "v1") { type in
    [
      APIResource(type: type("Lease"), plural: "leases", traits: [.updateCreates])
    ]
  }

  private static let nodeV1 = group("node.k8s.io", "v1") { type in
    [
      APIResource(type: type("RuntimeClass"), plural: "runtimeclasses", isNamespaced: false)
    ]
  }

  private static let discoveryV1 = group("discovery.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("EndpointSlice"), plural: "endpointslices",
        traits: [.tracksGeneration, .updatesUnconditionally])
    ]
  }

  private static let resourceV1 = group("resource.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("DeviceClass"), plural: "deviceclasses", isNamespaced: false,
        traits: [.tracksGeneration, .updatesUnconditionally]),
      APIResource(
        type: type("ResourceClaim"), plural: "resourceclaims", subresources: [.status],
        traits: [.updatesUnconditionally]),
      APIResource(
        type: type("ResourceClaimTemplate"), plural: "resourceclaimtemplates",
        traits: [.updatesUnconditionally]),
      APIResource(
        type: type("ResourceSlice"), plural: "resourceslices", isNamespaced: false,
        traits: [.tracksGeneration, .updatesUnconditionally]),
    ]
  }

  private static let flowcontrolV1 = group("flowcontrol.apiserver.k8s.io", "v1") { type in
    [
      APIResource(
        type: type("FlowSchema"), plural: "flowschemas", isNamespaced: false, subresources: [.status],
        traits: [.tracksGeneration]),
      APIResource(
        type: type("PriorityLevelConfiguration"), plural: "prioritylevelconfigurations", isNamespaced: false,
        subresources: [.status], traits: [.tracksGeneration]),
    ]
  }
}

extension APIResource.Subresource {
  /// The status of an object of the resource's own kind.
  public static let status = APIResource.Subresource("status", verbs: ["get", "patch", "update"])
  /// The wanted number of replicas, as a `Scale`.
  public static let scale = APIResource.Subresource(
    "scale", kind: GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale"),
    verbs: ["get", "patch", "update"])
}
