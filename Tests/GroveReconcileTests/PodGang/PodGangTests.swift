import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// Which PodGangs there are and what is in them (R-260…R-279, B-R12…B-R14, B-R22), with the example of R-900.
struct PodGangTests {
  private func groups(_ gang: PodGang) -> [String] {
    gang.spec.podgroups.map { "\($0.name) \($0.minReplicas)" }
  }

  @Test func workedExample() throws {
    var cluster = try TestCluster(GroveReconcileTests.workedExample)
    try cluster.settle()
    #expect(cluster.names(.podGang) == ["demo-0", "demo-0-sg-0"])
    #expect(
      groups(try cluster.podGang("demo-0")) == [
        "demo-0-fe 1", "demo-0-sg-0-ld 1", "demo-0-sg-0-wk 2", "demo-0-sg-1-ld 1", "demo-0-sg-1-wk 2",
      ])
    #expect(groups(try cluster.podGang("demo-0-sg-0")) == ["demo-0-sg-2-ld 1", "demo-0-sg-2-wk 2"])
    #expect(try cluster.podClique("demo-0-sg-2-wk").metadata.labels[LabelKey.basePodGang] == "demo-0")
    #expect(try cluster.podClique("demo-0-sg-2-wk").metadata.labels[LabelKey.podGang] == "demo-0-sg-0")
    #expect(try cluster.podClique("demo-0-sg-1-wk").metadata.labels[LabelKey.basePodGang] == nil)
    #expect(try cluster.podClique("demo-0-fe").spec.startsAfter == [])
    for member in ["demo-0-sg-0-ld", "demo-0-sg-1-ld"] {
      #expect(try cluster.podClique(member).spec.startsAfter == ["demo-0-fe"])
    }
    for member in ["demo-0-sg-0-wk", "demo-0-sg-1-wk"] {
      #expect(try cluster.podClique(member).spec.startsAfter == ["demo-0-sg-0-ld", "demo-0-sg-1-ld"])
    }
    #expect(try cluster.podClique("demo-0-sg-2-ld").spec.startsAfter == [])
    #expect(try cluster.podClique("demo-0-sg-2-wk").spec.startsAfter == ["demo-0-sg-2-ld"])

    // Scaled to 2, the scaled gang goes.
    try cluster.changeGroup("demo-0-sg") { $0.spec.replicas = 2 }
    #expect(
      cluster.pass().summary.prefix(2) == ["delete PodGang demo-0-sg-0", "event PodGangDeleteSuccessful"])
    // Below its minimum, the base gang is what it was (B-R12).
    try cluster.changeGroup("demo-0-sg") { $0.spec.replicas = 1 }
    try cluster.settle()
    #expect(try cluster.podGang("demo-0").spec.podgroups.count == 5)
    #expect(
      cluster.decide(.podCliqueSet, "demo").outcome
        == .waiting("Waiting for all pods to be created for PodGang ns/demo-0"))
    #expect(cluster.decide(.podCliqueSet, "demo").requeueAfter == .seconds(5))
  }

  /// all base gangs first, then scaled ones by replica and group.
  @Test func order() throws {
    var cluster = try TestCluster(
      demo(
        replicas: 2, cliques: clique("a") + clique("b") + clique("c"),
        groups: scalingGroup("late", ["b"], replicas: 2) + scalingGroup("early", ["c"], replicas: 3)))
    cluster.pass()
    #expect(
      cluster.pass().created(.podGang).map(\.metadata.name) == [
        "demo-0", "demo-1", "demo-0-late-0", "demo-0-early-0", "demo-0-early-1", "demo-1-late-0",
        "demo-1-early-0",
        "demo-1-early-1",
      ])
  }

  /// as many pods as wanted, but one of them is labelled for another gang: the gang is not complete.
  @Test func aPodOfAnotherGang() throws {
    var cluster = try TestCluster(demo(cliques: clique("a", replicas: 2)))
    try cluster.settle()
    try cluster.change(.podGang, "demo-0") { resource in
      guard case .podGang(var gang) = resource else { return }
      gang.status.conditions = []
      resource = .podGang(gang)
    }
    let name = try #require(cluster.names(.pod).first)
    try cluster.change(.pod, name) { resource in
      guard case .pod(var pod) = resource else { return }
      pod.metadata.labels[LabelKey.podGang] = "demo-7"
      resource = .pod(pod)
    }
    let result = cluster.pass()
    #expect(
      result.outcome == .waiting("Waiting for all pods to be created or assigned for PodGang ns/demo-0"))
    #expect(try cluster.podGang("demo-0").status.conditions["Initialized"]?.status == "False")
  }

  ///
  @Test func unknownClique() throws {
    var cluster = try TestCluster(demo(cliques: clique("a"), groups: scalingGroup("sg", ["a", "ghost"])))
    cluster.pass()
    guard case .failed(let errors) = cluster.pass().outcome else {
      Issue.record("the pass did not fail")
      return
    }
    #expect(errors.map(\.code) == ["ERR_COMPUTE_EXISTING_PODGANG"])
  }

  /// R-266…R-268: what the PodCliqueSet says is mirrored, what stands under the operator's prefix stays.
  @Test func metadata() throws {
    var cluster = try TestCluster(demo(cliques: clique("a")))
    try cluster.changeSet {
      $0.metadata.labels = ["team": "red", "grove.io/own": "set"]
      $0.metadata.annotations = ["note": "x", "grove.io/own": "set"]
    }
    try cluster.settle()
    #expect(
      try cluster.podGang("demo-0").metadata.labels == [
        "team": "red", "app.kubernetes.io/component": "podgang",
        "app.kubernetes.io/managed-by": "grove-operator",
        "app.kubernetes.io/part-of": "demo", "grove.io/scheduler-name": "default-scheduler",
      ])
    #expect(try cluster.podGang("demo-0").metadata.annotations == ["note": "x"])

    try cluster.change(.podGang, "demo-0") {
      $0.metadata.labels.merge(["grove.io/kept": "1", "lost": "1"])
      $0.metadata.annotations.merge(["grove.io/kept": "1", "lost": "1", "grove.io/topology-name": "old"])
    }
    cluster.pass()
    let metadata = try cluster.podGang("demo-0").metadata
    #expect(metadata.labels["grove.io/kept"] == "1" && metadata.labels["lost"] == nil)
    #expect(metadata.annotations == ["grove.io/kept": "1", "note": "x"])

    // B-R02: a change of labels reaches the gang with the next pass.
    try cluster.changeSet { $0.metadata.labels["team"] = "blue" }
    cluster.pass()
    #expect(try cluster.podGang("demo-0").metadata.labels["team"] == "blue")
  }

  /// R-267, B-R22: the first scheduler that a clique names, else the default; and what that backend wants.
  @Test func backend() throws {
    let kai = """
          - name: b
            spec:
              roleName: b
              replicas: 1
              podSpec:
                schedulerName: kai-scheduler
                containers: [{name: main, image: nginx}]

      """
    var cluster = try TestCluster(demo(cliques: clique("a") + kai)) {
      $0.schedulerProfiles = [.defaultScheduler, .kai]
    }
    try cluster.changeSet { $0.metadata.labels["kai.scheduler/queue"] = "q" }
    try cluster.settle()
    let metadata = try cluster.podGang("demo-0").metadata
    #expect(metadata.labels["grove.io/scheduler-name"] == "kai-scheduler")
    #expect(metadata.annotations == ["kai.scheduler/skip-podgrouper": "true"])
    #expect(cluster.names(.kaiPodGroup) == ["demo-0"])
    #expect(cluster.pass().steps.isEmpty)
  }

  /// R-270, B-R13, B-R15: pods by owner, gang and name; neither terminating nor finished ones.
  @Test func podReferences() throws {
    var cluster = try TestCluster(demo(cliques: clique("a", replicas: 4)))
    try cluster.settle()
    let all = cluster.names(.pod)
    func references() throws -> [String] {
      cluster.pass()
      return try cluster.podGang("demo-0").spec.podgroups[0].podReferences.map(\.name)
    }
    #expect(try references() == all)
    func change(_ name: String, _ change: (inout Pod) -> Void) throws {
      var pod = try #require(cluster.state.pods[ObjectName(namespace: "ns", name: name)])
      change(&pod)
      cluster.state.insert(.pod(pod))
    }
    let now = cluster.now
    try change(all[0]) { $0.metadata.deletionTimestamp = now }
    try change(all[1]) { $0.status.phase = "Failed" }
    #expect(try references() == [all[2], all[3]])
    // Of an older PodClique of the same name.
    try change(all[2]) { $0.metadata.ownerReferences[0].uid = "older" }
    #expect(try references() == [all[3]])
    try change(all[3]) { $0.metadata.labels[LabelKey.podGang] = "demo-1" }
    #expect(try references() == [])
    #expect(
      cluster.decide(.podCliqueSet, "demo").outcome
        == .waiting("Waiting for all pods to be created or assigned for PodGang ns/demo-0"))
    // what was complete once stays so.
    #expect(try cluster.podGang("demo-0").status.conditions["Initialized"]?.status == "True")
  }

  /// B-R14: what schedulers write on a PodGang stays.
  @Test func initializedIsMerged() throws {
    var cluster = try TestCluster(demo(cliques: clique("a")))
    cluster.pass()
    cluster.pass()
    let pending = try cluster.podGang("demo-0").status
    #expect(pending.phase == "Pending")
    let condition = try #require(pending.conditions["Initialized"])
    #expect(condition.status == "False" && condition.reason == "PodGangPodsCreationPending")
    #expect(condition.message == "Not all constituent pods have been created yet")
    #expect(condition.observedGeneration == 0)

    let scheduled = Condition(
      lastTransitionTime: cluster.now, message: "m", reason: "r", status: "True", type: "Scheduled")
    try cluster.change(.podGang, "demo-0") { resource in
      guard case .podGang(var gang) = resource else { return }
      gang.status.phase = "Starting"
      gang.status.conditions.append(scheduled)
      resource = .podGang(gang)
    }
    try cluster.settle()
    let status = try cluster.podGang("demo-0").status
    #expect(status.phase == "Starting")
    #expect(status.conditions["Scheduled"] == scheduled)
    #expect(status.conditions["Initialized"]?.status == "True")
    #expect(status.conditions["Initialized"]?.reason == "PodGangPodsCreated")
    #expect(status.conditions["Initialized"]?.message == "PodGang is fully initialized")
  }

  ///
  @Test func priorityClass() throws {
    var cluster = try TestCluster(demo(cliques: clique("a"), more: "    priorityClassName: gold"))
    try cluster.settle()
    #expect(try cluster.podGang("demo-0").spec.priorityClassName == "gold")
  }

  /// a PodGang that cannot be written stops the component; another owner's is not touched.
  @Test func takenName() throws {
    var cluster = try TestCluster(demo(replicas: 2, cliques: clique("a")))
    var stranger = PodGang()
    stranger.metadata = ObjectMeta(name: "demo-0", namespace: "ns", uid: "stranger")
    cluster.state.insert(.podGang(stranger))
    cluster.pass()
    let result = cluster.pass()
    guard case .failed(let errors) = result.outcome else {
      Issue.record("the pass did not fail")
      return
    }
    #expect(errors.map(\.code) == ["ERR_CREATE_OR_PATCH_PODGANG"])
    #expect(result.summary.contains("event PodGangCreateOrUpdateFailed"))
    #expect(cluster.names(.podGang) == ["demo-0"])
  }
}
