import GroveModel
import KubernetesModel

@testable import GroveAdmission

/// A set that nobody objects to: clique `a` alone, cliques `b` and `c` in scaling group `sg`.
enum Sample {
  static func clique(_ name: String, replicas: Int32 = 1) -> PodCliqueTemplateSpec {
    var clique = PodCliqueTemplateSpec(name: name)
    clique.spec.roleName = "role-\(name)"
    clique.spec.replicas = replicas
    clique.spec.podSpec.containers = [Container(name: "main", image: "nginx:1.25")]
    return clique
  }

  /// The set as stored, after a change of what was sent.
  static func set(_ change: (inout PodCliqueSet) -> Void = { _ in }) -> PodCliqueSet {
    Admission().default(sent(change))
  }

  /// The set as sent.
  static func sent(_ change: (inout PodCliqueSet) -> Void = { _ in }) -> PodCliqueSet {
    var podCliqueSet = PodCliqueSet()
    podCliqueSet.metadata.name = "set"
    podCliqueSet.metadata.namespace = "ns"
    podCliqueSet.spec.replicas = 1
    podCliqueSet.spec.template.cliques = [clique("a", replicas: 2), clique("b", replicas: 2), clique("c")]
    podCliqueSet.spec.template.cliques[0].spec.minAvailable = 1
    podCliqueSet.spec.template.podCliqueScalingGroups = [
      PodCliqueScalingGroupConfig(name: "sg", cliqueNames: ["b", "c"], replicas: 2, minAvailable: 1)
    ]
    change(&podCliqueSet)
    return podCliqueSet
  }

  /// Levels zone, block, rack, host.
  static func topology(_ name: String = "topo") -> ClusterTopologyBinding {
    var binding = ClusterTopologyBinding()
    binding.metadata.name = name
    binding.spec.levels = ["zone", "block", "rack", "host"].map {
      TopologyLevel(domain: $0, key: "example.com/\($0)")
    }
    return binding
  }

  static func constraint(
    _ name: String = "", required: String = "", preferred: String = "", packDomain: String = ""
  ) -> TopologyConstraint {
    var constraint = TopologyConstraint(topologyName: name, packDomain: packDomain)
    if !required.isEmpty || !preferred.isEmpty {
      constraint.pack = TopologyPackConstraint(required: required, preferred: preferred)
    }
    return constraint
  }

  /// An operator with KAI enabled but not the default, and topology-aware scheduling.
  static let topologyAware: Admission = {
    var configuration = OperatorConfiguration.kaiWithTopology
    configuration.defaultScheduler = .defaultScheduler
    return Admission(configuration: configuration, topologies: [topology(), topology("other")])
  }()
}

extension [Diagnostic] {
  /// The texts of the errors.
  var texts: [String] { errors.map(\.message) }
  /// The rules that were cited, in order.
  var rules: [RuleID] { map(\.rule) }
}

extension Admission {
  /// The error texts for a new set.
  func refusals(_ change: (inout PodCliqueSet) -> Void) -> [String] {
    validate(create: `default`(Sample.sent(change))).texts
  }

  /// The error texts for a change of the sample.
  func updateRefusals(
    from old: PodCliqueSet = Sample.set(), _ change: (inout PodCliqueSet) -> Void
  ) -> [String] {
    var new = old
    change(&new)
    return validate(update: `default`(new), from: old).texts
  }
}
