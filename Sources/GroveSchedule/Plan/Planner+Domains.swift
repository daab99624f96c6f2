extension Planner {
  /// The best domain of a level for a scope that comes after one already tried, or nil.
  mutating func nextDomain(
    _ scope: Int, _ level: Int, inside parentLevel: Int, _ parentDomain: Int, afterRank lastRank: UInt64,
    _ lastDomain: Int
  ) -> (rank: UInt64, domain: Int)? {
    let topology = run.topology
    let range = state.topologies[topology].range(parentLevel, parentDomain)
    for need in run.scopes[scope].needs { state.sync(need.table) }
    let anchor = run.scopes[scope].anchor
    if anchor >= 0 {
      // Pods that have a place pin the domain (S-032).
      guard lastDomain < 0, run.scopes[scope].common >= level, range.contains(anchor) else { return nil }
      let domain = state.topologies[topology].domain(level, at: anchor)
      // Pods may share a deep domain and have no label of this level.
      return domain < 0 ? nil : rank(scope, level, domain).map { ($0, domain) }
    }
    let domains = state.topologies[topology].domains(level, inside: range)
    if run.scopes[scope].mixedLeaves.isEmpty && run.scopes[scope].needs.count == 1 && run.hints.isEmpty
      && (run.scopes[scope].required < 0 || run.scopes[scope].required >= level)
    {
      return nextDomain(
        run.scopes[scope].needs[0], level, domains, afterRank: lastRank, lastDomain)
    }
    var best: (rank: UInt64, domain: Int)?
    for domain in domains {
      guard let rank = rank(scope, level, domain) else { continue }
      if lastDomain >= 0 && (rank, domain) <= (lastRank, lastDomain) { continue }
      if rank < best?.rank ?? .max { best = (rank, domain) }
    }
    return best
  }

  /// The same for the common case of pods that are all alike: a scan over one array.
  private mutating func nextDomain(
    _ need: ScopeNeed, _ level: Int, _ domains: Range<Int>, afterRank lastRank: UInt64, _ lastDomain: Int
  ) -> (rank: UInt64, domain: Int)? {
    counters.domainsExamined += domains.count
    let start = state.topologies[run.topology].sumIndex(level, 0)
    let prefersEmpty = prefersEmptyDomains
    return state.tables[need.table].withSums { sums in
      var best: (rank: UInt64, domain: Int)?
      var least = UInt64.max
      for domain in domains {
        let room = sums[start + domain]
        if room < need.need { continue }
        let rank = Self.rank(room: UInt64(room), isFull: room >= need.want, prefersEmpty)
        if rank >= least { continue }
        if lastDomain >= 0 && (rank, domain) <= (lastRank, lastDomain) { continue }
        least = rank
        best = (rank, domain)
      }
      return best
    }
  }

  private var prefersEmptyDomains: Bool { policy.domains == .mostFree || policy.domains == .balanced }

  /// Domains that hold everything the scope would take come before those that hold just its minimum; among the first
  /// the policy decides, among the second the roomiest is best.
  @inline(__always)
  private static func rank(
    room: UInt64, isFull: Bool, isHinted: Bool = true, _ prefersEmpty: Bool
  ) -> UInt64 {
    let largest: UInt64 = 1 << 62 - 1
    let room = min(room, largest)
    let key = prefersEmpty || !isFull ? largest - room : room
    return (isFull ? 0 : 1 << 63) | (isHinted ? 0 : 1 << 62) | key
  }

  /// How good a domain is for a scope, smaller being better, or nil when it cannot hold the scope.
  mutating func rank(_ scope: Int, _ level: Int, _ domain: Int) -> UInt64? {
    counters.domainsExamined += 1
    let required = run.scopes[scope].required
    if required >= 0 && required < level {
      // A domain of a deeper level may be in none of the required one.
      let first = state.topologies[run.topology].range(level, domain).lowerBound
      if state.topologies[run.topology].domain(required, at: first) < 0 { return nil }
    }
    let index = state.topologies[run.topology].sumIndex(level, domain)
    var isFull = true
    var room: UInt64 = 0
    let isAlone = run.scopes[scope].needs.count == 1
    for position in run.scopes[scope].needs.indices {
      let need = run.scopes[scope].needs[position]
      state.sync(need.table)
      let sum = state.tables[need.table].sums[index]
      if sum < need.need { return nil }
      if sum < need.want { isFull = false }
      // Rooms for different pods are added as parts of the cluster's.
      room += isAlone ? UInt64(sum) : UInt64(sum) << 20 / UInt64(max(1, state.tables[need.table].sums[0]))
    }
    for leaf in run.scopes[scope].mixedLeaves {
      var sum = 0
      var wanted = 0
      for demand in run.leaves[leaf].demands {
        state.sync(run.demands[demand].table)
        sum += min(run.demands[demand].left, state.tables[run.demands[demand].table].sums[index])
        wanted += run.demands[demand].left
      }
      if sum < run.leaves[leaf].need { return nil }
      if sum < wanted { isFull = false }
      room += UInt64(sum)
    }
    return Self.rank(room: room, isFull: isFull, isHinted: isHinted(level, domain), prefersEmptyDomains)
  }

  private func isHinted(_ level: Int, _ domain: Int) -> Bool {
    if run.hints.isEmpty { return true }
    return run.hints.contains { state.topologies[run.topology].domain(level, at: $0) == domain }
  }
}
