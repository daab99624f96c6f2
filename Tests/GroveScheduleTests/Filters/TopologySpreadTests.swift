import GroveModel
import GroveScenario
import GroveSchedule
import KubernetesModel
import Testing

@Suite("Topology spread (S-250…S-259)")
struct TopologySpreadTests {
  private func spread(
    _ key: String = "zone", skew: Int32 = 1, _ change: (inout TopologySpreadConstraint) -> Void = { _ in }
  ) -> TopologySpreadConstraint {
    var constraint = TopologySpreadConstraint(
      maxSkew: skew, topologyKey: key, whenUnsatisfiable: "DoNotSchedule",
      labelSelector: LabelSelector(matchLabels: ["app": "web"]))
    change(&constraint)
    return constraint
  }

  private func pod(
    _ name: String, on node: String = "", _ constraints: [TopologySpreadConstraint] = [],
    change: (inout PodSpec) -> Void = { _ in }
  ) -> Pod {
    Pod.make(name, on: node, labels: ["app": "web"]) {
      $0.topologySpreadConstraints = constraints
      change(&$0)
    }
  }

  private func node(_ name: String, zone: String?, _ cpu: String = "4", taints: [Taint] = []) -> Node {
    Node.make(
      name, ["cpu": cpu, "memory": "8Gi"], labels: zone.map { ["zone": $0] } ?? [:], taints: taints)
  }

  private let refusal = FilterReason.topologySpread

  @Test("skew: matching pods of the domain and the pod itself, less the smallest count (S-250)")
  func skew() throws {
    let nodes = [node("a", zone: "a"), node("b", zone: "b")]
    let others = [pod("x", on: "a")]
    let snapshot = try Snapshot.make(nodes: nodes, pods: others)
    #expect(try snapshot.verdicts(on: pod("p", [spread()])).map(\.reasons) == [[refusal], []])
    #expect(try snapshot.verdicts(on: pod("p", [spread(skew: 2)])).map(\.reasons) == [[], []])
    // A pod that its own selector does not match adds nothing to the skew.
    let stranger = Pod.make("p") { $0.topologySpreadConstraints = [spread()] }
    #expect(try snapshot.verdicts(on: stranger).map(\.reasons) == [[], []])
  }

  @Test("what is counted: namespace, selector, not what is being deleted (S-251)")
  func counted() throws {
    let nodes = [node("a", zone: "a"), node("b", zone: "b")]
    var leaving = pod("x", on: "a")
    leaving.metadata.deletionTimestamp = Timestamp(secondsSince1970: 1)
    var foreign = pod("y", on: "a")
    foreign.metadata.namespace = "other"
    let snapshot = try Snapshot.make(nodes: nodes, pods: [leaving, foreign])
    #expect(try snapshot.verdicts(on: pod("p", [spread()])).map(\.reasons) == [[], []])
    let two = try Snapshot.make(nodes: nodes, pods: [pod("x", on: "a"), pod("y", on: "a")])
    // No selector matches nothing, the empty one counts only the pod itself.
    let none = spread { $0.labelSelector = nil }
    let empty = spread { $0.labelSelector = LabelSelector() }
    #expect(try two.verdicts(on: pod("p", [none])).map(\.reasons) == [[], []])
    #expect(try two.verdicts(on: pod("p", [empty])).map(\.reasons) == [[], []])
  }

  @Test("which nodes count: those with all labels, that the pod may use, and taints where asked (S-252)")
  func eligible() throws {
    let tainted = node("c", zone: "c", taints: [Taint(effect: "NoSchedule", key: "k")])
    let nodes = [node("a", zone: "a"), node("b", zone: "b"), tainted]
    let others = [pod("x", on: "a"), pod("y", on: "b")]
    let snapshot = try Snapshot.make(nodes: nodes, pods: others)
    let taint = FilterReason.untoleratedTaint
    // Zone c counts with no pods, although no pod can go there …
    #expect(
      try snapshot.verdicts(on: pod("p", [spread()])).map(\.reasons) == [[refusal], [refusal], [taint]])
    // … unless taints are honored, or a selector leaves it out.
    let honored = spread { $0.nodeTaintsPolicy = "Honor" }
    #expect(try snapshot.verdicts(on: pod("p", [honored])).map(\.reasons) == [[], [], [taint]])
    let selecting = pod("p", [spread()]) { spec in
      spec.affinity = Affinity(
        nodeAffinity: NodeAffinity(
          requiredDuringSchedulingIgnoredDuringExecution: NodeSelector(nodeSelectorTerms: [
            NodeSelectorTerm(matchExpressions: [
              NodeSelectorRequirement(key: "zone", operator: "In", values: ["a", "b"])
            ])
          ])))
    }
    #expect(try snapshot.verdicts(on: selecting).map(\.reasons) == [[], [], [taint]])
    var ignoring = selecting
    ignoring.spec.topologySpreadConstraints[0].nodeAffinityPolicy = "Ignore"
    #expect(try snapshot.verdicts(on: ignoring).map(\.reasons) == [[refusal], [refusal], [taint]])
  }

  @Test("a node without the label has a reason of its own (S-255)")
  func missingLabel() throws {
    let snapshot = try Snapshot.make(nodes: [node("a", zone: nil)])
    let reasons = try snapshot.verdicts(on: pod("p", [spread()])).flatMap(\.reasons)
    #expect(reasons == [.topologySpreadLabel])
    #expect(
      reasons.map(\.text) == ["node(s) didn't match pod topology spread constraints (missing required label)"]
    )
    #expect(!FilterReason.topologySpreadLabel.isCurableByEviction && refusal.isCurableByEviction)
  }

  @Test("too few domains make the smallest count 0 (S-253)")
  func minDomains() throws {
    let nodes = ["a", "b", "c"].map { node($0, zone: $0) }
    let snapshot = try Snapshot.make(
      nodes: nodes, pods: nodes.map { pod("x\($0.metadata.name)", on: $0.metadata.name) })
    let four = spread { $0.minDomains = 4 }
    #expect(try snapshot.verdicts(on: pod("p", [four])).allSatisfy { $0.reasons == [refusal] })
    let three = spread { $0.minDomains = 3 }
    #expect(try snapshot.verdicts(on: pod("p", [three])).allSatisfy(\.reasons.isEmpty))
  }

  @Test("labels named by matchLabelKeys belong to the selector (S-254)")
  func matchLabelKeys() throws {
    var old = pod("x", on: "a")
    old.metadata.labels["hash"] = "1"
    let snapshot = try Snapshot.make(nodes: [node("a", zone: "a"), node("b", zone: "b")], pods: [old])
    var new = pod("p", [spread { $0.matchLabelKeys = ["hash", "missing"] }])
    new.metadata.labels["hash"] = "2"
    #expect(try snapshot.verdicts(on: new).map(\.reasons) == [[], []])
    new.metadata.labels["hash"] = "1"
    #expect(try snapshot.verdicts(on: new).map(\.reasons) == [[refusal], []])
  }

  // MARK: Gangs

  private func gang(_ count: Int, minimum: Int? = nil, _ packing: Packing = Packing()) -> (Gang, [Pod]) {
    let group = GangScope.group("g", count, minimum: minimum)
    let members = (0..<count).map { pod("g-\($0)", [spread()]) }
    return (Gang.make("gang", [group], packing: packing), members)
  }

  @Test("members count for each other (S-258)")
  func membersCount() throws {
    let (gang, members) = gang(4)
    let nodes = [node("a", zone: "a"), node("b", zone: "b")]
    let decision = Scheduler().decide(try Snapshot.make(nodes: nodes, pods: members, gangs: [gang]))
    #expect(decision.outcomes.map(\.verdict) == [.fits])
    #expect(decision.bindings.map(\.node).sorted() == ["a", "a", "b", "b"])
  }

  @Test("a full zone holds the others back; with taints honored it does not (S-259)")
  func deadZone() throws {
    let full = Pod.make("full", ["cpu": "4"], on: "c")
    let nodes = ["a", "b", "c"].map { node($0, zone: $0) }
    let (gang, members) = gang(4, minimum: 2)
    let decision = Scheduler().decide(
      try Snapshot.make(nodes: nodes, pods: members + [full], gangs: [gang]))
    // The smallest count stays 0: one pod in a, one in b, two wait.
    #expect(decision.bindings.map(\.node).sorted() == ["a", "b"])
    let (whole, all) = self.gang(4)
    let refused = Scheduler().decide(try Snapshot.make(nodes: nodes, pods: all + [full], gangs: [whole]))
    guard case .cannotFit(let proof)? = refused.outcomes.first?.verdict else {
      Issue.record("\(refused)")
      return
    }
    #expect(proof.reason == .spread && proof.needed == 4 && proof.room == 2)
    let tainted = nodes.dropLast() + [node("c", zone: "c", taints: [Taint(effect: "NoSchedule", key: "k")])]
    let honoring = all.map { pod in
      var pod = pod
      pod.spec.topologySpreadConstraints[0].nodeTaintsPolicy = "Honor"
      return pod
    }
    let placed = Scheduler().decide(
      try Snapshot.make(nodes: Array(tainted), pods: honoring, gangs: [whole]))
    #expect(placed.bindings.map(\.node).sorted() == ["a", "a", "b", "b"])
  }

  @Test("all in one zone and spread over zones contradict each other (S-259)")
  func packedAndSpread() throws {
    let (gang, members) = gang(3, Packing(required: "zone"))
    let nodes = ["a", "b", "c"].map { node($0, zone: $0) }
    let decision = Scheduler().decide(
      try Snapshot.make(nodes: nodes, pods: members, gangs: [gang], levels: ["zone"]))
    guard case .cannotFit = decision.outcomes.first?.verdict else {
      Issue.record("\(decision)")
      return
    }
  }

  @Test("a constraint that should hold decides between nodes that are liked alike (S-256, S-263)")
  func soft() throws {
    let soft = spread { $0.whenUnsatisfiable = "ScheduleAnyway" }
    let nodes = [node("a", zone: "a", "8"), node("b", zone: "b", "8")]
    let members = (0..<4).map { pod("g-\($0)", [soft]) }
    let group = GangScope.group("g", 4)
    let decision = Scheduler().decide(
      try Snapshot.make(nodes: nodes, pods: members, gangs: [Gang.make("gang", [group])]))
    #expect(decision.bindings.map(\.node).sorted() == ["a", "a", "b", "b"])
    // It never keeps a pod from its place.
    let one = Scheduler().decide(
      try Snapshot.make(nodes: [nodes[0]], pods: members, gangs: [Gang.make("gang", [group])]))
    #expect(one.bindings.count == 4)
  }
}
