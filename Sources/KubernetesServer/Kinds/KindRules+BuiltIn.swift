internal import KubernetesModel

/// The rules of built-in kinds for objects of any representation: they look at documents.
extension KindRules {
  /// The rules of a server that is not told others.
  public static var builtIn: KindRules<Object> {
    KindRules(
      prepare: { object, old, attributes, server, context throws(StatusError) in
        try KindPreparation.prepare(&object, old, attributes, &server, &context)
      },
      check: { object, old, attributes, server throws(StatusError) in
        try KindChecks.problems(object, old, attributes, server)
      },
      gracePeriod: { object, resource, asked in
        guard resource.group.isEmpty, resource.plural == "pods" else { return 0 }
        let pod = object.value
        let phase = pod.text("status", "phase")
        guard !pod.text("spec", "nodeName").isEmpty, phase != "Succeeded", phase != "Failed" else { return 0 }
        let own = pod[path: "spec", "terminationGracePeriodSeconds"]?.integerValue ?? 30
        return asked ?? (own < 0 ? 1 : own)
      },
      beginDeletion: { object, resource, time in
        switch (resource.group, resource.plural) {
        case ("", "namespaces"):
          guard (object.value[path: "spec", "finalizers"]?.count ?? 0) > 0 else { return nil }
          return Object(object.value.setting(["status", "phase"], to: .string("Terminating")), of: resource)
            .withMetadata { $0.deletionTimestamp = time }
        case ("apiextensions.k8s.io", "customresourcedefinitions"):
          let condition = Value.object([
            "type": .string("Terminating"), "status": .string("True"),
            "lastTransitionTime": .string(time.text),
            "reason": .string("InstanceDeletionPending"),
            "message": .string(
              "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"),
          ])
          let conditions = object.value[path: "status", "conditions"]?.elements ?? []
          let document = object.value.setting(["status", "conditions"], to: .array(conditions + [condition]))
          return Object(document, of: resource).withMetadata {
            $0.deletionTimestamp = time
            if !$0.finalizers.contains(KubernetesServer<Object>.definitionFinalizer) {
              $0.finalizers.append(KubernetesServer<Object>.definitionFinalizer)
            }
          }
        default: return nil
        }
      })
  }
}

/// What the server sets in new and changed objects of built-in kinds.
enum KindPreparation {
  static func prepare<Object: StoredObject>(
    _ object: inout Object, _ old: Object?, _ attributes: AdmissionAttributes,
    _ server: inout KubernetesServer<Object>, _ context: inout WriteContext
  ) throws(StatusError) {
    let resource = attributes.resource
    var repeated: [String] = []
    if object.metadata.ownerReferences.count > 1 {
      object = object.withMetadata { repeated = $0.removeRepeatedOwners() }
    }
    if !repeated.isEmpty {
      context.warn(
        ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may "
          + "reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: "
          + repeated.joined(separator: ","))
    }
    if resource.traits.contains(.isCustom) { return warnAboutFinalizers(object, old, &context) }
    warnAboutFinalizers(object, old, &context)
    var document: Value
    switch (resource.group, resource.plural) {
    case ("", "pods"):
      if old == nil {
        document = try PodAdmission.admitted(object.value, attributes, &server, &context)
      } else if attributes.subresource.isEmpty {
        document = PodAdmission.withTolerations(object.value)
      } else {
        return
      }
    case ("", "services"):
      document = try ServiceAllocation.allocated(object.value, old?.value, attributes, &server)
        .filling(["status": .object(["loadBalancer": .object([])])])
    case ("", "namespaces"):
      document = object.value
      if old == nil {
        document = document.setting(["spec", "finalizers"], to: .array([.string("kubernetes")]))
        document = document.setting("status", to: .object(["phase": .string("Active")]))
      } else if attributes.subresource != "finalize", let finalizers = old?.value[path: "spec", "finalizers"]
      {
        document = document.setting(["spec", "finalizers"], to: finalizers)
      }
    case ("", "nodes"):
      guard old == nil else { return }
      document = object.value
      let taint = Value.object([
        "key": .string("node.kubernetes.io/not-ready"), "effect": .string("NoSchedule"),
      ])
      let taints = document[path: "spec", "taints"]?.elements ?? []
      if !taints.contains(where: {
        $0.text("key") == "node.kubernetes.io/not-ready" && $0.text("effect") == "NoSchedule"
      }) {
        document = document.setting(["spec", "taints"], to: .array(taints + [taint]))
      }
    case ("policy", "poddisruptionbudgets"):
      guard old == nil else { return }
      document = object.value.setting(
        "status",
        to: .object([
          "disruptionsAllowed": .integer(0), "currentHealthy": .integer(0), "desiredHealthy": .integer(0),
          "expectedPods": .integer(0),
        ]))
    case ("apiextensions.k8s.io", "customresourcedefinitions"):
      document = object.value
      if old == nil {
        let stored = (document[path: "spec", "versions"]?.elements ?? []).filter {
          $0["storage"] == .boolean(true)
        }.map { Value.string($0.text("name")) }
        document = document.setting(
          "status",
          to: .object([
            "conditions": .null,
            "acceptedNames": .object(["plural": .string(""), "kind": .string("")]),
            "storedVersions": .array(stored),
          ]))
        object = Object(document, of: resource).withMetadata {
          $0.finalizers = $0.finalizers
        }
        return
      }
      return
    case ("", "events"), ("events.k8s.io", "events"):
      document = object.value.filling(Conversion.coreEventMembers)
    case ("rbac.authorization.k8s.io", "rolebindings"), ("rbac.authorization.k8s.io", "clusterrolebindings"):
      try Escalation.checkBinding(object.value, old?.value, attributes, server, context)
      return
    case ("rbac.authorization.k8s.io", "roles"), ("rbac.authorization.k8s.io", "clusterroles"):
      try Escalation.checkRole(object.value, old?.value, attributes, server, context)
      return
    case ("apps", _) where old == nil && resource.hasStatus:
      document = object.value.setting("status", to: .object([]))
    case ("autoscaling", _) where old == nil:
      document = object.value.setting(
        "status", to: .object(["desiredReplicas": .integer(0), "currentMetrics": .null]))
    default: return
    }
    object = Object(document, of: resource)
  }

  /// Finalizers without a domain may clash with those of others.
  private static func warnAboutFinalizers<Object: StoredObject>(
    _ object: Object, _ old: Object?, _ context: inout WriteContext
  ) {
    let before = old?.metadata.finalizers ?? []
    for finalizer in object.metadata.finalizers
    where !finalizer.contains("/") && !before.contains(finalizer) && !known.contains(finalizer) {
      context.warn(
        "metadata.finalizers: \(goQuoted(finalizer)): prefer a domain-qualified finalizer name to avoid accidental "
          + "conflicts with other finalizer writers")
    }
  }

  private static let known: Set<String> = ["foregroundDeletion", "orphan", "kubernetes"]
}
