/// A label selector as `kubectl -l`, list requests and scale subresources write it: `a=b,c!=d,e in (f,g),h,!i,j>5`.
///
/// ```swift
/// let selector = try LabelRequirements(parsing: "tier in (web, api), !canary")
/// selector.matches(["tier": "api"])  // true
/// selector.description  // "!canary,tier in (api,web)"
/// ```
public struct LabelRequirements: Sendable, Hashable {
  /// What a requirement asks of a label.
  public enum Operator: String, Sendable, Hashable {
    /// `=`: the label has the value.
    case equals = "="
    /// `==`: the same.
    case doubleEquals = "=="
    /// `!=`: the label is missing or has another value.
    case notEquals = "!="
    /// The label has one of the values.
    case `in`
    /// The label is missing or has none of the values.
    case notIn = "notin"
    /// The label is there.
    case exists
    /// `!`: the label is missing.
    case doesNotExist = "!"
    /// `>`: the label is a whole number greater than the value.
    case greaterThan = ">"
    /// `<`: the label is a whole number less than the value.
    case lessThan = "<"
  }

  /// One part of a selector.
  public struct Requirement: Sendable, Hashable {
    /// The label's key.
    public var key: String
    /// What is asked.
    public var `operator`: Operator
    /// The values, in byte order and without repetitions; none for existence.
    public var values: [String]
  }

  /// The parts, all of which must be satisfied, in the order of their keys. None match everything.
  public private(set) var requirements: [Requirement]

  /// Reads a selector, as `labels.Parse` does.
  ///
  /// - Throws: ``LabelSelectorError`` with Kubernetes' words for what is wrong.
  public init(parsing text: String) throws(LabelSelectorError) {
    var parser = RequirementParser(text)
    let found = try parser.parse()
    requirements = found.enumerated()
      .sorted { a, b in
        if a.element.key == b.element.key { return a.offset < b.offset }
        return utf8Precedes(a.element.key, b.element.key)
      }
      .map(\.element)
  }

  /// Whether labels satisfy every part.
  ///
  /// - Complexity: O(requirements × values).
  public func matches(_ labels: StringMap<String>) -> Bool {
    requirements.allSatisfy { $0.matches(labels[$0.key]) }
  }
}

extension LabelRequirements: CustomStringConvertible {
  /// The selector as Kubernetes writes it.
  public var description: String { requirements.map(\.description).joined(separator: ",") }
}

extension LabelRequirements.Requirement: CustomStringConvertible {
  /// Whether the value of the label, nil when it is missing, satisfies the requirement.
  public func matches(_ value: String?) -> Bool {
    switch self.operator {
    case .in, .equals, .doubleEquals: value.map { values.contains($0) } ?? false
    case .notIn, .notEquals: value.map { !values.contains($0) } ?? true
    case .exists: value != nil
    case .doesNotExist: value == nil
    case .greaterThan, .lessThan: compares(value)
    }
  }

  private func compares(_ value: String?) -> Bool {
    guard let number = value.flatMap({ Int64($0) }), let bound = values.first.flatMap({ Int64($0) }) else {
      return false
    }
    return self.operator == .greaterThan ? number > bound : number < bound
  }

  /// The requirement as Kubernetes writes it.
  public var description: String {
    switch self.operator {
    case .exists: key
    case .doesNotExist: "!\(key)"
    case .in, .notIn: "\(key) \(self.operator.rawValue) (\(values.joined(separator: ",")))"
    default: "\(key)\(self.operator.rawValue)\(values.first ?? "")"
    }
  }
}

/// A selector's text that cannot be read.
public struct LabelSelectorError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, in Kubernetes' words.
  public var description: String
}

// MARK: Reading

/// The words and signs of a selector.
private enum Token: Equatable {
  case end
  case word
  /// Signs, the words `in` and `notin`, and anything made of signs that is none.
  case sign
}

private struct RequirementParser {
  private var items: [(token: Token, text: String)] = []
  private var position = 0

  init(_ text: String) {
    var scanner = SelectorScanner(bytes: Array(text.utf8))
    while let item = scanner.next() { items.append(item) }
    items.append((.end, ""))
  }

  /// The next item; where values may stand, `in` and `notin` are words like others.
  private func peek(asValue: Bool = true) -> (token: Token, text: String) {
    let item = items[min(position, items.count - 1)]
    if asValue, item.text == "in" || item.text == "notin" { return (.word, item.text) }
    return item
  }

  private mutating func take(asValue: Bool = true) -> (token: Token, text: String) {
    defer { position += 1 }
    return peek(asValue: asValue)
  }

  private func fault(_ text: String) -> LabelSelectorError { LabelSelectorError(description: text) }

  mutating func parse() throws(LabelSelectorError) -> [LabelRequirements.Requirement] {
    var requirements: [LabelRequirements.Requirement] = []
    while true {
      let first = peek()
      if first.token == .end { return requirements }
      guard first.token == .word || first.text == "!" else {
        throw fault("found '\(first.text)', expected: !, identifier, or 'end of string'")
      }
      do throws(LabelSelectorError) {
        requirements.append(try requirement())
      } catch {
        throw fault("unable to parse requirement: \(error.description)")
      }
      let separator = take()
      if separator.token == .end { return requirements }
      guard separator.text == ",", separator.token == .sign else {
        throw fault("found '\(separator.text)', expected: ',' or 'end of string'")
      }
      let next = peek()
      guard next.token == .word || next.text == "!" else {
        throw fault("found '\(next.text)', expected: identifier after ','")
      }
    }
  }

  private mutating func requirement() throws(LabelSelectorError) -> LabelRequirements.Requirement {
    var item = take()
    let isNegated = item.token == .sign && item.text == "!"
    if isNegated { item = take() }
    guard item.token == .word else { throw fault("found '\(item.text)', expected: identifier") }
    let key = item.text
    if let objection = NameSyntax.qualifiedNameObjections(key).first {
      throw fault("<nil>: Invalid value: \(quotedAsInGo(key)): \(objection)")
    }
    if isNegated { return LabelRequirements.Requirement(key: key, operator: .doesNotExist, values: []) }
    let next = peek()
    if next.token == .end || (next.token == .sign && next.text == ",") {
      return LabelRequirements.Requirement(key: key, operator: .exists, values: [])
    }
    let sign = take(asValue: false)
    guard sign.token == .sign, let name = LabelRequirements.Operator(rawValue: sign.text),
      name != .doesNotExist, name != .exists
    else {
      throw fault("found '\(sign.text)', expected: in, notin, =, ==, !=, gt, lt")
    }
    let values = name == .in || name == .notIn ? try list() : [try exactValue()]
    try check(values, of: key, name)
    return LabelRequirements.Requirement(key: key, operator: name, values: values)
  }

  private func check(
    _ values: [String], of key: String, _ name: LabelRequirements.Operator
  ) throws(LabelSelectorError) {
    if name == .greaterThan || name == .lessThan, Int64(values[0]) == nil {
      throw fault(
        "values[0]: Invalid value: \(quotedAsInGo(values[0])): for 'Gt', 'Lt' operators, the value must be an integer"
      )
    }
    for (index, value) in values.enumerated() {
      guard let objection = NameSyntax.labelValueObjections(value).first else { continue }
      throw fault("values[\(index)][\(key)]: Invalid value: \(quotedAsInGo(value)): \(objection)")
    }
  }

  private mutating func exactValue() throws(LabelSelectorError) -> String {
    let next = peek()
    if next.token == .end || (next.token == .sign && next.text == ",") { return "" }
    let item = take()
    guard item.token == .word else { throw fault("found '\(item.text)', expected: identifier") }
    return item.text
  }

  /// `(a,b)`, in byte order; a missing value is an empty one.
  private mutating func list() throws(LabelSelectorError) -> [String] {
    let open = take()
    guard open.text == "(", open.token == .sign else { throw fault("found '\(open.text)' expected: '('") }
    var values: Set<String> = []
    if isSign(")") {
      _ = take()
      return [""]
    }
    reading: while true {
      let item = take()
      if item.token == .word {
        values.insert(item.text)
        if isSign(",") { continue }
        if isSign(")") { break reading }
        throw fault("found '\(peek().text)', expected: ',' or ')'")
      }
      guard item.token == .sign, item.text == "," else {
        throw fault("found '\(item.text)', expected: ',', or identifier")
      }
      if values.isEmpty { values.insert("") }
      if isSign(")") {
        values.insert("")
        break reading
      }
      if isSign(",") {
        _ = take()
        values.insert("")
      }
    }
    _ = take()
    return values.sorted { utf8Precedes($0, $1) }
  }

  private func isSign(_ text: String) -> Bool { peek().token == .sign && peek().text == text }
}

private struct SelectorScanner {
  private static let signs: Set<String> = ["!", "!=", "=", "==", ",", "(", ")", "<", ">"]

  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private static func isSign(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","),
      UInt8(ascii: ">"), UInt8(ascii: "<"):
      true
    default: false
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }

  /// The next item; nil at the end of the text or at a zero byte, which ends it too.
  mutating func next() -> (token: Token, text: String)? {
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    guard position < bytes.count, bytes[position] != 0 else { return nil }
    return Self.isSign(bytes[position]) ? sign() : word()
  }

  private mutating func word() -> (token: Token, text: String) {
    let start = position
    while position < bytes.count, bytes[position] != 0, !Self.isSign(bytes[position]),
      !Self.isSpace(bytes[position])
    {
      position += 1
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    return (text == "in" || text == "notin" ? .sign : .word, text)
  }

  /// The longest of the signs.
  private mutating func sign() -> (token: Token, text: String) {
    var text = ""
    var found: String?
    while position < bytes.count, Self.isSign(bytes[position]) {
      text.unicodeScalars.append(UnicodeScalar(bytes[position]))
      if Self.signs.contains(text) {
        found = text
      } else if found != nil {
        break
      }
      position += 1
    }
    return (.sign, found ?? text)
  }
}
