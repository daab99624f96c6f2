internal import KubernetesModel

/// Reads a ``RuleExpression`` by recursive descent.
struct RuleParser {
  private enum Token: Equatable {
    case name(String)
    case symbol(String)
  }

  private var tokens: [Token] = []
  private var position = 0
  /// Names of the variables of the enclosing `all` and `exists`, innermost last.
  private var variables: [String] = []
  private let failure: RuleExpressionError?

  init(_ source: String) {
    var tokens: [Token] = []
    var failure: RuleExpressionError?
    let bytes = Array(source.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: " "): index += 1
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
        let start = index
        while index < bytes.count, RuleParser.continuesName(bytes[index]) { index += 1 }
        tokens.append(.name(String(decoding: bytes[start..<index], as: UTF8.self)))
      case UInt8(ascii: "&"), UInt8(ascii: "|"):
        guard index + 1 < bytes.count, bytes[index + 1] == byte else {
          failure = RuleExpressionError("a single '\(Character(UnicodeScalar(byte)))'")
          index = bytes.count
          break
        }
        tokens.append(.symbol(byte == UInt8(ascii: "&") ? "&&" : "||"))
        index += 2
      case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "!"),
        UInt8(ascii: "?"), UInt8(ascii: ":"):
        tokens.append(.symbol(String(UnicodeScalar(byte))))
        index += 1
      default:
        failure = RuleExpressionError("'\(Character(UnicodeScalar(byte)))' is not supported in a rule")
        index = bytes.count
      }
    }
    self.tokens = tokens
    self.failure = failure
  }

  private static func continuesName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  mutating func parse() throws(RuleExpressionError) -> RuleExpression.Node {
    if let failure { throw failure }
    let node = try parseConditional()
    guard position == tokens.count else { throw unexpected() }
    return node
  }

  private func unexpected() -> RuleExpressionError {
    guard position < tokens.count else { return RuleExpressionError("the rule ends too early") }
    switch tokens[position] {
    case .name(let text), .symbol(let text): return RuleExpressionError("unexpected '\(text)' in a rule")
    }
  }

  private mutating func take(_ symbol: String) -> Bool {
    guard position < tokens.count, tokens[position] == .symbol(symbol) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ symbol: String) throws(RuleExpressionError) {
    guard take(symbol) else { throw unexpected() }
  }

  private mutating func expectName() throws(RuleExpressionError) -> String {
    guard position < tokens.count, case .name(let name) = tokens[position] else { throw unexpected() }
    position += 1
    return name
  }

  private mutating func parseConditional() throws(RuleExpressionError) -> RuleExpression.Node {
    let condition = try parseOr()
    guard take("?") else { return condition }
    let yes = try parseConditional()
    try expect(":")
    return .conditional(condition, yes, try parseConditional())
  }

  private mutating func parseOr() throws(RuleExpressionError) -> RuleExpression.Node {
    var left = try parseAnd()
    while take("||") { left = .or(left, try parseAnd()) }
    return left
  }

  private mutating func parseAnd() throws(RuleExpressionError) -> RuleExpression.Node {
    var left = try parseUnary()
    while take("&&") { left = .and(left, try parseUnary()) }
    return left
  }

  private mutating func parseUnary() throws(RuleExpressionError) -> RuleExpression.Node {
    if take("!") { return .not(try parseUnary()) }
    return try parseMember()
  }

  private mutating func parseMember() throws(RuleExpressionError) -> RuleExpression.Node {
    var node = try parsePrimary()
    while take(".") {
      let name = try expectName()
      guard position < tokens.count, tokens[position] == .symbol("(") else {
        node = .select(node, name)
        continue
      }
      position += 1
      guard name == "all" || name == "exists" else {
        throw RuleExpressionError("the function '\(name)' is not supported in a rule")
      }
      let variable = try expectName()
      try expect(",")
      variables.append(variable)
      let body = try parseConditional()
      variables.removeLast()
      try expect(")")
      node =
        name == "all"
        ? .every(node, variable: variables.count, body) : .some(node, variable: variables.count, body)
    }
    return node
  }

  private mutating func parsePrimary() throws(RuleExpressionError) -> RuleExpression.Node {
    if take("(") {
      let inner = try parseConditional()
      try expect(")")
      return inner
    }
    let name = try expectName()
    if let depth = variables.lastIndex(of: name) { return .variable(depth) }
    switch name {
    case "true": return .literal(true)
    case "false": return .literal(false)
    case "self": return .self
    case "oldSelf":
      try expect(".")
      guard try expectName() == "hasValue" else {
        throw RuleExpressionError("'oldSelf' is supported in 'oldSelf.hasValue()' only")
      }
      try expect("(")
      try expect(")")
      return .hasOldSelf
    case "has":
      try expect("(")
      let operand = try parseMember()
      try expect(")")
      guard case .select(let owner, let field) = operand else {
        throw RuleExpressionError("'has' takes the selection of a field")
      }
      return .has(owner, field)
    default: throw RuleExpressionError("unknown name '\(name)' in a rule")
    }
  }
}
