internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

extension ScenarioFacts {
  // MARK: Events

  func objections(to selector: EventSelector, _ checks: [EventCheck]) -> [Objection] {
    let found = events.records.map(\.event).filter { event in
      (selector.kind.map { $0 == event.subject.kind } ?? true)
        && (selector.name.map { $0.matches(event.subject.name) } ?? true)
        && (selector.reason.map { $0 == event.reason } ?? true)
        && (selector.severity.map { $0 == event.severity.rawValue } ?? true)
        && (selector.message.map { event.message.contains($0) } ?? true)
        && (selector.component.map { $0 == event.source } ?? true)
    }
    var reasons: [String] = []
    for event in found where !reasons.contains(event.reason) { reasons.append(event.reason) }
    return checks.compactMap { check in
      switch check {
      case .count(let count):
        return count.holds(for: found.count)
          ? nil
          : Objection(expected: "\(count) events", observed: "there are \(found.count): \(list(reasons))")
      case .reasons(let wanted):
        return reasons == wanted
          ? nil : Objection(expected: "the reasons \(list(wanted))", observed: "they are \(list(reasons))")
      case .inOrder(let wanted):
        var rest = wanted[...]
        for event in found where event.reason == rest.first { rest = rest.dropFirst() }
        return rest.isEmpty
          ? nil
          : Objection(
            expected: "\(list(wanted)) in this order",
            observed: "the reasons are \(list(found.map(\.reason)))")
      }
    }
  }

  // MARK: KAI PodGroups

  func objections(to gang: ObjectName, _ check: PodGroupCheck) -> [Objection] {
    let groups = objects.resources(of: .kaiPodGroup).compactMap { resource -> KAIPodGroup? in
      guard case .kaiPodGroup(let group) = resource, group.metadata.namespace == gang.namespace,
        group.metadata.ownerReferences.contains(where: { $0.kind == PodGang.kind && $0.name == gang.name })
      else { return nil }
      return group
    }
    guard groups.count == 1 else {
      return [Objection(expected: "one PodGroup owned by the gang", observed: "there are \(groups.count)")]
    }
    let spec = Resource.kaiPodGroup(groups[0]).value["spec"]
    var objections: [Objection] = []
    let top = Self.levels(spec)
    if top.required != check.required || top.preferred != check.preferred {
      objections.append(
        Objection(
          expected: "topology levels \(Self.words(check.required, check.preferred)) of the whole gang",
          observed: "they are \(Self.words(top.required, top.preferred))"))
    }
    guard let wanted = check.subGroups else { return objections }
    let found = (spec?["subGroups"]?.elements ?? []).map { subGroup in
      let levels = Self.levels(subGroup)
      return PodGroupCheck.SubGroup(
        name: subGroup["name"]?.stringValue ?? "", minMember: Int(subGroup["minMember"]?.integerValue ?? 0),
        parent: subGroup["parent"]?.stringValue, required: levels.required, preferred: levels.preferred)
    }
    let surplus = found.filter { !wanted.contains($0) }
    let missing = wanted.filter { !found.contains($0) }
    if !surplus.isEmpty || !missing.isEmpty || found.count != wanted.count {
      objections.append(
        Objection(
          expected: "the subgroups \(list(wanted.map(Self.words)))",
          observed: "they are \(list(found.map(Self.words)))"))
    }
    return objections
  }

  private static func levels(_ value: Value?) -> (required: String?, preferred: String?) {
    let constraint = value?["topologyConstraint"]
    func level(_ name: String) -> String? {
      constraint?[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }
    return (level("requiredTopologyLevel"), level("preferredTopologyLevel"))
  }

  private static func words(_ required: String?, _ preferred: String?) -> String {
    "\(required ?? "–")/\(preferred ?? "–")"
  }

  private static func words(_ group: PodGroupCheck.SubGroup) -> String {
    let parent = group.parent.map { " in \($0)" } ?? ""
    return "\(group.name) \(group.minMember)\(parent) \(words(group.required, group.preferred))"
  }

  // MARK: Replacements

  func objections(to check: ReplacementCheck) -> [Objection] {
    var units: [String: Set<String>] = [:]
    for identity in replaced
    where check.podCliqueSet.matches(identity.podCliqueSet)
      && (check.isGrouped.map { $0 == (identity.scalingGroup != nil) } ?? true)
    {
      let unit = identity.unit(check.unit)
      if !unit.isEmpty { units[identity.scope(check.each), default: []].insert(unit) }
    }
    if units.isEmpty { units[""] = [] }
    for scope in units.keys.sorted(by: utf8Precedes) {
      let members = (units[scope] ?? []).sorted(by: utf8Precedes)
      if check.count.holds(for: members.count) { continue }
      let place = scope.isEmpty ? "" : " in \(scope)"
      return [
        Objection(
          expected: "\(check.count) \(check.unit.rawValue)(s) being replaced\(place) at once",
          observed: "\(members.count) are: \(list(members))")
      ]
    }
    return []
  }

  /// The pods that were taken away and are to come back, as far as their PodClique is short of pods.
  private var replaced: [ScenarioTracker.Identity] {
    var byClique: [ObjectName: [ScenarioTracker.Identity]] = [:]
    for identity in tracker.lost {
      byClique[ObjectName(namespace: identity.namespace, name: identity.podClique), default: []].append(
        identity)
    }
    return byClique.keys.sorted().flatMap { name -> [ScenarioTracker.Identity] in
      let identities = (byClique[name] ?? []).sorted { utf8Precedes($0.index, $1.index) }
      return Array(identities.prefix(shortage(of: name, identities)))
    }
  }

  /// How many pods a PodClique is short of; all that were lost when it is itself to come back, none when it is not.
  private func shortage(of name: ObjectName, _ identities: [ScenarioTracker.Identity]) -> Int {
    guard let identity = identities.first,
      case .podCliqueSet(let set)? = objects[
        ObjectKey(.podCliqueSet, namespace: name.namespace, name: identity.podCliqueSet)],
      !set.metadata.isTerminating, identity.replica < Int(set.spec.replicas)
    else { return 0 }
    if let group = identity.scalingGroup {
      guard
        case .podCliqueScalingGroup(let group)? = objects[
          ObjectKey(.podCliqueScalingGroup, namespace: name.namespace, name: group)]
      else { return identities.count }
      if identity.groupReplica >= Int(group.spec.replicas) { return 0 }
    }
    guard
      case .podClique(let clique)? = objects[
        ObjectKey(.podClique, namespace: name.namespace, name: name.name)], !clique.metadata.isTerminating
    else { return identities.count }
    var selector = PodSelector()
    selector.namespace = name.namespace
    selector.podClique = NamePattern(name.name)
    selector.isReady = true
    return max(0, Int(clique.spec.replicas) - pods(selector).count)
  }

  // MARK: Order

  func objections(to check: OrderCheck) -> [Objection] {
    let first = pods(check.first)
    let times = first.compactMap { tracker.firstReady[$0.metadata.uid] }.sorted()
    let needed = check.count ?? first.count
    if needed == 0 || times.count < needed {
      return [
        Objection(
          expected: "\(needed) of the pods that are to be first to have become Ready",
          observed: "\(times.count) of \(first.count) have")
      ]
    }
    let then = pods(check.then)
    let later = then.compactMap { pod in tracker.firstReady[pod.metadata.uid].map { (pod.metadata.name, $0) }
    }
    if later.isEmpty {
      return [
        Objection(
          expected: "one of the pods that are to wait to have become Ready",
          observed: "none of \(then.count) has")
      ]
    }
    let early = later.filter { $0.1 < times[needed - 1] }.map(\.0).sorted(by: utf8Precedes)
    if early.isEmpty { return [] }
    return [
      Objection(
        expected: "none of the pods that are to wait to be Ready before \(needed) of the first",
        observed: "\(list(early)) were")
    ]
  }

  // MARK: Writes

  func objections(to check: WriteCheck) -> [Objection] {
    let from = check.since.flatMap { saved[$0]?.writes } ?? 0
    let found = writes[min(from, writes.count)...].filter { write in
      (check.kinds.isEmpty || check.kinds.contains(write.object.kind))
        && (check.verbs.isEmpty || check.verbs.contains(write.verb.rawValue))
    }
    if check.count.holds(for: found.count) { return [] }
    let shown = found.prefix(5).map { "\($0.verb.rawValue) \($0.object) (\($0.rule): \($0.reason))" }
    return [
      Objection(expected: "\(check.count) writes", observed: "there were \(found.count): \(list(shown))")
    ]
  }
}
