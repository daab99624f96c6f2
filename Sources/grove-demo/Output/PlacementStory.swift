internal import GroveModel
internal import GroveSchedule
internal import KubernetesModel

extension PlacementAnswer {
  /// The answer for people.
  var text: String {
    var lines: [String] = []
    if let pod { lines += podLines(pod) }
    if let outcome, pod == nil || gang != nil { lines += outcomeLines(outcome) }
    if let explanation { lines += story(explanation) }
    if let blocker {
      lines += [
        "", "What it waits for, \(blocker.name), has no place: \(Self.plain(blocker.verdict, report)).",
      ]
      lines += story(blocker)
    }
    if let leftOver {
      let count = (outcome?.pending ?? 1) - (outcome?.gated ?? 0)
      lines += [
        "",
        "\(PlacementTable.counted(count, "pod")) beyond the minimum \(count == 1 ? "has" : "have") no place, "
          + "\(leftOver.name)\(count == 1 ? "" : " first"): \(Self.plain(leftOver.verdict, report)).",
      ]
      lines += story(leftOver)
    }
    if outcome == nil, pod == nil {
      lines.append("\(gang?.description ?? ""): nothing of it waits for a place.")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A verdict as the end of a sentence that says that there is no place.
  private static func plain(_ verdict: Verdict, _ report: PlacementReport) -> String {
    if case .cannotFit(let proof) = verdict { return report.plain(proof.text) }
    return report.plain(verdict.text)
  }

  // MARK: What became of it

  private func podLines(_ pod: Pod) -> [String] {
    let name = ObjectName(pod.metadata)
    let membership = gang.map { " It belongs to gang \($0)." } ?? ""
    if let eviction = report.decision.evictions.first(where: { $0.pod == name }) {
      return [
        "\(name) has to leave node \(eviction.node): with priority \(eviction.priority) it makes room for "
          + "\(eviction.beneficiary).\(membership)"
      ]
    }
    if !pod.spec.nodeName.isEmpty { return ["\(name) is on node \(pod.spec.nodeName) already.\(membership)"] }
    if let node = report.node(of: name) { return ["\(name) goes to node \(node).\(membership)"] }
    if let outcome, outcome.verdict == .fits {
      return ["\(name) has no place: its gang has its minimum, and this pod is beyond it.\(membership)"]
    }
    if gang == nil, let outcome { return ["\(name) has no place: \(Self.plain(outcome.verdict, report))."] }
    return ["\(name) has no place, because its gang has none.\(membership)"]
  }

  private func outcomeLines(_ outcome: Outcome) -> [String] {
    let all = outcome.placed + outcome.bound + outcome.pending
    guard outcome.verdict == .fits else {
      return ["\(outcome.name) has no place: \(Self.plain(outcome.verdict, report))."]
    }
    let nodes = report.nodes(of: outcome.name)
    let bound = outcome.bound > 0 ? ", \(outcome.bound) of them before" : ""
    var lines = [
      "\(outcome.name) fits: \(outcome.placed + outcome.bound) of \(PlacementTable.counted(all, "pod")) placed"
        + "\(bound), score \(outcome.score.map { PlacementTable.decimal($0) } ?? "1.00").",
      "", "Where it goes:",
    ]
    if !outcome.doubts.isEmpty {
      lines.insert(
        "That is not decided: \(outcome.doubts.joined(separator: ", ")) of its pods is not looked at.", at: 1)
    }
    for node in nodes.prefix(PlacementTable.nodeLimit) {
      lines.append("  \(node.name): " + node.roles.map { "\($0.count) \($0.role)" }.joined(separator: ", "))
    }
    if nodes.count > PlacementTable.nodeLimit {
      lines.append("  and \(nodes.count - PlacementTable.nodeLimit) more nodes")
    }
    lines += ["", "Why there:"]
    lines += order(outcome)
    for scope in outcome.scopes { lines += why(scope) }
    lines.append("  \(Self.reason(scheduler.policy))")
    let victims = report.decision.evictions.filter { $0.beneficiary == outcome.name }
    if !victims.isEmpty {
      let names = victims.prefix(5).map(\.pod.description).joined(separator: ", ")
      lines.append(
        "  It did not fit otherwise, so \(PlacementTable.counted(victims.count, "pod")) of lower priority "
          + "\(victims.count == 1 ? "has" : "have") to leave: \(names)\(victims.count > 5 ? ", …" : "").")
    }
    return lines
  }

  private func order(_ outcome: Outcome) -> [String] {
    guard let place = report.decision.outcomes.firstIndex(where: { $0.name == outcome.name }),
      report.decision.outcomes.count > 1
    else { return [] }
    let before = place == 0 ? "before all others" : "after \(PlacementTable.counted(place, "other"))"
    return [
      "  It was served \(before): by priority, then age, then name, and never before what it depends on."
    ]
  }

  private func why(_ scope: ScopePlacement) -> [String] {
    var asked: [String] = []
    if let key = scope.packing.required { asked.append("must be in one \(report.domainName(ofKey: key))") }
    if let key = scope.packing.preferred { asked.append("should be in one \(report.domainName(ofKey: key))") }
    var line = "  \(scope.scope) \(asked.joined(separator: " and ")); "
    if let level = scope.level, let domain = scope.domain.last(where: { !$0.isEmpty }) {
      line += "all \(scope.pods) of its pods are in \(report.domainName(ofKey: level)) \(domain)"
    } else {
      line += "its \(scope.pods) pods are in no common domain"
    }
    line +=
      ", on \(PlacementTable.counted(scope.nodesUsed, "node")) (score \(PlacementTable.decimal(scope.score)))."
    return [line] + alternatives(scope)
  }

  /// What the other domains of the level had room for, as things were before the decision.
  private func alternatives(_ scope: ScopePlacement) -> [String] {
    guard let key = scope.packing.required ?? scope.packing.preferred,
      let pod = report.decision.bindings(of: outcome?.name ?? ObjectName(namespace: "", name: ""))
        .first(where: { isInside($0.pod, scope.scope) })?.pod,
      let rooms = scheduler.slots(
        for: pod, level: key, topology: report.layout.topology.isEmpty ? nil : report.layout.topology,
        in: report.input.snapshot), rooms.count > 1
    else { return [] }
    let enough = rooms.count { $0.free >= scope.pods }
    let domain = report.domainName(ofKey: key)
    return [
      "    Before this decision, \(enough) of \(rooms.count) domains of \(domain) had room for \(scope.pods) pods "
        + "like \(pod.name)."
    ]
  }

  private func isInside(_ pod: ObjectName, _ scope: String) -> Bool {
    guard let gang = report.input.cluster.podGangs.first(where: { ObjectName($0.metadata) == outcome?.name })
    else { return false }
    var groups = [scope]
    if let config = gang.spec.topologyConstraintGroupConfigs.first(where: { $0.name == scope }) {
      groups += config.podGroupNames
    }
    if gang.metadata.name == scope { groups += gang.spec.podgroups.map(\.name) }
    return gang.spec.podgroups.contains { group in
      groups.contains(group.name) && group.podReferences.contains { $0.name == pod.name }
    }
  }

  private static func reason(_ policy: Policy) -> String {
    let domains =
      switch policy.domains {
      case .bestFit: "the fullest domain that holds everything (best-fit)"
      case .leastFree: "the fullest domain first (least-free)"
      case .mostFree: "the emptiest domain first (most-free)"
      case .balanced: "the emptiest domain, with even shares (balanced)"
      }
    let nodes = policy.nodes == .pack ? "the fullest node (pack)" : "the emptiest node (spread)"
    return "Where there was a choice, the policy took \(domains), and in there \(nodes); names decide "
      + "between equals."
  }

  // MARK: Why it has no place

  private func story(_ explanation: Explanation) -> [String] {
    var lines: [String] = []
    // One gang that is waited for is told about below.
    if explanation.chain.count > 1 || (explanation.chain.count == 1 && blocker == nil) {
      lines += ["", "It waits for:"]
      for link in explanation.chain {
        let state = link.verdict.map { report.plain($0.text) } ?? "does not exist"
        lines.append("  gang \(link.name): \(state)")
      }
    }
    if !explanation.scopes.isEmpty { lines += ["", "How near it came:"] }
    for scope in explanation.scopes { lines += tell(scope) }
    if let nodes = explanation.nodes {
      lines += ["", "What the nodes say to the next pod, \(nodes.pod):", "  \(nodes.message)"]
      lines += explanation.causes.map { "  - \($0.text)" }
    }
    if !explanation.remedies.isEmpty {
      lines += ["", "What would help, each on its own, as tried out:"]
      lines += explanation.remedies.map { "  - \($0.text)" }
    } else if explanation.nodes != nil {
      lines += [
        "",
        "No single change that was tried would help: nodes back in service, taints, labels, pods out of the way, a higher "
          + "priority, more resources, more nodes.",
      ]
    }
    return lines
  }

  private func tell(_ scope: ScopeShortage) -> [String] {
    let indent = String(repeating: "  ", count: scope.depth + 1)
    var asked: [String] = []
    if let key = scope.packing.required { asked.append("all in one \(report.domainName(ofKey: key))") }
    if let key = scope.packing.preferred {
      asked.append("in one \(report.domainName(ofKey: key)) if possible")
    }
    let needs =
      "\(indent)\(scope.scope) needs \(PlacementTable.counted(scope.needed, "pod"))"
      + (asked.isEmpty ? "" : ", " + asked.joined(separator: ", "))
    // A node always has room for some number of pods, so without any there is no node.
    if scope.placeable == 0,
      scope.shortages.contains(where: { $0.resource == "pods" && $0.largestFree.isZero })
    {
      return [needs + ": it may use none of the nodes."]
    }
    let place: String
    if let level = scope.level, let name = scope.domain.last(where: { !$0.isEmpty }) {
      place = "\(report.domainName(ofKey: level)) \(name) comes nearest, with room for \(scope.placeable)"
    } else {
      place = "the cluster has room for \(scope.placeable)"
    }
    var lines = ["\(needs): \(place)."]
    if !scope.pinnedBy.isEmpty {
      let some = scope.pinnedBy.prefix(3).map(\.description).joined(separator: ", ")
      let more = scope.pinnedBy.count > 3 ? " and \(scope.pinnedBy.count - 3) more" : ""
      let verb = scope.pinnedBy.count == 1 ? "runs there and holds" : "run there and hold"
      lines.append("\(indent)  \(some)\(more) \(verb) the rest in the same domain.")
      if let level = scope.level, let elsewhere = scope.elsewhere,
        let name = elsewhere.domain.last(where: { !$0.isEmpty })
      {
        lines.append(
          "\(indent)  \(report.domainName(ofKey: level)) \(name) has room for \(elsewhere.room) of those that wait."
        )
      }
    }
    let who = scope.placeable == 0 ? "they ask" : "the others ask"
    for shortage in scope.shortages {
      lines.append(
        "\(indent)  \(shortage.resource): \(who) for \(shortage.requested.canonicalText), "
          + "\(shortage.perPod.canonicalText) a pod; \(shortage.free.canonicalText) is free there, "
          + "at most \(shortage.largestFree.canonicalText) on one node.")
    }
    return lines
  }
}
