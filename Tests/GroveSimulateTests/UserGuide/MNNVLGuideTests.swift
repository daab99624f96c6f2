import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveSimulate

/// user-guide-outputs.md §6. MN-1 is about the operator's process, which there is none of.
@Suite("User guide: multi-node NVLink")
struct MNNVLGuideTests {
  private static func annotation(_ group: String, indent: Int) -> String {
    let blanks = String(repeating: " ", count: indent)
    return "\(blanks)annotations: {grove.io/mnnvl-group: \(group)}\n"
  }

  private static func workload(
    _ name: String = "my-workload", replicas: Int = 2, group: String? = "my-group", cliques: [String]? = nil,
    groups: String = ""
  ) -> String {
    GuideCluster.manifest(
      name, replicas: replicas, metadata: group.map { annotation($0, indent: 2) } ?? "",
      cliques: cliques ?? [GuideCluster.clique("workers", 2, gpus: 1)], groups: groups)
  }

  private func cluster() -> GuideCluster { GuideCluster(configuration: .autoMNNVL) }

  /// The cliques whose pods have the claim of a domain, with the domain's group.
  private func enrolled(_ cluster: GuideCluster, _ set: String) -> [String: String] {
    var groups: [String: String] = [:]
    for pod in cluster.pods(of: set) {
      let clique =
        pod.metadata.labels[LabelKey.podClique]?.split(separator: "-").last.map { String($0) } ?? ""
      let claim = pod.spec.resourceClaims.first { $0.name == GroveName.mnnvlClaim }
      groups[clique] = claim.map { $0.resourceClaimTemplateName } ?? "none"
    }
    return groups
  }

  @Test("MN-2: without the feature, a group is refused")
  func featureOff() throws {
    var cluster = GuideCluster(nodes: 1)
    #expect(throws: APIError.self) { try cluster.apply(Self.workload()) }
  }

  @Test("MN-3, MN-8…MN-12: a domain for each replica, as the set grows and shrinks")
  func scaling() throws {
    var cluster = cluster()
    try cluster.apply(Self.workload())
    func domains(_ range: Range<Int>) -> [String] { range.map { "my-workload-\($0)-my-group" } }
    #expect(cluster.names(.computeDomain, partOf: "my-workload") == domains(0..<2))
    // MN-9
    let events = cluster.world.server.events.records.map(\.event).filter { $0.subject.name == "my-workload" }
    #expect(events.filter { $0.reason == "ComputeDomainCreateSuccessful" }.count == 2)
    // MN-10
    #expect(cluster.set("my-workload")?.metadata.annotations["grove.io/mnnvl-group"] == "my-group")
    try cluster.kubectl("kubectl scale pcs my-workload --replicas=4")
    #expect(cluster.names(.computeDomain) == domains(0..<4))
    try cluster.kubectl("kubectl scale pcs my-workload --replicas=1")
    #expect(cluster.names(.computeDomain) == domains(0..<1))
  }

  @Test("MN-4: groups of cliques, and none for those without GPUs")
  func groupsOfCliques() throws {
    var cluster = cluster()
    try cluster.apply(
      Self.workload(
        "inference-deployment", group: nil,
        cliques: [
          GuideCluster.clique("worker", 1, gpus: 1, more: Self.annotation("workers", indent: 6)),
          GuideCluster.clique("encoder", 1, gpus: 1, more: Self.annotation("encoders", indent: 6)),
          GuideCluster.clique("frontend", 1),
        ]))
    #expect(
      cluster.names(.computeDomain)
        == [
          "inference-deployment-0-encoders", "inference-deployment-0-workers",
          "inference-deployment-1-encoders", "inference-deployment-1-workers",
        ])
    #expect(enrolled(cluster, "inference-deployment")["frontend"] == "none")
  }

  @Test("MN-5, MN-7: a clique decides before the set")
  func cliqueDecides() throws {
    var cluster = cluster()
    try cluster.apply(
      Self.workload(
        replicas: 1,
        cliques: [
          GuideCluster.clique("worker", 1, gpus: 1),
          GuideCluster.clique("monitoring", 1, gpus: 1, more: Self.annotation("none", indent: 6)),
          GuideCluster.clique("other", 1, gpus: 1, more: Self.annotation("h", indent: 6)),
        ]))
    #expect(
      enrolled(cluster, "my-workload")
        == ["worker": "my-workload-0-my-group", "monitoring": "none", "other": "my-workload-0-h"])
  }

  @Test("MN-6: a group of cliques decides between clique and set")
  func threeLayers() throws {
    var cluster = cluster()
    try cluster.apply(
      Self.workload(
        replicas: 1,
        cliques: [
          GuideCluster.clique("a", 1, gpus: 1),
          GuideCluster.clique("b", 1, gpus: 1, more: Self.annotation("my-group", indent: 6)),
          GuideCluster.clique("c", 1, gpus: 1),
          GuideCluster.clique("d", 1, gpus: 1, more: Self.annotation("none", indent: 6)),
        ],
        groups: """
              - name: out
                annotations: {grove.io/mnnvl-group: none}
                cliqueNames: [a, b]
              - name: in
                cliqueNames: [c, d]
          """))
    let domain = "my-workload-0-my-group"
    #expect(enrolled(cluster, "my-workload") == ["a": "none", "b": domain, "c": domain, "d": "none"])
  }

  @Test("MN-13: a domain that is deleted is made again")
  func deletedDomain() throws {
    var cluster = cluster()
    try cluster.apply(Self.workload(replicas: 1))
    let key = ObjectKey(.computeDomain, namespace: "default", name: "my-workload-0-my-group")
    let before = try #require(cluster.world.server[key]?.metadata.uid)
    try cluster.world.perform(.delete(key))
    cluster.settle()
    let after = try #require(cluster.world.server[key])
    #expect(after.metadata.uid != before && after.metadata.deletionTimestamp == nil)
  }

  @Test("MN-14: the group of a set cannot change")
  func immutable() throws {
    var cluster = cluster()
    try cluster.apply(Self.workload())
    for line in [
      "annotate pcs my-workload grove.io/mnnvl-group=b", "annotate pcs my-workload grove.io/mnnvl-group-",
    ] {
      #expect(throws: APIError.self, "\(line)") { try cluster.kubectl(line) }
    }
  }

  @Test("MN-15, MN-16: a clique without GPU is passed over, and so is the old annotation")
  func passedOver() throws {
    var cluster = cluster()
    try cluster.apply(
      Self.workload(
        replicas: 1, group: nil,
        cliques: [GuideCluster.clique("cpu", 1, more: Self.annotation("g", indent: 6))]))
    try cluster.apply(
      GuideCluster.manifest(
        "old", metadata: "  annotations: {grove.io/auto-mnnvl: enabled}\n",
        cliques: [GuideCluster.clique("w", 1, gpus: 1)]))
    #expect(cluster.names(.computeDomain) == [])
    #expect(cluster.allRun(of: "my-workload") && cluster.allRun(of: "old"))
  }
}
