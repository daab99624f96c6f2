/// What makes one value of another: the fewest leaf changes that can be told apart, each of which can be undone.
///
/// Elements of lists are the same when they have the same key (`name`, `mountPath`, …); in lists without keys, those
/// that leave the fewest changes are matched. The same elements in another order are one change, of the list.
package struct ValueDelta: Sendable {
  /// A change.
  package struct Change: Sendable, Equatable {
    /// Where. Positions are those of the new value, where the old one is gone those of the old.
    package var path: ChangePath
    /// What was there; nil when nothing was.
    package var old: Value?
    /// What is there; nil when nothing is.
    package var new: Value?
    /// Whether only the order of a list changed: ``old`` and ``new`` are the lists.
    package var isOrder: Bool
  }

  /// The changes, in the order of the new value.
  package private(set) var changes: [Change] = []
  private let root: DeltaNode

  /// Compares two values.
  ///
  /// - Parameters:
  ///   - old: the value before; nil when there was none.
  ///   - new: the value after; nil when there is none.
  ///   - path: where they are.
  ///   - isSame: whether values that differ count as the same all the same; told the name of the member they are.
  package init(
    from old: Value?, to new: Value?, at path: ChangePath = ChangePath(),
    isSame: (_ name: String, _ old: Value, _ new: Value) -> Bool = { _, _, _ in false }
  ) {
    root = withoutActuallyEscaping(isSame) { DeltaBuilder(isSame: $0).node(old, new, name: "") }
    root.collect(at: path, into: &changes)
  }

  /// The new value with some changes undone; nil when that leaves none.
  ///
  /// - Parameter undone: positions in ``changes``.
  package func undoing(_ undone: Set<Int>) -> Value? {
    var counter = 0
    return root.value(undone, &counter)
  }

  /// The new value with all changes undone except one.
  package func undoingAll(except kept: Int) -> Value? {
    undoing(Set(changes.indices.filter { $0 != kept }))
  }
}

/// A part of a comparison.
indirect enum DeltaNode: Sendable {
  case same(Value?)
  case replaced(old: Value?, new: Value?)
  case object([(name: String, node: DeltaNode)])
  /// One node for each entry of the alignment.
  case list(ListAlignment, [DeltaNode], key: String?, old: Value, new: Value)

  /// How many changes there are.
  var count: Int {
    switch self {
    case .same: 0
    case .replaced: 1
    case .object(let members): members.reduce(0) { $0 + $1.node.count }
    case .list(let alignment, let nodes, _, _, _):
      nodes.reduce(alignment.isReordered ? 1 : 0) { $0 + $1.count }
    }
  }

  func collect(at path: ChangePath, into changes: inout [ValueDelta.Change]) {
    switch self {
    case .same: return
    case .replaced(let old, let new):
      changes.append(Self.leaf(path, old, new))
    case .object(let members):
      for member in members { member.node.collect(at: path.member(member.name), into: &changes) }
    case .list(let alignment, let nodes, let key, let old, let new):
      if alignment.isReordered {
        changes.append(ValueDelta.Change(path: path, old: old, new: new, isOrder: true))
      }
      let (before, after) = (old.elements, new.elements)
      for (entry, node) in zip(alignment.entries, nodes) {
        let index = entry.new ?? entry.old ?? 0
        let element = entry.new.map { after[$0] } ?? before[index]
        node.collect(at: path.element(index, key: DeltaBuilder.key(key, of: element)), into: &changes)
      }
    }
  }

  /// A change of a whole part is told where its only leaf is.
  private static func leaf(_ path: ChangePath, _ old: Value?, _ new: Value?) -> ValueDelta.Change {
    var change = ValueDelta.Change(path: path, old: old, new: new, isOrder: false)
    guard (old == nil) != (new == nil), var value = old ?? new else { return change }
    var isElement = false
    while !isElement {
      let members = value.members
      if members.count == 1 {
        change.path = change.path.member(members[0].name)
        value = members[0].value
      } else if value.kind == .array, value.count == 1, let only = value[0] {
        isElement = only.kind == .object
        let name = change.path.steps.last.flatMap { if case .member(let name) = $0 { name } else { nil } }
        let key = isElement ? DeltaBuilder.key(of: name ?? "", [only], []) : nil
        change.path = change.path.element(0, key: DeltaBuilder.key(key, of: only))
        value = only
      } else {
        break
      }
    }
    if new == nil { change.old = value } else { change.new = value }
    return change
  }

  func value(_ undone: Set<Int>, _ counter: inout Int) -> Value? {
    switch self {
    case .same(let value): return value
    case .replaced(let old, let new):
      defer { counter += 1 }
      return undone.contains(counter) ? old : new
    case .object(let members):
      var result: [(String, Value)] = []
      for member in members {
        if let value = member.node.value(undone, &counter) { result.append((member.name, value)) }
      }
      return .object(result)
    case .list(let alignment, let nodes, _, _, _):
      var undoesOrder = false
      if alignment.isReordered {
        undoesOrder = undone.contains(counter)
        counter += 1
      }
      var isUndone: [Bool] = []
      var values: [Value?] = []
      for (entry, node) in zip(alignment.entries, nodes) {
        if case .common = entry { isUndone.append(false) } else { isUndone.append(undone.contains(counter)) }
        values.append(node.value(undone, &counter))
      }
      let order = alignment.order(undoesOrder: undoesOrder) { isUndone[$0] }
      return .array(order.compactMap { values[$0] })
    }
  }
}
