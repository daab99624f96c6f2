internal import GroveModel
public import KubernetesModel

/// Gangs and pods that are wanted several times, such as one replica of a PodCliqueSet.
public struct Replica: Sendable {
  /// The gangs.
  public var gangs: [Gang]
  /// Their pods, and pods without a gang.
  public var pods: [Pod]

  /// A replica.
  public init(gangs: [Gang] = [], pods: [Pod]) {
    self.gangs = gangs
    self.pods = pods
  }
}

/// How many pods of one shape there is room for in a domain.
public struct DomainRoom: Sendable, Hashable {
  /// The domain, as the label values of its path; empty for the whole cluster.
  public var domain: [String]
  /// How many pods fit, each on some node.
  public var free: Int
  /// How many groups of the size asked for fit into the domain.
  public var slots: Int
}

/// What is left for pods of one shape.
public struct ShapeRoom: Sendable, Hashable {
  /// A pod of the shape, the first by namespace and name.
  public var example: ObjectName
  /// What such a pod asks for.
  public var requests: StringMap<Quantity>
  /// The room in each domain, in order of their paths.
  public var domains: [DomainRoom]
  /// How many more such pods the cluster can take.
  public var free: Int
}

extension Scheduler {
  /// How many more times a replica fits, beside everything that waits already, without evictions (S-062).
  ///
  /// - Parameters:
  ///   - replica: what is wanted again and again; copies get names of their own.
  ///   - snapshot: the cluster.
  ///   - whole: whether all pods of a replica have to have room, rather than those its gangs cannot do without.
  ///   - limit: the answer is not larger than this.
  /// - Throws: ``SnapshotError`` when the replica cannot be understood.
  public func howMany(
    _ replica: Replica, in snapshot: Snapshot, whole: Bool = false, limit: Int = 10_000
  ) throws(SnapshotError) -> Int {
    var scheduler = self
    scheduler.policy.allowsPreemption = false
    let guess = try scheduler.oneByOne(replica, in: snapshot, whole: whole, limit: limit)
    return try scheduler.allAtOnce(replica, in: snapshot, whole: whole, limit: limit, guess: guess)
  }

  /// How many replicas fit that come one after the other.
  private func oneByOne(
    _ replica: Replica, in snapshot: Snapshot, whole: Bool, limit: Int
  ) throws(SnapshotError) -> Int {
    if replica.pods.isEmpty { return 0 }
    var cluster = snapshot
    _ = schedule(&cluster)
    var count = 0
    while count < limit {
      let copy = replica.copy(count, whole: whole)
      for gang in copy.gangs { try cluster.set(gang) }
      for pod in copy.pods { try cluster.set(pod) }
      let decision = schedule(&cluster)
      let names = Set(copy.gangs.map(\.name) + copy.pods.map { ObjectName($0.metadata) })
      if decision.outcomes.contains(where: { names.contains($0.name) && $0.verdict != .fits }) { break }
      count += 1
    }
    return count
  }

  /// How many replicas fit that come together with everything that waits, so that a decision on all of them says the
  /// same.
  ///
  /// - Parameter guess: a number near it.
  private func allAtOnce(
    _ replica: Replica, in snapshot: Snapshot, whole: Bool, limit: Int, guess: Int
  ) throws(SnapshotError) -> Int {
    if guess >= limit || replica.pods.isEmpty { return min(guess, limit) }
    func fits(_ count: Int) throws(SnapshotError) -> Bool {
      if count == 0 { return true }
      var cluster = snapshot
      var names: Set<ObjectName> = []
      for number in 0..<count {
        let copy = replica.copy(number, whole: whole, keepsMinimum: true)
        for gang in copy.gangs { try cluster.set(gang) }
        for pod in copy.pods { try cluster.set(pod) }
        names.formUnion(copy.gangs.map(\.name))
        names.formUnion(copy.pods.map { ObjectName($0.metadata) })
      }
      let decision = schedule(&cluster)
      return decision.outcomes.allSatisfy { outcome in
        guard names.contains(outcome.name) else { return true }
        return outcome.verdict == .fits && (!whole || outcome.pending == 0)
      }
    }
    var low = guess
    var high = guess + 1
    if try fits(guess) {
      var step = 1
      while high < limit, try fits(high) {
        low = high
        step *= 2
        high = min(limit, high + step)
      }
      if high >= limit, try fits(limit) { return limit }
    } else {
      high = guess
      low = 0
    }
    while low + 1 < high {
      let middle = (low + high) / 2
      if try fits(middle) { low = middle } else { high = middle }
    }
    return low
  }

  /// The fewest nodes of a kind that have to be added so that everything that waits fits, without evictions (S-062).
  ///
  /// Nodes are added in the order of the description, so domains fill up one after the other. It is taken for granted
  /// that more nodes never hurt.
  ///
  /// - Parameters:
  ///   - description: the kind of nodes, and how many make a domain.
  ///   - snapshot: the cluster; without a topology it gets that of the description.
  ///   - limit: the most nodes to try.
  /// - Returns: 0 when everything fits already, nil when it does not even with all the nodes.
  /// - Throws: ``SnapshotError`` when the nodes cannot be understood.
  public func fewestNodes(
    of description: ClusterDescription, for snapshot: Snapshot, limit: Int = 4096
  ) throws(SnapshotError) -> Int? {
    var description = description
    if description.prefix.isEmpty { description.prefix = "new" }
    var cluster = snapshot
    if cluster.state.declared.isEmpty { try cluster.set(description.topology) }
    return try fewestNodes(for: cluster, limit: limit) { description.node($0) }
  }

  /// The fewest copies of a node that have to be added so that everything that waits fits, without evictions (S-062).
  ///
  /// - Parameters:
  ///   - model: the node; its copies are empty and healthy, and called as ``KubernetesModel/Node/copy(_:)`` calls them.
  ///   - snapshot: the cluster.
  ///   - limit: the most nodes to try.
  /// - Returns: 0 when everything fits already, nil when it does not even with all the nodes.
  /// - Throws: ``SnapshotError`` when the node cannot be understood.
  public func fewestNodes(
    like model: Node, for snapshot: Snapshot, limit: Int = 4096
  ) throws(SnapshotError) -> Int? {
    try fewestNodes(for: snapshot, limit: limit) { model.copy($0) }
  }

  private func fewestNodes(
    for cluster: Snapshot, limit: Int, _ node: (Int) -> Node
  ) throws(SnapshotError) -> Int? {
    var scheduler = self
    scheduler.policy.allowsPreemption = false
    func fits(_ count: Int) throws(SnapshotError) -> Bool {
      var larger = cluster
      for place in 0..<count { try larger.set(node(place)) }
      return scheduler.schedule(&larger).fits
    }
    if try fits(0) { return 0 }
    var high = 1
    while try !fits(high) {
      if high >= limit { return nil }
      high = min(high * 2, limit)
    }
    var low = high / 2
    while low + 1 < high {
      let middle = (low + high) / 2
      if try fits(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// How much room each domain of a level has for a pod, and for groups of such pods (S-062).
  ///
  /// - Parameters:
  ///   - pod: a pod of the snapshot.
  ///   - size: how many pods make a group; at least 1.
  ///   - level: node label of the level; nil for the whole cluster.
  ///   - topology: the topology; the first with the level when none is given.
  ///   - snapshot: the cluster.
  /// - Returns: nil when there is no such pod, topology or level.
  /// - Precondition: `size` is above 0.
  public func slots(
    for pod: ObjectName, size: Int = 1, level: String? = nil, topology: String? = nil, in snapshot: Snapshot
  ) -> [DomainRoom]? {
    precondition(size > 0, "a group has at least one pod")
    var state = snapshot.state
    state.refresh()
    guard let number = state.pods.find(pod.namespace, pod.name), state.pods.state[number] != .absent,
      let place = state.place(ofLevel: level, topology: topology)
    else { return nil }
    return state.rooms(Int(state.pods.shape[number]), size: size, place.topology, place.level)
  }

  /// What is left in each domain of a level for every shape of pods that is in use by gangs or waits (S-062).
  ///
  /// - Parameters:
  ///   - level: node label of the level; nil for the whole cluster.
  ///   - topology: the topology; the first with the level when none is given.
  ///   - snapshot: the cluster.
  /// - Returns: the shapes in order of their first pods; nil when there is no such topology or level.
  public func room(
    level: String? = nil, topology: String? = nil, in snapshot: Snapshot
  ) -> [ShapeRoom]? {
    var state = snapshot.state
    state.refresh()
    guard let place = state.place(ofLevel: level, topology: topology) else { return nil }
    var first: [Int32: Int] = [:]
    for pod in 0..<state.pods.count {
      switch state.pods.state[pod] {
      case .waiting, .gated: break
      case .bound where state.pods.gang[pod] >= 0: break
      default: continue
      }
      let shape = state.pods.shape[pod]
      if let known = first[shape], !state.isNamed(pod, before: known) { continue }
      first[shape] = pod
    }
    let pods = first.values.sorted { state.isNamed($0, before: $1) }
    return pods.map { pod in
      let shape = Int(state.pods.shape[pod])
      let rooms = state.rooms(shape, size: 1, place.topology, place.level)
      return ShapeRoom(
        example: ObjectName(namespace: state.pods.ids.spaces[pod], name: state.pods.ids.names[pod]),
        requests: state.requests(of: shape), domains: rooms,
        free: state.rooms(shape, size: 1, place.topology, -1).first?.free ?? 0)
    }
  }
}

extension ClusterState {
  fileprivate func isNamed(_ a: Int, before b: Int) -> Bool {
    pods.ids.spaces[a] == pods.ids.spaces[b]
      ? isByteOrdered(pods.ids.names[a], pods.ids.names[b])
      : isByteOrdered(pods.ids.spaces[a], pods.ids.spaces[b])
  }

  fileprivate func place(ofLevel level: String?, topology: String?) -> (topology: Int, level: Int)? {
    for index in topologies.indices where topology == nil || topologies[index].name == topology {
      guard let level else { return (index, -1) }
      if let number = topologies[index].level(ofKey: level) { return (index, number) }
    }
    return nil
  }

  fileprivate mutating func rooms(
    _ shape: Int, size: Int, _ topology: Int, _ level: Int
  ) -> [DomainRoom] {
    let table = table(shape, topology, isSpread: false)
    let index = topologies[topology]
    return index.domains(level, inside: 0..<index.nodeCount).map { domain in
      let free = tables[table].sums[index.sumIndex(level, domain)]
      return DomainRoom(domain: index.path(level, domain, nodes: nodes), free: free, slots: free / size)
    }
  }
}

extension Replica {
  /// A copy with names of its own, reduced to what is needed, or with everything needed.
  ///
  /// - Parameter keepsMinimum: whether gangs may do without what they can do without, although all is there.
  fileprivate func copy(_ number: Int, whole: Bool, keepsMinimum: Bool = false) -> Replica {
    let suffix = "~\(number)"
    let names = Set(gangs.map(\.name))
    func renamed(_ name: ObjectName) -> ObjectName {
      ObjectName(namespace: name.namespace, name: name.name + suffix)
    }
    func reduced(_ scope: GangScope) -> GangScope {
      var scope = scope
      switch scope.content {
      case .pods(let pods):
        let kept = whole || keepsMinimum ? pods : Array(pods.prefix(scope.minimum))
        if whole && !keepsMinimum { scope.minimum = pods.count }
        scope.content = .pods(kept.map(renamed))
      case .scopes(let scopes):
        scope.content = .scopes(scopes.map(reduced))
      }
      return scope
    }
    var copy = self
    for index in copy.gangs.indices {
      let old = gangs[index]
      copy.gangs[index].name = renamed(old.name)
      copy.gangs[index].root = reduced(old.root)
      copy.gangs[index].dependencies = old.dependencies.map { names.contains($0) ? renamed($0) : $0 }
    }
    let members = Set(copy.gangs.flatMap { $0.root.pods })
    let grouped = Set(gangs.flatMap { $0.root.pods })
    copy.pods = pods.compactMap { original in
      var pod = original
      let name = ObjectName(original.metadata)
      pod.metadata.name += suffix
      if grouped.contains(name) && !members.contains(renamed(name)) { return nil }
      for key in [LabelKey.podGang, LabelKey.basePodGang] {
        guard let label = pod.metadata.labels[key] else { continue }
        let gang = ObjectName(namespace: name.namespace, name: label)
        if names.contains(gang) { pod.metadata.labels[key] = label + suffix }
      }
      return pod
    }
    return copy
  }
}

extension Node {
  /// A new node like this one: with its labels, its own taints and its resources, without what ails it.
  ///
  /// - Parameter number: which of several; names and host labels are `NAME-copy-NUMBER`.
  public func copy(_ number: Int) -> Node {
    var node = Node()
    node.metadata.name = "\(metadata.name)-copy-\(number)"
    node.metadata.labels = metadata.labels
    if node.metadata.labels["kubernetes.io/hostname"] != nil {
      node.metadata.labels["kubernetes.io/hostname"] = node.metadata.name
    }
    node.spec.taints = spec.taints.filter {
      !NodeLifecycleTaints.isHealth($0.key) && $0.key != NodeLifecycleTaints.unschedulable
    }
    node.status.allocatable = status.allocatable.isEmpty ? status.capacity : status.allocatable
    node.status.capacity = status.capacity
    return node
  }
}

extension GangScope {
  /// All pods inside, in order.
  var pods: [ObjectName] {
    switch content {
    case .pods(let pods): pods
    case .scopes(let scopes): scopes.flatMap(\.pods)
    }
  }
}
