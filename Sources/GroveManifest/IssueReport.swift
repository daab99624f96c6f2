public import KubernetesModel

extension ManifestDocument {
  /// The problems of decoding the object, told with their places in the source.
  ///
  /// - Parameters:
  ///   - issues: what the decoder of the object's tape collected.
  ///   - fieldNames: the names that may stand in place of a key that no type has, given the key's node; empty when
  ///     they are not known. ``KubernetesModel/SchemaTable`` knows them.
  /// - Returns: one diagnostic for each issue, in document order.
  public func diagnostics(
    for issues: [DecodingIssue], fieldNames: (_ key: Int) -> [String] = { _ in [] }
  ) -> [Diagnostic] {
    issues.sorted { $0.node < $1.node }.map { diagnostic(for: $0, fieldNames: fieldNames) }
  }

  private func diagnostic(
    for issue: DecodingIssue, fieldNames: (_ key: Int) -> [String]
  ) -> Diagnostic {
    let path = root.tape.path(of: issue.node, in: root.index)
    let place = location(of: issue.node)
    let found = Value(tape: root.tape, index: issue.node)
    switch issue.kind {
    case .unknownField:
      let name = root.tape.string(at: issue.node)
      return Diagnostic(
        rule: ManifestRule.unknownField.id, path: path, detail: "unknown field \"\(name)\"",
        hint: suggestion(for: name, among: fieldNames(issue.node)), location: place)
    case .mismatch(let expected):
      return Diagnostic(
        rule: ManifestRule.type.id, path: path,
        detail:
          "expected \(expected.phrase(for: found)), found \(found.summary(spelled: spelling(of: issue.node)))",
        hint: expected.hint(for: found, spelled: spelling(of: issue.node)), location: place)
    case .malformed(let reason):
      return Diagnostic(rule: ManifestRule.value.id, path: path, detail: reason, location: place)
    }
  }

  /// The text of a number as it was written, where its value says it otherwise.
  private func spelling(of node: Int) -> String? {
    let entry = root.tape[node]
    guard entry.kind == .integer || entry.kind == .float else { return nil }
    return spellings.text(line: entry.line, column: entry.column)
  }

  private func suggestion(for name: String, among candidates: [String]) -> String? {
    guard let nearest = NearestName.of(name, among: candidates) else { return nil }
    let differsInCase = nearest.lowercased() == name.lowercased()
    return "did you mean \"\(nearest)\"?" + (differsInCase ? " Field names are case-sensitive." : "")
  }
}

extension Value {
  /// The value in a few words: `the number 5`, `a list`.
  var summary: String { summary(spelled: nil) }

  /// The value in a few words, a number as it is spelled in its source.
  func summary(spelled spelling: String?) -> String {
    switch kind {
    case .null: "nothing"
    case .boolean: "the boolean \(scalarText ?? "")"
    case .integer, .float: "the number \(spelling ?? shortText)"
    case .string, .key: "the string \"\(shortText)\""
    case .array: "a list"
    case .object: "a mapping"
    }
  }

  private var shortText: String {
    let text = tape.string(at: index)
    return text.count > 48 ? text.prefix(45) + "..." : text
  }
}

extension DecodingIssue.Expected {
  /// What is expected, in words.
  fileprivate func phrase(for found: Value) -> String {
    switch self {
    case .string: "a string"
    case .boolean: "true or false"
    case .integer(let bits): found.kind == .integer ? "an integer that fits \(bits) bits" : "an integer"
    case .number: "a number"
    case .quantity: "a quantity such as 500m or 2Gi"
    case .integerOrString: "an integer or a string"
    case .array: "a list"
    case .object: "a mapping"
    }
  }

  /// What to do about a value of the wrong kind, when that is likely.
  fileprivate func hint(for found: Value, spelled spelling: String?) -> String? {
    let text = spelling ?? found.scalarText ?? ""
    switch (self, found.kind) {
    case (.string, .integer), (.string, .float): return "quote it: \"\(text)\""
    case (.string, .boolean):
      return "quote it: plain yes, no, on, off, true and false are booleans in YAML"
    case (.integer, .string), (.number, .string):
      return Double(text) != nil ? "remove the quotes: \(text)" : nil
    case (.boolean, .string):
      let words = [
        "true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false",
      ]
      return words[text.lowercased()].map { "remove the quotes: \($0)" }
    case (.array, .object), (.array, .string), (.array, .integer), (.array, .float), (.array, .boolean):
      return "write each element behind \"- \""
    case (.object, .array): return "remove the \"- \": one mapping is expected here"
    case (.object, .string):
      return text.contains(":") ? "put a space behind the colon" : nil
    default: return nil
    }
  }
}
