import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

struct GatesTests {
  private func gated(_ cluster: SmallCluster) -> [String] {
    cluster.state.pods.byName.map(\.object).filter(\.hasGroveGate).map(\.spec.hostname)
  }

  @Test("R-365, B-R19: gates go once the PodGang is complete and lists the pod")
  func base() throws {
    var cluster = try SmallCluster(single)
    try cluster.syncSet()
    try cluster.settle()
    #expect(gated(cluster).count == 3)
    let waiting = cluster.pass(over: "one-0-a")
    #expect(waiting.steps.isEmpty)
    #expect(waiting.requeueAfter == .seconds(5))
    #expect(waiting.waitingFor?.contains("schedule gated") == true)

    cluster.completePodGangs()
    var podGang = try #require(cluster.state.podGangs[ObjectName(namespace: "ns", name: "one-0")])
    let complete = podGang
    podGang.status.conditions = []
    cluster.state.insert(.podGang(podGang))
    #expect(cluster.pass(over: "one-0-a").updatedPods.isEmpty, "B-R19: listed, but not complete")

    podGang = complete
    podGang.spec.podgroups[0].podReferences.removeFirst()
    cluster.state.insert(.podGang(podGang))
    let partial = cluster.pass(over: "one-0-a")
    #expect(partial.updatedPods.map(\.spec.hostname) == ["one-0-a-1", "one-0-a-2"])
    #expect(partial.requeueAfter == .seconds(5), "R-368")

    cluster.state.insert(.podGang(complete))
    try cluster.settle()
    #expect(gated(cluster).isEmpty)
    #expect(cluster.pass(over: "one-0-a").outcome == .settled)
  }

  @Test("R-365: gates of others stay")
  func foreignGates() throws {
    var cluster = try SmallCluster(single)
    try cluster.syncSet()
    try cluster.settle()
    try cluster.change("one-0-a-0") {
      $0.spec.schedulingGates.insert(PodSchedulingGate(name: "example.com/wait"), at: 0)
    }
    cluster.completePodGangs()
    try cluster.settle()
    #expect(try cluster.pod("one-0-a-0").spec.schedulingGates.map(\.name) == ["example.com/wait"])
  }

  @Test("R-366, R-369, R-900: a scaled gang waits until the base gang has its minimum scheduled")
  func scaled() throws {
    var cluster = try SmallCluster(demo)
    try cluster.syncSet()
    try cluster.settle()
    cluster.completePodGangs()
    try cluster.settle()
    let scaled = ["demo-0-sg-2-ld-0", "demo-0-sg-2-wk-0", "demo-0-sg-2-wk-1", "demo-0-sg-2-wk-2"]
    #expect(gated(cluster) == scaled)

    // Everything of the base gang but one wk pod short of two.
    let short = ["demo-0-sg-1-wk-1", "demo-0-sg-1-wk-2"]
    for pod in cluster.state.pods.byName.map(\.object.spec.hostname) where !short.contains(pod) {
      if !scaled.contains(pod) { try cluster.change(pod) { $0.becomeScheduled() } }
    }
    try cluster.settle()
    #expect(gated(cluster) == scaled)
    try cluster.change("demo-0-sg-1-wk-2") { $0.becomeScheduled() }
    try cluster.settle()
    #expect(gated(cluster).isEmpty, "minAvailable is two of three")
  }

  @Test("B-R44: a base gang that is not there yet is waited for")
  func missingBase() throws {
    var cluster = try SmallCluster(demo)
    try cluster.syncSet()
    try cluster.settle()
    cluster.completePodGangs()
    cluster.state.remove(ObjectKey(.podGang, namespace: "ns", name: "demo-0"))
    let result = cluster.pass(over: "demo-0-sg-2-ld")
    #expect(result.outcome != .settled && result.errorCodes.isEmpty)
    #expect(result.requeueAfter == .seconds(5))

    cluster.completePodGangs()
    cluster.state.remove(ObjectKey(.podClique, namespace: "ns", name: "demo-0-fe"))
    #expect(cluster.pass(over: "demo-0-sg-2-ld").errorCodes.isEmpty)
  }
}
