import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// Generation hash and updates of PodCliqueSets (R-130… …, B-R30).
struct RollingUpdateTests {
  private static let yaml = demo(
    replicas: 3, cliques: clique("a", replicas: 2) + clique("b"),
    groups: scalingGroup("sg", ["b"], replicas: 2))

  private func running() throws -> TestCluster {
    var cluster = try TestCluster(Self.yaml)
    try cluster.settleAndRun()
    cluster.now += .hours(1)
    cluster.events = []
    return cluster
  }

  private func changeImage(_ cluster: inout TestCluster, to image: String) throws {
    try cluster.changeSet { set in
      for index in set.spec.template.cliques.indices {
        set.spec.template.cliques[index].spec.podSpec.containers[0].image = image
      }
    }
  }

  private func images(_ cluster: TestCluster, replica: Int) -> Set<String> {
    Set(
      cluster.state.pods.byName.map(\.object)
        .filter { $0.metadata.labels[LabelKey.podCliqueSetReplicaIndex] == String(replica) }
        .map { $0.spec.containers[0].image })
  }

  @Test func startsBeforeAnythingIsMade() throws {
    var cluster = try running()
    try changeImage(&cluster, to: "nginx:2")
    let hash = Hashing.generation(try cluster.set())
    #expect(try cluster.set().status.currentGenerationHash != hash)
    let result = cluster.pass()
    let first = try #require(result.steps.first)
    #expect(first.rule == "R-133")
    guard case .updateStatus(.podCliqueSet(let started), _) = first.action else {
      Issue.record("the first step is not the status")
      return
    }
    #expect(started.status.currentGenerationHash == hash)
    #expect(started.status.updatedReplicas == 0)
    #expect(started.status.updateProgress == PodCliqueSetUpdateProgress(updateStartedAt: cluster.now))
    // All standalone PodCliques get the template in the same pass, and one replica is chosen.
    for replica in 0..<3 { #expect(result.summary.contains("update PodClique demo-\(replica)-a")) }
    let progress = try #require(try cluster.set().status.updateProgress)
    #expect(progress.currentlyUpdating.map(\.replicaIndex) == [0])
    #expect(progress.totalPodCliquesCount == 3 && progress.updatedPodCliquesCount == 0)
    #expect(progress.totalPodCliqueScalingGroupsCount == 3)
    #expect(result.outcome == .waiting("commencing rolling update of PodCliqueSet replica index 0"))
    #expect(result.requeueAfter == .seconds(5))
    #expect(try cluster.set().status.observedGeneration == 1)
  }

  /// R-653…R-656: one replica after the other, and done when all are.
  @Test func oneReplicaAtATime() throws {
    var cluster = try running()
    try changeImage(&cluster, to: "nginx:2")
    var order: [Int] = []
    for _ in 0..<400 {
      cluster.pass()
      if let updating = try cluster.set().updatingReplica {
        if order.last != updating { order.append(updating) }
        // Replicas whose turn has not come run what they ran.
        for later in 0..<3 where !order.contains(later) {
          #expect(images(cluster, replica: later) == ["nginx:1.25"])
        }
      }
      for kind in [ResourceKind.podCliqueScalingGroup, .podClique, .podGang] {
        for name in cluster.names(kind) { cluster.pass(kind, name) }
      }
      cluster.run()
      cluster.now += .seconds(5)
      if try cluster.set().status.updateProgress?.updateEndedAt != nil { break }
    }
    #expect(order == [0, 1, 2])
    try cluster.settleAndRun()
    let status = try cluster.set().status
    #expect(status.updatedReplicas == 3 && status.availableReplicas == 3)
    #expect(status.updateProgress?.currentlyUpdating == [])
    #expect(status.updateProgress?.updatedPodCliquesCount == 3)
    #expect(status.updateProgress?.updatedPodCliqueScalingGroupsCount == 3)
    #expect(try status.observedGeneration == cluster.set().metadata.generation)
    for replica in 0..<3 { #expect(images(cluster, replica: replica) == ["nginx:2"]) }
  }

  /// replicas without scheduled pods first, then those in breach, then by index.
  @Test func order() throws {
    var cluster = try running()
    // Replica 2 has nothing scheduled; replica 1 is in breach.
    for name in ["demo-2-a", "demo-2-sg-0-b", "demo-2-sg-1-b"] {
      try cluster.changePodClique(name) { $0.status.scheduledReplicas = 0 }
    }
    try cluster.changeGroup("demo-2-sg") { $0.status.scheduledReplicas = 0 }
    let now = cluster.now
    try cluster.changePodClique("demo-1-a") {
      $0.status.conditions.set(
        "MinAvailableBreached", status: "True", reason: "InsufficientReadyPods", message: "", now: now)
    }
    try changeImage(&cluster, to: "nginx:2")
    cluster.pass()
    #expect(try cluster.set().updatingReplica == 2)
    // Without it, the one in breach is next.
    try cluster.changeSet { $0.spec.replicas = 2 }
    cluster.pass()
    #expect(try cluster.set().updatingReplica == 1)
  }

  /// another template in the middle starts all over.
  @Test func restarts() throws {
    var cluster = try running()
    try changeImage(&cluster, to: "nginx:2")
    cluster.pass()
    cluster.now += .seconds(30)
    try changeImage(&cluster, to: "nginx:3")
    cluster.pass()
    let progress = try #require(try cluster.set().status.updateProgress)
    #expect(progress.updateStartedAt == cluster.now)
    #expect(progress.currentlyUpdating.first?.updateStartedAt == cluster.now)
  }

  /// a replica that gang termination takes in the same pass is not looked at.
  @Test func terminatedReplicaIsNotConsidered() throws {
    var cluster = try running()
    let since = cluster.now
    try cluster.changePodClique("demo-0-a") {
      $0.status.conditions.set(
        "MinAvailableBreached", status: "True", reason: "InsufficientReadyPods", message: "", now: since)
    }
    // The pods bear it out (R-600-live).
    for name in cluster.names(.pod) where name.hasPrefix("demo-0-a-") {
      try cluster.change(.pod, name) { resource in
        guard case .pod(var pod) = resource else { return }
        pod.status.conditions = []
        resource = .pod(pod)
      }
    }
    cluster.now += .hours(5)
    try changeImage(&cluster, to: "nginx:2")
    let result = cluster.pass()
    #expect(result.summary.contains("delete PodClique demo-0-a"))
    #expect(!result.summary.contains("update PodClique demo-0-a"))
    #expect(try cluster.set().updatingReplica == 1)
  }

  /// with OnDelete an update is over as soon as it is noticed.
  @Test func onDelete() throws {
    var cluster = try running()
    try cluster.changeSet { $0.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete) }
    try changeImage(&cluster, to: "nginx:2")
    try cluster.settleAndRun()
    let progress = try #require(try cluster.set().status.updateProgress)
    #expect(progress.updateEndedAt == progress.updateStartedAt)
    #expect(progress.currentlyUpdating.isEmpty)
    for replica in 0..<3 { #expect(images(cluster, replica: replica) == ["nginx:1.25"]) }
    #expect(try cluster.set().status.updatedReplicas == 0)
    #expect(try cluster.podClique("demo-0-sg-0-b").spec.podSpec.containers[0].image == "nginx:2")
  }

  /// B-R30: a change to OnDelete ends what is under way; a change back rolls what is outdated.
  @Test func changesOfStrategy() throws {
    var cluster = try running()
    try changeImage(&cluster, to: "nginx:2")
    cluster.pass()
    #expect(try cluster.set().updatingReplica == 0)
    try cluster.changeSet { $0.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete) }
    cluster.now += .seconds(10)
    cluster.pass()
    let progress = try #require(try cluster.set().status.updateProgress)
    #expect(progress.updateEndedAt == cluster.now)
    #expect(progress.currentlyUpdating.isEmpty)
    try cluster.settleAndRun()
    #expect(images(cluster, replica: 2) == ["nginx:1.25"])

    try cluster.changeSet { $0.spec.updateStrategy = nil }
    cluster.now += .seconds(10)
    cluster.pass()
    #expect(try cluster.set().status.updateProgress?.updateStartedAt == cluster.now)
    #expect(try cluster.set().updatingReplica != nil)
    for _ in 0..<12 { try cluster.settleAndRun() }
    for replica in 0..<3 { #expect(images(cluster, replica: replica) == ["nginx:2"]) }
    #expect(try cluster.set().status.updateProgress?.updateEndedAt != nil)
    #expect(try cluster.set().status.updatedReplicas == 3)
  }

  /// replicas added during an update are made from the new template.
  @Test func scaleOutDuringAnUpdate() throws {
    var cluster = try running()
    try changeImage(&cluster, to: "nginx:2")
    cluster.pass()
    try cluster.changeSet { $0.spec.replicas = 4 }
    for _ in 0..<12 { try cluster.settleAndRun() }
    for replica in 0..<4 { #expect(images(cluster, replica: replica) == ["nginx:2"]) }
    #expect(try cluster.set().status.updatedReplicas == 4)
  }
}
