internal import GroveModel
internal import KubernetesModel

extension PodClique {
  /// Whether fewer pods are up than the PodClique can do with.
  var isInBreach: Bool {
    status.conditions.has(ConditionType.minAvailableBreached, status: ConditionStatus.yes)
  }

  /// Whether the PodClique ever had its minimum of pods scheduled.
  ///
  /// A workload that never got room is not terminated for not having it.
  var wasEverScheduled: Bool {
    guard let condition = status.conditions[ConditionType.podCliqueScheduled] else { return false }
    if condition.status == ConditionStatus.yes { return true }
    return metadata.hasChangedSinceCreation(condition)
  }
}

extension ObjectMeta {
  /// Whether a condition changed later than the first status that an object gets, within 5 s.
  func hasChangedSinceCreation(_ condition: Condition) -> Bool {
    guard let creationTimestamp else { return false }
    return condition.lastTransitionTime > creationTimestamp + .seconds(5)
  }
}

extension [Condition] {
  /// How long a breach may still last before it is acted on; zero or less when its time is over.
  func remainingBreach(of terminationDelay: Duration, now: Timestamp) -> Duration? {
    guard let condition = self[ConditionType.minAvailableBreached],
      condition.status == ConditionStatus.yes
    else { return nil }
    return terminationDelay - (now - condition.lastTransitionTime)
  }
}
