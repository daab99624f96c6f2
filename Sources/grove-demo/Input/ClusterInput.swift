internal import ArgumentParser
internal import GroveManifest
internal import GroveModel
internal import GroveSchedule
internal import KubernetesModel

/// The objects of a cluster, from dumps and descriptions (S-006).
struct ClusterInput {
  var objects = ClusterObjects()
  /// Clusters that do not exist.
  var descriptions: [ClusterDescription] = []
  /// Where objects were found, by kind and name.
  var places: [String: SourceLocation] = [:]

  var nodes: [Node] {
    get { objects.nodes }
    _modify { yield &objects.nodes }
  }
  var pods: [Pod] {
    get { objects.pods }
    _modify { yield &objects.pods }
  }
  var podGangs: [PodGang] {
    get { objects.podGangs }
    _modify { yield &objects.podGangs }
  }
  var topologies: [ClusterTopologyBinding] {
    get { objects.topologies }
    _modify { yield &objects.topologies }
  }

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
    let found = ObjectReader.read(
      files, kinds: Self.kinds, untypedKinds: ClusterObjects.untypedKinds, defaultNamespace: namespace)
    console.report(found.diagnostics)
    if !found.diagnostics.errors.isEmpty { throw ExitCode(2) }
    if reportsSkipped, !found.skippedKinds.isEmpty {
      let kinds = found.skippedKinds.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
      console.message("note: passed over \(kinds)")
    }
    for entry in found.objects { add(entry) }
    for entry in found.untyped { objects.add(kind: entry.kind, entry.value) }
  }

  private mutating func add(_ entry: ObjectReader.Entry) {
    // Of two objects with the same name the second one is the problem.
    places[Self.subject(of: entry.object)] = entry.location
    objects.add(entry.object)
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
      return try objects.snapshot()
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

  /// What does not count, or not as one might think, in words.
  func notes(_ notes: [SnapshotNote]) -> [InputNote] {
    var result = [emptyNodes, missingResources].compactMap { $0 }
    var counts: [(text: String, first: SnapshotNote, count: Int)] = []
    for note in notes {
      let text =
        switch note.kind {
        case .unknownNode: "is bound to node \(note.detail), which does not exist, and counts for nothing"
        case .unknownPriorityClass:
          "names the priority class \(note.detail), which does not exist; the priority of its pods counts, else 0"
        case .unmodelled: "has \(note.detail), which is not looked at: whether it fits is not decided"
        case .withoutInfluence where note.detail == "spec.affinity":
          "prefers to be near or off other pods, which has no influence on where it goes"
        case .withoutInfluence: "has \(note.detail), which is not looked at"
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
      let kind = first.kind == .withoutInfluence ? InputNote.Severity.note : .warning
      result.append(InputNote(kind, "\(place)\(first.subject)\(others) \(text)"))
    }
    let unknown = objects.unknownRuntimeClasses
    for name in unknown.keys.sorted() {
      guard let first = unknown[name]?.first else { continue }
      let others = (unknown[name]?.count ?? 0) > 1 ? " (and \((unknown[name]?.count ?? 1) - 1) more)" : ""
      result.append(
        InputNote(
          .warning,
          "Pod \(first)\(others) has the RuntimeClass \(name), which is not in the input: its overhead and its nodes "
            + "are not known"))
    }
    for kind in objects.kindsSeen.keys.sorted() {
      let count = objects.kindsSeen[kind] ?? 0
      let subject = ClusterObjects.kindsWithoutRules[kind] ?? ""
      result.append(
        InputNote(
          .note, "\(count) \(kind)\(count == 1 ? " is" : "s are") passed over: \(subject) are not looked at"))
    }
    return result
  }

  /// Resources that waiting pods ask for and no node has: forgotten in a description, or not installed.
  private var missingResources: InputNote? {
    var missing: [String] = []
    var seen: Set<String> = []
    for pod in pods where pod.spec.nodeName.isEmpty {
      for (resource, amount) in pod.spec.effectiveRequests where amount.signum > 0 {
        guard seen.insert(resource).inserted else { continue }
        if nodes.contains(where: { ($0.status.allocatable[resource]?.signum ?? 0) > 0 }) { continue }
        missing.append(resource)
      }
    }
    if nodes.isEmpty || missing.isEmpty { return nil }
    return InputNote(.warning, "no node offers \(missing.joined(separator: ", ")), which pods ask for")
  }

  /// Nodes that a kubelet has not described, or somebody only in part: a node without a number of pods takes none.
  private var emptyNodes: InputNote? {
    let empty = nodes.filter { ($0.status.allocatable["pods"]?.signum ?? 0) <= 0 }
    guard let first = empty.first else { return nil }
    let place = places["Node \(first.metadata.name)"].map { "\($0.file):\($0.line):\($0.column): " } ?? ""
    let others = empty.count > 1 ? " (and \(empty.count - 1) more)" : ""
    return InputNote(
      .warning,
      "\(place)Node \(first.metadata.name)\(others) has no status.allocatable.pods: nothing fits there")
  }

  /// Names of the nodes whose condition `Ready` is there and not true, in the order given.
  var failedNodes: [String] {
    nodes.compactMap { node in
      node.status.conditions.contains { $0.type == "Ready" && $0.status != "True" } ? node.metadata.name : nil
    }
  }
}
