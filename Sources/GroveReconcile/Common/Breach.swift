internal import GroveModel
internal import KubernetesModel

/// Types of conditions that the operator writes.
enum ConditionType {
  /// On PodCliques and scaling groups.
  static let minAvailableBreached = "MinAvailableBreached"
  /// On PodCliques.
  static let podCliqueScheduled = "PodCliqueScheduled"
  /// On scaling groups while their replica of the PodCliqueSet is recycled.
  static let gangTerminationInProgress = "GangTerminationInProgress"
  /// On PodGangs.
  static let initialized = "Initialized"
  /// On PodCliqueSets.
  static let topologyLevelsUnavailable = "TopologyLevelsUnavailable"
  /// On PodCliqueSets whose objects cannot be made because their names are taken (B-R06).
  static let nameConflict = "NameConflict"
  /// On ClusterTopologyBindings.
  static let schedulerTopologyDrift = "SchedulerTopologyDrift"
}

/// Values of a condition's status.
enum ConditionStatus {
  static let yes = "True"
  static let no = "False"
  static let unknown = "Unknown"
}

/// A breach that counts: of something that once was as it should be (R-590…R-595).
struct Breach: Sendable, Equatable {
  /// When it began.
  let since: Timestamp

  /// How much later than its creation an object's condition has to change to tell of a life before: a first
  /// computation right after creation tells nothing.
  private static let settling = Duration.seconds(5)

  /// The breach of a PodClique that was scheduled before.
  init?(_ podClique: PodClique) {
    let conditions = podClique.status.conditions
    guard let breach = conditions[ConditionType.minAvailableBreached], breach.status == ConditionStatus.yes,
      let scheduled = conditions[ConditionType.podCliqueScheduled],
      scheduled.status == ConditionStatus.yes || Self.isLate(scheduled, after: podClique.metadata)
    else { return nil }
    since = breach.lastTransitionTime
  }

  /// The breach of a scaling group that was healthy before, and is not being recycled already (R-593, R-594,
  ///
  init?(_ group: PodCliqueScalingGroup) {
    let conditions = group.status.conditions
    guard let breach = conditions[ConditionType.minAvailableBreached], breach.status == ConditionStatus.yes,
      Self.isLate(breach, after: group.metadata),
      !conditions.has(ConditionType.gangTerminationInProgress, status: ConditionStatus.yes)
    else { return nil }
    since = breach.lastTransitionTime
  }

  /// Whether the time that a gang gets to recover is over.
  func isExpired(after delay: Duration, now: Timestamp) -> Bool { now - since >= delay }

  private static func isLate(_ condition: Condition, after metadata: ObjectMeta) -> Bool {
    guard let created = metadata.creationTimestamp else { return false }
    return condition.lastTransitionTime - created > settling
  }
}

extension PodCliqueSet {
  /// How long a gang may be in breach before it is terminated; what admission defaults to where an old object says
  /// nothing.
  var terminationDelay: Duration { spec.template.terminationDelay ?? .hours(4) }
}
