import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

struct PodCliqueStatusTests {
  private func ready() throws -> SmallCluster {
    var cluster = try SmallCluster(single)
    try cluster.syncSet()
    try cluster.settle()
    try cluster.recover()
    return cluster
  }

  private func condition(_ type: String, _ cluster: SmallCluster) throws -> [String] {
    let condition = try #require(try cluster.podClique("one-0-a").status.conditions[type])
    return [condition.status, condition.reason, condition.message]
  }

  @Test("R-771, R-772: a new PodClique is in breach until pods are scheduled")
  func created() throws {
    var cluster = try SmallCluster(single)
    try cluster.syncSet()
    cluster.pass(over: "one-0-a")
    #expect(
      try condition("PodCliqueScheduled", cluster)
        == [
          "False", "InsufficientScheduledPods", "Insufficient scheduled pods. expected at least: 2, found: 0",
        ])
    #expect(
      try condition("MinAvailableBreached", cluster)
        == ["True", "ScheduledReplicasBelowMinAvailable", "Scheduled replicas (0) below MinAvailable (2)"])
    #expect(
      try cluster.podClique("one-0-a").status.hpaPodSelector
        == "app.kubernetes.io/managed-by=grove-operator,app.kubernetes.io/part-of=one,grove.io/podclique=one-0-a"
    )
  }

  @Test("R-772: slow starters do not breach, crashed and unready ones do")
  func startersAndCrashes() throws {
    var cluster = try ready()
    #expect(
      try condition("MinAvailableBreached", cluster) == [
        "False", "SufficientReadyPods",
        "Either sufficient ready or starting pods found. expected at least: 2, found: 3",
      ])
    for hostname in ["one-0-a-0", "one-0-a-1"] {
      try cluster.change(hostname) {
        $0.becomeUnready()
        $0.status.containerStatuses[0].started = false
      }
    }
    try cluster.settle()
    #expect(try condition("MinAvailableBreached", cluster)[0] == "False", "containers that have not started")
    try cluster.change("one-0-a-0") { $0.status.containerStatuses[0].started = true }
    try cluster.change("one-0-a-1") {
      $0.status.containerStatuses[0].lastState = ContainerState(
        terminated: ContainerStateTerminated(exitCode: 137))
    }
    try cluster.settle()
    #expect(
      try condition("MinAvailableBreached", cluster) == [
        "True", "InsufficientReadyPods",
        "Insufficient ready or starting pods. expected at least: 2, found: 1",
      ])
    #expect(try condition("PodCliqueScheduled", cluster)[0] == "True")
  }

  @Test("B-R32: terminating pods are in no count")
  func terminating() throws {
    var cluster = try ready()
    cluster.isSlowToTerminate = true
    for hostname in ["one-0-a-0", "one-0-a-1"] {
      let pod = try cluster.pod(hostname)
      cluster.apply(.delete(ResourceReference(key: pod.key, uid: pod.metadata.uid)))
    }
    try cluster.settle()
    let status = try cluster.podClique("one-0-a").status
    #expect(cluster.pods(of: "one-0-a").count == 5)
    #expect(status.replicas == 3)
    #expect(status.updatedReplicas == 3)
    #expect(status.readyReplicas == 1)
    #expect(status.scheduledReplicas == 1)
    #expect(try condition("MinAvailableBreached", cluster)[0] == "True")
  }

  @Test("B-R15: pods that ended are deleted and replaced", arguments: ["Failed", "Succeeded"])
  func finished(phase: String) throws {
    var cluster = try ready()
    try cluster.change("one-0-a-1") { $0.status.phase = phase }
    let ended = try cluster.pod("one-0-a-1").metadata.name
    let result = cluster.pass(over: "one-0-a")
    #expect(result.deletions == [ended])
    #expect(result.createdPods.map(\.spec.hostname) == ["one-0-a-1"])
    #expect(try cluster.podClique("one-0-a").status.scheduledReplicas == 2)
    try cluster.settle()
    #expect(cluster.pods(of: "one-0-a").count == 3)
  }

  @Test("R-773, R-867: the loss of all scheduled pods is told once")
  func lost() throws {
    var cluster = try ready()
    for pod in cluster.pods(of: "one-0-a") {
      cluster.apply(.delete(ResourceReference(key: pod.key, uid: pod.metadata.uid)))
    }
    try cluster.settle()
    let lost = cluster.events.filter { $0.reason == "AllScheduledReplicasLost" }
    #expect(lost.count == 1)
    #expect(lost.first?.severity == .warning)
    #expect(lost.first?.source == "podclique-controller")
    #expect(
      lost.first?.message
        == "All scheduled pods lost (was 3). Gang termination will fire after TerminationDelay if the PodClique "
        + "stays below MinAvailable; investigate node availability or capacity.")
  }

  @Test("R-770: no conditions before the generation was processed once; R-007: they move with their status")
  func conditions() throws {
    var cluster = try SmallCluster(single)
    try cluster.syncSet()
    var podClique = try cluster.podClique("one-0-a")
    podClique.metadata.labels[LabelKey.podGang] = nil
    cluster.state.insert(.podClique(podClique))
    #expect(cluster.pass(over: "one-0-a").errorCodes == ["ERR_MISSING_PODGANG_LABEL_ON_PODCLIQUE"])
    #expect(try cluster.podClique("one-0-a").status.conditions.isEmpty)

    cluster = try ready()
    let since = try cluster.podClique("one-0-a").status.conditions["MinAvailableBreached"]?.lastTransitionTime
    cluster.now += .minutes(5)
    try cluster.change("one-0-a-0") { $0.becomeUnready() }
    try cluster.settle()
    let condition = try cluster.podClique("one-0-a").status.conditions["MinAvailableBreached"]
    #expect(condition?.message.hasSuffix("found: 2") == true)
    #expect(condition?.lastTransitionTime == since)
  }

  @Test("R-769: the current hashes follow when all pods run the target")
  func currentHashes() throws {
    var cluster = try ready()
    let hash = try cluster.podClique("one-0-a").status.currentPodTemplateHash
    #expect(hash == (try cluster.podClique("one-0-a").metadata.labels[LabelKey.podTemplateHash]))
    try cluster.startUpdate(ofReplica: 0) {
      $0.spec.template.cliques[0].spec.podSpec.containers[0].image = "a:2"
    }
    try cluster.settle()
    #expect(try cluster.podClique("one-0-a").status.currentPodTemplateHash == hash)
  }
}
