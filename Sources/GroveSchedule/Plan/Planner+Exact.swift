/// How an attempt to try everything ended.
enum ExactResult {
  /// The plan is in the log.
  case found
  /// There is no plan.
  case impossible
  /// Too much to try.
  case undecided
}

extension Planner {
  /// The largest gang for which trying everything is worth beginning, in pods to place.
  private static var largestExact: Int { 64 }
  private static var mostSelections: Int { 256 }

  /// Tries all placements of the gang in hand, pod by pod, until one is found or the budget is used up (S-035).
  ///
  /// Domains are pinned by the first pod that lands in one. Placements that differ only in which of several equal pods
  /// is where, or which of several equal nodes is used, are tried once.
  mutating func searchExactly() -> ExactResult {
    steps = 0
    guard let selections = selections(of: 0) else { return .undecided }
    var isCertain = true
    for selection in selections {
      let needed = selection.reduce(0) { $0 + run.leaves[$1].need }
      guard needed <= Self.largestExact else { return .undecided }
      var exact = ExactSearch(self, leaves: selection)
      if searchExactly(&exact, remaining: needed) {
        noteDomains(exact)
        return .found
      }
      if exact.isCut || exact.mayNeedSurplus { isCertain = false }
    }
    return isCertain ? .impossible : .undecided
  }

  /// Writes down the domains that the plan found keeps to, as the search by domains does.
  private mutating func noteDomains(_ exact: ExactSearch) {
    for scope in run.scopes.indices {
      let parent = run.scopes[scope].parent
      run.scopes[scope].level = parent < 0 ? run.rootLevel : run.scopes[parent].level
      run.scopes[scope].domain = parent < 0 ? run.rootDomain : run.scopes[parent].domain
      run.scopes[scope].fill = -1
      let required = run.scopes[scope].required
      guard required > run.scopes[scope].level, exact.pinned[scope] >= 0 else { continue }
      run.scopes[scope].level = required
      run.scopes[scope].domain = state.topologies[run.topology].domain(required, at: exact.pinned[scope])
    }
  }

  /// The sets of leaves of which one has to be placed for a scope's minimum, or nil when there are too many.
  private func selections(of scope: Int) -> [[Int]]? {
    guard run.scopes[scope].isActive, !run.scopes[scope].isMet else { return [[]] }
    if run.scopes[scope].leaf >= 0 { return [[run.scopes[scope].leaf]] }
    var missing = run.scopes[scope].minimum
    var children: [Int] = []
    forEachChild(of: scope) {
      if run.scopes[$0].isMet { missing -= 1 } else { children.append($0) }
    }
    // Sets so far, with how many children each has.
    var sets: [(count: Int, leaves: [Int])] = [(0, [])]
    for child in children {
      guard let inner = selections(of: child) else { return nil }
      for set in sets where set.count < missing {
        for more in inner { sets.append((set.count + 1, set.leaves + more)) }
      }
      guard sets.count <= Self.mostSelections else { return nil }
    }
    return sets.filter { $0.count == missing }.map(\.leaves)
  }

  private mutating func searchExactly(_ exact: inout ExactSearch, remaining: Int) -> Bool {
    if remaining == 0 { return true }
    if !mayFit(exact) { return false }
    for leaf in run.leaves.indices where exact.needs[leaf] > 0 {
      if tryPods(of: leaf, &exact, remaining) { return true }
      // Without affinities the order of leaves makes no difference.
      if exact.isCut || !exact.dependsOnOrder { return false }
    }
    return false
  }

  private mutating func tryPods(of leaf: Int, _ exact: inout ExactSearch, _ remaining: Int) -> Bool {
    let first = exact.dependsOnOrder ? run.leaves[leaf].demands.lowerBound : exact.lastDemand[leaf]
    for demand in first..<run.leaves[leaf].demands.upperBound where run.demands[demand].left > 0 {
      let range = allowedRange(leaf, exact)
      let start = exact.dependsOnOrder ? range.lowerBound : max(range.lowerBound, exact.lastPosition[demand])
      guard start < range.upperBound else { continue }
      var failed: [Int] = []
      for position in start..<range.upperBound {
        let node = Int(state.topologies[run.topology].order[position])
        guard state.fitCount(run.demands[demand].shape, on: node) > 0,
          let pins = pins(of: leaf, at: position, exact)
        else { continue }
        let profile = run.demands[demand].profile
        if profile != 0 && state.affinity.rejection(profile, on: node) != nil { continue }
        if !exact.hasTies && failed.contains(where: { isEqual($0, position, exact) }) { continue }
        if steps >= budget {
          exact.isCut = true
          return false
        }
        let mark = log.count
        let saved = (exact.lastDemand[leaf], exact.lastPosition[demand])
        apply(1, demand: demand, on: node)
        counters.nodesExamined += 1
        exact.needs[leaf] -= 1
        exact.lastDemand[leaf] = demand
        exact.lastPosition[demand] = position
        for scope in pins { exact.pinned[scope] = position }
        if searchExactly(&exact, remaining: remaining - 1) { return true }
        for scope in pins { exact.pinned[scope] = -1 }
        (exact.lastDemand[leaf], exact.lastPosition[demand]) = saved
        exact.needs[leaf] += 1
        rollBack(to: mark)
        if exact.isCut { return false }
        failed.append(position)
      }
    }
    return false
  }

  /// The positions that scopes around a leaf which have a domain already leave open.
  private func allowedRange(_ leaf: Int, _ exact: ExactSearch) -> Range<Int> {
    let topology = state.topologies[run.topology]
    var range = topology.range(run.rootLevel, run.rootDomain)
    var scope = run.leaves[leaf].scope
    while scope >= 0 {
      let required = run.scopes[scope].required
      if required >= 0 && exact.pinned[scope] >= 0 {
        let domain = topology.domain(required, at: exact.pinned[scope])
        if domain < 0 { return range.lowerBound..<range.lowerBound }
        range = range.clamped(to: topology.range(required, domain))
      }
      scope = run.scopes[scope].parent
    }
    return range
  }

  /// The scopes that a pod of a leaf would give a domain at a position, or nil when one does not allow it.
  private func pins(of leaf: Int, at position: Int, _ exact: ExactSearch) -> [Int]? {
    var pins: [Int] = []
    var scope = run.leaves[leaf].scope
    while scope >= 0 {
      let required = run.scopes[scope].required
      if required >= 0 {
        let domain = state.topologies[run.topology].domain(required, at: position)
        if domain < 0 { return nil }
        if exact.pinned[scope] < 0 {
          pins.append(scope)
        } else if state.topologies[run.topology].domain(required, at: exact.pinned[scope]) != domain {
          return nil
        }
      }
      scope = run.scopes[scope].parent
    }
    return pins
  }

  /// Whether what is left to place has room, each leaf and each shape taken alone.
  private mutating func mayFit(_ exact: ExactSearch) -> Bool {
    var rooms: [Int: Int] = [:]
    for leaf in run.leaves.indices where exact.needs[leaf] > 0 {
      let range = allowedRange(leaf, exact)
      var room = 0
      for demand in run.leaves[leaf].demands where run.demands[demand].left > 0 {
        let table = run.demands[demand].table
        state.sync(table)
        var sum = 0
        for position in range {
          sum += Int(state.tables[table].counts[position])
          if sum >= exact.needs[leaf] { break }
        }
        room += min(run.demands[demand].left, sum)
      }
      if room < exact.needs[leaf] { return false }
      if run.leaves[leaf].demands.count == 1 {
        rooms[run.demands[run.leaves[leaf].demands.lowerBound].table, default: 0] += exact.needs[leaf]
      }
    }
    return rooms.allSatisfy { table, need in state.tables[table].sums[0] >= need }
  }

  /// Whether two nodes are alike in everything that matters to the gang in hand.
  private func isEqual(_ a: Int, _ b: Int, _ exact: ExactSearch) -> Bool {
    let topology = state.topologies[run.topology]
    for level in exact.levels where topology.domain(level, at: a) != topology.domain(level, at: b) {
      return false
    }
    let (x, y) = (Int(topology.order[a]), Int(topology.order[b]))
    for column in exact.columns {
      let start = column * state.nodes.stride
      if state.nodes.free[start + x] != state.nodes.free[start + y] { return false }
    }
    for rule in exact.rules
    where (state.rules.verdict(rule, x) == PlacementRule.excluded)
      != (state.rules.verdict(rule, y) == PlacementRule.excluded)
    {
      return false
    }
    return true
  }
}

/// Where a search through everything stands.
struct ExactSearch {
  /// Pods each leaf still needs.
  var needs: [Int]
  /// A position in the domain that each scope with a required level is held to, or -1.
  var pinned: [Int]
  var lastDemand: [Int]
  var lastPosition: [Int]
  /// Whether the budget ran out.
  var isCut = false
  /// Whether pods have affinities, so that the order in which they are placed matters.
  let dependsOnOrder: Bool
  /// Whether a pod that is not needed might have to be there for another's affinity.
  let mayNeedSurplus: Bool
  /// Whether nodes that look alike may still differ: affinities and host ports.
  let hasTies: Bool
  let levels: [Int]
  let columns: [Int]
  let rules: [Int]

  init(_ planner: Planner, leaves: [Int]) {
    let run = planner.run
    needs = run.leaves.map { _ in 0 }
    for leaf in leaves { needs[leaf] = run.leaves[leaf].need }
    pinned = run.scopes.map { $0.required >= 0 ? $0.anchor : -1 }
    lastDemand = run.leaves.map(\.demands.lowerBound)
    lastPosition = run.demands.map { _ in 0 }
    dependsOnOrder = run.demands.contains {
      $0.profile != 0 && planner.state.affinity.dependsOnOrder($0.profile)
    }
    mayNeedSurplus =
      dependsOnOrder
      && run.leaves.contains { leaf in
        leaf.demands.reduce(0) { $0 + run.demands[$1].left } > leaf.need
      }
    let shapes = run.demands.map { planner.state.shapes.shapes[$0.shape] }
    hasTies = run.demands.contains { $0.profile != 0 } || shapes.contains { !$0.ports.isEmpty }
    levels = Set(run.scopes.map(\.required)).subtracting([-1]).sorted()
    columns = Set(shapes.flatMap { $0.requests.map(\.column) } + [ResourceTable.pods]).sorted()
    rules = Set(shapes.map(\.rule)).sorted()
  }
}
