public import KubernetesModel

/// A label selector as URLs have it: `app=web,tier in (a,b),!canary,size>3`.
public struct LabelQuery: Sendable, Equatable {
  /// How a requirement compares.
  public enum Comparison: Sendable, Equatable {
    /// The label has one of the values.
    case isOneOf
    /// The label has none of the values, or is not there.
    case isNoneOf
    /// The label is there.
    case exists
    /// The label is not there.
    case isAbsent
    /// The label is a greater integer.
    case isGreater
    /// The label is a smaller integer.
    case isLess
  }

  /// One part of a selector.
  public struct Requirement: Sendable, Equatable {
    /// The label.
    public var key: String
    /// How it is compared.
    public var comparison: Comparison
    /// What with, in byte order.
    public var values: [String]
  }

  /// Why a text is no selector, in the server's words.
  public struct Failure: Error, Sendable, Equatable {
    /// The words.
    public var message: String

    /// A failure with the server's words.
    public init(message: String) { self.message = message }
  }

  /// The parts; all must hold.
  public let requirements: [Requirement]

  /// Reads a selector; an empty text selects everything.
  ///
  /// - Throws: ``Failure``.
  public init(parsing text: String) throws(Failure) {
    var parser = LabelQueryParser(text)
    requirements = try parser.parse()
  }

  /// Whether labels satisfy every part.
  ///
  /// - Parameter labels: finds the value of a label.
  public func matches(_ labels: (String) -> String?) -> Bool {
    requirements.allSatisfy { requirement in
      let value = labels(requirement.key)
      switch requirement.comparison {
      case .isOneOf: return value.map { requirement.values.contains($0) } ?? false
      case .isNoneOf: return value.map { !requirement.values.contains($0) } ?? true
      case .exists: return value != nil
      case .isAbsent: return value == nil
      case .isGreater, .isLess:
        guard let number = value.flatMap({ Int64($0) }),
          let bound = requirement.values.first.flatMap({ Int64($0) })
        else { return false }
        return requirement.comparison == .isGreater ? number > bound : number < bound
      }
    }
  }

  /// Whether the labels of an object satisfy every part.
  public func matches(_ object: Value) -> Bool {
    guard !requirements.isEmpty else { return true }
    let labels = object["metadata"]?["labels"]
    return matches { labels?[$0]?.stringValue }
  }
}

/// The grammar of label selectors, with the words of the server's parser.
private struct LabelQueryParser {
  private enum Token: Equatable {
    case end
    case word(String)
    case sign(String)

    var literal: String {
      switch self {
      case .end: ""
      case .word(let text), .sign(let text): text
      }
    }
  }

  private var tokens: [Token] = []
  private var position = 0

  init(_ text: String) {
    let bytes = Array(text.utf8)
    let special = Set("=!(),><".utf8)
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0D, 0x0A]
    var index = 0
    while index < bytes.count {
      if blanks.contains(bytes[index]) {
        index += 1
        continue
      }
      let start = index
      if special.contains(bytes[index]) {
        // The longest run of signs that is an operator; what is left begins another one.
        index += 1
        while index < bytes.count, special.contains(bytes[index]),
          ["==", "!="].contains(String(decoding: bytes[start...index], as: UTF8.self))
        { index += 1 }
        tokens.append(.sign(String(decoding: bytes[start..<index], as: UTF8.self)))
      } else {
        while index < bytes.count, !special.contains(bytes[index]), !blanks.contains(bytes[index]) {
          index += 1
        }
        tokens.append(.word(String(decoding: bytes[start..<index], as: UTF8.self)))
      }
    }
  }

  private var current: Token { position < tokens.count ? tokens[position] : .end }

  private mutating func next() -> Token {
    defer { position += 1 }
    return current
  }

  private static func isKeyword(_ token: Token) -> Bool { token == .word("in") || token == .word("notin") }

  mutating func parse() throws(LabelQuery.Failure) -> [LabelQuery.Requirement] {
    var requirements: [LabelQuery.Requirement] = []
    while true {
      switch current {
      case .word, .sign("!"):
        do throws(LabelQuery.Failure) { requirements.append(try requirement()) } catch {
          throw .init(message: "unable to parse requirement: \(error.message)")
        }
        switch next() {
        case .end: return requirements
        case .sign(","):
          if case .word = current { continue }
          if current == .sign("!") { continue }
          throw .init(message: "found '\(current.literal)', expected: identifier after ','")
        case let other: throw .init(message: "found '\(other.literal)', expected: ',' or 'end of string'")
        }
      case .end: return requirements
      case let other:
        throw .init(message: "found '\(other.literal)', expected: !, identifier, or 'end of string'")
      }
    }
  }

  private mutating func requirement() throws(LabelQuery.Failure) -> LabelQuery.Requirement {
    let isNegated = current == .sign("!")
    if isNegated { position += 1 }
    guard case .word(let key) = next() else {
      throw .init(
        message:
          "found '\(tokens.indices.contains(position - 1) ? tokens[position - 1].literal : "")', expected: identifier"
      )
    }
    if let objection = NameSyntax.qualifiedNameObjections(key).first {
      // What is called a qualified name elsewhere is called a label key here.
      let name = "a qualified name"
      let text = objection.hasPrefix(name) ? "a valid label key" + objection.dropFirst(name.count) : objection
      throw .init(message: "<nil>: Invalid value: \(jsonString(key)): \(text)")
    }
    if isNegated { return .init(key: key, comparison: .isAbsent, values: []) }
    if current == .end || current == .sign(",") { return .init(key: key, comparison: .exists, values: []) }
    let comparison: LabelQuery.Comparison
    let sign = next()
    switch sign {
    case .word("in"): comparison = .isOneOf
    case .word("notin"): comparison = .isNoneOf
    case .sign("="), .sign("=="): comparison = .isOneOf
    case .sign("!="): comparison = .isNoneOf
    case .sign(">"): comparison = .isGreater
    case .sign("<"): comparison = .isLess
    default:
      throw .init(message: "found '\(sign.literal)', expected: in, notin, =, ==, !=, gt, lt")
    }
    let values = Self.isKeyword(sign) ? try list() : [try exactValue()]
    if comparison == .isGreater || comparison == .isLess {
      guard let bound = values.first, Int64(bound) != nil else {
        throw .init(
          message:
            "values[0][\(key)]: Invalid value: \(jsonString(values.first ?? "")): for 'Gt', 'Lt' operators, the value must be an integer"
        )
      }
    }
    let sorted = Array(Set(values)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for (index, value) in sorted.enumerated() {
      if let objection = NameSyntax.labelValueObjections(value).first {
        throw .init(message: "values[\(index)][\(key)]: Invalid value: \(jsonString(value)): \(objection)")
      }
    }
    return .init(key: key, comparison: comparison, values: sorted)
  }

  private mutating func exactValue() throws(LabelQuery.Failure) -> String {
    if current == .end || current == .sign(",") { return "" }
    let token = next()
    guard case .word(let text) = token else {
      throw .init(message: "found '\(token.literal)', expected: identifier")
    }
    return text
  }

  private mutating func list() throws(LabelQuery.Failure) -> [String] {
    let open = next()
    guard open == .sign("(") else { throw .init(message: "found '\(open.literal)' expected: '('") }
    var values: [String] = []
    while true {
      let token = next()
      switch token {
      case .word(let text):
        values.append(text)
        switch next() {
        case .sign(")"): return values
        case .sign(","):
          // A comma before the closing parenthesis stands for one more, empty value.
          if current == .sign(")") {
            position += 1
            return values + [""]
          }
        case let other: throw .init(message: "found '\(other.literal)', expected: ',' or ')'")
        }
      case .sign(")"): return values.isEmpty ? [""] : values
      case .sign(","):
        values.append("")
        if current == .sign(")") {
          position += 1
          return values + [""]
        }
      default: throw .init(message: "found '\(token.literal)', expected: ',', ')' or identifier")
      }
    }
  }
}
