internal import GroveModel
internal import KubernetesModel

/// What a picture shows of each node: cells with their owners.
struct DiagramModel {
  /// What one cell of a node holds.
  enum Cell: Hashable {
    case free
    /// A pod of a gang, or a pod, that is not in the legend.
    case other
    /// A pod of a gang in the legend, by the gang's number from 0, and its role's letter.
    case taken(gang: Int, letter: String)
  }

  struct Machine {
    var name: String
    var path: [String]
    /// One for each unit of the resource that is counted, or for each pod there is or could be.
    var cells: [Cell]
    /// Pods of gangs that ask for none of that resource.
    var small: [Cell]
    /// Cells beyond those that are shown.
    var hidden = 0
    var state: State
    /// Pods that have to leave.
    var evicted: Int

    /// The name, short enough: without the domain that machines of one cloud share.
    var label: String {
      guard name.count > 24 else { return name }
      let host = name.split(separator: ".").first.map(String.init) ?? name
      return SVGText.shortened(host, to: 24)
    }
  }

  enum State {
    case usable
    case cordoned
    case failed
  }

  /// A gang of the legend.
  struct Entry {
    var name: String
    var placed: Int
    var all: Int
    var hasPlace: Bool
  }

  var machines: [Machine]
  var entries: [Entry]
  /// Letters of roles, in order of first use.
  var letters: [(role: String, letter: String)]
  /// What a cell stands for.
  var unit: String

  /// The most cells of a node that are shown.
  static let cellLimit = 32
}

extension DiagramModel {
  init(_ diagram: ClusterDiagram) {
    let outcomes = diagram.decision.outcomes.filter { diagram.isShown($0.name) }
    entries = outcomes.map {
      Entry(
        name: $0.name.description, placed: $0.placed + $0.bound, all: $0.placed + $0.bound + $0.pending,
        hasPlace: $0.verdict == .fits)
    }
    let numbers = Dictionary(outcomes.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var letters = RoleLetters()
    for machine in diagram.layout.nodes {
      for pod in machine.pods where numbers[pod.gang ?? pod.name] != nil { letters.add(diagram.role(pod)) }
    }
    self.letters = letters.list
    var evicted: [String: Int] = [:]
    for eviction in diagram.decision.evictions { evicted[eviction.node, default: 0] += 1 }

    let resource = Self.countedResource(diagram.layout)
    let shape = resource == nil ? Self.largestShape(diagram, numbers) : [:]
    unit = resource.map { "one \($0)" } ?? "one pod; hollow: room for one more of the largest"
    machines = diagram.layout.nodes.map { node in
      var machine = Machine(
        name: node.name, path: node.path, cells: [], small: [],
        state: diagram.failedNodes.contains(node.name) ? .failed : node.isCordoned ? .cordoned : .usable,
        evicted: evicted[node.name] ?? 0)
      for pod in node.pods {
        let cell: Cell =
          numbers[pod.gang ?? pod.name].map {
            .taken(gang: $0, letter: letters.letter(of: diagram.role(pod)))
          } ?? .other
        let count = resource.map { Int(clamping: (pod.requests[$0] ?? 0).value) } ?? 1
        if count > 0, resource != nil || cell != .other || pod.gang != nil {
          machine.cells += repeatElement(cell, count: min(count, 1024))
        } else if resource != nil, cell != .other {
          machine.small.append(cell)
        }
      }
      machine.cells.sort { Self.rank($0) < Self.rank($1) }
      let free = resource.map { Int(clamping: (node.free[$0] ?? 0).value) } ?? Self.room(node, shape)
      machine.cells += repeatElement(.free, count: max(0, min(free, 1024)))
      if machine.cells.count > Self.cellLimit {
        machine.hidden = machine.cells.count - Self.cellLimit
        machine.cells.removeLast(machine.hidden)
      }
      return machine
    }
  }

  private static func rank(_ cell: Cell) -> (Int, String) {
    switch cell {
    case .other: (-1, "")
    case .taken(let gang, let letter): (gang, letter)
    case .free: (.max, "")
    }
  }

  /// The resource that cells count: GPUs, else the first extended resource that some pod asks for.
  private static func countedResource(_ layout: Layout) -> String? {
    var names: Set<String> = []
    for node in layout.nodes {
      for (name, amount) in node.capacity where name.contains("/") && amount.signum > 0 { names.insert(name) }
    }
    let sorted = names.sorted(by: isByteOrdered)
    return sorted.first { $0.hasSuffix("/gpu") } ?? sorted.first { $0.contains("gpu") } ?? sorted.first
  }

  /// What the pod that asks for most cpu, then most memory, asks for.
  private static func largestShape(
    _ diagram: ClusterDiagram, _ numbers: [ObjectName: Int]
  ) -> StringMap<Quantity> {
    var largest: StringMap<Quantity> = [:]
    func size(_ shape: StringMap<Quantity>) -> (Quantity, Quantity) {
      (shape["cpu"] ?? 0, shape["memory"] ?? 0)
    }
    for node in diagram.layout.nodes {
      for pod in node.pods where numbers[pod.gang ?? pod.name] != nil {
        if size(pod.requests) > size(largest) { largest = pod.requests }
      }
    }
    return largest
  }

  /// How many pods of a shape a node has room for.
  private static func room(_ node: Layout.Machine, _ shape: StringMap<Quantity>) -> Int {
    var room = node.free["pods"].map { Int(clamping: $0.value) } ?? 0
    for (name, amount) in shape where amount.signum > 0 && name != "pods" {
      let free = node.free[name] ?? 0
      let isSmall = amount.value < 1_000_000
      let (have, want) = isSmall ? (free.milliValue, amount.milliValue) : (free.value, amount.value)
      room = min(room, Int(clamping: have / max(want, 1)))
    }
    return shape.isEmpty ? 0 : max(room, 0)
  }
}

/// A letter for each role: its first one, or the first of its others that is not in use.
struct RoleLetters {
  private(set) var list: [(role: String, letter: String)] = []

  mutating func add(_ role: String) {
    if list.contains(where: { $0.role == role }) { return }
    let own = role.uppercased().filter { $0.isLetter || $0.isNumber }.map(String.init)
    let spare = (65...90).map { String(UnicodeScalar(UInt8($0))) }
    let letter = (own + spare).first { letter in !list.contains { $0.letter == letter } }
    list.append((role, letter ?? "?"))
  }

  func letter(of role: String) -> String { list.first { $0.role == role }?.letter ?? "?" }
}
