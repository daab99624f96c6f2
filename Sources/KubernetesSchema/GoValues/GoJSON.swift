public import KubernetesModel

/// JSON as Go's `encoding/json` writes the API's structs: what the webhooks answer with and print in
/// messages.
///
/// That differs from the JSON of a manifest. Fields come in the order of the struct's declaration and map
/// entries in byte order of their keys. Fields without `omitempty` are written even when empty: a missing
/// list becomes `null`, a missing text `""`. Plain structs are always written: a container has
/// `"resources":{}`. Quantities, durations and times are canonical; `<`, `>` and `&` are escaped. What the
/// struct has no field for is left out.
public enum GoJSON {
  /// The JSON text of a value.
  ///
  /// - Parameters:
  ///   - value: the value, as a manifest or a typed value has it.
  ///   - type: the name of its type in the table.
  ///   - table: the table with the type and all it refers to.
  /// - Returns: nil when the table has no such type.
  /// - Complexity: O(nodes in the value + fields of its types).
  public static func string(_ value: Value, type: String, in table: SchemaTable) -> String? {
    self.value(value, type: type, in: table).map { text(of: $0) }
  }

  /// The JSON text of a list of values of one type, as Go prints a slice.
  ///
  /// - Returns: nil when the table has no such type.
  public static func string(_ values: [Value], type: String, in table: SchemaTable) -> String? {
    var texts: [String] = []
    for value in values {
      guard let text = string(value, type: type, in: table) else { return nil }
      texts.append(text)
    }
    return "[" + texts.joined(separator: ",") + "]"
  }

  /// The value as Go decodes and encodes it again, with source positions where it had them.
  ///
  /// This is the object that a mutating webhook hands back to the API server.
  ///
  /// - Parameters:
  ///   - value: the value, as a manifest or a typed value has it.
  ///   - type: the name of its type in the table.
  ///   - table: the table with the type and all it refers to.
  ///   - submitted: for a typed value, what it was decoded from. Go tells a missing list (`null`) from an
  ///     empty one (`[]`), typed values here do not: an empty list that was not submitted is written as missing.
  ///   - remade: names of lists that Go code makes anew, and which therefore are never missing.
  /// - Returns: nil when the table has no such type.
  /// - Complexity: O(nodes in the value + fields of its types).
  public static func value(
    _ value: Value, type: String, in table: SchemaTable, submitted: Value? = nil, remade: [String] = []
  ) -> Value? {
    guard let index = table.storage.index(of: type) else { return nil }
    var writer = GoJSONWriter(
      storage: table.storage, tape: value.tape, submittedTape: submitted?.tape, remade: remade)
    writer.writeStruct(
      value.kind == .object ? value.index : nil, type: index, submitted: submitted?.index)
    return Value(tape: writer.builder.finish(), index: 0)
  }

  /// The compact text of a value whose members are in Go's order already.
  private static func text(of value: Value) -> String {
    JSONWriter.string(value, options: .init(sortsMembers: false, escapesHTML: true))
  }
}

private struct GoJSONWriter: ~Copyable {
  let storage: SchemaTable.Storage
  let tape: Tape
  let submittedTape: Tape?
  let remade: [String]
  var builder: TapeBuilder

  init(storage: SchemaTable.Storage, tape: Tape, submittedTape: Tape?, remade: [String]) {
    self.storage = storage
    self.tape = tape
    self.submittedTape = submittedTape
    self.remade = remade
    builder = TapeBuilder(nodeCapacity: tape.count + 64, byteCapacity: 1024)
  }

  /// Writes a struct; without a node, the zero struct.
  ///
  /// - Parameter submitted: the node of what the struct was decoded from, on the tape of what was submitted.
  mutating func writeStruct(_ index: Int?, type: Int, submitted: Int?) {
    let node = index.map { tape[$0] }
    builder.beginObject(line: Int(node?.line ?? 0), column: Int(node?.column ?? 0))
    for field in storage.types[type].fields {
      let shape = storage.fields[field]
      let member = index.flatMap { self.member(shape.symbol, of: $0, in: tape) }
      if let member, !isLeftOut(member + 1, shape) {
        let key = tape[member]
        let origin = self.origin(of: shape.symbol, in: submitted)
        tape.withText(at: member) { builder.key($0, line: Int(key.line), column: Int(key.column)) }
        if isMissing(member, shape, origin) {
          builder.null()
        } else {
          write(member + 1, shape, depth: 0, submitted: origin)
        }
      } else if let zero = zero(of: shape) {
        builder.key(FieldSymbol(shape.symbol))
        write(zero)
      }
    }
    builder.endObject()
  }

  /// The node of a field's value in what was submitted.
  private func origin(of symbol: UInt16, in parent: Int?) -> Int? {
    guard let submittedTape, let parent, submittedTape[parent].kind == .object,
      let key = member(symbol, of: parent, in: submittedTape)
    else { return nil }
    return submittedTape[key + 1].kind == .null ? nil : key + 1
  }

  /// Whether an empty list was not there when the object was submitted.
  private func isMissing(_ key: Int, _ shape: SchemaTable.Field, _ origin: Int?) -> Bool {
    guard submittedTape != nil, origin == nil, shape.wraps != 0, tape[key + 1].length == 0 else {
      return false
    }
    return !remade.contains(tape.string(at: key))
  }

  /// The last member with a name, as Go takes it when there are several.
  private func member(_ symbol: UInt16, of index: Int, in tape: Tape) -> Int? {
    var found: Int?
    var cursor = index + 1
    while cursor < Int(tape[index].next) {
      if tape[cursor].symbol == symbol { found = cursor }
      cursor = Int(tape[cursor + 1].next)
    }
    return found
  }

  // MARK: Zero values

  private enum Zero {
    case null, text, number, flag, quantity, duration, structure(Int)
  }

  /// Whether a present value counts as missing: null, or empty where empty is left out or written as zero.
  private func isLeftOut(_ index: Int, _ shape: SchemaTable.Field) -> Bool {
    let node = tape[index]
    if node.kind == .null { return true }
    guard !shape.isPointer || shape.wraps != 0 else { return false }
    switch node.kind {
    case .array, .object: return shape.wraps != 0 && node.length == 0 && !shape.isAlwaysWritten
    case .string: return node.length == 0 && shape.wraps == 0
    case .boolean: return Value(tape: tape, index: index).booleanValue == false && shape.leaf == .boolean
    case .integer, .float:
      return shape.leaf != .quantity && shape.leaf != .intOrString
        && Double(tape.string(at: index)) == 0
    case .null, .key: return true
    }
  }

  /// What is written for a field that is missing or zero; nil when it is left out.
  private func zero(of shape: SchemaTable.Field) -> Zero? {
    if shape.wraps != 0 || shape.isPointer || shape.leaf == .any {
      return shape.isAlwaysWritten ? .null : nil
    }
    switch shape.leaf {
    case .object: return .structure(Int(shape.type))
    // These are structs in Go, which `omitempty` does not leave out.
    case .quantity: return .quantity
    case .intOrString: return .number
    case .time, .microTime: return shape.omitsZero ? nil : .null
    case .duration: return .duration
    case .string, .bytes: return shape.isAlwaysWritten ? .text : nil
    case .int32, .int64, .number: return shape.isAlwaysWritten ? .number : nil
    case .boolean: return shape.isAlwaysWritten ? .flag : nil
    case .any: return nil
    }
  }

  private mutating func write(_ zero: Zero) {
    switch zero {
    case .null: builder.null()
    case .text: builder.string("")
    case .number: builder.integer(0)
    case .flag: builder.boolean(false)
    case .quantity: builder.string("0")
    case .duration: builder.string("0s")
    case .structure(let type): writeStruct(nil, type: type, submitted: nil)
    }
  }

  // MARK: Values

  private mutating func write(
    _ index: Int, _ shape: SchemaTable.Field, depth: Int, submitted: Int?
  ) {
    let node = tape[index]
    switch (shape.wrap(at: depth), node.kind) {
    case (.array, .array):
      builder.beginArray(line: Int(node.line), column: Int(node.column))
      var cursor = index + 1
      let list = elements(of: submitted)
      var origin = list.first
      while cursor < Int(node.next) {
        write(cursor, shape, depth: depth + 1, submitted: origin)
        cursor = Int(tape[cursor].next)
        origin = next(after: origin, before: list.end)
      }
      builder.endArray()
    case (.map, .object):
      builder.beginObject(line: Int(node.line), column: Int(node.column))
      for key in tape.sortedMembers(of: index) {
        tape.withText(at: key) {
          builder.key($0, line: Int(tape[key].line), column: Int(tape[key].column))
        }
        write(key + 1, shape, depth: depth + 1, submitted: nil)
      }
      builder.endObject()
    case (.none, _): writeLeaf(index, node, shape, submitted)
    // A value of another kind does not survive decoding.
    default: builder.null()
    }
  }

  /// The first element of a submitted list, and where the list ends.
  private func elements(of submitted: Int?) -> (first: Int?, end: Int) {
    guard let submittedTape, let submitted, submittedTape[submitted].kind == .array else { return (nil, 0) }
    let end = Int(submittedTape[submitted].next)
    return (submitted + 1 < end ? submitted + 1 : nil, end)
  }

  /// The submitted element after one, if any.
  private func next(after origin: Int?, before end: Int) -> Int? {
    guard let submittedTape, let origin else { return nil }
    let next = Int(submittedTape[origin].next)
    return next < end ? next : nil
  }

  private mutating func writeLeaf(
    _ index: Int, _ node: TapeNode, _ shape: SchemaTable.Field, _ submitted: Int?
  ) {
    let (line, column) = (Int(node.line), Int(node.column))
    switch (shape.leaf, node.kind) {
    case (.object, .object): writeStruct(index, type: Int(shape.type), submitted: submitted)
    case (.object, _): writeStruct(nil, type: Int(shape.type), submitted: nil)
    case (.any, _): writeSorted(index, node)
    case (.quantity, .string), (.quantity, .integer), (.quantity, .float):
      let text = tape.string(at: index)
      builder.string((try? Quantity(parsing: text))?.canonicalText ?? text, line: line, column: column)
    case (.duration, .string):
      let text = tape.string(at: index)
      builder.string(Duration(text)?.text ?? text, line: line, column: column)
    case (.time, .string):
      let text = tape.string(at: index)
      builder.string(Timestamp(text)?.text ?? text, line: line, column: column)
    case (.number, .integer), (.number, .float):
      let text = tape.string(at: index)
      writeNumber(Double(text).map { GoText.json($0) } ?? text, line: line, column: column)
    case (_, .null):
      switch shape.leaf {
      case .int32, .int64, .number, .intOrString: builder.integer(0, line: line, column: column)
      case .boolean: builder.boolean(false, line: line, column: column)
      case .quantity: builder.string("0", line: line, column: column)
      case .duration: builder.string("0s", line: line, column: column)
      case .time, .microTime, .object, .any: builder.null(line: line, column: column)
      case .string, .bytes: builder.string("", line: line, column: column)
      }
    default: builder.append(Value(tape: tape, index: index))
    }
  }

  private mutating func writeNumber(_ text: String, line: Int, column: Int) {
    var text = text
    let isWhole = !text.utf8.contains(UInt8(ascii: ".")) && !text.utf8.contains(UInt8(ascii: "e"))
    text.withUTF8 { builder.scalar(isWhole ? .integer : .float, $0, line: line, column: column) }
  }

  /// Writes an opaque part, which reached Go with its members sorted.
  private mutating func writeSorted(_ index: Int, _ node: TapeNode) {
    switch node.kind {
    case .object:
      builder.beginObject(line: Int(node.line), column: Int(node.column))
      for key in tape.sortedMembers(of: index) {
        tape.withText(at: key) {
          builder.key($0, line: Int(tape[key].line), column: Int(tape[key].column))
        }
        writeSorted(key + 1, tape[key + 1])
      }
      builder.endObject()
    case .array:
      builder.beginArray(line: Int(node.line), column: Int(node.column))
      var cursor = index + 1
      while cursor < Int(node.next) {
        writeSorted(cursor, tape[cursor])
        cursor = Int(tape[cursor].next)
      }
      builder.endArray()
    default: builder.append(Value(tape: tape, index: index))
    }
  }
}
