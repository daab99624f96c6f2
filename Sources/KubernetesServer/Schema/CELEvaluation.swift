internal import KubernetesModel
internal import KubernetesSchema

/// Computes an expression.
struct CELEvaluation {
  var variables: [String: CELValue]

  mutating func value(of node: CELExpression.Node) -> CELValue {
    switch node {
    case .literal(let value): return value
    case .name(let name):
      if let value = variables[name] { return value }
      // Without an old object, `oldSelf` is an optional without a value.
      return name == "oldSelf" ? .optional(nil) : .failure("undeclared reference to '\(name)'")
    case .select(let operand, let field): return select(value(of: operand), field)
    case .index(let operand, let index): return element(value(of: operand), value(of: index))
    case .list(let elements): return .list(elements.map { value(of: $0) })
    case .map(let members):
      return .map(
        members.map { member in
          let key: String = if case .string(let text) = value(of: member.0) { text } else { "" }
          return (key: key, value: value(of: member.1))
        })
    case .unary(let sign, let operand):
      switch (sign, value(of: operand)) {
      case ("!", .boolean(let flag)): return .boolean(!flag)
      case ("-", .integer(let number)): return .integer(-number)
      case ("-", .double(let number)): return .double(-number)
      case (_, .failure(let text)): return .failure(text)
      default: return .failure("no such overload")
      }
    case .conditional(let condition, let yes, let no):
      switch value(of: condition) {
      case .boolean(let flag): return value(of: flag ? yes : no)
      case .failure(let text): return .failure(text)
      default: return .failure("no such overload")
      }
    case .binary(let sign, let left, let right): return combine(sign, left, right)
    case .call(let target, let name, let arguments): return call(target, name, arguments)
    }
  }

  private func select(_ value: CELValue, _ field: String) -> CELValue {
    switch value {
    case .map(let members): members.first { $0.key == field }?.value ?? .failure("no such key: \(field)")
    case .optional(let inner?): .optional(select(inner, field))
    case .optional(nil), .failure: value
    default: .failure("no such key: \(field)")
    }
  }

  private func element(_ value: CELValue, _ index: CELValue) -> CELValue {
    switch (value, index) {
    case (.list(let elements), .integer(let position)):
      elements.indices.contains(Int(position))
        ? elements[Int(position)] : .failure("index out of bounds: \(position)")
    case (.map, .string(let key)): select(value, key)
    case (.failure, _): value
    default: .failure("no such overload")
    }
  }

  // MARK: Operators

  private mutating func combine(
    _ sign: String, _ left: CELExpression.Node, _ right: CELExpression.Node
  ) -> CELValue {
    if sign == "&&" || sign == "||" {
      let deciding = CELValue.boolean(sign == "||")
      let first = value(of: left)
      if first == deciding { return deciding }
      // A side that decides alone makes a failure of the other side irrelevant.
      let second = value(of: right)
      if second == deciding { return deciding }
      if case .failure = first { return first }
      return second
    }
    let (a, b) = (value(of: left), value(of: right))
    if case .failure = a { return a }
    if case .failure = b { return b }
    switch sign {
    case "==": return .boolean(a == b)
    case "!=": return .boolean(a != b)
    case "in":
      switch b {
      case .list(let elements): return .boolean(elements.contains(a))
      case .map(let members): return .boolean(members.contains { .string($0.key) == a })
      default: return .failure("no such overload")
      }
    case "<", "<=", ">", ">=": return compare(sign, a, b)
    default: return compute(sign, a, b)
    }
  }

  private func compare(_ sign: String, _ a: CELValue, _ b: CELValue) -> CELValue {
    let order: Int
    if let x = a.number, let y = b.number {
      order = x < y ? -1 : x > y ? 1 : 0
    } else if case .string(let x) = a, case .string(let y) = b {
      order = utf8Precedes(x, y) ? -1 : x == y ? 0 : 1
    } else {
      return .failure("no such overload")
    }
    switch sign {
    case "<": return .boolean(order < 0)
    case "<=": return .boolean(order <= 0)
    case ">": return .boolean(order > 0)
    default: return .boolean(order >= 0)
    }
  }

  private func compute(_ sign: String, _ a: CELValue, _ b: CELValue) -> CELValue {
    switch (sign, a, b) {
    case ("+", .string(let x), .string(let y)): return .string(x + y)
    case ("+", .list(let x), .list(let y)): return .list(x + y)
    case (_, .integer(let x), .integer(let y)):
      let result: (partialValue: Int64, overflow: Bool)
      switch sign {
      case "+": result = x.addingReportingOverflow(y)
      case "-": result = x.subtractingReportingOverflow(y)
      case "*": result = x.multipliedReportingOverflow(by: y)
      case "/":
        if y == 0 { return .failure("division by zero") }
        result = x.dividedReportingOverflow(by: y)
      default:
        if y == 0 { return .failure("modulus by zero") }
        result = x.remainderReportingOverflow(dividingBy: y)
      }
      return result.overflow ? .failure("integer overflow") : .integer(result.partialValue)
    default:
      guard let x = a.number, let y = b.number, case .double = a, case .double = b else {
        return .failure("no such overload")
      }
      switch sign {
      case "+": return .double(x + y)
      case "-": return .double(x - y)
      case "*": return .double(x * y)
      case "/": return .double(x / y)
      default: return .failure("no such overload")
      }
    }
  }

  // MARK: Functions

  private mutating func call(
    _ target: CELExpression.Node?, _ name: String, _ arguments: [CELExpression.Node]
  ) -> CELValue {
    if target == nil, name == "has", case .select(let operand, let field)? = arguments.first {
      switch value(of: operand) {
      case .map(let members): return .boolean(members.contains { $0.key == field && $0.value != .null })
      case .optional(let inner): return .boolean(inner != nil)
      case .failure(let text): return .failure(text)
      default: return .failure("no such key: \(field)")
      }
    }
    if let target, arguments.count >= 2, case .name(let variable)? = arguments.first {
      if ["all", "exists", "exists_one", "filter", "map"].contains(name) {
        return loop(over: value(of: target), name, variable, Array(arguments.dropFirst()))
      }
    }
    let operand = target.map { value(of: $0) }
    let values = arguments.map { value(of: $0) }
    for case .failure(let text) in [operand].compactMap({ $0 }) + values { return .failure(text) }
    if let operand { return method(operand, name, values) }
    return function(name, values)
  }

  private mutating func loop(
    over target: CELValue, _ name: String, _ variable: String, _ bodies: [CELExpression.Node]
  ) -> CELValue {
    let elements: [CELValue]
    switch target {
    case .list(let list): elements = list
    case .map(let members): elements = members.map { .string($0.key) }
    case .failure: return target
    default: return .failure("no such overload")
    }
    let outer = variables[variable]
    defer { variables[variable] = outer }
    var kept: [CELValue] = []
    var count = 0
    var failure: CELValue?
    for element in elements {
      variables[variable] = element
      var result = value(of: bodies[0])
      if name == "map" {
        if bodies.count > 1 {
          if result != .boolean(true) { continue }
          result = value(of: bodies[1])
        }
        kept.append(result)
        continue
      }
      if case .failure = result { failure = result }
      if result == .boolean(true) {
        count += 1
        kept.append(element)
      }
      if name == "all", result == .boolean(false) { return .boolean(false) }
      if name == "exists", count > 0 { return .boolean(true) }
    }
    if let failure { return failure }
    switch name {
    case "all": return .boolean(true)
    case "exists": return .boolean(false)
    case "exists_one": return .boolean(count == 1)
    default: return .list(kept)
    }
  }

  private func method(_ target: CELValue, _ name: String, _ arguments: [CELValue]) -> CELValue {
    switch (target, name, arguments.first) {
    case (.string(let text), "startsWith", .string(let part)?): return .boolean(text.hasPrefix(part))
    case (.string(let text), "endsWith", .string(let part)?): return .boolean(text.hasSuffix(part))
    case (.string(let text), "contains", .string(let part)?): return .boolean(Self.contains(text, part))
    case (.string(let text), "matches", .string(let source)?):
      guard let pattern = try? Pattern(source) else { return .failure("unsupported pattern") }
      return .boolean(pattern.matches(text))
    case (.string(let text), "lowerAscii", nil): return .string(text.lowercased())
    case (.string(let text), "upperAscii", nil): return .string(text.uppercased())
    case (.string(let text), "trim", nil): return .string(text.trimmed)
    case (.string(let text), "split", .string(let separator)?):
      guard separator.utf8.count == 1 else { return .failure("no such overload") }
      return .list(
        text.utf8.split(separator: separator.utf8.first ?? 0, omittingEmptySubsequences: false).map {
          .string(String(Substring($0)))
        })
    case (.list(let elements), "isSorted", nil):
      return .boolean(
        zip(elements, elements.dropFirst()).allSatisfy { compare("<=", $0, $1) == .boolean(true) })
    case (.list(let elements), "sum", nil):
      return elements.reduce(.integer(0)) { compute("+", $0, $1) }
    case (.list(let elements), "join", let separator):
      let glue: String = if case .string(let text)? = separator { text } else { "" }
      return .string(
        elements.map { if case .string(let text) = $0 { text } else { "" } }.joined(separator: glue))
    case (.optional(let inner), "hasValue", nil): return .boolean(inner != nil)
    case (.optional(let inner), "value", nil): return inner ?? .failure("optional.none() dereference")
    case (.optional(let inner), "orValue", let fallback?): return inner ?? fallback
    case (_, "hasValue", nil): return .boolean(true)
    case (_, "value", nil): return target
    case (_, "orValue", _?): return target
    case (_, "size", nil): return function("size", [target])
    default: return .failure("no such overload")
    }
  }

  private func function(_ name: String, _ arguments: [CELValue]) -> CELValue {
    switch (name, arguments.first) {
    case ("size", .string(let text)?): return .integer(Int64(text.unicodeScalars.count))
    case ("size", .list(let elements)?): return .integer(Int64(elements.count))
    case ("size", .map(let members)?): return .integer(Int64(members.count))
    case ("string", .string(let text)?): return .string(text)
    case ("string", .integer(let number)?): return .string(String(number))
    case ("string", .boolean(let flag)?): return .string(flag ? "true" : "false")
    case ("string", .double(let number)?): return .string("\(number)")
    case ("int", .integer(let number)?): return .integer(number)
    case ("int", .double(let number)?):
      return Int64(exactly: number.rounded(.towardZero)).map { .integer($0) } ?? .failure("integer overflow")
    case ("int", .string(let text)?):
      return Int64(text).map { .integer($0) } ?? .failure("not an integer: \(text)")
    case ("double", let value?): return value.number.map { .double($0) } ?? .failure("no such overload")
    default: return .failure("no such overload")
    }
  }

  private static func contains(_ text: String, _ part: String) -> Bool {
    if part.isEmpty { return true }
    let (bytes, wanted) = (Array(text.utf8), Array(part.utf8))
    guard bytes.count >= wanted.count else { return false }
    return (0...(bytes.count - wanted.count)).contains { bytes[$0...].starts(with: wanted) }
  }
}
