/// What one node of a ``Tape`` is.
public enum TapeKind: UInt8, Sendable, Equatable {
  /// JSON `null`, YAML `null`, `~` or nothing.
  case null
  /// `true` or `false`.
  case boolean
  /// A number without fraction and exponent. Its text is decimal.
  case integer
  /// Any other number. Its text is a JSON number.
  case float
  /// A string.
  case string
  /// A list.
  case array
  /// A mapping. Its children are pairs of a ``key`` node and a value node.
  case object
  /// The name of a member of an ``object``.
  case key
}

/// One entry of a ``Tape``: 24 bytes, no references.
///
/// A container is followed by its children; ``next`` jumps over them.
public struct TapeNode: Sendable {
  /// What the node is.
  public var kind: TapeKind
  /// For a boolean, 1 or 0; for an object, ``sortedFlag``.
  package var flags: UInt8
  /// For a key, the number of its name in ``FieldNames``; 0 for a name that is not listed there.
  public var symbol: UInt16
  /// The index of the first node after this one and everything inside it.
  public var next: UInt32
  /// Where the text begins in the tape's bytes. Unused for containers and for keys with a symbol.
  package var offset: UInt32
  /// Length of the text in bytes; for a container, the number of elements or members.
  public var length: UInt32
  /// Line of the first character in the source, counted from 1; 0 when there is no source.
  public var line: UInt32
  /// Column of the first character in the source in bytes, counted from 1; 0 when there is no source.
  public var column: UInt32

  /// Set on objects whose members are already in byte order of their names.
  package static var sortedFlag: UInt8 { 1 }
}
