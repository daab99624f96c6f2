internal import KubernetesModel

/// What the scheduler makes of a pod.
enum PodState: UInt8, Sendable {
  /// Known by name only: a gang refers to it.
  case absent
  /// Wants a node.
  case waiting
  /// Wants a node once its scheduling gates are gone (S-022).
  case gated
  /// Has a node.
  case bound
  /// Has a node, which it is leaving: it takes resources and counts for nothing.
  case leaving
  /// Succeeded, failed, or deleted before it got a node.
  case finished

  /// Whether the pod has no node and should get one, now or later.
  var wantsNode: Bool { self == .waiting || self == .gated }

  var takesResources: Bool { self == .bound || self == .leaving }
}

/// Pods by number, one array per fact.
struct PodTable: Sendable {
  private(set) var ids = NameTable()
  var state: [PodState] = []
  var shape: [Int32] = []
  /// What pod affinities the pod has and takes part in; 0 for none.
  var profile: [Int32] = []
  /// The node, or -1.
  var node: [Int32] = []
  /// Neighbours on the same node, or -1.
  var nextOnNode: [Int32] = []
  var previousOnNode: [Int32] = []
  /// Gang and leaf that refer to the pod, or -1.
  var gang: [Int32] = []
  var leaf: [Int32] = []
  /// The gang whose name the pod carries as a label, or -1.
  var claimedGang: [Int32] = []
  /// The gang that the pod's own one depends on by label, or -1.
  var baseGang: [Int32] = []
  var priority: [Int32] = []
  /// The priority class that gives the priority, or -1 when the pod states it.
  var priorityClass: [Int32] = []
  var neverPreempts: [Bool] = []
  /// Whether that comes from the priority class.
  var hasClassPolicy: [Bool] = []
  /// Seconds since 1970.
  var creation: [Int64] = []
  var labels: [StringMap<String>] = []
  /// Whether the pod is in ``ClusterState/singles``.
  var isListed: [Bool] = []

  /// One more than the largest pod number.
  var count: Int { state.count }

  func find(_ namespace: String, _ name: String) -> Int? { ids.find(namespace, name) }

  mutating func reserveCapacity(_ capacity: Int) {
    ids.reserveCapacity(capacity)
    state.reserveCapacity(capacity)
    shape.reserveCapacity(capacity)
    profile.reserveCapacity(capacity)
    node.reserveCapacity(capacity)
    nextOnNode.reserveCapacity(capacity)
    previousOnNode.reserveCapacity(capacity)
    gang.reserveCapacity(capacity)
    leaf.reserveCapacity(capacity)
    claimedGang.reserveCapacity(capacity)
    baseGang.reserveCapacity(capacity)
    priority.reserveCapacity(capacity)
    priorityClass.reserveCapacity(capacity)
    neverPreempts.reserveCapacity(capacity)
    hasClassPolicy.reserveCapacity(capacity)
    creation.reserveCapacity(capacity)
    labels.reserveCapacity(capacity)
    isListed.reserveCapacity(capacity)
  }

  /// The number of a name, which is given one if it has none.
  mutating func slot(_ namespace: String, _ name: String) -> Int {
    let pod = ids.insert(namespace, name)
    guard pod == state.count else { return pod }
    state.append(.absent)
    shape.append(-1)
    profile.append(0)
    node.append(-1)
    nextOnNode.append(-1)
    previousOnNode.append(-1)
    gang.append(-1)
    leaf.append(-1)
    claimedGang.append(-1)
    baseGang.append(-1)
    priority.append(0)
    priorityClass.append(-1)
    neverPreempts.append(false)
    hasClassPolicy.append(false)
    creation.append(0)
    labels.append([:])
    isListed.append(false)
    return pod
  }

  /// Gives the number of a pod back that neither exists nor is referred to.
  mutating func free(_ pod: Int) {
    ids.remove(pod)
    shape[pod] = -1
    profile[pod] = 0
    labels[pod] = [:]
    claimedGang[pod] = -1
    baseGang[pod] = -1
  }

  /// Older first, then by namespace and name: the order in which equal pods are served.
  func isBefore(_ a: Int, _ b: Int) -> Bool {
    if creation[a] != creation[b] { return creation[a] < creation[b] }
    if ids.spaces[a] != ids.spaces[b] { return isByteOrdered(ids.spaces[a], ids.spaces[b]) }
    return isByteOrdered(ids.names[a], ids.names[b])
  }
}
