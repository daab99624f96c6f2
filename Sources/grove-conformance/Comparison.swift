import KubernetesModel

/// Compares answers with recorded ones, as the README of the recordings says.
struct Comparison {
  var masks: Masks
  private(set) var found: [(path: String, text: String)] = []

  init(masks: Masks) { self.masks = masks }

  mutating func note(_ path: String, _ text: String) { found.append((path, text)) }

  /// Compares a document.
  mutating func compare(_ recorded: Value, _ actual: Value, at path: String = "", cutsBooks: Bool = true) {
    if recorded["kind"]?.stringValue == "Status", recorded["apiVersion"]?.stringValue == "v1" {
      compareStatus(recorded, actual, at: path)
      return
    }
    compareAny(recorded, actual, path)
  }

  // MARK: Documents

  private mutating func compareAny(_ recorded: Value, _ actual: Value, _ path: String) {
    switch recorded.kind {
    case .object:
      guard actual.kind == .object else { return note(path, "an object ≠ \(text(actual))") }
      for (name, value) in recorded.members {
        guard let other = actual[name] else {
          note("\(path).\(name)", "\(text(value)) ≠ nothing")
          continue
        }
        compareAny(value, other, "\(path).\(name)")
      }
      for (name, value) in actual.members where recorded[name] == nil {
        // Books are cut out of most recordings.
        if name == "managedFields" { continue }
        note("\(path).\(name)", "nothing ≠ \(text(value))")
      }
    case .array:
      guard actual.kind == .array else { return note(path, "a list ≠ \(text(actual))") }
      if recorded.count != actual.count {
        return note(path, "\(recorded.count) elements ≠ \(actual.count): \(text(recorded)) ≠ \(text(actual))")
      }
      for (index, pair) in zip(recorded.elements, actual.elements).enumerated() {
        compareAny(pair.0, pair.1, "\(path)[\(index)]")
      }
    case .string, .key:
      let wanted = recorded.stringValue ?? ""
      if wanted == "<time>", actual.kind == .string { return }
      if wanted == "<port>", actual.kind == .integer { return }
      guard let given = actual.stringValue else {
        if wanted.contains("<"), let number = actual.scalarText, masks.match(wanted, number) == nil { return }
        return note(path, "\(text(recorded)) ≠ \(text(actual))")
      }
      if let why = masks.match(wanted, given) { note(path, why) }
    default:
      if recorded != actual { note(path, "\(text(recorded)) ≠ \(text(actual))") }
    }
  }

  private func text(_ value: Value) -> String { JSONWriter.string(value).short }

  // MARK: Status

  mutating func compareStatus(_ recorded: Value, _ actual: Value, at path: String) {
    for name in ["kind", "status", "reason", "code"] where recorded[name] != actual[name] {
      note(
        "\(path).\(name)", "\(recorded[name].map(text) ?? "nothing") ≠ \(actual[name].map(text) ?? "nothing")"
      )
    }
    compareMessage(
      recorded["message"]?.stringValue ?? "", actual["message"]?.stringValue ?? "", "\(path).message")
    if let token = recorded["metadata"] { compareAny(token, actual["metadata"] ?? .null, "\(path).metadata") }
    guard let details = recorded["details"] else {
      if let given = actual["details"] { note("\(path).details", "nothing ≠ \(text(given))") }
      return
    }
    guard let given = actual["details"] else { return note("\(path).details", "\(text(details)) ≠ nothing") }
    for name in ["name", "group", "kind", "uid", "retryAfterSeconds"] {
      guard let wanted = details[name] else {
        if let other = given[name] { note("\(path).details.\(name)", "nothing ≠ \(text(other))") }
        continue
      }
      compareAny(wanted, given[name] ?? .null, "\(path).details.\(name)")
    }
    compareCauses(
      details["causes"]?.elements ?? [], given["causes"]?.elements ?? [], "\(path).details.causes")
  }

  /// Causes are compared as a set.
  private mutating func compareCauses(_ recorded: [Value], _ actual: [Value], _ path: String) {
    var left = actual
    for cause in recorded {
      let position = left.firstIndex { given in
        cause["field"] == given["field"] && cause["reason"] == given["reason"]
          && Self.sameMessage(
            cause["message"]?.stringValue ?? "", given["message"]?.stringValue ?? "", &masks)
      }
      if let position {
        left.remove(at: position)
      } else if !actual.contains(where: { $0["field"] == cause["field"] && $0["message"] == cause["message"] }
      ) {
        note(path, "missing \(text(cause))")
      }
    }
    for cause in left
    where !recorded.contains(where: { $0["field"] == cause["field"] && $0["message"] == cause["message"] }) {
      note(path, "not expected \(text(cause))")
    }
  }

  private mutating func compareMessage(_ recorded: String, _ actual: String, _ path: String) {
    if Self.sameMessage(recorded, actual, &masks) { return }
    note(path, "\(recorded.short) ≠ \(actual.short)")
  }

  /// What the server writes in the language it is made in.
  private static let traces = [
    "Go value of type", "json: cannot unmarshal", "scheme.go", "Go struct field", "schema.go", "register.go",
    "customresource_handler.go", "parsing time",
  ]

  private static func sameMessage(_ recorded: String, _ actual: String, _ masks: inout Masks) -> Bool {
    if masks.match(recorded, actual) == nil { return true }
    if traces.contains(where: { recorded.contains($0) }) { return true }
    // The server adds the difference of two dumps in its own language to some messages: compared up to there.
    if let dump = recorded.range(ofText: "\n@@ ") { return actual.hasPrefix(recorded[..<dump.lowerBound]) }
    // A message that quotes a whole object is compared up to the quote.
    if let quote = recorded.range(ofText: "patch: Invalid value: \"{") {
      return actual.hasPrefix(recorded[..<quote.upperBound].dropLast())
    }
    return sameSet(recorded, actual)
  }

  /// Parts in brackets come in random order where several fields side by side are wrong.
  private static func sameSet(_ recorded: String, _ actual: String) -> Bool {
    guard let a = recorded.firstIndex(of: "["), recorded.hasSuffix("]"), let b = actual.firstIndex(of: "["),
      actual.hasSuffix("]"), recorded[..<a] == actual[..<b]
    else { return false }
    func parts(_ text: Substring) -> [String] { text.dropFirst().dropLast().components(", ").sorted() }
    return parts(recorded[a...]) == parts(actual[b...])
  }
}

extension StringProtocol {
  /// Where a text occurs first.
  func range(ofText text: String) -> Range<Index>? {
    var start = startIndex
    while start != endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }

  /// The parts between separators.
  func components(_ separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[startIndex...]
    while let range = rest.range(ofText: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    parts.append(String(rest))
    return parts
  }
}
