internal import ArgumentParser
internal import GroveAdmission
internal import GroveManifest
internal import GroveModel
internal import KubernetesModel

/// What a command is to know about the cluster and its operator.
struct ClusterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The operator's configuration (operator.config.grove.io/v1alpha1).", valueName: "file"))
  var config: String?

  @Option(
    name: .customLong("cluster-topology"), parsing: .singleValue,
    help: ArgumentHelp(
      "ClusterTopologyBindings that are in the cluster. May be given several times.", valueName: "file"))
  var clusterTopologies: [String] = []

  @Option(name: [.short, .long], help: "The namespace of objects that name none.")
  var namespace = "default"

  @Option(
    help: ArgumentHelp(
      "The scheduler of pods that name none: \(SchedulerBackend.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var scheduler: String?

  func validate() throws {
    if let scheduler, SchedulerBackend(rawValue: scheduler) == nil {
      let known = SchedulerBackend.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("There is no scheduler '\(scheduler)'. Known are \(known).")
    }
    let objections = NameSyntax.dnsLabelObjections(namespace)
    if !objections.isEmpty { throw ValidationError("'\(namespace)' is no namespace: \(objections[0]).") }
  }

  /// The configuration from `--config` and `--scheduler`, or the operator's defaults.
  func configuration(_ console: Console) throws -> OperatorConfiguration {
    var configuration = OperatorConfiguration()
    if let config {
      let manifest = ManifestReader.read(try bytes(config, console), source: config)
      console.report(manifest.diagnostics)
      guard manifest.diagnostics.errors.isEmpty else { throw ExitCode(2) }
      guard manifest.documents.count == 1 else {
        throw console.fail(
          "\(config): expected one OperatorConfiguration, found \(manifest.documents.count) documents")
      }
      let document = manifest.documents[0]
      let (file, diagnostics) = OperatorConfigurationFile.load(document.root)
      console.report(
        diagnostics.map { diagnostic in
          var located = diagnostic
          located.location = document.location(ofPath: diagnostic.path)
          located.detail += " [\(diagnostic.rule)]"
          return located
        })
      guard diagnostics.errors.isEmpty else { throw ExitCode(2) }
      configuration = file.operatorConfiguration()
    }
    if let scheduler, let backend = SchedulerBackend(rawValue: scheduler) {
      if !configuration.schedulerProfiles.contains(backend) {
        configuration.schedulerProfiles.append(backend)
      }
      configuration.defaultScheduler = backend
    }
    return configuration
  }

  /// The bindings from `--cluster-topology`; nil when none is given, so that references to them cannot be checked.
  func topologies(_ console: Console) throws -> [ClusterTopologyBinding] {
    var bindings: [ClusterTopologyBinding] = []
    for file in clusterTopologies {
      let checker = ManifestChecker(
        admission: Admission(configuration: try configuration(console), topologies: []))
      let result = checker.check([(file, try bytes(file, console))])
      console.report(result.documents.flatMap(\.diagnostics))
      guard result.documents.allSatisfy({ $0.verdict != .invalid }) else { throw ExitCode(1) }
      for case .clusterTopologyBinding(let binding) in result.objects { bindings.append(binding) }
    }
    return bindings
  }

  private func bytes(_ path: String, _ console: Console) throws -> [UInt8] {
    do throws(FileError) {
      return try FileSystem.read(path)
    } catch {
      throw console.fail("\(error)")
    }
  }
}
