public import GroveModel
public import GroveReconcile
public import KubernetesModel

/// A cluster as a value: its API server, the operator, and the parts of Kubernetes around them.
///
/// Nothing happens by itself. ``enabledSteps()`` says what may happen next, ``take(_:)`` makes it happen, and
/// ``runToRest(limit:)`` takes steps in a fair order until nothing changes any more. Time is virtual: it passes only
/// when a step waits for it. The same configuration, setup, seed and inputs give the same run, to the last byte.
public struct World: Sendable {
  /// The API server.
  public internal(set) var server: APIServer
  /// The operator.
  public let reconciler: Reconciler
  /// What runs beside API server and operator.
  public let setup: ClusterSetup
  /// What the operator's passes wrote, in order.
  public private(set) var writes: [AppliedWrite] = []
  /// The writes of the last pass over each object that the API server refused, for those whose last pass had any.
  public private(set) var refusals: [ObjectKey: [APIError]] = [:]
  /// What happened, in order, when the setup asks for it.
  public private(set) var history: [Happening] = []

  package var passes = WorkQueue()
  package var kubelets: Kubelets?
  package var nodeLifecycle: NodeLifecycle?
  /// The objects that a restored world has although nobody said so: what a partial dump leaves out.
  public internal(set) var assumed: Set<ObjectKey> = []
  /// What manifests said when they were applied last.
  package var appliedManifests: [ObjectKey: Value] = [:]

  package var collector = GarbageCollector()
  package var tokens = TokenController()
  package var scheduling: SchedulerTurn?
  /// What the operator sees, when that is not simply what is.
  package var lagging: OperatorView?
  /// The version of the server after the last pass over a key that is to be looked at again although it changed
  /// nothing.
  private var quiet: [ObjectKey: UInt64] = [:]
  /// The delays with which keys are polled, as long as nothing fails.
  private var periods: [ObjectKey: Duration] = [:]
  /// Whether the cluster repeats itself.
  package var recycler = RecycleDetector()
  /// The uids of PodCliques and scaling groups that were up once, and then were not.
  var losses: [ObjectKey: String] = [:]

  /// An empty cluster with the operator running.
  ///
  /// - Parameters:
  ///   - configuration: what the operator is configured to do; its webhooks are installed.
  ///   - setup: what runs beside API server and operator.
  ///   - seed: what generated names and uids come from.
  ///   - start: what time it is.
  ///   - options: what the API server does beyond storing objects.
  public init(
    configuration: OperatorConfiguration, setup: ClusterSetup = ClusterSetup(), seed: UInt64 = 0,
    start: Timestamp = APIServer.defaultStart, options: APIServer.Options = APIServer.Options()
  ) {
    self.init(
      reconciler: Reconciler(configuration: configuration), configuration: configuration, setup: setup,
      seed: seed,
      start: start, options: options)
  }

  /// The same with an operator of one's own.
  package init(
    reconciler: Reconciler, configuration: OperatorConfiguration, setup: ClusterSetup, seed: UInt64,
    start: Timestamp = APIServer.defaultStart, options: APIServer.Options = APIServer.Options()
  ) {
    server = APIServer(seed: seed, start: start, webhooks: configuration, options: options)
    server.events.keepsNews = setup.keepsHistory
    self.reconciler = reconciler
    self.setup = setup
    kubelets = setup.kubelets.map { Kubelets(timing: $0) }
    nodeLifecycle = setup.kubelets.map { NodeLifecycle(timing: $0) }
    scheduling = setup.scheduler.map { SchedulerTurn($0) }
    lagging = setup.watchesLag ? OperatorView(server.objects) : nil
  }

  /// What time it is.
  public var now: Timestamp { server.now }

  /// What the operator sees.
  public var view: ObservedState { lagging?.state ?? server.objects }

  /// Objects that the scheduler cannot understand, with the reasons.
  public var schedulingProblems: [ObjectKey: String] { scheduling?.problems ?? [:] }

  /// Hands out what the operator wrote since the last call.
  public mutating func takeWrites() -> [AppliedWrite] {
    var taken: [AppliedWrite] = []
    swap(&taken, &writes)
    return taken
  }

  /// Hands out what happened since the last call.
  public mutating func takeHistory() -> [Happening] {
    var taken: [Happening] = []
    swap(&taken, &history)
    return taken
  }

  // MARK: What users and other components do

  /// Changes objects as somebody other than the operator, and wakes whoever has to react.
  ///
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws; writes before that stay.
  @discardableResult
  public mutating func write<Result, Failure: Error>(
    _ body: (inout APIServer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    recycler.forget()
    do {
      let result = try body(&server)
      dispatchChanges()
      return result
    } catch {
      dispatchChanges()
      throw error
    }
  }

  package mutating func remember(_ action: ClusterAction) {
    recycler.forget()
    if setup.keepsHistory { history.append(Happening(time: server.now, what: .action(action))) }
  }

  // MARK: Steps

  /// Something that can happen next.
  public enum Step: Sendable, Hashable {
    /// The operator looks at an object.
    case pass(ObjectKey)
    /// The operator looks at an object, and something goes wrong. Possible wherever a pass is; never offered.
    case faultyPass(ObjectKey, Fault)
    /// The oldest watch event of a kind reaches the operator.
    case deliver(ResourceKind)
    /// All watch events of a kind reach the operator, as one change for each object. Offered with ``deliver(_:)`` when
    /// more than one is on its way.
    case deliverAll(ResourceKind)
    /// The garbage collector deletes the dependents of the owner that has been gone longest.
    case collectGarbage
    /// The token controller fills the Secret that has waited longest.
    case fillToken
    /// The scheduler takes a turn: binds, evicts, and says what has no place.
    case schedule
    /// A kubelet does the next thing for a pod.
    case kubelet(ObjectName)
    /// A silent node is marked, its pods are deleted, or pods of a node that is gone are removed.
    case nodeLifecycle(String)
    /// The operator's process starts again: what waited is forgotten, and everything listed anew. Never offered.
    case restart
    /// The operator looks at everything again. Never offered.
    case resync
    /// Time passes until something is due.
    case wait(until: Timestamp)
  }

  /// What can happen next. Empty when nothing is to be done and nothing is waited for.
  ///
  /// - Complexity: O(steps).
  public mutating func enabledSteps() -> [Step] {
    var steps = passes.ready.map { Step.pass($0) }
    if let lagging {
      for kind in lagging.kindsOnTheirWay {
        steps.append(.deliver(kind))
        if lagging.onTheirWay(kind).count > 1 { steps.append(.deliverAll(kind)) }
      }
    }
    if collector.isDue { steps.append(.collectGarbage) }
    if !tokens.pending.isEmpty { steps.append(.fillToken) }
    if scheduling?.isDue == true { steps.append(.schedule) }
    if let kubelets { steps += kubelets.due.map { .kubelet($0) } }
    if let nodeLifecycle { steps += nodeLifecycle.due.map { .nodeLifecycle($0) } }
    if let time = nextAlarm { steps.append(.wait(until: time)) }
    return steps
  }

  /// When something is due that is not yet.
  public var nextAlarm: Timestamp? {
    mutating get {
      let times = [passes.nextAlarm(), kubelets?.nextAlarm(), nodeLifecycle?.nextAlarm()]
      return times.compactMap { $0 }.min()
    }
  }

  /// Makes something happen. A step that is not enabled changes nothing.
  public mutating func take(_ step: Step) {
    switch step {
    case .pass(let key):
      if passes.take(key) { pass(key) }
    case .faultyPass(let key, let fault):
      if passes.take(key) { pass(key, fault: fault) }
    case .deliver(let kind):
      if let change = lagging?.deliver(kind) { wake(change) }
    case .deliverAll(let kind):
      for change in lagging?.deliverAll(kind) ?? [] { wake(change) }
    case .collectGarbage:
      collector.collect(from: &server)
      dispatchChanges()
    case .fillToken:
      tokens.fill(in: &server)
      dispatchChanges()
    case .schedule:
      scheduling?.work(in: &server)
      dispatchChanges()
    case .kubelet(let pod):
      kubelets?.work(on: pod, in: &server)
      dispatchChanges()
    case .nodeLifecycle(let node):
      nodeLifecycle?.work(on: node, in: &server)
      dispatchChanges()
    case .restart: restart()
    case .resync:
      for resource in view.resources where resource.kind.isReconciled { passes.add(resource.key) }
    case .wait(let time):
      if time > server.now { server.now = time }
      passes.ring(at: server.now)
      kubelets?.ring(at: server.now)
      nodeLifecycle?.ring(at: server.now)
    }
  }

  /// How a run ended.
  public enum RunOutcome: Sendable, Equatable {
    /// Nothing changes any more, whatever is still polled.
    case atRest
    /// The limit was reached first.
    case exhausted
    /// The cluster is again what it was, and will be for ever.
    case recycling(Recycling)
  }

  /// Takes steps in a fair order until nothing changes any more.
  ///
  /// Time passes for whatever nodes do. Who is to be looked at again later (a wait, a failure with backoff) is looked
  /// at once more after the last change, and time passes for that; then the world is at rest. Delays that only time
  /// could end, such as a termination delay, are not waited for. A cluster that repeats itself is left as soon as that
  /// is seen.
  ///
  /// - Parameter limit: the most passes to make; a guard against long runs.
  public mutating func runToRest(limit: Int = .max) -> RunOutcome {
    var left = limit
    while true {
      guard runReady(&left) else { return .exhausted }
      if let found = recycler.found { return .recycling(found) }
      let nodes = [kubelets?.nextAlarm(), nodeLifecycle?.nextAlarm()].compactMap { $0 }.min()
      guard let alarm = nextAlarm, nodes != nil || !isQuiet else { return .atRest }
      watchTime()
      take(.wait(until: alarm))
    }
  }

  /// Lets time pass, and everything happen that happens in it.
  ///
  /// A run is as long as what happens in it: polls that would find nothing changed are passed over. A cluster that
  /// repeats itself very often is left before its time.
  ///
  /// - Parameters:
  ///   - duration: how long.
  ///   - limit: the most passes to make.
  public mutating func run(for duration: Duration, limit: Int = .max) -> RunOutcome {
    let end = server.now + duration
    var left = limit
    while true {
      guard runReady(&left) else { return .exhausted }
      if let found = recycler.found, found.rounds > Self.mostRounds { return .recycling(found) }
      skipPolls(until: end)
      guard let alarm = nextAlarm, alarm <= end else {
        server.now = max(end, server.now)
        return .atRest
      }
      watchTime()
      take(.wait(until: alarm))
    }
  }

  /// So many equal rounds of a run for some time are made; more would tell nothing more.
  private static let mostRounds = 300

  /// Puts off polls that cannot find anything new: all has been looked at since the last change, and no breach becomes
  /// a gang termination before then.
  private mutating func skipPolls(until end: Timestamp) {
    guard lagging == nil, isQuiet else { return }
    let alarms = [
      kubelets?.nextAlarm(), nodeLifecycle?.nextAlarm(),
      server.objects.nextGangTermination(after: server.now),
    ]
    let next = min(alarms.compactMap { $0 }.min() ?? end, end)
    guard next < .max else { return }
    for (time, key) in passes.alarmList where time < next {
      guard let period = periods[key], period > .zero else { continue }
      let count = ((next - time).nanoseconds + period.nanoseconds - 1) / period.nanoseconds
      passes.schedule(key, at: time + period * count)
    }
  }

  /// Takes the next step of the fair order: the machinery first, then the operator, then the scheduler, then time.
  ///
  /// - Parameter end: time does not pass beyond it.
  /// - Returns: the step; nil when nothing is left to do until then.
  @discardableResult
  public mutating func takeNextStep(until end: Timestamp = .max) -> Step? {
    if let step = nextReadyStep {
      take(step)
      return step
    }
    skipPolls(until: end)
    guard let alarm = nextAlarm, alarm <= end else { return nil }
    take(.wait(until: alarm))
    return .wait(until: alarm)
  }

  /// What comes next in the fair order without time passing.
  package var nextReadyStep: Step? {
    if !tokens.pending.isEmpty { return .fillToken }
    if collector.isDue { return .collectGarbage }
    if let kind = lagging?.kindsOnTheirWay.first { return .deliver(kind) }
    if let pod = kubelets?.due.first { return .kubelet(pod) }
    if let node = nodeLifecycle?.due.first { return .nodeLifecycle(node) }
    if let key = passes.ready.first { return .pass(key) }
    return scheduling?.isDue == true ? .schedule : nil
  }

  /// Takes steps until time has to pass.
  ///
  /// - Parameter left: how many passes may still be made.
  /// - Returns: false when more would have been needed.
  private mutating func runReady(_ left: inout Int) -> Bool {
    while let step = nextReadyStep {
      if case .pass = step {
        if left == 0 { return false }
        left -= 1
      }
      take(step)
    }
    return true
  }

  /// Whether everything that is still polled has been looked at since the last change.
  private var isQuiet: Bool { passes.scheduled.allSatisfy { quiet[$0] == server.version } }

  // MARK: The operator

  private mutating func pass(_ key: ObjectKey, fault: Fault? = nil) {
    let before = server.version
    let execution = PassExecution.run(
      key, reconciler: reconciler, observed: lagging?.state, server: &server, fault: fault)
    dispatchChanges(ownWrites: !execution.lostReply)
    writes += execution.writes
    watchForRecycling(execution.writes)
    if execution.crashed { return restart() }
    if execution.refusals.isEmpty {
      if !refusals.isEmpty { refusals[key] = nil }
    } else {
      refusals[key] = execution.refusals
    }
    if execution.failed {
      passes.schedule(key, at: server.now + passes.failed(key))
    } else {
      passes.succeeded(key)
      passes.schedule(key, at: execution.requeueAfter.map { server.now + $0 })
    }
    periods[key] = execution.failed ? nil : execution.requeueAfter
    if execution.failed || execution.requeueAfter != nil {
      quiet[key] = server.version == before ? before : nil
    } else if !quiet.isEmpty {
      quiet[key] = nil
    }
  }

  private mutating func restart() {
    passes = WorkQueue()
    quiet = [:]
    periods = [:]
    refusals = [:]
    if lagging != nil { lagging = OperatorView(server.objects) }
    for resource in server.objects.resources { wake(Change(old: nil, new: resource)) }
  }

  private mutating func wake(_ change: Change) {
    for key in reconciler.wakes(change, in: lagging?.state ?? server.objects) { passes.add(key) }
  }

  /// Tells everyone who has to react about what changed.
  private mutating func dispatchChanges(ownWrites: Bool = false) {
    for change in server.takeChanges() {
      if setup.keepsHistory { history.append(Happening(time: server.now, what: .change(change))) }
      noteLoss(change)
      collector.observe(change, in: server.objects)
      tokens.observe(change, in: server.objects)
      kubelets?.observe(change, at: server.now)
      nodeLifecycle?.observe(change)
      scheduling?.observe(change, in: server.objects)
      if lagging == nil {
        wake(change)
      } else {
        if ownWrites { lagging?.overlay(change) }
        lagging?.send(change)
      }
    }
    if setup.keepsHistory {
      for event in server.events.takeNews() {
        history.append(Happening(time: server.now, what: .event(event)))
      }
    }
  }
}
