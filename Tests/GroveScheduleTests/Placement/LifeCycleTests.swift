import GroveModel
import GroveSchedule
import KubernetesModel
import Testing

/// What a simulated cluster does to a snapshot while time goes by.
@Suite("Clusters that change (S-031, S-037, S-083)")
struct LifeCycleTests {
  private func node(_ number: Int, isCordoned: Bool = false) -> Node {
    Node.make("n\(number)", ["memory": "150Mi"], isCordoned: isCordoned)
  }

  /// Base gang, scaled gang and pods of one replica of the scenarios' workload 2: ten pods, three of them the minimum
  /// of the base, two that of the scaled gang.
  private func workload2(_ replica: Int) -> (gangs: [Gang], pods: [Pod]) {
    let base = [
      GangScope.group("w-\(replica)-pc-a", 2, minimum: 1), GangScope.group("w-\(replica)-x-0-pc-b", 1),
      GangScope.group("w-\(replica)-x-0-pc-c", 3, minimum: 1),
    ]
    let scaled = [
      GangScope.group("w-\(replica)-x-1-pc-b", 1), GangScope.group("w-\(replica)-x-1-pc-c", 3, minimum: 1),
    ]
    return (
      [
        Gang.make("w-\(replica)", base, created: 1),
        Gang.make("w-\(replica)-x-0", scaled, dependencies: ["w-\(replica)"], created: 1),
      ],
      pods(of: base + scaled, ["memory": "80Mi"])
    )
  }

  @Test("both base minimums, then both scaled minimums, then the rest (GS-10)")
  func bothMinimums() throws {
    let first = workload2(0)
    let second = workload2(1)
    var snapshot = try Snapshot.make(
      nodes: (0..<20).map { node($0, isCordoned: $0 >= 2) }, pods: first.pods, gangs: first.gangs)
    #expect(Scheduler().schedule(&snapshot).bindings.isEmpty)
    for gang in second.gangs { try snapshot.set(gang) }
    for pod in second.pods { try snapshot.set(pod) }
    #expect(Scheduler().schedule(&snapshot).bindings.isEmpty)

    func uncordon(_ range: Range<Int>) throws -> [String: Int] {
      for number in range { try snapshot.set(node(number)) }
      var counts: [String: Int] = [:]
      for binding in Scheduler().schedule(&snapshot).bindings {
        counts[binding.gang?.name ?? "", default: 0] += 1
      }
      return counts
    }
    #expect(try uncordon(2..<6) == ["w-0": 3, "w-1": 3])
    #expect(try uncordon(6..<10) == ["w-0-x-0": 2, "w-1-x-0": 2])
    #expect(try uncordon(10..<20) == ["w-0": 3, "w-1": 3, "w-0-x-0": 2, "w-1-x-0": 2])
    #expect(snapshot.layout()?.nodes.allSatisfy { $0.pods.count == 1 } == true)
  }

  @Test("a scaled gang is placed when its base has met its minimum before (S-037)")
  func baseBefore() throws {
    let workload = workload2(0)
    let bound = workload.pods.map { pod -> Pod in
      var pod = pod
      switch pod.metadata.name {
      case "w-0-pc-a-0": pod.spec.nodeName = "n0"
      case "w-0-x-0-pc-b-0": pod.spec.nodeName = "n1"
      case "w-0-x-0-pc-c-0": pod.spec.nodeName = "n2"
      default: break
      }
      return pod
    }
    func placed(_ pods: [Pod]) throws -> [String: Int] {
      let decision = Scheduler().decide(
        try .make(nodes: (0..<5).map { node($0) }, pods: pods, gangs: workload.gangs))
      return decision.outcomes.reduce(into: [:]) { $0[$1.name.name] = $1.placed }
    }
    #expect(try placed(bound) == ["w-0": 0, "w-0-x-0": 2])
    // When a pod of the base leaves, its minimum comes first, and the scaled gang in the same decision.
    var leaving = bound
    for index in leaving.indices where leaving[index].metadata.name == "w-0-pc-a-0" {
      leaving[index].metadata.deletionTimestamp = Timestamp(secondsSince1970: 1)
    }
    // n0 is still taken, and the one free pod that the scaled gang would have needed went to the base.
    #expect(try placed(leaving) == ["w-0": 2, "w-0-x-0": 0])
  }

  @Test("gangs and pods of one name in two namespaces have nothing to do with each other")
  func namespaces() throws {
    func moved(_ name: ObjectName) -> ObjectName { ObjectName(namespace: "other", name: name.name) }
    let group = GangScope.group("a", 2)
    let twin = GangScope(name: "a", pods: group.content.names.map(moved), minimum: 2)
    let pods = pods(of: [group], ["memory": "80Mi"])
    let twins = pods.map { pod -> Pod in
      var pod = pod
      pod.metadata.namespace = "other"
      return pod
    }
    var other = Gang.make("g", [twin])
    other.name = moved(other.name)
    var scaled = Gang.make("h", [GangScope(name: "h", pods: [moved(named("h-0"))], minimum: 1)])
    scaled.name = moved(scaled.name)
    scaled.dependencies = [moved(named("g"))]
    var pod = Pod.make("h-0", ["memory": "80Mi"], labels: [LabelKey.podGang: "h", LabelKey.basePodGang: "g"])
    pod.metadata.namespace = "other"
    let decision = Scheduler().decide(
      try .make(
        nodes: (0..<3).map { node($0) }, pods: pods + twins + [pod],
        gangs: [Gang.make("g", [group]), other, scaled]))
    #expect(decision.outcome(of: named("g"))?.verdict == .fits)
    #expect(decision.outcome(of: moved(named("g")))?.verdict != .fits)
    // Its base is the gang of its own namespace, not the one that fits.
    #expect(
      decision.outcome(of: moved(named("h")))?.verdict
        == .waiting(.dependency(moved(named("g")), exists: true)))
  }

  @Test("finished pods take nothing and are nobody's members; leaving ones keep their node")
  func phases() throws {
    let group = GangScope.group("a", 3, minimum: 2)
    var members = pods(of: [group], ["memory": "80Mi"])
    for index in 0..<2 { members[index].spec.nodeName = "n\(index)" }
    func decide() throws -> Decision {
      Scheduler().decide(
        try .make(nodes: (0..<2).map { node($0) }, pods: members, gangs: [Gang.make("g", [group])]))
    }
    // Both run: the third has no room.
    #expect(try decide().outcomes.first?.verdict == .fits)
    #expect(try decide().bindings.isEmpty)
    for phase in ["Succeeded", "Failed"] {
      members[1].status.phase = phase
      let decision = try decide()
      #expect(decision.bindings.map(\.node) == ["n1"])
      #expect(decision.outcomes.first?.bound == 1)
    }
    members[1].status.phase = "Running"
    members[1].metadata.deletionTimestamp = Timestamp(secondsSince1970: 1)
    let decision = try decide()
    #expect(decision.bindings.isEmpty)
    #expect(decision.outcomes.first?.bound == 1)
    guard case .cannotFit = decision.outcomes.first?.verdict else {
      Issue.record("the leaving pod still takes its node")
      return
    }
  }

  @Test("pods bound to a node that comes later count from then on")
  func nodeComesLater() throws {
    let group = GangScope.group("a", 2)
    var members = pods(of: [group], ["memory": "80Mi"])
    members[0].spec.nodeName = "n0"
    var snapshot = try Snapshot.make(
      nodes: [node(1)], pods: members, gangs: [Gang.make("g", [group])])
    #expect(Scheduler().schedule(&snapshot).bindings.isEmpty)
    try snapshot.set(node(0))
    #expect(Scheduler().schedule(&snapshot).bindings.map(\.node) == ["n1"])
  }

  @Test("pods without a gang that have scheduling gates are reported as gated (S-022)")
  func gatedSingles() throws {
    var pod = Pod.make("p", ["memory": "80Mi"])
    pod.spec.schedulingGates = [PodSchedulingGate(name: "wait")]
    var snapshot = try Snapshot.make(nodes: [node(0)], pods: [pod])
    let outcome = Scheduler().schedule(&snapshot).outcomes.first
    #expect(outcome?.verdict == .waiting(.schedulingGates(["wait"])))
    #expect(outcome?.gated == 1 && outcome?.pending == 1)
    pod.spec.schedulingGates = []
    try snapshot.set(pod)
    #expect(Scheduler().schedule(&snapshot).bindings.count == 1)
  }

  @Test("a gang that may not evict what it needs does not speak for one that may")
  func failuresAreNotShared() throws {
    let base = GangScope.group("base", 1)
    let groups = [GangScope.group("a", 1), GangScope.group("b", 1)]
    let snapshot = try Snapshot.make(
      nodes: [node(0)],
      pods: [Pod.make("base-0", ["memory": "80Mi"], on: "n0")]
        + pods(of: groups, ["memory": "80Mi"], priority: 5),
      gangs: [
        Gang.make("base", [base]), Gang.make("a", [groups[0]], dependencies: ["base"], created: 1),
        Gang.make("b", [groups[1]], created: 2),
      ])
    let decision = Scheduler().decide(snapshot)
    #expect(decision.evictions.map(\.pod.name) == ["base-0"])
    #expect(decision.bindings.map(\.pod.name) == ["b-0"])
  }

  @Test("a pod whose mask is lifted is like its siblings again (S-002)")
  func liftedMask() throws {
    let group = GangScope.group("a", 2)
    let gang = Gang.make("g", [group])
    var snapshot = try Snapshot.make(
      nodes: [node(0), Node.make("n1", ["memory": "10Mi"])], pods: pods(of: [group], ["memory": "80Mi"]),
      gangs: [gang])
    let verdict = Scheduler().decide(snapshot).outcomes.first?.verdict
    snapshot.setMask(NodeMask(nodes: ["n1"], allowsOnly: false), of: named("a-0"))
    #expect(Scheduler().decide(snapshot).outcomes.first?.verdict != verdict)
    snapshot.setMask(nil, of: named("a-0"))
    #expect(Scheduler().decide(snapshot).outcomes.first?.verdict == verdict)
  }

  @Test("anti-affinity that left with its last pod does not show any more (S-083)")
  func termsLeave() throws {
    let keepOff = Pod.make("keep-off", ["memory": "10Mi"], on: "n0") {
      $0.affinity = Affinity(
        podAntiAffinity: PodAntiAffinity(requiredDuringSchedulingIgnoredDuringExecution: [
          PodAffinityTerm(
            labelSelector: LabelSelector(matchLabels: ["app": "a"]), topologyKey: "kubernetes.io/hostname")
        ]))
    }
    let pod = Pod.make("p", ["memory": "80Mi"], labels: ["app": "a"])
    var snapshot = try Snapshot.make(nodes: [node(0)], pods: [keepOff, pod])
    #expect(Scheduler().decide(snapshot).bindings.isEmpty)
    snapshot.removePod(named("keep-off"))
    #expect(Scheduler().decide(snapshot) == Scheduler().decide(try .make(nodes: [node(0)], pods: [pod])))
  }

  @Test("a priority class that stops preempting stops its pods (S-005)")
  func classPolicy() throws {
    let pod = Pod.make("p", ["memory": "80Mi"]) { $0.priorityClassName = "high" }
    var snapshot = try Snapshot.make(
      nodes: [node(0)], pods: [Pod.make("low", ["memory": "80Mi"], on: "n0"), pod],
      classes: [priorityClass("high", 5)])
    #expect(Scheduler().decide(snapshot).evictions.count == 1)
    snapshot.set(priorityClass("high", 5, policy: "Never"))
    #expect(Scheduler().decide(snapshot).evictions.isEmpty)
  }

  @Test("a decision costs what changed, not what exists")
  func incrementalCost() throws {
    let group = GangScope.group("a", 400)
    var snapshot = try Snapshot.make(
      nodes: (0..<500).map { node($0) }, pods: pods(of: [group], ["memory": "80Mi"]),
      gangs: [Gang.make("g", [group])])
    #expect(Scheduler().schedule(&snapshot).bindings.count == 400)
    try snapshot.set(Pod.make("one", ["memory": "80Mi"]))
    let decision = Scheduler().schedule(&snapshot)
    #expect(decision.outcomes.map(\.name.name) == ["one"])
    #expect(decision.counters.placements == 1)
    #expect(decision.counters.nodesExamined == 0 && decision.counters.domainsExamined == 0)
    // With a gang in place of the pod, its one domain, the cluster, is looked at.
    let pair = GangScope.group("b", 2)
    try snapshot.set(Gang.make("h", [pair]))
    for pod in pods(of: [pair], ["memory": "80Mi"]) { try snapshot.set(pod) }
    let next = Scheduler().schedule(&snapshot)
    #expect(next.outcomes.map(\.name.name) == ["h"])
    #expect(next.counters.placements == 2 && next.counters.nodesExamined == 0)
    #expect(next.counters.domainsExamined <= 4)
  }

  @Test("a decision that was carried out leaves nothing to do, and a copy made before does not change")
  func copies() throws {
    let workload = workload2(0)
    var snapshot = try Snapshot.make(
      nodes: (0..<20).map { node($0) }, pods: workload.pods, gangs: workload.gangs)
    let before = snapshot
    let decision = Scheduler().schedule(&snapshot)
    #expect(decision.bindings.count == 10)
    #expect(Scheduler().schedule(&snapshot).outcomes.isEmpty)
    #expect(Scheduler().decide(before).digest == decision.digest)
    #expect(before.layout()?.nodes.allSatisfy(\.pods.isEmpty) == true)
  }
}

extension GangScope.Content {
  /// The pods, when there are no scopes inside.
  fileprivate var names: [ObjectName] {
    if case .pods(let names) = self { return names }
    return []
  }
}
