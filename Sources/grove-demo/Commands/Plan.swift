internal import ArgumentParser
internal import GroveChange
internal import GroveManifest
internal import GroveModel
internal import GroveReconcile
internal import GroveReport
internal import GroveSimulate
internal import KubernetesModel

/// `grove-demo plan`.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Say what a change will do before it is applied: which pods restart, because of which line.",
    discussion: """
      EXAMPLES
        grove-demo plan -f new.yaml --old old.yaml         # two versions of a manifest
        grove-demo plan -f new.yaml --live dump.yaml       # against a live cluster
        grove-demo plan --live dump.yaml                   # the operator alone
        grove-demo plan -f new.yaml --old old.yaml -o json
        grove-demo plan -f new.yaml --old old.yaml -o markdown >> "$GITHUB_STEP_SUMMARY"
        grove-demo plan -f new.yaml --live dump.yaml --fail-on restart,stuck

      The dump of a live cluster:
        kubectl get pcs,pclq,pcsg,pg,pods,nodes,hpa,clustertopologybindings -A -o yaml

      The change is run in a simulated cluster; time is virtual. Nothing is sent anywhere.

      EXIT CODES
        0  planned    1  a condition of --fail-on holds    2  the input cannot be read    64  wrong usage
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case wide
    case name
    case json
    case markdown
    case diff
  }

  @OptionGroup var input: PlanOptions

  @Option(name: [.short, .long], help: "Output format.")
  var output: Format = .text

  @Flag(inversion: .prefixedNo, help: "Show how the rollout goes, step by step.")
  var steps = true

  @Flag(name: .customLong("show-values"), help: "Show values that look like secrets.")
  var showsValues = false

  @Option(name: .customLong("max-bytes"), help: ArgumentHelp("The most bytes of Markdown.", valueName: "n"))
  var maxBytes = 60_000

  @Option(help: ArgumentHelp("Write a web page about the rollout.", valueName: "file.html"))
  var report: String?

  @Option(
    name: .customLong("fail-on"), parsing: .singleValue,
    help: ArgumentHelp(
      "End with 1 when this holds: \(FailCondition.allCases.map(\.rawValue).joined(separator: ", ")). A list with commas; may be given several times. rejected unless given.",
      valueName: "condition"))
  var failOn: [FailConditions] = []

  func validate() throws {
    if maxBytes < 1_000 { throw ValidationError("--max-bytes is at least 1000.") }
  }

  func run() throws {
    let console = Console()
    let loaded = try input.load(console)
    let reporter = report.map { PlanReportWriter($0, console) }
    let plan = GroveChange.plan(
      loaded.request, observer: reporter.map { writer in { writer.follow($0, $1) } })
    try reporter?.finish(plan, seed: loaded.request.seed)
    var told = plan
    told.notes = loaded.notes + told.notes
    try print(told, loaded, console)
    let conditions = failOn.isEmpty ? [.rejected] : failOn.flatMap(\.conditions)
    if let condition = conditions.first(where: { plan.meets($0) }) {
      console.message("plan: fails on \(condition.rawValue)")
      throw ExitCode(1)
    }
  }

  private func print(_ plan: GroveChange.Plan, _ loaded: PlanOptions.Loaded, _ console: Console) throws {
    switch output {
    case .text, .wide:
      var options = PlanTextOptions()
      options.isWide = output == .wide
      options.showsSteps = steps
      options.showsValues = showsValues
      try console.write(plan.text(options))
    case .name: try console.write(plan.names)
    case .json:
      let value = plan.value(inputs: loaded.inputs, showsValues: showsValues)
      try console.write(JSONWriter.string(value, options: .init(indent: 2)) + "\n")
    case .markdown: try console.write(plan.markdown(maxBytes: maxBytes, showsValues: showsValues))
    case .diff: try console.write(plan.diff(showsValues: showsValues) { YAMLWriter.string($0) })
    }
  }
}

/// A value of `--fail-on`.
struct FailConditions: ExpressibleByArgument {
  var conditions: [FailCondition]

  init?(argument: String) {
    var conditions: [FailCondition] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let condition = FailCondition(rawValue: String(part)) else { return nil }
      conditions.append(condition)
    }
    self.conditions = conditions
  }
}

/// Writes the run report of a plan, with causes and steps on top.
final class PlanReportWriter {
  private let path: String
  private let console: Console
  private var history: [Happening] = []
  private var writes: [AppliedWrite] = []

  init(_ path: String, _ console: Console) {
    self.path = path
    self.console = console
  }

  func follow(_ happenings: [Happening], _ writes: [AppliedWrite]) {
    history += happenings
    self.writes += writes
  }

  func finish(_ plan: GroveChange.Plan, seed: UInt64) throws {
    let start = history.first?.time ?? APIServer.defaultStart
    let end = history.last?.time ?? start
    let lines = plan.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var report = RunReport(
      title: lines.first ?? "plan",
      steps: [
        RunReport.Step(text: "the change", time: start, historyCount: history.count, writeCount: writes.count)
      ],
      history: history, writes: writes, end: end, facts: [("seed", String(seed))])
    report.preface = [("The plan", lines)]
    do throws(FileError) {
      try FileSystem.write(Array(report.html.utf8), to: path)
    } catch {
      throw console.fail("\(error)")
    }
  }
}
