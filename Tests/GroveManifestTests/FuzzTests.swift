import Foundation
import KubernetesModel
import TestSupport
import Testing

@testable import GroveManifest

/// What must hold for any bytes at all.
func checkAnyBytes(_ bytes: [UInt8]) throws {
  var limits = ReadLimits()
  limits.aliasNodes = 10_000
  limits.depth = 64
  var options = ManifestReader.Options()
  options.limits = limits
  _ = ManifestReader.read(bytes, source: "fuzz", options: options)
  let tape: Tape
  do {
    tape = try YAMLReader.read(bytes, limits: limits)
  } catch {
    #expect(!error.message.isEmpty)
    return
  }
  for root in tape.roots {
    let value = Value(tape: tape, index: root)
    var output: [UInt8] = []
    YAMLWriter.write(value, to: &output)
    let copy = try YAMLReader.read(output)
    try #require(copy.roots.count == 1, "\(String(decoding: output, as: UTF8.self))")
    #expect(Value(tape: copy, index: copy.roots[0]) == value, "\(String(decoding: output, as: UTF8.self))")
  }
}

@Suite struct FuzzTests {
  private static let seeds = [
    "a: 1\nb: [x, 'y', \"z\\n\"]\nc: {d: |-\n  text\n   more\n}\n",
    "apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n  spec: &s {x: 1, y: ~}\n- <<: *s\n  y: 2026-08-01\n--- # c\n? k\n: v\n",
    "%YAML 1.1\n---\n!!str a: !!int '1'\nb: |+\n  x\n\n...\n---\n- - - 1\n    - 0x1F\n  - .5\n",
    "{\"a\": [1, 2.5e3, null, true], \"b\": {\"c\": \"\\u00e9\\n\"}}\n",
    "k: >2-\n   folded\n    text\n\n  end\nempty:\nt: \"\\x41\\t \\\n  b\"\n\u{e9}\u{2028}: '😀'\n",
  ].map { Array($0.utf8) }

  private static let interesting: [UInt8] =
    Array("\n\t :-?[]{}#&*!|>'\"%@`,.0123456789yntf~<\\_+eEx\r".utf8) + [
      0x00, 0x7F, 0x80, 0xC2, 0x85, 0xE2, 0xA8, 0xEF, 0xBB, 0xBF, 0xFF,
    ]

  @Test(arguments: 0..<40)
  func mutatedTexts(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<150 {
      var text = Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &random)]
      for _ in 0..<Int.random(in: 1...6, using: &random) { Self.mutate(&text, &random) }
      try checkAnyBytes(text)
    }
  }

  private static func mutate(_ text: inout [UInt8], _ random: inout SplitMix64) {
    let place = Int.random(in: 0...text.count, using: &random)
    let byte = interesting[Int.random(in: 0..<interesting.count, using: &random)]
    switch Int.random(in: 0..<5, using: &random) {
    case 0: text.insert(byte, at: place)
    case 1: if place < text.count { text[place] = byte }
    case 2: if place < text.count { text.remove(at: place) }
    case 3:
      let end = min(text.count, place + Int.random(in: 1...12, using: &random))
      text.insert(contentsOf: Array(text[place..<end]), at: Int.random(in: 0...text.count, using: &random))
    default:
      let other = seeds[Int.random(in: 0..<seeds.count, using: &random)]
      text.insert(contentsOf: other[Int.random(in: 0..<other.count, using: &random)...].prefix(20), at: place)
    }
  }

  /// Strings of all sorts of characters, as values and as keys, survive writing and reading.
  @Test(arguments: 0..<20)
  func anyString(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let pool: [UnicodeScalar] = Array(
      " \n\t:-?#'\"\\,[]{}&*!|>%@`.~yn0123456789_+exabAZ/<=\r\u{0}\u{7F}\u{85}\u{A0}é\u{2028}\u{FEFF}\u{FFFF}😀漢"
        .unicodeScalars)
    for _ in 0..<300 {
      var text = ""
      for _ in 0..<Int.random(in: 0...9, using: &random) {
        text.unicodeScalars.append(pool[Int.random(in: 0..<pool.count, using: &random)])
      }
      let value = Value.object([
        ("k", .string(text)), ("l", .array([.string(text), .object([(text, .string(text))])])),
      ])
      let written = YAMLWriter.string(value)
      #expect(try yaml(written) == value, "\(written.debugDescription)")
    }
  }

  /// Whatever a fuzzer found once.
  @Test func keptInputs() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Inputs")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(!names.isEmpty)
    for name in names {
      let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
      try checkAnyBytes(bytes)
      // The names say what a fuzzer found them for: a text that reads, or something to complain about.
      let manifest = ManifestReader.read(bytes, source: name)
      if name.hasPrefix("reads-") {
        #expect(throws: Never.self, "\(name)") { try YAMLReader.read(bytes) }
      } else if name != "ok" {
        #expect(!manifest.diagnostics.isEmpty, "\(name)")
      }
    }
  }
}
