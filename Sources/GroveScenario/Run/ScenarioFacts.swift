internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What is remembered under a name.
struct SavedSet: Sendable {
  /// Uids and names of objects.
  var members: [(uid: String, name: String)] = []
  var uids: Set<String> = []
  /// The nodes, or those that the pods were on.
  var nodes: [String] = []
  var time: Timestamp
  /// How many writes the operator had made.
  var writes: Int
}

/// A moment of a run: everything that assertions look at.
struct ScenarioFacts: Sendable {
  let scenario: Scenario
  let workers: [String]
  var objects = ObservedState()
  var tracker = ScenarioTracker()
  var saved: [String: SavedSet] = [:]
  var events = EventLog()
  var writes: [AppliedWrite] = []
  var now: Timestamp
  let start: Timestamp

  init(_ scenario: Scenario, start: Timestamp) {
    self.scenario = scenario
    workers = scenario.cluster.workers
    self.start = start
    now = start
  }

  // MARK: Selection

  /// The pods of a kind that a selector means, by namespace and name.
  func pods(_ selector: PodSelector) -> [Pod] {
    let nodes = selector.nodes.map { Set(self.nodes($0)) }
    let namespace = selector.namespace ?? scenario.namespace
    var found: [Pod] = []
    for case .pod(let pod) in objects.resources(of: .pod) {
      guard namespace == "*" || pod.metadata.namespace == namespace, matches(pod, selector),
        nodes?.contains(pod.spec.nodeName) ?? true
      else { continue }
      found.append(pod)
      if found.count == selector.first { break }
    }
    return found
  }

  private func matches(_ pod: Pod, _ selector: PodSelector) -> Bool {
    let metadata = pod.metadata
    let labels = metadata.labels
    func has(_ pattern: NamePattern?, _ key: String) -> Bool {
      pattern.map { pattern in labels[key].map { pattern.matches($0) } ?? false } ?? true
    }
    func has(_ number: Int?, _ key: String) -> Bool { number.map { labels[key] == String($0) } ?? true }
    guard selector.names.isEmpty || selector.names.contains(where: { $0.matches(metadata.name) }),
      has(selector.podCliqueSet, LabelKey.partOf), has(selector.replica, LabelKey.podCliqueSetReplicaIndex),
      has(selector.podClique, LabelKey.podClique), has(selector.scalingGroup, LabelKey.scalingGroup),
      has(selector.groupReplica, LabelKey.scalingGroupReplicaIndex), has(selector.index, LabelKey.podIndex),
      has(selector.podGang, LabelKey.podGang),
      selector.isGrouped.map({ $0 == (labels[LabelKey.scalingGroup] != nil) }) ?? true,
      selector.isScaled.map({ $0 == (labels[LabelKey.basePodGang] != nil) }) ?? true,
      selector.labels.map({ $0.matches(labels) }) ?? true,
      isMember(metadata.uid, of: selector.saved, not: selector.notSaved)
    else { return false }
    return (selector.phase.map { $0 == pod.status.phase } ?? true)
      && (selector.isReady.map { $0 == pod.isServing } ?? true)
      && (selector.isGated.map { $0 == !pod.spec.schedulingGates.isEmpty } ?? true)
      && (selector.isBound.map { $0 == !pod.spec.nodeName.isEmpty } ?? true)
      && (selector.isTerminating.map { $0 == metadata.isTerminating } ?? true)
  }

  private func isMember(_ uid: String, of set: String?, not other: String?) -> Bool {
    if let set, saved[set]?.uids.contains(uid) != true { return false }
    if let other, saved[other]?.uids.contains(uid) == true { return false }
    return true
  }

  /// The objects that a selector means, by namespace and name.
  func objects(_ selector: ObjectSelector) -> [Resource] {
    let namespace = selector.namespace ?? scenario.namespace
    var found: [Resource] = []
    for resource in objects.resources(of: selector.kind) {
      let metadata = resource.metadata
      let labels = metadata.labels
      guard selector.kind.isClusterScoped || namespace == "*" || metadata.namespace == namespace,
        selector.names.isEmpty || selector.names.contains(where: { $0.matches(metadata.name) }),
        selector.podCliqueSet.map({ set in labels[LabelKey.partOf].map { set.matches($0) } ?? false })
          ?? true,
        selector.replica.map({ labels[LabelKey.podCliqueSetReplicaIndex] == String($0) }) ?? true,
        selector.labels.map({ $0.matches(labels) }) ?? true,
        selector.isTerminating.map({ $0 == metadata.isTerminating }) ?? true,
        isMember(metadata.uid, of: selector.saved, not: selector.notSaved)
      else { continue }
      found.append(resource)
      if found.count == selector.first { break }
    }
    return found
  }

  /// The names of the nodes that a selector means, in byte order; those that exist.
  func nodes(_ selector: NodeSelector) -> [String] {
    switch selector {
    case .names(let patterns):
      allNodes.map(\.metadata.name).filter { name in patterns.contains { $0.matches(name) } }
    case .range(let from, let to):
      from < workers.count ? Array(workers[from..<min(to, workers.count)]) : []
    case .all: allNodes.map(\.metadata.name)
    case .labels(let selector): allNodes.filter { selector.matches($0.metadata.labels) }.map(\.metadata.name)
    case .of(let selector):
      Set(pods(selector).map(\.spec.nodeName).filter { !$0.isEmpty }).sorted(by: utf8Precedes)
    case .saved(let name): saved[name]?.nodes ?? []
    }
  }

  private var allNodes: [Node] {
    objects.resources(of: .node).compactMap { if case .node(let node) = $0 { node } else { nil } }
  }

  func node(_ name: String) -> Node? {
    guard case .node(let node)? = objects[ObjectKey(.node, namespace: "", name: name)] else { return nil }
    return node
  }

  // MARK: Saving

  /// What is to be remembered of a subject now.
  func remembering(_ subject: SavedSubject?) -> SavedSet {
    var set = SavedSet(time: now, writes: writes.count)
    switch subject {
    case nil: break
    case .pods(let selector)?:
      let pods = pods(selector)
      set.members = pods.map { ($0.metadata.uid, $0.metadata.name) }
      set.nodes = Set(pods.map(\.spec.nodeName).filter { !$0.isEmpty }).sorted(by: utf8Precedes)
    case .objects(let selector)?:
      set.members = objects(selector).map { ($0.metadata.uid, $0.metadata.name) }
    case .nodes(let selector)?:
      set.nodes = nodes(selector)
      set.members = set.nodes.compactMap { name in node(name).map { ($0.metadata.uid, name) } }
    }
    set.uids = Set(set.members.map(\.uid))
    return set
  }
}
