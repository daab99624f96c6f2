public import GroveModel
internal import GroveSimulate
public import KubernetesModel

/// One step of a scenario: something that happens, or something that is looked at.
public struct ScenarioStep: Sendable, Equatable {
  /// When the step happens.
  public enum Moment: Sendable, Equatable {
    /// As soon as the step before it is done.
    case next
    /// So much virtual time after the step before it is done.
    case after(Duration)
    /// At a virtual time since the beginning of the scenario, or at once when that has passed.
    case at(Duration)
  }

  /// What happens.
  public var verb: Verb
  /// When it happens.
  public var moment = Moment.next
  /// What the author calls the step.
  public var name: String?
  /// Texts that the API server's refusal must contain; nil when the step must not be refused.
  public var rejection: [String]?
  /// Where it is written.
  public var location: SourceLocation?

  /// A step.
  public init(_ verb: Verb, moment: Moment = .next, name: String? = nil, rejection: [String]? = nil) {
    self.verb = verb
    self.moment = moment
    self.name = name
    self.rejection = rejection
  }

  /// What can happen in a step.
  public enum Verb: Sendable, Equatable {
    /// `kubectl apply` of objects.
    case apply([Resource])
    /// Fields of an object are changed.
    case patch(ObjectKey, [ScenarioEdit])
    /// Objects are scaled through their scale subresource.
    case scale([ObjectKey], replicas: Int32)
    /// A HorizontalPodAutoscaler wants so many replicas.
    case autoscale(ObjectName, replicas: Int32)
    /// Objects are deleted.
    case delete(ObjectSelector, Deletion)
    /// Pods are deleted.
    case deletePod(PodSelector, Deletion)
    /// Nodes take no more pods.
    case cordon(NodeSelector)
    /// Nodes take pods again.
    case uncordon(NodeSelector)
    /// Nodes get labels, or lose them.
    case label(NodeSelector, [NodeLabelEdit])
    /// Nodes die.
    case failNode(NodeSelector)
    /// Dead nodes come back.
    case recoverNode(NodeSelector)
    /// Pods fail at once, with all their containers.
    case killPod(PodSelector)
    /// A container of pods exits.
    case crashContainer(PodSelector, container: String?, exitCode: Int32)
    /// The readiness probes of pods pass or fail.
    case setReady(PodSelector, Bool)
    /// Time passes.
    case wait(Duration)
    /// Everything happens that does not need a delay to end.
    case settle
    /// Objects are remembered by uid, with the nodes that pods are on, the time, and how much was written.
    case save(String, SavedSubject?)
    /// Assertions are checked.
    case expect([Assertion], Patience)
    /// Assertions are checked from now on, after every change.
    case watch([Invariant])
    /// Invariants with these names are not checked any more; without names, none is.
    case unwatch([String])
    /// The operator restarts: what it had queued is lost, and it looks at every object.
    case restartOperator
    /// The operator looks at every object.
    case resync
  }
}

/// A change of one field.
public enum ScenarioEdit: Sendable, Equatable {
  /// The field gets a value, or with nil goes away.
  case set(ValuePath, Value?)
  /// A JSON merge patch.
  case merge(Value)
}

/// How objects are deleted.
public struct Deletion: Sendable, Equatable {
  /// What happens to dependents.
  public enum Dependents: String, Sendable, CaseIterable {
    /// The garbage collector deletes them afterwards.
    case background
    /// They go first.
    case foreground
    /// They stay.
    case orphan
  }

  /// What happens to dependents.
  public var dependents = Dependents.background
  /// How long pods may take to end; their own grace period unless given.
  public var gracePeriod: Duration?

  /// A deletion in the background.
  public init() {}
}

/// What is remembered under a name.
public enum SavedSubject: Sendable, Equatable {
  /// Pods.
  case pods(PodSelector)
  /// Other objects.
  case objects(ObjectSelector)
  /// Nodes.
  case nodes(NodeSelector)
}

/// For how long assertions are checked.
public enum Patience: Sendable, Equatable {
  /// Once, when the cluster has come to rest.
  case settled
  /// Once, at this very moment.
  case now
  /// Until all hold at the same time, at most so long.
  case within(Duration)
  /// After every change for so long; all must hold all the time.
  case throughout(Duration)
}

/// An assertion that is checked after every change.
public struct Invariant: Sendable, Equatable {
  /// The assertion.
  public var assertion: Assertion
  /// Whether it must never hold, instead of always.
  public var isForbidden: Bool

  /// An invariant.
  public init(_ assertion: Assertion, isForbidden: Bool) {
    self.assertion = assertion
    self.isForbidden = isForbidden
  }
}
