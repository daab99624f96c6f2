/// How many pods of one shape every node can take, in the order of one topology, with the sum of each domain.
///
/// The table is a function of the nodes' free resources: it catches up with the journal of changed nodes before it is
/// read, so undoing a placement is nothing but one more change. Nodes that could take pods are ranked by how much the
/// pod dislikes them, then by how full they are.
struct FitTable: Sendable {
  let shape: Int
  let topology: Int
  /// Dislike in the upper half; in the lower the count, or its complement when nodes are to be spread over.
  private(set) var tree: MinTree
  /// How many more pods fit, by position.
  private(set) var counts: [Int32]
  /// The sum of the counts of the cluster, then of each domain; see ``TopologyIndex/sumIndex(_:_:)``.
  private(set) var sums: [Int]
  /// How far the journals of changed nodes have been read.
  var cursor: Int
  var specCursor: Int
  let isSpread: Bool
  /// When the table was last used, in decisions.
  var lastUse = 0
  /// For each set of extended resources, whether a pod of the shape would leave one of them idle.
  var waste: [Bool] = []
  private let index: TopologyIndex

  /// What is added to the dislike of a node that has devices the pod does not ask for.
  static let wasteDislike: UInt32 = 1 << 20

  init(
    shape: Int, topology: Int, index: TopologyIndex, counts: [Int32], dislikes: [UInt32], isSpread: Bool,
    cursor: Int, specCursor: Int
  ) {
    self.shape = shape
    self.topology = topology
    self.index = index
    self.isSpread = isSpread
    self.cursor = cursor
    self.specCursor = specCursor
    self.counts = counts
    var keys = [UInt64](repeating: MinTree.none, count: counts.count)
    for position in keys.indices where counts[position] > 0 {
      keys[position] = Self.key(counts[position], dislikes[position], isSpread)
    }
    tree = MinTree(keys)
    var sums = [Int](repeating: 0, count: 1 + index.domainCount)
    for position in counts.indices where counts[position] > 0 {
      sums[0] += Int(counts[position])
      for level in 0..<index.levelCount {
        let domain = index.domain(level, at: position)
        if domain >= 0 { sums[index.sumIndex(level, domain)] += Int(counts[position]) }
      }
    }
    self.sums = sums
  }

  /// The position of a node, or -1.
  @inline(__always)
  func position(of node: Int) -> Int { index.position(of: node) }

  @inline(__always)
  static func key(_ count: Int32, _ dislike: UInt32, _ isSpread: Bool) -> UInt64 {
    let rank = isSpread ? ~UInt32(bitPattern: count) : UInt32(bitPattern: count)
    return UInt64(dislike) << 32 | UInt64(rank)
  }

  /// The part of a key that says how much a node is disliked.
  @inline(__always)
  static func dislike(_ key: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: key >> 32) }

  @inline(__always)
  func withSums<Result>(_ body: (UnsafeBufferPointer<Int>) -> Result) -> Result {
    sums.withUnsafeBufferPointer(body)
  }

  mutating func set(_ position: Int, count: Int32, dislike: UInt32) {
    let difference = Int(count) - Int(counts[position])
    if difference != 0 {
      counts[position] = count
      sums[0] += difference
      for level in 0..<index.levelCount {
        let domain = index.domain(level, at: position)
        if domain >= 0 { sums[index.sumIndex(level, domain)] += difference }
      }
    }
    tree.set(position, count > 0 ? Self.key(count, dislike, isSpread) : MinTree.none)
  }
}
