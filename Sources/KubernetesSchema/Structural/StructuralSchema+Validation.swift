public import KubernetesModel

extension StructuralSchema {
  /// What the API server says about an object: metadata, schema, scale, list keys, then CEL rules.
  ///
  /// When a finding makes the CEL rules pointless, the last diagnostic says that they were not checked, as
  /// the server does. For an update, what is invalid but unchanged is tolerated (ratcheting), except in
  /// metadata and list keys.
  ///
  /// - Parameters:
  ///   - value: the object as it would be stored; unknown fields are ignored.
  ///   - old: for an update, the object as it is stored.
  ///   - file: what to call the source in the diagnostics' locations; nil for none.
  /// - Complexity: O(nodes in the value · fields of its types).
  public func validate(_ value: Value, old: Value? = nil, file: String? = nil) -> [Diagnostic] {
    var validator = SchemaValidator(schema: self, tape: value.tape, oldTape: old?.tape, file: file)
    validator.checkMetadata(value)
    validator.checkObject(value.index, rootPlace, old: old?.index)
    if hasScale { validator.checkScale(value) }
    validator.checkLists(value.index, rootPlace)
    guard !validator.blocksRules else {
      if hasRules { validator.noteSkippedRules() }
      return validator.found
    }
    validator.checkRules(value.index, rootPlace, old: old?.index)
    return validator.found
  }

  /// The text after `The PodCliqueSet "x" is invalid: ` when the API server refuses an object: the messages
  /// one after the other, repetitions left out, in brackets if there are several.
  public static func aggregateMessage(of diagnostics: [Diagnostic]) -> String {
    diagnostics.aggregateMessage
  }

  /// The object without its status, which the API server drops when an object is created or its spec updated.
  public static func withoutStatus(_ value: Value) -> Value {
    guard value["status"] != nil else { return value }
    return .object(value.members.filter { $0.name != "status" }.map { ($0.name, $0.value) })
  }
}

/// One run over an object.
struct SchemaValidator {
  let schema: StructuralSchema
  let tape: Tape
  let oldTape: Tape?
  let file: String?
  var path = NodePath()
  private(set) var found: [Diagnostic] = []
  /// Whether something was found after which the server does not run CEL rules.
  private(set) var blocksRules = false

  var storage: SchemaTable.Storage { schema.table.storage }

  init(schema: StructuralSchema, tape: Tape, oldTape: Tape?, file: String?) {
    self.schema = schema
    self.tape = tape
    self.oldTape = oldTape
    self.file = file
  }

  // MARK: Reporting

  /// Reports something about the current path.
  @inline(never)
  mutating func report(
    _ check: StructuralSchema.Subject.Check, _ kind: Diagnostic.Kind, at node: Int, owner: Int,
    value: String? = nil, detail: String, path given: String? = nil, place: String? = nil,
    blocks: Bool = false
  ) {
    let path = given ?? path.text(in: tape, storage)
    let typeName = owner >= 0 ? storage.string(storage.types[owner].name) : schema.typeName
    let entry = tape[node]
    let location: SourceLocation? =
      if let file, entry.line > 0 {
        SourceLocation(file: file, line: Int(entry.line), column: Int(entry.column))
      } else {
        nil
      }
    found.append(
      Diagnostic(
        rule: schema.rule(StructuralSchema.Subject(check: check, type: typeName, path: place ?? path)),
        kind: kind,
        path: path.isEmpty ? "<nil>" : path, value: value, detail: detail, location: location
      ).pointing(at: place.map { FieldPath($0) }))
    if blocks { blocksRules = true }
  }

  /// Adds a finding as it is.
  mutating func add(_ finding: Diagnostic, blocks: Bool) {
    found.append(finding)
    if blocks { blocksRules = true }
  }

  mutating func noteSkippedRules() {
    found.append(
      Diagnostic(
        rule: schema.rule(StructuralSchema.Subject(check: .rule, type: schema.typeName, path: "")),
        kind: .invalid, path: "<nil>", value: "null",
        detail: "some validation rules were not checked because the object was invalid; "
          + "correct the existing errors to complete validation"))
  }

  /// A value as Kubernetes prints it in a message.
  func printed(_ node: Int) -> String {
    let value = Value(tape: tape, index: node)
    switch value.kind {
    case .string, .key: return goQuoted(tape.string(at: node))
    case .integer: return tape.string(at: node)
    case .float: return value.doubleValue.map { "\($0)" } ?? tape.string(at: node)
    case .boolean: return value.booleanValue == true ? "true" : "false"
    case .null: return "null"
    case .array, .object: return JSONWriter.string(value, options: .init(escapesHTML: true))
    }
  }

  /// Runs a check, and takes back what it found where the value is the same as before.
  mutating func ratcheting(_ node: Int, old: Int?, _ check: (inout SchemaValidator) -> Void) {
    let (count, blocked) = (found.count, blocksRules)
    check(&self)
    guard found.count > count, let old, let oldTape else { return }
    guard Value(tape: tape, index: node) == Value(tape: oldTape, index: old) else { return }
    found.removeSubrange(count...)
    blocksRules = blocked
  }

  /// The value of a key in the old object, given the key's node in the new one.
  func oldMember(_ key: Int, of old: Int?) -> Int? {
    guard let old, let oldTape, oldTape[old].kind == .object else { return nil }
    let symbol = tape[key].symbol
    if symbol == 0 { return oldTape.member(tape.string(at: key), of: old) }
    var cursor = old + 1
    while cursor < Int(oldTape[old].next) {
      if oldTape[cursor].symbol == symbol { return cursor + 1 }
      cursor = Int(oldTape[cursor + 1].next)
    }
    return nil
  }

  /// The element of the old list with the same keys; only elements of list maps can be told apart.
  func oldElement(_ element: Int, of old: Int?, _ constraints: SchemaTable.Constraints?) -> Int? {
    guard let old, let oldTape, oldTape[old].kind == .array else { return nil }
    guard let constraints, constraints.isListMap else { return nil }
    var cursor = old + 1
    while cursor < Int(oldTape[old].next) {
      let isSame = constraints.listMapKeys.allSatisfy { key in
        member(key, of: element, in: tape) == member(key, of: cursor, in: oldTape)
      }
      if isSame { return cursor }
      cursor = Int(oldTape[cursor].next)
    }
    return nil
  }

  func member(_ symbol: UInt16, of index: Int, in tape: Tape) -> Value? {
    let node = tape[index]
    guard node.kind == .object else { return nil }
    var cursor = index + 1
    while cursor < Int(node.next) {
      if tape[cursor].symbol == symbol { return Value(tape: tape, index: cursor + 1) }
      cursor = Int(tape[cursor + 1].next)
    }
    return nil
  }

  /// The key node of a field in an object, or nil.
  @inline(__always)
  func key(_ symbol: UInt16, in index: Int) -> Int? {
    let end = Int(tape.nodes[index].next)
    var cursor = index + 1
    while cursor < end {
      if tape.nodes[cursor].symbol == symbol { return cursor }
      cursor = Int(tape.nodes[cursor + 1].next)
    }
    return nil
  }
}
