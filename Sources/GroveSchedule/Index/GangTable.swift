internal import GroveModel
internal import KubernetesModel

/// One scope of a gang's tree.
struct ScopeRecord: Sendable {
  var name: String
  /// The scope around it, or -1 for the root.
  var parent: Int
  var packing: Packing
  var minimum: Int
  var children: [Int] = []
  /// The leaf, when the scope holds pods, or -1.
  var leaf = -1
  /// One more than the last scope inside, in order of the list.
  var end = 0
}

/// The pods of a scope without scopes inside, and what they are up to.
struct LeafRecord: Sendable {
  var scope: Int
  var minimum: Int
  var members: [Int32]

  // The rest is found anew when a member changes.
  var boundCount = 0
  var gatedCount = 0
  var missingCount = 0
  /// Members that want a node: by class, and within one older first, then by name.
  var waiting: [Int32] = []
  var classes: [PodClass] = []
  /// Nodes of the bound members, each once.
  var nodes: [Int32] = []
}

/// Waiting pods that are interchangeable: same shape, same part in pod affinities.
struct PodClass: Sendable, Hashable {
  var shape: Int
  var profile: Int
  /// Where the pods are in ``LeafRecord/waiting``.
  var start: Int
  var count: Int
}

/// A gang as the planner sees it.
struct GangRecord: Sendable {
  var gang: Gang?
  /// In preorder; the root is first.
  var scopes: [ScopeRecord] = []
  var leaves: [LeafRecord] = []
  var priority: Int32 = 0
  var preempts = true
  var creation: Int64 = 0
  /// Gangs to wait for, in order of names.
  var dependencies: [Int32] = []
  var reuse: Int32 = -1
  /// The topology, or -1 with ``topologyProblem`` set.
  var topology = -1
  var topologyProblem: TopologyProblem?
  /// Whether the bound pods meet every minimum.
  var isMet = false
  var waitingCount = 0
  var isDirty = false
  var isListed = false

  var isPresent: Bool { gang != nil }
}

/// Why a gang's constraints have no meaning in the cluster.
enum TopologyProblem: Sendable, Hashable {
  case unknownTopology(String)
  case unknownLevel(key: String, topology: String?)
}

/// Gangs by number.
struct GangTable: Sendable {
  private(set) var ids = NameTable()
  var records: [GangRecord] = []

  func find(_ name: ObjectName) -> Int? { ids.find(name.namespace, name.name) }

  /// The number of a name, which is given one if it has none.
  mutating func slot(_ namespace: String, _ name: String) -> Int {
    let gang = ids.insert(namespace, name)
    if gang == records.count { records.append(GangRecord()) }
    return gang
  }

  func name(_ gang: Int) -> ObjectName {
    ObjectName(namespace: ids.spaces[gang], name: ids.names[gang])
  }

  /// Older first, then by namespace and name (S-036).
  func isBefore(_ a: Int, _ b: Int) -> Bool {
    if records[a].creation != records[b].creation { return records[a].creation < records[b].creation }
    if ids.spaces[a] != ids.spaces[b] { return isByteOrdered(ids.spaces[a], ids.spaces[b]) }
    return isByteOrdered(ids.names[a], ids.names[b])
  }
}
