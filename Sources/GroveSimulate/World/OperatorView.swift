package import GroveModel
package import GroveReconcile
internal import KubernetesModel

/// What an operator sees whose watches lag: each kind on its own, in order, with its own writes laid over.
package struct OperatorView: Sendable {
  /// What it sees.
  package private(set) var state: ObservedState
  /// The watch events that have not arrived yet, by kind in the order of `ResourceKind.allCases`.
  private var pending: [[Change]]
  /// Uids of objects that the operator deleted itself, as long as older events about them may arrive.
  private var buried: Set<String> = []

  private static let kinds = ResourceKind.allCases

  package init(_ state: ObservedState) {
    self.state = state
    pending = Array(repeating: [], count: Self.kinds.count)
  }

  /// The kinds of which events are on their way, in fixed order.
  package var kindsOnTheirWay: [ResourceKind] {
    pending.indices.filter { !pending[$0].isEmpty }.map { Self.kinds[$0] }
  }

  /// The events of a kind that are on their way, the oldest first.
  package func onTheirWay(_ kind: ResourceKind) -> [Change] {
    Self.kinds.firstIndex(of: kind).map { pending[$0] } ?? []
  }

  /// Sends an event on its way.
  package mutating func send(_ change: Change) {
    guard let kind = (change.new ?? change.old)?.kind, let index = Self.kinds.firstIndex(of: kind) else {
      return
    }
    pending[index].append(change)
  }

  /// Lays a write of the operator over what it sees (read your writes).
  package mutating func overlay(_ change: Change) {
    if let new = change.new {
      state.insert(new)
    } else if let old = change.old {
      buried.insert(old.metadata.uid)
      state.remove(old.key)
    }
  }

  /// Lets the oldest event of a kind arrive.
  ///
  /// - Returns: the event; nil when none is on its way.
  package mutating func deliver(_ kind: ResourceKind) -> Change? {
    guard let index = Self.kinds.firstIndex(of: kind), !pending[index].isEmpty else { return nil }
    let change = pending[index].removeFirst()
    apply(change)
    return change
  }

  /// Lets all events of a kind arrive as one change for each object, as after a watch that had to be opened anew.
  package mutating func deliverAll(_ kind: ResourceKind) -> [Change] {
    guard let index = Self.kinds.firstIndex(of: kind) else { return [] }
    var order: [ObjectKey] = []
    var merged: [ObjectKey: Change] = [:]
    for change in pending[index] {
      guard let key = (change.new ?? change.old)?.key else { continue }
      if let earlier = merged[key] {
        merged[key] = Change(old: earlier.old, new: change.new)
      } else {
        order.append(key)
        merged[key] = change
      }
    }
    pending[index] = []
    let changes = order.compactMap { key -> Change? in
      guard let change = merged[key] else { return nil }
      if change.old != nil || change.new != nil { return change }
      // It came and went in between. Its maker has it in sight, nevertheless, and a list shows that it is gone.
      return state[key].map { Change(old: $0, new: nil) }
    }
    for change in changes { apply(change) }
    return changes
  }

  private mutating func apply(_ change: Change) {
    if let new = change.new {
      if !buried.isEmpty, buried.contains(new.metadata.uid) { return }
      if let seen = state[new.key], Self.version(seen) >= Self.version(new) { return }
      state.insert(new)
    } else if let old = change.old {
      if !buried.isEmpty { buried.remove(old.metadata.uid) }
      if state[old.key]?.metadata.uid == old.metadata.uid { state.remove(old.key) }
    }
  }

  private static func version(_ resource: Resource) -> UInt64 {
    UInt64(resource.metadata.resourceVersion) ?? 0
  }
}
