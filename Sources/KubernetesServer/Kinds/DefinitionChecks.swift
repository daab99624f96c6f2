internal import KubernetesModel

/// What is wrong with a CustomResourceDefinition.
enum DefinitionChecks {
  private static let rule: RuleID = "K-definition"

  static func problems(_ document: Value) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let spec = document["spec"] ?? .object([])
    let name = document.text("metadata", "name")
    let (group, plural) = (spec.text("group"), spec.text("names", "plural"))
    if name != "\(plural).\(group)" {
      found.append(
        .invalid(
          rule, "metadata.name", .string(name), "must be spec.names.plural+\".\"+spec.group"))
    }
    if group.isEmpty { found.append(.required(rule, "spec.group")) }
    let scope = spec.text("scope")
    if scope.isEmpty {
      found.append(.required(rule, "spec.scope"))
    } else if !["Cluster", "Namespaced"].contains(scope) {
      found.append(.notSupported(rule, "spec.scope", .string(scope), supported: ["Cluster", "Namespaced"]))
    }
    let versions = spec["versions"]?.elements ?? []
    for (index, version) in versions.enumerated() {
      let path = FieldPath("spec.versions")[index].child("schema.openAPIV3Schema")
      guard let schema = version[path: "schema", "openAPIV3Schema"] else {
        found.append(.required(rule, path))
        continue
      }
      // With one version, the server shows the path of the field that has become of it.
      let shown = versions.count == 1 ? FieldPath("spec.validation.openAPIV3Schema") : path
      found += rules(in: schema, shown)
    }
    if versions.filter({ $0["storage"] == .boolean(true) }).count != 1, !versions.isEmpty {
      found.append(
        .invalid(
          rule, "spec.versions", .json(JSONWriter.string(spec["versions"] ?? .null)),
          "must have exactly one version marked as storage version"))
    }
    for (field, value) in [("plural", plural), ("kind", spec.text("names", "kind"))] where value.isEmpty {
      found.append(.required(rule, FieldPath("spec.names").child(field)))
    }
    return found
  }

  /// Rules that cannot be read, or that look at fields which the schema does not have.
  private static func rules(in schema: Value, _ path: FieldPath) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for (index, validation) in (schema["x-kubernetes-validations"]?.elements ?? []).enumerated() {
      let source = validation.text("rule")
      guard let complaint = complaint(about: source, in: schema) else { continue }
      let shown = Value.object([
        "Rule": .string(source), "Message": .string(validation.text("message")),
        "MessageExpression": .string(validation.text("messageExpression")),
        "Reason": validation["reason"] ?? .null, "FieldPath": .string(validation.text("fieldPath")),
        "OptionalOldSelf": validation["optionalOldSelf"] ?? .null,
      ])
      found.append(
        .invalid(
          rule, FieldPath("\(path.description).x-kubernetes-validations[\(index)].rule"),
          .json(JSONWriter.string(shown, options: .init(sortsMembers: false, escapesHTML: true))),
          "compilation failed: ERROR: <input>:1:\(complaint.column): \(complaint.text)\n | \(source)\n | "
            + String(repeating: ".", count: max(complaint.column - 1, 0)) + "^"))
    }
    for (name, property) in schema["properties"]?.members ?? [] {
      found += rules(in: property, FieldPath("\(path.description).properties[\(name)]"))
    }
    if let items = schema["items"] { found += rules(in: items, path.child("items")) }
    return found
  }

  private static func complaint(about source: String, in schema: Value) -> (column: Int, text: String)? {
    guard let expression = try? CELExpression(source) else { return (1, "Syntax error") }
    guard let field = undefinedField(expression.root, schema) else { return nil }
    // The complaint points at the dot before the name.
    let bytes = Array(source.utf8)
    let wanted = Array("self.\(field)".utf8)
    let start = bytes.indices.first { bytes[$0...].starts(with: wanted) } ?? 0
    return (start + 5, "undefined field '\(field)'")
  }

  /// The first field of `self` that a schema does not have.
  private static func undefinedField(_ node: CELExpression.Node, _ schema: Value) -> String? {
    switch node {
    case .select(.name("self"), let field):
      guard let properties = schema["properties"],
        schema["x-kubernetes-preserve-unknown-fields"] != .boolean(true)
      else { return nil }
      return properties[field] == nil ? field : nil
    case .select(let operand, _): return undefinedField(operand, schema)
    case .index(let operand, let index):
      return undefinedField(operand, schema) ?? undefinedField(index, schema)
    case .call(let target, _, let arguments):
      return target.flatMap { undefinedField($0, schema) }
        ?? arguments.lazy.compactMap { undefinedField($0, schema) }.first
    case .list(let elements): return elements.lazy.compactMap { undefinedField($0, schema) }.first
    case .map(let members): return members.lazy.compactMap { undefinedField($0.1, schema) }.first
    case .unary(_, let operand): return undefinedField(operand, schema)
    case .binary(_, let left, let right): return undefinedField(left, schema) ?? undefinedField(right, schema)
    case .conditional(let condition, let yes, let no):
      return undefinedField(condition, schema) ?? undefinedField(yes, schema) ?? undefinedField(no, schema)
    case .literal, .name: return nil
    }
  }
}
