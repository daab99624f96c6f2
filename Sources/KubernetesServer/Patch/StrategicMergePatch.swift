public import KubernetesModel

/// A strategic merge patch: a merge patch that knows which lists merge by a key, and has directives.
///
/// `$patch` replaces or deletes, `$setElementOrder/…` orders, `$deleteFromPrimitiveList/…` takes elements out, and
/// `$retainKeys` says which members may stay. Which lists merge is in ``TypeCatalog/kubernetes``.
public struct StrategicMergePatch {
  private let catalog: TypeCatalog

  private static let marker = "$patch"
  private static let retainKeys = "$retainKeys"
  private static let deletePrefix = "$deleteFromPrimitiveList/"
  private static let orderPrefix = "$setElementOrder/"

  /// The document with a patch merged into it.
  ///
  /// - Parameters:
  ///   - patch: the patch.
  ///   - document: the object.
  ///   - type: the position of its type in the catalogue.
  ///   - catalog: the types.
  /// - Throws: ``PatchError`` with the server's words.
  /// - Complexity: O(nodes in the patch × elements of the lists they merge into).
  public static func apply(
    _ patch: Value, to document: Value, type: Int, in catalog: TypeCatalog = .kubernetes
  ) throws(PatchError) -> Value {
    if patch.isNull { return document }
    guard patch.kind == .object else {
      throw .badRequest(
        "json: cannot unmarshal \(GoValueText.jsonKind(patch)) into Go value of type map[string]interface {}")
    }
    let merger = StrategicMergePatch(catalog: catalog)
    return try merger.merge(patch, into: ValueDraft(document), .object(type)).value
  }

  // MARK: Objects

  private func field(_ name: String, of shape: TypeShape) -> TypeField? {
    switch shape {
    case .object(let position): catalog.types[position].field(name)
    case .map(let element, _): TypeField(name, element)
    default: nil
    }
  }

  private func merge(
    _ patch: Value, into original: ValueDraft, _ shape: TypeShape
  ) throws(PatchError) -> ValueDraft {
    if let directive = patch[Self.marker] {
      switch directive.stringValue {
      case "replace": return .object(patch.members.filter { $0.name != Self.marker }.map(Self.member))
      case "delete": return .object([])
      default: throw Self.unknownDirective(directive, patch)
      }
    }
    var original = original.kind == .object ? original : .object([])
    try retainKeys(patch, in: &original)
    let ordered = try mergeOrderedLists(patch, into: &original, shape)
    for (key, value) in patch.members {
      guard key != Self.retainKeys, !key.hasPrefix(Self.orderPrefix), !ordered.contains(key) else { continue }
      var name = key
      let isDeletion = key.hasPrefix(Self.deletePrefix)
      if isDeletion { name = try Self.listName(key) }
      if value.isNull {
        if original[name] != nil { original[name] = nil }
        continue
      }
      guard let current = original[name], Self.sameType(current.kind, value.kind) else {
        if !isDeletion { original[name] = Self.withoutDirectives(value) }
        continue
      }
      let field = field(name, of: shape)
      switch value.kind {
      case .object:
        original[name] =
          field?.strategies.contains("replace") == true
          ? ValueDraft(value) : try merge(value, into: current, field?.shape ?? .any)
      case .array:
        original[name] = try mergeList(value.elements, into: current.elements, field, isDeletion: isDeletion)
      default: original[name] = ValueDraft(value)
      }
    }
    return original
  }

  private static func member(_ member: (name: String, value: Value)) -> ValueDraft.Member {
    .init(member.name, ValueDraft(member.value))
  }

  private static func sameType(_ first: TapeKind, _ second: TapeKind) -> Bool {
    first == second
  }

  private static func unknownDirective(_ directive: Value, _ patch: Value) -> PatchError {
    .unforeseen("unknown patch type: \(GoValueText.plain(directive)) in map: \(GoValueText.plain(patch))")
  }

  private static func listName(_ key: String) throws(PatchError) -> String {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw key.hasPrefix(orderPrefix)
        ? .badRequest("invalid patch format of setElementOrder list")
        : .badRequest("invalid patch format of primitive list")
    }
    return String(parts[1])
  }

  private func retainKeys(_ patch: Value, in original: inout ValueDraft) throws(PatchError) {
    guard let list = patch[Self.retainKeys] else { return }
    guard list.kind == .array else { throw .badRequest("invalid patch format of retainKeys") }
    let kept = Set(list.elements.compactMap(\.stringValue))
    for (name, value) in patch.members where name != Self.retainKeys {
      if value.isNull || name.hasPrefix(Self.deletePrefix) || name.hasPrefix(Self.orderPrefix) { continue }
      guard kept.contains(name) else { throw .badRequest("invalid patch format of retainKeys") }
    }
    original.members.removeAll { !kept.contains($0.name) }
  }

  /// What a patch adds where there was nothing: no nulls, no directives.
  private static func withoutDirectives(_ value: Value) -> ValueDraft? {
    switch value.kind {
    case .object:
      if value[marker]?.stringValue == "delete" { return nil }
      var members: [ValueDraft.Member] = []
      for (name, inner) in value.members where !inner.isNull {
        if name == marker || name == retainKeys || name.hasPrefix(deletePrefix) || name.hasPrefix(orderPrefix)
        {
          continue
        }
        if let inner = withoutDirectives(inner) { members.append(.init(name, inner)) }
      }
      return .object(members)
    case .array:
      // An element that is nothing but the directive to replace the list is no element.
      return .array(
        value.elements.filter { $0[marker]?.stringValue != "replace" || $0.count > 1 }.compactMap(
          withoutDirectives))
    default: return .untouched(value)
    }
  }

  // MARK: Lists

  /// Merges the lists that come with an order; returns their names.
  private func mergeOrderedLists(
    _ patch: Value, into original: inout ValueDraft, _ shape: TypeShape
  ) throws(PatchError) -> Set<String> {
    var done: Set<String> = []
    for (key, order) in patch.members where key.hasPrefix(Self.orderPrefix) {
      guard order.kind == .array else {
        throw .unforeseen("expected a []interface {}, but received a \(GoValueText.typeName(order))")
      }
      let name = try Self.listName(key)
      let field = field(name, of: shape)
      let mergeKey = field?.mergeKey ?? ""
      let (current, changes) = (original[name], patch[name])
      for list in [current?.value, changes] {
        if let list, list.kind != .array {
          throw .unforeseen("expected a []interface {}, but received a \(GoValueText.typeName(list))")
        }
      }
      try checkOrder(changes?.elements ?? [], order, mergeKey)
      let merged: [ValueDraft]
      switch (current, changes) {
      case (nil, nil): continue
      case (let current?, nil): merged = current.elements
      case (nil, let changes?): merged = changes.elements.compactMap { Self.withoutDirectives($0) }
      case (let current?, let changes?):
        merged = try mergeList(changes.elements, into: current.elements, field, isDeletion: false).elements
      }
      let serverOrder = current?.elements.map(\.value) ?? []
      original[name] = .array(try arranged(merged, order.elements, serverOrder, mergeKey))
      done.insert(name)
    }
    return done
  }

  private func checkOrder(_ changes: [Value], _ order: Value, _ mergeKey: String) throws(PatchError) {
    let wanted = order.elements
    var position = 0
    for change in changes where mergeKey.isEmpty || change[Self.marker]?.stringValue != "delete" {
      func matches(_ element: Value) -> Bool {
        mergeKey.isEmpty ? element == change : element[mergeKey] == change[mergeKey]
      }
      while position < wanted.count, !matches(wanted[position]) { position += 1 }
      guard position < wanted.count else {
        throw .unforeseen(
          "The order in patch list:\n\(GoValueText.plain(.array(changes)))\n doesn't match $setElementOrder list:\n"
            + "\(GoValueText.plain(order))\n")
      }
      position += 1
    }
  }

  private func mergeList(
    _ patch: [Value], into original: [ValueDraft], _ field: TypeField?, isDeletion: Bool
  ) throws(PatchError) -> ValueDraft {
    guard isDeletion || field?.strategies.contains("merge") == true else {
      return .array(patch.map { ValueDraft($0) })
    }
    if patch.isEmpty, original.isEmpty { return .array([]) }
    let kinds = original.map(\.kind) + patch.map(\.kind)
    if kinds.contains(.array) { throw .unprocessable }
    let areObjects = kinds.first == .object
    if let other = kinds.first(where: { ($0 == .object) != areObjects }) {
      throw .unforeseen("list element types are not identical: [\(kinds[0]) \(other)]")
    }
    guard areObjects else {
      if isDeletion {
        return .array(original.filter { element in !patch.contains { $0 == element.value } })
      }
      var merged: [Value] = []
      for element in original.map(\.value) + patch where !merged.contains(element) { merged.append(element) }
      return .array(try arranged(merged.map { ValueDraft($0) }, patch, original.map(\.value), ""))
    }
    guard let field, !field.mergeKey.isEmpty else {
      throw .unforeseen("cannot merge lists without merge key for \(field?.name ?? "list")")
    }
    return .array(try mergeObjects(patch, into: original, field))
  }

  private func mergeObjects(
    _ patch: [Value], into original: [ValueDraft], _ field: TypeField
  ) throws(PatchError) -> [ValueDraft] {
    let key = field.mergeKey
    var original = original
    var plain: [Value] = []
    var replaces = false
    for element in patch {
      guard let directive = element[Self.marker] else {
        plain.append(element)
        continue
      }
      switch directive.stringValue {
      case "delete":
        guard let wanted = element[key] else { throw Self.noMergeKey(element, key) }
        original.removeAll { $0[key]?.value == wanted }
      case "replace": replaces = true
      case "merge": throw .unforeseen("merging lists cannot yet be specified in the patch")
      default: throw Self.unknownDirective(directive, element)
      }
    }
    // What stood there is forgotten, and what is given has nothing to merge with.
    if replaces { return plain.map { ValueDraft($0) } }
    let element: TypeShape = if case .list(let element, _, _) = field.shape { element } else { .any }
    var merged = original
    for change in plain {
      guard let wanted = change[key] else { throw Self.noMergeKey(change, key) }
      if let index = merged.firstIndex(where: { $0[key]?.value == wanted }) {
        merged[index] = try merge(change, into: merged[index], element)
      } else if let added = Self.withoutDirectives(change) {
        merged.append(added)
      }
    }
    return try arranged(merged, plain, original.map(\.value), key)
  }

  private static func noMergeKey(_ element: Value, _ key: String) -> PatchError {
    .unforeseen("map: \(GoValueText.plain(element)) does not contain declared merge key: \(key)")
  }

  /// The elements of a merged list, those of the patch in its order and the others in the server's.
  ///
  /// The two are laid into each other: one of the server's comes before one of the patch only if it stood before it.
  private func arranged(
    _ merged: [ValueDraft], _ patchOrder: [Value], _ serverOrder: [Value], _ key: String
  ) throws(PatchError) -> [ValueDraft] {
    func identity(_ value: Value) -> Value? { key.isEmpty ? value : value[key] }
    func position(_ element: ValueDraft, _ order: [Value]) -> Int? {
      guard let wanted = key.isEmpty ? element.value : element[key]?.value else { return nil }
      return order.firstIndex { identity($0) == wanted }
    }
    for element in patchOrder where !key.isEmpty && element[key] == nil {
      throw Self.noMergeKey(element, key)
    }
    var fromPatch: [(position: Int, element: ValueDraft)] = []
    var fromServer: [(position: Int, element: ValueDraft)] = []
    for element in merged {
      if let place = position(element, patchOrder) {
        fromPatch.append((place, element))
      } else {
        fromServer.append((position(element, serverOrder) ?? Int.max, element))
      }
    }
    fromPatch.sort { $0.position < $1.position }
    fromServer.sort { $0.position < $1.position }
    var result: [ValueDraft] = []
    var (left, right) = (0, 0)
    while left < fromServer.count || right < fromPatch.count {
      if right >= fromPatch.count {
        result.append(fromServer[left].element)
        left += 1
      } else if left < fromServer.count, fromServer[left].position != Int.max,
        let old = position(fromPatch[right].element, serverOrder), fromServer[left].position < old
      {
        result.append(fromServer[left].element)
        left += 1
      } else {
        result.append(fromPatch[right].element)
        right += 1
      }
    }
    return result
  }
}
