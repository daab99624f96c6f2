internal import GroveModel
public import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What a change of an object looks like in tables: what `kubectl get -w` would print again.
public struct StateChange: Sendable, Equatable {
  /// The object, as kubectl takes it: `pod/serve-0-frontend-x7k2p`, `pclq/serve-0-frontend`.
  public var object: String
  /// What changed, in words: `Pending → ContainerCreating on fake-node-003`, `READY 0 → 2, SCHEDULED 0 → 2`.
  public var text: String

  /// What the tables show of a change; nil when they show the same as before, or when the kind is neither a pod, nor a
  /// node, nor one of Grove's.
  public init?(_ change: Change) {
    guard let resource = change.new ?? change.old else { return nil }
    let text: String?
    switch resource {
    case .pod: text = Self.podText(change)
    case .podCliqueSet, .podCliqueScalingGroup, .podClique, .podGang, .clusterTopologyBinding, .node:
      text = Self.columnText(change, resource.kind)
    default: text = nil
    }
    guard let text else { return nil }
    // Short names keep the lines short, and kubectl takes them.
    let kind = resource.kind == .pod || resource.kind == .node ? nil : resource.kind.shortNames.first
    object = "\(kind ?? resource.kind.outputName)/\(resource.metadata.name)"
    self.text = text
  }

  private static func podText(_ change: Change) -> String? {
    guard case .pod(let pod)? = change.new else { return "deleted" }
    let (state, node) = (words(pod), pod.$spec.wrappedValue.nodeName)
    guard case .pod(let old)? = change.old else { return node.isEmpty ? state : "\(state) on \(node)" }
    let before = words(old)
    let isBound = old.$spec.wrappedValue.nodeName.isEmpty && !node.isEmpty
    if isBound { return state == before ? "bound to \(node)" : "\(before) → \(state) on \(node)" }
    return state == before ? nil : "\(before) → \(state)"
  }

  /// `Pending`, `Running 0/1`: how many containers are ready is worth a word only once they run.
  private static func words(_ pod: Pod) -> String {
    let summary = PodSummary(pod)
    return summary.status == "Running" ? "Running \(summary.readyText)" : summary.status
  }

  private static func columnText(_ change: Change, _ kind: ResourceKind) -> String? {
    guard let new = change.new else { return "deleted" }
    guard let old = change.old else { return kind == .node ? nil : "created" }
    // The age is no news.
    let columns = PrinterColumns(kind, isWide: true)
    let (before, after) = (columns.row(old, now: .min), columns.row(new, now: .min))
    var texts: [String] = []
    if old.metadata.deletionTimestamp == nil, new.metadata.deletionTimestamp != nil {
      texts.append("terminating")
    }
    for (index, heading) in columns.headings.enumerated()
    where before[index] != after[index] && heading != "AGE" {
      texts.append("\(heading) \(shown(before[index])) → \(shown(after[index]))")
    }
    return texts.isEmpty ? nil : texts.joined(separator: ", ")
  }

  private static func shown(_ cell: String) -> String { cell.isEmpty ? "-" : cell }
}
