internal import GroveModel
internal import KubernetesModel

extension Pass {
  /// Creates a PodClique, or brings labels, annotations and spec of the live one to what is wanted, replicas apart:
  /// those belong to whoever scales it.
  ///
  /// One that is being deleted is left alone: its successor is made when it is gone.
  ///
  /// - Parameter family: the PodCliqueSet.
  mutating func apply(
    _ wanted: PodClique, over live: PodClique?, owner: OwnerReference, family: String, rule: RuleID
  ) throws(WriteError) -> ApplyResult {
    let name = ObjectName(wanted.metadata)
    guard let live else {
      try write(.create(.podClique(wanted)), rule: rule, reason: "PodClique \(name.name) is missing")
      return .created
    }
    if live.metadata.isTerminating { return .unchanged }
    return try apply(
      named: name, live: live, owner: owner, family: family, wrap: Resource.podClique, rule: rule,
      reason: "PodClique \(name.name) differs from its template"
    ) { podClique, _ in
      podClique.metadata.labels = wanted.metadata.labels
      podClique.metadata.annotations = wanted.metadata.annotations
      podClique.metadata.ensureFinalizer(GroveName.podCliqueFinalizer)
      podClique.spec = wanted.spec
      podClique.spec.replicas = live.spec.replicas
    }
  }
}

extension ObjectMeta {
  /// Adds a finalizer unless it is there.
  mutating func ensureFinalizer(_ finalizer: String) {
    if !finalizers.contains(finalizer) { finalizers.append(finalizer) }
  }
}
