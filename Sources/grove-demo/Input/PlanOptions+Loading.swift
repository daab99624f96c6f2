internal import ArgumentParser
internal import GroveAdmission
internal import GroveChange
internal import GroveManifest
internal import GroveModel
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

extension PlanOptions {
  /// Everything a plan is made from.
  struct Loaded {
    var request: PlanRequest
    var inputs: [PlanInput]
    /// What a reader should know about the input.
    var notes: [String]
  }

  private typealias Files = [(name: String, bytes: [UInt8])]

  /// Reads everything the options name: a request, or messages and an exit code.
  func load(_ console: Console) throws -> Loaded {
    let configuration = try configuration(operatorOptions.config, console)
    var inputs: [PlanInput] = []
    let new = try read(input.files, "new", &inputs, console)
    let manifests = try manifests(new, "new", configuration, console)
    var notes: [String] = []
    var before: PlanRequest.Before
    var old: [Resource] = []
    if dumps.isEmpty {
      let files = try read(oldFiles, "before", &inputs, console)
      let found = try self.manifests(files, "old", configuration, console)
      guard found.refused.isEmpty else {
        for refusal in found.refused { console.message("error: \(refusal.object): \(refusal.message)") }
        throw ExitCode(2)
      }
      old = found.manifests.map(\.object)
      before = .manifests(found.manifests)
    } else {
      old = try dump(try read(dumps, "live", &inputs, console), manifests.manifests.map(\.object), console)
      before = .dump(old)
    }
    let cluster = try cluster(beside: old, manifests.manifests.map(\.object), &notes, console)
    if case .dump(let objects) = before { before = .dump(objects.filter { !Self.isOver($0) }) }
    // The scheduler of Kubernetes prefers free nodes, the others full ones.
    let choice: Policy.NodeChoice = configuration.defaultScheduler == .defaultScheduler ? .spread : .pack
    var request = PlanRequest(
      before: before, manifests: manifests.manifests, configuration: configuration,
      setup: ClusterSetup(kubelets: clusterTiming, scheduler: Scheduler(policy: Policy(nodes: choice))))
    request.refused = manifests.refused
    request.apply = apply.mode
    request.prunes = prune
    request.cluster = cluster
    request.horizon = horizon?.duration
    request.seed = seed
    if let oldConfig { request.configurations.before = try self.configuration(oldConfig, console) }
    return Loaded(request: request, inputs: inputs, notes: notes)
  }

  // MARK: Parts

  /// Every scheduler and topologies, unless a file says otherwise.
  private func configuration(_ file: String?, _ console: Console) throws -> OperatorConfiguration {
    var options = operatorOptions
    options.config = file
    var configuration = try options.configuration(console)
    guard file == nil else { return configuration }
    configuration.schedulerProfiles = SchedulerBackend.allCases
    configuration.topologyAwareSchedulingEnabled = true
    return configuration
  }

  private func read(
    _ paths: [String], _ role: String, _ inputs: inout [PlanInput], _ console: Console
  ) throws -> Files {
    do throws(FileError) {
      let files = try InputFiles.read(paths, recursive: input.recursive)
      inputs += files.map { PlanInput(role: role, name: $0.name, bytes: $0.bytes) }
      return files
    } catch {
      throw console.fail("\(error)")
    }
  }

  /// The objects of manifests, and those that do not get past decoding (P-13).
  private func manifests(
    _ files: Files, _ what: String, _ configuration: OperatorConfiguration, _ console: Console
  ) throws -> (manifests: [PlanRequest.Manifest], refused: [PlanRejection]) {
    var found: (manifests: [PlanRequest.Manifest], refused: [PlanRejection]) = ([], [])
    var passedOver: [(kind: String, count: Int)] = []
    let admission = Admission(configuration: configuration)
    for file in files {
      let manifest = ManifestReader.read(file.bytes, source: file.name)
      console.report(manifest.diagnostics)
      guard manifest.diagnostics.errors.isEmpty else { throw ExitCode(2) }
      for document in manifest.documents {
        guard let kind = ResourceKind(apiVersion: document.apiVersion, kind: document.kind) else {
          if let index = passedOver.firstIndex(where: { $0.kind == document.kind }) {
            passedOver[index].count += 1
          } else {
            passedOver.append((document.kind, 1))
          }
          continue
        }
        let namespace = operatorOptions.namespace
        let review = admission.review(document.root, as: kind, defaultNamespace: namespace)
        var decoder = TapeDecoder(document.root.tape, reportsUnknownFields: false)
        var object = Resource(kind, from: document.root.index, in: &decoder).detached
        if !kind.isClusterScoped, object.metadata.namespace.isEmpty { object.metadata.namespace = namespace }
        if review.refusedBy == .strictDecoding || review.refusedBy == .typedDecoding {
          found.refused.append(
            PlanRejection(
              object: object.key, message: review.serverAnswer ?? "strict decoding error",
              location: document.location,
              hint: review.unknownFields.isEmpty ? nil : "grove-demo validate shows the field"))
        } else {
          found.manifests.append(
            PlanRequest.Manifest(object, document: document.root, source: document.source))
        }
      }
    }
    for (kind, count) in passedOver { console.message("note: passed over \(count) \(kind)") }
    if !files.isEmpty, found.manifests.isEmpty, found.refused.isEmpty {
      throw console.fail("nothing to plan in the \(what) manifests")
    }
    return found
  }

  private func dump(_ files: Files, _ new: [Resource], _ console: Console) throws -> [Resource] {
    let found = ObjectReader.read(files, defaultNamespace: operatorOptions.namespace, toleratesMasks: true)
    console.report(found.diagnostics)
    guard found.diagnostics.errors.isEmpty else { throw ExitCode(2) }
    let objects = found.objects.map(\.object)
    let sets = objects.filter { $0.kind == .podCliqueSet }
    guard !sets.isEmpty else {
      throw console.fail(
        """
        no PodCliqueSet in the dump
          hint: kubectl get pcs,pclq,pcsg,pg,pods,nodes,hpa,clustertopologybindings -A -o yaml
        """)
    }
    let wanted = Set(new.filter { $0.kind == .podCliqueSet }.map(\.metadata.namespace))
    let there = Set(sets.map(\.metadata.namespace))
    if !wanted.isEmpty, wanted.isDisjoint(with: there) {
      throw console.fail(
        "the manifests are of namespace \(wanted.sorted().joined(separator: ", ")), the dump is of "
          + "\(there.sorted().joined(separator: ", "))\n  hint: dump all namespaces with -A, or give -n")
    }
    return objects
  }

  /// Pods that have ended take no place, and nobody looks at those that are not Grove's.
  private static func isOver(_ object: Resource) -> Bool {
    guard case .pod(let pod) = object else { return false }
    return ["Succeeded", "Failed"].contains(pod.status.phase)
      && pod.metadata.labels[LabelKey.managedBy] != GroveName.operatorName
  }

  /// The nodes and whatever else is there, beside what the dump has.
  private func cluster(
    beside old: [Resource], _ new: [Resource], _ notes: inout [String], _ console: Console
  ) throws -> [Resource] {
    let count = nodes ?? 20
    let hasNodes = old.contains { $0.kind == .node }
    let fakes = (0..<(hasNodes ? 0 : count)).map {
      SimulationCluster.fakeNode(named: SimulationCluster.fakeName($0 + 1))
    }
    var objects = try SimulationCluster(
      clusters, recursive: input.recursive, otherwise: fakes, operatorOptions,
      manifests: dumps.isEmpty ? old + new : [], console
    ).objects
    if clusters.isEmpty, !hasNodes {
      // Pods of the dump are on nodes that it does not show.
      let known = Set(objects.map(\.metadata.name))
      var names: Set<String> = []
      for case .pod(let pod) in old where !pod.spec.nodeName.isEmpty { names.insert(pod.spec.nodeName) }
      let missing = names.subtracting(known).sorted()
      if !missing.isEmpty {
        objects.removeAll { $0.kind == .node }
        objects += missing.map { .node(SimulationCluster.fakeNode(named: $0)) }
        for number in 0..<max(count - missing.count, 0) {
          objects.append(.node(SimulationCluster.fakeNode(named: SimulationCluster.fakeName(number + 1))))
        }
      }
      let assumed = objects.count { $0.kind == .node }
      notes.append("on \(assumed) assumed nodes: capacity was not checked")
    }
    return objects
  }
}
