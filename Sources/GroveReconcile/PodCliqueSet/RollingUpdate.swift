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
    if let current, (0..<expected.replicas).contains(current), !terminated.contains(current),
      !isUpdated(current)
    {
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
    guard !replicasLeftBehind.contains(replica) else { return false }
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

  /// Keeps the progress in line with the strategy and with what is there (B-R30, R-650-open): nothing is rolled on
  /// delete, and what was left behind, by whatever status, is rolled.
  private mutating func followStrategy() {
    guard !pass.state.defects.contains(.strategyIgnored) else { return }
    let progress = status.updateProgress
    if set.updatesOnDelete {
      guard var progress, progress.updateEndedAt == nil else { return }
      progress.updateEndedAt = pass.now
      progress.currentlyUpdating = []
      status.updateProgress = progress
    } else if progress == nil || progress?.updateEndedAt != nil, isAnythingLeftBehind() {
      status.updatedReplicas = 0
      status.updateProgress = PodCliqueSetUpdateProgress(updateStartedAt: pass.now)
    }
  }

  /// Whether something is of an older template, or says so, although no update is under way.
  ///
  /// A PodClique whose pods are to follow is: a change of strategy may come between a new template and the PodCliques
  /// that would have followed it (B-R30). What says nothing yet is new, and comes of the current template.
  private func isAnythingLeftBehind() -> Bool {
    if !replicasLeftBehind.isEmpty { return true }
    guard let hash = status.currentGenerationHash else { return false }
    return selection.replicas.contains { replica in
      zip(expected.standalone, standalone(ofReplica: replica)).contains { clique, stored in
        guard let podClique = stored?.object, !podClique.metadata.isTerminating else { return false }
        let status = podClique.status
        return status.updateProgress == nil || status.updateProgress?.updateEndedAt != nil
          ? status.currentPodCliqueSetGenerationHash.isOther(than: hash)
            || status.currentPodTemplateHash.isOther(than: expected.hash(clique))
          : status.updateProgress?.podCliqueSetGenerationHash != hash
      }
        || groups(ofReplica: replica).contains { stored in
          guard let group = stored?.object, !group.metadata.isTerminating else { return false }
          return group.status.currentPodCliqueSetGenerationHash.isOther(than: hash)
            || (group.status.updateProgress?.podCliqueSetGenerationHash).isOther(than: hash)
            || group.status.updateProgress != nil && group.status.updateProgress?.updateEndedAt == nil
        }
    }
  }

  /// The replicas in which a PodClique has pods of an older template, or is, in a scaling group, of one itself.
  ///
  /// PodCliques outside scaling groups get the new template in this pass.
  func findReplicasLeftBehind() -> Set<Int> {
    guard !set.updatesOnDelete else { return [] }
    var replicas: Set<Int> = []
    func note(_ metadata: ObjectMeta) {
      guard !metadata.isTerminating, metadata.labels[LabelKey.managedBy] == GroveName.operatorName,
        let replica = metadata.index(LabelKey.podCliqueSetReplicaIndex)
      else { return }
      replicas.insert(replica)
    }
    for stored in pass.state.laggingPodCliques.family(expected.name) { note(stored.object.metadata) }
    if pass.state.templatesInUse.hasOutdatedMembers(of: expected) {
      for stored in podCliques.all {
        let metadata = stored.object.metadata
        guard metadata.labels[LabelKey.scalingGroup] != nil,
          let replica = metadata.index(LabelKey.podCliqueSetReplicaIndex),
          let clique = expected.clique(ofPodClique: stored.name, replica: replica),
          metadata.labels[LabelKey.podTemplateHash] != expected.hash(clique)
        else { continue }
        note(metadata)
      }
    }
    return replicas
  }
}

extension String? {
  /// Whether something is said, and something else.
  fileprivate func isOther(than text: String) -> Bool { self.map { $0 != text } ?? false }
}
