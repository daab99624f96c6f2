import Foundation
import GroveModel
import KubernetesModel
import Testing

@Suite("Catalogue of rules")
struct RuleCatalogTests {
  @Test("Ids are unique, and texts are there")
  func wellFormed() {
    let ids = RuleCatalog.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.count > 100)
    for rule in RuleCatalog.all {
      #expect(!rule.summary.isEmpty && !rule.explanation.isEmpty, "\(rule.id)")
      #expect(!rule.summary.hasSuffix("."), "\(rule.id)")
      #expect(rule.explanation.hasSuffix("."), "\(rule.id)")
    }
    #expect(RuleCatalog.rule("A-086")?.serverText == "must be greater than 0")
    #expect(RuleCatalog.rule("A-999") == nil)
  }

  @Test("Every rule that the sources cite is listed")
  func isComplete() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources/GroveModel")
    var cited: Set<String> = []
    for folder in ["Admission", "Configuration", "Schema"] {
      let folder = root.appendingPathComponent(folder)
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
      where name.hasSuffix(".swift") {
        let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        for match in text.matches(of: #/"((?:W-[AB]-|A-|C-)[A-Z0-9]*[0-9]+)"/#) {
          cited.insert(String(match.1))
        }
      }
    }
    #expect(cited.count > 100)
    // The authorizer's rules are answers, not diagnostics.
    let listed = Set(RuleCatalog.all.map(\.id.rawValue))
    #expect(cited.filter { !listed.contains($0) && !$0.hasPrefix("A-50") }.isEmpty)
    // The rules of the API server are cited where they are checked, in KubernetesValidation.
    #expect(listed.filter { !$0.hasPrefix("K-") && !cited.contains($0) }.isEmpty)
  }
}
