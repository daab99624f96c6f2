internal import KubernetesModel

/// A value of the Common Expression Language.
enum CELValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case double(Double)
  case string(String)
  case list([CELValue])
  case map([(key: String, value: CELValue)])
  /// A value that may not be there: what an update began with.
  indirect case optional(CELValue?)
  /// What could not be computed, in words.
  case failure(String)

  /// A document's value.
  init(_ value: Value) {
    switch value.kind {
    case .null: self = .null
    case .boolean: self = .boolean(value.booleanValue ?? false)
    case .integer: self = value.integerValue.map { .integer($0) } ?? .double(value.doubleValue ?? 0)
    case .float: self = .double(value.doubleValue ?? 0)
    case .string, .key: self = .string(value.stringValue ?? "")
    case .array: self = .list(value.elements.map { CELValue($0) })
    case .object: self = .map(value.members.map { (key: $0.name, value: CELValue($0.value)) })
    }
  }

  /// The number, of whatever kind.
  var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }

  static func == (lhs: CELValue, rhs: CELValue) -> Bool {
    switch (lhs, rhs) {
    case (.null, .null): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.map(let a), .map(let b)):
      a.count == b.count
        && a.allSatisfy { member in b.contains { $0.key == member.key && $0.value == member.value } }
    case (.optional(let a), .optional(let b)): a == b
    default: if let a = lhs.number, let b = rhs.number { a == b } else { false }
    }
  }
}

/// What the variables of a rule stand for.
struct CELScope: Sendable {
  var variables: [String: CELValue]

  /// The variables of a validation rule.
  init(self value: Value, oldSelf: Value?) {
    variables = ["self": CELValue(value)]
    if let oldSelf { variables["oldSelf"] = CELValue(oldSelf) }
  }
}
