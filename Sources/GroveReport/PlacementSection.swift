internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// Which pods are on which node, after each step that left any.
struct PlacementSection {
  private let report: RunReport
  /// The number of each PodClique's template, which decides the colour of its pods.
  private let colors: [String: Int]

  /// How many colours there are.
  private static let colorCount = 8

  init(_ report: RunReport, _ story: RunStory) {
    self.report = report
    var colors: [String: Int] = [:]
    for name in story.cliques.keys.sorted(by: { NaturalOrder.precedes($0.name, $1.name) }) {
      guard let lane = story.cliques[name]?.lanes.first else { continue }
      let role = Self.role(of: story.lanes[lane].pod)
      if colors[role] == nil { colors[role] = colors.count % Self.colorCount }
    }
    self.colors = colors
  }

  /// The clique of the template that a pod is of.
  private static func role(of pod: Pod) -> String {
    let labels = pod.metadata.labels
    return PodClique(metadata: ObjectMeta(name: labels[LabelKey.podClique] ?? "", labels: labels))
      .templateName
      ?? labels[LabelKey.podClique] ?? pod.metadata.name
  }

  func write(to page: inout HTMLText) {
    page.line("<section aria-labelledby=\"placement\">")
    page.line("<h2 id=\"placement\">Placement</h2>")
    let states = states()
    let shown = states.filter { !$0.pods.isEmpty }
    if shown.isEmpty { page.line("<p>No pod was on a node.</p>") }
    for (index, state) in shown.enumerated() {
      let isLast = index == shown.count - 1
      let heading =
        "<span>after <code>\(HTMLText.escaped(state.step.text))</code></span> <small>\(state.pods.count) pods on "
        + "\(Set(state.pods.map { $0.spec.nodeName }).count) of \(state.nodes.count) nodes</small>"
      page.line("<details\(isLast ? " open" : "")><summary>\(heading)</summary>")
      write(state, to: &page)
      page.line("</details>")
    }
    page.line("</section>")
  }

  private struct State {
    var step: RunReport.Step
    var nodes: [Node]
    var pods: [Pod]
  }

  /// Nodes and placed pods at the end of each step.
  private func states() -> [State] {
    var states: [State] = []
    var (nodes, pods): ([String: Node], [ObjectName: Pod]) = ([:], [:])
    var position = 0
    for step in report.steps {
      while position < min(step.historyCount, report.history.count) {
        if case .change(let change) = report.history[position].what {
          switch (change.old, change.new) {
          case (_, .node(let node)?): nodes[node.metadata.name] = node
          case (.node(let node)?, nil): nodes[node.metadata.name] = nil
          case (_, .pod(let pod)?): pods[ObjectName(pod.metadata)] = pod
          case (.pod(let pod)?, nil): pods[ObjectName(pod.metadata)] = nil
          default: break
          }
        }
        position += 1
      }
      states.append(
        State(
          step: step,
          nodes: nodes.keys.sorted(by: NaturalOrder.precedes).compactMap { nodes[$0] },
          pods: pods.keys.sorted().compactMap { pods[$0] }.filter { !$0.spec.nodeName.isEmpty }))
    }
    return states
  }

  private func write(_ state: State, to page: inout HTMLText) {
    var byNode: [String: [Pod]] = [:]
    for pod in state.pods { byNode[pod.spec.nodeName, default: []].append(pod) }
    let levels = topologyLabels(state.nodes.filter { byNode[$0.metadata.name] != nil })
    let resources = resources(of: state.pods)
    page.line("<div class=\"scroll\"><table class=\"placement\"><thead><tr>")
    page.element("th", "Node", "scope=\"col\"")
    for level in levels { page.element("th", Self.short(level), "scope=\"col\"") }
    for resource in resources { page.element("th", Self.short(resource), "scope=\"col\" class=\"number\"") }
    page.line("<th scope=\"col\">Pods</th></tr></thead><tbody>")
    for node in state.nodes {
      guard let pods = byNode[node.metadata.name] else { continue }
      page.markup("<tr>")
      page.element("th", node.metadata.name, "scope=\"row\"")
      for level in levels { page.element("td", node.metadata.labels[level] ?? "") }
      for resource in resources { write(resource, of: pods, on: node, to: &page) }
      page.markup("<td class=\"chips\">")
      for pod in pods { writeChip(pod, to: &page) }
      page.line("</td></tr>")
    }
    page.line("</tbody></table></div>")
    let empty = state.nodes.count - byNode.count
    if empty > 0 { page.line("<p class=\"note\">\(empty) nodes have no pods.</p>") }
  }

  private func writeChip(_ pod: Pod, to page: inout HTMLText) {
    let role = Self.role(of: pod)
    let labels = pod.metadata.labels
    let numbers = [
      labels[LabelKey.podCliqueSetReplicaIndex], labels[LabelKey.scalingGroupReplicaIndex],
      labels[LabelKey.podIndex],
    ].compactMap { $0 }.joined(separator: ".")
    let status = PodSummary(pod)
    let title = "\(pod.metadata.name): \(status.status) \(status.readyText)"
    let isGoing = RunStory.state(pod) != .ready
    page.markup(
      "<span class=\"chip c\(colors[role] ?? 0)\(isGoing ? " faint" : "")\" title=\""
        + "\(HTMLText.escaped(title))\">\(HTMLText.escaped(role)) \(numbers)</span> ")
  }

  private func write(_ resource: String, of pods: [Pod], on node: Node, to page: inout HTMLText) {
    var used = Quantity(0)
    for pod in pods { used = used + (pod.spec.effectiveRequests[resource] ?? Quantity(0)) }
    let allocatable = node.status.allocatable[resource]
    guard let allocatable, allocatable.milliValue > 0 else {
      page.element("td", used.canonicalText, "class=\"number\"")
      return
    }
    let share = min(Double(used.milliValue) / Double(allocatable.milliValue), 1)
    page.markup(
      "<td class=\"number\"><span class=\"meter\" style=\"--share:\(HTMLText.length(share * 100))%\">"
        + "\(HTMLText.escaped(used.canonicalText))<small>/\(HTMLText.escaped(allocatable.canonicalText))</small>"
        + "</span></td>")
  }

  /// The resources that pods ask for: cpu and memory first.
  private func resources(of pods: [Pod]) -> [String] {
    var names: Set<String> = []
    for pod in pods { names.formUnion(pod.spec.effectiveRequests.map(\.key)) }
    let usual = ["cpu", "memory"].filter { names.contains($0) }
    return usual + names.subtracting(usual).sorted()
  }

  /// The labels that tell where nodes are, the broadest first.
  private func topologyLabels(_ nodes: [Node]) -> [String] {
    var levels: [String] = []
    for happening in report.history {
      guard case .change(let change) = happening.what, case .clusterTopologyBinding(let binding)? = change.new
      else { continue }
      for level in binding.spec.levels
      where !levels.contains(level.key) && level.key != "kubernetes.io/hostname" {
        if nodes.contains(where: { $0.metadata.labels[level.key] != nil }) { levels.append(level.key) }
      }
    }
    return levels
  }

  /// What comes after the domain of a qualified name.
  private static func short(_ name: String) -> String { String(name.split(separator: "/").last ?? "") }
}
