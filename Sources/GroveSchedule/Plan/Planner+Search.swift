/// A scope for which the search has to choose a domain, and how far it got with that.
struct Frame: Sendable {
  enum Phase: Sendable {
    /// Domains of ``level``, then of broader levels down to ``floor``.
    case domains
    /// The domain of the scope around it.
    case inherited
    /// Doing without the scope, where a part of its siblings is enough.
    case skipped
    case done
  }

  var scope: Int
  /// Length of the log when the frame was entered.
  var mark: Int
  var phase: Phase
  var level: Int
  var floor: Int
  /// The last domain tried, for the next one to come after it.
  var lastRank: UInt64 = 0
  var lastDomain = -1
}

extension Planner {
  /// Finds places for what the run needs, and leaves them in the log (S-030…S-035).
  ///
  /// Scopes get their domains in order, each within that of the scope around it; when one cannot be placed, the choice
  /// before it is taken back and the next best is tried. A success is a valid plan. A failure says nothing unless
  /// ``isExhausted`` tells that the greedy filling of leaves cannot have been the cause.
  mutating func search() -> Bool {
    counters.searches += 1
    steps = 0
    frames.removeAll(keepingCapacity: true)
    guard !run.order.isEmpty else { return true }
    let start = log.count
    frames.append(frame(for: run.order[0]))
    // Where each frame is in the order; scopes that are done without are jumped over.
    var place = 0
    while steps < budget {
      let depth = frames.count - 1
      rollBack(to: frames[depth].mark)
      if advance(depth) {
        let scope = frames[depth].scope
        place = run.scopes[scope].isSkipped ? run.scopes[scope].orderEnd : run.scopes[scope].orderStart + 1
        if place >= run.order.count { return true }
        frames.append(frame(for: run.order[place]))
      } else {
        frames.removeLast()
        if frames.isEmpty { break }
      }
    }
    rollBack(to: start)
    return false
  }

  private func frame(for scope: Int) -> Frame {
    let parent = run.scopes[scope].parent
    let parentLevel = parent < 0 ? run.rootLevel : run.scopes[parent].level
    let required = run.scopes[scope].required
    let preferred = run.scopes[scope].preferred
    let floor = required > parentLevel ? required : parentLevel + 1
    let level = max(preferred, required)
    var frame = Frame(
      scope: scope, mark: log.count, phase: .domains, level: level, floor: floor)
    if level < floor { frame.phase = .inherited }
    if isEnough(besides: scope) { frame.phase = .skipped }
    return frame
  }

  /// Whether the scope around has what it needs without this one.
  private func isEnough(besides scope: Int) -> Bool {
    guard let parent = flexibleParent(of: scope) else { return false }
    return placedSiblings(of: scope) >= run.scopes[parent].minimum
  }

  /// The scope around, if it can do with a part of what it holds.
  private func flexibleParent(of scope: Int) -> Int? {
    let parent = run.scopes[scope].parent
    guard let subject = run.subject, parent >= subject, parent < run.scopes[subject].end,
      run.scopes[parent].minimum < run.scopes[parent].childCount
    else { return nil }
    return parent
  }

  /// Siblings that are met already or that the search has placed.
  private func placedSiblings(of scope: Int) -> Int {
    var count = 0
    forEachChild(of: run.scopes[scope].parent) { sibling in
      if sibling != scope && run.scopes[sibling].isMet { count += 1 }
    }
    for frame in frames
    where run.scopes[frame.scope].parent == run.scopes[scope].parent && frame.scope != scope
      && !run.scopes[frame.scope].isSkipped && !run.scopes[frame.scope].isMet
    {
      count += 1
    }
    return count
  }

  /// Whether there are enough siblings to do without a scope.
  private func canSkip(_ scope: Int) -> Bool {
    guard let parent = flexibleParent(of: scope) else { return false }
    var open = 0
    forEachChild(of: parent) { sibling in
      guard sibling != scope, run.scopes[sibling].isActive, !run.scopes[sibling].isMet else { return }
      if !frames.contains(where: { $0.scope == sibling }) { open += 1 }
    }
    return placedSiblings(of: scope) + open >= run.scopes[parent].minimum
  }

  /// Takes a frame's next choice; false when there is none left.
  private mutating func advance(_ depth: Int) -> Bool {
    let scope = frames[depth].scope
    run.scopes[scope].isSkipped = false
    let parent = run.scopes[scope].parent
    let parentLevel = parent < 0 ? run.rootLevel : run.scopes[parent].level
    let parentDomain = parent < 0 ? run.rootDomain : run.scopes[parent].domain
    while steps < budget {
      switch frames[depth].phase {
      case .domains:
        let level = frames[depth].level
        guard
          let next = nextDomain(
            scope, level, inside: parentLevel, parentDomain, afterRank: frames[depth].lastRank,
            frames[depth].lastDomain)
        else {
          frames[depth].level -= 1
          frames[depth].lastDomain = -1
          frames[depth].lastRank = 0
          if frames[depth].level < frames[depth].floor {
            frames[depth].phase = run.scopes[scope].required > parentLevel ? .skipped : .inherited
          }
          continue
        }
        frames[depth].lastRank = next.rank
        frames[depth].lastDomain = next.domain
        if settle(scope, level, next.domain, mark: frames[depth].mark) { return true }
      case .inherited:
        frames[depth].phase = .skipped
        let range = state.topologies[run.topology].range(parentLevel, parentDomain)
        let required = run.scopes[scope].required
        if required >= 0
          && (range.isEmpty
            || state.topologies[run.topology].domain(required, at: range.lowerBound) < 0)
        {
          continue
        }
        let anchor = run.scopes[scope].anchor
        if anchor >= 0 && !range.contains(anchor) { continue }
        guard rank(scope, parentLevel, parentDomain) != nil else { continue }
        if settle(scope, parentLevel, parentDomain, mark: frames[depth].mark) { return true }
      case .skipped:
        frames[depth].phase = .done
        if canSkip(scope) {
          run.scopes[scope].isSkipped = true
          return true
        }
      case .done:
        return false
      }
    }
    return false
  }

  /// Puts a scope into a domain; for a leaf, its pods onto nodes there.
  private mutating func settle(_ scope: Int, _ level: Int, _ domain: Int, mark: Int) -> Bool {
    steps += 1
    let parent = run.scopes[scope].parent
    run.scopes[scope].level = level
    run.scopes[scope].domain = domain
    let outer = parent < 0 ? -1 : run.scopes[parent].fill
    run.scopes[scope].fill =
      run.scopes[scope].preferred > level ? run.scopes[scope].preferred : outer > level ? outer : -1
    let leaf = run.scopes[scope].leaf
    guard leaf >= 0 else { return hasSlots(scope, level, domain) }
    var left = run.leaves[leaf].need
    for demand in run.leaves[leaf].demands where left > 0 {
      let count = min(left, run.demands[demand].left)
      if count > 0 { left -= fill(demand, count, level, domain, scope) }
    }
    if left > 0 { rollBack(to: mark) }
    return left == 0
  }

  /// Whether a domain has a domain inside for each of several scopes that ask for the same.
  ///
  /// How many such scopes a domain can hold is at most its room divided by what one needs.
  private mutating func hasSlots(_ scope: Int, _ level: Int, _ domain: Int) -> Bool {
    let range = state.topologies[run.topology].range(level, domain)
    var child = scope + 1
    while child < run.scopes[scope].end {
      defer { child = run.scopes[child].end }
      let required = run.scopes[child].required
      guard run.scopes[child].isActive, run.scopes[child].twin == child, required > level,
        run.scopes[scope].minimum == run.scopes[scope].childCount
      else { continue }
      var count = 0
      forEachChild(of: scope) { if run.scopes[$0].isActive && run.scopes[$0].twin == child { count += 1 } }
      guard count > 1 else { continue }
      if slots(of: child, required, inside: range, upTo: count) < count { return false }
    }
    return true
  }

  /// An upper bound of how many scopes like this one fit into the domains of a range.
  mutating func slots(of scope: Int, _ level: Int, inside range: Range<Int>, upTo limit: Int) -> Int {
    let index = state.topologies[run.topology]
    for need in run.scopes[scope].needs { state.sync(need.table) }
    var total = 0
    for domain in index.domains(level, inside: range) {
      counters.domainsExamined += 1
      var slots = Int.max
      for need in run.scopes[scope].needs where need.need > 0 {
        slots = min(slots, state.tables[need.table].sums[index.sumIndex(level, domain)] / need.need)
      }
      total += min(slots, limit)
      if total >= limit { break }
    }
    return total
  }
}
