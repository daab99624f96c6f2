import GroveModel
import GroveSchedule
import KubernetesModel
import Testing

@Suite("Objects as they are read (S-022, S-311, S-312, S-316, S-317)")
struct ClusterObjectsTests {
  private func taints(_ node: Node) -> [String] {
    node.spec.taints.map { "\($0.key):\($0.effect)" }.sorted()
  }

  private func node(_ conditions: KeyValuePairs<String, String> = [:], taints: [Taint] = []) -> Node {
    var node = Node.make("n", taints: taints)
    node.status.conditions = conditions.map { type, status in
      var condition = NodeCondition()
      condition.type = type
      condition.status = status
      return condition
    }
    return node
  }

  static let prefix = "node.kubernetes.io/"

  @Test(
    "conditions call for taints",
    arguments: [
      ("Ready", "True", []), ("Ready", "False", ["not-ready:NoExecute", "not-ready:NoSchedule"]),
      ("Ready", "Unknown", ["unreachable:NoExecute", "unreachable:NoSchedule"]),
      ("MemoryPressure", "True", ["memory-pressure:NoSchedule"]),
      ("DiskPressure", "True", ["disk-pressure:NoSchedule"]),
      ("PIDPressure", "True", ["pid-pressure:NoSchedule"]),
      ("NetworkUnavailable", "True", ["network-unavailable:NoSchedule"]), ("DiskPressure", "False", []),
    ])
  func conditionsToTaints(type: String, status: String, expected: [String]) {
    let completed = node([type: status]).withLifecycleCompleted
    #expect(taints(completed) == expected.map { Self.prefix + $0 })
    // Once more changes nothing.
    #expect(completed.withLifecycleTaints == completed)
  }

  @Test("taints tell of conditions and of the cordon, where nothing else does")
  func taintsToConditions() {
    let cordoned = node(taints: [Taint(effect: "NoSchedule", key: Self.prefix + "unschedulable")])
    #expect(cordoned.withLifecycleCompleted.spec.unschedulable)
    let sick = node(taints: [Taint(effect: "NoSchedule", key: Self.prefix + "not-ready")])
    #expect(sick.withLifecycleCompleted.status.conditions.map(\.status) == ["False"])
    // A condition that is there wins in a running cluster, and the taint keeps pods away until then.
    let stale = node(["Ready": "True"], taints: [Taint(effect: "NoSchedule", key: Self.prefix + "not-ready")])
    #expect(taints(stale.withLifecycleCompleted) == [Self.prefix + "not-ready:NoSchedule"])
    #expect(stale.withLifecycleTaints.spec.taints.isEmpty)
  }

  @Test("how long pods stay with NoExecute taints (S-317)")
  func stay() {
    let taint = [Taint(effect: "NoExecute", key: "k")]
    func toleration(_ seconds: Int64?) -> Toleration {
      Toleration(key: "k", operator: "Exists", effect: "NoExecute", tolerationSeconds: seconds)
    }
    #expect([Toleration]().stay(with: taint) == .zero)
    #expect([toleration(nil)].stay(with: taint) == nil)
    #expect([toleration(300), toleration(60)].stay(with: taint) == .seconds(60))
    #expect([toleration(60), toleration(nil)].stay(with: taint) == .seconds(60))
    #expect([Toleration]().stay(with: [Taint(effect: "NoSchedule", key: "k")]) == nil)
  }

  private func value(_ json: String) throws -> Value {
    let tape = try JSONReader.read(json)
    return Value(tape: tape, index: tape.roots[0])
  }

  @Test("a RuntimeClass adds overhead, node selector and tolerations to pods that wait (S-312)")
  func runtimeClass() throws {
    var objects = ClusterObjects()
    objects.add(
      kind: "RuntimeClass",
      try value(
        """
        {"metadata": {"name": "kata"}, "overhead": {"podFixed": {"cpu": "250m"}},
         "scheduling": {"nodeSelector": {"kata": "yes"}, "tolerations": [{"key": "kata", "operator": "Exists"}]}}
        """))
    objects.pods = [
      Pod.make("p", ["cpu": "900m"]) { $0.runtimeClassName = "kata" },
      Pod.make("q") { $0.runtimeClassName = "other" },
    ]
    objects.nodes = [Node.make("n", ["cpu": "1"], labels: ["kata": "yes"])]
    objects.prepare()
    #expect(objects.pods[0].spec.overhead["cpu"] == quantity("250m"))
    #expect(objects.pods[0].spec.nodeSelector == ["kata": "yes"])
    #expect(objects.pods[0].spec.tolerations.map(\.key) == ["kata"])
    #expect(objects.unknownRuntimeClasses == ["other": [named("q")]])
    let outcome = Scheduler().explain(named("p"), in: try objects.snapshot())
    #expect(outcome?.nodes?.message == "0/1 nodes are available: 1 Insufficient cpu.")
  }

  @Test("Grove's gate is lifted, others stay and are named (S-022)")
  func gates() throws {
    var objects = ClusterObjects()
    objects.pods = [
      Pod.make("p") { $0.schedulingGates = [PodSchedulingGate(name: GroveName.schedulingGate)] },
      Pod.make("q") {
        $0.schedulingGates = [
          PodSchedulingGate(name: GroveName.schedulingGate), PodSchedulingGate(name: "example.org/wait"),
        ]
      },
    ]
    objects.nodes = [Node.make("n")]
    objects.prepare()
    let decision = Scheduler().decide(try objects.snapshot())
    #expect(decision.bindings.map(\.pod.name) == ["p"])
    #expect(decision.outcome(of: named("q"))?.verdict == .waiting(.schedulingGates(["example.org/wait"])))
  }

  @Test("namespaces have the labels of their objects (S-311)")
  func namespaces() throws {
    var objects = ClusterObjects()
    objects.add(kind: "Namespace", try value(#"{"metadata": {"name": "other", "labels": {"team": "x"}}}"#))
    var there = Pod.make("e", on: "n", labels: ["app": "a"])
    there.metadata.namespace = "other"
    objects.pods = [there]
    objects.nodes = [Node.make("n")]
    let pod = Pod.make("p") {
      $0.affinity = Affinity(
        podAntiAffinity: PodAntiAffinity(requiredDuringSchedulingIgnoredDuringExecution: [
          PodAffinityTerm(
            labelSelector: LabelSelector(matchLabels: ["app": "a"]), topologyKey: "kubernetes.io/hostname",
            namespaceSelector: LabelSelector(matchLabels: ["team": "x"]))
        ]))
    }
    #expect(try objects.snapshot().verdicts(on: pod).map(\.reasons) == [[.podAntiAffinity]])
    objects.namespaces = [:]
    #expect(try objects.snapshot().verdicts(on: pod).map(\.reasons) == [[]])
  }

  @Test("a pod goes where others were evicted for it, before its equals (S-315)")
  func nominated() throws {
    var promised = Pod.make("z", ["cpu": "4"])
    promised.status.nominatedNodeName = "b"
    let snapshot = try Snapshot.make(
      nodes: [Node.make("a"), Node.make("b")],
      pods: [promised, Pod.make("x", ["cpu": "4"]), Pod.make("y", ["cpu": "4"])])
    let decision = Scheduler().decide(snapshot)
    #expect(decision.bindings.map(\.pod.name) == ["z", "x"])
    #expect(decision.bindings.map(\.node) == ["b", "a"])
  }

  @Test("what is not looked at leaves a place in doubt, or is worth a note")
  func detectors() throws {
    func outcome(_ change: (inout Pod) -> Void) throws -> (doubts: [String], notes: [SnapshotNote.Kind]) {
      var pod = Pod.make("p")
      change(&pod)
      let snapshot = try Snapshot.make(nodes: [Node.make("n")], pods: [pod])
      let decision = Scheduler().decide(snapshot)
      #expect(decision.fits)
      #expect(decision.isDecided == decision.outcomes[0].doubts.isEmpty)
      return (decision.outcomes[0].doubts, snapshot.notes.map(\.kind))
    }
    #expect(try outcome { _ in } == ([], []))
    let half = try outcome { $0.metadata.annotations["gpu-fraction"] = "0.5" }
    #expect(half == (["metadata.annotations[gpu-fraction]"], [.unmodelled]))
    let memory = try outcome { $0.metadata.annotations["gpu-memory"] = "2000" }
    #expect(memory == (["metadata.annotations[gpu-memory]"], [.unmodelled]))
    let claims = try outcome { $0.spec.resourceClaims = [PodResourceClaim(name: "c")] }
    #expect(claims == (["spec.resourceClaims"], [.unmodelled]))
    let volumes = try outcome {
      var volume = Volume()
      volume.name = "v"
      volume.persistentVolumeClaim = PersistentVolumeClaimVolumeSource(claimName: "v")
      $0.spec.volumes = [volume]
    }
    #expect(volumes == (["spec.volumes"], [.unmodelled]))
    let toleration = try outcome { $0.spec.tolerations = [Toleration(key: "k", operator: "Gt", value: "1")] }
    #expect(toleration == ([], [.withoutInfluence]))
    let preference = try outcome {
      $0.spec.affinity = Affinity(
        podAffinity: PodAffinity(preferredDuringSchedulingIgnoredDuringExecution: [
          WeightedPodAffinityTerm(weight: 1, podAffinityTerm: PodAffinityTerm(topologyKey: "zone"))
        ]))
    }
    #expect(preference == ([], [.withoutInfluence]))
  }

  @Test("kinds that could change a verdict are counted")
  func kinds() throws {
    var objects = ClusterObjects()
    for kind in ["Queue", "Queue", "ResourceSlice"] {
      objects.add(kind: kind, try value(#"{"metadata": {"name": "x"}}"#))
    }
    #expect(objects.kindsSeen == ["Queue": 2, "ResourceSlice": 1])
    for kind in ClusterObjects.kindsWithoutRules.keys { #expect(ClusterObjects.untypedKinds.contains(kind)) }
  }
}
