public import GroveModel

/// What happened to one object: it came, changed, or went.
public struct Change: Sendable, Equatable {
  /// The object before; nil when it is new.
  public var old: Resource?
  /// The object now; nil when it is gone.
  public var new: Resource?

  /// A change.
  public init(old: Resource?, new: Resource?) {
    self.old = old
    self.new = new
  }
}
