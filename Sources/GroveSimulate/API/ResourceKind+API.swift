internal import GroveModel
internal import KubernetesModel

/// How the API server treats the kinds.
extension ResourceKind {
  /// The API group; empty for the core group.
  var group: String {
    switch self {
    case .podCliqueSet, .podClique, .podCliqueScalingGroup, .clusterTopologyBinding: "grove.io"
    case .podGang: "scheduler.grove.io"
    case .pod, .service, .serviceAccount, .secret, .node: ""
    case .role, .roleBinding: "rbac.authorization.k8s.io"
    case .horizontalPodAutoscaler: "autoscaling"
    case .resourceClaim, .resourceClaimTemplate: "resource.k8s.io"
    case .priorityClass: "scheduling.k8s.io"
    case .computeDomain: "resource.nvidia.com"
    case .kaiPodGroup: "scheduling.run.ai"
    case .kaiTopology: "kai.scheduler"
    case .volcanoPodGroup: "scheduling.volcano.sh"
    }
  }

  /// The resource as URLs and messages name it, without the group.
  var plural: String {
    switch self {
    case .priorityClass: "priorityclasses"
    case .kaiTopology: "topologies"
    default: kind.lowercased() + "s"
    }
  }

  /// `pods`, `podcliques.grove.io`: the resource in messages.
  var qualifiedResource: String { group.isEmpty ? plural : "\(plural).\(group)" }

  /// `Pod`, `PodClique.grove.io`: the kind in messages about invalid objects.
  var qualifiedKind: String { group.isEmpty ? kind : "\(kind).\(group)" }

  /// Whether the status has an endpoint of its own, so that other writes leave it alone.
  var hasStatusSubresource: Bool {
    switch self {
    case .podCliqueSet, .podClique, .podCliqueScalingGroup, .clusterTopologyBinding, .podGang, .pod, .service,
      .node, .horizontalPodAutoscaler, .resourceClaim, .computeDomain, .kaiPodGroup, .kaiTopology,
      .volcanoPodGroup:
      true
    case .serviceAccount, .secret, .role, .roleBinding, .resourceClaimTemplate, .priorityClass: false
    }
  }

  /// Whether `metadata.generation` counts the changes of the spec.
  var tracksGeneration: Bool {
    switch self {
    case .podCliqueSet, .podClique, .podCliqueScalingGroup, .clusterTopologyBinding, .podGang, .pod,
      .priorityClass, .computeDomain, .kaiPodGroup, .kaiTopology, .volcanoPodGroup:
      true
    case .service, .serviceAccount, .secret, .node, .role, .roleBinding, .horizontalPodAutoscaler,
      .resourceClaim, .resourceClaimTemplate:
      false
    }
  }

  /// Whether the operator makes passes over objects of the kind.
  var isReconciled: Bool {
    switch self {
    case .podCliqueSet, .podCliqueScalingGroup, .podClique, .podGang, .clusterTopologyBinding: true
    default: false
    }
  }
}
