internal import KubernetesModel

/// JSON merge patches (RFC 7386).
enum MergePatch {
  /// The value that a patch makes of another: members of the patch replace, null removes, objects are merged.
  static func apply(_ patch: Value, to target: Value) -> Value {
    guard patch.kind == .object else { return patch }
    let known = target.kind == .object ? target : .object([])
    var members: [(String, Value)] = []
    for (name, value) in known.members {
      guard let change = patch[name] else {
        members.append((name, value))
        continue
      }
      if !change.isNull { members.append((name, apply(change, to: value))) }
    }
    for (name, change) in patch.members where known[name] == nil && !change.isNull {
      members.append((name, apply(change, to: .null)))
    }
    return .object(members)
  }
}
