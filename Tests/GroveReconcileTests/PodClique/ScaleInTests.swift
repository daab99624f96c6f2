import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

struct ScaleInTests {
  private func pod(
    _ name: String, node: Bool = true, phase: String = "Running", ready: Bool = true, hash: String = "H",
    created: Int64?
  ) -> Stored<Pod> {
    var pod = Pod(metadata: ObjectMeta(name: name, labels: [LabelKey.podTemplateHash: hash]))
    pod.metadata.creationTimestamp = created.map { Timestamp(secondsSince1970: $0) }
    if node { pod.spec.nodeName = "n" }
    pod.status.phase = phase
    if ready { pod.status.conditions = [PodCondition(status: "True", type: "Ready")] }
    return Stored(pod)
  }

  private func excess(_ count: Int, _ pods: [Stored<Pod>]) -> [String] {
    ScaleInRank.excess(count, of: pods, expectedHash: "H").map(\.object.metadata.name)
  }

  @Test("R-902: not ready before outdated before newest")
  func workedExample() {
    let a = pod("a", created: 1)
    let b = pod("b", created: 9)
    let c = pod("c", ready: false, created: 5)
    let d = pod("d", hash: "old", created: 5)
    #expect(excess(2, [a, b, c, d]) == ["c", "d"])
    #expect(excess(2, [a, b, pod("c", created: 5), d]) == ["d", "b"])
  }

  @Test("R-356: unbound, then by phase, then readiness, hash, age; the name at last")
  func order() {
    let pods = [
      pod("unknown", phase: "Unknown", ready: false, created: 1),
      pod("pending", phase: "Pending", ready: false, created: 1),
      pod("unbound", node: false, phase: "Running", created: 1),
      pod("old-2", hash: "other", created: 1),
      pod("old-1", hash: "old", created: 1),
      pod("undated", created: nil),
      pod("newer", created: 2),
      pod("older-b", created: 1),
      pod("older-a", created: 1),
    ]
    #expect(
      excess(9, pods) == [
        "unbound", "pending", "unknown", "old-1", "old-2", "undated", "newer", "older-a", "older-b",
      ])
    #expect(excess(9, pods.reversed()) == excess(9, pods), "B-R18: the order does not depend on the listing")
  }

  @Test("own-pclq-scale-order", .enabled(if: RecordedState.isThere, "../shared/golden is not here"))
  func recorded() throws {
    let stages = try RecordedState.stages(of: "own-pclq-scale-order").filter { $0.name != "08-deleted" }
    let name = ObjectName(namespace: "default", name: "pord-0-a")
    var compared = 0
    for (before, after) in zip(stages, stages.dropFirst()) {
      guard let wanted = after.state.podCliques[name], let live = before.state.podCliques[name],
        wanted.spec.replicas < live.spec.replicas
      else { continue }
      var state = before.state
      // Times are masked: pods with an index that was reused are the newer ones.
      for var pod in state.pods.byName.map(\.object) {
        let isSecond = before.name > "12" && pod.metadata.name != "pord-0-a-0"
        pod.metadata.creationTimestamp = RecordedState.now + .seconds(isSecond ? 60 : 0)
        state.insert(.pod(pod))
      }
      state.insert(.podClique(wanted))
      let result = Reconciler(configuration: before.configuration)
        .reconcilePodClique(name, observed: state, now: RecordedState.now)
      let left = before.state.pods.byName.map(\.object.metadata.name).filter {
        !result.deletions.contains($0)
      }
      #expect(left.count == Int(wanted.spec.replicas))
      compared += 1
      let theirs = after.state.pods.byName.map(\.object.metadata.name)
      if after.name == "12-scaled-1" || after.name == "15-scaled-2" {
        // Of equals the newest goes, and which was that is masked.
        #expect(left.contains("pord-0-a-0") == theirs.contains("pord-0-a-0"), "\(after.name)")
      } else {
        #expect(left == theirs, "\(after.name)")
      }
    }
    #expect(compared == 4)
  }

  @Test("R-357: while an update runs, its target counts")
  func expectedHash() throws {
    var cluster = try SmallCluster(single)
    try cluster.syncSet()
    try cluster.settle()
    cluster.completePodGangs()
    try cluster.settle()
    cluster.run()
    try cluster.settle()
    try cluster.change("one-0-a-0") { $0.metadata.labels[LabelKey.podTemplateHash] = "old" }
    try cluster.scale("one-0-a", to: 2)
    let oldest = try cluster.pod("one-0-a-0").metadata.name
    #expect(cluster.pass(over: "one-0-a").deletions == [oldest])
    #expect(cluster.events.last?.message == "Deleted Pod: \(oldest)")
    #expect(cluster.events.last?.reason == "PodDeleteSuccessful")
  }
}
