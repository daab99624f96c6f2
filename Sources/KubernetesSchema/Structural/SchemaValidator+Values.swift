// The order of the checks of one value is the server's: type, alternatives, text, format, number, list,

internal import KubernetesModel

// enumeration, members; within an object, members before missing ones.

extension SchemaValidator {
  /// Checks an object at the root or in a field.
  mutating func checkObject(_ node: Int, _ place: StructuralSchema.Place, old: Int?) {
    for field in schema.fields(at: place) {
      if place.field < 0, place.type == schema.root, field == schema.metadataField { continue }
      guard let key = key(storage.fields[field].symbol, in: node) else { continue }
      path.append(field: field)
      checkValue(key + 1, schema.place(ofField: field), owner: place.type, old: oldMember(key, of: old))
      path.removeLast()
    }
    var missing: [String] = []
    for field in schema.fields(at: place) where storage.fields[field].isRequired {
      if key(storage.fields[field].symbol, in: node) == nil { missing.append(storage.name(of: field)) }
    }
    // The generator of the CRDs sorts the names of required fields.
    missing.sort { utf8Order($0, $1) < 0 }
    let prefix = missing.isEmpty ? "" : path.text(in: tape, storage)
    for name in missing {
      report(
        .value, .required, at: node, owner: place.type, detail: "",
        path: prefix.isEmpty ? name : "\(prefix).\(name)", blocks: true)
    }
  }

  mutating func checkValue(_ node: Int, _ place: StructuralSchema.Place, owner: Int, old: Int?) {
    guard old != nil else {
      checkAlways(node, place, owner: owner, old: nil)
      return
    }
    ratcheting(node, old: old) { $0.checkAlways(node, place, owner: owner, old: old) }
  }

  private mutating func checkAlways(_ node: Int, _ place: StructuralSchema.Place, owner: Int, old: Int?) {
    let entry = tape.nodes[node]
    let constraints = place.field >= 0 ? storage.constraints(of: place.field) : nil
    checkType(node, entry, place, owner)
    if let constraints, place.wrap == .none { checkScalar(node, entry, constraints, owner) }
    if entry.kind == .string, place.wrap == .none { checkFormat(node, entry, place, owner) }
    switch (entry.kind, place.wrap) {
    case (.array, .array): checkElements(node, entry, place, constraints, owner, old: old)
    case (.object, .map):
      var cursor = node + 1
      while cursor < Int(entry.next) {
        path.append(key: cursor)
        checkValue(cursor + 1, place.inside, owner: owner, old: oldMember(cursor, of: old))
        path.removeLast()
        cursor = Int(tape.nodes[cursor + 1].next)
      }
    case (.object, .none) where place.leaf == .object: checkObject(node, place, old: old)
    default: break
    }
  }

  private mutating func checkElements(
    _ node: Int, _ entry: TapeNode, _ place: StructuralSchema.Place,
    _ constraints: SchemaTable.Constraints?, _ owner: Int, old: Int?
  ) {
    if let least = constraints?.minItems, Int(entry.length) < least {
      report(
        .value, .invalid, at: node, owner: owner, value: "\(entry.length)",
        detail: "\(path.text(in: tape, storage)) in body should have at least \(least) items")
    }
    var cursor = node + 1
    var position = 0
    while cursor < Int(entry.next) {
      path.append(index: position)
      checkValue(cursor, place.inside, owner: owner, old: oldElement(cursor, of: old, constraints))
      path.removeLast()
      position += 1
      cursor = Int(tape.nodes[cursor].next)
    }
  }

  // MARK: Types

  /// What the schema calls a kind of value, and the format it takes a value of that kind to have.
  private func names(of node: Int, _ entry: TapeNode) -> (type: String, format: String) {
    switch entry.kind {
    case .null: ("null", "")
    case .boolean: ("boolean", "")
    case .integer where isInt64(node): ("integer", "int64")
    case .integer, .float: ("number", "float64")
    case .string, .key: ("string", "")
    case .array: ("array", "")
    case .object: ("object", "")
    }
  }

  /// Whether an integer fits 64 bits. The API server keeps others as floats.
  private func isInt64(_ node: Int) -> Bool { tape.withText(at: node) { parseInteger($0) } != nil }

  /// The types that a place takes, and its format.
  private func expectation(_ place: StructuralSchema.Place) -> (types: [String], format: String) {
    switch place.wrap {
    case .array: return (["array"], "")
    case .map: return (["object"], "")
    case .none: break
    }
    switch place.leaf {
    case .string, .duration: return (["string"], "")
    case .bytes: return (["string"], "byte")
    case .time, .microTime: return (["string"], "date-time")
    case .int32: return (["integer"], "int32")
    case .int64: return (["integer"], "int64")
    case .boolean: return (["boolean"], "")
    case .number: return (["number"], "double")
    case .quantity, .intOrString: return (["integer", "string"], "")
    case .any, .object: return (["object"], "")
    }
  }

  @inline(__always)
  private mutating func checkType(
    _ node: Int, _ entry: TapeNode, _ place: StructuralSchema.Place, _ owner: Int
  ) {
    // What fits at first sight, without a look at names.
    switch (entry.kind, place.wrap, place.leaf) {
    case (.array, .array, _), (.object, .map, _), (.object, .none, .object), (.object, .none, .any),
      (.string, .none, .string), (.string, .none, .duration), (.string, .none, .bytes),
      (.string, .none, .time), (.string, .none, .microTime), (.string, .none, .intOrString),
      (.boolean, .none, .boolean):
      return
    case (.string, .none, .quantity), (.integer, .none, .number): break
    case (.integer, .none, .int32), (.integer, .none, .int64), (.integer, .none, .quantity),
      (.integer, .none, .intOrString):
      if !isInt64(node) { checkUncommonType(node, entry, place, owner) }
    default: checkUncommonType(node, entry, place, owner)
    }
    if place.wrap == .none { checkNumberOrQuantity(node, entry, place, owner) }
  }

  @inline(never)
  private mutating func checkUncommonType(
    _ node: Int, _ entry: TapeNode, _ place: StructuralSchema.Place, _ owner: Int
  ) {
    let (types, format) = expectation(place)
    let (type, valueFormat) = names(of: node, entry)
    let isWholeFloat = type == "number" && isWhole(node) && types.contains("integer")
    let fits = types.contains(type) || isWholeFloat || (type == "integer" && types.contains("number"))
    let isText = entry.kind == .string || entry.kind == .array
    if entry.kind == .null {
      reportType(node, types.joined(separator: ","), "null", owner)
    } else if !isText, !format.isEmpty, !fits, valueFormat != format {
      reportType(node, format, valueFormat, owner)
    } else if isText, !format.isEmpty, types == ["string"] {
      return
    } else if !fits {
      reportType(node, types.joined(separator: ","), type, owner)
    }
    guard place.wrap == .none, place.leaf == .quantity || place.leaf == .intOrString, !fits else { return }
    // Both alternatives of an integer or string have failed as well; the first one's reason is repeated.
    if entry.kind != .null {
      report(
        .value, .invalid, at: node, owner: owner, value: "\"\"",
        detail: "\"\(path.text(in: tape, storage))\" must validate at least one schema (anyOf)",
        path: "<nil>", place: path.text(in: tape, storage))
      reportType(node, "integer", type, owner)
    }
  }

  private func isWhole(_ node: Int) -> Bool {
    guard let number = Double(tape.string(at: node)) else { return false }
    return number == number.rounded() && number.magnitude < 9_007_199_254_740_992
  }

  private mutating func reportType(_ node: Int, _ expected: String, _ actual: String, _ owner: Int) {
    report(
      .value, .invalid, at: node, owner: owner, value: goQuoted(actual),
      detail: "\(path.text(in: tape, storage)) in body must be of type \(expected): \(goQuoted(actual))",
      blocks: true)
  }

  private mutating func checkNumberOrQuantity(
    _ node: Int, _ entry: TapeNode, _ place: StructuralSchema.Place, _ owner: Int
  ) {
    switch (place.leaf, entry.kind) {
    case (.quantity, .string):
      guard !tape.withText(at: node, { SchemaValidator.quantityPattern?.matches($0) ?? true }) else { return }
      reportPattern(node, SchemaValidator.quantityPattern?.source ?? "", owner)
    case (.int32, .integer), (.int64, .integer), (.int32, .float), (.int64, .float):
      let bits = place.leaf == .int32 ? 32 : 64
      let number =
        tape.withText(at: node, { parseInteger($0) })
        ?? Double(tape.string(at: node)).flatMap { Int64(exactly: $0) }
      if let number, bits == 64 || Int32(exactly: number) != nil { return }
      let field = path.text(in: tape, storage)
      // The API server's message has neither path nor value.
      report(
        .value, .invalid, at: node, owner: owner, value: "\"\"",
        detail: "Checked value must be of type integer with format int\(bits) in \(field)", path: "<nil>",
        place: field)
    default: break
    }
  }

  static let quantityPattern = try? Pattern(StructuralSchema.quantityPattern)

  // MARK: Constraints

  private mutating func checkScalar(
    _ node: Int, _ entry: TapeNode, _ constraints: SchemaTable.Constraints, _ owner: Int
  ) {
    if entry.kind == .string { checkText(node, constraints, owner) }
    if let minimum = constraints.minimum, entry.kind == .integer,
      let number = tape.withText(at: node, { parseInteger($0) }), number < minimum
    {
      report(
        .value, .invalid, at: node, owner: owner, value: "\(number)",
        detail: "\(path.text(in: tape, storage)) in body should be greater than or equal to \(minimum)")
    }
    guard !constraints.allowedValues.isEmpty else { return }
    if entry.kind == .string, constraints.allowedValues.contains(tape.string(at: node)) { return }
    let values = constraints.allowedValues.map { goQuoted($0) }.joined(separator: ", ")
    report(
      .value, .notSupported, at: node, owner: owner, value: printed(node),
      detail: "supported values: \(values)", blocks: true)
  }

  /// The first thing wrong with a text: too long, too short, or another pattern.
  private mutating func checkText(
    _ node: Int, _ constraints: SchemaTable.Constraints, _ owner: Int
  ) {
    if constraints.maxLength != nil || constraints.minLength != nil {
      let length = tape.withText(at: node) { text in text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } }
      if let most = constraints.maxLength, length > most {
        report(
          .value, .tooLong, at: node, owner: owner,
          detail: "may not be more than \(most) byte\(most == 1 ? "" : "s")", blocks: true)
        return
      }
      if let least = constraints.minLength, length < least {
        report(
          .value, .invalid, at: node, owner: owner, value: printed(node),
          detail: "\(path.text(in: tape, storage)) in body should be at least \(least) chars long")
        return
      }
    }
    guard let pattern = constraints.pattern else { return }
    if !tape.withText(at: node, { pattern.matches($0) }) { reportPattern(node, pattern.source, owner) }
  }

  private mutating func reportPattern(_ node: Int, _ pattern: String, _ owner: Int) {
    report(
      .value, .invalid, at: node, owner: owner, value: printed(node),
      detail: "\(path.text(in: tape, storage)) in body should match '\(pattern)'")
  }

  private mutating func checkFormat(
    _ node: Int, _ entry: TapeNode, _ place: StructuralSchema.Place, _ owner: Int
  ) {
    let format: String
    switch place.leaf {
    case .time, .microTime:
      format = "date-time"
      // The server is lenient about the case of the two letters.
      if Timestamp(tape.string(at: node).uppercased()) != nil { return }
    case .bytes:
      format = "byte"
      if (try? Base64.decode(tape.string(at: node))) != nil { return }
    default: return
    }
    report(
      .value, .invalid, at: node, owner: owner, value: printed(node),
      detail: "\(path.text(in: tape, storage)) in body must be of type \(format): \(printed(node))",
      blocks: true)
  }
}

extension StructuralSchema {
  /// The pattern of every quantity in a CustomResourceDefinition (A-445).
  public static let quantityPattern =
    #"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]"#
    + #"|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$"#
}
