internal import GroveModel
internal import GroveSchedule
internal import KubernetesModel

/// The answer to `why`: the outcome of one gang or pod, and what explains it (S-061).
struct PlacementAnswer {
  /// What was asked about.
  enum Subject {
    case gang(ObjectName)
    case pod(ObjectName)
  }

  let report: PlacementReport
  let scheduler: Scheduler
  /// The pod, when one was asked about.
  let pod: Pod?
  /// The gang, when one was asked about or the pod has one.
  let gang: ObjectName?
  /// What became of the gang, or of the pod without one; nil when nothing was to be decided.
  let outcome: Outcome?
  /// Why it has no place.
  let explanation: Explanation?
  /// Why the gang it waits for has none.
  let blocker: Explanation?
  /// Why the first pod beyond the minimum of the gang has none.
  let leftOver: Explanation?

  init(_ subject: Subject, _ report: PlacementReport, _ scheduler: Scheduler) {
    self.report = report
    self.scheduler = scheduler
    switch subject {
    case .gang(let name):
      pod = nil
      gang = name
    case .pod(let name):
      pod = report.input.cluster.pods.first { ObjectName($0.metadata) == name }
      let listing = report.input.cluster.podGangs.first { gang in
        gang.spec.podgroups.contains { group in
          group.podReferences.contains { $0.namespace == name.namespace && $0.name == name.name }
        }
      }
      gang = listing.map { ObjectName($0.metadata) }
    }
    let unit = gang ?? pod.map { ObjectName($0.metadata) }
    outcome = unit.flatMap { report.decision.outcome(of: $0) }
    if let outcome, outcome.verdict != .fits {
      explanation = scheduler.explain(outcome.name, after: report.decision, in: report.after)
    } else if let pod, report.node(of: ObjectName(pod.metadata)) == nil {
      explanation = Self.explainSurplus(pod, report, scheduler)
    } else {
      explanation = nil
    }
    if pod == nil, let gang, let outcome, outcome.verdict == .fits, outcome.pending > outcome.gated {
      let members =
        report.input.cluster.podGangs.first { ObjectName($0.metadata) == gang }?.spec.podgroups
        .flatMap(\.podReferences) ?? []
      let waiting = members.lazy.compactMap { member in
        report.input.cluster.pods.first {
          $0.metadata.name == member.name && $0.metadata.namespace == member.namespace
        }
      }.first { $0.spec.schedulingGates.isEmpty && report.node(of: ObjectName($0.metadata)) == nil }
      leftOver = waiting.flatMap { Self.explainSurplus($0, report, scheduler) }
    } else {
      leftOver = nil
    }
    let last = explanation?.chain.last { link in
      if case .waiting = link.verdict { return false }
      return link.verdict != nil
    }
    blocker = last.flatMap { scheduler.explain($0.name, after: report.decision, in: report.after) }
  }

  /// Whether it has one.
  var hasPlace: Bool {
    if let pod { return report.node(of: ObjectName(pod.metadata)) != nil }
    return outcome.map { $0.verdict == .fits && $0.doubts.isEmpty } ?? true
  }

  /// A pod beyond the minimum of its gang, looked at as if it were alone but held to the domains of the gang.
  private static func explainSurplus(
    _ pod: Pod, _ report: PlacementReport, _ scheduler: Scheduler
  ) -> Explanation? {
    let name = ObjectName(pod.metadata)
    let gang = report.input.cluster.podGangs.first {
      ObjectName($0.metadata)
        == ObjectName(namespace: name.namespace, name: pod.metadata.labels[LabelKey.podGang] ?? "")
    }
    var alone = pod
    alone.metadata.labels[LabelKey.podGang] = nil
    alone.metadata.labels[LabelKey.basePodGang] = nil
    var snapshot = report.after
    if let gang { snapshot.removeGang(ObjectName(gang.metadata)) }
    snapshot.removePod(name)
    guard (try? snapshot.set(alone)) != nil else { return nil }
    if let gang, let outcome = report.decision.outcome(of: ObjectName(gang.metadata)) {
      let allowed = report.nodes(allowedFor: name, of: gang, outcome)
      if let allowed {
        snapshot.setMask(
          NodeMask(nodes: allowed, reason: "node(s) were outside the domain of the pod's gang"), of: name)
      }
    }
    var explanation = scheduler.explain(name, in: snapshot)
    // Its own gang is not in its way: the others are needed just as much.
    let mates = Set(
      gang?.spec.podgroups.flatMap { group in
        group.podReferences.map { ObjectName(namespace: $0.namespace, name: $0.name) }
      } ?? [])
    explanation?.remedies.removeAll { remedy in
      switch remedy {
      case .free(let pods, _): pods.contains(where: mates.contains)
      case .raisePriority(_, let victims), .allowPreemption(let victims):
        victims.contains(where: mates.contains)
      default: false
      }
    }
    return explanation
  }

  // MARK: Machines

  /// The answer for machines.
  var value: Value {
    let name = pod.map { ObjectName($0.metadata) } ?? gang ?? ObjectName(namespace: "", name: "")
    var members: [(String, Value)] = [
      ("compatibleWith", .string(GroveVersion.target)), ("format", .string("grove-demo/why/v1")),
      ("kind", .string(pod == nil ? "PodGang" : "Pod")), ("name", .string(name.name)),
      ("namespace", .string(name.namespace)), ("hasPlace", .boolean(hasPlace)),
    ]
    if pod != nil {
      members.append(("gang", gang.map { .string($0.name) } ?? .null))
      members.append(("node", report.node(of: name).map { .string($0) } ?? .null))
    }
    members += [
      ("outcome", outcome.map { report.gang($0) } ?? .null), ("explanation", explanation?.value ?? .null),
      ("blocker", blocker?.value ?? .null), ("leftOver", leftOver?.value ?? .null),
      ("notes", .array(report.input.notes.map(\.value))),
    ]
    return .object(members)
  }
}

extension PlacementReport {
  /// The node of a pod after the decision, or nil.
  func node(of pod: ObjectName) -> String? {
    if let binding = decision.bindings.first(where: { $0.pod == pod }) { return binding.node }
    if decision.evictions.contains(where: { $0.pod == pod }) { return nil }
    let object = input.cluster.pods.first { ObjectName($0.metadata) == pod }
    return object.flatMap { $0.spec.nodeName.isEmpty ? nil : $0.spec.nodeName }
  }

  /// The nodes of the domains that the scopes around a pod have to keep to; nil when they need not.
  func nodes(allowedFor pod: ObjectName, of gang: PodGang, _ outcome: Outcome) -> [String]? {
    let group = gang.spec.podgroups.first { group in
      group.podReferences.contains { $0.name == pod.name && $0.namespace == pod.namespace }
    }
    let around =
      [gang.metadata.name] + (group.map { [$0.name] } ?? [])
      + gang.spec.topologyConstraintGroupConfigs.filter { $0.podGroupNames.contains(group?.name ?? "") }
      .map(\.name)
    var nodes: [Layout.Machine]?
    for scope in outcome.scopes where around.contains(scope.scope) {
      guard let key = scope.packing.required, let level = layout.keys.firstIndex(of: key),
        scope.domain.count > level
      else { continue }
      nodes = (nodes ?? layout.nodes).filter { Array($0.path[...level]) == Array(scope.domain[...level]) }
    }
    return nodes?.map(\.name)
  }
}
