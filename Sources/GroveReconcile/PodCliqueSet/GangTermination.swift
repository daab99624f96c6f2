internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  private static var kind: String { "PodCliqueSetReplica" }

  /// Looks after the replicas as wholes: gangs that stay in breach are recycled, an update moves on.
  mutating func orchestrateReplicas() {
    let pending = terminateGangs()
    if !pending.isEmpty { polls("a breach of minAvailable may become a gang termination") }
    rollReplicas(pendingBreach: pending)
  }

  /// Terminates the replicas in which a breach outlasted the termination delay (R-600…R-607).
  ///
  /// What is being deleted already is no reason to delete anything else, and a breach that the pods do not bear out
  /// any more is none, whatever a status still says (R-600-live).
  ///
  /// - Returns: the replicas with a breach that may still heal.
  private mutating func terminateGangs() -> Set<Int> {
    let delay = set.terminationDelay
    // What does not exist cannot be in breach; what does is looked at all the same (B-R37).
    var expired: Set<Int> = []
    var pending: Set<Int> = []
    for stored in pass.state.breachedScalingGroups.controlled(by: owner.uid) {
      let group = stored.object
      guard !group.metadata.isTerminating, let replica = replicaOf(group.metadata),
        let position = groups(ofReplica: replica).enumerated().first(where: { $1?.name == stored.name })?
          .offset,
        let rest = group.status.conditions.remainingBreach(of: delay, now: pass.now)
      else { continue }
      if isOver(rest), isBorneOut(group, at: position) {
        expired.insert(replica)
      } else {
        pending.insert(replica)
      }
    }
    for stored in pass.state.breachedPodCliques.controlled(by: owner.uid) {
      let podClique = stored.object
      guard !podClique.metadata.isTerminating || pass.state.defects.contains(.terminatingInBreach),
        let replica = replicaOf(podClique.metadata),
        standalone(ofReplica: replica).contains(where: { $0?.name == stored.name }),
        let rest = podClique.status.conditions.remainingBreach(of: delay, now: pass.now)
      else { continue }
      if isOver(rest), pass.state.isBreachBorneOut(of: podClique) {
        expired.insert(replica)
      } else {
        pending.insert(replica)
      }
    }
    pending.subtract(expired)
    guard !expired.isEmpty else { return pending }
    actsOnAll()
    let members = podCliquesByReplica()
    for replica in expired.sorted() { terminate(replica, members[replica] ?? []) }
    return pending
  }

  private func isOver(_ rest: Duration) -> Bool {
    rest <= .zero || pass.state.defects.contains(.impatience)
  }

  /// Whether too few replicas of a scaling group would be up even if those came back that wait for a PodClique which
  /// is being deleted (R-600-live).
  private mutating func isBorneOut(_ group: PodCliqueScalingGroup, at position: Int) -> Bool {
    guard !pass.state.defects.contains(.terminatingInBreach) else { return true }
    let name = group.metadata.name
    let controlled = pass.state.podCliques.controlled(by: group.metadata.uid)
    var hanging: String?
    let up = (0..<max(0, Int(group.spec.replicas))).count { replica in
      let members = expected.groups[position].members.map { clique in
        controlled[
          Naming.memberPodClique(scalingGroup: name, replica: replica, clique: expected.cliques[clique].name)]?
          .object
      }
      let ending = members.lazy.compactMap { $0 }.first { $0.metadata.isTerminating }
      let isHanging = ending != nil
      hanging = hanging ?? ending?.metadata.name
      return members.allSatisfy { member in
        guard let member else { return isHanging }
        if member.metadata.isTerminating { return true }
        return !pass.state.isBreachBorneOut(of: member) || isHanging && !member.wasEverScheduled
      }
    }
    guard up >= Int(group.spec.minAvailable ?? 1) else { return true }
    if let hanging {
      polls("scaling group \(name) is in breach only because PodClique \(hanging) is being deleted")
    }
    return false
  }

  /// The replica that an object is labelled for, if there is to be one.
  private func replicaOf(_ metadata: ObjectMeta) -> Int? {
    metadata.index(LabelKey.podCliqueSetReplicaIndex).flatMap { $0 < expected.replicas ? $0 : nil }
  }

  /// Recycles a replica: its PodCliques go, the rest stays, and what is missing is made again.
  private mutating func terminate(_ replica: Int, _ members: [Stored<PodClique>]) {
    terminated.insert(replica)
    var isNew = false
    for stored in members where !stored.object.metadata.isTerminating {
      let metadata = stored.object.metadata
      do {
        try pass.delete(
          .podClique, metadata, rule: "R-603",
          reason:
            "replica \(replica) of \(expected.name.name) was in breach for longer than its termination delay")
        isNew = true
      } catch {
        pass.record(
          .warning, about: key, reason: "PodCliqueSetReplicaDeleteFailed",
          message: "Error deleting PodCliqueSet replica \(replica): \(error)", rule: "R-866")
        fail(
          Self.kind, code: "ERR_DELETE_PCS_REPLICA",
          message: "failed to delete PodCliqueSet replica \(replica) of \(expected.name)", cause: error)
        return
      }
    }
    if isNew {
      pass.record(
        about: key, reason: "PodCliqueSetReplicaDeleteSuccessful",
        message: "PodCliqueSet replica \(replica) deleted", rule: "R-866")
    }
    // The deletion comes first: a flag without it would keep the replica in breach forever.
    for case let stored? in groups(ofReplica: replica) { flag(stored.object, replica: replica) }
  }

  private mutating func flag(_ group: PodCliqueScalingGroup, replica: Int) {
    let type = ConditionType.gangTerminationInProgress
    guard !group.status.conditions.has(type, status: ConditionStatus.yes) else { return }
    var flagged = group
    flagged.status.conditions.set(
      type, status: ConditionStatus.yes, reason: "GangTerminationActive",
      message: """
        Gang termination fired at PCS-replica scope for PCS replica \(replica); this PCSG's PodCliques were deleted \
        as part of the recycle
        """, now: pass.now)
    pass.add(
      .updateStatus(.podCliqueScalingGroup(flagged), replacing: .podCliqueScalingGroup(group)), rule: "R-603",
      reason: "the PodCliques of \(group.metadata.name) were deleted with their replica")
  }

  /// All PodCliques of the PodCliqueSet, members of scaling groups included, by replica; only for looking up.
  private func podCliquesByReplica() -> [Int: [Stored<PodClique>]] {
    var byReplica: [Int: [Stored<PodClique>]] = [:]
    for stored in podCliques.all
    where stored.object.metadata.labels[LabelKey.managedBy] == GroveName.operatorName {
      guard let replica = stored.object.metadata.index(LabelKey.podCliqueSetReplicaIndex) else { continue }
      byReplica[replica, default: []].append(stored)
    }
    return byReplica
  }
}

extension ObservedState {
  /// Whether the pods of a PodClique bear out that it is in breach: its status may be of other times.
  func isBreachBorneOut(of podClique: PodClique) -> Bool {
    let census = PodCensus(pods.controlled(by: podClique.metadata.uid), target: nil)
    return census.available < podClique.spec.minAvailable ?? podClique.spec.replicas
  }
}

extension PodCliqueScalingGroup {
  /// Whether the group is in breach, was healthy once, and is not being recycled already.
  var hasBreachThatCounts: Bool {
    let conditions = status.conditions
    guard conditions.has(ConditionType.minAvailableBreached, status: ConditionStatus.yes),
      let breach = conditions[ConditionType.minAvailableBreached]
    else { return false }
    return metadata.hasChangedSinceCreation(breach)
      && !conditions.has(ConditionType.gangTerminationInProgress, status: ConditionStatus.yes)
  }
}
