internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

// What only some scenarios say about scheduler and nodes: how the one chooses, and labels that the others get later.

extension ScenarioSchema {
  static let scheduler = ScenarioFieldTable(
    "Scheduler",
    [
      ScenarioField(
        "domains", "`best-fit`, `least-free`, `most-free` or `balanced`",
        "Which of the domains that could hold a scope is taken: `best-fit` unless given."),
      ScenarioField(
        "nodes", "`pack` or `spread`", "Which node of a domain a pod gets: `pack` unless given."),
      ScenarioField(
        "preemption", "boolean", "Whether gangs of lower priority may be evicted: yes unless given."),
      ScenarioField(
        "anchorsReplicas", "boolean",
        "Whether what a PodCliqueSet requires holds for all gangs of a replica together, "
          + "scaled ones included: no unless given."),
    ])

  static let label = ScenarioFieldTable(
    "Label",
    [
      ScenarioField("nodes", "Nodes", "Which nodes.", isRequired: true),
      ScenarioField(
        "set", "mapping from label key to text",
        "Their labels; `{n}` is the place of a node among these, from 0, and null removes.",
        isRequired: true),
    ])
}

extension ScenarioDecoder {
  /// A boolean, or how the scheduler chooses.
  mutating func readScheduler(_ value: Value, into scenario: inout Scenario) {
    if value.kind != .object {
      scenario.hasScheduler = flag(value) ?? true
      return
    }
    guard let fields = fields(value, ScenarioSchema.scheduler) else { return }
    if let domains: Policy.DomainChoice = choice(fields["domains"]) { scenario.policy.domains = domains }
    if let nodes: Policy.NodeChoice = choice(fields["nodes"]) { scenario.policy.nodes = nodes }
    if let allows = flag(fields["preemption"]) { scenario.policy.allowsPreemption = allows }
    if let anchors = flag(fields["anchorsReplicas"]) { scenario.policy.anchorsReplicas = anchors }
  }

  mutating func label(_ value: Value) -> ScenarioStep.Verb? {
    guard let fields = fields(value, ScenarioSchema.label), let nodes = nodes(fields["nodes"]) else {
      return nil
    }
    let edits = mapping(fields["set"]).compactMap { member in
      if member.value.isNull { return NodeLabelEdit(key: member.name, value: nil) }
      return nodeText(member.value).map { NodeLabelEdit(key: member.name, value: $0) }
    }
    if edits.isEmpty { report(value, "no label is set") }
    return .label(nodes, edits)
  }
}
