internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  /// Recomputes the status from what is observed (R-740…R-746).
  mutating func computeStatus() {
    status.replicas = set.spec.replicas
    status.hpaPodSelector = Labels.podCliqueSetSelector(expected.name.name)
    countReplicas()
    countUpdated()
    setTopologyCondition()
    setNameConflictCondition()
  }

  private mutating func countReplicas() {
    var available: Int32 = 0
    var updated: Int32 = 0
    for (replica, weight) in zip(selection.replicas, selection.weights) where isAvailable(replica) {
      available += Int32(weight)
      if isUpdated(replica) { updated += Int32(weight) }
    }
    status.availableReplicas = available
    status.updatedReplicas = updated
  }

  /// Whether every standalone PodClique and every scaling group of a replica meets its minimum (R-741).
  private func isAvailable(_ replica: Int) -> Bool {
    standalone(ofReplica: replica).allSatisfy { stored in
      guard let stored, stored.object.metadata.deletionTimestamp == nil else { return false }
      return stored.object.status.readyReplicas >= stored.object.spec.minAvailable ?? 0
    }
      && groups(ofReplica: replica).allSatisfy { stored in
        guard let stored, stored.object.metadata.deletionTimestamp == nil else { return false }
        return stored.object.status.availableReplicas >= stored.object.spec.minAvailable ?? 1
      }
  }

  /// The counters of an update, running or over (R-743).
  private mutating func countUpdated() {
    guard var progress = status.updateProgress else { return }
    let hash = status.currentGenerationHash
    var podCliques: Int32 = 0
    var groups: Int32 = 0
    for (replica, weight) in zip(selection.replicas, selection.weights) {
      for (clique, stored) in zip(expected.standalone, standalone(ofReplica: replica)) {
        guard let stored, !stored.object.metadata.isTerminating,
          expected.isUpdated(stored.object, clique: clique, setHash: hash)
        else { continue }
        podCliques += Int32(weight)
      }
      for case let stored? in self.groups(ofReplica: replica) {
        guard hash != nil, !stored.object.metadata.isTerminating,
          stored.object.status.currentPodCliqueSetGenerationHash == hash
        else { continue }
        groups += Int32(weight)
      }
    }
    progress.updatedPodCliquesCount = podCliques
    progress.totalPodCliquesCount = Int32(expected.replicas * expected.standalone.count)
    progress.updatedPodCliqueScalingGroupsCount = groups
    progress.totalPodCliqueScalingGroupsCount = Int32(expected.replicas * expected.groups.count)
    status.updateProgress = progress
  }

  private mutating func setNameConflictCondition() {
    let type = ConditionType.nameConflict
    guard !nameConflicts.isEmpty else {
      status.conditions.removeAll { $0.type == type }
      return
    }
    status.conditions.set(
      type, status: ConditionStatus.yes, reason: "NameInUse", message: nameConflicts.joined(separator: "; "),
      now: pass.now, observedGeneration: set.metadata.generation)
  }

  /// Whether the topology has the levels that the constraints ask for (R-746).
  private mutating func setTopologyCondition() {
    let type = ConditionType.topologyLevelsUnavailable
    let constraints = expected.template.topologyConstraints
    let domains = Set(constraints.flatMap(\.constraint.referencedDomains))
    guard pass.configuration.topologyAwareSchedulingEnabled else {
      if domains.isEmpty {
        status.conditions.removeAll { $0.type == type }
      } else {
        setTopologyCondition(
          ConditionStatus.unknown, "TopologyAwareSchedulingDisabled",
          "Topology constraints are defined but Topology Aware Scheduling is disabled")
      }
      return
    }
    let available = (ConditionStatus.no, "AllClusterTopologyLevelsAvailable")
    guard !constraints.isEmpty else {
      return setTopologyCondition(available.0, available.1, "No topology constraints defined")
    }
    guard let name = expected.template.explicitTopologyName else {
      return setTopologyCondition(
        ConditionStatus.unknown, "TopologyNameMissing",
        "PodCliqueSet topology constraints must include topologyName")
    }
    guard let binding = pass.state.clusterTopologyBindings[ObjectName(namespace: "", name: name)] else {
      return setTopologyCondition(
        ConditionStatus.unknown, "ClusterTopologyNotFound", "ClusterTopologyBinding resource not found")
    }
    // In name order: upstream's is random, and writes the status again and again (B-R31).
    let missing = domains.subtracting(binding.spec.levels.map(\.domain)).sorted()
    if missing.isEmpty {
      setTopologyCondition(available.0, available.1, "All topology levels are available")
    } else {
      setTopologyCondition(
        ConditionStatus.yes, "ClusterTopologyLevelsUnavailable",
        "Unavailable topology domains: [\(missing.joined(separator: " "))]")
    }
  }

  private mutating func setTopologyCondition(_ status: String, _ reason: String, _ message: String) {
    self.status.conditions.set(
      ConditionType.topologyLevelsUnavailable, status: status, reason: reason, message: message,
      now: pass.now,
      observedGeneration: set.metadata.generation)
  }
}
