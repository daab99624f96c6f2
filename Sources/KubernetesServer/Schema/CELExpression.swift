internal import KubernetesModel

/// An expression of the Common Expression Language, as far as validation rules of definitions use it.
struct CELExpression: Sendable {
  indirect enum Node: Sendable {
    case literal(CELValue)
    case name(String)
    case select(Node, String)
    case index(Node, Node)
    case call(Node?, String, [Node])
    case list([Node])
    case map([(Node, Node)])
    case unary(String, Node)
    case binary(String, Node, Node)
    case conditional(Node, Node, Node)
  }

  /// An expression that cannot be read.
  struct Failure: Error {
    var text: String
  }

  let root: Node
  /// Whether the expression looks at what was there before.
  let mentionsOldSelf: Bool

  /// Reads an expression.
  init(_ source: String) throws(Failure) {
    var parser = CELParser(source)
    root = try parser.parse()
    mentionsOldSelf = parser.names.contains("oldSelf")
  }

  /// The value of the expression.
  func evaluate(in scope: CELScope) -> CELValue {
    var evaluation = CELEvaluation(variables: scope.variables)
    return evaluation.value(of: root)
  }
}

/// Reads expressions by recursive descent.
struct CELParser {
  enum Token: Equatable {
    case name(String)
    case literal(CELValue)
    case sign(String)
  }

  private var tokens: [Token] = []
  private var position = 0
  private var failure: CELExpression.Failure?
  /// The names that occur.
  private(set) var names: Set<String> = []

  init(_ source: String) {
    let bytes = Array(source.utf8)
    var index = 0
    while index < bytes.count, failure == nil {
      let byte = bytes[index]
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      case UInt8(ascii: "\""), UInt8(ascii: "'"): index = readString(bytes, from: index)
      case UInt8(ascii: "0")...UInt8(ascii: "9"): index = readNumber(bytes, from: index)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
        let start = index
        while index < bytes.count, Self.continuesName(bytes[index]) { index += 1 }
        let name = String(decoding: bytes[start..<index], as: UTF8.self)
        switch name {
        case "true": tokens.append(.literal(.boolean(true)))
        case "false": tokens.append(.literal(.boolean(false)))
        case "null": tokens.append(.literal(.null))
        case "in": tokens.append(.sign("in"))
        default:
          names.insert(name)
          tokens.append(.name(name))
        }
      default:
        let pair = index + 1 < bytes.count ? String(decoding: bytes[index...index + 1], as: UTF8.self) : ""
        if ["&&", "||", "==", "!=", "<=", ">="].contains(pair) {
          tokens.append(.sign(pair))
          index += 2
        } else if "()[]{}.,!?:<>+-*/%".utf8.contains(byte) {
          tokens.append(.sign(String(UnicodeScalar(byte))))
          index += 1
        } else {
          failure = CELExpression.Failure(text: "token recognition error at: '\(UnicodeScalar(byte))'")
        }
      }
    }
  }

  private static func continuesName(_ byte: UInt8) -> Bool {
    byte >= 0x61 && byte <= 0x7A || byte >= 0x41 && byte <= 0x5A || byte >= 0x30 && byte <= 0x39
      || byte == 0x5F
  }

  private mutating func readString(_ bytes: [UInt8], from start: Int) -> Int {
    let quote = bytes[start]
    var index = start + 1
    var text: [UInt8] = []
    while index < bytes.count, bytes[index] != quote {
      if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count {
        index += 1
        switch bytes[index] {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        default: text.append(bytes[index])
        }
      } else {
        text.append(bytes[index])
      }
      index += 1
    }
    if index >= bytes.count { failure = CELExpression.Failure(text: "a string without an end") }
    tokens.append(.literal(.string(String(decoding: text, as: UTF8.self))))
    return index + 1
  }

  private mutating func readNumber(_ bytes: [UInt8], from start: Int) -> Int {
    var index = start
    var isWhole = true
    while index < bytes.count {
      let byte = bytes[index]
      if byte >= 0x30 && byte <= 0x39 {
        index += 1
      } else if byte == UInt8(ascii: "."), isWhole, index + 1 < bytes.count, bytes[index + 1] >= 0x30,
        bytes[index + 1] <= 0x39
      {
        isWhole = false
        index += 1
      } else {
        break
      }
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "u") { index += 1 }
    tokens.append(.literal(isWhole ? .integer(Int64(text) ?? .max) : .double(Double(text) ?? 0)))
    return index
  }

  // MARK: Grammar

  mutating func parse() throws(CELExpression.Failure) -> CELExpression.Node {
    if let failure { throw failure }
    let node = try conditional()
    guard position == tokens.count else { throw unexpected() }
    return node
  }

  private func unexpected() -> CELExpression.Failure {
    CELExpression.Failure(text: position < tokens.count ? "unexpected \(tokens[position])" : "unexpected end")
  }

  private mutating func take(_ sign: String) -> Bool {
    guard position < tokens.count, tokens[position] == .sign(sign) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ sign: String) throws(CELExpression.Failure) {
    guard take(sign) else { throw unexpected() }
  }

  private mutating func conditional() throws(CELExpression.Failure) -> CELExpression.Node {
    let condition = try binary(0)
    guard take("?") else { return condition }
    let yes = try conditional()
    try expect(":")
    return .conditional(condition, yes, try conditional())
  }

  private static let levels: [[String]] = [
    ["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">=", "in"], ["+", "-"], ["*", "/", "%"],
  ]

  private mutating func binary(_ level: Int) throws(CELExpression.Failure) -> CELExpression.Node {
    guard level < Self.levels.count else { return try unary() }
    var left = try binary(level + 1)
    while position < tokens.count, case .sign(let sign) = tokens[position], Self.levels[level].contains(sign)
    {
      position += 1
      left = .binary(sign, left, try binary(level + 1))
    }
    return left
  }

  private mutating func unary() throws(CELExpression.Failure) -> CELExpression.Node {
    if take("!") { return .unary("!", try unary()) }
    if take("-") { return .unary("-", try unary()) }
    return try member()
  }

  private mutating func member() throws(CELExpression.Failure) -> CELExpression.Node {
    var node = try primary()
    while true {
      if take(".") {
        _ = take("?")
        guard position < tokens.count, case .name(let name) = tokens[position] else { throw unexpected() }
        position += 1
        node = take("(") ? .call(node, name, try arguments(until: ")")) : .select(node, name)
      } else if take("[") {
        _ = take("?")
        let index = try conditional()
        try expect("]")
        node = .index(node, index)
      } else {
        return node
      }
    }
  }

  private mutating func arguments(until end: String) throws(CELExpression.Failure) -> [CELExpression.Node] {
    var list: [CELExpression.Node] = []
    if take(end) { return list }
    while true {
      list.append(try conditional())
      if take(end) { return list }
      try expect(",")
    }
  }

  private mutating func primary() throws(CELExpression.Failure) -> CELExpression.Node {
    guard position < tokens.count else { throw unexpected() }
    let token = tokens[position]
    position += 1
    switch token {
    case .literal(let value): return .literal(value)
    case .name(let name): return take("(") ? .call(nil, name, try arguments(until: ")")) : .name(name)
    case .sign("("):
      let node = try conditional()
      try expect(")")
      return node
    case .sign("["): return .list(try arguments(until: "]"))
    case .sign("{"):
      var members: [(CELExpression.Node, CELExpression.Node)] = []
      if take("}") { return .map(members) }
      while true {
        let key = try conditional()
        try expect(":")
        members.append((key, try conditional()))
        if take("}") { return .map(members) }
        try expect(",")
      }
    default:
      position -= 1
      throw unexpected()
    }
  }
}
