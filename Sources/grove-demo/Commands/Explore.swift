internal import ArgumentParser
internal import GroveAdmission
internal import GroveExplore
internal import GroveManifest
internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// `grove-demo explore`.
struct Explore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look for a run of the cluster in which a workload does not become what it should.",
    discussion: """
      EXAMPLES
        grove-demo explore -f pipeline.yaml                              # a thousand runs with all faults
        grove-demo explore -f pipeline.yaml --faults crash,lag,scaling   # only these
        grove-demo explore -f pipeline.yaml --seed 4711                  # one run again
        grove-demo explore -f pipeline.yaml --trace '@settled kill:demo-0-a-1'
        grove-demo explore -f small.yaml --exhaustive --faults crash     # every order, for small workloads
        grove-demo explore -f serve.yaml --cluster 'rack=2,node=4,gpu=8,cpu=96,memory=1Ti'

      Each seed decides a run: some faults and edits happen, then none, and then everything has to come to what the
      manifest asks for. With --exhaustive, everything that can happen next is tried in every state. No finding means
      that what was checked was fine; it proves nothing about the rest.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  @OptionGroup var input: InputOptions
  @OptionGroup var cluster: ClusterOptions

  @Option(
    help: ArgumentHelp(
      "The faults there may be, with commas: \(FaultKind.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "list"))
  var faults: String = "all"

  @Option(
    help: ArgumentHelp(
      "Explore a made-up workload instead of files: a number decides which, the same one each time.",
      valueName: "number"))
  var random: UInt64?

  @Option(help: "How many seeds to try, from 0 or from --seed on.")
  var seeds: Int?

  @Option(help: "The first seed; alone, the only one.")
  var seed: UInt64?

  @Option(help: "One run, as an earlier finding printed it.")
  var trace: String?

  @Flag(help: "Try everything that can happen next in every state, up to --states and --depth.")
  var exhaustive = false

  @Option(help: "With --exhaustive, the most states to visit.")
  var states = 100_000

  @Option(help: "With --exhaustive, the most moves from the beginning.")
  var depth = 10_000

  @Option(
    help: ArgumentHelp(
      "With --exhaustive, edits that happen in this order at any time, as traces write them.",
      valueName: "words"))
  var script: String?

  @Flag(help: "With --exhaustive, tell the pods of one PodClique apart.")
  var noSymmetry = false

  @Option(help: "How many equal nodes there are; 4 unless given.")
  var nodes: Int?

  @Option(
    name: [.customLong("cluster")], parsing: .singleValue,
    help: ArgumentHelp(
      """
      The cluster instead: a file as kubectl get nodes,pods -A -o yaml|json prints it, or a description such as \
      'rack=4,node=18,gpu=8,cpu=96,memory=1Ti'. May be given several times.
      """, valueName: "file|description"))
  var clusters: [String] = []

  @Flag(help: "Report the run as it was found, not the shortest that goes wrong in the same way.")
  var noShrink = false

  @Option(
    help: ArgumentHelp(
      "Give the operator a known defect back, to see that it is found.", valueName: "id", visibility: .hidden)
  )
  var defect: [String] = []

  @Option(name: [.short, .long], help: "Output format.")
  var output: Format = .text

  func validate() throws {
    if random == nil {
      try input.requireFiles()
    } else if !input.files.isEmpty {
      throw ValidationError("Give files with -f, or --random, not both.")
    }
    for name in faultNames where name != "all" && name != "none" && FaultKind(rawValue: name) == nil {
      let known = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("There is no fault '\(name)'. Known are \(known), all and none.")
    }
    for name in defect where !Defects.known.contains(where: { $0.name == name }) {
      throw ValidationError("There is no defect '\(name)'.")
    }
    if let trace, Trace(trace) == nil { throw ValidationError("'\(trace)' is no trace.") }
    if let seeds, seeds < 1 { throw ValidationError("--seeds counts from 1.") }
    if let script, Trace(script) == nil { throw ValidationError("'\(script)' is no script.") }
    if states < 1 || depth < 1 { throw ValidationError("--states and --depth count from 1.") }
    if let nodes, nodes < 1 { throw ValidationError("--nodes counts from 1.") }
    if nodes != nil, !clusters.isEmpty { throw ValidationError("Give --nodes or --cluster, not both.") }
  }

  private var faultNames: [String] { faults.split(separator: ",").map { String($0) } }

  private var faultKinds: [FaultKind] {
    faultNames.contains("all") ? FaultKind.allCases : faultNames.compactMap { FaultKind(rawValue: $0) }
  }

  func run() throws {
    let console = Console()
    let subject = try subject(console)
    if exhaustive { return try exhaust(subject, console) }
    var explorer: Explorer
    do throws(ExplorationError) {
      explorer = try Explorer(subject, faults: faultKinds)
    } catch {
      throw console.fail("\(error)")
    }
    // What does not come up by itself is a finding of its own, and says nothing about runs with faults.
    if let finding = try baseline(&explorer, console) { return try report(finding, nil, &explorer, console) }
    if let trace, let trace = Trace(trace) {
      try report(explorer.replay(trace), trace, &explorer, console)
      return
    }
    var finding: Explorer.Finding?
    // A run without seed first ends the operator after every write of the fault-free run.
    if seed == nil, faultKinds.contains(.crash) { finding = explorer.sweepCrashes() }
    if finding != nil { return try report(finding, nil, &explorer, console) }
    let first = seed ?? 0
    let count = UInt64(seeds ?? (seed == nil ? 1_000 : 1))
    for seed in first..<first + count {
      finding = explorer.explore(seed: seed)
      if finding != nil { break }
    }
    try report(finding, nil, &explorer, console)
  }

  private func baseline(_ explorer: inout Explorer, _ console: Console) throws -> Explorer.Finding? {
    do throws(ExplorationError) {
      return try explorer.baseline()
    } catch {
      throw console.fail("\(error)")
    }
  }

  private func exhaust(_ subject: ExplorationSubject, _ console: Console) throws {
    var subject = subject
    // Nothing takes time: what is left is the order.
    subject.timing = .instant
    let trace = Trace(script ?? "") ?? Trace()
    let edits = trace.moves.compactMap { if case .edit(let edit) = $0 { edit } else { nil } }
    var bounds = ExhaustiveExplorer.Bounds()
    bounds.states = states
    bounds.depth = depth
    var explorer: ExhaustiveExplorer
    do throws(ExplorationError) {
      explorer = try ExhaustiveExplorer(
        subject, script: edits, faults: faults == "all" ? [] : faultKinds, start: trace.start, bounds: bounds)
    } catch {
      throw console.fail("\(error)")
    }
    explorer.tellsPodsApart = noSymmetry
    let result = explorer.explore()
    let told = result.finding.map { explorer.story(of: $0) }
    switch output {
    case .text:
      if let told { try console.write("\(told.story)again: --trace '\(told.finding.trace)'\n") }
      try console.write("\(result.finding == nil ? "nothing found: " : "")\(result.coverage)\n")
    case .json:
      var members: [(String, Value)] = [
        ("format", .string("grove-demo/explore/v1")), ("states", .integer(Int64(result.states))),
        ("transitions", .integer(Int64(result.transitions))), ("depth", .integer(Int64(result.depth))),
        ("ends", .integer(Int64(result.ends))), ("complete", .boolean(result.isComplete)),
      ]
      if let told { members.append(("finding", findingValue(told.finding, told.story))) }
      try console.write(JSONWriter.string(.object(members), options: .init(indent: 2)) + "\n")
    }
    if result.finding != nil { throw ExitCode(1) }
  }

  private func subject(_ console: Console) throws -> ExplorationSubject {
    var subject =
      try random.map { seed in
        var subject = ExplorationSubject.random(
          seed: seed, configuration: try cluster.simulatedConfiguration(console))
        if let nodes { subject.nodes = ExplorationSubject.nodes(nodes) }
        return subject
      } ?? subjectOfFiles(console)
    for known in Defects.known where defect.contains(known.name) { subject.defects.insert(known.defect) }
    return subject
  }

  private func subjectOfFiles(_ console: Console) throws -> ExplorationSubject {
    let files = try input.readOrFail(console)
    let configuration = try cluster.simulatedConfiguration(console)
    let manifests = ObjectReader.read(files, defaultNamespace: cluster.namespace).objects.map(\.object)
    let surroundings = try SimulationCluster(
      clusters, recursive: input.recursive, otherwise: ExplorationSubject.nodes(nodes ?? 4), cluster,
      manifests: manifests, console
    ).objects
    let topologies = surroundings.compactMap { object -> ClusterTopologyBinding? in
      if case .clusterTopologyBinding(let binding) = object { binding } else { nil }
    }
    let checker = ManifestChecker(
      admission: Admission(configuration: configuration, topologies: topologies),
      defaultNamespace: cluster.namespace)
    let checked = checker.check(files)
    console.report(checked.documents.flatMap(\.diagnostics).errors)
    if checked.documents.contains(where: { $0.verdict == .invalid }) { throw ExitCode(1) }
    let joined = surroundings.compactMap { object -> Node? in
      guard case .node(var node) = object else { return nil }
      // A node that says nothing of itself works.
      if node.status.conditions.isEmpty {
        node.status.conditions = [NodeCondition(status: "True", type: "Ready")]
      }
      return node
    }
    let others = checked.objects.filter { $0.kind != .podCliqueSet && $0.kind != .node }
    let subject = ExplorationSubject(
      objects: surroundings.filter { $0.kind != .node } + others
        + checked.objects.filter { $0.kind == .podCliqueSet }, configuration: configuration, nodes: joined)
    guard !subject.podCliqueSets.isEmpty else {
      throw console.fail("no PodCliqueSet in \(input.files.joined(separator: ", "))")
    }
    return subject
  }

  private func report(
    _ finding: Explorer.Finding?, _ trace: Trace?, _ explorer: inout Explorer, _ console: Console
  ) throws {
    let effort = explorer.effort
    guard let finding else {
      switch output {
      case .text:
        if let trace { try console.write("\(explorer.story(of: trace))\n") }
        try console.write(
          "nothing found: \(effort.runs) \(effort.runs == 1 ? "run" : "runs"), \(effort.steps) steps checked\n"
        )
        if effort.grownRuns > 0 {
          try console.write(
            "in \(effort.grownRuns) of them more was asked for than the nodes have room for; nodes were added at the end\n"
          )
        }
      case .json:
        try console.write(JSONWriter.string(value(nil, effort, nil), options: .init(indent: 2)) + "\n")
      }
      return
    }
    let shortest = noShrink ? finding : explorer.shrink(finding)
    let story = explorer.story(of: shortest.trace)
    switch output {
    case .text:
      try console.write(
        """
        \(story)
        found in run \(effort.runs) after \(effort.steps) steps
        again: --trace '\(shortest.trace)'

        """)
      if let seed = finding.seed { try console.write("seed:  --seed \(seed)\n") }
    case .json:
      try console.write(
        JSONWriter.string(value(shortest, effort, story), options: .init(indent: 2)) + "\n")
    }
    throw ExitCode(1)
  }

  private func value(_ finding: Explorer.Finding?, _ effort: Explorer.Effort, _ story: Story?) -> Value {
    var members: [(String, Value)] = [
      ("format", .string("grove-demo/explore/v1")), ("runs", .integer(Int64(effort.runs))),
      ("steps", .integer(Int64(effort.steps))), ("grownRuns", .integer(Int64(effort.grownRuns))),
    ]
    if let finding, let story { members.append(("finding", findingValue(finding, story))) }
    return .object(members)
  }

  private func findingValue(_ finding: Explorer.Finding, _ story: Story) -> Value {
    var found: [(String, Value)] = [
      ("message", .string(finding.violation.message)), ("oracle", .string(finding.violation.oracle.rawValue)),
      ("trace", .string(finding.trace.description)),
    ]
    if let seed = finding.seed { found.append(("seed", .string(String(seed)))) }
    found.append(
      (
        "story",
        .array(
          story.chapters.map { chapter in
            .object([
              "counts": .string(chapter.counts), "lines": .array(chapter.lines.map { .string($0) }),
              "seconds": .integer(chapter.time.wholeSeconds), "title": .string(chapter.title),
            ])
          })
      ))
    return .object(found)
  }
}
