internal import ArgumentParser
internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

/// What `simulate` and `get` are told: manifests, a cluster, and what happens to it.
struct SimulationOptions: ParsableArguments {
  @OptionGroup var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "How many nodes the cluster has: fake-node-001 and so on, each with 128 cpu, 1Ti of memory and 8 GPUs; 20 unless given.",
      valueName: "n"))
  var nodes: Int?

  @Option(
    name: [.customLong("cluster")], parsing: .singleValue,
    help: ArgumentHelp(
      """
      The cluster instead: a file as kubectl get nodes,pods -A -o yaml|json prints it, or a description such as \
      'rack=4,node=18,gpu=8,cpu=96,memory=1Ti'. May be given several times.
      """, valueName: "file|description"))
  var clusters: [String] = []

  @Option(
    name: .customLong("taint"), parsing: .singleValue,
    help: ArgumentHelp(
      "A taint of all nodes, such as fake-node=true:NoSchedule. May be given several times.",
      valueName: "key=value:effect"))
  var taints: [NodeTaint] = []

  @Option(
    name: .customLong("do"), parsing: .singleValue,
    help: ArgumentHelp(
      "What to do then, as kubectl has it: 'scale pcsg NAME --replicas=3'. May be given several times.",
      valueName: "command"))
  var commands: [String] = []

  @Option(
    help: ArgumentHelp(
      "How long the cluster runs after the manifests and after each command: until it is at rest, or a duration.",
      valueName: "rest|duration"))
  var until = RunLength.rest

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "How long things take on nodes: \(TimingOption.names); or instant. Such as imagePull=20s,readiness=5s.",
      valueName: "name=duration,…"))
  var timing: [TimingOption] = []

  @Flag(
    name: .customLong("any-priority-class"),
    help: """
      Let pods name PriorityClasses that are neither in the manifests nor in the cluster. Otherwise they are refused.
      """)
  var acceptsUnknownPriorityClasses = false

  @Option(help: "Decides the random part of pod names.")
  var seed: UInt64 = 0

  @OptionGroup var operatorOptions: ClusterOptions

  func validate() throws {
    if let nodes {
      if nodes < 0 || nodes > 100_000 { throw ValidationError("--nodes is a number from 0 to 100000.") }
      if !clusters.isEmpty { throw ValidationError("Give --nodes or --cluster, not both.") }
    }
    if input.files.count(where: { $0 == "-" }) + clusters.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input can be read once only.")
    }
    _ = try parsedCommands()
  }

  /// The commands of `--do`, or wrong usage.
  func parsedCommands() throws -> [ClusterCommand] {
    try commands.map { line in
      do throws(ClusterCommandError) {
        return try ClusterCommand(parsing: line, namespace: operatorOptions.namespace)
      } catch {
        throw ValidationError("--do '\(line)': \(error)")
      }
    }
  }

  /// How long things take.
  var clusterTiming: ClusterTiming {
    timing.reduce(into: ClusterTiming()) { timing, option in option.apply(to: &timing) }
  }
}

/// How long a cluster runs.
enum RunLength: ExpressibleByArgument, Equatable {
  case rest
  case duration(Duration)

  init?(argument: String) {
    if argument == "rest" {
      self = .rest
    } else if let duration = Duration(argument), duration >= .zero {
      self = .duration(duration)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String { text }

  /// As it is given.
  var text: String {
    switch self {
    case .rest: "rest"
    case .duration(let duration): duration.text
    }
  }
}

/// The value of `--timing`.
struct TimingOption: ExpressibleByArgument {
  var isInstant = false
  var durations: [(name: String, duration: Duration)] = []

  init?(argument: String) {
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      if part == "instant" {
        isInstant = true
        continue
      }
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, Self.places.contains(where: { $0.name == sides[0] }),
        let duration = Duration(String(sides[1])),
        duration >= .zero
      else { return nil }
      durations.append((String(sides[0]), duration))
    }
  }

  /// What can be set, in the order in which things happen.
  static var places: [(name: String, place: WritableKeyPath<ClusterTiming, Duration>)] {
    [
      ("imagePull", \.imagePull), ("initContainer", \.initContainer), ("containerStart", \.containerStart),
      ("readiness", \.readiness), ("termination", \.termination), ("crashBackoff", \.crashBackoff),
      ("crashBackoffLimit", \.crashBackoffLimit), ("nodeMonitorGracePeriod", \.nodeMonitorGracePeriod),
      ("eviction", \.eviction),
    ]
  }

  /// The names with commas between them.
  static var names: String { places.map(\.name).joined(separator: ", ") }

  func apply(to timing: inout ClusterTiming) {
    if isInstant { timing = .instant }
    for (name, duration) in durations {
      for (known, place) in Self.places where known == name { timing[keyPath: place] = duration }
    }
  }
}

/// The value of `--taint`.
struct NodeTaint: ExpressibleByArgument {
  var taint: Taint

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, ["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(parts[1]) else {
      return nil
    }
    let sides = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let key = sides.first, !key.isEmpty else { return nil }
    taint = Taint(effect: String(parts[1]), key: String(key))
    if sides.count == 2 { taint.value = String(sides[1]) }
  }
}
