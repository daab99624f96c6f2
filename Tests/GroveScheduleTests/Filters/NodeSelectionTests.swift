import GroveScenario
import GroveSchedule
import KubernetesModel
import Testing

@Suite("Node selectors and node affinity (S-020, S-082)")
struct NodeSelectionTests {
  static let mismatch = "1 node(s) didn't match Pod's node affinity/selector"

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var labels: StringMap<String>
    var matches: Bool
    var term: NodeSelectorTerm

    init(
      _ description: String, _ labels: StringMap<String>, _ matches: Bool,
      _ key: String, _ comparison: String, _ values: [String] = []
    ) {
      testDescription = description
      self.labels = labels
      self.matches = matches
      term = NodeSelectorTerm(
        matchExpressions: [NodeSelectorRequirement(key: key, operator: comparison, values: values)])
    }
  }

  static let cases = [
    Case("In, one of the values", ["gpu": "h100"], true, "gpu", "In", ["a100", "h100"]),
    Case("In, another value", ["gpu": "l4"], false, "gpu", "In", ["a100", "h100"]),
    Case("In, label missing", [:], false, "gpu", "In", ["h100"]),
    Case("In without values never holds", ["gpu": "h100"], false, "gpu", "In"),
    Case("NotIn, another value", ["gpu": "l4"], true, "gpu", "NotIn", ["h100"]),
    Case("NotIn, the value", ["gpu": "h100"], false, "gpu", "NotIn", ["h100"]),
    Case("NotIn, label missing", [:], true, "gpu", "NotIn", ["h100"]),
    Case("NotIn without values never holds", ["gpu": "l4"], false, "gpu", "NotIn"),
    Case("Exists, any value", ["gpu": ""], true, "gpu", "Exists"),
    Case("Exists, label missing", [:], false, "gpu", "Exists"),
    Case("Exists with a value never holds", ["gpu": "x"], false, "gpu", "Exists", ["x"]),
    Case("DoesNotExist, label missing", [:], true, "gpu", "DoesNotExist"),
    Case("DoesNotExist, label there", ["gpu": "x"], false, "gpu", "DoesNotExist"),
    Case("Gt, larger", ["mem": "80"], true, "mem", "Gt", ["79"]),
    Case("Gt, equal", ["mem": "80"], false, "mem", "Gt", ["80"]),
    // No label value begins with a dash, so the requirement cannot be understood and holds nowhere.
    Case("Gt, negative bound", ["mem": "80"], false, "mem", "Gt", ["-2"]),
    Case("Gt, negative label", ["mem": "-1"], false, "mem", "Gt", ["0"]),
    Case("Lt, negative label", ["mem": "-1"], true, "mem", "Lt", ["0"]),
    Case("Gt, a plus sign is no label value", ["mem": "80"], false, "mem", "Gt", ["+2"]),
    Case("NotIn, a value that is none", ["gpu": "x"], false, "gpu", "NotIn", ["-y"]),
    Case("In, one of the values is none", ["gpu": "x"], false, "gpu", "In", ["x", "not a value"]),
    Case("DoesNotExist, a key that is none", ["gpu": "x"], false, "not a key", "DoesNotExist"),
    Case("Gt, label is no integer", ["mem": "80Gi"], false, "mem", "Gt", ["1"]),
    Case("Gt, label missing", [:], false, "mem", "Gt", ["1"]),
    Case("Gt, bound is no integer", ["mem": "80"], false, "mem", "Gt", ["many"]),
    Case("Gt, two bounds", ["mem": "80"], false, "mem", "Gt", ["1", "2"]),
    Case("Lt, smaller", ["mem": "79"], true, "mem", "Lt", ["80"]),
    Case("Lt, equal", ["mem": "80"], false, "mem", "Lt", ["80"]),
    Case("Lt, label is no integer", ["mem": "x"], false, "mem", "Lt", ["1"]),
    Case("unknown operator never holds", ["gpu": "x"], false, "gpu", "Near", ["x"]),
  ]

  private func pod(_ terms: [NodeSelectorTerm]) -> Pod {
    Pod.make("pod") { spec in
      spec.affinity = Affinity(
        nodeAffinity: NodeAffinity(
          requiredDuringSchedulingIgnoredDuringExecution: NodeSelector(nodeSelectorTerms: terms)))
    }
  }

  @Test("each operator", arguments: cases)
  func operators(_ row: Case) throws {
    let node = Node.make("node", labels: row.labels)
    #expect(try reason(pod([row.term]), node) == (row.matches ? nil : Self.mismatch))
  }

  @Test("one term of several is enough, all requirements of a term are needed")
  func terms() throws {
    let node = Node.make("node", labels: ["gpu": "h100", "zone": "a"])
    let wrong = NodeSelectorTerm(matchExpressions: [
      NodeSelectorRequirement(key: "gpu", operator: "Exists"),
      NodeSelectorRequirement(key: "zone", operator: "In", values: ["b"]),
    ])
    let right = NodeSelectorTerm(matchExpressions: [
      NodeSelectorRequirement(key: "zone", operator: "In", values: ["a"])
    ])
    #expect(try reason(pod([wrong]), node) == Self.mismatch)
    #expect(try reason(pod([wrong, right]), node) == nil)
  }

  @Test("a selector without terms and a term without requirements match nothing")
  func emptySelectors() throws {
    let node = Node.make("node")
    #expect(try reason(pod([]), node) == Self.mismatch)
    #expect(try reason(pod([NodeSelectorTerm()]), node) == Self.mismatch)
  }

  @Test("metadata.name narrows the nodes that are looked at")
  func fields() throws {
    let nodes = [Node.make("a"), Node.make("b"), Node.make("c", ["cpu": "0"])]
    func field(_ comparison: String, _ names: [String]) -> Pod {
      pod([
        NodeSelectorTerm(matchFields: [
          NodeSelectorRequirement(key: "metadata.name", operator: comparison, values: names)
        ])
      ])
    }
    #expect(try message(field("In", ["b"]), nodes) == nil)
    #expect(try message(field("NotIn", ["a"]), nodes) == nil)
    #expect(
      try message(field("In", ["c"]), nodes)
        == "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity].")
    // Two names in one field match nothing.
    #expect(
      try message(field("In", ["a", "b"]), nodes)
        == "0/3 nodes are available: 1 node(s) didn't satisfy plugin(s) [NodeAffinity], "
        + "2 node(s) didn't match Pod's node affinity/selector.")
  }

  @Test("node selector and affinity both have to hold")
  func nodeSelector() throws {
    let node = Node.make("node", labels: ["gpu": "h100"])
    var pod = pod([
      NodeSelectorTerm(matchExpressions: [NodeSelectorRequirement(key: "gpu", operator: "Exists")])
    ])
    #expect(try reason(pod, node) == nil)
    pod.spec.nodeSelector = ["gpu": "l4"]
    #expect(try reason(pod, node) == Self.mismatch)
    pod.spec.nodeSelector = ["gpu": "h100"]
    #expect(try reason(pod, node) == nil)
  }

  @Test("preferred terms choose among nodes and never block")
  func preferred() throws {
    var pod = Pod.make("pod")
    pod.spec.affinity = Affinity(
      nodeAffinity: NodeAffinity(preferredDuringSchedulingIgnoredDuringExecution: [
        PreferredSchedulingTerm(
          weight: 10,
          preference: NodeSelectorTerm(matchExpressions: [
            NodeSelectorRequirement(key: "disk", operator: "In", values: ["ssd"])
          ])),
        // An empty preference is no preference.
        PreferredSchedulingTerm(weight: 100, preference: NodeSelectorTerm()),
      ]))
    let plain = Node.make("a")
    let ssd = Node.make("b", labels: ["disk": "ssd"])
    let decision = Scheduler().decide(try Snapshot.make(nodes: [plain, ssd], pods: [pod]))
    #expect(decision.bindings.map(\.node) == ["b"])
    #expect(try reason(pod, plain) == nil)
  }
}
