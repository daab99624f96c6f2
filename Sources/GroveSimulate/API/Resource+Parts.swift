package import GroveModel
package import KubernetesModel

/// The parts of an object that different writes may change.
extension Resource {
  /// The object with its metadata changed.
  package func withMetadata(_ change: (inout ObjectMeta) -> Void) -> Resource {
    func changed<Object: KubernetesObject>(_ object: Object) -> Object {
      var object = object
      change(&object.metadata)
      return object
    }
    switch self {
    case .podCliqueSet(let object): return .podCliqueSet(changed(object))
    case .podClique(let object): return .podClique(changed(object))
    case .podCliqueScalingGroup(let object): return .podCliqueScalingGroup(changed(object))
    case .clusterTopologyBinding(let object): return .clusterTopologyBinding(changed(object))
    case .podGang(let object): return .podGang(changed(object))
    case .pod(let object): return .pod(changed(object))
    case .service(let object): return .service(changed(object))
    case .serviceAccount(let object): return .serviceAccount(changed(object))
    case .secret(let object): return .secret(changed(object))
    case .node(let object): return .node(changed(object))
    case .role(let object): return .role(changed(object))
    case .roleBinding(let object): return .roleBinding(changed(object))
    case .horizontalPodAutoscaler(let object): return .horizontalPodAutoscaler(changed(object))
    case .resourceClaim(let object): return .resourceClaim(changed(object))
    case .resourceClaimTemplate(let object): return .resourceClaimTemplate(changed(object))
    case .priorityClass(let object): return .priorityClass(changed(object))
    case .computeDomain(let object): return .computeDomain(changed(object))
    case .kaiPodGroup(let object): return .kaiPodGroup(changed(object))
    case .kaiTopology(let object): return .kaiTopology(changed(object))
    case .volcanoPodGroup(let object): return .volcanoPodGroup(changed(object))
    }
  }

  /// The object with the status of another one of its kind; kinds without a status stay as they are.
  func takingStatus(of other: Resource) -> Resource {
    switch (self, other) {
    case (.podCliqueSet(var object), .podCliqueSet(let other)):
      object.status = other.status
      return .podCliqueSet(object)
    case (.podClique(var object), .podClique(let other)):
      object.status = other.status
      return .podClique(object)
    case (.podCliqueScalingGroup(var object), .podCliqueScalingGroup(let other)):
      object.status = other.status
      return .podCliqueScalingGroup(object)
    case (.clusterTopologyBinding(var object), .clusterTopologyBinding(let other)):
      object.status = other.status
      return .clusterTopologyBinding(object)
    case (.podGang(var object), .podGang(let other)):
      object.status = other.status
      return .podGang(object)
    case (.pod(var object), .pod(let other)):
      object.status = other.status
      return .pod(object)
    case (.service(var object), .service(let other)):
      object.status = other.status
      return .service(object)
    case (.node(var object), .node(let other)):
      object.status = other.status
      return .node(object)
    case (.horizontalPodAutoscaler(var object), .horizontalPodAutoscaler(let other)):
      object.status = other.status
      return .horizontalPodAutoscaler(object)
    case (.resourceClaim(var object), .resourceClaim(let other)):
      object.status = other.status
      return .resourceClaim(object)
    case (.computeDomain(var object), .computeDomain(let other)):
      object.status = other.status
      return .computeDomain(object)
    case (.kaiPodGroup(var object), .kaiPodGroup(let other)):
      object.status = other.status
      return .kaiPodGroup(object)
    case (.kaiTopology(var object), .kaiTopology(let other)):
      object.status = other.status
      return .kaiTopology(object)
    case (.volcanoPodGroup(var object), .volcanoPodGroup(let other)):
      object.status = other.status
      return .volcanoPodGroup(object)
    default: return self
    }
  }

  /// The object as it is before anything has reported a status.
  func withoutStatus() -> Resource {
    switch self {
    case .podCliqueSet: takingStatus(of: .podCliqueSet(PodCliqueSet()))
    case .podClique: takingStatus(of: .podClique(PodClique()))
    case .podCliqueScalingGroup: takingStatus(of: .podCliqueScalingGroup(PodCliqueScalingGroup()))
    case .clusterTopologyBinding: takingStatus(of: .clusterTopologyBinding(ClusterTopologyBinding()))
    case .podGang: takingStatus(of: .podGang(PodGang()))
    case .pod: takingStatus(of: .pod(Pod()))
    case .service: takingStatus(of: .service(Service()))
    case .horizontalPodAutoscaler: takingStatus(of: .horizontalPodAutoscaler(HorizontalPodAutoscaler()))
    case .resourceClaim: takingStatus(of: .resourceClaim(ResourceClaim()))
    case .computeDomain: takingStatus(of: .computeDomain(ComputeDomain()))
    case .kaiPodGroup: takingStatus(of: .kaiPodGroup(KAIPodGroup()))
    case .kaiTopology: takingStatus(of: .kaiTopology(KAITopology()))
    case .volcanoPodGroup: takingStatus(of: .volcanoPodGroup(VolcanoPodGroup()))
    // Nodes are created by whoever knows their status: a kubelet, or the file that describes a cluster.
    case .node, .serviceAccount, .secret, .role, .roleBinding, .resourceClaimTemplate, .priorityClass: self
    }
  }

  /// Whether both objects are equal apart from metadata and status: what `metadata.generation` counts.
  func hasSameSpec(as other: Resource) -> Bool {
    switch (self, other) {
    case (.pod(let a), .pod(let b)): return a.spec == b.spec
    case (.podClique(let a), .podClique(let b)): return a.spec == b.spec
    case (.podGang(let a), .podGang(let b)): return a.spec == b.spec
    case (.podCliqueScalingGroup(let a), .podCliqueScalingGroup(let b)): return a.spec == b.spec
    case (.podCliqueSet(let a), .podCliqueSet(let b)): return a.spec == b.spec
    default:
      let metadata = other.metadata
      return withMetadata { $0 = metadata }.takingStatus(of: other) == other
    }
  }
}
