internal import GroveModel
internal import KubernetesModel

/// Everything the planner works on, with every name replaced by a number.
///
/// All storage is arrays, so a copy costs nothing until one of them is written to.
struct ClusterState: Sendable {
  var nodes = NodeTable()
  var pods = PodTable()
  var gangs = GangTable()
  var resources = ResourceTable()
  var capacities = CapacityTable()
  var rules = RuleTable()
  var shapes = ShapeTable()
  var priorities = PriorityTable()
  var affinity = AffinityIndex()
  var masks: [Int: NodeMask] = [:]

  /// Declared topologies by name.
  var declared: [String: (domains: [String], keys: [String])] = [:]
  /// The topologies in use: those declared, in order of names, or one without levels; then made-up ones.
  var topologies: [TopologyIndex] = []
  /// How often the order of nodes was found anew.
  var structure = 0
  var isStructureStale = true

  var tables: [FitTable] = []
  var tableNumbers: [TableKey: Int] = [:]
  /// Counts decisions, to tell which tables have not been used for long.
  var clock = 0

  /// Gangs that changed since they were looked at.
  var dirtyGangs: [Int32] = []
  /// Gangs that may have waiting pods.
  var activeGangs: [Int32] = []
  /// Pods that may want a node and are in no gang.
  var singles: [Int32] = []
  /// What waiting pods ask for that the core does not look at.
  var unmodelled: [Int: Unmodelled] = [:]

  private var spelling = ByteKey()

  init() {
    nodes.addColumns(upTo: resources.count)
  }

  struct TableKey: Hashable, Sendable {
    var shape: Int
    var topology: Int
  }
}

// MARK: Free resources

extension ClusterState {
  /// Takes resources of a node for so many pods of a shape, or gives them back when the count is negative.
  mutating func take(_ count: Int, of shape: Int, profile: Int, on node: Int) {
    let stride = nodes.stride
    nodes.free[ResourceTable.pods * stride + node] -= Int64(count)
    for request in shapes.shapes[shape].requests {
      nodes.free[request.column * stride + node] -= request.amount * Int64(count)
    }
    if !shapes.shapes[shape].ports.isEmpty { takePorts(of: shape, count, on: node) }
    if profile != 0 && !affinity.isStale { affinity.count(count, profile, on: node) }
    nodes.freeChanges.append(node)
  }

  private mutating func takePorts(of shape: Int, _ count: Int, on node: Int) {
    for port in shapes.shapes[shape].ports {
      for _ in 0..<max(0, count) { nodes.ports[node].append(port) }
      for _ in 0..<max(0, -count) {
        if let used = nodes.ports[node].lastIndex(of: port) { nodes.ports[node].remove(at: used) }
      }
    }
  }

  /// Whether a node's free resources can be told after one more pod of a shape.
  private func canCount(_ shape: Int, on node: Int) -> Bool {
    for request in shapes.shapes[shape].requests {
      let free = nodes.free[request.column * nodes.stride + node]
      // Far enough from the bounds of Int64 that a change of the node's capacity cannot get there either.
      if free < request.amount - 1 << 62 { return false }
    }
    return true
  }

  /// How many pods of a shape fit on a node beside those it has; ``RuleTable`` must be up to date.
  @inline(__always)
  func fitCount(_ shape: Int, on node: Int) -> Int32 {
    if rules.verdict(shapes.shapes[shape].rule, node) == PlacementRule.excluded { return 0 }
    let stride = nodes.stride
    var least = nodes.free[ResourceTable.pods * stride + node]
    for request in shapes.shapes[shape].requests {
      let free = nodes.free[request.column * stride + node]
      if free < request.amount { return 0 }
      least = min(least, free / request.amount)
    }
    if least <= 0 { return 0 }
    if !shapes.shapes[shape].ports.isEmpty {
      if shapes.conflict(shapes.shapes[shape].ports, nodes.ports[node]) { return 0 }
      least = 1
    }
    return Int32(truncatingIfNeeded: min(least, Int64(Int32.max)))
  }

  /// Puts a pod on a node.
  mutating func bind(_ pod: Int, to node: Int, as state: PodState = .bound) {
    take(1, of: Int(pods.shape[pod]), profile: Int(pods.profile[pod]), on: node)
    link(pod, to: node, as: state)
  }

  /// Puts a pod on a node whose resources have been taken already.
  mutating func link(_ pod: Int, to node: Int, as state: PodState) {
    let first = nodes.firstPod[node]
    pods.state[pod] = state
    pods.node[pod] = Int32(node)
    pods.previousOnNode[pod] = -1
    pods.nextOnNode[pod] = first
    if first >= 0 { pods.previousOnNode[Int(first)] = Int32(pod) }
    nodes.firstPod[node] = Int32(pod)
  }

  /// Takes a pod off its node; its state is for the caller to set.
  mutating func unbind(_ pod: Int) {
    take(-1, of: Int(pods.shape[pod]), profile: Int(pods.profile[pod]), on: Int(pods.node[pod]))
    unlink(pod)
  }

  /// Takes a pod off its node, whose resources have been given back already.
  mutating func unlink(_ pod: Int) {
    let node = Int(pods.node[pod])
    let next = pods.nextOnNode[pod]
    let previous = pods.previousOnNode[pod]
    if previous >= 0 { pods.nextOnNode[Int(previous)] = next } else { nodes.firstPod[node] = next }
    if next >= 0 { pods.previousOnNode[Int(next)] = previous }
    pods.node[pod] = -1
  }
}

// MARK: Nodes

extension ClusterState {
  mutating func set(_ node: Node) throws(SnapshotError) {
    let name = node.metadata.name
    if name.isEmpty { throw SnapshotError(.missingName, "Node", "has no name") }
    let capacityClass: Int
    do {
      // The API server does the same for nodes that do not say what is allocatable.
      let allocatable = node.$status.wrappedValue.allocatable
      capacityClass = try capacities.intern(
        allocatable.isEmpty ? node.$status.wrappedValue.capacity : allocatable)
    } catch {
      throw SnapshotError(
        .invalidQuantity, "Node \(name)",
        "allocatable \(error.resource) \(error.text) \(error.problem.text)")
    }
    let slot = nodes.slot(name)
    let isNew = !nodes.isPresent[slot]
    let labels = node.metadata.labels
    if isNew {
      nodes.isPresent[slot] = true
      nodes.presentCount += 1
      isStructureStale = true
      // Pods that were bound to the node before it was there count from now on.
      markGangs(on: slot)
    } else if !isStructureStale, nodes.labels[slot] != labels {
      for topology in topologies where topology.keys.contains(where: { nodes.labels[slot][$0] != labels[$0] })
      {
        isStructureStale = true
      }
    }
    let taints = node.$spec.wrappedValue.taints
    if affinity.isInUse {
      if isNew || nodes.labels[slot] != labels { affinity.isStale = true }
      if affinity.spread.looksAtTaints && nodes.taints[slot] != taints { affinity.isStale = true }
    }
    nodes.labels[slot] = labels
    nodes.taints[slot] = taints
    nodes.isCordoned[slot] = node.$spec.wrappedValue.unschedulable
    changeCapacity(of: slot, to: capacityClass)
    nodes.specChanges.append(slot)
    nodes.freeChanges.append(slot)
  }

  mutating func removeNode(_ name: String) {
    guard let slot = nodes.find(name), nodes.isPresent[slot] else { return }
    nodes.isPresent[slot] = false
    nodes.presentCount -= 1
    isStructureStale = true
    if affinity.isInUse { affinity.isStale = true }
    changeCapacity(of: slot, to: -1)
    nodes.specChanges.append(slot)
    nodes.freeChanges.append(slot)
    // Pods on a node that is gone are no longer counted.
    markGangs(on: slot)
  }

  private mutating func markGangs(on node: Int) {
    var pod = Int(nodes.firstPod[node])
    while pod >= 0 {
      markGang(ofPod: pod)
      pod = Int(pods.nextOnNode[pod])
    }
  }

  private mutating func changeCapacity(of node: Int, to capacityClass: Int) {
    let old = Int(nodes.capacityClass[node])
    guard old != capacityClass else { return }
    nodes.capacityClass[node] = Int32(capacityClass)
    for column in 0..<nodes.columnCount {
      let index = column * nodes.stride + node
      let name = resources.names[column]
      let amount = capacityClass < 0 ? 0 : capacities.capacities[capacityClass].amount(of: name)
      nodes.free[index] += amount - nodes.capacity[index]
      nodes.capacity[index] = amount
    }
  }

  /// Makes a column for a resource that a pod asks for.
  private mutating func addColumn(_ name: String) -> Int {
    let column = resources.add(name)
    guard column >= nodes.columnCount else { return column }
    nodes.addColumns(upTo: column + 1)
    for node in 0..<nodes.count where nodes.capacityClass[node] >= 0 {
      let amount = capacities.capacities[Int(nodes.capacityClass[node])].amount(of: name)
      nodes.capacity[column * nodes.stride + node] = amount
      nodes.free[column * nodes.stride + node] = amount
    }
    return column
  }
}

// MARK: Pods

extension ClusterState {
  /// What matters of a pod; taking it out costs less than copying the pod.
  struct PodFacts {
    var namespace: String
    var name: String
    var labels: StringMap<String>
    var creation: Timestamp?
    var isDeleted: Bool
    var spec: Indirect<PodSpec>
    var status: Indirect<PodStatus>
  }

  /// Adds a pod, or replaces the one with its name unless it has to be new.
  mutating func set(_ pod: PodFacts, mustBeNew: Bool = false) throws(SnapshotError) {
    let name = pod.name
    let namespace = pod.namespace
    if name.isEmpty { throw SnapshotError(.missingName, "Pod", "in namespace \(namespace) has no name") }
    let spec = pod.spec
    let terms = spec.affinity
    var shape = try shapeNumber(of: spec, pod.status, terms?.nodeAffinity, namespace, name)
    let rule = shapes.shapes[shape].rule
    let slot = pods.slot(namespace, name)
    if mustBeNew && pods.state[slot] != .absent {
      throw SnapshotError(.duplicate, "Pod \(namespace)/\(name)", "is there twice")
    }
    if !masks.isEmpty, let mask = masks[slot] { shape = masked(shape, mask) }
    let nodeName = spec.wrappedValue.nodeName
    let phase = pod.status.wrappedValue.phase
    let isFinished = phase == "Succeeded" || phase == "Failed"
    let isLeaving = pod.isDeleted
    var node = -1
    if !nodeName.isEmpty && !isFinished {
      node = nodes.slot(nodeName)
      // A pod that is replaced has its old place to give back first, which only makes room.
      if !canCount(shape, on: node) {
        freeIfUnused(slot)
        throw SnapshotError(.overflow, "Node \(nodeName)", "requests of pods add up to more than 2⁶²")
      }
    }

    retire(slot)
    pods.shape[slot] = Int32(shape)
    pods.creation[slot] = pod.creation?.secondsSince1970 ?? .min
    setPriority(of: slot, spec)
    setLabels(of: slot, pod.labels, namespace)
    affinity.setTerms(
      terms, spread: nodeName.isEmpty ? spec.wrappedValue.topologySpreadConstraints : [], rule: rule,
      labels: pod.labels, namespace, of: slot)
    if affinity.isInUse && !affinity.isStale {
      pods.profile[slot] = affinity.profile(of: slot, labels: pod.labels, namespace, isLeaving: isLeaving)
    }
    if isFinished || (nodeName.isEmpty && isLeaving) {
      pods.state[slot] = .finished
    } else if node >= 0 {
      bind(slot, to: node, as: isLeaving ? .leaving : .bound)
    } else if !spec.wrappedValue.schedulingGates.isEmpty {
      pods.state[slot] = .gated
      list(single: slot)
    } else {
      pods.state[slot] = .waiting
      list(single: slot)
      let fields = Unmodelled(spec)
      if !fields.isEmpty || !unmodelled.isEmpty { unmodelled[slot] = fields.isEmpty ? nil : fields }
    }
    markGang(ofPod: slot)
  }

  mutating func removePod(_ namespace: String, _ name: String) {
    guard let slot = pods.find(namespace, name), pods.state[slot] != .absent else { return }
    retire(slot)
    affinity.removeTerms(of: slot)
    markGang(ofPod: slot)
    freeIfUnused(slot)
  }

  /// Gives the number of a pod back unless the pod exists or something refers to it.
  mutating func freeIfUnused(_ slot: Int) {
    if pods.state[slot] == .absent && pods.gang[slot] < 0 && masks[slot] == nil && !pods.isListed[slot] {
      pods.free(slot)
    }
  }

  /// Takes what is known about a pod back, but for its number and its gang.
  private mutating func retire(_ slot: Int) {
    if pods.state[slot].takesResources { unbind(slot) }
    pods.state[slot] = .absent
  }

  /// Notes a pod without a node that is in no gang.
  mutating func list(single pod: Int) {
    guard pods.gang[pod] < 0, !pods.isListed[pod] else { return }
    pods.isListed[pod] = true
    singles.append(Int32(pod))
  }

  mutating func setMask(_ mask: NodeMask?, of namespace: String, _ name: String) {
    let slot = pods.slot(namespace, name)
    masks[slot] = mask
    guard pods.state[slot] != .absent else { return }
    let shape = Int(pods.shape[slot])
    let node = Int(pods.node[slot])
    let state = pods.state[slot]
    if node >= 0 { unbind(slot) }
    pods.shape[slot] = Int32(masked(shape, mask))
    if node >= 0 { bind(slot, to: node, as: state) }
    markGang(ofPod: slot)
  }

  private mutating func setPriority(of slot: Int, _ spec: Indirect<PodSpec>) {
    var never = spec.wrappedValue.preemptionPolicy == "Never"
    pods.hasClassPolicy[slot] = false
    if let priority = spec.wrappedValue.priority {
      pods.priority[slot] = priority
      pods.priorityClass[slot] = -1
    } else {
      let number = priorities.slot(spec.wrappedValue.priorityClassName)
      let entry = priorities.resolved(number)
      pods.priorityClass[slot] = Int32(number)
      pods.priority[slot] = entry.value
      if spec.wrappedValue.preemptionPolicy == nil {
        pods.hasClassPolicy[slot] = true
        never = entry.neverPreempts
      }
    }
    pods.neverPreempts[slot] = never
  }

  private mutating func setLabels(of slot: Int, _ labels: StringMap<String>, _ namespace: String) {
    pods.labels[slot] = labels
    if labels.isEmpty {
      pods.claimedGang[slot] = -1
      pods.baseGang[slot] = -1
      return
    }
    pods.claimedGang[slot] = labels[LabelKey.podGang].map { Int32(gangs.slot(namespace, $0)) } ?? -1
    pods.baseGang[slot] = labels[LabelKey.basePodGang].map { Int32(gangs.slot(namespace, $0)) } ?? -1
  }

  /// The shape with another mask in the place of its own.
  private mutating func masked(_ shape: Int, _ mask: NodeMask?) -> Int {
    var result = shapes.shapes[shape]
    var rule = rules.rules[result.rule]
    rule.mask = mask
    var key = ByteKey()
    key.write(rule)
    result.rule = rules.intern(key, rule)
    return shapes.intern(result)
  }

  private mutating func shapeNumber(
    of spec: Indirect<PodSpec>, _ status: Indirect<PodStatus>, _ affinity: NodeAffinity?, _ namespace: String,
    _ name: String
  ) throws(SnapshotError) -> Int {
    spelling.clear()
    spelling.write(spec, affinity)
    // What a pod was given differs from what it asks for while it is being resized (S-314).
    let isResized = PodResize.isUnderWay(spec, status)
    if isResized { spelling.write(status) }
    if let known = shapes.known(spelling) { return known }
    let key = spelling
    var requests: [PodShape.Request] = []
    let wanted =
      isResized
      ? spec.wrappedValue.effectiveRequests(beside: status.wrappedValue) : spec.wrappedValue.effectiveRequests
    for (resource, quantity) in wanted where ResourceTable.isCounted(resource) {
      let amount: Int64
      do {
        amount = try ResourceTable.amount(quantity, of: resource)
      } catch {
        throw SnapshotError(
          .invalidQuantity, "Pod \(namespace)/\(name)",
          "request of \(resource) \(quantity.text) \(error.text)")
      }
      // A pod takes one of `pods` by being there; asking for more has no meaning.
      guard amount > 0, resource != "pods" else { continue }
      if resources.column(of: resource) == nil && resources.count >= ResourceTable.limit {
        throw SnapshotError(
          .tooManyResources, "Pod \(namespace)/\(name)",
          "asks for \(resource), more than \(ResourceTable.limit) kinds of resources in all")
      }
      requests.append(PodShape.Request(column: addColumn(resource), amount: amount))
    }
    requests.sort { $0.column < $1.column }
    var ruleKey = ByteKey()
    ruleKey.writeRule(spec, affinity)
    let rule = rules.intern(ruleKey, PlacementRule(spec.wrappedValue))
    var ports: [Int32] = []
    for port in spec.wrappedValue.hostPorts { ports.append(shapes.intern(port)) }
    let shape = shapes.intern(PodShape(requests: requests, rule: rule, ports: ports.sorted()))
    shapes.remember(key, shape)
    return shape
  }

  /// Has a pod's gang looked at again.
  mutating func markGang(ofPod pod: Int) {
    let gang = Int(pods.gang[pod])
    if gang >= 0 { mark(gang: gang) }
  }

  mutating func mark(gang: Int) {
    guard !gangs.records[gang].isDirty else { return }
    gangs.records[gang].isDirty = true
    dirtyGangs.append(Int32(gang))
  }
}

extension PlacementRule {
  init(_ spec: PodSpec) {
    nodeSelector = spec.nodeSelector
    let affinity = spec.affinity?.nodeAffinity
    required = affinity?.requiredDuringSchedulingIgnoredDuringExecution
    preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
    understand()
    tolerations = spec.tolerations
  }
}
