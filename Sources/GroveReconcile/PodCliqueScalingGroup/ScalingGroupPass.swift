internal import GroveModel
internal import KubernetesModel

extension Reconciler {
  /// One pass over a PodCliqueScalingGroup.
  func reconcileScalingGroup(_ name: ObjectName, observed: ObservedState, now: Timestamp) -> Reconciliation {
    guard let group = observed.podCliqueScalingGroups[name] else { return Reconciliation() }
    let pass = Pass(
      configuration: configuration, state: observed, now: now, source: "podcliquescalinggroup-controller")
    var run = ScalingGroupPass(pass, group)
    return run.run()
  }
}

/// One pass over a PodCliqueScalingGroup while it is being made.
struct ScalingGroupPass {
  var pass: Pass
  /// The group as the steps so far leave it.
  private var written: PodCliqueScalingGroup
  /// The group as it is to be; differs from ``written`` in status only.
  var group: PodCliqueScalingGroup
  /// What went wrong so far.
  var errors: [ReconcileError] = []
  /// What has to happen before the group's generation counts as processed, if anything.
  var waitingFor: String?
  /// Whether to look again although the generation is processed.
  var looksAgain = false

  init(_ pass: Pass, _ group: PodCliqueScalingGroup) {
    self.pass = pass
    written = group
    self.group = group
  }

  /// Kind, namespace and name: what events are about.
  var key: ObjectKey {
    ObjectKey(.podCliqueScalingGroup, namespace: group.metadata.namespace, name: group.metadata.name)
  }

  /// The observed time.
  var now: Timestamp { pass.now }

  mutating func run() -> Reconciliation {
    if group.metadata.isTerminating {
      changeFinalizers(
        rule: "R-042",
        reason: "PodCliqueScalingGroup is being deleted; its PodCliques follow by garbage collection"
      ) { $0.removeAll { $0 == GroveName.scalingGroupFinalizer } }
      return reconciliation()
    }
    changeFinalizers(rule: "R-041", reason: "PodCliqueScalingGroup has no finalizer") { finalizers in
      if !finalizers.contains(GroveName.scalingGroupFinalizer) {
        finalizers.append(GroveName.scalingGroupFinalizer)
      }
    }
    guard errors.isEmpty else { return reconciliation() }
    let setName = ObjectName(
      namespace: group.metadata.namespace, name: group.metadata.labels[LabelKey.partOf] ?? "")
    guard let set = pass.state.podCliqueSets[setName] else {
      // Teardown: the group goes, too, as soon as it is collected.
      errors.append(
        ReconcileError(
          code: "ERR_GET_PODCLIQUESET", operation: "Sync",
          message: "failed to get the PodCliqueSet of PodCliqueScalingGroup \(key.objectName)",
          cause: "PodCliqueSet \(setName) not found"))
      return reconciliation()
    }
    var place: ScalingGroupPlace?
    do {
      let found = try ScalingGroupPlace(of: group, in: set, state: pass.state)
      place = found
      syncSpec(at: found)
    } catch {
      errors.append(error)
    }
    // Errors of former passes are forgotten (R-017, B-R01).
    group.status.lastErrors = [LastError](errors, previous: group.status.lastErrors, now: now)
    if errors.isEmpty, waitingFor == nil { group.status.observedGeneration = group.metadata.generation }
    updateStatus(at: place)
    return reconciliation()
  }

  /// Update processing, claims, members, then breaches or the update.
  private mutating func syncSpec(at place: ScalingGroupPlace) {
    processUpdate(at: place)
    let claims = pass.syncResourceClaims(ResourceClaimLevel(of: group, config: place.config, in: place.set))
    errors += claims.errors
    looksAgain = claims.isWaitingForPods
    guard errors.isEmpty else { return }
    deleteExcessMembers(at: place)
    guard errors.isEmpty else { return }
    syncMembers(at: place)
    guard errors.isEmpty else { return }
    if !isUpdating {
      handleBreaches(at: place)
    } else if !place.set.updatesOnDelete, !place.set.isRolling || place.set.updatingReplica == place.replica {
      // A newer template may have moved the update to another replica; this one waits for its turn (R-656-turn).
      rollReplicas(at: place)
    }
  }

  /// Whether an update is under way.
  var isUpdating: Bool {
    guard let progress = group.status.updateProgress else { return false }
    return progress.updateEndedAt == nil
  }

  /// Writes the status as far as it is known, before something that must not happen unknown to the next pass.
  mutating func writeStatus(rule: RuleID, reason: String) {
    guard group.status != written.status else { return }
    pass.add(
      .updateStatus(.podCliqueScalingGroup(group), replacing: .podCliqueScalingGroup(written)), rule: rule,
      reason: reason)
    written = group
  }

  private mutating func updateStatus(at place: ScalingGroupPlace?) {
    let scheduledBefore = group.status.scheduledReplicas
    computeStatus(at: place)
    let status = group.status
    writeStatus(
      rule: "R-008",
      reason: "\(status.scheduledReplicas) of \(status.replicas) replicas are scheduled, "
        + "\(status.availableReplicas) available")
    if scheduledBefore > 0, status.scheduledReplicas == 0 {
      pass.record(
        .warning, about: key, reason: "AllScheduledReplicasLost",
        message: "All scheduled replicas lost (was \(scheduledBefore)). Gang termination will fire after "
          + "TerminationDelay if the PCSG stays below MinAvailable; investigate node availability or capacity.",
        rule: "R-867")
    }
  }

  private mutating func changeFinalizers(
    rule: RuleID, reason: String, _ change: (inout [String]) -> Void
  ) {
    change(&group.metadata.finalizers)
    guard group.metadata.finalizers != written.metadata.finalizers else { return }
    do {
      try pass.write(
        .update(.podCliqueScalingGroup(group), replacing: .podCliqueScalingGroup(written)), rule: rule,
        reason: reason)
      written = group
    } catch {
      errors.append(
        ReconcileError(
          code: "ERR_UPDATE_PODCLIQUESCALINGGROUP", operation: "Sync",
          message: "failed to update the finalizers of PodCliqueScalingGroup \(key.objectName)",
          cause: error.description))
    }
  }

  private func reconciliation() -> Reconciliation {
    var result = Reconciliation()
    result.steps = pass.steps
    if !errors.isEmpty {
      result.outcome = .failed(errors)
    } else if let waitingFor {
      result.outcome = .waiting(waitingFor)
    }
    if waitingFor != nil || looksAgain { result.requeueAfter = retryDelay }
    return result
  }
}
