internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What the operator takes down itself.
extension SafetyOracle {
  /// Looks at what one pass deleted.
  func checkDisruption(_ writes: [Write], seen: ObservedState) -> Violation? {
    var pods: [Pod] = []
    var podCliques: [(clique: PodClique, rule: String)] = []
    for write in writes where write.applied.verb == .delete {
      switch write.old {
      case .pod(let pod)?: pods.append(pod)
      case .podClique(let clique)?: podCliques.append((clique, write.applied.rule.description))
      default: break
      }
    }
    guard let pass = writes.first?.applied.pass else { return nil }
    if case .podClique(let clique)? = seen[pass], !pods.isEmpty {
      return checkPods(pods.compactMap { Self.seen($0, in: seen) }, of: clique, seen: seen)
    }
    if case .podCliqueScalingGroup(let group)? = seen[pass], !podCliques.isEmpty {
      return checkMembers(podCliques.map(\.clique), of: group, seen: seen)
    }
    if case .podCliqueSet(let set)? = seen[pass], !podCliques.isEmpty {
      return checkRecycling(podCliques.map(\.clique), of: set, seen: seen)
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

  /// A replica that serves goes only when it is too many, in breach for long, or the one that is being updated
  ///
  private func checkMembers(
    _ deleted: [PodClique], of group: PodCliqueScalingGroup, seen: ObservedState
  ) -> Violation? {
    let key = LabelKey.scalingGroupReplicaIndex
    var replicas: [Int] = []
    for clique in deleted {
      guard let index = clique.metadata.labels[key].flatMap({ Int($0) }) else { continue }
      if index < Int(group.spec.replicas), !replicas.contains(index) { replicas.append(index) }
    }
    guard !replicas.isEmpty, case .podCliqueSet(let set)? = seen[Self.setKey(of: group.metadata)] else {
      return nil
    }
    var members: [Int: [PodClique]] = [:]
    for case .podClique(let clique) in seen.dependents(of: group.metadata.uid) {
      if let index = clique.metadata.labels[key].flatMap({ Int($0) }),
        clique.metadata.deletionTimestamp == nil
      {
        members[index, default: []].append(clique)
      }
    }
    let size = group.spec.cliqueNames.count
    func serves(_ index: Int) -> Bool {
      let cliques = members[index] ?? []
      return cliques.count == size
        && cliques.allSatisfy {
          $0.status.readyReplicas >= $0.spec.minAvailable ?? $0.spec.replicas
            && $0.status.scheduledReplicas >= $0.spec.minAvailable ?? $0.spec.replicas
        }
    }
    let selected = group.status.updateProgress?.readyReplicaIndicesSelectedToUpdate?.current
    let named = Set(group.spec.cliqueNames)
    let lost = replicas.filter { index in
      serves(index) && Int32(index) != selected.map { Int32($0) }
        && deleted.contains { clique in
          // Cliques that the template does not have go at any time.
          clique.metadata.labels[key] == String(index)
            && named.contains { clique.metadata.name.hasSuffix("-\($0)") }
        }
    }
    guard !lost.isEmpty else { return nil }
    let name = group.metadata.name
    // In breach for longer than the delay: recycled.
    let delay = set.spec.template.terminationDelay ?? .hours(4)
    if lost.allSatisfy({ (members[$0] ?? []).contains { $0.isBreached(for: delay, now: seen, in: set) } }) {
      return nil
    }
    if set.spec.updateStrategy?.type == .onDelete {
      return Violation(.disruption, "replicas of \(name) were deleted although the strategy is OnDelete")
    }
    if lost.count > 1 {
      return Violation(
        .disruption, "scaling group \(name) gave up replicas \(lost) at once, all of which serve")
    }
    let available = (0..<Int(group.spec.replicas)).count { serves($0) }
    let minimum = Int(group.spec.minAvailable ?? 1)
    if available < minimum {
      return Violation(
        .disruption, "scaling group \(name) gave up replica \(lost[0]) with \(available) below minAvailable")
    }
    if let selected, Int(selected) < Int(group.spec.replicas), !serves(Int(selected)) {
      return Violation(
        .disruption, "scaling group \(name) gave up replica \(lost[0]) while replica \(selected) is not back")
    }
    return nil
  }

  // MARK: Replicas of a PodCliqueSet

  /// A replica goes only when it is too many, or something in it is in breach.
  private func checkRecycling(_ deleted: [PodClique], of set: PodCliqueSet, seen: ObservedState) -> Violation?
  {
    let key = LabelKey.podCliqueSetReplicaIndex
    let names = Set(set.spec.template.cliques.map(\.name))
    var checked: Set<String> = []
    for clique in deleted {
      guard let text = clique.metadata.labels[key], let index = Int(text), index < Int(set.spec.replicas),
        names.contains(where: { clique.metadata.name.hasSuffix("-\($0)") }), checked.insert(text).inserted
      else { continue }
      var isInBreach = false
      for resource in seen.dependents(of: set.metadata.uid) where resource.metadata.labels[key] == text {
        switch resource {
        case .podClique(let clique): isInBreach = isInBreach || clique.status.conditions.saysBreach
        case .podCliqueScalingGroup(let group): isInBreach = isInBreach || group.status.conditions.saysBreach
        default: break
        }
      }
      if !isInBreach {
        return Violation(
          .disruption, "replica \(index) of \(set.metadata.name) was recycled without a breach")
      }
    }
    return nil
  }

  static func setKey(of metadata: ObjectMeta) -> ObjectKey {
    ObjectKey(
      .podCliqueSet, namespace: metadata.namespace, name: metadata.labels[LabelKey.partOf] ?? "")
  }
}

extension PodClique {
  fileprivate func isBreached(for delay: Duration, now: ObservedState, in set: PodCliqueSet) -> Bool {
    status.conditions.saysBreach
  }
}

extension [Condition] {
  /// Whether `MinAvailableBreached` is true.
  var saysBreach: Bool { contains { $0.type == "MinAvailableBreached" && $0.status == "True" } }

  /// Whether `MinAvailableBreached` is false.
  var deniesBreach: Bool { contains { $0.type == "MinAvailableBreached" && $0.status == "False" } }
}
