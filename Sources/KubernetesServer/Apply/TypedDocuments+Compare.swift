public import KubernetesModel

/// The fields in which two documents differ.
public struct DocumentComparison: Sendable, Equatable {
  /// Only in the second.
  public var added = FieldSet()
  /// In both, with other values.
  public var modified = FieldSet()
  /// Only in the first.
  public var removed = FieldSet()

  /// Nothing differs.
  public init() {}

  /// Added or modified.
  public var changed: FieldSet { added.union(modified) }

  /// Without some fields and all below them.
  func excluding(_ fields: FieldSet) -> DocumentComparison {
    guard !fields.isEmpty else { return self }
    var result = self
    result.added = added.subtractingTrees(fields)
    result.modified = modified.subtractingTrees(fields)
    result.removed = removed.subtractingTrees(fields)
    return result
  }
}

extension TypedDocuments {
  /// What changed from one document to another.
  ///
  /// - Complexity: O(nodes in both), squared in the members of one object.
  public func compare(_ old: Value, _ new: Value) -> DocumentComparison {
    var result = DocumentComparison()
    compare(old, new, root, [], isInLeaf: false, &result)
    return result
  }

  private func compare(
    _ old: Value?, _ new: Value?, _ shape: TypeShape, _ path: [PathElement], isInLeaf: Bool,
    _ result: inout DocumentComparison
  ) {
    var isLeaf = isInLeaf
    let (before, after) = (form(shape, old), form(shape, new))
    if old == nil || old?.isNull == true {
      descend(old, new, shape, after, path, &isLeaf, &result)
    } else if new == nil || new?.isNull == true || before == after {
      descend(old, new, shape, before, path, &isLeaf, &result)
    } else {
      // A value of another form took its place. That is seen once, as a change of the whole.
      var other = isLeaf
      descend(old, new, shape, before, path, &other, &result)
      descend(old, new, shape, after, path, &isLeaf, &result)
    }
    if !isLeaf {
      if old == nil { result.added.insert(path) } else if new == nil { result.removed.insert(path) }
    }
  }

  private func leaf(
    _ old: Value?, _ new: Value?, _ path: [PathElement], _ isLeaf: inout Bool,
    _ result: inout DocumentComparison
  ) {
    guard !isLeaf else { return }
    isLeaf = true
    switch (old, new) {
    case (nil, nil): break
    case (nil, _): result.added.insert(path)
    case (_, nil): result.removed.insert(path)
    case (let old?, let new?): if old != new { result.modified.insert(path) }
    }
  }

  private func descend(
    _ old: Value?, _ new: Value?, _ shape: TypeShape, _ form: Form, _ path: [PathElement],
    _ isLeaf: inout Bool,
    _ result: inout DocumentComparison
  ) {
    switch form {
    case .scalar: leaf(old, new, path, &isLeaf, &result)
    case .list(let element, let kind):
      let (before, after) = (old?.elements ?? [], new?.elements ?? [])
      // Two empty lists differ as leaves: an empty list is not a null.
      if kind == .atomic || (before.isEmpty && after.isEmpty) {
        return leaf(old, new, path, &isLeaf, &result)
      }
      compareElements(before, after, element, kind, path, isInLeaf: isLeaf, &result)
    case .map(let isAtomic):
      let (before, after) = (old?.members ?? [], new?.members ?? [])
      if isAtomic || (before.isEmpty && after.isEmpty) { return leaf(old, new, path, &isLeaf, &result) }
      let inner = isLeaf
      for (name, value) in before {
        compare(
          value, new?[name], catalog.shape(of: .field(name), in: shape), path + [.field(name)],
          isInLeaf: inner,
          &result)
      }
      for (name, value) in after where old?[name] == nil {
        compare(
          nil, value, catalog.shape(of: .field(name), in: shape), path + [.field(name)], isInLeaf: inner,
          &result)
      }
    }
  }

  private func compareElements(
    _ old: [Value], _ new: [Value], _ shape: TypeShape, _ kind: ListKind, _ path: [PathElement],
    isInLeaf: Bool,
    _ result: inout DocumentComparison
  ) {
    let (before, order) = grouped(old, shape, kind)
    let (after, more) = grouped(new, shape, kind)
    for step in order + more.filter({ before[$0] == nil }) {
      let (first, second) = (before[step] ?? [], after[step] ?? [])
      let place = path + [step]
      if first.count <= 1, second.count <= 1 {
        compare(first.first, second.first, shape, place, isInLeaf: isInLeaf, &result)
      } else if first.count > 1, second.count > 1 {
        if first != second { result.modified.insert(place) }
      } else if first.count > 1 {
        // Duplicates are one thing; what stands alone afterwards is new.
        if let value = second.first { compare(nil, value, shape, place, isInLeaf: isInLeaf, &result) }
        result.removed.insert(place)
      } else {
        if let value = first.first { compare(value, nil, shape, place, isInLeaf: isInLeaf, &result) }
        result.added.insert(place)
      }
    }
  }

  private func grouped(
    _ values: [Value], _ shape: TypeShape, _ kind: ListKind
  ) -> (groups: [PathElement: [Value]], order: [PathElement]) {
    var groups: [PathElement: [Value]] = [:]
    var order: [PathElement] = []
    for value in values {
      guard let step = knownIdentity(value, kind, shape) else { continue }
      if groups[step] == nil { order.append(step) }
      groups[step, default: []].append(value)
    }
    return (groups, order)
  }
}
