internal import KubernetesModel

/// One object of a configuration: its members and its path.
struct ConfigurationObject {
  let path: FieldPath
  let value: Value?

  /// The value of a field; nil when it is absent or null.
  subscript(name: String) -> Value? {
    guard let member = value?[name], !member.isNull else { return nil }
    return member
  }
}

/// Reads configuration values by name and collects what is wrong with them.
struct ConfigurationDecoder {
  let source: String?
  private(set) var diagnostics: [Diagnostic] = []

  init(source: String?) { self.source = source }

  /// An object and its fields. Other fields are reported (B-C04), and so are values that are no objects.
  mutating func object(_ value: Value?, at path: FieldPath, fields: [String]) -> ConfigurationObject {
    guard let value, !value.isNull else { return ConfigurationObject(path: path, value: nil) }
    guard value.kind == .object else {
      report(value, .invalid("C-005", path, .json(JSONWriter.string(value)), "must be an object"))
      return ConfigurationObject(path: path, value: nil)
    }
    for member in value.members where !fields.contains(member.name) {
      let known = "known: " + fields.sorted(by: utf8Precedes).joined(separator: ", ")
      let meant = Self.renamed[member.name] ?? NearestName.of(member.name, among: fields)
      let hint = meant.flatMap { fields.contains($0) ? "did you mean \"\($0)\"? " + known : nil }
      report(
        member.value,
        Diagnostic(
          rule: "W-B-C04", path: path.child(member.name).description, detail: "unknown field",
          hint: hint ?? known))
    }
    return ConfigurationObject(path: path, value: value)
  }

  /// What fields of older releases are called now.
  private static let renamed = ["clusterTopology": "topologyAwareScheduling"]

  /// The object in a field.
  mutating func object(_ parent: ConfigurationObject, _ name: String, fields: [String]) -> ConfigurationObject
  {
    object(parent[name], at: parent.path.child(name), fields: fields)
  }

  /// The elements of the list in a field, with their paths.
  mutating func elements(_ parent: ConfigurationObject, _ name: String) -> [(Value, FieldPath)] {
    guard let value = parent[name] else { return [] }
    let path = parent.path.child(name)
    guard value.kind == .array else {
      report(value, .invalid("C-005", path, .json(JSONWriter.string(value)), "must be a list"))
      return []
    }
    return value.elements.enumerated().map { ($1, path[$0]) }
  }

  /// Reads a field, if it is there, into its place.
  mutating func read<T: TapeCodable>(_ parent: ConfigurationObject, _ name: String, _ place: inout T) {
    if let found: T = optional(parent, name) { place = found }
  }

  /// The value of a field, or nil when it is absent or of the wrong type, which is reported.
  mutating func optional<T: TapeCodable>(_ parent: ConfigurationObject, _ name: String) -> T? {
    guard let value = parent[name] else { return nil }
    return self.value(value, at: parent.path.child(name))
  }

  /// A typed value, or nil when the value is of the wrong type, which is reported.
  mutating func value<T: TapeCodable>(_ value: Value, at path: FieldPath) -> T? {
    var decoder = TapeDecoder(value.tape)
    let result: T = decoder.decode(at: value.index)
    guard let issue = decoder.issues.first else { return result }
    let detail =
      switch issue.kind {
      case .unknownField: "unknown field"
      case .malformed(let reason): reason
      case .mismatch(let expected): ConfigurationDecoder.words(expected)
      }
    let text: FieldValue = value.stringValue.map { .string($0) } ?? .json(JSONWriter.string(value))
    report(value, .invalid("C-005", path, text, detail))
    return nil
  }

  /// Reports a field that does not have the one value it may have.
  mutating func require(_ parent: ConfigurationObject, _ name: String, _ expected: String) {
    let path = parent.path.child(name)
    guard let value = parent[name] else {
      diagnostics.append(.required("C-005", path, "must be \(goQuoted(expected))"))
      return
    }
    guard value.stringValue != expected else { return }
    let text: FieldValue = value.stringValue.map { .string($0) } ?? .json(JSONWriter.string(value))
    report(value, .invalid("C-005", path, text, "must be \(goQuoted(expected))"))
  }

  private mutating func report(_ value: Value, _ diagnostic: Diagnostic) {
    var diagnostic = diagnostic
    let node = value.tape[value.index]
    if let source, node.line > 0 {
      diagnostic.location = SourceLocation(file: source, line: Int(node.line), column: Int(node.column))
    }
    diagnostics.append(diagnostic)
  }

  private static func words(_ expected: DecodingIssue.Expected) -> String {
    switch expected {
    case .string: "must be a string"
    case .boolean: "must be true or false"
    case .integer(let bits): "must be an integer of \(bits) bits"
    case .number: "must be a number"
    case .quantity: "must be a quantity"
    case .integerOrString: "must be an integer or a string"
    case .array: "must be a list"
    case .object: "must be an object"
    }
  }
}
