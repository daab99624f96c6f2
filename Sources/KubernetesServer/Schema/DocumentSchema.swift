internal import KubernetesModel
internal import KubernetesSchema

/// A structural schema as a CustomResourceDefinition gives it, interpreted as it stands.
struct DocumentSchema: Sendable {
  let root: Value
  let resource: APIResource

  init(_ root: Value, of resource: APIResource) {
    self.root = root.detached()
    self.resource = resource
  }

  /// The schema as functions.
  var functions: ObjectSchema {
    let schema = self
    return ObjectSchema(
      unknownFields: { schema.unknownFields($0) }, admitted: { schema.admitted($0) },
      problems: { schema.problems($0, old: $1) })
  }

  private static let common: Set<String> = ["apiVersion", "kind", "metadata"]

  // MARK: Unknown fields and defaults

  private func unknownFields(_ value: Value) -> [String] {
    var found: [String] = []
    for (name, inner) in value["metadata"]?.members ?? [] where !Self.metadataFields.contains(name) {
      _ = inner
      found.append("metadata.\(name)")
    }
    search(value, root, "", isRoot: true, &found)
    return found.sorted { utf8Precedes($0, $1) }
  }

  private static let metadataFields: Set<String> = [
    "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation",
    "creationTimestamp",
    "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences",
    "finalizers",
    "managedFields",
  ]

  private static func flag(_ name: String, _ schema: Value) -> Bool { schema[name]?.booleanValue ?? false }

  private func search(_ value: Value, _ schema: Value, _ path: String, isRoot: Bool, _ found: inout [String])
  {
    switch value.kind {
    case .object:
      let properties = schema["properties"]
      let others = schema["additionalProperties"]
      let keeps = Self.flag("x-kubernetes-preserve-unknown-fields", schema)
      let embedded = isRoot || Self.flag("x-kubernetes-embedded-resource", schema)
      for (name, inner) in value.members {
        if embedded, Self.common.contains(name) { continue }
        let inside = path.isEmpty ? name : "\(path).\(name)"
        if let property = properties?[name] {
          search(inner, property, inside, isRoot: false, &found)
        } else if let others {
          if others.kind == .object { search(inner, others, inside, isRoot: false, &found) }
        } else if !keeps {
          found.append(inside)
        }
      }
    case .array:
      guard let items = schema["items"] else { return }
      for (index, element) in value.elements.enumerated() {
        search(element, items, "\(path)[\(index)]", isRoot: false, &found)
      }
    default: break
    }
  }

  private func admitted(_ value: Value) -> Value { pruned(value, root, isRoot: true) }

  private func pruned(_ value: Value, _ schema: Value, isRoot: Bool) -> Value {
    switch value.kind {
    case .object:
      let properties = schema["properties"]
      let others = schema["additionalProperties"]
      let keeps = Self.flag("x-kubernetes-preserve-unknown-fields", schema)
      let embedded = isRoot || Self.flag("x-kubernetes-embedded-resource", schema)
      var members: [(String, Value)] = []
      for (name, inner) in value.members {
        if embedded, Self.common.contains(name) {
          members.append((name, inner))
        } else if let property = properties?[name] {
          if inner.isNull, !Self.flag("nullable", property) {
            if let fallback = property["default"] { members.append((name, fallback)) }
          } else {
            members.append((name, pruned(inner, property, isRoot: false)))
          }
        } else if let others {
          if others.kind == .object, inner.isNull, !Self.flag("nullable", others) { continue }
          members.append((name, others.kind == .object ? pruned(inner, others, isRoot: false) : inner))
        } else if keeps {
          members.append((name, inner))
        }
      }
      for (name, property) in properties?.members ?? [] {
        guard let fallback = property["default"], !members.contains(where: { $0.0 == name }) else { continue }
        members.append((name, pruned(fallback, property, isRoot: false)))
      }
      return .object(members)
    case .array:
      guard let items = schema["items"] else { return value }
      return .array(value.elements.map { pruned($0, items, isRoot: false) })
    default: return value
    }
  }

  // MARK: Validation

  private static let rule: RuleID = "K-schema"

  private func problems(_ value: Value, old: Value?) -> [Diagnostic] {
    var found = metadataProblems(value)
    var blocks = found.contains { $0.kind == .required || $0.kind == .tooLong }
    check(value, root, old: old, "", isRoot: true, &found, &blocks)
    if blocks {
      if hasRules(root) {
        found.append(
          Diagnostic(
            rule: Self.rule, kind: .invalid, path: "<nil>", value: "null",
            detail:
              "some validation rules were not checked because the object was invalid; correct the existing "
              + "errors to complete validation"))
      }
      return found
    }
    checkRules(value, root, old: old, "", &found)
    return found
  }

  private func hasRules(_ schema: Value) -> Bool {
    if schema["x-kubernetes-validations"] != nil { return true }
    if let properties = schema["properties"], properties.members.contains(where: { hasRules($0.value) }) {
      return true
    }
    if let items = schema["items"], hasRules(items) { return true }
    if let others = schema["additionalProperties"], others.kind == .object { return hasRules(others) }
    return false
  }

  private func metadataProblems(_ value: Value) -> [Diagnostic] {
    var metadata = DynamicObject(value).metadata
    if !resource.isNamespaced { metadata.namespace = "default" }
    return ObjectMetaRules.namespacedObject(
      metadata, at: "metadata", citing: .init(name: Self.rule, namespace: Self.rule, other: Self.rule))
  }

  /// Checks a value, and takes back what was found when the value is what it was.
  private func check(
    _ value: Value, _ schema: Value, old: Value?, _ path: String, isRoot: Bool, _ found: inout [Diagnostic],
    _ blocks: inout Bool
  ) {
    if let old, !isRoot, old == value { return }
    let count = found.count
    checkShape(value, schema, path, &found, &blocks)
    if found.count > count, value.kind != .object, value.kind != .array { return }
    switch value.kind {
    case .object:
      let properties = schema["properties"]
      for (name, property) in properties?.members ?? [] {
        if isRoot, Self.common.contains(name) { continue }
        guard let inner = value[name] else { continue }
        check(
          inner, property, old: old?[name], path.isEmpty ? name : "\(path).\(name)", isRoot: false, &found,
          &blocks)
      }
      if let others = schema["additionalProperties"], others.kind == .object {
        for (name, inner) in value.members {
          check(inner, others, old: old?[name], "\(path).\(name)", isRoot: false, &found, &blocks)
        }
      }
      for name in (schema["required"]?.strings ?? []).sorted(by: { utf8Precedes($0, $1) })
      where value[name] == nil {
        found.append(.required(Self.rule, FieldPath(path.isEmpty ? name : "\(path).\(name)")))
        blocks = true
      }
    case .array:
      guard let items = schema["items"] else { return }
      let before = old?.elements ?? []
      for (index, element) in value.elements.enumerated() {
        check(
          element, items, old: index < before.count && before[index] == element ? element : nil,
          "\(path)[\(index)]",
          isRoot: false, &found, &blocks)
      }
    default: break
    }
  }

  private func checkShape(
    _ value: Value, _ schema: Value, _ path: String, _ found: inout [Diagnostic], _ blocks: inout Bool
  ) {
    let type = schema.text("type")
    let actual = Self.typeName(value)
    func invalid(_ detail: String, _ shown: FieldValue) {
      found.append(.invalid(Self.rule, FieldPath(path.isEmpty ? "<nil>" : path), shown, detail))
    }
    if value.isNull, Self.flag("nullable", schema) { return }
    if Self.flag("x-kubernetes-int-or-string", schema) {
      guard actual == "integer" || actual == "string" else {
        invalid("\(path) in body must be of type integer,string: \(goQuoted(actual))", .string(actual))
        blocks = true
        return
      }
    } else if !type.isEmpty, type != actual, !(type == "number" && actual == "integer") {
      invalid("\(path) in body must be of type \(type): \(goQuoted(actual))", .string(actual))
      blocks = true
      return
    }
    let shown = Self.shown(value)
    if let text = value.stringValue {
      let length = Int64(text.unicodeScalars.count)
      if let most = schema["maxLength"]?.integerValue, length > most {
        found.append(
          Diagnostic(
            rule: Self.rule, kind: .tooLong, path: path,
            detail: "may not be more than \(most) byte\(most == 1 ? "" : "s")"))
        blocks = true
      } else if let least = schema["minLength"]?.integerValue, length < least {
        invalid("\(path) in body should be at least \(least) chars long", shown)
      } else if let source = schema["pattern"]?.stringValue, let pattern = try? Pattern(source) {
        if !pattern.matches(text) { invalid("\(path) in body should match '\(source)'", shown) }
      }
      if let format = schema["format"]?.stringValue, !Self.fits(text, format) {
        invalid("\(path) in body must be of type \(format): \(goQuoted(text))", shown)
        blocks = true
      }
    }
    if let number = value.doubleValue {
      if let least = schema["minimum"]?.doubleValue {
        let isExclusive = Self.flag("exclusiveMinimum", schema)
        if isExclusive ? number <= least : number < least {
          invalid(
            "\(path) in body should be greater than \(isExclusive ? "" : "or equal to ")"
              + (schema["minimum"]?.scalarText ?? ""), shown)
        }
      }
      if let most = schema["maximum"]?.doubleValue {
        let isExclusive = Self.flag("exclusiveMaximum", schema)
        if isExclusive ? number >= most : number > most {
          invalid(
            "\(path) in body should be less than \(isExclusive ? "" : "or equal to ")"
              + (schema["maximum"]?.scalarText ?? ""), shown)
        }
      }
    }
    if value.kind == .array {
      let count = Int64(value.count)
      if let least = schema["minItems"]?.integerValue, count < least {
        invalid("\(path) in body should have at least \(least) items", .integer(count))
      }
      if let most = schema["maxItems"]?.integerValue, count > most {
        found.append(
          Diagnostic(
            rule: Self.rule, kind: .invalid, path: path, value: "\(count)",
            detail: "must have at most \(most) items"))
        blocks = true
      }
    }
    if let allowed = schema["enum"]?.elements, !allowed.isEmpty, !allowed.contains(value) {
      found.append(
        .notSupported(Self.rule, FieldPath(path), shown, supported: allowed.compactMap(\.scalarText)))
      blocks = true
    }
  }

  private static func typeName(_ value: Value) -> String {
    switch value.kind {
    case .null: "null"
    case .boolean: "boolean"
    case .integer: "integer"
    case .float: "number"
    case .string, .key: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  static func shown(_ value: Value) -> FieldValue {
    if let text = value.stringValue { return .string(text) }
    if let number = value.integerValue { return .integer(number) }
    if let flag = value.booleanValue { return .boolean(flag) }
    return .json(JSONWriter.string(value, options: .init(escapesHTML: true)))
  }

  private static func fits(_ text: String, _ format: String) -> Bool {
    switch format {
    case "date-time": Timestamp(text.uppercased()) != nil
    case "byte": (try? Base64.decode(text)) != nil
    case "date": text.utf8.count == 10 && Timestamp("\(text)T00:00:00Z") != nil
    default: true
    }
  }

  // MARK: CEL

  private func checkRules(
    _ value: Value, _ schema: Value, old: Value?, _ path: String, _ found: inout [Diagnostic]
  ) {
    for validation in schema["x-kubernetes-validations"]?.elements ?? [] {
      let source = validation.text("rule")
      guard let expression = try? CELExpression(source) else { continue }
      let isTransition = expression.mentionsOldSelf
      if isTransition, old == nil, validation["optionalOldSelf"]?.booleanValue != true { continue }
      let scope = CELScope(self: value, oldSelf: old)
      let outcome = expression.evaluate(in: scope)
      if outcome == .boolean(true) { continue }
      var message = validation.text("message")
      if let source = validation["messageExpression"]?.stringValue,
        let made = (try? CELExpression(source))?.evaluate(in: scope), case .string(let text) = made
      {
        message = text
      }
      if message.isEmpty { message = "failed rule: \(source)" }
      let reason = validation.text("reason")
      let field = validation.text("fieldPath")
      let place = FieldPath(path + field)
      let shownPlace =
        place.description.isEmpty
        ? "<nil>"
        : place.description.hasPrefix(".") ? String(place.description.dropFirst()) : place.description
      switch reason {
      case "FieldValueForbidden": found.append(.forbidden(Self.rule, FieldPath(shownPlace), message))
      case "FieldValueRequired": found.append(.required(Self.rule, FieldPath(shownPlace), message))
      case "FieldValueDuplicate":
        found.append(
          Diagnostic(
            rule: Self.rule, kind: .duplicate, path: shownPlace, value: Self.ruleValue(value).text, detail: ""
          ))
      default:
        let shown = Self.ruleValue(value)
        found.append(
          Diagnostic(
            rule: Self.rule, kind: .invalid, path: shownPlace, value: shown.text.isEmpty ? nil : shown.text,
            detail: message))
      }
    }
    switch value.kind {
    case .object:
      for (name, property) in schema["properties"]?.members ?? [] {
        guard let inner = value[name] else { continue }
        checkRules(inner, property, old: old?[name], path.isEmpty ? name : "\(path).\(name)", &found)
      }
      if let others = schema["additionalProperties"], others.kind == .object {
        for (name, inner) in value.members {
          checkRules(inner, others, old: old?[name], "\(path).\(name)", &found)
        }
      }
    case .array:
      guard let items = schema["items"] else { return }
      for (index, element) in value.elements.enumerated() {
        checkRules(element, items, old: nil, "\(path)[\(index)]", &found)
      }
    default: break
    }
  }

  /// What a message about a rule shows of a value: scalars; of objects and lists nothing.
  private static func ruleValue(_ value: Value) -> FieldValue {
    value.kind == .object || value.kind == .array ? .json("") : shown(value)
  }
}
