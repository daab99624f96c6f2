internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

extension ScenarioDecoder {
  mutating func step(_ value: Value) -> ScenarioStep? {
    guard let fields = fields(value, ScenarioSchema.step) else { return nil }
    let options = ["within", "for", "now"]
    let verbs = ScenarioSchema.verbs.map(\.name).filter { !options.contains($0) }
    let given = verbs.filter { fields[$0] != nil }
    guard given.count == 1 else {
      let words = given.isEmpty ? "none" : given.joined(separator: " and ")
      report(
        value, "a step does one thing, this one has \(words)", rule: "SC-step",
        hint: "one of " + verbs.joined(separator: ", "))
      return nil
    }
    for option in options where given[0] != "expect" {
      if let value = fields[option] { report(value, "\(option) goes with expect only") }
    }
    guard let content = fields[given[0]], let verb = verb(given[0], content, fields) else { return nil }
    var step = ScenarioStep(verb)
    step.name = text(fields["name"])
    if fields["rejected"] != nil {
      step.rejection = texts(fields["rejected"])
      if !verb.isRequest, let value = fields["rejected"] {
        report(value, "\(given[0]) is no request that the API server could refuse")
      }
    }
    if let after = fields["after"], fields["at"] != nil { report(after, "give either after or at") }
    if let length = duration(fields["after"]) { step.moment = .after(length) }
    if let time = duration(fields["at"]) { step.moment = .at(time) }
    step.location = value.tape.location(of: value.index, file: source)
    return step
  }

  private mutating func verb(_ name: String, _ value: Value, _ step: ScenarioFields) -> ScenarioStep.Verb? {
    switch name {
    case "apply": return .apply(oneOrMore(value).flatMap { manifest($0) })
    case "patch": return patch(value)
    case "scale": return scale(value)
    case "autoscale": return autoscale(value)
    case "delete": return delete(value)
    case "deletePod": return deletePod(value)
    case "cordon": return nodes(value).map { .cordon($0) }
    case "uncordon": return nodes(value).map { .uncordon($0) }
    case "label": return label(value)
    case "failNode": return nodes(value).map { .failNode($0) }
    case "recoverNode": return nodes(value).map { .recoverNode($0) }
    case "killPod": return pods(value).map { .killPod($0) }
    case "crashContainer": return crash(value)
    case "setReady": return setReady(value)
    case "restartOperator": return presence(value) ? .restartOperator : nil
    case "resync": return presence(value) ? .resync : nil
    case "wait": return duration(value).map { .wait($0) }
    case "settle": return presence(value) ? .settle : nil
    case "save": return save(value)
    case "expect": return expect(value, step)
    case "watch": return watch(value)
    default: return unwatch(value)
    }
  }

  // MARK: Requests

  private mutating func patch(_ value: Value) -> ScenarioStep.Verb? {
    guard let fields = fields(value, ScenarioSchema.patch), let key = reference(fields["object"]) else {
      return nil
    }
    var edits = edits(fields["set"])
    if let merge = fields["merge"] { edits.append(.merge(merge.detached())) }
    if edits.isEmpty { report(value, "a patch changes something: give set or merge") }
    return .patch(key, edits)
  }

  private mutating func scale(_ value: Value) -> ScenarioStep.Verb? {
    guard let fields = fields(value, ScenarioSchema.scale) else { return nil }
    var keys: [ObjectKey] = []
    for entry in oneOrMore(fields["object"]) {
      guard let key = reference(entry) else { continue }
      if ![.podCliqueSet, .podClique, .podCliqueScalingGroup].contains(key.kind) {
        report(entry, "\(key.kind.rawValue) has no scale subresource")
      }
      keys.append(key)
    }
    guard let replicas = integer(fields["replicas"]) else { return nil }
    return .scale(keys, replicas: Int32(replicas))
  }

  private mutating func autoscale(_ value: Value) -> ScenarioStep.Verb? {
    guard let fields = fields(value, ScenarioSchema.autoscale), let name = text(fields["name"]),
      let replicas = integer(fields["replicas"])
    else { return nil }
    return .autoscale(ObjectName(namespace: namespace, name: name), replicas: Int32(replicas))
  }

  private mutating func delete(_ value: Value) -> ScenarioStep.Verb? {
    guard let selector = objects(value, ScenarioSchema.delete) else { return nil }
    if value.kind == .string, selector.names.isEmpty {
      report(value, "\(selector.kind.rawValue) without a name would delete all of them", hint: "write kind/*")
      return nil
    }
    return .delete(selector, deletion(value))
  }

  private mutating func deletePod(_ value: Value) -> ScenarioStep.Verb? {
    pods(value, ScenarioSchema.deletePod).map { .deletePod($0, deletion(value)) }
  }

  private mutating func deletion(_ value: Value) -> Deletion {
    var deletion = Deletion()
    guard value.kind == .object else { return deletion }
    let fields = ScenarioFields(value: value)
    deletion.dependents = choice(fields["propagation"]) ?? .background
    deletion.gracePeriod = duration(fields["gracePeriod"])
    return deletion
  }

  // MARK: Misfortune

  private mutating func crash(_ value: Value) -> ScenarioStep.Verb? {
    guard let fields = fields(value, ScenarioSchema.crashContainer), let pods = pods(fields["pods"]) else {
      return nil
    }
    let code = integer(fields["exitCode"], 0...255) ?? 1
    return .crashContainer(pods, container: text(fields["container"]), exitCode: Int32(code))
  }

  private mutating func setReady(_ value: Value) -> ScenarioStep.Verb? {
    guard let fields = fields(value, ScenarioSchema.setReady), let pods = pods(fields["pods"]),
      let ready = flag(fields["ready"])
    else { return nil }
    return .setReady(pods, ready)
  }

  // MARK: Looking

  private mutating func save(_ value: Value) -> ScenarioStep.Verb? {
    guard let fields = fields(value, ScenarioSchema.save), let name = text(fields["as"]) else { return nil }
    var subjects: [SavedSubject] = []
    if let pods = pods(fields["pods"]) { subjects.append(.pods(pods)) }
    if let objects = objects(fields["objects"]) { subjects.append(.objects(objects)) }
    if let nodes = nodes(fields["nodes"]) { subjects.append(.nodes(nodes)) }
    if subjects.count > 1 { report(value, "save one of pods, objects and nodes at a time") }
    return .save(name, subjects.first)
  }

  private mutating func expect(_ value: Value, _ step: ScenarioFields) -> ScenarioStep.Verb? {
    let assertions = list(value).compactMap { assertion($0) }
    if value.kind == .array, value.count == 0 { report(value, "nothing is expected") }
    var patience = Patience.settled
    let given = ["within", "for", "now"].filter { step[$0] != nil }
    if given.count > 1 { report(value, "give only one of \(given.joined(separator: ", "))") }
    if let length = duration(step["within"]) { patience = .within(length) }
    if let length = duration(step["for"]) { patience = .throughout(length) }
    if presence(step["now"]) { patience = .now }
    return .expect(assertions, patience)
  }

  private mutating func watch(_ value: Value) -> ScenarioStep.Verb? {
    guard let fields = fields(value, ScenarioSchema.watch) else { return nil }
    var invariants: [Invariant] = []
    for item in list(fields["always"]) {
      if let assertion = assertion(item) { invariants.append(Invariant(assertion, isForbidden: false)) }
    }
    for item in list(fields["never"]) {
      if let assertion = assertion(item) { invariants.append(Invariant(assertion, isForbidden: true)) }
    }
    if fields["always"] == nil, fields["never"] == nil {
      report(value, "nothing is watched: give always or never")
    }
    return .watch(invariants)
  }

  private mutating func unwatch(_ value: Value) -> ScenarioStep.Verb? {
    if value.booleanValue == true { return .unwatch([]) }
    let names = texts(value)
    return names.isEmpty ? nil : .unwatch(names)
  }
}

extension ScenarioStep.Verb {
  /// Whether the step asks the API server for something.
  var isRequest: Bool {
    switch self {
    case .apply, .patch, .scale, .autoscale, .delete, .deletePod, .cordon, .uncordon, .label: true
    default: false
    }
  }
}
