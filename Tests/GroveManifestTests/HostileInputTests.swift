import KubernetesModel
import Testing

@testable import GroveManifest

/// Inputs made to crash, to hang or to fill the memory (issue 2, section 2).
@Suite(.timeLimit(.minutes(2)))
struct HostileInputTests {
  private func code(_ text: String, _ limits: ReadLimits = ReadLimits()) -> ReadError.Code? {
    do {
      _ = try YAMLReader.read(text, limits: limits)
      return nil
    } catch {
      return error.code
    }
  }

  private func code(_ bytes: [UInt8]) -> ReadError.Code? {
    do {
      _ = try YAMLReader.read(bytes)
      return nil
    } catch {
      return error.code
    }
  }

  @Test(arguments: ["[", "- ", "{a: ", "[{a: ", "[{a: ["])
  func deepNesting(_ opening: String) {
    let text = String(repeating: opening, count: 100_000)
    #expect(code(text) == .tooDeep)
  }

  @Test(arguments: ["{", "? ", "[{"])
  func nestedKeys(_ opening: String) {
    let text = String(repeating: opening, count: 100_000)
    #expect(code(text) == .syntax)
  }

  @Test func depthLimitIsExact() {
    let open = String(repeating: "[", count: 256)
    let close = String(repeating: "]", count: 256)
    #expect(code(open + close) == nil)
    #expect(code("[" + open + close + "]") == .tooDeep)
  }

  @Test func greatestDepthIsWrittenToo() throws {
    var limits = ReadLimits()
    limits.depth = 10_000
    let text = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
    let tape = try YAMLReader.read(text, limits: limits)
    let written = YAMLWriter.string(Value(tape: tape, index: tape.roots[0]))
    #expect(written == String(repeating: "- ", count: 9_999) + "[]\n")
    #expect(try YAMLReader.read(written, limits: limits).count == 10_000)
  }

  @Test func depthByIndentation() {
    let text = (0..<300).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(code(text) == .tooDeep)
  }

  @Test func depthByAliases() {
    var text = "a0: &a0 [x]\n"
    for number in 1..<300 { text += "a\(number): &a\(number) [*a\(number - 1)]\n" }
    #expect(code(text) == .tooDeep)
  }

  @Test func aliasBomb() {
    var text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    for number in 1..<30 {
      let alias = "*a\(number - 1)"
      text += "a\(number): &a\(number) [\(Array(repeating: alias, count: 10).joined(separator: ","))]\n"
    }
    #expect(code(text) == .tooLarge)
  }

  @Test func aliasBombOfText() {
    let text =
      "a: &a \(String(repeating: "x", count: 1_000_000))\nb: ["
      + Array(repeating: "*a", count: 100_000).joined(separator: ", ") + "]\n"
    #expect(code(text) == .tooLarge)
  }

  @Test func mergeBomb() {
    var text = "a0: &a0 {k0: 1, l0: 1, m0: 1}\n"
    for number in 1..<40 {
      text += "a\(number): &a\(number) {<<: [*a\(number - 1), *a\(number - 1)], k\(number): 1}\n"
    }
    #expect(code(text) == .tooLarge)
  }

  @Test func millionDocuments() throws {
    let text = String(repeating: "1\n---\n", count: 1_000_000)
    #expect(code(text) == nil)
    #expect(code(text + "1\n") == .tooLarge)
  }

  @Test(arguments: ["k: ", "k: \"", "k: |\n  ", "- "])
  func hugeScalar(_ opening: String) throws {
    var text = Array(opening.utf8)
    text += [UInt8](repeating: 0x78, count: 20_000_000)
    if opening.hasSuffix("\"") { text.append(0x22) }
    let tape = try YAMLReader.read(text)
    #expect(tape.roots.count == 1)
  }

  @Test func tooManyBytes() {
    var limits = ReadLimits()
    limits.bytes = 10
    #expect(code("a: 12345678", limits) == .tooLarge)
    #expect(code("a: 1234567", limits) == nil)
  }

  @Test func tagDirectives() {
    var text = ""
    for number in 0..<100_000 { text += "%TAG !t\(number)! tag:x\(number):\n" }
    #expect(code(text + "---\na: 1\n") == .tooLarge)
  }

  @Test func bytesThatAreNoText() {
    #expect(code([0x61, 0x3A, 0x20, 0x00]) == .encoding)
    #expect(code([0x61, 0x3A, 0x20, 0xFF]) == .encoding)
    #expect(code([0x61, 0x3A, 0x20, 0xC3]) == .encoding)
    #expect(code([0x61, 0x3A, 0x20, 0xED, 0xA0, 0x80]) == .encoding)
    #expect(code([0x61, 0x3A, 0x20, 0x07]) == .encoding)
    #expect(code([0xFF, 0xFE, 0x61, 0x00]) == .encoding)
    #expect(code([UInt8](repeating: 0, count: 4096)) == .encoding)
  }

  @Test func placeOfForbiddenBytes() throws {
    #expect(throws: ReadError(.encoding, "invalid UTF-8", line: 2, column: 4)) {
      try YAMLReader.read(Array("a: 1\nb: ".utf8) + [0xFF])
    }
    #expect(throws: ReadError(.encoding, "control characters are not allowed (U+0000)", line: 2, column: 4)) {
      try YAMLReader.read(Array("a: 1\nb: ".utf8) + [0x00, 0x0A])
    }
  }

  @Test func longKeys() {
    #expect(code(String(repeating: "k", count: 2000) + ": 1") == .syntax)
    #expect(code("? " + String(repeating: "k", count: 2000) + "\n: 1") == nil)
  }

  @Test func manyMembersWithNamesThatLookAlike() throws {
    // All names share length, first and last bytes, so cheap fingerprints collide.
    let text = (0..<20_000).map { "k\($0 + 100_000)aaaaaaaaaaaaaaaaaaaa: 1\n" }.joined()
    let count = try yaml(text).count
    #expect(count == 20_000)
  }

  @Test func selfReferences() {
    for text in ["&a [*a]", "&a {k: *a}", "&a {<<: *a}", "a: &a\n  b: &b\n    c: *a"] {
      #expect(code(text) == .badAlias)
    }
  }
}
