extension Planner {
  /// What could be evicted for the gang in hand among the pods in a range of positions: everything of lower priority
  /// that was not placed by this decision, the most important first (S-050, S-051).
  ///
  /// A gang that has one pod in the range counts with all its pods, wherever they are.
  mutating func victimUnits(in range: Range<Int>) -> [VictimUnit] {
    var units: [VictimUnit] = []
    // Who needs another gang does not evict it.
    var seen = neededGangs()
    if run.gang >= 0 { seen.insert(run.gang) }
    for position in range {
      let node = Int(state.topologies[run.topology].order[position])
      var pod = Int(state.nodes.firstPod[node])
      while pod >= 0 {
        let gang = Int(state.pods.gang[pod])
        if gang < 0 {
          if state.pods.state[pod] == .bound && state.pods.priority[pod] < run.priority && !isFresh[pod] {
            units.append(
              VictimUnit(
                pods: [Int32(pod)], priority: state.pods.priority[pod], creation: state.pods.creation[pod],
                gang: -1, isCore: true, hasDependents: false))
          }
        } else if state.gangs.records[gang].priority < run.priority && seen.insert(gang).inserted {
          appendUnits(of: gang, to: &units)
        }
        pod = Int(state.pods.nextOnNode[pod])
      }
    }
    counters.nodesExamined += range.count
    let dependedOn = units.isEmpty ? [] : gangsDependedOn()
    for index in units.indices where units[index].gang >= 0 {
      units[index].hasDependents = dependedOn.contains(units[index].gang)
    }
    units.sort { isMoreImportant($0, $1) }
    var cores: [Int: Int] = [:]
    for (index, unit) in units.enumerated() where unit.gang >= 0 && unit.isCore { cores[unit.gang] = index }
    for index in units.indices where units[index].gang >= 0 && !units[index].isCore {
      units[index].core = cores[units[index].gang] ?? -1
    }
    return units
  }

  /// Adds the pods of a gang: those it needs as one unit, each of the others as its own.
  private func appendUnits(of gang: Int, to units: inout [VictimUnit]) {
    let record = state.gangs.records[gang]
    var core: [Int32] = []
    var surplus: [Int32] = []
    for leaf in record.leaves {
      var bound = leaf.members.filter {
        state.pods.state[Int($0)] == .bound && state.nodes.isPresent[Int(state.pods.node[Int($0)])]
      }
      if bound.contains(where: { isFresh[Int($0)] }) { return }
      bound.sort { state.pods.isBefore(Int($0), Int($1)) }
      // A gang below its minimum is of no use in parts.
      let needed = record.isMet ? min(leaf.minimum, bound.count) : bound.count
      core += bound[..<needed]
      surplus += bound[needed...]
    }
    let template = VictimUnit(
      pods: core, priority: record.priority, creation: record.creation, gang: gang, isCore: true,
      hasDependents: false)
    if !core.isEmpty { units.append(template) }
    for pod in surplus {
      var unit = template
      unit.pods = [pod]
      unit.isCore = false
      unit.creation = state.pods.creation[Int(pod)]
      units.append(unit)
    }
  }

  /// Gangs that the gang in hand depends on, and those that they depend on.
  func neededGangs() -> Set<Int> {
    guard run.gang >= 0 else { return [] }
    var needed: Set<Int> = []
    var open = [run.gang]
    while let gang = open.popLast() {
      for dependency in state.gangs.records[gang].dependencies where needed.insert(Int(dependency)).inserted {
        open.append(Int(dependency))
      }
    }
    return needed
  }

  private func gangsDependedOn() -> Set<Int> {
    var result: Set<Int> = []
    for record in state.gangs.records where record.isPresent {
      for dependency in record.dependencies { result.insert(Int(dependency)) }
    }
    return result
  }

  /// Higher priority, then what a gang needs before what it does not, then what others depend on, then older, then
  /// larger, then by name.
  private func isMoreImportant(_ a: VictimUnit, _ b: VictimUnit) -> Bool {
    if a.priority != b.priority { return a.priority > b.priority }
    if a.isCore != b.isCore { return a.isCore }
    if a.hasDependents != b.hasDependents { return a.hasDependents }
    if a.creation != b.creation { return a.creation < b.creation }
    if a.pods.count != b.pods.count { return a.pods.count > b.pods.count }
    guard let first = a.pods.first, let second = b.pods.first else { return false }
    return state.pods.isBefore(Int(first), Int(second))
  }

  mutating func remove(_ unit: VictimUnit) { shift(unit, by: -1) }

  mutating func giveBack(_ unit: VictimUnit) { shift(unit, by: 1) }

  private mutating func shift(_ unit: VictimUnit, by count: Int) {
    for pod in unit.pods {
      let pod = Int(pod)
      state.take(
        count, of: Int(state.pods.shape[pod]), profile: Int(state.pods.profile[pod]),
        on: Int(state.pods.node[pod]))
    }
  }

  // MARK: Plans apart from the log

  mutating func lift(_ moves: [Move]) {
    for move in moves.reversed() { shift(move, by: -1) }
  }

  mutating func put(_ moves: [Move]) {
    for move in moves { shift(move, by: 1) }
  }

  private mutating func shift(_ move: Move, by sign: Int) {
    let count = Int(move.count) * sign
    state.take(count, of: Int(move.shape), profile: Int(move.profile), on: Int(move.node))
    let demand = Int(move.demand)
    run.demands[demand].left -= count
    run.leaves[run.demands[demand].leaf].placed += count
  }
}
