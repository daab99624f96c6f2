internal import GroveModel
internal import GroveSimulate
internal import KubernetesModel

extension ScenarioDecoder {
  mutating func assertion(_ value: Value) -> Assertion? {
    let subjects = ScenarioSchema.subjects.map(\.name).filter { $0 != "name" }
    let given = subjects.filter { value[$0].map { !$0.isNull } ?? false }
    guard value.kind == .object, given.count == 1 else {
      let words = given.isEmpty ? "none" : given.joined(separator: " and ")
      report(
        value, "an assertion is about one thing, this one has \(words)", rule: "SC-assertion",
        hint: "one of " + subjects.joined(separator: ", "))
      return nil
    }
    guard let fields = fields(value, Self.table(given[0])), let claim = claim(given[0], fields) else {
      return nil
    }
    return Assertion(
      claim, name: text(fields["name"]), location: value.tape.location(of: value.index, file: source))
  }

  /// What may stand beside a subject.
  private static func table(_ subject: String) -> ScenarioFieldTable {
    let own = ScenarioSchema.subjects.filter { $0.name == subject || $0.name == "name" }
    let checks =
      switch subject {
      case "pods":
        ScenarioSchema.objectChecks.fields.filter { $0.name != "exists" } + ScenarioSchema.podChecks.fields
      case "objects": ScenarioSchema.objectChecks.fields.filter { $0.name != "exists" }
      case "object": ScenarioSchema.objectChecks.fields.filter { $0.name != "count" && $0.name != "names" }
      case "events": ScenarioSchema.eventChecks.fields
      default: [ScenarioField]()
      }
    return ScenarioFieldTable("an assertion about \(subject)", own + checks)
  }

  private mutating func claim(_ subject: String, _ fields: ScenarioFields) -> Assertion.Claim? {
    guard let value = fields[subject] else { return nil }
    switch subject {
    case "pods": return pods(value).flatMap { pods in checks(fields).map { .pods(pods, $0) } }
    case "objects": return objects(value).flatMap { objects in checks(fields).map { .objects(objects, $0) } }
    case "object": return reference(value).flatMap { key in checks(fields).map { .object(key, $0) } }
    case "events": return events(value).flatMap { events in eventChecks(fields).map { .events(events, $0) } }
    case "podGroup": return podGroup(value)
    case "replacing": return replacing(value)
    case "order": return order(value)
    case "writes": return writes(value)
    default: return elapsed(value)
    }
  }

  // MARK: Checks of objects

  private mutating func checks(_ fields: ScenarioFields) -> [Check]? {
    var checks: [Check] = []
    let before = diagnostics.count
    if let count = count(fields["count"]) { checks.append(.count(count)) }
    if let exists = flag(fields["exists"]) { checks.append(.exists(exists)) }
    for state in PodState.allCases {
      if let count = count(fields[state.rawValue]) { checks.append(.state(state, count)) }
    }
    if fields["names"] != nil { checks.append(.names(list(fields["names"]).compactMap { scalar($0) })) }
    if presence(fields["distinctNodes"]) { checks.append(.distinctNodes) }
    if presence(fields["sameNode"]) { checks.append(.sameNode) }
    if let key = text(fields["sameDomain"]) { checks.append(.sameDomain(key)) }
    if let nodes = nodes(fields["onNodes"]) { checks.append(.onNodes(nodes)) }
    if let nodes = nodes(fields["notOnNodes"]) { checks.append(.notOnNodes(nodes)) }
    for member in fields["survivors"]?.members ?? [] {
      if member.value.stringValue == "all" {
        checks.append(.survivors(member.name, nil))
      } else if let count = count(member.value) {
        checks.append(.survivors(member.name, count))
      }
    }
    for member in fields["newcomers"]?.members ?? [] {
      if let count = count(member.value) { checks.append(.newcomers(member.name, count)) }
    }
    checks += fieldChecks(fields["fields"])
    for condition in oneOrMore(fields["condition"]) {
      if let check = self.condition(condition) { checks.append(.condition(check)) }
    }
    if fields["owners"] != nil { checks.append(.owners(list(fields["owners"]).compactMap { reference($0) })) }
    if checks.isEmpty, before == diagnostics.count {
      report(fields.value, "nothing is to be so: give a check", rule: "SC-assertion")
      return nil
    }
    return checks
  }

  private mutating func fieldChecks(_ value: Value?) -> [Check] {
    guard let value else { return [] }
    if value.kind != .object {
      report(value, "expected a mapping from paths to values, found \(Self.words(value))", rule: "SC-type")
    }
    var checks: [Check] = []
    for member in value.members {
      guard let path = path(member.name, at: member.value, key: member.value.index - 1) else { continue }
      for check in valueChecks(member.value) { checks.append(.field(path, check)) }
    }
    return checks
  }

  private mutating func valueChecks(_ value: Value) -> [ValueCheck] {
    if value.isNull { return [.exists(false)] }
    guard value.kind == .object else { return [.equal(value.detached())] }
    guard let fields = fields(value, ScenarioSchema.valueCheck) else { return [] }
    var checks: [ValueCheck] = []
    if let wanted = fields["is"] { checks.append(.equal(wanted.detached())) }
    if let wanted = fields["not"] { checks.append(.notEqual(wanted.detached())) }
    if let exists = flag(fields["exists"]) { checks.append(.exists(exists)) }
    if let bound = number(fields["atLeast"]) { checks.append(.atLeast(bound)) }
    if let bound = number(fields["atMost"]) { checks.append(.atMost(bound)) }
    if let part = fields["contains"] { checks.append(.contains(part.detached())) }
    if fields["oneOf"] != nil { checks.append(.oneOf(list(fields["oneOf"]).map { $0.detached() })) }
    if fields["set"] != nil { checks.append(.set(list(fields["set"]).map { $0.detached() })) }
    if let count = count(fields["count"]) { checks.append(.count(count)) }
    if let other = fields["sameAs"], let text = text(other), let path = path(text, at: other) {
      checks.append(.sameAs(path))
    }
    if let other = fields["notAbove"], let text = text(other), let path = path(text, at: other) {
      checks.append(.notAbove(path))
    }
    if value.count == 0 { report(value, "nothing is to be so: give a check, or is: {}") }
    return checks
  }

  private mutating func number(_ value: Value?) -> Double? {
    guard let value else { return nil }
    if let number = value.doubleValue { return number }
    report(value, "expected a number, found \(Self.words(value))", rule: "SC-type")
    return nil
  }

  private mutating func condition(_ value: Value) -> ConditionCheck? {
    guard let fields = fields(value, ScenarioSchema.condition), let type = text(fields["type"]) else {
      return nil
    }
    var check = ConditionCheck(type: type)
    if let status = fields["status"] {
      // An unquoted True is a boolean in YAML.
      check.status = status.booleanValue.map { $0 ? "True" : "False" } ?? text(status)
    }
    check.reason = text(fields["reason"])
    check.message = text(fields["message"])
    return check
  }

  private mutating func eventChecks(_ fields: ScenarioFields) -> [EventCheck]? {
    var checks: [EventCheck] = []
    let before = diagnostics.count
    if let count = count(fields["count"]) { checks.append(.count(count)) }
    if fields["reasons"] != nil { checks.append(.reasons(texts(fields["reasons"]))) }
    if fields["inOrder"] != nil { checks.append(.inOrder(texts(fields["inOrder"]))) }
    if checks.isEmpty, before == diagnostics.count {
      report(fields.value, "nothing is to be so: give count, reasons or inOrder", rule: "SC-assertion")
      return nil
    }
    return checks
  }

  // MARK: Other subjects

  private mutating func podGroup(_ value: Value) -> Assertion.Claim? {
    guard let fields = fields(value, ScenarioSchema.podGroup), let gang = text(fields["gang"]) else {
      return nil
    }
    let prefix = text(fields["prefix"]) ?? ""
    var check = PodGroupCheck()
    if let top = fields["top"], let levels = self.fields(top, ScenarioSchema.topologyLevel) {
      check.required = text(levels["required"])
      check.preferred = text(levels["preferred"])
    }
    if fields["subGroups"] != nil {
      check.subGroups = list(fields["subGroups"]).compactMap { subGroup($0, prefix: prefix) }
    }
    let name = ObjectName(namespace: text(fields["namespace"]) ?? namespace, name: gang)
    return .podGroup(name, check)
  }

  private mutating func subGroup(_ value: Value, prefix: String) -> PodGroupCheck.SubGroup? {
    guard let fields = fields(value, ScenarioSchema.subGroup), let name = text(fields["name"]),
      let minimum = integer(fields["min"])
    else { return nil }
    return PodGroupCheck.SubGroup(
      name: prefix + name, minMember: minimum, parent: text(fields["parent"]).map { prefix + $0 },
      required: text(fields["required"]), preferred: text(fields["preferred"]))
  }

  private mutating func replacing(_ value: Value) -> Assertion.Claim? {
    guard let fields = fields(value, ScenarioSchema.replacing), let set = pattern(fields["of"]),
      let unit: ReplacementCheck.Unit = choice(fields["unit"]), let count = count(fields["count"])
    else { return nil }
    return .replacing(
      ReplacementCheck(
        podCliqueSet: set, unit: unit, each: choice(fields["each"]), isGrouped: flag(fields["grouped"]),
        count: count))
  }

  private mutating func order(_ value: Value) -> Assertion.Claim? {
    guard let fields = fields(value, ScenarioSchema.order), let first = pods(fields["ready"]),
      let then = pods(fields["before"])
    else { return nil }
    return .order(OrderCheck(first: first, count: integer(fields["count"]), then: then))
  }

  private mutating func writes(_ value: Value) -> Assertion.Claim? {
    guard let fields = fields(value, ScenarioSchema.writes), let count = count(fields["count"]) else {
      return nil
    }
    var check = WriteCheck(since: text(fields["since"]), count: count)
    check.kinds = oneOrMore(fields["kinds"]).compactMap { kind($0) }
    for verb in oneOrMore(fields["verbs"]) {
      if let text = text(verb), AppliedWrite.Verb(rawValue: text) != nil {
        check.verbs.append(text)
      } else {
        report(verb, "expected create, update, updateStatus or delete, found \(Self.words(verb))")
      }
    }
    return .writes(check)
  }

  private mutating func elapsed(_ value: Value) -> Assertion.Claim? {
    guard let fields = fields(value, ScenarioSchema.elapsed), let limit = duration(fields["atMost"]) else {
      return nil
    }
    return .elapsed(since: text(fields["since"]), atMost: limit)
  }
}
