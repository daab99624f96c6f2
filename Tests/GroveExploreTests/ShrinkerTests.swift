import GroveModel
import GroveReconcile
import Testing

@testable import GroveExplore
@testable import GroveSimulate

/// The shortest failing run and its story.
struct ShrinkerTests {
  @Test("what does not matter is left out")
  func shortest() throws {
    var explorer = try Explorer(Subjects.subject(Subjects.demo, defects: .servicesLeak))
    let long = try #require(
      Trace(
        "@lag rest image:demo.0=1 pass:PodCliqueSet/demo rest kill:demo-0-fe-0 restart rest label:demo=1 "
          + "scale:PodCliqueSet/demo=2 wait rest scale:PodCliqueSet/demo=1 resync wait "
          + "crash1:PodClique/demo-0-fe rest"))
    let found = explorer.replay(long)
    let finding = try #require(found)
    #expect(finding.violation.oracle == .desiredState)
    let shortest = explorer.shrink(finding)
    #expect(shortest.violation.oracle == .desiredState)
    #expect(shortest.trace.moves.count <= 3, "\(shortest.trace)")
    #expect(!shortest.trace.start.lags)
    let again = explorer.replay(shortest.trace)
    #expect(again?.violation == shortest.violation, "the same run goes wrong again")

    let story = explorer.story(of: shortest.trace)
    #expect(story.violation == shortest.violation)
    #expect(story.chapters.contains { $0.title.contains("scales PodCliqueSet demo") })
    #expect(story.description.contains("WRONG (desired-state): Service default/demo-"))
    // The last chapter is the end without faults.
    #expect(story.chapters.count == shortest.trace.moves.count + 1)
  }
}
