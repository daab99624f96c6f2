public import GroveModel
public import KubernetesModel

/// A cluster and what is to run on it, ready to be decided on.
///
/// A snapshot is a value: copies are cheap and independent, so what-if questions are asked of a copy. Changing a few
/// objects costs what those objects are, not what the cluster is.
///
/// ```swift
/// var snapshot = try Snapshot(nodes: nodes, pods: pods, podGangs: gangs, topologies: bindings)
/// let decision = Scheduler().decide(snapshot)
/// ```
public struct Snapshot: Sendable {
  var state = ClusterState()

  /// An empty cluster.
  public init() {}

  /// A cluster.
  ///
  /// - Throws: ``SnapshotError`` with everything that cannot be understood: two objects of one kind with the same name,
  ///   quantities that are negative or not whole in the unit counted in, gangs whose parts do not match.
  /// - Complexity: O(n log n) in nodes, O(n) in pods.
  public init(
    nodes: [Node] = [], pods: [Pod] = [], podGangs: [PodGang] = [],
    topologies: [ClusterTopologyBinding] = [], priorityClasses: [PriorityClass] = []
  ) throws(SnapshotError) {
    var problems: [SnapshotError.Problem] = []
    func attempt(_ body: () throws(SnapshotError) -> Void) {
      do { try body() } catch { problems += error.problems }
    }
    for priorityClass in priorityClasses { set(priorityClass) }
    for topology in topologies {
      attempt { () throws(SnapshotError) in try set(topology) }
    }
    state.nodes.reserveCapacity(nodes.count)
    for node in nodes {
      if let known = state.nodes.find(node.metadata.name), state.nodes.isPresent[known] {
        problems.append(.init(.duplicate, "Node \(node.metadata.name)", "is there twice"))
        continue
      }
      attempt { () throws(SnapshotError) in try state.set(node) }
    }
    state.pods.reserveCapacity(pods.count)
    for podGang in podGangs {
      let name = ObjectName(podGang.metadata)
      if let known = state.gangs.find(name), state.gangs.records[known].isPresent {
        problems.append(.init(.duplicate, "PodGang \(name)", "is there twice"))
        continue
      }
      attempt { () throws(SnapshotError) in try state.set(Gang(podGang)) }
    }
    for index in pods.indices {
      do {
        try state.set(ClusterState.PodFacts(pods, at: index), mustBeNew: true)
      } catch {
        problems += error.problems
      }
    }
    if !problems.isEmpty { throw SnapshotError(problems: problems) }
    state.refresh()
  }

  /// A cluster from objects of any kind, as `kubectl get nodes,pods,podgangs,… -A` gives them.
  ///
  /// - Parameters:
  ///   - objects: nodes, pods, PodGangs, ClusterTopologyBindings and priority classes; others are passed over.
  ///   - passedOver: how many objects of each other kind there were.
  /// - Throws: ``SnapshotError`` with everything that cannot be understood.
  public init(
    _ objects: some Sequence<Resource>, passedOver: inout [ResourceKind: Int]
  ) throws(SnapshotError) {
    var nodes: [Node] = []
    var pods: [Pod] = []
    var podGangs: [PodGang] = []
    var topologies: [ClusterTopologyBinding] = []
    var priorityClasses: [PriorityClass] = []
    for object in objects {
      switch object {
      case .node(let node): nodes.append(node)
      case .pod(let pod): pods.append(pod)
      case .podGang(let podGang): podGangs.append(podGang)
      case .clusterTopologyBinding(let topology): topologies.append(topology)
      case .priorityClass(let priorityClass): priorityClasses.append(priorityClass)
      default: passedOver[object.kind, default: 0] += 1
      }
    }
    try self.init(
      nodes: nodes, pods: pods, podGangs: podGangs, topologies: topologies,
      priorityClasses: priorityClasses)
  }

  // MARK: Changing

  /// Adds a node, or replaces the one with its name.
  ///
  /// - Throws: ``SnapshotError``; the snapshot is then unchanged.
  public mutating func set(_ node: Node) throws(SnapshotError) { try state.set(node) }

  /// Removes a node. Pods on it are no longer counted, until it comes back.
  public mutating func removeNode(_ name: String) { state.removeNode(name) }

  /// Adds a pod, or replaces the one with its name.
  ///
  /// - Throws: ``SnapshotError``; the snapshot is then unchanged.
  public mutating func set(_ pod: Pod) throws(SnapshotError) {
    try state.set(ClusterState.PodFacts([pod], at: 0))
  }

  /// Removes a pod.
  public mutating func removePod(_ name: ObjectName) { state.removePod(name.namespace, name.name) }

  /// Adds a gang, or replaces the one with its name.
  ///
  /// - Throws: ``SnapshotError``; the snapshot is then unchanged.
  public mutating func set(_ gang: Gang) throws(SnapshotError) { try state.set(gang) }

  /// Adds the gang that a PodGang describes, or replaces the one with its name.
  ///
  /// - Throws: ``SnapshotError``; the snapshot is then unchanged.
  public mutating func set(_ podGang: PodGang) throws(SnapshotError) { try state.set(Gang(podGang)) }

  /// Removes a gang. Its pods stay, as pods without a gang.
  public mutating func removeGang(_ name: ObjectName) { state.removeGang(name) }

  /// Adds a topology, or replaces the one with its name.
  ///
  /// - Throws: ``SnapshotError`` when it has no levels, or two with the same node label.
  public mutating func set(_ topology: ClusterTopologyBinding) throws(SnapshotError) {
    try setTopology(
      topology.metadata.name, levels: topology.spec.levels.map { ($0.domain, $0.key) })
  }

  /// Adds a topology, or replaces the one with its name (S-004).
  ///
  /// - Parameters:
  ///   - name: the name by which gangs refer to it.
  ///   - levels: domain name and node label of each level, the broadest first.
  /// - Throws: ``SnapshotError`` when it has no levels, or two with the same node label.
  public mutating func setTopology(
    _ name: String, levels: [(domain: String, key: String)]
  ) throws(SnapshotError) {
    let subject = "ClusterTopologyBinding \(name)"
    if levels.isEmpty { throw SnapshotError(.invalidTopology, subject, "has no levels") }
    for (index, level) in levels.enumerated() {
      if level.key.isEmpty {
        throw SnapshotError(.invalidTopology, subject, "level \(level.domain) has no node label")
      }
      if levels[..<index].contains(where: { $0.key == level.key }) {
        throw SnapshotError(.invalidTopology, subject, "has two levels with the label \(level.key)")
      }
    }
    state.declare(name, (levels.map(\.domain), levels.map(\.key)))
  }

  /// Removes a topology.
  public mutating func removeTopology(_ name: String) { state.declare(name, nil) }

  /// Adds a priority class, or replaces the one with its name (S-005).
  public mutating func set(_ priorityClass: PriorityClass) {
    state.setPriorityClass(
      priorityClass.metadata.name,
      PriorityTable.Entry(
        value: priorityClass.value, neverPreempts: priorityClass.preemptionPolicy == "Never"),
      isDefault: priorityClass.globalDefault)
  }

  /// Removes a priority class; what names it has priority 0.
  public mutating func removePriorityClass(_ name: String) {
    state.setPriorityClass(name, nil, isDefault: false)
  }

  /// Takes nodes out of consideration, or back in: pods on them stay and count, but nothing new goes there.
  ///
  /// Names of nodes that do not exist are kept, for when they come.
  public mutating func exclude(_ nodes: some Sequence<String>, _ isExcluded: Bool = true) {
    for name in nodes {
      let node = state.nodes.slot(name)
      state.nodes.isExcluded[node] = isExcluded
      state.nodes.specChanges.append(node)
      state.nodes.freeChanges.append(node)
    }
  }

  /// Sets the labels of a namespace, which namespace selectors of pod affinities look at (S-021).
  ///
  /// A namespace without labels set has `kubernetes.io/metadata.name` alone.
  public mutating func setLabels(_ labels: StringMap<String>?, ofNamespace name: String) {
    state.affinity.namespaceLabels[name] = labels
    if state.affinity.isInUse { state.affinity.isStale = true }
  }

  /// Limits the nodes a pod may use, or lifts the limit (S-002). The limit stays when the pod is replaced.
  public mutating func setMask(_ mask: NodeMask?, of pod: ObjectName) {
    state.setMask(mask, of: pod.namespace, pod.name)
  }
}

extension ClusterState.PodFacts {
  @inline(__always)
  init(_ pods: [Pod], at index: Int) {
    namespace = pods[index].metadata.namespace
    name = pods[index].metadata.name
    labels = pods[index].metadata.labels
    annotations = pods[index].metadata.annotations
    creation = pods[index].metadata.creationTimestamp
    isDeleted = pods[index].metadata.deletionTimestamp != nil
    spec = pods[index].$spec
    status = pods[index].$status
  }
}
