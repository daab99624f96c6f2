/// One gang while it is being placed: its tree with levels, domains and tables in place of names.
struct GangRun: Sendable {
  /// The gang, or -1 for a pod of its own.
  var gang = -1
  /// The pod, when it is one of its own.
  var pod = -1
  var topology = 0
  var priority: Int32 = 0
  var preempts = true
  /// In preorder; the root is first.
  var scopes: [RunScope] = []
  var leaves: [RunLeaf] = []
  var demands: [Demand] = []
  /// The domain the root must be in: the whole cluster unless an anchor or a search for victims narrows it.
  var rootLevel = -1
  var rootDomain = 0
  /// Positions to prefer when they are as good, in order (S-039).
  var hints: [Int] = []
  /// The scope that is being placed: of what it holds, what its minimum leaves out may be done without; or nil when
  /// a single pod is being placed, which may not.
  var subject: Int? = 0
  /// Scopes in the order in which they are placed; each one's inner scopes follow it.
  var order: [Int] = []
}

extension GangRun {
  /// Notes that a pod of a scope is at a position.
  mutating func anchor(_ scope: Int, at position: Int, _ topology: TopologyIndex) {
    var scope = scope
    while scope >= 0 {
      let first = scopes[scope].anchor
      if first < 0 {
        scopes[scope].anchor = position
        var common = topology.levelCount - 1
        while common >= 0, topology.domain(common, at: position) < 0 { common -= 1 }
        scopes[scope].common = common
      } else if first != position {
        scopes[scope].common = min(scopes[scope].common, topology.commonLevel(first, position))
      }
      scope = scopes[scope].parent
    }
  }
}

/// A scope of a gang that is being placed.
struct RunScope: Sendable {
  var parent: Int
  /// One more than the last scope inside.
  var end: Int
  var leaf: Int
  var minimum: Int
  var childCount = 0
  /// Level that must be shared, or -1.
  var required = -1
  /// Level that should be shared, or -1.
  var preferred = -1

  /// The position of a pod that has a place already, or -1.
  var anchor = -1
  /// The deepest level all such pods share; below ``anchor`` = -1 it has no meaning.
  var common = Int.max

  // What the search chose.
  var level = -1
  var domain = 0
  /// The level of whose domains as few as possible are used, because they could not be one; or -1.
  var fill = -1
  var isSkipped = false

  // What is to be placed.
  var isActive = false
  /// Whether the scope's minimum is met without what is to be placed.
  var isMet = false
  /// Totals of the leaves inside whose pods are all alike.
  var needs: [ScopeNeed] = []
  /// Leaves inside whose pods differ.
  var mixedLeaves: [Int] = []
  /// How much of the cluster's room the scope takes, in 2⁻³².
  var weight: UInt64 = 0
  /// The first sibling that asks for exactly the same, or the scope itself.
  var twin = -1
  /// Where the scope and its inner scopes are in ``GangRun/order``.
  var orderStart = 0
  var orderEnd = 0
}

/// How many pods of one table a scope needs, and how many it would take.
struct ScopeNeed: Sendable, Hashable {
  var table: Int
  var need: Int
  var want: Int
}

/// The pods of a leaf.
struct RunLeaf: Sendable {
  var scope: Int
  var minimum: Int
  /// Pods that have a place, old and new.
  var placed: Int
  /// How many pods the search has to place.
  var need = 0
  var demands: Range<Int>
}

/// Pods of one class that wait for a place.
struct Demand: Sendable {
  var leaf: Int
  var shape: Int
  var profile: Int
  var table: Int
  /// Where the next pod is in the leaf's list.
  var next: Int
  /// How many are left.
  var left: Int
}

/// Pods of one class put on a node, or taken off it when the count is negative.
struct Move: Sendable {
  var shape: Int32
  var profile: Int32
  var node: Int32
  var count: Int32
  /// The demand it serves, or -1.
  var demand: Int32
}
