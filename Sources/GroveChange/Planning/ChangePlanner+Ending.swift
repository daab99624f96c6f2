internal import GroveModel
internal import GroveReconcile
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

extension ChangePlanner {
  /// The moment with the fewest available relative to the minimum (P-16).
  static func worst(of steps: [RolloutStep]) -> WorstMoment? {
    guard var worstStep = steps.first else { return nil }
    var below: [String: RolloutStep.Level] = [:]
    var least = Int.max
    for step in steps {
      for level in step.levels {
        guard let minimum = level.minimum else { continue }
        if level.available - minimum < least {
          least = level.available - minimum
          worstStep = step
        }
        guard level.isBelow else { continue }
        let known = below[level.name]
        if known == nil || level.available < known?.available ?? 0 { below[level.name] = level }
      }
    }
    let list = below.values.sorted { NaturalOrder.precedes($0.name, $1.name) }
    var rule: String?
    if !list.isEmpty {
      rule =
        list.allSatisfy { $0.minimum == $0.wanted }
        ? "B-R40: the guard looks before deleting, so what has minAvailable = replicas always dips"
        : "B-R40: the guard looks before deleting, so what is at its minimum dips"
    }
    return WorstMoment(step: worstStep.number, below: list, rule: rule)
  }

  static func terminations(_ name: ObjectName, _ run: ChangeRun) -> [GangTermination] {
    var found: [GangTermination] = []
    for write in run.terminations
    where write.pass == ObjectKey(.podCliqueSet, namespace: name.namespace, name: name.name) {
      let clique = run.beforeByKey[write.object]
      let replica = clique?.metadata.labels[LabelKey.podCliqueSetReplicaIndex].flatMap { Int($0) } ?? 0
      let at = write.time - run.start
      let pods = Int(clique?.liveReplicas ?? 0)
      if let last = found.last, last.replica == replica, last.at == at {
        found[found.count - 1].pods += pods
      } else {
        found.append(GangTermination(at: at, replica: replica, pods: pods))
      }
    }
    return found
  }

  /// How it ends (P-17).
  func ending(
    _ name: ObjectName, _ set: SetPlan, _ run: ChangeRun, _ world: World, atRest: World
  ) -> PlanEnding {
    guard let after = run.after[name] else {
      return run.old[name] == nil ? .unchanged : .finishes(after: lastChange(name, run, world))
    }
    let isTouched =
      !set.pods.allSatisfy { $0.verdict == .stays } || set.objects.contains { $0.verdict != .unchanged }
      || !set.causes.isEmpty || set.continuesFrom != nil
    guard isTouched else { return .unchanged }
    if run.isStuck(name) { return .never(stuckReason(name, run, world, atRest: atRest)) }
    if after.spec.updateStrategy?.type == .onDelete {
      let outdated = Self.outdatedPods(name, run, in: world)
      if !outdated.isEmpty { return .waits(pods: outdated) }
    }
    return .finishes(after: lastChange(name, run, world))
  }

  private static func outdatedPods(_ name: ObjectName, _ run: ChangeRun, in world: World) -> [String] {
    var names: [String] = []
    for pod in run.afterFamilies.pods(of: name) {
      let key = ObjectKey(.podClique, namespace: name.namespace, name: pod.place.clique)
      let wanted = world.server[key]?.metadata.labels[LabelKey.podTemplateHash]
      if let wanted, pod.metadata.labels[LabelKey.podTemplateHash] != wanted {
        names.append(pod.metadata.name)
      }
    }
    return names.sorted(by: NaturalOrder.precedes)
  }

  /// How long it took until the last thing had happened that the change called for.
  private func lastChange(_ name: ObjectName, _ run: ChangeRun, _ world: World) -> Duration {
    var last = run.tracker.sets[name]?.lastReturn ?? .zero
    if let ended = run.after[name]?.status.updateProgress?.updateEndedAt, ended >= run.start {
      last = max(last, ended - run.start)
    }
    for pod in run.afterFamilies.pods(of: name) where run.isNew(pod) {
      let ready = pod.status.conditions.first { $0.type == "Ready" && $0.status == "True" }?
        .lastTransitionTime
      if let ready, ready >= run.start { last = max(last, ready - run.start) }
    }
    return last
  }

  // MARK: Stuck

  private func stuckReason(
    _ name: ObjectName, _ run: ChangeRun, _ world: World, atRest: World
  ) -> StuckReason {
    var reason = StuckReason(text: "", remedies: [], takenBy: [], missing: Self.missing(name, run))
    let homeless = Self.homeless(name, in: world)
    if let pod = homeless.first {
      let explainer = PlacementExplainer(world)
      if let explanation = explainer?.explanation(for: pod) {
        reason.text = Self.text(of: explanation.verdict)
        reason.remedies = explanation.remedies.map(\.text)
      } else {
        reason.text =
          pod.status.conditions.first { $0.type == "PodScheduled" && $0.status == "False" }?.message
          ?? "\(pod.metadata.name) has no place"
      }
      reason.takenBy = takers(name, run, world)
    } else if let refusal = world.refusals.sorted(by: { $0.key < $1.key }).first(where: {
      $0.key.namespace == name.namespace
    }),
      let error = refusal.value.first
    {
      reason.text = "the server refuses what the operator wants: \(error)"
    } else if run.after[name]?.metadata.isGoing == true {
      reason.text = "it is being deleted, and something holds it: \(Self.holders(name, in: world))"
    } else {
      let waiting = world.server.objects.resources(of: .pod).filter { object in
        if case .pod(let pod) = object { object.owningSet == name && !pod.isServing } else { false }
      }
      reason.text =
        waiting.isEmpty
        ? "the update is open, and nothing more happens"
        : "\(waiting.count) \(waiting.count == 1 ? "pod is" : "pods are") not ready, \(waiting[0].metadata.name) first"
    }
    return reason
  }

  private static func text(of verdict: Verdict) -> String {
    if case .cannotFit(let proof) = verdict { proof.text } else { verdict.text }
  }

  private static func holders(_ name: ObjectName, in world: World) -> String {
    let held = world.server.objects.resources.filter {
      $0.owningSet == name && $0.metadata.isGoing && !$0.metadata.finalizers.isEmpty
        && $0.kind != .podCliqueSet
    }
    guard
      let first = held.first
        ?? world.server[ObjectKey(.podCliqueSet, namespace: name.namespace, name: name.name)]
    else { return "a finalizer" }
    return
      "\(first.kind.kind) \(first.metadata.name) has the finalizer \(first.metadata.finalizers.joined(separator: ", "))"
  }

  /// What does not come back, by part.
  private static func missing(_ name: ObjectName, _ run: ChangeRun) -> [String] {
    guard let rollout = run.tracker.sets[name] else { return [] }
    return rollout.stillAway.map { unit in
      let pods = rollout.parts(of: unit).reduce(0) { $0 + $1.count }
      let count = "\(pods) \(pods == 1 ? "pod" : "pods")"
      switch unit {
      case .replica(let group, let index):
        return "\(count) of \(run.tracker.groups[group]?.short ?? group.name) \(index)"
      case .pod(let clique, let index):
        return "pod \(index) of \(run.tracker.cliques[clique]?.short ?? clique.name)"
      }
    }
  }

  /// The pods of a set that have no node: those of gangs that could have one before those that wait for them.
  private static func homeless(_ name: ObjectName, in world: World) -> [Pod] {
    var waiting: [Pod] = []
    for case .pod(let pod) in world.server.objects.resources(of: .pod)
    where Resource.pod(pod).owningSet == name && pod.spec.nodeName.isEmpty && !pod.metadata.isGoing {
      waiting.append(pod)
    }
    return waiting.filter { $0.spec.schedulingGates.isEmpty }
      + waiting.filter { !$0.spec.schedulingGates.isEmpty }
  }

  /// Who came to the nodes that the pods of a set had to leave (P-18).
  private func takers(_ name: ObjectName, _ run: ChangeRun, _ world: World) -> [String] {
    var nodes: Set<String> = []
    for case .pod(let pod) in run.before
    where Resource.pod(pod).owningSet == name
      && world.server[Resource.pod(pod).key]?.metadata.uid != pod.metadata.uid
    {
      nodes.insert(pod.spec.nodeName)
    }
    var gangs: Set<String> = []
    for case .pod(let pod) in world.server.objects.resources(of: .pod)
    where nodes.contains(pod.spec.nodeName) && !pod.spec.nodeName.isEmpty && run.isNew(pod) {
      guard Resource.pod(pod).owningSet != name else { continue }
      gangs.insert("\(pod.metadata.namespace)/\(pod.metadata.labels[LabelKey.podGang] ?? pod.metadata.name)")
    }
    return gangs.sorted(by: NaturalOrder.precedes)
  }
}
