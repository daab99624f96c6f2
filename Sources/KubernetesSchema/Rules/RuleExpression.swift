public import KubernetesModel

/// A validation rule of a schema, in the part of CEL that the schema table uses.
///
/// That part is: `self`, `oldSelf` as an optional, selection of fields, `has(…)`, `oldSelf.hasValue()`,
/// `list.all(element, …)` and `list.exists(element, …)`, `!`, `&&`, `||`, `… ? … : …`, `true`, `false` and
/// parentheses. Anything else is refused when the expression is read, so no rule is ever half understood.
public struct RuleExpression: Sendable {
  indirect enum Node: Sendable {
    case literal(Bool)
    case `self`
    case hasOldSelf
    case variable(Int)
    case select(Node, String)
    case has(Node, String)
    case not(Node)
    case and(Node, Node)
    case or(Node, Node)
    case conditional(Node, Node, Node)
    case every(Node, variable: Int, Node)
    case some(Node, variable: Int, Node)
  }

  /// The rule as it was written.
  public let source: String

  private let root: Node

  /// Reads a rule.
  ///
  /// - Throws: ``RuleExpressionError`` for anything outside the supported part of CEL.
  public init(_ source: String) throws(RuleExpressionError) {
    var parser = RuleParser(source)
    root = try parser.parse()
    self.source = source
  }

  /// Whether the rule holds for a value.
  ///
  /// - Parameters:
  ///   - value: what the rule calls `self`.
  ///   - old: what was there before; nil for a new object. The rule calls it `oldSelf`.
  /// - Throws: ``RuleExpressionError`` when the rule cannot be decided, because it looks below a field that
  ///   is not there.
  public func holds(for value: Value, old: Value? = nil) throws(RuleExpressionError) -> Bool {
    var evaluation = Evaluation(value: value, hasOld: old != nil)
    return try evaluation.truth(root)
  }

  private struct Evaluation {
    let value: Value
    let hasOld: Bool
    /// The elements that the enclosing `all` and `exists` are at, innermost last.
    var elements: [Value] = []

    mutating func truth(_ node: Node) throws(RuleExpressionError) -> Bool {
      switch node {
      case .literal(let flag): return flag
      case .hasOldSelf: return hasOld
      case .not(let operand): return try !truth(operand)
      case .and(let left, let right): return try absorbing(false, left, right)
      case .or(let left, let right): return try absorbing(true, left, right)
      case .conditional(let condition, let yes, let no):
        return try truth(condition) ? try truth(yes) : try truth(no)
      case .has(let operand, let field):
        let operand = try resolve(operand)
        return operand[field].map { !$0.isNull } ?? false
      case .every(let list, _, let body): return try decide(list, body, stopsAt: false)
      case .some(let list, _, let body): return try decide(list, body, stopsAt: true)
      case .self, .variable, .select:
        let operand = try resolve(node)
        guard let flag = operand.booleanValue else { throw RuleExpressionError("no such overload") }
        return flag
      }
    }

    /// `&&` and `||`: a side that decides alone makes an error of the other side irrelevant.
    private mutating func absorbing(
      _ deciding: Bool, _ left: Node, _ right: Node
    ) throws(RuleExpressionError) -> Bool {
      do {
        if try truth(left) == deciding { return deciding }
      } catch {
        if try truth(right) == deciding { return deciding }
        throw error
      }
      return try truth(right)
    }

    private mutating func decide(
      _ list: Node, _ body: Node, stopsAt deciding: Bool
    ) throws(RuleExpressionError) -> Bool {
      let list = try resolve(list)
      guard list.kind == .array else { throw RuleExpressionError("no such overload") }
      var failure: RuleExpressionError?
      for element in list.elements {
        elements.append(element)
        defer { elements.removeLast() }
        do {
          if try truth(body) == deciding { return deciding }
        } catch {
          failure = failure ?? error
        }
      }
      if let failure { throw failure }
      return !deciding
    }

    private func resolve(_ node: Node) throws(RuleExpressionError) -> Value {
      switch node {
      case .self: return value
      case .variable(let depth): return elements[depth]
      case .select(let operand, let field):
        guard let found = try resolve(operand)[field], !found.isNull else {
          throw RuleExpressionError("no such key: \(field)")
        }
        return found
      default: throw RuleExpressionError("no such overload")
      }
    }
  }
}

/// Why a rule cannot be read, or cannot be decided.
public struct RuleExpressionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The reason in words; those of the API server where it has some.
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
