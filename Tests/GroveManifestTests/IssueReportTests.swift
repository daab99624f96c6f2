import Testing

@testable import GroveManifest
@testable import KubernetesModel

@Suite struct IssueReportTests {
  private let document = ManifestReader.read(
    """
    apiVersion: v1
    kind: Pod
    spec:
      contaners: []
      number: 5
      flag: yes
      quoted: "12"
      words: "True"
      items: {a: 1}
      owner: [1]
      glued: cpu:10m
      big: 99999999999
      note:
        example.com/x: 1
    """, source: "pod.yaml"
  ).documents[0]

  private func report(
    _ path: String, _ kind: DecodingIssue.Kind, names: [String] = []
  ) throws -> Diagnostic {
    let match = document.root.tape.locate(path, in: document.root.index)
    try #require(match.isExact)
    var node = match.node
    if case .unknownField = kind { node = try #require(match.key) }
    let diagnostics = document.diagnostics(for: [DecodingIssue(kind: kind, node: node)]) { key in
      #expect(key == node)
      return names
    }
    return try #require(diagnostics.first)
  }

  @Test func unknownFields() throws {
    let diagnostic = try report(
      "spec.contaners", .unknownField, names: ["affinity", "containers", "initContainers"])
    #expect(diagnostic.rule == "M-unknown-field")
    #expect(diagnostic.message == "spec.contaners: unknown field \"contaners\"")
    #expect(diagnostic.hint == "did you mean \"containers\"?")
    #expect(diagnostic.location == SourceLocation(file: "pod.yaml", line: 4, column: 3))
    #expect(
      try report("spec.flag", .unknownField, names: ["Flag"]).hint
        == "did you mean \"Flag\"? Field names are case-sensitive.")
    #expect(try report("spec.flag", .unknownField, names: ["nothingAlike"]).hint == nil)
    #expect(try report("spec.note[example.com/x]", .unknownField).path == "spec.note[example.com/x]")
  }

  @Test func wrongKinds() throws {
    func told(_ path: String, _ expected: DecodingIssue.Expected) throws -> [String?] {
      let diagnostic = try report(path, .mismatch(expected))
      #expect(diagnostic.rule == "M-type")
      return [diagnostic.detail, diagnostic.hint]
    }
    #expect(try told("spec.number", .string) == ["expected a string, found the number 5", "quote it: \"5\""])
    #expect(
      try told("spec.flag", .string) == [
        "expected a string, found the boolean true",
        "quote it: plain yes, no, on, off, true and false are booleans in YAML",
      ])
    #expect(
      try told("spec.quoted", .integer(bits: 32)) == [
        "expected an integer, found the string \"12\"", "remove the quotes: 12",
      ])
    #expect(
      try told("spec.words", .boolean) == [
        "expected true or false, found the string \"True\"", "remove the quotes: true",
      ])
    #expect(
      try told("spec.items", .array) == [
        "expected a list, found a mapping", "write each element behind \"- \"",
      ])
    #expect(
      try told("spec.owner", .object) == [
        "expected a mapping, found a list", "remove the \"- \": one mapping is expected here",
      ])
    #expect(
      try told("spec.glued", .object) == [
        "expected a mapping, found the string \"cpu:10m\"", "put a space behind the colon",
      ])
    #expect(
      try told("spec.big", .integer(bits: 32)) == [
        "expected an integer that fits 32 bits, found the number 99999999999", nil,
      ])
    #expect(
      try told("spec.items", .quantity) == ["expected a quantity such as 500m or 2Gi, found a mapping", nil])
  }

  @Test func malformedTexts() throws {
    let diagnostic = try report("spec.quoted", .malformed("no such unit"))
    #expect(diagnostic.rule == "M-value")
    #expect(diagnostic.message == "spec.quoted: no such unit")
    #expect(diagnostic.location == SourceLocation(file: "pod.yaml", line: 7, column: 11))
  }

  @Test func documentOrder() throws {
    let tape = document.root.tape
    let late = tape.locate("spec.big", in: document.root.index).node
    let early = tape.locate("spec.number", in: document.root.index).node
    let issues = [late, early].map { DecodingIssue(kind: .mismatch(.string), node: $0) }
    #expect(document.diagnostics(for: issues).map(\.path) == ["spec.number", "spec.big"])
  }
}
