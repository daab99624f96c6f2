internal import GroveChange
internal import GroveModel
internal import GroveReconcile
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

/// Says on standard error why pods do not run, and what else did not go as wanted.
enum PendingNotes {
  /// How many reasons are told; more would hide what they are about.
  private static let limit = 5

  static func tell(_ world: World, _ console: Console) {
    let reasons = reasons(world)
    for (text, count) in reasons.prefix(limit) {
      console.message("note: \(count) \(count == 1 ? "pod is" : "pods are") Pending: \(text)")
    }
    if reasons.count > limit {
      let rest = reasons.dropFirst(limit).reduce(0) { $0 + $1.count }
      console.message("note: \(rest) more pods are Pending for \(reasons.count - limit) other reasons")
    }
    for (gate, count) in gates(world) {
      console.message(
        "note: \(count) \(count == 1 ? "pod is" : "pods are") SchedulingGated by \(gate), which only its owner lifts"
      )
    }
    for (key, problem) in world.schedulingProblems.sorted(by: { $0.key < $1.key }) {
      console.message("warning: the scheduler does not understand \(key): \(problem)")
    }
  }

  /// Gates of others than Grove that hold pods, with how many pods each.
  private static func gates(_ world: World) -> [(name: String, count: Int)] {
    var counts: [(name: String, count: Int)] = []
    for case .pod(let pod) in world.server.objects.resources(of: .pod) {
      for gate in pod.$spec.wrappedValue.schedulingGates where gate.name != GroveName.schedulingGate {
        if let index = counts.firstIndex(where: { $0.name == gate.name }) {
          counts[index].count += 1
        } else {
          counts.append((gate.name, 1))
        }
      }
    }
    return counts
  }

  /// Why pods have no place, with how many pods each.
  private static func reasons(_ world: World) -> [(text: String, count: Int)] {
    var waiting: [(pod: Pod, message: String)] = []
    for case .pod(let pod) in world.server.objects.resources(of: .pod) {
      let condition = pod.status.conditions.first { $0.type == "PodScheduled" && $0.status == "False" }
      if let condition, condition.reason == "Unschedulable" { waiting.append((pod, condition.message)) }
    }
    guard !waiting.isEmpty else { return [] }
    var explainer = PlacementExplainer(world)
    var reasons: [(text: String, count: Int)] = []
    for (pod, message) in waiting {
      let text = explainer.nodes(for: pod, message: message)
      if let index = reasons.firstIndex(where: { $0.text == text }) {
        reasons[index].count += 1
      } else {
        reasons.append((text, 1))
      }
    }
    return reasons
  }
}

/// Explains why pods of a cluster at rest have no place.
private struct PlacementExplainer {
  private var snapshot = Snapshot()
  private var decision: Decision?
  private let scheduler: Scheduler
  private var known: [ObjectName: String] = [:]

  init(_ world: World) {
    scheduler = world.setup.scheduler ?? Scheduler()
    let objects = world.server.objects.resources.map { object -> Resource in
      guard case .pod(var pod) = object, Self.isAlone(pod) else { return object }
      pod.metadata.labels[LabelKey.podGang] = nil
      pod.metadata.labels[LabelKey.basePodGang] = nil
      return .pod(pod)
    }
    var passedOver: [ResourceKind: Int] = [:]
    let schedulable = objects.filter { object in
      guard case .podGang(let gang) = object else { return true }
      // The gangs of pods that are placed one by one bind nobody.
      return !world.isPlacedOneByOne(gang)
    }
    if let snapshot = try? Snapshot(schedulable, passedOver: &passedOver) {
      self.snapshot = snapshot
      decision = scheduler.schedule(&self.snapshot)
    }
  }

  /// Whether a pod is placed on its own, not with its gang.
  static func isAlone(_ pod: Pod) -> Bool {
    ["", SchedulerBackend.defaultScheduler.rawValue].contains(pod.$spec.wrappedValue.schedulerName)
  }

  /// What stands in the way of a pod, or of its gang: the scheduler's message, and the reasons node by node.
  mutating func nodes(for pod: Pod, message: String) -> String {
    let gang = Self.isAlone(pod) ? nil : pod.metadata.labels[LabelKey.podGang]
    let name = ObjectName(namespace: pod.metadata.namespace, name: gang ?? pod.metadata.name)
    if let text = known[name] { return text }
    var text = message
    if let decision, let explanation = scheduler.explain(name, after: decision, in: snapshot) {
      let nodes = explanation.nodes.map(\.message)
      text = gang == nil ? nodes ?? message : ([message] + (nodes.map { [$0] } ?? [])).joined(separator: "; ")
    }
    known[name] = text
    return text
  }
}

extension World {
  /// Whether the pods of a gang are placed one by one.
  fileprivate func isPlacedOneByOne(_ gang: PodGang) -> Bool {
    for reference in gang.spec.podgroups.flatMap(\.podReferences) {
      let key = ObjectKey(.pod, namespace: reference.namespace, name: reference.name)
      if case .pod(let pod)? = server[key] { return PlacementExplainer.isAlone(pod) }
    }
    return false
  }
}
