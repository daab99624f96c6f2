package import GroveModel
package import GroveReconcile
package import GroveSchedule
internal import KubernetesModel

/// The scheduler of a simulated cluster: keeps its snapshot up to date, decides, and carries the decision out.
///
/// Pods of `default-scheduler` are placed one by one, as that scheduler does; all others as gangs.
package struct SchedulerTurn: Sendable {
  package let scheduler: Scheduler
  /// Whether something changed that the scheduler has not looked at.
  package private(set) var isDue = false
  /// Objects that the scheduler cannot understand, and why.
  package private(set) var problems: [ObjectKey: String] = [:]

  private var snapshot = Snapshot()
  /// Pods that were evicted and have not left their nodes yet. The snapshot knows them no more.
  private var leaving: Set<ObjectName> = []
  /// Pods that get the places of those, in order. In the snapshot they have them already.
  private var nominated: [Binding] = []

  package init(_ scheduler: Scheduler) { self.scheduler = scheduler }

  // MARK: Bookkeeping

  /// Takes note of a change.
  package mutating func observe(_ change: Change, in state: ObservedState) {
    switch (change.old, change.new) {
    case (let old, .pod(let new)?):
      var before: Pod?
      if case .pod(let old)? = old { before = old }
      if let before, !Self.matters(from: before, to: new) { return }
      if !leaving.isEmpty {
        let name = ObjectName(new.metadata)
        if leaving.contains(name) { return }
        if let place = nominated.firstIndex(where: { $0.pod == name }) {
          if !new.metadata.isTerminating { return }
          nominated.remove(at: place)
        }
      }
      set(new)
    case (.pod(let old)?, nil):
      let name = ObjectName(old.metadata)
      if leaving.remove(name) == nil { snapshot.removePod(name) }
      if !nominated.isEmpty { nominated.removeAll { $0.pod == name } }
      isDue = true
    case (let old, .podGang(let new)?):
      if case .podGang(let old)? = old, old.spec == new.spec,
        old.metadata.annotations == new.metadata.annotations, old.metadata.labels == new.metadata.labels
      {
        return
      }
      if new.isScheduledAsGang { attempt(.podGang(new)) { (s) throws(SnapshotError) in try s.set(new) } }
    case (.podGang(let old)?, nil):
      snapshot.removeGang(ObjectName(old.metadata))
      isDue = true
    case (let old, .node(let new)?):
      if case .node(let old)? = old, old.spec == new.spec, old.metadata.labels == new.metadata.labels,
        old.status.allocatable == new.status.allocatable
      {
        return
      }
      attempt(.node(new)) { (s) throws(SnapshotError) in try s.set(new) }
    case (.node(let old)?, nil):
      snapshot.removeNode(old.metadata.name)
      isDue = true
    case (_, .clusterTopologyBinding(let new)?):
      attempt(.clusterTopologyBinding(new)) { (s) throws(SnapshotError) in try s.set(new) }
    case (.clusterTopologyBinding(let old)?, nil):
      snapshot.removeTopology(old.metadata.name)
      isDue = true
    case (_, .priorityClass(let new)?):
      snapshot.set(new)
      isDue = true
    case (.priorityClass(let old)?, nil):
      snapshot.removePriorityClass(old.metadata.name)
      isDue = true
    default: break
    }
  }

  private mutating func set(_ pod: Pod) {
    var pod = pod
    if pod.isScheduledAlone {
      pod.metadata.labels[LabelKey.podGang] = nil
      pod.metadata.labels[LabelKey.basePodGang] = nil
    }
    attempt(.pod(pod)) { [pod] (s) throws(SnapshotError) in try s.set(pod) }
  }

  private mutating func attempt(
    _ object: Resource, _ body: (inout Snapshot) throws(SnapshotError) -> Void
  ) {
    isDue = true
    do throws(SnapshotError) {
      try body(&snapshot)
      if !problems.isEmpty { problems[object.key] = nil }
    } catch {
      problems[object.key] = error.description
    }
  }

  /// Whether a change of a pod is one that schedulers look at.
  private static func matters(from old: Pod, to new: Pod) -> Bool {
    if old.metadata.isTerminating != new.metadata.isTerminating { return true }
    if old.isOver != new.isOver || old.metadata.labels != new.metadata.labels { return true }
    let (before, after) = (old.$spec.wrappedValue, new.$spec.wrappedValue)
    return before.nodeName != after.nodeName || before.schedulingGates != after.schedulingGates
  }

  // MARK: Work

  /// Decides, binds, evicts, and says which pods have no place.
  package mutating func work(in server: inout APIServer) {
    guard isDue else { return }
    isDue = false
    if leaving.isEmpty { bindNominated(in: &server) }
    let decision = scheduler.schedule(&snapshot)
    let beneficiaries = Set(decision.evictions.map(\.beneficiary))
    for eviction in decision.evictions { evict(eviction, in: &server) }
    for binding in decision.bindings {
      if !beneficiaries.isEmpty, beneficiaries.contains(binding.gang ?? binding.pod) {
        nominated.append(binding)
        server.nominate(binding.pod, to: binding.node)
      } else {
        server.bind(binding.pod, to: binding.node)
      }
    }
    for outcome in decision.outcomes where outcome.pending > outcome.gated {
      if !beneficiaries.isEmpty, beneficiaries.contains(outcome.name) { continue }
      report(outcome, in: &server)
    }
  }

  private mutating func evict(_ eviction: Eviction, in server: inout APIServer) {
    let key = ObjectKey(.pod, namespace: eviction.pod.namespace, name: eviction.pod.name)
    guard let pod = server[key] else { return }
    server.record(
      ObjectEvent(
        subject: key, severity: .warning, reason: "Preempted",
        message: "Preempted by \(eviction.beneficiary) on node \(eviction.node)", source: Self.source(pod)))
    try? server.delete(key, uid: pod.metadata.uid)
    if server[key] != nil { leaving.insert(eviction.pod) } else { isDue = true }
  }

  /// Takes up nominations that somebody else made: those who leave these nodes make room, and the places are kept.
  mutating func resumeNominations(in state: ObservedState) {
    var nodes: Set<String> = []
    for case .pod(var pod) in state.resources(of: .pod) {
      let node = pod.status.nominatedNodeName
      guard !node.isEmpty, pod.spec.nodeName.isEmpty, !pod.metadata.isTerminating else { continue }
      let gang = pod.isScheduledAlone ? nil : pod.metadata.labels[LabelKey.podGang]
      nominated.append(
        Binding(
          pod: ObjectName(pod.metadata), node: node,
          gang: gang.map { ObjectName(namespace: pod.metadata.namespace, name: $0) }))
      nodes.insert(node)
      pod.spec.nodeName = node
      set(pod)
    }
    guard !nodes.isEmpty else { return }
    for case .pod(let pod) in state.resources(of: .pod)
    where pod.metadata.isTerminating && nodes.contains(pod.spec.nodeName) {
      leaving.insert(ObjectName(pod.metadata))
      snapshot.removePod(ObjectName(pod.metadata))
    }
  }

  /// Binds the pods for which others had to leave, now that those are gone.
  private mutating func bindNominated(in server: inout APIServer) {
    let bindings = nominated
    nominated = []
    for binding in bindings {
      if server[ObjectKey(.node, namespace: "", name: binding.node)] != nil {
        server.bind(binding.pod, to: binding.node)
      } else if case .pod(let pod)? = server[
        ObjectKey(.pod, namespace: binding.pod.namespace, name: binding.pod.name)]
      {
        set(pod)
      }
    }
  }

  /// Marks the pods of a gang that have no place.
  private func report(_ outcome: Outcome, in server: inout APIServer) {
    if case .waiting = outcome.verdict { return }
    var names = [outcome.name]
    if !outcome.isSinglePod,
      case .podGang(let gang)? = server[
        ObjectKey(.podGang, namespace: outcome.name.namespace, name: outcome.name.name)]
    {
      names = gang.spec.podgroups.flatMap { group in
        group.podReferences.map { ObjectName(namespace: $0.namespace, name: $0.name) }
      }
    }
    let message =
      outcome.verdict == .fits ? "no node has room for the pod" : "\(outcome.name): \(outcome.verdict.text)"
    for name in names { server.markUnschedulable(name, message: message) }
  }

  package static func source(_ resource: Resource) -> String {
    guard case .pod(let pod) = resource, !pod.spec.schedulerName.isEmpty else { return "default-scheduler" }
    return pod.spec.schedulerName
  }
}

extension Pod {
  /// Whether the pod's scheduler knows nothing of gangs.
  fileprivate var isScheduledAlone: Bool {
    let name = $spec.wrappedValue.schedulerName
    return name.isEmpty || name == "default-scheduler"
  }

  /// Whether the pod has ended for good.
  fileprivate var isOver: Bool { status.phase == "Succeeded" || status.phase == "Failed" }
}

extension PodGang {
  /// Whether the gang's scheduler knows gangs.
  fileprivate var isScheduledAsGang: Bool {
    metadata.labels[LabelKey.schedulerName] != "default-scheduler"
  }
}
