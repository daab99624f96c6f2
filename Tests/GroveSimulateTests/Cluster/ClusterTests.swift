import GroveManifest
import GroveModel
import GroveReconcile
import GroveSchedule
import KubernetesModel
import Testing

@testable import GroveSimulate

/// A whole cluster: scheduler, kubelets, nodes that die.
struct ClusterTests {
  private var world = World(
    configuration: .kaiWithTopology, setup: ClusterSetup(kubelets: ClusterTiming()), seed: 1)

  private func node(_ name: String, cpu: Int64 = 4) -> Node {
    var node = Node()
    node.metadata.name = name
    node.metadata.labels = ["kubernetes.io/hostname": name]
    node.status.allocatable = ["cpu": Quantity(cpu), "pods": Quantity(110)]
    return node
  }

  private func clique(_ name: String, replicas: Int32 = 2, cpu: Int64 = 1) -> PodCliqueTemplateSpec {
    var clique = PodCliqueTemplateSpec(name: name)
    clique.spec.roleName = name
    clique.spec.replicas = replicas
    var container = Container(name: "main", image: "nginx:1.25")
    container.resources.requests = ["cpu": Quantity(cpu)]
    clique.spec.podSpec.containers = [container]
    clique.spec.podSpec.schedulerName = "kai-scheduler"
    return clique
  }

  private func set(_ cliques: [PodCliqueTemplateSpec]) -> Resource {
    var set = PodCliqueSet()
    set.metadata.name = "demo"
    set.metadata.namespace = "ns"
    set.metadata.labels = ["kai.scheduler/queue": "test"]
    set.spec.replicas = 1
    set.spec.template.cliques = cliques
    return .podCliqueSet(set)
  }

  private var pods: [Pod] {
    world.server.objects.resources(of: .pod).compactMap { if case .pod(let pod) = $0 { pod } else { nil } }
  }

  private var readyCount: Int { pods.count { $0.status.conditions.status(of: "Ready") == "True" } }

  @Test mutating func podsAreBoundAndBecomeReady() throws {
    try world.perform(.apply(.node(node("a"))))
    try world.perform(.apply(set([clique("x"), clique("y")])))
    #expect(world.runToRest(limit: 10_000) == .atRest)
    #expect(pods.count == 4)
    #expect(readyCount == 4)
    #expect(pods.allSatisfy { $0.spec.nodeName == "a" && $0.status.phase == "Running" })
    guard case .podCliqueSet(let set)? = world.server[ObjectKey(.podCliqueSet, namespace: "ns", name: "demo")]
    else { return }
    #expect(set.status.availableReplicas == 1)
  }

  @Test mutating func aGangThatDoesNotFitStaysPending() throws {
    try world.perform(.apply(.node(node("a", cpu: 3))))
    try world.perform(.apply(set([clique("x"), clique("y")])))
    #expect(world.runToRest(limit: 10_000) == .atRest)
    #expect(pods.allSatisfy { $0.spec.nodeName.isEmpty }, "S-030")
    #expect(
      pods.allSatisfy {
        $0.status.conditions.contains { $0.reason == "Unschedulable" && $0.status == "False" }
      })
    try world.perform(.apply(.node(node("b", cpu: 1))))
    #expect(world.runToRest(limit: 10_000) == .atRest)
    #expect(readyCount == 4)
  }
}
