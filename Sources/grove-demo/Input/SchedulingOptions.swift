internal import ArgumentParser
internal import GroveSchedule

/// What `schedule` and `why` are told: the workload, the cluster, and how to choose.
struct SchedulingOptions: ParsableArguments {
  @OptionGroup var input: InputOptions

  @Option(
    name: [.customLong("cluster")], parsing: .singleValue,
    help: ArgumentHelp(
      """
      The cluster: files as kubectl get nodes,pods -A -o json|yaml prints them, a directory, - for standard input, or \
      a description such as 'zone=2,rack=4,node=18,gpu=8,cpu=96,memory=1Ti'. May be given several times.
      """, valueName: "file|description"))
  var clusters: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Pods, PodGangs and priority classes that are there. May be given several times.", valueName: "file"))
  var pods: [String] = []

  @OptionGroup var operatorOptions: ClusterOptions

  @Option(
    help: ArgumentHelp(
      "How to choose: best-fit, least-free, most-free or balanced domains; pack or spread nodes; no-preemption.",
      valueName: "choice,…"))
  var policy = PolicyChoice()

  @Option(
    name: .customLong("exclude-nodes"), parsing: .singleValue,
    help: ArgumentHelp(
      "Nodes that get nothing new; * stands for any letters. May be given several times.", valueName: "name,…"
    ))
  var excludedNodes: [String] = []

  @Flag(
    name: .customLong("anchor-replicas"),
    help: "Hold all gangs of a replica in the domain that its base gang requires.")
  var anchorsReplicas = false

  @Option(
    name: .customLong("search-budget"),
    help: ArgumentHelp("How many steps the search for one gang may take.", valueName: "steps"))
  var searchBudget = Policy().searchBudget

  @Option(help: "Decides the random part of pod names.")
  var seed: UInt64 = 0

  func validate() throws {
    if clusters.contains("") { throw ValidationError("--cluster is empty.") }
    if searchBudget < 1 { throw ValidationError("--search-budget must be at least 1.") }
    if (clusters + pods + input.files).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input can be read once only.")
    }
  }

  /// The policy that the options describe.
  var schedulingPolicy: Policy {
    Policy(
      domains: policy.domains, nodes: policy.nodes, allowsPreemption: policy.allowsPreemption,
      anchorsReplicas: anchorsReplicas, searchBudget: searchBudget)
  }
}

/// The value of `--policy`.
struct PolicyChoice: ExpressibleByArgument {
  var domains: Policy.DomainChoice = .bestFit
  var nodes: Policy.NodeChoice = .pack
  var allowsPreemption = true

  static let noPreemption = "no-preemption"

  /// Every word that may be given.
  static let allValueStrings =
    Policy.DomainChoice.allCases.map(\.rawValue) + Policy.NodeChoice.allCases.map(\.rawValue) + [noPreemption]

  init() {}

  init?(argument: String) {
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      if let choice = Policy.DomainChoice(rawValue: String(word)) {
        domains = choice
      } else if let choice = Policy.NodeChoice(rawValue: String(word)) {
        nodes = choice
      } else if word == Self.noPreemption {
        allowsPreemption = false
      } else {
        return nil
      }
    }
  }

  var defaultValueDescription: String { "\(domains.rawValue),\(nodes.rawValue)" }
}
