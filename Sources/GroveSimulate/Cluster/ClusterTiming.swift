public import KubernetesModel

/// How long things take on the nodes of a simulated cluster, in virtual time.
public struct ClusterTiming: Sendable, Equatable {
  /// From the bind of a pod until its first container can start: volumes, sandbox, images.
  public var imagePull = Duration.seconds(2)
  /// How long an init container runs; `grove-initc` runs until what it waits for is up.
  public var initContainer = Duration.seconds(1)
  /// From the moment the main containers may start until they run.
  public var containerStart = Duration.seconds(1)
  /// From running to Ready.
  public var readiness = Duration.seconds(1)
  /// From the request to end until the containers are gone; never longer than the pod's grace period.
  public var termination = Duration.seconds(1)
  /// How long a container that crashed for the second time waits for its restart. It doubles with each further crash.
  public var crashBackoff = Duration.seconds(10)
  /// The longest such wait.
  public var crashBackoffLimit = Duration.minutes(5)
  /// How long a node may be silent until it counts as not ready.
  public var nodeMonitorGracePeriod = Duration.seconds(50)
  /// How long pods without a toleration of their own stay on a node that is not ready.
  public var eviction = Duration.seconds(300)

  /// The durations of an ordinary cluster with small images.
  public init() {}

  /// Nothing takes time: what is left is the order in which things happen.
  public static var instant: ClusterTiming {
    var timing = ClusterTiming()
    timing.imagePull = .zero
    timing.initContainer = .zero
    timing.containerStart = .zero
    timing.readiness = .zero
    timing.termination = .zero
    timing.crashBackoff = .zero
    timing.crashBackoffLimit = .zero
    timing.nodeMonitorGracePeriod = .zero
    timing.eviction = .zero
    return timing
  }
}
