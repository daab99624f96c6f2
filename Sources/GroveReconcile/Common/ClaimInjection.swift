internal import GroveModel
internal import KubernetesModel

/// The shared ResourceClaims that pods of one PodClique use, in the order in which they are injected (R-440…R-442).
struct ClaimInjection {
  /// Names of claims that all pods of the PodClique use.
  private(set) var shared: [String] = []
  /// Templates of which each pod has a claim of its own, by its index.
  private(set) var perPod: [String] = []
  private let podClique: String

  /// The claims for the pods of a PodClique.
  ///
  /// - Parameters:
  ///   - podClique: the full name of the PodClique.
  ///   - place: where it belongs in its PodCliqueSet.
  init(podClique: String, at place: PodCliquePlace) {
    self.podClique = podClique
    let template = place.expected.template
    let setName = place.set.metadata.name
    let ofSet = template.resourceSharing.filter { entry in
      guard let filter = entry.filter else { return true }
      // Each name is looked up in its own list only (B-R24).
      if filter.childCliqueNames.contains(place.template.name) { return true }
      guard let group = place.group else { return false }
      return filter.childScalingGroupNames.contains(group.config.name)
    }
    for entry in ofSet where entry.scope == .allReplicas {
      shared.append(Naming.sharedClaim(owner: setName, template: entry.name))
    }
    for entry in ofSet where entry.scope == .perReplica {
      shared.append(Naming.indexedClaim(owner: setName, index: place.replica, template: entry.name))
    }
    if let group = place.group {
      let ofGroup = group.config.resourceSharing.filter {
        $0.filter?.childCliqueNames.contains(place.template.name) ?? true
      }
      for entry in ofGroup where entry.scope == .allReplicas {
        shared.append(Naming.sharedClaim(owner: group.name, template: entry.name))
      }
      for entry in ofGroup where entry.scope == .perReplica {
        shared.append(Naming.indexedClaim(owner: group.name, index: group.replica, template: entry.name))
      }
    }
    for entry in place.template.resourceSharing where entry.scope == .allReplicas {
      shared.append(Naming.sharedClaim(owner: podClique, template: entry.name))
    }
    for entry in place.template.resourceSharing where entry.scope == .perReplica {
      perPod.append(entry.name)
    }
  }

  /// Adds the claims that all pods use to a pod and to every one of its containers.
  func injectShared(into spec: inout PodSpec) { Self.inject(shared, into: &spec) }

  /// Adds the claims that only the pod with the given index uses.
  func injectPerPod(index: Int, into spec: inout PodSpec) {
    guard !perPod.isEmpty else { return }
    Self.inject(
      perPod.map { Naming.indexedClaim(owner: podClique, index: index, template: $0) }, into: &spec)
  }

  private static func inject(_ claims: [String], into spec: inout PodSpec) {
    guard !claims.isEmpty else { return }
    spec.resourceClaims += claims.map { PodResourceClaim(name: $0, resourceClaimName: $0) }
    let ofContainer = claims.map { ContainerResourceClaim(name: $0) }
    for index in spec.containers.indices { spec.containers[index].resources.claims += ofContainer }
    for index in spec.initContainers.indices { spec.initContainers[index].resources.claims += ofContainer }
  }
}
