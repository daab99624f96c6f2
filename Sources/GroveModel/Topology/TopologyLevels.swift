internal import KubernetesModel

/// The levels of a cluster's topology, broadest first, and what constraints mean in terms of them.
///
/// Admission checks constraints against them; reconcile turns domains into node label keys
/// (R-285…R-289).
///
/// ```swift
/// let levels = TopologyLevels(binding)
/// levels.translate(constraint)?.packConstraint?.required  // "topology.kubernetes.io/rack"
/// ```
public struct TopologyLevels: Sendable, Equatable {
  /// The levels, broadest first.
  public let levels: [TopologyLevel]

  /// The given levels, broadest first.
  public init(_ levels: [TopologyLevel] = []) { self.levels = levels }

  /// The levels of a binding; none when there is no binding.
  public init(_ binding: ClusterTopologyBinding?) { levels = binding?.spec.levels ?? [] }

  /// The domains, broadest first.
  public var domains: [String] { levels.map(\.domain) }

  /// The place of a domain, from 0 for the broadest; nil when no level has it.
  ///
  /// - Complexity: O(levels), which are a handful.
  public func position(of domain: String) -> Int? { levels.firstIndex { $0.domain == domain } }

  /// The node label key of a domain; nil when no level has it.
  public func key(of domain: String?) -> String? {
    guard let domain else { return nil }
    return levels.first { $0.domain == domain }?.key
  }

  /// Whether `domain` is narrower than `other`. False when either is unknown or not given.
  public func isNarrower(_ domain: String?, than other: String?) -> Bool {
    guard let domain, let other, let left = position(of: domain), let right = position(of: other) else {
      return false
    }
    return left > right
  }

  /// The constraint in node label keys: a domain that no level has drops just its half, and nothing is left
  /// when both are dropped.
  public func translate(_ constraint: TopologyConstraint?) -> SchedulingTopologyConstraint? {
    guard let constraint else { return nil }
    let required = key(of: constraint.requiredDomain)
    let preferred = key(of: constraint.preferredDomain)
    guard required != nil || preferred != nil else { return nil }
    return SchedulingTopologyConstraint(
      packConstraint: SchedulingTopologyPackConstraint(required: required, preferred: preferred))
  }

  /// The constraint of the base PodGang of a PodCliqueSet replica: that of the set.
  public func baseGangConstraint(_ template: PodCliqueSetTemplateSpec) -> SchedulingTopologyConstraint? {
    translate(template.topologyConstraint)
  }

  /// The constraint of a scaled PodGang: that of the scaling group if it has one, translatable or not, else that
  /// of the set.
  public func scaledGangConstraint(
    _ template: PodCliqueSetTemplateSpec, group: PodCliqueScalingGroupConfig
  ) -> SchedulingTopologyConstraint? {
    group.topologyConstraint == nil
      ? translate(template.topologyConstraint) : translate(group.topologyConstraint)
  }
}
