internal import ArgumentParser
internal import GroveManifest
internal import GroveModel
internal import GroveSchedule
internal import KubernetesModel

/// The objects of a cluster, from dumps and descriptions (S-006).
struct ClusterInput {
  var nodes: [Node] = []
  var pods: [Pod] = []
  var podGangs: [PodGang] = []
  var topologies: [ClusterTopologyBinding] = []
  var priorityClasses: [PriorityClass] = []
  /// Clusters that do not exist.
  var descriptions: [ClusterDescription] = []
  /// Where objects were found, by kind and name.
  var places: [String: SourceLocation] = [:]

  static let kinds: Set<ResourceKind> = [.node, .pod, .podGang, .clusterTopologyBinding, .priorityClass]

  /// Reads `--cluster`: what is no file and has the form of a description is one.
  mutating func read(clusters: [String], recursive: Bool, namespace: String, _ console: Console) throws {
    for source in clusters {
      let files: [(name: String, bytes: [UInt8])]
      do throws(FileError) {
        files = try InputFiles.read([source], recursive: recursive)
      } catch {
        guard source.contains("=") else {
          throw console.fail(
            "\(error)\n  hint: a cluster that does not exist is described as 'rack=4,node=18,gpu=8,cpu=96,memory=1Ti'"
          )
        }
        descriptions.append(try Self.description(source, console))
        continue
      }
      try add(files, namespace: namespace, console)
    }
  }

  /// Reads a description, or fails with its error.
  static func description(_ text: String, _ console: Console) throws -> ClusterDescription {
    do throws(SnapshotError) {
      return try ClusterDescription(parsing: text)
    } catch {
      throw console.fail("'\(text)': \(error)")
    }
  }

  /// Takes the objects of files, and says what was passed over.
  mutating func add(
    _ files: [(name: String, bytes: [UInt8])], namespace: String, reportsSkipped: Bool = true,
    _ console: Console
  ) throws {
    let found = ObjectReader.read(files, kinds: Self.kinds, defaultNamespace: namespace)
    console.report(found.diagnostics)
    if !found.diagnostics.errors.isEmpty { throw ExitCode(2) }
    if reportsSkipped, !found.skippedKinds.isEmpty {
      let kinds = found.skippedKinds.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
      console.message("note: passed over \(kinds)")
    }
    for entry in found.objects { add(entry) }
  }

  private mutating func add(_ entry: ObjectReader.Entry) {
    // Of two objects with the same name the second one is the problem.
    places[Self.subject(of: entry.object)] = entry.location
    switch entry.object {
    case .node(let node): nodes.append(node)
    case .pod(let pod): pods.append(pod)
    case .podGang(let gang): podGangs.append(gang)
    case .clusterTopologyBinding(let binding): topologies.append(binding)
    case .priorityClass(let priorityClass): priorityClasses.append(priorityClass)
    default: break
    }
  }

  /// An object as the errors of a snapshot name it.
  private static func subject(of object: Resource) -> String {
    "\(object.kind.kind) \(ObjectName(object.metadata))"
  }

  // MARK: Descriptions

  /// Makes the nodes of the descriptions, and their topology unless one is given.
  ///
  /// - Parameters:
  ///   - shape: a description of nodes that may be added later; it counts for the topology only.
  ///   - wanted: names by which PodCliqueSets refer to topologies. A described cluster is meant to be the one they
  ///     are written for, so its topology goes by these names, unless the description gives one.
  mutating func realize(shape: ClusterDescription?, wanted: [String], _ console: Console) {
    let known = Set(topologies.map(\.metadata.name))
    if let model = descriptions.first ?? (nodes.isEmpty ? shape : nil) {
      let isNamed = model.topologyName != ClusterDescription(nodesPerDomain: 1, allocatable: [:]).topologyName
      let missing = wanted.filter { !known.contains($0) }
      var names = isNamed || missing.isEmpty ? [model.topologyName] : missing
      if !topologies.isEmpty, !isNamed, missing.isEmpty { names = [] }
      for name in names where !known.contains(name) {
        var binding = model.topology
        binding.metadata.name = name
        topologies.append(binding)
      }
      if !isNamed, !missing.isEmpty {
        let levels = model.topology.spec.levels.map(\.domain).joined(separator: ", ")
        console.message(
          "note: topology \(missing.joined(separator: ", ")) is taken to be the one described: \(levels)")
      }
    }
    for description in descriptions {
      nodes += description.nodes.map { labelled($0, description) }
    }
  }

  /// A described node with the labels that the topologies have for its domains.
  private func labelled(_ node: Node, _ description: ClusterDescription) -> Node {
    var node = node
    for topology in topologies {
      for level in topology.spec.levels {
        if let same = description.levels.first(where: { $0.domain == level.domain }) {
          node.metadata.labels[level.key] = node.metadata.labels[same.key]
        } else if level.domain == "host" {
          node.metadata.labels[level.key] = node.metadata.name
        }
      }
    }
    return node
  }

  /// A description whose nodes have the labels of the given topologies.
  func adapted(_ description: ClusterDescription) -> ClusterDescription {
    var description = description
    for index in description.levels.indices {
      let domain = description.levels[index].domain
      let level = topologies.lazy.flatMap(\.spec.levels).first { $0.domain == domain }
      if let level { description.levels[index].key = level.key }
    }
    return description
  }

  // MARK: Snapshot

  /// The snapshot, or the errors with their places.
  func snapshot(_ console: Console) throws -> Snapshot {
    do throws(SnapshotError) {
      return try Snapshot(
        nodes: nodes, pods: pods, podGangs: podGangs, topologies: topologies,
        priorityClasses: priorityClasses)
    } catch {
      throw fail(error, console)
    }
  }

  private func fail(_ error: SnapshotError, _ console: Console) -> ExitCode {
    let limit = 20
    console.report(
      error.problems.prefix(limit).map { problem in
        Diagnostic(
          rule: "S-001", detail: "\(problem.subject): \(problem.message)", location: places[problem.subject])
      })
    if error.problems.count > limit {
      console.message("  and \(error.problems.count - limit) more")
    }
    if descriptions.count > 1, error.problems.contains(where: { $0.code == .duplicate }) {
      console.message("  hint: descriptions keep their nodes apart with prefix=NAME")
    }
    return ExitCode(2)
  }

  /// Says what does not count, or not as one might think.
  func report(_ notes: [SnapshotNote], _ console: Console) {
    reportEmptyNodes(console)
    reportMissingResources(console)
    var counts: [(text: String, first: SnapshotNote, count: Int)] = []
    for note in notes {
      let text =
        switch note.kind {
        case .unknownNode: "is bound to node \(note.detail), which does not exist, and counts for nothing"
        case .unknownPriorityClass:
          "names the priority class \(note.detail), which does not exist; the priority of its pods counts, else 0"
        case .unmodelled: "has \(note.detail), which is not looked at"
        }
      if let position = counts.firstIndex(where: { $0.text == text }) {
        counts[position].count += 1
      } else {
        counts.append((text, note, 1))
      }
    }
    for (text, first, count) in counts {
      let place = places[first.subject].map { "\($0.file):\($0.line):\($0.column): " } ?? ""
      let others = count > 1 ? " (and \(count - 1) more)" : ""
      console.message("warning: \(place)\(first.subject)\(others) \(text)")
    }
  }

  /// Resources that waiting pods ask for and no node has: forgotten in a description, or not installed.
  private func reportMissingResources(_ console: Console) {
    var missing: [String] = []
    var seen: Set<String> = []
    for pod in pods where pod.spec.nodeName.isEmpty {
      for (resource, amount) in pod.spec.effectiveRequests where amount.signum > 0 {
        guard seen.insert(resource).inserted else { continue }
        if nodes.contains(where: { ($0.status.allocatable[resource]?.signum ?? 0) > 0 }) { continue }
        missing.append(resource)
      }
    }
    if nodes.isEmpty || missing.isEmpty { return }
    console.message("warning: no node offers \(missing.joined(separator: ", ")), which pods ask for")
  }

  /// Nodes that a kubelet has not described, or somebody only in part: a node without a number of pods takes none.
  private func reportEmptyNodes(_ console: Console) {
    let empty = nodes.filter { ($0.status.allocatable["pods"]?.signum ?? 0) <= 0 }
    guard let first = empty.first else { return }
    let place = places["Node \(first.metadata.name)"].map { "\($0.file):\($0.line):\($0.column): " } ?? ""
    let others = empty.count > 1 ? " (and \(empty.count - 1) more)" : ""
    console.message(
      "warning: \(place)Node \(first.metadata.name)\(others) has no status.allocatable.pods: nothing fits there"
    )
  }

  /// Names of the nodes whose condition `Ready` is there and not true, in the order given.
  var failedNodes: [String] {
    nodes.compactMap { node in
      node.status.conditions.contains { $0.type == "Ready" && $0.status != "True" } ? node.metadata.name : nil
    }
  }
}
