internal import GroveModel
internal import KubernetesModel

/// A replica that can be away as a whole.
enum RolloutUnit: Hashable, Sendable {
  /// A pod of a PodClique outside scaling groups: the clique and the index.
  case pod(ObjectName, Int)
  /// A replica of a scaling group: the group and the index.
  case replica(ObjectName, Int)

  var sortKey: (Int, ObjectName, Int) {
    switch self {
    case .replica(let group, let index): (0, group, index)
    case .pod(let clique, let index): (1, clique, index)
    }
  }

  static func precedes(_ a: RolloutUnit, _ b: RolloutUnit) -> Bool { a.sortKey < b.sortKey }
}

/// A PodClique as a rollout sees it.
struct CliqueFacts: Sendable {
  var uid: String
  var set: ObjectName
  /// The replica of the set.
  var setReplica: Int
  /// The scaling group and the replica in it, for members.
  var group: ObjectName?
  var groupReplica = 0
  /// The name in the template.
  var short: String
  var replicas: Int
  var minimum: Int
  var ready = 0
  /// Ready pods by index.
  var readyByIndex: [Int: Int] = [:]
  /// What a pod asks for of extended resources.
  var resources: [(name: String, amount: Int)]

  init?(_ clique: PodClique) {
    let (labels, metadata) = (clique.metadata.labels, clique.metadata)
    guard let owner = labels[LabelKey.partOf] else { return nil }
    uid = metadata.uid
    set = ObjectName(namespace: metadata.namespace, name: owner)
    setReplica = labels[LabelKey.podCliqueSetReplicaIndex].flatMap { Int($0) } ?? 0
    replicas = Int(clique.spec.replicas)
    minimum = Int(clique.spec.minAvailable ?? clique.spec.replicas)
    var prefix = "\(owner)-\(setReplica)-"
    if let name = labels[LabelKey.scalingGroup] {
      group = ObjectName(namespace: metadata.namespace, name: name)
      groupReplica = labels[LabelKey.scalingGroupReplicaIndex].flatMap { Int($0) } ?? 0
      prefix = "\(name)-\(groupReplica)-"
    }
    short = metadata.name.hasPrefix(prefix) ? String(metadata.name.dropFirst(prefix.count)) : metadata.name
    resources = clique.spec.podSpec.extendedResources
  }
}

/// A scaling group as a rollout sees it.
struct GroupFacts: Sendable {
  var set: ObjectName
  var setReplica: Int
  /// The name in the template.
  var short: String
  var replicas: Int
  var minimum: Int
  /// The names of the cliques of a replica.
  var members: [String]

  init?(_ group: PodCliqueScalingGroup) {
    let metadata = group.metadata
    guard let owner = metadata.labels[LabelKey.partOf] else { return nil }
    set = ObjectName(namespace: metadata.namespace, name: owner)
    setReplica = metadata.labels[LabelKey.podCliqueSetReplicaIndex].flatMap { Int($0) } ?? 0
    let prefix = "\(owner)-\(setReplica)-"
    short = metadata.name.hasPrefix(prefix) ? String(metadata.name.dropFirst(prefix.count)) : metadata.name
    replicas = Int(group.spec.replicas)
    minimum = Int(group.spec.minAvailable ?? 1)
    members = group.spec.cliqueNames
  }
}

extension PodSpec {
  /// What a pod asks for of resources that are no node's own: those with a domain in their names.
  var extendedResources: [(name: String, amount: Int)] {
    effectiveRequests.compactMap { name, amount in
      guard name.contains("/"), !name.hasPrefix("kubernetes.io/"), let number = Int(amount.text), number > 0
      else {
        return nil
      }
      return (name, number)
    }.sorted { $0.0 < $1.0 }
  }
}

extension Pod {
  /// Whether the pod serves: its condition Ready is true, and it is not being deleted.
  var isServing: Bool {
    metadata.deletionTimestamp == nil
      && status.conditions.contains { $0.type == "Ready" && $0.status == "True" }
  }
}
