import Foundation
import GroveManifest
import GroveModel
import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveChange

/// Updates that a real API server refused are refused with its words (acceptance 5).
@Suite("Recorded rejections", .enabled(if: PlanFixture.hasShared, PlanFixture.noShared))
struct RecordedRejectionTests {
  struct Entry: Sendable, CustomTestStringConvertible {
    var name: String
    var input: String
    var old: String
    var isAccepted: Bool
    var message: String
    var testDescription: String { name }
  }

  static let entries: [Entry] = {
    let url = PlanFixture.shared.appendingPathComponent("golden/rejections.yaml")
    guard let text = try? String(contentsOf: url, encoding: .utf8), let tape = try? YAMLReader.read(text),
      let root = tape.roots.first
    else { return [] }
    return Value(tape: tape, index: root).elements.compactMap { entry in
      guard entry["operation"]?.stringValue == "update", entry["operatorMode"]?.stringValue == "kube",
        let name = entry["name"]?.stringValue, let input = entry["input"]?.stringValue,
        let old = entry["old"]?.stringValue
      else { return nil }
      return Entry(
        name: name, input: input, old: old, isAccepted: entry["accepted"]?.booleanValue ?? false,
        message: entry["message"]?.stringValue ?? "")
    }
  }()

  @Test func entriesAreThere() { #expect(Self.entries.count >= 30) }

  @Test(arguments: entries) func saysWhatTheServerSaid(entry: Entry) throws {
    var request = PlanRequest(
      before: .manifests(try PlanFixture.manifests(entry.old, source: "old.yaml")),
      manifests: try PlanFixture.manifests(entry.input), configuration: .defaultSchedulerOnly,
      setup: PlanFixture.setup)
    request.cluster = try PlanFixture.cluster("node=10,cpu=64,memory=512Gi,gpu=8")
    let plan = GroveChange.plan(request)
    #expect(plan.meets(.rejected) == !entry.isAccepted)
    for rejection in plan.rejections { #expect(entry.message.contains(rejection.message)) }
    // The rest is planned as if the manifest were not there: nothing restarts.
    if !entry.isAccepted {
      #expect(plan.sets.allSatisfy { $0.totals.pods.restart == 0 && $0.causes.isEmpty })
    }
  }
}
