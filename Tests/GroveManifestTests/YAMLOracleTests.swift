import Foundation
import KubernetesModel
import Testing

@testable import GroveManifest

/// What kubectl's decoder makes of texts, computed by Kubernetes' own code (`yaml-kubectl.jsonl`).
@Suite(.enabled(if: Oracle.isPresent("yaml-kubectl"), Oracle.absence))
struct YAMLOracleTests {
  /// What is read otherwise, with the reason; docs/deviations.md lists them.
  private func isAccepted(_ question: Value, _ bytes: [UInt8]) -> Bool {
    // Invalid UTF-8 inside JSON strings is an error here; Go replaces it.
    question["base64"] != nil && bytes.first == 0x7B
  }

  @Test func readsAsKubectlDoes() throws {
    var compared = 0
    for question in try Oracle.lines("yaml-kubectl") {
      let id = question["id"]?.stringValue ?? ""
      let bytes = try Oracle.bytes(of: question)
      if isAccepted(question, bytes) { continue }
      let answer = bytes.withUnsafeBufferPointer { ManifestReader.documents(of: $0) }
      let shown = String(decoding: bytes, as: UTF8.self).debugDescription
      #expect(
        (answer.error == nil) == (question["error"] == nil),
        "\(id) \(shown): \(answer.error?.description ?? "accepted"), kubectl: \(question["error"]?.stringValue ?? "fine")"
      )
      let expected = question["json"]?.elements ?? []
      let found = answer.documents.filter { !$0.isNull }
      #expect(
        found.count == expected.count && zip(found, expected).allSatisfy(Oracle.areEqual),
        "\(id) \(shown): \(found.map { JSONWriter.string($0) }), kubectl: \(expected.map { JSONWriter.string($0) })"
      )
      compared += 1
    }
    #expect(compared > 1000)
  }
}

/// The questions and answers in `../shared/oracle`.
enum Oracle {
  static let root = packageRoot.deletingLastPathComponent().appendingPathComponent("shared/oracle")
  static let absence: Comment = "no oracle beside the package (../shared/oracle)"

  static func isPresent(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent("\(name).jsonl").path)
  }

  static func lines(_ name: String) throws -> [Value] {
    let data = try Data(contentsOf: root.appendingPathComponent("\(name).jsonl"))
    let tape = try [UInt8](data).withUnsafeBufferPointer { (text) throws(ReadError) in
      try JSONReader.read(text)
    }
    // The answers are kubectl's texts, repeated names included.
    var duplicates: [DuplicateKey] = []
    let resolved = DuplicateKeys.resolve(tape, reporting: &duplicates)
    return resolved.roots.map { Value(tape: resolved, index: $0) }
  }

  static func bytes(of question: Value) throws -> [UInt8] {
    if let text = question["text"]?.stringValue { return Array(text.utf8) }
    return try Base64.decode(try #require(question["base64"]?.stringValue))
  }

  /// Whether two values are the same, numbers by what they say.
  static func areEqual(_ a: Value, _ b: Value) -> Bool {
    switch (a.kind, b.kind) {
    case (.integer, .integer), (.integer, .float), (.float, .integer), (.float, .float):
      if let first = a.integerValue, let second = b.integerValue { return first == second }
      return a.doubleValue == b.doubleValue
    case (.array, .array):
      return a.count == b.count && zip(a.elements, b.elements).allSatisfy(areEqual)
    case (.object, .object):
      guard a.count == b.count else { return false }
      return a.members.allSatisfy { name, value in b[name].map { areEqual(value, $0) } ?? false }
    default: return a == b
    }
  }
}
