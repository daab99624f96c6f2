internal import GroveSimulate
public import KubernetesModel

/// What the value of a field is to be.
public enum ValueCheck: Sendable, Equatable {
  /// It means the same JSON.
  case equal(Value)
  /// It does not mean the same JSON, or is absent.
  case notEqual(Value)
  /// It is there, or not. Null counts as absent.
  case exists(Bool)
  /// It is a number, or a text that is one, not below this one.
  case atLeast(Double)
  /// It is a number, or a text that is one, not above this one.
  case atMost(Double)
  /// It is a text with this part, or a list with this element.
  case contains(Value)
  /// It is one of these.
  case oneOf([Value])
  /// It is a list of these elements, in any order, each as often as here.
  case set([Value])
  /// It is a list, an object or a text of so many elements, members or characters; absent counts as 0.
  case count(CountCheck)
  /// It equals another field of the same object; two absent fields are equal.
  case sameAs(ValuePath)
  /// It is a number not above another field of the same object; absent ones count as 0.
  case notAbove(ValuePath)
}

extension ValueCheck {
  /// Why a field does not satisfy the check; nil when it does.
  ///
  /// - Parameters:
  ///   - path: the field.
  ///   - root: the object.
  func objection(to path: ValuePath, in root: Value) -> Objection? {
    let found = path.value(in: root)
    if holds(for: found, in: root) { return nil }
    return Objection(
      expected: "\(path) \(words(in: root))",
      observed: found.map { "\(path) is \(JSONWriter.string($0))" } ?? "\(path) is not there")
  }

  private func holds(for found: Value?, in root: Value) -> Bool {
    switch self {
    case .equal(let value): found.map { Self.same($0, value) } ?? false
    case .notEqual(let value): found.map { !Self.same($0, value) } ?? true
    case .exists(let wanted): (found.map { $0.kind != .array || $0.count > 0 } ?? false) == wanted
    case .atLeast(let bound): Self.number(found).map { $0 >= bound } ?? false
    case .atMost(let bound): Self.number(found).map { $0 <= bound } ?? false
    case .contains(let part):
      if let text = found?.stringValue {
        part.scalarText.map { text.contains($0) } ?? false
      } else {
        found?.elements.contains { Self.same($0, part) } ?? false
      }
    case .oneOf(let values): found.map { found in values.contains { Self.same(found, $0) } } ?? false
    case .set(let values): Self.sameElements(found?.elements ?? [], values)
    case .count(let count): count.holds(for: found.map { $0.stringValue?.count ?? $0.count } ?? 0)
    case .notAbove(let other):
      (found?.doubleValue ?? 0) <= (other.value(in: root)?.doubleValue ?? 0)
    case .sameAs(let other):
      switch (found, other.value(in: root)) {
      case (nil, nil): true
      case (let found?, let other?): found == other
      default: false
      }
    }
  }

  /// A number, or a text that is one, as in labels.
  private static func number(_ value: Value?) -> Double? {
    value?.doubleValue ?? value?.stringValue.flatMap { Double($0) }
  }

  /// Whether two values mean the same; numbers by value, so that 1 equals 1.0.
  private static func same(_ a: Value, _ b: Value) -> Bool {
    if a == b { return true }
    guard let first = a.doubleValue, let second = b.doubleValue else { return false }
    return first == second
  }

  private static func sameElements(_ found: [Value], _ wanted: [Value]) -> Bool {
    guard found.count == wanted.count else { return false }
    var rest = wanted
    for value in found {
      guard let position = rest.firstIndex(where: { same(value, $0) }) else { return false }
      rest.remove(at: position)
    }
    return true
  }

  private func words(in root: Value) -> String {
    switch self {
    case .equal(let value): "to be \(JSONWriter.string(value))"
    case .notEqual(let value): "not to be \(JSONWriter.string(value))"
    case .exists(let wanted): wanted ? "to be there" : "not to be there"
    case .atLeast(let bound): "to be at least \(Self.number(bound))"
    case .atMost(let bound): "to be at most \(Self.number(bound))"
    case .contains(let part): "to contain \(JSONWriter.string(part))"
    case .oneOf(let values): "to be one of \(JSONWriter.string(.array(values)))"
    case .set(let values): "to be, in any order, \(JSONWriter.string(.array(values)))"
    case .count(let count): "to have \(count) elements"
    case .sameAs(let path):
      "to be the same as \(Self.words(path, root))"
    case .notAbove(let path): "not to be above \(Self.words(path, root))"
    }
  }

  private static func words(_ path: ValuePath, _ root: Value) -> String {
    "\(path) (\(path.value(in: root).map { JSONWriter.string($0) } ?? "not there"))"
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }
}

/// What was expected and what was there instead, in words.
public struct Objection: Sendable, Equatable, CustomStringConvertible {
  /// What was expected.
  public var expected: String
  /// What was there.
  public var observed: String

  /// Both in one sentence.
  public var description: String { "expected \(expected); \(observed)" }
}
