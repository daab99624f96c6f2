extension LabelSelector {
  /// Whether labels satisfy every part of the selector. An empty selector matches everything.
  ///
  /// - Complexity: O(requirements × values).
  public func matches(_ labels: StringMap<String>) -> Bool {
    matchLabels.allSatisfy { labels[$0.key] == $0.value }
      && matchExpressions.allSatisfy { $0.matches(labels) }
  }

  /// Reads the text that `kubectl -l` and scale subresources use: `a=b,c!=d,e in (f,g),h,!i`.
  ///
  /// Equality becomes a match label; the rest become expressions, in order.
  ///
  /// - Throws: ``LabelSelectorError`` naming the part that cannot be read.
  public init(parsing text: String) throws(LabelSelectorError) {
    self.init()
    for part in try LabelSelector.parts(text) {
      let requirement = try LabelSelectorRequirement(parsing: part)
      if requirement.operator == "In", requirement.values.count == 1, matchLabels[requirement.key] == nil,
        !part.contains("(")
      {
        matchLabels[requirement.key] = requirement.values[0]
      } else {
        matchExpressions.append(requirement)
      }
    }
  }

  /// The parts between commas that are not inside parentheses.
  private static func parts(_ text: String) throws(LabelSelectorError) -> [String] {
    var parts: [String] = []
    var current = ""
    var isInside = false
    for character in text {
      switch character {
      case "(" where !isInside: isInside = true
      case ")" where isInside: isInside = false
      case "(", ")": throw LabelSelectorError(part: text)
      case "," where !isInside:
        parts.append(current)
        current = ""
        continue
      default: break
      }
      current.append(character)
    }
    if isInside { throw LabelSelectorError(part: text) }
    if !current.isEmpty || !parts.isEmpty { parts.append(current) }
    return parts
  }
}

/// A part of a selector's text that cannot be read.
public struct LabelSelectorError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The part.
  public var part: String

  /// What is wrong.
  public var description: String { "unable to parse requirement: \"\(part)\"" }
}

extension LabelSelectorRequirement {
  /// Whether labels satisfy the requirement. An unknown operator matches nothing.
  public func matches(_ labels: StringMap<String>) -> Bool {
    let value = labels[key]
    switch self.operator {
    case "In": return value.map { values.contains($0) } ?? false
    case "NotIn": return value.map { !values.contains($0) } ?? true
    case "Exists": return value != nil
    case "DoesNotExist": return value == nil
    default: return false
    }
  }

  fileprivate init(parsing text: String) throws(LabelSelectorError) {
    let part = text.trimmingBlanks
    if part.hasPrefix("!") {
      self.init(key: try Self.key(String(part.dropFirst()), text), operator: "DoesNotExist")
      return
    }
    for (sign, name) in [("!=", "NotIn"), ("==", "In"), ("=", "In")] {
      guard let position = part.firstPosition(of: sign) else { continue }
      let value = String(part[part.index(position, offsetBy: sign.count)...]).trimmingBlanks
      guard NameSyntax.labelValueObjections(value).isEmpty else { throw LabelSelectorError(part: text) }
      self.init(key: try Self.key(String(part[..<position]), text), operator: name, values: [value])
      return
    }
    guard let open = part.firstIndex(of: "(") else {
      self.init(key: try Self.key(part, text), operator: "Exists")
      return
    }
    let words = part[..<open].split(separator: " ").map(String.init)
    guard part.hasSuffix(")"), words.count == 2, words[1] == "in" || words[1] == "notin" else {
      throw LabelSelectorError(part: text)
    }
    let list = part[part.index(after: open)...].dropLast()
    let values = list.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0).trimmingBlanks
    }
    guard values.allSatisfy({ NameSyntax.labelValueObjections($0).isEmpty }) else {
      throw LabelSelectorError(part: text)
    }
    self.init(key: try Self.key(words[0], text), operator: words[1] == "in" ? "In" : "NotIn", values: values)
  }

  private static func key(_ text: String, _ part: String) throws(LabelSelectorError) -> String {
    let key = text.trimmingBlanks
    guard NameSyntax.qualifiedNameObjections(key).isEmpty else { throw LabelSelectorError(part: part) }
    return key
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  fileprivate func firstPosition(of sign: String) -> Index? {
    var position = startIndex
    while position != endIndex {
      if self[position...].hasPrefix(sign) { return position }
      // A sign inside parentheses belongs to no requirement.
      if self[position] == "(" { return nil }
      position = index(after: position)
    }
    return nil
  }
}
