public import KubernetesModel

/// The taints that the node controllers of Kubernetes keep in step with a node's conditions and its cordon (S-316).
///
/// Schedulers look at taints only. A cluster has both sides; what people write by hand often has one.
public enum NodeLifecycleTaints {
  /// The taint of a cordoned node.
  public static let unschedulable = "node.kubernetes.io/unschedulable"
  /// The taint of a node that says it is not ready.
  public static let notReady = "node.kubernetes.io/not-ready"
  /// The taint of a node that says nothing.
  public static let unreachable = "node.kubernetes.io/unreachable"

  /// Conditions that are troubles while they are true, with their taints.
  public static let troubles: [(condition: String, taint: String)] = [
    ("MemoryPressure", "node.kubernetes.io/memory-pressure"),
    ("DiskPressure", "node.kubernetes.io/disk-pressure"),
    ("PIDPressure", "node.kubernetes.io/pid-pressure"),
    ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
  ]

  /// Whether a taint goes away by itself when the node is healthy again.
  public static func isHealth(_ key: String) -> Bool {
    key == notReady || key == unreachable || troubles.contains { $0.taint == key }
  }
}

extension Node {
  /// The node with the taints that its conditions and its cordon call for, and without those they speak against.
  ///
  /// A condition that the node does not have says nothing: taints of its kind stay.
  public var withLifecycleTaints: Node {
    var node = self
    node.setTaint(NodeLifecycleTaints.unschedulable, ["NoSchedule"], spec.unschedulable)
    if let ready = status.conditions.first(where: { $0.type == "Ready" }) {
      let both = ["NoSchedule", "NoExecute"]
      node.setTaint(NodeLifecycleTaints.notReady, both, ready.status == "False")
      node.setTaint(NodeLifecycleTaints.unreachable, both, ready.status != "True" && ready.status != "False")
    }
    for (condition, taint) in NodeLifecycleTaints.troubles {
      guard let state = status.conditions.first(where: { $0.type == condition }) else { continue }
      node.setTaint(taint, ["NoSchedule"], state.status == "True")
    }
    return node
  }

  /// The node with what one side says written down on the other, where that says nothing: a cordon, conditions and
  /// their taints are one thing.
  public var withLifecycleCompleted: Node {
    var node = self
    if spec.taints.contains(where: { $0.key == NodeLifecycleTaints.unschedulable }) {
      node.spec.unschedulable = true
    }
    for (taint, type, value) in [
      (NodeLifecycleTaints.notReady, "Ready", "False"), (NodeLifecycleTaints.unreachable, "Ready", "Unknown"),
    ] + NodeLifecycleTaints.troubles.map({ ($0.taint, $0.condition, "True") }) {
      guard spec.taints.contains(where: { $0.key == taint }),
        !node.status.conditions.contains(where: { $0.type == type })
      else { continue }
      var condition = NodeCondition()
      condition.type = type
      condition.status = value
      node.status.conditions.append(condition)
    }
    let stale = node.spec.taints
    node = node.withLifecycleTaints
    // Who gives both sides means both: a taint that contradicts a condition keeps pods away until the controller is
    // there to remove it.
    for taint in stale
    where !node.spec.taints.contains(where: { $0.key == taint.key && $0.effect == taint.effect }) {
      node.spec.taints.append(taint)
    }
    return node
  }

  private mutating func setTaint(_ key: String, _ effects: [String], _ isThere: Bool) {
    guard isThere else {
      if spec.taints.contains(where: { $0.key == key }) { spec.taints.removeAll { $0.key == key } }
      return
    }
    for effect in effects where !spec.taints.contains(where: { $0.key == key && $0.effect == effect }) {
      spec.taints.append(Taint(effect: effect, key: key))
    }
  }
}

extension [Toleration] {
  /// How long pods with these tolerations stay on a node with `NoExecute` taints (S-317).
  ///
  /// - Returns: zero when a taint is not tolerated, the smallest `tolerationSeconds` of those that match, nil for ever.
  public func stay(with taints: [Taint]) -> Duration? {
    var shortest: Int64?
    for taint in taints where taint.effect == "NoExecute" {
      let matching = filter { $0.tolerates(taint) }
      if matching.isEmpty { return .zero }
      for toleration in matching {
        if let seconds = toleration.tolerationSeconds {
          shortest = Swift.min(shortest ?? .max, Swift.max(0, seconds))
        }
      }
    }
    return shortest.map { .seconds($0) }
  }
}
