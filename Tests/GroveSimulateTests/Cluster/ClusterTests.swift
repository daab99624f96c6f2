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

  private static let setKey = ObjectKey(.podCliqueSet, namespace: "ns", name: "demo")

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

  /// Two Ready pods of one PodClique on node `a`.
  private mutating func startTwo() throws {
    try world.perform(.apply(.node(node("a"))))
    try world.perform(.apply(set([clique("x")])))
    _ = world.runToRest(limit: 10_000)
    #expect(readyCount == 2)
  }

  private func name(_ pod: Pod) -> ObjectName { ObjectName(pod.metadata) }

  @Test mutating func timesPassAsSet() throws {
    try startTwo()
    let pod = try #require(pods.first)
    // Five seconds for the token, two for the image, one each to run and to be ready.
    let ready = pod.status.conditions.first { $0.type == "Ready" }?.lastTransitionTime
    #expect(ready == APIServer.defaultStart + .seconds(9))
    #expect(pod.status.podIP == "10.244.1.0")
    #expect(pod.status.containerStatuses.first?.started == true)
  }

  @Test mutating func aContainerThatCrashesAgainWaitsLongerAndLonger() throws {
    try startTwo()
    let pod = try #require(pods.first)
    var delays: [Int64] = []
    for _ in 0..<4 {
      let crashed = world.now
      try world.perform(.crashContainer(pod: name(pod), container: nil, exitCode: 1))
      #expect(readyCount == 1)
      _ = world.runToRest(limit: 10_000)
      let again = pods.first?.status.containerStatuses.first?.state?.running?.startedAt ?? crashed
      delays.append((again - crashed).wholeSeconds)
    }
    #expect(delays == [1, 10, 20, 40])
    #expect(pods.first?.status.containerStatuses.first?.restartCount == 4)
    #expect(readyCount == 2)
  }

  @Test mutating func aKilledPodIsReplaced() throws {
    try startTwo()
    let pod = try #require(pods.first)
    try world.perform(.killPod(name(pod)))
    #expect(pods.first?.status.phase == "Failed")
    _ = world.runToRest(limit: 10_000)
    #expect(readyCount == 2, "B-R15")
    #expect(!pods.contains { $0.metadata.uid == pod.metadata.uid })
  }

  @Test mutating func aDeletedPodEndsInItsGracePeriod() throws {
    try startTwo()
    let pod = try #require(pods.first)
    let key = Resource.pod(pod).key
    try world.perform(.delete(key))
    #expect(world.server[key]?.metadata.deletionTimestamp == world.now + .seconds(30))
    _ = world.run(for: .milliseconds(900))
    #expect(world.server[key] != nil)
    _ = world.run(for: .milliseconds(200))
    #expect(world.server[key] == nil)
  }

  @Test mutating func readinessFollowsTheProbes() throws {
    try startTwo()
    let pod = try #require(pods.first)
    try world.perform(.setReady(pod: name(pod), false))
    _ = world.runToRest(limit: 10_000)
    #expect(readyCount == 1)
    #expect(pods.count == 2)
    try world.perform(.setReady(pod: name(pod), true))
    _ = world.runToRest(limit: 10_000)
    #expect(readyCount == 2)
  }

  @Test mutating func podsOfASilentNodeAreEvictedAndGoWhenTheNodeGoes() throws {
    try startTwo()
    try world.perform(.apply(.node(node("b"))))
    try world.perform(.cordon("b"))
    try world.perform(.failNode("a"))
    _ = world.run(for: .seconds(49))
    #expect(readyCount == 2, "nobody knows yet")
    _ = world.run(for: .seconds(2))
    #expect(readyCount == 0)
    #expect(pods.allSatisfy { !$0.metadata.isTerminating })
    _ = world.run(for: .seconds(298))
    #expect(pods.count == 2 && pods.allSatisfy { !$0.metadata.isTerminating }, "not before 300 s")
    _ = world.run(for: .seconds(2))
    #expect(pods.count { $0.metadata.isTerminating } == 2, "no kubelet lets them end")
    #expect(pods.count == 4, "replacements wait for a node")
    try world.perform(.uncordon("b"))
    _ = world.runToRest(limit: 10_000)
    #expect(readyCount == 2)
    try world.perform(.delete(ObjectKey(.node, namespace: "", name: "a")))
    _ = world.runToRest(limit: 10_000)
    #expect(pods.count == 2)
    #expect(pods.allSatisfy { $0.spec.nodeName == "b" })
  }

  @Test mutating func aNodeThatComesBackKeepsItsPods() throws {
    try startTwo()
    let uids = pods.map(\.metadata.uid)
    try world.perform(.failNode("a"))
    _ = world.run(for: .seconds(60))
    #expect(readyCount == 0)
    try world.perform(.recoverNode("a"))
    _ = world.runToRest(limit: 10_000)
    #expect(readyCount == 2)
    #expect(pods.map(\.metadata.uid) == uids)
  }

  private func taints(_ name: String) -> [String] {
    guard case .node(let node)? = world.server[ObjectKey(.node, namespace: "", name: name)] else { return [] }
    return node.spec.taints.map { "\($0.key):\($0.effect)" }.sorted()
  }

  /// S-316
  @Test mutating func taintsFollowCordonAndConditions() throws {
    var sick = node("a")
    for (type, status) in [("Ready", "False"), ("DiskPressure", "True")] {
      var condition = NodeCondition()
      condition.type = type
      condition.status = status
      sick.status.conditions.append(condition)
    }
    try world.write { server throws(APIError) in try server.create(.node(sick)) }
    try world.perform(.cordon("a"))
    try world.perform(.apply(set([clique("x")])))
    _ = world.runToRest(limit: 10_000)
    #expect(
      taints("a") == [
        "node.kubernetes.io/disk-pressure:NoSchedule", "node.kubernetes.io/not-ready:NoExecute",
        "node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/unschedulable:NoSchedule",
      ])
    #expect(readyCount == 0)
    try world.perform(.uncordon("a"))
    _ = world.runToRest(limit: 10_000)
    #expect(!taints("a").contains("node.kubernetes.io/unschedulable:NoSchedule"))
    #expect(readyCount == 0)
    try world.perform(.recoverNode("a"))
    _ = world.runToRest(limit: 10_000)
    #expect(taints("a").isEmpty)
    #expect(readyCount == 2)
  }

  /// S-317
  @Test mutating func noExecuteEvictsWhenTolerationsAreOver() throws {
    try world.perform(.apply(.node(node("a"))))
    var patient = clique("patient", replicas: 1)
    patient.spec.podSpec.tolerations = [
      Toleration(key: "k", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60)
    ]
    var stubborn = clique("stubborn", replicas: 1)
    stubborn.spec.podSpec.tolerations = [Toleration(key: "k", operator: "Exists")]
    try world.perform(.apply(set([clique("plain", replicas: 1), patient, stubborn])))
    _ = world.runToRest(limit: 10_000)
    func isThere(_ uid: String) -> Bool {
      pods.contains { $0.metadata.uid == uid && !$0.metadata.isTerminating }
    }
    let uids = Dictionary(
      uniqueKeysWithValues: pods.map { ($0.metadata.labels[LabelKey.podClique] ?? "", $0.metadata.uid) })
    guard case .node(var tainted)? = world.server[ObjectKey(.node, namespace: "", name: "a")] else { return }
    tainted.spec.taints = [Taint(effect: "NoExecute", key: "k")]
    try world.write { server throws(APIError) in try server.update(.node(tainted)) }
    _ = world.run(for: .seconds(30))
    #expect(!isThere(try #require(uids["demo-0-plain"])))
    #expect(isThere(try #require(uids["demo-0-patient"])))
    _ = world.run(for: .seconds(40))
    #expect(!isThere(try #require(uids["demo-0-patient"])))
    #expect(isThere(try #require(uids["demo-0-stubborn"])))
    #expect(world.server.events.records.contains { $0.event.reason == "TaintManagerEviction" })
  }

  @Test mutating func startupOrderHolds() throws {
    try world.perform(.apply(.node(node("a"))))
    guard case .podCliqueSet(var ordered) = set([clique("x"), clique("y")]) else { return }
    ordered.spec.template.cliqueStartupType = .inOrder
    try world.perform(.apply(.podCliqueSet(ordered)))
    _ = world.runToRest(limit: 10_000)
    #expect(readyCount == 4)
    func ready(_ clique: String) -> [Timestamp] {
      pods.filter { $0.metadata.labels[LabelKey.podClique] == "demo-0-\(clique)" }
        .compactMap { pod in pod.status.conditions.first { $0.type == "Ready" }?.lastTransitionTime }
    }
    func started(_ clique: String) -> [Timestamp] {
      pods.filter { $0.metadata.labels[LabelKey.podClique] == "demo-0-\(clique)" }
        .compactMap { $0.status.containerStatuses.first?.state?.running?.startedAt }
    }
    let last = try #require(ready("x").max())
    #expect(started("y").allSatisfy { $0 > last }, "R-404")
  }

  @Test mutating func higherPriorityEvictsAndIsPlacedOnceThereIsRoom() throws {
    try startTwo()
    var high = PriorityClass()
    high.metadata.name = "high"
    high.value = 1_000
    try world.perform(.apply(.priorityClass(high)))
    guard case .podCliqueSet(var urgent) = set([clique("x", replicas: 1, cpu: 4)]) else { return }
    urgent.metadata.name = "urgent"
    urgent.spec.template.priorityClassName = "high"
    try world.perform(.apply(.podCliqueSet(urgent)))
    _ = world.runToRest(limit: 10_000)
    let placed = pods.filter { $0.metadata.name.hasPrefix("urgent") }
    #expect(placed.map(\.spec.nodeName) == ["a"], "S-050")
    #expect(readyCount == 1)
    #expect(world.server.events.records.count { $0.event.reason == "Preempted" } == 2)
  }

  @Test mutating func anAutoscalerKeepsItsBounds() throws {
    try world.perform(.apply(.node(node("a"))))
    var scaled = clique("x")
    scaled.spec.autoScalingConfig = AutoScalingConfig(minReplicas: 2, maxReplicas: 3)
    try world.perform(.apply(set([scaled])))
    _ = world.runToRest(limit: 10_000)
    let name = ObjectName(namespace: "ns", name: "demo-0-x")
    try world.perform(.autoscale(name, desired: 9))
    _ = world.runToRest(limit: 10_000)
    #expect(readyCount == 3)
    try world.perform(.autoscale(name, desired: 0))
    _ = world.runToRest(limit: 10_000)
    #expect(readyCount == 2)
  }

  @Test mutating func foregroundDeletionTakesTheOwnerLast() throws {
    try startTwo()
    try world.perform(.delete(Self.setKey, propagation: .foreground))
    #expect(world.server[Self.setKey] != nil)
    // As long as a pod of one of its PodCliques is there, so is it.
    let end = world.now + .minutes(5)
    while let step = world.takeNextStep(until: end) {
      if !pods.isEmpty { #expect(world.server[Self.setKey] != nil, "after \(step)") }
    }
    _ = world.runToRest(limit: 10_000)
    #expect(world.server[Self.setKey] == nil)
    #expect(pods.isEmpty)
  }

  @Test mutating func applyTakesBackWhatItSetBefore() throws {
    try startTwo()
    guard case .podCliqueSet(var changed) = set([clique("x", replicas: 3)]) else { return }
    changed.spec.template.cliques[0].spec.minAvailable = 2
    changed.metadata.labels["team"] = "a"
    try world.perform(.apply(.podCliqueSet(changed)))
    #expect(world.server[Self.setKey]?.metadata.labels == ["kai.scheduler/queue": "test", "team": "a"])
    _ = world.runToRest(limit: 10_000)
    // The default that the webhook wrote stays, and existing PodCliques keep their scale.
    #expect(readyCount == 2)
    try world.perform(
      .patch(Self.setKey, .object([("metadata", .object([("labels", .object([("team", .null)]))]))])))
    #expect(world.server[Self.setKey]?.metadata.labels == ["kai.scheduler/queue": "test"])
    #expect(throws: APIError.self) {
      try world.perform(.patch(Self.setKey, .object([("spec", .object([("replicas", .string("x"))]))])))
    }
  }

  @Test mutating func whatIsNotThereIsAnError() {
    #expect(throws: APIError.notFound(ObjectKey(.node, namespace: "", name: "zz"))) {
      try world.perform(.cordon("zz"))
    }
    #expect(throws: APIError.self) {
      try world.perform(.killPod(ObjectName(namespace: "ns", name: "zz")))
    }
    #expect(throws: APIError.self) { try world.perform(.scale(Self.setKey, replicas: 1)) }
  }
}
