internal import GroveModel
internal import KubernetesModel

extension ScalingGroupPass {
  /// Recycles replicas that have been in breach for too long, as long as enough others are not (R-620…R-622,
  ///
  ///
  /// Only PodCliques that are wanted and not being deleted count (B-R39).
  mutating func handleBreaches(at place: ScalingGroupPlace) {
    let delay = place.set.terminationDelay
    var expired: [ScalingGroupPlace.Replica] = []
    var pending: [Int] = []
    for replica in place.replicas {
      let remaining = replica.live.compactMap { _, podClique in
        podClique.wasEverScheduled
          ? podClique.status.conditions.remainingBreach(of: delay, now: now) : nil
      }.min()
      guard let remaining else { continue }
      // What the pods do not bear out is left to the PodClique's next pass (R-600-live).
      let isBorneOut = replica.live.contains { pass.state.isBreachBorneOut(of: $1) }
      if remaining <= .zero || pass.state.defects.contains(.impatience), isBorneOut {
        expired.append(replica)
      } else {
        pending.append(replica.index)
      }
    }
    guard !expired.isEmpty || !pending.isEmpty else { return }
    let healthy = place.replicas.count - expired.count - pending.count
    if healthy < place.expected.groups[place.position].minAvailable {
      // The PodCliqueSet replica goes as a whole. Until then somebody has to look again (B-R37).
      looksAgain = true
      return
    }
    for replica in expired {
      deleteReplica(
        replica.index, podCliques: replica.podCliques.compactMap { $0 }, at: place, rule: "R-621",
        reason: "scaling group replica \(replica.index) was below minAvailable for \(delay.text)")
    }
    if !expired.isEmpty {
      waitingFor = "replicas \(expired.map(\.index)) were terminated, waiting for them to come back"
    } else {
      waitingFor = "replicas \(pending) are below minAvailable and are terminated unless they recover"
    }
  }
}
