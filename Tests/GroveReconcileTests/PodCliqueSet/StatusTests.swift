import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// Status of PodCliqueSets (R-740…R-746) and what passes leave in it (R-014, R-017, B-R01, B-R41).
struct StatusTests {
  private static let yaml = demo(
    replicas: 2, cliques: clique("a", replicas: 2, minAvailable: 1) + clique("b"),
    groups: scalingGroup("sg", ["b"], replicas: 2, minAvailable: 1))

  @Test func availabilityIsReadiness() throws {
    var cluster = try TestCluster(Self.yaml)
    try cluster.settle()
    #expect(try cluster.set().status.replicas == 2)
    #expect(try cluster.set().status.availableReplicas == 0)
    #expect(
      try cluster.set().status.hpaPodSelector
        == "app.kubernetes.io/managed-by=grove-operator,app.kubernetes.io/part-of=demo")
    try cluster.settleAndRun()
    #expect(try cluster.set().status.availableReplicas == 2)
    #expect(try cluster.set().status.updatedReplicas == 2)

    // Below its minimum in one place is not available, whatever the breach conditions say.
    try cluster.changePodClique("demo-1-a") { $0.status.readyReplicas = 0 }
    cluster.pass()
    #expect(try cluster.set().status.availableReplicas == 1)
    #expect(try cluster.set().status.updatedReplicas == 1)
    try cluster.changePodClique("demo-1-a") { $0.status.readyReplicas = 1 }
    try cluster.changeGroup("demo-0-sg") { $0.status.availableReplicas = 0 }
    cluster.pass()
    #expect(try cluster.set().status.availableReplicas == 1)
    // available, but not yet updated.
    try cluster.changeGroup("demo-0-sg") {
      $0.status.availableReplicas = 1
      $0.status.currentPodCliqueSetGenerationHash = "old"
    }
    cluster.pass()
    #expect(try cluster.set().status.availableReplicas == 2)
    #expect(try cluster.set().status.updatedReplicas == 1)
  }

  /// what is being deleted is not there.
  @Test func terminatingChildrenDoNotCount() throws {
    var cluster = try TestCluster(Self.yaml)
    try cluster.settleAndRun()
    let now = cluster.now
    try cluster.changePodClique("demo-0-a") { $0.metadata.deletionTimestamp = now }
    cluster.pass()
    #expect(try cluster.set().status.availableReplicas == 1)
  }

  /// the generation is observed only when nothing is left to wait for.
  @Test func observedGenerationLags() throws {
    var cluster = try TestCluster(Self.yaml)
    try cluster.settleAndRun()
    #expect(try cluster.set().status.observedGeneration == 1)
    try cluster.changeSet { $0.spec.replicas = 3 }
    let result = cluster.pass()
    #expect(result.requeueAfter == .seconds(5))
    #expect(try cluster.set().status.observedGeneration == 1)
    #expect(try cluster.set().status.replicas == 3)
    try cluster.settle()
    #expect(try cluster.set().status.observedGeneration == 2)
  }

  /// R-017, B-R01: errors go as soon as a pass has none.
  @Test func errorsAreForgotten() throws {
    var cluster = try TestCluster(Self.yaml)
    try cluster.settle()
    try cluster.changeSet {
      $0.status.lastErrors = [LastError(code: "ERR_SYNC_ROLE", description: "old", observedAt: Timestamp())]
    }
    cluster.pass()
    #expect(try cluster.set().status.lastErrors.isEmpty)
  }

  /// R-017, B-R41: a failed component is told although another one only waits; the text stays as first seen.
  @Test func refusedWriteIsTold() throws {
    var cluster = try TestCluster(Self.yaml)
    cluster.issuesTokens = false
    let attempt = cluster.decide(.podCliqueSet, "demo")
    let creation = try #require(attempt.steps.first { $0.rule == "R-152" })
    let refusals = [Refusal(creation.action, message: "roles.rbac.authorization.k8s.io is forbidden")]
    let result = cluster.decide(.podCliqueSet, "demo", refusals: refusals)
    #expect(!result.summary.contains("create Role grove.io:pcs:demo"))
    #expect(result.summary.contains("create RoleBinding grove.io:pcs:demo"))
    #expect(result.requeueAfter == .seconds(5))
    for step in result.steps { cluster.carryOut(step.action) }
    let told = try cluster.set().status.lastErrors
    #expect(
      told == [
        LastError(
          code: "ERR_SYNC_ROLE",
          description:
            "failed to sync Role: [Operation: Sync, Code: ERR_SYNC_ROLE] message: Error syncing Role: "
            + "ns/grove.io:pcs:demo for PodCliqueSet: ns/demo, cause: roles.rbac.authorization.k8s.io is "
            + "forbidden",
          observedAt: cluster.now)
      ])
    cluster.now += .seconds(30)
    let again = cluster.decide(.podCliqueSet, "demo", refusals: refusals)
    #expect(again.steps.isEmpty)
  }

  // MARK: Topology

  private func topologyCondition(
    enabled: Bool, binding: Bool = true, _ constraints: String = "", ofClique: String = ""
  ) throws -> Condition? {
    var cluster = try TestCluster(
      demo(cliques: clique("a", more: ofClique), more: constraints)
    ) { $0.topologyAwareSchedulingEnabled = enabled }
    if binding {
      var object = ClusterTopologyBinding()
      object.metadata = ObjectMeta(name: "topo")
      object.spec.levels = [TopologyLevel(domain: "zone", key: "z"), TopologyLevel(domain: "rack", key: "r")]
      cluster.state.insert(.clusterTopologyBinding(object))
    }
    cluster.pass()
    return try cluster.set().status.conditions["TopologyLevelsUnavailable"]
  }

  private static let rack = "    topologyConstraint: {topologyName: topo, pack: {required: rack}}"

  @Test func topologyIsOff() throws {
    #expect(try topologyCondition(enabled: false) == nil)
    let condition = try #require(try topologyCondition(enabled: false, Self.rack))
    #expect(condition.status == "Unknown" && condition.reason == "TopologyAwareSchedulingDisabled")
    #expect(
      condition.message == "Topology constraints are defined but Topology Aware Scheduling is disabled")
  }

  @Test func topologyIsOn() throws {
    let none = try #require(try topologyCondition(enabled: true))
    #expect(none.status == "False" && none.message == "No topology constraints defined")
    #expect(none.observedGeneration == 1)

    let nameless = try #require(
      try topologyCondition(enabled: true, "    topologyConstraint: {pack: {required: rack}}"))
    #expect(nameless.status == "Unknown" && nameless.reason == "TopologyNameMissing")

    let unbound = try #require(try topologyCondition(enabled: true, binding: false, Self.rack))
    #expect(unbound.status == "Unknown" && unbound.reason == "ClusterTopologyNotFound")

    let available = try #require(try topologyCondition(enabled: true, Self.rack))
    #expect(available.status == "False" && available.message == "All topology levels are available")

    // B-R31: the domains come in order.
    let missing = try #require(
      try topologyCondition(
        enabled: true,
        "    topologyConstraint: {topologyName: topo, pack: {required: numa, preferred: host}}",
        ofClique: "      topologyConstraint: {topologyName: topo, pack: {required: block, preferred: rack}}"))
    #expect(missing.status == "True" && missing.reason == "ClusterTopologyLevelsUnavailable")
    #expect(missing.message == "Unavailable topology domains: [block host numa]")
  }
}
