internal import GroveModel
internal import KubernetesModel

extension Reconciler {
  /// A pass over a ClusterTopologyBinding: keeps the topology objects of schedulers in line with it, or watches
  /// those that somebody else keeps (§17). Works whether or not topology constraints are honoured.
  func reconcileClusterTopologyBinding(
    _ name: ObjectName, observed: ObservedState, now: Timestamp
  ) -> Reconciliation {
    guard let binding = observed.clusterTopologyBindings[name], !binding.metadata.isTerminating else {
      return Reconciliation()
    }
    var pass = Pass(
      configuration: configuration, state: observed, now: now, source: "clustertopology-controller")
    var errors: [ReconcileError] = []
    var status = binding.status
    let backends = configuration.schedulerProfiles.filter(\.managesTopology)
      .sorted { $0.rawValue < $1.rawValue }
    status.schedulerTopologyStatuses = []
    for backend in backends {
      if let reference = binding.reference(for: backend) {
        status.schedulerTopologyStatuses.append(pass.drift(of: reference, from: binding, backend))
        continue
      }
      var entry = SchedulerTopologyStatus(
        schedulerName: backend.rawValue, topologyReference: name.name, inSync: true)
      do {
        try pass.syncKAITopology(of: binding)
      } catch {
        errors.append(error)
        entry.inSync = false
        entry.message = error.message
      }
      status.schedulerTopologyStatuses.append(entry)
    }
    for other in binding.spec.schedulerTopologyBindings
    where !backends.contains(where: { $0.rawValue == other.schedulerName }) {
      status.schedulerTopologyStatuses.append(.unavailable(other))
    }
    if errors.isEmpty { status.observedGeneration = binding.metadata.generation }
    pass.setDrift(&status, of: binding)
    if status != binding.status {
      var changed = binding
      changed.status = status
      pass.add(
        .updateStatus(.clusterTopologyBinding(changed), replacing: .clusterTopologyBinding(binding)),
        rule: "R-835", reason: "the status is out of date")
      pass.recordDrift(status, of: binding)
    }
    return Reconciliation(steps: pass.steps, outcome: errors.isEmpty ? .settled : .failed(errors))
  }
}

extension ClusterTopologyBinding {
  /// The topology object of a scheduler that somebody else keeps; nil when the operator keeps it. Of entries for
  /// the same scheduler the last one counts.
  func reference(for backend: SchedulerBackend) -> String? {
    spec.schedulerTopologyBindings.last { $0.schedulerName == backend.rawValue }?.topologyReference
  }

  fileprivate var key: ObjectKey { ObjectKey(.clusterTopologyBinding, namespace: "", name: metadata.name) }
}

extension SchedulerTopologyStatus {
  /// What is told about a scheduler without topology objects.
  fileprivate static func unavailable(_ binding: SchedulerTopologyBinding) -> SchedulerTopologyStatus {
    SchedulerTopologyStatus(
      schedulerName: binding.schedulerName, topologyReference: binding.topologyReference, inSync: false,
      message: unavailableMessage(binding.schedulerName))
  }

  fileprivate var isUnavailable: Bool { message == Self.unavailableMessage(schedulerName) }

  private static func unavailableMessage(_ scheduler: String) -> String {
    "scheduler backend \"\(scheduler)\" is not available for topology management"
  }
}

extension Pass {
  /// Whether a topology object that somebody else keeps has the levels of the binding.
  fileprivate func drift(
    of reference: String, from binding: ClusterTopologyBinding, _ backend: SchedulerBackend
  ) -> SchedulerTopologyStatus {
    var status = SchedulerTopologyStatus(schedulerName: backend.rawValue, topologyReference: reference)
    guard let topology = state.kaiTopologies[ObjectName(namespace: "", name: reference)] else {
      status.message = "KAI Topology \"\(reference)\" not found"
      return status
    }
    status.schedulerBackendTopologyObservedGeneration = topology.metadata.generation
    status.inSync = topology.spec.levels.map(\.nodeLabel) == binding.spec.levels.map(\.key)
    if !status.inSync { status.message = "KAI Topology levels differ from ClusterTopologyBinding levels" }
    return status
  }

  /// Sums the schedulers up in one condition.
  fileprivate func setDrift(_ status: inout ClusterTopologyBindingStatus, of binding: ClusterTopologyBinding)
  {
    let type = ConditionType.schedulerTopologyDrift
    let entries = status.schedulerTopologyStatuses
    if entries.isEmpty {
      status.conditions.removeAll { $0.type == type }
      return
    }
    let (value, reason, message) =
      if entries.contains(where: \.isUnavailable) {
        (
          ConditionStatus.unknown, "TopologyNotFound",
          "One or more referenced scheduler backends are unavailable for topology management"
        )
      } else if entries.allSatisfy(\.inSync) {
        (ConditionStatus.no, "InSync", "All scheduler backend topologies are in sync")
      } else {
        (ConditionStatus.yes, "Drift", "One or more scheduler backend topologies have drifted")
      }
    status.conditions.set(type, status: value, reason: reason, message: message, now: now)
    // Unlike elsewhere, the generation moves even if nothing else does.
    if let index = status.conditions.firstIndex(where: { $0.type == type }) {
      status.conditions[index].observedGeneration = binding.metadata.generation
    }
  }

  /// Tells a change between drift and no drift.
  fileprivate mutating func recordDrift(
    _ status: ClusterTopologyBindingStatus, of binding: ClusterTopologyBinding
  ) {
    guard let condition = status.conditions[ConditionType.schedulerTopologyDrift],
      condition.status != binding.status.conditions[ConditionType.schedulerTopologyDrift]?.status
    else { return }
    switch condition.status {
    case ConditionStatus.yes:
      record(
        .warning, about: binding.key, reason: "TopologyDriftDetected", message: condition.message,
        rule: "R-872")
    case ConditionStatus.no:
      record(about: binding.key, reason: "TopologyInSync", message: condition.message, rule: "R-872")
    default: break
    }
  }
}
