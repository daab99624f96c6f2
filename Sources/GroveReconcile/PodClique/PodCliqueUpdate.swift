internal import GroveModel
internal import KubernetesModel

extension PodClique {
  /// How far an update has come, as long as that still means something.
  ///
  /// Members of scaling groups have progress only with OnDelete; after a change of strategy what they have may aim
  /// at an older template and is ignored (B-R30).
  func currentProgress(in set: PodCliqueSet) -> PodCliqueUpdateProgress? {
    guard let progress = status.updateProgress else { return nil }
    let isMember = metadata.labels[LabelKey.scalingGroup] != nil
    if isMember, progress.podCliqueSetGenerationHash != set.status.currentGenerationHash { return nil }
    return progress
  }
}

extension PodCliquePass {
  /// Starts an update when there is one to make, and notes at once that it is over with OnDelete (R-680…R-682,
  ///
  mutating func processUpdate(at place: PodCliquePlace) {
    let set = place.set
    guard let target = set.status.currentGenerationHash else { return }
    if set.updatesOnDelete {
      if needsUpdate(to: target, at: place) {
        guard isTemplateSeen(set) else { return }
        startUpdate(to: target, at: place)
        endUpdate()
      } else if let progress = podClique.status.updateProgress, progress.updateEndedAt == nil,
        !pass.state.defects.contains(.strategyIgnored)
      {
        // The strategy was changed while pods were being replaced (B-R30).
        endUpdate()
      }
      return
    }
    // Members are replaced by their scaling group; only with OnDelete have they progress that is over at once. What
    // else is left behind says nothing, and would keep them from arriving (R-681-target).
    guard place.group == nil else {
      if let progress = podClique.status.updateProgress,
        progress.updateEndedAt == nil
          || progress.podCliqueSetGenerationHash == target && progress.podTemplateHash != place.expectedHash
      {
        podClique.status.updateProgress = nil
      }
      return
    }
    if set.isRolling, set.updatingReplica != place.replica { return }
    if needsUpdate(to: target, at: place) || (set.isRolling && hasOutdatedPodsThoughEnded(at: place)) {
      guard isTemplateSeen(set) else { return }
      startUpdate(to: target, at: place)
    }
  }

  /// Whether the PodCliqueSet has taken note of its template; if not, this is looked at again (R-680-seen).
  private mutating func isTemplateSeen(_ set: PodCliqueSet) -> Bool {
    if set.hasHashOfTemplate { return true }
    waitingFor = "the PodCliqueSet has not taken note of its new template"
    return false
  }

  /// Whether the templates that the PodClique has, or is being brought to, are others.
  ///
  /// Progress that names another pod template than the target's says nothing about it (R-681-target).
  private func needsUpdate(to target: String, at place: PodCliquePlace) -> Bool {
    let status = podClique.status
    if let progress = status.updateProgress {
      if progress.podCliqueSetGenerationHash != target { return true }
      return progress.podTemplateHash != place.expectedHash && place.set.hasHashOfTemplate
    }
    return status.currentPodCliqueSetGenerationHash != target
      || status.currentPodTemplateHash.map { $0 != place.expectedHash } ?? false
        && place.set.hasHashOfTemplate
  }

  /// Whether an update ended with pods left as they were, as OnDelete does (B-R30).
  private func hasOutdatedPodsThoughEnded(at place: PodCliquePlace) -> Bool {
    guard podClique.status.updateProgress?.updateEndedAt != nil,
      !pass.state.defects.contains(.strategyIgnored)
    else { return false }
    let hash = place.expectedHash
    return pods.contains {
      $0.object.templateHash != hash && !$0.object.metadata.isTerminating && !$0.object.isFinished
    }
  }

  private mutating func startUpdate(to target: String, at place: PodCliquePlace) {
    podClique.status.updateProgress = PodCliqueUpdateProgress(
      updateStartedAt: now, podCliqueSetGenerationHash: target, podTemplateHash: place.expectedHash)
    podClique.status.updatedReplicas = 0
  }

  private mutating func endUpdate() {
    let now = now
    podClique.status.updateProgress?.updateEndedAt = now
    podClique.status.updateProgress?.readyPodsSelectedToUpdate = nil
  }

  /// Replaces outdated pods: those that do not serve at once, the others one at a time, oldest first
  /// (R-683…R-688).
  ///
  /// The next one goes only when all wanted pods exist and every new one is ready (B-R29).
  mutating func rollPods(_ active: inout [Stored<Pod>], at place: PodCliquePlace) {
    guard !place.set.updatesOnDelete, place.group == nil, let progress = podClique.status.updateProgress,
      progress.updateEndedAt == nil
    else { return }
    // A newer template may have moved the update to another replica; this one waits for its turn (R-656-turn).
    if place.set.isRolling, place.set.updatingReplica != place.replica { return }
    // What the template hashes to, whatever the status says (R-681-target).
    let expectedHash = place.expectedHash
    // Ready is asked first: a serving pod whose container once failed is a serving pod (B-R48).
    let asksFailureFirst = pass.state.defects.contains(.failureBeforeReady)
    let idle = active.filter {
      $0.object.templateHash != expectedHash
        && (!$0.object.isReady || asksFailureFirst && $0.object.status.hasFailedContainer)
    }
    guard deleteOutdated(idle, from: &active, reason: "pod is outdated and not ready") else { return }

    let outdated = active.filter { $0.object.templateHash != expectedHash }
    let ready = active.count { $0.object.isReady }
    let isSettled =
      active.count == Int(podClique.spec.replicas) && ready == active.count
      || pass.state.defects.contains(.predicateOrder)
    if let current = progress.readyPodsSelectedToUpdate?.current {
      if let selected = outdated.first(where: { $0.object.metadata.name == current }) {
        // It was selected, but not deleted.
        _ = deleteOutdated([selected], from: &active, reason: "pod is selected to be replaced")
        waitingFor = "rolling update of currently selected Pod: \(current) is not complete, requeuing"
        return
      }
      guard isSettled else {
        waitingFor = "rolling update of currently selected Pod: \(current) is not complete, requeuing"
        return
      }
    }
    guard let next = outdated.min(by: { Self.isOlder($0.object, $1.object) }) else { return endUpdate() }
    guard isSettled else {
      waitingFor = "\(ready) of \(podClique.spec.replicas) pods are ready, waiting for the others"
      return
    }
    let minAvailable = podClique.spec.minAvailable ?? podClique.spec.replicas
    guard ready >= Int(minAvailable) else {
      waitingFor = "ready replicas \(ready) lesser than minAvailable \(minAvailable), requeuing"
      return
    }
    let name = next.object.metadata.name
    guard deleteOutdated([next], from: &active, reason: "pod is outdated and the next to be replaced") else {
      return
    }
    var selection = progress.readyPodsSelectedToUpdate ?? PodsSelectedToUpdate()
    if !selection.current.isEmpty { selection.completed.append(selection.current) }
    selection.current = name
    podClique.status.updateProgress?.readyPodsSelectedToUpdate = selection
    waitingFor = "deleted pod \(ObjectName(next.object.metadata)) selected for rolling update, requeuing"
  }

  /// Deletes outdated pods. Returns whether none of that was refused.
  private mutating func deleteOutdated(
    _ outdated: [Stored<Pod>], from active: inout [Stored<Pod>], reason: String
  ) -> Bool {
    guard !outdated.isEmpty else { return true }
    var gone: Set<String> = []
    var isComplete = true
    for stored in outdated {
      isComplete = delete(stored.object, rule: "R-684", reason: reason)
      guard isComplete else { break }
      gone.insert(stored.object.metadata.name)
    }
    active.removeAll { gone.contains($0.object.metadata.name) }
    return isComplete
  }

  private static func isOlder(_ lhs: Pod, _ rhs: Pod) -> Bool {
    switch (lhs.metadata.creationTimestamp, rhs.metadata.creationTimestamp) {
    case (let left?, let right?) where left != right: left < right
    case (nil, _?): true
    case (_?, nil): false
    default: lhs.metadata.name < rhs.metadata.name
    }
  }
}
