import GroveModel
import GroveReconcile
import GroveReport
import KubernetesModel
import Testing

@testable import GroveSimulate

/// user-guide-outputs.md §7.
@Suite("User guide: topology-aware scheduling")
struct TopologyGuideTests {
  /// Levels zone, rack and host.
  private static let binding = """
    apiVersion: grove.io/v1alpha1
    kind: ClusterTopologyBinding
    metadata: {name: gpu-fabric}
    spec:
      levels:
      - {domain: zone, key: topology.kubernetes.io/zone}
      - {domain: rack, key: topology.kubernetes.io/rack}
      - {domain: host, key: kubernetes.io/hostname}
    """

  private static func workload(
    _ name: String = "my-inference", replicas: Int = 2, constraint: String = "required: rack",
    clique: String = ""
  ) -> String {
    GuideCluster.manifest(
      name, replicas: replicas, metadata: "  labels: {kai.scheduler/queue: inference}\n",
      template: "    topologyConstraint: {topologyName: gpu-fabric, pack: {\(constraint)}}\n",
      cliques: [
        GuideCluster.clique(
          "worker", 4, gpus: 8,
          more: clique.isEmpty ? "" : "      topologyConstraint: {pack: {\(clique)}}\n"
        ).replacing(
          "          tolerations:", with: "          schedulerName: kai-scheduler\n          tolerations:")
      ])
  }

  /// Four racks of four nodes in two zones, and the binding.
  private func cluster(_ configuration: OperatorConfiguration = .kaiWithTopology) throws -> GuideCluster {
    var cluster = GuideCluster(nodes: 16, configuration: configuration) { number in
      [
        "topology.kubernetes.io/rack": "rack-\(number / 4)",
        "topology.kubernetes.io/zone": "zone-\(number / 8)",
      ]
    }
    try cluster.apply(Self.binding)
    return cluster
  }

  private func condition(_ cluster: GuideCluster) -> [String]? {
    cluster.set("my-inference")?.status.conditions.first { $0.type == "TopologyLevelsUnavailable" }
      .map { [$0.status, $0.reason] }
  }

  private func binding(_ cluster: GuideCluster) throws -> ClusterTopologyBinding {
    let key = ObjectKey(.clusterTopologyBinding, namespace: "", name: "gpu-fabric")
    guard case .clusterTopologyBinding(let binding)? = cluster.world.server[key] else {
      throw ClusterCommandError("there is no binding")
    }
    return binding
  }

  @Test("TG-2: without the feature, a constraint is refused")
  func featureOff() throws {
    var cluster = GuideCluster(nodes: 1)
    #expect(throws: APIError.self) { try cluster.apply(Self.workload()) }
  }

  @Test("TG-3: a constrained set that outlives the feature says so")
  func featureTurnedOff() throws {
    var configuration = OperatorConfiguration.kaiWithTopology
    configuration.topologyAwareSchedulingEnabled = false
    var cluster = GuideCluster(nodes: 4, configuration: configuration)
    cluster.world.server.webhooks = .kaiWithTopology
    try cluster.apply(Self.binding + "\n---\n" + Self.workload())
    #expect(condition(cluster) == ["Unknown", "TopologyAwareSchedulingDisabled"])
  }

  @Test(
    "TG-4: what is inside may be narrower, not wider",
    arguments: [("rack", true), ("host", true), ("zone", false)])
  func nesting(_ child: String, _ isAllowed: Bool) throws {
    var cluster = try cluster()
    let manifest = Self.workload(clique: "required: \(child)")
    if isAllowed {
      try cluster.apply(manifest)
      #expect(cluster.set("my-inference") != nil)
    } else {
      #expect(throws: APIError.self) { try cluster.apply(manifest) }
    }
  }

  @Test("TG-5, TG-6, TG-14: each replica is in one rack")
  func oneRack() throws {
    var cluster = try cluster()
    try cluster.apply(Self.workload())
    #expect(cluster.allRun(of: "my-inference"))
    for replica in ["0", "1"] {
      let nodes = cluster.pods(of: "my-inference")
        .filter { $0.metadata.labels[LabelKey.podCliqueSetReplicaIndex] == replica }.map(\.spec.nodeName)
      let racks = Set(
        nodes.compactMap { cluster.world.server[ObjectKey(.node, namespace: "", name: $0)] }
          .map { $0.metadata.labels["topology.kubernetes.io/rack"] ?? "" })
      #expect(nodes.count == 4 && racks.count == 1)
    }
    #expect(condition(cluster) == ["False", "AllClusterTopologyLevelsAvailable"])
  }

  @Test("TG-7: a constraint without a name takes over the one around it")
  func inherits() throws {
    var cluster = try cluster()
    try cluster.apply(Self.workload(replicas: 1, clique: "preferred: host"))
    let key = ObjectKey(.podGang, namespace: "default", name: "my-inference-0")
    guard case .podGang(let gang)? = cluster.world.server[key] else {
      Issue.record("there is no gang")
      return
    }
    #expect(gang.spec.topologyConstraint?.packConstraint?.required == "topology.kubernetes.io/rack")
    let group = gang.spec.podgroups.first?.topologyConstraint?.packConstraint
    #expect(group?.preferred == "kubernetes.io/hostname")
    #expect(cluster.allRun(of: "my-inference"))
  }

  @Test("TG-8…TG-12: the binding and the topology that KAI is given")
  func bindingStatus() throws {
    let cluster = try cluster()
    let binding = try binding(cluster)
    // TG-8
    let columns = PrinterColumns(.clusterTopologyBinding)
    #expect(columns.headings == ["NAME", "DOMAINS", "AGE"])
    #expect(
      columns.row(.clusterTopologyBinding(binding), now: cluster.world.now)[..<2] == [
        "gpu-fabric", "zone,rack,host",
      ])
    // TG-9
    #expect(
      binding.status.conditions.contains { $0.type == "SchedulerTopologyDrift" && $0.status == "False" })
    // TG-10
    let status = try #require(binding.status.schedulerTopologyStatuses.first)
    #expect(status.schedulerName == "kai-scheduler" && status.inSync)
    #expect(status.topologyReference == "gpu-fabric")
    // TG-11
    #expect(cluster.names(.kaiTopology) == ["gpu-fabric"])
    // TG-12
    let events = cluster.world.server.events.records.map(\.event)
    #expect(
      events.filter { $0.subject.kind == .clusterTopologyBinding }.map(\.reason) == ["TopologyInSync"])
  }

  @Test("TG-13, TG-15: the condition follows the binding")
  func conditions() throws {
    var cluster = try cluster()
    try cluster.apply(Self.workload(replicas: 1))
    try cluster.kubectl(
      """
      patch ct gpu-fabric -p '{"spec":{"levels":[{"domain":"zone","key":"topology.kubernetes.io/zone"}]}}'
      """)
    #expect(condition(cluster) == ["True", "ClusterTopologyLevelsUnavailable"])
    try cluster.apply(Self.binding)
    #expect(condition(cluster) == ["False", "AllClusterTopologyLevelsAvailable"])
    try cluster.kubectl("delete ct gpu-fabric")
    #expect(condition(cluster) == ["Unknown", "ClusterTopologyNotFound"])
    // TG-13
    #expect(
      cluster.world.server.events.records.contains {
        $0.event.subject.name == "my-inference" && $0.event.subject.kind == .podCliqueSet
      })
  }

  @Test("TG-16: a topology that somebody else made is compared, not changed")
  func externalTopology() throws {
    var cluster = GuideCluster(nodes: 1, configuration: .kaiWithTopology)
    try cluster.apply(
      """
      apiVersion: kai.scheduler/v1alpha1
      kind: Topology
      metadata: {name: existing-gpu-fabric}
      spec:
        levels:
        - {nodeLabel: topology.kubernetes.io/zone}
      """)
    try cluster.apply(
      Self.binding
        + "\n  schedulerTopologyBindings:\n  - {schedulerName: kai-scheduler, topologyReference: existing-gpu-fabric}\n"
    )
    let status = try binding(cluster).status
    #expect(status.schedulerTopologyStatuses.map(\.inSync) == [false])
    #expect(status.conditions.contains { $0.type == "SchedulerTopologyDrift" && $0.status == "True" })
    #expect(cluster.names(.kaiTopology) == ["existing-gpu-fabric"])
    let key = ObjectKey(.kaiTopology, namespace: "", name: "existing-gpu-fabric")
    guard case .kaiTopology(let topology)? = cluster.world.server[key] else {
      Issue.record("the topology is gone")
      return
    }
    #expect(topology.spec.levels.map(\.nodeLabel) == ["topology.kubernetes.io/zone"])
  }

  @Test("TG-17: a constraint cannot change")
  func immutable() throws {
    var cluster = try cluster()
    try cluster.apply(Self.workload(replicas: 1))
    #expect(throws: APIError.self) {
      try cluster.apply(Self.workload(replicas: 1, constraint: "required: zone"))
    }
  }
}
