internal import GroveModel
internal import KubernetesModel

extension ScalingGroupPass {
  /// Starts an update when there is one to make and it is this replica's turn, and notes at once that it is over
  /// with OnDelete.
  mutating func processUpdate(at place: ScalingGroupPlace) {
    let set = place.set
    guard let target = set.status.currentGenerationHash else { return }
    let progress = group.status.updateProgress
    let isOther = progress?.podCliqueSetGenerationHash != target
    if set.updatesOnDelete {
      if isOther {
        guard isTemplateSeen(set) else { return }
        startUpdate(to: target)
      }
      // Also when the strategy was changed while replicas were being replaced (B-R30).
      if isUpdating, isOther || !pass.state.defects.contains(.strategyIgnored) { endUpdate() }
      return
    }
    guard set.isRolling, set.updatingReplica == place.replica else { return }
    // An ended update may have left pods as they were, as OnDelete does (B-R30), or other hashes (R-650-open).
    let isUnfinished =
      progress?.updateEndedAt != nil && !pass.state.defects.contains(.strategyIgnored)
      && (group.status.currentPodCliqueSetGenerationHash.map { $0 != target } ?? false
        || place.replicas.contains { isOutdated($0, at: place) })
    if isOther || isUnfinished {
      guard isTemplateSeen(set) else { return }
      startUpdate(to: target)
    }
  }

  /// Whether the PodCliqueSet has taken note of its template; if not, this is looked at again (R-680-seen).
  private mutating func isTemplateSeen(_ set: PodCliqueSet) -> Bool {
    if set.hasHashOfTemplate { return true }
    waitingFor = "the PodCliqueSet has not taken note of its new template"
    return false
  }

  private mutating func startUpdate(to target: String) {
    // A replica that an update to an older template took down is still down: no other may follow until it is back
    // (R-667, R-660-selected).
    let selected =
      isUpdating ? group.status.updateProgress?.readyReplicaIndicesSelectedToUpdate?.current : nil
    group.status.updateProgress = PodCliqueScalingGroupUpdateProgress(
      updateStartedAt: now, podCliqueSetGenerationHash: target)
    if let selected {
      var selection = PodCliqueScalingGroupReplicaUpdateProgress()
      selection.current = selected
      group.status.updateProgress?.readyReplicaIndicesSelectedToUpdate = selection
    }
    group.status.updatedReplicas = 0
  }

  private mutating func endUpdate() {
    let now = now
    group.status.updateProgress?.updateEndedAt = now
    group.status.updateProgress?.readyReplicaIndicesSelectedToUpdate = nil
  }

  /// Replaces outdated replicas: those that are not up at once, the others one at a time, lowest index first
  /// (R-661…R-669).
  mutating func rollReplicas(at place: ScalingGroupPlace) {
    guard let progress = group.status.updateProgress else { return }
    for replica in place.replicas {
      for (_, podClique) in replica.live where podClique.metadata.labels[LabelKey.podTemplateHash] == nil {
        return fail(
          "ERR_COMPUTE_PENDINGUPDATE_WORK",
          "PodClique \(ObjectName(podClique.metadata)) has no label \(LabelKey.podTemplateHash)")
      }
    }
    let selection = progress.readyReplicaIndicesSelectedToUpdate
    let selected = selection.map { Int($0.current) }
    var ready: [ScalingGroupPlace.Replica] = []
    var hasDeleted = false
    for replica in place.replicas where isOutdated(replica, at: place) {
      if replica.index != selected, isUp(replica) {
        ready.append(replica)
        continue
      }
      // The selected one was selected, but not deleted.
      let reason =
        replica.index == selected
        ? "scaling group replica \(replica.index) is selected to be replaced"
        : "scaling group replica \(replica.index) is outdated and not up"
      guard
        deleteReplica(
          replica.index, podCliques: replica.podCliques.compactMap { $0 }, at: place, rule: "R-663",
          reason: reason)
      else { return }
      hasDeleted = true
    }
    if let selected, selected < place.replicas.count, !isReplaced(place.replicas[selected], at: place) {
      waitingFor = "rolling update of scaling group replica \(selected) is not complete"
      return
    }
    guard let next = ready.first else {
      // Only when every replica is back (B-R42).
      if !hasDeleted, place.replicas.allSatisfy({ $0.complete != nil }) { return endUpdate() }
      waitingFor = "waiting for the PodCliques of outdated replicas to come back"
      return
    }
    let available = place.replicas.count { $0.complete != nil && isUp($0) }
    let minAvailable = place.expected.groups[place.position].minAvailable
    guard available >= minAvailable else {
      waitingFor = "available replicas \(available) lesser than minAvailable \(minAvailable), requeuing"
      return
    }
    select(next, after: selection, at: place)
  }

  /// Takes the next replica down.
  private mutating func select(
    _ next: ScalingGroupPlace.Replica, after selection: PodCliqueScalingGroupReplicaUpdateProgress?,
    at place: ScalingGroupPlace
  ) {
    var selection = selection
    if let current = selection?.current { selection?.completed.append(current) }
    selection = selection ?? PodCliqueScalingGroupReplicaUpdateProgress()
    selection?.current = Int32(next.index)
    group.status.updateProgress?.readyReplicaIndicesSelectedToUpdate = selection
    // Written before the deletion: a pass that finds the replica gone and does not know why takes down another.
    writeStatus(rule: "R-665", reason: "scaling group replica \(next.index) is selected to be replaced")
    deleteReplica(
      next.index, podCliques: next.podCliques.compactMap { $0 }, at: place, rule: "R-665",
      reason: "scaling group replica \(next.index) is outdated and the next to be replaced")
    waitingFor = "commencing rolling update of scaling group replica \(next.index)"
  }

  /// Whether something that is not being deleted is of an older template: a PodClique, or, after a change of
  /// strategy, only pods of it (R-661, B-R30).
  private func isOutdated(_ replica: ScalingGroupPlace.Replica, at place: ScalingGroupPlace) -> Bool {
    replica.live.contains { position, podClique in
      let hash = place.expected.hash(place.members[position])
      if podClique.metadata.labels[LabelKey.podTemplateHash] != hash { return true }
      return pass.state.pods.controlled(by: podClique.metadata.uid).contains {
        !$0.object.metadata.isTerminating && !$0.object.isFinished && $0.object.templateHash != hash
      }
    }
  }

  /// Whether a selected replica is back with the new template.
  private func isReplaced(_ replica: ScalingGroupPlace.Replica, at place: ScalingGroupPlace) -> Bool {
    guard let podCliques = replica.complete else { return false }
    return podCliques.enumerated().allSatisfy { place.isUpdated($1, position: $0) }
  }

  /// Whether all its PodCliques have their minimum of scheduled and of ready pods, as the pods say (R-662, B-R40).
  private func isUp(_ replica: ScalingGroupPlace.Replica) -> Bool {
    replica.live.allSatisfy { _, podClique in
      let minimum = podClique.spec.minAvailable ?? podClique.spec.replicas
      let census = PodCensus(pass.state.pods.controlled(by: podClique.metadata.uid), target: nil)
      return census.scheduled >= minimum && census.ready >= minimum
    }
  }
}
