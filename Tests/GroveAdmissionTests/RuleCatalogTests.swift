import Foundation
import GroveModel
import KubernetesModel
import TestSupport
import Testing

@testable import GroveAdmission

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
    let sources = SharedFiles.package.appending(path: "Sources")
    var cited: Set<String> = []
    for module in ["GroveAdmission", "GroveModel"] {
      let files = FileManager.default.enumerator(
        at: sources.appending(path: module), includingPropertiesForKeys: nil)
      for case let file as URL in try #require(files) where file.pathExtension == "swift" {
        let text = try String(contentsOf: file, encoding: .utf8)
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
