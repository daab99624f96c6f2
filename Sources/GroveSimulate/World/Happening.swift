public import GroveReconcile
public import KubernetesModel

/// Something that happened in a simulated cluster.
public struct Happening: Sendable, Equatable {
  /// What it was.
  public enum What: Sendable, Equatable {
    /// An object came, changed or went.
    case change(Change)
    /// Somebody outside did something, or misfortune struck.
    case action(ClusterAction)
    /// An event was reported.
    case event(ObjectEvent)
  }

  /// When.
  public var time: Timestamp
  /// What it was.
  public var what: What

  /// Something that happened.
  public init(time: Timestamp, what: What) {
    self.time = time
    self.what = what
  }
}
