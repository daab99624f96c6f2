import GroveModel
import GroveSchedule
import KubernetesModel
import Testing

@Suite("Picture of a cluster")
struct ClusterDiagramTests {
  /// A cluster of racks with one gang of so many one-GPU pods, and one that does not fit.
  private func picture(
    racks: Int = 2, nodes: Int = 3, pods: Int = 10, change: (inout ClusterDiagram) -> Void = { _ in }
  ) throws -> (svg: String, decision: Decision) {
    var description = try ClusterDescription(parsing: "rack=\(racks),node=\(nodes),gpu=8,cpu=96")
    description.topologyName = "t"
    var objects = description.nodes
    objects[0].spec.unschedulable = true
    let members = (0..<pods).map { Pod.make("serve-0-worker-\($0)", ["nvidia.com/gpu": "1", "cpu": "1"]) }
    let huge = Pod.make("huge<&>", ["nvidia.com/gpu": "9"])
    var snapshot = try Snapshot(nodes: objects, pods: members + [huge], topologies: [description.topology])
    try snapshot.set(
      .make(
        "serve-0",
        [GangScope(name: "serve-0-worker", pods: members.map { ObjectName($0.metadata) }, minimum: pods)]))
    let decision = Scheduler().schedule(&snapshot)
    var diagram = try #require(ClusterDiagram(snapshot, decision, title: "serve & <co>", subtitle: "fits"))
    change(&diagram)
    return (diagram.svg, decision)
  }

  /// Whether tags nest and nothing is left unescaped: enough to know that a browser opens it.
  private func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "<") {
      guard let end = rest[start...].firstIndex(of: ">") else { return false }
      let tag = rest[rest.index(after: start)..<end]
      if tag.contains("<") || tag.split(separator: "\"", omittingEmptySubsequences: false).count % 2 == 0 {
        return false
      }
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        if open.popLast() != tag.dropFirst() { return false }
      } else if !tag.hasSuffix("/") {
        open.append(tag.prefix { $0 != " " })
      }
    }
    return open.isEmpty
  }

  @Test("the document is well-formed, refers to nothing outside and follows light and dark")
  func document() throws {
    let (svg, _) = try picture()
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(isWellFormed(svg))
    #expect(svg.contains("serve &amp; &lt;co&gt;"))
    #expect(svg.contains("prefers-color-scheme:dark"))
    for outside in ["href", "url(http", "@import", "<image", "<script"] { #expect(!svg.contains(outside)) }
  }

  @Test("each pod has a cell with its gang's number and its role's letter")
  func cells() throws {
    let (svg, decision) = try picture(pods: 10)
    #expect(decision.bindings.count == 10)
    // Equal in age and priority, the other pod is served first by its name, so the gang is number 2.
    #expect(svg.components(separatedBy: ">2W</text>") == 10)
    // Six nodes of eight cells; ten are taken.
    let free = try #require(svg.components(of: "free"))
    #expect(free == 38)
    #expect(svg.contains("default/serve-0  10/10"))
    #expect(svg.contains("default/huge&lt;&amp;&gt;  0/1: no place"))
  }

  @Test("cordoned and failed nodes are marked, and the legend says so only when there are some")
  func states() throws {
    let (svg, _) = try picture { $0.failedNodes = ["r1-n2"] }
    #expect(svg.contains("cordoned or left out") && svg.contains("not ready"))
    #expect(svg.contains("<text class=\"mono bad\""))
    let (plain, _) = try picture()
    #expect(!plain.contains("not ready"))
  }

  @Test("the same cluster gives the same bytes")
  func deterministic() throws { #expect(try picture().svg == picture().svg) }

  @Test("many nodes without domains are put together, so that gangs have numbers in grey as well")
  func flat() throws {
    let nodes = try ClusterDescription(parsing: "node=300,gpu=8,cpu=96").nodes
    let pods = (0..<20).map { Pod.make("serve-0-worker-\($0)", ["nvidia.com/gpu": "8"]) }
    var snapshot = try Snapshot(nodes: nodes, pods: pods)
    try snapshot.set(
      .make(
        "serve-0",
        [GangScope(name: "serve-0-worker", pods: pods.map { ObjectName($0.metadata) }, minimum: 20)]))
    let decision = Scheduler().schedule(&snapshot)
    let svg = try #require(ClusterDiagram(snapshot, decision, title: "flat")).svg
    #expect(isWellFormed(svg))
    #expect(svg.contains("<text class=\"sum\""))
    #expect(svg.contains(">1:160</text>"))
    #expect(svg.components(separatedBy: "class=\"name\"") == 13)
  }

  @Test("a picture of 10,000 nodes stays small: one path for each look, a few texts for each rack")
  func large() throws {
    let (svg, _) = try picture(racks: 556, nodes: 18, pods: 400)
    #expect(svg.utf8.count < 5_000_000)
    #expect(svg.components(separatedBy: "<path") < 20)
    #expect(svg.components(separatedBy: "<text") < 556 * 3 + 40)
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func components(separatedBy part: String) -> Int {
    var count = 0
    var rest = Substring(self)
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }

  /// How many rectangles the path of a class has.
  fileprivate func components(of style: String) -> Int? {
    guard let start = firstRange(of: "<path class=\"\(style)\" d=\"") else { return nil }
    return self[start.upperBound...].prefix { $0 != "\"" }.count { $0 == "M" }
  }
}
