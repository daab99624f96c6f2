internal import ArgumentParser
internal import GroveModel
internal import GroveSchedule
internal import KubernetesModel

/// `grove-demo why`.
struct Why: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Say why a gang or a pod has no place on a cluster and what would help, or why it goes where it goes.",
    discussion: """
      EXAMPLES
        kubectl get nodes,pods,podgangs,clustertopologybindings -A -o json > c.json
        grove-demo why serve-0 --cluster c.json                 # a gang that waits
        grove-demo why prod/serve-0-worker-x7k2p --cluster c.json         # a pod
        grove-demo why serve-0 -f s.yaml --cluster 'node=18,gpu=8,cpu=96,memory=1Ti'
        grove-demo why serve-0 -f serve.yaml --cluster c.json -o json

      What is said to help was tried out. Exit code 0 when it has a place, 1 when it has none, 2 when there is no such
      gang or pod, or the input cannot be understood.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  @Argument(help: ArgumentHelp("A gang or a pod, with or without its namespace.", valueName: "name"))
  var name: String

  @OptionGroup var scheduling: SchedulingOptions

  @Option(name: [.short, .long], help: "Output format.")
  var output: Format = .text

  func validate() throws {
    if scheduling.input.files.isEmpty, scheduling.clusters.isEmpty, scheduling.pods.isEmpty {
      throw ValidationError(
        "Give a cluster with --cluster, and a manifest with -f FILE unless it waits there.")
    }
  }

  func run() throws {
    let console = Console()
    let input = try scheduling.load(console)
    let scheduler = Scheduler(policy: scheduling.schedulingPolicy)
    let report = PlacementReport(input, scheduler: scheduler)
    let answer = PlacementAnswer(try subject(report, console), report, scheduler)
    switch output {
    case .text: try console.write(answer.text)
    case .json: try console.write(JSONWriter.string(answer.value, options: .init(indent: 2)) + "\n")
    }
    if !answer.hasPlace { throw ExitCode(1) }
  }

  /// What the name stands for; an error with the nearest names when there is nothing of that name, or too much.
  private func subject(
    _ report: PlacementReport, _ console: Console
  ) throws -> PlacementAnswer.Subject {
    let gangs = report.input.cluster.podGangs.map { ObjectName($0.metadata) }
    let pods = report.input.cluster.pods.map { ObjectName($0.metadata) }
    let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    func isMeant(_ candidate: ObjectName) -> Bool {
      parts.count == 2
        ? candidate.namespace == parts[0] && candidate.name == parts[1] : candidate.name == name
    }
    // Pods of Grove never have the name of a gang; where somebody's do, the gang says more.
    for (candidates, isGang) in [(gangs, true), (pods, false)] {
      let found = candidates.filter(isMeant)
      if found.count > 1 {
        throw console.fail(
          "\"\(name)\" is there in several namespaces: \(found.sorted().map(\.description).joined(separator: ", "))"
        )
      }
      if let one = found.first { return isGang ? .gang(one) : .pod(one) }
    }
    if !report.input.problems.isEmpty {
      _ = console.fail("there is no gang or pod \"\(name)\": Grove cannot make it, for the reasons above")
      throw ExitCode(1)
    }
    throw console.fail("there is no gang or pod \"\(name)\"\(Self.hint(parts[parts.count - 1], gangs, pods))")
  }

  private static func hint(_ wanted: String, _ gangs: [ObjectName], _ pods: [ObjectName]) -> String {
    let all = gangs.sorted() + pods.sorted()
    let names = all.map(\.name)
    var near = NearestName.of(wanted, among: names).map { [$0] } ?? []
    if near.isEmpty { near = Array(names.filter { $0.contains(wanted) }.prefix(5)) }
    if near.isEmpty {
      let known = gangs.isEmpty ? pods.sorted() : gangs.sorted()
      let more = known.count > 5 ? ", …" : ""
      return known.isEmpty
        ? "" : "; there are \(known.prefix(5).map(\.description).joined(separator: ", "))\(more)"
    }
    return "\n  hint: did you mean \(near.map { "\"\($0)\"" }.joined(separator: " or "))?"
  }
}
