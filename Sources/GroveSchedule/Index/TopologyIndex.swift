internal import KubernetesModel

/// One topology over the nodes that exist: they stand in order of their domain path, then of their name, so that
/// every domain is a range of positions (S-004).
///
/// A domain is told apart by the values of all labels down to its level; a node that lacks the label of a level is in
/// no domain of it, but may be in one of a deeper level. Level -1 is the whole cluster, with the single domain 0.
struct TopologyIndex: Sendable {
  let name: String
  /// Name of each level, the broadest first.
  let domains: [String]
  /// Node label of each level.
  let keys: [String]
  /// Whether the topology was made up for a label key that no ClusterTopologyBinding has.
  let isAdHoc: Bool

  /// Node number by position.
  private(set) var order: [Int32] = []
  /// Position by node number; -1 for nodes that do not exist.
  private var position: [Int32] = []
  /// `domainOf[level * order.count + position]`, or -1.
  private(set) var domainOf: [Int32] = []
  /// First domain of each level in the arrays that follow, with the end of the last one.
  private(set) var levelStart: [Int] = [0]
  /// Range of positions of each domain.
  private(set) var low: [Int32] = []
  private(set) var high: [Int32] = []

  init(name: String, domains: [String], keys: [String], isAdHoc: Bool = false) {
    self.name = name
    self.domains = domains
    self.keys = keys
    self.isAdHoc = isAdHoc
  }

  var levelCount: Int { keys.count }
  var nodeCount: Int { order.count }
  /// Domains of all levels; sums over domains have one more entry, the first, for the cluster.
  var domainCount: Int { low.count }

  func level(ofKey key: String) -> Int? { keys.firstIndex(of: key) }

  /// The position of a node, or -1 when it does not exist.
  @inline(__always)
  func position(of node: Int) -> Int { node < position.count ? Int(position[node]) : -1 }

  /// The domain that a position is in at a level, or -1.
  @inline(__always)
  func domain(_ level: Int, at position: Int) -> Int {
    level < 0 ? 0 : Int(domainOf[level * order.count + position])
  }

  /// The positions of a domain.
  @inline(__always)
  func range(_ level: Int, _ domain: Int) -> Range<Int> {
    if level < 0 { return 0..<order.count }
    let index = levelStart[level] + domain
    return Int(low[index])..<Int(high[index])
  }

  /// Where the sum of a domain is.
  @inline(__always)
  func sumIndex(_ level: Int, _ domain: Int) -> Int { level < 0 ? 0 : 1 + levelStart[level] + domain }

  /// The domains of a level whose positions are inside a range that is a domain of a broader level.
  func domains(_ level: Int, inside range: Range<Int>) -> Range<Int> {
    if level < 0 { return 0..<1 }
    let count = levelStart[level + 1] - levelStart[level]
    if range.lowerBound == 0 && range.upperBound == order.count { return 0..<count }
    return firstDomain(level, from: range.lowerBound)..<firstDomain(level, from: range.upperBound)
  }

  private func firstDomain(_ level: Int, from position: Int) -> Int {
    let start = levelStart[level]
    var first = 0
    var last = levelStart[level + 1] - start
    while first < last {
      let middle = (first + last) / 2
      if Int(low[start + middle]) < position { first = middle + 1 } else { last = middle }
    }
    return first
  }

  /// The deepest level at which two positions share a domain, or -1.
  func commonLevel(_ a: Int, _ b: Int) -> Int {
    for level in stride(from: levelCount - 1, through: 0, by: -1) {
      let domain = domain(level, at: a)
      if domain >= 0 && domain == self.domain(level, at: b) { return level }
    }
    return -1
  }

  /// The label values down to a domain, the broadest first; empty where a label is missing.
  func path(_ level: Int, _ domain: Int, nodes: NodeTable) -> [String] {
    guard level >= 0 else { return [] }
    let node = Int(order[range(level, domain).lowerBound])
    return (0...level).map { nodes.labels[node][keys[$0]] ?? "" }
  }

  /// Sorts the nodes.
  ///
  /// - Parameter nameRank: each node's place in byte order of names.
  /// - Complexity: O(n log n).
  mutating func rebuild(nodes: NodeTable, nameRank: [Int32]) {
    let present = nodes.isPresent.indices.filter { nodes.isPresent[$0] }
    let levels = keys.count
    let missing = Int32.max
    var ranks = [Int32](repeating: missing, count: nodes.count * levels)
    for level in 0..<levels {
      var values = NameTable()
      for node in present {
        guard let value = nodes.labels[node][keys[level]] else { continue }
        ranks[node * levels + level] = Int32(values.insert("", value))
      }
      let rankOf = ranksByName(values.names)
      for node in present where ranks[node * levels + level] != missing {
        ranks[node * levels + level] = rankOf[Int(ranks[node * levels + level])]
      }
    }
    order = present.map { Int32($0) }
    ranks.withUnsafeBufferPointer { ranks in
      order.sort { a, b in
        for level in 0..<levels {
          let x = ranks[Int(a) * levels + level]
          let y = ranks[Int(b) * levels + level]
          if x != y { return x < y }
        }
        return nameRank[Int(a)] < nameRank[Int(b)]
      }
    }
    position = [Int32](repeating: -1, count: nodes.count)
    for index in order.indices { position[Int(order[index])] = Int32(index) }
    findDomains(ranks: ranks, missing: missing)
  }

  private mutating func findDomains(ranks: [Int32], missing: Int32) {
    let levels = keys.count
    domainOf = [Int32](repeating: -1, count: order.count * levels)
    levelStart = [0]
    low.removeAll(keepingCapacity: true)
    high.removeAll(keepingCapacity: true)
    // Positions where a path differs from the one before, at the level in hand or above.
    var isBoundary = [Bool](repeating: false, count: order.count)
    for level in 0..<levels {
      let start = low.count
      for index in order.indices {
        let rank = ranks[Int(order[index]) * levels + level]
        if index == 0 || ranks[Int(order[index - 1]) * levels + level] != rank { isBoundary[index] = true }
        guard rank != missing else { continue }
        if isBoundary[index] {
          low.append(Int32(index))
          high.append(Int32(index))
        }
        high[high.count - 1] = Int32(index + 1)
        domainOf[level * order.count + index] = Int32(low.count - 1 - start)
      }
      levelStart.append(low.count)
    }
  }
}

/// The place of each name in byte order.
func ranksByName(_ names: [String]) -> [Int32] {
  let sorted = names.indices.sorted { isByteOrdered(names[$0], names[$1]) }
  var ranks = [Int32](repeating: 0, count: names.count)
  for (rank, index) in sorted.enumerated() { ranks[index] = Int32(rank) }
  return ranks
}
