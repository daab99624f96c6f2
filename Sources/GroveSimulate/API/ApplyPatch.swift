public import KubernetesModel

/// What `kubectl apply` does to an object of a custom kind: a three-way merge of JSON documents.
public enum ApplyPatch {
  /// The object that results from applying a manifest to a live object.
  ///
  /// Members that were applied last time and are not any more go away, members of the manifest take its values, and
  /// what others wrote (defaults, status) stays. Lists are replaced as a whole.
  ///
  /// - Parameters:
  ///   - manifest: what is applied now.
  ///   - last: what was applied last time.
  ///   - live: the object in the cluster.
  /// - Returns: the object to submit.
  /// - Complexity: O(nodes · members of one object).
  public static func merge(_ manifest: Value, last: Value, live: Value) -> Value {
    guard manifest.kind == .object, live.kind == .object else { return manifest }
    var members: [(String, Value)] = []
    for (name, value) in live.members {
      if let wanted = manifest[name] {
        if !wanted.isNull { members.append((name, merge(wanted, last: last[name] ?? .null, live: value))) }
      } else if last[name] == nil {
        members.append((name, value))
      }
    }
    for (name, wanted) in manifest.members where live[name] == nil && !wanted.isNull {
      members.append((name, wanted))
    }
    return .object(members)
  }
}
