public import GroveModel
public import KubernetesModel

/// What the API server and the operator's webhooks do to an object before it is stored: fill in defaults, refuse
/// what is wrong, warn (A-001…A-508).
///
/// Everything an answer depends on is held as a value: the operator's configuration and what is known of the
/// cluster. Errors carry the rule, the field path and the very text of the webhook; what this library says
/// beyond the webhook has rule ids that begin with `W-` (``KubernetesModel/Diagnostic/isOwn``).
///
/// ```swift
/// let admission = Admission(configuration: .defaultSchedulerOnly)
/// let stored = admission.default(podCliqueSet)
/// for diagnostic in admission.validate(create: stored) { print(diagnostic.message) }
/// ```
///
/// It does not check schemas, nor what only others in the cluster know: whether images, priority classes, device
/// classes or nodes exist.
public struct Admission: Sendable {
  /// The operator's configuration.
  public var configuration: OperatorConfiguration
  /// The ClusterTopologyBindings of the cluster; nil when they are not known, which skips the rules that look at
  /// them (A-166… ).
  public var topologies: [ClusterTopologyBinding]?
  /// The Volcano queues of the cluster; nil when they are not known, which skips looking the queue up.
  public var volcanoQueues: [VolcanoQueue]?
  /// Whether what this library warns about beyond the webhook is an error.
  public var isStrict: Bool

  /// Admission for an operator with a configuration, in a cluster with the given objects.
  public init(
    configuration: OperatorConfiguration = OperatorConfiguration(),
    topologies: [ClusterTopologyBinding]? = [],
    volcanoQueues: [VolcanoQueue]? = nil, isStrict: Bool = false
  ) {
    self.configuration = configuration
    self.topologies = topologies
    self.volcanoQueues = volcanoQueues
    self.isStrict = isStrict
  }

  /// What is wrong with a new PodCliqueSet, and what is worth a warning: errors in the webhook's order,
  /// then its warnings, then ours.
  ///
  /// - Parameter podCliqueSet: the set as ``default(_:)`` returns it.
  public func validate(create podCliqueSet: PodCliqueSet) -> [Diagnostic] {
    var check = PodCliqueSetCheck(podCliqueSet, self)
    check.checkTopologyOnCreate()
    check.checkMetadata()
    check.checkSpec(isCreate: true)
    check.checkMNNVLOnCreate()
    check.checkSchedulerBackend()
    check.noteNames(isCreate: true)
    check.noteWorkload()
    return check.diagnostics(isStrict: isStrict)
  }

  /// What is wrong with a changed PodCliqueSet, and what is worth a warning: a set whose own rules are
  /// broken is not compared with its predecessor.
  ///
  /// A set that is being deleted is never refused, and one whose spec, queues and MNNVL groups did not change is
  /// checked for its metadata only (B-A02).
  ///
  /// - Parameters:
  ///   - podCliqueSet: the set as ``default(_:)`` returns it.
  ///   - old: the stored set.
  public func validate(update podCliqueSet: PodCliqueSet, from old: PodCliqueSet) -> [Diagnostic] {
    guard podCliqueSet.metadata.deletionTimestamp == nil else { return [] }
    var check = PodCliqueSetCheck(podCliqueSet, self)
    check.checkMetadata()
    let changed = check.differs(from: old)
    if changed {
      check.checkSpec(isCreate: false)
      check.checkMNNVLOnUpdate(from: old)
      check.checkSchedulerBackend()
    }
    if !check.hasErrors {
      check.warnAboutDeprecatedDomains()
      if changed { check.checkImmutability(from: old) }
    }
    if changed {
      check.noteNames(isCreate: false)
      check.noteWorkload()
      check.noteUpdate(from: old)
    }
    return check.diagnostics(isStrict: isStrict)
  }
}

/// A queue of Volcano, as far as admission looks at it.
public struct VolcanoQueue: Sendable, Hashable {
  /// The name.
  public var name: String
  /// `status.state`; only `Open` takes new work.
  public var state: String

  /// A queue.
  public init(name: String, state: String = "Open") {
    self.name = name
    self.state = state
  }
}

extension Diagnostic {
  /// Whether this library says so beyond the operator's webhooks: its rule begins with `W-`.
  public var isOwn: Bool { rule.rawValue.hasPrefix("W-") }
}
