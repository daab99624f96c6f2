internal import KubernetesModel

extension SchemaTable {
  /// A stretch of one of the texts.
  struct Span {
    var text: UInt8
    var start: UInt32
    var length: UInt32
  }

  /// What is at the bottom of a field: below lists and maps.
  enum Leaf: UInt8 {
    case string, bytes, int32, int64, boolean, number, quantity, intOrString, time, microTime, duration, any
    case object
  }

  /// How a field holds its leaf.
  enum Wrap: UInt8 {
    case none, array, map
  }

  /// A field, in a few numbers.
  struct Field {
    /// The number of the name in the vocabulary of field names.
    var symbol: UInt16
    var leaf: Leaf
    /// Two bits for each level, the outermost lowest.
    var wraps: UInt8
    var isRequired: Bool
    var isAlwaysWritten: Bool
    var isPointer: Bool
    /// Whether Go leaves out a zero struct here (`omitzero`).
    var omitsZero: Bool
    /// For a leaf that is an object, its type; otherwise 0.
    var type: Int32
    /// The position in the constraints, or -1.
    var constraints: Int32
    var line: Span

    /// How the leaf is held at a depth.
    @inline(__always)
    func wrap(at depth: Int) -> Wrap {
      Wrap(rawValue: wraps >> UInt8(truncatingIfNeeded: depth * 2) & 3) ?? .none
    }
  }

  /// What the schema demands of a field besides its shape.
  struct Constraints {
    var defaultJSON: Span?
    var allowedValues: [String] = []
    var pattern: Pattern?
    var minLength: Int?
    var maxLength: Int?
    var minItems: Int?
    var minimum: Int64?
    var isListMap = false
    var isListSet = false
    /// For a list map, the numbers of the names of the fields that tell elements apart.
    var listMapKeys: [UInt16] = []
  }

  /// A rule with its expression.
  struct Rule {
    var validation: SchemaValidation
    var expression: RuleExpression?
  }

  /// A type, in a few numbers.
  struct TypeEntry {
    var name: Span
    var line: Span
    var fields: Range<Int>
    var rules: Range<Int>
    /// Whether any rule is in the type or below it.
    var hasRulesBelow = false
  }

  /// A text with its storage laid open.
  struct Text: @unchecked Sendable {
    // A StaticString lives as long as the program.
    let text: StaticString
    let base: UnsafePointer<UInt8>
    let count: Int

    init(_ text: StaticString) {
      self.text = text
      base = text.utf8Start
      count = text.utf8CodeUnitCount
    }
  }

  final class Storage: Sendable {
    let texts: [Text]
    let types: [TypeEntry]
    let fields: [Field]
    let constraints: [Constraints]
    let rules: [Rule]
    /// Positions of the types that are kinds.
    let kinds: [Int]
    /// Positions of types by name, plus one: an open-addressing hash table.
    private let slots: [UInt16]

    init(_ texts: [StaticString]) {
      var parser = SchemaParser(texts.map { Text($0) })
      parser.parse()
      self.texts = parser.texts
      types = parser.types
      fields = parser.fields
      constraints = parser.constraints
      rules = parser.rules
      kinds = parser.kinds
      slots = parser.slots
    }

    /// The bytes of a span.
    @inline(__always)
    func bytes(_ span: Span) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(start: texts[Int(span.text)].base + Int(span.start), count: Int(span.length))
    }

    func string(_ span: Span) -> String { String(decoding: bytes(span), as: UTF8.self) }

    /// The columns of a line.
    func columns(of line: Span) -> [String] {
      bytes(line).split(separator: 0x09, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
    }

    /// The position of the type with a name.
    func index(of name: String) -> Int? {
      var name = name
      return name.withUTF8 { wanted in
        SchemaParser.lookUp(wanted, in: slots) { bytes(types[$0].name) }
      }
    }

    /// The field of a type with a name, given by the name's number in the vocabulary.
    @inline(__always)
    func field(_ symbol: UInt16, of type: Int) -> Int? {
      for index in types[type].fields where fields[index].symbol == symbol { return index }
      return nil
    }

    /// The name of a field.
    func name(of field: Int) -> String {
      String(decoding: FieldNames.shared.bytes(fields[field].symbol), as: UTF8.self)
    }

    /// The constraints of a field, if any.
    @inline(__always)
    func constraints(of field: Int) -> Constraints? {
      let index = fields[field].constraints
      return index < 0 ? nil : constraints[Int(index)]
    }
  }
}

/// Scans the text of a ``SchemaTable`` once.
struct SchemaParser {
  let texts: [SchemaTable.Text]
  private(set) var types: [SchemaTable.TypeEntry] = []
  private(set) var fields: [SchemaTable.Field] = []
  private(set) var constraints: [SchemaTable.Constraints] = []
  private(set) var rules: [SchemaTable.Rule] = []
  private(set) var kinds: [Int] = []
  private(set) var slots: [UInt16] = []
  /// The patterns compiled so far, by source: a table has only a handful.
  private var patterns: [Pattern] = []
  /// Fields that refer to a type, with the type's name.
  private var references: [(field: Int, name: SchemaTable.Span)] = []

  init(_ texts: [SchemaTable.Text]) {
    self.texts = texts
  }

  mutating func parse() {
    types.reserveCapacity(512)
    fields.reserveCapacity(2048)
    references.reserveCapacity(1024)
    for (index, text) in texts.enumerated() { parse(text, number: UInt8(truncatingIfNeeded: index)) }
    finishType()
    fillSlots()
    resolveReferences()
    markRules()
  }

  private mutating func parse(_ text: SchemaTable.Text, number: UInt8) {
    // Where the columns of the current line begin.
    var starts: [Int] = []
    starts.reserveCapacity(16)
    var position = 0
    while position < text.count {
      let lineStart = position
      starts.removeAll(keepingCapacity: true)
      starts.append(position)
      while text.base[position] != 0x0A {
        if text.base[position] == 0x09 { starts.append(position + 1) }
        position += 1
      }
      starts.append(position + 1)
      let line = SchemaTable.Span(
        text: number, start: UInt32(lineStart), length: UInt32(position - lineStart))
      if position > lineStart {
        switch text.base[lineStart] {
        case UInt8(ascii: "T"): addType(line, starts, text)
        case UInt8(ascii: "X"): addRule(line)
        default: addField(line, starts, text)
        }
      }
      position += 1
    }
  }

  /// The span of a column.
  @inline(__always)
  private func column(_ index: Int, _ starts: [Int], _ line: SchemaTable.Span) -> SchemaTable.Span {
    SchemaTable.Span(
      text: line.text, start: UInt32(starts[index]), length: UInt32(starts[index + 1] - starts[index] - 1))
  }

  private func bytes(_ span: SchemaTable.Span) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: texts[Int(span.text)].base + Int(span.start), count: Int(span.length))
  }

  private func string(_ span: SchemaTable.Span) -> String { String(decoding: bytes(span), as: UTF8.self) }

  private mutating func finishType() {
    guard !types.isEmpty else { return }
    types[types.count - 1].fields = types[types.count - 1].fields.lowerBound..<fields.count
    types[types.count - 1].rules = types[types.count - 1].rules.lowerBound..<rules.count
  }

  private mutating func addType(_ line: SchemaTable.Span, _ starts: [Int], _ text: SchemaTable.Text) {
    finishType()
    if starts[4] - starts[3] > 1 { kinds.append(types.count) }
    types.append(
      SchemaTable.TypeEntry(
        name: column(1, starts, line), line: line, fields: fields.count..<fields.count,
        rules: rules.count..<rules.count))
  }

  private mutating func addRule(_ line: SchemaTable.Span) {
    let columns = bytes(line).split(separator: 0x09, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    let validation = SchemaValidation(
      rule: columns[1], message: columns[2], reason: columns[3].isEmpty ? nil : columns[3],
      fieldPath: columns[4].isEmpty ? nil : columns[4], usesOldSelf: columns[5] == "create")
    rules.append(SchemaTable.Rule(validation: validation, expression: try? RuleExpression(columns[1])))
  }

  private mutating func addField(_ line: SchemaTable.Span, _ starts: [Int], _ text: SchemaTable.Text) {
    let name = column(1, starts, line)
    let flags = bytes(column(3, starts, line))
    var position = starts[2]
    var wraps: UInt8 = 0
    var depth: UInt8 = 0
    while position + 1 < starts[3], text.base[position + 1] == UInt8(ascii: ":") {
      let code = text.base[position]
      if code == UInt8(ascii: "o") { break }
      let wrap = code == UInt8(ascii: "a") ? SchemaTable.Wrap.array : .map
      wraps |= wrap.rawValue << (depth * 2)
      depth += 1
      position += 2
    }
    let leaf = SchemaParser.leaf(text.base[position])
    var field = SchemaTable.Field(
      symbol: FieldNames.shared.symbol(text.base + starts[1], Int(name.length)), leaf: leaf, wraps: wraps,
      isRequired: flags.contains(UInt8(ascii: "R")), isAlwaysWritten: flags.contains(UInt8(ascii: "A")),
      isPointer: flags.contains(UInt8(ascii: "P")), omitsZero: flags.contains(UInt8(ascii: "Z")), type: 0,
      constraints: -1, line: line)
    if leaf == .object {
      let start = position + 2
      references.append(
        (
          fields.count,
          SchemaTable.Span(
            text: line.text, start: UInt32(start), length: UInt32(starts[3] - 1 - start))
        ))
    }
    var demands: SchemaTable.Constraints?
    for index in 5..<max(starts.count - 1, 5) { addConstraint(column(index, starts, line), to: &demands) }
    if let demands {
      field.constraints = Int32(constraints.count)
      constraints.append(demands)
    }
    fields.append(field)
  }

  private static func leaf(_ code: UInt8) -> SchemaTable.Leaf {
    switch code {
    case UInt8(ascii: "o"): .object
    case UInt8(ascii: "y"): .bytes
    case UInt8(ascii: "i"): .int32
    case UInt8(ascii: "l"): .int64
    case UInt8(ascii: "b"): .boolean
    case UInt8(ascii: "n"): .number
    case UInt8(ascii: "q"): .quantity
    case UInt8(ascii: "x"): .intOrString
    case UInt8(ascii: "t"): .time
    case UInt8(ascii: "u"): .microTime
    case UInt8(ascii: "d"): .duration
    case UInt8(ascii: "v"): .any
    default: .string
    }
  }

  private mutating func addConstraint(
    _ column: SchemaTable.Span, to demands: inout SchemaTable.Constraints?
  ) {
    let text = bytes(column)
    // The most frequent column by far.
    if text.count > 3, text[0] == UInt8(ascii: "d"), text[1] == UInt8(ascii: "o") { return }
    guard let separator = text.firstIndex(of: UInt8(ascii: "=")) else { return }
    let key = String(decoding: text[..<separator], as: UTF8.self)
    let value = SchemaTable.Span(
      text: column.text, start: column.start + UInt32(separator) + 1,
      length: column.length - UInt32(separator) - 1)
    var made = demands ?? SchemaTable.Constraints()
    switch key {
    case "default": made.defaultJSON = value
    case "enum": made.allowedValues = string(value).split(separator: "|").map(String.init)
    case "pattern": made.pattern = pattern(string(value))
    case "minLength": made.minLength = Int(string(value))
    case "maxLength": made.maxLength = Int(string(value))
    case "minItems": made.minItems = Int(string(value))
    case "minimum": made.minimum = Int64(string(value))
    case "listType":
      guard bytes(value).first != UInt8(ascii: "a") else { return }
      made.isListMap = bytes(value).first == UInt8(ascii: "m")
      made.isListSet = !made.isListMap
    case "listMapKeys":
      made.listMapKeys = bytes(value).split(separator: UInt8(ascii: "|")).map { name in
        UnsafeBufferPointer(rebasing: name).baseAddress.map { FieldNames.shared.symbol($0, name.count) } ?? 0
      }
    default: return
    }
    demands = made
  }

  private mutating func pattern(_ source: String) -> Pattern? {
    if let known = patterns.first(where: { $0.source == source }) { return known }
    // The generator's patterns are all within the supported syntax; a test makes sure.
    guard let made = try? Pattern(source) else { return nil }
    patterns.append(made)
    return made
  }

  // MARK: References

  private mutating func fillSlots() {
    var capacity = 64
    while capacity < types.count * 2 { capacity *= 2 }
    slots = [UInt16](repeating: 0, count: capacity)
    for (index, type) in types.enumerated() {
      let name = bytes(type.name)
      guard let base = name.baseAddress else { continue }
      var slot = FieldNames.hash(base, name.count) & (capacity - 1)
      // A later type of the same name takes the place of an earlier one.
      while slots[slot] != 0, !sameBytes(bytes(types[Int(slots[slot]) - 1].name), name) {
        slot = (slot + 1) & (capacity - 1)
      }
      slots[slot] = UInt16(index + 1)
    }
  }

  static func lookUp(
    _ name: UnsafeBufferPointer<UInt8>, in slots: [UInt16], nameOf: (Int) -> UnsafeBufferPointer<UInt8>
  ) -> Int? {
    guard let base = name.baseAddress else { return nil }
    var slot = FieldNames.hash(base, name.count) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if sameBytes(nameOf(index), name) { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private mutating func resolveReferences() {
    for reference in references {
      let found = SchemaParser.lookUp(bytes(reference.name), in: slots) { bytes(types[$0].name) }
      // A text of the generator alone may refer to types of another: they are held as anything.
      if let found {
        fields[reference.field].type = Int32(found)
      } else {
        fields[reference.field].leaf = .any
      }
    }
  }

  /// Marks the types from which a rule can be reached.
  private mutating func markRules() {
    guard !rules.isEmpty else { return }
    for index in types.indices { types[index].hasRulesBelow = !types[index].rules.isEmpty }
    var changed = true
    while changed {
      changed = false
      for index in types.indices where !types[index].hasRulesBelow {
        for field in types[index].fields
        where fields[field].leaf == .object && types[Int(fields[field].type)].hasRulesBelow {
          types[index].hasRulesBelow = true
          changed = true
          break
        }
      }
    }
  }
}
