internal import ArgumentParser
internal import GroveAdmission
internal import GroveManifest
internal import GroveModel
internal import GroveReport
internal import GroveSimulate
internal import KubernetesModel

/// `grove-demo expand`.
struct Expand: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print every object that Grove makes of a PodCliqueSet.",
    discussion: """
      EXAMPLES
        grove-demo expand -f pipeline.yaml                          # YAML that kubectl apply takes
        grove-demo expand -f pipeline.yaml -o tree                  # how the objects belong together
        grove-demo expand -f pipeline.yaml --totals                 # pods, cpu, memory and GPUs by role
        grove-demo expand -f pipeline.yaml --kind Pod -o jsonl      # one pod a line
        grove-demo expand -f pipeline.yaml --output-dir objects/    # a file for each object

      What is printed is what exists once a new PodCliqueSet has settled, with no scheduler and no kubelet: without
      what only a cluster fills in (uid, status, owner references, …), so that it can be applied; with --full as it
      stands there. Where Grove runs, apply the PodCliqueSet alone: the operator makes the rest, and adopts no pods.

      Exit code 1 when something is missing because Grove could not make it; the reason is on standard error.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case yaml
    case json
    case jsonl
    case name
    case wide
    case tree
  }

  @OptionGroup var input: InputOptions
  @OptionGroup var cluster: ClusterOptions

  @Option(name: [.short, .long], help: "Output format.")
  var output: Format = .yaml

  @Flag(help: "Print pods, cpu, memory and GPUs by role and in all instead of the objects.")
  var totals = false

  @Option(parsing: .singleValue, help: "Only objects of this kind. May be given several times.")
  var kind: [String] = []

  @Option(
    parsing: .singleValue,
    help: "Only what belongs to this clique of the template. May be given several times.")
  var clique: [String] = []

  @Option(help: "Only what belongs to this replica of the PodCliqueSet, from 0.")
  var replica: Int?

  @Option(
    name: .customLong("output-dir"),
    help: ArgumentHelp("Write a file for each object into this directory.", valueName: "dir"))
  var outputDirectory: String?

  @Flag(help: "Print objects with uid, status, owner references and all that only a cluster fills in.")
  var full = false

  @Option(help: "Decides the random part of pod names.")
  var seed: UInt64 = 0

  @Option(help: "When to use colour.")
  var color: ColorChoice = .auto

  func validate() throws {
    try input.requireFiles()
    if let replica, replica < 0 { throw ValidationError("--replica counts from 0.") }
    for name in kind where ResourceFilter.kind(named: name) == nil {
      throw ValidationError("There is no kind '\(name)' here. Known are \(ResourceFilter.kindNames).")
    }
    if outputDirectory != nil, output != .yaml, output != .json {
      throw ValidationError("--output-dir writes YAML or JSON, not \(output.rawValue).")
    }
    if totals, ![.yaml, .json, .wide].contains(output) {
      throw ValidationError("--totals prints a table, or JSON with -o json.")
    }
  }

  func run() throws {
    let console = Console(color: color)
    let configuration = try cluster.configuration(console)
    let topologies = try cluster.topologies(console)
    let checker = ManifestChecker(
      admission: Admission(configuration: configuration, topologies: topologies),
      defaultNamespace: cluster.namespace)
    let checked = checker.check(try input.readOrFail(console))
    console.report(checked.documents.flatMap(\.diagnostics))
    for (kind, count) in checked.skippedKinds {
      console.message("note: passed over \(count) \(kind)")
    }
    if checked.documents.contains(where: { $0.verdict == .invalid }) { throw ExitCode(1) }
    var sets: [PodCliqueSet] = []
    var others = topologies.map { Resource.clusterTopologyBinding($0) }
    for object in checked.objects {
      if case .podCliqueSet(let set) = object { sets.append(set) } else { others.append(object) }
    }
    guard !sets.isEmpty else {
      throw console.fail("no PodCliqueSet in \(input.files.joined(separator: ", "))")
    }
    let expansion = expand(sets, with: others, configuration: configuration, seed: seed)
    for rejection in expansion.rejections { console.message("error: \(rejection.error)") }
    if !expansion.rejections.isEmpty { throw ExitCode(1) }
    try write(expansion, console)
    ProblemNotes.tell(expansion.problems, console)
    if !expansion.problems.isEmpty { throw ExitCode(1) }
  }

  private func write(_ expansion: Expansion, _ console: Console) throws {
    let filter = ResourceFilter(kinds: kind, cliques: clique, replica: replica)
    let objects = expansion.objects.filter { filter.includes($0) }
    if totals {
      let sums = ResourceTotals(objects)
      try console.write(
        output == .json
          ? JSONWriter.string(ResourceTables.totalsValue(sums), options: .init(indent: 2)) + "\n"
          : ResourceTables.totals(sums))
      return
    }
    if let outputDirectory {
      try writeFiles(full ? objects : objects.map(\.applicable), to: outputDirectory, console)
      noteUnadoptable(objects, console)
      return
    }
    switch output {
    case .yaml, .json, .jsonl:
      try stream(full ? objects : objects.map(\.applicable), console)
    case .name: try console.write(objects.map { Self.name($0) + "\n" }.joined())
    case .wide: try console.write(ResourceTables.wide(objects))
    case .tree:
      let tree = WorkloadTree(objects)
      try console.write(tree.lines().map { $0 + "\n" }.joined())
    }
  }

  /// Says what would be there twice in a cluster with an operator.
  private func noteUnadoptable(_ objects: [Resource], _ console: Console) {
    let pods = objects.count { $0.kind == .pod && $0.metadata.controller != nil }
    guard pods > 0, !full, kind.isEmpty else { return }
    console.message(
      "note: where Grove runs, apply the PodCliqueSet alone: it makes the rest, and adopts none of the "
        + "\(pods == 1 ? "1 pod" : "\(pods) pods")")
  }

  /// Writes objects piece by piece where the format allows, so that memory holds the objects once and not their text
  /// as well.
  private func stream(_ objects: [Resource], _ console: Console) throws {
    var text: [UInt8] = []
    if output == .json {
      ObjectOutput.writeJSONList(objects.map(\.value), to: &text)
      try console.write(text)
      return
    }
    text.reserveCapacity(1 << 17)
    for (position, object) in objects.enumerated() {
      if output == .yaml {
        ObjectOutput.writeYAML([object.value], to: &text, continues: position > 0)
      } else {
        ObjectOutput.writeJSONLines([object.value], to: &text)
      }
      if text.count > 1 << 16 {
        try console.write(text)
        text.removeAll(keepingCapacity: true)
      }
    }
    try console.write(text)
  }

  private func writeFiles(_ objects: [Resource], to directory: String, _ console: Console) throws {
    do throws(FileError) {
      try FileSystem.makeDirectory(directory)
      for object in objects {
        var text: [UInt8] = []
        if output == .json {
          JSONWriter.write(object.value, to: &text, options: .init(indent: 2))
          text.append(0x0A)
        } else {
          YAMLWriter.write(object.value, to: &text)
        }
        // Colons and slashes in names (`grove.io:pcs:x`) are not for file names.
        let name = String(
          Self.name(object).map { $0 == "/" || $0 == ":" ? "-" : $0 })
        let namespace = object.metadata.namespace.isEmpty ? "" : object.metadata.namespace + "."
        try FileSystem.write(
          text, to: "\(directory)/\(namespace)\(name).\(output == .json ? "json" : "yaml")")
      }
      console.message("wrote \(objects.count) files to \(directory)")
    } catch {
      throw console.fail("\(error)")
    }
  }

  /// Kind and name as `kubectl -o name` has them: `podclique.grove.io/demo-0-frontend`.
  static func name(_ object: Resource) -> String {
    let group = object.kind.apiVersion.split(separator: "/").dropLast().joined()
    return "\(object.kind.kind.lowercased())\(group.isEmpty ? "" : ".\(group)")/\(object.metadata.name)"
  }
}
