import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveSimulate

/// user-guide-outputs.md §3 and §4.
@Suite("User guide: core concepts and naming")
struct CoreConceptsTests {
  @Test("UG1-1…UG1-4: single-node aggregated")
  func singleNodeAggregated() throws {
    let (set, clique) = ("single-node-aggregated", "single-node-aggregated-0-model-worker")
    var cluster = GuideCluster()
    try cluster.apply(example: "single-node-aggregated.yaml")
    #expect(cluster.families(of: set) == ["\(clique) ×2"])
    #expect(cluster.allRun(of: set))
    let before = Set(cluster.pods(of: set).map(\.metadata.name))
    try cluster.kubectl("kubectl scale pclq \(clique) --replicas=4")
    #expect(cluster.families(of: set) == ["\(clique) ×4"])
    #expect(before.isSubset(of: cluster.pods(of: set).map(\.metadata.name)))
    try cluster.kubectl("kubectl scale pcs \(set) --replicas=3")
    #expect(
      cluster.families(of: set)
        == ["\(clique) ×4", "\(set)-1-model-worker ×2", "\(set)-2-model-worker ×2"])
    #expect(cluster.names(.podClique) == (0..<3).map { "\(set)-\($0)-model-worker" })
    #expect(cluster.allRun(of: set))
    try cluster.kubectl("kubectl delete pcs \(set)")
    #expect(cluster.isGone(set))
  }

  @Test("UG1-5…UG1-7: single-node disaggregated")
  func singleNodeDisaggregated() throws {
    let set = "single-node-disaggregated"
    var cluster = GuideCluster()
    try cluster.apply(example: "single-node-disaggregated.yaml")
    #expect(cluster.families(of: set) == ["\(set)-0-decode ×2", "\(set)-0-prefill ×3"])
    try cluster.kubectl("kubectl scale pcs \(set) --replicas=2")
    #expect(
      cluster.families(of: set)
        == ["\(set)-0-decode ×2", "\(set)-0-prefill ×3", "\(set)-1-decode ×2", "\(set)-1-prefill ×3"])
    #expect(cluster.allRun(of: set))
    try cluster.kubectl("kubectl delete pcs \(set)")
    #expect(cluster.isGone(set))
  }

  @Test("UG1-8…UG1-12: multi-node aggregated")
  func multiNodeAggregated() throws {
    let (set, group) = ("multinode-aggregated", "multinode-aggregated-0-model-instance")
    func families(_ replicas: Range<Int>) -> [String] {
      replicas.flatMap { ["\(group)-\($0)-leader ×1", "\(group)-\($0)-worker ×3"] }
    }
    var cluster = GuideCluster()
    try cluster.apply(example: "multi-node-aggregated.yaml")
    #expect(cluster.families(of: set) == families(0..<2))
    #expect(cluster.names(.podGang) == ["\(set)-0", "\(group)-0"])
    let before = Set(cluster.pods(of: set).map(\.metadata.name))
    try cluster.kubectl("kubectl scale pcsg \(group) --replicas=3")
    #expect(cluster.families(of: set) == families(0..<3))
    #expect(before.isSubset(of: cluster.pods(of: set).map(\.metadata.name)))
    #expect(
      cluster.names(.podClique) == (0..<3).flatMap { ["\(group)-\($0)-leader", "\(group)-\($0)-worker"] })
    #expect(cluster.names(.podGang) == ["\(set)-0", "\(group)-0", "\(group)-1"])
    try cluster.kubectl("kubectl scale pclq \(group)-0-worker --replicas=4")
    #expect(cluster.pods(of: set).count == 13)
    #expect(cluster.families(of: set)[1] == "\(group)-0-worker ×4")
    #expect(cluster.allRun(of: set))
    try cluster.kubectl("kubectl delete pcs \(set)")
    #expect(cluster.isGone(set))
  }

  @Test("UG1-13, UG1-14: multi-node disaggregated")
  func multiNodeDisaggregated() throws {
    let set = "multinode-disaggregated"
    var cluster = GuideCluster()
    try cluster.apply(example: "multi-node-disaggregated.yaml")
    #expect(
      cluster.families(of: set)
        == [
          "\(set)-0-decode-0-dleader ×1", "\(set)-0-decode-0-dworker ×2", "\(set)-0-prefill-0-pleader ×1",
          "\(set)-0-prefill-0-pworker ×4", "\(set)-0-prefill-1-pleader ×1", "\(set)-0-prefill-1-pworker ×4",
        ])
    #expect(cluster.allRun(of: set))
    try cluster.kubectl("kubectl delete pcs \(set)")
    #expect(cluster.isGone(set))
  }

  @Test("UG1-15, UG1-16: the complete inference pipeline")
  func completePipeline() throws {
    let set = "comp-inf-ppln"
    var cluster = GuideCluster(nodes: 20)
    try cluster.apply(example: "complete-inference-pipeline.yaml")
    #expect(
      cluster.families(of: set)
        == [
          "\(set)-0-decode-cluster-0-dleader ×1", "\(set)-0-decode-cluster-0-dworker ×2",
          "\(set)-0-frontend ×2",
          "\(set)-0-prefill-0-pleader ×1", "\(set)-0-prefill-0-pworker ×4", "\(set)-0-vision-encoder ×1",
        ])
    #expect(cluster.allRun(of: set))
    try cluster.kubectl("kubectl delete pcs \(set)")
    #expect(cluster.isGone(set))
  }

  @Test("UG2-1…UG2-6, UG2-8…UG2-10: names")
  func names() throws {
    let set = "mn-disagg"
    var cluster = GuideCluster()
    try cluster.apply(
      GuideCluster.manifest(
        set,
        cliques: [
          GuideCluster.clique("frontend", 2), GuideCluster.clique("dleader", 1),
          GuideCluster.clique("dworker", 2), GuideCluster.clique("pleader", 1),
          GuideCluster.clique("pworker", 3),
        ],
        groups: """
              - {name: decode, cliqueNames: [dleader, dworker]}
              - {name: prefill, cliqueNames: [pleader, pworker], replicas: 2}
          """))
    let cliques = [
      "mn-disagg-0-decode-0-dleader", "mn-disagg-0-decode-0-dworker", "mn-disagg-0-frontend",
      "mn-disagg-0-prefill-0-pleader", "mn-disagg-0-prefill-0-pworker", "mn-disagg-0-prefill-1-pleader",
      "mn-disagg-0-prefill-1-pworker",
    ]
    #expect(cluster.families(of: set) == zip(cliques, [1, 2, 2, 1, 3, 1, 3]).map { "\($0) ×\($1)" })
    // UG2-2, UG2-3, UG2-8
    #expect(cluster.names(.podClique, partOf: set) == cliques)
    #expect(
      cluster.names(.podCliqueScalingGroup, partOf: set) == ["mn-disagg-0-decode", "mn-disagg-0-prefill"])
    // UG2-4
    #expect(cluster.pods(of: set).map(\.metadata.name.utf8.count).max() == 35)
    // UG2-5, UG2-6
    for pod in cluster.pods(of: set) {
      let isMember = pod.metadata.labels[LabelKey.scalingGroup] != nil
      #expect(
        isMember
          ? pod.metadata.name.wholeMatch(of: /mn-disagg-[0-9]+-[a-z]+-[0-9]+-[a-z]+-[a-z0-9]{5}/) != nil
          : pod.metadata.name.wholeMatch(of: /mn-disagg-[0-9]+-[a-z]+-[a-z0-9]{5}/) != nil)
    }
    // UG2-9: what an autoscaler of one's own scales, for each of the three kinds.
    for (kind, name) in [
      (ResourceKind.podClique, "mn-disagg-0-frontend"), (.podCliqueScalingGroup, "mn-disagg-0-decode"),
      (.podCliqueSet, "mn-disagg"),
    ] {
      var scaler = HorizontalPodAutoscaler()
      scaler.metadata.name = "mine-\(kind.kind.lowercased())"
      scaler.metadata.namespace = "default"
      scaler.spec.minReplicas = 1
      scaler.spec.maxReplicas = 5
      scaler.spec.scaleTargetRef.apiVersion = kind.apiVersion
      scaler.spec.scaleTargetRef.kind = kind.kind
      scaler.spec.scaleTargetRef.name = name
      try cluster.world.perform(.apply(.horizontalPodAutoscaler(scaler)))
      try cluster.kubectl("autoscale \(scaler.metadata.name) --replicas=3")
    }
    #expect(cluster.set(set)?.spec.replicas == 3)
    #expect(cluster.families(of: set).contains("mn-disagg-0-frontend ×3"))
    #expect(cluster.families(of: set).contains("mn-disagg-0-decode-2-dworker ×2"))
    #expect(cluster.families(of: set).contains("mn-disagg-2-frontend ×2"))
    try cluster.kubectl("kubectl delete pcs \(set)")
    #expect(cluster.pods(of: set) == [])
  }

  @Test("UG2-7: a clique's name may be given once only")
  func duplicateNames() throws {
    var cluster = GuideCluster(nodes: 1)
    let manifest = GuideCluster.manifest(
      "twice", cliques: [GuideCluster.clique("a", 1), GuideCluster.clique("a", 1)])
    #expect(throws: APIError.self) { try cluster.apply(manifest) }
    #expect(cluster.set("twice") == nil)
  }
}
