internal import ArgumentParser
internal import GroveChange
internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

/// What `plan` is told: a cluster before, and a change.
struct PlanOptions: ParsableArguments {
  @OptionGroup var input: InputOptions

  @Option(
    name: .customLong("old"), parsing: .singleValue,
    help: ArgumentHelp(
      "What was applied before: a file, a directory, or -. May be given several times.", valueName: "file"))
  var oldFiles: [String] = []

  @Option(
    name: .customLong("live"), parsing: .singleValue,
    help: ArgumentHelp(
      "The live cluster instead, as kubectl get … -A -o yaml|json prints it. May be given several times.",
      valueName: "dump"))
  var dumps: [String] = []

  @Option(help: "How the change is applied: client (three-way merge), server (server-side apply), replace.")
  var apply = ApplyModeOption.client

  @Flag(help: "Delete PodCliqueSets that are in no manifest of -f.")
  var prune = false

  @Option(
    name: .customLong("old-config"),
    help: ArgumentHelp(
      "The operator's configuration before the change; as after it unless given.", valueName: "file"))
  var oldConfig: String?

  @Option(
    help: ArgumentHelp(
      "How many nodes the cluster has when no input has any: each with 128 cpu, 1Ti of memory and 8 GPUs; 20 unless given.",
      valueName: "n"))
  var nodes: Int?

  @Option(
    name: [.customLong("cluster")], parsing: .singleValue,
    help: ArgumentHelp(
      "The nodes: a file as kubectl get nodes,pods -A -o yaml|json prints it, or a description such as 'rack=4,node=18,gpu=8,cpu=96,memory=1Ti'. May be given several times.",
      valueName: "file|description"))
  var clusters: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "How long things take on nodes: \(TimingOption.names); or instant. Such as imagePull=20s,readiness=5s.",
      valueName: "name=duration,…"))
  var timing: [TimingOption] = []

  @Option(
    help: ArgumentHelp(
      "How long an update that is stuck is watched; the termination delay and an hour more unless given.",
      valueName: "duration"))
  var horizon: HorizonOption?

  @Option(help: "Decides the random part of pod names.")
  var seed: UInt64 = 0

  @OptionGroup var operatorOptions: ClusterOptions

  func validate() throws {
    if oldFiles.isEmpty == dumps.isEmpty {
      throw ValidationError(
        """
        Say what was there before, with either --old or --live:
          grove-demo plan -f new.yaml --old old.yaml
          grove-demo plan -f new.yaml --live dump.yaml
        """)
    }
    if input.files.isEmpty, !oldFiles.isEmpty {
      throw ValidationError(
        "Give the change with -f FILE. Without one, --live DUMP shows what the operator does alone.")
    }
    if let nodes {
      if nodes < 0 || nodes > 100_000 { throw ValidationError("--nodes is a number from 0 to 100000.") }
      if !clusters.isEmpty { throw ValidationError("Give --nodes or --cluster, not both.") }
    }
    if (input.files + oldFiles + dumps + clusters).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input can be read once only.")
    }
  }

  /// How long things take.
  var clusterTiming: ClusterTiming {
    timing.reduce(into: ClusterTiming()) { timing, option in option.apply(to: &timing) }
  }
}

/// The value of `--apply`.
enum ApplyModeOption: String, ExpressibleByArgument, CaseIterable {
  case client
  case server
  case replace

  var mode: PlanRequest.ApplyMode {
    switch self {
    case .client: .client
    case .server: .server
    case .replace: .replace
    }
  }
}

/// The value of `--horizon`.
struct HorizonOption: ExpressibleByArgument {
  var duration: Duration

  init?(argument: String) {
    guard let duration = Duration(argument), duration >= .zero else { return nil }
    self.duration = duration
  }
}
