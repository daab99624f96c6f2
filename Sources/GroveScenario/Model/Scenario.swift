public import GroveModel
public import GroveSchedule
internal import GroveSimulate
public import KubernetesModel

/// A story about a cluster: what it looks like, what happens to it, and what is to be so.
///
/// Read by ``ScenarioReader``, run by ``ScenarioRunner``.
public struct Scenario: Sendable, Equatable {
  /// What the scenario needs to be meaningful on a real cluster.
  public enum Need: String, Sendable, CaseIterable {
    /// An API server and the operator.
    case reconcile
    /// A gang scheduler, too.
    case scheduler
    /// Kubelets that run containers, too.
    case kubelet
  }

  /// A short id, such as `GS-2`; empty when there is none.
  public var id = ""
  /// What it is about, in a few words.
  public var title = ""
  /// What it is about, in detail.
  public var about = ""
  /// What it needs.
  public var need = Need.reconcile
  /// The namespace of objects that name none.
  public var namespace = "default"
  /// The cluster.
  public var cluster = ScenarioCluster()
  /// The operator's configuration.
  public var configuration = OperatorConfiguration.kaiWithTopology
  /// Whether there is a scheduler.
  public var hasScheduler = true
  /// How the scheduler chooses where there is a choice.
  public var policy = Policy()
  /// Whether there are kubelets.
  public var hasKubelets = true
  /// Whether kubelets take no time at all; otherwise ``timing`` says what differs from their usual durations.
  public var isInstant = false
  /// Durations that differ from the usual ones, by name (``ScenarioTiming``).
  public var timing: [ScenarioTiming: Duration] = [:]
  /// What generated names and uids come from.
  public var seed: UInt64 = 0
  /// Objects that are applied before the first step.
  public var setup: [Resource] = []
  /// What is checked after every change of the whole run.
  public var invariants: [Invariant] = []
  /// The steps, in order.
  public var steps: [ScenarioStep] = []

  /// An empty scenario.
  public init() {}

  /// The id and the title, as far as they are given.
  public var name: String { [id, title].filter { !$0.isEmpty }.joined(separator: " ") }
}

/// A duration of the simulated kubelets and of the life of nodes.
public enum ScenarioTiming: String, Sendable, Hashable, CaseIterable {
  /// From a pod's bind until its first container can start.
  case imagePull
  /// The run of an init container other than Grove's.
  case initContainer
  /// From containers being created until they run.
  case containerStart
  /// From running until Ready.
  case readiness
  /// From the signal to end until gone, never longer than the grace period.
  case termination
  /// The first wait in CrashLoopBackOff; it doubles.
  case crashBackoff
  /// The longest wait in CrashLoopBackOff.
  case crashBackoffLimit
  /// Until a dead node becomes NotReady.
  case nodeMonitorGracePeriod
  /// Until the pods of a node that is NotReady are deleted.
  case eviction
}
