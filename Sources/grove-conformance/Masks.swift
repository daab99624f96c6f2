import KubernetesModel

/// What the masks of a session stand for: filled when they first appear in an answer, used in requests, compared later.
struct Masks {
  private(set) var values: [String: String] = [:]
  private var masks: [String: String] = [:]
  /// Versions in the order of their numbers.
  private var versions: [Int: UInt64] = [:]

  /// A text of a request with its masks replaced by what they stand for.
  func unmasked(_ text: String) -> String {
    guard text.contains("<") else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
      let mask = String(rest[start...end])
      result += rest[..<start]
      result += values[mask] ?? Self.fixed[mask] ?? mask
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private static let fixed = ["<ca>": "c2ltdWxhdGVk", "<time>": "2026-01-01T00:00:00Z"]

  /// Whether a text is what a recorded text with masks says; masks that are new are learned.
  ///
  /// - Returns: why not; nil when it is.
  mutating func match(_ recorded: String, _ actual: String) -> String? {
    guard recorded.contains("<") else {
      return recorded == actual ? nil : "\(recorded.short) ≠ \(actual.short)"
    }
    let parts = Self.parts(of: recorded)
    guard match(parts[...], actual[...]) else { return "\(recorded.short) ≠ \(actual.short)" }
    return nil
  }

  private enum Part {
    case text(String)
    case mask(String)
  }

  private static let kinds = [
    "uid", "rv", "continue", "time", "age", "suffix", "ip", "port", "jwt", "base64-of-jwt", "ca", "server",
  ]

  private static func parts(of text: String) -> [Part] {
    var parts: [Part] = []
    var rest = text[...]
    var literal = ""
    while let start = rest.firstIndex(of: "<") {
      guard let end = rest[start...].firstIndex(of: ">") else { break }
      literal += rest[..<start]
      let mask = String(rest[start...end])
      let name = mask.dropFirst().dropLast()
      let isMask = kinds.contains {
        name == $0 || (name.hasPrefix("\($0)-") && name.dropFirst($0.count + 1).allSatisfy(\.isNumber))
      }
      if isMask {
        if !literal.isEmpty { parts.append(.text(literal)) }
        literal = ""
        parts.append(.mask(mask))
      } else {
        literal += mask
      }
      rest = rest[rest.index(after: end)...]
    }
    literal += rest
    if !literal.isEmpty { parts.append(.text(literal)) }
    return parts
  }

  private mutating func match(_ parts: ArraySlice<Part>, _ actual: Substring) -> Bool {
    guard let first = parts.first else { return actual.isEmpty }
    switch first {
    case .text(let text):
      guard actual.hasPrefix(text) else { return false }
      return match(parts.dropFirst(), actual.dropFirst(text.count))
    case .mask(let mask):
      if mask.hasPrefix("<suffix-"), actual.count >= 5 {
        let value = String(actual.prefix(5))
        return learn(mask, value) && match(parts.dropFirst(), actual.dropFirst(5))
      }
      // Up to the text that comes next.
      guard case .text(let next)? = parts.dropFirst().first else {
        return learn(mask, String(actual)) && match(parts.dropFirst(), "")
      }
      guard let range = actual.firstRange(of: next) else { return false }
      return learn(mask, String(actual[..<range.lowerBound]))
        && match(parts.dropFirst(), actual[range.lowerBound...])
    }
  }

  /// Learns what a mask stands for, or compares.
  private mutating func learn(_ mask: String, _ value: String) -> Bool {
    let name = mask.dropFirst().dropLast()
    guard let dash = name.lastIndex(of: "-"), let number = Int(name[name.index(after: dash)...]) else {
      return !value.isEmpty
    }
    let kind = name[..<dash]
    switch kind {
    case "rv":
      guard let version = UInt64(value) else { return false }
      if let known = versions[number] { return known == version }
      versions[number] = version
      values[mask] = value
      return true
    case "uid", "suffix", "continue":
      if let known = values[mask] { return known == value }
      if kind != "continue", let other = masks["\(kind):\(value)"], other != mask { return false }
      values[mask] = value
      masks["\(kind):\(value)"] = mask
      return !value.isEmpty
    default: return !value.isEmpty
    }
  }

  /// Pairs of versions that are not in the order of their numbers.
  var misorderedVersions: [(Int, Int)] {
    let ordered = versions.sorted { $0.key < $1.key }
    return zip(ordered, ordered.dropFirst()).filter { $0.value >= $1.value }.map { ($0.key, $1.key) }
  }
}

extension String {
  /// The text, cut where it is long.
  var short: String { count > 300 ? String(prefix(300)) + "…" : self }
}

extension Substring {
  /// Where a text occurs first.
  fileprivate func firstRange(of text: String) -> Range<Index>? {
    var start = startIndex
    while start != endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
