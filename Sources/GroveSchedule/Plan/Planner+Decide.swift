internal import GroveModel

extension Planner {
  /// A gang or a pod of its own that has to be served.
  struct Item {
    /// The gang, or -1.
    var gang: Int
    /// The pod of its own, or -1.
    var pod: Int
    var priority: Int32
    var creation: Int64
    /// The lowest priority among it and the gangs it waits for, which is when its turn comes.
    var tier: Int32
  }

  /// What became of an item, with numbers in the place of names.
  struct Result {
    var item: Item
    var verdict: Verdict
    var placed = 0
  }

  /// Places everything that waits, and leaves it placed (S-030…S-037).
  mutating func decide() -> Decision {
    state.clock += 1
    state.refresh()
    isFresh = [Bool](repeating: false, count: state.pods.count)
    robbed.removeAll()
    failures.removeAll()
    var plan = Plan()
    let items = collectItems()
    var gate = DependencyGate(items: items, gangs: state.gangs)
    let ordered = gate.order()
    var start = 0
    var later: [GangRun] = []
    var laterResults: [Int] = []
    while start < ordered.count {
      let tier = ordered[start].tier
      var elastic: [GangRun] = []
      var elasticResults: [Int] = []
      while start < ordered.count, ordered[start].tier == tier {
        let item = ordered[start]
        start += 1
        var result = Result(item: item, verdict: .fits)
        result.verdict = serve(item, gate, &plan, &result.placed)
        if result.verdict == .fits, item.gang >= 0, run.demands.contains(where: { $0.left > 0 }) {
          elastic.append(run)
          elasticResults.append(plan.results.count)
        }
        plan.results.append(result)
      }
      placeSurplus(&elastic, elasticResults, &plan)
      for (index, run) in elastic.enumerated() where run.demands.contains(where: { $0.left > 0 }) {
        later.append(run)
        laterResults.append(elasticResults[index])
      }
    }
    // Evictions for gangs that came later may have left room for what did not fit before.
    if !plan.evictions.isEmpty { placeSurplus(&later, laterResults, &plan) }
    let decision = report(plan)
    if state.affinity.spread.isInUse {
      for placement in plan.placements { state.endSpread(of: Int(placement.pod)) }
    }
    state.trim()
    return decision
  }

  /// Everything that wants a place, or at least has not got what it needs.
  private mutating func collectItems() -> [Item] {
    var items: [Item] = []
    var stillActive: [Int32] = []
    for number in state.activeGangs {
      let gang = Int(number)
      let record = state.gangs.records[gang]
      let isIdle =
        !record.isPresent
        || (record.isMet && record.waitingCount == 0 && record.leaves.allSatisfy { $0.gatedCount == 0 })
      if isIdle {
        state.gangs.records[gang].isListed = false
        continue
      }
      stillActive.append(number)
      items.append(
        Item(
          gang: gang, pod: -1, priority: record.priority, creation: record.creation, tier: record.priority))
    }
    state.activeGangs = stillActive
    var stillSingle: [Int32] = []
    for number in state.singles {
      let pod = Int(number)
      guard state.pods.gang[pod] < 0, state.pods.state[pod].wantsNode else {
        state.pods.isListed[pod] = false
        state.freeIfUnused(pod)
        continue
      }
      stillSingle.append(number)
      items.append(
        Item(
          gang: -1, pod: pod, priority: state.pods.priority[pod], creation: state.pods.creation[pod],
          tier: state.pods.priority[pod]))
    }
    state.singles = stillSingle
    items.sort { isBefore($0, $1) }
    return items
  }

  private func isBefore(_ a: Item, _ b: Item) -> Bool {
    if a.tier != b.tier { return a.tier > b.tier }
    if a.creation != b.creation { return a.creation < b.creation }
    let (x, y) = (names(a), names(b))
    if x.space != y.space { return isByteOrdered(x.space, y.space) }
    if x.name != y.name { return isByteOrdered(x.name, y.name) }
    return a.gang > b.gang
  }

  private func names(_ item: Item) -> (space: String, name: String) {
    item.gang >= 0
      ? (state.gangs.ids.spaces[item.gang], state.gangs.ids.names[item.gang])
      : (state.pods.ids.spaces[item.pod], state.pods.ids.names[item.pod])
  }

  // MARK: Beyond the minimum

  /// Places what is left of gangs that have met their minimum, one member per gang and turn (S-031).
  private mutating func placeSurplus(
    _ runs: inout [GangRun], _ results: [Int], _ plan: inout Plan
  ) {
    var rotation = Array(runs.indices)
    var exhausted = runs.map { [Bool](repeating: false, count: $0.leaves.count) }
    while !rotation.isEmpty {
      var next: [Int] = []
      for index in rotation where !robbed.contains(runs[index].gang) {
        swap(&run, &runs[index])
        let placed = placeMember(&exhausted[index], &plan)
        swap(&run, &runs[index])
        plan.results[results[index]].placed += placed
        if placed > 0 { next.append(index) }
      }
      rotation = next
    }
  }

  /// Places one more member of the gang in hand: a pod of the leaf that has least of what it needs, or a scope inside
  /// that the minimum did without.
  private mutating func placeMember(_ isExhausted: inout [Bool], _ plan: inout Plan) -> Int {
    while true {
      var chosen: Int?
      for leaf in run.leaves.indices where !isExhausted[leaf] {
        guard run.leaves[leaf].demands.contains(where: { run.demands[$0].left > 0 }) else { continue }
        if let best = chosen {
          let mine = run.leaves[leaf].placed * max(1, run.leaves[best].minimum)
          let other = run.leaves[best].placed * max(1, run.leaves[leaf].minimum)
          if mine >= other { continue }
        }
        chosen = leaf
      }
      guard let leaf = chosen else { return 0 }
      if let scope = unmetScope(around: leaf) { needMinimums(under: scope) } else { needOne(of: leaf) }
      if !run.order.isEmpty && search() {
        let placed = commit(&plan)
        if placed > 0 { return placed }
      }
      isExhausted[leaf] = true
    }
  }

  /// The outermost scope around a leaf whose minimum is not met, or nil.
  private func unmetScope(around leaf: Int) -> Int? {
    let isMet = metScopes()
    var result: Int?
    var scope = run.leaves[leaf].scope
    while scope >= 0 {
      if !isMet[scope] { result = scope }
      scope = run.scopes[scope].parent
    }
    return result
  }
}

/// A pod and its node by number.
struct Placement {
  var pod: Int32
  var node: Int32
  var gang: Int32
}

/// A decision in the making.
struct Plan {
  var placements: [Placement] = []
  var evictions: [Eviction] = []
  var results: [Planner.Result] = []
}
