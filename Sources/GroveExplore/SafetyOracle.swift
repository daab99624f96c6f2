internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What has to hold at every write of the operator.
///
/// It knows nothing of how the operator decides. It looks at what the operator saw before a pass, at what it wrote,
/// and at what is there afterwards.
struct SafetyOracle: Sendable {
  /// Whether a pod may have been created of which the operator could not know: a reply was lost while watches lag.
  /// Names of pods are drawn by the API server, so it may create another one.
  var mayHaveUnknownPods = false

  /// A write with the object before and after it.
  struct Write {
    var applied: AppliedWrite
    var old: Resource?
    var new: Resource?
  }

  /// Looks at the writes of one pass.
  ///
  /// - Parameters:
  ///   - writes: what was written, in order.
  ///   - seen: what the operator saw before.
  ///   - now: what is there now.
  /// - Returns: the first thing that is wrong, if any.
  func check(_ writes: [Write], seen: ObservedState, now: ObservedState) -> Violation? {
    for write in writes {
      if let violation = checkBelonging(write, seen: seen) ?? checkForeign(write) { return violation }
      switch (write.applied.verb, write.old, write.new) {
      case (.create, _, .pod(let pod)?):
        if let violation = checkIndex(of: pod, now: now) { return violation }
      case (.update, .pod(let old)?, .pod(let new)?):
        if let violation = checkGate(from: old, to: new, seen: seen) { return violation }
      case (.updateStatus, .podGang(let old)?, .podGang(let new)?):
        if let violation = checkCompleteness(from: old, to: new, seen: seen) { return violation }
      case (.updateStatus, _, .podClique(let new)?):
        if let violation = checkHonesty(of: new, seen: seen) { return violation }
      case (.updateStatus, _, .podCliqueScalingGroup(let new)?):
        if let violation = checkHonesty(of: new, seen: seen) { return violation }
      case (.updateStatus, _, .podCliqueSet(let new)?):
        if let violation = checkHonesty(of: new, seen: seen) { return violation }
      default: break
      }
    }
    return writes.contains { $0.applied.verb == .delete } ? checkDisruption(writes, seen: seen) : nil
  }

  // MARK: Whose object it is

  /// Only what was seen is touched, and only by the pass that it belongs to.
  private func checkBelonging(_ write: Write, seen: ObservedState) -> Violation? {
    guard let old = write.old else { return nil }
    let key = write.applied.object
    // An object that the pass itself made is not among what it saw before.
    if write.applied.verb == .delete, seen[key]?.metadata.uid != old.metadata.uid {
      return Violation(.identity, "\(key) with uid \(old.metadata.uid) was deleted, but never seen")
    }
    let pass = write.applied.pass
    if key == pass { return nil }
    guard let owner = seen[pass]?.metadata else { return nil }
    guard let controller = old.metadata.controller else {
      // What nobody controls may be adopted when it is labelled for the PodCliqueSet.
      return nil
    }
    if controller.uid == owner.uid { return nil }
    // A pass over a PodCliqueSet also recycles what its scaling groups control.
    if pass.kind == .podCliqueSet, controller.kind == ResourceKind.podCliqueScalingGroup.kind {
      let group = seen[ObjectKey(.podCliqueScalingGroup, namespace: key.namespace, name: controller.name)]
      if let group, group.metadata.controller?.uid == owner.uid { return nil }
      if old.metadata.labels[LabelKey.partOf] == pass.name, write.applied.verb == .delete { return nil }
    }
    return Violation(
      .identity,
      "the pass over \(pass) changed \(key), which belongs to \(controller.kind) \(controller.name) with uid "
        + "\(controller.uid)")
  }

  /// What others put on objects stays.
  private func checkForeign(_ write: Write) -> Violation? {
    guard let old = write.old, let new = write.new else { return nil }
    let key = write.applied.object
    let (before, after) = (old.metadata, new.metadata)
    for finalizer in before.finalizers
    where !finalizer.hasPrefix("grove.io/") && !after.finalizers.contains(finalizer) {
      return Violation(.foreign, "finalizer \(finalizer) of \(key) was removed")
    }
    guard write.applied.verb == .update else { return nil }
    switch (old, new) {
    case (.pod(var pod), .pod(let written)):
      pod.spec.schedulingGates.removeAll { $0.name == GroveName.schedulingGate }
      if pod.spec != written.spec || before.labels != after.labels || before.annotations != after.annotations
      {
        return Violation(.foreign, "more than Grove's gate was changed on \(key)")
      }
    case (.podCliqueSet(let set), .podCliqueSet(let written)):
      if set.spec != written.spec || before.labels != after.labels || before.annotations != after.annotations
      {
        return Violation(.foreign, "the user's part of \(key) was changed")
      }
    case (.node, _), (.priorityClass, _), (.resourceClaimTemplate, _):
      return Violation(.foreign, "\(key) is not the operator's to change")
    default: break
    }
    return nil
  }

  // MARK: Pods and gangs

  private func checkIndex(of pod: Pod, now: ObservedState) -> Violation? {
    guard !mayHaveUnknownPods, let owner = pod.metadata.controller?.uid else { return nil }
    for case .pod(let other) in now.dependents(of: owner)
    where other.metadata.name != pod.metadata.name && other.spec.hostname == pod.spec.hostname
      && other.isLive
    {
      return Violation(
        .indices,
        "pods \(other.metadata.name) and \(pod.metadata.name) both have host name \(pod.spec.hostname)")
    }
    return nil
  }

  /// A gate is lifted only from a pod whose gang is complete and lists it, and after the base gang (R-365, B-R19).
  private func checkGate(from old: Pod, to new: Pod, seen: ObservedState) -> Violation? {
    guard old.isHeldByGrove, !new.isHeldByGrove else { return nil }
    let namespace = new.metadata.namespace
    let name = new.metadata.labels[LabelKey.podGang] ?? ""
    guard case .podGang(let gang)? = seen[ObjectKey(.podGang, namespace: namespace, name: name)] else {
      return Violation(.gating, "pod \(new.metadata.name) was let go, but its PodGang \(name) does not exist")
    }
    guard gang.status.conditions.contains(where: { $0.type == "Initialized" && $0.status == "True" }) else {
      return Violation(.gating, "pod \(new.metadata.name) was let go before PodGang \(name) is complete")
    }
    let isListed = gang.spec.podgroups.contains { group in
      group.podReferences.contains { $0.name == new.metadata.name && $0.namespace == namespace }
    }
    guard isListed else {
      return Violation(.gating, "pod \(new.metadata.name) was let go, but PodGang \(name) does not list it")
    }
    guard let base = new.metadata.labels[LabelKey.basePodGang] else { return nil }
    guard case .podGang(let baseGang)? = seen[ObjectKey(.podGang, namespace: namespace, name: base)] else {
      return Violation(
        .gating, "pod \(new.metadata.name) was let go, but base PodGang \(base) does not exist")
    }
    for group in baseGang.spec.podgroups {
      let key = ObjectKey(.podClique, namespace: namespace, name: group.name)
      guard case .podClique(let clique)? = seen[key], clique.status.scheduledReplicas >= group.minReplicas
      else {
        return Violation(
          .gating, "pod \(new.metadata.name) was let go before the base gang: \(group.name) is not scheduled")
      }
    }
    return nil
  }

  /// Initialized is said only of gangs all of whose pods exist.
  private func checkCompleteness(from old: PodGang, to new: PodGang, seen: ObservedState) -> Violation? {
    func isInitialized(_ gang: PodGang) -> Bool {
      gang.status.conditions.contains { $0.type == "Initialized" && $0.status == "True" }
    }
    guard isInitialized(new), !isInitialized(old) else { return nil }
    for group in new.spec.podgroups {
      let key = ObjectKey(.podClique, namespace: new.metadata.namespace, name: group.name)
      guard case .podClique(let clique)? = seen[key] else {
        return Violation(
          .completeness, "PodGang \(new.metadata.name) is said to be complete without PodClique \(group.name)"
        )
      }
      let pods = PodFacts(of: clique, in: seen)
      if pods.live.count < Int(clique.spec.replicas) {
        return Violation(
          .completeness,
          "PodGang \(new.metadata.name) is said to be complete with \(pods.live.count) of "
            + "\(clique.spec.replicas) pods of \(group.name)")
      }
    }
    return nil
  }
}

/// The pods of a PodClique as they were seen.
struct PodFacts {
  /// Those that are neither terminating nor finished.
  var live: [Pod] = []

  init(of clique: PodClique, in state: ObservedState) {
    for case .pod(let pod) in state.dependents(of: clique.metadata.uid) where pod.isLive { live.append(pod) }
  }

  var ready: Int { live.count { $0.serves } }
  var scheduled: Int { live.count { $0.isBound } }
  var gated: Int { live.count { $0.isReportedGated } }
}

extension Pod {
  /// Neither being deleted nor finished.
  var isLive: Bool {
    metadata.deletionTimestamp == nil && status.phase != "Succeeded" && status.phase != "Failed"
  }

  /// Condition Ready.
  var serves: Bool { status.conditions.contains { $0.type == "Ready" && $0.status == "True" } }

  /// Condition PodScheduled.
  var isBound: Bool { status.conditions.contains { $0.type == "PodScheduled" && $0.status == "True" } }

  /// Whether the pod is reported as held back by scheduling gates.
  var isReportedGated: Bool {
    status.conditions.contains {
      $0.type == "PodScheduled" && $0.status == "False" && $0.reason == "SchedulingGated"
    }
  }

  /// Whether Grove's gate holds the pod back.
  var isHeldByGrove: Bool { spec.schedulingGates.contains { $0.name == GroveName.schedulingGate } }
}
