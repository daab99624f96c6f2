internal import GroveModel
internal import KubernetesModel

extension PodCliquePass {
  /// Computes the status from the pods as the pass found them (R-765…R-774).
  mutating func computeStatus(of set: PodCliqueSet, at place: PodCliquePlace?) -> PodCensus {
    let progress = podClique.currentProgress(in: set)
    let label = podClique.metadata.labels[LabelKey.podTemplateHash]
    let target = progress?.podTemplateHash ?? label ?? podClique.status.currentPodTemplateHash
    let census = PodCensus(pods, target: target)
    podClique.status.replicas = census.total
    podClique.status.readyReplicas = census.ready
    podClique.status.scheduleGatedReplicas = census.gated
    podClique.status.scheduledReplicas = census.scheduled
    if target != nil { podClique.status.updatedReplicas = census.updated }
    let isUpdating = progress != nil && progress?.updateEndedAt == nil
    if !isUpdating { setCurrentHashes(of: set, at: place, progress: progress) }
    if podClique.metadata.labels[LabelKey.scalingGroup] == nil {
      podClique.status.hpaPodSelector = Labels.podCliqueSelector(
        set.metadata.name, podClique: podClique.metadata.name)
    }
    if podClique.status.observedGeneration != nil { setConditions(census, isUpdating: isUpdating) }
    return census
  }

  /// Which templates all pods run.
  private mutating func setCurrentHashes(
    of set: PodCliqueSet, at place: PodCliquePlace?, progress: PodCliqueUpdateProgress?
  ) {
    guard podClique.status.updatedReplicas == podClique.status.replicas else { return }
    if let progress {
      podClique.status.currentPodTemplateHash = progress.podTemplateHash
      podClique.status.currentPodCliqueSetGenerationHash = progress.podCliqueSetGenerationHash
      return
    }
    guard let place, let label = podClique.metadata.labels[LabelKey.podTemplateHash],
      let generation = set.status.currentGenerationHash,
      podClique.status.currentPodTemplateHash != label
        || podClique.status.currentPodCliqueSetGenerationHash != generation,
      place.expectedHash == label
    else { return }
    guard set.hasHashOfTemplate else {
      // Nobody tells when it has; the next hash may be the one that was there before (R-680-seen).
      waitingFor = waitingFor ?? "the PodCliqueSet has not taken note of its new template"
      return
    }
    podClique.status.currentPodTemplateHash = label
    podClique.status.currentPodCliqueSetGenerationHash = generation
  }

  private mutating func setConditions(_ census: PodCensus, isUpdating: Bool) {
    let minimum = podClique.spec.minAvailable ?? podClique.spec.replicas
    let isScheduled = census.scheduled >= minimum
    podClique.status.conditions.set(
      ConditionType.podCliqueScheduled, status: isScheduled ? ConditionStatus.yes : ConditionStatus.no,
      reason: isScheduled ? "SufficientScheduledPods" : "InsufficientScheduledPods",
      message: (isScheduled ? "Sufficient scheduled pods found." : "Insufficient scheduled pods.")
        + " expected at least: \(minimum), found: \(census.scheduled)",
      now: now)

    let available = census.available
    let status: String
    let reason: String
    let message: String
    if isUpdating {
      (status, reason, message) = (ConditionStatus.unknown, "UpdateInProgress", "Update is in progress")
    } else if !isScheduled {
      (status, reason) = (ConditionStatus.yes, "ScheduledReplicasBelowMinAvailable")
      message = "Scheduled replicas (\(census.scheduled)) below MinAvailable (\(minimum))"
    } else if available < minimum {
      (status, reason) = (ConditionStatus.yes, "InsufficientReadyPods")
      message =
        "Insufficient ready or starting pods. expected at least: \(minimum), found: \(available)"
    } else {
      (status, reason) = (ConditionStatus.no, "SufficientReadyPods")
      message =
        "Either sufficient ready or starting pods found. expected at least: \(minimum), found: \(available)"
    }
    podClique.status.conditions.set(
      ConditionType.minAvailableBreached, status: status, reason: reason, message: message, now: now)
  }
}
