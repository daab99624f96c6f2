internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  private static var kind: String { "ComputeDomain" }

  /// The ComputeDomains of all replicas, one for each group of cliques that use GPUs (R-471…R-473, B-R25).
  mutating func syncComputeDomains() {
    guard pass.configuration.autoMNNVLEnabled else { return }
    let groups = computeDomainGroups()
    var names: Set<String> = []
    for replica in 0..<expected.replicas {
      for group in groups {
        names.insert(Naming.computeDomain(expected.name.name, replica: replica, group: group))
      }
    }
    for stored in pass.state.computeDomains.controlled(by: owner.uid)
    where stored.object.isMade(for: .computeDomain) {
      let domain = stored.object
      if domain.metadata.isTerminating {
        // Somebody deleted it: it may go, and is made again when it is gone.
        release(domain, reason: "ComputeDomain \(domain.metadata.name) is being deleted")
      } else if !names.contains(domain.metadata.name) {
        remove(domain, reason: "no clique that uses GPUs needs ComputeDomain \(domain.metadata.name)")
      }
    }
    for replica in 0..<expected.replicas {
      for group in groups { createComputeDomain(of: group, replica: replica) }
    }
  }

  /// Removes every ComputeDomain of the PodCliqueSet, whether or not the feature is on (R-040, B-R03).
  mutating func removeAllComputeDomains() {
    for stored in pass.state.computeDomains.controlled(by: owner.uid) {
      remove(stored.object, reason: "PodCliqueSet \(expected.name.name) is being deleted")
    }
  }

  /// The distinct groups of the cliques that use GPUs, in template order.
  private func computeDomainGroups() -> [String] {
    var groups: [String] = []
    for (index, clique) in expected.template.cliques.enumerated() where clique.spec.podSpec.usesGPU {
      var layers = [clique.annotations]
      if let group = expected.cliques[index].group {
        layers.append(expected.template.podCliqueScalingGroups[group].annotations)
      }
      layers.append(set.metadata.annotations)
      if let group = MNNVL.group(layers), !groups.contains(group) { groups.append(group) }
    }
    return groups
  }

  private mutating func createComputeDomain(of group: String, replica: Int) {
    let name = objectName(Naming.computeDomain(expected.name.name, replica: replica, group: group))
    if let live = pass.state.computeDomains[name] {
      do {
        try live.checkOwnership(by: owner, family: expected.name.name)
      } catch {
        failed(name, code: "ERR_SYNC_COMPUTEDOMAIN", cause: error)
      }
      return
    }
    var domain = ComputeDomain()
    domain.metadata.name = name.name
    domain.metadata.namespace = name.namespace
    domain.metadata.labels = Labels.of(.computeDomain, podCliqueSet: expected.name.name, name: name.name)
    domain.metadata.labels[LabelKey.podCliqueSetReplicaIndex] = String(replica)
    domain.metadata.labels[LabelKey.mnnvlGroup] = group
    domain.metadata.finalizers = [GroveName.computeDomainFinalizer]
    domain.metadata.setController(owner)
    domain.spec.channel = ComputeDomainChannelSpec(
      resourceClaimTemplate: ComputeDomainResourceClaimTemplate(name: name.name))
    do {
      try pass.write(.create(.computeDomain(domain)), rule: "R-473", reason: reason(true, Self.kind, name))
      pass.record(
        about: key, reason: "ComputeDomainCreateSuccessful",
        message: "ComputeDomain \(name) created successfully", rule: "R-868")
    } catch {
      pass.record(
        .warning, about: key, reason: "ComputeDomainCreateFailed",
        message: "ComputeDomain \(name) creation failed: \(error)", rule: "R-868")
      failed(name, code: "ERR_SYNC_COMPUTEDOMAIN", cause: error)
    }
  }

  /// Takes our finalizer off.
  ///
  /// - Returns: false when that failed.
  @discardableResult
  private mutating func release(_ domain: ComputeDomain, reason: String) -> Bool {
    guard domain.metadata.finalizers.contains(GroveName.computeDomainFinalizer) else { return true }
    var released = domain
    released.metadata.finalizers.removeAll { $0 == GroveName.computeDomainFinalizer }
    do {
      try pass.write(
        .update(.computeDomain(released), replacing: .computeDomain(domain)), rule: "R-472", reason: reason)
      return true
    } catch {
      deletionFailed(ObjectName(domain.metadata), error)
      return false
    }
  }

  /// Takes our finalizer off and deletes.
  private mutating func remove(_ domain: ComputeDomain, reason: String) {
    guard release(domain, reason: reason), !domain.metadata.isTerminating else { return }
    do {
      try pass.delete(.computeDomain, domain.metadata, rule: "R-472", reason: reason)
      pass.record(
        about: key, reason: "ComputeDomainDeleteSuccessful",
        message: "Deleted ComputeDomain \(domain.metadata.name)", rule: "R-868")
    } catch {
      deletionFailed(ObjectName(domain.metadata), error)
    }
  }

  private mutating func deletionFailed(_ name: ObjectName, _ error: WriteError) {
    pass.record(
      .warning, about: key, reason: "ComputeDomainDeleteFailed",
      message: "Failed to delete ComputeDomain \(name.name): \(error)", rule: "R-868")
    failed(name, code: "ERR_DELETE_COMPUTEDOMAIN", cause: error)
  }

  private mutating func failed(_ name: ObjectName, code: String, cause: WriteError) {
    fail(
      Self.kind, code: code,
      message: "Error syncing ComputeDomain: \(name) for PodCliqueSet: \(expected.name)", cause: cause)
  }
}
