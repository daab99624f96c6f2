import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

struct ScalingGroupUpdateTests {
  private func ready(_ yaml: String = demo) throws -> SmallCluster {
    var cluster = try SmallCluster(yaml)
    try cluster.syncSet()
    try cluster.recover()
    return cluster
  }

  private func newImage(_ set: inout PodCliqueSet) {
    set.spec.template.cliques[2].spec.podSpec.containers[0].image = "a:2"
  }

  private func progress(_ cluster: SmallCluster) throws -> PodCliqueScalingGroupUpdateProgress {
    try #require(try cluster.group("demo-0-sg").status.updateProgress)
  }

  private func updated(_ cluster: SmallCluster) throws -> [Bool] {
    try (0..<3).map {
      try cluster.podClique("demo-0-sg-\($0)-wk").spec.podSpec.containers[0].image == "a:2"
    }
  }

  @Test("R-660…R-666: replica by replica, lowest index first, the next when the last is back and ready")
  func oneAtATime() throws {
    var cluster = try ready()
    try cluster.startUpdate(ofReplica: 0, newImage)
    for replica in 0..<3 {
      try cluster.settle()
      let selection = try #require(try progress(cluster).readyReplicaIndicesSelectedToUpdate)
      #expect(selection.current == Int32(replica))
      #expect(selection.completed == Array(0..<Int32(replica)))
      #expect(try updated(cluster) == (0..<3).map { $0 <= replica })
      #expect(
        cluster.pass(overGroup: "demo-0-sg").waitingFor
          == "rolling update of scaling group replica \(replica) is not complete")
      let status = try cluster.group("demo-0-sg").status
      #expect(status.conditions["MinAvailableBreached"]?.reason == "UpdateInProgress")
      try cluster.recover(once: true)
    }
    try cluster.settle()
    #expect(try progress(cluster).updateEndedAt != nil)
    #expect(try progress(cluster).readyReplicaIndicesSelectedToUpdate == nil)
    let status = try cluster.group("demo-0-sg").status
    #expect(status.updatedReplicas == 3)
    #expect(status.updateProgress?.updatedPodCliquesCount == 6)
    #expect(status.updateProgress?.totalPodCliquesCount == 6)
    #expect(status.currentPodCliqueSetGenerationHash == (try cluster.set.status.currentGenerationHash))
  }

  @Test("R-665: the selection is written before the replica goes, and its deletion is made up for")
  func selectionFirst() throws {
    var cluster = try ready()
    try cluster.startUpdate(ofReplica: 0, newImage)
    let result = Reconciler(configuration: cluster.configuration)
      .reconcileScalingGroup(
        ObjectName(namespace: "ns", name: "demo-0-sg"), observed: cluster.state, now: cluster.now)
    let write = try #require(
      result.steps.firstIndex { if case .updateStatus = $0.action { true } else { false } })
    let deletion = try #require(
      result.steps.firstIndex { if case .delete = $0.action { true } else { false } })
    #expect(write < deletion)
    #expect(result.deletions == ["demo-0-sg-0-ld", "demo-0-sg-0-wk"])
    // The caller dies after the first write.
    cluster.apply(result.steps[write].action)
    #expect(cluster.pass(overGroup: "demo-0-sg").deletions == ["demo-0-sg-0-ld", "demo-0-sg-0-wk"])
    #expect(cluster.pass(overGroup: "demo-0-sg").deletions.isEmpty, "nobody else is taken down")
  }

  @Test("R-667: a newer template does not take a second replica down while the first is away")
  func newerTemplate() throws {
    var cluster = try ready()
    try cluster.startUpdate(ofReplica: 0, newImage)
    try cluster.settle()
    #expect(try progress(cluster).readyReplicaIndicesSelectedToUpdate?.current == 0)
    try cluster.startUpdate(ofReplica: 0) { set in
      set.spec.template.cliques[2].spec.podSpec.containers[0].image = "a:3"
    }
    try cluster.settle()
    let selection = try #require(try progress(cluster).readyReplicaIndicesSelectedToUpdate)
    #expect(selection.current == 0)
    #expect(selection.completed.isEmpty)
    let images = try (0..<3).map {
      try cluster.podClique("demo-0-sg-\($0)-wk").spec.podSpec.containers[0].image
    }
    #expect(images[0] == "a:3")
    #expect(images[1] == images[2])
    #expect(images[1] != "a:2")
    #expect(images[1] != "a:3")
  }

  @Test("R-662, R-663: outdated replicas that are not up go at once, and one that is up besides")
  func idleReplicasFirst() throws {
    var cluster = try ready()
    for index in 0..<2 { try cluster.change("demo-0-sg-2-wk-\(index)") { $0.becomeUnready() } }
    try cluster.settle()
    try cluster.startUpdate(ofReplica: 0, newImage)
    let result = cluster.pass(overGroup: "demo-0-sg")
    #expect(
      result.deletions == ["demo-0-sg-2-ld", "demo-0-sg-2-wk", "demo-0-sg-0-ld", "demo-0-sg-0-wk"])
    #expect(try progress(cluster).readyReplicaIndicesSelectedToUpdate?.current == 0)
  }

  @Test("R-665: no replica that is up goes while fewer than minAvailable are")
  func guarded() throws {
    var cluster = try ready()
    for replica in 1..<3 {
      for index in 0..<2 { try cluster.change("demo-0-sg-\(replica)-wk-\(index)") { $0.becomeUnready() } }
    }
    try cluster.settle()
    try cluster.startUpdate(ofReplica: 0, newImage)
    try cluster.settle()
    #expect(try updated(cluster) == [false, true, true])
    #expect(
      cluster.pass(overGroup: "demo-0-sg").waitingFor
        == "available replicas 1 lesser than minAvailable 2, requeuing")
    try cluster.recover(once: true)
    try cluster.settle()
    #expect(try updated(cluster) == [true, true, true])
  }

  @Test("B-R42: the update ends only when every replica is back")
  func endsComplete() throws {
    var cluster = try ready()
    for pod in cluster.state.pods.byName.map(\.object) where pod.spec.hostname.contains("-sg-") {
      try cluster.change(pod.spec.hostname) { $0.status.conditions = [] }
    }
    try cluster.settle()
    try cluster.startUpdate(ofReplica: 0, newImage)
    #expect(cluster.pass(overGroup: "demo-0-sg").deletions.count == 6)
    #expect(try progress(cluster).updateEndedAt == nil)
    try cluster.settle()
    #expect(try progress(cluster).updateEndedAt != nil)
    #expect(try updated(cluster) == [true, true, true])
  }

  @Test("R-660: an unaffected group ends at once, in its turn; a group whose turn it is not does nothing")
  func turns() throws {
    var cluster = try ready()
    try cluster.startUpdate(ofReplica: 1) { set in
      set.spec.template.cliques[0].spec.podSpec.containers[0].image = "a:2"
    }
    #expect(cluster.pass(overGroup: "demo-0-sg").deletions.isEmpty)
    #expect(try cluster.group("demo-0-sg").status.updateProgress == nil)
    try cluster.startUpdate(ofReplica: 0) { _ in }
    let result = cluster.pass(overGroup: "demo-0-sg")
    #expect(result.deletions.isEmpty)
    #expect(result.outcome == .settled)
    #expect(try progress(cluster).updateEndedAt != nil)
  }

  @Test("R-668: scaling in the selected replica completes it; a new template starts over")
  func scaleInAndRestart() throws {
    var cluster = try ready()
    try cluster.startUpdate(ofReplica: 0, newImage)
    for _ in 0..<2 { try cluster.recover(once: true) }
    try cluster.settle()
    #expect(try progress(cluster).readyReplicaIndicesSelectedToUpdate?.current == 2)
    try cluster.scale(group: "demo-0-sg", to: 2)
    try cluster.settle()
    #expect(try progress(cluster).updateEndedAt != nil)

    try cluster.startUpdate(ofReplica: 0) {
      $0.spec.template.cliques[2].spec.podSpec.containers[0].image = "a:3"
    }
    cluster.pass(overGroup: "demo-0-sg")
    #expect(try progress(cluster).updateEndedAt == nil)
    #expect(
      try progress(cluster).podCliqueSetGenerationHash == (try cluster.set.status.currentGenerationHash))
  }

  @Test("B-R30: after OnDelete, members with outdated pods are rolled, in the replica's turn")
  func fromOnDelete() throws {
    var cluster = try ready(
      demo.replacing("  replicas: 1\n", with: "  replicas: 1\n  updateStrategy: {type: OnDelete}\n"))
    try #require(try cluster.set.updatesOnDelete)
    try cluster.startUpdate(ofReplica: 0, newImage)
    try cluster.settle()
    #expect(cluster.pods(of: "demo-0-sg-0-wk").allSatisfy { $0.spec.containers[0].image == "a:1" })
    var set = try cluster.set
    set.spec.updateStrategy = nil
    cluster.state.insert(.podCliqueSet(set))
    try cluster.startUpdate(ofReplica: 0) { _ in }
    for _ in 0..<3 { try cluster.recover(once: true) }
    try cluster.settle()
    #expect(
      cluster.state.pods.byName.map(\.object).filter { $0.spec.hostname.contains("-wk-") }
        .allSatisfy { $0.spec.containers[0].image == "a:2" })
    #expect(try progress(cluster).updateEndedAt != nil)

    // And back: what runs is ended.
    try cluster.startUpdate(ofReplica: 0) {
      $0.spec.template.cliques[2].spec.podSpec.containers[0].image = "a:3"
    }
    try cluster.settle()
    #expect(try progress(cluster).updateEndedAt == nil)
    set = try cluster.set
    set.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete)
    cluster.state.insert(.podCliqueSet(set))
    cluster.pass(overGroup: "demo-0-sg")
    #expect(try progress(cluster).updateEndedAt != nil)
  }
}
