internal import GroveModel
internal import KubernetesModel

extension PodCliquePass {
  /// Lifts Grove's scheduling gate from the pods that may be scheduled (R-365…R-369).
  ///
  /// A pod may be scheduled once its PodGang lists it and is complete (B-R19), and, in a scaled gang, once the base
  /// gang of the PodCliqueSet replica has its minimum scheduled.
  mutating func removeGates(of pods: [Stored<Pod>], podGang name: String) {
    let gated = pods.filter { $0.object.hasGroveGate }
    guard !gated.isEmpty else { return }
    let namespace = podClique.metadata.namespace
    let podGang = pass.state.podGangs[ObjectName(namespace: namespace, name: name)]
    guard let podGang,
      podGang.status.conditions.has(ConditionType.initialized, status: ConditionStatus.yes)
        || pass.state.defects.contains(.earlyGates),
      isBasePodGangScheduled
    else {
      return waitForGates()
    }
    let group = podGang.spec.podgroups.first { $0.name == podClique.metadata.name }
    // Only for looking up.
    let listed = Set(group?.podReferences.lazy.filter { $0.namespace == namespace }.map(\.name) ?? [])
    let reason = "PodGang \(name) is complete and lists the pod"
    for stored in gated {
      guard listed.contains(stored.object.metadata.name) else {
        waitForGates()
        continue
      }
      var pod = stored.object
      pod.spec.schedulingGates.removeAll { $0.name == GroveName.schedulingGate }
      do {
        try pass.write(.update(.pod(pod), replacing: .pod(stored.object)), rule: "R-365", reason: reason)
      } catch {
        return fail(
          "ERR_REMOVE_POD_SCHEDULING_GATE",
          "failed to remove scheduling gate from Pod \(ObjectName(pod.metadata))", cause: error.description)
      }
    }
  }

  private mutating func waitForGates() {
    waitingFor =
      waitingFor
      ?? "some pods are still schedule gated. requeuing request to retry removal of scheduling gates"
  }

  /// Whether the gang that these pods' gang waits for, if any, has its minimum scheduled.
  ///
  /// One that is not there yet has not (B-R44).
  private var isBasePodGangScheduled: Bool {
    guard let name = podClique.metadata.labels[LabelKey.basePodGang] else { return true }
    let namespace = podClique.metadata.namespace
    guard let base = pass.state.podGangs[ObjectName(namespace: namespace, name: name)] else { return false }
    return base.spec.podgroups.allSatisfy { group in
      let podClique = pass.state.podCliques[ObjectName(namespace: namespace, name: group.name)]
      return (podClique?.status.scheduledReplicas ?? -1) >= group.minReplicas
    }
  }
}
