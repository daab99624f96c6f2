internal import ArgumentParser
internal import GroveAdmission
internal import GroveManifest
internal import GroveModel
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

/// A workload and a cluster, ready to be decided on.
struct SchedulingInput {
  /// Everything, before any decision.
  var snapshot = Snapshot()
  /// The cluster's objects and where they come from.
  var cluster = ClusterInput()
  /// The PodCliqueSets given with `-f`, with defaults.
  var podCliqueSets: [PodCliqueSet] = []
  /// The pods and gangs that are made of them, and those given with `-f`.
  var workload: Set<ObjectName> = []
  /// What users should know about the input.
  var notes: [InputNote] = []
  /// What Grove cannot do for the PodCliqueSets: pods are missing that they ask for.
  var problems: [OperatorProblem] = []
  /// What the operator is configured to do.
  var configuration = OperatorConfiguration()

  /// Whether the verdict is about a gang or pod: one of the workload, or any when no workload is given.
  func judges(_ name: ObjectName) -> Bool { workload.isEmpty || workload.contains(name) }
}

extension SchedulingOptions {
  /// Reads everything, or fails with a message.
  ///
  /// - Parameter shape: nodes that may be added later.
  func load(shape: ClusterDescription? = nil, _ console: Console) throws -> SchedulingInput {
    var input = SchedulingInput()
    input.configuration = try configuration(console)
    let namespace = operatorOptions.namespace
    input.cluster.topologies = try operatorOptions.topologies(console)
    try input.cluster.read(
      clusters: clusters, recursive: self.input.recursive, namespace: namespace, console)
    if !pods.isEmpty {
      var files = InputOptions()
      files.files = pods
      files.recursive = self.input.recursive
      try input.cluster.add(try files.readOrFail(console), namespace: namespace, console)
    }
    try input.addWorkload(
      self.input.files.isEmpty ? [] : try self.input.readOrFail(console), self, shape: shape, console)
    input.cluster.objects.prepare()
    input.snapshot = try input.cluster.snapshot(console)
    input.notes = input.cluster.notes(input.snapshot.notes)
    for note in input.notes { note.tell(console) }
    input.snapshot.exclude(try excluded(among: input.cluster.nodes.map(\.metadata.name), console))
    return input
  }

  /// The operator's configuration: every scheduler and topologies, unless the user says otherwise.
  ///
  /// The operator's own defaults would refuse what this command is asked about.
  private func configuration(_ console: Console) throws -> OperatorConfiguration {
    if operatorOptions.config != nil { return try operatorOptions.configuration(console) }
    var configuration = OperatorConfiguration()
    configuration.schedulerProfiles = SchedulerBackend.allCases
    configuration.topologyAwareSchedulingEnabled = true
    if let name = operatorOptions.scheduler, let backend = SchedulerBackend(rawValue: name) {
      configuration.defaultScheduler = backend
    }
    return configuration
  }

  /// The nodes that `--exclude-nodes` names.
  private func excluded(among names: [String], _ console: Console) throws -> [String] {
    var found: [String] = []
    let known = Set(names)
    for pattern in excludedNodes.flatMap({ $0.split(separator: ",").map(String.init) }) {
      let matching =
        pattern.contains("*")
        ? names.filter { Self.matches(Substring($0), Substring(pattern)) }
        : known.contains(pattern) ? [pattern] : []
      if matching.isEmpty {
        let nearest = NearestName.of(pattern, among: names).map { "\n  hint: did you mean \"\($0)\"?" } ?? ""
        throw console.fail("--exclude-nodes: no node is called \"\(pattern)\"\(nearest)")
      }
      found += matching
    }
    return found
  }

  /// Whether a name is what a pattern with stars describes.
  private static func matches(_ name: Substring, _ pattern: Substring) -> Bool {
    var parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    let last = parts.removeLast()
    guard let first = parts.first, name.hasPrefix(first) else { return false }
    var rest = name.dropFirst(first.count)
    for part in parts.dropFirst() where !part.isEmpty {
      guard let found = firstIndex(of: part, in: rest) else { return false }
      rest = rest[found...].dropFirst(part.count)
    }
    return rest.hasSuffix(last)
  }

  private static func firstIndex(of part: Substring, in text: Substring) -> Substring.Index? {
    text.indices.first { text[$0...].hasPrefix(part) }
  }
}

extension SchedulingInput {
  /// Checks the manifests of `-f` and adds what Grove makes of them. The topology of a described cluster goes by the
  /// name that they use.
  fileprivate mutating func addWorkload(
    _ files: [(name: String, bytes: [UInt8])], _ options: SchedulingOptions, shape: ClusterDescription?,
    _ console: Console
  ) throws {
    let namespace = options.operatorOptions.namespace
    let first = ObjectReader.read(
      files, kinds: [.podCliqueSet, .clusterTopologyBinding, .node], defaultNamespace: namespace)
    var wanted: [String] = []
    for entry in first.objects {
      switch entry.object {
      case .clusterTopologyBinding(let binding): cluster.topologies.append(binding)
      case .podCliqueSet(let set):
        if let name = set.spec.template.explicitTopologyName, !wanted.contains(name) { wanted.append(name) }
      default: continue
      }
    }
    cluster.realize(shape: shape, wanted: wanted, console)
    if cluster.nodes.isEmpty, shape == nil, !first.objects.contains(where: { $0.object.kind == .node }) {
      throw console.fail(
        options.clusters.isEmpty
          ? "no cluster: give one with --cluster FILE or --cluster 'rack=4,node=18,gpu=8,cpu=96,memory=1Ti'"
          : "no nodes in \(options.clusters.joined(separator: ", "))")
    }
    if files.isEmpty { return }
    let checked = ManifestChecker(
      admission: Admission(configuration: configuration, topologies: cluster.topologies),
      defaultNamespace: namespace
    ).check(files)
    try refuse(checked, console)
    var own = ClusterInput()
    try own.add(files, namespace: namespace, reportsSkipped: false, console)
    add(own)
    for case .podCliqueSet(let set) in checked.objects { podCliqueSets.append(set) }
    if podCliqueSets.isEmpty, own.pods.isEmpty, own.podGangs.isEmpty {
      throw console.fail("nothing to place in \(options.input.files.joined(separator: ", "))")
    }
    let templates = checked.objects.filter { $0.kind == .resourceClaimTemplate }
    try expandSets(with: templates, seed: options.seed, console)
  }

  /// Ends the command when one of Grove's objects is invalid. Pods, nodes and so on are not judged: dumps have fields
  /// that are not known here.
  private func refuse(_ checked: ManifestChecker.Result, _ console: Console) throws {
    let grove = checked.documents.filter { document in
      [PodCliqueSet.kind, ClusterTopologyBinding.kind, ""].contains(document.kind)
        || document.diagnostics.contains { $0.rule == ManifestRule.kind.id }
    }
    console.report(grove.flatMap(\.diagnostics))
    if grove.contains(where: { $0.verdict == .invalid }) {
      let diagnostics = grove.flatMap(\.diagnostics)
      if cluster.topologies.isEmpty,
        diagnostics.contains(where: { $0.detail.contains("ClusterTopologyBinding") })
      {
        console.message(
          "  hint: give the ClusterTopologyBindings of the cluster with --cluster-topology FILE")
      }
      throw ExitCode(2)
    }
    let skipped = checked.skippedKinds.filter { !ClusterObjects.untypedKinds.contains($0.kind) }.map {
      "\($0.count) \($0.kind)"
    }
    if !skipped.isEmpty { console.message("note: passed over \(skipped.joined(separator: ", "))") }
  }

  /// Takes what `-f` gives beside PodCliqueSets.
  private mutating func add(_ own: ClusterInput) {
    cluster.nodes += own.nodes
    cluster.pods += own.pods
    cluster.podGangs += own.podGangs
    cluster.objects.priorityClasses += own.objects.priorityClasses
    cluster.objects.namespaces.merge(own.objects.namespaces) { $1 }
    cluster.objects.runtimeClasses.merge(own.objects.runtimeClasses) { $1 }
    cluster.objects.kindsSeen.merge(own.objects.kindsSeen) { $0 + $1 }
    cluster.places.merge(own.places) { $1 }
    workload.formUnion(own.pods.map { ObjectName($0.metadata) })
    workload.formUnion(own.podGangs.map { ObjectName($0.metadata) })
  }

  private mutating func expandSets(with others: [Resource], seed: UInt64, _ console: Console) throws {
    for set in podCliqueSets { replace(set, console) }
    let expansion = expand(
      podCliqueSets, with: cluster.topologies.map { .clusterTopologyBinding($0) } + others,
      configuration: configuration, seed: seed)
    for rejection in expansion.rejections { console.message("error: \(rejection.error)") }
    problems = expansion.problems
    ProblemNotes.tell(problems, console)
    if !expansion.rejections.isEmpty { throw ExitCode(2) }
    for object in expansion.schedulable {
      switch object {
      case .pod(let pod):
        cluster.pods.append(pod)
        workload.insert(ObjectName(pod.metadata))
      case .podGang(let gang):
        cluster.podGangs.append(gang)
        workload.insert(ObjectName(gang.metadata))
      default: continue
      }
    }
  }

  /// Takes out what the cluster has of a set already: it is placed anew.
  private mutating func replace(_ set: PodCliqueSet, _ console: Console) {
    func isPart(_ metadata: ObjectMeta) -> Bool {
      metadata.namespace == set.metadata.namespace
        && metadata.labels[LabelKey.managedBy] == GroveName.operatorName
        && metadata.labels[LabelKey.partOf] == set.metadata.name
    }
    let before = cluster.pods.count
    cluster.pods.removeAll { isPart($0.metadata) }
    cluster.podGangs.removeAll { isPart($0.metadata) }
    if cluster.pods.count < before {
      console.message(
        "note: \(before - cluster.pods.count) pods of PodCliqueSet \(ObjectName(set.metadata)) in the cluster do "
          + "not count: the set is placed anew")
    }
  }
}
