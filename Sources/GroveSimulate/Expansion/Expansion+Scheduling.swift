public import GroveModel
internal import KubernetesModel

extension Expansion {
  /// The objects as a scheduler is to see them that decides on everything at once: the scheduling gate of Grove is
  /// gone from the pods.
  ///
  /// The operator lifts that gate step by step, the one of a scaled gang when its base gang is
  /// scheduled. A scheduler that knows what depends on what, by the label `grove.io/base-podgang`, keeps that order on
  /// its own. Gates that the template asks for stay.
  public var schedulable: [Resource] {
    objects.map { object in
      guard case .pod(var pod) = object else { return object }
      pod.spec.schedulingGates.removeAll { $0.name == GroveName.schedulingGate }
      return .pod(pod)
    }
  }
}
