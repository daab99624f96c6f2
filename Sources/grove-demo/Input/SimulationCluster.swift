internal import ArgumentParser
internal import GroveManifest
internal import GroveModel
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

/// The objects that a simulated cluster begins with.
struct SimulationCluster {
  /// Nodes, topologies, priority classes and pods.
  let objects: [Resource]

  /// The cluster that the options describe.
  ///
  /// - Parameter manifests: what is going to be applied. A described cluster is meant to be the one that it is written
  ///   for: its topology goes by the names that PodCliqueSets use, and its nodes have the labels that bindings use.
  init(_ options: SimulationOptions, manifests: [Resource], _ console: Console) throws {
    let fakes =
      options.clusters.isEmpty
      ? (0..<(options.nodes ?? 20)).map { Self.fakeNode(named: Self.fakeName($0 + 1)) } : []
    try self.init(
      options.clusters, recursive: options.input.recursive, otherwise: fakes,
      taints: options.taints.map(\.taint),
      options.operatorOptions, manifests: manifests, console)
  }

  /// A cluster from files and descriptions, or with the given nodes when there are none.
  init(
    _ clusters: [String], recursive: Bool, otherwise nodes: [Node], taints: [Taint] = [],
    _ operatorOptions: ClusterOptions, manifests: [Resource], _ console: Console
  ) throws {
    let namespace = operatorOptions.namespace
    var cluster = ClusterInput()
    cluster.topologies = try operatorOptions.topologies(console)
    try cluster.read(clusters: clusters, recursive: recursive, namespace: namespace, console)
    var wanted: [String] = []
    var applied: Set<String> = []
    for object in manifests {
      switch object {
      case .clusterTopologyBinding(let binding):
        // Known to the nodes that are described, but there only once it is applied.
        applied.insert(binding.metadata.name)
        cluster.topologies.append(binding)
      case .podCliqueSet(let set):
        if let name = set.spec.template.explicitTopologyName, !wanted.contains(name) { wanted.append(name) }
      default: continue
      }
    }
    cluster.realize(shape: nil, wanted: wanted, console)
    cluster.topologies.removeAll { applied.contains($0.metadata.name) }
    if clusters.isEmpty { cluster.nodes = nodes }
    if !clusters.isEmpty, cluster.nodes.isEmpty {
      throw console.fail("no nodes in \(clusters.joined(separator: ", "))")
    }
    for index in cluster.nodes.indices {
      cluster.nodes[index].spec.taints += taints
      // A taint of a condition without the condition would be gone at once.
      cluster.nodes[index] = cluster.nodes[index].withLifecycleCompleted
    }
    let pods = cluster.pods.filter { !["Succeeded", "Failed"].contains($0.status.phase) }
    let objects: [[Resource]] = [
      cluster.objects.priorityClasses.map { .priorityClass($0) }, cluster.nodes.map { .node($0) },
      cluster.topologies.map { .clusterTopologyBinding($0) }, pods.map { .pod($0) },
    ]
    self.objects = objects.joined().map(\.detached)
  }

  /// The name of a node of the demo cluster of Grove's guide.
  static func fakeName(_ number: Int) -> String {
    let digits = String(number)
    return "fake-node-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  /// A node of the demo cluster of Grove's guide: ample, and with eight GPUs.
  static func fakeNode(named name: String) -> Node {
    var node = Node()
    node.metadata.name = name
    node.metadata.labels = [
      "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
    ]
    let memory = Quantity("1Ti") ?? Quantity(1 << 40)
    node.status.allocatable = [
      "cpu": 128, "ephemeral-storage": memory, "memory": memory, "nvidia.com/gpu": 8, "pods": 110,
    ]
    node.status.capacity = node.status.allocatable
    return node
  }
}

extension Resource {
  /// The object without what the cluster it comes from filled in.
  var detached: Resource {
    var resource = self
    var metadata = resource.metadata
    metadata.uid = ""
    metadata.resourceVersion = ""
    metadata.ownerReferences = []
    metadata.managedFields = []
    metadata.deletionTimestamp = nil
    resource.metadata = metadata
    // Nothing is created with them; they are added to running pods.
    if case .pod(var pod) = resource, !pod.spec.ephemeralContainers.isEmpty {
      pod.spec.ephemeralContainers = []
      resource = .pod(pod)
    }
    return resource
  }
}
