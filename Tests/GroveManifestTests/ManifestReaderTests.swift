import KubernetesModel
import Testing

@testable import GroveManifest

@Suite struct ManifestReaderTests {
  private func read(_ text: String) -> Manifest { ManifestReader.read(text, source: "f.yaml") }

  private func told(_ manifest: Manifest) -> [String] {
    manifest.diagnostics.map { diagnostic in
      let place = diagnostic.location.map { "\($0.file):\($0.line):\($0.column): " } ?? ""
      return "\(diagnostic.severity) \(diagnostic.rule) \(place)\(diagnostic.message)"
    }
  }

  @Test func documentsSayWhatTheyAre() throws {
    let manifest = read(
      """
      apiVersion: grove.io/v1alpha1
      kind: PodCliqueSet
      metadata: {name: a, namespace: b}
      ---
      # nothing
      ---
      apiVersion: v1
      kind: Pod
      """)
    #expect(manifest.diagnostics.isEmpty)
    #expect(manifest.documents.map(\.kind) == ["PodCliqueSet", "Pod"])
    #expect(manifest.documents.map(\.index) == [0, 1])
    let first = manifest.documents[0]
    #expect(first.apiVersion == "grove.io/v1alpha1")
    #expect(first.name == "a")
    #expect(first.namespace == "b")
    #expect(manifest.documents[1].name == nil)
    #expect(manifest.documents[1].location == SourceLocation(file: "f.yaml", line: 7, column: 1))
  }

  @Test func jsonInAllForms() {
    let pod = #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"\ud83d\ude00"}}"#
    #expect(read(pod).documents.map(\.name) == ["😀"])
    // kubectl takes a text with a byte-order mark for YAML, which knows no pairs of escapes.
    #expect(told(read("\u{FEFF}\(pod)")).first?.contains("invalid Unicode character escape code") == true)
    #expect(read(pod + pod).documents.count == 2)
    #expect(read("[]").documents.isEmpty)
    #expect(
      told(read("[1]")) == [
        "error M-document f.yaml:1:1: a Kubernetes object must be a mapping, found a list"
      ])
  }

  @Test func flowMappingsThatAreNotJSON() {
    #expect(read("{apiVersion: v1, kind: Pod}").documents.map(\.kind) == ["Pod"])
    #expect(read(#"{"apiVersion":"v1","kind":"Pod",}"#).documents.map(\.kind) == ["Pod"])
    #expect(
      read("{\"apiVersion\":\"v1\",\"kind\":\"A\"}\n---\n{\"apiVersion\":\"v1\",\"kind\":\"B\"}").documents
        .count == 2)
  }

  @Test func brokenJSONIsToldAsTheReaderThatGotFurther() {
    let unclosed = read("{\"apiVersion\": \"v1\",\n  \"kind\": \"Pod\"\n")
    #expect(told(unclosed).count == 1)
    #expect(unclosed.documents.isEmpty)
  }

  @Test func deepJSONIsNotTriedAsYAML() {
    let manifest = read(String(repeating: "[", count: 100_000))
    #expect(told(manifest) == ["error M-syntax f.yaml:1:257: nested deeper than 256 levels"])
  }

  @Test func listsAreUnrolled() throws {
    let manifest = read(
      """
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: Pod, metadata: {name: a}}
      - apiVersion: v1
        kind: PodList
        items:
        - metadata: {name: b}
        - {apiVersion: v2, kind: Other, metadata: {name: c}}
      ---
      {apiVersion: v1, kind: List, items: []}
      ---
      {apiVersion: v1, kind: ServiceList, items: null}
      ---
      {apiVersion: x/v1, kind: AllowList, spec: {}}
      """)
    #expect(manifest.diagnostics.isEmpty)
    #expect(
      manifest.documents.map { "\($0.apiVersion) \($0.kind) \($0.name ?? "-")" } == [
        "v1 Pod a", "v1 Pod b", "v2 Other c", "x/v1 AllowList -",
      ])
    #expect(manifest.documents.map(\.index) == [0, 1, 2, 3])
    let inherited = manifest.documents[1]
    #expect(inherited.root["kind"]?.stringValue == "Pod")
    #expect(inherited.location(ofPath: "metadata.name")?.line == 8)
  }

  @Test func objectsWithoutTypes() {
    #expect(told(read("kind: Pod")) == ["error M-type-meta f.yaml:1:1: apiVersion is missing"])
    #expect(
      told(read("apiVersion: v1\nkind: 5")) == [
        "error M-type-meta f.yaml:2:7: kind: expected a non-empty string, found the number 5"
      ])
    #expect(told(read("a: 1")).count == 2)
    #expect(
      told(read("just text")) == [
        "error M-document f.yaml:1:1: a Kubernetes object must be a mapping, found the string \"just text\""
      ])
    #expect(told(read("{apiVersion: v1, kind: List, items: [1, {metadata: {}}]}")).count == 3)
  }

  @Test func duplicateKeysAreWarnings() {
    let manifest = read("apiVersion: v1\nkind: Pod\nspec:\n  replicas: 1\n  replicas: 2\n")
    #expect(manifest.documents[0].root["spec"]?["replicas"]?.integerValue == 2)
    #expect(
      told(manifest) == [
        "warning M-duplicate-key f.yaml:5:3: spec.replicas: the key \"replicas\" is given more than once:"
          + " line 4 is replaced by line 5"
      ])
    let json = read("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\n\"kind\":\"Node\"}")
    #expect(json.documents.map(\.kind) == ["Node"])
    #expect(told(json).count == 1)
  }

  @Test func oneBrokenDocumentHidesNoOther() {
    let manifest = read(
      """
      apiVersion: v1
      kind: A
      ---
      apiVersion: v1
      kind: "B
      ---
      apiVersion: v1
      kind: C
      ---
      a: b: c
      ---
      x: !!binary aGk=
      --- # last
      apiVersion: v1
      kind: D
      kind: E
      """)
    #expect(manifest.documents.map(\.kind) == ["A", "C", "E"])
    #expect(manifest.documents.map { $0.location?.line } == [1, 7, 14])
    #expect(manifest.diagnostics.map { $0.location?.line } == [6, 10, 12, 12, 12, 16])
    #expect(manifest.diagnostics.map(\.severity) == [.error, .error, .error, .error, .warning, .warning])
    #expect(manifest.diagnostics[4].rule == "M-tag")
  }

  @Test func errorsAreBounded() {
    let manifest = read(String(repeating: "a: b: c\n---\n", count: 1000))
    #expect(manifest.diagnostics.count == 20)
  }

  @Test(arguments: [
    ("a:\n\tb: 1", "indent with spaces: YAML does not allow tabs"),
    ("a: b: c", "quote the text if it holds ': ', or check the indentation"),
    ("a: `x`", "quote the text"), ("a: \"\\d\"", "use single quotes for text with backslashes"),
    ("a: 1\n b: 2\n", "quote the text if it holds ': ', or check the indentation"),
    ("a:\n  b: 1\n c: 2\n", "check the indentation of this line against the ones above"),
    ("a: 1\nb\nc: 2\n", "a key needs ': ' behind it"),
    (
      "a: {{ .Values.x }}",
      "this is a template, not YAML yet: render it first, for instance with helm template"
    ),
    ("a: \u{1}", "remove it, or write it as an escape in double quotes"),
  ])
  func hints(_ text: String, _ hint: String) {
    let diagnostic = read(text).diagnostics.first
    #expect(diagnostic?.hint == hint, "\(diagnostic?.message ?? "")")
  }

  @Test func nothingIsNothing() {
    for text in ["", "\n", "---\n---\n", "# x\n", "null", "{}".dropLast(2).description] {
      #expect(read(text).documents.isEmpty)
      #expect(read(text).diagnostics.isEmpty)
    }
  }

  @Test(arguments: [YAMLReader.Dialect.kubernetes, .singleLettersAreText])
  func singleLettersAreWarnings(_ dialect: YAMLReader.Dialect) {
    var options = ManifestReader.Options()
    options.dialect = dialect
    let manifest = ManifestReader.read(
      "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations: {a: y, 'b': 'n'}\n", source: "f", options: options
    )
    let value = manifest.documents[0].root["metadata"]?["annotations"]?["a"]
    #expect(value?.scalarText == (dialect == .kubernetes ? "true" : "y"))
    #expect(manifest.diagnostics.map(\.rule) == ["M-single-letter"])
    #expect(manifest.diagnostics.first?.location == SourceLocation(file: "f", line: 4, column: 20))
  }

  @Test func rulesHaveDistinctIds() {
    #expect(Set(ManifestRule.allCases.map(\.id)).count == ManifestRule.allCases.count)
    #expect(ManifestRule.allCases.allSatisfy { !$0.summary.isEmpty })
  }
}
