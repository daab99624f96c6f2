import GroveModel
import GroveSchedule
import KubernetesModel
import Testing

@Suite("Preemption (S-050…S-052)")
struct PreemptionTests {
  private let classes = [
    priorityClass("high", 100), priorityClass("middle", 50), priorityClass("low", 1),
    priorityClass("polite", 100, policy: "Never"),
  ]

  private func nodes(_ count: Int, cpu: String = "1") -> [Node] {
    (0..<count).map { Node.make("n\($0)", ["cpu": cpu], labels: ["rack": "r\($0 / 2)"]) }
  }

  private func bound(_ group: GangScope, _ nodes: [String], priority: Int32) -> [Pod] {
    zip(group.podNames, nodes).map { Pod.make($0, on: $1, priority: priority) }
  }

  private func victims(_ decision: Decision) -> [String] { decision.evictions.map(\.pod.name).sorted() }

  @Test("only strictly lower priority gives way (S-050)")
  func priorities() throws {
    let group = GangScope.group("new", 1)
    func decide(_ priority: Int32, _ name: String = "high") throws -> Decision {
      Scheduler().decide(
        try .make(
          nodes: nodes(1), pods: pods(of: [group]) + [Pod.make("old", on: "n0", priority: priority)],
          gangs: [Gang.make("new", [group], priorityClassName: name)], classes: classes))
    }
    let decision = try decide(99)
    #expect(victims(decision) == ["old"])
    #expect(decision.bindings.map(\.node) == ["n0"])
    #expect(
      decision.evictions.first
        == Eviction(pod: named("old"), node: "n0", gang: nil, priority: 99, beneficiary: named("new")))
    #expect(try decide(100).evictions.isEmpty)
    #expect(try decide(101).evictions.isEmpty)
    #expect(try decide(1, "polite").evictions.isEmpty)
    #expect(try decide(1, "polite").bindings.isEmpty)
  }

  @Test("nothing is evicted unless the whole gang then fits (S-052)")
  func allOrNothing() throws {
    let group = GangScope.group("new", 3)
    let old = ["n0", "n1"].map { Pod.make("old-\($0)", on: $0, priority: 1) }
    let decision = Scheduler().decide(
      try .make(
        nodes: nodes(2), pods: pods(of: [group]) + old,
        gangs: [Gang.make("new", [group], priorityClassName: "high")], classes: classes))
    #expect(decision.evictions.isEmpty && decision.bindings.isEmpty)
  }

  @Test("a gang goes whole, its surplus pod by pod and first (S-050)")
  func units() throws {
    let old = GangScope.group("old", 3, minimum: 2)
    let new = GangScope.group("new", 1)
    func decide(_ count: Int) throws -> [String] {
      let wanted = GangScope.group("new", count)
      return victims(
        Scheduler().decide(
          try .make(
            nodes: nodes(4), pods: bound(old, ["n0", "n1", "n2"], priority: 1) + pods(of: [wanted]),
            gangs: [
              Gang.make("old", [old], priorityClassName: "low"),
              Gang.make("new", [wanted], priorityClassName: "high"),
            ], classes: classes)))
    }
    #expect(new.podNames.count == 1)
    #expect(try decide(1) == [])
    #expect(try decide(2) == ["old-2"])
    #expect(try decide(3) == ["old-0", "old-1", "old-2"])
  }

  @Test("the least important go: lower priority, then younger (S-051)")
  func importance() throws {
    let group = GangScope.group("new", 1)
    let old = [
      Pod.make("middle", on: "n0", priority: 50, created: 9),
      Pod.make("older", on: "n1", priority: 1, created: 1),
      Pod.make("younger", on: "n2", priority: 1, created: 2),
    ]
    let decision = Scheduler().decide(
      try .make(
        nodes: nodes(3), pods: pods(of: [group]) + old,
        gangs: [Gang.make("new", [group], priorityClassName: "high")], classes: classes))
    #expect(victims(decision) == ["younger"])
  }

  @Test("what was evicted for a plan and is not in its way stays (S-051)")
  func reprieve() throws {
    let group = GangScope.group("new", 1)
    let old = ["n0", "n1", "n2"].flatMap { node in
      (0..<4).map { Pod.make("\(node)-\($0)", on: node, priority: 1) }
    }
    let decision = Scheduler().decide(
      try .make(
        nodes: nodes(3, cpu: "4"), pods: pods(of: [group], ["cpu": "3"]) + old,
        gangs: [Gang.make("new", [group], priorityClassName: "high")], classes: classes))
    #expect(decision.evictions.count == 3)
    #expect(Set(decision.evictions.map(\.node)).count == 1)
  }

  @Test("victims are in the domain that the gang needs; the domain with the cheapest victims is taken")
  func domains() throws {
    let group = GangScope.group("new", 2)
    let old = [
      Pod.make("a", on: "n0", priority: 1), Pod.make("b", on: "n1", priority: 50),
      Pod.make("c", on: "n2", priority: 1), Pod.make("d", on: "n3", priority: 1),
      Pod.make("e", on: "n4", priority: 200),
    ]
    let gang = Gang.make("new", [group], packing: Packing(required: "rack"), priorityClassName: "high")
    let decision = Scheduler().decide(
      try .make(
        nodes: nodes(6), pods: pods(of: [group]) + old, gangs: [gang], levels: ["rack"], classes: classes))
    #expect(victims(decision) == ["c", "d"])
    #expect(Set(decision.bindings.map(\.node)) == ["n2", "n3"])
  }

  @Test(
    "a gang with a pod in the domain goes with all its pods, and a gang that fits without evictions evicts nobody"
  )
  func wholeGangs() throws {
    let old = GangScope.group("old", 2)
    let new = GangScope.group("new", 2)
    func decide(_ count: Int) throws -> Decision {
      Scheduler().decide(
        try .make(
          nodes: nodes(count), pods: bound(old, ["n0", "n2"], priority: 1) + pods(of: [new]),
          gangs: [
            Gang.make("old", [old], priorityClassName: "low"),
            Gang.make("new", [new], packing: Packing(required: "rack"), priorityClassName: "high"),
          ], levels: ["rack"], classes: classes))
    }
    #expect(victims(try decide(4)) == ["old-0", "old-1"])
    #expect(try decide(4).bindings.count == 2)
    #expect(victims(try decide(6)) == [])
  }

  @Test("a gang does not evict what it depends on")
  func ownBase() throws {
    let base = GangScope.group("base", 1)
    let scaled = GangScope.group("scaled", 1)
    let decision = Scheduler().decide(
      try .make(
        nodes: nodes(1), pods: bound(base, ["n0"], priority: 1) + pods(of: [scaled]),
        gangs: [
          Gang.make("base", [base], priorityClassName: "low"),
          Gang.make("scaled", [scaled], priorityClassName: "high", dependencies: ["base"]),
        ], classes: classes))
    #expect(decision.evictions.isEmpty)
  }

  @Test("pods that are leaving are nobody's victims, and single pods preempt as well")
  func leaving() throws {
    var old = Pod.make("old", on: "n0", priority: 1)
    let new = Pod.make("new", priority: 100)
    #expect(victims(Scheduler().decide(try .make(nodes: nodes(1), pods: [old, new]))) == ["old"])
    #expect(
      Scheduler(policy: Policy(allowsPreemption: false)).decide(try .make(nodes: nodes(1), pods: [old, new]))
        .evictions.isEmpty)
    old.metadata.deletionTimestamp = Timestamp(secondsSince1970: 1)
    #expect(Scheduler().decide(try .make(nodes: nodes(1), pods: [old, new])).evictions.isEmpty)
    let polite = Pod.make("new", priority: 100) { $0.preemptionPolicy = "Never" }
    old.metadata.deletionTimestamp = nil
    #expect(Scheduler().decide(try .make(nodes: nodes(1), pods: [old, polite])).evictions.isEmpty)
  }

  @Test("carrying a decision out makes the room, and the next decision has nothing to do")
  func carriedOut() throws {
    let group = GangScope.group("new", 2)
    var snapshot = try Snapshot.make(
      nodes: nodes(2),
      pods: pods(of: [group]) + ["n0", "n1"].map { Pod.make("old-\($0)", on: $0, priority: 1) },
      gangs: [Gang.make("new", [group], priorityClassName: "high")], classes: classes)
    let decision = Scheduler().schedule(&snapshot)
    #expect(decision.evictions.count == 2 && decision.bindings.count == 2)
    #expect(snapshot.layout()?.nodes.flatMap { $0.pods.map(\.name.name) }.sorted() == ["new-0", "new-1"])
    #expect(Scheduler().schedule(&snapshot).outcomes.isEmpty)
  }

  @Test("host ports are freed with their pods")
  func ports() throws {
    let web: (inout PodSpec) -> Void = { $0.containers[0].ports = [ContainerPort(hostPort: 80)] }
    let old = Pod.make("old", on: "n0", priority: 1, change: web)
    let other = Pod.make("other", on: "n0", priority: 1)
    let new = Pod.make("new", priority: 100, change: web)
    let decision = Scheduler().decide(try .make(nodes: nodes(1, cpu: "4"), pods: [old, other, new]))
    #expect(victims(decision) == ["old"])
  }

  @Test("anti-affinity is freed with its pods")
  func affinity() throws {
    let term = PodAffinityTerm(
      labelSelector: LabelSelector(matchLabels: ["app": "web"]), topologyKey: "kubernetes.io/hostname")
    let apart: (inout PodSpec) -> Void = {
      $0.affinity = Affinity(
        podAntiAffinity: PodAntiAffinity(requiredDuringSchedulingIgnoredDuringExecution: [term]))
    }
    let old = Pod.make("old", on: "n0", priority: 1, labels: ["app": "web"])
    let other = Pod.make("other", on: "n0", priority: 1)
    let new = Pod.make("new", priority: 100, change: apart)
    let decision = Scheduler().decide(try .make(nodes: nodes(1, cpu: "4"), pods: [old, other, new]))
    #expect(victims(decision) == ["old"])
    #expect(decision.bindings.map(\.node) == ["n0"])
  }
}
