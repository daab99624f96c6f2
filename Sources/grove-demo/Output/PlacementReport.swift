internal import GroveModel
internal import GroveReport
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

/// A decision and what is told about it.
struct PlacementReport {
  /// What was asked.
  let input: SchedulingInput
  /// What was decided.
  let decision: Decision
  /// The cluster after the decision.
  let after: Snapshot
  /// Nodes and pods after the decision, in the order of the topology.
  let layout: Layout
  /// How often more each PodCliqueSet fits, when that was asked.
  var roomForReplicas: [ReplicaRoom] = []
  /// How many nodes of which shape had to be added, when that was asked.
  var addedNodes: (shape: String, count: Int)?

  /// How many more replicas fit.
  struct ReplicaRoom {
    /// The PodCliqueSet or PodCliqueScalingGroup.
    var name: String
    /// Which of the two.
    var kind: String
    /// With all that the gangs cannot do without; nil when a replica has no pods to count with.
    var minimum: Int?
    /// With all pods.
    var whole: Int?
    /// Pods of one replica.
    var pods: Int
  }

  init(_ input: SchedulingInput, scheduler: Scheduler) {
    self.input = input
    var after = input.snapshot
    decision = scheduler.schedule(&after)
    self.after = after
    let named = input.podCliqueSets.lazy.compactMap(\.spec.template.explicitTopologyName).first
    layout =
      after.layout(topology: named) ?? after.layout()
      ?? Layout()
    var roles: [ObjectName: String] = [:]
    for pod in input.cluster.pods {
      let metadata = ObjectMeta(
        name: pod.metadata.labels[LabelKey.podClique] ?? "", labels: pod.metadata.labels)
      let gang = (pod.metadata.labels[LabelKey.podGang] ?? "") + "-"
      if let role = PodClique(metadata: metadata).templateName {
        roles[ObjectName(pod.metadata)] = role
      } else if metadata.name.hasPrefix(gang), metadata.name != gang {
        // Made by hand: the clique's name without that of the gang.
        roles[ObjectName(pod.metadata)] = String(metadata.name.dropFirst(gang.count))
      }
    }
    self.roles = roles
    positions = Dictionary(layout.nodes.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// The cliques of pods in the template.
  let roles: [ObjectName: String]
  /// Where nodes are in the order of the topology.
  private let positions: [String: Int]

  /// What a pod is called among those of its gang.
  func role(of pod: ObjectName) -> String { roles[pod] ?? "pod" }

  /// The outcomes that the verdict is about, in order.
  var judged: [Outcome] { decision.outcomes.filter { input.judges($0.name) } }

  /// Whether all of them have their minimum and none is missing; where there is nothing to place, nothing fits.
  var fits: Bool {
    input.problems.isEmpty && !judged.isEmpty && judged.allSatisfy { $0.verdict == .fits }
  }

  /// Fields of pods that are not looked at and may speak against a place that was found.
  var doubts: [String] {
    var doubts: [String] = []
    for outcome in judged where outcome.verdict == .fits {
      doubts += outcome.doubts.filter { !doubts.contains($0) }
    }
    return doubts
  }

  /// Whether the verdict does not hang on what is not looked at: what does not fit without it does not fit with it.
  var isDecided: Bool { !fits || doubts.isEmpty }

  /// Whether nothing was asked for that has no place: the exit code.
  var isFine: Bool {
    guard input.problems.isEmpty else { return false }
    return judged.isEmpty ? input.podCliqueSets.allSatisfy { $0.spec.replicas == 0 } : fits && isDecided
  }

  /// The domain name of a level's node label: `rack` for `topology.example.com/rack`.
  func domainName(ofKey key: String) -> String {
    layout.keys.firstIndex(of: key).map { layout.domains[$0] } ?? key
  }

  /// A text with domain names in place of node labels.
  func plain(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let first = rest.first {
      if let level = layout.keys.firstIndex(where: { rest.hasPrefix($0) }) {
        result += layout.domains[level]
        rest = rest.dropFirst(layout.keys[level].count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// What a gang as a whole asks for.
  func packing(of gang: ObjectName) -> Packing {
    let object = input.cluster.podGangs.first { ObjectName($0.metadata) == gang }
    let pack = object?.spec.topologyConstraint?.packConstraint
    return Packing(required: pack?.required, preferred: pack?.preferred)
  }

  /// The levels that hold more than one node somewhere, broadest first.
  var groupingLevels: [(domain: String, key: String, count: Int)] {
    layout.keys.indices.compactMap { level in
      var count = 0
      var last: ArraySlice<String>?
      for node in layout.nodes where node.path[level] != "" {
        if node.path[...level] != last { count += 1 }
        last = node.path[...level]
      }
      return count == layout.nodes.count || count == 0
        ? nil : (layout.domains[level], layout.keys[level], count)
    }
  }

  /// What is left in the domains of a level, or in the whole cluster, for the shapes of the workload's pods.
  func room(_ level: String?) -> [ShapeRoom] {
    let rooms = Scheduler().room(
      level: level, topology: layout.topology.isEmpty ? nil : layout.topology, in: after)
    let wanted = (rooms ?? []).filter { input.judges($0.example) }
    return wanted.isEmpty ? rooms ?? [] : wanted
  }

  // MARK: Machines

  /// The report for machines.
  var value: Value {
    let outcomes = judged
    var members: [(String, Value)] = [
      ("compatibleWith", .string(GroveVersion.target)), ("format", .string("grove-demo/schedule/v1")),
      ("fits", isDecided && !(judged.isEmpty && input.problems.isEmpty) ? .boolean(fits) : .null),
      ("doubts", .array(doubts.map { .string($0) })), ("notes", .array(input.notes.map(\.value))),
      ("summary", .string(PlacementTable.verdict(self))),
      ("digest", .string(decision.digest)), ("nodeCount", .integer(Int64(layout.nodes.count))),
      ("topology", topology), ("gangs", .array(outcomes.map(gang))),
      ("bindings", .array(decision.bindings.map(\.value))),
      ("evictions", .array(decision.evictions.map(\.value))), ("left", left),
    ]
    let others = decision.outcomes.filter { !input.judges($0.name) }
    if !input.problems.isEmpty {
      members.append(("problems", .array(input.problems.map { .string($0.description) })))
    }
    if !others.isEmpty { members.append(("others", .array(others.map(gang)))) }
    if !roomForReplicas.isEmpty {
      members.append(
        (
          "howMany",
          .array(
            roomForReplicas.map {
              .object([
                "kind": .string($0.kind), "minimum": $0.minimum.map { .integer(Int64($0)) } ?? .null,
                "name": .string($0.name), "podsPerReplica": .integer(Int64($0.pods)),
                "whole": $0.whole.map { .integer(Int64($0)) } ?? .null,
              ])
            })
        ))
    }
    if let addedNodes {
      members.append(
        (
          "addedNodes",
          .object(["count": .integer(Int64(addedNodes.count)), "shape": .string(addedNodes.shape)])
        ))
    }
    members.append(("counters", decision.value["counters"] ?? .null))
    return .object(members)
  }

  private var topology: Value {
    .object([
      "levels": .array(
        zip(layout.domains, layout.keys).map { .object(["domain": .string($0), "key": .string($1)]) }),
      "name": .string(layout.topology),
    ])
  }

  /// An outcome with the nodes it was given.
  func gang(_ outcome: Outcome) -> Value {
    var members = outcome.value.members
    members.append(
      (
        "nodes",
        .array(
          nodes(of: outcome.name).map { node in
            .object([
              "name": .string(node.name),
              "pods": .object(node.roles.map { ($0.role, .integer(Int64($0.count))) }),
            ])
          })
      ))
    return .object(members.map { ($0.name, $0.value) })
  }

  private var left: Value {
    let levels = [nil] + groupingLevels.map { Optional($0.key) }
    return .array(
      levels.map { level in
        .object([
          ("level", level.map { .string($0) } ?? .null), ("shapes", .array(room(level).map(\.value))),
        ])
      })
  }

  // MARK: Nodes

  /// A node with the pods of one gang on it.
  struct NodeShare {
    var name: String
    var roles: [(role: String, count: Int)]
  }

  /// The nodes that a gang was given by the decision, in the order of the topology.
  func nodes(of gang: ObjectName) -> [NodeShare] {
    var names: [String] = []
    var shares: [String: [(role: String, count: Int)]] = [:]
    for binding in decision.bindings(of: gang) {
      var share = shares[binding.node] ?? []
      if share.isEmpty { names.append(binding.node) }
      let role = role(of: binding.pod)
      if let position = share.firstIndex(where: { $0.role == role }) {
        share[position].count += 1
      } else {
        share.append((role, 1))
      }
      shares[binding.node] = share
    }
    return names.sorted { (positions[$0] ?? 0, $0) < (positions[$1] ?? 0, $1) }.map { name in
      NodeShare(name: name, roles: (shares[name] ?? []).sorted { $0.role < $1.role })
    }
  }
}
