internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What happens in a run, for the story that is told of it.
struct Diary: Sendable {
  /// What happened since the last call of ``takeEntries()``.
  private var entries: [(time: Timestamp, text: String)] = []

  mutating func note(_ history: [Happening], _ writes: [AppliedWrite], at time: Timestamp) {
    for write in writes {
      let verb =
        switch write.verb {
        case .create: "creates"
        case .update: "changes"
        case .updateStatus: "updates the status of"
        case .delete: "deletes"
        }
      entries.append(
        (
          time,
          "operator \(verb) \(write.object.kind.kind) \(write.object.name) [\(write.rule): \(write.reason)]"
        ))
    }
    guard writes.isEmpty else { return }
    for case .change(let change) in history.map(\.what) {
      guard let text = Self.text(change) else { continue }
      entries.append((time, text))
    }
  }

  /// Notes what is done to look whether all stays as it is.
  mutating func note(_ text: String, at time: Timestamp) { entries.append((time, text)) }

  mutating func takeEntries() -> [(time: Timestamp, text: String)] {
    var taken: [(time: Timestamp, text: String)] = []
    swap(&taken, &entries)
    return taken
  }

  private static func text(_ change: Change) -> String? {
    switch (change.old, change.new) {
    case (nil, let new?): return "\(new.kind.kind) \(new.metadata.name) appears"
    case (let old?, nil): return "\(old.kind.kind) \(old.metadata.name) is gone"
    case (.pod(let old)?, .pod(let new)?):
      let name = new.metadata.name
      if old.metadata.deletionTimestamp == nil, new.metadata.deletionTimestamp != nil {
        return "pod \(name) begins to terminate"
      }
      if old.spec.nodeName != new.spec.nodeName { return "pod \(name) is bound to \(new.spec.nodeName)" }
      if old.serves != new.serves { return "pod \(name) is \(new.serves ? "ready" : "not ready any more")" }
      if old.status.phase != new.status.phase { return "pod \(name) is \(new.status.phase)" }
      return nil
    case (let old?, let new?):
      if old.metadata.deletionTimestamp == nil, new.metadata.deletionTimestamp != nil {
        return "\(new.kind.kind) \(new.metadata.name) begins to terminate"
      }
      return nil
    case (nil, nil): return nil
    }
  }
}
