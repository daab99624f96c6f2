internal import KubernetesModel

/// Nodes by number, with their free resources as one column per resource.
///
/// A number belongs to a name, whether or not the node exists: pods bound to a node that was deleted keep it.
struct NodeTable: Sendable {
  private(set) var ids = NameTable()
  var isPresent: [Bool] = []
  var labels: [StringMap<String>] = []
  var taints: [[Taint]] = []
  var isCordoned: [Bool] = []
  /// Whether the caller took the node out of this snapshot.
  var isExcluded: [Bool] = []
  /// What the node offers, as a number in ``CapacityTable``; -1 for nodes that do not exist.
  var capacityClass: [Int32] = []
  /// First of the pods on the node, or -1; the others follow in ``PodTable/nextOnNode``.
  var firstPod: [Int32] = []
  /// Host ports in use, by number.
  var ports: [[Int32]] = []
  /// How many of the nodes exist.
  var presentCount = 0

  /// `free[column * stride + node]`: allocatable less what pods on the node ask for; below zero when overcommitted.
  var free: [Int64] = []
  /// Allocatable, laid out as ``free``.
  var capacity: [Int64] = []
  private(set) var stride = 0
  private(set) var columnCount = 0

  /// Nodes whose free resources or host ports changed.
  var freeChanges = Journal()
  /// Nodes whose labels, taints or other fixed facts changed.
  var specChanges = Journal()

  /// One more than the largest node number.
  var count: Int { isPresent.count }

  func find(_ name: String) -> Int? { ids.find("", name) }

  func name(_ node: Int) -> String { ids.names[node] }

  mutating func reserveCapacity(_ capacity: Int) {
    ids.reserveCapacity(capacity)
    grow(to: capacity)
  }

  /// The number of a name, which is given one if it has none.
  mutating func slot(_ name: String) -> Int {
    let node = ids.insert("", name)
    guard node == isPresent.count else { return node }
    isPresent.append(false)
    labels.append([:])
    taints.append([])
    isCordoned.append(false)
    isExcluded.append(false)
    capacityClass.append(-1)
    firstPod.append(-1)
    ports.append([])
    if node >= stride { grow(to: max(16, stride * 2)) }
    return node
  }

  /// Adds zeroed columns up to a number of them.
  mutating func addColumns(upTo count: Int) {
    guard count > columnCount else { return }
    columnCount = count
    free.append(contentsOf: repeatElement(0, count: count * stride - free.count))
    capacity.append(contentsOf: repeatElement(0, count: count * stride - capacity.count))
  }

  private mutating func grow(to newStride: Int) {
    guard newStride > stride else { return }
    var newFree = [Int64](repeating: 0, count: newStride * columnCount)
    var newCapacity = newFree
    for column in 0..<columnCount {
      for node in 0..<stride {
        newFree[column * newStride + node] = free[column * stride + node]
        newCapacity[column * newStride + node] = capacity[column * stride + node]
      }
    }
    free = newFree
    capacity = newCapacity
    stride = newStride
  }
}
