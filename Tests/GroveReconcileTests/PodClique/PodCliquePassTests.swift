import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

struct PodCliquePassTests {
  private let name = ObjectName(namespace: "ns", name: "one-0-a")

  private func made() throws -> SmallCluster {
    var cluster = try SmallCluster(single)
    try cluster.syncSet()
    return cluster
  }

  @Test("R-012: an absent PodClique is nothing to do")
  func absent() throws {
    var cluster = try made()
    #expect(cluster.pass(over: "nobody") == Reconciliation())
  }

  @Test("R-041: a missing finalizer comes first, and status builds on it")
  func finalizer() throws {
    var cluster = try made()
    var podClique = try cluster.podClique("one-0-a")
    podClique.metadata.finalizers = ["example.com/other"]
    cluster.state.insert(.podClique(podClique))
    // Applying checks that every step replaces what the steps before left.
    let result = cluster.pass(over: "one-0-a")
    #expect(result.steps.first?.rule == "R-041")
    #expect(
      try cluster.podClique("one-0-a").metadata.finalizers
        == ["example.com/other", GroveName.podCliqueFinalizer])
  }

  @Test("R-043: deletion removes the finalizer and nothing else")
  func deletion() throws {
    var cluster = try made()
    cluster.pass(over: "one-0-a")
    var podClique = try cluster.podClique("one-0-a")
    podClique.metadata.deletionTimestamp = cluster.now
    cluster.state.insert(.podClique(podClique))
    let result = cluster.pass(over: "one-0-a")
    #expect(result.steps.map(\.rule) == ["R-043"])
    #expect(result.outcome == .settled)
    #expect(cluster.state.podCliques[name] == nil)
    #expect(cluster.pods(of: "one-0-a").isEmpty, "collected with their owner")

    podClique.metadata.finalizers = ["example.com/other"]
    cluster.state.insert(.podClique(podClique))
    #expect(cluster.pass(over: "one-0-a").steps.isEmpty)
  }

  @Test("R-025: without its PodCliqueSet a pass fails, and writes nothing")
  func teardown() throws {
    var cluster = try made()
    cluster.state.remove(ObjectKey(.podCliqueSet, namespace: "ns", name: "one"))
    let result = cluster.pass(over: "one-0-a")
    #expect(result.errorCodes == ["ERR_GET_PODCLIQUESET"])
    #expect(result.steps.isEmpty)
  }

  @Test("R-303, R-442: a PodClique that its PodCliqueSet does not call for gets no pods")
  func strays() throws {
    var cluster = try made()
    var podClique = try cluster.podClique("one-0-a")
    podClique.metadata.labels[LabelKey.podCliqueSetReplicaIndex] = "1"
    cluster.state.insert(.podClique(podClique))
    #expect(cluster.pass(over: "one-0-a").errorCodes == ["ERR_GET_PODCLIQUE_TEMPLATE"])
    podClique.metadata.labels[LabelKey.podCliqueSetReplicaIndex] = nil
    cluster.state.insert(.podClique(podClique))
    #expect(cluster.pass(over: "one-0-a").errorCodes == ["ERR_GET_PODCLIQUESET_REPLICA_INDEX"])

    cluster = try SmallCluster(demo)
    try cluster.syncSet()
    cluster.pass(overGroup: "demo-0-sg")
    var member = try cluster.podClique("demo-0-sg-0-ld")
    member.metadata.labels[LabelKey.scalingGroupReplicaIndex] = nil
    cluster.state.insert(.podClique(member))
    let result = cluster.pass(over: "demo-0-sg-0-ld")
    #expect(result.errorCodes == ["ERR_BUILD_POD_RESOURCE"])
    #expect(result.createdPods.isEmpty)
  }

  @Test("R-017, B-R01: errors are told as long as they last, and keep the time they were first seen")
  func lastErrors() throws {
    var cluster = try made()
    var podClique = try cluster.podClique("one-0-a")
    podClique.spec.podSpec.schedulerName = "nobody"
    cluster.state.insert(.podClique(podClique))
    cluster.pass(over: "one-0-a")
    let first = try cluster.podClique("one-0-a").status.lastErrors
    #expect(first.count == 1)
    cluster.now += .minutes(1)
    #expect(cluster.pass(over: "one-0-a").steps.isEmpty)
    podClique = try cluster.podClique("one-0-a")
    podClique.spec.podSpec.schedulerName = ""
    cluster.state.insert(.podClique(podClique))
    cluster.pass(over: "one-0-a")
    #expect(try cluster.podClique("one-0-a").status.lastErrors.isEmpty)
  }

  @Test("R-306, B-R41: the first refused pod stops the others; gates are still waited for")
  func refused() throws {
    var cluster = try made()
    cluster.pass(over: "one-0-a")
    try cluster.scale("one-0-a", to: 6)
    let refusedPod = try #require(
      Reconciler(configuration: cluster.configuration)
        .reconcilePodClique(name, observed: cluster.state, now: cluster.now).steps.dropFirst(2).first)
    cluster.state.refusals = [Refusal(refusedPod.action, message: "exceeded quota")]
    let result = cluster.pass(over: "one-0-a")
    #expect(result.createdPods.map(\.spec.hostname) == ["one-0-a-3"])
    #expect(result.errorCodes == ["ERR_CREATE_POD"])
    #expect(result.requeueAfter == .seconds(5))
    #expect(cluster.events.last?.message == "Error creating pod : exceeded quota")
  }

  @Test("Every prefix of a pass leaves a state from which passes converge to the same pods")
  func prefixes() throws {
    let fresh = try made()
    let steps = Reconciler(configuration: fresh.configuration)
      .reconcilePodClique(name, observed: fresh.state, now: fresh.now).steps
    for length in 0...steps.count {
      var cluster = fresh
      for step in steps.prefix(length) { cluster.apply(step.action) }
      try cluster.settle()
      #expect(
        cluster.pods(of: "one-0-a").map(\.spec.hostname).sorted() == ["one-0-a-0", "one-0-a-1", "one-0-a-2"])
    }
  }

  @Test("R-871: each created pod is told; the event ends with what the API server completes")
  func creationEvents() throws {
    var cluster = try made()
    let result = cluster.pass(over: "one-0-a")
    for (step, next) in zip(result.steps, result.steps.dropFirst()) {
      guard case .create(.pod(let pod)) = step.action else { continue }
      guard case .record(let event) = next.action else {
        Issue.record("no event after a pod")
        continue
      }
      #expect(event.message == "Created Pod: " + pod.metadata.generateName)
    }
    #expect(
      cluster.events.map(\.reason) == ["PodCreateSuccessful", "PodCreateSuccessful", "PodCreateSuccessful"])
  }
}
