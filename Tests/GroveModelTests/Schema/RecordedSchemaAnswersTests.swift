import GroveManifest
import GroveModel
import KubernetesModel
import Testing

/// The API server's recorded answers: rules.
@Suite(.enabled(if: SchemaGoldens.arePresent, SchemaGoldens.absence))
struct RecordedSchemaAnswersTests {
  private func review(_ answer: SchemaGoldens.Answer) throws -> SchemaReview? {
    let kind = try #require(answer.input["kind"]?.stringValue)
    let version = answer.input["apiVersion"]?.stringValue ?? ""
    guard let known = ResourceKind(apiVersion: version, kind: kind) else { return nil }
    return SchemaReview(of: answer.input, kind: known, old: answer.old)
  }

  @Test func thereAreAnswers() { #expect(SchemaGoldens.answers.count > 100) }

  @Test(arguments: SchemaGoldens.answers)
  func answersAreThoseOfTheServer(_ answer: SchemaGoldens.Answer) throws {
    guard answer.input["kind"]?.stringValue != nil else {
      #expect(!answer.isAccepted)
      return
    }
    guard let review = try review(answer) else {
      // A wrong kind or version: kubectl knows no such resource.
      #expect(answer.message.contains("no matches for kind"))
      return
    }
    let recorded = answer.message
    if let range = recorded.firstRange(of: "PodCliqueSet in version") {
      #expect(review.serverMessage == recorded[range.lowerBound...].trimmed)
    } else if recorded.contains("unable to decode \"input.yaml\"") {
      // kubectl read the metadata itself; the webhook's Go code would have said the same.
      let text = try #require(recorded.firstRange(of: "json: "))
      #expect(review.decodingMessage == recorded[text.lowerBound...].trimmed)
    } else if let range = recorded.firstRange(of: "admission webhook \"pcs.defaulting") {
      #expect(review.serverMessage == recorded[range.lowerBound...].trimmed)
    } else if let range = recorded.firstRange(of: " is invalid: ") {
      let expected = "The " + recorded[..<range.lowerBound].split(separator: "The ").last.orEmpty
        + recorded[range.lowerBound...]
      #expect(review.serverMessage == expected.trimmed.replacing(": \n*", with: ": \n*"))
    } else if recorded.contains("resource name may not be empty") {
      #expect(review.findings.map(\.message).contains("metadata.name: Required value: name or generateName is required"))
    } else {
      #expect(review.serverMessage == nil)
    }
  }
}

extension Optional where Wrapped == Substring {
  fileprivate var orEmpty: Substring { self ?? "" }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    String(self).replacing(#/\s+$/#, with: "")
  }
}
