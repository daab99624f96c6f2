import GroveReconcile
import Testing

@testable import GroveExplore
@testable import GroveSimulate

/// The explorers can see: known defects, put back, are found.
///
/// `Scripts/explore` looks for each from seed 0 on; here the seeds are those that are known to find it.
struct DefectTests {
  @Test(
    "a defect that is put back is found by its oracle",
    arguments: [
      ("B-R07", 8, .desiredState), ("B-R08", 0, .comesUp),
      ("B-R15", 10, .desiredState), ("B-R19", 37, .gating), ("B-R28", 0, .honesty),
      ("B-R30", 96, .desiredState), ("B-R48", 1168, .disruption), ("lost-wake-up", 59, .desiredState),
      ("stale-identity", 61, .honesty), ("predicate-order", 109, .disruption),
    ] as [(String, UInt64, Violation.Oracle)])
  func found(_ name: String, _ seed: UInt64, _ oracle: Violation.Oracle) throws {
    let defect = try #require(Defects.known.first { $0.name == name }?.defect)
    var explorer = try Explorer(Subjects.subject(Subjects.demo, defects: defect))
    let finding = explorer.explore(seed: seed)
    #expect(finding?.violation.oracle == oracle, "\(finding?.violation.message ?? "nothing found")")

    var healthy = try Explorer(Subjects.subject(Subjects.demo))
    let none = healthy.explore(seed: seed)
    #expect(none == nil, "the same run is fine without the defect")
  }

  @Test(
    "a defect that is put back is found in a run that provokes it",
    arguments: [
      // Of three replicas the first is gone when one is wanted.
      (
        "B-R11", .desiredState,
        "@settled delete:PodClique/demo-0-sg-0-ld scale:PodCliqueScalingGroup/demo-0-sg=1"
      ),
      ("impatience", .disruption, "@applied"),
      (
        "terminating-in-breach", .disruption,
        "@settled+termination unready:demo-0-x-fe-0 add-finalizer:PodClique/demo-0-x-fe rest rest rest"
      ),
    ] as [(String, Violation.Oracle, String)])
  func provoked(_ name: String, _ oracle: Violation.Oracle, _ text: String) throws {
    let defect = try #require(Defects.known.first { $0.name == name }?.defect)
    let trace = try #require(Trace(text))
    var explorer = try Explorer(Subjects.subject(Subjects.demo, defects: defect))
    let finding = explorer.replay(trace)
    #expect(finding?.violation.oracle == oracle, "\(finding?.violation.message ?? "nothing found")")

    var healthy = try Explorer(Subjects.subject(Subjects.demo))
    let none = healthy.replay(trace)
    #expect(none == nil, "the same run is fine without the defect")
  }

  @Test("every known defect is looked for")
  func complete() {
    #expect(Defects.known.count == 13)
    #expect(Set(Defects.known.map(\.defect.rawValue)).count == 13)
  }
}
