import GroveModel
import GroveSchedule
import KubernetesModel

/// The clusters and queues of the benchmark table. Everything is made of API objects, as it comes from a cluster.
struct Workload {
  var nodes: [Node] = []
  var pods: [Pod] = []
  var podGangs: [PodGang] = []
  var topology: ClusterTopologyBinding?
  var priorityClasses: [PriorityClass] = []

  var snapshot: Snapshot {
    do {
      return try Snapshot(
        nodes: nodes, pods: pods, podGangs: podGangs, topologies: topology.map { [$0] } ?? [],
        priorityClasses: priorityClasses)
    } catch {
      preconditionFailure("the workload is well-formed: \(error)")
    }
  }
}

/// Amounts by resource, as they are written.
typealias Amounts = KeyValuePairs<String, String>

extension Workload {
  /// Adds nodes as ``ClusterDescription`` makes them.
  init(cluster: String) {
    do {
      let description = try ClusterDescription(parsing: cluster)
      nodes = description.nodes
      topology = description.levels.isEmpty ? nil : description.topology
    } catch {
      preconditionFailure("\(error)")
    }
  }

  static func pod(
    _ name: String, _ requests: Amounts, on node: String = "", labels: StringMap<String> = [:],
    priorityClass: String = ""
  ) -> Pod {
    var container = Container()
    container.name = "main"
    container.resources.requests = StringMap(
      requests.map { (key: $0.key, value: Quantity($0.value) ?? Quantity(-1)) })
    var pod = Pod()
    pod.metadata.name = name
    pod.metadata.namespace = "default"
    pod.metadata.labels = labels
    pod.spec.containers = [container]
    pod.spec.nodeName = node
    pod.spec.priorityClassName = priorityClass
    pod.status.phase = node.isEmpty ? "Pending" : "Running"
    return pod
  }

  /// Adds a gang of groups of equal pods, and the pods.
  mutating func addGang(
    _ name: String, groups: Int = 1, podsPerGroup: Int, _ requests: Amounts,
    required: String? = nil, preferred: String? = nil, groupRequired: String? = nil,
    priorityClass: String = ""
  ) {
    var gang = PodGang()
    gang.metadata.name = name
    gang.metadata.namespace = "default"
    gang.spec.priorityClassName = priorityClass
    func constraint(_ required: String?, _ preferred: String?) -> SchedulingTopologyConstraint? {
      if required == nil && preferred == nil { return nil }
      return SchedulingTopologyConstraint(
        packConstraint: SchedulingTopologyPackConstraint(required: required, preferred: preferred))
    }
    gang.spec.topologyConstraint = constraint(required, preferred)
    for group in 0..<groups {
      var references: [NamespacedName] = []
      for index in 0..<podsPerGroup {
        let podName = "\(name)-\(group)-\(index)"
        references.append(NamespacedName(namespace: "default", name: podName))
        pods.append(
          Self.pod(podName, requests, labels: [LabelKey.podGang: name], priorityClass: priorityClass))
      }
      gang.spec.podgroups.append(
        PodGroup(
          name: "\(name)-\(group)", podReferences: references, minReplicas: Int32(podsPerGroup),
          topologyConstraint: constraint(groupRequired, nil)))
    }
    podGangs.append(gang)
  }

  // MARK: The table

  static let rack = "topology.kubernetes.io/rack"

  /// 1,000 nodes of 32 cpu, one gang of 32,000 pods that fills them.
  static var fill: Workload {
    var workload = Workload(cluster: "node=1000,cpu=32,memory=256Gi")
    workload.addGang("gang", podsPerGroup: 32_000, ["cpu": "1", "memory": "4Gi"])
    return workload
  }

  /// 10,000 nodes with one cpu left each, one gang of 10,000 pods.
  static var lastCPU: Workload {
    var workload = Workload(cluster: "node=10000,cpu=32,memory=256Gi")
    for node in workload.nodes {
      workload.pods.append(pod("load-\(node.metadata.name)", ["cpu": "31"], on: node.metadata.name))
    }
    workload.addGang("gang", podsPerGroup: 10_000, ["cpu": "1"])
    return workload
  }

  /// 5,000 nodes, small gangs without constraints.
  static func smallGangs(_ count: Int) -> Workload {
    var workload = Workload(cluster: "node=5000,cpu=4,memory=32Gi")
    for number in 0..<count {
      workload.addGang("gang-\(number)", podsPerGroup: 3, ["cpu": "100m", "memory": "100Mi"])
    }
    return workload
  }

  /// Nodes in racks of 100, gangs of four pods that want one rack each.
  static func rackGangs(_ count: Int, nodes: Int = 5_000) -> Workload {
    var workload = Workload(cluster: "rack=\(nodes / 100),node=100,cpu=4,memory=32Gi")
    for number in 0..<count {
      workload.addGang("gang-\(number)", podsPerGroup: 4, ["cpu": "500m", "memory": "500Mi"], required: rack)
    }
    return workload
  }

  /// 512 nodes in four levels, one gang that needs 64 racks at least.
  static var preferredRack: Workload {
    var workload = Workload(cluster: "zone=4,block=8,rack=8,node=2,gpu=8,cpu=96,memory=1Ti")
    workload.addGang("gang", podsPerGroup: 512, ["nvidia.com/gpu": "2"], preferred: rack)
    return workload
  }

  /// 100 racks of ten nodes, one gang of 100 groups of ten pods that take a node each.
  static var rackGroups: Workload {
    var workload = Workload(cluster: "rack=100,node=10,gpu=8,cpu=96,memory=1Ti")
    workload.addGang(
      "gang", groups: 100, podsPerGroup: 10, ["nvidia.com/gpu": "8"], groupRequired: rack)
    return workload
  }

  /// 4,000 nodes that run 140,000 pods.
  static func running(nodes: Int = 4_000, podsPerNode: Int = 35) -> Workload {
    var workload = Workload(cluster: "zone=2,rack=\(nodes / 80),node=40,gpu=8,cpu=96,memory=1Ti")
    for node in workload.nodes {
      for index in 0..<podsPerNode {
        workload.pods.append(
          pod(
            "\(node.metadata.name)-\(index)", ["cpu": "500m", "memory": "1Gi"], on: node.metadata.name,
            labels: ["app": "app-\(index)"]))
      }
    }
    return workload
  }

  /// 100,000 nodes in racks of 20, 1,000 gangs of 100 pods that want one rack each.
  static var hundredThousand: Workload {
    var workload = Workload(cluster: "zone=10,block=10,rack=50,node=20,gpu=8,cpu=96,memory=1Ti")
    for number in 0..<1_000 {
      workload.addGang("gang-\(number)", podsPerGroup: 100, ["nvidia.com/gpu": "1"], required: rack)
    }
    return workload
  }

  /// 1,000 nodes full of pods of low priority, one gang of high priority that needs an eighth of them.
  static var preemption: Workload {
    var workload = Workload(cluster: "rack=50,node=20,gpu=8,cpu=96,memory=1Ti")
    for (name, value) in [("low", Int32(1)), ("high", Int32(100))] {
      var priorityClass = PriorityClass()
      priorityClass.metadata.name = name
      priorityClass.value = value
      workload.priorityClasses.append(priorityClass)
    }
    for node in workload.nodes {
      for index in 0..<8 {
        workload.pods.append(
          pod(
            "\(node.metadata.name)-\(index)", ["nvidia.com/gpu": "1"], on: node.metadata.name,
            priorityClass: "low"))
      }
    }
    workload.addGang("gang", podsPerGroup: 125, ["nvidia.com/gpu": "8"], priorityClass: "high")
    return workload
  }

  /// The scenarios' cluster: 30 nodes and 30 pods in gangs of a few, one pod a node.
  static var small: Workload {
    var workload = Workload(cluster: "zone=1,block=2,rack=5,node=3,cpu=4,memory=150Mi")
    for number in 0..<3 {
      workload.addGang(
        "gang-\(number)", groups: 3, podsPerGroup: 3, ["memory": "80Mi"], preferred: rack)
    }
    return workload
  }
}
