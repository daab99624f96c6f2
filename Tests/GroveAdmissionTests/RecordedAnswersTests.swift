import Foundation
import GroveManifest
import GroveModel
import KubernetesModel
import TestSupport
import Testing

@testable import GroveAdmission

/// What kubectl showed of one request to the real operator.
struct RecordedAnswer: Sendable, CustomTestStringConvertible {
  let name: String
  let mode: String
  let input: String
  let old: String?
  let isAccepted: Bool
  let isUnstable: Bool
  let message: String

  var testDescription: String { name }

  /// The text of the validating webhooks, if one of them refused the request.
  var denial: String? {
    guard !message.contains("defaulting.webhooks") else { return nil }
    let mark = "denied the request: "
    guard let range = message.range(of: mark) else { return nil }
    return String(message[range.upperBound...].trimmingSuffix(while: \.isNewline))
  }

  /// The webhook's warnings.
  var warnings: [String] {
    message.split(separator: "\n").filter { $0.hasPrefix("Warning: ") }.map { String($0.dropFirst(9)) }
  }

  static let all: [RecordedAnswer] = {
    guard Goldens.arePresent, let list = try? Goldens.documents("rejections.yaml").first else { return [] }
    return list.elements.compactMap { entry in
      guard let name = entry["name"]?.stringValue, let mode = entry["operatorMode"]?.stringValue,
        let input = entry["input"]?.stringValue, let isAccepted = entry["accepted"]?.booleanValue,
        let message = entry["message"]?.stringValue
      else { return nil }
      return RecordedAnswer(
        name: name, mode: mode, input: input, old: entry["old"]?.stringValue, isAccepted: isAccepted,
        isUnstable: entry["unstable"] != nil, message: message)
    }
  }()
}

extension StringProtocol {
  fileprivate func trimmingSuffix(while matches: (Character) -> Bool) -> SubSequence {
    var end = endIndex
    while end > startIndex, matches(self[index(before: end)]) { end = index(before: end) }
    return self[startIndex..<end]
  }
}

/// Every recorded answer of the webhooks is ours too, to the letter.
@Suite("Recorded answers", .enabled(if: Goldens.arePresent, Comment(rawValue: Goldens.absence)))
struct RecordedAnswersTests {
  /// Refused by the real webhook, accepted by us (B-A01).
  private static let acceptedByUs = ["clique-replicas-unset-no-minavailable", "autoscaling-replicas-unset"]
  /// The real webhook panics (B-A03).
  private static let panics = ["schema-no-spec", "schema-no-template"]

  @Test("The recording is complete")
  func isComplete() throws {
    #expect(RecordedAnswer.all.count == (try Goldens.documents("rejections.yaml")[0].count))
    #expect(RecordedAnswer.all.filter { $0.denial != nil }.count >= 90)
  }

  @Test("Refused with the recorded text", arguments: RecordedAnswer.all.filter { $0.denial != nil })
  func refused(answer: RecordedAnswer) throws {
    let diagnostics = try diagnose(answer)
    let ours = diagnostics.filter { !$0.isOwn }
    if RecordedAnswersTests.acceptedByUs.contains(answer.name) {
      #expect(diagnostics.errors.isEmpty, "\(ours.aggregateMessage)")
      return
    }
    if RecordedAnswersTests.panics.contains(answer.name) {
      #expect(
        ours.aggregateMessage
          == "spec.template.cliques: Required value: at least one PodClique must be defined")
      return
    }
    #expect(!ours.errors.isEmpty)
    if answer.isUnstable {
      let letters = { (text: String) in text.filter(\.isLetter).sorted() }
      #expect(letters(ours.aggregateMessage) == letters(answer.denial ?? ""))
    } else {
      #expect(ours.aggregateMessage == answer.denial)
    }
    expectWarnings(ours, answer)
  }

  @Test("Accepted with the recorded warnings", arguments: RecordedAnswer.all.filter(\.isAccepted))
  func accepted(answer: RecordedAnswer) throws {
    let diagnostics = try diagnose(answer)
    #expect(diagnostics.errors.isEmpty, "\(diagnostics.aggregateMessage)")
    expectWarnings(diagnostics.filter { !$0.isOwn }, answer)
  }

  /// The warnings are the recorded ones, except that ours about restart policies has a reason (B-A05).
  private func expectWarnings(_ diagnostics: [Diagnostic], _ answer: RecordedAnswer) {
    let ours = diagnostics.warnings.filter { $0.rule != "A-120" }.map(\.serverMessage)
    #expect(ours == answer.warnings.filter { !$0.hasPrefix("restartPolicy") })
    let hasReason =
      answer.input.contains("restartPolicy: Never") || answer.input.contains("restartPolicy: OnFailure")
    #expect(diagnostics.contains { $0.rule == "A-120" } == hasReason)
  }

  private func diagnose(_ answer: RecordedAnswer) throws -> [Diagnostic] {
    let admission = try Goldens.admission(answer.mode)
    if answer.input.contains("kind: ClusterTopologyBinding") {
      return admission.validate(try object(ClusterTopologyBinding.self, answer.input))
    }
    let new = admission.default(try object(PodCliqueSet.self, answer.input))
    guard let old = answer.old else { return admission.validate(create: new) }
    return admission.validate(update: new, from: admission.default(try object(PodCliqueSet.self, old)))
  }
}
