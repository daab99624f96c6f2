/// Nodes a pod may or may not use, for facts that the core does not model: volumes, licences, experiments (S-002).
public struct NodeMask: Sendable, Hashable {
  /// The names, in byte order.
  public let nodes: [String]
  /// Whether the names are the only nodes allowed, rather than the ones forbidden.
  public let allowsOnly: Bool
  /// What an explanation says about the nodes left out, such as `node(s) had no available volume zone`.
  public let reason: String

  /// A mask.
  ///
  /// - Parameters:
  ///   - nodes: names of nodes, in any order; names of nodes that do not exist have no effect.
  ///   - allowsOnly: true to allow these nodes alone, false to forbid them.
  ///   - reason: what explanations say about nodes left out.
  public init(
    nodes: some Sequence<String>, allowsOnly: Bool = true,
    reason: String = "node(s) were left out by the caller"
  ) {
    self.nodes = Set(nodes).sorted(by: isByteOrdered)
    self.allowsOnly = allowsOnly
    self.reason = reason
  }

  func admits(_ name: String) -> Bool {
    var low = 0
    var high = nodes.count
    while low < high {
      let middle = (low + high) / 2
      if isByteOrdered(nodes[middle], name) { low = middle + 1 } else { high = middle }
    }
    return (low < nodes.count && nodes[low] == name) == allowsOnly
  }
}
