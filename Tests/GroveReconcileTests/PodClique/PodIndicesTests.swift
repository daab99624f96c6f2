import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

struct PodIndicesTests {
  private func pods(_ hostnames: [String]) -> [Stored<Pod>] {
    hostnames.enumerated().map { index, hostname in
      Stored(Pod(metadata: ObjectMeta(name: "p\(index)"), spec: PodSpec(hostname: hostname)))
    }
  }

  @Test("R-304: holes are filled first, lowest index first")
  func holes() throws {
    #expect(try PodIndices(pods(["a-0", "a-3", "a-1"])).free(3) == [2, 4, 5])
    #expect(try PodIndices([]).free(2) == [0, 1])
    #expect(try PodIndices(pods(["a-b-10"])).free(0) == [])
  }

  @Test(
    "R-305: host names that hold no index, or the same twice",
    arguments: [
      ([""], "hostname is empty"),
      (["plain"], "hostname does not contain index suffix"),
      (["a-x"], "hostname a-x does not end with an index"),
      (["a-"], "hostname a- does not end with an index"),
      (["a-1", "a-1"], "duplicate index 1 found for pod p1 with hostname a-1"),
    ])
  func problems(hostnames: [String], problem: String) {
    #expect(throws: PodIndices.Problem(description: problem)) { try PodIndices(pods(hostnames)) }
  }

  @Test("R-304: the index of a terminating pod is free again at once")
  func terminating() throws {
    var cluster = try SmallCluster(single)
    cluster.isSlowToTerminate = true
    try cluster.syncSet()
    try cluster.settle()
    let now = cluster.now
    try cluster.change("one-0-a-1") { $0.metadata.deletionTimestamp = now }
    let result = cluster.pass(over: "one-0-a")
    #expect(result.createdPods.map(\.spec.hostname) == ["one-0-a-1"])
    #expect(cluster.pods(of: "one-0-a").count == 4)
    #expect(cluster.pass(over: "one-0-a").createdPods.isEmpty, "actions are not repeated (R-301)")
  }

  @Test("R-305-taken: of two pods with one index the one that costs less goes, and is replaced")
  func taken() throws {
    var cluster = try SmallCluster(single)
    try cluster.syncSet()
    try cluster.settle()
    cluster.completePodGangs()
    try cluster.change("one-0-a-2") { $0.spec.hostname = "one-0-a-1" }
    let result = cluster.pass(over: "one-0-a")
    #expect(result.deletions.count == 1)
    #expect(result.createdPods.map(\.spec.hostname) == ["one-0-a-2"])
    #expect(result.errorCodes.isEmpty)
  }

  @Test("R-305: no pod is created while indices are in doubt, but gates still go (R-302)")
  func doubt() throws {
    var cluster = try SmallCluster(single)
    try cluster.syncSet()
    try cluster.settle()
    cluster.completePodGangs()
    try cluster.change("one-0-a-2") { $0.spec.hostname = "one-0-a-x" }
    try cluster.scale("one-0-a", to: 5)
    let result = cluster.pass(over: "one-0-a")
    #expect(result.createdPods.isEmpty)
    #expect(result.errorCodes == ["ERR_GET_AVAILABLE_POD_HOSTNAME_INDICES"])
    #expect(result.updatedPods.count == 3)
    #expect(try cluster.podClique("one-0-a").status.lastErrors.count == 1)
    #expect(
      try cluster.podClique("one-0-a").status.observedGeneration == 1, "R-012: generation 2 is not processed")
  }
}
