internal import GroveModel
internal import KubernetesModel

/// What lacks a place where the gang in hand comes nearest to one.
struct NearMiss {
  var level: Int
  var domain: Int
  /// How much the pods without a place ask for, by column, together.
  var amounts: [Int64]
  /// Their placement rules.
  var rules: [Int]
}

extension Planner {
  /// The most pods whose leaving is tried one by one.
  private static var mostTried: Int { 32 }

  /// What lacks a place in the innermost constrained scope that does not have room for all of its pods; while as many
  /// as possible are in the log.
  func nearMiss(_ placed: [Int: (level: Int, domain: Int, count: Int)]) -> NearMiss? {
    var amounts = [Int64](repeating: 0, count: state.resources.count)
    var rules: Set<Int> = []
    var place: (level: Int, domain: Int)?
    for leaf in run.leaves.indices {
      var open = run.leaves[leaf].need
      for move in log where move.demand >= 0 && run.demands[Int(move.demand)].leaf == leaf {
        open -= Int(move.count)
      }
      guard open > 0 else { continue }
      var scope = run.leaves[leaf].scope
      while run.scopes[scope].parent >= 0 && placed[scope] == nil { scope = run.scopes[scope].parent }
      if let known = placed[scope], place == nil { place = (known.level, known.domain) }
      for demand in run.leaves[leaf].demands where open > 0 && run.demands[demand].left > 0 {
        let count = min(open, run.demands[demand].left)
        open -= count
        let shape = state.shapes.shapes[run.demands[demand].shape]
        rules.insert(shape.rule)
        amounts[ResourceTable.pods] += Int64(count)
        for request in shape.requests {
          let (product, overflow) = request.amount.multipliedReportingOverflow(by: Int64(count))
          if overflow || amounts[request.column] > ResourceTable.largestAmount { return nil }
          amounts[request.column] += product
        }
      }
    }
    guard let place, place.domain >= 0 else { return nil }
    return NearMiss(level: place.level, domain: place.domain, amounts: amounts, rules: rules.sorted())
  }

  /// Pods that are being deleted and whose room would be enough.
  func waiting() -> Remedy? {
    var leaving = (0..<state.pods.count).filter {
      state.pods.state[$0] == .leaving && state.nodes.isPresent[Int(state.pods.node[$0])]
    }
    leaving.sort { name(ofPod: $0) < name(ofPod: $1) }
    guard let needed = fewest(of: leaving) else { return nil }
    return .wait(for: needed.map { name(ofPod: $0) })
  }

  /// As few of some pods as it takes to make room by leaving; nil when not even all of them are enough.
  private func fewest(of pods: [Int]) -> [Int]? {
    guard !pods.isEmpty, fits(after: { $0.evict(pods) }) else { return nil }
    var needed = pods
    guard pods.count <= Self.mostTried else { return needed }
    for pod in pods where needed.count > 1 {
      let others = needed.filter { $0 != pod }
      if fits(after: { $0.evict(others) }) { needed = others }
    }
    return needed
  }

  // MARK: Labels

  /// Labels that nodes lack: of the topology, or those that pods ask for.
  func labelling(near nearest: (level: Int, domain: Int, count: Int)) -> [Remedy] {
    var result: [Remedy] = []
    if let remedy = labellingTopology(near: nearest) { result.append(remedy) }
    if let remedy = labellingForSelectors() { result.append(remedy) }
    return result
  }

  private func labellingTopology(near nearest: (level: Int, domain: Int, count: Int)) -> Remedy? {
    guard let required = run.scopes.map(\.required).first(where: { $0 >= 0 }) else { return nil }
    let key = state.topologies[run.topology].keys[required]
    let nodes = candidates { node, nodes in nodes.labels[node][key] == nil }
    guard !nodes.isEmpty else { return nil }
    if nearest.domain >= 0, nearest.level == required {
      let topology = state.topologies[run.topology]
      let path = topology.path(nearest.level, nearest.domain, nodes: state.nodes)
      let labels = zip(topology.keys, path).map { ($0, $1) }
      let count = fewest(upTo: nodes.count) { state, count in
        for node in nodes[..<count] { state.label(node, labels) }
      }
      if let count {
        let names = nodes[..<count].map { state.nodes.name($0) }.sorted(by: isByteOrdered)
        return .label(nodes: names, key: key, value: path.last)
      }
    }
    let count = fewest(upTo: nodes.count) { state, count in
      for node in nodes[..<count] { state.label(node, [(key, "new")]) }
    }
    return count.map {
      .label(nodes: nodes[..<$0].map { state.nodes.name($0) }.sorted(by: isByteOrdered), key: key, value: nil)
    }
  }

  private func labellingForSelectors() -> Remedy? {
    for demand in run.demands where demand.left > 0 {
      let rule = state.rules.rules[state.shapes.shapes[demand.shape].rule]
      guard let wanted = rule.missingLabel(state.nodes) else { continue }
      let nodes = candidates { node, nodes in
        guard nodes.labels[node][wanted.key] != wanted.value else { return false }
        nodes.labels[node][wanted.key] = wanted.value
        return true
      }
      let count = fewest(upTo: nodes.count) { state, count in
        for node in nodes[..<count] { state.label(node, [(wanted.key, wanted.value)]) }
      }
      guard let count else { continue }
      let names = nodes[..<count].map { state.nodes.name($0) }.sorted(by: isByteOrdered)
      return .label(nodes: names, key: wanted.key, value: wanted.value)
    }
    return nil
  }

  // MARK: Pods in the way

  /// Starting the gang's own pods anew, where they hold it in a domain without room.
  func restarting() -> Remedy? {
    guard run.gang >= 0, run.scopes.contains(where: { $0.required >= 0 && $0.anchor >= 0 }) else {
      return nil
    }
    let pods = pinningPods(of: 0)
    guard !pods.isEmpty else { return nil }
    let gang = run.gang
    let helps = fits { state in
      for pod in pods {
        state.unbind(pod)
        state.pods.state[pod] = .waiting
      }
      state.mark(gang: gang)
    }
    return helps ? .restart(pods.map { name(ofPod: $0) }.sorted()) : nil
  }

  /// Pods whose leaving helps: those that are named as being in the way, and those that preemption would take.
  mutating func freeing(_ causes: [Cause]) -> [Remedy] {
    var result: [Remedy] = []
    var inTheWay: Set<Int> = []
    for cause in causes {
      switch cause.fact {
      case .port(_, let pod), .keepsOff(let pod, _), .keptOff(let pod, _):
        if let pod, let number = state.pods.find(pod.namespace, pod.name) { inTheWay.insert(number) }
      default: continue
      }
    }
    if let needed = fewest(of: inTheWay.sorted { name(ofPod: $0) < name(ofPod: $1) }) {
      result.append(.free(needed.map { name(ofPod: $0) }, gangs: gangs(of: needed)))
    }
    let (priority, preempts) = (run.priority, run.preempts)
    run.priority = .max
    let victims = findVictims()
    (run.priority, run.preempts) = (priority, preempts)
    guard let victims, !victims.victims.isEmpty else { return result }
    let pods = victims.victims.flatMap(\.pods).map { Int($0) }.sorted { name(ofPod: $0) < name(ofPod: $1) }
    if result.isEmpty { result.append(.free(pods.map { name(ofPod: $0) }, gangs: gangs(of: pods))) }
    let owners = Set(
      victims.victims.flatMap { unit in
        unit.gang >= 0 ? [state.gangs.name(unit.gang)] : unit.pods.map { name(ofPod: Int($0)) }
      }
    ).sorted()
    let highest = victims.victims.map(\.priority).max() ?? .min
    result.append(
      highest < priority
        ? .allowPreemption(victims: owners) : .raisePriority(above: highest, victims: owners))
    return result
  }

  private func gangs(of pods: [Int]) -> [ObjectName] {
    Set(pods.compactMap { state.pods.gang[$0] < 0 ? nil : state.gangs.name(Int(state.pods.gang[$0])) })
      .sorted()
  }

  // MARK: Resources

  /// What one node of the nearest domain lacks for all pods without a place.
  func enlarging(_ missing: NearMiss) -> Remedy? {
    let topology = state.topologies[run.topology]
    var best: (node: Int, lacking: [(column: Int, amount: Int64)], weight: Double)?
    for position in topology.range(missing.level, missing.domain) {
      let node = Int(topology.order[position])
      guard missing.rules.allSatisfy({ state.rules.rules[$0].rejection(node, state.nodes) == nil }) else {
        continue
      }
      var lacking: [(column: Int, amount: Int64)] = []
      var weight = 0.0
      for column in state.resources.columnsByName where missing.amounts[column] > 0 {
        let free = state.nodes.free[column * state.nodes.stride + node]
        let amount = missing.amounts[column] - free
        guard amount > 0 else { continue }
        lacking.append((column, amount))
        // Relative to what is asked for, so that resources can be compared.
        weight += Double(amount) / Double(missing.amounts[column])
      }
      if !lacking.isEmpty, weight < best?.weight ?? .infinity { best = (node, lacking, weight) }
    }
    guard let best else { return nil }
    let helps = fits { state in
      for (column, amount) in best.lacking {
        state.nodes.free[column * state.nodes.stride + best.node] += amount
        state.nodes.capacity[column * state.nodes.stride + best.node] += amount
      }
      state.nodes.freeChanges.append(best.node)
    }
    guard helps else { return nil }
    return .addResources(
      best.lacking.map { lack in
        let resource = state.resources.names[lack.column]
        return Remedy.Amount(resource: resource, quantity: ResourceTable.quantity(lack.amount, of: resource))
      }, node: state.nodes.name(best.node),
      domain: topology.path(missing.level, missing.domain, nodes: state.nodes))
  }
}

extension ClusterState {
  /// Takes pods off their nodes for good.
  mutating func evict(_ pods: [Int]) {
    for pod in pods where self.pods.state[pod].takesResources {
      unbind(pod)
      self.pods.state[pod] = .finished
      markGang(ofPod: pod)
    }
  }

  /// Gives a node labels.
  mutating func label(_ node: Int, _ labels: [(String, String)]) {
    change(node) { nodes in
      for (key, value) in labels { nodes.labels[node][key] = value }
    }
    isStructureStale = true
    if affinity.isInUse { affinity.isStale = true }
  }
}

extension PlacementRule {
  /// A label that some nodes would need for the rule to admit them, when a single one is missing there.
  func missingLabel(_ nodes: NodeTable) -> (key: String, value: String)? {
    for node in 0..<nodes.count where nodes.isPresent[node] && !matchesAffinity(node, nodes) {
      var lacking = nodeSelector.filter { nodes.labels[node][$0.key] != $0.value }.map { ($0.key, $0.value) }
      if let term = required?.nodeSelectorTerms.first,
        required?.matches(labels: nodes.labels[node], name: nodes.name(node)) == false
      {
        let unmet = term.matchExpressions.filter { !$0.matches(nodes.labels[node][$0.key]) }
        guard term.isParsable, term.matchFields.isEmpty,
          unmet.allSatisfy({ $0.operator == "In" || $0.operator == "Exists" })
        else { continue }
        lacking += unmet.map { ($0.key, $0.values.first ?? "") }
      }
      if lacking.count == 1 { return lacking[0] }
    }
    return nil
  }
}
