import Foundation
import GroveManifest
import GroveModel
import KubernetesModel
import KubernetesSchema
import Testing

@testable import GroveAdmission

/// What the API server of Kubernetes 1.36 makes of objects of Grove's kinds, webhooks not asked
/// (`crd-validation.jsonl`; rules A-440 to A-452).
@Suite(.enabled(if: SchemaOracle.isPresent, SchemaOracle.absence))
struct SchemaOracleTests {
  private static let skipped = "<nil>: Invalid value: null: some validation rules were not checked"

  private func kind(_ question: Value) throws -> ResourceKind {
    let kind = try #require(question["kind"]?.stringValue)
    return try #require(ResourceKind.allCases.first { $0.kind == kind })
  }

  @Test func verdictsAndMessages() throws {
    var compared = 0
    for question in try SchemaOracle.questions() {
      let id = question["id"]?.stringValue ?? ""
      let kind = try kind(question)
      let object = try #require(question["object"])
      let schema = try #require(StructuralSchema.grove(kind))
      let found = Set(schema.validate(schema.admitted(object)).errors.map(\.message))
      let told = Set((question["errors"]?.elements ?? []).compactMap(\.stringValue))
      func relevant(_ messages: Set<String>) -> [String] {
        // The oracle was not asked about the scale subresource (A-430, A-432).
        messages.filter { !$0.hasPrefix(Self.skipped) && !$0.hasPrefix(".spec.replicas: ") }.sorted()
      }
      if question["decode"] == nil {
        #expect(relevant(found) == relevant(told), "\(id) \(JSONWriter.string(object))")
        #expect(
          found.contains { $0.hasPrefix(Self.skipped) } == told.contains { $0.hasPrefix(Self.skipped) },
          "\(id)")
      }
      let unknown = schema.unknownFields(in: object).map(\.path).sorted()
      let expected = (question["unknown"]?.elements ?? []).compactMap(\.stringValue).sorted()
      #expect(unknown == expected, "\(id) unknown fields of \(JSONWriter.string(object))")
      compared += 1
    }
    #expect(compared > 500)
  }

  /// The whole way of `validate`: what the API server refuses is refused here; what it accepts is refused only by
  /// unknown fields and by webhooks.
  @Test func commandsAgree() throws {
    for question in try SchemaOracle.questions() {
      let id = question["id"]?.stringValue ?? ""
      let object = try #require(question["object"])
      let review = Admission().review(object, as: try kind(question))
      if question["verdict"]?.stringValue == "refuse" {
        // The webhook sends the set through Go's types before the schema is asked: containers then have a name, if an
        // empty one, and cliques have replicas.
        let isMended = (question["errors"]?.elements ?? []).compactMap(\.stringValue).allSatisfy {
          $0.contains(/podSpec\.containers\[\d+\](\.name)?: |\.spec\.replicas: Required value/)
            || $0.hasPrefix(Self.skipped)
        }
        #expect(!review.isAccepted || isMended, "\(id) \(JSONWriter.string(object))")
      } else {
        let isWebhooks =
          review.refusedBy == .webhook
          || review.issues.contains { if case .malformed = $0.kind { true } else { false } }
        let isExpected =
          review.isAccepted || isWebhooks
          || (review.refusedBy == .strictDecoding && question["unknown"] != nil)
          || review.diagnostics.errors.allSatisfy { $0.path == ".spec.replicas" }
        #expect(isExpected, "\(id) \(review.serverAnswer ?? "") \(JSONWriter.string(object))")
      }
    }
  }
}

/// The questions and answers beside the package.
private enum SchemaOracle {
  static let file = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/oracle/crd-validation.jsonl")
  static let isPresent = FileManager.default.fileExists(atPath: file.path)
  static let absence: Comment = "no oracle beside the package (../shared/oracle)"

  static func questions() throws -> [Value] {
    let tape = try [UInt8](Data(contentsOf: file)).withUnsafeBufferPointer { (text) throws(ReadError) in
      try JSONReader.read(text)
    }
    return tape.roots.map { Value(tape: tape, index: $0) }
  }
}
