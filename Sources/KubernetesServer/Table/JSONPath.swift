public import KubernetesModel

/// A JSONPath of a printer column: `.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status`, `.a[0]['b.c']`.
public struct JSONPath: Sendable, Equatable {
  private enum Step: Sendable, Equatable {
    case member(String)
    case element(Int)
    case all
    case deep
    case filter(path: [Step], sign: String, text: String)
  }

  private let steps: [Step]

  /// Reads a path; nil for one that is not of this form.
  public init?(_ text: String) {
    var rest = text[...]
    if rest.hasPrefix("{"), rest.hasSuffix("}") { rest = rest.dropFirst().dropLast() }
    if rest.hasPrefix("$") { rest = rest.dropFirst() }
    guard let steps = Self.steps(&rest), rest.isEmpty else { return nil }
    self.steps = steps
  }

  /// What the path leads to, in order.
  ///
  /// - Complexity: O(nodes on the way).
  public func results(in value: Value) -> [Value] { Self.follow(steps[...], value) }

  private static func steps(_ rest: inout Substring) -> [Step]? {
    var steps: [Step] = []
    while let first = rest.first {
      if rest.hasPrefix("..") {
        rest = rest.dropFirst(2)
        steps.append(.deep)
        if let name = name(&rest) { steps.append(.member(name)) }
      } else if first == "." {
        rest = rest.dropFirst()
        if rest.hasPrefix("*") {
          rest = rest.dropFirst()
          steps.append(.all)
        } else if let name = name(&rest) {
          steps.append(.member(name))
        } else if !rest.isEmpty, !rest.hasPrefix("[") {
          return nil
        }
      } else if first == "[" {
        guard let step = bracket(&rest) else { return nil }
        steps.append(step)
      } else if steps.isEmpty, let name = name(&rest) {
        steps.append(.member(name))
      } else {
        return nil
      }
    }
    return steps
  }

  private static func name(_ rest: inout Substring) -> String? {
    var name = ""
    while let character = rest.first, !".[ =!<>()".contains(character) {
      rest = rest.dropFirst()
      if character == "\\", let escaped = rest.popFirst() {
        name.append(escaped)
      } else {
        name.append(character)
      }
    }
    return name.isEmpty ? nil : name
  }

  private static func bracket(_ rest: inout Substring) -> Step? {
    guard let end = closing(rest) else { return nil }
    let inside = rest[rest.index(after: rest.startIndex)..<end]
    rest = rest[rest.index(after: end)...]
    if inside == "*" { return .all }
    if let index = Int(inside) { return .element(index) }
    if inside.count > 1, let quote = inside.first, quote == "'" || quote == "\"", inside.last == quote {
      return .member(String(inside.dropFirst().dropLast()))
    }
    guard inside.hasPrefix("?("), inside.hasSuffix(")") else { return nil }
    var condition = inside.dropFirst(2).dropLast()
    while condition.first == " " { condition = condition.dropFirst() }
    guard condition.popFirst() == "@" else { return nil }
    var path: [Step] = []
    while let first = condition.first, first == "." || first == "[" {
      if first == "[" {
        guard let step = bracket(&condition) else { return nil }
        path.append(step)
      } else {
        condition = condition.dropFirst()
        guard let name = name(&condition) else { return nil }
        path.append(.member(name))
      }
    }
    while condition.first == " " { condition = condition.dropFirst() }
    if condition.isEmpty { return .filter(path: path, sign: "", text: "") }
    for sign in ["==", "!=", "<=", ">=", "<", ">"] where condition.hasPrefix(sign) {
      var text = condition.dropFirst(sign.count)
      while text.first == " " { text = text.dropFirst() }
      while text.last == " " { text = text.dropLast() }
      if text.count > 1, let quote = text.first, quote == "'" || quote == "\"", text.last == quote {
        text = text.dropFirst().dropLast()
      }
      return .filter(path: path, sign: sign, text: String(text))
    }
    return nil
  }

  /// The bracket that closes the first one; those in quotes do not count.
  private static func closing(_ text: Substring) -> Substring.Index? {
    var depth = 0
    var quote: Character?
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "[" {
        depth += 1
      } else if character == "]" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }

  private static func follow(_ steps: ArraySlice<Step>, _ value: Value) -> [Value] {
    guard let step = steps.first else { return [value] }
    let rest = steps.dropFirst()
    switch step {
    case .member(let name): return value[name].map { follow(rest, $0) } ?? []
    case .element(let index):
      return value[index < 0 ? value.count + index : index].map { follow(rest, $0) } ?? []
    case .all:
      return (value.kind == .array ? value.elements : value.members.map(\.value)).flatMap { follow(rest, $0) }
    case .deep:
      let inner = value.kind == .array ? value.elements : value.members.map(\.value)
      return follow(rest, value) + inner.flatMap { follow(steps, $0) }
    case .filter(let path, let sign, let text):
      return value.elements.filter { holds(path, sign, text, $0) }.flatMap { follow(rest, $0) }
    }
  }

  private static func holds(_ path: [Step], _ sign: String, _ text: String, _ value: Value) -> Bool {
    guard let found = follow(path[...], value).first else { return false }
    if sign.isEmpty { return true }
    guard let have = found.scalarText else { return false }
    if sign == "==" { return have == text }
    if sign == "!=" { return have != text }
    guard let first = Double(have), let second = Double(text) else { return false }
    return switch sign {
    case "<": first < second
    case ">": first > second
    case "<=": first <= second
    default: first >= second
    }
  }
}
