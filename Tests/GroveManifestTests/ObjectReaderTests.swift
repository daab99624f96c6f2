import GroveManifest
import GroveModel
import KubernetesModel
import Testing

@Suite("Objects of a cluster, read without judging (S-006)")
struct ObjectReaderTests {
  private func read(
    _ text: String, kinds: Set<ResourceKind> = Set(ResourceKind.allCases)
  ) -> ObjectReader.Result {
    ObjectReader.read([("dump", Array(text.utf8))], kinds: kinds)
  }

  @Test("lists are unrolled, unknown fields kept, namespaces filled in, other kinds counted")
  func mixedList() {
    let found = read(
      """
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: Node, metadata: {name: n0, managedFields: [{manager: kubelet}]}, status: {novelty: 1}}
      - {apiVersion: v1, kind: Pod, metadata: {name: p}}
      - {apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}
      - {apiVersion: apps/v1, kind: Deployment, metadata: {name: e}}
      """)
    #expect(found.diagnostics.isEmpty)
    #expect(found.objects.map(\.object.kind) == [.node, .pod])
    #expect(found.objects[1].object.metadata.namespace == "default")
    #expect(found.objects[0].object.metadata.namespace.isEmpty)
    #expect(found.objects[1].location == SourceLocation(file: "dump", line: 5, column: 3))
    #expect(found.skippedKinds.map(\.kind) == ["Deployment"])
    #expect(found.skippedKinds.first?.count == 2)
  }

  @Test(
    "a value of the wrong type names the object, the field and the place; the others are read all the same")
  func wrongType() throws {
    let found = read(
      """
      {"apiVersion":"v1","kind":"Node","metadata":{"name":"bad"},"status":{"allocatable":{"cpu":true}}}
      {"apiVersion":"v1","kind":"Node","metadata":{"name":"good"}}
      """)
    #expect(found.objects.map(\.object.metadata.name) == ["good"])
    let problem = try #require(found.diagnostics.errors.first)
    #expect(problem.message.hasPrefix("Node bad: status.allocatable.cpu: "))
    #expect(problem.location?.line == 1)
  }

  @Test("an object without a name is an error")
  func noName() {
    let found = read("apiVersion: v1\nkind: Pod\nmetadata: {}\n")
    #expect(found.objects.isEmpty)
    #expect(found.diagnostics.map(\.message) == ["Pod without a name: metadata.name is missing"])
  }

  @Test("kinds that are not wanted are counted, not read")
  func wantedKinds() {
    let found = read("apiVersion: v1\nkind: Pod\nmetadata: {name: 3}\nspec: 4\n", kinds: [.node])
    #expect(found.objects.isEmpty && found.diagnostics.isEmpty)
    #expect(found.skippedKinds.map(\.kind) == ["Pod"])
  }

  @Test("kinds without a type are handed out as they are, when they are asked for")
  func untypedKinds() {
    let text = "apiVersion: v1\nkind: Namespace\nmetadata: {name: n, labels: {team: x}}\n"
    let found = ObjectReader.read([("a.yaml", Array(text.utf8))], untypedKinds: ["Namespace"])
    #expect(found.untyped.map(\.kind) == ["Namespace"] && found.skippedKinds.isEmpty)
    #expect(found.untyped.first?.value["metadata"]?["labels"]?["team"]?.stringValue == "x")
    let passedOver = ObjectReader.read([("a.yaml", Array(text.utf8))])
    #expect(passedOver.untyped.isEmpty && passedOver.skippedKinds.map(\.kind) == ["Namespace"])
  }
}
