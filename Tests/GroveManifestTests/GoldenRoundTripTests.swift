import Foundation
import KubernetesModel
import Testing

@testable import GroveManifest

/// The recordings of the real operator, read and written back.
@Suite(.enabled(if: hasGoldens, "../shared/golden is not here: nothing to compare with"))
struct GoldenRoundTripTests {
  private func files(_ matches: (String) -> Bool) throws -> [URL] {
    let manager = FileManager.default
    return try manager.contentsOfDirectory(atPath: goldenRoot.path).sorted().flatMap { name -> [URL] in
      let folder = goldenRoot.appendingPathComponent(name)
      let entries = (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
      return entries.sorted().filter(matches).map { folder.appendingPathComponent($0) }
    }
  }

  @Test func stagesReadBackEqual() throws {
    var documents = 0
    for file in try files({ $0.hasPrefix("stage-01") || $0 == "requests.yaml" || $0 == "defaulted.yaml" }) {
      let tape = try YAMLReader.read([UInt8](Data(contentsOf: file)))
      for root in tape.roots {
        let value = Value(tape: tape, index: root)
        var output: [UInt8] = []
        YAMLWriter.write(value, to: &output)
        let copy = try YAMLReader.read(output)
        try #require(copy.roots.count == 1)
        #expect(Value(tape: copy, index: copy.roots[0]) == value, "\(file.path)")
        var again: [UInt8] = []
        YAMLWriter.write(Value(tape: copy, index: copy.roots[0]), to: &again)
        #expect(again == output, "\(file.path)")
        documents += 1
      }
    }
    #expect(documents > 0)
  }

  @Test func inputsAreManifests() throws {
    let inputs = try files { $0 == "input.yaml" }
    #expect(!inputs.isEmpty)
    for file in inputs {
      let manifest = ManifestReader.read([UInt8](try Data(contentsOf: file)), source: file.path)
      #expect(!manifest.documents.isEmpty, "\(file.path)")
      #expect(manifest.diagnostics.errors.isEmpty, "\(file.path)")
    }
  }

  @Test func duplicateKeyOfTheRejectionsIsAccepted() throws {
    let file = goldenRoot.appendingPathComponent("rejections.yaml")
    let tape = try YAMLReader.read([UInt8](Data(contentsOf: file)))
    let entries = Value(tape: tape, index: tape.roots[0]).elements
    let entry = try #require(entries.first { $0["name"]?.stringValue == "schema-yaml-duplicate-key" })
    #expect(entry["accepted"]?.booleanValue == true)
    let manifest = ManifestReader.read(try #require(entry["input"]?.stringValue), source: "input.yaml")
    #expect(manifest.diagnostics.errors.isEmpty)
    #expect(manifest.diagnostics.warnings.map(\.rule) == ["M-duplicate-key"])
    #expect(manifest.documents.first?.root["spec"]?["replicas"]?.integerValue == 2)
  }
}
