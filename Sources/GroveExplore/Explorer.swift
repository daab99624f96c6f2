internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// Explores what may become of a workload: runs with random faults, each decided by a seed.
///
/// ```swift
/// var explorer = try Explorer(subject)
/// for seed in 0..<1_000 as Range<UInt64> {
///   if let finding = explorer.explore(seed: seed) { print(explorer.story(of: explorer.shrink(finding))) }
/// }
/// ```
///
/// A run makes some moves with faults, then none happen any more, everything runs in a fair order, and oracles look at
/// what has become of it; others look at every write on the way. No finding means that these runs were fine: checked,
/// not proven.
public struct Explorer: Sendable {
  /// Something that went wrong, with the run that leads there.
  public struct Finding: Sendable, Hashable {
    /// The seed; nil when the run was given.
    public var seed: UInt64?
    /// The run.
    public var trace: Trace
    /// What went wrong.
    public var violation: Violation
  }

  /// How much was done.
  public struct Effort: Sendable, Equatable {
    /// Runs made.
    public var runs = 0
    /// Steps taken in them.
    public var steps = 0
    /// Runs at whose end nodes were added, because more was asked for than there was room for.
    public var grownRuns = 0
  }

  /// What is explored.
  public let subject: ExplorationSubject
  /// The faults that there may be.
  public let faults: [FaultKind]
  /// What was done so far.
  public private(set) var effort = Effort()

  private var bases: [ExplorationStart: Base] = [:]
  private var references: [String: CanonicalState] = [:]

  /// A cluster from which runs start.
  private struct Base: Sendable {
    var world: World
    /// What the fault-free run from here writes, and what it comes to.
    var summary = WriteSummary()
    var end: CanonicalState?
    var problem: Violation?
  }

  /// An explorer.
  ///
  /// - Parameter faults: the faults that there may be; each seed has some of them.
  /// - Throws: when the objects cannot be applied.
  public init(
    _ subject: ExplorationSubject, faults: [FaultKind] = FaultKind.allCases
  ) throws(ExplorationError) {
    self.subject = subject
    self.faults = FaultKind.allCases.filter(faults.contains)
    _ = try base(ExplorationStart())
  }

  /// What goes wrong even without faults; nil when the workload comes to what it asks for.
  public mutating func baseline() throws(ExplorationError) -> Finding? {
    let start = ExplorationStart()
    return try base(start).problem.map { Finding(seed: nil, trace: Trace(start: start), violation: $0) }
  }

  /// Makes the run of a seed.
  ///
  /// - Returns: what went wrong, if anything did.
  public mutating func explore(seed: UInt64) -> Finding? {
    var swarm = Swarm(seed: seed, faults: faults)
    var start = swarm.start
    guard var run = run(from: start) else { return nil }
    if start.terminatesSoon, bases[start.inOrder]?.problem != nil {
      // It takes longer to come up than the short delay lets it; that is no fault of anybody.
      start.terminatesSoon = false
      guard let other = self.run(from: start) else { return nil }
      run = other
    }
    var trace = Trace(start: start)
    if let problem = bases[start.inOrder]?.problem {
      return Finding(seed: seed, trace: trace, violation: problem)
    }
    for _ in 0..<swarm.length {
      guard run.violation == nil, let move = swarm.nextMove(in: run) else { break }
      trace.moves.append(move)
      run.make(move)
    }
    conclude(&run, trace)
    return finding(run, trace, seed: seed)
  }

  /// Makes a given run again.
  ///
  /// - Returns: what went wrong, if anything did.
  public mutating func replay(_ trace: Trace) -> Finding? {
    guard var run = run(from: trace.start) else { return nil }
    for move in trace.moves { run.make(move) }
    conclude(&run, trace)
    return finding(run, trace, seed: nil)
  }

  mutating func finding(_ run: ExplorationRun, _ trace: Trace, seed: UInt64?) -> Finding? {
    effort.runs += 1
    effort.steps += run.steps
    return run.violation.map { Finding(seed: seed, trace: trace, violation: $0) }
  }

  /// A run at its beginning.
  mutating func run(from start: ExplorationStart) -> ExplorationRun? {
    guard let base = try? base(start.inOrder) else { return nil }
    var run = ExplorationRun(subject, from: base.world, start: start)
    if let leftovers = start.leftovers { run.scramble(leftovers) }
    return run
  }

  // MARK: Starts

  /// What goes wrong in a start even without faults.
  func problem(of start: ExplorationStart) -> Violation? { bases[start.inOrder]?.problem }

  private mutating func base(_ start: ExplorationStart) throws(ExplorationError) -> Base {
    if let base = bases[start] { return base }
    var applied = start
    applied.isSettled = false
    let world = try subject.world(
      lags: start.lags, terminationDelay: start.terminatesSoon ? ExplorationStart.shortDelay : nil)
    var run = ExplorationRun(subject, from: world, start: applied)
    Self.settle(&run)
    checkDesired(&run)
    var base = Base(world: world, summary: run.summary, end: CanonicalState(run.world.server.objects))
    base.problem = run.violation.map { violation in
      let causes = run.world.problems.prefix(3).map { "; \($0)" }.joined()
      return Violation(
        .comesUp, "even without faults the workload does not come up: \(violation.message)\(causes)")
    }
    bases[applied] = base
    base.world = run.world
    base.summary = WriteSummary()
    applied.isSettled = true
    bases[applied] = base
    return bases[start] ?? base
  }

  // MARK: The end of a run

  /// Stops the faults, lets everything run, and asks the oracles.
  mutating func conclude(_ run: inout ExplorationRun, _ trace: Trace) {
    guard run.violation == nil else { return }
    run.endMisfortune()
    Self.settle(&run)
    // That users asked for more than there is room for is no fault of the operator's.
    if run.makeRoom() {
      effort.grownRuns += 1
      Self.settle(&run)
    }
    let summary = run.summary
    checkDesired(&run)
    checkQuiet(&run)
    checkSurvival(&run, trace)
    guard run.violation == nil else { return }
    if trace.moves.allSatisfy(\.concernsOperatorOnly), !trace.start.terminatesSoon {
      checkAgainstBase(&run, trace, summary)
    } else {
      checkAgainstReference(&run, trace)
    }
  }

  private static func settle(_ run: inout ExplorationRun) {
    run.rest(patience: ExplorationRun.patience)
    while run.violation == nil, run.liftForeignGates() { run.rest(patience: ExplorationRun.patience) }
    if run.violation == nil, !DesiredState.problems(in: run.world.server.objects).isEmpty {
      run.rest(patience: ExplorationRun.longPatience)
    }
  }

  private func checkDesired(_ run: inout ExplorationRun) {
    guard run.violation == nil else { return }
    let problems = DesiredState.problems(in: run.world.server.objects)
    guard let first = problems.first else { return }
    let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
    run.fail(.desiredState, first + more)
  }

  /// Who looks again at what is as desired, changes nothing: a resync, a restart, time.
  private func checkQuiet(_ run: inout ExplorationRun) {
    for step in [World.Step.resync, .restart] {
      guard run.violation == nil else { return }
      let version = run.world.server.version
      run.diary?.note(Move.step(step).description, at: run.world.now)
      run.take(step)
      run.rest(patience: ExplorationRun.patience)
      if run.violation == nil, run.world.server.version != version {
        let count = run.world.server.version - version
        run.fail(.quiet, "\(count) writes followed a \(step == .resync ? "resync" : "restart")")
      }
    }
  }

  /// Pods that were in place when the operator started are there still, unless somebody had other plans.
  private func checkSurvival(_ run: inout ExplorationRun, _ trace: Trace) {
    guard run.violation == nil, trace.moves.allSatisfy(\.concernsOperatorOnly) else { return }
    let gone = run.podsInPlace.subtracting(run.world.server.objects.resources(of: .pod).map(\.metadata.uid))
    if !gone.isEmpty { run.fail(.survival, "\(gone.count) pods were replaced that were as they should be") }
  }

  private func checkAgainstBase(_ run: inout ExplorationRun, _ trace: Trace, _ summary: WriteSummary) {
    guard let base = bases[trace.start.inOrder], let end = base.end else { return }
    if let difference = CanonicalState(run.world.server.objects).difference(from: end) {
      run.fail(.sameEnd, difference)
    }
    // What was put in disorder has to be put right.
    if trace.start.leftovers != nil { return }
    // A pod of which the operator does not know is made twice, and one goes again.
    let losesReplies = trace.moves.contains {
      if case .step(.faultyPass(_, .lostReply)) = $0 { true } else { false }
    }
    if trace.start.lags, losesReplies { return }
    if let difference = summary.difference(from: base.summary) { run.fail(.sameWrites, difference) }
  }

  /// Compares with a new cluster to which the PodCliqueSets as they are now, and then the scales, are applied.
  private mutating func checkAgainstReference(_ run: inout ExplorationRun, _ trace: Trace) {
    let objects = run.world.server.objects
    var sets: [Resource] = []
    var name = ""
    for case .podCliqueSet(let set) in objects.resources(of: .podCliqueSet) {
      // What is outdated on delete stays outdated: that is no end that others come to.
      if set.spec.updateStrategy?.type == .onDelete { return }
      var new = PodCliqueSet()
      new.metadata.name = set.metadata.name
      new.metadata.namespace = set.metadata.namespace
      new.metadata.labels = set.metadata.labels
      new.metadata.annotations = set.metadata.annotations
      new.spec = set.spec
      sets.append(.podCliqueSet(new))
      name += JSONWriter.string(Resource.podCliqueSet(new).value)
    }
    var scales: [(key: ObjectKey, replicas: Int32)] = []
    for kind in [ResourceKind.podCliqueScalingGroup, .podClique] {
      for resource in objects.resources(of: kind) {
        let replicas = resource.wantedReplicas ?? 0
        scales.append((resource.key, replicas))
        name += "\(resource.key)=\(replicas);"
      }
    }
    let reference: CanonicalState
    if let known = references[name] {
      reference = known
    } else {
      guard let made = self.reference(sets, scales) else { return }
      reference = made
      if references.count > 2_000 { references = [:] }
      references[name] = made
    }
    if let difference = CanonicalState(objects).difference(from: reference) { run.fail(.sameEnd, difference) }
  }

  private func reference(
    _ sets: [Resource], _ scales: [(key: ObjectKey, replicas: Int32)]
  ) -> CanonicalState? {
    var subject = subject
    subject.objects = subject.objects.filter { $0.kind != .podCliqueSet } + sets
    guard let world = try? subject.world(lags: false) else { return nil }
    var run = ExplorationRun(subject, from: world, start: ExplorationStart())
    Self.settle(&run)
    for scale in scales {
      guard let live = run.world.server[scale.key] else { continue }
      guard live.wantedReplicas != scale.replicas else { continue }
      run.make(.edit(.scale(scale.key, replicas: scale.replicas)))
      // Members of a new replica come with it.
      if scale.key.kind == .podCliqueScalingGroup { Self.settle(&run) }
    }
    Self.settle(&run)
    if run.makeRoom() { Self.settle(&run) }
    return run.violation == nil ? CanonicalState(run.world.server.objects) : nil
  }
}

extension Resource {
  /// The replicas that users ask of a scaling group or PodClique.
  fileprivate var wantedReplicas: Int32? {
    switch self {
    case .podCliqueScalingGroup(let group): group.spec.replicas
    case .podClique(let clique): clique.spec.replicas
    default: nil
    }
  }
}

extension Move {
  /// Whether only the operator's circumstances are concerned.
  fileprivate var concernsOperatorOnly: Bool { if case .edit = self { false } else { true } }
}
