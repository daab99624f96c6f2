internal import ArgumentParser
internal import GroveManifest
internal import GroveModel
internal import GroveReport
internal import GroveScenario
internal import GroveSimulate
internal import KubernetesModel

/// `grove-demo simulate`.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run PodCliqueSets in a simulated cluster, and show the pods as kubectl does.",
    discussion: """
      EXAMPLES
        grove-demo simulate -f pipeline.yaml               # the pods at the end
        grove-demo simulate -f pipeline.yaml --until 7s    # the pods after 7s
        grove-demo simulate -f pipeline.yaml --watch       # every change
        grove-demo simulate -f pipeline.yaml -o jsonl      # watch events
        grove-demo simulate -f pipeline.yaml --cluster 'rack=4,node=9,gpu=8,cpu=96'
        grove-demo simulate -f pipeline.yaml --report run.html
        grove-demo simulate -f pipeline.yaml --record run.jsonl
        grove-demo simulate --replay run.jsonl             # is it still the same?
        grove-demo simulate --scenario Scenarios -R        # stories with checks
        grove-demo simulate -f pipeline.yaml \\
          --do 'scale pcsg pipeline-0-prefill --replicas=3' \\
          --do 'delete pcs pipeline'

      API server, operator, scheduler, kubelets and garbage collector are simulated; time is virtual. The same input \
      gives the same run, to the last byte. The operator has every scheduler and topologies enabled, unless --config \
      says otherwise.

      COMMANDS FOR --do
      \(ClusterCommand.grammar.map { "  " + $0 }.joined(separator: "\n"))
        Pods go by name or, without the random end, by host name: web-0-front-0.
      """)

  @OptionGroup var options: SimulationOptions

  @Option(
    name: [.customShort("l"), .long], help: "Only objects with these labels: a=b,c!=d,e in (f,g),h,!i.")
  var selector: SelectorOption?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Output format: the pods as a table (wide), name, yaml or json; or all watch events as jsonl."))
  var output: ListingFormat = .wide

  @Flag(name: [.short, .long], help: "Print a line for each change of state.")
  var watch = false

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Run scenarios instead: files, or directories with -R. May be given several times.", valueName: "file"))
  var scenario: [String] = []

  @Option(help: ArgumentHelp("Write a web page about the run.", valueName: "file.html"))
  var report: String?

  @Option(help: ArgumentHelp("Write what happened, for --replay.", valueName: "file"))
  var record: String?

  @Option(help: ArgumentHelp("Run what a file has recorded, and compare.", valueName: "file"))
  var replay: String?

  @Option(help: "When to use colour.")
  var color: ColorChoice = .auto

  func validate() throws {
    if replay != nil {
      if !options.input.files.isEmpty || !options.commands.isEmpty || !options.clusters.isEmpty
        || record != nil || report != nil
      {
        throw ValidationError("--replay takes everything from its file.")
      }
    } else if !scenario.isEmpty {
      if !options.input.files.isEmpty || !options.commands.isEmpty || !options.clusters.isEmpty
        || record != nil
      {
        throw ValidationError("A scenario says everything itself.")
      }
      if output != .wide, output != .json {
        throw ValidationError("Scenarios are told as text or with -o json.")
      }
    } else {
      try options.input.requireFiles()
    }
    if watch, output != .wide {
      throw ValidationError("--watch prints lines of text; -o jsonl is a stream too.")
    }
  }

  func run() throws {
    let console = Console(color: color)
    if let replay {
      try Replay.run(replay, console)
      return
    }
    if !scenario.isEmpty {
      try runScenarios(console)
      return
    }
    let inputs = try options.load(console)
    let labels = selector?.selector
    var observers: [any SimulationObserver] = []
    let isTable = output == .wide
    let printer = TablePrinter(
      selector: labels, showsHeadings: inputs.steps.count > 1, showsTables: inputs.steps.count > 1 && !watch,
      console)
    if isTable { observers.append(printer) }
    if watch { observers.append(ChangePrinter(selector: labels, console)) }
    if output == .jsonl { observers.append(WatchPrinter(selector: labels, console)) }
    let recorder = try record.map { try RunRecorder($0, inputs, console) }
    if let recorder { observers.append(recorder) }
    let reporter = report.map { ReportWriter($0, inputs, console) }
    if let reporter { observers.append(reporter) }
    var simulation = try Simulation(inputs, observers: observers, console)
    try simulation.run()
    try recorder?.finish()
    let world = simulation.world
    try reporter?.finish(at: world.now)
    if isTable {
      if watch { try console.write("\n") }
      if watch || inputs.steps.count == 1 { try printer.print(world) }
    } else if output != .jsonl {
      let listing = ObjectListing([.pod], selector: labels, in: world.server.objects)
      try console.write(listing.text(output, now: world.now))
    }
    PendingNotes.tell(world, console)
    try ProblemNotes.tell(simulation, console)
  }

  private func runScenarios(_ console: Console) throws {
    let scenarios = try ScenarioFiles.read(scenario, recursive: options.input.recursive, console)
    if report != nil, scenarios.count != 1 { throw console.fail("--report tells about one scenario") }
    var listing = ScenarioListing()
    for (path, scenario) in scenarios {
      let result = ScenarioRunner().run(scenario)
      if output == .wide {
        try console.write(
          ScenarioListing.text(path, result, showsSteps: scenarios.count == 1 || watch, console))
      }
      if let report {
        do throws(FileError) {
          try FileSystem.write(Array(RunReport(path, result).html.utf8), to: report)
        } catch {
          throw console.fail("\(error)")
        }
      }
      listing.results.append((path, result))
    }
    if output == .json {
      try console.write(JSONWriter.string(listing.value, options: .init(indent: 2)) + "\n")
    } else if scenarios.count > 1 {
      try console.write(listing.summary + "\n")
    }
    if listing.failureCount > 0 { throw ExitCode(1) }
  }
}

/// The value of `-l`.
struct SelectorOption: ExpressibleByArgument {
  var selector: LabelSelector

  init?(argument: String) {
    guard let selector = try? LabelSelector(parsing: argument) else { return nil }
    self.selector = selector
  }
}
