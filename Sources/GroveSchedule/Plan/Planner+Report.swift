internal import GroveModel

extension Planner {
  /// The plan with names.
  mutating func report(_ plan: Plan) -> Decision {
    var decision = Decision(evictions: plan.evictions, counters: counters)
    decision.bindings.reserveCapacity(plan.placements.count)
    for placement in plan.placements {
      decision.bindings.append(
        Binding(
          pod: name(ofPod: Int(placement.pod)), node: state.nodes.name(Int(placement.node)),
          gang: placement.gang < 0 ? nil : state.gangs.name(Int(placement.gang))))
    }
    decision.outcomes.reserveCapacity(plan.results.count)
    for result in plan.results { decision.outcomes.append(outcome(of: result)) }
    return decision
  }

  func name(ofPod pod: Int) -> ObjectName {
    ObjectName(namespace: state.pods.ids.spaces[pod], name: state.pods.ids.names[pod])
  }

  private func outcome(of result: Result) -> Outcome {
    let item = result.item
    if item.gang < 0 {
      return Outcome(
        name: name(ofPod: item.pod), isSinglePod: true, verdict: result.verdict, placed: result.placed,
        pending: 1 - result.placed, score: result.verdict == .fits ? 1 : nil)
    }
    let record = state.gangs.records[item.gang]
    var outcome = Outcome(
      name: state.gangs.name(item.gang), isSinglePod: false, verdict: result.verdict, placed: result.placed)
    for leaf in record.leaves {
      outcome.bound += leaf.boundCount
      outcome.gated += leaf.gatedCount
    }
    outcome.pending = record.waitingCount + outcome.gated - result.placed
    return outcome
  }
}

extension Proof {
  init(_ problem: TopologyProblem, scope: String) {
    switch problem {
    case .unknownTopology(let name): self.init(reason: .unknownTopology(name), scope: scope)
    case .unknownLevel(let key, _): self.init(reason: .unknownLevel(key), scope: scope)
    }
  }
}
