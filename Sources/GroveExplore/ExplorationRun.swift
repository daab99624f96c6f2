internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// One run: a world, what was done to it, and the oracles that watch.
struct ExplorationRun: Sendable {
  let subject: ExplorationSubject
  /// The cluster.
  private(set) var world: World
  /// The first thing that went wrong.
  private(set) var violation: Violation?
  /// The steps taken, of whatever sort.
  private(set) var steps = 0
  /// The writes of the operator.
  private(set) var writes = 0
  /// What the operator created and deleted, pods and others, as `Pod` or another kind with a sign.
  private(set) var summary = WriteSummary()
  /// What the story tells of the last move; kept only when told.
  var diary: Diary?
  /// Whether changes are kept for ``takeChanges()``.
  var keepsChanges = false
  private var changes: [Change] = []
  /// The uids of pods that have no reason to go; only where a run starts on leftovers.
  private(set) var podsInPlace: Set<String> = []

  private var oracle = SafetyOracle()
  private let lags: Bool
  private let terminationDelay: Duration?

  /// A run from a world.
  init(_ subject: ExplorationSubject, from world: World, start: ExplorationStart) {
    self.subject = subject
    self.world = world
    lags = start.lags
    terminationDelay = start.terminatesSoon ? ExplorationStart.shortDelay : nil
    _ = self.world.takeWrites()
    _ = self.world.takeHistory()
  }

  /// How long a run in the middle waits for something to change.
  static let patience = Duration.seconds(12)
  /// How long a run at the end does: longer than the longest back-off of a container.
  static let longPatience = Duration.seconds(720)
  /// The most steps between two states of rest; nothing that comes to rest needs as many.
  static let longestWay = 20_000

  /// What comes next in a fair order; nil when nothing does.
  var nextFairStep: World.Step? {
    mutating get { world.nextFairStep }
  }

  // MARK: Moves

  /// Makes a move; what is not possible is passed over.
  mutating func make(_ move: Move) {
    guard violation == nil else { return }
    switch move {
    case .step(let step): take(step)
    case .wait: if let alarm = world.nextAlarm { take(.wait(until: alarm)) }
    case .rest: rest(patience: Self.patience)
    case .edit(let edit): apply(edit)
    }
  }

  /// Takes a step under the eyes of the oracle.
  mutating func take(_ step: World.Step) {
    steps += 1
    switch step {
    case .pass, .faultyPass:
      if lags, case .faultyPass(_, .lostReply) = step { oracle.mayHaveUnknownPods = true }
      let seen = world.view
      world.take(step)
      judge(seen: seen)
    default:
      world.take(step)
      note(world.takeHistory())
    }
  }

  private mutating func judge(seen: ObservedState) {
    let writes = world.takeWrites()
    let history = world.takeHistory()
    note(history, writes)
    guard !writes.isEmpty else { return }
    self.writes += writes.count
    var judged: [SafetyOracle.Write] = []
    judged.reserveCapacity(writes.count)
    // Each write changed one object, and the changes come in the same order.
    var changes = history.lazy.compactMap { happening -> Change? in
      if case .change(let change) = happening.what { change } else { nil }
    }.makeIterator()
    for write in writes {
      let change = changes.next()
      judged.append(SafetyOracle.Write(applied: write, old: change?.old, new: change?.new))
    }
    summary.note(judged)
    violation = oracle.check(judged, seen: seen, now: world.server.objects)
  }

  /// Takes steps in a fair order until nothing changes any more.
  ///
  /// - Parameter patience: how much time may pass without a change while something is still polled.
  mutating func rest(patience: Duration) {
    var version = world.server.version
    var since = world.now
    var left = Self.longestWay
    while violation == nil {
      guard let step = world.nextFairStep else { return }
      if left == 0 {
        violation = Violation(.rest, "the cluster does not come to rest within \(Self.longestWay) steps")
        return
      }
      left -= 1
      if case .wait(let time) = step, time > since + patience { return }
      take(step)
      if let found = world.recycler.found {
        violation = violation ?? Violation(.rest, found.description)
        return
      }
      if world.server.version != version {
        version = world.server.version
        since = world.now
      }
    }
  }

  /// Puts the cluster in disorder, and starts the operator anew.
  mutating func scramble(_ number: UInt64) {
    var scramble = Scramble(seed: number)
    podsInPlace = scramble.apply(to: &world, terminatesSoon: terminationDelay != nil)
    world.take(.restart)
    _ = world.takeWrites()
    _ = world.takeHistory()
  }

  /// Fails the run.
  mutating func fail(_ oracle: Violation.Oracle, _ message: String) {
    violation = violation ?? Violation(oracle, message)
  }

  /// Forgets what was written so far.
  mutating func clearSummary() { summary = WriteSummary() }

  // MARK: Edits

  private mutating func apply(_ edit: Edit) {
    steps += 1
    do throws(APIError) {
      try perform(edit)
    } catch {
      // Whoever tried is told, and nothing happened.
    }
    note(world.takeHistory())
  }

  private mutating func note(_ history: [Happening], _ writes: [AppliedWrite] = []) {
    diary?.note(history, writes, at: world.now)
    guard keepsChanges else { return }
    for case .change(let change) in history.lazy.map(\.what) { changes.append(change) }
  }

  /// Hands out what changed since the last call.
  mutating func takeChanges() -> [Change] {
    var taken: [Change] = []
    swap(&taken, &changes)
    return taken
  }

  private mutating func perform(_ edit: Edit) throws(APIError) {
    switch edit {
    case .scale(let key, let replicas): try world.perform(.scale(key, replicas: replicas))
    case .image(let name, let clique, let version):
      try change(name) { set in
        guard set.spec.template.cliques.indices.contains(clique),
          !set.spec.template.cliques[clique].spec.podSpec.containers.isEmpty
        else { return }
        let image = set.spec.template.cliques[clique].spec.podSpec.containers[0].image
        let base = image.prefix { $0 != ":" }
        set.spec.template.cliques[clique].spec.podSpec.containers[0].image = "\(base):v\(version)"
      }
    case .variable(let name, let clique, let version):
      try change(name) { set in
        guard set.spec.template.cliques.indices.contains(clique),
          !set.spec.template.cliques[clique].spec.podSpec.containers.isEmpty
        else { return }
        var environment = set.spec.template.cliques[clique].spec.podSpec.containers[0].env
        environment.removeAll { $0.name == "EXPLORED" }
        if version > 0 { environment.append(EnvVar(name: "EXPLORED", value: String(version))) }
        set.spec.template.cliques[clique].spec.podSpec.containers[0].env = environment
      }
    case .strategy(let name, let onDelete):
      try change(name) { set in
        set.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: onDelete ? .onDelete : .rollingRecreate)
      }
    case .label(let name, let version):
      try change(name) { $0.metadata.labels["example.com/label"] = String(version) }
    case .annotation(let name, let version):
      try change(name) { $0.metadata.annotations["example.com/annotation"] = String(version) }
    case .delete(let key): try world.perform(.delete(key))
    case .recreate(let name):
      for case .podCliqueSet(let set) in subject.objects where ObjectName(set.metadata).name == name.name {
        let object = ExplorationSubject.asNew(.podCliqueSet(set), terminationDelay)
        try world.write { server throws(APIError) in try server.create(object) }
      }
    case .deletePod(let hostname):
      if let pod = pod(hostname) { try world.perform(.delete(Resource.pod(pod).key)) }
    case .kill(let hostname):
      if let pod = pod(hostname) { try world.perform(.killPod(ObjectName(pod.metadata))) }
    case .crash(let hostname):
      guard let pod = pod(hostname) else { return }
      try world.perform(.crashContainer(pod: ObjectName(pod.metadata), container: nil, exitCode: 1))
    case .unready(let hostname):
      if let pod = pod(hostname) { try world.perform(.setReady(pod: ObjectName(pod.metadata), false)) }
    case .ready(let hostname):
      if let pod = pod(hostname) { try world.perform(.setReady(pod: ObjectName(pod.metadata), true)) }
    case .failNode(let node): try world.perform(.failNode(node))
    case .recoverNode(let node): try world.perform(.recoverNode(node))
    case .cordon(let node): try world.perform(.cordon(node))
    case .uncordon(let node): try world.perform(.uncordon(node))
    case .liftGate(let hostname): if let pod = pod(hostname) { try liftGates(of: pod) }
    case .labelPod(let hostname):
      guard var pod = pod(hostname) else { return }
      pod.metadata.labels[Edit.foreignKey] = "true"
      let labelled = pod
      try world.write { server throws(APIError) in try server.update(.pod(labelled)) }
    case .addFinalizer(let key):
      guard let object = world.server[key], object.metadata.deletionTimestamp == nil else { return }
      try setFinalizer(of: object, true)
    case .removeFinalizers:
      for object in world.server.objects.resources
      where object.metadata.finalizers.contains(Edit.foreignKey) {
        try setFinalizer(of: object, false)
      }
    }
  }

  private mutating func change(
    _ name: ObjectName, _ body: (inout PodCliqueSet) -> Void
  ) throws(APIError) {
    let key = ObjectKey(.podCliqueSet, namespace: name.namespace, name: name.name)
    guard case .podCliqueSet(var set)? = world.server[key] else { throw .notFound(key) }
    body(&set)
    let changed = set
    try world.write { server throws(APIError) in try server.update(.podCliqueSet(changed)) }
  }

  private mutating func setFinalizer(of object: Resource, _ isSet: Bool) throws(APIError) {
    let changed = object.withMetadata {
      $0.finalizers.removeAll { $0 == Edit.foreignKey }
      if isSet { $0.finalizers.append(Edit.foreignKey) }
    }
    try world.write { server throws(APIError) in try server.update(changed) }
  }

  private mutating func liftGates(of pod: Pod) throws(APIError) {
    var pod = pod
    pod.spec.schedulingGates.removeAll { $0.name != GroveName.schedulingGate }
    let changed = pod
    try world.write { server throws(APIError) in try server.update(.pod(changed)) }
  }

  /// The pod of a host name; of several, the one that is not on its way out.
  private func pod(_ hostname: String) -> Pod? {
    var found: Pod?
    for case .pod(let pod) in world.server.objects.resources(of: .pod) where pod.spec.hostname == hostname {
      if pod.isLive { return pod }
      found = pod
    }
    return found
  }

  /// Ends what edits have begun: nodes are back, probes pass, others let go of what they hold.
  mutating func endMisfortune() {
    for case .node(let node) in world.server.objects.resources(of: .node) {
      let name = node.metadata.name
      if world.isDead(name) { apply(.recoverNode(name)) }
      if node.spec.unschedulable { apply(.uncordon(name)) }
    }
    for pod in world.podsWithFailingProbes { try? world.perform(.setReady(pod: pod, true)) }
    apply(.removeFinalizers)
  }

  /// Adds nodes like the first until no pod waits for a place.
  ///
  /// - Returns: whether there was too little room.
  mutating func makeRoom() -> Bool {
    guard violation == nil, case .node(let model)? = world.server.objects.resources(of: .node).first else {
      return false
    }
    var count = 0
    while violation == nil, count < Self.mostNewNodes, hasPodsWithoutRoom {
      for _ in 0..<4 {
        var node = model
        node.metadata = ObjectMeta(name: "more-\(count)", labels: model.metadata.labels)
        node.metadata.labels["kubernetes.io/hostname"] = node.metadata.name
        node.spec.unschedulable = false
        let added = node
        _ = try? world.write { server throws(APIError) in try server.create(.node(added)) }
        count += 1
      }
      note(world.takeHistory())
      rest(patience: Self.patience)
    }
    return count > 0
  }

  private static let mostNewNodes = 64

  private var hasPodsWithoutRoom: Bool {
    world.server.objects.resources(of: .pod).contains { resource in
      guard case .pod(let pod) = resource, pod.isLive else { return false }
      return pod.status.conditions.contains {
        $0.type == "PodScheduled" && $0.status == "False" && $0.reason == "Unschedulable"
      }
    }
  }

  /// Lets go of pods that only others still hold.
  ///
  /// - Returns: whether there were any.
  mutating func liftForeignGates() -> Bool {
    var found = false
    for case .pod(let pod) in world.server.objects.resources(of: .pod)
    where pod.isLive && !pod.spec.schedulingGates.isEmpty && !pod.isHeldByGrove {
      found = (try? liftGates(of: pod)) != nil || found
    }
    if found { note(world.takeHistory()) }
    return found
  }
}

/// How often the operator created and deleted objects of each kind.
struct WriteSummary: Sendable, Equatable {
  private(set) var created: [ResourceKind: Int] = [:]
  private(set) var deleted: [ResourceKind: Int] = [:]

  mutating func note(_ writes: [SafetyOracle.Write]) {
    for write in writes {
      switch write.applied.verb {
      case .create: created[write.applied.object.kind, default: 0] += 1
      case .delete: deleted[write.applied.object.kind, default: 0] += 1
      case .update, .updateStatus: break
      }
    }
  }

  /// The first difference in words; nil when there is none.
  func difference(from reference: WriteSummary) -> String? {
    for kind in ResourceKind.allCases.sorted() {
      let (mine, theirs) = (created[kind, default: 0], reference.created[kind, default: 0])
      if mine != theirs { return "\(mine) of kind \(kind.kind) were created, without faults \(theirs)" }
      let (gone, goneThere) = (deleted[kind, default: 0], reference.deleted[kind, default: 0])
      if gone != goneThere { return "\(gone) of kind \(kind.kind) were deleted, without faults \(goneThere)" }
    }
    return nil
  }
}
