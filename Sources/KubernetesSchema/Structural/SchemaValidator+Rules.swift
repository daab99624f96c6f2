internal import KubernetesModel

extension SchemaValidator {
  /// Checks the CEL rules of an object, then those below it.
  mutating func checkRules(_ node: Int, _ place: StructuralSchema.Place, old: Int?) {
    let entry = tape.nodes[node]
    switch (entry.kind, place.wrap) {
    case (.object, .map):
      guard place.leaf == .object, mayHaveRules(place) else { return }
      var cursor = node + 1
      while cursor < Int(entry.next) {
        path.append(bracketedKey: cursor)
        checkRules(cursor + 1, place.inside, old: oldMember(cursor, of: old))
        path.removeLast()
        cursor = Int(tape.nodes[cursor + 1].next)
      }
    case (.array, .array):
      guard place.leaf == .object, mayHaveRules(place) else { return }
      let constraints = place.field >= 0 ? storage.constraints(of: place.field) : nil
      var cursor = node + 1
      var position = 0
      while cursor < Int(entry.next) {
        path.append(index: position)
        checkRules(cursor, place.inside, old: oldElement(cursor, of: old, constraints))
        path.removeLast()
        position += 1
        cursor = Int(tape.nodes[cursor].next)
      }
    case (.object, .none):
      guard place.leaf == .object, mayHaveRules(place) else { return }
      checkOwnRules(node, place, old: old)
      for field in schema.fields(at: place) where storage.fields[field].leaf == .object {
        let inner = schema.place(ofField: field)
        guard mayHaveRules(inner), let key = key(storage.fields[field].symbol, in: node) else { continue }
        path.append(field: field)
        checkRules(key + 1, inner, old: oldMember(key, of: old))
        path.removeLast()
      }
    default: break
    }
  }

  private func mayHaveRules(_ place: StructuralSchema.Place) -> Bool {
    place.type >= 0 && storage.types[place.type].hasRulesBelow
  }

  private mutating func checkOwnRules(_ node: Int, _ place: StructuralSchema.Place, old: Int?) {
    let type = storage.types[place.type]
    guard !type.rules.isEmpty else { return }
    let value = Value(tape: tape, index: node)
    var oldValue: Value?
    if let old, let oldTape { oldValue = Value(tape: oldTape, index: old) }
    for rule in type.rules.map({ storage.rules[$0] }) {
      guard let expression = rule.expression else { continue }
      do {
        if try expression.holds(for: value, old: oldValue) { continue }
        // An unchanged object that broke a rule before may go on breaking it.
        if !rule.validation.usesOldSelf, oldValue == value { continue }
        reportRule(rule.validation, node, place)
      } catch {
        report(
          .rule, .invalid, at: node, owner: place.type,
          detail: "\(error) evaluating rule: \(rule.validation.message)")
      }
    }
  }

  private mutating func reportRule(
    _ rule: SchemaValidation, _ node: Int, _ place: StructuralSchema.Place
  ) {
    var field = path.text(in: tape, storage)
    if let inner = rule.fieldPath?.drop(while: { $0 == "." }), !inner.isEmpty {
      field += field.isEmpty ? String(inner) : ".\(inner)"
    }
    let kind: Diagnostic.Kind =
      switch rule.reason {
      case "FieldValueRequired": .required
      case "FieldValueForbidden": .forbidden
      case "FieldValueDuplicate": .duplicate
      default: .invalid
      }
    report(.rule, kind, at: node, owner: place.type, detail: rule.message, path: field)
  }

  /// The integer that a number is, however it is written.
  private func wholeNumber(_ value: Value) -> Int64? {
    value.kind == .integer ? value.integerValue : value.doubleValue.flatMap { Int64(exactly: $0) }
  }

  /// Checks the numbers that the scale subresource shows.
  mutating func checkScale(_ value: Value) {
    for part in ["spec", "status"] {
      guard let replicas = value[part]?["replicas"] else { continue }
      let field = ".\(part).replicas"
      switch replicas.kind {
      case .integer,
        .float where wholeNumber(replicas) != nil:
        guard let number = wholeNumber(replicas) else { continue }
        if number < 0 {
          report(
            .scale, .invalid, at: replicas.index, owner: schema.root, value: "\(number)",
            detail: "should be a non-negative integer", path: field)
        } else if number > Int64(Int32.max) {
          report(
            .scale, .invalid, at: replicas.index, owner: schema.root, value: "\(number)",
            detail: "should be less than or equal to \(Int32.max)", path: field)
        }
      case .string, .float, .boolean:
        let type = replicas.kind == .string ? "string" : replicas.kind == .float ? "float64" : "bool"
        report(
          .scale, .invalid, at: replicas.index, owner: schema.root, value: "0",
          detail:
            "\(field) accessor error: \(replicas.scalarText ?? "") is of the type \(type), expected int64",
          path: field)
      case .null, .array, .object, .key: continue
      }
    }
  }
}
