import GroveModel
import GroveSchedule
import KubernetesModel
import Testing

@testable import grove_schedule_check

@Suite("Snapshots (S-001…S-006, S-083; issue 4 §4)")
struct SnapshotTests {
  private func code(_ body: () throws -> Void) -> SnapshotError.Code? {
    do { try body() } catch let error as SnapshotError { return error.problems.first?.code } catch {}
    return nil
  }

  @Test("quantities that cannot be counted are errors that name the object (S-001)")
  func quantities() throws {
    for text in ["-1", "1e30"] {
      let pod = Pod.make("pod", ["cpu": text])
      #expect(code { _ = try Snapshot(pods: [pod]) } == .invalidQuantity, "\(text)")
      let node = Node.make("node", ["cpu": text])
      #expect(code { _ = try Snapshot(nodes: [node]) } == .invalidQuantity, "\(text)")
    }
    // What is finer than can be counted is rounded up, as the API server and kube-scheduler do.
    let fine = try Snapshot(
      nodes: [.make("n", ["cpu": "2m"])], pods: [Pod.make("a", ["cpu": "0.0011"], on: "n")])
    #expect(
      try fine.verdicts(on: Pod.make("b", ["cpu": "1n"])).map(\.reasons) == [[.insufficient(resource: "cpu")]]
    )
    #expect(code { _ = try Snapshot(pods: [Pod.make("pod", ["memory": "500m"])]) } == nil)
    // Odd ways to write whole numbers are fine.
    #expect(code { _ = try Snapshot(pods: [Pod.make("pod", ["memory": "2000m", "cpu": "0.1"])]) } == nil)
    do {
      _ = try Snapshot(
        nodes: [Node.make("n", ["x.io/y": "-2"])],
        pods: [Pod.make("b", ["cpu": "-1"]), Pod.make("a", ["cpu": "-1"])])
      Issue.record("no error")
    } catch {
      #expect(error.problems.map(\.subject) == ["Node n", "Pod default/a", "Pod default/b"])
      #expect(error.description.contains("Pod default/a: request of cpu -1 is negative"))
    }
  }

  @Test("requests that add up beyond what can be counted are an error")
  func overflow() throws {
    let pods = (0..<40).map { Pod.make("p\($0)", ["memory": "250Pi"], on: "n") }
    #expect(code { _ = try Snapshot(nodes: [Node.make("n")], pods: pods) } == .overflow)
    var snapshot = try Snapshot(nodes: [Node.make("n")], pods: Array(pods[..<10]))
    #expect(Scheduler().decide(snapshot).bindings.isEmpty)
    for pod in pods[10...] { try? snapshot.set(pod) }
    snapshot.removeNode("n")
    #expect(Scheduler().decide(snapshot).bindings.isEmpty)
  }

  @Test("two objects of one name, and objects without one")
  func names() throws {
    #expect(code { _ = try Snapshot(nodes: [Node.make("n"), Node.make("n")]) } == .duplicate)
    #expect(code { _ = try Snapshot(pods: [Pod.make("p"), Pod.make("p")]) } == .duplicate)
    #expect(code { _ = try Snapshot(nodes: [Node()]) } == .missingName)
    #expect(code { _ = try Snapshot(pods: [Pod()]) } == .missingName)
    var gang = PodGang()
    #expect(code { _ = try Snapshot(podGangs: [gang]) } == .missingName)
    gang.metadata.name = "g"
    #expect(code { _ = try Snapshot(podGangs: [gang, gang]) } == .duplicate)
  }

  @Test("gangs whose parts do not match")
  func gangParts() throws {
    func podGang(_ change: (inout PodGangSpec) -> Void) -> PodGang {
      var gang = PodGang()
      gang.metadata.name = "g"
      gang.metadata.namespace = "default"
      gang.spec.podgroups = [
        PodGroup(
          name: "a", podReferences: [NamespacedName(namespace: "default", name: "a-0")], minReplicas: 1),
        PodGroup(name: "b", minReplicas: 0),
      ]
      change(&gang.spec)
      return gang
    }
    #expect(code { _ = try Snapshot(podGangs: [podGang { _ in }]) } == nil)
    #expect(
      code { _ = try Snapshot(podGangs: [podGang { $0.podgroups[0].minReplicas = -1 }]) } == .invalidCount)
    #expect(code { _ = try Snapshot(podGangs: [podGang { $0.podgroups[1].name = "a" }]) } == .duplicate)
    for names in [["a", "c"], ["a", "a"]] {
      let wrong = podGang {
        $0.topologyConstraintGroupConfigs = [TopologyConstraintGroupConfig(name: "c", podGroupNames: names)]
      }
      #expect(code { _ = try Snapshot(podGangs: [wrong]) } == .unknownReference)
    }
    let twice = podGang { $0.podgroups[1].podReferences = $0.podgroups[0].podReferences }
    #expect(code { _ = try Snapshot(podGangs: [twice]) } == .podInTwoGangs)
    var other = podGang { _ in }
    other.metadata.name = "other"
    #expect(code { _ = try Snapshot(podGangs: [podGang { _ in }, other]) } == .podInTwoGangs)
    // A minimum above the number of pods is no error: the rest may come.
    let decision = Scheduler().decide(
      try Snapshot(
        nodes: [Node.make("n")], pods: [Pod.make("a-0")],
        podGangs: [podGang { $0.podgroups[0].minReplicas = 3 }]))
    #expect(
      decision.outcomes.map(\.verdict)
        == [.waiting(.pods(scope: "a", needed: 3, available: 1, gated: 0, missing: 0))])
  }

  @Test("a PodGang becomes a tree with its configs, names, priorities and hints")
  func podGang() throws {
    var source = PodGang()
    source.metadata.name = "g"
    source.metadata.namespace = "default"
    source.metadata.annotations = [AnnotationKey.topologyName: "topology"]
    source.metadata.creationTimestamp = Timestamp(secondsSince1970: 7)
    source.spec.podgroups = ["a", "b", "c"].map {
      PodGroup(
        name: $0, podReferences: [NamespacedName(namespace: "default", name: "\($0)-0")], minReplicas: 1,
        topologyConstraint: $0 == "c"
          ? SchedulingTopologyConstraint(packConstraint: SchedulingTopologyPackConstraint(preferred: "rack"))
          : nil)
    }
    source.spec.topologyConstraintGroupConfigs = [
      TopologyConstraintGroupConfig(
        name: "pair", podGroupNames: ["b", "a"],
        topologyConstraint: SchedulingTopologyConstraint(
          packConstraint: SchedulingTopologyPackConstraint(required: "rack")))
    ]
    source.spec.priorityClassName = "high"
    source.spec.reuseReservationRef = NamespacedName(namespace: "default", name: "old")
    let gang = try Gang(source)
    #expect(
      gang
        == Gang(
          name: named("g"),
          root: GangScope(
            name: "g",
            scopes: [
              GangScope(
                name: "pair", packing: Packing(required: "rack"),
                scopes: [.group("b", 1), .group("a", 1)]),
              .group("c", 1, Packing(preferred: "rack")),
            ]),
          priorityClassName: "high", topology: "topology", reuse: named("old"),
          createdAt: Timestamp(secondsSince1970: 7)))
  }

  @Test("topologies need levels with labels of their own")
  func topologies() throws {
    var snapshot = Snapshot()
    #expect(code { try snapshot.setTopology("t", levels: []) } == .invalidTopology)
    #expect(code { try snapshot.setTopology("t", levels: [("a", "x"), ("b", "x")]) } == .invalidTopology)
    #expect(code { try snapshot.setTopology("t", levels: [("a", "")]) } == .invalidTopology)
    #expect(snapshot.topologyNames.isEmpty)
  }

  @Test("what does not count is noted, not guessed")
  func notes() throws {
    var claiming = Pod.make("claiming")
    claiming.spec.resourceClaims = [PodResourceClaim(name: "gpu")]
    let gang = Gang.make("gang", [.group("a", 0)], priorityClassName: "missing")
    var snapshot = try Snapshot.make(
      nodes: [Node.make("n")], pods: [claiming, Pod.make("lost", on: "gone")], gangs: [gang])
    #expect(
      snapshot.notes == [
        SnapshotNote(.unmodelled, "Pod default/claiming", "spec.resourceClaims"),
        SnapshotNote(.unknownNode, "Pod default/lost", "gone"),
        SnapshotNote(.unknownPriorityClass, "PodGang default/gang", "missing"),
      ])
    // The lost pod counts once its node is there.
    try snapshot.set(Node.make("gone", ["cpu": "1"]))
    #expect(snapshot.notes.count == 2)
    #expect(snapshot.layout()?.nodes.first?.pods.map(\.name.name) == ["lost"])
  }

  @Test("pods on a node that goes away stop counting")
  func nodeGoes() throws {
    let group = GangScope.group("a", 2)
    var snapshot = try Snapshot.make(
      nodes: [Node.make("n0"), Node.make("n1")],
      pods: [Pod.make("a-0", on: "n0"), Pod.make("a-1", on: "n1")], gangs: [Gang.make("gang", [group])])
    #expect(Scheduler().decide(snapshot).outcomes.isEmpty)
    snapshot.removeNode("n0")
    #expect(
      Scheduler().decide(snapshot).outcomes.map(\.verdict)
        == [.waiting(.pods(scope: "a", needed: 2, available: 1, gated: 0, missing: 0))])
  }

  @Test("the default priority class, the built-in ones, and changes of classes")
  func priorities() throws {
    var fallback = priorityClass("fallback", 5)
    fallback.globalDefault = true
    let critical = Pod.make("critical") { $0.priorityClassName = "system-node-critical" }
    var snapshot = try Snapshot.make(
      nodes: [Node.make("n", ["cpu": "1"])], pods: [Pod.make("plain", created: 1), critical],
      classes: [fallback])
    #expect(Scheduler().decide(snapshot).bindings.map(\.pod.name) == ["critical"])
    snapshot.removePod(named("critical"))
    try snapshot.set(Pod.make("rival", priority: 7, created: 2))
    #expect(Scheduler().decide(snapshot).bindings.map(\.pod.name) == ["rival"])
    fallback.value = 9
    snapshot.set(fallback)
    #expect(Scheduler().decide(snapshot).bindings.map(\.pod.name) == ["plain"])
    snapshot.removePriorityClass("fallback")
    #expect(Scheduler().decide(snapshot).bindings.map(\.pod.name) == ["rival"])
  }

  @Test("objects of other kinds are passed over and counted (S-006)")
  func resources() throws {
    var passedOver: [ResourceKind: Int] = [:]
    let snapshot = try Snapshot(
      [.node(Node.make("n")), .service(Service()), .pod(Pod.make("p")), .service(Service())],
      passedOver: &passedOver)
    #expect(passedOver == [.service: 2])
    #expect(Scheduler().decide(snapshot).bindings.count == 1)
  }

  @Test("a million labels on a node are no trouble")
  func manyLabels() throws {
    var node = Node.make("n")
    node.metadata.labels = StringMap((0..<1_000_000).map { (key: "label-\($0)", value: "x") })
    let pod = Pod.make("p") { $0.nodeSelector = ["label-77777": "x"] }
    #expect(Scheduler().decide(try .make(nodes: [node], pods: [pod])).bindings.count == 1)
  }

  @Test("many kinds of resources are refused, and what nodes merely offer does not count")
  func manyResources() throws {
    var node = Node.make("n")
    for number in 0..<3_000 { node.status.allocatable["x.io/r\(number)"] = quantity("1") }
    #expect(Scheduler().decide(try .make(nodes: [node], pods: [Pod.make("p")])).bindings.count == 1)
    var pod = Pod.make("p")
    for number in 0..<3_000 { pod.spec.containers[0].resources.requests["x.io/r\(number)"] = quantity("1") }
    #expect(code { _ = try Snapshot(nodes: [node], pods: [pod]) } == .tooManyResources)
  }

  /// Changes of all kinds in random order, compared with a snapshot made at once from what is left.
  @Test("a snapshot that was changed equals one made anew (GS-load)", arguments: 0..<60)
  func changes(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed) &+ 500)
    var snapshot = Snapshot()
    try snapshot.setTopology("topology", levels: [("rack", "rack")])
    var nodes: [String: Node] = [:]
    var pods: [String: Pod] = [:]
    var gangs: [String: Gang] = [:]
    for step in 0..<60 {
      let name = "x\(random.int(0...5))"
      switch random.int(0...9) {
      case 0:
        snapshot.removeNode(name)
        nodes[name] = nil
      case 1, 2:
        let node = Node.make(
          name, ["cpu": "\(random.int(1...4))"], labels: ["rack": "r\(random.int(0...1))"],
          isCordoned: random.chance(20))
        try snapshot.set(node)
        nodes[name] = node
      case 3:
        snapshot.removePod(named(name))
        pods[name] = nil
      case 4...7:
        var pod = Pod.make(
          name, ["cpu": "\(random.int(0...2))"], on: random.chance(40) ? "x\(random.int(0...5))" : "",
          labels: ["app": "a\(random.int(0...1))"])
        if random.chance(20) {
          pod.spec.affinity = Affinity(
            podAntiAffinity: PodAntiAffinity(requiredDuringSchedulingIgnoredDuringExecution: [
              PodAffinityTerm(
                labelSelector: LabelSelector(matchLabels: ["app": "a0"]),
                topologyKey: random.pick(["rack", "kubernetes.io/hostname"]))
            ]))
        }
        if random.chance(10) { pod.spec.containers[0].ports = [ContainerPort(hostPort: 80)] }
        try snapshot.set(pod)
        pods[name] = pod
      case 8:
        let gang = Gang.make(
          "gang", [GangScope(name: "g", pods: ["x0", "x1", "x2"].map(named), minimum: random.int(0...3))],
          packing: Packing(required: random.chance(50) ? "rack" : nil))
        try snapshot.set(gang)
        gangs["gang"] = gang
      default:
        snapshot.removeGang(named("gang"))
        gangs["gang"] = nil
      }
      if random.chance(30) { _ = Scheduler().decide(snapshot) }
      guard step % 5 == 0 else { continue }
      var fresh = Snapshot()
      try fresh.setTopology("topology", levels: [("rack", "rack")])
      for key in pods.keys.sorted() { if let pod = pods[key] { try fresh.set(pod) } }
      for key in nodes.keys.sorted() { if let node = nodes[key] { try fresh.set(node) } }
      for key in gangs.keys.sorted() { if let gang = gangs[key] { try fresh.set(gang) } }
      var (changed, made) = (Scheduler().decide(snapshot), Scheduler().decide(fresh))
      // What it costs may differ.
      changed.counters = Counters()
      made.counters = Counters()
      #expect(changed == made)
      #expect(snapshot.layout() == fresh.layout())
      if random.chance(20) {
        // Carried out, both go on alike.
        let decision = Scheduler().schedule(&snapshot)
        for binding in decision.bindings {
          pods[binding.pod.name]?.spec.nodeName = binding.node
          pods[binding.pod.name]?.status.phase = "Running"
        }
      }
    }
  }
}
