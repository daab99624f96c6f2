public import KubernetesModel

extension TypedDocuments {
  /// The live document with a configuration merged into it.
  ///
  /// Elements of lists keep their order: shared ones come in the configuration's, others stay where they were as far as
  /// that allows.
  ///
  /// - Precondition: both are documents of the type; see ``problems(_:allowsDuplicates:)``.
  public func merge(_ live: Value, with configuration: Value) -> Value {
    merge(live, configuration, root)?.value ?? live
  }

  private func merge(_ live: Value?, _ applied: Value?, _ shape: TypeShape) -> ValueDraft? {
    guard let live else { return applied.map { ValueDraft($0) } }
    guard let applied else { return ValueDraft(live) }
    let leaf = ValueDraft(applied)
    let form = form(shape, live.isNull ? applied : live)
    if !live.isNull, !applied.isNull, form != self.form(shape, applied) { return leaf }
    switch form {
    case .scalar, .list(_, .atomic), .map(isAtomic: true): return leaf
    case .list(let element, let kind):
      let (first, second) = (live.elements, applied.elements)
      if first.isEmpty, second.isEmpty { return leaf }
      return .array(mergeElements(first, second, element, kind))
    case .map(isAtomic: false):
      if live.count == 0, applied.count == 0 { return leaf }
      var members: [ValueDraft.Member] = []
      for (name, value) in live.members {
        let merged = merge(value, applied[name], catalog.shape(of: .field(name), in: shape))
        if let merged { members.append(.init(name, merged)) }
      }
      for (name, value) in applied.members where live[name] == nil {
        members.append(.init(name, ValueDraft(value)))
      }
      return .object(members)
    }
  }

  private func mergeElements(
    _ live: [Value], _ applied: [Value], _ shape: TypeShape, _ kind: ListKind
  ) -> [ValueDraft] {
    var liveSteps: [PathElement] = []
    var liveElements: [Value] = []
    var observed: [PathElement: Value?] = [:]
    for value in live {
      guard let step = knownIdentity(value, kind, shape) else { continue }
      liveSteps.append(step)
      liveElements.append(value)
      // Duplicates are not merged with what is applied.
      observed.updateValue(observed[step] == nil ? value : nil, forKey: step)
    }
    var steps: [PathElement] = []
    var wanted: [PathElement: Value] = [:]
    for value in applied {
      guard let step = knownIdentity(value, kind, shape), wanted[step] == nil else { continue }
      steps.append(step)
      wanted[step] = value
    }
    var shared = steps.filter { observed[$0] != nil }[...]
    var nextShared = shared.popFirst()
    var merged: Set<PathElement> = []
    var result: [ValueDraft] = []
    var (left, right) = (0, 0)

    func takeApplied() {
      let step = steps[right]
      merged.insert(step)
      if let out = merge(observed[step] ?? nil, wanted[step], shape) { result.append(out) }
      right += 1
    }
    while left < liveSteps.count || right < steps.count {
      if left < liveSteps.count, right < steps.count {
        let step = liveSteps[left]
        if step == steps[right] {
          takeApplied()
          left += 1
          nextShared = shared.popFirst()
          continue
        }
        if wanted[step] != nil, let next = nextShared, next != step {
          // Shared, but not its turn.
          left += 1
          continue
        }
      }
      if left < liveSteps.count {
        let step = liveSteps[left]
        if wanted[step] == nil {
          result.append(ValueDraft(liveElements[left]))
          left += 1
          continue
        } else if merged.contains(step) {
          left += 1
        }
      }
      if right < steps.count {
        let step = steps[right]
        takeApplied()
        if nextShared == step { nextShared = shared.popFirst() }
      }
    }
    return result
  }

  // MARK: Removing

  /// The document without some fields and what is below them. A container that loses everything becomes null.
  func removing(_ fields: FieldSet, from value: Value) -> Value {
    fields.isEmpty ? value : removing(fields, from: value, root).value
  }

  private func removing(_ fields: FieldSet, from value: Value, _ shape: TypeShape) -> ValueDraft {
    switch form(shape, value) {
    case .scalar: return ValueDraft(value)
    case .list(_, .atomic), .map(isAtomic: true): return ValueDraft(.null)
    case .list(let element, let kind):
      var kept: [ValueDraft] = []
      for inner in value.elements {
        guard let step = knownIdentity(inner, kind, element) else {
          kept.append(ValueDraft(inner))
          continue
        }
        if fields.isMember(step) { continue }
        let below = fields.inner(step)
        kept.append(below.isEmpty ? ValueDraft(inner) : removing(below, from: inner, element))
      }
      return kept.isEmpty ? ValueDraft(.null) : .array(kept)
    case .map(isAtomic: false):
      var kept: [ValueDraft.Member] = []
      for (name, inner) in value.members {
        let step = PathElement.field(name)
        if fields.isMember(step) { continue }
        let below = fields.inner(step)
        kept.append(
          .init(
            name,
            below.isEmpty
              ? ValueDraft(inner) : removing(below, from: inner, catalog.shape(of: step, in: shape))))
      }
      return kept.isEmpty ? ValueDraft(.null) : .object(kept)
    }
  }

  // MARK: Schemas that changed

  /// A set that was recorded under another schema, as this one would record it: what became atomic is one field. What is
  /// no longer atomic stays one field without its parts, as upstream.
  func reconciled(_ set: FieldSet, with live: Value) -> FieldSet {
    reconciled(set, live, root)
  }

  private func reconciled(
    _ set: FieldSet, _ value: Value?, _ shape: TypeShape
  ) -> FieldSet {
    if case .any = shape { return set }
    var result = FieldSet()
    for node in set.nodes {
      let inner = catalog.shape(of: node.element, in: shape)
      let below = value.flatMap { child(node.element, of: $0, shape) }
      var isMember = node.isMember
      var tree = node.inner
      switch form(inner, below) {
      case .list(_, .atomic), .map(isAtomic: true):
        if inner != .any, !tree.isEmpty {
          isMember = true
          tree = FieldSet()
        }
      case .list, .map:
        tree = reconciled(tree, below, inner)
      case .scalar: break
      }
      if isMember { result.insert([node.element]) }
      result.graft(tree, at: node.element)
    }
    return result
  }

  private func child(_ step: PathElement, of value: Value, _ shape: TypeShape) -> Value? {
    switch step {
    case .field(let name): return value[name]
    case .index(let index): return value[index]
    case .key, .value:
      guard case .list(let element, let kind) = form(shape, value) else { return nil }
      return value.elements.first { knownIdentity($0, kind, element) == step }
    }
  }
}
