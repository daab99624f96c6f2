import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveSimulate

/// user-guide-outputs.md §2.
@Suite("User guide: quickstart")
struct QuickstartTests {
  /// The workload of the quickstart: two cliques alone, two in a group.
  static let simple1 = GuideCluster.manifest(
    "simple1",
    cliques: [
      GuideCluster.clique(
        "pca", 3,
        spec: """
                  autoScalingConfig:
                    maxReplicas: 5
                    metrics:
                    - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}

          """),
      GuideCluster.clique("pcb", 2), GuideCluster.clique("pcc", 2), GuideCluster.clique("pcd", 2),
    ],
    groups: """
          - name: sga
            cliqueNames: [pcb, pcc]
            replicas: 1
            scaleConfig:
              minReplicas: 1
              maxReplicas: 6
              metrics:
              - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}
      """)

  private func applied() throws -> GuideCluster {
    var cluster = GuideCluster(nodes: 20)
    try cluster.apply(Self.simple1)
    return cluster
  }

  private static let first = [
    "simple1-0-pca ×3", "simple1-0-pcd ×2", "simple1-0-sga-0-pcb ×2", "simple1-0-sga-0-pcc ×2",
  ]

  @Test("QS-2, QS-3, QS-3a: what apply makes")
  func apply() throws {
    let cluster = try applied()
    #expect(cluster.names(.podCliqueSet) == ["simple1"])
    #expect(
      cluster.names(.podClique)
        == ["simple1-0-pca", "simple1-0-pcd", "simple1-0-sga-0-pcb", "simple1-0-sga-0-pcc"])
    #expect(cluster.names(.podCliqueScalingGroup) == ["simple1-0-sga"])
    #expect(cluster.names(.podGang) == ["simple1-0"])
    #expect(cluster.families(of: "simple1") == Self.first)
    #expect(cluster.allRun(of: "simple1"))
  }

  @Test("QS-3b: every pod is scheduled before any container starts")
  func allTogether() throws {
    let cluster = try applied()
    var bound: Set<String> = []
    for happening in cluster.world.history {
      guard case .change(let change) = happening.what, case .pod(let pod)? = change.new else { continue }
      if !pod.spec.nodeName.isEmpty { bound.insert(pod.metadata.name) }
      if pod.status.containerStatuses.contains(where: { $0.state?.running != nil }) {
        #expect(bound.count == 9)
      }
    }
    #expect(bound.count == 9)
  }

  @Test("QS-4, QS-5: a scaling group grows and shrinks")
  func scaleGroup() throws {
    var cluster = try applied()
    try cluster.kubectl("kubectl scale pcsg simple1-0-sga --replicas=2")
    #expect(cluster.names(.podClique).count == 6)
    #expect(cluster.names(.podGang) == ["simple1-0", "simple1-0-sga-0"])
    #expect(
      cluster.families(of: "simple1")
        == Self.first + ["simple1-0-sga-1-pcb ×2", "simple1-0-sga-1-pcc ×2"])
    #expect(cluster.allRun(of: "simple1"))
    try cluster.kubectl("kubectl scale pcsg simple1-0-sga --replicas=1")
    #expect(cluster.names(.podGang) == ["simple1-0"])
    #expect(cluster.names(.podClique).count == 4)
    #expect(cluster.families(of: "simple1") == Self.first)
  }

  @Test("QS-6, QS-7: the set grows and shrinks")
  func scaleSet() throws {
    var cluster = try applied()
    try cluster.kubectl("kubectl scale pcs simple1 --replicas=2")
    #expect(cluster.names(.podClique).count == 8)
    #expect(cluster.names(.podCliqueScalingGroup) == ["simple1-0-sga", "simple1-1-sga"])
    #expect(cluster.names(.podGang) == ["simple1-0", "simple1-1"])
    #expect(
      cluster.families(of: "simple1")
        == Self.first + Self.first.map { $0.replacing("simple1-0", with: "simple1-1") })
    #expect(cluster.allRun(of: "simple1"))
    try cluster.kubectl("kubectl scale pcs simple1 --replicas=1")
    #expect(cluster.names(.podGang) == ["simple1-0"])
    #expect(cluster.families(of: "simple1") == Self.first)
  }

  @Test("QS-8: nothing is left after delete")
  func delete() throws {
    var cluster = try applied()
    try cluster.kubectl("kubectl delete pcs simple1")
    for kind in [ResourceKind.podCliqueSet, .podClique, .podCliqueScalingGroup, .podGang, .pod] {
      #expect(cluster.names(kind) == [], "\(kind)")
    }
    #expect(cluster.isGone("simple1"))
  }

  @Test("QS-9: the gang tells how it is")
  func gang() throws {
    let cluster = try applied()
    let key = ObjectKey(.podGang, namespace: "default", name: "simple1-0")
    guard case .podGang(let gang)? = cluster.world.server[key] else {
      Issue.record("there is no gang")
      return
    }
    #expect(gang.spec.podgroups.map(\.podReferences.count) == [3, 2, 2, 2])
    #expect(gang.status.conditions.contains { $0.type == "Initialized" && $0.status == "True" })
  }

  @Test("QS-10: autoscalers of the clique and of the group")
  func autoscalers() throws {
    var cluster = try applied()
    let scalers = cluster.world.server.objects.resources(of: .horizontalPodAutoscaler).compactMap {
      if case .horizontalPodAutoscaler(let scaler) = $0 { scaler } else { nil }
    }
    #expect(scalers.map(\.metadata.name) == ["simple1-0-pca", "simple1-0-sga"])
    #expect(scalers.map { $0.spec.minReplicas ?? 0 } == [3, 1])
    #expect(scalers.map(\.spec.maxReplicas) == [5, 6])
    let utilization = scalers.map { $0.spec.metrics.first?.resource?.target.averageUtilization ?? 0 }
    #expect(utilization == [80, 80])
    try cluster.kubectl("autoscale simple1-0-pca --replicas=9")
    #expect(cluster.families(of: "simple1")[0] == "simple1-0-pca ×5")
    try cluster.kubectl("autoscale simple1-0-sga --replicas=2")
    #expect(cluster.families(of: "simple1").count == 6)
  }
}
