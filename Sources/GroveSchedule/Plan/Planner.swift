/// Places gangs on a cluster, one after the other, with an undo log in the place of copies.
struct Planner {
  var state: ClusterState
  let policy: Policy
  /// Everything done since the last gang was settled, the last move last.
  var log: [Move] = []
  /// The gang in hand.
  var run = GangRun()
  var frames: [Frame] = []
  /// Steps the search in hand has taken.
  var steps = 0
  /// Steps it may take.
  var budget: Int
  var counters = Counters()
  /// Pods placed by this decision, which are nobody's victims.
  var isFresh: [Bool] = []
  /// Whether gangs get all their pods or nothing, without evictions.
  var isWhole = false
  /// Gangs that lost pods to this decision.
  var robbed: Set<Int> = []
  /// What failed since the last change of the cluster: the next gang that asks for the same fails alike.
  var failures: [FailureKey: Failure] = [:]

  init(_ state: consuming ClusterState, policy: Policy) {
    self.state = state
    self.policy = policy
    budget = policy.searchBudget
  }

  var isSpread: Bool { policy.nodes == .spread }

  // MARK: Moves

  @inline(__always)
  mutating func apply(_ count: Int, demand: Int, on node: Int) {
    let shape = run.demands[demand].shape
    let profile = run.demands[demand].profile
    state.take(count, of: shape, profile: profile, on: node)
    run.demands[demand].left -= count
    run.leaves[run.demands[demand].leaf].placed += count
    log.append(
      Move(
        shape: Int32(shape), profile: Int32(profile), node: Int32(node), count: Int32(count),
        demand: Int32(demand)))
    steps += 1
    counters.placements += 1
  }

  /// Undoes all moves since a mark.
  mutating func rollBack(to mark: Int) {
    while log.count > mark, let move = log.popLast() {
      state.take(-Int(move.count), of: Int(move.shape), profile: Int(move.profile), on: Int(move.node))
      if move.demand >= 0 {
        let demand = Int(move.demand)
        run.demands[demand].left += Int(move.count)
        run.leaves[run.demands[demand].leaf].placed -= Int(move.count)
      }
    }
  }
}

/// What a decision cost.
public struct Counters: Sendable, Hashable {
  /// Pods, or bunches of equal pods, put on a node while searching.
  public var placements = 0
  /// Domains whose room was looked at.
  public var domainsExamined = 0
  /// Nodes looked at one by one.
  public var nodesExamined = 0
  /// Searches that were begun.
  public var searches = 0
  /// Searches for room that evictions would make.
  public var victimSearches = 0

  /// Zeros.
  public init() {}
}
