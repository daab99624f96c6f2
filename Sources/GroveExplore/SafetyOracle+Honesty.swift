internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What statuses say.
extension SafetyOracle {
  /// A PodClique counts exactly the pods that were seen (R-765…R-769).
  func checkHonesty(of clique: PodClique, seen: ObservedState) -> Violation? {
    let status = clique.status
    let name = clique.metadata.name
    if let observed = status.observedGeneration, observed > clique.metadata.generation {
      return Violation(
        .honesty, "PodClique \(name) observed generation \(observed) of \(clique.metadata.generation)")
    }
    let facts = PodFacts(of: clique, in: seen)
    let counts: [(what: String, said: Int32, fact: Int)] = [
      ("replicas", status.replicas, facts.live.count),
      ("readyReplicas", status.readyReplicas, facts.ready),
      ("scheduledReplicas", status.scheduledReplicas, facts.scheduled),
      ("scheduleGatedReplicas", status.scheduleGatedReplicas, facts.gated),
    ]
    for count in counts where Int(count.said) != count.fact {
      return Violation(
        .honesty, "PodClique \(name) says \(count.what) \(count.said), but it is \(count.fact)")
    }
    if Int(status.updatedReplicas) > facts.live.count {
      return Violation(
        .honesty,
        "PodClique \(name) says updatedReplicas \(status.updatedReplicas) of \(facts.live.count) pods")
    }
    if status.conditions.deniesBreach, facts.scheduled < Int(clique.spec.minAvailable ?? clique.spec.replicas)
    {
      return Violation(
        .honesty, "PodClique \(name) says that it is not in breach with \(facts.scheduled) scheduled pods")
    }
    return nil
  }

  /// A scaling group counts only replicas all of whose PodCliques say so themselves (R-752…R-756, B-R28).
  func checkHonesty(of group: PodCliqueScalingGroup, seen: ObservedState) -> Violation? {
    let status = group.status
    let name = group.metadata.name
    if let observed = status.observedGeneration, observed > group.metadata.generation {
      return Violation(
        .honesty,
        "PodCliqueScalingGroup \(name) observed generation \(observed) of \(group.metadata.generation)")
    }
    guard group.metadata.deletionTimestamp == nil else { return nil }
    let facts = GroupFacts(of: group, in: seen)
    var available = 0
    var healthy = 0
    for index in 0..<facts.size {
      let cliques = facts.members(ofReplica: index)
      guard cliques.count == group.spec.cliqueNames.count else { continue }
      if cliques.allSatisfy({ $0.status.readyReplicas >= $0.spec.minAvailable ?? $0.spec.replicas }) {
        available += 1
      }
      if cliques.allSatisfy({ $0.status.conditions.deniesBreach }) { healthy += 1 }
    }
    // A pass that selects a replica writes its status once more before it takes the replica down; counts of an
    // earlier pass may stand there, of which the view knows.
    if case .podCliqueScalingGroup(let before)? = seen[
      ObjectKey(.podCliqueScalingGroup, namespace: group.metadata.namespace, name: name)],
      before.status.availableReplicas == status.availableReplicas,
      before.status.conditions.deniesBreach == status.conditions.deniesBreach
    {
      return nil
    }
    if Int(status.availableReplicas) > available {
      return Violation(
        .honesty,
        "PodCliqueScalingGroup \(name) says availableReplicas \(status.availableReplicas), but it is \(available)"
      )
    }
    if status.conditions.deniesBreach, healthy < Int(group.spec.minAvailable ?? 1) {
      return Violation(
        .honesty,
        "PodCliqueScalingGroup \(name) says that it is not in breach, but only \(healthy) of "
          + "\(group.spec.replicas) replicas say so")
    }
    return nil
  }

  /// A PodCliqueSet observes no generation that it has not, and counts no replica that it has not.
  func checkHonesty(of set: PodCliqueSet, seen: ObservedState) -> Violation? {
    let status = set.status
    let name = set.metadata.name
    if let observed = status.observedGeneration, observed > set.metadata.generation {
      return Violation(
        .honesty, "PodCliqueSet \(name) observed generation \(observed) of \(set.metadata.generation)")
    }
    // A status is also written in the middle of a pass, with the counts of the one before.
    if case .podCliqueSet(let before)? = seen[
      ObjectKey(.podCliqueSet, namespace: set.metadata.namespace, name: name)],
      before.status.availableReplicas == status.availableReplicas
    {
      return nil
    }
    if status.updatedReplicas > status.availableReplicas || status.availableReplicas > set.spec.replicas {
      return Violation(
        .honesty,
        "PodCliqueSet \(name) says \(status.updatedReplicas) updated, \(status.availableReplicas) available of "
          + "\(set.spec.replicas)")
    }
    return nil
  }
}
