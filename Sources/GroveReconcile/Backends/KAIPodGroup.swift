internal import GroveModel
internal import KubernetesModel

extension Pass {
  /// The KAI PodGroup of a PodGang (R-521…R-526).
  mutating func syncKAIPodGroup(of gang: PodGang) throws(ReconcileError) {
    let message = "failed to sync KAI PodGroup of PodGang \(gang.key.objectName)"
    let spec: KAIPodGroupSpec
    do {
      spec = try kaiSpec(of: gang)
    } catch {
      record(
        .warning, about: gang.key, reason: "KAIBackendMappingFailed", message: error.description,
        rule: "R-526")
      throw ReconcileError(
        code: "ERR_SYNC_PODGANG", operation: "Sync", message: message, cause: error.description,
        component: "PodGang")
    }
    do {
      try write(spec, for: gang)
    } catch {
      throw ReconcileError(
        code: "ERR_SYNC_PODGANG", operation: "Sync", message: message, cause: error.description,
        component: "PodGang")
    }
  }

  /// The wanted spec.
  private func kaiSpec(of gang: PodGang) throws(KAIMappingError) -> KAIPodGroupSpec {
    var spec = KAIPodGroupSpec()
    spec.minMember = gang.minMembers
    spec.queue = try kaiQueue(of: gang)
    spec.priorityClassName = gang.spec.priorityClassName
    let topology = kaiTopology(of: gang)
    spec.topologyConstraint =
      try gang.spec.topologyConstraint.kai(topology) ?? KAITopologyConstraint()
    var parents: [String: String] = [:]
    for config in gang.spec.topologyConstraintGroupConfigs where !config.podGroupNames.isEmpty {
      for name in config.podGroupNames where parents[name] == nil { parents[name] = config.name }
      spec.subGroups.append(
        KAISubGroup(
          name: config.name, minSubGroup: Int32(config.podGroupNames.count),
          topologyConstraint: try config.topologyConstraint.kai(topology)))
    }
    for group in gang.spec.podgroups {
      spec.subGroups.append(
        KAISubGroup(
          name: group.name, minMember: group.minReplicas, parent: parents[group.name],
          topologyConstraint: try group.topologyConstraint.kai(topology)))
    }
    return spec
  }

  private func kaiQueue(of gang: PodGang) throws(KAIMappingError) -> String {
    guard let controller = gang.metadata.controller, controller.kind == PodCliqueSet.kind,
      controller.apiVersion == PodCliqueSet.apiVersion
    else {
      throw KAIMappingError(
        description:
          "PodGang \(gang.key.objectName) is not controlled by a \(PodCliqueSet.apiVersion) PodCliqueSet")
    }
    let name = ObjectName(namespace: gang.metadata.namespace, name: controller.name)
    guard let set = state.podCliqueSets[name] else {
      throw KAIMappingError(description: "PodCliqueSet \(name) of PodGang \(gang.key.objectName) not found")
    }
    return try set.kaiQueue()
  }

  /// The KAI Topology that a gang's constraints refer to: the one that the gang's binding names for KAI, or
  /// the one that is kept for the binding and has its name (B-R26). Empty when the gang names none.
  private func kaiTopology(of gang: PodGang) -> String {
    let annotations = gang.metadata.annotations
    let name =
      [annotations[AnnotationKey.topologyName], annotations[AnnotationKey.kaiTopology]]
      .compactMap { $0 }.first { !$0.isEmpty }
    guard let name else { return "" }
    let binding = state.clusterTopologyBindings[ObjectName(namespace: "", name: name)]
    return binding?.reference(for: .kai) ?? name
  }

  private mutating func write(_ spec: KAIPodGroupSpec, for gang: PodGang) throws(WriteError) {
    let name = ObjectName(gang.metadata)
    let owner = OwnerReference(controller: gang)
    guard let live = state.kaiPodGroups[name] else {
      var group = KAIPodGroup()
      group.metadata.name = name.name
      group.metadata.namespace = name.namespace
      group.metadata.labels = gang.metadata.labels
      group.metadata.annotations = gang.metadata.annotations
      group.metadata.ownerReferences = [owner]
      group.spec = spec
      try write(.create(.kaiPodGroup(group)), rule: "R-521", reason: "KAI PodGroup \(name.name) is missing")
      return
    }
    if live.metadata.isTerminating { return }
    try live.checkOwnership(by: owner, family: gang.metadata.labels[LabelKey.partOf])
    var group = live
    group.metadata.labels.merge(gang.metadata.labels)
    group.metadata.annotations.merge(gang.metadata.annotations)
    group.metadata.ownerReferences = [owner]
    group.spec = spec
    // What KAI and cluster administrators write on a PodGroup is theirs.
    for key in [LabelKey.kaiNodePool, LabelKey.kaiQueue] {
      if let value = live.metadata.labels[key], !value.isEmpty { group.metadata.labels[key] = value }
    }
    group.spec.markUnschedulable = live.spec.markUnschedulable
    group.spec.schedulingBackoff = live.spec.schedulingBackoff
    group.spec.queue = live.spec.queue
    if group == live { return }
    try write(
      .update(.kaiPodGroup(group), replacing: .kaiPodGroup(live)), rule: "R-525",
      reason: "KAI PodGroup \(name.name) differs from its PodGang")
  }
}

extension Optional<SchedulingTopologyConstraint> {
  /// The constraint as KAI reads it, or nil when nothing is asked for.
  fileprivate func kai(_ topology: String) throws(KAIMappingError) -> KAITopologyConstraint? {
    guard let pack = self?.packConstraint else { return nil }
    guard !topology.isEmpty else {
      throw KAIMappingError(
        description: "topology name cannot be empty when topology constraints are defined")
    }
    return KAITopologyConstraint(
      topology: topology, requiredTopologyLevel: pack.required ?? "",
      preferredTopologyLevel: pack.preferred ?? "")
  }
}
