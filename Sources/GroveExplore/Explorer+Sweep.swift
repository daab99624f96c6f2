internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

extension Explorer {
  /// Ends the operator after every single write of a fault-free run, one run for each, and starts it again.
  ///
  /// - Parameter edits: what users do once the workload is up; nothing for the run in which it comes up.
  /// - Returns: the first thing that goes wrong, if any.
  public mutating func sweepCrashes(after edits: [Edit] = []) -> Finding? {
    var start = ExplorationStart()
    start.isSettled = !edits.isEmpty
    guard var run = run(from: start) else { return nil }
    var trace = Trace(start: start)
    for edit in edits {
      trace.moves.append(.edit(edit))
      run.make(.edit(edit))
    }
    let begin = run.world.now
    while run.violation == nil, let step = run.nextFairStep {
      if case .wait(let time) = step, time > begin + .minutes(2) { break }
      let before = run
      run.take(step)
      if case .pass(let key) = step {
        for count in 0..<run.writes - before.writes {
          var crashed = before
          var way = trace
          way.moves.append(.step(.faultyPass(key, .crash(after: count))))
          crashed.make(.step(.faultyPass(key, .crash(after: count))))
          conclude(&crashed, way)
          if let finding = finding(crashed, way, seed: nil) { return finding }
        }
      }
      if case .wait = step { trace.moves.append(.wait) } else { trace.moves.append(.step(step)) }
    }
    return finding(run, trace, seed: nil)
  }
}
