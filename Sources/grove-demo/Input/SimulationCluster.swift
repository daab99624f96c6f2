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

  /// The cluster that the options describe.
  init(_ options: SimulationOptions, _ console: Console) throws {
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
    for topology in try options.operatorOptions.topologies(console) {
      objects.append(.clusterTopologyBinding(topology))
    }
    for index in objects.indices {
      guard case .node(var node) = objects[index] else { continue }
      node.spec.taints += options.taints.map(\.taint)
      objects[index] = .node(node)
    }
  }

  /// Whether there is a topology.
  var hasTopology: Bool { objects.contains { $0.kind == .clusterTopologyBinding } }

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
      let description = try ClusterDescription(parsing: text)
      objects += description.nodes.map { .node($0) }
      if !hasTopology { objects.append(.clusterTopologyBinding(description.topology)) }
    } catch {
      throw console.fail("'\(text)': \(error)")
    }
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
