internal import GroveModel
internal import KubernetesModel

extension Planner {
  /// Why a gang or a pod has no place in the state as it is, given its verdict (S-061).
  mutating func explain(_ name: ObjectName, _ decision: Decision) -> Explanation? {
    guard let outcome = decision.outcome(of: name) else { return nil }
    var explanation = Explanation(name: name, verdict: outcome.verdict)
    state.refresh()
    isFresh = [Bool](repeating: false, count: state.pods.count)
    let gang = outcome.isSinglePod ? nil : state.gangs.find(name)
    if let gang { explanation.chain = chain(from: gang, decision) }
    guard isTried(outcome.verdict), prepareRun(name, gang) else { return explanation }

    // As many pods as possible are put where most of them have room, then what is missing is counted.
    let mark = log.count
    var placed: [Int: (level: Int, domain: Int, count: Int)] = [:]
    _ = placeMany(0, inside: run.rootLevel, run.rootDomain, &placed)
    explanation.scopes = shortages(placed)
    explanation.nodes = histogram(placed)
    rollBack(to: mark)
    explanation.remedies = remedies(near: placed[0] ?? (-1, 0, 0))
    return explanation
  }

  private func isTried(_ verdict: Verdict) -> Bool {
    switch verdict {
    case .fits, .waiting: return false
    case .notFound: return true
    case .cannotFit(let proof):
      switch proof.reason {
      case .unknownTopology, .unknownLevel: return false
      default: return true
      }
    }
  }

  private mutating func prepareRun(_ name: ObjectName, _ gang: Int?) -> Bool {
    if let gang {
      run = compile(gang: gang)
      if policy.anchorsReplicas { anchorToDependency(gang) }
    } else if let pod = state.pods.find(name.namespace, name.name), state.pods.state[pod] == .waiting {
      run = compile(single: pod)
    } else {
      return false
    }
    needMinimums()
    return !run.order.isEmpty
  }

  /// The gangs that a gang waits for, nearest first, each once.
  private func chain(from gang: Int, _ decision: Decision) -> [Explanation.Link] {
    var links: [Explanation.Link] = []
    var seen: Set<Int> = [gang]
    var open = state.gangs.records[gang].dependencies.map { Int($0) }
    while !open.isEmpty {
      let next = open.removeFirst()
      guard seen.insert(next).inserted else { continue }
      let record = state.gangs.records[next]
      if record.isPresent && record.isMet { continue }
      let name = state.gangs.name(next)
      links.append(
        Explanation.Link(name: name, verdict: record.isPresent ? decision.outcome(of: name)?.verdict : nil))
      open += record.dependencies.map { Int($0) }
    }
    return links
  }

  // MARK: As many as possible

  /// Puts as many of a scope's pods as possible into the domain that takes most of them; returns how many.
  private mutating func placeMany(
    _ scope: Int, inside parentLevel: Int, _ parentDomain: Int,
    _ placed: inout [Int: (level: Int, domain: Int, count: Int)]
  ) -> Int {
    let (level, domain) = nearestDomain(scope, inside: parentLevel, parentDomain)
    run.scopes[scope].level = level
    run.scopes[scope].domain = domain
    run.scopes[scope].fill = -1
    var count = 0
    let leaf = run.scopes[scope].leaf
    if domain < 0 {
      count = 0
    } else if leaf >= 0 {
      for demand in run.leaves[leaf].demands where count < run.leaves[leaf].need {
        let wanted = min(run.leaves[leaf].need - count, run.demands[demand].left)
        count += fill(demand, wanted, level, domain, scope)
      }
    } else {
      for child in run.order where run.scopes[child].parent == scope {
        count += placeMany(child, inside: level, domain, &placed)
      }
    }
    placed[scope] = (level, domain, count)
    return count
  }

  /// The domain among those a scope may be in that has room for most of its pods, each shape taken alone; -1 when there
  /// is none.
  private mutating func nearestDomain(
    _ scope: Int, inside parentLevel: Int, _ parentDomain: Int
  ) -> (level: Int, domain: Int) {
    let required = run.scopes[scope].required
    guard required > parentLevel else { return (parentLevel, parentDomain) }
    let topology = state.topologies[run.topology]
    let range = topology.range(parentLevel, parentDomain)
    if run.scopes[scope].anchor >= 0 {
      return (required, topology.domain(required, at: run.scopes[scope].anchor))
    }
    var best = -1
    var most = -1
    for domain in topology.domains(required, inside: range) {
      let index = topology.sumIndex(required, domain)
      var room = 0
      for leaf in run.leaves.indices where run.leaves[leaf].need > 0 {
        let owner = run.leaves[leaf].scope
        guard owner >= scope && owner < run.scopes[scope].end else { continue }
        var ofLeaf = 0
        for demand in run.leaves[leaf].demands {
          state.sync(run.demands[demand].table)
          ofLeaf += min(run.demands[demand].left, state.tables[run.demands[demand].table].sums[index])
        }
        room += min(run.leaves[leaf].need, ofLeaf)
      }
      if room > most {
        most = room
        best = domain
      }
    }
    return (required, best)
  }

  // MARK: What is missing

  private func shortages(_ placed: [Int: (level: Int, domain: Int, count: Int)]) -> [ScopeShortage] {
    var result: [ScopeShortage] = []
    for scope in run.scopes.indices where run.scopes[scope].isActive {
      guard let nearest = placed[scope] else { continue }
      let packing =
        run.gang < 0 ? Packing() : state.gangs.records[run.gang].scopes[scope].packing
      guard scope == 0 || packing != Packing() else { continue }
      var depth = 0
      var outer = run.scopes[scope].parent
      while outer >= 0 {
        depth += 1
        outer = run.scopes[outer].parent
      }
      let topology = state.topologies[run.topology]
      var wanted = 0
      for leaf in run.leaves.indices {
        let owner = run.leaves[leaf].scope
        if owner >= scope && owner < run.scopes[scope].end { wanted += run.leaves[leaf].need }
      }
      result.append(
        ScopeShortage(
          scope: name(of: scope), depth: depth, packing: packing, level: label(nearest.level),
          domain: nearest.domain < 0
            ? [] : topology.path(nearest.level, nearest.domain, nodes: state.nodes),
          needed: wanted, placeable: nearest.count,
          shortages: nearest.count >= wanted ? [] : resourceShortages(scope, nearest.level, nearest.domain)))
    }
    return result
  }

  /// Resources of which the pods of a scope that have no place ask for more than the domain has, in all or on any node.
  private func resourceShortages(_ scope: Int, _ level: Int, _ domain: Int) -> [ResourceShortage] {
    var requested = [Int64](repeating: 0, count: state.resources.count)
    var largest = requested
    var rules: Set<Int> = []
    for leaf in run.leaves.indices {
      let owner = run.leaves[leaf].scope
      guard owner >= scope && owner < run.scopes[scope].end else { continue }
      var open = run.leaves[leaf].need - placedOfNeed(leaf)
      for demand in run.leaves[leaf].demands where open > 0 {
        let count = min(open, run.demands[demand].left)
        open -= count
        guard count > 0 else { continue }
        let shape = state.shapes.shapes[run.demands[demand].shape]
        rules.insert(shape.rule)
        requested[ResourceTable.pods] += Int64(count)
        largest[ResourceTable.pods] = 1
        for request in shape.requests {
          let (amount, overflow) = request.amount.multipliedReportingOverflow(by: Int64(count))
          let (sum, carry) = requested[request.column].addingReportingOverflow(overflow ? .max : amount)
          requested[request.column] = carry ? .max : sum
          largest[request.column] = max(largest[request.column], request.amount)
        }
      }
    }
    guard domain >= 0 else { return [] }
    let topology = state.topologies[run.topology]
    let nodes = topology.range(level, domain).map { Int(topology.order[$0]) }.filter { node in
      rules.contains { state.rules.verdict($0, node) != PlacementRule.excluded }
    }
    var result: [ResourceShortage] = []
    for column in requested.indices where requested[column] > 0 {
      let free = nodes.map { max(0, state.nodes.free[column * state.nodes.stride + $0]) }
      let total = free.reduce(into: Int64(0)) { sum, amount in
        let (next, overflow) = sum.addingReportingOverflow(amount)
        sum = overflow ? .max : next
      }
      let most = free.max() ?? 0
      guard requested[column] > total || largest[column] > most else { continue }
      let resource = state.resources.names[column]
      result.append(
        ResourceShortage(
          resource: resource, perPod: ResourceTable.quantity(largest[column], of: resource),
          requested: ResourceTable.quantity(requested[column], of: resource),
          free: ResourceTable.quantity(total, of: resource),
          largestFree: ResourceTable.quantity(most, of: resource)))
    }
    return result.sorted { isByteOrdered($0.resource, $1.resource) }
  }

  /// How many pods of what a leaf needs are in the log.
  private func placedOfNeed(_ leaf: Int) -> Int {
    var count = 0
    for move in log where move.demand >= 0 && run.demands[Int(move.demand)].leaf == leaf {
      count += Int(move.count)
    }
    return count
  }

  /// What the nodes say to the first pod that has no place.
  private func histogram(_ placed: [Int: (level: Int, domain: Int, count: Int)]) -> NodeHistogram? {
    for leaf in run.leaves.indices where run.leaves[leaf].need > placedOfNeed(leaf) {
      for demand in run.leaves[leaf].demands where run.demands[demand].left > 0 {
        let first = run.demands[demand].next + placedOfDemand(demand)
        let pod =
          run.gang < 0 ? run.pod : Int(state.gangs.records[run.gang].leaves[leaf].waiting[first])
        var scope = run.leaves[leaf].scope
        while run.scopes[scope].parent >= 0 && placed[scope] == nil { scope = run.scopes[scope].parent }
        let domain = placed[scope] ?? (-1, 0, 0)
        return histogram(
          of: pod, shape: run.demands[demand].shape, profile: run.demands[demand].profile,
          inside: domain.level, domain.domain)
      }
    }
    return nil
  }

  private func placedOfDemand(_ demand: Int) -> Int {
    log.reduce(0) { $0 + (Int($1.demand) == demand ? Int($1.count) : 0) }
  }

  private func histogram(
    of pod: Int, shape: Int, profile: Int, inside level: Int, _ domain: Int
  ) -> NodeHistogram {
    let topology = state.topologies[run.topology]
    let range = domain < 0 ? 0..<0 : topology.range(level, domain)
    let place = domain < 0 ? "" : topology.path(level, domain, nodes: state.nodes).last ?? ""
    var counts: [FilterReason: Int] = [:]
    var available = 0
    for position in 0..<topology.nodeCount {
      var reasons = rejections(of: shape, profile, on: Int(topology.order[position]))
      if reasons.isEmpty && !range.contains(position) {
        reasons = [.outside(level: label(level) ?? "", domain: place)]
      }
      if reasons.isEmpty { available += 1 }
      for reason in reasons { counts[reason, default: 0] += 1 }
    }
    let entries = counts.map { NodeHistogram.Entry(reason: $0.key, count: $0.value) }.sorted {
      isByteOrdered($0.reason.text, $1.reason.text)
    }
    return NodeHistogram(
      pod: name(ofPod: pod), nodeCount: topology.nodeCount, available: available, reasons: entries)
  }

  /// Why a node cannot take a pod: the first filter of kube-scheduler's order that says no, with all resources that are
  /// short when it is that of resources. Empty when the node can.
  ///
  /// - Parameter name: the node that the pod asks for; empty when it may go to any.
  func rejections(of shape: Int, _ profile: Int, on node: Int, asking name: String = "") -> [FilterReason] {
    let wanted = state.shapes.shapes[shape]
    let rule = state.rules.rules[wanted.rule]
    if let named = rule.namedNodes {
      if named.isEmpty { return [.affinityConflict] }
      if !named.contains(state.nodes.name(node)) { return [.notNamed] }
    }
    let reason = rule.rejection(node, state.nodes)
    if let reason, reason == .unschedulable { return [reason] }
    if !name.isEmpty && name != state.nodes.name(node) { return [.nodeName] }
    if let reason { return [reason] }
    if state.shapes.conflict(wanted.ports, state.nodes.ports[node]) { return [.hostPorts] }
    var reasons: [FilterReason] = []
    let stride = state.nodes.stride
    if state.nodes.free[ResourceTable.pods * stride + node] < 1 { reasons.append(.tooManyPods) }
    for request in wanted.requests where state.nodes.free[request.column * stride + node] < request.amount {
      reasons.append(.insufficient(resource: state.resources.names[request.column]))
    }
    if !reasons.isEmpty { return reasons }
    if profile != 0, let reason = state.affinity.rejection(profile, on: node) { return [reason] }
    return []
  }
}
