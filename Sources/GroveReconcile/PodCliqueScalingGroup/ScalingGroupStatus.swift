internal import GroveModel
internal import KubernetesModel

extension ScalingGroupPlace.Replica {
  /// Whether it is complete and all its PodCliques have their minimum of scheduled pods.
  var isScheduled: Bool {
    complete?.allSatisfy {
      $0.status.conditions.has(ConditionType.podCliqueScheduled, status: ConditionStatus.yes)
    } ?? false
  }

  /// Whether it is scheduled and all its PodCliques have their minimum of ready pods.
  var isAvailable: Bool {
    isScheduled
      && live.allSatisfy { $1.status.readyReplicas >= $1.spec.minAvailable ?? $1.spec.replicas }
  }

  /// Whether it is complete and each PodClique says itself that it is not in breach (R-756, B-R28).
  var isHealthy: Bool {
    complete?.allSatisfy {
      $0.status.conditions.has(ConditionType.minAvailableBreached, status: ConditionStatus.no)
    } ?? false
  }
}

extension ScalingGroupPlace.Replica {
  /// Whether it is not complete or a PodClique says that it is in breach.
  fileprivate var isInBreach: Bool { complete?.contains { $0.isInBreach } ?? true }
}

extension ScalingGroupPass {
  /// Computes the status from the PodCliques as the pass found them (R-750…R-759).
  mutating func computeStatus(at place: ScalingGroupPlace?) {
    group.status.replicas = group.spec.replicas
    guard let place else { return }
    let scheduled = place.replicas.count { $0.isScheduled }
    let updated = place.replicas.map { replica in
      replica.live.count { place.isUpdated($1, position: $0) }
    }
    group.status.scheduledReplicas = Int32(scheduled)
    group.status.availableReplicas = Int32(place.replicas.count { $0.isAvailable })
    group.status.updatedReplicas = Int32(
      place.replicas.count {
        $0.isAvailable && place.set.status.currentGenerationHash != nil
          && updated[$0.index] == place.members.count
      })
    if group.status.updateProgress != nil {
      group.status.updateProgress?.updatedPodCliquesCount = Int32(updated.reduce(0, +))
      group.status.updateProgress?.totalPodCliquesCount = Int32(place.replicas.count * place.members.count)
    }
    group.status.selector = Labels.scalingGroupSelector(
      place.expected.name.name, scalingGroup: group.metadata.name)
    setBreach(at: place)
    if !isUpdating, let hash = place.set.status.currentGenerationHash, runs(hash, at: place) {
      group.status.currentPodCliqueSetGenerationHash = hash
    }
  }

  private mutating func setBreach(at place: ScalingGroupPlace) {
    let status: String
    let reason: String
    let message: String
    if isUpdating {
      (status, reason, message) = (ConditionStatus.unknown, "UpdateInProgress", "Update is in progress")
    } else {
      let healthy =
        pass.state.defects.contains(.silenceIsHealth)
        ? place.replicas.count { !$0.isInBreach } : place.replicas.count { $0.isHealthy }
      let minimum = group.spec.minAvailable ?? 1
      let count = "PCSG replicas not in breach (\(healthy))"
      if healthy < Int(minimum) {
        (status, reason) = (ConditionStatus.yes, "InsufficientAvailablePodCliqueScalingGroupReplicas")
        message = "\(count) below MinAvailable (\(minimum))"
      } else {
        (status, reason) = (ConditionStatus.no, "SufficientAvailablePodCliqueScalingGroupReplicas")
        message = "\(count) meets MinAvailable (\(minimum))"
      }
    }
    group.status.conditions.set(
      ConditionType.minAvailableBreached, status: status, reason: reason, message: message, now: now)
    // What was terminated is up again.
    if status == ConditionStatus.no {
      group.status.conditions.removeAll { $0.type == ConditionType.gangTerminationInProgress }
    }
  }

  /// Whether every PodClique has arrived at the templates with the given digest.
  private func runs(_ setHash: String, at place: ScalingGroupPlace) -> Bool {
    place.replicas.allSatisfy { replica in
      guard let podCliques = replica.complete else { return false }
      return podCliques.enumerated().allSatisfy { position, podClique in
        let hash = place.expected.hash(place.members[position])
        return podClique.metadata.labels[LabelKey.podTemplateHash] == hash
          && podClique.status.currentPodTemplateHash == hash
          && podClique.status.currentPodCliqueSetGenerationHash == setHash
      }
    }
  }
}
