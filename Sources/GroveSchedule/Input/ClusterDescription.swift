public import GroveModel
public import KubernetesModel

/// A cluster in one line, for clusters that do not exist (S-006).
///
/// `zone=2,block=4,rack=8,node=18,gpu=8,cpu=96,memory=1Ti` is two zones of four blocks of eight racks of eighteen nodes,
/// each with 8 `nvidia.com/gpu`, 96 cpu and 1Ti of memory. What comes before `node` are levels, the broadest first;
/// what comes after is what a node offers: `cpu`, `memory`, `gpu`, `storage` (ephemeral storage), `pods` (110 unless
/// given), or any resource by its full name. `topology=NAME` names the topology, `prefix=NAME` the nodes.
public struct ClusterDescription: Sendable, Hashable {
  /// A level of the topology.
  public struct Level: Sendable, Hashable {
    /// Its domain, such as `rack`.
    public var domain: String
    /// How many there are in each domain of the level above.
    public var count: Int
    /// Label of the nodes that says in which domain they are: `topology.kubernetes.io/rack` unless given.
    public var key: String

    /// A level.
    public init(domain: String, count: Int, key: String? = nil) {
      self.domain = domain
      self.count = count
      self.key = key ?? "topology.kubernetes.io/\(domain)"
    }
  }

  /// The levels above the nodes, the broadest first.
  public var levels: [Level]
  /// How many nodes each domain of the last level has.
  public var nodesPerDomain: Int
  /// What every node offers.
  public var allocatable: StringMap<Quantity>
  /// Name of the topology.
  public var topologyName: String
  /// What node names begin with.
  public var prefix: String

  /// The most nodes a description may have.
  public static var largestNodeCount: Int { 1_000_000 }

  /// A description.
  public init(
    levels: [Level] = [], nodesPerDomain: Int, allocatable: StringMap<Quantity>,
    topologyName: String = "cluster", prefix: String = ""
  ) {
    self.levels = levels
    self.nodesPerDomain = nodesPerDomain
    self.allocatable = allocatable
    self.topologyName = topologyName
    self.prefix = prefix
  }

  /// Reads a description.
  ///
  /// - Throws: ``SnapshotError`` with code ``SnapshotError/Code/invalidDescription``, naming the part.
  public init(parsing text: String) throws(SnapshotError) {
    self.init(nodesPerDomain: 0, allocatable: ["pods": Quantity(110)])
    var hasNodes = false
    var seen: Set<String> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let separator = part.firstIndex(of: "="), separator > part.startIndex else {
        throw Self.failure("\(part) is not of the form name=value")
      }
      let name = String(part[..<separator])
      let value = String(part[part.index(after: separator)...])
      if !seen.insert(name).inserted { throw Self.failure("\(name) is given twice") }
      switch name {
      case "topology": topologyName = value
      case "prefix": prefix = value
      case "node":
        nodesPerDomain = try Self.count(value, of: name)
        hasNodes = true
      case _ where hasNodes: allocatable[Self.resource(name)] = try Self.quantity(value, of: name)
      default: levels.append(Level(domain: name, count: try Self.count(value, of: name)))
      }
    }
    if !hasNodes { throw Self.failure("node=COUNT is missing") }
    var total = nodesPerDomain
    for level in levels {
      let (product, overflow) = total.multipliedReportingOverflow(by: level.count)
      total = overflow ? .max : product
    }
    if total > Self.largestNodeCount {
      throw Self.failure("describes more than \(Self.largestNodeCount) nodes")
    }
  }

  private static func failure(_ message: String) -> SnapshotError {
    SnapshotError(.invalidDescription, "cluster description", message)
  }

  private static func resource(_ name: String) -> String {
    switch name {
    case "gpu": "nvidia.com/gpu"
    case "storage": "ephemeral-storage"
    default: name
    }
  }

  private static func count(_ text: String, of name: String) throws(SnapshotError) -> Int {
    guard let count = Int(text), count > 0, count <= largestNodeCount else {
      throw failure("\(name)=\(text) is not a number from 1 to \(largestNodeCount)")
    }
    return count
  }

  private static func quantity(_ text: String, of name: String) throws(SnapshotError) -> Quantity {
    guard let quantity = try? Quantity(parsing: text), quantity.signum >= 0 else {
      throw failure("\(name)=\(text) is not a quantity")
    }
    return quantity
  }

  /// How many nodes the cluster has.
  public var nodeCount: Int { levels.reduce(nodesPerDomain) { $0 * $1.count } }

  /// The nodes, in order of their domains. Byte order of their names is the same order.
  public var nodes: [Node] { (0..<nodeCount).map { node($0) } }

  /// A node by its place. Places beyond ``nodeCount`` go on with more domains of the broadest level.
  ///
  /// The name tells the domains: `z0-b1-r3-n07`.
  public func node(_ place: Int) -> Node {
    // From the last digit to the first, each with its own base; the first digit is open-ended.
    let bases = levels.map(\.count) + [nodesPerDomain]
    var digits = [Int](repeating: 0, count: bases.count)
    var rest = place
    for index in bases.indices.dropFirst().reversed() {
      digits[index] = rest % bases[index]
      rest /= bases[index]
    }
    digits[0] = rest
    var node = Node()
    var path = prefix
    for (index, level) in levels.enumerated() {
      if !path.isEmpty { path += "-" }
      path += initial(level.domain) + Self.padded(digits[index], below: level.count)
      node.metadata.labels[level.key] = path
    }
    if !path.isEmpty { path += "-" }
    path += "n" + Self.padded(digits[digits.count - 1], below: nodesPerDomain)
    node.metadata.name = path
    node.metadata.labels[Self.hostKey] = path
    node.status.allocatable = allocatable
    return node
  }

  private static let hostKey = "kubernetes.io/hostname"

  /// The first letter of a domain, or all of it where two begin alike.
  private func initial(_ domain: String) -> String {
    let first = domain.prefix(1)
    let isShared = levels.contains { $0.domain != domain && $0.domain.hasPrefix(first) }
    return isShared || first == "n" ? domain : String(first)
  }

  private static func padded(_ number: Int, below count: Int) -> String {
    let digits = String(number)
    let width = String(count - 1).utf8.count
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// The topology, with `host` as its last level.
  public var topology: ClusterTopologyBinding {
    var binding = ClusterTopologyBinding()
    binding.metadata.name = topologyName
    binding.spec.levels = levels.map { TopologyLevel(domain: $0.domain, key: $0.key) }
    binding.spec.levels.append(TopologyLevel(domain: "host", key: Self.hostKey))
    return binding
  }
}
