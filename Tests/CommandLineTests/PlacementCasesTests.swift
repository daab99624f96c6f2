import Foundation
import KubernetesModel
import Testing

/// Where small inputs are that were answered wrongly once: beside the package.
enum PlacementCases {
  static let folder = Tool.root.deletingLastPathComponent().appendingPathComponent("shared/cases")
  static let isThere = FileManager.default.fileExists(atPath: folder.path)
}

@Suite(
  "Small inputs of schedule and why",
  .enabled(if: PlacementCases.isThere, "../shared/cases is not here"))
struct PlacementCasesTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var id: String
    var line: String
    var status: Int32
    /// What is said, on standard output or standard error.
    var said: [String]
    var notSaid: [String]

    init(_ id: String, _ line: String, _ status: Int32, _ said: [String], not: [String] = []) {
      (self.id, self.line, self.status, self.said, notSaid) = (id, line, status, said, not)
    }

    var testDescription: String { id }
  }

  private static let pair = "-f node-conditions-and-taints/pair.yaml --cluster node-conditions-and-taints"

  static let cases = [
    Case(
      "OG1", "schedule --cluster own-gate-in-dumps/dump.yaml --cluster node=2,cpu=8,memory=8Gi", 0,
      ["fits: 2 of 2 pods placed in 2 gangs"]),
    Case(
      "OG2", "schedule --cluster own-gate-in-dumps/dump.yaml --min-nodes node=1,cpu=8,memory=8Gi", 0,
      ["fits with 1 more node"]),
    Case(
      "OG3",
      "expand -f own-gate-in-dumps/set.yaml --kind Pod --kind PodGang | grove-demo schedule -f - "
        + "--cluster node=2,cpu=8,memory=8Gi", 0, ["fits: 2 of 2 pods placed in 2 gangs"]),
    Case(
      "OG4", "schedule -f own-gate-in-dumps/foreign-gate.yaml --cluster node=2,cpu=8,memory=8Gi", 1,
      ["2 gated by example.org/admission, 0 missing; a gate is lifted by its owner only"]),
    Case(
      "OG5", "simulate -f own-gate-in-dumps/foreign-gate.yaml", 0,
      ["2 pods are SchedulingGated by example.org/admission, which only its owner lifts"]),
    Case("NT1", "why t-0 \(pair)/cordoned.yaml", 1, ["a2 is cordoned", "- uncordon node a2"]),
    Case(
      "NT2", "simulate \(pair)/cordoned.yaml --do 'uncordon a2' 2>&1 | tail -2", 0,
      ["t-0-a-hfbmd   1/1     Running", " a2 "], not: ["Pending"]),
    Case(
      "NT3", "simulate \(pair)/not-ready-tainted.yaml --do 'recover-node a2' 2>&1 | tail -2", 0,
      ["t-0-a-hfbmd   1/1     Running", " a2 "], not: ["Pending"]),
    Case("NT4", "schedule \(pair)/not-ready.yaml", 1, ["does not fit", "has room for 1"]),
    Case("NT4 why", "why t-0 \(pair)/not-ready.yaml", 1, ["- bring node a2 back"]),
    Case(
      "NT5", "simulate \(pair)/not-ready.yaml", 0, ["1 pod is Pending", "untolerated taint"], not: [" a2 "]),
    Case(
      "NT6",
      "get pods -f node-conditions-and-taints/cpu-pair.yaml --nodes 2 -o wide "
        + "--do 'patch node fake-node-001 -p \"{\\\"spec\\\":{\\\"taints\\\":[{\\\"key\\\":\\\"k\\\",\\\"effect\\\":\\\"NoExecute\\\"}]}}\"' "
        + "--do 'wait 10m'", 0, ["Running", "fake-node-002"], not: ["fake-node-001"]),
    Case("NT9", "schedule \(pair)/disk-pressure.yaml", 1, ["does not fit"]),
    Case(
      "RZ1", "schedule -f in-place-resize/pod.yaml --cluster in-place-resize/shrinking.yaml", 1,
      ["does not fit"]),
    Case(
      "RZ2", "schedule -f in-place-resize/pod.yaml --cluster in-place-resize/infeasible.yaml", 0, ["fits:"]),
    Case(
      "RZ4", "schedule -f in-place-resize/pod.yaml --cluster in-place-resize/deferred.yaml", 1,
      ["does not fit"]),
    Case(
      "AO1", "schedule -f affinity-odd-values/gt.yaml --cluster affinity-odd-values/node.yaml", 1,
      ["does not fit"]),
    Case(
      "AO2", "why p -f affinity-odd-values/not-in.yaml --cluster affinity-odd-values/node.yaml", 1,
      ["which no label can have"]),
    Case(
      "AO5", "schedule -f affinity-odd-values/fine.yaml --cluster affinity-odd-values/node.yaml", 0, ["fits:"]
    ),
    Case(
      "NS1", "why p -f namespace-selector/labels.yaml --cluster namespace-selector/cluster.yaml", 1,
      ["the pod keeps off pods with app=a in namespaces with team=x", "pod other/e"],
      not: ["passed over"]),
    Case(
      "CA1",
      "schedule -f capacity-before-allocatable/set.yaml --cluster capacity-before-allocatable/node.yaml", 0,
      ["fits: 2 of 2"], not: ["nothing fits there", "no node offers"]),
    Case(
      "CA3",
      "schedule -f capacity-before-allocatable/cpu-set.yaml --cluster capacity-before-allocatable/partial.yaml",
      1,
      ["has no status.allocatable.pods: nothing fits there"]),
    Case(
      "LD1", "schedule -f labels-in-descriptions/selector.yaml --min-nodes node=1,gpu=8,cpu=96,memory=1Ti", 1,
      ["such a node cannot take pod", "the pod asks for pool=a, and", "has no label pool", "label:KEY=VALUE"]),
    Case(
      "LD1 with the label",
      "schedule -f labels-in-descriptions/selector.yaml --min-nodes node=1,gpu=8,cpu=96,memory=1Ti,label:pool=a",
      0,
      ["fits with 2 more nodes"]),
    Case(
      "LD2", "schedule -f labels-in-descriptions/set.yaml --cluster rack=2,host=4,cpu=64,memory=1Ti", 2,
      ["node=COUNT is missing: did you mean node=4 for host=4?"], not: ["memory=1Ti is not"]),
    Case(
      "LD4", "schedule -f labels-in-descriptions/set.yaml --cluster rack=2,nodes=4,cpu=64,memory=1Ti", 2,
      ["did you mean node=4 for nodes=4?"], not: ["memory=1Ti is not"]),
    Case(
      "EX1", "why st-0 -f explanations/set.yaml --cluster explanations/anti.yaml", 1,
      ["pod team/blk0 on or near a keeps off pods with app.kubernetes.io/part-of=st in all namespaces"]),
    Case(
      "EX2", "why st-0 -f explanations/selector.yaml --cluster node=2,cpu=8,memory=8Gi,gpu=8", 1,
      [
        "the pod asks for nvidia.com/gpu.product=A100, and n0, n1 have no label nvidia.com/gpu.product",
        "- label node n0 with nvidia.com/gpu.product=A100",
      ]),
    Case(
      "EX3",
      "why t-0 -f explanations/rack.yaml --cluster explanations/no-rack-label.yaml "
        + "--cluster-topology explanations/topology.yaml", 1,
      ["- label node a1 with example.org/rack=r2", "- 4 more nvidia.com/gpu on node a3 in r2"]),
    Case(
      "EX4", "why pin-0 --cluster explanations/pinned.yaml", 1,
      [
        "default/pin-0-w-aaaaa runs there and holds the rest", "rack r1 has room for 1 of those that wait",
        "- delete running pod default/pin-0-w-aaaaa",
      ], not: ["move pod default/pin-0"]),
    Case(
      "EX5", "schedule -f explanations/selector.yaml --cluster node=2,cpu=8,memory=8Gi,gpu=8", 1,
      ["st-0 needs room for 1 pod, and"], not: ["1 pods"]),
    Case(
      "EX6", "why lo-0 -f explanations/left-over.yaml --cluster node=1,cpu=2,memory=8Gi", 0,
      ["1 pod beyond the minimum has no place", "1 Insufficient cpu", "- 1 more cpu on node n0"],
      not: ["out of the way"]),
    Case(
      "EX8", "why st-0 -f explanations/needs-friend.yaml --cluster node=2,cpu=8,memory=8Gi", 1,
      ["the pod must be near pods with app=cache in namespace default", "there is no such pod"]),
    Case(
      "HM1",
      "schedule -f how-many-elastic/one.yaml --cluster rack=2,node=2,gpu=8,cpu=64,memory=1Ti --how-many", 0,
      ["PodCliqueSet default/m              4             19              15"]),
    Case(
      "HM2", "schedule -f how-many-elastic/sixteen.yaml --cluster rack=2,node=2,gpu=8,cpu=64,memory=1Ti", 0,
      ["fits: 64 of 64 pods placed in 16 gangs"]),
    Case(
      "GF1", "schedule -f gpu-fractions/half.yaml --cluster node=1,cpu=8,memory=8Gi,gpu=1", 1,
      ["not decided: 3 of 3 pods placed", "metadata.annotations[gpu-fraction]"], not: ["fits:"]),
    Case(
      "GF2", "schedule -f gpu-fractions/memory.yaml --cluster node=1,cpu=8,memory=8Gi", 1,
      ["not decided: 2 of 2 pods placed", "metadata.annotations[gpu-memory]"], not: ["fits:"]),
  ]

  @Test("each is answered rightly", arguments: cases)
  func answers(_ row: Case) throws {
    let result = try Tool.shell(
      "set -o pipefail; cd '\(PlacementCases.folder.path)' && grove-demo \(row.line)")
    let all = result.output + result.messages
    #expect(result.status == row.status, "\(all)")
    for text in row.said { #expect(all.contains(text), "\(text)\n\(all)") }
    for text in row.notSaid { #expect(!all.contains(text), "\(text)\n\(all)") }
  }

  @Test("machines are told in `notes`, `doubts` and `fits: null` what is not decided")
  func machines() throws {
    let result = try Tool.shell(
      "cd '\(PlacementCases.folder.path)' && grove-demo schedule -f gpu-fractions/half.yaml "
        + "--cluster node=1,cpu=8,memory=8Gi,gpu=1 -o json")
    let value = try #require(ManifestValue.read(result.output))
    #expect(value["fits"]?.isNull == true)
    #expect(value["doubts"]?[0]?.stringValue == "metadata.annotations[gpu-fraction]")
    #expect(value["notes"]?[0]?["severity"]?.stringValue == "warning")
    #expect(value["gangs"]?[0]?["doubts"]?.count == 1)
  }
}
