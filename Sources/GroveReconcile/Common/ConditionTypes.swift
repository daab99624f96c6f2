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

extension PodCliqueSet {
  /// How long a gang may be in breach before it is terminated; what admission defaults to where an old object says
  /// nothing.
  var terminationDelay: Duration { spec.template.terminationDelay ?? .hours(4) }
}
