internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

extension Explorer {
  /// A shorter run that goes wrong in the same way.
  ///
  /// Moves are left out in chunks as long as the same oracle complains, chunks are replaced by letting everything run,
  /// and what is left is made simpler.
  ///
  /// - Parameters:
  ///   - finding: what went wrong.
  ///   - attempts: the most runs to make.
  public mutating func shrink(_ finding: Finding, attempts: Int = 1_500) -> Finding {
    var best = finding
    var left = attempts
    /// Makes a run; keeps it when it goes wrong in the same way.
    func isKept(_ trace: Trace, _ explorer: inout Explorer) -> Bool {
      guard left > 0, trace != best.trace else { return false }
      left -= 1
      guard let found = explorer.replay(trace), found.violation.oracle == finding.violation.oracle else {
        return false
      }
      best = Finding(seed: finding.seed, trace: trace, violation: found.violation)
      return true
    }
    for start in Self.simplerStarts(than: best.trace.start) {
      if isKept(Trace(start: start, moves: best.trace.moves), &self) { break }
    }
    var hasChanged = true
    while hasChanged, left > 0 {
      hasChanged = false
      // The longest pieces first, replaced by nothing or by a rest.
      var size = max(best.trace.moves.count / 2, 1)
      while size >= 1, left > 0 {
        var position = 0
        while position < best.trace.moves.count, left > 0 {
          let end = min(position + size, best.trace.moves.count)
          var trace = best.trace
          trace.moves.removeSubrange(position..<end)
          if isKept(trace, &self) {
            hasChanged = true
            continue
          }
          if size > 1 {
            trace.moves.insert(.rest, at: position)
            if isKept(trace, &self) {
              hasChanged = true
              position += 1
              continue
            }
          }
          position = end
        }
        size /= 2
      }
      for position in best.trace.moves.indices {
        for simpler in best.trace.moves[position].simpler {
          guard position < best.trace.moves.count else { break }
          var trace = best.trace
          trace.moves[position] = simpler
          if isKept(trace, &self) { hasChanged = simpler != .rest || hasChanged }
        }
      }
    }
    return best
  }

  private static func simplerStarts(than start: ExplorationStart) -> [ExplorationStart] {
    var starts: [ExplorationStart] = start.leftovers == nil ? [] : [start.inOrder]
    for settled in [true, false] {
      for lags in [false, true] {
        for soon in [false, true] {
          var other = ExplorationStart()
          other.isSettled = settled
          other.lags = lags
          other.terminatesSoon = soon
          other.leftovers = start.leftovers
          if lags && !start.lags || soon && !start.terminatesSoon || other == start { continue }
          starts.append(other)
        }
      }
    }
    return starts
  }
}

extension Move {
  /// Moves that say less, the simplest first.
  fileprivate var simpler: [Move] {
    switch self {
    case .rest, .edit: []
    case .wait: [.rest]
    case .step(.faultyPass(let key, .lostReply)), .step(.faultyPass(let key, .conflict)):
      [.rest, .step(.pass(key))]
    case .step(.faultyPass(let key, .crash)): [.rest, .step(.pass(key)), .step(.restart)]
    case .step(.restart): [.rest, .step(.resync)]
    case .step: [.rest]
    }
  }
}
