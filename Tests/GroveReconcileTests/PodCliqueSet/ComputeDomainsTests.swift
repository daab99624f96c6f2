import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// ComputeDomains and their claims (R-470…R-475, R-040, B-R03, B-R25).
struct ComputeDomainsTests {
  private static func gpu(_ name: String, _ group: String? = nil) -> String {
    """
        - name: \(name)
          annotations: {\(group.map { "grove.io/mnnvl-group: \($0)" } ?? "")}
          spec:
            roleName: \(name)
            replicas: 1
            podSpec:
              containers:
              - name: main
                image: nginx
                resources: {limits: {nvidia.com/gpu: "1"}}
              - name: side
                image: nginx

    """
  }

  private static let yaml = demo(
    replicas: 2,
    cliques: gpu("a") + gpu("b", "train") + gpu("c", "none") + gpu("d") + clique("cpu"),
    groups: scalingGroup("sg", ["d"], more: "      annotations: {grove.io/mnnvl-group: infer}"))

  private func cluster(enabled: Bool = true) throws -> TestCluster {
    var cluster = try TestCluster(Self.yaml) { $0.autoMNNVLEnabled = enabled }
    try cluster.changeSet { $0.metadata.annotations["grove.io/mnnvl-group"] = "default" }
    try cluster.settle()
    return cluster
  }

  /// R-471: each effective group of cliques that use GPUs, for each replica.
  @Test func oneForEachGroupAndReplica() throws {
    let cluster = try cluster()
    #expect(
      cluster.names(.computeDomain) == [
        "demo-0-default", "demo-0-infer", "demo-0-train", "demo-1-default", "demo-1-infer", "demo-1-train",
      ])
    let domain = try #require(cluster.state.computeDomains[ObjectName(namespace: "ns", name: "demo-1-infer")])
    #expect(domain.metadata.finalizers == ["grove.io/computedomain-finalizer"])
    #expect(domain.metadata.labels["grove.io/mnnvl-group"] == "infer")
    #expect(domain.metadata.labels["grove.io/podcliqueset-replica-index"] == "1")
    #expect(domain.metadata.labels["app.kubernetes.io/component"] == "pcs-computedomain")
    #expect(domain.spec.numNodes == 0)
    #expect(domain.spec.channel?.resourceClaimTemplate.name == "demo-1-infer")
    #expect(
      cluster.events.contains { $0.message == "ComputeDomain ns/demo-0-default created successfully" })
  }

  /// R-474: containers that use GPUs claim the domain of their clique's group.
  @Test(arguments: [
    ("demo-1-a", "demo-1-default"), ("demo-0-b", "demo-0-train"), ("demo-0-sg-0-d", "demo-0-infer"),
  ])
  func claims(podClique: String, domain: String) throws {
    let spec = try cluster().podClique(podClique).spec.podSpec
    #expect(
      spec.resourceClaims == [
        PodResourceClaim(name: "mnnvl-claim", resourceClaimTemplateName: domain)
      ])
    #expect(spec.containers[0].resources.claims.map(\.name) == ["mnnvl-claim"])
    #expect(spec.containers[1].resources.claims.isEmpty)
  }

  @Test(arguments: ["demo-0-c", "demo-0-cpu"])
  func noClaims(podClique: String) throws {
    #expect(try cluster().podClique(podClique).spec.podSpec.resourceClaims.isEmpty)
  }

  /// B-R25: without the feature nothing is claimed that nobody makes.
  @Test func disabled() throws {
    let cluster = try cluster(enabled: false)
    #expect(cluster.names(.computeDomain).isEmpty)
    #expect(try cluster.podClique("demo-0-a").spec.podSpec.resourceClaims.isEmpty)
  }

  /// B-R25: excess ones go even if none is needed, and one that somebody deleted comes back.
  @Test func followWhatIsNeeded() throws {
    var cluster = try cluster()
    try cluster.delete(.computeDomain, "demo-0-train")
    #expect(
      try #require(cluster.state[TestCluster.key(.computeDomain, "demo-0-train")]).metadata.isTerminating)
    #expect(cluster.pass().summary == ["update ComputeDomain demo-0-train"])
    #expect(cluster.pass().summary.first == "create ComputeDomain demo-0-train")

    try cluster.changeSet { $0.spec.replicas = 0 }
    try cluster.settle()
    #expect(cluster.names(.computeDomain).isEmpty)
    #expect(cluster.events.contains { $0.message == "Deleted ComputeDomain demo-1-infer" })
  }

  /// R-040, B-R03: they are let go with the PodCliqueSet, whether or not the feature is still on.
  @Test(arguments: [true, false]) func deletion(stillEnabled: Bool) throws {
    var cluster = try cluster()
    cluster.configuration.autoMNNVLEnabled = stillEnabled
    try cluster.delete(.podCliqueSet, "demo")
    let result = cluster.pass()
    #expect(
      result.summary.prefix(3) == [
        "update ComputeDomain demo-0-default", "delete ComputeDomain demo-0-default",
        "event ComputeDomainDeleteSuccessful",
      ])
    #expect(result.summary.last == "update PodCliqueSet demo")
    #expect(cluster.names(.computeDomain).isEmpty)
    #expect(cluster.names(.podCliqueSet).isEmpty)
  }

  /// R-040: what cannot be let go keeps the PodCliqueSet.
  @Test func refusedDeletion() throws {
    var cluster = try cluster()
    try cluster.delete(.podCliqueSet, "demo")
    let attempt = cluster.decide(.podCliqueSet, "demo")
    let deletion = try #require(attempt.steps.first { $0.isDeletion })
    let result = cluster.decide(.podCliqueSet, "demo", refusals: [Refusal(deletion.action, message: "no")])
    #expect(!result.summary.contains("update PodCliqueSet demo"))
    #expect(result.summary.last == "status PodCliqueSet demo")
    #expect(result.summary.contains("event ComputeDomainDeleteFailed"))
    guard case .failed(let errors) = result.outcome else {
      Issue.record("the pass did not fail")
      return
    }
    #expect(errors.map(\.code) == ["ERR_DELETE_COMPUTEDOMAIN"])
  }
}
