import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

struct ScalingGroupBreachTests {
  /// The demo, all pods ready.
  private func ready() throws -> SmallCluster {
    var cluster = try SmallCluster(demo)
    try cluster.syncSet()
    try cluster.recover()
    return cluster
  }

  /// Takes the nodes from two of the three `wk` pods of a replica.
  private func lose(_ replica: Int, _ cluster: inout SmallCluster) throws {
    for index in 0..<2 {
      try cluster.change("demo-0-sg-\(replica)-wk-\(index)") { $0.status.conditions = [] }
    }
    try cluster.settle()
  }

  @Test("R-900, R-620, R-621, R-250: one replica below its minimum is recycled after the delay, alone")
  func oneReplica() throws {
    var cluster = try ready()
    try lose(2, &cluster)
    #expect(try cluster.podClique("demo-0-sg-2-wk").isInBreach)
    let status = try cluster.group("demo-0-sg").status
    #expect(status.conditions["MinAvailableBreached"]?.status == "False", "two of three are enough")
    let pending = cluster.pass(overGroup: "demo-0-sg")
    #expect(pending.steps.isEmpty)
    #expect(pending.requeueAfter == .seconds(5))

    cluster.now += .hours(4) - .seconds(30)
    #expect(cluster.pass(overGroup: "demo-0-sg").deletions.isEmpty)
    cluster.now += .minutes(1)
    let expired = cluster.pass(overGroup: "demo-0-sg")
    #expect(expired.deletions == ["demo-0-sg-2-ld", "demo-0-sg-2-wk"])
    #expect(expired.requeueAfter == .seconds(5))

    // Recycled and never scheduled: left in peace.
    try cluster.settle()
    cluster.now += .hours(9)
    #expect(try cluster.podClique("demo-0-sg-2-wk").isInBreach)
    #expect(cluster.pass(overGroup: "demo-0-sg").deletions.isEmpty)
  }

  @Test("R-900, R-621, B-R37: with too few left the PodCliqueSet decides; somebody keeps looking")
  func delegated() throws {
    var cluster = try ready()
    try lose(2, &cluster)
    try lose(1, &cluster)
    let status = try cluster.group("demo-0-sg").status
    #expect(status.conditions["MinAvailableBreached"]?.status == "True")
    #expect(
      status.conditions["MinAvailableBreached"]?.message
        == "PCSG replicas not in breach (1) below MinAvailable (2)")
    cluster.now += .hours(9)
    let result = cluster.pass(overGroup: "demo-0-sg")
    #expect(result.deletions.isEmpty)
    #expect(result.outcome == .settled)
    #expect(result.requeueAfter == .seconds(5))
  }

  @Test("B-R39: terminating PodCliques are no breach")
  func terminating() throws {
    var cluster = try ready()
    try lose(2, &cluster)
    cluster.now += .hours(9)
    for name in ["demo-0-sg-2-ld", "demo-0-sg-2-wk"] {
      var podClique = try cluster.podClique(name)
      podClique.metadata.deletionTimestamp = cluster.now
      cluster.state.insert(.podClique(podClique))
    }
    let result = cluster.pass(overGroup: "demo-0-sg")
    #expect(result.deletions.isEmpty)
    #expect(result.requeueAfter == nil)
  }

  @Test("R-669: an update suspends all that")
  func updating() throws {
    var cluster = try ready()
    try lose(2, &cluster)
    cluster.now += .hours(9)
    var group = try cluster.group("demo-0-sg")
    group.status.updateProgress = PodCliqueScalingGroupUpdateProgress(
      updateStartedAt: cluster.now,
      podCliqueSetGenerationHash: try #require(try cluster.set.status.currentGenerationHash))
    cluster.state.insert(.podCliqueScalingGroup(group))
    #expect(cluster.pass(overGroup: "demo-0-sg").deletions.isEmpty)
  }

  @Test("R-591: when a PodClique was ever scheduled")
  func everScheduled() {
    let birth = Timestamp(secondsSince1970: 1_000)
    func scheduled(_ status: String?, after seconds: Int64) -> Bool {
      var podClique = PodClique(metadata: ObjectMeta(creationTimestamp: birth))
      if let status {
        podClique.status.conditions.set(
          "PodCliqueScheduled", status: status, reason: "-", message: "-", now: birth + .seconds(seconds))
      }
      return podClique.wasEverScheduled
    }
    #expect(!scheduled(nil, after: 0))
    #expect(scheduled("True", after: 0))
    #expect(!scheduled("False", after: 5))
    #expect(scheduled("False", after: 6))
  }
}

struct ScalingGroupStatusTests {
  @Test("R-750…R-759: counters follow the members")
  func counters() throws {
    var cluster = try SmallCluster(demo)
    try cluster.syncSet()
    cluster.pass(overGroup: "demo-0-sg")
    var status = try cluster.group("demo-0-sg").status
    #expect(status.replicas == 3)
    #expect(status.observedGeneration == 1)
    #expect(
      status.selector
        == "app.kubernetes.io/managed-by=grove-operator,app.kubernetes.io/part-of=demo,"
        + "grove.io/podcliquescalinggroup=demo-0-sg")
    #expect(
      status.conditions["MinAvailableBreached"]?.status == "True", "B-R28: nothing is known to be healthy")
    #expect(status.currentPodCliqueSetGenerationHash == nil)
    try cluster.settle()
    #expect(
      try cluster.group("demo-0-sg").status.currentPodCliqueSetGenerationHash
        == (try cluster.set.status.currentGenerationHash))

    try cluster.recover()
    status = try cluster.group("demo-0-sg").status
    #expect([status.scheduledReplicas, status.availableReplicas, status.updatedReplicas] == [3, 3, 3])
    #expect(
      status.conditions["MinAvailableBreached"]?.message
        == "PCSG replicas not in breach (3) meets MinAvailable (2)")

    // Not ready any more: scheduled, but not available.
    for index in 0..<2 { try cluster.change("demo-0-sg-0-wk-\(index)") { $0.becomeUnready() } }
    try cluster.settle()
    status = try cluster.group("demo-0-sg").status
    #expect([status.scheduledReplicas, status.availableReplicas, status.updatedReplicas] == [3, 2, 2])
    #expect(
      status.conditions["MinAvailableBreached"]?.message
        == "PCSG replicas not in breach (2) meets MinAvailable (2)")
  }

  @Test("R-757, R-867: the loss of all scheduled replicas is told")
  func lost() throws {
    var cluster = try SmallCluster(demo)
    try cluster.syncSet()
    try cluster.recover()
    for pod in cluster.state.pods.byName.map(\.object) {
      cluster.apply(.delete(ResourceReference(key: pod.key, uid: pod.metadata.uid)))
    }
    try cluster.settle()
    let lost = cluster.events.filter {
      $0.reason == "AllScheduledReplicasLost" && $0.subject.kind == .podCliqueScalingGroup
    }
    #expect(lost.map(\.source) == ["podcliquescalinggroup-controller"])
    #expect(lost.first?.message.hasPrefix("All scheduled replicas lost (was 3).") == true)
  }

  @Test("R-758, B-R28: the termination flag stays until every PodClique says that it is well")
  func terminationFlag() throws {
    var cluster = try SmallCluster(demo)
    try cluster.syncSet()
    cluster.pass(overGroup: "demo-0-sg")
    var group = try cluster.group("demo-0-sg")
    group.status.conditions.set(
      "GangTerminationInProgress", status: "True", reason: "GangTerminationActive", message: "-",
      now: cluster.now)
    cluster.state.insert(.podCliqueScalingGroup(group))
    // PodCliques without conditions, then with conditions that say breach.
    cluster.pass(overGroup: "demo-0-sg")
    #expect(try cluster.group("demo-0-sg").status.conditions["GangTerminationInProgress"] != nil)
    try cluster.settle()
    #expect(try cluster.group("demo-0-sg").status.conditions["GangTerminationInProgress"] != nil)
    try cluster.recover()
    #expect(try cluster.group("demo-0-sg").status.conditions["GangTerminationInProgress"] == nil)
  }

  @Test("R-758: the termination flag stays while an update hides whether there is a breach")
  func terminationFlagDuringAnUpdate() throws {
    var cluster = try SmallCluster(demo)
    try cluster.syncSet()
    try cluster.recover()
    var group = try cluster.group("demo-0-sg")
    group.status.conditions.set(
      "GangTerminationInProgress", status: "True", reason: "GangTerminationActive", message: "-",
      now: cluster.now)
    group.status.updateProgress = PodCliqueScalingGroupUpdateProgress(
      updateStartedAt: cluster.now, podCliqueSetGenerationHash: "another")
    cluster.state.insert(.podCliqueScalingGroup(group))
    try cluster.startUpdate(ofReplica: 1) { _ in }
    cluster.pass(overGroup: "demo-0-sg")
    let conditions = try cluster.group("demo-0-sg").status.conditions
    #expect(conditions["MinAvailableBreached"]?.status == "Unknown")
    #expect(conditions["GangTerminationInProgress"]?.status == "True")
  }
}
