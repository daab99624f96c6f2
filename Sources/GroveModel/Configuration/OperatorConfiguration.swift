/// A scheduler that Grove can hand gangs to (C-045).
public enum SchedulerBackend: String, Sendable, Hashable, CaseIterable {
  /// KAI Scheduler.
  case kai = "kai-scheduler"
  /// The scheduler of Kubernetes.
  case defaultScheduler = "default-scheduler"
  /// Volcano.
  case volcano = "volcano"
  /// LPX.
  case lpx = "lpx-scheduler"

  /// Whether the backend has topology objects of its own: KAI only.
  public var managesTopology: Bool { self == .kai }
}

/// The parts of the operator's configuration that decide what is made of a PodCliqueSet.
///
/// The whole of `operator.config.grove.io/v1alpha1` is decoded, defaulted and validated by
/// ``OperatorConfigurationFile``; this is what reconcile and admission look at.
public struct OperatorConfiguration: Sendable, Equatable {
  /// The enabled backends in the order of `scheduler.profiles` (C-045); always has `default-scheduler`.
  public var schedulerProfiles: [SchedulerBackend] = [.defaultScheduler]
  /// The backend of pods that name none (C-048).
  public var defaultScheduler: SchedulerBackend = .defaultScheduler
  /// Whether topology constraints are honoured (C-043).
  public var topologyAwareSchedulingEnabled = false
  /// Whether ComputeDomains are made (C-044).
  public var autoMNNVLEnabled = false
  /// Registry and repository of the startup init container, without tag (C-010); nil fails pods that need it
  ///
  public var initContainerImage: String? = "grove-initc"
  /// The operator's version: the tag of the startup init container.
  public var operatorVersion = "v0.1.0-dev"

  /// The operator's own defaults: the default scheduler only, no topology, no MNNVL.
  public init() {}

  /// The backend with a name, if it is enabled.
  public func backend(named name: String) -> SchedulerBackend? {
    schedulerProfiles.first { $0.rawValue == name }
  }
}
