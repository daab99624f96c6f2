internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

extension ScenarioDecoder {
  // MARK: Pods

  /// Pods: a mapping, or a pattern for their names.
  mutating func pods(
    _ value: Value?, _ table: ScenarioFieldTable = ScenarioSchema.podSelector
  ) -> PodSelector? {
    guard let value else { return nil }
    var selector = PodSelector()
    if value.kind == .string || value.kind == .array {
      selector.names = patterns(value)
      return selector
    }
    guard let fields = fields(value, table) else { return nil }
    selector.names = patterns(fields["name"])
    selector.namespace = text(fields["namespace"])
    selector.podCliqueSet = pattern(fields["of"])
    selector.replica = integer(fields["replica"])
    selector.podClique = pattern(fields["clique"])
    selector.scalingGroup = pattern(fields["group"])
    selector.groupReplica = integer(fields["groupReplica"])
    selector.isGrouped = flag(fields["grouped"])
    selector.index = integer(fields["index"])
    selector.podGang = pattern(fields["gang"])
    selector.isScaled = flag(fields["scaled"])
    selector.labels = labelSelector(fields["labels"])
    selector.phase = text(fields["phase"])
    selector.isReady = flag(fields["ready"])
    selector.isGated = flag(fields["gated"])
    selector.isBound = flag(fields["bound"])
    selector.isTerminating = flag(fields["terminating"])
    selector.nodes = nodes(fields["nodes"])
    selector.saved = text(fields["in"])
    selector.notSaved = text(fields["notIn"])
    selector.first = integer(fields["first"])
    return selector
  }

  // MARK: Nodes

  /// Nodes: a pattern for their names, several, or a mapping with one field.
  mutating func nodes(_ value: Value?) -> NodeSelector? {
    guard let value else { return nil }
    if value.kind == .string || value.kind == .array { return .names(patterns(value)) }
    guard let fields = fields(value, ScenarioSchema.nodeSelector) else { return nil }
    let given = value.members.filter { !$0.value.isNull }
    guard given.count == 1 else {
      report(value, "give one of " + ScenarioSchema.nodeSelector.fields.map(\.name).joined(separator: ", "))
      return nil
    }
    if fields["name"] != nil { return .names(patterns(fields["name"])) }
    if let range = fields["range"] { return nodeRange(range) }
    if fields["all"] != nil { return presence(fields["all"]) ? .all : nil }
    if fields["labels"] != nil { return labelSelector(fields["labels"]).map { .labels($0) } }
    if fields["of"] != nil { return pods(fields["of"]).map { .of($0) } }
    return text(fields["saved"]).map { .saved($0) }
  }

  private mutating func nodeRange(_ value: Value) -> NodeSelector? {
    guard let text = text(value) else { return nil }
    if let dots = text.firstRange(of: ".."), let from = Int(text[..<dots.lowerBound]),
      let to = Int(text[dots.upperBound...]), from >= 0, from < to
    {
      return .range(from: from, to: to)
    }
    report(value, "\"\(text)\" is not a range of places", hint: "0..2 is the first two nodes")
    return nil
  }

  // MARK: Objects

  /// Objects: a mapping, a kind, or `kind/pattern`.
  mutating func objects(
    _ value: Value?, _ table: ScenarioFieldTable = ScenarioSchema.objectSelector
  ) -> ObjectSelector? {
    guard let value else { return nil }
    if value.kind == .string, let text = text(value) {
      let slash = text.firstIndex(of: "/")
      guard let kind = kind(slash.map { String(text[..<$0]) } ?? text, at: value) else { return nil }
      var selector = ObjectSelector(kind: kind)
      if let slash { selector.names = [NamePattern(String(text[text.index(after: slash)...]))] }
      return selector
    }
    guard let fields = fields(value, table), let kind = kind(fields["kind"]) else { return nil }
    var selector = ObjectSelector(kind: kind)
    selector.names = patterns(fields["name"])
    selector.namespace = text(fields["namespace"])
    selector.podCliqueSet = pattern(fields["of"])
    selector.replica = integer(fields["replica"])
    selector.labels = labelSelector(fields["labels"])
    selector.isTerminating = flag(fields["terminating"])
    selector.saved = text(fields["in"])
    selector.notSaved = text(fields["notIn"])
    selector.first = integer(fields["first"])
    return selector
  }

  // MARK: Events

  mutating func events(_ value: Value?) -> EventSelector? {
    guard let value, let fields = fields(value, ScenarioSchema.eventSelector) else { return nil }
    var selector = EventSelector()
    if let about = fields["about"], let text = text(about) {
      let slash = text.firstIndex(of: "/")
      selector.kind = kind(slash.map { String(text[..<$0]) } ?? text, at: about)
      if let slash { selector.name = NamePattern(String(text[text.index(after: slash)...])) }
    }
    selector.reason = text(fields["reason"])
    selector.severity = text(fields["type"])
    selector.message = text(fields["message"])
    selector.component = text(fields["component"])
    return selector
  }
}
