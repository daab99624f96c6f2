internal import GroveModel

/// What makes two gangs fail alike, when nothing has changed in between.
struct FailureKey: Hashable {
  var topology: Int
  var rootLevel: Int
  var rootDomain: Int
  /// -1 when the gang does not preempt.
  var priority: Int64
  /// Constraints and needs of the scopes, leaves and demands, one after the other, and gangs that are needed.
  var facts: [Int]
}

/// Why a gang failed, without its name.
enum Failure {
  case obstacle(Obstacle)
  case undecided(steps: Int)
}

extension Planner {
  /// Places one gang or pod, or says why not. Afterwards ``run`` is that of a gang.
  mutating func serve(
    _ item: Item, _ gate: DependencyGate, _ plan: inout Plan, _ placed: inout Int
  ) -> Verdict {
    if item.gang < 0 { return serve(single: item.pod, &plan, &placed) }
    if let gate = gate.gate(of: item.gang, state.gangs) { return .waiting(gate) }
    if let problem = state.gangs.records[item.gang].topologyProblem {
      return .cannotFit(Proof(problem, scope: state.gangs.ids.names[item.gang]))
    }
    if let gate = shortage(of: item.gang) { return .waiting(gate) }
    run = compile(gang: item.gang)
    setHints(item.gang)
    if policy.anchorsReplicas { anchorToDependency(item.gang) }
    needMinimums()
    if policy.anchorsReplicas { want(gate.dependents(of: item.gang)) }
    return settle(&plan, &placed)
  }

  private mutating func serve(single pod: Int, _ plan: inout Plan, _ placed: inout Int) -> Verdict {
    if state.pods.state[pod] == .gated { return .waiting(.schedulingGates(state.gates[pod] ?? [])) }
    let claimed = Int(state.pods.claimedGang[pod])
    if claimed >= 0 {
      return .waiting(
        .membership(state.gangs.name(claimed), exists: state.gangs.records[claimed].isPresent))
    }
    if let node = promised(pod) {
      take(pod, node, &plan, &placed)
      return .fits
    }
    if state.pods.profile[pod] == 0 {
      let table = state.table(Int(state.pods.shape[pod]), 0, isSpread: isSpread)
      let everywhere = 0..<state.topologies[0].nodeCount
      if let best = state.tables[table].tree.smallest(in: everywhere) {
        let node = Int(state.topologies[0].order[best.position])
        take(pod, node, &plan, &placed)
        return .fits
      }
    }
    run = compile(single: pod)
    needMinimums()
    return settle(&plan, &placed)
  }

  private mutating func take(_ pod: Int, _ node: Int, _ plan: inout Plan, _ placed: inout Int) {
    state.bind(pod, to: node)
    isFresh[pod] = true
    failures.removeAll(keepingCapacity: true)
    counters.placements += 1
    plan.placements.append(Placement(pod: Int32(pod), node: Int32(node), gang: -1))
    placed = 1
  }

  /// The node that others left for a pod, if it can still take it (S-315).
  private mutating func promised(_ pod: Int) -> Int? {
    guard !state.nominated.isEmpty, let nominated = state.nominated[pod] else { return nil }
    let (node, shape) = (Int(nominated), Int(state.pods.shape[pod]))
    guard state.nodes.isPresent[node] else { return nil }
    _ = state.table(shape, 0, isSpread: isSpread)
    guard state.fitCount(shape, on: node) > 0 else { return nil }
    let profile = Int(state.pods.profile[pod])
    return profile != 0 && state.affinity.rejection(profile, on: node) != nil ? nil : node
  }

  /// Searches for a place for the run, with evictions if need be, and takes it.
  private mutating func settle(_ plan: inout Plan, _ placed: inout Int) -> Verdict {
    if search() {
      placed = commit(&plan)
      return .fits
    }
    let key = failureKey()
    if let known = failures[key] { return verdict(of: known) }
    var steps = steps
    let failure: Failure
    if let obstacle = prove() {
      failure = .obstacle(obstacle)
    } else {
      let result = searchExactly()
      steps += self.steps
      switch result {
      case .found:
        placed = commit(&plan)
        return .fits
      case .impossible:
        failure = .obstacle(
          Obstacle(
            reason: .exhausted(steps: steps), scope: 0, level: run.rootLevel, domain: run.rootDomain,
            needed: need(of: 0), room: 0))
      case .undecided: failure = .undecided(steps: steps)
      }
    }
    if policy.allowsPreemption && run.preempts && !isWhole, let victims = findVictims() {
      evict(victims, &plan)
      placed = commit(&plan)
      return .fits
    }
    failures[key] = failure
    return verdict(of: failure)
  }

  private func verdict(of failure: Failure) -> Verdict {
    switch failure {
    case .obstacle(let obstacle): .cannotFit(proof(of: obstacle))
    case .undecided(let steps): .notFound(steps: steps)
    }
  }

  private func failureKey() -> FailureKey {
    var facts = [run.scopes.count, run.leaves.count, run.demands.count]
    // Whoever needs a gang does not evict it.
    if run.gang >= 0 && run.preempts && policy.allowsPreemption { facts += neededGangs().sorted() }
    facts.append(-1)
    for scope in run.scopes {
      facts += [scope.parent, scope.minimum, scope.required, scope.preferred, scope.anchor, scope.common]
    }
    for leaf in run.leaves { facts += [leaf.scope, leaf.need] }
    for demand in run.demands { facts += [demand.leaf, demand.shape, demand.profile, demand.left] }
    return FailureKey(
      topology: run.topology, rootLevel: run.rootLevel, rootDomain: run.rootDomain,
      priority: run.preempts ? Int64(run.priority) : -1 << 40, facts: facts)
  }

  // MARK: Where a gang should go

  /// Notes the nodes of the gang that this one takes the place of (S-039), and those that its pods were promised
  /// (S-315).
  private mutating func setHints(_ gang: Int) {
    let reused = Int(state.gangs.records[gang].reuse)
    guard reused >= 0 || !state.nominated.isEmpty else { return }
    var positions: Set<Int> = []
    if !state.nominated.isEmpty {
      for leaf in state.gangs.records[gang].leaves {
        for pod in leaf.waiting {
          guard let node = state.nominated[Int(pod)] else { continue }
          let position = state.topologies[run.topology].position(of: Int(node))
          if position >= 0 { positions.insert(position) }
        }
      }
    }
    for leaf in reused < 0 ? [] : state.gangs.records[reused].leaves {
      for pod in leaf.members where state.pods.node[Int(pod)] >= 0 {
        let position = state.topologies[run.topology].position(of: Int(state.pods.node[Int(pod)]))
        if position >= 0 { positions.insert(position) }
      }
    }
    run.hints = positions.sorted()
  }

  /// Holds a gang in the domain that the root of a gang it depends on requires and has (S-038).
  mutating func anchorToDependency(_ gang: Int) {
    for dependency in state.gangs.records[gang].dependencies {
      let base = state.gangs.records[Int(dependency)]
      guard base.topology == run.topology, let key = base.scopes.first?.packing.required,
        let level = state.topologies[run.topology].level(ofKey: key)
      else { continue }
      for leaf in base.leaves {
        for pod in leaf.members where state.pods.state[Int(pod)] == .bound {
          let position = state.topologies[run.topology].position(of: Int(state.pods.node[Int(pod)]))
          guard position >= 0 else { continue }
          let domain = state.topologies[run.topology].domain(level, at: position)
          guard domain >= 0 else { continue }
          run.rootLevel = level
          run.rootDomain = domain
          return
        }
      }
    }
  }

  /// Lets the root prefer a domain that has room for the gangs that will be held in it, too.
  private mutating func want(_ dependents: [Int]) {
    guard run.scopes[0].required >= 0 else { return }
    for gang in dependents {
      for leaf in state.gangs.records[gang].leaves {
        guard let first = leaf.classes.first else { continue }
        let want = max(0, leaf.minimum - leaf.boundCount)
        let table = state.table(first.shape, run.topology, isSpread: isSpread)
        if let known = run.scopes[0].needs.firstIndex(where: { $0.table == table }) {
          run.scopes[0].needs[known].want += want
        } else {
          run.scopes[0].needs.append(ScopeNeed(table: table, need: 0, want: want))
        }
      }
    }
  }

  // MARK: Taking the place

  /// Takes the victims off their nodes and puts the plan they make room for into the log.
  private mutating func evict(_ victims: VictimPlan, _ plan: inout Plan) {
    let beneficiary = run.gang < 0 ? name(ofPod: run.pod) : state.gangs.name(run.gang)
    var gangs: Set<Int> = []
    for unit in victims.victims {
      remove(unit)
      for pod in unit.pods {
        let pod = Int(pod)
        plan.evictions.append(
          Eviction(
            pod: name(ofPod: pod), node: state.nodes.name(Int(state.pods.node[pod])),
            gang: unit.gang < 0 ? nil : state.gangs.name(unit.gang), priority: unit.priority,
            beneficiary: beneficiary))
        state.unlink(pod)
        state.pods.state[pod] = .finished
      }
      if unit.gang >= 0 { gangs.insert(unit.gang) }
    }
    for gang in gangs.sorted() {
      robbed.insert(gang)
      state.mark(gang: gang)
      state.lookAgain(at: gang)
    }
    put(victims.moves)
    log += victims.moves
  }

  /// Why a gang has too few pods to be tried, or nil (S-022).
  private func shortage(of gang: Int) -> Gate? {
    let record = state.gangs.records[gang]
    var isReachable = [Bool](repeating: false, count: record.scopes.count)
    var lacking: Int?
    for index in record.scopes.indices.reversed() {
      let scope = record.scopes[index]
      if scope.leaf >= 0 {
        let leaf = record.leaves[scope.leaf]
        isReachable[index] = leaf.boundCount + leaf.waiting.count >= scope.minimum
        if !isReachable[index] { lacking = index }
      } else {
        isReachable[index] = scope.children.count { isReachable[$0] } >= scope.minimum
      }
    }
    guard isReachable.first == false else { return nil }
    guard let lacking else {
      // More scopes are needed than there are.
      let root = record.scopes[0]
      return .pods(
        scope: root.name, needed: root.minimum, available: root.children.count, gated: 0, missing: 0)
    }
    let leaf = record.leaves[record.scopes[lacking].leaf]
    let gates = state.gates.isEmpty ? [] : Set(leaf.members.flatMap { state.gates[Int($0)] ?? [] })
    return .pods(
      scope: record.scopes[lacking].name, needed: leaf.minimum,
      available: leaf.boundCount + leaf.waiting.count, gated: leaf.gatedCount, missing: leaf.missingCount,
      gates: gates.sorted(by: isByteOrdered))
  }

  /// Gives the pods of the run the places in the log; returns how many got one.
  mutating func commit(_ plan: inout Plan) -> Int {
    var count = 0
    for move in log where move.demand >= 0 {
      let demand = Int(move.demand)
      let leaf = run.demands[demand].leaf
      let node = Int(move.node)
      for _ in 0..<move.count {
        let pod =
          run.gang < 0
          ? run.pod : Int(state.gangs.records[run.gang].leaves[leaf].waiting[run.demands[demand].next])
        run.demands[demand].next += 1
        state.link(pod, to: node, as: .bound)
        isFresh[pod] = true
        plan.placements.append(Placement(pod: Int32(pod), node: move.node, gang: Int32(run.gang)))
        count += 1
      }
      let position = state.topologies[run.topology].position(of: node)
      run.anchor(run.leaves[leaf].scope, at: position, state.topologies[run.topology])
    }
    log.removeAll(keepingCapacity: true)
    failures.removeAll(keepingCapacity: true)
    if run.gang >= 0 {
      state.gangs.records[run.gang].isMet = true
      state.mark(gang: run.gang)
    }
    return count
  }
}
