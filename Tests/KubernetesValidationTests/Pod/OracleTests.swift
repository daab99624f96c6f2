import KubernetesModel
import Testing

@testable import KubernetesValidation

/// Every generated pod spec gets the verdict and the texts that Kubernetes' own code gave.
@Suite(.enabled(if: Oracle.isThere, "../shared/oracle is not here: nothing to compare with"))
struct OracleTests {
  /// How the code was asked: no admission plugins, and the flags of the API server at their defaults.
  private let options = PodValidationOptions(allowsPrivileged: false, assignsServiceAccounts: false)

  /// What is known to be told in other words, with the reason; see docs/deviations.md.
  private let otherWords: Set<String> = []

  @Test func verdictsAndTexts() throws {
    let cases = try Oracle.cases()
    #expect(cases.count > 700)
    var compared = 0
    for sample in cases {
      var decoder = TapeDecoder(sample.spec.tape, reportsUnknownFields: false)
      let spec: PodSpec = decoder.decode(at: sample.spec.index)
      if sample.isUndecodable {
        #expect(!decoder.issues.isEmpty, "\(sample.id) can be read here")
        continue
      }
      var pod = Pod(metadata: ObjectMeta(name: "p", namespace: "default"), spec: spec)
      PodDefaults.apply(&pod)
      let found = PodValidation.problems(creating: pod, options: options)
      #expect(found.isEmpty == !sample.isRefused, "\(sample.id): \(found.map(\.message))")
      compared += 1
      if otherWords.contains(sample.id) { continue }
      let texts = Set(found.map(\.message)).sorted()
      #expect(texts == sample.texts, "\(sample.id)")
      let again = PodDefaults.applied(to: pod)
      #expect(again == pod, "\(sample.id): filling in twice")
    }
    #expect(compared > 700)
  }
}
