internal import GroveModel
internal import GroveReconcile
internal import GroveSchedule
internal import GroveSimulate
internal import KubernetesModel

/// Says why pods of a cluster at rest have no place: the call behind `why`.
struct PlacementExplainer {
  private let scheduler: Scheduler
  private let snapshot: Snapshot
  private let decision: Decision

  /// - Returns: nil when the scheduler cannot understand the cluster.
  init?(_ world: World) {
    scheduler = world.setup.scheduler ?? Scheduler()
    let objects = world.server.objects.resources.compactMap { object -> Resource? in
      switch object {
      case .pod(var pod):
        if Self.isAlone(pod) {
          pod.metadata.labels[LabelKey.podGang] = nil
          pod.metadata.labels[LabelKey.basePodGang] = nil
        }
        return .pod(pod)
      case .podGang(let gang):
        // The gangs of pods that are placed one by one bind nobody.
        return gang.metadata.labels[LabelKey.schedulerName] == SchedulerBackend.defaultScheduler.rawValue
          ? nil : object
      default: return object
      }
    }
    var passedOver: [ResourceKind: Int] = [:]
    guard var snapshot = try? Snapshot(objects, passedOver: &passedOver) else { return nil }
    decision = scheduler.schedule(&snapshot)
    self.snapshot = snapshot
  }

  private static func isAlone(_ pod: Pod) -> Bool {
    ["", SchedulerBackend.defaultScheduler.rawValue].contains(pod.spec.schedulerName)
  }

  /// Why a pod, or its gang, has no place.
  func explanation(for pod: Pod) -> Explanation? {
    let gang = Self.isAlone(pod) ? nil : pod.metadata.labels[LabelKey.podGang]
    let name = ObjectName(namespace: pod.metadata.namespace, name: gang ?? pod.metadata.name)
    return scheduler.explain(name, after: decision, in: snapshot)
  }
}
