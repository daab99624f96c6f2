import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveExplore
@testable import GroveSimulate

/// Runs with random faults.
struct ExplorerTests {
  @Test(
    "the workload comes to what it asks for, with all sorts of faults on the way", arguments: [0, 1, 2, 3])
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
    #expect(finding.violation.oracle == .comesUp)
    #expect(finding.trace.moves.isEmpty)
  }

  @Test("from any statuses, children and leftovers everything becomes right", arguments: [0, 1, 2, 3])
  func leftovers(_ part: UInt64) throws {
    var explorer = try Explorer(Subjects.subject(Subjects.demo), faults: [.leftovers])
    for seed in part * 40..<(part + 1) * 40 {
      let finding = explorer.explore(seed: seed)
      #expect(
        finding == nil,
        "seed \(seed): \(finding?.violation.message ?? "") \(finding?.trace.description ?? "")")
    }
  }

  @Test("a run that starts on leftovers can be written down")
  func leftoverTraces() throws {
    let trace = try #require(Trace("@settled+leftovers42 resync"))
    #expect(trace.start.leftovers == 42)
    #expect(trace.description == "@settled+leftovers42 resync")
    #expect(Trace("@settled+leftoversx") == nil)
  }

  @Test("more than there is room for is no fault of the operator's")
  func noRoomInTheEnd() throws {
    var subject = Subjects.subject(Subjects.single(), nodes: 1)
    subject.nodes = ExplorationSubject.nodes(1, resources: ["cpu": 8, "pods": 3])
    var explorer = try Explorer(subject)
    let trace = try #require(Trace("@settled scale:PodClique/one-0-a=9"))
    #expect(explorer.replay(trace) == nil)
    #expect(explorer.effort.grownRuns == 1)
  }

  @Test("a workload that repeats itself does not come up, and why is said")
  func recycles() throws {
    var set = Subjects.single()
    set.spec.template.terminationDelay = .seconds(5)
    var subject = Subjects.subject(set)
    subject.timing.readiness = .seconds(30)
    var explorer = try Explorer(subject)
    let baseline = try explorer.baseline()
    let finding = try #require(baseline)
    #expect(finding.violation.oracle == .comesUp)
    #expect(finding.violation.message.contains("PodGang default/one-0 is terminated every"))
  }

  @Test("a PodClique that hangs is waited for: one recycle, then rest (R-600-live)")
  func hangingPodClique() throws {
    var set = Subjects.demo
    set.spec.template.terminationDelay = .seconds(8)
    var explorer = try Explorer(Subjects.subject(set))
    let trace = try #require(
      Trace("@settled unready:demo-0-x-fe-0 add-finalizer:PodClique/demo-0-x-fe rest"))
    #expect(explorer.replay(trace)?.violation == nil)
  }

  @Test("made-up workloads come up, and are the same each time", arguments: 0..<30)
  func randomWorkloads(_ number: Int) throws {
    let subject = ExplorationSubject.random(seed: UInt64(number))
    #expect(subject.objects == ExplorationSubject.random(seed: UInt64(number)).objects)
    var explorer = try Explorer(subject)
    let baseline = try explorer.baseline()
    #expect(baseline?.violation == nil)
  }

  @Test("objects that the API server refuses cannot be explored")
  func refused() {
    var set = Subjects.single()
    set.spec.template.cliques += set.spec.template.cliques
    #expect(throws: ExplorationError.self) { try Explorer(Subjects.subject(set)) }
  }

  @Test(
    "the operator may end after any write of a run without faults (R-009)",
    arguments: [
      "", "image:demo.2=1", "scale:PodCliqueScalingGroup/demo-0-sg=1",
    ])
  func crashAnywhere(_ script: String) throws {
    let trace = try #require(Trace(script))
    let edits = trace.moves.compactMap { if case .edit(let edit) = $0 { edit } else { nil } }
    var explorer = try Explorer(Subjects.subject(Subjects.demo))
    let finding = explorer.sweepCrashes(after: edits)
    #expect(finding == nil)
    #expect(explorer.effort.runs > 4)
  }

  /// What the explorer found, and what was mended.
  @Test(
    arguments: [
      // A relist hid that a pod which the operator had made was gone.
      "@lag see:PodCliqueSet pass:PodCliqueSet/demo token relist:Secret wait pass:PodCliqueSet/demo "
        + "see:PodClique relist:PodClique pass:PodClique/demo-0-fe delete-pod:demo-0-fe-0 relist:Pod",
      "@lag rest delete:ServiceAccount/demo token see:Secret pass:PodCliqueSet/demo token relist:Secret",
      // Only a resync told a scaling group that the strategy is OnDelete (R-721).
      "@settled strategy:demo=1",
      // A second change of the template took a second replica down (R-667).
      "@applied rest image:demo.2=2 pass:PodCliqueSet/demo variable:demo.2=2",
      // A pod that replaced one of a complete gang was not listed, and never let go (R-020-pods).
      "@settled kill:demo-0-fe-2 pass:PodClique/demo-0-fe pass:PodCliqueSet/demo delete-pod:demo-0-fe-2",
      // A new template between two switches of the strategy did not reach members of scaling groups (B-R30).
      "@settled strategy:demo=1 variable:demo.2=1 pass:PodCliqueSet/demo strategy:demo=0",
      // A template that came back before its update ended passed for arrived (R-652-back).
      "@settled image:demo.2=1 pass:PodCliqueSet/demo pass:PodCliqueScalingGroup/demo-0-sg image:demo.2=0 "
        + "pass:PodClique/demo-0-sg-1-ld pass:PodCliqueSet/demo",
      "@settled image:demo.0=2 pass:PodCliqueSet/demo pass:PodClique/demo-0-fe strategy:demo=1 rest image:demo.0=0 "
        + "rest strategy:demo=0",
      // A PodClique took the hash of one template and the pods of another (R-680-seen).
      "@settled image:demo.0=2 pass:PodCliqueSet/demo image:demo.0=0 pass:PodClique/demo-0-fe image:demo.0=2",
      // A pod that failed before it was seen at all was not replaced (R-020-pods).
      "@lag see:PodCliqueSet pass:PodCliqueSet/demo token relist:Secret wait pass:PodCliqueSet/demo "
        + "relist:PodClique pass:PodClique/demo-0-fe kill:demo-0-fe-1 relist:Pod",
      // The same, for members of a group whose turn never came.
      "@settled image:demo.1=1 pass:PodCliqueSet/demo pass:PodClique/demo-0-sg-0-ld image:demo.1=0",
      // A member took no note of a strategy that was switched twice between two passes (R-721).
      "@settled image:demo.2=1 pass:PodCliqueSet/demo strategy:demo=1 pass:PodCliqueScalingGroup/demo-0-sg "
        + "strategy:demo=0 pass:PodClique/demo-0-sg-0-ld strategy:demo=1",
      // An update went on in a replica whose turn was over (R-656-turn).
      "@settled image:demo.0=1 pass:PodCliqueSet/demo pass:PodClique/demo-0-fe image:demo.2=2 scale:PodCliqueSet/demo=3",
      // An update that ended while nothing said yet what was left of it stayed ended (R-650-open).
      "@settled strategy:demo=1 fail-node:node-0 wait rest image:demo.0=1 pass:PodCliqueSet/demo strategy:demo=0 "
        + "pass:PodCliqueSet/demo",
      // Scaling in beside an update takes what is too many and the next outdated pod, and is no violation.
      "@settled image:demo.0=1 scale:PodClique/demo-0-fe=2",
    ])
  func found(_ text: String) throws {
    let trace = try #require(Trace(text))
    var explorer = try Explorer(Subjects.subject(Subjects.demo))
    let finding = explorer.replay(trace)
    #expect(finding?.violation == nil)
  }
}
