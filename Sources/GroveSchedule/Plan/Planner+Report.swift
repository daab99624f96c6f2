internal import GroveModel
internal import KubernetesModel

extension Planner {
  /// The plan with names.
  mutating func report(_ plan: Plan) -> Decision {
    var decision = Decision(evictions: plan.evictions, counters: counters)
    decision.bindings.reserveCapacity(plan.placements.count)
    for placement in plan.placements {
      decision.bindings.append(
        Binding(
          pod: name(ofPod: Int(placement.pod)), node: state.nodes.name(Int(placement.node)),
          gang: placement.gang < 0 ? nil : state.gangs.name(Int(placement.gang))))
    }
    decision.outcomes.reserveCapacity(plan.results.count)
    for result in plan.results { decision.outcomes.append(outcome(of: result)) }
    return decision
  }

  func name(ofPod pod: Int) -> ObjectName {
    ObjectName(namespace: state.pods.ids.spaces[pod], name: state.pods.ids.names[pod])
  }

  private mutating func outcome(of result: Result) -> Outcome {
    let item = result.item
    if item.gang < 0 {
      var outcome = Outcome(
        name: name(ofPod: item.pod), isSinglePod: true, verdict: result.verdict, placed: result.placed,
        pending: 1 - result.placed, gated: state.pods.state[item.pod] == .gated ? 1 : 0,
        score: result.verdict == .fits ? 1 : nil)
      if result.verdict == .fits { outcome.doubts = doubts(about: [Int32(item.pod)]) }
      return outcome
    }
    let record = state.gangs.records[item.gang]
    var outcome = Outcome(
      name: state.gangs.name(item.gang), isSinglePod: false, verdict: result.verdict, placed: result.placed)
    for leaf in record.leaves {
      outcome.bound += leaf.boundCount
      outcome.gated += leaf.gatedCount
    }
    outcome.pending = record.waitingCount + outcome.gated - result.placed
    guard result.verdict == .fits else { return outcome }
    outcome.scopes = scopePlacements(of: item.gang)
    if !state.unmodelled.isEmpty { outcome.doubts = doubts(about: record.leaves.flatMap(\.members)) }
    // A sum of doubles in the order of scopes: the same everywhere.
    let weight = outcome.scopes.reduce(0) { $0 + $1.pods }
    let sum = outcome.scopes.reduce(0.0) { $0 + $1.score * Double($1.pods) }
    outcome.score = weight == 0 ? 1 : sum / Double(weight)
    return outcome
  }

  /// Fields that leave it open whether pods have a place where they seem to have one.
  private func doubts(about pods: [Int32]) -> [String] {
    if state.unmodelled.isEmpty { return [] }
    var fields: Unmodelled = []
    for pod in pods { fields.formUnion(state.unmodelled[Int(pod)] ?? []) }
    return fields.intersection(.doubtful).fields
  }

  // MARK: Scopes

  /// Where the constrained scopes of a gang are that have a pod in place.
  func scopePlacements(of gang: Int) -> [ScopePlacement] {
    let record = state.gangs.records[gang]
    guard record.topology >= 0, record.topologyProblem == nil else { return [] }
    let topology = state.topologies[record.topology]
    var placements: [ScopePlacement] = []
    for index in record.scopes.indices {
      let scope = record.scopes[index]
      let required = scope.packing.required.flatMap { topology.level(ofKey: $0) }
      let preferred = scope.packing.preferred.flatMap { topology.level(ofKey: $0) }
      guard let target = preferred ?? required else { continue }
      var pods: [Int] = []
      for leaf in record.leaves where leaf.scope >= index && leaf.scope < scope.end {
        for pod in leaf.members
        where state.pods.state[Int(pod)] == .bound
          && topology.position(of: Int(state.pods.node[Int(pod)])) >= 0
        {
          pods.append(Int(pod))
        }
      }
      guard !pods.isEmpty else { continue }
      placements.append(
        placement(of: scope, pods: pods, topology, target: target, isPreferred: preferred != nil))
    }
    return placements
  }

  private func placement(
    of scope: ScopeRecord, pods: [Int], _ topology: TopologyIndex, target: Int, isPreferred: Bool
  ) -> ScopePlacement {
    let positions = Set(pods.map { topology.position(of: Int(state.pods.node[$0])) }).sorted()
    var common = topology.levelCount - 1
    while common >= 0,
      topology.domain(common, at: positions[0]) < 0
        || positions.contains(where: {
          topology.domain(common, at: $0) != topology.domain(common, at: positions[0])
        })
    {
      common -= 1
    }
    // Nodes in no domain of the level count as one each.
    let domains = Set(
      positions.map {
        let domain = topology.domain(target, at: $0)
        return domain < 0 ? -1 - $0 : domain
      })
    var score = 1.0
    if isPreferred && domains.count > 1 {
      let fewest = fewestDomains(for: pods, topology, target: target, inside: common, at: positions[0])
      score =
        0.5 * Double(min(common, target - 1) + 1) / Double(target + 1)
        + 0.5 * Double(min(fewest, domains.count)) / Double(domains.count)
    }
    let domain = common < 0 ? 0 : topology.domain(common, at: positions[0])
    return ScopePlacement(
      scope: scope.name, packing: scope.packing, level: common < 0 ? nil : topology.keys[common],
      domain: topology.path(common, domain, nodes: state.nodes), domainsUsed: domains.count,
      nodesUsed: positions.count, pods: pods.count, score: score)
  }

  /// How many domains of a level the pods need at least if nothing else ran on the nodes of the domain they are in.
  private func fewestDomains(
    for pods: [Int], _ topology: TopologyIndex, target: Int, inside common: Int, at position: Int
  ) -> Int {
    var counts: [Int: Int] = [:]
    for pod in pods { counts[Int(state.pods.shape[pod]), default: 0] += 1 }
    let domain = common < 0 ? 0 : topology.domain(common, at: position)
    let range = topology.range(common, domain)
    var fewest = 1
    for (shape, count) in counts {
      var rooms: [Int] = []
      for inner in topology.domains(target, inside: range) {
        var room = 0
        for position in topology.range(target, inner) {
          room += emptyRoom(shape, on: Int(topology.order[position]))
        }
        rooms.append(room)
      }
      rooms.sort(by: >)
      var needed = 0
      var left = count
      while left > 0, needed < rooms.count, rooms[needed] > 0 {
        left -= rooms[needed]
        needed += 1
      }
      fewest = max(fewest, needed)
    }
    return fewest
  }

  /// How many pods of a shape an otherwise empty node can take.
  func emptyRoom(_ number: Int, on node: Int) -> Int {
    let shape = state.shapes.shapes[number]
    if state.rules.rules[shape.rule].rejection(node, state.nodes) != nil { return 0 }
    var room = state.nodes.capacity[ResourceTable.pods * state.nodes.stride + node]
    for request in shape.requests {
      room = min(room, state.nodes.capacity[request.column * state.nodes.stride + node] / request.amount)
    }
    return Int(min(max(0, room), shape.ports.isEmpty ? Int64(Int32.max) : 1))
  }
}

extension Proof {
  init(_ problem: TopologyProblem, scope: String) {
    switch problem {
    case .unknownTopology(let name): self.init(reason: .unknownTopology(name), scope: scope)
    case .unknownLevel(let key, _): self.init(reason: .unknownLevel(key), scope: scope)
    }
  }
}
