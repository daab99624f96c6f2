internal import ArgumentParser
internal import GroveAdmission
internal import GroveManifest
internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

extension SimulationOptions {
  /// Reads everything the options name: the inputs of a run, or messages and an exit code.
  func load(_ console: Console) throws -> SimulationInputs {
    let files = try input.files.isEmpty ? [] : input.readOrFail(console)
    let manifests = ObjectReader.read(files, defaultNamespace: operatorOptions.namespace).objects
    let cluster = try SimulationCluster(self, manifests: manifests.map(\.object), console)
    let configuration = try operatorOptions.simulatedConfiguration(console)
    var reader = StepReader(
      configuration: configuration, namespace: operatorOptions.namespace, recursive: input.recursive,
      cluster: cluster.objects, console: console)
    var steps: [SimulationStep] = []
    if !input.files.isEmpty {
      steps.append(
        SimulationStep(
          text: "apply " + input.files.map { "-f \($0)" }.joined(separator: " "),
          namespace: operatorOptions.namespace, objects: try reader.checked(files)))
      if steps[0].objects.isEmpty {
        throw console.fail("nothing to apply in \(input.files.joined(separator: ", "))")
      }
    }
    for command in try parsedCommands() {
      var step = SimulationStep(
        text: command.text, command: command, namespace: operatorOptions.namespace)
      switch command.verb {
      case .apply(let files): step.objects = try reader.checked(reader.read(files))
      case .deleteFiles(let files, _): step.objects = try reader.named(files)
      default: break
      }
      steps.append(step)
    }
    return SimulationInputs(
      configuration: configuration, timing: clusterTiming, seed: seed,
      acceptsUnknownPriorityClasses: acceptsUnknownPriorityClasses, until: until, cluster: cluster.objects,
      steps: steps)
  }
}

extension ClusterOptions {
  /// The operator's configuration: every scheduler and topologies, unless the user says otherwise. The operator's own
  /// defaults would refuse what a cluster with them would run.
  func simulatedConfiguration(_ console: Console) throws -> OperatorConfiguration {
    var configuration = try configuration(console)
    guard config == nil else { return configuration }
    configuration.schedulerProfiles = SchedulerBackend.allCases
    configuration.topologyAwareSchedulingEnabled = true
    return configuration
  }
}

/// Reads the files of steps, checking what is applied against what was applied before.
private struct StepReader {
  let configuration: OperatorConfiguration
  let namespace: String
  let recursive: Bool
  let cluster: [Resource]
  let console: Console
  /// What the checks know of the cluster, as it would be stored.
  private var stored: [Resource] = []

  init(
    configuration: OperatorConfiguration, namespace: String, recursive: Bool, cluster: [Resource],
    console: Console
  ) {
    self.configuration = configuration
    self.namespace = namespace
    self.recursive = recursive
    self.cluster = cluster
    self.console = console
  }

  /// The objects of files to apply: what others refer to first, PodCliqueSets last. Invalid ones end the program with
  /// exit code 1.
  mutating func checked(_ files: [(name: String, bytes: [UInt8])]) throws -> [Resource] {
    let topologies = (cluster + stored).compactMap { object -> ClusterTopologyBinding? in
      if case .clusterTopologyBinding(let binding) = object { binding } else { nil }
    }
    let checker = ManifestChecker(
      admission: Admission(configuration: configuration, topologies: topologies), defaultNamespace: namespace)
    let result = checker.check(files, stored: stored)
    console.report(result.documents.flatMap(\.diagnostics))
    for (kind, count) in result.skippedKinds { console.message("note: passed over \(count) \(kind)") }
    if result.documents.contains(where: { $0.verdict == .invalid }) {
      if topologies.isEmpty, result.documents.contains(where: { $0.lacksTopology }) {
        console.message(
          "  hint: describe the network with --cluster 'zone=2,rack=4,node=18,gpu=8,cpu=96,memory=1Ti', or give "
            + "the bindings of the cluster with --cluster-topology FILE")
      }
      throw ExitCode(1)
    }
    for object in result.objects {
      stored.removeAll { $0.key == object.key }
      stored.append(object)
    }
    let objects = objects(of: files)
    return objects.filter { $0.kind != .podCliqueSet } + objects.filter { $0.kind == .podCliqueSet }
  }

  /// The objects that files name.
  func named(_ paths: [String]) throws -> [Resource] { objects(of: try read(paths)) }

  private func objects(of files: [(name: String, bytes: [UInt8])]) -> [Resource] {
    ObjectReader.read(files, defaultNamespace: namespace).objects.map(\.object.detached)
  }

  /// The contents of files.
  func read(_ paths: [String]) throws -> [(name: String, bytes: [UInt8])] {
    do throws(FileError) {
      return try InputFiles.read(paths, recursive: recursive)
    } catch {
      throw console.fail("\(error)")
    }
  }
}

extension CheckedDocument {
  fileprivate var lacksTopology: Bool {
    diagnostics.contains { $0.severity == .error && $0.detail.contains("ClusterTopologyBinding") }
  }
}
