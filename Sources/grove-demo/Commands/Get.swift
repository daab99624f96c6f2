internal import ArgumentParser
internal import GroveManifest
internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// `grove-demo get`.
struct Get: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run PodCliqueSets in a simulated cluster, and show objects as kubectl get does.",
    discussion: """
      EXAMPLES
        grove-demo get pods -f pipeline.yaml -o wide
        grove-demo get pcs,pclq,pcsg,pg,pod -f pipeline.yaml
        grove-demo get pclq pipeline-0-frontend -f pipeline.yaml -o yaml
        grove-demo get pcsg -f pipeline.yaml --do 'scale pcsg web-0-prefill --replicas=3'
        grove-demo get events -f pipeline.yaml --field-selector reason=Scheduled
        grove-demo get all -f pipeline.yaml

      Kinds go by name, plural or short name: pcs, pclq, pcsg, pg, ct, po, svc, hpa, no, …, or all.
      """)

  @Argument(
    help: ArgumentHelp(
      "What to show: kinds with commas between them, KIND/NAME, all or events.", valueName: "kind"))
  var kinds: String

  @Argument(help: ArgumentHelp("The names of the objects; all unless given.", valueName: "name"))
  var names: [String] = []

  @OptionGroup var options: SimulationOptions

  @Option(
    name: [.customShort("l"), .long], help: "Only objects with these labels: a=b,c!=d,e in (f,g),h,!i.")
  var selector: SelectorOption?

  @Option(
    name: .customLong("field-selector"),
    help: ArgumentHelp(
      "Only events about these: involvedObject.kind=…, involvedObject.name=…, type=…, reason=…",
      valueName: "field=value,…"))
  var fieldSelector: EventFields?

  @Flag(
    name: [.customShort("A"), .customLong("all-namespaces")], help: "Show the namespace of every object.")
  var allNamespaces = false

  @Option(name: [.short, .long], help: "Output format; a table unless given.")
  var output: ListingFormat?

  @Option(help: "When to use colour.")
  var color: ColorChoice = .auto

  private var isEvents: Bool { ["events", "event", "ev"].contains(kinds.lowercased()) }

  /// The kinds and names that are asked for, or wrong usage.
  private func wanted() throws -> (kinds: [ResourceKind], names: [String]) {
    if kinds == "all" {
      let kinds: [ResourceKind] = [
        .podCliqueSet, .podCliqueScalingGroup, .podClique, .podGang, .pod, .service, .horizontalPodAutoscaler,
      ]
      return (kinds, names)
    }
    if kinds.contains("/") {
      let parts = kinds.split(separator: "/", maxSplits: 1).map { String($0) }
      guard parts.count == 2 else { throw ValidationError("'\(kinds)' is not of the form KIND/NAME.") }
      return (try Self.kinds(parts[0]), [parts[1]] + names)
    }
    return (try Self.kinds(kinds), names)
  }

  private static func kinds(_ text: String) throws -> [ResourceKind] {
    var kinds: [ResourceKind] = []
    for name in text.split(separator: ",") {
      if ["events", "event", "ev", "all"].contains(name.lowercased()) {
        throw ValidationError("'\(name)' stands alone: it cannot be mixed with other kinds here.")
      }
      let found = ResourceKind.named(String(name))
      if found.isEmpty {
        throw ValidationError(
          "There is no kind '\(name)' here. Known are \(ResourceFilter.kindNames); and, alone, events and all."
        )
      }
      kinds += found.filter { !kinds.contains($0) }
    }
    return kinds
  }

  func validate() throws {
    try options.input.requireFiles()
    if !isEvents {
      _ = try wanted()
      if fieldSelector != nil { throw ValidationError("--field-selector is for events.") }
    }
  }

  func run() throws {
    let console = Console(color: color)
    var simulation = try Simulation(try options.load(console), console)
    try simulation.run()
    let world = simulation.world
    if isEvents {
      try printEvents(world, console)
      try ProblemNotes.tell(simulation, console)
      return
    }
    let (kinds, names) = try wanted()
    var listing = ObjectListing(kinds, names: names, selector: selector?.selector, in: world.server.objects)
    listing.showsNamespaces = allNamespaces
    let text = listing.text(output, now: world.now, isSingle: names.count == 1)
    if !listing.objects.isEmpty || output != nil && output != .wide { try console.write(text) }
    let found = Set(listing.objects.map(\.metadata.name))
    var isMissing = false
    for name in names where !found.contains(name) {
      isMissing = true
      let known = kinds.flatMap { world.server.objects.resources(of: $0) }.map(\.metadata.name)
      let hint = NearestName.of(name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
      _ = console.fail("\(kinds.map(\.outputName).joined(separator: ",")) \"\(name)\" not found\(hint)")
    }
    if listing.objects.isEmpty, !isMissing { console.message("No resources found") }
    try ProblemNotes.tell(simulation, console)
    if isMissing { throw ExitCode(1) }
  }

  private func printEvents(_ world: World, _ console: Console) throws {
    let records = world.server.events.records.filter { fieldSelector?.matches($0.event) ?? true }
    switch output {
    case nil, .wide:
      if records.isEmpty {
        console.message("No resources found")
      } else {
        try console.write(EventListing.table(records, now: world.now))
      }
    case .name: throw console.fail("events have no names here")
    case .json, .yaml, .jsonl:
      let values = records.map { EventListing.value($0) }
      var text: [UInt8] = []
      switch output {
      case .json: ObjectOutput.writeJSONList(values, to: &text)
      case .yaml: ObjectOutput.writeYAML(values, to: &text)
      default: ObjectOutput.writeJSONLines(values, to: &text)
      }
      try console.write(text)
    }
  }
}
