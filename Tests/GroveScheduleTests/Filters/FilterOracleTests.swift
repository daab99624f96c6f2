import GroveSchedule
import Testing

@Suite(
  "Filters against Kubernetes 1.36.2 (S-020, S-021, S-250)",
  .enabled(if: FilterOracle.isThere, "../shared/oracle/scheduling-filters.jsonl is not here"))
struct FilterOracleTests {
  @Test("every node says what kube-scheduler says, with the same reasons")
  func agrees() throws {
    let cases = try FilterOracle.cases()
    #expect(!cases.isEmpty)
    var wrong: [String: [String]] = [:]
    for one in cases {
      let answer = try one.answer()
      guard answer != one.verdict else { continue }
      let nodes = one.verdict.keys.sorted().filter { answer[$0] != one.verdict[$0] }
      let texts = nodes.map { "\($0): \(answer[$0] ?? []) for \(one.verdict[$0] ?? [])" }
      wrong[one.about, default: []].append("\(one.id) \(texts.joined(separator: "; "))")
    }
    for about in wrong.keys.sorted() {
      let lines = wrong[about, default: []]
      Issue.record("\(about): \(lines.count) differ\n\(lines.prefix(40).joined(separator: "\n"))")
    }
  }

  @Test("what a pod is told does not change with the order of nodes and pods", arguments: [1, 2])
  func ignoresOrder(seed: Int) throws {
    for var one in try FilterOracle.cases() {
      let before = try one.answer()
      one.nodes.reverse()
      if seed == 2 { one.pods.reverse() }
      #expect(try one.answer() == before, "\(one.id)")
    }
  }
}
