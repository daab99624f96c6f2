public import GroveModel
public import KubernetesModel

/// A write of the operator that changed something, with the pass that made it and why.
public struct AppliedWrite: Sendable, Equatable {
  /// What was done.
  public enum Verb: String, Sendable, Equatable {
    /// An object was created.
    case create
    /// Metadata or spec changed.
    case update
    /// The status changed.
    case updateStatus
    /// The object was deleted, or marked to be.
    case delete
  }

  /// What was done.
  public var verb: Verb
  /// To which object.
  public var object: ObjectKey
  /// The object that the pass was about.
  public var pass: ObjectKey
  /// The rule that asked for it.
  public var rule: RuleID
  /// Why, in words.
  public var reason: String
  /// When.
  public var time: Timestamp
}
