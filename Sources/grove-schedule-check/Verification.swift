internal import GroveModel
internal import GroveSchedule
internal import KubernetesModel

extension Instance {
  /// What is wrong with a decision, or nil.
  func problem(with decision: Decision, _ tally: inout Tally) -> String? {
    var state = self
    var named: [String: Int] = [:]
    for (index, unit) in units.enumerated() { named[unit.name] = index }
    var machineNamed: [String: Int] = [:]
    for (index, machine) in machines.enumerated() { machineNamed[machine.name] = index }
    let wasMet = teams.map { isMet($0.root) }

    tally.evictions += decision.evictions.count
    for eviction in decision.evictions {
      guard let unit = named[eviction.pod.name], let node = state.units[unit].node,
        machines[node].name == eviction.node
      else { return "evicts \(eviction.pod), which is not there" }
      guard let beneficiary = teams.firstIndex(where: { $0.name == eviction.beneficiary.name }),
        priority(of: unit) < teams[beneficiary].priority
      else { return "evicts \(eviction.pod), which is no less important" }
      state.units[unit].node = nil
    }
    let afterEvictions = state
    for binding in decision.bindings {
      guard let unit = named[binding.pod.name], let node = machineNamed[binding.node] else {
        return "binds something unknown"
      }
      if state.units[unit].node != nil { return "binds \(binding.pod) again" }
      if decision.evictions.contains(where: { $0.pod == binding.pod }) { return "binds a victim" }
      if !state.allows(unit, on: node) { return "\(binding.pod) does not go on \(binding.node)" }
      state.units[unit].node = node
    }
    for (index, team) in teams.enumerated() {
      let bound = decision.bindings.filter { $0.gang?.name == team.name }
      let outcome = decision.outcome(of: Self.named(team.name))
      let isRobbed = decision.evictions.contains { $0.gang?.name == team.name }
      if !bound.isEmpty {
        if !state.isMet(team.root) { return "\(team.name) is bound in part" }
        if !state.keepsTogether(team.root, since: afterEvictions) { return "\(team.name) is not together" }
        for base in team.dependencies where !state.isMet(teams[base].root) {
          return "\(team.name) is bound before its base"
        }
      }
      guard let outcome else {
        if !isRobbed && !state.isMet(team.root) { return "\(team.name) has no outcome" }
        continue
      }
      if outcome.verdict == .fits && !isRobbed && !state.isMet(team.root) {
        return "\(team.name) is said to fit and does not meet its minimum"
      }
      if outcome.verdict != .fits && !bound.isEmpty { return "\(team.name) is bound in spite of its verdict" }
      if wasMet[index] && !isRobbed && team.dependencies.isEmpty && outcome.verdict != .fits {
        return "\(team.name) was met before"
      }
      if let score = outcome.score, !(0...1).contains(score) { return "score \(score)" }
    }
    if let problem = extras(afterEvictions, state, decision) { return problem }
    checkVictims(afterEvictions, decision, named, &tally)
    return verdictProblem(afterEvictions, decision, named, machineNamed, &tally)
  }

  /// Counts evictions that were not needed, and teams that lacked some, where the state at the time is known.
  private func checkVictims(
    _ start: Instance, _ decision: Decision, _ named: [String: Int], _ tally: inout Tally
  ) {
    guard teams.count == 1, teams[0].priority > 0,
      let outcome = decision.outcome(of: Self.named(teams[0].name))
    else { return }
    if outcome.verdict == .fits {
      for eviction in decision.evictions {
        guard let unit = named[eviction.pod.name] else { continue }
        var state = start
        state.units[unit].node = units[unit].node
        var tries = 20_000
        if state.canPlace(0, tries: &tries) == true { tally.excess += 1 }
      }
    } else if case .waiting = outcome.verdict {
      return
    } else {
      var state = start
      for unit in units.indices where units[unit].node != nil && priority(of: unit) < teams[0].priority {
        state.units[unit].node = nil
      }
      var tries = 20_000
      if state.canPlace(0, tries: &tries) == true { tally.unhelped += 1 }
    }
  }

  private func priority(of unit: Int) -> Int {
    teams.first { unitsInside($0.root).contains(unit) }?.priority ?? units[unit].priority
  }

  /// Surplus of a met team that could still be placed in the end (S-031).
  private func extras(_ start: Instance, _ end: Instance, _ decision: Decision) -> String? {
    for team in teams where end.isMet(team.root) {
      let outcome = decision.outcome(of: Self.named(team.name))
      guard outcome?.verdict == .fits, !decision.evictions.contains(where: { $0.gang?.name == team.name })
      else { continue }
      for unit in unitsInside(team.root)
      where end.units[unit].node == nil && units[unit].together == nil && units[unit].spread == nil {
        guard end.leaf(of: unit, in: team.root).map({ end.isMet($0) }) == true,
          end.units.allSatisfy({ $0.together == nil })
        else { continue }
        for node in machines.indices where end.allows(unit, on: node) {
          var next = end
          next.units[unit].node = node
          if next.keepsTogether(team.root, since: start) && next.isChainMet(unit, team.root) {
            return "\(units[unit].name) could go on \(machines[node].name)"
          }
        }
      }
    }
    return nil
  }

  private func leaf(of unit: Int, in scope: Scope) -> Scope? {
    if scope.units.contains(unit) { return scope }
    for inner in scope.scopes {
      if let found = leaf(of: unit, in: inner) { return found }
    }
    return nil
  }

  /// Whether all scopes around a unit meet their minimums.
  private func isChainMet(_ unit: Int, _ scope: Scope) -> Bool {
    guard unitsInside(scope).contains(unit) else { return true }
    return isMet(scope) && scope.scopes.allSatisfy { isChainMet(unit, $0) }
  }

  /// Verdicts of teams that failed, checked in the state in which their turn came.
  private func verdictProblem(
    _ start: Instance, _ decision: Decision, _ named: [String: Int], _ machineNamed: [String: Int],
    _ tally: inout Tally
  ) -> String? {
    for (position, outcome) in decision.outcomes.enumerated() {
      guard let team = teams.firstIndex(where: { $0.name == outcome.name.name }) else { continue }
      let isProof: Bool
      switch outcome.verdict {
      case .fits:
        tally.fits += 1
        continue
      case .waiting: continue
      case .cannotFit:
        tally.cannotFit += 1
        isProof = true
      case .notFound:
        tally.notFound += 1
        isProof = false
      }
      // With evictions the state at the time is not known from the outside.
      if !decision.evictions.isEmpty { continue }
      var state = start
      for earlier in decision.outcomes[..<position] {
        guard let other = teams.firstIndex(where: { $0.name == earlier.name.name }) else { continue }
        let isSameTier = tier(other) == tier(team)
        let limit = isSameTier ? missing(teams[other].root) : Int.max
        for binding in decision.bindings.filter({ $0.gang == earlier.name }).prefix(limit) {
          guard let unit = named[binding.pod.name], let node = machineNamed[binding.node] else { continue }
          state.units[unit].node = node
        }
      }
      var tries = 200_000
      switch state.canPlace(team, tries: &tries) {
      case true? where isProof: return "\(outcome.name) does fit"
      case true?: tally.missed += 1
      case false?: break
      case nil: tally.undecided += 1
      }
    }
    return nil
  }

  private func tier(_ team: Int) -> Int {
    teams[team].dependencies.filter { !isMet(teams[$0].root) }
      .reduce(teams[team].priority) { min($0, tier($1)) }
  }

  /// Pods a team needs at the start; right for teams of which no part is optional.
  private func missing(_ scope: Scope) -> Int {
    scope.scopes.isEmpty
      ? max(0, scope.minimum - scope.units.count { units[$0].node != nil })
      : scope.scopes.reduce(0) { $0 + missing($1) }
  }
}
