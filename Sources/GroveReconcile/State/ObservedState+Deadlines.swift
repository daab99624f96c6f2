public import GroveModel
public import KubernetesModel

extension ObservedState {
  /// When the next breach lasts as long as its termination delay: what a pass comes to may change then although nothing
  /// else does. Nothing else in a pass depends on the time.
  ///
  /// - Returns: nil when no breach is on its way there.
  /// - Complexity: O(breaches).
  public func nextGangTermination(after now: Timestamp) -> Timestamp? {
    var next: Timestamp?
    func note(_ conditions: [Condition], of metadata: ObjectMeta) {
      let name = ObjectName(namespace: metadata.namespace, name: metadata.labels[LabelKey.partOf] ?? "")
      guard !metadata.isTerminating, let set = podCliqueSets[name],
        let breach = conditions[ConditionType.minAvailableBreached]
      else { return }
      let time = breach.lastTransitionTime + set.terminationDelay
      if time > now { next = min(next ?? time, time) }
    }
    for stored in breachedPodCliques.byName {
      note(stored.object.status.conditions, of: stored.object.metadata)
    }
    for stored in breachedScalingGroups.byName {
      note(stored.object.status.conditions, of: stored.object.metadata)
    }
    return next
  }

  /// The PodCliques and scaling groups in breach whose gangs are not terminated for it because they lost what they had
  /// within 5 s of their creation: Grove takes them for ones that never had it.
  ///
  /// - Parameter hasLost: whether an object, by key and uid, was up before.
  /// - Complexity: O(PodCliques and scaling groups).
  public func breachesInGrace(_ hasLost: (ObjectKey, String) -> Bool) -> [ObjectKey] {
    var keys: [ObjectKey] = []
    for stored in podCliques.byName where stored.object.isInBreach && !stored.object.wasEverScheduled {
      let metadata = stored.object.metadata
      let key = ObjectKey(.podClique, namespace: metadata.namespace, name: metadata.name)
      if !metadata.isTerminating, hasLost(key, metadata.uid) { keys.append(key) }
    }
    for stored in podCliqueScalingGroups.byName {
      let (metadata, conditions) = (stored.object.metadata, stored.object.status.conditions)
      guard !metadata.isTerminating, let breach = conditions[ConditionType.minAvailableBreached],
        breach.status == ConditionStatus.yes, !metadata.hasChangedSinceCreation(breach)
      else { continue }
      let key = ObjectKey(.podCliqueScalingGroup, namespace: metadata.namespace, name: metadata.name)
      if hasLost(key, metadata.uid) { keys.append(key) }
    }
    return keys
  }
}
