import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveScenario

/// The small languages inside scenario files: counts, patterns, paths, node names.
struct ScenarioModelTests {
  @Test func counts() {
    #expect(CountCheck(parsing: "3") == CountCheck(3))
    #expect(CountCheck(parsing: ">= 3") == CountCheck(least: 3, most: nil))
    #expect(CountCheck(parsing: ">3") == CountCheck(least: 4, most: nil))
    #expect(CountCheck(parsing: "<= 3") == CountCheck(least: nil, most: 3))
    #expect(CountCheck(parsing: "< 3") == CountCheck(least: nil, most: 2))
    #expect(CountCheck(parsing: "2..4") == CountCheck(least: 2, most: 4))
    for text in ["", "x", "-1", "4..2", ">=", "..", "3.5", "1..", "=> 3", "< 0", "> 9223372036854775807"] {
      #expect(CountCheck(parsing: text) == nil, "\(text)")
    }
    #expect((0...5).filter { CountCheck(least: 2, most: 4).holds(for: $0) } == [2, 3, 4])
    #expect((0...5).filter { CountCheck(3).holds(for: $0) } == [3])
  }

  @Test(arguments: [
    ("abc", "abc", true), ("abc", "abcd", false), ("a*", "abc", true), ("*c", "abc", true),
    ("a*c", "ac", true),
    ("a*c", "acb", false), ("a*b*c", "axbxc", true), ("a*b*c", "axcxb", false), ("*", "", true),
    ("ab*ba", "aba", false),
    ("*-pc-*", "x-pc-y", true), ("*bb*", "abab", false), ("", "", true), ("", "a", false),
  ])
  func patterns(_ pattern: String, _ name: String, _ matches: Bool) {
    #expect(NamePattern(pattern).matches(name) == matches)
  }

  private let object = Value.object([
    "spec": .object([
      "items": .array([
        .object(["name": .string("a"), "size": .integer(1)]),
        .object(["name": .string("b"), "size": .integer(2)]),
      ])
    ]),
    "labels": .object(["grove.io/x": .string("y")]),
    "nothing": .null,
  ])

  @Test(arguments: [
    ("spec.items[0].name", "\"a\""), ("spec.items[name=b].size", "2"),
    ("spec.items[*].name", "[\"a\",\"b\"]"),
    ("labels[grove.io/x]", "\"y\""), ("spec.items[size=2].name", "\"b\""), ("spec.items[5]", nil),
    ("spec.none", nil),
    ("nothing", nil), ("spec.items[*].none", "[]"), ("spec.items.name", nil),
  ])
  func pathsRead(_ path: String, _ json: String?) throws {
    let found = try ValuePath(parsing: path).value(in: object)
    #expect(found.map { JSONWriter.string($0) } == json)
    #expect(try ValuePath(parsing: ValuePath(parsing: path).description) == ValuePath(parsing: path))
  }

  @Test(arguments: [
    "", ".", "a.", ".a", "a..b", "a[", "a[]", "a[0", "a[=x]", "a[0]b",
  ])
  func brokenPathsAreRefused(_ path: String) {
    #expect(throws: ValuePathError.self) { try ValuePath(parsing: path) }
  }

  @Test func pathsChange() throws {
    func set(_ path: String, _ value: Value?) throws -> String {
      JSONWriter.string(
        try ValuePath(parsing: path).setting(value, in: .object(["a": .array([.integer(1)])])))
    }
    #expect(try set("a[0]", .integer(2)) == "{\"a\":[2]}")
    #expect(try set("a[1]", .integer(2)) == "{\"a\":[1,2]}")
    #expect(try set("b.c", .integer(2)) == "{\"a\":[1],\"b\":{\"c\":2}}")
    #expect(try set("a", nil) == "{}")
    #expect(try set("a[0]", nil) == "{\"a\":[]}")
    #expect(try set("a[*]", .integer(9)) == "{\"a\":[9]}")
    #expect(throws: ValuePathError.self) { try set("a[2]", .integer(2)) }
    #expect(throws: ValuePathError.self) { try set("a.b", .integer(2)) }
    #expect(throws: ValuePathError.self) { try set("b[0]", .integer(2)) }
    #expect(throws: ValuePathError.self) { try set("a[name=x]", .integer(2)) }
  }

  @Test func nodeTexts() {
    #expect(NodeText("a-{n}-{n/2}-{n%2}-{n/2%2}-{name}")?.text(number: 5, name: "x") == "a-5-2-1-0-x")
    #expect(NodeText("plain")?.isVariable == false)
    for text in ["{", "}", "{m}", "{n/0}", "{n*2}", "{n/}"] { #expect(NodeText(text) == nil, "\(text)") }
  }
}
