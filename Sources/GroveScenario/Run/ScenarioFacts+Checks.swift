internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

extension ScenarioFacts {
  /// Everything that is not as an assertion says; empty when it holds.
  func objections(to assertion: Assertion) -> [Objection] {
    switch assertion.claim {
    case .pods(let selector, let checks):
      let pods = pods(selector)
      return checks.flatMap { objections(to: $0, of: pods.map { .pod($0) }, pods: pods, noun: "pods") }
    case .objects(let selector, let checks):
      let found = objects(selector)
      let noun = "\(selector.kind.rawValue) objects"
      return checks.flatMap { objections(to: $0, of: found, pods: [], noun: noun) }
    case .object(let key, let checks): return objections(to: key, checks)
    case .events(let selector, let checks): return objections(to: selector, checks)
    case .podGroup(let gang, let check): return objections(to: gang, check)
    case .replacing(let check): return objections(to: check)
    case .order(let check): return objections(to: check)
    case .writes(let check): return objections(to: check)
    case .elapsed(let since, let limit):
      let begin = since.flatMap { saved[$0]?.time } ?? start
      let passed = now - begin
      return passed <= limit
        ? [] : [Objection(expected: "at most \(limit)", observed: "\(passed) have passed")]
    }
  }

  private func objections(to key: ObjectKey, _ checks: [Check]) -> [Objection] {
    let object = objects[key]
    if checks == [.exists(false)] {
      return object == nil ? [] : [Objection(expected: "it not to be there", observed: "it is")]
    }
    guard let object else { return [Objection(expected: "it to be there", observed: "it is not")] }
    return checks.flatMap { objections(to: $0, of: [object], pods: [], noun: "objects") }
  }

  // MARK: Objects

  private func objections(to check: Check, of found: [Resource], pods: [Pod], noun: String) -> [Objection] {
    switch check {
    case .count(let count):
      return count.holds(for: found.count)
        ? [] : [Objection(expected: "\(count) \(noun)", observed: "there are \(found.count)\(listed(found))")]
    case .exists(let wanted):
      return wanted ? [] : [Objection(expected: "it not to be there", observed: "it is")]
    case .names(let names):
      let sorted = found.map(\.metadata.name).sorted(by: utf8Precedes)
      let wanted = names.sorted(by: utf8Precedes)
      if sorted == wanted { return [] }
      return [Objection(expected: "exactly \(list(wanted))", observed: "there are \(list(sorted))")]
    case .survivors(let name, let count): return survivors(of: name, count, among: found)
    case .newcomers(let name, let count):
      let new = found.filter { saved[name]?.uids.contains($0.metadata.uid) != true }
      if count.holds(for: new.count) { return [] }
      return [
        Objection(
          expected: "\(count) that were not among \(name)", observed: "there are \(new.count)\(listed(new))")
      ]
    case .field(let path, let check): return each(found) { check.objection(to: path, in: $0.value) }
    case .condition(let check): return each(found) { objection(to: check, of: $0) }
    case .owners(let owners): return each(found) { objection(to: owners, of: $0) }
    case .state, .distinctNodes, .sameNode, .sameDomain, .onNodes, .notOnNodes:
      return objections(to: check, of: pods)
    }
  }

  /// The first objections to single objects, and how many there are in all. Nothing can be said of no objects.
  private func each(_ found: [Resource], _ body: (Resource) -> Objection?) -> [Objection] {
    if found.isEmpty { return [Objection(expected: "something to look at", observed: "there is nothing")] }
    var objections: [Objection] = []
    var count = 0
    for resource in found {
      guard let objection = body(resource) else { continue }
      count += 1
      if objections.count < 3 {
        let name = found.count > 1 ? "\(resource.metadata.name): " : ""
        objections.append(
          Objection(expected: name + objection.expected, observed: objection.observed))
      }
    }
    if count > 3 {
      objections.append(Objection(expected: "the same of \(count - 3) more", observed: "they differ, too"))
    }
    return objections
  }

  private func survivors(of name: String, _ count: CountCheck?, among found: [Resource]) -> [Objection] {
    let members = saved[name]?.members ?? []
    let there = Set(found.map(\.metadata.uid))
    let surviving = members.filter { there.contains($0.uid) }
    let wanted = count ?? CountCheck(members.count)
    if wanted.holds(for: surviving.count) { return [] }
    let gone = members.filter { !there.contains($0.uid) }.map(\.name)
    let words = count.map { "\($0) of the \(members.count)" } ?? "all \(members.count)"
    return [
      Objection(
        expected: "\(words) saved as \(name) to be there",
        observed: "\(surviving.count) are: \(list(surviving.map(\.name))); gone are \(list(gone))")
    ]
  }

  private func objection(to check: ConditionCheck, of resource: Resource) -> Objection? {
    let conditions = ValuePath([.member("status"), .member("conditions")]).value(in: resource.value)
    let found = conditions?.elements.first { $0["type"]?.stringValue == check.type }
    let (status, reason) = (found?["status"]?.stringValue, found?["reason"]?.stringValue)
    let message = found?["message"]?.stringValue
    if found != nil, check.status.map({ $0 == status }) ?? true, check.reason.map({ $0 == reason }) ?? true,
      check.message.map({ message?.contains($0) ?? false }) ?? true
    {
      return nil
    }
    let parts = [check.status, check.reason, check.message].compactMap(\.self)
    let observed = found.map { _ in
      "it is \([status, reason, message].compactMap(\.self).joined(separator: "/"))"
    }
    return Objection(
      expected: "condition \(check.type) to be \(parts.isEmpty ? "there" : parts.joined(separator: "/"))",
      observed: observed ?? "there is none")
  }

  private func objection(to owners: [ObjectKey], of resource: Resource) -> Objection? {
    let references = resource.metadata.ownerReferences
    let found = references.map { "\($0.kind)/\($0.name)" }.sorted(by: utf8Precedes)
    let wanted = owners.map { "\($0.kind.kind)/\($0.name)" }.sorted(by: utf8Precedes)
    if found != wanted {
      return Objection(expected: "owners \(list(wanted))", observed: "they are \(list(found))")
    }
    for owner in owners {
      let uid = references.first { $0.kind == owner.kind.kind && $0.name == owner.name }?.uid
      guard let live = objects[owner] else {
        return Objection(expected: "owner \(owner) to exist", observed: "it does not")
      }
      if live.metadata.uid != uid {
        return Objection(
          expected: "the owner to be \(owner) with uid \(live.metadata.uid)",
          observed: "uid \(uid ?? "") is named")
      }
    }
    return nil
  }

  // MARK: Pods

  private func objections(to check: Check, of pods: [Pod]) -> [Objection] {
    switch check {
    case .state(let state, let count):
      let inState = pods.filter { pod in
        let key = ObjectKey(.pod, namespace: pod.metadata.namespace, name: pod.metadata.name)
        return pod.isIn(state, lastEventReason: tracker.lastEvent[key])
      }
      if count.holds(for: inState.count) { return [] }
      return [
        Objection(
          expected: "\(count) \(state.rawValue)",
          observed: "\(inState.count) of \(pods.count) are\(listed(inState.map { .pod($0) }))")
      ]
    case .distinctNodes:
      if let objection = unbound(pods) { return [objection] }
      var byNode: [String: String] = [:]
      for pod in pods {
        if let other = byNode.updateValue(pod.metadata.name, forKey: pod.spec.nodeName) {
          return [
            Objection(
              expected: "every pod on a node of its own",
              observed: "\(other) and \(pod.metadata.name) are on \(pod.spec.nodeName)")
          ]
        }
      }
      return []
    case .sameNode:
      if let objection = unbound(pods) { return [objection] }
      let nodes = Set(pods.map(\.spec.nodeName)).sorted(by: utf8Precedes)
      return nodes.count == 1
        ? [] : [Objection(expected: "all on one node", observed: "they are on \(list(nodes))")]
    case .sameDomain(let key): return sameDomain(key, pods)
    case .onNodes(let selector):
      if let objection = unbound(pods) { return [objection] }
      let allowed = nodes(selector)
      let astray = pods.filter { !allowed.contains($0.spec.nodeName) }
      return astray.isEmpty
        ? [] : [Objection(expected: "all on \(list(allowed))", observed: placed(astray))]
    case .notOnNodes(let selector):
      if let objection = unbound(pods) { return [objection] }
      let forbidden = nodes(selector)
      let astray = pods.filter { forbidden.contains($0.spec.nodeName) }
      return astray.isEmpty
        ? [] : [Objection(expected: "none on \(list(forbidden))", observed: placed(astray))]
    default: return []
    }
  }

  private func sameDomain(_ key: String, _ pods: [Pod]) -> [Objection] {
    if let objection = unbound(pods) { return [objection] }
    var domains: Set<String> = []
    for pod in pods {
      guard let domain = node(pod.spec.nodeName)?.metadata.labels[key] else {
        return [
          Objection(
            expected: "all on nodes with label \(key)",
            observed: "node \(pod.spec.nodeName) of \(pod.metadata.name) has none")
        ]
      }
      domains.insert(domain)
    }
    if domains.count == 1 { return [] }
    let found = domains.sorted(by: utf8Precedes)
    return [Objection(expected: "all in one domain of \(key)", observed: "they are in \(list(found))")]
  }

  /// Placement means nothing without pods, or for pods without nodes.
  private func unbound(_ pods: [Pod]) -> Objection? {
    if pods.isEmpty { return Objection(expected: "bound pods", observed: "there are no pods") }
    let free = pods.filter(\.spec.nodeName.isEmpty)
    if free.isEmpty { return nil }
    return Objection(
      expected: "all pods to be bound", observed: "\(free.count) are not\(listed(free.map { .pod($0) }))")
  }

  private func placed(_ pods: [Pod]) -> String {
    list(pods.map { "\($0.metadata.name) on \($0.spec.nodeName.isEmpty ? "no node" : $0.spec.nodeName)" })
  }

  // MARK: Words

  /// A few names behind a number of objects.
  private func listed(_ found: [Resource]) -> String {
    found.isEmpty ? "" : ": " + list(found.map(\.metadata.name))
  }

  func list(_ texts: [String]) -> String {
    if texts.isEmpty { return "none" }
    let shown = texts.prefix(12).joined(separator: ", ")
    return texts.count > 12 ? "\(shown) and \(texts.count - 12) more" : shown
  }
}
