internal import GroveModel
internal import KubernetesModel

/// What the PodGangs of one PodCliqueSet have in common, and how each is filled in (R-263… …R-289).
struct PodGangTemplate {
  private let expected: Expected
  private let labels: StringMap<String>
  private let annotations: StringMap<String>
  private let backend: String
  private let priorityClassName: String
  private let topologyName: String?
  private let honoursTopology: Bool
  private let ofBaseGangs: SchedulingTopologyConstraint?
  private let ofScaledGangs: [SchedulingTopologyConstraint?]
  private let ofGroups: [SchedulingTopologyConstraint?]
  private let ofCliques: [SchedulingTopologyConstraint?]

  init(_ set: PodCliqueSet, expected: Expected, configuration: OperatorConfiguration, state: ObservedState) {
    self.expected = expected
    let template = expected.template
    let scheduler = template.cliques.first { !$0.spec.podSpec.schedulerName.isEmpty }
    backend = scheduler?.spec.podSpec.schedulerName ?? configuration.defaultScheduler.rawValue
    priorityClassName = template.priorityClassName

    var labels: StringMap<String> = set.metadata.labels.filter { !Self.isGroveKey($0.key) }
    labels.merge(Labels.of(.podGang, podCliqueSet: expected.name.name))
    self.labels = labels
    var annotations: StringMap<String> = set.metadata.annotations.filter { !Self.isGroveKey($0.key) }
    // Annotations that a backend wants are part of what is wanted, or the next pass would take them off (B-R22).
    switch SchedulerBackend(rawValue: backend) {
    case .kai: annotations[AnnotationKey.kaiSkipPodGrouper] = "true"
    case .volcano: annotations[AnnotationKey.volcanoQueue] = set.volcanoQueue
    default: break
    }
    self.annotations = annotations

    honoursTopology = configuration.topologyAwareSchedulingEnabled
    topologyName = honoursTopology ? template.explicitTopologyName : nil
    let binding = topologyName.flatMap {
      state.clusterTopologyBindings[ObjectName(namespace: "", name: $0)]
    }
    let levels = TopologyLevels(binding)
    ofBaseGangs = levels.baseGangConstraint(template)
    ofScaledGangs = template.podCliqueScalingGroups.map { levels.scaledGangConstraint(template, group: $0) }
    ofGroups = template.podCliqueScalingGroups.map { levels.translate($0.topologyConstraint) }
    ofCliques = template.cliques.map { levels.translate($0.topologyConstraint) }
  }

  /// Fills in a PodGang, new or live.
  ///
  /// - Parameter pods: for each member the pods that belong to the gang, in name order.
  func write(_ plan: PodGangPlan, to gang: inout PodGang, pods: [[NamespacedName]]) {
    gang.spec.podgroups = zip(plan.members, pods).map { member, pods in
      PodGroup(
        name: member.podClique, podReferences: pods,
        minReplicas: Int32(expected.cliques[member.clique].minAvailable),
        topologyConstraint: ofCliques[member.clique])
    }
    gang.spec.priorityClassName = priorityClassName
    switch plan.scope {
    case .base:
      gang.spec.topologyConstraint = ofBaseGangs
      gang.spec.topologyConstraintGroupConfigs = honoursTopology ? groupConfigs(replica: plan.replica) : []
    case .scaled(let group):
      gang.spec.topologyConstraint = ofScaledGangs[group]
      gang.spec.topologyConstraintGroupConfigs = []
    }
    gang.metadata.labels = labels(keepingGroveKeysOf: gang)
    gang.metadata.annotations = annotations(for: gang)
  }

  /// Whether a live PodGang is what ``write(_:to:pods:)`` would make of it.
  ///
  /// Answers without making anything, as a pass asks it of every gang. A no is no proof of a difference: where
  /// topology constraints are translated, the PodGang has to be made to know.
  func isCurrent(_ live: Stored<PodGang>, _ plan: PodGangPlan, pods: [[NamespacedName]]) -> Bool {
    guard topologyName == nil, Self.mirrors(live.object.metadata.labels, labels),
      Self.mirrors(live.object.metadata.annotations, annotations),
      live.object.metadata.labels[LabelKey.schedulerName] == backend,
      live.object.metadata.annotations[AnnotationKey.topologyName] == nil
    else { return false }
    let spec = live.object.spec
    guard spec.priorityClassName == priorityClassName, spec.topologyConstraint == nil,
      spec.topologyConstraintGroupConfigs.isEmpty, spec.podgroups.count == plan.members.count
    else { return false }
    if honoursTopology,
      expected.template.podCliqueScalingGroups.contains(where: { $0.topologyConstraint != nil })
    {
      return false
    }
    for position in spec.podgroups.indices {
      let member = plan.members[position]
      guard spec.podgroups[position].name == member.podClique,
        spec.podgroups[position].topologyConstraint == nil,
        Int(spec.podgroups[position].minReplicas) == expected.cliques[member.clique].minAvailable,
        // Usually the very same list.
        spec.podgroups[position].podReferences == pods[position]
      else { return false }
    }
    return true
  }

  /// Whether a map holds exactly the wanted entries, those under the operator's prefix apart.
  private static func mirrors(_ live: StringMap<String>, _ wanted: StringMap<String>) -> Bool {
    var position = 0
    for entry in live where !isGroveKey(entry.key) {
      guard position < wanted.count, wanted[position].key == entry.key, wanted[position].value == entry.value
      else { return false }
      position += 1
    }
    return position == wanted.count
  }

  /// One entry for each base replica of each scaling group that has a constraint.
  private func groupConfigs(replica: Int) -> [TopologyConstraintGroupConfig] {
    var configs: [TopologyConstraintGroupConfig] = []
    for group in expected.groups.indices
    where expected.template.podCliqueScalingGroups[group].topologyConstraint != nil {
      let name = expected.scalingGroup(group, replica: replica)
      for groupReplica in 0..<max(expected.groups[group].minAvailable, 0) {
        configs.append(
          TopologyConstraintGroupConfig(
            name: Naming.scalingGroupReplica(name, replica: groupReplica),
            podGroupNames: expected.groups[group].members.map {
              Naming.memberPodClique(
                scalingGroup: name, replica: groupReplica, clique: expected.cliques[$0].name)
            },
            topologyConstraint: ofGroups[group]))
      }
    }
    return configs
  }

  /// What is on the PodGang under the operator's own prefix stays, the rest mirrors the PodCliqueSet.
  private func labels(keepingGroveKeysOf gang: PodGang) -> StringMap<String> {
    var labels: StringMap<String> = gang.metadata.labels.filter { Self.isGroveKey($0.key) }
    labels.merge(self.labels)
    labels[LabelKey.schedulerName] = backend
    return labels
  }

  private func annotations(for gang: PodGang) -> StringMap<String> {
    var annotations: StringMap<String> = gang.metadata.annotations.filter { Self.isGroveKey($0.key) }
    annotations.merge(self.annotations)
    let spec = gang.spec
    let isConstrained =
      spec.topologyConstraint != nil || spec.podgroups.contains { $0.topologyConstraint != nil }
      || spec.topologyConstraintGroupConfigs.contains { $0.topologyConstraint != nil }
    annotations[AnnotationKey.topologyName] = isConstrained ? topologyName : nil
    return annotations
  }

  private static func isGroveKey(_ key: String) -> Bool { key.hasPrefix(LabelKey.grovePrefix) }
}
