import GroveModel
import KubernetesModel
import TestSupport
import Testing

@testable import GroveAdmission

/// Every recorded set, defaulted, is what the API server answered to its creation (A-020… ).
@Suite("Recorded defaults", .enabled(if: Goldens.arePresent, Comment(rawValue: Goldens.absence)))
struct RecordedDefaultsTests {
  @Test("A set as sent becomes the set as stored", arguments: Goldens.cases)
  func defaulted(name: String) throws {
    let mode = try #require(try Goldens.documents("\(name)/case.yaml")[0]["operatorMode"]?.stringValue)
    let admission = try Goldens.admission(mode)
    let sent = Goldens.objects(PodCliqueSet.self, in: try Goldens.documents("\(name)/input.yaml"))
    let recorded = try Goldens.documents("\(name)/defaulted.yaml")
      .filter { $0["kind"]?.stringValue == PodCliqueSet.kind }
    #expect(!recorded.isEmpty)
    for stored in recorded {
      let setName = stored["metadata"]?["name"]?.stringValue
      let source = try #require(sent.first { $0.metadata.name == setName })
      let ours = admission.default(source)
      #expect(differences(Value(encoding: ours), stored, at: "").isEmpty)
      // Defaulting what is stored changes nothing.
      #expect(Value(encoding: admission.default(ours)) == Value(encoding: ours))
      // The real webhook accepted it, and so do we, but for what can never work (B-A09, B-A11).
      let errors = admission.validate(create: ours).errors
      let refused = ["own-broken-dots": "W-B-A09", "own-broken-hpa-range": "W-B-A11"]
      #expect(errors.allSatisfy { $0.rule.rawValue == refused[name] }, "\(errors.map(\.message))")
      #expect(errors.isEmpty == (refused[name] == nil))
    }
  }

  /// Where ours differs from what was stored, leaving out what only the API server fills in.
  private func differences(_ ours: Value, _ stored: Value, at path: String) -> [String] {
    if let text = stored.stringValue, text.hasPrefix("<"), text.hasSuffix(">"), ours.kind == .string {
      return []
    }
    if ours.kind == .object, stored.kind == .object {
      let serverOwned = [".metadata.creationTimestamp", ".metadata.generation", ".metadata.uid"]
      var found: [String] = []
      for (name, value) in stored.members {
        let path = "\(path).\(name)"
        if let mine = ours[name] {
          found += differences(mine, value, at: path)
        } else if !serverOwned.contains(path), !(path == ".spec.replicas" && value.integerValue == 0) {
          // The schema's default of spec.replicas is Go's zero, which typed sets leave out.
          found.append("\(path) is missing")
        }
      }
      return found + ours.members.filter { stored[$0.name] == nil }.map { "\(path).\($0.name) is too much" }
    }
    if ours.kind == .array, stored.kind == .array, ours.count == stored.count {
      return zip(ours.elements, stored.elements).enumerated().flatMap { index, pair in
        differences(pair.0, pair.1, at: "\(path)[\(index)]")
      }
    }
    return ours == stored
      ? [] : ["\(path): \(JSONWriter.string(ours)) instead of \(JSONWriter.string(stored))"]
  }
}
