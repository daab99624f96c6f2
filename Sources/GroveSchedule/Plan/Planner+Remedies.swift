internal import GroveModel
internal import KubernetesModel

extension Planner {
  /// The most nodes a remedy adds.
  private static var mostAdded: Int { 1024 }

  /// Changes that make the gang in hand fit, each tried out on a copy.
  ///
  /// - Parameters:
  ///   - nearest: the domain of the outermost scope that comes nearest.
  ///   - missing: what lacks a place there.
  ///   - causes: what keeps the next pod off nodes.
  mutating func remedies(
    near nearest: (level: Int, domain: Int, count: Int), _ missing: NearMiss?, _ causes: [Cause]
  ) -> [Remedy] {
    var result: [Remedy] = []
    if let remedy = uncordoning() { result.append(remedy) }
    if let remedy = recovering() { result.append(remedy) }
    if let remedy = waiting() { result.append(remedy) }
    result += tolerations()
    result += labelling(near: nearest)
    if let remedy = restarting() { result.append(remedy) }
    result += freeing(causes)
    if let missing, let remedy = enlarging(missing) { result.append(remedy) }
    if let remedy = adding(near: nearest) { result.append(remedy) }
    return result
  }

  /// Whether the gang in hand would fit after a change, without evictions.
  func fits(after change: (inout ClusterState) -> Void) -> Bool {
    var copy = Planner(state, policy: policy)
    change(&copy.state)
    copy.state.refresh()
    copy.isFresh = isFresh
    if run.gang >= 0 {
      copy.run = copy.compile(gang: run.gang)
      if policy.anchorsReplicas { copy.anchorToDependency(run.gang) }
    } else {
      copy.run = copy.compile(single: run.pod)
    }
    copy.needMinimums()
    if copy.search() { return true }
    return copy.prove() == nil && copy.searchExactly() == .found
  }

  /// The smallest count for which a change that only helps makes the gang fit, or nil when not even the largest does.
  func fewest(upTo limit: Int, _ change: (inout ClusterState, Int) -> Void) -> Int? {
    guard limit > 0 else { return nil }
    var high = 1
    while !fits(after: { change(&$0, high) }) {
      if high >= limit { return nil }
      high = min(high * 2, limit)
    }
    var low = high / 2
    while low + 1 < high {
      let middle = (low + high) / 2
      if fits(after: { change(&$0, middle) }) { high = middle } else { low = middle }
    }
    return high
  }

  private func uncordoning() -> Remedy? {
    let nodes = candidates { node, nodes in
      guard nodes.isCordoned[node] else { return false }
      nodes.uncordon(node)
      return true
    }
    let count = fewest(upTo: nodes.count) { state, count in
      for node in nodes[..<count] { state.change(node) { $0.uncordon(node) } }
    }
    return count.map { .uncordon(nodes[..<$0].map { state.nodes.name($0) }.sorted(by: isByteOrdered)) }
  }

  private func recovering() -> Remedy? {
    let nodes = candidates { node, nodes in
      guard nodes.taints[node].contains(where: { $0.isBinding && NodeLifecycleTaints.isHealth($0.key) })
      else {
        return false
      }
      nodes.recover(node)
      return true
    }
    let count = fewest(upTo: nodes.count) { state, count in
      for node in nodes[..<count] { state.change(node) { $0.recover(node) } }
    }
    return count.map { .recover(nodes[..<$0].map { state.nodes.name($0) }.sorted(by: isByteOrdered)) }
  }

  /// Nodes that could take pods of the gang in hand after a change, those with most room first.
  ///
  /// - Parameter change: changes a node and says whether there was anything to change.
  func candidates(_ change: (Int, inout NodeTable) -> Bool) -> [Int] {
    let topology = state.topologies[run.topology]
    var candidates: [(node: Int, room: Int)] = []
    var nodes = state.nodes
    for position in 0..<topology.nodeCount {
      let node = Int(topology.order[position])
      guard change(node, &nodes) else { continue }
      var room = 0
      for demand in run.demands where demand.left > 0 {
        let rule = state.rules.rules[state.shapes.shapes[demand.shape].rule]
        if rule.rejection(node, nodes) == nil { room = max(room, freeRoom(demand.shape, on: node)) }
      }
      if room > 0 { candidates.append((node, room)) }
    }
    // Equal ones stay in order, so that nodes of one domain are next to each other.
    let order = candidates.indices.sorted {
      candidates[$0].room == candidates[$1].room ? $0 < $1 : candidates[$0].room > candidates[$1].room
    }
    return order.map { candidates[$0].node }
  }

  /// How many pods of a shape a node has resources for.
  private func freeRoom(_ number: Int, on node: Int) -> Int {
    let shape = state.shapes.shapes[number]
    let stride = state.nodes.stride
    var room = state.nodes.free[ResourceTable.pods * stride + node]
    for request in shape.requests {
      room = min(room, state.nodes.free[request.column * stride + node] / request.amount)
    }
    return Int(min(max(0, room), Int64(Int32.max)))
  }

  private func tolerations() -> [Remedy] {
    var counts: [String: (taint: Taint, nodes: Int)] = [:]
    for node in 0..<state.nodes.count where state.nodes.isPresent[node] {
      for taint in state.nodes.taints[node]
      where taint.isBinding && !NodeLifecycleTaints.isHealth(taint.key)
        && taint.key != NodeLifecycleTaints.unschedulable
      {
        let isTolerated = run.demands.allSatisfy {
          state.rules.rules[state.shapes.shapes[$0.shape].rule].tolerations.tolerate(taint)
        }
        if !isTolerated { counts[taint.text, default: (taint, 0)].nodes += 1 }
      }
    }
    var result: [Remedy] = []
    for text in counts.keys.sorted(by: isByteOrdered).prefix(8) {
      guard let entry = counts[text] else { continue }
      let helps = fits { state in
        for node in 0..<state.nodes.count where state.nodes.taints[node].contains(where: { $0.text == text })
        {
          state.change(node) { $0.taints[node].removeAll { $0.text == text } }
        }
      }
      if helps { result.append(.tolerate(taint: text, nodes: entry.nodes)) }
    }
    return result
  }

  /// More nodes like one of the domain that comes nearest, or of the cluster.
  private mutating func adding(near nearest: (level: Int, domain: Int, count: Int)) -> Remedy? {
    let topology = state.topologies[run.topology]
    let range = nearest.domain < 0 ? 0..<topology.nodeCount : topology.range(nearest.level, nearest.domain)
    // The node that, if it were empty, could take most pods of the shape that can go on fewest.
    var best: (node: Int, room: Int)?
    for position in range {
      let node = Int(topology.order[position])
      var room = Int.max
      for demand in run.demands where demand.left > 0 && run.leaves[demand.leaf].need > 0 {
        room = min(room, emptyRoom(demand.shape, on: node))
      }
      if room > best?.room ?? 0 && room < .max { best = (node, room) }
    }
    guard let best else { return nil }
    let count = fewest(upTo: Self.mostAdded) { state, count in
      for number in 0..<count { state.addClone(of: best.node, number: number) }
    }
    return count.map { .addNodes($0, like: state.nodes.name(best.node)) }
  }
}

extension NodeTable {
  /// Takes the cordon of a node away, with its taint.
  mutating func uncordon(_ node: Int) {
    isCordoned[node] = false
    taints[node].removeAll { $0.key == NodeLifecycleTaints.unschedulable }
  }

  /// Takes the taints of a node away that say that it is not well.
  mutating func recover(_ node: Int) { taints[node].removeAll { NodeLifecycleTaints.isHealth($0.key) } }
}

extension Taint {
  /// The taint as kubectl writes it: `key=value:NoSchedule`.
  var text: String { value.isEmpty ? "\(key):\(effect)" : "\(key)=\(value):\(effect)" }
}

extension ClusterState {
  /// Adds an empty node that is like another but for its name and host label.
  mutating func addClone(of node: Int, number: Int) {
    let name = "\(nodes.name(node))+\(number)"
    let clone = nodes.slot(name)
    nodes.isPresent[clone] = true
    nodes.presentCount += 1
    nodes.labels[clone] = nodes.labels[node]
    if nodes.labels[clone]["kubernetes.io/hostname"] != nil {
      nodes.labels[clone]["kubernetes.io/hostname"] = name
    }
    nodes.taints[clone] = nodes.taints[node]
    let capacityClass = nodes.capacityClass[node]
    nodes.capacityClass[clone] = capacityClass
    for column in 0..<nodes.columnCount {
      let amount = nodes.capacity[column * nodes.stride + node]
      nodes.capacity[column * nodes.stride + clone] = amount
      nodes.free[column * nodes.stride + clone] = amount
    }
    nodes.specChanges.append(clone)
    nodes.freeChanges.append(clone)
    isStructureStale = true
    if affinity.isInUse { affinity.isStale = true }
  }
}
