/// Placement rules written down a second time, as plainly as possible, to check the scheduler against (S-081).
extension Instance {
  /// Whether a unit may be put on a node where everything else is.
  func allows(_ unit: Int, on node: Int) -> Bool {
    let one = units[unit]
    let machine = machines[node]
    if machine.isCordoned { return false }
    if machine.isTainted && !one.tolerates { return false }
    if let selected = one.selected, machine.path[0] != selected { return false }
    if !canHold(node, one) { return false }
    if let level = one.apart, let value = machine.path[level] {
      for other in units where other.node != nil && other.apart == level {
        if machines[other.node ?? 0].path[level] == value { return false }
      }
    }
    if let level = one.together {
      guard let value = machine.path[level] else { return false }
      let kin = units.compactMap { $0.together == level ? $0.node : nil }.compactMap {
        machines[$0].path[level]
      }
      if !kin.isEmpty && !kin.contains(value) { return false }
    }
    return isSpread(one, on: node)
  }

  /// Whether one more pod keeps its topology spread constraint.
  private func isSpread(_ one: Unit, on node: Int) -> Bool {
    guard let spread = one.spread else { return true }
    guard let own = machines[node].path[spread.level] else { return false }
    var counts: [String: Int] = [:]
    var count = 0
    for (index, machine) in machines.enumerated() {
      guard let value = machine.path[spread.level] else { continue }
      if spread.honorsTaints && machine.isTainted && !one.tolerates { continue }
      if !spread.ignoresSelector, let selected = one.selected, machine.path[0] != selected { continue }
      let here = units.count {
        $0.node == index && ($0.marks.contains("spread\(spread.level)") || $0.spread?.level == spread.level)
      }
      counts[value, default: 0] += here
      if value == own { count += here }
    }
    let least = counts.count < spread.domains ? 0 : counts.values.min() ?? 0
    return count + 1 - least <= spread.skew
  }

  /// The path of a node down to a level, or nil when it lacks the level's label.
  func domain(_ node: Int, _ level: Int) -> [String?]? {
    machines[node].path[level] == nil ? nil : Array(machines[node].path[...level])
  }

  func unitsInside(_ scope: Scope) -> [Int] {
    scope.units + scope.scopes.flatMap { unitsInside($0) }
  }

  /// Whether the placed pods of a scope keep to what it and the scopes inside require; scopes that got no pod since a
  /// start are not judged.
  func keepsTogether(_ scope: Scope, since start: Instance) -> Bool {
    guard unitsInside(scope).contains(where: { units[$0].node != start.units[$0].node }) else { return true }
    if let level = scope.required {
      let domains = unitsInside(scope).compactMap { units[$0].node }.map { domain($0, level) }
      if domains.contains(nil) || Set(domains).count > 1 { return false }
    }
    return scope.scopes.allSatisfy { keepsTogether($0, since: start) }
  }

  func isMet(_ scope: Scope) -> Bool {
    scope.scopes.isEmpty
      ? scope.units.count { units[$0].node != nil } >= scope.minimum
      : scope.scopes.count { isMet($0) } >= scope.minimum
  }

  /// Whether waiting pods of a team can be placed so that its minimum is met and its constraints hold; nil when that
  /// took more than so many tries.
  func canPlace(_ team: Int, tries: inout Int) -> Bool? {
    var copy = self
    let waiting = unitsInside(teams[team].root).filter { units[$0].node == nil }
    let matters = waiting.contains { units[$0].together != nil || units[$0].spread != nil }
    return copy.place(team, waiting, since: self, anyOrder: matters, &tries)
  }

  private mutating func place(
    _ team: Int, _ waiting: [Int], since start: Instance, anyOrder: Bool, _ tries: inout Int
  ) -> Bool? {
    tries -= 1
    if tries < 0 { return nil }
    if !keepsTogether(teams[team].root, since: start) { return false }
    if isMet(teams[team].root) { return true }
    for (position, unit) in waiting.enumerated() {
      if position > 0 && !anyOrder { break }
      var others = waiting
      others.remove(at: position)
      for node in machines.indices where allows(unit, on: node) {
        units[unit].node = node
        let result = place(team, others, since: start, anyOrder: anyOrder, &tries)
        units[unit].node = nil
        if result != false { return result }
      }
      // Without the pod.
      if !anyOrder { return place(team, others, since: start, anyOrder: anyOrder, &tries) }
    }
    return false
  }
}
