public import GroveModel
public import KubernetesModel

/// The objects of a cluster and of what is to run on it, as they are read, and what has to be done to them before a
/// scheduler may look at them.
///
/// Dumps and hand-written manifests lack what controllers and admission would have added, and have what the operator
/// is about to take away. ``prepare()`` sees to that: allocatable is that of the node, cordons, conditions and their
/// taints are one thing (S-316), Grove's own gate is lifted (S-022), RuntimeClasses are applied (S-312).
///
/// ```swift
/// var cluster = ClusterObjects()
/// for object in objects { cluster.add(object) }
/// cluster.prepare()
/// let decision = Scheduler().decide(try cluster.snapshot())
/// ```
public struct ClusterObjects: Sendable {
  /// Nodes.
  public var nodes: [Node] = []
  /// Pods, bound and waiting.
  public var pods: [Pod] = []
  /// PodGangs.
  public var podGangs: [PodGang] = []
  /// Topologies.
  public var topologies: [ClusterTopologyBinding] = []
  /// Priority classes.
  public var priorityClasses: [PriorityClass] = []
  /// Labels of namespaces. A namespace that is not there is taken to have `kubernetes.io/metadata.name` alone.
  public var namespaces: [String: StringMap<String>] = [:]
  /// RuntimeClasses by name.
  public var runtimeClasses: [String: RuntimeClassFacts] = [:]
  /// How many objects there are of kinds that could matter and are not looked at; see ``kindsWithoutRules``.
  public var kindsSeen: [String: Int] = [:]

  /// No objects.
  public init() {}

  /// Adds an object; returns false for kinds that do not matter.
  @discardableResult
  public mutating func add(_ object: Resource) -> Bool {
    switch object {
    case .node(let node): nodes.append(node)
    case .pod(let pod): pods.append(pod)
    case .podGang(let gang): podGangs.append(gang)
    case .clusterTopologyBinding(let binding): topologies.append(binding)
    case .priorityClass(let priorityClass): priorityClasses.append(priorityClass)
    default: return false
    }
    return true
  }

  /// Kinds without a type here that are understood.
  public static let untypedKinds: Set<String> = Set(["Namespace", "RuntimeClass"]).union(
    kindsWithoutRules.keys)

  /// Kinds that could change a verdict and are not looked at, with what they are about.
  public static let kindsWithoutRules: [String: String] = [
    "CSIStorageCapacity": "free storage", "DeviceClass": "devices given out by claims",
    "LimitRange": "default requests of namespaces", "NodeResourceTopology": "NUMA zones of nodes",
    "PersistentVolume": "where volumes are", "PodDisruptionBudget": "which pods may be evicted",
    "Queue": "quotas and fair shares of queues", "ResourceQuota": "quotas of namespaces",
    "ResourceSlice": "devices given out by claims",
  ]

  /// Adds an object of one of ``untypedKinds``.
  public mutating func add(kind: String, _ object: Value) {
    var decoder = TapeDecoder(object.tape, reportsUnknownFields: false)
    let metadata = object["metadata"].map { decoder.decode(ObjectMeta.self, at: $0.index) } ?? ObjectMeta()
    switch kind {
    case "Namespace": namespaces[metadata.name] = metadata.labels
    case "RuntimeClass":
      var facts = RuntimeClassFacts()
      if let overhead = object["overhead"]?["podFixed"] {
        facts.overhead = decoder.decode(StringMap<Quantity>.self, at: overhead.index)
      }
      if let selector = object["scheduling"]?["nodeSelector"] {
        facts.nodeSelector = decoder.decode(StringMap<String>.self, at: selector.index)
      }
      for toleration in object["scheduling"]?["tolerations"]?.elements ?? [] {
        facts.tolerations.append(decoder.decode(Toleration.self, at: toleration.index))
      }
      runtimeClasses[metadata.name] = facts
    default:
      if Self.kindsWithoutRules[kind] != nil { kindsSeen[kind, default: 0] += 1 }
    }
  }

  // MARK: What controllers and admission do

  /// Brings the objects into the state in which a scheduler of a cluster would find them.
  public mutating func prepare() {
    for index in nodes.indices {
      if nodes[index].status.allocatable.isEmpty {
        // The API server does the same for nodes that do not say what is allocatable.
        nodes[index].status.allocatable = nodes[index].status.capacity
      }
      let completed = nodes[index].withLifecycleCompleted
      if completed != nodes[index] { nodes[index] = completed }
    }
    for index in pods.indices where pods[index].$spec.wrappedValue.nodeName.isEmpty {
      if pods[index].$spec.wrappedValue.schedulingGates.contains(where: {
        $0.name == GroveName.schedulingGate
      }) {
        pods[index].spec.schedulingGates.removeAll { $0.name == GroveName.schedulingGate }
      }
      let name = pods[index].$spec.wrappedValue.runtimeClassName ?? ""
      if !name.isEmpty, let facts = runtimeClasses[name] { pods[index].apply(facts) }
    }
  }

  /// Waiting pods whose RuntimeClass is not among the objects, by class: what it adds to them is not known.
  public var unknownRuntimeClasses: [String: [ObjectName]] {
    var result: [String: [ObjectName]] = [:]
    for pod in pods where pod.$spec.wrappedValue.nodeName.isEmpty {
      let name = pod.$spec.wrappedValue.runtimeClassName ?? ""
      if !name.isEmpty, runtimeClasses[name] == nil {
        result[name, default: []].append(ObjectName(pod.metadata))
      }
    }
    return result
  }

  /// The snapshot of the objects as they are.
  ///
  /// - Throws: ``SnapshotError`` with everything that cannot be understood.
  public func snapshot() throws(SnapshotError) -> Snapshot {
    var snapshot = try Snapshot(
      nodes: nodes, pods: pods, podGangs: podGangs, topologies: topologies, priorityClasses: priorityClasses)
    for name in namespaces.keys.sorted(by: isByteOrdered) {
      snapshot.setLabels(namespaces[name], ofNamespace: name)
    }
    return snapshot
  }
}

/// What a RuntimeClass adds to pods (S-312).
public struct RuntimeClassFacts: Sendable, Equatable {
  /// What the runtime itself needs, beside the containers.
  public var overhead: StringMap<Quantity> = [:]
  /// Labels of the nodes that have the runtime.
  public var nodeSelector: StringMap<String> = [:]
  /// Taints of those nodes that pods put up with.
  public var tolerations: [Toleration] = []

  /// Nothing.
  public init() {}
}

extension Pod {
  /// Adds what a RuntimeClass asks for, as admission does; what is there already stays.
  fileprivate mutating func apply(_ facts: RuntimeClassFacts) {
    if spec.overhead.isEmpty { spec.overhead = facts.overhead }
    for (key, value) in facts.nodeSelector where spec.nodeSelector[key] == nil {
      spec.nodeSelector[key] = value
    }
    for toleration in facts.tolerations where !spec.tolerations.contains(toleration) {
      spec.tolerations.append(toleration)
    }
  }
}
