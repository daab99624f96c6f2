public import KubernetesModel

extension StructuralSchema {
  /// The object as the API server sees it after decoding: unknown fields are gone, nulls of fields that
  /// cannot be null are gone or replaced by the default, and defaults are filled in.
  ///
  /// Source positions stay.
  ///
  /// - Complexity: O(nodes in the value).
  public func admitted(_ value: Value) -> Value {
    rewritten(value, [.dropsUnknown, .dropsNulls, .fillsDefaults])
  }

  /// The object with defaults filled in and nothing taken away, as the API server treats what a mutating
  /// webhook answers.
  ///
  /// - Complexity: O(nodes in the value).
  public func defaulted(_ value: Value) -> Value { rewritten(value, .fillsDefaults) }

  /// The object without the nulls that the API server takes away: those of fields and map entries that cannot be null.
  /// Everything else stays. An object without nulls is returned as it is.
  ///
  /// - Complexity: O(nodes in the value).
  public func withoutNulls(_ value: Value) -> Value {
    let nodes = value.index..<Int(value.tape[value.index].next)
    return nodes.contains { value.tape[$0].kind == .null } ? rewritten(value, .dropsNulls) : value
  }

  private func rewritten(_ value: Value, _ steps: AdmissionSteps) -> Value {
    guard value.kind == .object else { return value }
    var writer = AdmissionWriter(schema: self, tape: value.tape, steps: steps)
    writer.write(value.index, rootPlace)
    return Value(tape: writer.builder.finish(), index: 0)
  }
}

/// What is done to an object on its way through the API server's decoding.
private struct AdmissionSteps: OptionSet {
  let rawValue: Int

  static let dropsUnknown = AdmissionSteps(rawValue: 1)
  static let dropsNulls = AdmissionSteps(rawValue: 2)
  static let fillsDefaults = AdmissionSteps(rawValue: 4)
}

private struct AdmissionWriter: ~Copyable {
  let schema: StructuralSchema
  let tape: Tape
  let steps: AdmissionSteps
  var builder: TapeBuilder

  init(schema: StructuralSchema, tape: Tape, steps: AdmissionSteps) {
    self.schema = schema
    self.tape = tape
    self.steps = steps
    builder = TapeBuilder(nodeCapacity: tape.count + 32, byteCapacity: 1024)
  }

  mutating func write(_ index: Int, _ place: StructuralSchema.Place) {
    let node = tape[index]
    switch node.kind {
    case .object:
      if place.wrap == .map {
        writeMap(index, node, place.inside)
      } else if place.wrap == .none, place.leaf == .any {
        copy(index)
      } else {
        writeObject(index, node, place)
      }
    case .array:
      if place.wrap == .none, place.leaf == .any {
        copy(index)
        return
      }
      let inner =
        place.wrap == .array
        ? place.inside : StructuralSchema.Place(leaf: .object, wraps: 0, type: -1, field: -1)
      builder.beginArray(line: Int(node.line), column: Int(node.column))
      var cursor = index + 1
      while cursor < Int(node.next) {
        write(cursor, inner)
        cursor = Int(tape[cursor].next)
      }
      builder.endArray()
    case .float: writeFloat(index, node)
    case .integer where tape.withText(at: index, { parseInteger($0) }) == nil: writeFloat(index, node)
    default: copy(index)
    }
  }

  /// The server holds a float64, which Go writes without fraction when it is whole. It stays a float.
  private mutating func writeFloat(_ index: Int, _ node: TapeNode) {
    var text = Double(tape.string(at: index)).map { GoText.json($0) } ?? tape.string(at: index)
    text.withUTF8 { builder.scalar(.float, $0, line: Int(node.line), column: Int(node.column)) }
  }

  private mutating func copy(_ index: Int) { builder.append(Value(tape: tape, index: index)) }

  private mutating func writeKey(_ key: Int) {
    let node = tape[key]
    tape.withText(at: key) { builder.key($0, line: Int(node.line), column: Int(node.column)) }
  }

  private mutating func writeMap(_ index: Int, _ node: TapeNode, _ inner: StructuralSchema.Place) {
    builder.beginObject(line: Int(node.line), column: Int(node.column))
    var cursor = index + 1
    while cursor < Int(node.next) {
      if !steps.contains(.dropsNulls) || tape[cursor + 1].kind != .null {
        writeKey(cursor)
        write(cursor + 1, inner)
      }
      cursor = Int(tape[cursor + 1].next)
    }
    builder.endObject()
  }

  private mutating func writeObject(_ index: Int, _ node: TapeNode, _ place: StructuralSchema.Place) {
    let storage = schema.table.storage
    let isRoot = place.field < 0 && place.type == schema.root
    builder.beginObject(line: Int(node.line), column: Int(node.column))
    var cursor = index + 1
    while cursor < Int(node.next) {
      let field = schema.field(at: place, key: tape[cursor])
      if let field, isRoot, field == schema.metadataField {
        writeKey(cursor)
        copy(cursor + 1)
      } else if let field {
        let isNull = tape[cursor + 1].kind == .null
        if isNull, steps.contains(.fillsDefaults), let text = storage.constraints(of: field)?.defaultJSON {
          writeKey(cursor)
          writeDefault(text)
        } else if !isNull || !steps.contains(.dropsNulls) {
          writeKey(cursor)
          write(cursor + 1, schema.place(ofField: field))
        }
      } else if !steps.contains(.dropsUnknown) {
        writeKey(cursor)
        copy(cursor + 1)
      }
      cursor = Int(tape[cursor + 1].next)
    }
    for field in schema.fields(at: place)
    where steps.contains(.fillsDefaults) && storage.fields[field].constraints >= 0 {
      guard let text = storage.constraints(of: field)?.defaultJSON else { continue }
      if hasMember(storage.fields[field].symbol, index, node) { continue }
      builder.key(FieldSymbol(storage.fields[field].symbol))
      writeDefault(text)
    }
    builder.endObject()
  }

  private func hasMember(_ symbol: UInt16, _ index: Int, _ node: TapeNode) -> Bool {
    var cursor = index + 1
    while cursor < Int(node.next) {
      if tape[cursor].symbol == symbol { return true }
      cursor = Int(tape[cursor + 1].next)
    }
    return false
  }

  /// Defaults are scalars.
  private mutating func writeDefault(_ span: SchemaTable.Span) {
    let text = schema.table.storage.bytes(span)
    switch text.first {
    case UInt8(ascii: "\""):
      builder.scalar(.string, UnsafeBufferPointer(rebasing: text[1..<(text.count - 1)]))
    case UInt8(ascii: "t"), UInt8(ascii: "f"): builder.boolean(text.first == UInt8(ascii: "t"))
    default: builder.scalar(.integer, text)
    }
  }
}
