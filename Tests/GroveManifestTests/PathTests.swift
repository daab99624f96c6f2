import KubernetesModel
import Testing

@testable import GroveManifest

@Suite struct PathTests {
  private let text = """
    metadata:
      annotations:
        grove.io/mnnvl-group: g
        plain: x
    spec:
      template:
        cliques:
        - name: a
          spec:
            podSpec:
              containers:
              - name: c
                env:
                - name: X
                resources:
                  requests:
                    nvidia.com/gpu: 1
        - name: b
        odd[name]: 1
    """

  @Test(arguments: [
    "metadata", "metadata.annotations[grove.io/mnnvl-group]", "metadata.annotations.plain",
    "spec.template.cliques[0].spec.podSpec.containers[0].env[0].name",
    "spec.template.cliques[0].spec.podSpec.containers[0].resources.requests[nvidia.com/gpu]",
    "spec.template.cliques[1].name", "",
  ])
  func pathsLeadBack(_ path: String) throws {
    let root = try yaml(text)
    let match = root.tape.locate(path, in: root.index)
    #expect(match.isExact)
    #expect(root.tape.path(of: match.node, in: root.index) == path)
    if let key = match.key { #expect(root.tape.path(of: key, in: root.index) == path) }
  }

  @Test func everyNodeIsFoundByItsPath() throws {
    let root = try yaml(text)
    for node in root.index..<Int(root.tape[root.index].next) where root.tape[node].kind != .key {
      let path = root.tape.path(of: node, in: root.index)
      if path.contains("odd") { continue }
      #expect(root.tape.locate(path, in: root.index).node == node, "\(path)")
    }
  }

  /// Quirks of the webhook's paths.
  @Test(arguments: [
    // annotation keys appended as plain children.
    ("metadata.annotations.grove.io/mnnvl-group", "metadata.annotations[grove.io/mnnvl-group]", true),
    // B-A04: an extra spec below podSpec.
    (
      "spec.template.cliques[0].spec.podSpec.spec.containers[0].env[0].name",
      "spec.template.cliques[0].spec.podSpec.containers[0].env[0].name", true
    ),
    (
      "spec.template.cliques[0].spec.podSpec.spec.nodeName", "spec.template.cliques[0].spec.podSpec", false
    ),
    // Lists without a position.
    ("spec.template.cliques.roleName", "spec.template.cliques", false),
    ("spec.template.cliques.spec.podSpec.schedulerName", "spec.template.cliques", false),
    // What is missing leads to its deepest ancestor.
    ("spec.template.cliques[1].spec.minAvailable", "spec.template.cliques[1]", false),
    ("spec.template.cliques[7].name", "spec.template.cliques", false),
    ("spec.template.terminationDelay", "spec.template", false),
    ("status", "", false), ("metadata.name.x", "metadata", false),
    ("metadata.annotations.plain.more", "metadata.annotations.plain", false),
    ("spec.template.cliques[x]", "spec.template.cliques", false), ("spec..template", "spec", false),
    ("spec.template.cliques[99999999999999999999]", "spec.template.cliques", false),
  ])
  func quirks(_ path: String, _ found: String, _ isExact: Bool) throws {
    let root = try yaml(text)
    let match = root.tape.locate(path, in: root.index)
    #expect(root.tape.path(of: match.node, in: root.index) == found)
    #expect(match.isExact == isExact)
  }

  @Test func namesThatBeginLikeTheField() throws {
    let root = try yaml("{a: {x: 1}, a.b: {x: 2}, ab: 3}")
    func number(_ path: String) -> Int64? {
      Value(tape: root.tape, index: root.tape.locate(path, in: root.index).node).integerValue
    }
    #expect(number("a.x") == 1)
    #expect(number("a.b.x") == 2)
    #expect(number("[a.b].x") == 2)
    #expect(number("ab") == 3)
  }

  @Test func containersArePointedToByTheirName() throws {
    let manifest = ManifestReader.read("apiVersion: v1\nkind: K\n\(text)", source: "f")
    let document = manifest.documents[0]
    #expect(document.location(ofPath: "spec.template.cliques.roleName")?.line == 9)
    #expect(document.location(ofPath: "spec.template.cliques.roleName")?.column == 5)
    #expect(document.location(ofPath: "spec.template.cliques[1].name")?.column == 13)
    #expect(document.location(ofPath: "nowhere")?.line == 1)
  }
}
