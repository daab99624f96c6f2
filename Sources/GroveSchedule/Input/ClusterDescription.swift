public import GroveModel
public import KubernetesModel

/// A cluster in one line, for clusters that do not exist (S-006).
///
/// `zone=2,block=4,rack=8,node=18,gpu=8,cpu=96,memory=1Ti` is two zones of four blocks of eight racks of eighteen nodes,
/// each with 8 `nvidia.com/gpu`, 96 cpu and 1Ti of memory. What comes before `node` are levels, the broadest first;
/// what comes after is what a node offers: `cpu`, `memory`, `gpu`, `storage` (ephemeral storage), `pods` (110 unless
/// given), or any resource by its full name. `label:KEY=VALUE` and `taint:KEY=VALUE:EFFECT` are on every node, any number
/// of them. `topology=NAME` names the topology, `prefix=NAME` the nodes.
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
  /// Labels of every node, beside those of its domains.
  public var labels: StringMap<String> = [:]
  /// Taints of every node.
  public var taints: [Taint] = []
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
  /// - Throws: ``SnapshotError`` with code ``SnapshotError/Code/invalidDescription``, naming the word that is wrong and
  ///   what was perhaps meant.
  public init(parsing text: String) throws(SnapshotError) {
    self.init(nodesPerDomain: 0, allocatable: ["pods": Quantity(110)])
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let hasNodes = parts.contains { $0.hasPrefix("node=") }
    if !hasNodes { throw Self.failure("node=COUNT is missing\(Self.hint(forNodesIn: parts))") }
    var isBehindNodes = false
    var seen: Set<String> = []
    for part in parts {
      if part.hasPrefix("label:") || part.hasPrefix("taint:") {
        try addMark(part)
        continue
      }
      let mark = Self.hint(forMark: part)
      guard mark.isEmpty, let separator = part.firstIndex(of: "="), separator > part.startIndex else {
        throw Self.failure("\(part) is not of the form name=value\(mark)")
      }
      let name = String(part[..<separator])
      let value = String(part[part.index(after: separator)...])
      if !seen.insert(name).inserted { throw Self.failure("\(name) is given twice") }
      switch name {
      case "topology": topologyName = value
      case "prefix": prefix = value
      case "node":
        nodesPerDomain = try Self.count(value, of: name)
        isBehindNodes = true
      case _ where Self.isResource(name):
        allocatable[Self.resource(name)] = try Self.quantity(value, of: name)
      case _ where isBehindNodes:
        let nearest = Self.nearest(name, among: Self.resourceWords)
        throw Self.failure(
          "\(name) is no resource\(nearest.map { ": did you mean \($0)=\(value)?" } ?? ""); levels such as rack come "
            + "before node, other resources go by their full names, such as example.com/\(name)")
      default:
        guard let count = Int(value), count > 0, count <= Self.largestNodeCount else {
          let nearest = Self.nearest(name, among: Self.resourceWords + ["node", "topology", "prefix"])
          throw Self.failure(
            "\(name)=\(value) is not a number from 1 to \(Self.largestNodeCount), as levels have"
              + (nearest.map { "; did you mean \($0)=\(value)?" } ?? ""))
        }
        levels.append(Level(domain: name, count: count))
      }
    }
    var total = nodesPerDomain
    for level in levels {
      let (product, overflow) = total.multipliedReportingOverflow(by: level.count)
      total = overflow ? .max : product
    }
    if total > Self.largestNodeCount {
      throw Self.failure("describes more than \(Self.largestNodeCount) nodes")
    }
  }

  /// Reads `label:KEY=VALUE` or `taint:KEY[=VALUE]:EFFECT`.
  private mutating func addMark(_ part: String) throws(SnapshotError) {
    let isLabel = part.hasPrefix("label:")
    var body = String(part.dropFirst("label:".count))
    var effect = ""
    if !isLabel {
      guard let colon = body.lastIndex(of: ":") else {
        throw Self.failure("\(part): a taint is written taint:KEY=VALUE:EFFECT")
      }
      effect = String(body[body.index(after: colon)...])
      body = String(body[..<colon])
      let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]
      if !effects.contains(effect) {
        let nearest = Self.nearest(effect, among: effects)
        throw Self.failure(
          "\(part): \(effect) is no effect of a taint"
            + (nearest.map { ": did you mean \($0)?" } ?? "; there are \(effects.joined(separator: ", "))"))
      }
    }
    let separator = body.firstIndex(of: "=")
    let key = separator.map { String(body[..<$0]) } ?? body
    let value = separator.map { String(body[body.index(after: $0)...]) } ?? ""
    if isLabel && separator == nil { throw Self.failure("\(part): a label is written label:KEY=VALUE") }
    for objection in NameSyntax.qualifiedNameObjections(key).prefix(1) {
      throw Self.failure("\(part): \(key) is no key: \(objection)")
    }
    for objection in NameSyntax.labelValueObjections(value).prefix(1) {
      throw Self.failure("\(part): \(value) is no value: \(objection)")
    }
    if isLabel {
      if labels[key] != nil { throw Self.failure("label \(key) is given twice") }
      labels[key] = value
    } else {
      taints.append(Taint(effect: effect, key: key, value: value))
    }
  }

  /// Hashes what makes descriptions equal.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(levels)
    hasher.combine(nodesPerDomain)
    hasher.combine(allocatable)
    hasher.combine(labels)
    for taint in taints { hasher.combine(taint.text) }
    hasher.combine(topologyName)
    hasher.combine(prefix)
  }

  // MARK: What was perhaps meant

  private static let resourceWords = ["cpu", "memory", "gpu", "storage", "pods"]

  /// Whether a word stands for a resource rather than a level.
  private static func isResource(_ name: String) -> Bool {
    resourceWords.contains(name) || name == "ephemeral-storage" || name.contains("/")
      || name.hasPrefix("hugepages-") || name.hasPrefix("attachable-volumes-")
  }

  /// A part that may stand for the number of nodes.
  private static func hint(forNodesIn parts: [String]) -> String {
    for part in parts {
      let words = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard words.count == 2, Int(words[1]) != nil else { continue }
      if ["host", "hosts", "machine", "machines", "server", "servers"].contains(words[0])
        || nearest(words[0], among: ["node"]) != nil
      {
        return ": did you mean node=\(words[1]) for \(part)?"
      }
    }
    return ""
  }

  private static func hint(forMark part: String) -> String {
    let word = String(part.prefix { $0 != ":" })
    guard word != part, let nearest = nearest(word, among: ["label", "taint"]) else { return "" }
    return ": did you mean \(nearest)\(part.dropFirst(word.count))?"
  }

  /// The word that differs in at most two letters, and in less than half of them.
  private static func nearest(_ wrong: String, among words: [String]) -> String? {
    let letters = Array(wrong.lowercased().utf8)
    var best: (word: String, distance: Int)?
    for word in words {
      let candidate = Array(word.lowercased().utf8)
      guard abs(candidate.count - letters.count) <= 3 else { continue }
      // A word that is cut short, or has something behind it, is near.
      let isPrefix = letters.count > 2 && (candidate.starts(with: letters) || letters.starts(with: candidate))
      let distance = isPrefix ? 1 : distance(letters, candidate)
      if distance <= 2, distance * 2 < max(letters.count, candidate.count), distance < best?.distance ?? .max
      {
        best = (word, distance)
      }
    }
    return best?.word
  }

  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var last = Array(0...b.count)
    for (row, letter) in a.enumerated() {
      var current = [row + 1]
      for (column, other) in b.enumerated() {
        current.append(
          min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1)))
      }
      last = current
    }
    return last[b.count]
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
    node.metadata.labels = labels
    node.spec.taints = taints
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
