import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// Topology constraints of PodGangs (R-285… ).
struct PodGangTopologyTests {
  private func cluster(
    ofSet: String = "", ofGroup: String = "", ofClique: String = "", enabled: Bool = true,
    binding: Bool = true
  ) throws -> TestCluster {
    func constraint(_ pack: String, _ indent: String) -> String {
      pack.isEmpty ? "" : "\(indent)topologyConstraint: {topologyName: topo, pack: {\(pack)}}"
    }
    var cluster = try TestCluster(
      demo(
        cliques: clique("a") + clique("b", more: constraint(ofClique, "      ")),
        groups: scalingGroup(
          "sg", ["b"], replicas: 3, minAvailable: 2, more: constraint(ofGroup, "      ")),
        more: constraint(ofSet, "    "))
    ) { $0.topologyAwareSchedulingEnabled = enabled }
    if binding {
      var object = ClusterTopologyBinding()
      object.metadata = ObjectMeta(name: "topo")
      object.spec.levels = [
        TopologyLevel(domain: "zone", key: "k8s/zone"), TopologyLevel(domain: "rack", key: "k8s/rack"),
        TopologyLevel(domain: "host", key: "k8s/host"),
      ]
      cluster.state.insert(.clusterTopologyBinding(object))
    }
    try cluster.settle()
    return cluster
  }

  private func pack(_ required: String?, _ preferred: String? = nil) -> SchedulingTopologyConstraint {
    SchedulingTopologyConstraint(
      packConstraint: SchedulingTopologyPackConstraint(required: required, preferred: preferred))
  }

  @Test func allLevels() throws {
    let cluster = try cluster(
      ofSet: "required: zone", ofGroup: "required: rack, preferred: host", ofClique: "preferred: host")
    let base = try cluster.podGang("demo-0").spec
    #expect(base.topologyConstraint == pack("k8s/zone"))
    #expect(base.podgroups.map(\.topologyConstraint) == [nil, pack(nil, "k8s/host"), pack(nil, "k8s/host")])
    #expect(
      base.topologyConstraintGroupConfigs == [
        TopologyConstraintGroupConfig(
          name: "demo-0-sg-0", podGroupNames: ["demo-0-sg-0-b"],
          topologyConstraint: pack("k8s/rack", "k8s/host")),
        TopologyConstraintGroupConfig(
          name: "demo-0-sg-1", podGroupNames: ["demo-0-sg-1-b"],
          topologyConstraint: pack("k8s/rack", "k8s/host")),
      ])
    let scaled = try cluster.podGang("demo-0-sg-0").spec
    #expect(scaled.topologyConstraint == pack("k8s/rack", "k8s/host"))
    #expect(scaled.topologyConstraintGroupConfigs.isEmpty)
    #expect(try cluster.podGang("demo-0").metadata.annotations["grove.io/topology-name"] == "topo")
  }

  /// a scaled gang without a constraint of its group has that of the set.
  @Test func inheritance() throws {
    let cluster = try cluster(ofSet: "required: zone")
    #expect(try cluster.podGang("demo-0-sg-0").spec.topologyConstraint == pack("k8s/zone"))
    #expect(try cluster.podGang("demo-0").spec.topologyConstraintGroupConfigs.isEmpty)
  }

  /// R-287…R-289: an unknown domain drops its half; a group's own constraint counts even if nothing is left of it.
  @Test func unknownDomains() throws {
    let cluster = try cluster(ofSet: "required: zone, preferred: numa", ofGroup: "required: block")
    let base = try cluster.podGang("demo-0").spec
    #expect(base.topologyConstraint == pack("k8s/zone"))
    #expect(base.topologyConstraintGroupConfigs.map(\.name) == ["demo-0-sg-0", "demo-0-sg-1"])
    #expect(base.topologyConstraintGroupConfigs.allSatisfy { $0.topologyConstraint == nil })
    #expect(try cluster.podGang("demo-0-sg-0").spec.topologyConstraint == nil)
    #expect(try cluster.podGang("demo-0-sg-0").metadata.annotations["grove.io/topology-name"] == nil)
  }

  /// switched off, nothing of it; without a binding, no translation and no name.
  @Test func off() throws {
    let off = try cluster(ofSet: "required: zone", ofGroup: "required: rack", enabled: false)
    #expect(try off.podGang("demo-0").spec.topologyConstraint == nil)
    #expect(try off.podGang("demo-0").spec.topologyConstraintGroupConfigs.isEmpty)
    let unbound = try cluster(ofSet: "required: zone", ofGroup: "required: rack", binding: false)
    #expect(try unbound.podGang("demo-0").spec.topologyConstraint == nil)
    #expect(try unbound.podGang("demo-0").spec.topologyConstraintGroupConfigs.count == 2)
    #expect(try unbound.podGang("demo-0").metadata.annotations.isEmpty)
  }
}
