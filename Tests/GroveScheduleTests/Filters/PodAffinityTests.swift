import GroveModel
import GroveSchedule
import KubernetesModel
import Testing

@Suite("Affinity between pods (S-021)")
struct PodAffinityTests {
  private func term(
    _ labels: StringMap<String>, _ key: String = "kubernetes.io/hostname",
    _ change: (inout PodAffinityTerm) -> Void = { _ in }
  ) -> PodAffinityTerm {
    var term = PodAffinityTerm(labelSelector: LabelSelector(matchLabels: labels), topologyKey: key)
    change(&term)
    return term
  }

  private func apart(_ terms: PodAffinityTerm...) -> (inout PodSpec) -> Void {
    {
      $0.affinity = Affinity(
        podAntiAffinity: PodAntiAffinity(requiredDuringSchedulingIgnoredDuringExecution: terms))
    }
  }

  private func together(_ terms: PodAffinityTerm...) -> (inout PodSpec) -> Void {
    {
      $0.affinity = Affinity(podAffinity: PodAffinity(requiredDuringSchedulingIgnoredDuringExecution: terms))
    }
  }

  @Test("each of the three reasons, in kube-scheduler's order")
  func reasons() throws {
    let node = Node.make("node")
    let web = Pod.make("web", on: "node", labels: ["app": "web"])
    let shy = Pod.make("shy", on: "node", labels: ["app": "shy"], change: apart(term(["app": "web"])))
    #expect(
      try reason(Pod.make("pod", change: apart(term(["app": "web"]))), node, beside: [web])
        == "1 node(s) didn't match pod anti-affinity rules")
    #expect(
      try reason(Pod.make("pod", labels: ["app": "web"]), node, beside: [shy])
        == "1 node(s) didn't satisfy existing pods anti-affinity rules")
    #expect(
      try reason(Pod.make("pod", change: together(term(["app": "db"]))), node, beside: [web])
        == "1 node(s) didn't match pod affinity rules")
    #expect(try reason(Pod.make("pod", change: together(term(["app": "web"]))), node, beside: [web]) == nil)
    #expect(try reason(Pod.make("pod", labels: ["app": "db"]), node, beside: [shy]) == nil)
  }

  @Test("a node without the label is in no domain")
  func missingLabel() throws {
    let web = Pod.make("web", on: "node", labels: ["app": "web"])
    let node = Node.make("node")
    // No domain to be kept out of, and none to be in.
    #expect(
      try reason(Pod.make("pod", change: apart(term(["app": "web"], "rack"))), node, beside: [web]) == nil)
    #expect(
      try reason(Pod.make("pod", change: together(term(["app": "web"], "rack"))), node, beside: [web])
        == "1 node(s) didn't match pod affinity rules")
  }

  @Test("namespaces, namespace selectors and selectors that select nothing")
  func namespaces() throws {
    let node = Node.make("node")
    var web = Pod.make("web", on: "node", labels: ["app": "web"])
    web.metadata.namespace = "other"
    let refusal = "1 node(s) didn't match pod anti-affinity rules"
    #expect(try reason(Pod.make("pod", change: apart(term(["app": "web"]))), node, beside: [web]) == nil)
    let listed = apart(term(["app": "web"]) { $0.namespaces = ["other"] })
    #expect(try reason(Pod.make("pod", change: listed), node, beside: [web]) == refusal)
    let everywhere = apart(term(["app": "web"]) { $0.namespaceSelector = LabelSelector() })
    #expect(try reason(Pod.make("pod", change: everywhere), node, beside: [web]) == refusal)
    let named = apart(
      term(["app": "web"]) {
        $0.namespaceSelector = LabelSelector(matchLabels: ["kubernetes.io/metadata.name": "other"])
      })
    #expect(try reason(Pod.make("pod", change: named), node, beside: [web]) == refusal)
    let labelled = apart(
      term(["app": "web"]) { $0.namespaceSelector = LabelSelector(matchLabels: ["team": "a"]) })
    #expect(try reason(Pod.make("pod", change: labelled), node, beside: [web]) == nil)
    let nothing = apart(PodAffinityTerm(topologyKey: "kubernetes.io/hostname"))
    #expect(try reason(Pod.make("pod", change: nothing), node, beside: [web]) == nil)
    var snapshot = try Snapshot.make(nodes: [node], pods: [web, Pod.make("pod", change: labelled)])
    #expect(Scheduler().decide(snapshot).bindings.count == 1)
    snapshot.setLabels(["team": "a"], ofNamespace: "other")
    #expect(Scheduler().decide(snapshot).bindings.isEmpty)
  }

  @Test("matchLabelKeys compare with the pod's own labels")
  func matchLabelKeys() throws {
    let node = Node.make("node")
    let old = Pod.make("old", on: "node", labels: ["app": "web", "version": "1"])
    let rule = apart(term(["app": "web"]) { $0.matchLabelKeys = ["version"] })
    #expect(
      try reason(Pod.make("pod", labels: ["app": "web", "version": "2"], change: rule), node, beside: [old])
        == nil)
    #expect(
      try reason(Pod.make("pod", labels: ["app": "web", "version": "1"], change: rule), node, beside: [old])
        == "1 node(s) didn't match pod anti-affinity rules")
  }

  @Test("a gang whose pods keep off each other's nodes gets one node each")
  func gangSpread() throws {
    let group = GangScope.group("web", 3)
    let members = group.podNames.map {
      Pod.make($0, ["cpu": "100m"], labels: ["app": "web"], change: apart(term(["app": "web"])))
    }
    let gang = Gang.make("gang", [group])
    let nodes = ["a", "b", "c"].map { Node.make($0) }
    let decision = Scheduler().decide(try Snapshot.make(nodes: nodes, pods: members, gangs: [gang]))
    #expect(Set(decision.bindings.map(\.node)) == ["a", "b", "c"])
    let tight = Scheduler().decide(
      try Snapshot.make(nodes: Array(nodes[..<2]), pods: members, gangs: [gang]))
    #expect(tight.bindings.isEmpty)
    #expect(
      tight.outcomes.first?.verdict
        == .cannotFit(Proof(reason: .room, scope: "web", needed: 3, room: 2)))
  }

  @Test("a gang whose pods want one rack finds the rack that holds all of them")
  func gangTogether() throws {
    let group = GangScope.group("web", 3)
    let members = group.podNames.map {
      Pod.make($0, ["cpu": "2"], labels: ["app": "web"], change: together(term(["app": "web"], "rack")))
    }
    // The first rack is fuller, and too small.
    let nodes = [
      Node.make("a", ["cpu": "4"], labels: ["rack": "r1"]),
      Node.make("b", ["cpu": "4"], labels: ["rack": "r2"]),
      Node.make("c", ["cpu": "4"], labels: ["rack": "r2"]),
    ]
    let decision = Scheduler().decide(
      try Snapshot.make(nodes: nodes, pods: members, gangs: [Gang.make("gang", [group])]))
    #expect(decision.bindings.count == 3)
    #expect(Set(decision.bindings.map(\.node)) == ["b", "c"])
  }

  @Test("terms that come later are seen by pods that were there before")
  func termsComeLater() throws {
    var snapshot = try Snapshot.make(
      nodes: [Node.make("a"), Node.make("b")], pods: [Pod.make("web", on: "a", labels: ["app": "web"])])
    #expect(Scheduler().schedule(&snapshot).bindings.isEmpty)
    try snapshot.set(Pod.make("pod", change: apart(term(["app": "web"]))))
    #expect(Scheduler().schedule(&snapshot).bindings.map(\.node) == ["b"])
    // And the other way round: the pod that is there now keeps pods like the first one off.
    try snapshot.set(Pod.make("more", ["cpu": "1"], labels: ["app": "web"]))
    #expect(Scheduler().schedule(&snapshot).bindings.map(\.node) == ["a"])
    snapshot.removePod(named("pod"))
    snapshot.removePod(named("web"))
    snapshot.removePod(named("more"))
    try snapshot.set(Pod.make("last", change: apart(term(["app": "web"]))))
    #expect(Scheduler().schedule(&snapshot).bindings.map(\.node) == ["a"])
  }
}

extension GangScope {
  /// Names of the pods of a group.
  var podNames: [String] {
    if case .pods(let names) = content { names.map(\.name) } else { [] }
  }
}
