internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  private static var kind: String { "HorizontalPodAutoscaler" }

  /// The HorizontalPodAutoscalers of cliques and scaling groups that ask for one.
  mutating func syncAutoscalers() {
    let wanted = expectedAutoscalers()
    let names = Set(wanted.map(\.name))
    for stored in pass.state.horizontalPodAutoscalers.controlled(by: owner.uid)
    where !names.contains(stored.object.metadata.name) && stored.object.isMade(for: .autoscaler) {
      let name = ObjectName(stored.object.metadata)
      do {
        try pass.delete(
          .horizontalPodAutoscaler, stored.object.metadata, rule: "R-158",
          reason:
            "nothing of PodCliqueSet \(expected.name.name) asks for HorizontalPodAutoscaler \(name.name)")
      } catch {
        fail(
          Self.kind, code: "ERR_DELETE_HPA",
          message: "Error deleting HorizontalPodAutoscaler: \(name) for PodCliqueSet: \(expected.name)",
          cause: error)
        return
      }
    }
    var seen: Set<String> = []
    for autoscaler in wanted {
      guard seen.insert(autoscaler.name).inserted else {
        // A clique and a scaling group of one name (B-R38).
        let message =
          "HorizontalPodAutoscaler \(objectName(autoscaler.name)) is asked for by a clique and by a scaling group"
        fail(Self.kind, code: "ERR_SYNC_HPA", message: message)
        return
      }
      guard apply(autoscaler) else { return }
    }
  }

  /// - Returns: false when it failed; the rest is then left for later.
  private mutating func apply(_ wanted: Autoscaler) -> Bool {
    let name = objectName(wanted.name)
    let live = pass.state.horizontalPodAutoscalers[name]
    if let live, live.metadata.isTerminating { return true }
    let labels = Labels.of(.autoscaler, podCliqueSet: expected.name.name, name: wanted.name)
    let why = reason(live == nil, "HorizontalPodAutoscaler", name)
    do {
      _ = try pass.apply(
        named: name, live: live, owner: owner, family: expected.name.name,
        wrap: Resource.horizontalPodAutoscaler, rule: "R-158",
        reason: why
      ) { autoscaler, _ in
        autoscaler.metadata.labels = labels
        wanted.write(to: &autoscaler.spec)
      }
      return true
    } catch {
      fail(
        Self.kind, code: "ERR_SYNC_HPA",
        message:
          "Error creating or updating HPA: \(name) for [Kind: \(wanted.targetKind), Name: \(wanted.name)]",
        cause: error)
      return false
    }
  }

  private func expectedAutoscalers() -> [Autoscaler] {
    let template = expected.template
    let cliques = template.cliques.indices.filter { template.cliques[$0].spec.autoScalingConfig != nil }
    let groups = expected.groups.indices.filter {
      template.podCliqueScalingGroups[$0].scaleConfig != nil
    }
    guard !cliques.isEmpty || !groups.isEmpty else { return [] }
    var autoscalers: [Autoscaler] = []
    for replica in 0..<expected.replicas {
      for clique in cliques {
        guard let config = template.cliques[clique].spec.autoScalingConfig else { continue }
        let name = expected.podClique(clique, replica: replica)
        autoscalers.append(Autoscaler(name: name, targetKind: PodClique.kind, config: config))
      }
      for group in groups {
        guard let config = template.podCliqueScalingGroups[group].scaleConfig else { continue }
        let name = expected.scalingGroup(group, replica: replica)
        autoscalers.append(Autoscaler(name: name, targetKind: PodCliqueScalingGroup.kind, config: config))
      }
    }
    return autoscalers
  }
}

/// A HorizontalPodAutoscaler that should be. It is named like what it scales.
private struct Autoscaler {
  var name: String
  var targetKind: String
  var config: AutoScalingConfig

  /// Writes the wanted fields. Defaults of the API server for fields that the config leaves open are no difference.
  func write(to spec: inout HorizontalPodAutoscalerSpec) {
    spec.maxReplicas = config.maxReplicas
    if config.minReplicas != nil || spec.minReplicas != 1 { spec.minReplicas = config.minReplicas }
    if !config.metrics.isEmpty || spec.metrics != Self.defaultMetrics { spec.metrics = config.metrics }
    spec.scaleTargetRef = CrossVersionObjectReference(
      apiVersion: PodClique.apiVersion, kind: targetKind, name: name)
  }

  /// 80 % of the requested CPU, as the API server has it.
  private static let defaultMetrics = [
    MetricSpec(
      resource: ResourceMetricSource(
        name: "cpu", target: MetricTarget(averageUtilization: 80, type: "Utilization")),
      type: "Resource")
  ]
}
