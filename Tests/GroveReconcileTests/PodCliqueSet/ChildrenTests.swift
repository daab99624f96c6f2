import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// PodCliques and scaling groups of a PodCliqueSet (R-200…, B-R08, B-R09).
struct ChildrenTests {
  @Test func standalonePodClique() throws {
    let more = """
            labels: {team: red, app.kubernetes.io/name: mine, grove.io/podgang: evil}
            annotations: {note: x, grove.io/topology-name: t}
      """
    var cluster = try TestCluster(demo(cliques: clique("a", replicas: 2, more: more)))
    try cluster.settle()
    let made = try cluster.podClique("demo-0-a")
    let hash = Hashing.podTemplate(try cluster.set().spec.template.cliques[0], priorityClassName: "")
    // B-R34: the operator's keys in a template count for nothing.
    #expect(
      made.metadata.labels == [
        "team": "red", "app.kubernetes.io/component": "pcs-podclique",
        "app.kubernetes.io/managed-by": "grove-operator", "app.kubernetes.io/name": "demo-0-a",
        "app.kubernetes.io/part-of": "demo", "grove.io/podcliqueset-replica-index": "0",
        "grove.io/podgang": "demo-0", "grove.io/pod-template-hash": hash,
      ])
    #expect(made.metadata.annotations == ["note": "x"])
    #expect(made.metadata.finalizers == ["grove.io/podclique.grove.io"])
    #expect(made.metadata.ownerReferences == [OwnerReference(controller: try cluster.set())])
    #expect(made.spec.replicas == 2 && made.spec.minAvailable == 2)
  }

  /// replicas of existing PodCliques belong to whoever scales them.
  @Test func scaledReplicasStay() throws {
    var cluster = try TestCluster(demo(replicas: 1, cliques: clique("a", replicas: 2)))
    try cluster.settle()
    try cluster.changePodClique("demo-0-a") { $0.spec.replicas = 5 }
    try cluster.settle()
    try cluster.changeSet {
      $0.spec.template.cliques[0].spec.replicas = 3
      $0.spec.template.cliques[0].annotations["new"] = "x"
      $0.spec.replicas = 2
    }
    try cluster.settle()
    #expect(try cluster.podClique("demo-0-a").spec.replicas == 5)
    #expect(try cluster.podClique("demo-0-a").metadata.annotations == ["new": "x"])
    #expect(try cluster.podClique("demo-1-a").spec.replicas == 3)
  }

  /// B-R33: an event tells of a write, not of a pass.
  @Test func eventsTellOfChangesOnly() throws {
    var cluster = try TestCluster(demo(cliques: clique("a")))
    try cluster.settleAndRun()
    let told = cluster.events.filter { $0.reason == "PodCliqueCreateOrUpdateSuccessful" }
    #expect(
      told.map(\.message) == ["PodClique ns/demo-0-a created or updated successfully"])
    #expect(told.allSatisfy { $0.source == "podcliqueset-controller" && $0.severity == .normal })
  }

  /// B-R09: what is not called for goes, whatever the count.
  @Test func unexpectedPodCliquesGo() throws {
    var cluster = try TestCluster(demo(replicas: 2, cliques: clique("a") + clique("b")))
    try cluster.settle()
    var stray = try cluster.podClique("demo-0-a")
    stray.metadata.name = "demo-0-old"
    stray.metadata.uid = "stray"
    cluster.state.insert(.podClique(stray))
    // One is missing, so upstream's count would hide the two that are too many.
    cluster.state.remove(TestCluster.key(.podClique, "demo-0-b"))
    try cluster.changeSet { $0.spec.replicas = 1 }
    let result = cluster.pass()
    #expect(
      result.summary.filter { $0.contains("PodClique ") } == [
        "delete PodClique demo-0-old", "delete PodClique demo-1-a", "delete PodClique demo-1-b",
        "create PodClique demo-0-b",
      ])
    #expect(
      cluster.events.filter { $0.reason == "PodCliqueDeleteSuccessful" }.map(\.message) == [
        "Deleted PodClique: demo-0-old", "Deleted PodClique: demo-1-a", "Deleted PodClique: demo-1-b",
      ])
  }

  @Test func scalingGroups() throws {
    let groups = scalingGroup("sg", ["b"], replicas: 2, more: "      annotations: {k: \"1\"}")
    var cluster = try TestCluster(demo(replicas: 2, cliques: clique("a") + clique("b"), groups: groups))
    try cluster.changeSet { $0.metadata.annotations = ["grove.io/mnnvl-group": "fast", "other": "x"] }
    try cluster.settle()
    let made = try cluster.group("demo-1-sg")
    #expect(made.metadata.annotations == ["k": "1", "grove.io/mnnvl-group": "fast"])
    #expect(made.metadata.finalizers == ["grove.io/podcliquescalinggroup.grove.io"])
    #expect(
      made.metadata.labels == [
        "app.kubernetes.io/component": "pcs-podcliquescalinggroup",
        "app.kubernetes.io/managed-by": "grove-operator", "app.kubernetes.io/name": "demo-1-sg",
        "app.kubernetes.io/part-of": "demo", "grove.io/podcliqueset-replica-index": "1",
      ])
    #expect(made.spec.replicas == 2 && made.spec.minAvailable == 1 && made.spec.cliqueNames == ["b"])

    try cluster.changeGroup("demo-1-sg") { $0.spec.replicas = 4 }
    try cluster.changeSet {
      $0.spec.template.podCliqueScalingGroups[0].replicas = 7
      $0.spec.template.podCliqueScalingGroups[0].annotations["k"] = "2"
    }
    try cluster.settle()
    #expect(try cluster.group("demo-1-sg").spec.replicas == 4)
    #expect(try cluster.group("demo-1-sg").metadata.annotations["k"] == "2")

    try cluster.changeSet { $0.spec.replicas = 1 }
    #expect(cluster.pass().summary.contains("delete PodCliqueScalingGroup demo-1-sg"))
    try cluster.settle()
    #expect(cluster.names(.podClique) == ["demo-0-a", "demo-0-sg-0-b", "demo-0-sg-1-b"])
    #expect(cluster.names(.podGang) == ["demo-0", "demo-0-sg-0"])
  }

  /// what never went through admission is told, not guessed.
  @Test func undefinedStartupType() throws {
    var cluster = try TestCluster(demo(cliques: clique("a")))
    try cluster.changeSet { $0.spec.template.cliqueStartupType = nil }
    cluster.pass()
    guard case .failed(let errors) = cluster.pass().outcome else {
      Issue.record("the pass did not fail")
      return
    }
    #expect(errors.map(\.message) == ["PodClique: ns/demo-0-a has nil StartupType"])
    #expect(errors.map(\.code) == ["ERR_SYNC_PODCLIQUE"])
  }

  /// The quick look at a PodClique agrees with making it and comparing.
  @Test func quickComparisonAgreesWithTheThoroughOne() throws {
    var cluster = try TestCluster(workedExample)
    try cluster.settle()
    let set = try cluster.set()
    let expected = Expected(set, hashed: true)
    let templates = PodCliqueTemplates(set, expected: expected, configuration: cluster.configuration)
    let place = ReplicaNames(expected, replica: 0)
    let live = try cluster.podClique("demo-0-fe")
    #expect(templates.isCurrent(Stored(live), standalone: 0, at: place))

    let changes: [(inout PodClique) -> Void] = [
      { $0.metadata.labels["grove.io/podgang"] = "demo-1" },
      { $0.metadata.labels["grove.io/podcliqueset-replica-index"] = "1" },
      { $0.metadata.labels["app.kubernetes.io/name"] = "other" },
      { $0.metadata.labels["more"] = "x" },
      { $0.metadata.labels["grove.io/pod-template-hash"] = nil },
      { $0.metadata.annotations["more"] = "x" },
      { $0.metadata.finalizers = [] },
      { $0.metadata.ownerReferences[0].blockOwnerDeletion = false },
      { $0.spec.startsAfter = ["demo-0-x"] },
      { $0.spec.minAvailable = 2 },
      { $0.spec.podSpec.containers[0].image = "other" },
    ]
    for change in changes {
      var changed = live
      change(&changed)
      #expect(!templates.isCurrent(Stored(changed), standalone: 0, at: place))
    }
    var scaled = live
    scaled.spec.replicas = 9
    #expect(templates.isCurrent(Stored(scaled), standalone: 0, at: place))
  }
}
