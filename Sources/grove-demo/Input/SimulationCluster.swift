internal import ArgumentParser
internal import GroveManifest
internal import GroveModel
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

/// The objects that a simulated cluster begins with.
struct SimulationCluster {
  /// Nodes, topologies, priority classes and pods.
  var objects: [Resource] = []

  private static let kinds: [ResourceKind] = [.node, .clusterTopologyBinding, .priorityClass, .pod]

  private var descriptions: [ClusterDescription] = []

  /// The cluster that the options describe.
  ///
  /// - Parameter manifests: what is going to be applied. A described cluster is meant to be the one that it is written
  ///   for: its topology goes by the names that PodCliqueSets use, and its nodes have the labels that bindings use.
  init(_ options: SimulationOptions, manifests: [Resource], _ console: Console) throws {
    for source in options.clusters {
      let files: [(name: String, bytes: [UInt8])]
      do throws(FileError) {
        files = try InputFiles.read([source], recursive: options.input.recursive)
      } catch {
        guard source.contains("=") else {
          throw console.fail(
            "\(error)\n  hint: a cluster that does not exist is described as 'rack=4,node=18,gpu=8,cpu=96'")
        }
        try add(description: source, console)
        continue
      }
      try add(files, console)
    }
    if options.clusters.isEmpty {
      objects += (0..<(options.nodes ?? 20)).map { .node(Self.fakeNode($0 + 1)) }
    }
    let given = try options.operatorOptions.topologies(console)
    objects += given.map { .clusterTopologyBinding($0) }
    realize(given: given, manifests: manifests, console)
    for index in objects.indices {
      guard case .node(var node) = objects[index] else { continue }
      node.spec.taints += options.taints.map(\.taint)
      objects[index] = .node(node)
    }
  }

  private mutating func add(_ files: [(name: String, bytes: [UInt8])], _ console: Console) throws {
    let read = ManifestObjects.read(files)
    console.report(read.diagnostics)
    if !read.diagnostics.errors.isEmpty { throw ExitCode(2) }
    let wanted = read.objects.filter { Self.kinds.contains($0.kind) }
    if wanted.isEmpty {
      throw console.fail("no nodes in \(files.map(\.name).joined(separator: ", "))")
    }
    objects += wanted.compactMap { object in
      if case .pod(let pod) = object, ["Succeeded", "Failed"].contains(pod.status.phase) { return nil }
      return object.detached
    }
  }

  private mutating func add(description text: String, _ console: Console) throws {
    do throws(SnapshotError) {
      descriptions.append(try ClusterDescription(parsing: text))
    } catch {
      throw console.fail("'\(text)': \(error)")
    }
  }

  /// Makes the nodes of descriptions, and their topology under the names that are asked for.
  private mutating func realize(given: [ClusterTopologyBinding], manifests: [Resource], _ console: Console) {
    guard let model = descriptions.first else { return }
    var bindings = given
    var wanted: [String] = []
    for object in objects + manifests {
      if case .clusterTopologyBinding(let binding) = object { bindings.append(binding) }
      if case .podCliqueSet(let set) = object, let name = set.spec.template.explicitTopologyName {
        if !wanted.contains(name) { wanted.append(name) }
      }
    }
    let known = Set(bindings.map(\.metadata.name))
    let missing = wanted.filter { !known.contains($0) }
    let isNamed = model.topologyName != Self.unnamed
    if isNamed || !missing.isEmpty || bindings.isEmpty {
      for name in isNamed || missing.isEmpty ? [model.topologyName] : missing where !known.contains(name) {
        var binding = model.topology
        binding.metadata.name = name
        bindings.append(binding)
        objects.append(.clusterTopologyBinding(binding))
      }
    }
    if !isNamed, !missing.isEmpty {
      let levels = model.topology.spec.levels.map(\.domain).joined(separator: ", ")
      console.message(
        "note: topology \(missing.joined(separator: ", ")) is taken to be the one described: \(levels)")
    }
    for description in descriptions {
      objects += description.nodes.map { .node(Self.labelled($0, description, bindings)) }
    }
  }

  private static let unnamed = ClusterDescription(nodesPerDomain: 1, allocatable: [:]).topologyName

  /// A described node with the labels that bindings have for its domains.
  private static func labelled(
    _ node: Node, _ description: ClusterDescription, _ bindings: [ClusterTopologyBinding]
  ) -> Node {
    var node = node
    for level in bindings.flatMap(\.spec.levels) {
      if let same = description.levels.first(where: { $0.domain == level.domain }) {
        node.metadata.labels[level.key] = node.metadata.labels[same.key]
      } else if level.domain == "host" {
        node.metadata.labels[level.key] = node.metadata.name
      }
    }
    return node
  }

  /// A node of the demo cluster of Grove's guide: ample, and with eight GPUs.
  static func fakeNode(_ number: Int) -> Node {
    let digits = String(number)
    let name = "fake-node-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    var node = Node()
    node.metadata.name = name
    node.metadata.labels = [
      "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
    ]
    let memory = Quantity("1Ti") ?? Quantity(1 << 40)
    node.status.allocatable = [
      "cpu": Quantity(128), "ephemeral-storage": memory, "memory": memory, "nvidia.com/gpu": Quantity(8),
      "pods": Quantity(110),
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
    return resource
  }
}

/// Objects of the kinds that Swift Grove knows, as manifests say them: nothing is filled in.
enum ManifestObjects {
  static func read(
    _ files: [(name: String, bytes: [UInt8])]
  ) -> (objects: [Resource], diagnostics: [Diagnostic]) {
    var objects: [Resource] = []
    var diagnostics: [Diagnostic] = []
    for file in files {
      let manifest = ManifestReader.read(file.bytes, source: file.name)
      diagnostics += manifest.diagnostics
      for document in manifest.documents {
        guard let kind = ResourceKind(apiVersion: document.apiVersion, kind: document.kind) else { continue }
        var decoder = TapeDecoder(document.root.tape, reportsUnknownFields: false)
        objects.append(Resource(kind, from: document.root.index, in: &decoder))
        diagnostics += document.diagnostics(for: decoder.issues)
      }
    }
    return (objects, diagnostics)
  }
}
