public import GroveModel
internal import GroveSimulate
internal import KubernetesModel

/// What Grove makes of PodCliqueSets, as a tree for people: set, replica, gang, scaling group, clique, pod.
public struct WorkloadTree: Sendable, Equatable {
  /// One line of the tree and what hangs below it.
  public struct Node: Sendable, Equatable {
    /// What kind of thing the line is about: `PodCliqueSet`, `replica`, `PodGang`, `PodCliqueScalingGroup`,
    /// `PodClique` or `Pod`.
    public var kind: String
    /// Its name.
    public var name: String
    /// Facts about it, in order of importance.
    public var facts: [String]
    /// What hangs below it.
    public var children: [Node]
  }

  /// One node for each PodCliqueSet.
  public var roots: [Node]

  /// The tree of the PodCliqueSets among some objects.
  ///
  /// - Complexity: O(n log n) in the number of objects.
  public init(_ resources: [Resource]) {
    let index = Index(resources)
    roots = index.sets.map { index.node($0) }
  }

  /// The text of the tree, one line each, drawn with box characters.
  ///
  /// - Parameter showsPods: whether pods get lines of their own.
  public func lines(showsPods: Bool = true) -> [String] {
    var lines: [String] = []
    for root in roots {
      WorkloadTree.draw(root, first: "", rest: "", showsPods: showsPods, into: &lines)
    }
    return lines
  }

  private static func draw(
    _ node: Node, first: String, rest: String, showsPods: Bool, into lines: inout [String]
  ) {
    let facts = node.facts.isEmpty ? "" : "  " + node.facts.joined(separator: " · ")
    lines.append("\(first)\(node.kind) \(node.name)\(facts)")
    let children = showsPods ? node.children : node.children.filter { $0.kind != "Pod" }
    for (position, child) in children.enumerated() {
      let isLast = position == children.count - 1
      draw(
        child, first: rest + (isLast ? "└─ " : "├─ "), rest: rest + (isLast ? "   " : "│  "),
        showsPods: showsPods, into: &lines)
    }
  }
}

/// The objects of a workload by what the tree looks up.
private struct Index {
  var sets: [PodCliqueSet] = []
  private var gangs: [ObjectName: [PodGang]] = [:]
  private var podCliques: [ObjectName: PodClique] = [:]
  private var groups: [ObjectName: PodCliqueScalingGroup] = [:]
  private var pods: [ObjectName: [Pod]] = [:]
  private var autoscalers: [ObjectName: HorizontalPodAutoscaler] = [:]

  init(_ resources: [Resource]) {
    for resource in resources {
      let metadata = resource.metadata
      let name = ObjectName(metadata)
      switch resource {
      case .podCliqueSet(let set): sets.append(set)
      case .podGang(let gang):
        let set = ObjectName(namespace: name.namespace, name: metadata.labels[LabelKey.partOf] ?? "")
        gangs[set, default: []].append(gang)
      case .podClique(let podClique): podCliques[name] = podClique
      case .podCliqueScalingGroup(let group): groups[name] = group
      case .pod(let pod):
        let podClique = metadata.labels[LabelKey.podClique] ?? ""
        pods[ObjectName(namespace: name.namespace, name: podClique), default: []].append(pod)
      case .horizontalPodAutoscaler(let autoscaler): autoscalers[name] = autoscaler
      default: break
      }
    }
  }

  func node(_ set: PodCliqueSet) -> WorkloadTree.Node {
    let name = ObjectName(set.metadata)
    let template = set.spec.template
    var replicas: [WorkloadTree.Node] = []
    var podCount = 0
    for replica in 0..<max(Int(set.spec.replicas), 0) {
      let base = Naming.basePodGang(name.name, replica: replica)
      let own = (gangs[name] ?? []).filter {
        $0.metadata.name == base || groupReplica(of: $0)?.set == replica
      }
      let nodes = own.map { gangNode($0, isBase: $0.metadata.name == base, base: base) }
      let count = own.reduce(0) {
        $0 + $1.spec.podgroups.reduce(0) { $0 + podCountOf($1, in: name.namespace) }
      }
      podCount += count
      replicas.append(
        .init(
          kind: "replica", name: String(replica),
          facts: [counted(count, "pod"), "Service \(Naming.headlessService(name.name, replica: replica))"],
          children: nodes))
    }
    var facts = [counted(replicas.count, "replica"), counted(podCount, "pod")]
    facts.append(startup(template.cliqueStartupType))
    if let strategy = set.spec.updateStrategy, strategy.type == .onDelete {
      facts.append("updates on delete")
    }
    if let packing = packing(template.topologyConstraint) { facts.append(packing) }
    return .init(kind: "PodCliqueSet", name: name.description, facts: facts, children: replicas)
  }

  private func startup(_ type: CliqueStartupType?) -> String {
    switch type {
    case CliqueStartupType.inOrder: "cliques start in order"
    case CliqueStartupType.explicit: "cliques start as startsAfter says"
    default: "cliques start in any order"
    }
  }

  private func packing(_ constraint: TopologyConstraint?) -> String? {
    guard let constraint else { return nil }
    var parts: [String] = []
    let required = constraint.pack?.required ?? ""
    let effective = required.isEmpty ? constraint.packDomain : required
    if !effective.isEmpty { parts.append("must share a \(effective)") }
    if let preferred = constraint.pack?.preferred, !preferred.isEmpty {
      parts.append("should share a \(preferred)")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private func podCountOf(_ group: PodGroup, in namespace: String) -> Int {
    pods[ObjectName(namespace: namespace, name: group.name)]?.count ?? 0
  }

  /// The PodCliqueSet replica that a scaled gang belongs to, from the labels of its first PodClique.
  private func groupReplica(of gang: PodGang) -> (set: Int, group: Int)? {
    guard let first = gang.spec.podgroups.first,
      let labels = podCliques[ObjectName(namespace: gang.metadata.namespace, name: first.name)]?.metadata
        .labels,
      let set = labels[LabelKey.podCliqueSetReplicaIndex].flatMap({ Int($0) })
    else { return nil }
    return (set, labels[LabelKey.scalingGroupReplicaIndex].flatMap { Int($0) } ?? 0)
  }

  private func gangNode(_ gang: PodGang, isBase: Bool, base: String) -> WorkloadTree.Node {
    let namespace = gang.metadata.namespace
    let minimum = gang.spec.podgroups.reduce(0) { $0 + Int($1.minReplicas) }
    var facts = ["\(counted(minimum, "pod")) placed all-or-nothing"]
    if !isBase { facts.append("waits until gang \(base) is scheduled") }
    var children: [WorkloadTree.Node] = []
    var position = 0
    while position < gang.spec.podgroups.count {
      let group = gang.spec.podgroups[position]
      let podClique = podCliques[ObjectName(namespace: namespace, name: group.name)]
      guard let scalingGroup = podClique?.metadata.labels[LabelKey.scalingGroup],
        let index = podClique?.metadata.labels[LabelKey.scalingGroupReplicaIndex]
      else {
        children.append(cliqueNode(group, podClique, namespace))
        position += 1
        continue
      }
      // Members of one scaling group replica stand together in a gang.
      var members: [WorkloadTree.Node] = []
      while position < gang.spec.podgroups.count {
        let member = gang.spec.podgroups[position]
        let memberClique = podCliques[ObjectName(namespace: namespace, name: member.name)]
        guard memberClique?.metadata.labels[LabelKey.scalingGroup] == scalingGroup,
          memberClique?.metadata.labels[LabelKey.scalingGroupReplicaIndex] == index
        else { break }
        members.append(cliqueNode(member, memberClique, namespace))
        position += 1
      }
      children.append(groupNode(scalingGroup, replica: index, namespace: namespace, members: members))
    }
    return .init(kind: "PodGang", name: gang.metadata.name, facts: facts, children: children)
  }

  private func groupNode(
    _ name: String, replica: String, namespace: String, members: [WorkloadTree.Node]
  ) -> WorkloadTree.Node {
    let objectName = ObjectName(namespace: namespace, name: name)
    var facts: [String] = []
    if let group = groups[objectName] {
      facts.append(
        "replica \(replica) of \(group.spec.replicas), minAvailable \(group.spec.minAvailable ?? 1)")
    }
    if let autoscaler = autoscalers[objectName] { facts.append(scaling(autoscaler)) }
    return .init(kind: "PodCliqueScalingGroup", name: name, facts: facts, children: members)
  }

  private func cliqueNode(
    _ group: PodGroup, _ podClique: PodClique?, _ namespace: String
  ) -> WorkloadTree.Node {
    let objectName = ObjectName(namespace: namespace, name: group.name)
    let own = pods[objectName] ?? []
    var facts = ["\(counted(own.count, "pod")), minAvailable \(group.minReplicas)"]
    if let podClique, !podClique.spec.startsAfter.isEmpty {
      facts.append("starts after " + podClique.spec.startsAfter.joined(separator: ", "))
    }
    if let autoscaler = autoscalers[objectName] { facts.append(scaling(autoscaler)) }
    let children = own.sorted { podIndex($0) < podIndex($1) }.map {
      WorkloadTree.Node(
        kind: "Pod", name: $0.metadata.name, facts: ["host \($0.spec.hostname)"], children: [])
    }
    return .init(kind: "PodClique", name: group.name, facts: facts, children: children)
  }

  private func podIndex(_ pod: Pod) -> Int { pod.metadata.labels[LabelKey.podIndex].flatMap { Int($0) } ?? 0 }

  private func scaling(_ autoscaler: HorizontalPodAutoscaler) -> String {
    "autoscaled \(autoscaler.spec.minReplicas ?? 1) to \(autoscaler.spec.maxReplicas)"
  }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
