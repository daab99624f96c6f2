public import GroveModel
internal import GroveSimulate
public import KubernetesModel

/// The nodes of a scenario's cluster.
public struct ScenarioCluster: Sendable, Equatable {
  /// The nodes.
  public var nodes: [Node] = []
  /// The topology that comes with the nodes, if any: it is applied as a ClusterTopologyBinding.
  public var topology: ClusterTopologyBinding?
  /// How many of the nodes, the first by name, may take pods; all others are cordoned for good. All unless given.
  public var schedulable: Int?
  /// How many of those, the first by name, are cordoned at the beginning.
  public var cordoned = 0

  /// No nodes.
  public init() {}

  /// The most nodes of a cluster.
  public static let largestNodeCount = 100_000

  /// The names of the nodes that steps count by: the first ``schedulable`` by name.
  public var workers: [String] {
    Array(nodes.map(\.metadata.name).sorted(by: utf8Precedes).prefix(schedulable ?? nodes.count))
  }

  /// The nodes as they are at the beginning.
  public var initialNodes: [Node] {
    let workers = workers
    let free = Set(workers.dropFirst(cordoned))
    return nodes.map { node in
      var node = node
      if !free.contains(node.metadata.name) { node.spec.unschedulable = true }
      return node
    }
  }
}

/// Nodes that are alike but for their names and labels.
public struct NodeTemplate: Sendable, Equatable {
  /// How many there are.
  public var count: Int
  /// The name of each, with `{n}` for its number from 0.
  public var name: NodeText
  /// The labels of each; values may have `{n}`, `{name}`, and quotients and remainders such as `{n/7}` and `{n%7}`.
  public var labels: [(key: String, value: NodeText)]
  /// What each offers.
  public var allocatable: StringMap<Quantity>
  /// What each keeps away.
  public var taints: [Taint]

  /// The nodes.
  public var nodes: [Node] {
    (0..<count).map { number in
      var node = Node()
      let name = name.text(number: number, name: "")
      node.metadata.name = name
      node.metadata.labels["kubernetes.io/hostname"] = name
      for (key, value) in labels { node.metadata.labels[key] = value.text(number: number, name: name) }
      node.spec.taints = taints
      node.status.allocatable = allocatable
      node.status.capacity = allocatable
      return node
    }
  }

  /// Whether two templates give the same nodes.
  public static func == (lhs: NodeTemplate, rhs: NodeTemplate) -> Bool {
    lhs.count == rhs.count && lhs.name == rhs.name && lhs.allocatable == rhs.allocatable
      && lhs.taints == rhs.taints && lhs.labels.elementsEqual(rhs.labels) { $0 == $1 }
  }
}

/// A text with places that a node's number and name are put into: `zone-{n/28}`.
public struct NodeText: Sendable, Hashable {
  private enum Piece: Sendable, Hashable {
    case text(String)
    case name
    case number([Operation])
  }
  private struct Operation: Sendable, Hashable {
    var isRemainder: Bool
    var operand: Int
  }
  private var pieces: [Piece] = []

  /// Reads a text; nil when braces are not of the form `{n}`, `{name}`, `{n/7}`, `{n%7}` or `{n/7%4}`.
  public init?(_ text: String) {
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}"),
        let piece = Self.piece(rest[rest.index(after: open)..<close])
      else { return nil }
      pieces.append(piece)
      rest = rest[rest.index(after: close)...]
    }
    if rest.contains("}") { return nil }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
  }

  private static func piece(_ inside: Substring) -> Piece? {
    if inside == "name" { return .name }
    guard inside.first == "n" else { return nil }
    var operations: [Operation] = []
    var rest = inside.dropFirst()
    while let sign = rest.first {
      guard sign == "/" || sign == "%" else { return nil }
      let digits = rest.dropFirst().prefix { ("0"..."9").contains($0) }
      guard let operand = Int(digits), operand > 0 else { return nil }
      operations.append(Operation(isRemainder: sign == "%", operand: operand))
      rest = rest[digits.endIndex...]
    }
    return .number(operations)
  }

  /// Whether the text differs from node to node.
  public var isVariable: Bool { pieces.contains { if case .text = $0 { false } else { true } } }

  /// The text of a node.
  public func text(number: Int, name: String) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .name: name
      case .number(let operations):
        String(operations.reduce(number) { $1.isRemainder ? $0 % $1.operand : $0 / $1.operand })
      }
    }.joined()
  }
}
