internal import GroveSimulate

/// What an explored run may have to live with.
public enum FaultKind: String, Sendable, Hashable, CaseIterable {
  /// The operator ends between any two of its writes, and starts again.
  case crash
  /// A write of the operator is carried out, but the answer says that it failed.
  case lostReply = "lost-reply"
  /// A write of the operator meets a conflict.
  case conflict
  /// The operator sees changes late, each kind on its own, and only the last of several when a watch was lost.
  case lag
  /// The operator restarts between two passes.
  case restart
  /// The operator looks at everything again.
  case resync
  /// Time passes although there is something to do.
  case slowness
  /// Pods fail, or are deleted by somebody.
  case pods
  /// Containers end with an error and are restarted.
  case containers
  /// Readiness probes fail for a while.
  case readiness
  /// Nodes fail and come back, are cordoned and uncordoned.
  case nodes
  /// Users scale PodCliqueSets, scaling groups and PodCliques.
  case scaling
  /// Users change images and variables in the template.
  case templates
  /// Users switch the update strategy.
  case strategy
  /// Users delete PodCliqueSets and create them again under the same name.
  case recreation
  /// Somebody deletes objects that the operator made.
  case deletions
  /// Users change labels and annotations of PodCliqueSets.
  case metadata
  /// Others put scheduling gates, labels and finalizers of their own on objects.
  case foreign
  /// Gangs in breach are terminated after seconds instead of hours.
  case termination
  /// The operator starts on any statuses, on only some of its objects, and on objects that nothing asks for.
  case leftovers

  /// Whether only the operator's own circumstances are concerned: what comes out has to be the same as without.
  var concernsOperatorOnly: Bool {
    switch self {
    case .crash, .lostReply, .conflict, .lag, .restart, .resync, .slowness: true
    default: false
    }
  }
}
