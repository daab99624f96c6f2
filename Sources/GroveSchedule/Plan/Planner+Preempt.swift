extension Planner {
  /// How many domains are searched to the end for victims: those with most room to begin with.
  private static var domainsTried: Int { 16 }
  /// How many complete searches may be spent on giving victims back, per domain.
  private static var searchesPerDomain: Int { 500 }

  /// Finds the fewest and least important pods whose eviction makes room for the gang in hand, and the plan for it, or
  /// nil (S-051, S-052). The state is left as it was.
  mutating func findVictims() -> VictimPlan? {
    let outerLevel = run.rootLevel
    let outerDomain = run.rootDomain
    var best: VictimPlan?
    var tried = 0
    for domain in victimDomains() where tried < Self.domainsTried {
      run.rootLevel = domain.level
      run.rootDomain = domain.domain
      guard let plan = findVictims(in: domain.range) else { continue }
      tried += 1
      if let known = best, known.cost <= plan.cost { continue }
      best = plan
    }
    run.rootLevel = outerLevel
    run.rootDomain = outerDomain
    return best
  }

  /// The domains that the whole gang may be in, those with most room first.
  private mutating func victimDomains() -> [(level: Int, domain: Int, range: Range<Int>)] {
    let topology = state.topologies[run.topology]
    let outer = topology.range(run.rootLevel, run.rootDomain)
    let required = run.scopes[0].required
    let anchor = run.scopes[0].anchor
    if required <= run.rootLevel { return [(run.rootLevel, run.rootDomain, outer)] }
    if anchor >= 0 {
      guard run.scopes[0].common >= required, outer.contains(anchor) else { return [] }
      let domain = topology.domain(required, at: anchor)
      guard domain >= 0 else { return [] }
      return [(required, domain, topology.range(required, domain))]
    }
    var rooms: [(domain: Int, room: Int)] = []
    for domain in topology.domains(required, inside: outer) {
      var room = Int.max
      for need in run.scopes[0].needs {
        state.sync(need.table)
        let sum = state.tables[need.table].sums[topology.sumIndex(required, domain)]
        room = min(room, sum * 1024 / max(1, need.need))
      }
      rooms.append((domain, room))
    }
    rooms.sort { $0.room == $1.room ? $0.domain < $1.domain : $0.room > $1.room }
    return rooms.map { (required, $0.domain, topology.range(required, $0.domain)) }
  }

  private mutating func findVictims(in range: Range<Int>) -> VictimPlan? {
    counters.victimSearches += 1
    let units = victimUnits(in: range)
    guard !units.isEmpty else { return nil }
    for unit in units { remove(unit) }
    var plan = VictimPlan(
      victims: [], moves: [], scopes: [], rootLevel: run.rootLevel, rootDomain: run.rootDomain)
    var result: VictimPlan?
    var isGone = [Bool](repeating: true, count: units.count)
    if searchApart(&plan, exactly: true) {
      giveBack(units, &isGone, &plan)
      plan.victims = units.indices.filter { isGone[$0] }.map { units[$0] }
      result = plan
      lift(plan.moves)
    }
    for index in units.indices where isGone[index] { giveBack(units[index]) }
    return result
  }

  /// Searches, and keeps the plan out of the log.
  private mutating func searchApart(_ plan: inout VictimPlan, exactly: Bool = false) -> Bool {
    let start = log.count
    if !search() {
      guard exactly, prove() == nil, searchExactly() == .found else { return false }
    }
    plan.moves = Array(log[start...])
    plan.scopes = run.scopes
    log.removeSubrange(start...)
    return true
  }

  /// Gives units back, the most important first, as long as the gang still fits.
  private mutating func giveBack(
    _ units: [VictimUnit], _ isGone: inout [Bool], _ plan: inout VictimPlan
  ) {
    var searches = 0
    // When all pods of the gang are alike and free to go anywhere, what cannot be moved aside cannot be helped.
    let isSimple =
      run.demands.count == 1 && run.demands[0].profile == 0 && run.scopes.allSatisfy { $0.anchor < 0 }
      && run.scopes.allSatisfy { $0.required < 0 || $0.required <= run.rootLevel }
    var used = usedNodes(plan.moves)
    for index in units.indices {
      if units[index].core >= 0 && isGone[units[index].core] { continue }
      if fitsBeside(units[index], used) {
        giveBack(units[index])
        isGone[index] = false
        continue
      }
      let before = plan
      if makeWay(for: units[index], &plan) {
        isGone[index] = false
        used = usedNodes(plan.moves)
        continue
      }
      guard !isSimple, searches < Self.searchesPerDomain else { continue }
      searches += 1
      lift(plan.moves)
      giveBack(units[index])
      if searchApart(&plan) {
        isGone[index] = false
        used = usedNodes(plan.moves)
      } else {
        remove(units[index])
        plan = before
        run.scopes = before.scopes
        put(plan.moves)
      }
    }
  }

  private func usedNodes(_ moves: [Move]) -> Set<Int32> { Set(moves.map(\.node)) }

  /// Whether a unit can go back to where it was with the plan in place.
  private mutating func fitsBeside(_ unit: VictimUnit, _ used: Set<Int32>) -> Bool {
    let hasProfiles = run.demands.contains { $0.profile != 0 }
    var given: [Int32] = []
    defer {
      for pod in given {
        state.take(
          -1, of: Int(state.pods.shape[Int(pod)]), profile: Int(state.pods.profile[Int(pod)]),
          on: Int(state.pods.node[Int(pod)]))
      }
    }
    for pod in unit.pods {
      // Affinities between the pod and those of the plan are for a new search to settle.
      if hasProfiles && state.pods.profile[Int(pod)] != 0 { return false }
      guard used.contains(state.pods.node[Int(pod)]) else { continue }
      let node = Int(state.pods.node[Int(pod)])
      if !hasRoom(Int(state.pods.shape[Int(pod)]), on: node) { return false }
      state.take(
        1, of: Int(state.pods.shape[Int(pod)]), profile: Int(state.pods.profile[Int(pod)]), on: node)
      given.append(pod)
    }
    return true
  }

  /// Whether resources and host ports of a node are enough for one more pod, whatever its selectors say.
  private func hasRoom(_ number: Int, on node: Int) -> Bool {
    let shape = state.shapes.shapes[number]
    if state.nodes.free[ResourceTable.pods * state.nodes.stride + node] < 1 { return false }
    for request in shape.requests
    where state.nodes.free[request.column * state.nodes.stride + node] < request.amount {
      return false
    }
    return !state.shapes.conflict(shape.ports, state.nodes.ports[node])
  }

  /// Moves the pods of the plan that are in a unit's way to other nodes of the domains they were given; the unit is back
  /// afterwards if that worked, else nothing has changed.
  private mutating func makeWay(for unit: VictimUnit, _ plan: inout VictimPlan) -> Bool {
    if run.demands.contains(where: { $0.profile != 0 }) { return false }
    let nodes = Set(unit.pods.map { state.pods.node[Int($0)] })
    let moved = plan.moves.filter { nodes.contains($0.node) }
    lift(moved)
    guard fitsBeside(unit, nodes) else {
      put(moved)
      return false
    }
    giveBack(unit)
    let start = log.count
    var isPlaced = true
    for move in moved where isPlaced {
      let demand = Int(move.demand)
      let scope = run.leaves[run.demands[demand].leaf].scope
      let placed = fill(
        demand, Int(move.count), run.scopes[scope].level, run.scopes[scope].domain, scope)
      isPlaced = placed == Int(move.count)
    }
    guard isPlaced else {
      rollBack(to: start)
      remove(unit)
      put(moved)
      return false
    }
    plan.moves = plan.moves.filter { !nodes.contains($0.node) } + log[start...]
    log.removeSubrange(start...)
    return true
  }
}
