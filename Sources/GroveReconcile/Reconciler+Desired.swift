public import GroveModel
public import KubernetesModel

extension Reconciler {
  /// Decides what to do about one whole PodCliqueSet: itself, its scaling groups, PodCliques and PodGangs.
  ///
  /// For whoever holds everything in memory and wants one answer a round. Carry the steps out, observe, ask again;
  /// when there are no steps and the outcome is settled, the cluster is as desired.
  ///
  /// - Parameters:
  ///   - desired: the PodCliqueSet as admission returns it; its status is not looked at.
  ///   - observed: what is observed of the cluster.
  ///   - now: the time.
  /// - Returns: the steps of all passes, owners before what they own. While the PodCliqueSet itself is missing or
  ///   differs from what is desired, the only step is to write it: all else follows from what is stored.
  public func reconcile(
    desired: PodCliqueSet, observed: ObservedState, now: Timestamp
  ) -> Reconciliation {
    let name = ObjectName(desired.metadata)
    guard let live = observed.podCliqueSets[name] else {
      let step = Step(
        .create(.podCliqueSet(desired)), rule: "R-001", reason: "PodCliqueSet \(name.name) is missing")
      return Reconciliation(steps: [step], outcome: .waiting("PodCliqueSet \(name) has to be created first"))
    }
    var wanted = live
    wanted.spec = desired.spec
    wanted.metadata.labels = desired.metadata.labels
    wanted.metadata.annotations = desired.metadata.annotations
    guard wanted == live || live.metadata.isTerminating else {
      let step = Step(
        .update(.podCliqueSet(wanted), replacing: .podCliqueSet(live)), rule: "R-001",
        reason: "PodCliqueSet \(name.name) differs from what is desired")
      return Reconciliation(steps: [step], outcome: .waiting("PodCliqueSet \(name) has to be updated first"))
    }
    var all = Reconciliation()
    var view = observed
    for key in observed.tree(of: name) {
      let next = reconcile(key, observed: view, now: now)
      for step in next.steps { view.foresee(step.action, now: now) }
      all.add(next)
    }
    return all
  }
}

extension ObservedState {
  /// A PodCliqueSet and what belongs to it and has passes of its own, owners first.
  fileprivate func tree(of set: ObjectName) -> [ObjectKey] {
    func keys(_ kind: ResourceKind, _ names: some Sequence<String>) -> [ObjectKey] {
      names.map { ObjectKey(kind, namespace: set.namespace, name: $0) }
    }
    return keys(.podCliqueSet, [set.name])
      + keys(.podCliqueScalingGroup, podCliqueScalingGroups.family(set).lazy.map(\.object.metadata.name))
      + keys(.podClique, podCliques.family(set).lazy.map(\.object.metadata.name))
      + keys(.podGang, podGangs.family(set).lazy.map(\.object.metadata.name))
  }
}

extension ObservedState {
  /// Looks ahead to what an action will have done, so that the next pass builds on it. What is created is not looked
  /// ahead to: it has no uid yet.
  fileprivate mutating func foresee(_ action: Action, now: Timestamp) {
    switch action {
    case .create, .record: break
    case .update(let resource, _), .updateStatus(let resource, _):
      if self[resource.key] != nil { insert(resource) }
    case .delete(let reference):
      guard var resource = self[reference.key] else { break }
      if resource.metadata.finalizers.isEmpty {
        remove(reference.key)
      } else {
        resource.metadata.deletionTimestamp = resource.metadata.deletionTimestamp ?? now
        insert(resource)
      }
    }
  }
}

extension Reconciliation {
  /// Takes another pass along: its steps come after, the worse outcome counts, and so does the earlier requeue.
  fileprivate mutating func add(_ other: Reconciliation) {
    steps += other.steps
    if let delay = other.requeueAfter { requeueAfter = min(requeueAfter ?? delay, delay) }
    switch (outcome, other.outcome) {
    case (.failed(let errors), .failed(let more)): outcome = .failed(errors + more)
    case (_, .failed), (.settled, .waiting): outcome = other.outcome
    default: break
    }
  }
}
