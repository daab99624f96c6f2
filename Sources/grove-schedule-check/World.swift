internal import GroveModel
internal import GroveSchedule
internal import KubernetesModel

/// The objects of a cluster that changes all the time, for making a snapshot of them anew.
struct World {
  var nodes: [String: Node] = [:]
  var pods: [ObjectName: Pod] = [:]
  var gangs: [ObjectName: Gang] = [:]
  var topologies: [String: [(domain: String, key: String)]] = [:]
  var classes: [String: PriorityClass] = [:]
  var masks: [ObjectName: NodeMask] = [:]
  var excluded: Set<String> = []
  var namespaces: [String: StringMap<String>] = [:]
}

extension World {
  /// A snapshot of everything, made in random order.
  func snapshot(shuffledBy random: inout SplitMix) throws -> Snapshot {
    var snapshot = Snapshot()
    var steps: [(inout Snapshot) throws -> Void] = []
    for name in nodes.keys.sorted() { if let node = nodes[name] { steps.append { try $0.set(node) } } }
    for name in pods.keys.sorted() { if let pod = pods[name] { steps.append { try $0.set(pod) } } }
    for name in gangs.keys.sorted() { if let gang = gangs[name] { steps.append { try $0.set(gang) } } }
    for name in classes.keys.sorted() { if let one = classes[name] { steps.append { $0.set(one) } } }
    for name in masks.keys.sorted() {
      if let mask = masks[name] { steps.append { $0.setMask(mask, of: name) } }
    }
    for name in namespaces.keys.sorted() {
      let labels = namespaces[name]
      steps.append { $0.setLabels(labels, ofNamespace: name) }
    }
    for name in topologies.keys.sorted() {
      if let levels = topologies[name] { steps.append { try $0.setTopology(name, levels: levels) } }
    }
    let left = excluded.sorted()
    steps.append { $0.exclude(left) }
    for step in steps.shuffled(using: &random) { try step(&snapshot) }
    return snapshot
  }

  /// Carries out what a scheduler decided; a victim goes at once or keeps its node for a while.
  mutating func carryOut(
    _ decision: Decision, in snapshot: inout Snapshot, _ random: inout SplitMix
  ) throws {
    for eviction in decision.evictions {
      pods[eviction.pod] = nil
      snapshot.removePod(eviction.pod)
    }
    for binding in decision.bindings {
      pods[binding.pod]?.spec.nodeName = binding.node
      pods[binding.pod]?.status.phase = "Running"
      // A cluster tells about the binding again when the pod runs.
      if random.chance(50), let pod = pods[binding.pod] { try snapshot.set(pod) }
    }
  }
}

// MARK: Changes

extension World {
  private static let spaces = ["default", "other"]

  private static func pod(_ random: inout SplitMix) -> ObjectName {
    ObjectName(namespace: random.chance(75) ? spaces[0] : spaces[1], name: "x\(random.int(0...9))")
  }

  private static func gang(_ random: inout SplitMix) -> ObjectName {
    ObjectName(namespace: random.chance(75) ? spaces[0] : spaces[1], name: "g\(random.int(0...3))")
  }

  private static func node(_ random: inout SplitMix) -> String { "n\(random.int(0...5))" }

  /// Changes something, here and in a snapshot alike.
  mutating func change(_ snapshot: inout Snapshot, _ random: inout SplitMix) throws {
    switch random.int(0...99) {
    case 0...5:
      let name = Self.node(&random)
      nodes[name] = nil
      snapshot.removeNode(name)
    case 6...22:
      let node = makeNode(&random)
      nodes[node.metadata.name] = node
      try snapshot.set(node)
    case 23...32:
      let name = Self.pod(&random)
      pods[name] = nil
      snapshot.removePod(name)
    case 33...66:
      let pod = makePod(&random)
      pods[ObjectName(pod.metadata)] = pod
      try snapshot.set(pod)
    case 67...71: try age(&snapshot, &random)
    case 72...83:
      let gang = makeGang(&random)
      // A pod in two gangs is refused, and nothing has changed then.
      guard (try? snapshot.set(gang)) != nil else { return }
      gangs[gang.name] = gang
    case 84...88:
      let name = Self.gang(&random)
      gangs[name] = nil
      snapshot.removeGang(name)
    default: try changeRarely(&snapshot, &random)
    }
  }

  private mutating func changeRarely(_ snapshot: inout Snapshot, _ random: inout SplitMix) throws {
    switch random.int(0...5) {
    case 0:
      let name = Self.pod(&random)
      masks[name] =
        random.chance(50) ? NodeMask(nodes: [Self.node(&random)], allowsOnly: random.chance(50)) : nil
      snapshot.setMask(masks[name], of: name)
    case 1:
      let name = Self.node(&random)
      let isExcluded = random.chance(50)
      if isExcluded { excluded.insert(name) } else { excluded.remove(name) }
      snapshot.exclude([name], isExcluded)
    case 2:
      var one = PriorityClass()
      one.metadata.name = random.pick(["high", "low"])
      one.value = Int32(random.int(0...3))
      one.globalDefault = random.chance(20)
      one.preemptionPolicy = random.chance(20) ? "Never" : nil
      if random.chance(30) {
        classes[one.metadata.name] = nil
        snapshot.removePriorityClass(one.metadata.name)
      } else {
        classes[one.metadata.name] = one
        snapshot.set(one)
      }
    case 3:
      let name = random.pick(["t", "u"])
      if random.chance(30) {
        topologies[name] = nil
        snapshot.removeTopology(name)
      } else {
        let levels: [(domain: String, key: String)] = [("rack", "rack"), ("host", "host")]
        topologies[name] = random.chance(50) ? levels : [levels[0]]
        try snapshot.setTopology(name, levels: topologies[name] ?? levels)
      }
    case 4:
      let name = random.pick(Self.spaces)
      namespaces[name] = random.chance(60) ? ["team": "a\(random.int(0...1))"] : nil
      snapshot.setLabels(namespaces[name], ofNamespace: name)
    default:
      // An object that cannot be understood changes nothing.
      var pod = makePod(&random)
      pod.spec.containers[0].resources.requests["cpu"] = Quantity(-1)
      guard (try? snapshot.set(pod)) == nil else { throw Mistake.accepted }
    }
  }

  enum Mistake: Error { case accepted }

  /// What happens to pods that run: they finish, or begin to leave.
  private mutating func age(_ snapshot: inout Snapshot, _ random: inout SplitMix) throws {
    let name = Self.pod(&random)
    guard var pod = pods[name] else { return }
    switch random.int(0...2) {
    case 0: pod.status.phase = random.pick(["Succeeded", "Failed"])
    case 1: pod.metadata.deletionTimestamp = Timestamp(secondsSince1970: 1)
    default: pod.spec.schedulingGates = []
    }
    pods[name] = pod
    try snapshot.set(pod)
  }

  private func makeNode(_ random: inout SplitMix) -> Node {
    var node = Node()
    node.metadata.name = Self.node(&random)
    node.metadata.labels = ["rack": "r\(random.int(0...1))", "host": node.metadata.name]
    if random.chance(10) { node.metadata.labels["rack"] = nil }
    node.status.allocatable = [
      "cpu": Quantity(Int64(random.int(0...5))), "pods": Quantity(Int64(random.int(1...6))),
    ]
    if random.chance(30) { node.status.allocatable["x.io/gpu"] = Quantity(Int64(random.int(0...2))) }
    node.spec.unschedulable = random.chance(15)
    if random.chance(10) { node.spec.taints = [Taint(effect: "NoSchedule", key: "k", value: "v")] }
    if random.chance(10) { node.spec.taints = [Taint(effect: "PreferNoSchedule", key: "k", value: "v")] }
    return node
  }

  private func makePod(_ random: inout SplitMix) -> Pod {
    let name = Self.pod(&random)
    var pod = Pod()
    pod.metadata.name = name.name
    pod.metadata.namespace = name.namespace
    pod.metadata.creationTimestamp = Timestamp(secondsSince1970: Int64(random.int(0...3)))
    pod.metadata.labels = ["app": "a\(random.int(0...1))"]
    if random.chance(8) { pod.metadata.labels[LabelKey.podGang] = Self.gang(&random).name }
    if random.chance(8) { pod.metadata.labels[LabelKey.basePodGang] = Self.gang(&random).name }
    var container = Container()
    container.name = "main"
    container.resources.requests["cpu"] = Quantity(Int64(random.int(0...2)))
    if random.chance(15) { container.resources.requests["x.io/gpu"] = Quantity(1) }
    if random.chance(8) { container.ports = [ContainerPort(hostPort: 80, containerPort: 80)] }
    pod.spec.containers = [container]
    if random.chance(35) { pod.spec.nodeName = Self.node(&random) }
    if random.chance(10) { pod.spec.schedulingGates = [PodSchedulingGate(name: "wait")] }
    if random.chance(30) { pod.spec.priority = Int32(random.int(0...3)) }
    if random.chance(30) { pod.spec.priorityClassName = random.pick(["high", "low"]) }
    if random.chance(10) { pod.spec.nodeSelector = ["rack": "r0"] }
    if random.chance(15) { pod.spec.affinity = makeAffinity(&random) }
    if random.chance(12) { pod.spec.topologySpreadConstraints = [makeSpread(&random)] }
    if random.chance(6) { pod.metadata.deletionTimestamp = Timestamp(secondsSince1970: 1) }
    return pod
  }

  private func makeSpread(_ random: inout SplitMix) -> TopologySpreadConstraint {
    TopologySpreadConstraint(
      maxSkew: Int32(random.int(1...2)), topologyKey: random.pick(["rack", "host"]),
      whenUnsatisfiable: random.chance(70) ? "DoNotSchedule" : "ScheduleAnyway",
      labelSelector: LabelSelector(matchLabels: ["app": "a\(random.int(0...1))"]),
      minDomains: random.chance(20) ? 2 : nil, nodeTaintsPolicy: random.chance(30) ? "Honor" : nil,
      matchLabelKeys: random.chance(20) ? ["app"] : [])
  }

  private func makeAffinity(_ random: inout SplitMix) -> Affinity {
    var term = PodAffinityTerm(
      labelSelector: LabelSelector(matchLabels: ["app": "a\(random.int(0...1))"]),
      topologyKey: random.pick(["rack", "host"]))
    if random.chance(30) { term.namespaceSelector = LabelSelector(matchLabels: ["team": "a0"]) }
    return random.chance(70)
      ? Affinity(podAntiAffinity: PodAntiAffinity(requiredDuringSchedulingIgnoredDuringExecution: [term]))
      : Affinity(podAffinity: PodAffinity(requiredDuringSchedulingIgnoredDuringExecution: [term]))
  }

  private func makeGang(_ random: inout SplitMix) -> Gang {
    let name = Self.gang(&random)
    var left = (0...9).shuffled(using: &random)
    var groups: [GangScope] = []
    for group in 0..<random.int(1...2) {
      let count = random.int(0...3)
      let pods = left.prefix(count).map { ObjectName(namespace: name.namespace, name: "x\($0)") }
      left.removeFirst(count)
      groups.append(
        GangScope(
          name: "\(name.name)-\(group)", pods: pods, minimum: random.int(0...max(1, count)),
          packing: makePacking(&random)))
    }
    var gang = Gang(
      name: name, root: GangScope(name: name.name, packing: makePacking(&random), scopes: groups),
      priorityClassName: random.chance(40) ? random.pick(["high", "low"]) : "",
      topology: random.chance(25) ? random.pick(["t", "u"]) : nil,
      createdAt: Timestamp(secondsSince1970: Int64(random.int(0...2))))
    if random.chance(25) { gang.dependencies = [Self.gang(&random)] }
    if random.chance(15) { gang.reuse = Self.gang(&random) }
    return gang
  }

  private func makePacking(_ random: inout SplitMix) -> Packing {
    Packing(
      required: random.chance(25) ? random.pick(["rack", "host"]) : nil,
      preferred: random.chance(25) ? random.pick(["rack", "host"]) : nil)
  }
}

// MARK: The check

extension World {
  /// Changes a snapshot many times and compares it with one made anew, or says what differs (S-083).
  static func check(seed: UInt64, changes: Int = 80, _ tally: inout Tally) throws -> String? {
    var random = SplitMix(seed: seed &* 7919 &+ 101)
    var world = World()
    var snapshot = Snapshot()
    let policy = Policy(
      domains: random.pick(Policy.DomainChoice.allCases), nodes: random.pick(Policy.NodeChoice.allCases),
      allowsPreemption: random.chance(60), anchorsReplicas: random.chance(30))
    let scheduler = Scheduler(policy: policy)
    for step in 0..<changes {
      try world.change(&snapshot, &random)
      guard random.chance(25) || step + 1 == changes else { continue }
      let fresh = try world.snapshot(shuffledBy: &random)
      let (changed, made) = (scheduler.decide(snapshot), scheduler.decide(fresh))
      tally.comparisons += 1
      // What it costs may differ.
      if changed.digest != made.digest || changed.outcomes != made.outcomes
        || changed.bindings != made.bindings || changed.evictions != made.evictions
      {
        return "edits seed \(seed) step \(step): a changed snapshot and a new one differ\n\(changed)\n\(made)"
      }
      if snapshot.layout() != fresh.layout() || snapshot.notes != fresh.notes {
        return "edits seed \(seed) step \(step): layouts or notes differ"
      }
      guard random.chance(50) else { continue }
      let before = snapshot
      let decision = scheduler.schedule(&snapshot)
      if decision.digest != made.digest {
        return "edits seed \(seed) step \(step): schedule and decide differ"
      }
      if before.layout() != fresh.layout() { return "edits seed \(seed) step \(step): a copy changed" }
      try world.carryOut(decision, in: &snapshot, &random)
    }
    return nil
  }
}
