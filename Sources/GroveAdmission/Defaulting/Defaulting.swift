public import GroveModel
internal import KubernetesModel

extension Admission {
  /// The set as the API server stores it: pruned, with the schema's defaults, the webhook's
  /// (A-020…A-028), and written as the webhook writes it.
  ///
  /// The webhook sends the set through Go's types and back. So durations and quantities become canonical (`4h` →
  /// `4h0m0s`, `1000m` → `1`) and structs that Go cannot leave out appear (`resources: {}`). Explicitly empty
  /// lists and maps stay: the webhook framework takes back what the round trip merely drops.
  ///
  /// Defaulting a set twice changes nothing.
  public func `default`(_ podCliqueSet: PodCliqueSet) -> PodCliqueSet {
    var result = Pruning.pruned(Pruning.withoutNulls(podCliqueSet))
    result = Admission.applySchemaDefaults(result)
    //
    if result.metadata.namespace.isBlank { result.metadata.namespace = "default" }
    var template = result.spec.template
    for index in template.cliques.indices {
      Admission.default(&template.cliques[index].spec)
    }
    for index in template.podCliqueScalingGroups.indices {
      let replicas = template.podCliqueScalingGroups[index].replicas
      Admission.default(&template.podCliqueScalingGroups[index].scaleConfig, replicas: replicas)
    }
    template.terminationDelay = template.terminationDelay ?? .hours(4)
    template.headlessServiceConfig =
      template.headlessServiceConfig ?? HeadlessServiceConfig(publishNotReadyAddresses: true)
    GoRoundTrip.apply(&template)
    result.spec.template = template
    return result
  }

  private static func `default`(_ spec: inout PodCliqueSpec) {
    //
    if spec.podSpec.restartPolicy.isBlank { spec.podSpec.restartPolicy = "Always" }
    spec.podSpec.terminationGracePeriodSeconds = spec.podSpec.terminationGracePeriodSeconds ?? 30
    if spec.replicas == 0 { spec.replicas = 1 }
    // The operator takes the replicas as submitted here, and so refuses 0 replicas later (B-A01).
    spec.minAvailable = spec.minAvailable ?? spec.replicas
    `default`(&spec.autoScalingConfig, replicas: spec.replicas)
  }

  private static func `default`(_ scaling: inout AutoScalingConfig?, replicas: Int32?) {
    guard let current = scaling, current.minReplicas == nil else { return }
    scaling?.minReplicas = replicas
  }
}
