internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  /// Moves a rolling update on, one replica of the PodCliqueSet at a time (R-650…R-657).
  ///
  /// - Parameter pendingBreach: replicas that are in breach anyway, and so go first.
  mutating func rollReplicas(pendingBreach: Set<Int>) {
    followStrategy()
    guard !set.updatesOnDelete, var progress = status.updateProgress, progress.updateEndedAt == nil else {
      return
    }
    actsOnAll()
    let current = progress.currentlyUpdating.first.map { Int($0.replicaIndex) }
    if let current, current < expected.replicas, !terminated.contains(current), !isUpdated(current) {
      polls("rolling update of PodCliqueSet replica index \(current) is not completed")
      return
    }
    if let next = nextReplica(after: current, pendingBreach: pendingBreach) {
      progress.currentlyUpdating = [
        PodCliqueSetReplicaUpdateProgress(replicaIndex: Int32(next), updateStartedAt: pass.now)
      ]
      polls("commencing rolling update of PodCliqueSet replica index \(next)")
    } else {
      progress.updateEndedAt = pass.now
      progress.currentlyUpdating = []
    }
    status.updateProgress = progress
  }

  /// Whether a replica has arrived at the template.
  func isUpdated(_ replica: Int) -> Bool {
    let hash = status.currentGenerationHash
    for (clique, stored) in zip(expected.standalone, standalone(ofReplica: replica)) {
      guard let stored, expected.isUpdated(stored.object, clique: clique, setHash: hash) else { return false }
    }
    for stored in groups(ofReplica: replica) {
      guard let stored, hash != nil, stored.object.status.currentPodCliqueSetGenerationHash == hash,
        // An update to another template, open or over, has left members of that template (R-652-back).
        stored.object.status.updateProgress == nil
          || stored.object.status.updateProgress?.updateEndedAt != nil
            && stored.object.status.updateProgress?.podCliqueSetGenerationHash == hash
      else { return false }
    }
    return true
  }

  /// The replica to update next: without scheduled pods before in breach before the rest, low indices first
  ///
  private func nextReplica(after current: Int?, pendingBreach: Set<Int>) -> Int? {
    var best: (rank: Int, replica: Int)?
    for replica in 0..<expected.replicas
    where replica != current && !terminated.contains(replica) && !isUpdated(replica) {
      let rank = scheduledPods(replica) == 0 ? 0 : pendingBreach.contains(replica) ? 1 : 2
      if let best, best.rank <= rank { continue }
      best = (rank, replica)
      if rank == 0 { break }
    }
    return best?.replica
  }

  private func scheduledPods(_ replica: Int) -> Int {
    var pods = 0
    for case let stored? in standalone(ofReplica: replica) {
      pods += Int(stored.object.status.scheduledReplicas)
    }
    for (group, stored) in zip(expected.groups, groups(ofReplica: replica)) {
      guard let stored else { continue }
      let podsPerReplica = group.members.reduce(0) { $0 + expected.cliques[$1].minAvailable }
      pods += Int(stored.object.status.scheduledReplicas) * podsPerReplica
    }
    return pods
  }

  /// Keeps the progress in line with the strategy after a change of strategy (B-R30): nothing is rolled on delete,
  /// and what was left outdated on delete is rolled when rolling is wanted again.
  private mutating func followStrategy() {
    guard var progress = status.updateProgress, !pass.state.defects.contains(.strategyIgnored) else { return }
    if set.updatesOnDelete {
      guard progress.updateEndedAt == nil else { return }
      progress.updateEndedAt = pass.now
      progress.currentlyUpdating = []
      status.updateProgress = progress
    } else if progress.updateEndedAt != nil, hasOutdatedPods() {
      status.updatedReplicas = 0
      status.updateProgress = PodCliqueSetUpdateProgress(updateStartedAt: pass.now)
    }
  }

  /// Whether a pod is of an older template, or a PodClique, whose pods then are, too: a change of strategy may come
  /// between a new template and the PodCliques that would have followed it (B-R30).
  private func hasOutdatedPods() -> Bool {
    let isLagging = pass.state.laggingPodCliques.family(expected.name).contains { stored in
      !stored.object.metadata.isTerminating
        && stored.object.metadata.labels[LabelKey.managedBy] == GroveName.operatorName
    }
    // PodCliques outside scaling groups get the new template in this pass.
    return isLagging || pass.state.templatesInUse.hasOutdatedMembers(of: expected)
  }
}
