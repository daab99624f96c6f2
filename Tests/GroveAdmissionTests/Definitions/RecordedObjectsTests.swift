import GroveModel
import KubernetesModel
import KubernetesSchema
import TestSupport
import Testing

@testable import GroveAdmission

/// Every recorded object of Grove's kinds fits its schema, and is what Go would write.
@Suite(.enabled(if: SchemaGoldens.arePresent, Comment(rawValue: SchemaGoldens.absence)))
struct RecordedObjectsTests {
  /// The recordings mask times, which the schema wants to be times.
  private func unmasked(_ value: Value) -> Value {
    switch value.kind {
    case .string where value.stringValue == "<time>": return .string("2026-01-01T00:00:00Z")
    case .string where value.stringValue == "<gen>": return .integer(1)
    case .array: return .array(value.elements.map { unmasked($0) })
    case .object: return .object(value.members.map { ($0.name, unmasked($0.value)) })
    default: return value
    }
  }

  @Test func objectsFitTheirSchemas() throws {
    var counts: [ResourceKind: Int] = [:]
    for (file, object) in SchemaGoldens.objects {
      let kind = try #require(object["kind"]?.stringValue)
      let version = try #require(object["apiVersion"]?.stringValue)
      let known = try #require(ResourceKind(apiVersion: version, kind: kind))
      let schema = try #require(StructuralSchema.grove(known))
      let value = unmasked(object)
      counts[known, default: 0] += 1
      #expect(schema.unknownFields(in: value).map(\.path) == [], "\(file)")
      #expect(schema.admitted(value) == value, "pruned or defaulted: \(file)")
      #expect(schema.validate(value).map(\.message) == [], "\(file)")
    }
    for resource in CustomResource.all { #expect(counts[resource.kind, default: 0] > 0, "\(resource.kind)") }
  }

  /// What the mutating webhook stored is what Go writes for it, with the schema's defaults.
  @Test func storedSpecsAreWhatGoWrites() throws {
    let schema = try #require(StructuralSchema.grove(.podCliqueSet))
    var count = 0
    for (file, object) in SchemaGoldens.objects
    where file.hasSuffix("defaulted.yaml") && object["kind"]?.stringValue == "PodCliqueSet" {
      let written = try #require(GoJSON.value(object, type: "PodCliqueSet", in: .grove))
      #expect(schema.defaulted(written)["spec"] == object["spec"], "\(file)")
      count += 1
    }
    #expect(count > 50)
  }

  /// The texts that print a whole spec: byte for byte what Go printed.
  @Test func printedSpecsAreEqual() throws {
    var count = 0
    let admission = Admission()
    for answer in SchemaGoldens.answers {
      guard let range = answer.message.firstRange(of: "spec: Invalid value: {") else { continue }
      guard let schema = StructuralSchema.grove(.podCliqueSet) else { continue }
      let admitted = schema.admitted(answer.input)
      var decoder = TapeDecoder(admitted.tape)
      let stored = admission.default(decoder.decode(PodCliqueSet.self, at: admitted.index))
      let spec = Value(encoding: stored.spec)
      let text = try #require(GoJSON.string(spec, type: "PodCliqueSetSpec", in: .grove))
      let printed = answer.message[range.lowerBound...].dropFirst("spec: Invalid value: ".count)
      #expect(printed.hasPrefix(text + ": "), "\(answer.name): \(text)")
      count += 1
    }
    #expect(count > 4)
  }
}
