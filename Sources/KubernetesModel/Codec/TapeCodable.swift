/// A type that is read from and written to a ``Tape``.
///
/// Decoding never throws: problems are collected in the decoder, all of them, and the value keeps its zero in the
/// place of what could not be read.
public protocol TapeCodable: Sendable, Equatable {
  /// The zero value, as Go has it: empty, absent, 0, false.
  init()

  /// Reads the value at a node. A null reads as the zero value.
  init(from node: Int, in decoder: inout TapeDecoder)

  /// Writes the value.
  func encode(to encoder: inout TapeEncoder)

  /// Whether the value is the zero value, which `omitempty` fields leave out.
  var isZero: Bool { get }
}

extension TapeCodable {
  /// Whether the value equals a fresh one.
  public var isZero: Bool { self == Self() }
}

/// A field of an object that is being decoded.
public struct DecodedField {
  /// The number of the name in the vocabulary; 0 for a name no type has.
  public let symbol: UInt16
  /// The index of the key node; the value's node follows it.
  public let key: Int

  /// The index of the value's node.
  public var value: Int { key + 1 }
}

/// A position among the fields of an object.
public struct FieldCursor {
  var position: Int
  let end: Int
}

/// Reads typed values from a ``Tape`` and collects what is wrong with them.
public struct TapeDecoder {
  /// The tape being read.
  public let tape: Tape
  /// What was wrong, in document order of discovery.
  public private(set) var issues: [DecodingIssue] = []
  /// Whether fields that no type has are reported. They are kept either way.
  public let reportsUnknownFields: Bool

  /// A decoder for a tape.
  public init(_ tape: Tape, reportsUnknownFields: Bool = true) {
    self.tape = tape
    self.reportsUnknownFields = reportsUnknownFields
  }

  /// Decodes the value at a node.
  public mutating func decode<T: TapeCodable>(_ type: T.Type = T.self, at node: Int) -> T {
    T(from: node, in: &self)
  }

  /// The node at an index.
  @inline(__always)
  public func node(_ index: Int) -> TapeNode { tape.nodes[index] }

  /// Starts reading an object. Nil, with an issue unless it is null, when the node is something else.
  public mutating func object(_ index: Int) -> FieldCursor? {
    let node = tape.nodes[index]
    if node.kind == .object { return FieldCursor(position: index + 1, end: Int(node.next)) }
    if node.kind != .null { mismatch(index, .object) }
    return nil
  }

  /// The next field of an object, or nil at its end.
  @inline(__always)
  public func next(_ cursor: inout FieldCursor) -> DecodedField? {
    guard cursor.position < cursor.end else { return nil }
    let key = cursor.position
    cursor.position = Int(tape.nodes[key + 1].next)
    return DecodedField(symbol: tape.nodes[key].symbol, key: key)
  }

  /// Decodes a field's value.
  public mutating func value<T: TapeCodable>(_ field: DecodedField) -> T {
    T(from: field.key + 1, in: &self)
  }

  /// Decodes an optional field's value: null is nil, and remembered.
  public mutating func optional<T: TapeCodable>(_ field: DecodedField, _ preserved: inout Preserved) -> T? {
    if tape.nodes[field.key + 1].kind == .null {
      preserved.markNull(FieldSymbol(field.symbol))
      return nil
    }
    return T(from: field.key + 1, in: &self)
  }

  /// Decodes a field whose explicit emptiness (`[]`, `{}`, null) is worth remembering.
  public mutating func collection<T: TapeCodable>(
    _ field: DecodedField, _ preserved: inout Preserved
  ) -> T {
    let node = tape.nodes[field.key + 1]
    let value = T(from: field.key + 1, in: &self)
    if node.kind == .null {
      preserved.markNull(FieldSymbol(field.symbol))
    } else if node.length <= 4, node.kind == .array || node.kind == .object, value.isZero {
      // An object may also say nothing in many words: `{desiredReplicas: 0}`. Long ones never do.
      preserved.markEmpty(FieldSymbol(field.symbol))
    }
    return value
  }

  /// Keeps a field that the type does not have, and reports it.
  public mutating func unknown(_ field: DecodedField, _ preserved: inout Preserved) {
    if reportsUnknownFields { issues.append(DecodingIssue(kind: .unknownField, node: field.key)) }
    preserved.keep(tape.string(at: field.key), Value(tape: tape, index: field.value).detached())
  }

  /// Reports a value of the wrong kind.
  @inline(never)
  public mutating func mismatch(_ node: Int, _ expected: DecodingIssue.Expected) {
    issues.append(DecodingIssue(kind: .mismatch(expected), node: node))
  }

  /// Reports a value of the right kind that cannot be read.
  @inline(never)
  public mutating func malformed(_ node: Int, _ reason: String) {
    issues.append(DecodingIssue(kind: .malformed(reason), node: node))
  }
}

/// Something wrong with a document, found while decoding it.
public struct DecodingIssue: Sendable, Equatable {
  /// What kind of value a field takes.
  public enum Expected: Sendable, Equatable {
    /// A string.
    case string
    /// `true` or `false`.
    case boolean
    /// An integer that fits the given number of bits.
    case integer(bits: Int)
    /// Any number.
    case number
    /// A quantity: a string or a number.
    case quantity
    /// An integer or a string.
    case integerOrString
    /// A list.
    case array
    /// A mapping.
    case object
  }

  /// What is wrong.
  public enum Kind: Sendable, Equatable {
    /// No type has a field of this name here.
    case unknownField
    /// The value is of another kind, or out of range for a number.
    case mismatch(Expected)
    /// The value is of the right kind but its text is wrong, for the given reason.
    case malformed(String)
  }

  /// What is wrong.
  public var kind: Kind
  /// The node it is about: the key of an unknown field, otherwise the value.
  public var node: Int
}
