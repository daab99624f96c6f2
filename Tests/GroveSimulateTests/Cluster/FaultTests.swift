import GroveModel
import GroveReconcile
import GroveSchedule
import KubernetesModel
import Testing

@testable import GroveSimulate

/// Watches that lag, crashes, lost replies, conflicts: the operator gets to the same end.
struct FaultTests {
  private static let setKey = ObjectKey(.podCliqueSet, namespace: "ns", name: "demo")

  private func cluster(lagging: Bool) throws -> World {
    var setup = ClusterSetup(kubelets: .instant)
    setup.watchesLag = lagging
    var world = World(configuration: OperatorConfiguration(), setup: setup, seed: 3)
    var node = Node()
    node.metadata.name = "a"
    node.status.allocatable = ["cpu": 64, "pods": 110]
    try world.perform(.apply(.node(node)))
    var set = PodCliqueSet()
    set.metadata.name = "demo"
    set.metadata.namespace = "ns"
    set.spec.replicas = 2
    var clique = PodCliqueTemplateSpec(name: "x")
    clique.spec.roleName = "x"
    clique.spec.replicas = 2
    clique.spec.podSpec.containers = [Container(name: "main", image: "nginx:1.25")]
    set.spec.template.cliques = [clique]
    try world.perform(.apply(.podCliqueSet(set)))
    return world
  }

  /// What there is, apart from identities and times.
  private func summary(_ world: World) -> [String] {
    world.server.objects.resources.map { resource in
      switch resource {
      case .pod(let pod):
        "Pod \(pod.metadata.labels[LabelKey.podClique] ?? "") \(pod.metadata.labels[LabelKey.podIndex] ?? "") "
          + pod.status.conditions.status(of: "Ready")
      case .podClique(let clique): "\(resource.key) \(clique.status.readyReplicas)"
      default: "\(resource.key)"
      }
    }.sorted()
  }

  @Test func laggingWatchesLeadToTheSameEnd() throws {
    var prompt = try cluster(lagging: false)
    var lagging = try cluster(lagging: true)
    #expect(prompt.runToRest(limit: 10_000) == .atRest)
    #expect(lagging.runToRest(limit: 10_000) == .atRest)
    #expect(summary(lagging) == summary(prompt))
    #expect(lagging.view.resources == lagging.server.objects.resources)
  }

  @Test func theOperatorSeesOnlyWhatArrived() throws {
    var world = try cluster(lagging: true)
    #expect(world.view.resources.isEmpty)
    #expect(world.enabledSteps() == [.deliver(.podCliqueSet), .deliver(.node), .schedule])
    world.take(.deliver(.podCliqueSet))
    #expect(world.view.resources.map(\.key) == [Self.setKey])
    world.take(.pass(Self.setKey))
    #expect(world.view[Self.setKey]?.metadata.finalizers.isEmpty == false, "its own writes it sees")
  }

  @Test func coalescedEventsAreOneChange() throws {
    var world = try cluster(lagging: true)
    try world.perform(.scale(Self.setKey, replicas: 3))
    try world.perform(.delete(Self.setKey))
    #expect(world.enabledSteps().contains(.deliverAll(.podCliqueSet)))
    world.take(.deliverAll(.podCliqueSet))
    #expect(world.view[Self.setKey] == nil)
  }

  @Test(
    arguments: [Fault.crash(after: 0), .crash(after: 2), .lostReply(to: 1), .conflict(at: 1)], [false, true])
  func everyFaultIsSurvived(_ fault: Fault, lagging: Bool) throws {
    var calm = try cluster(lagging: lagging)
    _ = calm.runToRest(limit: 10_000)
    var world = try cluster(lagging: lagging)
    // Every other pass meets the fault, for a while.
    var passes = 0
    while passes < 60 {
      var steps = world.enabledSteps()
      steps.removeAll { if case .deliverAll = $0 { true } else { false } }
      guard let step = steps.first else { break }
      if case .pass(let key) = step {
        passes += 1
        world.take(passes % 2 == 0 ? .pass(key) : .faultyPass(key, fault))
      } else {
        world.take(step)
      }
    }
    #expect(world.runToRest(limit: 10_000) == .atRest)
    #expect(summary(world) == summary(calm))
    let version = world.server.version
    for step in [World.Step.resync, .restart] {
      world.take(step)
      #expect(world.runToRest(limit: 10_000) == .atRest)
      #expect(world.server.version == version, "nothing is left to write")
    }
  }

  @Test func theHistoryTellsEverything() throws {
    var setup = ClusterSetup(kubelets: ClusterTiming())
    setup.keepsHistory = true
    var world = World(configuration: OperatorConfiguration(), setup: setup)
    var node = Node()
    node.metadata.name = "a"
    try world.perform(.apply(.node(node)))
    #expect(world.takeHistory().count == 2, "the action and the change")
    #expect(world.history.isEmpty)
  }
}
