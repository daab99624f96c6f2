import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveSimulate

/// Runs with random faults.
struct ExplorerTests {
  @Test("the workload comes to what it asks for, with all sorts of faults on the way", arguments: [0, 1, 2, 3])
  func seeds(_ part: UInt64) throws {
    var explorer = try Explorer(Subjects.subject(Subjects.demo))
    let baseline = try explorer.baseline()
    #expect(baseline == nil)
    for seed in part * 15..<(part + 1) * 15 {
      if let finding = explorer.explore(seed: seed) {
        let shortest = explorer.shrink(finding)
        Issue.record("seed \(seed): \(explorer.story(of: shortest.trace)) \(shortest.trace)")
        return
      }
    }
    #expect(explorer.effort.runs == 15)
    #expect(explorer.effort.steps > 500)
  }

  @Test("a seed decides its run to the last step")
  func reproducible() throws {
    func steps() throws -> [Int] {
      var explorer = try Explorer(Subjects.subject(Subjects.demo))
      return (0..<6 as Range<UInt64>).map { seed in
        _ = explorer.explore(seed: seed)
        return explorer.effort.steps
      }
    }
    #expect(try steps() == steps())
  }

  @Test("a workload for which there is no room is not ready, and that is said")
  func noRoom() throws {
    var subject = Subjects.subject(Subjects.single())
    subject.nodes = ExplorationSubject.nodes(1, resources: ["pods": 1])
    var explorer = try Explorer(subject)
    let baseline = try explorer.baseline()
    let finding = try #require(baseline)
    #expect(finding.violation.oracle == .desiredState)
    #expect(finding.trace.moves.isEmpty)
  }

  @Test("objects that the API server refuses cannot be explored")
  func refused() {
    var set = Subjects.single()
    set.spec.template.cliques += set.spec.template.cliques
    #expect(throws: ExplorationError.self) { try Explorer(Subjects.subject(set)) }
  }

  /// What the explorer found, and what was mended.
  @Test(
    arguments: [
      // A relist hid that a pod which the operator had made was gone.
      "@lag see:PodCliqueSet pass:PodCliqueSet/demo token relist:Secret wait pass:PodCliqueSet/demo "
        + "see:PodClique relist:PodClique pass:PodClique/demo-0-fe delete-pod:demo-0-fe-0 relist:Pod",
      "@lag rest delete:ServiceAccount/demo token see:Secret pass:PodCliqueSet/demo token relist:Secret",
      // Only a resync told a scaling group that the strategy is OnDelete.
      "@settled strategy:demo=1",
      // A second change of the template took a second replica down.
      "@applied rest image:demo.2=2 pass:PodCliqueSet/demo variable:demo.2=2",
    ])
  func found(_ text: String) throws {
    let trace = try #require(Trace(text))
    var explorer = try Explorer(Subjects.subject(Subjects.demo))
    let finding = explorer.replay(trace)
    #expect(finding?.violation == nil)
  }
}
