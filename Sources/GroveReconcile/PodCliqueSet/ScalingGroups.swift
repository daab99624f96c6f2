internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  private static var kind: String { "PodCliqueScalingGroup" }

  /// The PodCliqueScalingGroups of all replicas.
  mutating func syncScalingGroups() {
    guard deleteUnexpectedScalingGroups() else { return }
    let mnnvlGroup = set.metadata.annotations[AnnotationKey.mnnvlGroup]
    for (position, replica) in selection.replicas.enumerated() {
      for (group, stored) in zip(expected.groups.indices, groups(ofReplica: replica)) {
        let config = expected.template.podCliqueScalingGroups[group]
        var annotations = config.annotations
        if let mnnvlGroup, annotations[AnnotationKey.mnnvlGroup] == nil {
          annotations[AnnotationKey.mnnvlGroup] = mnnvlGroup
        }
        if !apply(config, annotations, group, replica: replica, live: stored?.object) {
          acts(onReplicaAt: position)
        }
      }
    }
  }

  /// Brings one scaling group up to date.
  ///
  /// - Returns: whether it was so already.
  private mutating func apply(
    _ config: PodCliqueScalingGroupConfig, _ annotations: StringMap<String>, _ group: Int, replica: Int,
    live: PodCliqueScalingGroup?
  ) -> Bool {
    let name = objectName(expected.scalingGroup(group, replica: replica))
    let live = live ?? pass.state.podCliqueScalingGroups[name]
    if let live, live.metadata.isTerminating { return false }
    var labels = Labels.of(.scalingGroup, podCliqueSet: expected.name.name, name: name.name)
    labels[LabelKey.podCliqueSetReplicaIndex] = String(replica)
    let why = reason(live == nil, Self.kind, name)
    do {
      let result = try pass.apply(
        named: name, live: live, owner: owner, family: expected.name.name,
        wrap: Resource.podCliqueScalingGroup, rule: "R-240", reason: why
      ) { object, isNew in
        object.metadata.labels = labels
        object.metadata.annotations = annotations
        object.metadata.ensureFinalizer(GroveName.scalingGroupFinalizer)
        object.spec.minAvailable = config.minAvailable
        object.spec.cliqueNames = config.cliqueNames
        // From then on it belongs to whoever scales the group.
        if isNew { object.spec.replicas = Int32(expected.groups[group].replicas) }
      }
      guard result != .unchanged else { return true }
      pass.record(
        about: key, reason: "PodCliqueScalingGroupCreateSuccessful",
        message: "Created PodCliqueScalingGroup \(name)", rule: "R-863")
    } catch {
      pass.record(
        .warning, about: key, reason: "PodCliqueScalingGroupCreateOrUpdateFailed",
        message: "Error creating or updating PodCliqueScalingGroup \(name): \(error)", rule: "R-863")
      fail(
        Self.kind, code: "ERR_SYNC_PODCLIQUESCALINGGROUP",
        message: "Error syncing PodCliqueScalingGroup: \(name) for PodCliqueSet: \(expected.name)",
        cause: error)
    }
    return false
  }

  private mutating func deleteUnexpectedScalingGroups() -> Bool {
    let owned = pass.state.podCliqueScalingGroups.controlled(by: owner.uid)
    guard owned.count > total(groups, count: expected.groups.count) else { return true }
    actsOnAll()
    let names = Set(groupNames)
    for stored in owned where !names.contains(stored.object.metadata.name) {
      let metadata = stored.object.metadata
      guard !metadata.isTerminating else { continue }
      do {
        try pass.delete(
          .podCliqueScalingGroup, metadata, rule: "R-241",
          reason:
            "PodCliqueScalingGroup \(metadata.name) belongs to no replica: replicas is \(expected.replicas)")
        pass.record(
          about: key, reason: "PodCliqueScalingGroupDeleteSuccessful",
          message: "Deleted PodCliqueScalingGroup \(ObjectName(metadata))", rule: "R-863")
      } catch {
        pass.record(
          .warning, about: key, reason: "PodCliqueScalingGroupDeleteFailed",
          message: "Error deleting PodCliqueScalingGroup \(ObjectName(metadata)): \(error)", rule: "R-863")
        fail(
          Self.kind, code: "ERR_DELETE_PODCLIQUESCALINGGROUP",
          message:
            "Error deleting PodCliqueScalingGroup: \(ObjectName(metadata)) for PodCliqueSet: \(expected.name)",
          cause: error)
        return false
      }
    }
    return true
  }
}
