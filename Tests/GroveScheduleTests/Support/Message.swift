import GroveSchedule
import KubernetesModel

/// What a node says to a pod beside other pods: nil when it takes it, else kube-scheduler's message.
func message(_ pod: Pod, _ nodes: [Node], beside others: [Pod] = []) throws -> String? {
  let snapshot = try Snapshot.make(nodes: nodes, pods: others + [pod])
  let decision = Scheduler(policy: Policy(allowsPreemption: false)).decide(snapshot)
  let name = named(pod.metadata.name)
  if decision.bindings.contains(where: { $0.pod == name }) { return nil }
  return Scheduler(policy: Policy(allowsPreemption: false)).explain(name, in: snapshot)?.nodes?.message
}

/// The same for one node, with the reason alone.
func reason(_ pod: Pod, _ node: Node, beside others: [Pod] = []) throws -> String? {
  guard let message = try message(pod, [node], beside: others) else { return nil }
  let prefix = "0/1 nodes are available: "
  guard message.hasPrefix(prefix), message.hasSuffix(".") else { return "unexpected: \(message)" }
  return String(message.dropFirst(prefix.count).dropLast())
}
