internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetTemplateSpec {
  /// All topology constraints: of the set, of the scaling groups, of the cliques.
  var topologyConstraints: [TopologyConstraint] {
    [topologyConstraint].compactMap { $0 } + podCliqueScalingGroups.compactMap(\.topologyConstraint)
      + cliques.compactMap(\.topologyConstraint)
  }

  /// The ClusterTopologyBinding that the constraints name: the first name there is.
  var topologyName: String? {
    topologyConstraints.first { !$0.topologyName.isEmpty }?.topologyName
  }
}

extension TopologyConstraint {
  /// The domain that pods must share; empty for none.
  var requiredDomain: String {
    guard let required = pack?.required, !required.isEmpty else { return packDomain }
    return required
  }

  /// The domain that pods should share; empty for none.
  var preferredDomain: String { pack?.preferred ?? "" }
}

/// Turns topology domains into node labels (R-285…R-287).
struct TopologyTranslator: Sendable {
  private let levels: [TopologyLevel]

  /// - Parameter levels: those of the binding; empty where there is none, or topology is not honoured.
  init(levels: [TopologyLevel]) { self.levels = levels }

  /// The constraint as schedulers read it, or nil when nothing of it can be translated.
  func translate(_ constraint: TopologyConstraint?) -> SchedulingTopologyConstraint? {
    guard let constraint else { return nil }
    let required = key(of: constraint.requiredDomain)
    let preferred = key(of: constraint.preferredDomain)
    if required == nil, preferred == nil { return nil }
    return SchedulingTopologyConstraint(
      packConstraint: SchedulingTopologyPackConstraint(required: required, preferred: preferred))
  }

  private func key(of domain: String) -> String? { levels.first { $0.domain == domain }?.key }
}
