import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveExplore
@testable import GroveSimulate

/// All orders in which things can happen in tiny clusters.
struct ExhaustiveExplorerTests {
  private func explorer(
    _ set: PodCliqueSet, _ script: String = "", faults: [FaultKind] = [], defects: Defects = []
  ) throws -> ExhaustiveExplorer {
    var subject = Subjects.subject(set, nodes: 1, defects: defects)
    subject.timing = .instant
    let trace = try #require(Trace(script))
    let edits = trace.moves.compactMap { if case .edit(let edit) = $0 { edit } else { nil } }
    return try ExhaustiveExplorer(subject, script: edits, faults: faults, start: trace.start)
  }

  @Test("one PodClique comes up in whatever order things happen")
  func creation() throws {
    var explorer = try explorer(Subjects.single())
    let result = explorer.explore()
    #expect(result.finding == nil)
    #expect(result.isComplete)
    #expect(result.states > 100)
    #expect(result.transitions > result.states)

    // Telling interchangeable pods apart gives more states and the same answer.
    explorer.tellsPodsApart = true
    let other = explorer.explore()
    #expect(other.finding == nil)
    #expect(other.isComplete)
    #expect(other.states > result.states)
  }

  @Test("the operator may end after any write")
  func crashes() throws {
    var explorer = try explorer(Subjects.single(replicas: 1), faults: [.crash, .restart])
    let result = explorer.explore()
    #expect(result.finding == nil)
    #expect(result.isComplete)
  }

  @Test("a bound stops the search, and that is said")
  func bounds() throws {
    var explorer = try explorer(Subjects.single())
    explorer.bounds.states = 50
    let result = explorer.explore()
    #expect(!result.isComplete)
    #expect(result.states == 50)
    #expect(result.coverage.contains("up to"))
  }

  @Test("a failed pod that is not replaced is found in some order", arguments: [false, true])
  func defect(_ tellsPodsApart: Bool) throws {
    var explorer = try explorer(Subjects.single(), "@settled kill:one-0-a-0", defects: .failedPodsCount)
    explorer.tellsPodsApart = tellsPodsApart
    let result = explorer.explore()
    let finding = try #require(result.finding)
    #expect(finding.violation.oracle == .desiredState)
    let told = explorer.story(of: finding)
    #expect(told.finding.trace.moves == [.edit(.kill(hostname: "one-0-a-0"))])
  }
}
