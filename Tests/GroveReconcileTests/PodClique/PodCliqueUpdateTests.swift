import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

struct PodCliqueUpdateTests {
  /// A PodClique `one-0-a` with three ready pods.
  private func ready(_ yaml: String = single) throws -> SmallCluster {
    var cluster = try SmallCluster(yaml)
    try cluster.syncSet()
    try cluster.settle()
    try cluster.recover()
    return cluster
  }

  private func newImage(_ set: inout PodCliqueSet) {
    set.spec.template.cliques[0].spec.podSpec.containers[0].image = "a:2"
  }

  private func images(_ cluster: SmallCluster) -> [String] {
    cluster.pods(of: "one-0-a").sorted { $0.spec.hostname < $1.spec.hostname }.map(\.spec.containers[0].image)
  }

  @Test("R-681: a new PodClique starts an update and ends it in its first pass")
  func firstPass() throws {
    var cluster = try SmallCluster(single)
    try cluster.syncSet()
    let result = cluster.pass(over: "one-0-a")
    #expect(result.outcome == .settled)
    let status = try cluster.podClique("one-0-a").status
    #expect(status.updateProgress?.updateStartedAt != nil)
    #expect(status.updateProgress?.updateEndedAt != nil)
    #expect(status.observedGeneration == 1)
    #expect(status.currentPodCliqueSetGenerationHash == (try cluster.set.status.currentGenerationHash))
    let statusWrites = result.steps.count { if case .updateStatus = $0.action { true } else { false } }
    #expect(statusWrites == 1)
  }

  @Test("R-683…R-687, B-R29: one pod at a time, oldest first, and the next only when all are ready")
  func oneAtATime() throws {
    var cluster = try ready()
    try cluster.startUpdate(ofReplica: 0, newImage)
    var order: [String] = []
    for round in 0..<3 {
      try cluster.settle()
      // The selected pod is gone and its successor is there, but not ready: nothing more happens.
      let pods = cluster.pods(of: "one-0-a")
      #expect(pods.count == 3)
      #expect(pods.count { !$0.isReady } == 1)
      let status = try cluster.podClique("one-0-a").status
      let selection = try #require(status.updateProgress?.readyPodsSelectedToUpdate)
      #expect(selection.completed == order, "round \(round)")
      order.append(selection.current)
      #expect(status.conditions["MinAvailableBreached"]?.reason == "UpdateInProgress")
      #expect(cluster.pass(over: "one-0-a").waitingFor?.contains("is not complete") == true)
      try cluster.recover(once: true)
    }
    // Oldest first: pods were created in index order.
    #expect(order == order.sorted())
    #expect(images(cluster) == ["a:2", "a:2", "a:2"])
    try cluster.settle()
    let status = try cluster.podClique("one-0-a").status
    #expect(status.updateProgress?.updateEndedAt != nil)
    #expect(status.updateProgress?.readyPodsSelectedToUpdate == nil)
    #expect(status.updatedReplicas == 3)
    #expect(status.currentPodCliqueSetGenerationHash == (try cluster.set.status.currentGenerationHash))
    #expect(status.conditions["MinAvailableBreached"]?.status == "False")
  }

  @Test("R-684: outdated pods that are not ready go at once, and nobody else before they are back (B-R29)")
  func idlePodsFirst() throws {
    var cluster = try ready()
    try cluster.change("one-0-a-1") { $0.becomeUnready() }
    let unready = try cluster.pod("one-0-a-1").metadata.name
    try cluster.startUpdate(ofReplica: 0, newImage)
    let first = cluster.pass(over: "one-0-a")
    #expect(first.deletions == [unready])
    #expect(first.waitingFor != nil)
    try cluster.settle()
    #expect(images(cluster) == ["a:1", "a:2", "a:1"])
    #expect(try cluster.podClique("one-0-a").status.updateProgress?.readyPodsSelectedToUpdate == nil)
    try cluster.recover(once: true)
    try cluster.settle()
    #expect(try cluster.podClique("one-0-a").status.updateProgress?.readyPodsSelectedToUpdate != nil)
  }

  @Test("B-R48: a ready pod whose container once failed is replaced in its turn, not at once")
  func readyAfterCrash() throws {
    var cluster = try ready()
    for hostname in ["one-0-a-0", "one-0-a-1", "one-0-a-2"] {
      try cluster.change(hostname) {
        $0.status.containerStatuses[0].lastState = ContainerState(
          terminated: ContainerStateTerminated(exitCode: 1))
      }
    }
    try cluster.startUpdate(ofReplica: 0, newImage)
    #expect(cluster.pass(over: "one-0-a").deletions.count == 1)
  }

  @Test("R-686: no ready pod goes while fewer than minAvailable are ready")
  func guarded() throws {
    var cluster = try ready()
    try cluster.startUpdate(ofReplica: 0, newImage)
    var podClique = try cluster.podClique("one-0-a")
    podClique.spec.minAvailable = 4
    cluster.state.insert(.podClique(podClique))
    let result = cluster.pass(over: "one-0-a")
    #expect(result.deletions.isEmpty)
    #expect(result.waitingFor == "ready replicas 3 lesser than minAvailable 4, requeuing")
  }

  @Test("A selected pod whose deletion was lost is deleted again; one that still terminates is waited for")
  func lostDeletion() throws {
    var cluster = try ready()
    cluster.isSlowToTerminate = true
    try cluster.startUpdate(ofReplica: 0, newImage)
    let selected = try #require(cluster.pass(over: "one-0-a").deletions.first)
    var pod = try #require(cluster.pods(of: "one-0-a").first { $0.metadata.name == selected })
    pod.metadata.deletionTimestamp = nil
    cluster.state.insert(.pod(pod))
    #expect(cluster.pass(over: "one-0-a").deletions == [selected])
    let next = cluster.pass(over: "one-0-a")
    #expect(next.deletions.isEmpty)
    #expect(next.createdPods.count == 1)
    #expect(
      try cluster.podClique("one-0-a").status.updateProgress?.readyPodsSelectedToUpdate?.completed == [])
  }

  @Test("R-680: another replica's turn is waited for; without any turn the PodClique heals itself")
  func turns() throws {
    var cluster = try ready(single.replacing("replicas: 1", with: "replicas: 2"))
    try cluster.startUpdate(ofReplica: 0, newImage)
    let progress = try cluster.podClique("one-1-a").status.updateProgress
    #expect(cluster.pass(over: "one-1-a").deletions.isEmpty)
    #expect(try cluster.podClique("one-1-a").status.updateProgress == progress)
    #expect(cluster.pass(over: "one-0-a").deletions.count == 1)
    var set = try cluster.set
    set.status.updateProgress?.updateEndedAt = cluster.now
    cluster.state.insert(.podCliqueSet(set))
    #expect(cluster.pass(over: "one-1-a").deletions.count == 1)
  }

  @Test("R-302: scaling out makes new pods, scaling in takes outdated ones first (R-688)")
  func scaling() throws {
    var cluster = try ready()
    try cluster.startUpdate(ofReplica: 0, newImage)
    cluster.pass(over: "one-0-a")
    try cluster.settle()
    try cluster.recover(once: true)
    try cluster.scale("one-0-a", to: 2)
    let outdated = cluster.pods(of: "one-0-a").filter { $0.spec.containers[0].image == "a:1" }
    let result = cluster.pass(over: "one-0-a")
    #expect(result.deletions.count == 2, "one too many and one selected")
    #expect(result.deletions.allSatisfy { name in outdated.contains { $0.metadata.name == name } })
  }
}

/// Updates by deletion, and changes of the strategy (R-720…R-726, B-R30).
struct OnDeleteTests {
  private let onDelete = single.replacing(
    "  replicas: 1\n", with: "  replicas: 1\n  updateStrategy: {type: OnDelete}\n")

  private func ready(_ yaml: String) throws -> SmallCluster {
    var cluster = try SmallCluster(yaml)
    try cluster.syncSet()
    try cluster.settle()
    try cluster.recover()
    return cluster
  }

  private func newImage(_ set: inout PodCliqueSet) {
    set.spec.template.cliques[0].spec.podSpec.containers[0].image = "a:2"
  }

  @Test("R-721, R-722: nothing is deleted; what is created is of the new template")
  func deletesNothing() throws {
    var cluster = try ready(onDelete)
    try #require(try cluster.set.updatesOnDelete)
    try cluster.startUpdate(ofReplica: 0, newImage)
    let result = cluster.pass(over: "one-0-a")
    #expect(result.deletions.isEmpty)
    #expect(result.outcome == .settled)
    var status = try cluster.podClique("one-0-a").status
    #expect(status.updateProgress?.updateEndedAt == cluster.now)
    #expect(status.updatedReplicas == 0)
    #expect(status.currentPodCliqueSetGenerationHash != (try cluster.set.status.currentGenerationHash))

    let pod = try cluster.pod("one-0-a-1")
    cluster.apply(.delete(ResourceReference(key: pod.key, uid: pod.metadata.uid)))
    try cluster.settle()
    #expect(try cluster.pod("one-0-a-1").spec.containers[0].image == "a:2")
    status = try cluster.podClique("one-0-a").status
    #expect(status.updatedReplicas == 1)
    #expect(status.conditions["MinAvailableBreached"]?.status == "False", "R-723")
  }

  @Test("B-R30: switching to OnDelete ends what runs")
  func switchToOnDelete() throws {
    var cluster = try ready(single)
    try cluster.startUpdate(ofReplica: 0, newImage)
    try cluster.settle()
    #expect(try cluster.podClique("one-0-a").status.updateProgress?.updateEndedAt == nil)
    var set = try cluster.set
    set.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete)
    cluster.state.insert(.podCliqueSet(set))
    try cluster.settle()
    let progress = try cluster.podClique("one-0-a").status.updateProgress
    #expect(progress?.updateEndedAt != nil)
    #expect(progress?.readyPodsSelectedToUpdate == nil)
    #expect(
      try cluster.podClique("one-0-a").status.conditions["MinAvailableBreached"]?.reason != "UpdateInProgress"
    )
  }

  @Test("B-R30: switching to RollingRecreate rolls the pods that were left, in the replica's turn")
  func switchToRolling() throws {
    var cluster = try ready(onDelete)
    try cluster.startUpdate(ofReplica: 0, newImage)
    try cluster.settle()
    var set = try cluster.set
    set.spec.updateStrategy = nil
    cluster.state.insert(.podCliqueSet(set))
    #expect(cluster.pass(over: "one-0-a").steps.isEmpty, "not its turn yet")
    set.status.updateProgress = PodCliqueSetUpdateProgress(
      updateStartedAt: cluster.now, currentlyUpdating: [PodCliqueSetReplicaUpdateProgress(replicaIndex: 0)])
    cluster.state.insert(.podCliqueSet(set))
    for _ in 0..<3 { try cluster.recover(once: true) }
    try cluster.settle()
    #expect(cluster.pods(of: "one-0-a").map(\.spec.containers[0].image) == ["a:2", "a:2", "a:2"])
    #expect(try cluster.podClique("one-0-a").status.updateProgress?.updateEndedAt != nil)
  }

  @Test("B-R30: a member ignores progress towards an older template")
  func staleMemberProgress() throws {
    var cluster = try SmallCluster(demo)
    try cluster.syncSet()
    try cluster.settle()
    let hash = try #require(try cluster.set.status.currentGenerationHash)
    var podClique = try cluster.podClique("demo-0-sg-0-ld")
    podClique.status.updateProgress = PodCliqueUpdateProgress(
      updateStartedAt: cluster.now, updateEndedAt: cluster.now, podCliqueSetGenerationHash: "older",
      podTemplateHash: "older")
    podClique.status.currentPodCliqueSetGenerationHash = "older"
    cluster.state.insert(.podClique(podClique))
    try cluster.settle()
    #expect(try cluster.podClique("demo-0-sg-0-ld").status.currentPodCliqueSetGenerationHash == hash)
  }
}
