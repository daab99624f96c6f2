internal import KubernetesModel

/// Keeps values from being shown that look like secrets; that they change is shown (P-23).
struct Redaction: Sendable {
  /// Whether everything is shown.
  var showsValues = false

  /// A value that is not shown.
  static let hidden = Value.string("(sensitive)")
  /// A value that is not shown, and differs from the one before.
  static let changed = Value.string("(sensitive, changed)")

  /// Both sides of a change at a path.
  func values(_ path: ChangePath, _ old: Value?, _ new: Value?) -> (old: Value?, new: Value?) {
    if showsValues { return (old, new) }
    guard let place = path.steps.lastIndex(of: .member("env")), place + 1 < path.steps.count,
      case .element(_, let key?) = path.steps[place + 1], Self.isSensitive(key)
    else { return (redacted(old), redacted(new)) }
    return (old.map { _ in Self.hidden }, new.map { _ in Self.changed })
  }

  /// An object, and the one that takes its place, without what is not shown.
  func pair(_ old: Value?, _ new: Value?) -> (old: Value?, new: Value?) {
    if showsValues { return (old, new) }
    return (redacted(old), redacted(new, against: old))
  }

  private func redacted(_ value: Value?, against old: Value? = nil) -> Value? {
    guard let value else { return nil }
    if value["kind"]?.stringValue == "Secret" { return secret(value, against: old) }
    return walk(value, old)
  }

  private func walk(_ value: Value, _ old: Value?) -> Value {
    switch value.kind {
    case .object:
      return .object(
        value.members.map { name, member in
          if name == "env", member.kind == .array {
            return (name, .array(member.elements.map { variable($0, in: old?[name]) }))
          }
          return (name, walk(member, old?[name]))
        })
    case .array:
      return .array(value.elements.enumerated().map { walk($0.element, old?[$0.offset]) })
    default: return value
    }
  }

  private func variable(_ variable: Value, in old: Value?) -> Value {
    guard let name = variable["name"]?.stringValue, Self.isSensitive(name), let value = variable["value"]
    else {
      return variable
    }
    let before = old?.elements.first { $0["name"]?.stringValue == name }?["value"]
    return .object(
      variable.members.map {
        (
          $0.name,
          $0.name == "value" ? (before == nil || before == value ? Self.hidden : Self.changed) : $0.value
        )
      })
  }

  private func secret(_ value: Value, against old: Value?) -> Value {
    .object(
      value.members.map { name, member in
        guard name == "data" || name == "stringData" else { return (name, member) }
        return (
          name,
          .object(
            member.members.map { key, data in
              let before = old?[name]?[key]
              return (key, before == nil || before == data ? Self.hidden : Self.changed)
            })
        )
      })
  }

  /// Whether a variable of that name is likely to hold a secret.
  static func isSensitive(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["secret", "token", "passw", "key"].contains { name.contains($0) }
  }
}
