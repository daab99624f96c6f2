internal import KubernetesModel

extension Toleration {
  /// Whether the toleration covers a taint: an empty effect, or an empty key, covers all of them (S-020).
  func tolerates(_ taint: Taint) -> Bool {
    if !effect.isEmpty && effect != taint.effect { return false }
    if !key.isEmpty && key != taint.key { return false }
    switch `operator` {
    case "", "Equal": return value == taint.value
    case "Exists": return true
    default: return false
    }
  }
}

extension [Toleration] {
  func tolerate(_ taint: Taint) -> Bool {
    for toleration in self where toleration.tolerates(taint) { return true }
    return false
  }

  /// Whether pods may go to a cordoned node.
  var tolerateUnschedulable: Bool {
    tolerate(Taint(effect: "NoSchedule", key: "node.kubernetes.io/unschedulable"))
  }
}

extension Taint {
  /// Whether the taint keeps pods away rather than asking them to stay away.
  var isBinding: Bool { effect == "NoSchedule" || effect == "NoExecute" }
}
