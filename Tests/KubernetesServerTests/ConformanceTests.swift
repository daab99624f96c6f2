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
    "004-openapi",
    "017-table-core",
    "043-create-kind",
    "046-schema-errors",
    "088-owner-references",
    "092-webhook-failure",
    "093-webhook-mutate",
    "100-events",
    "102-service-defaults",
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
