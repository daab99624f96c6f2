internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

/// A mapping of a scenario file whose fields are known to be allowed.
struct ScenarioFields {
  let value: Value

  /// The value of a field; nil when it is absent or null.
  subscript(_ name: String) -> Value? {
    guard let member = value[name], !member.isNull else { return nil }
    return member
  }
}

/// Reads parts of scenario files and collects what is wrong with them.
struct ScenarioDecoder {
  /// Reads files that the scenario refers to.
  let files: ScenarioReader.Files
  /// What the text being read is called.
  var source: String
  /// The root of the document being read.
  var root: Int
  /// The namespace of objects that name none.
  var namespace = "default"
  var diagnostics: [Diagnostic] = []

  init(files: @escaping ScenarioReader.Files, source: String, root: Int) {
    self.files = files
    self.source = source
    self.root = root
  }

  // MARK: Reports

  mutating func report(
    _ value: Value, _ detail: String, rule: RuleID = "SC-value", hint: String? = nil, key: Int? = nil
  ) {
    let node = key ?? value.index
    diagnostics.append(
      Diagnostic(
        rule: rule, path: value.tape.path(of: node, in: root), detail: detail, hint: hint,
        location: value.tape.location(of: node, file: source)))
  }

  private mutating func mismatch(_ value: Value, _ expected: String) {
    report(value, "expected \(expected), found \(Self.words(value))", rule: "SC-type")
  }

  static func words(_ value: Value) -> String {
    switch value.kind {
    case .null: "nothing"
    case .boolean: "the boolean \(value.scalarText ?? "")"
    case .integer, .float: "the number \(value.scalarText ?? "")"
    case .string, .key: "the text \"\(value.scalarText ?? "")\""
    case .array: "a list"
    case .object: "a mapping"
    }
  }

  // MARK: Mappings

  /// The mapping at a value. Fields that are not in the table and required ones that are missing are reported.
  mutating func fields(_ value: Value, _ table: ScenarioFieldTable) -> ScenarioFields? {
    guard value.kind == .object else {
      mismatch(value, "a mapping (\(table.name))")
      return nil
    }
    let names = table.fields.map(\.name)
    for member in value.members where !names.contains(member.name) {
      let near = NearestName.of(member.name, among: names)
      report(
        member.value, "unknown field \"\(member.name)\" in \(table.name)", rule: "SC-unknown-field",
        hint: near.map { "did you mean \"\($0)\"?" } ?? "known are " + names.joined(separator: ", "),
        key: member.value.index - 1)
    }
    let fields = ScenarioFields(value: value)
    for field in table.fields where field.isRequired && fields[field.name] == nil {
      report(value, "\(field.name) is missing", rule: "SC-required", hint: field.about)
    }
    return fields
  }

  // MARK: Scalars

  mutating func text(_ value: Value?) -> String? {
    guard let value else { return nil }
    if let text = value.stringValue { return text }
    mismatch(value, "a text")
    return nil
  }

  /// A text, or a number or boolean that was not quoted.
  mutating func scalar(_ value: Value?) -> String? {
    guard let value else { return nil }
    if let text = value.scalarText { return text }
    mismatch(value, "a text")
    return nil
  }

  mutating func flag(_ value: Value?) -> Bool? {
    guard let value else { return nil }
    if let flag = value.booleanValue { return flag }
    mismatch(value, "true or false")
    return nil
  }

  /// Whether a field that can only be true is.
  mutating func presence(_ value: Value?) -> Bool {
    guard let value else { return false }
    if value.booleanValue == true { return true }
    mismatch(value, "true")
    return false
  }

  mutating func integer(_ value: Value?, _ range: ClosedRange<Int> = 0...Int(Int32.max)) -> Int? {
    guard let value else { return nil }
    guard let number = value.integerValue else {
      mismatch(value, "an integer")
      return nil
    }
    if range.contains(Int(number)) { return Int(number) }
    report(value, "\(number) is not from \(range.lowerBound) to \(range.upperBound)")
    return nil
  }

  mutating func duration(_ value: Value?) -> Duration? {
    guard let value else { return nil }
    guard let text = value.scalarText else {
      mismatch(value, "a duration such as 30s")
      return nil
    }
    guard let duration = Duration(text), duration >= .zero else {
      report(value, "\(text) is not a duration", hint: "write 100ms, 30s or 2m")
      return nil
    }
    return duration
  }

  mutating func count(_ value: Value?) -> CountCheck? {
    guard let value else { return nil }
    if let text = value.scalarText, let count = CountCheck(parsing: text) { return count }
    report(value, "\(Self.words(value)) is not a count", hint: "write 3, \">= 3\", \"<= 3\" or \"2..4\"")
    return nil
  }

  mutating func choice<T: RawRepresentable & CaseIterable>(_ value: Value?, _ type: T.Type = T.self) -> T?
  where T.RawValue == String {
    guard let value else { return nil }
    if let text = value.scalarText, let choice = T(rawValue: text) { return choice }
    let known = T.allCases.map(\.rawValue)
    let near = value.scalarText.flatMap { NearestName.of($0, among: known) }
    report(
      value, "expected one of \(known.joined(separator: ", ")), found \(Self.words(value))",
      hint: near.map { "did you mean \"\($0)\"?" })
    return nil
  }

  // MARK: Lists

  mutating func list(_ value: Value?) -> [Value] {
    guard let value else { return [] }
    if value.kind == .array { return value.elements }
    mismatch(value, "a list")
    return []
  }

  /// The elements of a list, or the value itself where one may stand alone.
  func oneOrMore(_ value: Value?) -> [Value] {
    guard let value else { return [] }
    return value.kind == .array ? value.elements : [value]
  }

  mutating func texts(_ value: Value?) -> [String] {
    var texts: [String] = []
    for element in oneOrMore(value) {
      if let text = scalar(element) { texts.append(text) }
    }
    return texts
  }

  mutating func pattern(_ value: Value?) -> NamePattern? { scalar(value).map { NamePattern($0) } }
  mutating func patterns(_ value: Value?) -> [NamePattern] { texts(value).map { NamePattern($0) } }

  mutating func path(_ text: String, at value: Value, key: Int? = nil) -> ValuePath? {
    do throws(ValuePathError) {
      return try ValuePath(parsing: text)
    } catch {
      report(value, "\(error)", key: key)
      return nil
    }
  }

  // MARK: Labels and references

  mutating func labelSelector(_ value: Value?) -> LabelSelector? {
    guard let value else { return nil }
    if value.kind == .object {
      var selector = LabelSelector()
      for member in value.members { selector.matchLabels[member.name] = scalar(member.value) }
      return selector
    }
    guard let text = text(value) else { return nil }
    do throws(LabelSelectorError) {
      return try LabelSelector(parsing: text)
    } catch {
      report(value, "\(error)")
      return nil
    }
  }

  mutating func kind(_ value: Value?) -> ResourceKind? {
    guard let value, let text = text(value) else { return nil }
    return kind(text, at: value)
  }

  mutating func kind(_ text: String, at value: Value) -> ResourceKind? {
    if let kind = ResourceKind.named(text).first ?? ResourceKind(rawValue: text) { return kind }
    let near = NearestName.of(text, among: ResourceKind.allCases.map(\.rawValue))
    report(value, "no kind is called \"\(text)\"", hint: near.map { "did you mean \"\($0)\"?" })
    return nil
  }

  /// A reference: `kind/name`, or a mapping.
  mutating func reference(_ value: Value?) -> ObjectKey? {
    guard let value else { return nil }
    var parts: (kind: ResourceKind?, name: String?, namespace: String?)
    if value.kind == .object {
      guard let fields = fields(value, ScenarioSchema.reference) else { return nil }
      parts = (kind(fields["kind"]), scalar(fields["name"]), scalar(fields["namespace"]))
    } else {
      guard let text = text(value) else { return nil }
      guard let slash = text.firstIndex(of: "/") else {
        report(value, "\"\(text)\" is not of the form kind/name", hint: "such as pcs/simple1")
        return nil
      }
      parts = (kind(String(text[..<slash]), at: value), String(text[text.index(after: slash)...]), nil)
    }
    guard let kind = parts.kind, let name = parts.name else { return nil }
    let namespace = kind.isClusterScoped ? "" : parts.namespace ?? self.namespace
    return ObjectKey(kind, namespace: namespace, name: name)
  }
}
