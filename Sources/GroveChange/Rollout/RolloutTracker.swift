internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// Follows what happens in a cluster, and notes when what is away (P-15).
struct RolloutTracker: Sendable {
  private(set) var cliques: [ObjectName: CliqueFacts] = [:]
  private(set) var groups: [ObjectName: GroupFacts] = [:]
  /// PodCliques that are gone, as they were last.
  private var gone: [ObjectName: CliqueFacts] = [:]
  /// What is followed of each set.
  private(set) var sets: [ObjectName: SetRollout] = [:]
  private var setReplicas: [ObjectName: Int] = [:]
  private var pods: [String: PodFacts] = [:]
  /// Sets that something happened to at the present moment, and their parts.
  private var touched: [ObjectName: Set<Part>] = [:]
  private let start: Timestamp
  private var moment: Timestamp

  private struct PodFacts: Sendable {
    var clique: ObjectName
    /// The uid of the PodClique: one of its name that comes later is another one.
    var owner: String
    var index: Int
    var isServing: Bool
    var isLeaving: Bool
  }

  enum Part: Hashable, Sendable {
    case clique(ObjectName)
    case group(ObjectName)
  }

  /// A tracker of a cluster as it is.
  init(_ objects: [Resource], at start: Timestamp) {
    self.start = start
    moment = start
    for object in objects where object.kind != .pod { note(Change(old: nil, new: object)) }
    for object in objects where object.kind == .pod { note(Change(old: nil, new: object)) }
    closeMoment()
  }

  // MARK: Following

  /// Takes note of what happened, in order.
  mutating func follow(_ happenings: [Happening]) {
    for happening in happenings {
      guard case .change(let change) = happening.what else { continue }
      if happening.time > moment {
        closeMoment()
        moment = happening.time
      }
      note(change)
    }
  }

  /// Ends the present moment; call it when nothing more happens.
  mutating func finish() { closeMoment() }

  private mutating func note(_ change: Change) {
    switch (change.old, change.new) {
    case (_, .podClique(let clique)?): note(clique)
    case (.podClique(let clique)?, nil): remove(clique)
    case (_, .podCliqueScalingGroup(let group)?):
      guard let facts = GroupFacts(group) else { return }
      let name = ObjectName(group.metadata)
      groups[name] = facts
      touched[facts.set, default: []].insert(.group(name))
    case (.podCliqueScalingGroup(let group)?, nil):
      let name = ObjectName(group.metadata)
      if let facts = groups[name] { touched[facts.set, default: []].insert(.group(name)) }
      groups[name] = nil
    case (_, .podCliqueSet(let set)?):
      setReplicas[ObjectName(set.metadata)] = Int(set.spec.replicas)
      touched[ObjectName(set.metadata), default: []] = touched[ObjectName(set.metadata)] ?? []
    case (.podCliqueSet(let set)?, nil): setReplicas[ObjectName(set.metadata)] = nil
    case (let old, .pod(let pod)?): note(pod, isNew: old == nil)
    case (.pod(let pod)?, nil): remove(pod)
    default: return
    }
  }

  private mutating func note(_ clique: PodClique) {
    guard var facts = CliqueFacts(clique) else { return }
    let name = ObjectName(clique.metadata)
    if let known = cliques[name], known.uid == facts.uid {
      (facts.ready, facts.readyByIndex) = (known.ready, known.readyByIndex)
      if known.replicas == facts.replicas, known.minimum == facts.minimum { return cliques[name] = facts }
    }
    cliques[name] = facts
    touch(name, facts)
  }

  /// A PodClique is gone, and its pods go with it.
  private mutating func remove(_ clique: PodClique) {
    let name = ObjectName(clique.metadata)
    guard let facts = cliques[name] else { return }
    touch(name, facts)
    if let group = facts.group {
      let unit = RolloutUnit.replica(group, facts.groupReplica)
      sets[facts.set, default: SetRollout()].add(unit, parts(of: unit))
    } else {
      for (index, ready) in facts.readyByIndex where ready > 0 {
        let unit = RolloutUnit.pod(name, index)
        sets[facts.set, default: SetRollout()].add(unit, parts(of: unit))
      }
    }
    gone[name] = facts
    cliques[name] = nil
  }

  private mutating func touch(_ clique: ObjectName, _ facts: CliqueFacts) {
    touched[facts.set, default: []].insert(facts.group.map { .group($0) } ?? .clique(clique))
  }

  private mutating func note(_ pod: Pod, isNew: Bool) {
    let uid = pod.metadata.uid
    let isLeaving = pod.metadata.deletionTimestamp != nil
    let isServing = pod.isServing
    guard let known = pods[uid] else {
      guard isNew, let clique = pod.metadata.labels[LabelKey.podClique] else { return }
      let name = ObjectName(namespace: pod.metadata.namespace, name: clique)
      let index = pod.metadata.labels[LabelKey.podIndex].flatMap { Int($0) } ?? 0
      let owner = pod.metadata.controller?.uid ?? ""
      let facts = PodFacts(clique: name, owner: owner, index: index, isServing: false, isLeaving: isLeaving)
      pods[uid] = facts
      if isServing { serve(uid, facts, true) }
      return
    }
    if known.isServing != isServing { serve(uid, known, isServing) }
    if isLeaving, !known.isLeaving {
      pods[uid]?.isLeaving = true
      leave(known)
    }
  }

  private mutating func serve(_ uid: String, _ pod: PodFacts, _ isServing: Bool) {
    pods[uid]?.isServing = isServing
    guard var clique = cliques[pod.clique], clique.uid == pod.owner else { return }
    clique.ready += isServing ? 1 : -1
    clique.readyByIndex[pod.index, default: 0] += isServing ? 1 : -1
    cliques[pod.clique] = clique
    touch(pod.clique, clique)
  }

  private mutating func remove(_ pod: Pod) {
    guard let known = pods[pod.metadata.uid] else { return }
    if known.isServing { serve(pod.metadata.uid, known, false) }
    if !known.isLeaving { leave(known) }
    pods[pod.metadata.uid] = nil
  }

  /// A pod is going: its replica is away.
  private mutating func leave(_ pod: PodFacts) {
    guard let clique = cliques[pod.clique], clique.uid == pod.owner else { return }
    let unit: RolloutUnit =
      clique.group.map { .replica($0, clique.groupReplica) } ?? .pod(pod.clique, pod.index)
    touch(pod.clique, clique)
    sets[clique.set, default: SetRollout()].add(unit, parts(of: unit))
  }

  /// The pods of a unit by clique, and what each of them asks for.
  private func parts(of unit: RolloutUnit) -> [SetRollout.Part] {
    switch unit {
    case .pod(let name, _):
      return (cliques[name] ?? gone[name]).map {
        [SetRollout.Part(clique: $0.short, count: 1, resources: $0.resources)]
      } ?? []
    case .replica(let group, let replica):
      return (groups[group]?.members ?? []).compactMap { member in
        let name = Naming.memberPodClique(scalingGroup: group.name, replica: replica, clique: member)
        let full = ObjectName(namespace: group.namespace, name: name)
        return (cliques[full] ?? gone[full]).map {
          SetRollout.Part(clique: $0.short, count: $0.replicas, resources: $0.resources)
        }
      }
    }
  }

  // MARK: Moments

  private mutating func closeMoment() {
    let at = moment - start
    for (set, parts) in touched {
      var rollout = sets[set] ?? SetRollout()
      let isNew = !rollout.hasLevels
      var present = parts
      if isNew { present.formUnion(allParts(of: set)) }
      for part in present { measure(part, &rollout) }
      rollout.setReplicas = setReplicas[set] ?? 0
      rollout.settle(at: at) { unit in state(of: unit, replicas: setReplicas[set]) }
      sets[set] = rollout
    }
    touched = [:]
  }

  private func allParts(of set: ObjectName) -> Set<Part> {
    var parts: Set<Part> = []
    for (name, facts) in cliques where facts.set == set && facts.group == nil { parts.insert(.clique(name)) }
    for (name, facts) in groups where facts.set == set { parts.insert(.group(name)) }
    return parts
  }

  private func measure(_ part: Part, _ rollout: inout SetRollout) {
    switch part {
    case .clique(let name):
      guard let clique = cliques[name] else { return rollout.lose(.podClique, name.name) }
      rollout.set(
        RolloutStep.Level(
          kind: .podClique, name: name.name, available: clique.ready, wanted: clique.replicas,
          minimum: clique.minimum), replica: clique.setReplica)
    case .group(let name):
      guard let group = groups[name] else { return rollout.forget(.podCliqueScalingGroup, name.name) }
      rollout.set(
        RolloutStep.Level(
          kind: .podCliqueScalingGroup, name: name.name, available: available(name, group),
          wanted: group.replicas, minimum: group.minimum), replica: group.setReplica)
    }
  }

  private func available(_ name: ObjectName, _ group: GroupFacts) -> Int {
    (0..<group.replicas).count { replica in
      group.members.allSatisfy { member in
        let clique = Naming.memberPodClique(scalingGroup: name.name, replica: replica, clique: member)
        guard let facts = cliques[ObjectName(namespace: name.namespace, name: clique)] else { return false }
        return facts.ready >= facts.minimum
      }
    }
  }

  /// Whether a unit is still away.
  private func state(of unit: RolloutUnit, replicas: Int?) -> SetRollout.UnitState {
    guard let replicas else { return .unwanted }
    switch unit {
    case .pod(let name, let index):
      guard let clique = cliques[name] else {
        return gone[name].map { $0.setReplica < replicas } ?? false ? .away : .unwanted
      }
      if clique.setReplica >= replicas || index >= clique.replicas { return .unwanted }
      return clique.readyByIndex[index] ?? 0 > 0 ? .back : .away
    case .replica(let name, let index):
      guard let group = groups[name], group.setReplica < replicas, index < group.replicas else {
        return .unwanted
      }
      let isBack = group.members.allSatisfy { member in
        let clique = Naming.memberPodClique(scalingGroup: name.name, replica: index, clique: member)
        guard let facts = cliques[ObjectName(namespace: name.namespace, name: clique)] else { return false }
        return facts.ready >= facts.replicas
      }
      return isBack ? .back : .away
    }
  }
}
