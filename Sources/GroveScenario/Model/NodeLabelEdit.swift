internal import GroveSimulate

/// A label that nodes get, or lose.
public struct NodeLabelEdit: Sendable, Hashable {
  /// The key.
  public var key: String
  /// The value, with `{n}` for the place of a node among those that are labelled, from 0; nil removes the label.
  public var value: NodeText?
}
