internal import ArgumentParser
internal import GroveManifest
internal import GroveModel
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

/// `grove-demo schedule`.
struct Schedule: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say whether a PodCliqueSet fits on a cluster, and where its pods would go.",
    discussion: """
      EXAMPLES
        kubectl get nodes,pods -A -o json > cluster.json
        grove-demo schedule -f serve.yaml --cluster cluster.json
        grove-demo schedule -f s.yaml --cluster 'node=18,gpu=8,cpu=96,memory=1Ti'
        grove-demo schedule --cluster cluster.json              # what waits there
        grove-demo schedule -f serve.yaml --cluster cluster.json -o svg > plan.svg
        grove-demo schedule -f serve.yaml --cluster cluster.json --how-many
        grove-demo schedule -f s.yaml --min-nodes 'node=1,gpu=8,cpu=96,memory=1Ti'

      The first line says whether it fits. Exit code 0 when it does, 1 when it does not or that is not decided, 2 when
      the input cannot be understood. The same input gives the same plan.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case wide
    case json
    case yaml
    case svg
  }

  @OptionGroup var scheduling: SchedulingOptions

  @Option(name: [.short, .long], help: "Output format.")
  var output: Format = .text

  @Flag(name: .customLong("how-many"), help: "Say how many more replicas fit beside.")
  var howMany = false

  @Option(
    name: .customLong("min-nodes"),
    help: ArgumentHelp(
      "Add as few nodes of this description as make it fit, such as 'rack=1,node=18,gpu=8,cpu=96,memory=1Ti', or like:NODE.",
      valueName: "description"))
  var shape: String?

  func validate() throws {
    if scheduling.input.files.isEmpty, scheduling.clusters.isEmpty, scheduling.pods.isEmpty {
      throw ValidationError(
        "Give a manifest with -f FILE, and a cluster with --cluster FILE or a description.")
    }
    if howMany, scheduling.input.files.isEmpty {
      throw ValidationError("--how-many counts replicas of PodCliqueSets: give one with -f FILE.")
    }
  }

  func run() throws {
    let console = Console()
    let like = shape.flatMap { $0.hasPrefix("like:") ? String($0.dropFirst("like:".count)) : nil }
    let kind = try like == nil ? shape.map { try ClusterInput.description($0, console) } : nil
    var input = try scheduling.load(shape: kind, console)
    var scheduler = Scheduler(policy: scheduling.schedulingPolicy)
    var added: (shape: String, count: Int)?
    if let shape {
      let count =
        if let kind { try addNodes(kind, to: &input, scheduler, console) } else {
          try addNodes(like: like ?? "", to: &input, scheduler, console)
        }
      added = (shape, count)
      scheduler.policy.allowsPreemption = false
    }
    var report = PlacementReport(input, scheduler: scheduler)
    report.addedNodes = added
    // Replicas that cannot be made have room nowhere, and everywhere.
    if howMany, input.problems.isEmpty {
      report.roomForReplicas = try ReplicaCount.rooms(input, scheduler, console)
    }
    switch output {
    case .text: try console.write(PlacementTable.text(report))
    case .wide: try console.write(PlacementTable.wide(report))
    case .json: try console.write(JSONWriter.string(report.value, options: .init(indent: 2)) + "\n")
    case .yaml: try console.write(YAMLWriter.string(report.value))
    case .svg: try console.write(report.diagram)
    }
    if !report.isFine { throw ExitCode(1) }
  }

  /// Adds as few nodes as make everything fit; none when no number does.
  private func addNodes(
    _ kind: ClusterDescription, to input: inout SchedulingInput, _ scheduler: Scheduler, _ console: Console
  ) throws -> Int {
    var kind = input.cluster.adapted(kind)
    if kind.prefix.isEmpty { kind.prefix = "new" }
    do throws(SnapshotError) {
      guard let count = try scheduler.fewestNodes(of: kind, for: input.snapshot, limit: Self.mostNodes) else {
        console.message("note: it does not fit with \(Self.mostNodes) more such nodes either")
        let lacking = input.cluster.topologies.flatMap(\.spec.levels).map(\.domain).filter { domain in
          domain != "host" && !kind.levels.contains { $0.domain == domain }
        }
        if !lacking.isEmpty {
          console.message(
            "  hint: such nodes are in no \(lacking[0]); describe it with \(lacking[0])=1,node=…")
        }
        tellWhy(kind.node(0), input, console)
        return 0
      }
      for place in 0..<count { try input.snapshot.set(kind.node(place)) }
      return count
    } catch {
      throw console.fail("--min-nodes: \(error)")
    }
  }

  /// Adds as few copies of a node of the cluster as make everything fit; none when no number does.
  private func addNodes(
    like name: String, to input: inout SchedulingInput, _ scheduler: Scheduler, _ console: Console
  ) throws -> Int {
    guard let model = input.cluster.nodes.first(where: { $0.metadata.name == name }) else {
      let names = input.cluster.nodes.map(\.metadata.name)
      let hint = NearestName.of(name, among: names).map { "\n  hint: did you mean \"\($0)\"?" } ?? ""
      throw console.fail("--min-nodes: there is no node \"\(name)\" in the cluster\(hint)")
    }
    do throws(SnapshotError) {
      guard let count = try scheduler.fewestNodes(like: model, for: input.snapshot, limit: Self.mostNodes)
      else {
        console.message("note: it does not fit with \(Self.mostNodes) more such nodes either")
        tellWhy(model.copy(0), input, console)
        return 0
      }
      for place in 0..<count { try input.snapshot.set(model.copy(place)) }
      return count
    } catch {
      throw console.fail("--min-nodes: \(error)")
    }
  }

  /// Says what keeps waiting pods off nodes of a kind, however many there are.
  private func tellWhy(_ node: Node, _ input: SchedulingInput, _ console: Console) {
    var told: Set<String> = []
    for pod in input.cluster.pods where pod.spec.nodeName.isEmpty && input.judges(ObjectName(pod.metadata)) {
      guard let alone = try? Snapshot(nodes: [node]), let verdict = try? alone.verdicts(on: pod).first,
        let causes = try? alone.causes(keepingOff: pod)
      else { continue }
      var texts = causes.map(\.text)
      if texts.isEmpty { texts = verdict.reasons.map { "it has \($0.text)" } }
      for text in texts where told.insert(text).inserted && told.count <= 3 {
        console.message("  hint: such a node cannot take pod \(ObjectName(pod.metadata)): \(text)")
      }
    }
    if !told.isEmpty, shape?.hasPrefix("like:") == false {
      console.message("  hint: descriptions take label:KEY=VALUE and taint:KEY=VALUE:EFFECT behind node=")
    }
  }

  /// How many nodes `--min-nodes` tries.
  static let mostNodes = 4096
}
