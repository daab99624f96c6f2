internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What the operator takes down itself.
extension SafetyOracle {
  /// Looks at what one pass deleted.
  func checkDisruption(_ writes: [Write], seen: ObservedState) -> Violation? {
    var pods: [Pod] = []
    var podCliques: [PodClique] = []
    for write in writes where write.applied.verb == .delete {
      switch write.old {
      case .pod(let pod)?: pods.append(pod)
      case .podClique(let clique)?: podCliques.append(clique)
      default: break
      }
    }
    guard let pass = writes.first?.applied.pass, let time = writes.first?.applied.time else { return nil }
    if case .podClique(let clique)? = seen[pass], !pods.isEmpty {
      return checkPods(pods.compactMap { Self.seen($0, in: seen) }, of: clique, seen: seen)
    }
    if case .podCliqueScalingGroup(let group)? = seen[pass], !podCliques.isEmpty {
      let isUpdating = writes.contains { write in
        guard case .podCliqueScalingGroup(let written)? = write.new else { return false }
        return written.status.isUpdating
      }
      return checkMembers(
        podCliques, of: group, isUpdating: isUpdating || group.status.isUpdating, at: time, seen: seen)
    }
    if case .podCliqueSet(let set)? = seen[pass], !podCliques.isEmpty {
      return checkRecycling(podCliques, of: set, at: time, seen: seen)
    }
    return nil
  }

  /// The pod as the operator saw it: what it decided on.
  private static func seen(_ pod: Pod, in state: ObservedState) -> Pod? {
    let key = ObjectKey(.pod, namespace: pod.metadata.namespace, name: pod.metadata.name)
    guard case .pod(let seen)? = state[key] else { return nil }
    return seen
  }

  // MARK: Pods of a PodClique

  /// Of serving pods those that are too many may go, or one outdated one while all others serve (R-355, R-684…R-686).
  private func checkPods(_ deleted: [Pod], of clique: PodClique, seen: ObservedState) -> Violation? {
    let facts = PodFacts(of: clique, in: seen)
    // Of two pods with one index, one has to go (R-305-taken).
    let serving = deleted.filter { pod in
      pod.isLive && pod.serves
        && !facts.live.contains {
          $0.spec.hostname == pod.spec.hostname && $0.metadata.name != pod.metadata.name
        }
    }
    guard !serving.isEmpty else { return nil }
    let name = clique.metadata.name
    let wanted = Int(max(clique.spec.replicas, 0))
    let excess = max(facts.live.count - wanted, 0)
    if deleted.count(where: \.isLive) <= excess {
      // The ones that serve go last.
      let idle = facts.live.count { !$0.serves && !$0.isBound }
      if serving.count > max(excess - idle, 0) {
        return Violation(.disruption, "PodClique \(name) gave up serving pods although \(idle) have no node")
      }
      return nil
    }
    guard case .podCliqueSet(let set)? = seen[Self.setKey(of: clique.metadata)] else { return nil }
    if set.spec.updateStrategy?.type == .onDelete {
      return Violation(.disruption, "pods of \(name) were deleted although the strategy is OnDelete")
    }
    // Those that are too many may go beside the one that is replaced.
    if serving.count > excess + 1 {
      let names = serving.map(\.metadata.name).joined(separator: ", ")
      return Violation(.disruption, "PodClique \(name) lost several serving pods at once: \(names)")
    }
    let selected = clique.status.updateProgress?.readyPodsSelectedToUpdate?.current
    if let pod = serving.first, pod.metadata.name == selected { return nil }
    if facts.live.count < wanted || facts.ready < wanted {
      return Violation(
        .disruption,
        "PodClique \(name) gave up serving pod \(serving[0].metadata.name) while only \(facts.ready) of \(wanted) "
          + "pods serve")
    }
    let minimum = Int(clique.spec.minAvailable ?? clique.spec.replicas)
    if facts.ready < minimum {
      return Violation(
        .disruption,
        "PodClique \(name) gave up a serving pod with \(facts.ready) below minAvailable \(minimum)")
    }
    if let progress = set.status.updateProgress, progress.updateEndedAt == nil,
      let current = progress.currentlyUpdating.first,
      clique.metadata.labels[LabelKey.podCliqueSetReplicaIndex] != String(current.replicaIndex)
    {
      return Violation(
        .disruption, "PodClique \(name) gave up a pod while replica \(current.replicaIndex) is being updated")
    }
    return nil
  }

  // MARK: Replicas of a scaling group

  /// A replica that serves goes only when it is too many or the one that is being updated; one that does not, when it
  /// was in breach for long or is updated.
  private func checkMembers(
    _ deleted: [PodClique], of group: PodCliqueScalingGroup, isUpdating: Bool, at time: Timestamp,
    seen: ObservedState
  ) -> Violation? {
    guard case .podCliqueSet(let set)? = seen[Self.setKey(of: group.metadata)] else { return nil }
    let facts = GroupFacts(of: group, in: seen)
    // Cliques that the template does not have, and replicas that are too many, go at any time.
    let replicas = (0..<facts.size).filter { index in
      deleted.contains { clique in facts.names(ofReplica: index).contains(clique.metadata.name) }
    }
    guard !replicas.isEmpty else { return nil }
    let name = group.metadata.name
    let delay = set.spec.template.terminationDelay ?? .hours(4)
    // A pass that begins an update may end before it tells.
    let replica = group.metadata.labels[LabelKey.podCliqueSetReplicaIndex]
    let isTurn =
      set.status.updateProgress?.updateEndedAt == nil
      && set.status.updateProgress?.currentlyUpdating.first.map { String($0.replicaIndex) } == replica
    if !isUpdating, !isTurn {
      for index in replicas
      where !facts.members(ofReplica: index).contains(where: { $0.isBreached(for: delay, at: time) }) {
        return Violation(
          .disruption, "replica \(index) of \(name) was recycled without a breach that lasted \(delay.text)")
      }
    }
    let selected = group.status.updateProgress?.readyReplicaIndicesSelectedToUpdate?.current
    let lost = replicas.filter { facts.serves($0) && selected != Int32($0) }
    guard !lost.isEmpty else { return nil }
    if set.spec.updateStrategy?.type == .onDelete {
      return Violation(.disruption, "replicas of \(name) were deleted although the strategy is OnDelete")
    }
    if lost.count > 1 {
      return Violation(
        .disruption, "scaling group \(name) gave up replicas \(lost) at once, all of which serve")
    }
    let available = (0..<facts.size).count { facts.serves($0) }
    if available < Int(group.spec.minAvailable ?? 1) {
      return Violation(
        .disruption, "scaling group \(name) gave up replica \(lost[0]) with \(available) below minAvailable")
    }
    if let selected, Int(selected) < facts.size, !facts.serves(Int(selected)) {
      return Violation(
        .disruption, "scaling group \(name) gave up replica \(lost[0]) while replica \(selected) is not back")
    }
    return nil
  }

  // MARK: Replicas of a PodCliqueSet

  /// A replica goes only when it is too many, or something in it was in breach for as long as the termination delay
  /// . What is being deleted already is no reason (R-600-live).
  private func checkRecycling(
    _ deleted: [PodClique], of set: PodCliqueSet, at time: Timestamp, seen: ObservedState
  ) -> Violation? {
    let key = LabelKey.podCliqueSetReplicaIndex
    let delay = set.spec.template.terminationDelay ?? .hours(4)
    let name = set.metadata.name
    let grouped = Set(set.spec.template.podCliqueScalingGroups.flatMap(\.cliqueNames))
    for index in 0..<max(Int(set.spec.replicas), 0) {
      let groups = set.spec.template.podCliqueScalingGroups.compactMap { config -> GroupFacts? in
        let key = ObjectKey(
          .podCliqueScalingGroup, namespace: set.metadata.namespace, name: "\(name)-\(index)-\(config.name)")
        guard case .podCliqueScalingGroup(let group)? = seen[key] else { return nil }
        return GroupFacts(of: group, in: seen)
      }
      let standalone = set.spec.template.cliques.filter { !grouped.contains($0.name) }
        .map { "\(name)-\(index)-\($0.name)" }
      let wanted = standalone + groups.flatMap(\.names)
      guard deleted.contains(where: { wanted.contains($0.metadata.name) }) else { continue }
      let isCliqueInBreach = seen.dependents(of: set.metadata.uid).contains { resource in
        guard case .podClique(let clique) = resource, clique.metadata.labels[key] == String(index),
          standalone.contains(clique.metadata.name)
        else { return false }
        return clique.isBreached(for: delay, at: time)
          && PodFacts(of: clique, in: seen).isBelowMinimum(of: clique)
      }
      if !isCliqueInBreach, !groups.contains(where: { $0.isBreached(for: delay, at: time) }) {
        return Violation(
          .disruption, "replica \(index) of \(name) was recycled without a breach that lasted \(delay.text)")
      }
    }
    return nil
  }

  static func setKey(of metadata: ObjectMeta) -> ObjectKey {
    ObjectKey(
      .podCliqueSet, namespace: metadata.namespace, name: metadata.labels[LabelKey.partOf] ?? "")
  }
}

/// The replicas of a scaling group as they were seen.
struct GroupFacts {
  let group: PodCliqueScalingGroup
  private let state: ObservedState
  private var byName: [String: PodClique] = [:]

  init(of group: PodCliqueScalingGroup, in state: ObservedState) {
    self.group = group
    self.state = state
    for case .podClique(let clique) in state.dependents(of: group.metadata.uid) {
      byName[clique.metadata.name] = clique
    }
  }

  /// How many replicas there should be.
  var size: Int { max(Int(group.spec.replicas), 0) }

  /// The PodCliques that a replica should have; written out, so as not to trust what is looked at.
  func names(ofReplica index: Int) -> [String] {
    group.spec.cliqueNames.map { "\(group.metadata.name)-\(index)-\($0)" }
  }

  /// The PodCliques that there should be.
  var names: [String] { (0..<size).flatMap { names(ofReplica: $0) } }

  /// Those of a replica that are there and not being deleted.
  func members(ofReplica index: Int) -> [PodClique] {
    names(ofReplica: index).compactMap { byName[$0] }.filter { $0.metadata.deletionTimestamp == nil }
  }

  /// Whether a replica is complete and has its minimum of scheduled and of ready pods.
  func serves(_ index: Int) -> Bool {
    let members = members(ofReplica: index)
    return members.count == group.spec.cliqueNames.count
      && members.allSatisfy { clique in
        let pods = PodFacts(of: clique, in: state)
        let minimum = Int(clique.spec.minAvailable ?? clique.spec.replicas)
        return pods.ready >= minimum && pods.scheduled >= minimum
      }
  }

  /// Whether the group was in breach for as long as a delay, for more than what is being deleted.
  func isBreached(for delay: Duration, at time: Timestamp) -> Bool {
    guard group.metadata.deletionTimestamp == nil,
      group.status.conditions.saysBreach(for: delay, at: time)
    else { return false }
    let fine = (0..<size).count { index in
      if names(ofReplica: index).contains(where: { byName[$0]?.metadata.deletionTimestamp != nil }) {
        return true
      }
      let members = members(ofReplica: index)
      return members.count == group.spec.cliqueNames.count
        && members.allSatisfy { !PodFacts(of: $0, in: state).isBelowMinimum(of: $0) }
    }
    return fine < Int(group.spec.minAvailable ?? 1)
  }
}

extension PodFacts {
  /// Whether fewer pods are up, or may still come up, than the PodClique can do with.
  func isBelowMinimum(of clique: PodClique) -> Bool {
    let failing = live.count { pod in
      guard pod.isBound, !pod.serves else { return false }
      let hasFailed = (pod.status.initContainerStatuses + pod.status.containerStatuses).contains {
        ($0.lastState?.terminated?.exitCode ?? 0) != 0
      }
      return hasFailed || pod.status.containerStatuses.contains { $0.started == true && !$0.ready }
    }
    return scheduled - failing < Int(clique.spec.minAvailable ?? clique.spec.replicas)
  }
}

extension PodClique {
  /// Whether it says that it has been in breach for as long as a delay, and is not being deleted.
  fileprivate func isBreached(for delay: Duration, at time: Timestamp) -> Bool {
    metadata.deletionTimestamp == nil && status.conditions.saysBreach(for: delay, at: time)
  }
}

extension PodCliqueScalingGroupStatus {
  fileprivate var isUpdating: Bool { updateProgress != nil && updateProgress?.updateEndedAt == nil }
}

extension [Condition] {
  /// Whether `MinAvailableBreached` has been true for as long as a delay.
  fileprivate func saysBreach(for delay: Duration, at time: Timestamp) -> Bool {
    contains {
      $0.type == "MinAvailableBreached" && $0.status == "True" && time - $0.lastTransitionTime >= delay
    }
  }

  /// Whether `MinAvailableBreached` is false.
  var deniesBreach: Bool { contains { $0.type == "MinAvailableBreached" && $0.status == "False" } }
}
