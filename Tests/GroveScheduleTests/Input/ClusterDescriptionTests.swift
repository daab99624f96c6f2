import GroveSchedule
import KubernetesModel
import Testing

@Suite("Clusters in one line (S-006)")
struct ClusterDescriptionTests {
  @Test("labels and taints are on every node")
  func marks() throws {
    let description = try ClusterDescription(
      parsing: "rack=2,node=2,gpu=8,label:pool=gpu,label:a.b/c=,taint:gpu=true:NoSchedule,taint:x:NoExecute")
    #expect(description.nodes.count == 4)
    for node in description.nodes {
      #expect(node.metadata.labels["pool"] == "gpu" && node.metadata.labels["a.b/c"] == "")
      #expect(node.metadata.labels["topology.kubernetes.io/rack"] != nil)
      #expect(
        node.spec.taints == [
          Taint(effect: "NoSchedule", key: "gpu", value: "true"), Taint(effect: "NoExecute", key: "x"),
        ])
      #expect(node.status.allocatable["nvidia.com/gpu"] == 8)
    }
  }

  @Test("what nodes offer may stand before their number")
  func order() throws {
    let description = try ClusterDescription(parsing: "gpu=8,rack=2,cpu=4,node=3")
    #expect(description.levels.map(\.domain) == ["rack"] && description.nodeCount == 6)
    #expect(description.allocatable["cpu"] == 4)
  }

  @Test(
    "the wrong word is named, with what was perhaps meant",
    arguments: [
      ("rack=2,host=4,cpu=64", "node=COUNT is missing: did you mean node=4 for host=4?"),
      ("rack=2,nodes=4,cpu=64,memory=1Ti", "node=COUNT is missing: did you mean node=4 for nodes=4?"),
      ("rack=2,cpu=64", "node=COUNT is missing"),
      ("node=2,gpus=8", "gpus is no resource: did you mean gpu=8?"),
      ("node=2,mem=1Ti", "mem is no resource: did you mean memory=1Ti?"),
      ("node=2,memroy=1Ti", "memroy is no resource: did you mean memory=1Ti?"),
      ("node=2,rack=4", "rack is no resource; levels such as rack come before node"),
      (
        "memry=1Ti,node=2",
        "memry=1Ti is not a number from 1 to 1000000, as levels have; did you mean memory=1Ti?"
      ),
      ("node=2,lable:a=b", "lable:a=b is not of the form name=value: did you mean label:a=b?"),
      ("node=2,labl:a", "labl:a is not of the form name=value: did you mean label:a?"),
      ("node=2,label:a", "label:a: a label is written label:KEY=VALUE"),
      ("node=2,label:a b=c", "label:a b=c: a b is no key: "),
      ("node=2,label:a=-", "label:a=-: - is no value: "),
      ("node=2,label:a=1,label:a=2", "label a is given twice"),
      ("node=2,taint:k=v", "taint:k=v: a taint is written taint:KEY=VALUE:EFFECT"),
      (
        "node=2,taint:k=v:NoSchedul",
        "taint:k=v:NoSchedul: NoSchedul is no effect of a taint: did you mean NoSchedule?"
      ),
      (
        "node=2,taint:k=v:Never",
        "Never is no effect of a taint; there are NoSchedule, PreferNoSchedule, NoExecute"
      ),
    ])
  func mistakes(text: String, message: String) throws {
    do {
      _ = try ClusterDescription(parsing: text)
      Issue.record("no error")
    } catch {
      #expect(error.description.contains(message), "\(error.description)")
    }
  }

  @Test("a copy of a node is healthy and empty")
  func copies() {
    var node = Node.make(
      "n", labels: ["pool": "a"],
      taints: [
        Taint(effect: "NoSchedule", key: "own"),
        Taint(effect: "NoSchedule", key: "node.kubernetes.io/unschedulable"),
        Taint(effect: "NoExecute", key: "node.kubernetes.io/not-ready"),
      ], isCordoned: true)
    node.status.capacity = node.status.allocatable
    let copy = node.copy(1)
    #expect(copy.metadata.name == "n-copy-1" && copy.metadata.labels["kubernetes.io/hostname"] == "n-copy-1")
    #expect(copy.metadata.labels["pool"] == "a" && copy.spec.taints.map(\.key) == ["own"])
    #expect(!copy.spec.unschedulable && copy.status.allocatable == node.status.allocatable)
  }
}
