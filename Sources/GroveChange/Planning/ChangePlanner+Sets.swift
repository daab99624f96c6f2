internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

extension ChangePlanner {
  /// The plan for one set.
  func setPlan(
    _ name: ObjectName, _ run: ChangeRun, _ world: World, atRest: World, alone: OperatorAlone
  ) -> SetPlan {
    let (old, applied) = (run.old[name], run.applied[name])
    var set = SetPlan(name: name, verdict: .unchanged)
    let manifest = accepted.last { $0.object.kind == .podCliqueSet && ObjectName($0.object.metadata) == name }
    if let old, let applied, !applied.metadata.isGoing || old.metadata.isGoing {
      let comparison = HashComparison(from: old, to: applied)
      set.causes = comparison.changes.map { change in
        PlanCause(change: change, location: manifest?.location(of: change.path))
      }
      set.noEffects = NoEffects(from: old, to: applied, manifest, before: rawBefore(name, old)).list
      set.cliques = comparison.hashes.map { Self.change(of: $0, comparison, applied) }
      set.continuesFrom = Self.openUpdate(old)
    }
    set.generation = (old.map { Hashing.generation($0) }, applied.map { Hashing.generation($0) })
    set.pods = podPlans(name, run, world, set.causes, alone)
    set.objects = objectPlans(name, run, world, set)
    let rollout = run.tracker.sets[name]
    set.steps = rollout?.steps.map { named($0, name) } ?? []
    set.totals = totals(set, run, world)
    set.worst = Self.worst(of: set.steps)
    set.terminations = Self.terminations(name, run)
    set.ends = ending(name, set, run, world, atRest: atRest)
    set.verdict = verdict(name, set, run)
    for index in set.objects.indices where set.objects[index].key.kind == .podCliqueSet {
      if set.verdict == .rolling || set.verdict == .rejected { set.objects[index].verdict = set.verdict }
    }
    return set
  }

  /// What a set said literally before.
  private func rawBefore(_ name: ObjectName, _ old: PodCliqueSet) -> Value? {
    if case .manifests(let manifests) = request.before {
      return manifests.last { $0.object.kind == .podCliqueSet && ObjectName($0.object.metadata) == name }?
        .document
    }
    guard let text = old.metadata.annotations[AnnotationKey.lastApplied],
      let tape = try? JSONReader.read(text), let root = tape.roots.first
    else { return nil }
    return Value(tape: tape, index: root)
  }

  private func named(_ step: RolloutStep, _ name: ObjectName) -> RolloutStep {
    var step = step
    for index in step.levels.indices where step.levels[index].kind == .podCliqueSet {
      step.levels[index].name = name.name
    }
    return step
  }

  // MARK: Causes

  private static func change(
    of entry: (clique: String, old: String?, new: String?), _ comparison: HashComparison, _ set: PodCliqueSet
  ) -> CliqueChange {
    func change(_ restarts: Bool, _ text: String) -> CliqueChange {
      CliqueChange(clique: entry.clique, old: entry.old, new: entry.new, restarts: restarts, text: text)
    }
    guard entry.new != nil else { return change(false, "goes") }
    guard entry.old != nil else { return change(false, "is new") }
    let isOnDelete = set.spec.updateStrategy?.type == .onDelete
    if entry.old != entry.new {
      return isOnDelete
        ? change(false, "pods are replaced when they are deleted") : change(true, "pods restart")
    }
    let changed = Set(comparison.hashes.filter { $0.old != $0.new }.map(\.clique))
    let group = set.spec.template.podCliqueScalingGroups.first {
      $0.cliqueNames.contains(entry.clique) && !changed.isDisjoint(with: $0.cliqueNames)
    }
    guard let group, !isOnDelete else { return change(false, "same, stays") }
    return change(true, "same, restarts with its scaling group \(group.name)")
  }

  private static func openUpdate(_ set: PodCliqueSet) -> String? {
    guard let progress = set.status.updateProgress, progress.updateEndedAt == nil else { return nil }
    let replicas = progress.currentlyUpdating.map { String($0.replicaIndex) }
    let place = replicas.isEmpty ? "before its first replica" : "replica \(replicas.joined(separator: ", "))"
    return
      "an open update goes on from \(place), with \(set.status.updatedReplicas) of \(set.spec.replicas) updated"
  }

  // MARK: Pods

  private func podPlans(
    _ name: ObjectName, _ run: ChangeRun, _ world: World, _ causes: [PlanCause], _ alone: OperatorAlone
  ) -> [PodPlan] {
    var plans: [PodPlan] = []
    var comers: [String: [String]] = [:]
    var newPods: [(pod: Pod, clique: String, index: Int)] = []
    for pod in run.afterFamilies.pods(of: name) where run.isNew(pod) {
      let (clique, index) = pod.place
      newPods.append((pod, clique, index))
      comers["\(clique)/\(index)", default: []].append(pod.metadata.uid)
    }
    var replaced: Set<String> = []
    for pod in run.families.pods(of: name) {
      let (clique, index) = pod.place
      let key = Resource.pod(pod).key
      var plan = PodPlan(
        name: pod.metadata.name, uid: pod.metadata.uid, clique: clique, index: index, verdict: .stays,
        served: pod.isServing, reason: "", isOperatorsOwn: false)
      if world.server[key]?.metadata.uid != pod.metadata.uid {
        plan.verdict = .deleted
        if let successor = comers["\(clique)/\(index)"]?.first {
          plan.verdict = .restarts
          replaced.insert(successor)
        }
        let cliqueKey = ObjectKey(.podClique, namespace: name.namespace, name: clique)
        plan.reason = (run.deletions[key] ?? run.deletions[cliqueKey])?.reason ?? "its owner goes"
        plan.isOperatorsOwn = causes.isEmpty && alone.deleted.contains(pod.metadata.uid)
      }
      plans.append(plan)
    }
    for comer in newPods where !replaced.contains(comer.pod.metadata.uid) {
      plans.append(
        PodPlan(
          name: comer.pod.metadata.name, uid: "", clique: comer.clique, index: comer.index, verdict: .created,
          served: false, reason: "", isOperatorsOwn: false))
    }
    return plans.sorted {
      $0.clique == $1.clique
        ? ($0.index, $0.name) < ($1.index, $1.name) : NaturalOrder.precedes($0.clique, $1.clique)
    }
  }

  private func totals(_ set: SetPlan, _ run: ChangeRun, _ world: World) -> PlanTotals {
    var totals = PlanTotals()
    var resources: [String: PlanTotals.Counts] = [:]
    var specs: [String: Pod] = [:]
    for pod in run.families.pods(of: set.name) + run.afterFamilies.pods(of: set.name) {
      specs[pod.metadata.name] = pod
    }
    for plan in set.pods {
      totals.pods.count(plan.verdict, 1)
      for (name, amount) in specs[plan.name]?.spec.extendedResources ?? [] {
        resources[name, default: PlanTotals.Counts()].count(plan.verdict, amount)
      }
    }
    for step in set.steps {
      totals.pods.atOnce = max(totals.pods.atOnce, step.podCount)
      for (name, amount) in step.resources {
        let most = resources[name]?.atOnce ?? 0
        resources[name, default: PlanTotals.Counts()].atOnce = max(most, amount)
      }
    }
    totals.resources = resources.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return totals
  }

  // MARK: Objects

  private func objectPlans(
    _ name: ObjectName, _ run: ChangeRun, _ world: World, _ set: SetPlan
  ) -> [ObjectPlan] {
    let restarting = Dictionary(grouping: set.pods.filter { $0.verdict == .restarts }, by: \.clique)
    let units = run.tracker.sets[name]?.touched ?? []
    var keys = Set(run.families.objects(of: name).map(\.key))
    keys.formUnion(run.afterFamilies.objects(of: name).map(\.key))
    return keys.sorted(by: ObjectKey.precedesInPlan).map { key in
      var plan = ObjectComparison.plan(
        key, run.beforeByKey[key], world.server[key], isAssumed: run.assumed.contains(key))
      switch key.kind {
      case .podClique:
        let pods = restarting[key.name]?.count ?? 0
        if pods > 0 {
          if plan.verdict == .updated || plan.verdict == .unchanged { plan.verdict = .rolling }
          plan.detail = "\(pods) \(pods == 1 ? "pod" : "pods")"
        }
      case .podCliqueScalingGroup:
        let replicas = units.count { unit in
          if case .replica(let group, _) = unit { group.name == key.name } else { false }
        }
        if replicas > 0, plan.verdict == .updated || plan.verdict == .unchanged || plan.verdict == .scaled {
          if plan.verdict != .scaled { plan.verdict = .rolling }
          plan.detail = "\(replicas) of \(run.beforeByKey[key]?.liveReplicas ?? 0) replicas"
        }
      default: break
      }
      if let scaled = plan.scaled {
        let text =
          "scaled \(scaled.from) → \(scaled.to)" + (plan.verdict == .recreated ? " by the update" : "")
        plan.detail += (plan.detail.isEmpty ? "" : ", ") + text
      }
      return plan
    }
  }

  /// Objects of the manifests that belong to no set.
  func otherObjects(_ run: ChangeRun) -> [ObjectPlan] {
    var plans: [ObjectPlan] = []
    for manifest in accepted where manifest.object.kind != .podCliqueSet {
      var object = manifest.object
      var metadata = object.metadata
      if !object.kind.isClusterScoped, metadata.namespace.isEmpty { metadata.namespace = "default" }
      object.metadata = metadata
      let key = object.key
      guard !plans.contains(where: { $0.key == key }) else { continue }
      plans.append(ObjectComparison.plan(key, run.beforeByKey[key], object, isAssumed: false))
    }
    return plans.sorted { ObjectKey.precedesInPlan($0.key, $1.key) }
  }

  private func verdict(_ name: ObjectName, _ set: SetPlan, _ run: ChangeRun) -> PlanVerdict {
    if rejected.contains(name), set.changesNothing { return .rejected }
    let own = set.objects.first { $0.key.kind == .podCliqueSet }?.verdict ?? .unchanged
    if run.after[name] == nil { return run.old[name] == nil ? .rejected : .deleted }
    if run.applied[name]?.metadata.isGoing == true {
      return run.old[name]?.metadata.isGoing == true ? .unchanged : .deleted
    }
    guard own == .unchanged || own == .updated || own == .scaled else { return own }
    if set.totals.pods.restart > 0 { return .rolling }
    if own == .unchanged, set.objects.contains(where: { $0.verdict != .unchanged && !$0.isAssumed }) {
      return .updated
    }
    return own
  }
}

extension PlanTotals.Counts {
  fileprivate mutating func count(_ verdict: PodPlan.Verdict, _ amount: Int) {
    if verdict != .created { before += amount }
    switch verdict {
    case .restarts: restart += amount
    case .created: added += amount
    case .deleted: removed += amount
    case .stays: break
    }
  }
}

extension PlanRequest.Manifest {
  /// Where the manifest has a field, or what comes nearest to it.
  func location(of path: ChangePath) -> SourceLocation? {
    guard let document else { return nil }
    return document.tape.location(of: document.tape.locate(path.indexed, in: document.index), file: source)
  }
}

extension Pod {
  /// The PodClique of the pod, and its index there.
  var place: (clique: String, index: Int) {
    (metadata.labels[LabelKey.podClique] ?? "", metadata.labels[LabelKey.podIndex].flatMap { Int($0) } ?? 0)
  }
}

extension ObjectKey {
  private static let ranks: [ResourceKind] = [
    .podCliqueSet, .podCliqueScalingGroup, .podClique, .podGang, .service, .horizontalPodAutoscaler,
  ]

  /// Owners before what they own, then by kind and name.
  static func precedesInPlan(_ a: ObjectKey, _ b: ObjectKey) -> Bool {
    let (one, other) = (
      ranks.firstIndex(of: a.kind) ?? ranks.count, ranks.firstIndex(of: b.kind) ?? ranks.count
    )
    if one != other { return one < other }
    if a.kind != b.kind { return a.kind < b.kind }
    return a.namespace == b.namespace ? NaturalOrder.precedes(a.name, b.name) : a.namespace < b.namespace
  }
}
