public import KubernetesModel

/// A JSON patch (RFC 6902) as the API server applies it.
///
/// The server's library is more lenient than the RFC: a path need not begin with a slash (what stands before the first
/// one does not count), `replace` also adds a member that is not there, and indices may count from the end.
public enum JSONPatch {
  /// The most operations that one patch may have.
  public static let operationLimit = 10_000
  /// The most nodes that all `copy` operations of one patch may make.
  static let copyLimit = 1_000_000

  /// The document after all operations.
  ///
  /// - Throws: ``PatchError``: 400 for a patch that is none, 422 without an explanation when an operation fails, 413
  ///   for too many operations.
  /// - Complexity: O(operations × length of the paths and lists on the way).
  public static func apply(_ patch: Value, to document: Value) throws(PatchError) -> Value {
    let operations = try operations(patch)
    guard operations.count <= operationLimit else {
      throw PatchError(
        code: 413, reason: "RequestEntityTooLarge",
        message:
          "Request entity too large: The allowed maximum operations in a JSON patch is \(operationLimit), "
          + "got \(operations.count)")
    }
    var draft = ValueDraft(document)
    var copied = 0
    for operation in operations {
      guard perform(operation, on: &draft, &copied) else { throw .unprocessable }
    }
    return draft.value
  }

  private struct Operation {
    var name: String
    var path: String?
    var from: String?
    var value: Value?
  }

  private static func operations(_ patch: Value) throws(PatchError) -> [Operation] {
    let prefix = "error decoding patch: json: cannot unmarshal "
    if patch.isNull { return [] }
    guard patch.kind == .array else {
      throw .badRequest(
        "\(prefix)\(GoValueText.jsonKind(patch)) into Go value of type []handlers.jsonPatchOp")
    }
    var operations: [Operation] = []
    for element in patch.elements {
      guard element.kind == .object || element.isNull else {
        throw .badRequest(
          "\(prefix)\(GoValueText.jsonKind(element)) into Go value of type handlers.jsonPatchOp")
      }
      for name in ["op", "path", "from"] {
        guard let text = element[name], text.kind != .string, !text.isNull else { continue }
        throw .badRequest(
          "\(prefix)\(GoValueText.jsonKind(text)) into Go struct field jsonPatchOp.\(name) of type string")
      }
      operations.append(
        Operation(
          name: element["op"]?.stringValue ?? "", path: element["path"]?.stringValue,
          from: element["from"]?.stringValue, value: element["value"]))
    }
    return operations
  }

  private static func perform(_ operation: Operation, on draft: inout ValueDraft, _ copied: inout Int) -> Bool
  {
    guard let path = operation.path.flatMap(steps) else { return false }
    let value = operation.value ?? .null
    switch operation.name {
    case "add": return edit(&draft, path) { add(ValueDraft(value), at: $1, in: &$0) }
    case "remove": return edit(&draft, path) { remove(at: $1, in: &$0) != nil }
    case "replace": return edit(&draft, path) { replace(at: $1, with: ValueDraft(value), in: &$0) }
    case "test":
      var found: ValueDraft?
      guard edit(&draft, path, { look(at: $1, in: $0, &found) }) else { return false }
      return (found?.value ?? .null) == value
    case "move":
      guard let from = operation.from.flatMap(steps) else { return false }
      var moved: ValueDraft?
      guard
        edit(
          &draft, from,
          { container, key in
            moved = remove(at: key, in: &container)
            return moved != nil
          })
      else { return false }
      return edit(&draft, path) { add(moved ?? ValueDraft(.null), at: $1, in: &$0) }
    case "copy":
      guard let from = operation.from.flatMap(steps) else { return false }
      var found: ValueDraft?
      guard edit(&draft, from, { look(at: $1, in: $0, &found) }) else { return false }
      let copy = found?.value ?? .null
      // Copies of copies double each time: without a bound a small patch would fill the memory.
      copied += Int(copy.tape[copy.index].next) - copy.index
      guard copied <= copyLimit else { return false }
      return edit(&draft, path) { add(ValueDraft(copy), at: $1, in: &$0) }
    default: return false
    }
  }

  /// The steps of a path after its first slash; nil when it has none.
  private static func steps(_ path: String) -> [String]? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    return parts.isEmpty
      ? nil : parts.map { replacing("~0", with: "~", in: replacing("~1", with: "/", in: String($0))) }
  }

  private static func replacing(_ mark: String, with text: String, in step: String) -> String {
    guard step.utf8.contains(UInt8(ascii: "~")) else { return step }
    var result = ""
    var rest = step[...]
    while !rest.isEmpty {
      if rest.hasPrefix(mark) {
        result += text
        rest = rest.dropFirst(mark.count)
      } else if let character = rest.popFirst() {
        result.append(character)
      }
    }
    return result
  }

  /// Changes the container that holds the last step of a path; false when the path leads nowhere.
  private static func edit(
    _ draft: inout ValueDraft, _ path: [String], _ change: (inout ValueDraft, String) -> Bool
  ) -> Bool {
    edit(&draft, path[...], change)
  }

  private static func edit(
    _ draft: inout ValueDraft, _ path: ArraySlice<String>, _ change: (inout ValueDraft, String) -> Bool
  ) -> Bool {
    guard draft.kind == .object || draft.kind == .array, let step = path.first else { return false }
    guard path.count > 1 else { return change(&draft, step) }
    if draft.kind == .object {
      guard var inner = draft[step], edit(&inner, path.dropFirst(), change) else { return false }
      draft[step] = inner
      return true
    }
    var elements = draft.elements
    guard let index = index(step, elements.count), edit(&elements[index], path.dropFirst(), change) else {
      return false
    }
    draft.elements = elements
    return true
  }

  private static func index(_ step: String, _ count: Int) -> Int? {
    guard var index = Int(step), index >= -count else { return nil }
    if index < 0 { index += count }
    return index < count ? index : nil
  }

  /// Finds what is at a step; a member that is not there is nothing, an element that is not there is an error.
  private static func look(at step: String, in container: ValueDraft, _ found: inout ValueDraft?) -> Bool {
    if container.kind == .object {
      found = container[step]
      return true
    }
    let elements = container.elements
    guard let index = index(step, elements.count) else { return false }
    found = elements[index]
    return true
  }

  private static func add(_ value: ValueDraft, at step: String, in container: inout ValueDraft) -> Bool {
    if container.kind == .object {
      container[step] = value
      return true
    }
    var elements = container.elements
    if step == "-" {
      elements.append(value)
    } else {
      // Counted from the end, -1 is the place behind the last element.
      guard let index = index(step, elements.count + 1) else { return false }
      elements.insert(value, at: index)
    }
    container.elements = elements
    return true
  }

  private static func replace(at step: String, with value: ValueDraft, in container: inout ValueDraft) -> Bool
  {
    if container.kind == .object {
      container[step] = value
      return true
    }
    var elements = container.elements
    guard let index = index(step, elements.count) else { return false }
    elements[index] = value
    container.elements = elements
    return true
  }

  private static func remove(at step: String, in container: inout ValueDraft) -> ValueDraft? {
    if container.kind == .object {
      guard let found = container[step] else { return nil }
      container[step] = nil
      return found
    }
    var elements = container.elements
    guard let index = index(step, elements.count) else { return nil }
    let found = elements.remove(at: index)
    container.elements = elements
    return found
  }
}
