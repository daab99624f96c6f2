internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  private static var kind: String { "PodGang" }

  /// The PodGangs of all replicas (§7).
  mutating func syncPodGangs() {
    if let group = expected.groups.first(where: { $0.unknownMember != nil }), let name = group.unknownMember {
      fail(
        Self.kind,
        ReconcileError(
          code: "ERR_COMPUTE_EXISTING_PODGANG", operation: "Sync",
          message: "scaling group \(group.name) of PodCliqueSet \(expected.name) has no clique \(name)"))
      return
    }
    let owned = pass.state.podGangs.controlled(by: owner.uid)
    let plans = podGangPlans()
    let live = Children(owned, isForFew: selection.isPartial)
    guard deleteUnexpectedPodGangs(live, plans) else { return }
    let template = PodGangTemplate(
      set, expected: expected, configuration: pass.configuration, state: pass.state)
    for plan in plans where !sync(plan, template, live: live[plan.name]) { return }
  }

  /// All base PodGangs, then the scaled ones.
  private func podGangPlans() -> [PodGangPlan] {
    let count = expected.standalone.count
    var plans = selection.replicas.enumerated().map { position, replica in
      expected.basePodGang(
        replica: replica, names: standaloneNames[position * count..<(position + 1) * count])
    }
    for replica in selection.replicas {
      for (group, stored) in zip(expected.groups.indices, groups(ofReplica: replica)) {
        let size = stored.map { Int($0.object.spec.replicas) } ?? expected.groups[group].replicas
        plans += expected.scaledPodGangs(of: group, replica: replica, size: size)
      }
    }
    return plans
  }

  private mutating func deleteUnexpectedPodGangs(
    _ live: Children<PodGang>, _ plans: [PodGangPlan]
  ) -> Bool {
    let expectedCount = plans.reduce(0) { sum, plan in
      guard let position = selection.position(of: plan.replica), live[plan.name] != nil else { return sum }
      return sum + selection.weights[position]
    }
    guard live.all.count > expectedCount else { return true }
    actsOnAll()
    let names = Set(plans.map(\.name))
    for stored in live.all where !names.contains(stored.object.metadata.name) {
      let metadata = stored.object.metadata
      guard !metadata.isTerminating else { continue }
      do {
        try pass.delete(
          .podGang, metadata, rule: "R-265", reason: "nothing of the template makes PodGang \(metadata.name)")
        pass.record(
          about: key, reason: "PodGangDeleteSuccessful", message: "Deleted PodGang \(ObjectName(metadata))",
          rule: "R-865")
      } catch {
        pass.record(
          .warning, about: key, reason: "PodGangDeleteFailed",
          message: "Error deleting PodGang \(ObjectName(metadata)): \(error)", rule: "R-865")
        fail(
          Self.kind, code: "ERR_DELETE_EXCESS_PODGANG",
          message: "Error deleting PodGang: \(ObjectName(metadata)) for PodCliqueSet: \(expected.name)",
          cause: error)
        return false
      }
    }
    return true
  }

  /// Brings one PodGang up to date.
  ///
  /// - Returns: false when that failed; the PodGangs after it are then left for later.
  private mutating func sync(_ plan: PodGangPlan, _ template: PodGangTemplate, live: Stored<PodGang>?) -> Bool
  {
    var pods: [[NamespacedName]] = []
    pods.reserveCapacity(plan.members.count)
    var obstacle: String?
    for (position, member) in plan.members.enumerated() {
      guard let podClique = podClique(of: member, at: position, in: plan) else {
        obstacle = obstacle ?? "Waiting for all pods to be created for PodGang \(objectName(plan.name))"
        pods.append([])
        continue
      }
      let (assigned, count) = podClique.pods(in: plan.name)
      // Pods that are labelled for another gang are there, but not assigned.
      if count < Int(podClique.podClique.object.spec.replicas) || assigned.count != count {
        obstacle =
          obstacle
          ?? (podClique.podClique.object.metadata.isTerminating
            ? "PodClique \(podClique.podClique.name) is still being deleted"
            : "Waiting for all pods to be created or assigned for PodGang \(objectName(plan.name))")
      }
      pods.append(assigned)
    }
    if let obstacle {
      acts(on: plan)
      waitsFor(obstacle)
    }
    if let live, live.controller == owner.uid, live.object.metadata.ownerReferences.contains(owner),
      template.isCurrent(live, plan, pods: pods)
    {
      setInitialized(live.object, isComplete: obstacle == nil)
      return true
    }
    return make(plan, template, live: live?.object, pods: pods, isComplete: obstacle == nil)
  }

  private mutating func acts(on plan: PodGangPlan) {
    if let position = selection.position(of: plan.replica) { acts(onReplicaAt: position) }
  }

  /// The PodClique of a member: what the pass has found already, or one of a scaling group.
  private func podClique(
    of member: PodGangPlan.Member, at position: Int, in plan: PodGangPlan
  ) -> PodCliqueAndPods? {
    let count = expected.standalone.count
    guard plan.scope == .base, position < count, let replica = selection.position(of: plan.replica) else {
      return podCliques[member.podClique]
    }
    return standaloneWithPods[replica * count + position]
  }

  private mutating func make(
    _ plan: PodGangPlan, _ template: PodGangTemplate, live: PodGang?, pods: [[NamespacedName]],
    isComplete: Bool
  ) -> Bool {
    let name = objectName(plan.name)
    // Found by its whole name only here: one that is not labelled for us is somebody else's (B-R06).
    let live = live ?? pass.state.podGangs[name]
    if let live, live.metadata.isTerminating {
      acts(on: plan)
      waitsFor("PodGang \(name) is being deleted")
      return true
    }
    var gang = live ?? PodGang()
    gang.metadata.name = name.name
    gang.metadata.namespace = name.namespace
    template.write(plan, to: &gang, pods: pods)
    gang.metadata.setController(owner)
    if gang != live { acts(on: plan) }
    do {
      try write(gang, over: live)
    } catch {
      pass.record(
        .warning, about: key, reason: "PodGangCreateOrUpdateFailed",
        message: "Error Creating/Updating PodGang \(name): \(error)", rule: "R-865")
      fail(
        Self.kind, code: "ERR_CREATE_OR_PATCH_PODGANG",
        message: "Error creating or updating PodGang: \(name) for PodCliqueSet: \(expected.name)",
        cause: error)
      return false
    }
    setInitialized(gang, isComplete: isComplete)
    return true
  }

  private mutating func write(_ gang: PodGang, over live: PodGang?) throws(WriteError) {
    let name = ObjectName(gang.metadata)
    if let live {
      try live.checkOwnership(by: owner, family: expected.name.name)
      if gang == live { return }
      try pass.write(
        .update(.podGang(gang), replacing: .podGang(live)), rule: "R-266",
        reason: reason(false, Self.kind, name))
    } else {
      try pass.write(.create(.podGang(gang)), rule: "R-260", reason: reason(true, Self.kind, name))
    }
    pass.record(
      about: key, reason: "PodGangCreateOrUpdateSuccessful", message: "Created/Updated PodGang \(name)",
      rule: "R-865")
  }

  /// Says whether all pods of the gang are there; once they were, it stays said (R-275…R-279). Whatever else
  /// schedulers write to the status stays (B-R14).
  private mutating func setInitialized(_ gang: PodGang, isComplete: Bool) {
    let type = ConditionType.initialized
    var changed = gang
    if isComplete, !gang.status.conditions.has(type, status: ConditionStatus.yes) {
      changed.status.conditions.set(
        type, status: ConditionStatus.yes, reason: "PodGangPodsCreated",
        message: "PodGang is fully initialized", now: pass.now)
    } else if gang.status.conditions[type] == nil {
      changed.status.conditions.set(
        type, status: ConditionStatus.no, reason: "PodGangPodsCreationPending",
        message: "Not all constituent pods have been created yet", now: pass.now)
    } else {
      return
    }
    if changed.status.phase.isEmpty { changed.status.phase = "Pending" }
    pass.add(
      .updateStatus(.podGang(changed), replacing: .podGang(gang)), rule: isComplete ? "R-278" : "R-275",
      reason: isComplete
        ? "all pods of PodGang \(gang.metadata.name) exist"
        : "not all pods of PodGang \(gang.metadata.name) exist yet")
  }
}
