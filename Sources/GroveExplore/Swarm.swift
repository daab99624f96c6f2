internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What a seed decides about its run: which faults there are, how often, and in which order things happen.
///
/// A run with few sorts of faults gets further with each than one with all of them, so each seed has its own few.
struct Swarm: Sendable {
  /// The order in which what is possible is done.
  private enum Order: Sendable {
    case any
    case oldest
    case newest
    /// One kind waits as long as there is anything else.
    case starving(ResourceKind)
  }

  /// What the run starts from.
  let start: ExplorationStart
  /// How many moves there are before faults stop.
  let length: Int

  private var dice: Dice
  private let order: Order
  /// The faults of the operator, and the edits, that this seed has.
  private let operatorFaults: [FaultKind]
  private let edits: [FaultKind]
  private let isSlow: Bool
  private let (faultRate, editRate, restRate): (Int, Int, Int)

  init(seed: UInt64, faults: [FaultKind]) {
    var dice = Dice(seed: seed)
    let chosen = faults.filter { $0 != .leftovers }.filter {
      dice.chance($0 == .termination || $0 == .recreation ? 20 : 50)
    }
    var start = ExplorationStart()
    start.lags = chosen.contains(.lag)
    start.terminatesSoon = chosen.contains(.termination)
    start.isSettled = dice.chance(60)
    if faults.contains(.leftovers) {
      // With dice of its own, so that a seed decides the same as without.
      var lot = Dice(seed: seed ^ 0x1EF7)
      if faults.count == 1 || lot.chance(15) {
        start.leftovers = lot.next() % 1_000_000
        start.isSettled = true
      }
    }
    self.start = start
    isSlow = chosen.contains(.slowness)
    operatorFaults = chosen.filter { [.crash, .lostReply, .conflict, .restart, .resync].contains($0) }
    edits = chosen.filter { !$0.concernsOperatorOnly && $0 != .termination }
    length = dice.pick([10, 30, 80, 160, 320]) ?? 10
    faultRate = operatorFaults.isEmpty ? 0 : dice.pick([1, 3, 8, 20]) ?? 0
    editRate = edits.isEmpty ? 0 : dice.pick([1, 3, 6, 12]) ?? 0
    restRate = dice.pick([0, 1, 3, 10]) ?? 0
    switch dice.below(6) {
    case 0: order = .oldest
    case 1: order = .newest
    case 2:
      let kinds: [ResourceKind] = [.podClique, .podCliqueScalingGroup, .podCliqueSet, .pod, .podGang]
      order = .starving(dice.pick(kinds) ?? .podClique)
    default: order = .any
    }
    self.dice = dice
  }

  /// The next move; nil when there is nothing to do any more.
  mutating func nextMove(in run: ExplorationRun) -> Move? {
    var world = run.world
    if dice.chance(restRate) { return .rest }
    if dice.chance(editRate), let edit = edit(in: world) { return .edit(edit) }
    let enabled = world.enabledSteps()
    if dice.chance(faultRate), let step = fault(among: enabled) { return .step(step) }
    var hasWait = false
    var ready: [World.Step] = []
    ready.reserveCapacity(enabled.count)
    for step in enabled {
      if case .wait = step { hasWait = true } else { ready.append(step) }
    }
    if ready.isEmpty {
      if dice.chance(60), let edit = edit(in: world) { return .edit(edit) }
      return hasWait ? .wait : nil
    }
    if isSlow, hasWait, dice.chance(4) { return .wait }
    return choose(among: ready).map { .step($0) }
  }

  private mutating func choose(among steps: [World.Step]) -> World.Step? {
    switch order {
    case .any: return dice.pick(steps)
    case .oldest: return dice.chance(80) ? steps.first : dice.pick(steps)
    case .newest: return dice.chance(80) ? steps.last : dice.pick(steps)
    case .starving(let kind):
      let others = steps.filter { step in
        switch step {
        case .pass(let key): key.kind != kind
        case .deliver(let delivered), .deliverAll(let delivered): delivered != kind
        default: true
        }
      }
      return dice.pick(others.isEmpty ? steps : others)
    }
  }

  private mutating func fault(among steps: [World.Step]) -> World.Step? {
    let keys = steps.compactMap { if case .pass(let key) = $0 { key } else { nil } }
    switch dice.pick(operatorFaults) {
    case .crash: return dice.pick(keys).map { .faultyPass($0, .crash(after: dice.below(6))) }
    case .lostReply: return dice.pick(keys).map { .faultyPass($0, .lostReply(to: 1 + dice.below(4))) }
    case .conflict: return dice.pick(keys).map { .faultyPass($0, .conflict(at: 1 + dice.below(4))) }
    case .restart: return .restart
    case .resync: return .resync
    default: return nil
    }
  }
}

// MARK: Edits

extension Swarm {
  private mutating func edit(in world: World) -> Edit? {
    let objects = world.server.objects
    switch dice.pick(edits) {
    case .scaling: return scaling(in: objects)
    case .templates:
      guard let set = set(in: objects) else { return nil }
      let clique = dice.below(set.spec.template.cliques.count)
      let (name, version) = (ObjectName(set.metadata), dice.below(3))
      return dice.chance(70)
        ? .image(name, clique: clique, version: version) : .variable(name, clique: clique, version: version)
    case .strategy:
      return set(in: objects).map { .strategy(ObjectName($0.metadata), onDelete: dice.chance(50)) }
    case .recreation:
      guard let set = set(in: objects) else { return nil }
      return .delete(Resource.podCliqueSet(set).key)
    case .deletions:
      let kinds: [ResourceKind] = [
        .podClique, .podClique, .podCliqueScalingGroup, .podGang, .service, .role, .roleBinding,
        .horizontalPodAutoscaler, .secret, .serviceAccount,
      ]
      guard let kind = dice.pick(kinds) else { return nil }
      return dice.pick(objects.resources(of: kind)).map { .delete($0.key) }
    case .metadata:
      guard let set = set(in: objects) else { return nil }
      let (name, version) = (ObjectName(set.metadata), dice.below(3))
      return dice.chance(50) ? .label(name, version: version) : .annotation(name, version: version)
    case .pods:
      return hostname(in: objects).map { dice.chance(60) ? .kill(hostname: $0) : .deletePod(hostname: $0) }
    case .containers: return hostname(in: objects).map { .crash(hostname: $0) }
    case .readiness:
      return hostname(in: objects).map { dice.chance(60) ? .unready(hostname: $0) : .ready(hostname: $0) }
    case .nodes:
      guard let node = dice.pick(objects.resources(of: .node))?.metadata.name else { return nil }
      return dice.pick([.failNode(node), .recoverNode(node), .cordon(node), .uncordon(node)])
    case .foreign:
      switch dice.below(4) {
      case 0: return hostname(in: objects).map { .liftGate(hostname: $0) }
      case 1: return hostname(in: objects).map { .labelPod(hostname: $0) }
      case 2: return .removeFinalizers
      default:
        let kind = dice.pick([ResourceKind.pod, .podClique, .podGang, .podCliqueScalingGroup]) ?? .pod
        return dice.pick(objects.resources(of: kind)).map { .addFinalizer($0.key) }
      }
    default: return nil
    }
  }

  /// A PodCliqueSet that is there; one that was deleted comes back sooner or later.
  private mutating func set(in objects: ObservedState) -> PodCliqueSet? {
    let sets = objects.resources(of: .podCliqueSet).compactMap {
      if case .podCliqueSet(let set) = $0, set.metadata.deletionTimestamp == nil { set } else { nil }
    }
    return dice.pick(sets)
  }

  private mutating func hostname(in objects: ObservedState) -> String? {
    let names: [String] = objects.resources(of: .pod).compactMap {
      if case .pod(let pod) = $0, pod.isLive { pod.spec.hostname } else { nil }
    }
    return dice.pick(names)
  }

  /// Scales something within what it can do with.
  private mutating func scaling(in objects: ObservedState) -> Edit? {
    let kind = dice.pick([ResourceKind.podCliqueSet, .podCliqueScalingGroup, .podClique]) ?? .podClique
    guard let object = dice.pick(objects.resources(of: kind)) else { return nil }
    let least: Int32 =
      switch object {
      case .podCliqueSet: 0
      case .podCliqueScalingGroup(let group): group.spec.minAvailable ?? 1
      case .podClique(let clique): clique.spec.minAvailable ?? clique.spec.replicas
      default: 1
      }
    return .scale(object.key, replicas: least + Int32(dice.below(4)))
  }
}
