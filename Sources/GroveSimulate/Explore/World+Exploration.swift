internal import GroveModel
internal import GroveReconcile
internal import KubernetesModel

/// What explorers ask a world that users do not.
extension World {
  /// What comes next in a fair order, time included; nil when nothing will ever happen again.
  var nextFairStep: Step? {
    mutating get { nextReadyStep ?? nextAlarm.map { .wait(until: $0) } }
  }

  /// Whether the kubelet of a node is dead.
  func isDead(_ node: String) -> Bool { kubelets?.deadNodes.contains(node) ?? false }

  /// The pods whose probes fail by script, by name.
  var podsWithFailingProbes: [ObjectName] { (kubelets?.failingProbes ?? []).sorted() }
}
