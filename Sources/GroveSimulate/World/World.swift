public import GroveModel
public import GroveReconcile
public import KubernetesModel

/// A cluster as a value: its API server, the operator, and the controllers of Kubernetes that Grove relies on.
///
/// Nothing happens by itself. ``enabledSteps`` says what may happen next, ``take(_:)`` makes it happen, and
/// ``runToRest(limit:)`` takes steps in a fair order until nothing changes any more. Time is virtual: it passes only
/// when a step waits for it. The same configuration, seed and inputs give the same run, to the last byte.
public struct World: Sendable {
  /// The API server.
  public private(set) var server: APIServer
  /// The operator.
  public let reconciler: Reconciler
  /// What the operator's passes wrote, in order.
  public private(set) var writes: [AppliedWrite] = []
  /// The writes of the last pass over each object that the API server refused, for those whose last pass had any.
  public private(set) var refusals: [ObjectKey: [APIError]] = [:]

  private var passes = WorkQueue()
  private var collector = GarbageCollector()
  private var tokens = TokenController()
  /// The version of the server after the last pass over a key that is to be looked at again although it changed
  /// nothing.
  private var quiet: [ObjectKey: UInt64] = [:]

  /// An empty cluster with the operator running.
  ///
  /// - Parameters:
  ///   - configuration: what the operator is configured to do; its webhooks are installed.
  ///   - seed: what generated names and uids come from.
  ///   - start: what time it is.
  ///   - options: what the API server does beyond storing objects.
  public init(
    configuration: OperatorConfiguration, seed: UInt64 = 0, start: Timestamp = APIServer.defaultStart,
    options: APIServer.Options = APIServer.Options()
  ) {
    server = APIServer(seed: seed, start: start, webhooks: configuration, options: options)
    reconciler = Reconciler(configuration: configuration)
  }

  /// What time it is.
  public var now: Timestamp { server.now }

  // MARK: What users and other components do

  /// Changes objects as somebody other than the operator, and wakes whoever has to react.
  ///
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws; writes before that stay.
  @discardableResult
  public mutating func write<Result, Failure: Error>(
    _ body: (inout APIServer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    do {
      let result = try body(&server)
      dispatchChanges()
      return result
    } catch {
      dispatchChanges()
      throw error
    }
  }

  // MARK: Steps

  /// Something that can happen next.
  public enum Step: Sendable, Hashable {
    /// The operator looks at an object.
    case pass(ObjectKey)
    /// The garbage collector deletes the dependents of the owner that has been gone longest.
    case collectGarbage
    /// The token controller fills the Secret that has waited longest.
    case fillToken
    /// Time passes until the operator looks at something again.
    case wait(until: Timestamp)
  }

  /// What can happen next. Empty when nothing is to be done and nothing is waited for.
  ///
  /// - Complexity: O(steps).
  public mutating func enabledSteps() -> [Step] {
    var steps = passes.ready.map { Step.pass($0) }
    if !collector.orphanedOwners.isEmpty { steps.append(.collectGarbage) }
    if !tokens.pending.isEmpty { steps.append(.fillToken) }
    if let alarm = passes.nextAlarm() { steps.append(.wait(until: alarm)) }
    return steps
  }

  /// Makes something happen. A step that is not enabled changes nothing.
  public mutating func take(_ step: Step) {
    switch step {
    case .pass(let key):
      if passes.take(key) { pass(key) }
    case .collectGarbage:
      collector.collect(from: &server)
      dispatchChanges()
    case .fillToken:
      tokens.fill(in: &server)
      dispatchChanges()
    case .wait(let time):
      if time > server.now { server.now = time }
      passes.ring(at: server.now)
    }
  }

  /// How a run ended.
  public enum RunOutcome: Sendable, Equatable {
    /// Nothing changes any more, whatever is still polled.
    case atRest
    /// The limit was reached first.
    case exhausted
  }

  /// Takes steps in a fair order until nothing changes any more.
  ///
  /// Who is to be looked at again later (a wait, a failure with backoff) is looked at once more after the last
  /// change, and time passes for that; then the world is at rest. Delays that only time could end, such as a
  /// termination delay, are not waited for.
  ///
  /// - Parameter limit: the most passes to make; a guard against endless runs.
  public mutating func runToRest(limit: Int = .max) -> RunOutcome {
    var left = limit
    while true {
      guard runReady(&left) else { return .exhausted }
      guard let alarm = passes.nextAlarm(), !isQuiet else { return .atRest }
      take(.wait(until: alarm))
    }
  }

  /// Lets time pass, and everything happen that happens in it.
  ///
  /// - Parameters:
  ///   - duration: how long.
  ///   - limit: the most passes to make.
  public mutating func run(for duration: Duration, limit: Int = .max) -> RunOutcome {
    let end = server.now + duration
    var left = limit
    while true {
      guard runReady(&left) else { return .exhausted }
      guard let alarm = passes.nextAlarm(), alarm <= end else {
        server.now = max(end, server.now)
        return .atRest
      }
      take(.wait(until: alarm))
    }
  }

  /// Takes steps until time has to pass.
  ///
  /// - Parameter left: how many passes may still be made.
  /// - Returns: false when more would have been needed.
  private mutating func runReady(_ left: inout Int) -> Bool {
    while true {
      if !tokens.pending.isEmpty {
        take(.fillToken)
      } else if !collector.orphanedOwners.isEmpty {
        take(.collectGarbage)
      } else if passes.isIdle {
        return true
      } else if left == 0 {
        return false
      } else if let key = passes.next() {
        left -= 1
        pass(key)
      }
    }
  }

  /// Whether everything that is still polled has been looked at since the last change.
  private var isQuiet: Bool { passes.scheduled.allSatisfy { quiet[$0] == server.version } }

  // MARK: The operator

  private mutating func pass(_ key: ObjectKey) {
    let before = server.version
    let execution = PassExecution.run(key, reconciler: reconciler, server: &server)
    dispatchChanges()
    writes += execution.writes
    refusals[key] = execution.refusals.isEmpty ? nil : execution.refusals
    if execution.failed {
      passes.schedule(key, at: server.now + passes.failed(key))
    } else {
      passes.succeeded(key)
      passes.schedule(key, at: execution.requeueAfter.map { server.now + $0 })
    }
    if execution.failed || execution.requeueAfter != nil {
      quiet[key] = server.version == before ? before : nil
    } else if !quiet.isEmpty {
      quiet[key] = nil
    }
  }

  /// Tells everyone who has to react about what changed.
  private mutating func dispatchChanges() {
    for change in server.takeChanges() {
      collector.observe(change, in: server.objects)
      tokens.observe(change, in: server.objects)
      for key in reconciler.wakes(change, in: server.objects) { passes.add(key) }
    }
  }
}
