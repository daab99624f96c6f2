public import GroveSchedule

/// What runs in a simulated cluster beside the API server and the operator.
public struct ClusterSetup: Sendable {
  /// How fast nodes work; nil for a cluster without kubelets, in which pods stay as they are bound.
  public var kubelets: ClusterTiming?
  /// The scheduler; nil for a cluster without one, in which pods stay pending.
  public var scheduler: Scheduler?
  /// Whether the operator learns of changes only when ``World/Step/deliver(_:)`` brings them, each kind on its own.
  /// Its own writes it sees at once.
  public var watchesLag = false
  /// Whether ``World/history`` is kept.
  public var keepsHistory = false

  /// Neither kubelets nor scheduler: what ``expand(_:with:configuration:seed:)`` works with.
  public init() {}

  /// A whole cluster.
  public init(kubelets: ClusterTiming, scheduler: Scheduler = Scheduler()) {
    self.kubelets = kubelets
    self.scheduler = scheduler
  }
}
