/// An untyped part of a document: ordered, lossless, cheap to copy.
///
/// A value is a position on a ``Tape``. Fields whose type this library does not model (legacy volume sources,
/// backend parameters) are values; so is every document before it is decoded.
///
/// Two values are equal when they mean the same JSON: the order of members does not count.
///
/// ```swift
/// let value = Value.object(["replicas": .integer(2)])
/// value["replicas"]?.integerValue  // 2
/// ```
public struct Value: Sendable {
  /// The tape that holds the value.
  public let tape: Tape
  /// The index of the value's node on the tape.
  public let index: Int

  /// The value at a position on a tape.
  public init(tape: Tape, index: Int) {
    self.tape = tape
    self.index = index
  }

  /// A value with a tape of its own, so that the document it came from can be freed.
  ///
  /// - Complexity: O(nodes in the value).
  public func detached() -> Value {
    let node = tape[index]
    var builder = TapeBuilder(nodeCapacity: Int(node.next) - index, byteCapacity: 64)
    builder.append(self)
    return Value(tape: builder.finish(), index: 0)
  }

  /// What the value is.
  public var kind: TapeKind { tape[index].kind }
  /// Whether the value is null.
  public var isNull: Bool { kind == .null }
  /// The number of elements or members; 0 for scalars.
  public var count: Int { kind == .object || kind == .array ? Int(tape[index].length) : 0 }
  /// The string, or nil when the value is not one.
  public var stringValue: String? { kind == .string ? tape.string(at: index) : nil }
  /// The text of a string or a number, `true` or `false` for a boolean; nil for the rest.
  public var scalarText: String? {
    switch kind {
    case .string, .integer, .float: tape.string(at: index)
    case .boolean: tape[index].flags == 1 ? "true" : "false"
    case .null, .array, .object, .key: nil
    }
  }
  /// The boolean, or nil when the value is not one.
  public var booleanValue: Bool? { kind == .boolean ? tape[index].flags == 1 : nil }
  /// The integer, or nil when the value is not one or does not fit.
  public var integerValue: Int64? { kind == .integer ? parseInteger(tape.text(tape[index])) : nil }
  /// The number, or nil when the value is not one.
  public var doubleValue: Double? {
    kind == .integer || kind == .float ? Double(tape.string(at: index)) : nil
  }

  /// The member called `name`, or nil.
  ///
  /// - Complexity: O(members).
  public subscript(name: String) -> Value? {
    tape.member(name, of: index).map { Value(tape: tape, index: $0) }
  }

  /// The element at a position of an array, or nil.
  ///
  /// - Complexity: O(position).
  public subscript(position: Int) -> Value? {
    guard kind == .array, position >= 0 else { return nil }
    for (current, element) in elements.enumerated() where current == position { return element }
    return nil
  }

  /// The elements of an array, in order. Empty for anything else.
  public var elements: [Value] {
    guard kind == .array else { return [] }
    let end = Int(tape[index].next)
    var result: [Value] = []
    result.reserveCapacity(count)
    var cursor = index + 1
    while cursor < end {
      result.append(Value(tape: tape, index: cursor))
      cursor = Int(tape[cursor].next)
    }
    return result
  }

  /// The members of an object, in document order. Empty for anything else.
  public var members: [(name: String, value: Value)] {
    guard kind == .object else { return [] }
    let end = Int(tape[index].next)
    var result: [(name: String, value: Value)] = []
    result.reserveCapacity(count)
    var cursor = index + 1
    while cursor < end {
      result.append((tape.string(at: cursor), Value(tape: tape, index: cursor + 1)))
      cursor = Int(tape[cursor + 1].next)
    }
    return result
  }

  // MARK: Making values

  /// A null.
  public static var null: Value { make { $0.null() } }
  /// A string.
  public static func string(_ text: String) -> Value { make { $0.string(text) } }
  /// An integer.
  public static func integer(_ number: Int64) -> Value { make { $0.integer(number) } }
  /// A boolean.
  public static func boolean(_ flag: Bool) -> Value { make { $0.boolean(flag) } }
  /// An array.
  public static func array(_ elements: [Value]) -> Value {
    make { builder in
      builder.beginArray()
      for element in elements { builder.append(element) }
      builder.endArray()
    }
  }
  /// An object with the given members, in the given order.
  public static func object(_ members: KeyValuePairs<String, Value>) -> Value {
    object(members.map { ($0.key, $0.value) })
  }
  /// An object with the given members, in the given order.
  public static func object(_ members: [(String, Value)]) -> Value {
    make { builder in
      builder.beginObject()
      for (name, value) in members {
        builder.key(name)
        builder.append(value)
      }
      builder.endObject()
    }
  }

  /// A typed value as an untyped one.
  public init(encoding value: some TapeCodable) {
    var encoder = TapeEncoder()
    value.encode(to: &encoder)
    self.init(tape: encoder.finish(), index: 0)
  }

  private static func make(_ body: (inout TapeBuilder) -> Void) -> Value {
    var builder = TapeBuilder(nodeCapacity: 8, byteCapacity: 64)
    body(&builder)
    return Value(tape: builder.finish(), index: 0)
  }
}

extension Value: Equatable {
  /// Whether two values mean the same JSON.
  ///
  /// - Complexity: O(n log n) in the larger object.
  public static func == (lhs: Value, rhs: Value) -> Bool {
    let (a, b) = (lhs.tape[lhs.index], rhs.tape[rhs.index])
    guard a.kind == b.kind else { return false }
    switch a.kind {
    case .null: return true
    case .boolean: return a.flags == b.flags
    case .string, .integer, .float, .key: return sameBytes(lhs.tape.text(a), rhs.tape.text(b))
    case .array:
      guard a.length == b.length else { return false }
      return zip(lhs.elements, rhs.elements).allSatisfy { $0 == $1 }
    case .object:
      guard a.length == b.length else { return false }
      let left = lhs.sortedMembers
      let right = rhs.sortedMembers
      return zip(left, right).allSatisfy { first, second in
        sameBytes(lhs.tape.text(lhs.tape[first]), rhs.tape.text(rhs.tape[second]))
          && Value(tape: lhs.tape, index: first + 1) == Value(tape: rhs.tape, index: second + 1)
      }
    }
  }

  /// Indices of the key nodes in byte order of the names.
  package var sortedMembers: [Int] { tape.sortedMembers(of: index) }
}

extension Tape {
  /// Indices of the key nodes of an object in byte order of the names.
  package func sortedMembers(of index: Int) -> [Int] {
    let end = Int(self[index].next)
    var keys: [Int] = []
    keys.reserveCapacity(Int(self[index].length))
    var cursor = index + 1
    while cursor < end {
      keys.append(cursor)
      cursor = Int(nodes[cursor + 1].next)
    }
    if self[index].flags & TapeNode.sortedFlag == 0 {
      keys.sort { bytesPrecede(text(nodes[$0]), text(nodes[$1])) }
    }
    return keys
  }
}

/// The 64-bit integer that a decimal text says, or nil.
@inline(__always)
package func parseInteger(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
  guard text.count > 0, text.count <= 20 else { return nil }
  let negative = text[0] == 0x2D
  var index = negative || text[0] == 0x2B ? 1 : 0
  guard index < text.count else { return nil }
  var value: Int64 = 0
  while index < text.count {
    let digit = text[index] &- 0x30
    guard digit <= 9 else { return nil }
    let (scaled, overflow1) = value.multipliedReportingOverflow(by: 10)
    let (sum, overflow2) =
      negative
      ? scaled.subtractingReportingOverflow(Int64(digit)) : scaled.addingReportingOverflow(Int64(digit))
    if overflow1 || overflow2 { return nil }
    value = sum
    index += 1
  }
  return value
}
