public import KubernetesModel

/// Label keys (R-050…R-061).
public enum LabelKey {
  /// `app.kubernetes.io/managed-by`.
  public static let managedBy = "app.kubernetes.io/managed-by"
  /// `app.kubernetes.io/part-of`: the PodCliqueSet.
  public static let partOf = "app.kubernetes.io/part-of"
  /// `app.kubernetes.io/name`: the object.
  public static let name = "app.kubernetes.io/name"
  /// `app.kubernetes.io/component`: see ``Component``.
  public static let component = "app.kubernetes.io/component"
  /// `grove.io/podclique`: the PodClique of a pod or claim.
  public static let podClique = "grove.io/podclique"
  /// `grove.io/podgang`: the PodGang of a PodClique or pod.
  public static let podGang = "grove.io/podgang"
  /// `grove.io/base-podgang`: the base PodGang that a scaled one waits for.
  public static let basePodGang = "grove.io/base-podgang"
  /// `grove.io/podcliqueset-replica-index`.
  public static let podCliqueSetReplicaIndex = "grove.io/podcliqueset-replica-index"
  /// `grove.io/podcliquescalinggroup`: the scaling group of a PodClique or pod.
  public static let scalingGroup = "grove.io/podcliquescalinggroup"
  /// `grove.io/podcliquescalinggroup-replica-index`.
  public static let scalingGroupReplicaIndex = "grove.io/podcliquescalinggroup-replica-index"
  /// `grove.io/podclique-pod-index`.
  public static let podIndex = "grove.io/podclique-pod-index"
  /// `grove.io/pod-template-hash`.
  public static let podTemplateHash = "grove.io/pod-template-hash"
  /// `grove.io/scheduler-name`: the backend of a PodGang.
  public static let schedulerName = "grove.io/scheduler-name"
  /// `grove.io/mnnvl-group` on ComputeDomains.
  public static let mnnvlGroup = "grove.io/mnnvl-group"
  /// `kai.scheduler/queue`.
  public static let kaiQueue = "kai.scheduler/queue"
  /// `kai.scheduler/node-pool`.
  public static let kaiNodePool = "kai.scheduler/node-pool"
  /// `kai.scheduler/subgroup-name`.
  public static let kaiSubgroup = "kai.scheduler/subgroup-name"
  /// What every key that the operator owns begins with.
  public static let grovePrefix = "grove.io/"
}

/// Annotation keys.
public enum AnnotationKey {
  /// `grove.io/topology-name` on PodGangs.
  public static let topologyName = "grove.io/topology-name"
  /// `grove.io/mnnvl-group` on PodCliqueSets, scaling groups and cliques.
  public static let mnnvlGroup = "grove.io/mnnvl-group"
  /// `grove.io/disable-managed-resource-protection` on PodCliqueSets.
  public static let disableManagedResourceProtection = "grove.io/disable-managed-resource-protection"
  /// `grove.io/reconcile-trigger` on PodCliqueSets.
  public static let reconcileTrigger = "grove.io/reconcile-trigger"
  /// `kai.scheduler/queue`, where the label is absent.
  public static let kaiQueue = "kai.scheduler/queue"
  /// `kai.scheduler/skip-podgrouper`.
  public static let kaiSkipPodGrouper = "kai.scheduler/skip-podgrouper"
  /// `kai.scheduler/topology`, an older spelling of ``topologyName``.
  public static let kaiTopology = "kai.scheduler/topology"
  /// `pod-group-name`.
  public static let kaiPodGroup = "pod-group-name"
  /// `scheduling.grove.io/volcano-queue`.
  public static let volcanoQueue = "scheduling.grove.io/volcano-queue"
  /// `scheduling.volcano.sh/group-name`.
  public static let volcanoGroup = "scheduling.volcano.sh/group-name"
  /// `scheduling.k8s.io/group-name`.
  public static let kubernetesGroup = "scheduling.k8s.io/group-name"
  /// `kubernetes.io/service-account.name` on token Secrets.
  public static let serviceAccountName = "kubernetes.io/service-account.name"
}

/// Values of `app.kubernetes.io/component`.
public enum Component: String, Sendable, Hashable, CaseIterable {
  /// Headless Service.
  case headlessService = "pcs-headless-service"
  /// Role.
  case role = "pod-role"
  /// RoleBinding.
  case roleBinding = "pod-role-binding"
  /// ServiceAccount.
  case serviceAccount = "pod-service-account"
  /// Token Secret.
  case tokenSecret = "pod-sa-token-secret"
  /// PodCliqueScalingGroup.
  case scalingGroup = "pcs-podcliquescalinggroup"
  /// HorizontalPodAutoscaler.
  case autoscaler = "pcs-hpa"
  /// PodGang.
  case podGang = "podgang"
  /// PodClique outside scaling groups, and its pods.
  case standalonePodClique = "pcs-podclique"
  /// PodClique in a scaling group, and its pods.
  case memberPodClique = "pcsg-podclique"
  /// ResourceClaim.
  case resourceClaim = "resource-claim"
  /// ComputeDomain.
  case computeDomain = "pcs-computedomain"
}

/// Names that are neither labels nor annotations.
public enum GroveName {
  /// Value of ``LabelKey/managedBy``.
  public static let operatorName = "grove-operator"
  /// Finalizer of PodCliqueSets.
  public static let podCliqueSetFinalizer = "grove.io/podcliqueset.grove.io"
  /// Finalizer of PodCliques.
  public static let podCliqueFinalizer = "grove.io/podclique.grove.io"
  /// Finalizer of PodCliqueScalingGroups.
  public static let scalingGroupFinalizer = "grove.io/podcliquescalinggroup.grove.io"
  /// Finalizer of ComputeDomains.
  public static let computeDomainFinalizer = "grove.io/computedomain-finalizer"
  /// Scheduling gate of every new pod.
  public static let schedulingGate = "grove.io/podgang-pending-creation"
  /// The startup init container.
  public static let initContainer = "grove-initc"
  /// Volume of the init container with the token.
  public static let tokenVolume = "sa-token-secret-vol"
  /// Volume of the init container with namespace and PodGang name.
  public static let podInfoVolume = "pod-info-vol"
  /// Name of the ComputeDomain claim inside a pod.
  public static let mnnvlClaim = "mnnvl-claim"
  /// Annotation value that opts out of MNNVL.
  public static let mnnvlNone = "none"
  /// Extended resource that makes a container one that uses NVIDIA GPUs.
  public static let nvidiaGPU = "nvidia.com/gpu"
}

/// Environment variables that Grove injects.
public enum EnvironmentName {
  /// `GROVE_PCS_NAME`: the PodCliqueSet.
  public static let podCliqueSet = "GROVE_PCS_NAME"
  /// `GROVE_PCS_INDEX`: its replica.
  public static let podCliqueSetIndex = "GROVE_PCS_INDEX"
  /// `GROVE_PCLQ_NAME`: the PodClique.
  public static let podClique = "GROVE_PCLQ_NAME"
  /// `GROVE_HEADLESS_SERVICE`: the address of the headless Service.
  public static let headlessService = "GROVE_HEADLESS_SERVICE"
  /// `GROVE_PCLQ_POD_INDEX`: the pod's index.
  public static let podIndex = "GROVE_PCLQ_POD_INDEX"
  /// `GROVE_PCSG_NAME`: the scaling group.
  public static let scalingGroup = "GROVE_PCSG_NAME"
  /// `GROVE_PCSG_INDEX`: its replica.
  public static let scalingGroupIndex = "GROVE_PCSG_INDEX"
  /// `GROVE_PCSG_TEMPLATE_NUM_PODS`: pods of one scaling group replica as the template has it.
  public static let scalingGroupPods = "GROVE_PCSG_TEMPLATE_NUM_PODS"
}

/// Label sets and selectors that several objects share.
public enum Labels {
  /// The labels of every object of a PodCliqueSet: managed-by and part-of, D(pcs) in the rules.
  public static func common(_ podCliqueSet: String) -> StringMap<String> {
    [LabelKey.managedBy: GroveName.operatorName, LabelKey.partOf: podCliqueSet]
  }

  /// ``common(_:)`` with the component and, where the object has one, its name label.
  public static func of(
    _ component: Component, podCliqueSet: String, name: String? = nil
  ) -> StringMap<String> {
    var labels = common(podCliqueSet)
    labels[LabelKey.component] = component.rawValue
    if let name { labels[LabelKey.name] = name }
    return labels
  }

  /// Selector text for the scale subresource of a PodCliqueSet.
  public static func podCliqueSetSelector(_ podCliqueSet: String) -> String {
    "\(LabelKey.managedBy)=\(GroveName.operatorName),\(LabelKey.partOf)=\(podCliqueSet)"
  }

  /// Selector text for the scale subresource of a scaling group.
  public static func scalingGroupSelector(_ podCliqueSet: String, scalingGroup: String) -> String {
    "\(podCliqueSetSelector(podCliqueSet)),\(LabelKey.scalingGroup)=\(scalingGroup)"
  }

  /// Selector text for the scale subresource of a PodClique.
  public static func podCliqueSelector(_ podCliqueSet: String, podClique: String) -> String {
    "\(podCliqueSetSelector(podCliqueSet)),\(LabelKey.podClique)=\(podClique)"
  }
}
