/// A necessary condition that fails, with numbers in the place of names.
struct Obstacle: Sendable {
  var reason: Proof.Reason
  var scope: Int
  /// The level and the domain that come nearest; the domain is -1 when there is none.
  var level: Int
  var domain: Int
  var needed: Int
  var room: Int
}

extension Planner {
  /// A condition that every placement fulfils and that fails wherever the gang in hand might go, or nil (S-035).
  ///
  /// Nothing of the gang may be placed at the time.
  mutating func prove() -> Obstacle? {
    guard !run.order.isEmpty else { return nil }
    return prove(0, inside: run.rootLevel, run.rootDomain)
  }

  /// Why a scope fits in none of the domains it may be in, or nil when nothing speaks against one of them.
  private mutating func prove(_ scope: Int, inside parentLevel: Int, _ parentDomain: Int) -> Obstacle? {
    let topology = state.topologies[run.topology]
    let range = topology.range(parentLevel, parentDomain)
    let required = run.scopes[scope].required
    let anchor = run.scopes[scope].anchor
    let nowhere = Obstacle(
      reason: .room, scope: scope, level: required, domain: -1, needed: need(of: scope), room: 0)
    if anchor >= 0 {
      let domain = topology.domain(required, at: anchor)
      if run.scopes[scope].common < required || domain < 0 || !range.contains(anchor) {
        var split = nowhere
        split.reason = .split
        split.domain = domain
        return split
      }
    }
    if required <= parentLevel {
      let isOutside =
        required >= 0 && (range.isEmpty || topology.domain(required, at: range.lowerBound) < 0)
      return isOutside ? nowhere : obstacle(to: scope, parentLevel, parentDomain)
    }
    var best: Obstacle?
    let domains =
      anchor >= 0
      ? topology.domain(required, at: anchor)..<(topology.domain(required, at: anchor) + 1)
      : topology.domains(required, inside: range)
    for domain in domains {
      guard let obstacle = obstacle(to: scope, required, domain) else { return nil }
      if let known = best, obstacle.needed - obstacle.room >= known.needed - known.room { continue }
      best = obstacle
    }
    return best ?? nowhere
  }

  /// Why a scope does not fit into a domain, or nil when nothing speaks against it.
  private mutating func obstacle(to scope: Int, _ level: Int, _ domain: Int) -> Obstacle? {
    counters.domainsExamined += 1
    func obstacle(_ reason: Proof.Reason, _ needed: Int, _ room: Int) -> Obstacle {
      Obstacle(reason: reason, scope: scope, level: level, domain: domain, needed: needed, room: room)
    }
    let index = state.topologies[run.topology].sumIndex(level, domain)
    for need in run.scopes[scope].needs {
      state.sync(need.table)
      let room = state.tables[need.table].sums[index]
      if room < need.need { return obstacle(.room, need.need, room) }
    }
    for leaf in run.scopes[scope].mixedLeaves {
      var room = 0
      for demand in run.leaves[leaf].demands {
        state.sync(run.demands[demand].table)
        room += min(run.demands[demand].left, state.tables[run.demands[demand].table].sums[index])
      }
      if room < run.leaves[leaf].need { return obstacle(.room, run.leaves[leaf].need, room) }
    }
    let range = state.topologies[run.topology].range(level, domain)
    if let (reason, needed, room) = sharedShortage(scope, range) { return obstacle(reason, needed, room) }
    if let (needed, room) = exclusionShortage(scope, range) { return obstacle(.room, needed, room) }
    if let (needed, room) = spreadShortage(scope, range) { return obstacle(.spread, needed, room) }
    if run.scopes[scope].leaf >= 0 { return nil }
    return slotShortage(scope, level, domain) ?? childObstacle(of: scope, level, domain)
  }

  /// Children that cannot be placed, when there are more of them than the scope can do without.
  private mutating func childObstacle(of scope: Int, _ level: Int, _ domain: Int) -> Obstacle? {
    var spare = run.scopes[scope].childCount - run.scopes[scope].minimum
    var child = scope + 1
    while child < run.scopes[scope].end {
      defer { child = run.scopes[child].end }
      guard run.scopes[child].isActive, !run.scopes[child].isMet else { continue }
      if let obstacle = prove(child, inside: level, domain) {
        if spare <= 0 { return obstacle }
        spare -= 1
      }
    }
    return nil
  }

  private mutating func slotShortage(_ scope: Int, _ level: Int, _ domain: Int) -> Obstacle? {
    guard run.scopes[scope].minimum == run.scopes[scope].childCount else { return nil }
    let range = state.topologies[run.topology].range(level, domain)
    var child = scope + 1
    while child < run.scopes[scope].end {
      defer { child = run.scopes[child].end }
      let required = run.scopes[child].required
      guard run.scopes[child].isActive, run.scopes[child].twin == child, required > level else { continue }
      var count = 0
      var sibling = scope + 1
      while sibling < run.scopes[scope].end {
        if run.scopes[sibling].isActive && run.scopes[sibling].twin == child { count += 1 }
        sibling = run.scopes[sibling].end
      }
      let room = slots(of: child, required, inside: range, upTo: count)
      if count > 1 && room < count {
        return Obstacle(
          reason: .slots, scope: child, level: level, domain: domain, needed: count, room: room)
      }
    }
    return nil
  }

  // MARK: Bounds over pods of several shapes

  /// What the pods of a leaf need at least: the smallest request of each resource among its classes.
  private func leastRequests(of leaf: Int) -> [Int64] {
    var least: [Int64] = []
    for demand in run.leaves[leaf].demands where run.demands[demand].left > 0 {
      var amounts = [Int64](repeating: 0, count: state.resources.count)
      for request in state.shapes.shapes[run.demands[demand].shape].requests {
        amounts[request.column] = request.amount
      }
      amounts[ResourceTable.pods] = 1
      least = least.isEmpty ? amounts : zip(least, amounts).map { min($0, $1) }
    }
    return least
  }

  /// A resource of which the nodes of a range cannot give all pods of a scope their least, or nil.
  ///
  /// For every amount m that some pods need: those that need at least m are not more than the nodes can give m to. And
  /// the sum of what all need is not more than what is free.
  private mutating func sharedShortage(
    _ scope: Int, _ range: Range<Int>
  ) -> (Proof.Reason, needed: Int, room: Int)? {
    var leaves: [(need: Int, least: [Int64])] = []
    var demands: [Int] = []
    for leaf in run.leaves.indices {
      guard run.leaves[leaf].need > 0, isMandatory(leaf, in: scope) else { continue }
      leaves.append((run.leaves[leaf].need, leastRequests(of: leaf)))
      demands += run.leaves[leaf].demands
    }
    guard demands.count > 1 else { return nil }
    let tables = Set(demands.map { run.demands[$0].table }).sorted()
    guard tables.count > 1 else { return nil }
    let nodes = range.filter { position in
      tables.contains { state.tables[$0].counts[position] > 0 }
    }.map { Int(state.topologies[run.topology].order[$0]) }
    counters.nodesExamined += nodes.count
    for column in state.resources.columnsByName {
      let amounts = Set(leaves.map { $0.least[column] }).subtracting([0]).sorted()
      guard !amounts.isEmpty else { continue }
      let free = nodes.map { max(0, state.nodes.free[column * state.nodes.stride + $0]) }
      let name = state.resources.names[column]
      let available = free.reduce(into: Int64(0)) { $0 = saturatingSum($0, $1) }
      var wanted: Int64 = 0
      for leaf in leaves {
        let (product, overflow) = leaf.least[column].multipliedReportingOverflow(by: Int64(leaf.need))
        wanted = saturatingSum(wanted, overflow ? .max : product)
      }
      if wanted > available { return (.resource(name), Int(wanted), Int(available)) }
      for amount in amounts {
        var count = 0
        for leaf in leaves where leaf.least[column] >= amount { count += leaf.need }
        var room = 0
        for (index, node) in nodes.enumerated() {
          let slots = max(0, state.nodes.free[ResourceTable.pods * state.nodes.stride + node])
          room += Int(min(free[index] / amount, slots))
          if room >= count { break }
        }
        if room < count { return (.nodes, count, room) }
      }
    }
    return nil
  }

  private func saturatingSum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }

  /// Pods that keep each other off a label's domains need as many domains as they are, or nil when there are enough.
  private mutating func exclusionShortage(
    _ scope: Int, _ range: Range<Int>
  ) -> (needed: Int, room: Int)? {
    let leaf = run.scopes[scope].leaf
    guard leaf >= 0, run.leaves[leaf].demands.count == 1, run.leaves[leaf].need > 0 else { return nil }
    let demand = run.demands[run.leaves[leaf].demands.lowerBound]
    guard demand.profile != 0 else { return nil }
    state.sync(demand.table)
    for key in state.affinity.selfExcludingKeys(demand.profile) {
      var domains: Set<Int> = []
      var room = 0
      for position in range where state.tables[demand.table].counts[position] > 0 {
        counters.nodesExamined += 1
        let node = Int(state.topologies[run.topology].order[position])
        switch state.affinity.rejection(demand.profile, on: node) {
        // More pods elsewhere may make an affinity hold, but an anti-affinity never again.
        case .podAntiAffinity, .existingAntiAffinity: continue
        default: break
        }
        let domain = state.affinity.domain(key, of: node)
        if domain < 0 {
          room += Int(state.tables[demand.table].counts[position])
        } else if domains.insert(domain).inserted {
          room += 1
        }
      }
      if room < run.leaves[leaf].need { return (run.leaves[leaf].need, room) }
    }
    return nil
  }

  /// Pods of a leaf that a topology spread constraint leaves no room for in the domains of a range, or nil when there is
  /// enough (S-259).
  ///
  /// The smallest count of all domains cannot grow above what the fullest use of the room there makes of it, and no
  /// domain can get further ahead of that than the constraint allows.
  private mutating func spreadShortage(_ scope: Int, _ range: Range<Int>) -> (needed: Int, room: Int)? {
    let leaf = run.scopes[scope].leaf
    guard leaf >= 0, run.leaves[leaf].demands.count == 1, run.leaves[leaf].need > 0 else { return nil }
    let demand = run.demands[run.leaves[leaf].demands.lowerBound]
    guard demand.profile != 0 else { return nil }
    let profile = state.affinity.profiles[demand.profile]
    guard state.affinity.spread.hasHard(profile.spread) else { return nil }
    let constraints = state.affinity.spread.groups[profile.spread].constraints
    for (index, constraint) in constraints.enumerated() where constraint.isHard {
      let room = room(demand, profile, index, constraint, range)
      if room < run.leaves[leaf].need { return (run.leaves[leaf].need, room) }
    }
    return nil
  }

  /// How many pods of a demand one constraint leaves room for in a range at most.
  private mutating func room(
    _ demand: Demand, _ profile: AffinityIndex.Profile, _ index: Int, _ constraint: SpreadIndex.Constraint,
    _ range: Range<Int>
  ) -> Int {
    let topology = state.topologies[run.topology]
    let counter = state.affinity.spread.counter(profile.spread, index)
    // The pods of the gang that the constraint counts, wherever they may go.
    var growth: [Int: Int] = [:]
    var isCounted: Set<Int> = []
    let counting = run.demands.filter {
      $0.left > 0 && state.affinity.profiles[$0.profile].matchedCounters.contains(counter)
    }
    for kind in counting { state.sync(kind.table) }
    state.sync(demand.table)
    for position in 0..<topology.nodeCount {
      let node = Int(topology.order[position])
      guard state.affinity.spread.isCounted(profile.spread, index, node) else { continue }
      let domain = state.affinity.domain(constraint.key, of: node)
      isCounted.insert(domain)
      for kind in counting { growth[domain, default: 0] += Int(state.tables[kind.table].counts[position]) }
    }
    counters.nodesExamined += topology.nodeCount
    var least = Int.max
    for domain in isCounted {
      let count = state.affinity.spread.count(profile.spread, index, in: domain)
      least = min(least, count + growth[domain, default: 0])
    }
    if isCounted.isEmpty || isCounted.count < constraint.minDomains { least = 0 }
    // Room on nodes that count and on others, by domain.
    var rooms: [Int: (counted: Int, others: Int)] = [:]
    for position in range where state.tables[demand.table].counts[position] > 0 {
      let node = Int(topology.order[position])
      let domain = state.affinity.domain(constraint.key, of: node)
      guard domain >= 0 else { continue }
      let count = Int(state.tables[demand.table].counts[position])
      if state.affinity.spread.isCounted(profile.spread, index, node) {
        rooms[domain, default: (0, 0)].counted += count
      } else {
        rooms[domain, default: (0, 0)].others += count
      }
    }
    let own = profile.countsItself[index] ? 1 : 0
    let grows = profile.matchedCounters.contains(counter)
    var total = 0
    for (domain, room) in rooms {
      let count = state.affinity.spread.count(profile.spread, index, in: domain)
      let ahead = least + constraint.maxSkew - own - count
      // One more pod may go where the domain is not ahead by too much before it comes.
      guard ahead >= 0 else { continue }
      total += room.others + (grows ? min(room.counted, ahead + 1) : room.counted)
    }
    return total
  }

  // MARK: Names

  /// The obstacle with names.
  func proof(of obstacle: Obstacle) -> Proof {
    let topology = state.topologies[run.topology]
    return Proof(
      reason: obstacle.reason, scope: name(of: obstacle.scope), level: label(obstacle.level),
      best: obstacle.domain < 0 ? [] : topology.path(obstacle.level, obstacle.domain, nodes: state.nodes),
      needed: obstacle.needed, room: obstacle.room)
  }

  func name(of scope: Int) -> String {
    run.gang < 0 ? state.pods.ids.names[run.pod] : state.gangs.records[run.gang].scopes[scope].name
  }

  func label(_ level: Int) -> String? { level < 0 ? nil : state.topologies[run.topology].keys[level] }

  /// Pods a scope needs beside those in place.
  func need(of scope: Int) -> Int {
    var need = 0
    for leaf in run.leaves.indices {
      if isMandatory(leaf, in: scope) { need += run.leaves[leaf].need }
    }
    return need
  }
}
