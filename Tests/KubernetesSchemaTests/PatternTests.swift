import Foundation
import TestSupport
import Testing

@testable import KubernetesModel
@testable import KubernetesSchema

@Suite struct PatternTests {
  @Test(
    arguments: [
      ("^[a-z][a-z0-9-]*$", ["rack", "a", "block-2"], ["", "Rack", "2a", "ra ck", "ra.ck", "räck"]),
      ("^(ab|c)+d?$", ["ab", "abc", "cd", "cccd"], ["", "d", "abd d", "a"]),
      (#"^(\+|-)?[0-9]+(\.[0-9]*)?$"#, ["1", "+1", "-12.", "3.25"], ["", "+", ".5", "1.2.3"]),
      ("^$", [""], ["a"]),
      ("^a?b?c?$", ["", "a", "ac", "abc"], ["ba", "abcd"]),
      ("bc", ["abcd", "bc", "xbc"], ["b", "cb", "b c"]),
      ("^ab", ["ab", "abc"], ["cab", "a"]),
      ("ab$", ["ab", "cab"], ["abc"]),
      ("^[^a-c]+$", ["xyz", "d", "ä"], ["", "xay"]),
      (#"^\d\w\s[.]\.$"#, ["1a ..", "0_\t.."], ["a1 ..", "1a .x"]),
      ("^.$", ["a", "ß", "漢"], ["", "ab", "\n"]),
      ("^[]x]$", ["]", "x"], ["", "[]"]),
      ("^(a|)b$", ["ab", "b"], ["a", "aab"]),
      ("", ["", "anything"], []),
    ] as [(String, [String], [String])])
  func matchesAsGoDoes(_ source: String, _ good: [String], _ bad: [String]) throws {
    let pattern = try Pattern(source)
    for text in good { #expect(pattern.matches(text), "\(source) should match \(text)") }
    for text in bad { #expect(!pattern.matches(text), "\(source) should not match \(text)") }
  }

  @Test(arguments: [
    "a{2}", "(?i)a", "[[:alpha:]]", #"\bx"#, #"\p{L}"#, "a**", "a+?", "a$b", "a^b", "^a|b$", "é", "[é]",
    "(a$|b)",
  ])
  func otherSyntaxIsRefused(_ source: String) {
    let error = #expect(throws: PatternError.self) { try Pattern(source) }
    if case .unsupported = error { return }
    Issue.record("\(source): \(String(describing: error))")
  }

  @Test(arguments: ["(a", "a)", "[a", "*a", "[z-a]", #"a\"#])
  func malformedPatternsAreRefused(_ source: String) {
    let error = #expect(throws: PatternError.self) { try Pattern(source) }
    if case .malformed = error { return }
    Issue.record("\(source): \(String(describing: error))")
  }

  @Test func sizeIsLimited() throws {
    #expect(try Pattern(String(repeating: "a", count: 64)).matches(String(repeating: "a", count: 64)))
    #expect(throws: PatternError.tooLarge) { try Pattern(String(repeating: "a", count: 65)) }
  }

  /// Every pattern of the table compiles: otherwise it would not be checked.
  @Test func theTablesPatternsAreSupported() throws {
    var count = 0
    for type in SchemaTable.kubernetes.types {
      for field in type.fields {
        guard let source = field.pattern else { continue }
        #expect(throws: Never.self, "\(type.name).\(field.name)") { try Pattern(source) }
        count += 1
      }
    }
    #expect(count == 2)
    #expect(SchemaValidator.quantityPattern != nil)
  }

  /// The same answers as Foundation's engine, for random texts over the alphabets of the table's patterns.
  @Test func agreesWithFoundation() throws {
    var generator = SplitMix64(seed: 11)
    let sources = [
      StructuralSchema.quantityPattern, "^[a-z][a-z0-9-]*$",
      "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$",
      "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
    ]
    let letters = Array("aZ09-._/,:+eKMi")
    for source in sources {
      let pattern = try Pattern(source)
      let regex = try NSRegularExpression(pattern: source)
      for _ in 0..<2000 {
        let length = Int.random(in: 0...7, using: &generator)
        let text = String(
          (0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
        let range = NSRange(text.startIndex..., in: text)
        let expected = regex.firstMatch(in: text, range: range) != nil
        if pattern.matches(text) != expected { Issue.record("\(source): \(text)") }
      }
    }
  }

  /// A pattern that ties backtracking engines in knots.
  @Test func hostileTextsCostLinearTime() throws {
    let pattern = try Pattern("^(a|a|b)*(a|aa)*c$")
    #expect(!pattern.matches(String(repeating: "a", count: 100_000)))
  }
}
