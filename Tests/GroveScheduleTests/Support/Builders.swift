import GroveModel
import GroveSchedule
import KubernetesModel

/// A quantity from a literal; a wrong one is a mistake in the test.
func quantity(_ text: String) -> Quantity { (try? Quantity(parsing: text)) ?? Quantity(-1) }

func amounts(_ texts: KeyValuePairs<String, String>) -> StringMap<Quantity> {
  StringMap(texts.map { ($0.key, quantity($0.value)) })
}

func named(_ name: String) -> ObjectName { ObjectName(namespace: "default", name: name) }

extension Node {
  /// A node with room for ten pods and a label with its name.
  static func make(
    _ name: String, _ allocatable: KeyValuePairs<String, String> = ["cpu": "4", "memory": "8Gi"],
    labels: StringMap<String> = [:], taints: [Taint] = [], isCordoned: Bool = false, pods: String = "10"
  ) -> Node {
    var node = Node()
    node.metadata.name = name
    node.metadata.labels = labels
    node.metadata.labels["kubernetes.io/hostname"] = name
    node.status.allocatable = amounts(allocatable)
    if node.status.allocatable["pods"] == nil { node.status.allocatable["pods"] = quantity(pods) }
    node.spec.taints = taints
    node.spec.unschedulable = isCordoned
    return node
  }
}

extension Pod {
  static func make(
    _ name: String, _ requests: KeyValuePairs<String, String> = ["cpu": "1"], on node: String = "",
    priority: Int32? = nil, labels: StringMap<String> = [:], created: Int64? = nil,
    change: (inout PodSpec) -> Void = { _ in }
  ) -> Pod {
    var pod = Pod()
    pod.metadata.name = name
    pod.metadata.namespace = "default"
    pod.metadata.labels = labels
    pod.metadata.creationTimestamp = created.map { Timestamp(secondsSince1970: $0) }
    var container = Container()
    container.name = "main"
    container.resources.requests = amounts(requests)
    pod.spec.containers = [container]
    pod.spec.nodeName = node
    pod.spec.priority = priority
    pod.status.phase = node.isEmpty ? "Pending" : "Running"
    change(&pod.spec)
    return pod
  }
}

extension Gang {
  /// A gang of groups of pods, all of them needed unless said otherwise.
  static func make(
    _ name: String, _ groups: [GangScope], packing: Packing = Packing(), priorityClassName: String = "",
    topology: String? = nil, dependencies: [String] = [], reuse: String? = nil, created: Int64? = nil
  ) -> Gang {
    Gang(
      name: named(name), root: GangScope(name: name, packing: packing, scopes: groups),
      priorityClassName: priorityClassName, topology: topology, dependencies: dependencies.map(named),
      reuse: reuse.map(named), createdAt: created.map { Timestamp(secondsSince1970: $0) })
  }
}

extension GangScope {
  /// A group of pods called `name-0`, `name-1`…
  static func group(
    _ name: String, _ count: Int, minimum: Int? = nil, _ packing: Packing = Packing()
  ) -> GangScope {
    GangScope(
      name: name, pods: (0..<count).map { named("\(name)-\($0)") }, minimum: minimum ?? count,
      packing: packing)
  }
}

extension Snapshot {
  /// A snapshot with levels called like their labels.
  static func make(
    nodes: [Node], pods: [Pod] = [], gangs: [Gang] = [], levels: [String] = [], classes: [PriorityClass] = []
  ) throws -> Snapshot {
    var snapshot = Snapshot()
    for priorityClass in classes { snapshot.set(priorityClass) }
    if !levels.isEmpty {
      try snapshot.setTopology("topology", levels: levels.map { (domain: $0, key: $0) })
    }
    for node in nodes { try snapshot.set(node) }
    for gang in gangs { try snapshot.set(gang) }
    for pod in pods { try snapshot.set(pod) }
    return snapshot
  }
}

/// The pods of groups, all alike.
func pods(
  of groups: [GangScope], _ requests: KeyValuePairs<String, String> = ["cpu": "1"], priority: Int32? = nil,
  _ change: (inout PodSpec) -> Void = { _ in }
) -> [Pod] {
  groups.flatMap { group -> [Pod] in
    switch group.content {
    case .pods(let names):
      names.map { Pod.make($0.name, requests, priority: priority, change: change) }
    case .scopes(let scopes): pods(of: scopes, requests, priority: priority, change)
    }
  }
}

func priorityClass(_ name: String, _ value: Int32, policy: String? = nil) -> PriorityClass {
  var result = PriorityClass()
  result.metadata.name = name
  result.value = value
  result.preemptionPolicy = policy
  return result
}
