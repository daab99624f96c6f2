import GroveModel
import GroveSchedule
import KubernetesModel
import Testing

@Suite("Gangs (S-022, S-030, S-031, S-036, S-037)")
struct GangTests {
  private func nodes(_ count: Int) -> [Node] {
    (0..<count).map { Node.make("n\($0)", ["cpu": "1", "memory": "150Mi"]) }
  }

  @Test("a gang is placed whole or not at all (S-030)")
  func allOrNothing() throws {
    let groups = [GangScope.group("a", 2), GangScope.group("b", 3)]
    let gang = Gang.make("gang", groups)
    let tight = Scheduler().decide(try .make(nodes: nodes(4), pods: pods(of: groups), gangs: [gang]))
    #expect(tight.bindings.isEmpty)
    #expect(
      tight.outcomes.map(\.verdict)
        == [.cannotFit(Proof(reason: .room, scope: "gang", needed: 5, room: 4))])
    let decision = Scheduler().decide(try .make(nodes: nodes(5), pods: pods(of: groups), gangs: [gang]))
    #expect(decision.fits)
    #expect(Set(decision.bindings.map(\.node)).count == 5)
    #expect(decision.outcomes.first?.placed == 5)
  }

  @Test("pods that have a node count towards the minimum (S-030)")
  func boundPodsCount() throws {
    let group = GangScope.group("a", 3)
    var members = pods(of: [group])
    members[0] = Pod.make("a-0", on: "n0")
    let decision = Scheduler().decide(
      try .make(nodes: nodes(3), pods: members, gangs: [Gang.make("gang", [group])]))
    #expect(decision.bindings.map(\.node) == ["n1", "n2"])
    #expect(decision.outcomes.first?.bound == 1)
    // One that is being deleted does not.
    members[0].metadata.deletionTimestamp = Timestamp(secondsSince1970: 1)
    let short = Scheduler().decide(
      try .make(nodes: nodes(4), pods: members, gangs: [Gang.make("gang", [group])]))
    #expect(
      short.outcomes.map(\.verdict)
        == [.waiting(.pods(scope: "a", needed: 3, available: 2, gated: 0, missing: 0))])
  }

  @Test("the next gang's minimum comes before surplus, and surplus is shared out in turns (S-031)")
  func surplusInTurns() throws {
    let first = GangScope.group("a", 4, minimum: 1)
    let second = GangScope.group("b", 4, minimum: 1)
    let gangs = [Gang.make("first", [first], created: 1), Gang.make("second", [second], created: 2)]
    func counts(_ size: Int) throws -> [Int] {
      let decision = Scheduler().decide(
        try .make(nodes: nodes(size), pods: pods(of: [first, second]), gangs: gangs))
      return decision.outcomes.map(\.placed)
    }
    #expect(try counts(1) == [1, 0])
    #expect(try counts(2) == [1, 1])
    #expect(try counts(3) == [2, 1])
    #expect(try counts(5) == [3, 2])
    #expect(try counts(7) == [4, 3])
    #expect(try counts(8) == [4, 4])
  }

  @Test("within a gang surplus goes where least of the minimum is exceeded")
  func surplusWithinGang() throws {
    let groups = [GangScope.group("a", 5, minimum: 1), GangScope.group("b", 5, minimum: 2)]
    let decision = Scheduler().decide(
      try .make(nodes: nodes(6), pods: pods(of: groups), gangs: [Gang.make("gang", groups)]))
    #expect(decision.bindings.count { $0.pod.name.hasPrefix("a") } == 2)
    #expect(decision.bindings.count { $0.pod.name.hasPrefix("b") } == 4)
  }

  @Test("higher priority first, then older, then by name (S-036)")
  func order() throws {
    let groups = ["d", "c", "b", "a"].map { GangScope.group($0, 1) }
    let gangs = [
      Gang.make("z", [groups[0]], priorityClassName: "high", created: 9),
      Gang.make("y", [groups[1]], created: 1), Gang.make("x", [groups[2]], created: 2),
      Gang.make("w", [groups[3]], created: 2),
    ]
    let snapshot = try Snapshot.make(
      nodes: nodes(4), pods: pods(of: groups), gangs: gangs, classes: [priorityClass("high", 10)])
    #expect(Scheduler().decide(snapshot).outcomes.map(\.name.name) == ["z", "y", "w", "x"])
  }

  @Test("surplus of a high priority comes before minimums of a low one")
  func tiers() throws {
    let high = GangScope.group("high", 3, minimum: 1)
    let low = GangScope.group("low", 1)
    let gangs = [Gang.make("high", [high], priorityClassName: "high"), Gang.make("low", [low])]
    let snapshot = try Snapshot.make(
      nodes: nodes(3), pods: pods(of: [high, low]), gangs: gangs, classes: [priorityClass("high", 10)])
    let decision = Scheduler().decide(snapshot)
    #expect(decision.outcomes.map(\.placed) == [3, 0])
  }

  @Test("a gang waits for those it depends on, whatever its name and age (S-037)")
  func dependencies() throws {
    let base = GangScope.group("z", 2)
    let scaled = GangScope.group("a", 1)
    let gangs = [
      Gang.make("a", [scaled], dependencies: ["z"], created: 1), Gang.make("z", [base], created: 2),
    ]
    let members = pods(of: [base, scaled])
    let tight = Scheduler().decide(try .make(nodes: nodes(1), pods: members, gangs: gangs))
    #expect(tight.bindings.isEmpty)
    #expect(tight.outcome(of: named("a"))?.verdict == .waiting(.dependency(named("z"), exists: true)))
    let decision = Scheduler().decide(try .make(nodes: nodes(3), pods: members, gangs: gangs))
    #expect(decision.outcomes.map(\.name.name) == ["z", "a"])
    #expect(decision.bindings.count == 3)
    let alone = Scheduler().decide(try .make(nodes: nodes(3), pods: members, gangs: [gangs[0]]))
    #expect(alone.outcome(of: named("a"))?.verdict == .waiting(.dependency(named("z"), exists: false)))
  }

  @Test("the label of a base gang on pods is a dependency")
  func baseLabel() throws {
    let group = GangScope.group("a", 1)
    let pod = Pod.make("a-0", labels: [LabelKey.basePodGang: "base"])
    let decision = Scheduler().decide(
      try .make(nodes: nodes(1), pods: [pod], gangs: [Gang.make("scaled", [group])]))
    #expect(decision.outcomes.map(\.verdict) == [.waiting(.dependency(named("base"), exists: false))])
  }

  @Test("gangs that depend on each other in a circle wait, and so does who waits for them")
  func cycles() throws {
    let groups = ["a", "b", "c", "d"].map { GangScope.group($0, 1) }
    let gangs = [
      Gang.make("a", [groups[0]], dependencies: ["b"]), Gang.make("b", [groups[1]], dependencies: ["a"]),
      Gang.make("c", [groups[2]], dependencies: ["a"]), Gang.make("d", [groups[3]]),
    ]
    let decision = Scheduler().decide(try .make(nodes: nodes(4), pods: pods(of: groups), gangs: gangs))
    let circle = Verdict.waiting(.cycle([named("a"), named("b")]))
    #expect(decision.outcome(of: named("a"))?.verdict == circle)
    #expect(decision.outcome(of: named("b"))?.verdict == circle)
    #expect(decision.outcome(of: named("c"))?.verdict == circle)
    #expect(decision.outcome(of: named("d"))?.verdict == .fits)
    let own = Scheduler().decide(
      try .make(
        nodes: nodes(1), pods: pods(of: [groups[0]]),
        gangs: [Gang.make("a", [groups[0]], dependencies: ["a"])]))
    #expect(own.outcomes.map(\.verdict) == [.waiting(.cycle([named("a")]))])
  }

  @Test("gated and missing pods are reported and not placed (S-022)")
  func gates() throws {
    let group = GangScope.group("a", 3, minimum: 2)
    var members = pods(of: [group])
    members[0].spec.schedulingGates = [PodSchedulingGate(name: GroveName.schedulingGate)]
    let gang = Gang.make("gang", [group])
    let partly = Scheduler().decide(
      try .make(nodes: nodes(3), pods: Array(members[..<2]), gangs: [gang]))
    #expect(
      partly.outcomes.map(\.verdict)
        == [
          .waiting(
            .pods(
              scope: "a", needed: 2, available: 1, gated: 1, missing: 1, gates: [GroveName.schedulingGate]))
        ])
    let enough = Scheduler().decide(try .make(nodes: nodes(3), pods: members, gangs: [gang]))
    #expect(enough.bindings.map(\.pod.name) == ["a-1", "a-2"])
    #expect(enough.outcomes.first?.gated == 1)
    #expect(enough.outcomes.first?.pending == 1)
  }

  @Test("a pod that names a gang waits until the gang lists it")
  func membership() throws {
    let pod = Pod.make("a-0", labels: [LabelKey.podGang: "gang"])
    let absent = Scheduler().decide(try .make(nodes: nodes(1), pods: [pod]))
    #expect(absent.outcomes.map(\.verdict) == [.waiting(.membership(named("gang"), exists: false))])
    let unlisted = Scheduler().decide(
      try .make(nodes: nodes(1), pods: [pod], gangs: [Gang.make("gang", [GangScope.group("b", 0)])]))
    #expect(unlisted.outcomes.map(\.verdict) == [.waiting(.membership(named("gang"), exists: true))])
    let listed = Scheduler().decide(
      try .make(nodes: nodes(1), pods: [pod], gangs: [Gang.make("gang", [GangScope.group("a", 1)])]))
    #expect(listed.fits)
  }

  @Test("pods without a gang are placed one by one")
  func singles() throws {
    let decision = Scheduler().decide(
      try .make(
        nodes: nodes(2),
        pods: [Pod.make("c", created: 1), Pod.make("a", created: 3), Pod.make("b", created: 2)]))
    #expect(decision.bindings.map(\.pod.name) == ["c", "b"])
    #expect(decision.outcomes.map(\.verdict.text).last?.hasPrefix("cannot fit") == true)
  }

  @Test("of inner scopes as many as needed are placed, the others if there is room (S-003)")
  func thresholds() throws {
    let groups = (0..<3).map { GangScope.group("g\($0)", 2) }
    let gang = Gang(
      name: named("gang"), root: GangScope(name: "gang", minimum: 2, scopes: groups))
    func placed(_ size: Int) throws -> Int {
      Scheduler().decide(try .make(nodes: nodes(size), pods: pods(of: groups), gangs: [gang])).bindings.count
    }
    #expect(try placed(3) == 0)
    #expect(try placed(4) == 4)
    // One more pod would be of no use without the other of its group.
    #expect(try placed(5) == 4)
    #expect(try placed(6) == 6)
  }

  @Test("with two free nodes the next gang's minimum is placed, not surplus of the base (GS-7)")
  func nextMinimumFirst() throws {
    let base = [
      GangScope.group("pc-a", 2, minimum: 1), GangScope.group("x0-pc-b", 1),
      GangScope.group("x0-pc-c", 3, minimum: 1),
    ]
    let scaled = [GangScope.group("x1-pc-b", 1), GangScope.group("x1-pc-c", 3, minimum: 1)]
    let gangs = [
      Gang.make("w-0", base, created: 1), Gang.make("w-0-x-0", scaled, dependencies: ["w-0"], created: 1),
    ]
    var snapshot = try Snapshot.make(
      nodes: (0..<10).map { Node.make("n\($0)", ["memory": "150Mi"], isCordoned: $0 > 1) },
      pods: pods(of: base + scaled, ["memory": "80Mi"]), gangs: gangs)
    func uncordon(_ range: Range<Int>) throws -> Int {
      for number in range { try snapshot.set(Node.make("n\(number)", ["memory": "150Mi"])) }
      return Scheduler().schedule(&snapshot).bindings.count
    }
    #expect(try uncordon(0..<0) == 0)
    #expect(try uncordon(2..<3) == 3)
    #expect(try uncordon(3..<5) == 2)
    #expect(
      Set(snapshot.layout()?.nodes[3...4].flatMap { $0.pods.map(\.scope) } ?? []) == ["x1-pc-b", "x1-pc-c"])
    #expect(try uncordon(5..<10) == 5)
    #expect(snapshot.layout()?.nodes.allSatisfy { $0.pods.count == 1 } == true)
  }
}
