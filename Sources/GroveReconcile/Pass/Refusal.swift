internal import GroveModel
internal import KubernetesModel

/// A write of a pass that the API refused for good: invalid, forbidden, the name taken.
///
/// A pass decides before it writes, so it cannot know what will be refused. Whoever carries out its steps stops at
/// the refused one and asks again with the refusals so far and the state as the steps before left it: that pass
/// counts the refused write as failed, stops where the rules stop, and tells it in status and events.
public struct Refusal: Sendable, Equatable {
  /// The write.
  public var action: Action
  /// What the API said.
  public var message: String

  /// A refusal.
  public init(_ action: Action, message: String) {
    self.action = action
    self.message = message
  }
}

extension Action {
  /// Whether both do the same to the same object, whatever they write.
  ///
  /// Pods have no name before they exist; they are the same when their host name is.
  func isSameWrite(as other: Action) -> Bool {
    switch (self, other) {
    case (.create(.pod(let a)), .create(.pod(let b))):
      a.metadata.namespace == b.metadata.namespace && a.spec.hostname == b.spec.hostname
    case (.create(let a), .create(let b)): a.key == b.key
    case (.update(let a, _), .update(let b, _)): a.key == b.key
    case (.updateStatus(let a, _), .updateStatus(let b, _)): a.key == b.key
    case (.delete(let a), .delete(let b)): a == b
    default: false
    }
  }
}
