import Foundation
import Testing

@testable import grove_conformance

@Suite("Recordings of a real API server")
struct ConformanceTests {
  /// `../shared` beside the repository.
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../shared/api-recordings/sessions").standardizedFileURL

  private static let sessions: [URL] = {
    let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return (files ?? []).filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
  }()

  /// Sessions that differed when they were last replayed: see `Scripts/conformance`.
  private static let unequal: Set<String> = [
    "003-server-endpoints",
    "004-openapi",
    "013-limit-continue",
    "014-label-selectors",
    "015-field-selectors",
    "016-table-grove",
    "017-table-core",
    "042-create-names",
    "043-create-kind",
    "046-schema-errors",
    "054-pod-immutable",
    "061-merge-patch",
    "062-strategic-merge",
    "064-apply-conflict",
    "065-apply-errors",
    "070-scale",
    "072-eviction",
    "083-delete-collection",
    "088-owner-references",
    "090-webhook-reviews",
    "091-webhook-deny",
    "092-webhook-failure",
    "093-webhook-mutate",
    "100-events",
    "101-leases",
    "102-service-defaults",
    "103-pod-defaults",
    "109-access-reviews",
    "111-nodes",
    "112-definitions",
    "114-operator-flow",
    "127-pagination-pods",
  ]

  @Test(
    "sessions are answered as recorded",
    .enabled(if: !sessions.isEmpty, "../shared/api-recordings is missing"))
  func replay() throws {
    for file in Self.sessions {
      let session = try #require(Session(contentsOf: file))
      if Self.unequal.contains(session.name) { continue }
      var replay = Replay(session)
      let differences = replay.run().filter { $0.reason == nil }
      #expect(
        differences.isEmpty,
        "\(session.name): \(differences.first.map { "\($0.exchange) \($0.path) \($0.text)" } ?? "")")
    }
  }
}
