import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// Gang termination of replicas of a PodCliqueSet (R-590…R-607, B-R37), with the example of R-900.
struct GangTerminationTests {
  /// The worked example, everything running for an hour.
  private func running(replicas: Int32 = 1) throws -> TestCluster {
    var cluster = try TestCluster(workedExample)
    try cluster.changeSet { $0.spec.replicas = replicas }
    try cluster.settleAndRun()
    cluster.now += .hours(1)
    try cluster.settle()
    cluster.events = []
    return cluster
  }

  /// Loses pods for good: they are gone, and what replaces them finds no node.
  private func lose(_ cluster: inout TestCluster, _ podCliques: [String]) throws {
    for stored in cluster.state.pods.byName {
      let name = stored.object.metadata.name
      if podCliques.contains(where: { name.hasPrefix($0 + "-") }) { try cluster.delete(.pod, name) }
    }
    try cluster.settle()
  }

  @Test func standalonePodCliqueInBreach() throws {
    var cluster = try running(replicas: 2)
    try lose(&cluster, ["demo-0-fe"])
    let began = try #require(
      try cluster.podClique("demo-0-fe").status.conditions["MinAvailableBreached"]?.lastTransitionTime)

    // Until the delay is over the pass looks again every 5 s, and observes no generation.
    cluster.now = began + .hours(4) - .seconds(1)
    let before = cluster.pass()
    #expect(before.steps.isEmpty)
    #expect(before.requeueAfter == .seconds(5))
    #expect(before.outcome == .waiting("a breach of minAvailable may become a gang termination"))

    cluster.now = began + .hours(4)
    let fired = cluster.pass()
    #expect(
      fired.summary.prefix(9) == [
        "delete PodClique demo-0-fe", "delete PodClique demo-0-sg-0-ld", "delete PodClique demo-0-sg-0-wk",
        "delete PodClique demo-0-sg-1-ld", "delete PodClique demo-0-sg-1-wk",
        "delete PodClique demo-0-sg-2-ld",
        "delete PodClique demo-0-sg-2-wk", "event PodCliqueSetReplicaDeleteSuccessful",
        "status PodCliqueScalingGroup demo-0-sg",
      ])
    #expect(cluster.events.last?.message == "PodCliqueSet replica 0 deleted")
    let flag = try #require(try cluster.group("demo-0-sg").status.conditions["GangTerminationInProgress"])
    #expect(flag.status == "True" && flag.reason == "GangTerminationActive")
    #expect(
      flag.message
        == "Gang termination fired at PCS-replica scope for PCS replica 0; this PCSG's PodCliques were "
        + "deleted as part of the recycle")

    // Everything comes back; the other replica was never touched.
    let other = try cluster.podClique("demo-1-fe").metadata.uid
    try cluster.settleAndRun()
    #expect(try cluster.podClique("demo-1-fe").metadata.uid == other)
    #expect(try cluster.set().status.availableReplicas == 2)
    #expect(try cluster.group("demo-0-sg").status.conditions["GangTerminationInProgress"] == nil)
  }

  /// of two PodCliques of a replica in breach, the one that has been so for longer decides.
  @Test(arguments: [("demo-0-fe", "demo-0-be"), ("demo-0-be", "demo-0-fe")])
  func theOlderBreachDecides(_ older: String, _ younger: String) throws {
    var cluster = try TestCluster(demo(cliques: clique("be") + clique("fe")))
    try cluster.settleAndRun()
    cluster.now += .hours(1)
    try cluster.settle()
    try lose(&cluster, [older])
    cluster.now += .hours(3)
    try lose(&cluster, [younger])
    let began = try #require(
      try cluster.podClique(older).status.conditions["MinAvailableBreached"]?.lastTransitionTime)
    cluster.now = began + .hours(4) - .seconds(1)
    #expect(cluster.decide(.podCliqueSet, "demo").steps.isEmpty)
    cluster.now = began + .hours(4)
    #expect(
      cluster.decide(.podCliqueSet, "demo").summary.prefix(2) == [
        "delete PodClique demo-0-be", "delete PodClique demo-0-fe",
      ])
  }

  /// R-600-live: what is being deleted already takes nothing with it, and is waited for.
  @Test func whatIsBeingDeletedTerminatesNothing() throws {
    var cluster = try running()
    try lose(&cluster, ["demo-0-fe"])
    let now = cluster.now
    try cluster.changePodClique("demo-0-fe") {
      $0.metadata.deletionTimestamp = now
      $0.metadata.finalizers = ["example.com/hold"]
    }
    cluster.now += .hours(9)
    let result = cluster.decide(.podCliqueSet, "demo")
    #expect(!result.summary.contains { $0.hasPrefix("delete") })
  }

  /// R-600-live: nor does a scaling group that misses only what is being deleted; the reason is said.
  @Test func aGroupThatWaitsForWhatIsBeingDeletedTerminatesNothing() throws {
    var cluster = try running()
    let now = cluster.now
    for name in ["demo-0-sg-0-wk", "demo-0-sg-1-wk"] {
      try cluster.changePodClique(name) {
        $0.metadata.deletionTimestamp = now
        $0.metadata.finalizers = ["example.com/hold"]
      }
    }
    try cluster.settle()
    #expect(try cluster.group("demo-0-sg").status.conditions["MinAvailableBreached"]?.status == "True")
    cluster.now += .hours(9)
    let result = cluster.decide(.podCliqueSet, "demo")
    #expect(!result.summary.contains { $0.hasPrefix("delete") })
    guard case .waiting(let reason) = result.outcome else {
      Issue.record("nothing is waited for")
      return
    }
    #expect(reason.contains("demo-0-sg-0-wk is being deleted"))
  }

  /// R-600-live: a condition that the pods do not bear out terminates nothing, however old it is.
  @Test func aBreachThatIsNoneTerminatesNothing() throws {
    var cluster = try running()
    let long = cluster.now - .hours(9)
    try cluster.changePodClique("demo-0-fe") {
      $0.status.conditions.removeAll { $0.type == "MinAvailableBreached" }
      $0.status.conditions.set(
        "MinAvailableBreached", status: "True", reason: "MadeUp", message: "", now: long)
    }
    let result = cluster.decide(.podCliqueSet, "demo")
    #expect(!result.summary.contains { $0.hasPrefix("delete") })
    #expect(result.requeueAfter == .seconds(5))
    try cluster.settle()
    #expect(try cluster.podClique("demo-0-fe").status.conditions["MinAvailableBreached"]?.status == "False")
  }

  /// Below its minimum, a scaling group takes the whole replica down; above, only its own replica goes.
  @Test func scalingGroupInBreach() throws {
    var cluster = try running()
    try lose(&cluster, ["demo-0-sg-2-wk"])
    cluster.now += .hours(5)
    try cluster.settle()
    #expect(
      cluster.events.contains { $0.message == "Deleted PodCliqueScalingGroup demo-0-sg replicaIndex: 2" })
    #expect(!cluster.events.contains { $0.reason == "PodCliqueSetReplicaDeleteSuccessful" })

    try lose(&cluster, ["demo-0-sg-1-wk"])
    let condition = try #require(try cluster.group("demo-0-sg").status.conditions["MinAvailableBreached"])
    #expect(condition.status == "True")
    cluster.now = condition.lastTransitionTime + .hours(4)
    #expect(cluster.pass().summary.contains("delete PodClique demo-0-fe"))
    #expect(cluster.events.contains { $0.message == "PodCliqueSet replica 0 deleted" })
  }

  /// what never had room is not terminated for not having it.
  @Test func neverScheduled() throws {
    var cluster = try TestCluster(workedExample)
    try cluster.settle()
    cluster.now += .hours(24)
    try cluster.settle()
    #expect(!cluster.events.contains { $0.reason == "PodCliqueSetReplicaDeleteSuccessful" })
    #expect(try cluster.podClique("demo-0-fe").status.conditions["MinAvailableBreached"]?.status == "True")
  }

  /// what was recycled and finds no room again is left in peace.
  @Test func doesNotFireAgain() throws {
    var cluster = try running()
    try lose(&cluster, ["demo-0-fe"])
    cluster.now += .hours(5)
    try cluster.settle()
    #expect(cluster.events.count { $0.reason == "PodCliqueSetReplicaDeleteSuccessful" } == 1)
    for _ in 0..<5 {
      cluster.now += .hours(5)
      try cluster.settle()
    }
    #expect(cluster.events.count { $0.reason == "PodCliqueSetReplicaDeleteSuccessful" } == 1)
  }

  /// B-R37: a missing PodClique does not hide the breach of the others.
  @Test func missingPodCliqueHidesNothing() throws {
    var cluster = try running()
    try lose(&cluster, ["demo-0-sg-0-wk", "demo-0-sg-1-wk"])
    cluster.now += .hours(5)
    cluster.state.remove(TestCluster.key(.podClique, "demo-0-fe"))
    let result = cluster.decide(.podCliqueSet, "demo")
    #expect(result.summary.contains("delete PodClique demo-0-sg-0-ld"))
  }

  /// A flag that is there already is not written again, a deletion under way is not repeated.
  @Test func firesOnceWhileTheReplicaGoes() throws {
    var cluster = try running()
    try lose(&cluster, ["demo-0-fe"])
    cluster.now += .hours(5)
    cluster.pass()
    let again = cluster.pass()
    #expect(!again.summary.contains { $0.hasPrefix("delete") || $0.hasPrefix("event") })
    #expect(!again.summary.contains("status PodCliqueScalingGroup demo-0-sg"))
  }

  @Test func refusedDeletionIsTold() throws {
    var cluster = try running()
    try lose(&cluster, ["demo-0-fe"])
    cluster.now += .hours(5)
    let attempt = cluster.decide(.podCliqueSet, "demo")
    let deletion = try #require(attempt.steps.first)
    let result = cluster.decide(.podCliqueSet, "demo", refusals: [Refusal(deletion.action, message: "no")])
    guard case .failed(let errors) = result.outcome else {
      Issue.record("the pass did not fail")
      return
    }
    #expect(errors.map(\.code) == ["ERR_DELETE_PCS_REPLICA"])
    #expect(result.summary == ["event PodCliqueSetReplicaDeleteFailed", "status PodCliqueSet demo"])
  }
}
