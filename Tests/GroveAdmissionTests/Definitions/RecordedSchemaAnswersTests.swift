import GroveManifest
import GroveModel
import KubernetesModel
import TestSupport
import Testing

@testable import GroveAdmission

/// The API server's recorded answers: rules A-001, A-440 to A-452.
@Suite(.enabled(if: SchemaGoldens.arePresent, Comment(rawValue: SchemaGoldens.absence)))
struct RecordedSchemaAnswersTests {
  @Test func thereAreAnswers() { #expect(SchemaGoldens.answers.count > 100) }

  /// What the server says before the validating webhook is asked, word for word; and that it says nothing
  /// where the webhook was asked or the object accepted.
  @Test(arguments: SchemaGoldens.answers)
  func answersAreThoseOfTheServer(_ answer: SchemaGoldens.Answer) throws {
    guard let kind = answer.input["kind"]?.stringValue else {
      #expect(!answer.isAccepted)
      return
    }
    let version = try #require(answer.input["apiVersion"]?.stringValue)
    guard let known = ResourceKind(apiVersion: version, kind: kind) else {
      // kubectl knows no such resource.
      #expect(answer.message.contains("no matches for kind"))
      return
    }
    var old: Resource?
    if let stored = answer.old {
      var decoder = TapeDecoder(stored.tape)
      old = Resource(known, from: stored.index, in: &decoder)
    }
    let review = Admission().review(answer.input, as: known, old: old)
    let recorded = answer.message
    if let range = recorded.firstRange(of: "PodCliqueSet in version") {
      #expect(review.refusedBy == .strictDecoding)
      #expect(review.serverAnswer == recorded[range.lowerBound...].trimmed)
    } else if let range = recorded.firstRange(of: "unable to decode \"input.yaml\": ") {
      // kubectl read the metadata itself; the webhook's Go code would have said the same.
      #expect(review.refusedBy == .typedDecoding)
      #expect(review.serverAnswer?.hasSuffix(recorded[range.upperBound...].trimmed) == true)
    } else if let range = recorded.firstRange(of: "admission webhook \"pcs.defaulting") {
      #expect(review.refusedBy == .typedDecoding)
      #expect(review.serverAnswer == recorded[range.lowerBound...].trimmed)
    } else if recorded.contains(" is invalid: "), let range = recorded.firstRange(of: "The \(kind) ") {
      #expect(review.refusedBy == .schema)
      let texts = recorded[range.lowerBound...].trimmed.replacing(": \n", with: ":\n")
      #expect(review.serverAnswer?.replacing(": \n", with: ":\n") == texts)
    } else if recorded.contains("resource name may not be empty") {
      #expect(review.refusedBy == .schema)
    } else {
      let isLate = review.refusedBy == nil || review.refusedBy == .webhook
      #expect(isLate, "\(review.serverAnswer ?? "")")
    }
  }
}

extension StringProtocol {
  fileprivate var trimmed: String { String(self).replacing(#/\s+$/#, with: "") }
}
