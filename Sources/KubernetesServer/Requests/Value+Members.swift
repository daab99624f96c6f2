internal import KubernetesModel

/// Small changes of documents.
extension Value {
  /// The object with a member set, or taken away when `value` is nil. New members come last.
  func setting(_ name: String, to value: Value?) -> Value {
    var members: [(String, Value)] = []
    members.reserveCapacity(count + 1)
    var isFound = false
    for member in self.members {
      if member.name == name {
        isFound = true
        if let value { members.append((name, value)) }
      } else {
        members.append((member.name, member.value))
      }
    }
    if !isFound, let value { members.append((name, value)) }
    return .object(members)
  }

  /// The object with the member at a path set, or taken away when `value` is nil. Objects on the way are made.
  func setting(_ path: [String], to value: Value?) -> Value {
    guard let first = path.first else { return value ?? self }
    if path.count == 1 { return setting(first, to: value) }
    let inner = self[first]
    if value == nil, inner == nil { return self }
    return setting(first, to: (inner ?? .object([])).setting(Array(path.dropFirst()), to: value))
  }

  /// The value at a path of member names; nil where there is none.
  subscript(path path: String...) -> Value? {
    var value = self
    for name in path {
      guard let next = value[name] else { return nil }
      value = next
    }
    return value
  }

  /// The text at a path of member names; empty where there is none.
  func text(_ path: String...) -> String {
    var value = self
    for name in path {
      guard let next = value[name] else { return "" }
      value = next
    }
    return value.stringValue ?? ""
  }

  /// The strings of a list.
  var strings: [String] { elements.compactMap(\.stringValue) }

  /// The object with members that it lacks (or that are null) taken from `defaults`.
  func filling(_ defaults: KeyValuePairs<String, Value>) -> Value {
    var value = self
    for (name, fallback) in defaults where value[name].map({ $0.isNull }) ?? true {
      value = value.setting(name, to: fallback)
    }
    return value
  }

  /// The value without members that are null, at any depth: what Go's types leave of it.
  func withoutNulls() -> Value {
    switch kind {
    case .object:
      .object(members.lazy.filter { !$0.value.isNull }.map { ($0.name, $0.value.withoutNulls()) })
    case .array: .array(elements.map { $0.withoutNulls() })
    default: self
    }
  }
}
