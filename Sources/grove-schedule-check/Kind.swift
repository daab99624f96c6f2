internal import GroveModel
internal import GroveSchedule
internal import KubernetesModel

extension Instance {
  /// What is tried.
  enum Kind: String, CaseIterable {
    case single, several, affinity, spread, friends, optional, preemption
    /// Snapshots that are changed many times, against snapshots made anew.
    case edits

    /// How many instances of other kinds cost as much as one.
    var weight: Int { self == .edits ? 10 : 1 }

    var style: Instance.Style {
      switch self {
      case .single: Instance.Style()
      case .several: Instance.Style(teams: 2...3, groups: 1...2, podsPerGroup: 1...2)
      case .affinity: Instance.Style(groups: 1...2, podsPerGroup: 1...2, hasAffinity: true)
      case .spread: Instance.Style(groups: 1...2, podsPerGroup: 1...4, hasSpread: true)
      // Both kinds of constraints between pods.
      case .friends: Instance.Style(groups: 1...2, podsPerGroup: 1...2, hasAffinity: true, hasSpread: true)
      case .optional: Instance.Style(hasOptional: true)
      case .edits: Instance.Style()
      case .preemption:
        Instance.Style(teams: 1...2, groups: 1...2, podsPerGroup: 1...2, load: 0...10, priorities: 2)
      }
    }

    /// Makes the instance of a seed, decides on it, and says what is wrong with the decision, or nil.
    func check(seed: UInt64, _ tally: inout Tally) throws -> String? {
      tally.instances += 1
      if self == .edits { return try World.check(seed: seed, &tally) }
      var random = SplitMix(seed: seed &* 977 &+ 13)
      let instance = Instance.random(&random, style)
      let snapshot = try instance.snapshot(shuffledBy: &random)
      let policy = Policy(
        domains: random.pick(Policy.DomainChoice.allCases), nodes: random.pick(Policy.NodeChoice.allCases),
        allowsPreemption: self == .preemption)
      let decision = Scheduler(policy: policy).decide(snapshot)
      if let problem = instance.problem(with: decision, &tally) {
        return "\(self) seed \(seed): \(problem)\n\(instance)\n\(decision)"
      }
      let again = Scheduler(policy: policy).decide(try instance.snapshot(shuffledBy: &random))
      if again.digest != decision.digest || again.outcomes != decision.outcomes {
        return "\(self) seed \(seed) depends on the order of the input\n\(instance)\n\(decision)\n\(again)"
      }
      return try carriedOutProblem(instance, snapshot, policy, decision, seed, &random)
    }

    /// Carries a decision out and decides again, on the snapshot and on one made anew: both agree, and there is nothing
    /// more to place.
    private func carriedOutProblem(
      _ start: Instance, _ snapshot: Snapshot, _ policy: Policy, _ decision: Decision, _ seed: UInt64,
      _ random: inout SplitMix
    ) throws -> String? {
      var instance = start
      var snapshot = snapshot
      let carried = Scheduler(policy: policy).schedule(&snapshot)
      if carried.digest != decision.digest { return "\(self) seed \(seed): schedule and decide differ" }
      for eviction in decision.evictions {
        for unit in instance.units.indices where instance.units[unit].name == eviction.pod.name {
          instance.units[unit].isGone = true
        }
        snapshot.removePod(eviction.pod)
      }
      for binding in decision.bindings {
        for unit in instance.units.indices where instance.units[unit].name == binding.pod.name {
          instance.units[unit].node = instance.machines.firstIndex { $0.name == binding.node }
        }
      }
      let next = Scheduler(policy: policy).decide(snapshot)
      let fresh = Scheduler(policy: policy).decide(try instance.snapshot(shuffledBy: &random))
      if next.digest != fresh.digest || next.outcomes != fresh.outcomes {
        return
          "\(self) seed \(seed): what was carried out is not what is there\n\(instance)\n\(next)\n\(fresh)"
      }
      if self != .preemption && !next.bindings.isEmpty {
        return "\(self) seed \(seed): more is placed the second time\n\(start)\n\(decision)\n\(next)"
      }
      return nil
    }
  }
}
