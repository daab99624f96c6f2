import GroveModel
import GroveSchedule
import KubernetesModel
import Testing

@Suite("Input that is odd, wrong or incomplete (issue 4 §4)")
struct BadInputTests {
  private func code(_ body: () throws -> Void) -> SnapshotError.Code? {
    do { try body() } catch let error as SnapshotError { return error.problems.first?.code } catch {}
    return nil
  }

  @Test("a node without allocatable offers its capacity; with neither it takes no pod (S-001)")
  func noAllocatable() throws {
    var node = Node.make("n")
    node.status.capacity = node.status.allocatable
    node.status.allocatable = [:]
    #expect(Scheduler().decide(try .make(nodes: [node], pods: [Pod.make("p")])).fits)
    node.status.capacity = [:]
    #expect(try message(Pod.make("p", [:]), [node]) == "0/1 nodes are available: 1 Too many pods.")
    #expect(
      try message(Pod.make("p"), [node]) == "0/1 nodes are available: 1 Insufficient cpu, 1 Too many pods.")
  }

  @Test("minimums that no number of pods can have are refused")
  func absurdMinimums() throws {
    var snapshot = Snapshot()
    for minimum in [-1, Int(Int32.max) + 1, .max] {
      let group = GangScope(name: "a", pods: [], minimum: minimum)
      #expect(code { try snapshot.set(Gang.make("g", [group])) } == .invalidCount)
    }
    // Two groups of which one is enough: the largest minimum allowed is never met, and does no harm.
    let groups = [GangScope.group("a", 3, minimum: 1), GangScope.group("b", 3, minimum: Int(Int32.max))]
    let gang = Gang(name: named("g"), root: GangScope(name: "g", minimum: 1, scopes: groups))
    let decision = Scheduler().decide(
      try .make(nodes: [Node.make("n", ["cpu": "9"])], pods: pods(of: groups), gangs: [gang]))
    #expect(decision.bindings.map(\.pod.name) == ["a-0", "a-1", "a-2"])
  }

  @Test("a minimum of scopes above their number is reported as what it is")
  func minimumAboveScopes() throws {
    let group = GangScope.group("a", 1)
    let gang = Gang(name: named("g"), root: GangScope(name: "g", minimum: 2, scopes: [group]))
    let decision = Scheduler().decide(
      try .make(nodes: [Node.make("n")], pods: pods(of: [group]), gangs: [gang]))
    #expect(
      decision.outcomes.map(\.verdict)
        == [.waiting(.pods(scope: "g", needed: 2, available: 1, gated: 0, missing: 0))])
  }

  @Test("scopes may be nested deep, but not without end")
  func deepNesting() throws {
    func nested(_ depth: Int) -> Gang {
      var scope = GangScope.group("a", 1)
      for level in 0..<depth { scope = GangScope(name: "s\(level)", scopes: [scope]) }
      return Gang(name: named("g"), root: scope)
    }
    let snapshot = try Snapshot.make(
      nodes: [Node.make("n")], pods: [Pod.make("a-0")], gangs: [nested(60)])
    #expect(Scheduler().decide(snapshot).fits)
    var other = Snapshot()
    #expect(code { try other.set(nested(70)) } == .invalidCount)
  }

  @Test("gangs without pods, and gangs all of whose pods are missing")
  func emptyGangs() throws {
    let empty = Gang.make("empty", [])
    let missing = Gang.make("missing", [.group("a", 2)])
    let decision = Scheduler().decide(try .make(nodes: [Node.make("n")], gangs: [empty, missing]))
    #expect(decision.bindings.isEmpty)
    #expect(
      decision.outcome(of: named("missing"))?.verdict
        == .waiting(.pods(scope: "a", needed: 2, available: 0, gated: 0, missing: 2)))
    #expect(decision.outcome(of: named("empty"))?.verdict ?? .fits == .fits)
  }

  @Test("a gang that names a missing priority class has the priority of its pods")
  func missingPriorityClass() throws {
    let groups = [GangScope.group("a", 1), GangScope.group("b", 1)]
    let snapshot = try Snapshot.make(
      nodes: [Node.make("n", ["cpu": "1"])],
      pods: pods(of: [groups[0]]) + pods(of: [groups[1]], priority: 5),
      gangs: [
        Gang.make("first", [groups[0]], created: 1),
        Gang.make("second", [groups[1]], priorityClassName: "gone", created: 2),
      ])
    #expect(Scheduler().decide(snapshot).bindings.map(\.pod.name) == ["b-0"])
    #expect(snapshot.notes == [SnapshotNote(.unknownPriorityClass, "PodGang default/second", "gone")])
  }

  @Test("a million labels on a pod, with selectors that look at them")
  func manyPodLabels() throws {
    var pod = Pod.make("p")
    pod.metadata.labels = StringMap((0..<1_000_000).map { (key: "label-\($0)", value: "x") })
    let other = Pod.make("other") {
      $0.affinity = Affinity(
        podAntiAffinity: PodAntiAffinity(requiredDuringSchedulingIgnoredDuringExecution: [
          PodAffinityTerm(
            labelSelector: LabelSelector(matchLabels: ["label-500000": "x"]),
            topologyKey: "kubernetes.io/hostname")
        ]))
    }
    let decision = Scheduler().decide(
      try .make(nodes: [Node.make("n0"), Node.make("n1")], pods: [pod, other]))
    #expect(decision.bindings.count == 2)
    #expect(Set(decision.bindings.map(\.node)).count == 2)
  }

  @Test("a label key that is in no topology becomes one; several such keys are named")
  func unknownKeys() throws {
    let nodes = (0..<4).map { Node.make("n\($0)", ["cpu": "1"], labels: ["row": "r\($0 / 2)"]) }
    func verdict(_ group: GangScope, _ packing: Packing) throws -> Verdict? {
      Scheduler().decide(
        try .make(
          nodes: nodes, pods: pods(of: [group]), gangs: [Gang.make("g", [group], packing: packing)],
          levels: ["rack"])
      ).outcomes.first?.verdict
    }
    #expect(try verdict(.group("a", 2), Packing(required: "row")) == .fits)
    #expect(
      try verdict(.group("a", 3), Packing(required: "row"))
        == .cannotFit(Proof(reason: .room, scope: "g", level: "row", best: ["r0"], needed: 3, room: 2)))
    #expect(
      try verdict(.group("a", 1), Packing(required: "row", preferred: "shelf"))
        == .cannotFit(Proof(reason: .unknownLevel("row"), scope: "g")))
    // A label that no node has: there is no domain to be in.
    #expect(
      try verdict(.group("a", 1), Packing(required: "shelf"))
        == .cannotFit(Proof(reason: .room, scope: "g", level: "shelf", best: [], needed: 1, room: 0)))
    #expect(try verdict(.group("a", 2), Packing(preferred: "shelf")) == .fits)
  }
}
