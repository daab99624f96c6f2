internal import GroveModel
internal import KubernetesModel

extension Reconciler {
  /// A pass over a PodGang: hands it to the scheduler it is meant for (§12).
  func reconcilePodGang(_ name: ObjectName, observed: ObservedState, now: Timestamp) -> Reconciliation {
    guard let gang = observed.podGangs[name], !gang.metadata.isTerminating else { return Reconciliation() }
    var pass = Pass(configuration: configuration, state: observed, now: now, source: "scheduler-backend")
    do {
      switch configuration.backend(of: gang) {
      case .defaultScheduler, .lpx: break  // They work from pods alone.
      case .kai: try pass.syncKAIPodGroup(of: gang)
      case .volcano: try pass.syncVolcanoPodGroup(of: gang)
      }
    } catch {
      return Reconciliation(steps: pass.steps, outcome: .failed([error]))
    }
    return Reconciliation(steps: pass.steps)
  }
}

extension OperatorConfiguration {
  /// The backend of a PodGang: the one its label names if that is enabled, else the default one.
  func backend(of gang: PodGang) -> SchedulerBackend {
    gang.metadata.labels[LabelKey.schedulerName].flatMap { backend(named: $0) } ?? defaultScheduler
  }
}

extension PodGang {
  /// How many pods have to be placed all-or-nothing in all.
  var minMembers: Int32 { spec.podgroups.reduce(0) { $0 + $1.minReplicas } }

  /// Kind, namespace and name.
  var key: ObjectKey { ObjectKey(.podGang, namespace: metadata.namespace, name: metadata.name) }
}
