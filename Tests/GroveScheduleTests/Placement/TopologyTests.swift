import GroveModel
import GroveSchedule
import KubernetesModel
import Testing

@testable import grove_schedule_check

@Suite("Topology (S-004, S-032…S-035, S-038…S-040)")
struct TopologyTests {
  /// Racks with so many nodes of one cpu each, in zones of two racks.
  private func racks(_ sizes: [Int]) -> [Node] {
    var nodes: [Node] = []
    for (rack, size) in sizes.enumerated() {
      for number in 0..<size {
        nodes.append(
          Node.make("r\(rack)n\(number)", ["cpu": "1"], labels: ["zone": "z\(rack / 2)", "rack": "r\(rack)"]))
      }
    }
    return nodes
  }

  private let levels = ["zone", "rack", "kubernetes.io/hostname"]

  private func decide(
    _ nodes: [Node], _ gang: Gang, _ policy: Policy = Policy(), pods extra: [Pod] = [],
    requests: KeyValuePairs<String, String> = ["cpu": "1"]
  ) throws -> Decision {
    let names = Set(extra.map(\.metadata.name))
    let members = pods(of: [gang.root], requests).filter { !names.contains($0.metadata.name) }
    return Scheduler(policy: policy).decide(
      try .make(nodes: nodes, pods: members + extra, gangs: [gang], levels: levels))
  }

  private func rack(_ decision: Decision) -> Set<String> {
    Set(decision.bindings.map { String($0.node.prefix(2)) })
  }

  @Test("a required level holds all pods; the fullest domain that fits is taken (S-032, S-034)")
  func required() throws {
    let gang = Gang.make("gang", [.group("a", 3)], packing: Packing(required: "rack"))
    #expect(rack(try decide(racks([5, 2, 3, 4]), gang)) == ["r2"])
    let none = try decide(racks([2, 2, 2]), gang)
    #expect(none.bindings.isEmpty)
    #expect(
      none.outcomes.first?.verdict
        == .cannotFit(
          Proof(reason: .room, scope: "gang", level: "rack", best: ["z0", "r0"], needed: 3, room: 2)))
  }

  @Test("the domain that holds surplus, too, is preferred to one that is just large enough")
  func wholeScope() throws {
    let gang = Gang.make("gang", [.group("a", 4, minimum: 2)], packing: Packing(required: "rack"))
    #expect(rack(try decide(racks([2, 6, 4, 5]), gang)) == ["r2"])
    // Where none holds everything, the roomiest.
    let decision = try decide(racks([2, 3, 2]), gang)
    #expect(rack(decision) == ["r1"])
    #expect(decision.bindings.count == 3)
  }

  @Test("each policy chooses its domain (S-034)")
  func domainPolicies() throws {
    let gang = Gang.make("gang", [.group("a", 3)], packing: Packing(required: "rack"))
    let nodes = racks([5, 4, 3])
    #expect(rack(try decide(nodes, gang, Policy(domains: .bestFit))) == ["r2"])
    #expect(rack(try decide(nodes, gang, Policy(domains: .leastFree))) == ["r2"])
    #expect(rack(try decide(nodes, gang, Policy(domains: .mostFree))) == ["r0"])
    #expect(rack(try decide(nodes, gang, Policy(domains: .balanced))) == ["r0"])
  }

  @Test("each policy shares pods out when one domain is not enough (S-034)")
  func severalDomains() throws {
    // Racks of 5, 4, 3 and 2 in one zone each; a preferred rack that cannot hold 7.
    let nodes = [5, 4, 3, 2].enumerated().flatMap { rack, size in
      (0..<size).map { Node.make("r\(rack)n\($0)", ["cpu": "1"], labels: ["rack": "r\(rack)"]) }
    }
    let gang = Gang.make("gang", [.group("a", 7)], packing: Packing(preferred: "rack"))
    func counts(_ policy: Policy.DomainChoice) throws -> [Int] {
      let decision = try decide(nodes, gang, Policy(domains: policy))
      return (0..<4).map { rack in decision.bindings.count { $0.node.hasPrefix("r\(rack)") } }
    }
    #expect(try counts(.bestFit) == [5, 0, 0, 2])
    #expect(try counts(.leastFree) == [0, 2, 3, 2])
    #expect(try counts(.mostFree) == [5, 2, 0, 0])
    #expect(try counts(.balanced) == [4, 3, 0, 0])
  }

  @Test("a preferred level gives way level by level, up to the required one (S-033)")
  func preferred() throws {
    func gang(_ count: Int, _ required: String? = nil) -> Gang {
      Gang.make("gang", [.group("a", count)], packing: Packing(required: required, preferred: "rack"))
    }
    let nodes = racks([3, 4, 2, 2])
    #expect(rack(try decide(nodes, gang(4))) == ["r1"])
    #expect(rack(try decide(nodes, gang(5))) == ["r0", "r1"])
    #expect(try decide(nodes, gang(11)).bindings.count == 11)
    #expect(try decide(nodes, gang(8)).bindings.count == 8)
    #expect(try decide(nodes, gang(8, "zone")).bindings.isEmpty)
    // A preferred level broader than the required one is without effect.
    let odd = Gang.make("gang", [.group("a", 2)], packing: Packing(required: "rack", preferred: "zone"))
    #expect(rack(try decide(nodes, odd)) == ["r2"])
  }

  @Test("nested scopes nest (S-032)")
  func nested() throws {
    let inner = (0..<2).map { GangScope.group("g\($0)", 2, Packing(required: "rack")) }
    let gang = Gang.make("gang", inner, packing: Packing(required: "zone"))
    // Zone 0 has more room, but no two racks with two nodes each.
    let decision = try decide(racks([3, 1, 2, 2]), gang)
    #expect(rack(decision) == ["r2", "r3"])
    #expect(decision.outcomes.first?.score == 1)
    // A rack twice as large does as well.
    #expect(rack(try decide(racks([4, 1, 2, 1]), gang)) == ["r0"])
  }

  @Test("a scope between gang and groups keeps its groups together")
  func groupConfig() throws {
    let config = GangScope(
      name: "config", packing: Packing(required: "rack"), scopes: [.group("leader", 1), .group("worker", 2)])
    let gang = Gang.make("gang", [config, .group("router", 2)])
    let decision = try decide(racks([2, 3, 1]), gang)
    #expect(decision.bindings.count == 5)
    #expect(
      Set(decision.bindings.filter { !$0.pod.name.hasPrefix("router") }.map { $0.node.prefix(2) }) == ["r1"])
  }

  @Test("pods in place pin the domain, surplus included (S-032)")
  func pinned() throws {
    let gang = Gang.make("gang", [.group("a", 3, minimum: 2)], packing: Packing(required: "rack"))
    let bound = Pod.make("a-0", on: "r1n0")
    let decision = try decide(racks([2, 3]), gang, pods: [bound])
    #expect(rack(decision) == ["r1"])
    #expect(decision.bindings.count == 2)
    let full = try decide(racks([2, 1]), gang, pods: [bound])
    #expect(full.bindings.isEmpty)
    let spread = [bound, Pod.make("a-1", on: "r0n0")]
    let third = Gang.make("gang", [.group("a", 3)], packing: Packing(required: "rack"))
    #expect(
      try decide(racks([3, 3]), third, pods: spread).outcomes.first?.verdict
        == .cannotFit(Proof(reason: .split, scope: "gang", level: "rack", best: ["z0", "r1"], needed: 1)))
  }

  @Test("with a preferred level pods go near those in place")
  func near() throws {
    let gang = Gang.make("gang", [.group("a", 2)], packing: Packing(preferred: "rack"))
    #expect(rack(try decide(racks([2, 3]), gang, pods: [Pod.make("a-0", on: "r1n1")])) == ["r1"])
    #expect(rack(try decide(racks([2, 1, 2]), gang, pods: [Pod.make("a-0", on: "r1n0")])) == ["r0"])
  }

  @Test("racks of the same name in two zones are two racks; a node without the label is in none (S-004)")
  func paths() throws {
    func node(_ name: String, _ labels: StringMap<String>) -> Node {
      Node.make(name, ["cpu": "1"], labels: labels)
    }
    let gang = Gang.make("gang", [.group("a", 2)], packing: Packing(required: "rack"))
    let apart = [node("a", ["zone": "z0", "rack": "r"]), node("b", ["zone": "z1", "rack": "r"])]
    #expect(try decide(apart, gang).bindings.isEmpty)
    let same = [node("a", ["zone": "z0", "rack": "r"]), node("b", ["zone": "z0", "rack": "r"])]
    #expect(try decide(same, gang).bindings.count == 2)
    let unlabelled = [node("a", ["zone": "z0"]), node("b", ["zone": "z0"])]
    #expect(
      try decide(unlabelled, gang).outcomes.first?.verdict
        == .cannotFit(Proof(reason: .room, scope: "gang", level: "rack", needed: 2)))
    let zoneless = [node("a", ["rack": "r"]), node("b", ["rack": "r"])]
    #expect(try decide(zoneless, gang).bindings.count == 2)
    let zone = Gang.make("gang", [.group("a", 2)], packing: Packing(required: "zone", preferred: "rack"))
    #expect(try decide(zoneless, zone).bindings.isEmpty)
  }

  @Test("siblings that starve each other are tried again elsewhere (S-035)")
  func backtracking() throws {
    // Best fit puts the group of two where only the group of large pods could go.
    let nodes = [
      Node.make("r0n0", ["cpu": "4"], labels: ["rack": "r0"]),
      Node.make("r1n0", ["cpu": "2"], labels: ["rack": "r1"]),
      Node.make("r1n1", ["cpu": "3"], labels: ["rack": "r1"]),
    ]
    let small = GangScope.group("small", 4, Packing(required: "rack"))
    let large = GangScope.group("large", 1, Packing(required: "rack"))
    let gang = Gang.make("gang", [small, large])
    var members = pods(of: [small])
    members.append(Pod.make("large-0", ["cpu": "4"]))
    let snapshot = try Snapshot.make(nodes: nodes, pods: members, gangs: [gang], levels: ["rack"])
    let decision = Scheduler().decide(snapshot)
    #expect(decision.bindings.first { $0.pod.name == "large-0" }?.node == "r0n0")
    #expect(decision.bindings.count == 5)
  }

  @Test("too few domains for equal scopes is proved at once (S-035)")
  func slots() throws {
    let groups = (0..<5).map { GangScope.group("g\($0)", 2, Packing(required: "rack")) }
    // Racks of three: ten pods have room, five pairs have not.
    let decision = try decide(racks([3, 3, 3, 3]), Gang.make("gang", groups))
    #expect(
      decision.outcomes.first?.verdict
        == .cannotFit(Proof(reason: .slots, scope: "g0", needed: 5, room: 4)))
    #expect(decision.counters.placements == 0)
  }

  @Test("large pods that fit one by one and not together are proved not to fit (S-035)")
  func sharedNodes() throws {
    let nodes = (0..<3).map { Node.make("n\($0)", ["cpu": "4", "memory": "9Gi"]) }
    let groups = [GangScope.group("a", 2), GangScope.group("b", 2)]
    let members =
      pods(of: [groups[0]], ["cpu": "3"]) + pods(of: [groups[1]], ["cpu": "3", "memory": "1Gi"])
    let gang = Gang.make("gang", groups)
    let decision = Scheduler().decide(try .make(nodes: nodes, pods: members, gangs: [gang]))
    #expect(
      decision.outcomes.first?.verdict == .cannotFit(Proof(reason: .nodes, scope: "gang", needed: 4, room: 3))
    )
    let heavy = pods(of: [groups[0]], ["memory": "8Gi"]) + pods(of: [groups[1]], ["memory": "6Gi"])
    let memory = Scheduler().decide(try .make(nodes: nodes, pods: heavy, gangs: [gang]))
    #expect(
      memory.outcomes.first?.verdict
        == .cannotFit(
          Proof(
            reason: .resource("memory"), scope: "gang", needed: 28 << 30, room: 27 << 30)))
  }

  @Test("a search that is cut short says so (S-035)")
  func budget() throws {
    var cut = 0
    for seed in 0..<300 {
      var random = SplitMix(seed: UInt64(seed))
      let snapshot = try Instance.random(&random, Instance.Style(groups: 3...3, podsPerGroup: 2...3))
        .snapshot(shuffledBy: &random)
      let verdict = Scheduler(policy: Policy(searchBudget: 5)).decide(snapshot).outcomes.first?.verdict
      guard case .notFound(let steps)? = verdict else { continue }
      cut += 1
      #expect((5...20).contains(steps), "both searches stop at the budget")
      let whole = Scheduler().decide(snapshot).outcomes.first?.verdict
      #expect(whole != verdict, "the whole budget is enough for a cluster this small")
    }
    #expect(cut > 0)
  }

  @Test("unknown topologies and levels are named (issue 4 §4)")
  func unknown() throws {
    var gang = Gang.make("gang", [.group("a", 1)], packing: Packing(required: "row"))
    gang.topology = "topology"
    #expect(
      try decide(racks([1]), gang).outcomes.first?.verdict
        == .cannotFit(Proof(reason: .unknownLevel("row"), scope: "gang")))
    gang.topology = "other"
    #expect(
      try decide(racks([1]), gang).outcomes.first?.verdict
        == .cannotFit(Proof(reason: .unknownTopology("other"), scope: "gang")))
    // Without a topology's name a label is enough.
    gang.topology = nil
    var nodes = racks([2, 2])
    for index in nodes.indices { nodes[index].metadata.labels["row"] = "\(index)" }
    gang.root = GangScope(name: "gang", packing: Packing(required: "row"), scopes: [.group("a", 2)])
    #expect(try decide(nodes, gang).bindings.isEmpty)
    nodes[1].metadata.labels["row"] = "2"
    #expect(Set(try decide(nodes, gang).bindings.map(\.node)) == ["r0n1", "r1n0"])
  }

  @Test("a gang finds its own of several topologies")
  func severalTopologies() throws {
    var snapshot = Snapshot()
    try snapshot.setTopology("network", levels: [("rack", "rack")])
    try snapshot.setTopology("power", levels: [("feed", "feed")])
    for number in 0..<4 {
      try snapshot.set(
        Node.make("n\(number)", ["cpu": "1"], labels: ["rack": "r\(number / 2)", "feed": "f\(number % 2)"]))
    }
    for (name, key) in [("network", "rack"), ("power", "feed")] {
      let group = GangScope.group(name, 2)
      var copy = snapshot
      for pod in pods(of: [group]) { try copy.set(pod) }
      try copy.set(Gang.make("gang", [group], packing: Packing(required: key), topology: name))
      let nodes = Scheduler().decide(copy).bindings.map(\.node)
      #expect(nodes == (name == "network" ? ["n0", "n1"] : ["n0", "n2"]))
    }
  }

  @Test("nodes are packed or spread (S-034)")
  func nodePolicies() throws {
    let nodes = (0..<3).map { Node.make("n\($0)", ["cpu": "4"]) }
    let gang = Gang.make("gang", [.group("a", 3)])
    let load = Pod.make("load", on: "n1")
    #expect(
      try decide(nodes, gang, Policy(nodes: .pack), pods: [load]).bindings.map(\.node) == ["n1", "n1", "n1"])
    #expect(
      try decide(nodes, gang, Policy(nodes: .spread), pods: [load]).bindings.map(\.node) == [
        "n0", "n2", "n0",
      ])
  }

  @Test("the nodes of the gang that is replaced are preferred when as good (S-039)")
  func reuse() throws {
    let old = Gang.make("old", [.group("old", 2)])
    let gone = ["r1n0", "r1n1"].enumerated().map { index, node in
      var pod = Pod.make("old-\(index)", ["memory": "1Gi"], on: node)
      pod.metadata.deletionTimestamp = Timestamp(secondsSince1970: 1)
      return pod
    }
    func place(reusing: String?, packing: Packing) throws -> [String] {
      let group = GangScope.group("new", 2)
      let snapshot = try Snapshot.make(
        nodes: racks([2, 3, 2]), pods: gone + pods(of: [group]),
        gangs: [old, Gang.make("new", [group], packing: packing, reuse: reusing)], levels: levels)
      return Scheduler().decide(snapshot).bindings.map(\.node)
    }
    #expect(try place(reusing: nil, packing: Packing(required: "rack")) == ["r0n0", "r0n1"])
    #expect(try place(reusing: "old", packing: Packing(required: "rack")) == ["r1n0", "r1n1"])
    #expect(try place(reusing: "old", packing: Packing()) == ["r1n0", "r1n1"])
    #expect(try place(reusing: "unknown", packing: Packing()) == ["r0n0", "r0n1"])
  }

  @Test("gangs of a replica share the domain that the base requires, when asked for (S-038)")
  func anchors() throws {
    let base = GangScope.group("base", 2)
    let scaled = GangScope.group("scaled", 2)
    let gangs = [
      Gang.make("base", [base], packing: Packing(required: "rack")),
      Gang.make("scaled", [scaled], dependencies: ["base"]),
    ]
    let snapshot = try Snapshot.make(
      nodes: racks([2, 3, 4]), pods: pods(of: [base, scaled]), gangs: gangs, levels: levels)
    let plain = Scheduler().decide(snapshot)
    #expect(Set(plain.bindings(of: named("base")).map { $0.node.prefix(2) }) == ["r0"])
    // The base looks for a rack with room for both.
    let anchored = Scheduler(policy: Policy(anchorsReplicas: true)).decide(snapshot)
    #expect(Set(anchored.bindings.map { $0.node.prefix(2) }) == ["r2"])
    // Where there is none, the scaled gang waits rather than going elsewhere.
    let tight = try Snapshot.make(
      nodes: racks([2, 3, 3]), pods: pods(of: [base, scaled]), gangs: gangs, levels: levels)
    let decision = Scheduler(policy: Policy(anchorsReplicas: true)).decide(tight)
    #expect(decision.bindings.count == 2)
    #expect(decision.outcome(of: named("scaled"))?.verdict != .fits)
  }

  @Test("the score tells how near each other the pods are (S-040)")
  func scores() throws {
    func score(_ sizes: [Int], _ packing: Packing, _ count: Int) throws -> Double? {
      try decide(racks(sizes), Gang.make("gang", [.group("a", count)], packing: packing)).outcomes.first?
        .score
    }
    #expect(try score([2, 2], Packing(), 4) == 1)
    #expect(try score([4, 2], Packing(required: "zone"), 4) == 1)
    #expect(try score([4, 2], Packing(preferred: "rack"), 4) == 1)
    // One zone, the fewest racks: half of 1/2 for the level, half of 2/2 for the racks.
    #expect(try score([3, 3, 3, 3], Packing(preferred: "rack"), 5) == 0.75)
    // Two zones: nothing for the level, 4/4 for the racks.
    #expect(try score([3, 3, 3, 3], Packing(preferred: "rack"), 10) == 0.5)
    // Six nodes taken by others: three racks where two would do.
    let load = ["r0n0", "r0n1", "r1n0", "r1n1"].enumerated().map { Pod.make("load\($0)", on: $1) }
    let decision = try decide(
      racks([4, 4, 2, 2]), Gang.make("gang", [.group("a", 5)], packing: Packing(preferred: "rack")),
      pods: load)
    #expect(decision.outcomes.first?.scopes.first?.domainsUsed == 3)
    #expect(decision.outcomes.first?.score == 0.5 * 0 + 0.5 * 2 / 3)
  }
}
