internal import ArgumentParser
internal import GroveAdmission
internal import GroveManifest
internal import GroveModel
internal import KubernetesModel

/// `grove-demo validate`.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what is wrong with manifests, as the API server and Grove's webhooks would.",
    discussion: """
      EXAMPLES
        grove-demo validate -f pipeline.yaml
        grove-demo validate -f manifests/ -R -o junit > report.xml
        grove-demo validate -f new.yaml --old old.yaml      # may the one become the other?
        helm template chart | grove-demo validate -f -

      The pods that would come of a PodCliqueSet are checked as the API server checks pods (rules K-…), because it
      refuses them only when the operator creates them. Pods, Services and autoscalers in the files are checked, too.

      It cannot know what exists in the cluster beyond the files it is given: PriorityClasses, queues, namespaces,
      DeviceClasses, ResourceClaimTemplates and images are not looked up.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case junit
    case sarif
    case github
  }

  enum Threshold: String, ExpressibleByArgument, CaseIterable {
    case error
    case warning
  }

  @OptionGroup var input: InputOptions
  @OptionGroup var cluster: ClusterOptions

  @Option(name: [.short, .long], help: "Output format.")
  var output: Format = .text

  @Option(
    help: ArgumentHelp("The manifest in the cluster: checks the change as an update.", valueName: "file"))
  var old: String?

  @Flag(help: "Treat warnings about what can never work as errors.")
  var strict = false

  @Option(name: .customLong("fail-on"), help: "The severity from which on the exit code is 1.")
  var failOn: Threshold = .error

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Leave out a rule. May be given several times.", valueName: "id"))
  var skip: [String] = []

  @Flag(name: .customLong("list-rules"), help: "List every rule and do nothing else.")
  var listRules = false

  @Flag(help: "Say on standard error how many documents and findings there were.")
  var summary = false

  @Option(help: "When to use colour.")
  var color: ColorChoice = .auto

  func validate() throws {
    if !listRules { try input.requireFiles() }
    if listRules, output != .text, output != .json {
      throw ValidationError("--list-rules prints text or JSON, not \(output.rawValue).")
    }
    let known = Set(RuleCatalog.all.map { $0.id.rawValue } + ManifestRule.allCases.map(\.rawValue))
    for rule in skip where !known.contains(rule) {
      throw ValidationError("There is no rule '\(rule)'; --list-rules lists them.")
    }
  }

  func run() throws {
    let console = Console(color: color)
    if listRules {
      try console.write(
        output == .json
          ? JSONWriter.string(RuleListing.value, options: .init(indent: 2)) + "\n" : RuleListing.text)
      return
    }
    let configuration = try cluster.configuration(console)
    let topologies = try cluster.topologies(console)
    var checker = ManifestChecker(
      admission: Admission(configuration: configuration, topologies: topologies, isStrict: strict),
      defaultNamespace: cluster.namespace, checksPods: true)
    checker.skippedRules = Set(skip.map { RuleID($0) })
    let files = try input.readOrFail(console)
    let result = checker.check(files, stored: try stored(checker, console))
    try write(result, console)
    if let old {
      for position in result.newDocuments {
        let document = result.documents[position]
        console.message(
          "note: \(document.title) of \(document.source) is not in \(old): it is checked as a new object")
      }
    }
    // kubectl: no objects passed to apply.
    if result.documents.isEmpty {
      throw console.fail("no objects in \(input.files.joined(separator: ", "))")
    }
    if summary { console.message(Self.summaryLine(CheckSummary(result.documents))) }
    let counts = CheckSummary(result.documents)
    if counts.errors > 0 || (failOn == .warning && counts.warnings > 0) { throw ExitCode(1) }
  }

  private func stored(_ checker: ManifestChecker, _ console: Console) throws -> [Resource] {
    guard let old else { return [] }
    let result = checker.check([(old, try InputOptions.bytes(old, console))])
    // What is stored was accepted once; only what cannot be read at all stands in the way.
    let unreadable = result.documents.filter { $0.kind.isEmpty && $0.verdict == .invalid }
    if !unreadable.isEmpty {
      console.report(unreadable.flatMap(\.diagnostics))
      throw ExitCode(2)
    }
    guard !result.objects.isEmpty else {
      console.report(result.documents.flatMap(\.diagnostics))
      throw console.fail("\(old): no valid object to compare with")
    }
    return result.objects
  }

  private func write(_ result: ManifestChecker.Result, _ console: Console) throws {
    switch output {
    case .text:
      var text = ""
      for document in result.documents {
        for diagnostic in document.diagnostics {
          let word =
            diagnostic.severity == .error
            ? console.dataPaint("error:", .red) : console.dataPaint("warning:", .yellow)
          text += "\(word) \(diagnostic.located) [\(diagnostic.rule)]\n"
          if let hint = diagnostic.hint { text += "  hint: \(hint)\n" }
        }
        if document.verdict == .valid {
          text += "\(document.source): \(document.title) \(console.dataPaint("is valid", .green))\n"
        }
      }
      try console.write(text)
      for (kind, count) in result.skippedKinds + result.uncheckedKinds {
        console.message("note: \(count) \(kind) not checked: only Grove's kinds are")
      }
      for (kind, count) in result.uncheckedKinds {
        console.message("note: \(count) \(kind) not checked beyond the types of its fields")
      }
    case .json:
      try console.write(
        JSONWriter.string(CheckReport.json(result.documents), options: .init(indent: 2)) + "\n")
    case .junit: try console.write(CheckReport.junit(result.documents))
    case .sarif:
      try console.write(
        JSONWriter.string(CheckReport.sarif(result.documents), options: .init(indent: 2)) + "\n")
    case .github: try console.write(CheckReport.github(result.documents))
    }
  }

  static func summaryLine(_ summary: CheckSummary) -> String {
    "\(summary.valid) valid, \(summary.invalid) invalid, \(summary.skipped) not checked; "
      + "\(counted(summary.errors, "error")), \(counted(summary.warnings, "warning"))"
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
