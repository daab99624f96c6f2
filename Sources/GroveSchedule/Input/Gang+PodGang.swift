public import GroveModel
internal import KubernetesModel

extension Gang {
  /// The gang that a PodGang describes.
  ///
  /// Group configs become scopes that hold their groups; groups in no config hang off the root (S-003).
  ///
  /// - Throws: ``SnapshotError`` when a group config names a group that does not exist or is in another config, when
  ///   two groups share a name, or when a minimum is negative.
  public init(_ podGang: PodGang) throws(SnapshotError) {
    let name = ObjectName(podGang.metadata)
    let subject = "PodGang \(name)"
    var groups: [String: GangScope] = [:]
    for group in podGang.spec.podgroups {
      if group.minReplicas < 0 {
        throw SnapshotError(
          .invalidCount, subject, "group \(group.name) has minReplicas \(group.minReplicas)")
      }
      let scope = GangScope(
        name: group.name,
        pods: group.podReferences.map { ObjectName(namespace: $0.namespace, name: $0.name) },
        minimum: Int(group.minReplicas),
        packing: Packing(group.topologyConstraint))
      if groups.updateValue(scope, forKey: group.name) != nil {
        throw SnapshotError(.duplicate, subject, "two groups are called \(group.name)")
      }
    }
    var scopes: [GangScope] = []
    for config in podGang.spec.topologyConstraintGroupConfigs {
      var members: [GangScope] = []
      for member in config.podGroupNames {
        guard let group = groups.removeValue(forKey: member) else {
          throw SnapshotError(
            .unknownReference, subject,
            "group config \(config.name) names \(member), which is no group or is in another config")
        }
        members.append(group)
      }
      scopes.append(
        GangScope(name: config.name, packing: Packing(config.topologyConstraint), scopes: members))
    }
    for group in podGang.spec.podgroups {
      if let free = groups[group.name] { scopes.append(free) }
    }
    let labels = podGang.metadata.labels
    self.init(
      name: name,
      root: GangScope(
        name: name.name, packing: Packing(podGang.spec.topologyConstraint), scopes: scopes),
      priorityClassName: podGang.spec.priorityClassName,
      topology: podGang.metadata.annotations[AnnotationKey.topologyName]
        ?? podGang.metadata.annotations[AnnotationKey.kaiTopology],
      dependencies: labels[LabelKey.basePodGang].map {
        [ObjectName(namespace: name.namespace, name: $0)]
      } ?? [],
      reuse: podGang.spec.reuseReservationRef.map { ObjectName(namespace: $0.namespace, name: $0.name) },
      createdAt: podGang.metadata.creationTimestamp)
  }
}

extension Packing {
  fileprivate init(_ constraint: SchedulingTopologyConstraint?) {
    let pack = constraint?.packConstraint
    self.init(
      required: pack?.required.flatMap { $0.isEmpty ? nil : $0 },
      preferred: pack?.preferred.flatMap { $0.isEmpty ? nil : $0 })
  }
}
