import Foundation
import GroveModel
import GroveReconcile
import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveChange

/// What the real operator restarted, from the recordings (acceptance 3 and 4).
@Suite("Recorded updates", .enabled(if: PlanFixture.hasShared, PlanFixture.noShared))
struct RecordedUpdateTests {
  private func plan(_ before: String, _ after: String) throws -> Plan {
    let stage = try PlanFixture.stage(before)
    let sets = try PlanFixture.stage(after).filter { $0.kind == .podCliqueSet }
    try #require(!sets.isEmpty)
    var request = PlanRequest(
      before: .dump(stage), manifests: sets.map { PlanRequest.Manifest($0) },
      configuration: PlanFixture.configuration, setup: PlanFixture.setup)
    // Which nodes the pods were on is blotted out.
    request.cluster = try PlanFixture.cluster()
    request.apply = .replace
    return GroveChange.plan(request)
  }

  @Test(
    arguments: [
      ("03-ready", "10-clique-label", 2), ("10-clique-label", "11-clique-annotation", 2),
      ("11-clique-annotation", "12-pcs-label", 0), ("12-pcs-label", "13-termination-delay", 0),
      ("13-termination-delay", "14-headless", 0), ("14-headless", "15-hpa", 0),
      ("15-hpa", "16-hpa-removed", 0),
      ("16-hpa-removed", "17-priority", 3), ("17-priority", "18-env", 2), ("18-env", "19-order", 0),
      ("19-order", "20-pcsg-annotation", 0), ("20-pcsg-annotation", "21-grace", 1),
      ("21-grace", "22-strategy", 0),
      ("22-strategy", "23-pcsg-scaleconfig", 0),
    ]) func restartsAsRecorded(before: String, after: String, restarts: Int) throws
  {
    let folder = "own-other-updates"
    let plan = try plan("\(folder)/stage-\(before).yaml", "\(folder)/stage-\(after).yaml")
    #expect(plan.rejections == [])
    let set = try #require(plan.sets.first)
    #expect(set.totals.pods.restart == restarts)
    #expect(set.totals.pods.removed == 0 && set.totals.pods.added == 0)
    // Labels of the set reach its PodGang with the next pass, as the recording of the next stage shows.
    let gang = ObjectKey(.podGang, namespace: "default", name: "oth-0")
    #expect(plan.operatorChanges.flatMap(\.objects) == (before == "12-pcs-label" ? [gang] : []))
    #expect(plan.operatorChanges.map(\.restarts) == (before == "12-pcs-label" ? [0] : []))
  }
}
