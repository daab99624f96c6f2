import Foundation
import GroveManifest
import GroveModel
import KubernetesModel
import TestSupport
import Testing

/// Every recorded object of a kind that is known by type comes out of the typed model as it went in, byte for byte.
@Suite(.enabled(if: SchemaGoldens.arePresent, Comment(rawValue: SchemaGoldens.absence)))
struct RecordedRoundTripTests {
  /// The recordings mask times and generations, which the types want to be what they are.
  private func unmasked(_ value: Value) -> Value {
    switch value.kind {
    case .string where value.stringValue == "<time>": return .string("2026-01-01T00:00:00Z")
    case .string where value.stringValue == "<gen>": return .integer(1)
    case .array: return .array(value.elements.map { unmasked($0) })
    case .object: return .object(value.members.map { ($0.name, unmasked($0.value)) })
    default: return value
    }
  }

  @Test func recordedObjectsAreByteStable() throws {
    var counts: [ResourceKind: Int] = [:]
    // One stage with nothing running, and one with everything running.
    let files = try SchemaGoldens.files { $0 == "stage-01-created.yaml" || $0 == "stage-03-ready.yaml" }
    for file in files {
      for document in try SchemaGoldens.documents(in: file) {
        guard let version = document["apiVersion"]?.stringValue, let kind = document["kind"]?.stringValue,
          let known = ResourceKind(apiVersion: version, kind: kind)
        else { continue }
        let value = unmasked(document)
        var decoder = TapeDecoder(value.tape)
        let resource = Resource(known, from: value.index, in: &decoder)
        #expect(decoder.issues.isEmpty, "\(file.path): \(kind)")
        #expect(
          YAMLWriter.string(resource.value) == YAMLWriter.string(value),
          "\(file.deletingLastPathComponent().lastPathComponent): \(known) \(resource.metadata.name)")
        counts[known, default: 0] += 1
      }
    }
    for kind in [
      ResourceKind.pod, .podClique, .podGang, .service, .resourceClaim, .kaiPodGroup, .computeDomain,
    ] {
      #expect(counts[kind, default: 0] > 0, "\(kind)")
    }
  }
}
