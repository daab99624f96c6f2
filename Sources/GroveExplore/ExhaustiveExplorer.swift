internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// Goes through all orders in which things can happen in a small cluster.
///
/// From each state, everything that can happen next happens, each in a copy of the world; states that were there before
/// are not gone through again. Time passes only when nothing else can happen. In each state in which only time can pass,
/// a copy runs to its end, and the oracles look at that.
///
/// What comes out is a count, not a proof: see ``StateDigest`` for what is taken to be the same state.
public struct ExhaustiveExplorer: Sendable {
  /// What bounds the search.
  public struct Bounds: Sendable, Equatable {
    /// The most states to visit.
    public var states = 100_000
    /// The most moves from the beginning.
    public var depth = 10_000
    /// The most faults in one run.
    public var faults = 1

    /// Bounds that take some seconds.
    public init() {}
  }

  /// What was checked.
  public struct Result: Sendable {
    /// Different states that were visited.
    public var states = 0
    /// Moves made, those that led to known states included.
    public var transitions = 0
    /// The longest way from the beginning.
    public var depth = 0
    /// States in which only time could pass, from which a copy ran to its end.
    public var ends = 0
    /// Steps taken in these runs.
    public var steps = 0
    /// Whether everything was visited. If not, a bound stopped the search.
    public var isComplete = true
    /// What went wrong.
    public var finding: Explorer.Finding?

    /// How far was checked, in words.
    public var coverage: String {
      let extent = "\(states) states, \(transitions) transitions, depth \(depth), \(ends) ends"
      return isComplete ? "checked all of \(extent)" : "checked up to \(extent); a bound stopped the search"
    }
  }

  /// What users and misfortune do, in this order, each at any time.
  public var script: [Edit]
  /// The faults of the operator that there may be.
  public var faults: [FaultKind]
  /// What bounds the search.
  public var bounds: Bounds
  /// What it starts from.
  public var start: ExplorationStart
  /// Whether pods of one PodClique are told apart; there are many more states then.
  public var tellsPodsApart = false

  private var explorer: Explorer

  /// An explorer.
  ///
  /// - Throws: when the objects cannot be applied.
  public init(
    _ subject: ExplorationSubject, script: [Edit] = [], faults: [FaultKind] = [],
    start: ExplorationStart = ExplorationStart(), bounds: Bounds = Bounds()
  ) throws(ExplorationError) {
    self.script = script
    self.faults = faults
    self.start = start
    self.bounds = bounds
    explorer = try Explorer(subject, faults: [])
  }

  /// A state on the way.
  private struct Node {
    var run: ExplorationRun
    var digest: StateDigest
    var edits: Int
    var faults: Int
    var depth: Int
    /// The state that led here, and how.
    var path: Int
  }

  /// Goes through all states, depth first.
  public mutating func explore() -> Result {
    var result = Result()
    guard let first = explorer.run(from: start) else { return result }
    var visited: Set<StateDigest.Key> = []
    // Ways are kept as moves with the number of the one before, so that they share their beginnings.
    var moves: [(before: Int, move: Move)] = []
    func trace(to path: Int) -> Trace {
      var reversed: [Move] = []
      var position = path
      while position >= 0 {
        reversed.append(moves[position].move)
        position = moves[position].before
      }
      return Trace(start: start, moves: reversed.reversed())
    }
    var root = Node(
      run: first, digest: StateDigest(first.world, tellsPodsApart: tellsPodsApart || start.lags), edits: 0,
      faults: 0, depth: 0, path: -1)
    visited.insert(key(&root))
    result.states = 1
    var stack = [root]
    while let node = stack.popLast() {
      result.depth = max(result.depth, node.depth)
      let next = choices(in: node)
      if next.isRest {
        result.ends += 1
        var run = node.run
        let before = run.steps
        let way = trace(to: node.path)
        explorer.conclude(&run, Trace(start: start, moves: way.moves + remainingEdits(node)))
        result.steps += run.steps - before
        if let violation = run.violation {
          result.finding = Explorer.Finding(seed: nil, trace: way, violation: violation)
          result.isComplete = false
          return result
        }
      }
      guard node.depth < bounds.depth else {
        result.isComplete = result.isComplete && next.moves.isEmpty
        continue
      }
      for move in next.moves {
        var child = node
        child.depth += 1
        child.run.keepsChanges = true
        child.run.make(move)
        child.digest.follow(child.run.takeChanges(), child.run.world)
        switch move {
        case .edit: child.edits += 1
        case .step(.faultyPass), .step(.restart), .step(.resync): child.faults += 1
        default: break
        }
        result.transitions += 1
        moves.append((node.path, move))
        child.path = moves.count - 1
        if let violation = child.run.violation {
          result.finding = Explorer.Finding(seed: nil, trace: trace(to: child.path), violation: violation)
          result.isComplete = false
          return result
        }
        guard visited.insert(key(&child)).inserted else {
          moves.removeLast()
          continue
        }
        result.states += 1
        if result.states >= bounds.states {
          result.isComplete = false
          return result
        }
        stack.append(child)
      }
    }
    return result
  }

  /// A shorter run that goes wrong in the same way, and its story.
  public mutating func story(of finding: Explorer.Finding) -> (finding: Explorer.Finding, story: Story) {
    let shortest = explorer.shrink(finding)
    return (shortest, explorer.story(of: shortest.trace))
  }

  private func key(_ node: inout Node) -> StateDigest.Key {
    node.digest.key(of: node.run.world, extra: UInt64(node.edits) << 8 | UInt64(node.faults))
  }

  /// Edits that have not happened: the end of a run does without them, but is not the end that was asked for.
  private func remainingEdits(_ node: Node) -> [Move] { node.edits < script.count ? [.rest] : [] }

  private func choices(in node: Node) -> (moves: [Move], isRest: Bool) {
    var world = node.run.world
    var moves: [Move] = []
    var wait = false
    for step in world.enabledSteps() {
      switch step {
      case .wait: wait = true
      case .pass(let key):
        moves.append(.step(step))
        guard node.faults < bounds.faults else { continue }
        for fault in faultsOfPasses { moves.append(.step(.faultyPass(key, fault))) }
      default: moves.append(.step(step))
      }
    }
    let isRest = moves.isEmpty
    if node.edits < script.count { moves.append(.edit(script[node.edits])) }
    if node.faults < bounds.faults {
      if faults.contains(.restart) { moves.append(.step(.restart)) }
      if faults.contains(.resync) { moves.append(.step(.resync)) }
    }
    if isRest, wait { moves.append(.wait) }
    return (moves, isRest)
  }

  private var faultsOfPasses: [Fault] {
    var chosen: [Fault] = []
    if faults.contains(.crash) { chosen += (0..<4).map { .crash(after: $0) } }
    if faults.contains(.lostReply) { chosen += (1...2).map { .lostReply(to: $0) } }
    if faults.contains(.conflict) { chosen += (1...2).map { .conflict(at: $0) } }
    return chosen
  }
}
