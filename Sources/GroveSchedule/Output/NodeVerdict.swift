public import KubernetesModel

/// What a node says to a pod.
public struct NodeVerdict: Sendable, Hashable {
  /// The node.
  public var node: String
  /// Why it cannot take the pod: the reason of the first filter that turns it down, or all resources that are short.
  /// Empty when it can.
  public var reasons: [FilterReason]

  /// A verdict.
  public init(node: String, reasons: [FilterReason]) {
    self.node = node
    self.reasons = reasons
  }
}

extension Snapshot {
  /// What every node says to a pod as things are, in byte order of their names: the filters of kube-scheduler
  /// (S-020, S-021, S-250), without preemption.
  ///
  /// The pod counts as waiting, whatever its status and its scheduling gates say; a pod of its name in the snapshot does
  /// not count. With `spec.nodeName` it asks for that node.
  ///
  /// - Throws: ``SnapshotError`` when the pod cannot be understood.
  /// - Complexity: O(nodes), beside what a change of the snapshot costs.
  public func verdicts(on pod: Pod) throws(SnapshotError) -> [NodeVerdict] {
    var waiting = pod
    waiting.spec.nodeName = ""
    waiting.spec.schedulingGates = []
    waiting.status.phase = "Pending"
    waiting.metadata.deletionTimestamp = nil
    var copy = self
    try copy.set(waiting)
    copy.state.refresh()
    guard let number = copy.state.pods.find(pod.metadata.namespace, pod.metadata.name) else { return [] }
    let planner = Planner(copy.state, policy: Policy())
    let shape = Int(planner.state.pods.shape[number])
    let profile = Int(planner.state.pods.profile[number])
    let nodes = planner.state.nodes
    let present = (0..<nodes.count).filter { nodes.isPresent[$0] }.sorted {
      isByteOrdered(nodes.name($0), nodes.name($1))
    }
    return present.map { node in
      NodeVerdict(
        node: nodes.name(node),
        reasons: planner.rejections(of: shape, profile, on: node, asking: pod.spec.nodeName))
    }
  }
}
