extension Planner {
  /// Puts pods of a demand onto nodes of a domain; returns how many.
  mutating func fill(_ demand: Int, _ count: Int, _ level: Int, _ domain: Int, _ scope: Int) -> Int {
    let target = run.scopes[scope].fill
    if target > level {
      let range = state.topologies[run.topology].range(level, domain)
      return fillFewest(demand, count, range, level + 1, target, usedDomains(of: scope, target))
    }
    return fill(demand, count, in: state.topologies[run.topology].range(level, domain))
  }

  /// Puts pods of a demand onto nodes of a range of positions, in the order of the policy; returns how many.
  mutating func fill(_ demand: Int, _ count: Int, in range: Range<Int>) -> Int {
    if run.demands[demand].profile != 0 { return fillOneByOne(demand, count, in: range) }
    let table = run.demands[demand].table
    state.sync(table)
    var left = count
    if !run.hints.isEmpty { left -= fillHinted(demand, left, in: range) }
    while left > 0, let best = state.tables[table].tree.smallest(in: range) {
      let node = Int(state.topologies[run.topology].order[best.position])
      let room = Int(state.tables[table].counts[best.position])
      let taken = isSpread ? 1 : min(left, room)
      apply(taken, demand: demand, on: node)
      state.sync(table)
      left -= taken
    }
    return count - left
  }

  /// Puts pods onto hinted nodes that are liked as much as any other (S-039).
  private mutating func fillHinted(_ demand: Int, _ count: Int, in range: Range<Int>) -> Int {
    let table = run.demands[demand].table
    var left = count
    for position in run.hints where left > 0 && range.contains(position) {
      guard let best = state.tables[table].tree.smallest(in: range) else { break }
      let room = Int(state.tables[table].counts[position])
      let key = state.tables[table].tree[position]
      guard room > 0, FitTable.dislike(key) == FitTable.dislike(best.key) else { continue }
      let taken = min(left, room)
      apply(taken, demand: demand, on: Int(state.topologies[run.topology].order[position]))
      state.sync(table)
      left -= taken
    }
    return count - left
  }

  // MARK: Several domains

  /// Puts pods into as few domains of a deep level as possible, going down level by level from a range that is a
  /// domain, or what is left of one beside the domains inside.
  private mutating func fillFewest(
    _ demand: Int, _ count: Int, _ range: Range<Int>, _ level: Int, _ target: Int, _ used: Set<Int>
  ) -> Int {
    guard level <= target else { return fill(demand, count, in: range) }
    let table = run.demands[demand].table
    state.sync(table)
    var rooms: [(domain: Int, room: Int)] = []
    var end = range.lowerBound
    for inner in state.topologies[run.topology].domains(level, inside: range) {
      let room = state.tables[table].sums[state.topologies[run.topology].sumIndex(level, inner)]
      if room > 0 { rooms.append((inner, room)) }
      end = state.topologies[run.topology].range(level, inner).upperBound
    }
    counters.domainsExamined += rooms.count
    var left = count
    // Domains where the scope has pods already come first.
    for index in rooms.indices.reversed() where !used.isEmpty && left > 0 {
      let (domain, room) = rooms[index]
      guard used.contains(state.topologies[run.topology].sumIndex(level, domain)) else { continue }
      let inner = state.topologies[run.topology].range(level, domain)
      left -= fillFewest(demand, min(left, room), inner, level + 1, target, used)
      rooms.remove(at: index)
    }
    for share in shares(of: left, among: rooms) {
      let inner = state.topologies[run.topology].range(level, share.domain)
      left -= fillFewest(demand, share.count, inner, level + 1, target, used)
    }
    // Nodes that are in no domain of the level stand behind those that are.
    if left > 0 && end < range.upperBound {
      left -= fillFewest(demand, left, end..<range.upperBound, level + 1, target, used)
    }
    // Where pods keep off each other, a share may not have fitted.
    if left > 0 && run.demands[demand].profile != 0 { left -= fill(demand, left, in: range) }
    return count - left
  }

  /// How many pods each domain gets, by the policy (S-034).
  private func shares(
    of count: Int, among rooms: [(domain: Int, room: Int)]
  ) -> [(domain: Int, count: Int)] {
    guard count > 0 else { return [] }
    let isAscending = policy.domains == .leastFree
    let sorted = rooms.sorted {
      $0.room == $1.room ? $0.domain < $1.domain : ($0.room < $1.room) == isAscending
    }
    var left = count
    var shares: [(domain: Int, count: Int)] = []
    if policy.domains == .balanced {
      var capacity = 0
      var fewest = 0
      while fewest < sorted.count, capacity < count {
        capacity += sorted[fewest].room
        fewest += 1
      }
      // From the smallest on, so that what does not fit there is shared by the others.
      for index in (0..<fewest).reversed() {
        let share = min(sorted[index].room, left / (index + 1))
        shares.append((sorted[index].domain, share))
        left -= share
      }
      return shares
    }
    for (index, entry) in sorted.enumerated() where left > 0 {
      if policy.domains == .bestFit, entry.room >= left {
        // One more domain is enough: the tightest that is.
        let tightest = sorted[index...].last { $0.room >= left }?.room ?? entry.room
        let chosen = sorted[index...].first { $0.room == tightest } ?? entry
        shares.append((chosen.domain, left))
        return shares
      }
      let share = min(left, entry.room)
      shares.append((entry.domain, share))
      left -= share
    }
    return shares
  }

  /// Domains that hold pods of a scope already, or of one around it that has the same level to fill.
  private func usedDomains(of scope: Int, _ target: Int) -> Set<Int> {
    var used: Set<Int> = []
    var outer = scope
    while run.scopes[outer].parent >= 0, run.scopes[run.scopes[outer].parent].fill == target {
      outer = run.scopes[outer].parent
    }
    let topology = state.topologies[run.topology]
    func note(_ position: Int) {
      for level in 0...target {
        let domain = topology.domain(level, at: position)
        if domain >= 0 { used.insert(topology.sumIndex(level, domain)) }
      }
    }
    if run.scopes[outer].anchor >= 0 { note(run.scopes[outer].anchor) }
    for move in log where move.demand >= 0 {
      let owner = run.leaves[run.demands[Int(move.demand)].leaf].scope
      if owner >= outer && owner < run.scopes[outer].end { note(topology.position(of: Int(move.node))) }
    }
    return used
  }

  // MARK: Pod affinity

  /// Puts pods that take part in pod affinities onto nodes, one by one, with every check (S-021).
  private mutating func fillOneByOne(_ demand: Int, _ count: Int, in range: Range<Int>) -> Int {
    let table = run.demands[demand].table
    let profile = run.demands[demand].profile
    state.sync(table)
    var positions: [Int] = []
    for position in range where state.tables[table].counts[position] > 0 { positions.append(position) }
    positions.sort {
      let (a, b) = (state.tables[table].tree[$0], state.tables[table].tree[$1])
      return a == b ? $0 < $1 : a < b
    }
    counters.nodesExamined += positions.count
    guard let key = state.affinity.startingKey(profile) else {
      return fillInTurn(demand, count, positions)
    }
    return fillFirstOfKind(demand, count, positions, key)
  }

  /// Goes through positions in order, as often as that helps.
  private mutating func fillInTurn(_ demand: Int, _ count: Int, _ positions: [Int]) -> Int {
    let table = run.demands[demand].table
    let profile = run.demands[demand].profile
    if state.affinity.hasSoftSpread(profile) { return fillApart(demand, count, positions) }
    let isRepeated = isSpread || state.affinity.dependsOnOrder(profile)
    var left = count
    var placedInPass = 0
    repeat {
      placedInPass = 0
      for position in positions {
        let node = Int(state.topologies[run.topology].order[position])
        while left > 0, state.fitCount(run.demands[demand].shape, on: node) > 0 {
          counters.nodesExamined += 1
          if state.affinity.rejection(profile, on: node) != nil { break }
          apply(1, demand: demand, on: node)
          left -= 1
          placedInPass += 1
          if isSpread { break }
        }
        if left == 0 { break }
      }
    } while left > 0 && placedInPass > 0 && isRepeated
    state.sync(table)
    return count - left
  }

  /// Takes for each pod the position it likes best and, among those, the one whose domains have fewest pods that its
  /// soft topology spread constraints count (S-256, S-263).
  private mutating func fillApart(_ demand: Int, _ count: Int, _ positions: [Int]) -> Int {
    let table = run.demands[demand].table
    let profile = run.demands[demand].profile
    var left = count
    while left > 0 {
      state.sync(table)
      var best: (dislike: UInt32, crowding: Int, key: UInt64, node: Int)?
      for position in positions where state.tables[table].counts[position] > 0 {
        let node = Int(state.topologies[run.topology].order[position])
        let key = state.tables[table].tree[position]
        counters.nodesExamined += 1
        if let best, FitTable.dislike(key) > best.dislike { continue }
        if state.affinity.rejection(profile, on: node) != nil { continue }
        let candidate = (FitTable.dislike(key), state.affinity.crowding(profile, on: node), key, node)
        if let known = best,
          (known.dislike, known.crowding, known.key) <= (candidate.0, candidate.1, candidate.2)
        {
          continue
        }
        best = candidate
      }
      guard let best else { break }
      apply(1, demand: demand, on: best.node)
      left -= 1
    }
    state.sync(table)
    return count - left
  }

  /// Pods that must be near each other and are the first of their kind: tries one domain of their label after the
  /// other, the tightest that could hold all of them first.
  private mutating func fillFirstOfKind(
    _ demand: Int, _ count: Int, _ positions: [Int], _ key: Int
  ) -> Int {
    let table = run.demands[demand].table
    var rooms: [Int: Int] = [:]
    for position in positions {
      let domain = state.affinity.domain(key, of: Int(state.topologies[run.topology].order[position]))
      rooms[domain, default: 0] += Int(state.tables[table].counts[position])
    }
    var groups: [(room: Int, first: Int, positions: [Int])] = []
    var numbers: [Int: Int] = [:]
    for position in positions {
      let domain = state.affinity.domain(key, of: Int(state.topologies[run.topology].order[position]))
      if let known = numbers[domain] {
        groups[known].positions.append(position)
        groups[known].first = min(groups[known].first, position)
      } else {
        numbers[domain] = groups.count
        groups.append((rooms[domain] ?? 0, position, [position]))
      }
    }
    groups.sort { a, b in
      let (isEnough, isEnoughToo) = (a.room >= count, b.room >= count)
      if isEnough != isEnoughToo { return isEnough }
      if a.room != b.room { return (a.room < b.room) == isEnough }
      return a.first < b.first
    }
    let mark = log.count
    for group in groups {
      let placed = fillInTurn(demand, count, group.positions)
      if placed == count { return placed }
      rollBack(to: mark)
    }
    return fillInTurn(demand, count, positions)
  }
}
