internal import GroveManifest
internal import GroveModel
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

extension ScenarioDecoder {
  // MARK: Nodes

  mutating func cluster(_ value: Value) -> ScenarioCluster {
    var cluster = ScenarioCluster()
    if value.stringValue != nil {
      describe(value, &cluster)
    } else {
      read(value, ScenarioSchema.cluster, into: &cluster)
    }
    checkNames(cluster, value)
    return cluster
  }

  private mutating func read(
    _ value: Value, _ table: ScenarioFieldTable, into cluster: inout ScenarioCluster
  ) {
    guard let fields = fields(value, table) else { return }
    if let file = fields["file"] {
      for document in documents(file) {
        reading(document) { $0.readClusterDocument(document.root, into: &cluster) }
      }
    }
    if let description = fields["description"] { describe(description, &cluster) }
    for entry in list(fields["nodes"]) {
      if entry["kind"] != nil {
        if case .node(let node)? = resource(entry) { cluster.nodes.append(node) }
      } else if let template = nodeTemplate(entry) {
        cluster.nodes += template.nodes
      }
    }
    if let schedulable = integer(fields["schedulable"]) { cluster.schedulable = schedulable }
    if let cordoned = integer(fields["cordoned"]) { cluster.cordoned = cordoned }
    for (name, count) in [("schedulable", cluster.schedulable ?? 0), ("cordoned", cluster.cordoned)]
    where count > cluster.nodes.count {
      if let value = fields[name] { report(value, "there are only \(cluster.nodes.count) nodes") }
    }
  }

  /// A document of a cluster file: a Node, or the fields of a cluster.
  private mutating func readClusterDocument(_ value: Value, into cluster: inout ScenarioCluster) {
    if value["kind"]?.stringValue == "Cluster", value["apiVersion"]?.stringValue == ScenarioSchema.apiVersion
    {
      let types = ScenarioSchema.scenario.fields.prefix(2)
      read(value, ScenarioSchema.cluster.adding(Array(types)), into: &cluster)
    } else if let resource = resource(value) {
      if case .node(let node) = resource {
        cluster.nodes.append(node)
      } else {
        report(value, "a cluster file holds Nodes or one Cluster, not \(resource.kind.rawValue)")
      }
    }
  }

  private mutating func describe(_ value: Value, _ cluster: inout ScenarioCluster) {
    guard let text = text(value) else { return }
    do throws(SnapshotError) {
      let description = try ClusterDescription(parsing: text)
      if description.nodeCount > ScenarioCluster.largestNodeCount {
        report(value, "more than \(ScenarioCluster.largestNodeCount) nodes")
        return
      }
      cluster.nodes += description.nodes
      if !description.levels.isEmpty { cluster.topology = description.topology }
    } catch {
      report(value, "\(error)")
    }
  }

  private mutating func nodeTemplate(_ value: Value) -> NodeTemplate? {
    guard let fields = fields(value, ScenarioSchema.nodeTemplate) else { return nil }
    let count = integer(fields["count"], 1...ScenarioCluster.largestNodeCount)
    let name = nodeText(fields["name"])
    var labels: [(key: String, value: NodeText)] = []
    for member in mapping(fields["labels"]) {
      if let text = nodeText(member.value) { labels.append((member.name, text)) }
    }
    var allocatable: StringMap<Quantity> = ["pods": Quantity(110)]
    for member in mapping(fields["allocatable"]) {
      guard let text = scalar(member.value) else { continue }
      if let quantity = try? Quantity(parsing: text) {
        allocatable[member.name] = quantity
      } else {
        report(member.value, "\(text) is not a quantity")
      }
    }
    var taints: [Taint] = []
    for element in list(fields["taints"]) {
      var decoder = TapeDecoder(element.tape)
      taints.append(decoder.decode(at: element.index))
      if !decoder.issues.isEmpty { report(element, "a taint has key, value and effect") }
    }
    guard let count, let name else { return nil }
    if count > 1, !name.isVariable, let value = fields["name"] {
      report(value, "\(count) nodes would have the same name", hint: "put {n} into it")
    }
    return NodeTemplate(count: count, name: name, labels: labels, allocatable: allocatable, taints: taints)
  }

  mutating func nodeText(_ value: Value?) -> NodeText? {
    guard let value, let text = scalar(value) else { return nil }
    if let result = NodeText(text) { return result }
    report(value, "\"\(text)\" has braces that are not {n}, {name}, {n/7} or {n%7}")
    return nil
  }

  mutating func mapping(_ value: Value?) -> [(name: String, value: Value)] {
    guard let value else { return [] }
    if value.kind != .object {
      report(value, "expected a mapping, found \(Self.words(value))", rule: "SC-type")
    }
    return value.members
  }

  private mutating func checkNames(_ cluster: ScenarioCluster, _ value: Value) {
    var seen: Set<String> = []
    for node in cluster.nodes where !seen.insert(node.metadata.name).inserted {
      report(value, "two nodes are called \(node.metadata.name)")
      return
    }
  }

  // MARK: The operator

  mutating func configuration(_ value: Value) -> OperatorConfiguration {
    if value.stringValue != nil { return preset(value) }
    guard let fields = fields(value, ScenarioSchema.configuration) else { return .kaiWithTopology }
    var configuration = OperatorConfiguration.kaiWithTopology
    if let file = fields["file"] {
      if let other = fields["preset"] { report(other, "give either preset or file") }
      configuration = configurationFile(file) ?? configuration
    } else if let name = fields["preset"] {
      configuration = preset(name)
    }
    if let flag = flag(fields["topologyAwareScheduling"]) {
      configuration.topologyAwareSchedulingEnabled = flag
    }
    if let flag = flag(fields["autoMNNVL"]) { configuration.autoMNNVLEnabled = flag }
    if fields["schedulers"] != nil {
      configuration.schedulerProfiles = oneOrMore(fields["schedulers"]).compactMap { choice($0) }
    }
    if let scheduler: SchedulerBackend = choice(fields["defaultScheduler"]) {
      configuration.defaultScheduler = scheduler
    }
    if !configuration.schedulerProfiles.contains(.defaultScheduler) {
      configuration.schedulerProfiles.insert(.defaultScheduler, at: 0)
    }
    if !configuration.schedulerProfiles.contains(configuration.defaultScheduler) {
      report(value, "the default scheduler \(configuration.defaultScheduler.rawValue) is not enabled")
    }
    return configuration
  }

  private mutating func preset(_ value: Value) -> OperatorConfiguration {
    switch value.stringValue {
    case "kai": return .kaiWithTopology
    case "default": return .defaultSchedulerOnly
    case "mnnvl": return .autoMNNVL
    default:
      report(value, "expected kai, default or mnnvl, found \(Self.words(value))")
      return .kaiWithTopology
    }
  }

  private mutating func configurationFile(_ value: Value) -> OperatorConfiguration? {
    let documents = documents(value)
    guard let document = documents.first, documents.count == 1 else {
      if !documents.isEmpty {
        report(value, "expected one OperatorConfiguration, found \(documents.count) documents")
      }
      return nil
    }
    let (file, problems) = OperatorConfigurationFile.load(document.root)
    diagnostics += problems.map { problem in
      var located = problem
      if located.location == nil { located.location = document.location(ofPath: problem.path) }
      return located
    }
    return file.operatorConfiguration()
  }
}
