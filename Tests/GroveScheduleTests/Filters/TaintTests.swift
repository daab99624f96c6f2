import GroveSchedule
import KubernetesModel
import Testing

@Suite("Taints, cordons and masks (S-002, S-020, S-082)")
struct TaintTests {
  static let refusal = "1 node(s) had untolerated taint(s)"

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var taint: Taint
    var toleration: Toleration?
    var isTolerated: Bool
  }

  static let taint = Taint(effect: "NoSchedule", key: "gpu", value: "only")

  static let cases = [
    Case(testDescription: "no toleration", taint: taint, isTolerated: false),
    Case(
      testDescription: "equal", taint: taint,
      toleration: Toleration(key: "gpu", operator: "Equal", value: "only", effect: "NoSchedule"),
      isTolerated: true),
    Case(
      testDescription: "no operator means Equal", taint: taint,
      toleration: Toleration(key: "gpu", value: "only"), isTolerated: true),
    Case(
      testDescription: "another value", taint: taint, toleration: Toleration(key: "gpu", value: "some"),
      isTolerated: false),
    Case(
      testDescription: "Exists looks at no value", taint: taint,
      toleration: Toleration(key: "gpu", operator: "Exists", value: "other"), isTolerated: true),
    Case(
      testDescription: "another key", taint: taint, toleration: Toleration(key: "cpu", operator: "Exists"),
      isTolerated: false),
    Case(
      testDescription: "Exists without key tolerates everything", taint: taint,
      toleration: Toleration(operator: "Exists"), isTolerated: true),
    Case(
      testDescription: "Equal without key looks at the value", taint: taint,
      toleration: Toleration(operator: "Equal", value: "only"), isTolerated: true),
    Case(
      testDescription: "another effect", taint: taint,
      toleration: Toleration(key: "gpu", operator: "Exists", effect: "NoExecute"), isTolerated: false),
    Case(
      testDescription: "no effect stands for all", taint: Taint(effect: "NoExecute", key: "gpu"),
      toleration: Toleration(key: "gpu", operator: "Exists"), isTolerated: true),
    Case(
      testDescription: "NoExecute blocks as well", taint: Taint(effect: "NoExecute", key: "gpu"),
      isTolerated: false),
    Case(
      testDescription: "PreferNoSchedule never blocks", taint: Taint(effect: "PreferNoSchedule", key: "gpu"),
      isTolerated: true),
    Case(
      testDescription: "unknown operator", taint: taint,
      toleration: Toleration(key: "gpu", operator: "Near", value: "only"), isTolerated: false),
  ]

  @Test("each kind of toleration", arguments: cases)
  func tolerations(_ row: Case) throws {
    let pod = Pod.make("pod") { $0.tolerations = row.toleration.map { [$0] } ?? [] }
    let node = Node.make("node", taints: [row.taint])
    #expect(try reason(pod, node) == (row.isTolerated ? nil : Self.refusal))
  }

  @Test("every taint needs a toleration")
  func severalTaints() throws {
    let node = Node.make("node", taints: [Self.taint, Taint(effect: "NoSchedule", key: "other")])
    let pod = Pod.make("pod") { $0.tolerations = [Toleration(key: "gpu", operator: "Exists")] }
    #expect(try reason(pod, node) == Self.refusal)
  }

  @Test("nodes that ask to be avoided come last")
  func preferNoSchedule() throws {
    let nodes = [Node.make("a", taints: [Taint(effect: "PreferNoSchedule", key: "gpu")]), Node.make("b")]
    let decision = Scheduler().decide(try Snapshot.make(nodes: nodes, pods: [Pod.make("pod")]))
    #expect(decision.bindings.map(\.node) == ["b"])
    let tolerant = Pod.make("pod") {
      $0.tolerations = [Toleration(key: "gpu", operator: "Exists", effect: "PreferNoSchedule")]
    }
    #expect(
      Scheduler().decide(try Snapshot.make(nodes: nodes, pods: [tolerant])).bindings.map(\.node) == ["a"])
  }

  @Test("a cordon blocks unless it is tolerated, and comes before taints")
  func cordon() throws {
    let node = Node.make("node", taints: [Self.taint], isCordoned: true)
    #expect(try reason(Pod.make("pod"), node) == "1 node(s) were unschedulable")
    let tolerant = Pod.make("pod") {
      $0.tolerations = [
        Toleration(key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule")
      ]
    }
    #expect(try reason(tolerant, node) == Self.refusal)
    #expect(try reason(tolerant, Node.make("node", isCordoned: true)) == nil)
  }

  @Test("a mask stands for what the core does not know")
  func mask() throws {
    var snapshot = try Snapshot.make(nodes: [Node.make("a"), Node.make("b")], pods: [Pod.make("pod")])
    snapshot.setMask(NodeMask(nodes: ["b"]), of: named("pod"))
    #expect(Scheduler().decide(snapshot).bindings.map(\.node) == ["b"])
    snapshot.setMask(
      NodeMask(nodes: ["a", "b"], allowsOnly: false, reason: "node(s) had no available disk"),
      of: named("pod"))
    let explanation = Scheduler().explain(named("pod"), in: snapshot)
    #expect(explanation?.nodes?.message == "0/2 nodes are available: 2 node(s) had no available disk.")
    // The mask stays when the pod is replaced, and goes when it is lifted.
    try snapshot.set(Pod.make("pod", ["cpu": "2"]))
    #expect(Scheduler().decide(snapshot).bindings.isEmpty)
    snapshot.setMask(nil, of: named("pod"))
    #expect(Scheduler().decide(snapshot).bindings.map(\.node) == ["a"])
  }

  @Test("nodes can be left out")
  func exclusion() throws {
    var snapshot = try Snapshot.make(nodes: [Node.make("a"), Node.make("b")], pods: [Pod.make("pod")])
    snapshot.exclude(["a", "absent"])
    #expect(Scheduler().decide(snapshot).bindings.map(\.node) == ["b"])
    snapshot.exclude(["b"])
    #expect(
      Scheduler().explain(named("pod"), in: snapshot)?.nodes?.message
        == "0/2 nodes are available: 2 node(s) were excluded.")
    snapshot.exclude(["a"], false)
    #expect(Scheduler().decide(snapshot).bindings.map(\.node) == ["a"])
  }
}
