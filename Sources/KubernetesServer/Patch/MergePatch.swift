public import KubernetesModel

/// A JSON merge patch (RFC 7386).
public enum MergePatch {
  /// The document with a patch merged into it.
  ///
  /// Objects merge member by member and null takes a member away; anything else replaces what was there. Nulls inside
  /// a value that replaces nothing, or something that is no object, are dropped, in lists too.
  ///
  /// - Throws: ``PatchError`` with the server's words for a patch that is no object.
  /// - Complexity: O(nodes in the patch × members on the way).
  public static func apply(_ patch: Value, to document: Value) throws(PatchError) -> Value {
    if patch.isNull { throw .badRequest("Invalid JSON Patch") }
    guard patch.kind == .object else {
      throw .badRequest(
        "error decoding patch: json: cannot unmarshal \(GoValueText.jsonKind(patch)) into Go value of type "
          + "map[string]interface {}")
    }
    var draft = ValueDraft(document)
    merge(patch, into: &draft)
    return draft.value
  }

  private static func merge(_ patch: Value, into draft: inout ValueDraft) {
    for (name, value) in patch.members {
      if value.isNull {
        if draft[name] != nil { draft[name] = nil }
      } else if var current = draft[name], current.kind == .object, value.kind == .object {
        merge(value, into: &current)
        draft[name] = current
      } else {
        draft[name] = withoutNulls(value)
      }
    }
  }

  /// The value without members that are null, at any depth. Null elements of lists stay.
  static func withoutNulls(_ value: Value) -> ValueDraft {
    switch value.kind {
    case .object:
      .object(value.members.filter { !$0.value.isNull }.map { .init($0.name, withoutNulls($0.value)) })
    case .array: .array(value.elements.map { withoutNulls($0) })
    default: .untouched(value)
    }
  }
}
