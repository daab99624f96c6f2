internal import GroveModel
internal import GroveReconcile
internal import KubernetesModel

/// What schedulers write.
extension APIServer {
  /// Binds a pod to a node, as the `binding` endpoint does: node and condition in one write.
  mutating func bind(_ name: ObjectName, to node: String) {
    let key = ObjectKey(.pod, namespace: name.namespace, name: name.name)
    guard let live = objects[key], case .pod(var pod) = live, pod.spec.nodeName.isEmpty else { return }
    pod.spec.nodeName = node
    pod.status.nominatedNodeName = ""
    pod.status.conditions.set("PodScheduled", "True", at: now)
    store(.pod(pod), replacing: live)
    record(
      ObjectEvent(
        subject: key, severity: .normal, reason: "Scheduled",
        message: "Successfully assigned \(name) to \(node)", source: SchedulerTurn.source(live)))
  }

  /// Notes that a pod gets a place on a node once others have left it.
  mutating func nominate(_ name: ObjectName, to node: String) {
    let key = ObjectKey(.pod, namespace: name.namespace, name: name.name)
    guard let live = objects[key], case .pod(var pod) = live else { return }
    pod.status.nominatedNodeName = node
    store(.pod(pod), replacing: live)
  }

  /// Notes that a pod has no place. Said once until the pod gets one.
  mutating func markUnschedulable(_ name: ObjectName, message: String) {
    let key = ObjectKey(.pod, namespace: name.namespace, name: name.name)
    guard let live = objects[key], case .pod(var pod) = live, pod.spec.nodeName.isEmpty,
      pod.spec.schedulingGates.isEmpty, !pod.metadata.isTerminating,
      !pod.status.conditions.contains(where: {
        $0.type == "PodScheduled" && $0.status == "False" && $0.reason == "Unschedulable"
      })
    else { return }
    pod.status.conditions.set("PodScheduled", "False", reason: "Unschedulable", message: message, at: now)
    store(.pod(pod), replacing: live)
    let source = SchedulerTurn.source(live)
    record(
      ObjectEvent(
        subject: key, severity: .warning,
        reason: source == "default-scheduler" ? "FailedScheduling" : "Unschedulable", message: message,
        source: source))
  }
}
