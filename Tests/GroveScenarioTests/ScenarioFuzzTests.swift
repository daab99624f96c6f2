import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveScenario

/// Whatever a file holds, reading it ends, with a scenario or with diagnostics.
struct ScenarioFuzzTests {
  /// A small generator, so that every run sees the same texts.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  private static let pieces = [
    "[]", "{}", "null", "-1", "99999999999999999999", "\"\"", "'*'", "{n/0}", "a..b", "true", "0.5", "> 1",
    "[[]]",
    "{object: pcs/x}", "pcs/", "/x", "\u{0}", "é", "1..0", "&a", "*a",
  ]

  @Test func brokenFilesAreReadToTheEnd() throws {
    var generator = Generator(state: 7)
    let paths = ScenarioFolder.scenarios.filter { ScenarioFolder.isSmall($0) }
    var refused = 0
    for _ in 0..<600 {
      let path = try #require(paths.randomElement(using: &generator))
      var lines = String(decoding: try ScenarioFolder.read(path), as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false
      ).map(String.init)
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<lines.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: lines.remove(at: place)
        case 1: lines.insert(lines[place], at: place)
        case 2: lines[place] = "  " + lines[place]
        default:
          let piece = Self.pieces.randomElement(using: &generator) ?? ""
          let colon = lines[place].firstIndex(of: ":")
          lines[place] = (colon.map { String(lines[place][...$0]) } ?? lines[place]) + " " + piece
        }
        if lines.isEmpty { lines = [""] }
      }
      let folder = path.split(separator: "/").dropLast().joined(separator: "/")
      let text = lines.joined(separator: "\n")
      let (scenario, diagnostics) = ScenarioReader.read(text, source: path) {
        other throws(ScenarioFileError) in
        try ScenarioFolder.read("\(folder)/\(other)")
      }
      if scenario == nil {
        refused += 1
        #expect(!diagnostics.filter { $0.severity == .error }.isEmpty, "\(text)")
      }
    }
    #expect(refused > 200)
  }
}
