internal import GroveModel
internal import KubernetesModel

/// Which pods go first when a PodClique has too many.
///
/// What costs least goes first: pods that are not bound, that do not run, that do not serve, that are outdated, and
/// of equals the newest. The index plays no role.
struct ScaleInRank: Comparable {
  private let isBound: Bool
  private let phase: Int
  private let isReady: Bool
  /// Compared as a yes or no, so that two outdated pods are equals whatever their templates (B-R18).
  private let isExpected: Bool
  private let created: Timestamp?
  private let name: String

  /// The rank of a pod; `expectedHash` is that of the template that pods should have.
  init(_ pod: Pod, expectedHash: String?) {
    isBound = !pod.spec.nodeName.isEmpty
    phase =
      switch pod.status.phase {
      case "Running": 2
      case "Unknown": 1
      default: 0
      }
    isReady = pod.isReady
    isExpected = pod.templateHash == expectedHash
    created = pod.metadata.creationTimestamp
    name = pod.metadata.name
  }

  /// Whether the first goes before the second.
  static func < (lhs: ScaleInRank, rhs: ScaleInRank) -> Bool {
    if lhs.isBound != rhs.isBound { return !lhs.isBound }
    if lhs.phase != rhs.phase { return lhs.phase < rhs.phase }
    if lhs.isReady != rhs.isReady { return !lhs.isReady }
    if lhs.isExpected != rhs.isExpected { return !lhs.isExpected }
    switch (lhs.created, rhs.created) {
    case (nil, nil): break
    case (nil, _): return true
    case (_, nil): return false
    case (let left?, let right?):
      if left != right { return left > right }
    }
    return lhs.name < rhs.name
  }

  /// The pods to delete, in the order in which they go.
  static func excess(_ count: Int, of pods: [Stored<Pod>], expectedHash: String?) -> [Stored<Pod>] {
    pods.map { (rank: ScaleInRank($0.object, expectedHash: expectedHash), pod: $0) }
      .sorted { $0.rank < $1.rank }
      .prefix(count)
      .map(\.pod)
  }
}
