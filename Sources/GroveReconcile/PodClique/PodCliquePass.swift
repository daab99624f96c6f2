internal import GroveModel
internal import KubernetesModel

extension Reconciler {
  /// One pass over a PodClique.
  func reconcilePodClique(_ name: ObjectName, observed: ObservedState, now: Timestamp) -> Reconciliation {
    guard let podClique = observed.podCliques[name] else { return Reconciliation() }
    let pass = Pass(configuration: configuration, state: observed, now: now, source: "podclique-controller")
    var run = PodCliquePass(pass, podClique)
    return run.run()
  }
}

/// One pass over a PodClique while it is being made.
struct PodCliquePass {
  var pass: Pass
  /// The PodClique as the steps so far leave it.
  private var written: PodClique
  /// The PodClique as it is to be; differs from ``written`` in status only.
  var podClique: PodClique
  /// Its pods, terminating and finished ones included, in name order.
  let pods: ObjectTable<Pod>.Group
  /// What went wrong so far.
  var errors: [ReconcileError] = []
  /// What has to happen first, if anything.
  var waitingFor: String?

  init(_ pass: Pass, _ podClique: PodClique) {
    self.pass = pass
    written = podClique
    self.podClique = podClique
    pods =
      pass.state.defects.contains(.staleIdentity)
      ? pass.state.podsByOwnerName(of: podClique) : pass.state.pods.controlled(by: podClique.metadata.uid)
  }

  /// Kind, namespace and name: what events are about.
  var key: ObjectKey {
    ObjectKey(.podClique, namespace: podClique.metadata.namespace, name: podClique.metadata.name)
  }

  /// The observed time.
  var now: Timestamp { pass.now }

  mutating func run() -> Reconciliation {
    if podClique.metadata.isTerminating {
      changeFinalizers(
        rule: "R-043", reason: "PodClique is being deleted; its pods follow by garbage collection"
      ) { $0.removeAll { $0 == GroveName.podCliqueFinalizer } }
      return reconciliation()
    }
    changeFinalizers(rule: "R-041", reason: "PodClique has no finalizer") { finalizers in
      if !finalizers.contains(GroveName.podCliqueFinalizer) {
        finalizers.append(GroveName.podCliqueFinalizer)
      }
    }
    guard errors.isEmpty else { return reconciliation() }
    let setName = ObjectName(
      namespace: podClique.metadata.namespace, name: podClique.metadata.labels[LabelKey.partOf] ?? "")
    guard let set = pass.state.podCliqueSets[setName] else {
      // Teardown: the PodClique goes, too, as soon as it is collected.
      errors.append(
        ReconcileError(
          code: "ERR_GET_PODCLIQUESET", operation: "Sync",
          message: "failed to get the PodCliqueSet of PodClique \(key.objectName)",
          cause: "PodCliqueSet \(setName) not found"))
      return reconciliation()
    }
    var place: PodCliquePlace?
    do {
      let found = try PodCliquePlace(of: podClique, in: set, state: pass.state)
      place = found
      syncSpec(at: found)
    } catch {
      errors.append(error)
    }
    recordOutcome()
    updateStatus(of: set, at: place)
    return reconciliation()
  }

  /// Update processing, claims, pods.
  private mutating func syncSpec(at place: PodCliquePlace) {
    processUpdate(at: place)
    let level = ResourceClaimLevel(of: podClique, template: place.template, in: place.set)
    errors += pass.syncResourceClaims(level).errors
    guard errors.isEmpty else { return }
    syncPods(at: place)
  }

  /// Tells how the spec part of the pass ended; errors of former passes are forgotten (B-R01).
  private mutating func recordOutcome() {
    podClique.status.lastErrors = [LastError](errors, previous: podClique.status.lastErrors, now: now)
    if errors.isEmpty, waitingFor == nil {
      podClique.status.observedGeneration = podClique.metadata.generation
    }
  }

  private mutating func updateStatus(of set: PodCliqueSet, at place: PodCliquePlace?) {
    let scheduledBefore = podClique.status.scheduledReplicas
    let census = computeStatus(of: set, at: place)
    guard podClique.status != written.status else { return }
    pass.add(
      .updateStatus(.podClique(podClique), replacing: .podClique(written)), rule: "R-008",
      reason: "\(census.total) of \(podClique.spec.replicas) pods exist, \(census.scheduled) are scheduled, "
        + "\(census.ready) ready")
    written = podClique
    if podClique.status.observedGeneration != nil, scheduledBefore > 0, census.scheduled == 0 {
      pass.record(
        .warning, about: key, reason: "AllScheduledReplicasLost",
        message: "All scheduled pods lost (was \(scheduledBefore)). Gang termination will fire after "
          + "TerminationDelay if the PodClique stays below MinAvailable; investigate node availability or "
          + "capacity.",
        rule: "R-867")
    }
  }

  /// Notes that something about the pods went wrong.
  mutating func fail(_ code: String, _ message: String, cause: String? = nil) {
    errors.append(
      ReconcileError(code: code, operation: "Sync", message: message, cause: cause, component: "Pod"))
  }

  private mutating func changeFinalizers(
    rule: RuleID, reason: String, _ change: (inout [String]) -> Void
  ) {
    change(&podClique.metadata.finalizers)
    guard podClique.metadata.finalizers != written.metadata.finalizers else { return }
    do {
      try pass.write(
        .update(.podClique(podClique), replacing: .podClique(written)), rule: rule, reason: reason)
      written = podClique
    } catch {
      errors.append(
        ReconcileError(
          code: "ERR_UPDATE_PODCLIQUE", operation: "Sync",
          message: "failed to update the finalizers of PodClique \(key.objectName)", cause: error.description)
      )
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
    // An error does not hide that something has to be looked at again (B-R41).
    if waitingFor != nil { result.requeueAfter = retryDelay }
    return result
  }
}
