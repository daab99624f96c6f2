import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveReport
@testable import GroveSimulate

@Suite("The report of a run")
struct RunReportTests {
  /// A set with a clique of two pods, scaled to three, on two nodes.
  private static func report() throws -> RunReport {
    var setup = ClusterSetup(kubelets: ClusterTiming())
    setup.keepsHistory = true
    var world = World(configuration: OperatorConfiguration(), setup: setup)
    for name in ["n1", "n2"] {
      var node = Node()
      node.metadata.name = name
      node.status.allocatable = ["cpu": Quantity(4), "pods": Quantity(10)]
      try world.write { server throws(APIError) in try server.create(.node(node)) }
    }
    var set = PodCliqueSet()
    set.metadata.name = "web"
    set.metadata.namespace = "default"
    set.spec.replicas = 1
    var clique = PodCliqueTemplateSpec()
    clique.name = "front"
    clique.spec.roleName = "front"
    clique.spec.replicas = 2
    clique.spec.minAvailable = 2
    var container = Container()
    (container.name, container.image) = ("main", "nginx")
    container.resources.requests = ["cpu": Quantity(1)]
    clique.spec.podSpec.containers = [container]
    set.spec.template.cliques = [clique]

    var steps: [RunReport.Step] = []
    func settle(_ text: String, _ action: ClusterAction) throws {
      steps.append(RunReport.Step(text: text, time: world.now))
      try world.perform(action)
      #expect(world.runToRest() == .atRest)
      steps[steps.count - 1].historyCount = world.history.count
      steps[steps.count - 1].writeCount = world.writes.count
    }
    try settle("apply <web>", .apply(.podCliqueSet(set)))
    let key = ObjectKey(.podClique, namespace: "default", name: "web-0-front")
    try settle("scale", .scale(key, replicas: 3))
    return RunReport(
      title: "web & co", steps: steps, history: world.history, writes: world.writes, end: world.now,
      facts: [("seed", "0")])
  }

  /// The names of the tags that are open at the end, or of the first that is closed in the wrong place.
  private static func unbalanced(_ html: String) -> [String] {
    var open: [String] = []
    for part in html.split(separator: "<").dropFirst() {
      let name = part.prefix { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "!" }
      if name.hasPrefix("!") || name == "meta" { continue }
      let tag = part.prefix { $0 != ">" }
      if name.hasPrefix("/") {
        guard open.popLast() == String(name.dropFirst()) else { return [String(name)] }
      } else if !tag.hasSuffix("/") {
        open.append(String(name))
      }
    }
    return open
  }

  @Test func thePageIsWholeAndNeedsNothingElse() throws {
    let html = try Self.report().html
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(Self.unbalanced(html) == [])
    for word in ["<script", "http:", "https:", "src=", "@import"] { #expect(!html.contains(word), "\(word)") }
    #expect(html.contains("prefers-color-scheme: dark"))
    #expect(html.contains("<h1>web &amp; co</h1>"))
    #expect(html.contains("<code>apply &lt;web&gt;</code>"))
    #expect(try Self.report().html == html)
  }

  @Test func everyPodHasALaneAndAPlace() throws {
    let report = try Self.report()
    let story = RunStory(report.history, end: report.end)
    #expect(story.lanes.count == 3)
    for lane in story.lanes {
      let states = lane.segments.map(\.state)
      #expect(states == [.starting, .running, .ready])
      #expect(zip(lane.segments, lane.segments.dropFirst()).allSatisfy { $0.to == $1.from })
      #expect(report.html.contains("\(lane.pod.metadata.name) on \(lane.pod.spec.nodeName)\n"))
    }
    #expect(report.html.contains("<td class=\"chips\"><span class=\"chip c0\""))
    #expect(report.html.contains("after <code>scale</code></span> <small>3 pods on 1 of 2 nodes</small>"))
  }

  @Test func theStripTellsHowManyWereReadyOfThoseNeeded() throws {
    let report = try Self.report()
    let story = RunStory(report.history, end: report.end)
    let clique = try #require(story.cliques[ObjectName(namespace: "default", name: "web-0-front")])
    let levels = clique.course.points.map(\.level)
    #expect(levels.first == .some(RunStory.Level(available: 0, wanted: 2, minimum: 2)))
    #expect(levels.last == .some(RunStory.Level(available: 3, wanted: 3, minimum: 2)))
    #expect(levels.contains(RunStory.Level(available: 2, wanted: 3, minimum: 2)))
    #expect(report.html.contains("3 of 3 pods ready, 2 needed at the end."))
    #expect(report.html.contains("Fewer pods ready than needed: from "))
  }

  @Test func everyWriteIsExplained() throws {
    let report = try Self.report()
    #expect(report.html.contains("<td>the finalizer is missing</td>"))
    for rule in Set(report.writes.map(\.rule.rawValue)) {
      #expect(report.html.contains("<td><code>\(rule)</code></td>"), "\(rule)")
    }
    #expect(report.html.contains("<td>PodCreateSuccessful</td>"))
  }

  @Test func longWaitsAreCutShort() {
    let start = APIServer.defaultStart
    let times = [0, 5, 8, 9, 18_009, 18_010].map { start + .seconds($0) }
    let axis = TimeAxis(times, left: 100, width: 800)
    #expect(axis.spans.map(\.isCut) == [false, true, false])
    #expect(axis.position(times[0]) == 100)
    #expect(abs(axis.position(times[5]) - 900) < 0.001)
    #expect(axis.position(times[3]) - axis.position(times[0]) > 600)
    let positions = times.map { axis.position($0) }
    #expect(positions == positions.sorted())
    #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $1.position - $0.position >= 40 })
    let plain = TimeAxis(Array(times[..<4]), left: 0, width: 90)
    #expect(plain.spans.count == 1)
    #expect(plain.position(times[1]) == 50)
  }

  @Test func aRunInWhichNothingHappensHasAPageToo() {
    let start = APIServer.defaultStart
    let report = RunReport(title: "", steps: [], history: [], writes: [], end: start)
    #expect(Self.unbalanced(report.html) == [])
    #expect(report.html.contains("There were no pods."))
  }
}
