internal import GroveModel
internal import GroveReconcile
internal import KubernetesModel

/// The order in which objects can be applied and read: what others refer to first, then by namespace and by name
/// with numbers in their order; pods by PodClique and index, since their names end at random.
enum ApplyOrder {
  private static let kinds: [ResourceKind] = [
    .priorityClass, .node, .clusterTopologyBinding, .kaiTopology, .podCliqueSet, .serviceAccount, .role,
    .roleBinding,
    .secret, .service, .resourceClaimTemplate, .computeDomain, .resourceClaim, .podCliqueScalingGroup,
    .podClique,
    .podGang, .kaiPodGroup, .volcanoPodGroup, .pod, .horizontalPodAutoscaler,
  ]

  /// All objects of a cluster in order.
  ///
  /// - Complexity: O(n log n).
  static func objects(of state: ObservedState) -> [Resource] {
    kinds.flatMap { kind in
      kind == .pod ? podsInOrder(state.resources(of: .pod)) : inOrder(state.resources(of: kind))
    }
  }

  private static func inOrder(_ resources: [Resource]) -> [Resource] {
    resources.map { ($0, ObjectName($0.metadata)) }
      .sorted {
        $0.1.namespace == $1.1.namespace
          ? NaturalOrder.precedes($0.1.name, $1.1.name) : $0.1.namespace < $1.1.namespace
      }
      .map(\.0)
  }

  private static func podsInOrder(_ pods: [Resource]) -> [Resource] {
    // Pods come in order of their names, so those of one PodClique mostly stand together.
    var numbers: [ObjectName: Int] = [:]
    var cliques: [ObjectName] = []
    var (last, number) = (ObjectName(namespace: "", name: ""), -1)
    let entries = pods.enumerated().map { position, pod in
      let metadata = pod.metadata
      let clique = ObjectName(
        namespace: metadata.namespace, name: metadata.labels[LabelKey.podClique] ?? metadata.name)
      if number < 0 || clique != last {
        last = clique
        number = numbers[clique] ?? cliques.count
        if number == cliques.count {
          numbers[clique] = number
          cliques.append(clique)
        }
      }
      let index = metadata.labels[LabelKey.podIndex].flatMap { Int($0) } ?? 0
      return (clique: number, index: index, position: position)
    }
    var ranks = [Int](repeating: 0, count: cliques.count)
    let order = cliques.indices.sorted {
      let (a, b) = (cliques[$0], cliques[$1])
      return a.namespace == b.namespace ? NaturalOrder.precedes(a.name, b.name) : a.namespace < b.namespace
    }
    for (rank, clique) in order.enumerated() { ranks[clique] = rank }
    return
      entries
      .map { (ranks[$0.clique], $0.index, $0.position) }
      .sorted { $0 < $1 }
      .map { pods[$0.2] }
  }
}
