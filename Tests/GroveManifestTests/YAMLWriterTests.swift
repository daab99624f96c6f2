import KubernetesModel
import Testing

@testable import GroveManifest

/// The style of `kubectl -o yaml`.
@Suite struct YAMLWriterTests {
  private func written(_ json: String) throws -> String { YAMLWriter.string(try value(json)) }

  @Test func listsAreNotIndented() throws {
    let text = try written(#"{"spec":{"args":["a","b"],"deep":[{"x":1,"y":[1,2]},[3,[4]]]},"kind":"K"}"#)
    #expect(
      text == """
        kind: K
        spec:
          args:
          - a
          - b
          deep:
          - x: 1
            "y":
            - 1
            - 2
          - - 3
            - - 4

        """)
  }

  @Test func emptyCollectionsAndNulls() throws {
    let text = try written(#"{"a":{},"b":[],"c":null,"d":[{},[],null,""]}"#)
    #expect(text == "a: {}\nb: []\nc: null\nd:\n- {}\n- []\n- null\n- \"\"\n")
    #expect(try written("{}") == "{}\n")
    #expect(try written("[]") == "[]\n")
    #expect(try written("null") == "null\n")
    #expect(try written("[[],{}]") == "- []\n- {}\n")
  }

  @Test func scalarsAsTheyAre() throws {
    #expect(
      try written(#"{"a":true,"b":false,"c":12,"d":-1.5,"e":1e3}"#)
        == "a: true\nb: false\nc: 12\nd: -1.5\ne: 1e3\n")
  }

  @Test(arguments: [
    "nginx:1.25", "a b c", "1.2.3", "10m", "-a", "?a", ":a", "a:b", "a#b", "it's", "say \"hi\"", "a, b", "a]",
    "a}b",
    "http://x/y?z=1", "/path", "*.x".replacing("*", with: "x"), "é ü", "漢字", "a\u{A0}b", "_", "$(VAR)", "^x$",
    "(a)",
    "tRUE", "yES", "1e400", "0x", "12:60", "1:2:x", "=", "<", "~x", ";", "2026-13-01", "2026-02-30", "a-b",
    "--x", "..x",
    "+", ".", "\\d+",
  ])
  func plain(_ text: String) { #expect(YAMLWriter.string(string(text)) == text + "\n") }

  @Test(arguments: [
    "", "true", "True", "y", "N", "no", "off", "null", "~", "Null", "0", "12", "-7", "+7", "0644", "0o17",
    "0x1F", "0b1",
    "1_000", "1.5", ".5", "1.", "1e3", "08", ".inf", "-.INF", ".NaN", "1:30", "12:34:56", "-1:30.5",
    "2026-08-01",
    "2026-08-01T10:00:00Z", "2026-8-1t1:2:3.25+05:30", "2026-08-01  10:00:00", "18446744073709551616", "<<",
  ])
  func doubleQuotedBecauseItWouldResolve(_ text: String) {
    #expect(YAMLWriter.string(string(text)) == "\"\(text)\"\n")
  }

  @Test(arguments: [
    " a", "a ", "- a", "-", "? a", "?", ": a", ":", "a: b", "a:", "a #b", "#a", ",a", "[a", "]a", "{a", "}a",
    "&a", "*a",
    "!a", "|", ">", "%a", "@a", "`a", "\"a\"", "---", "--- a", "...", "---a", "- ", " ",
  ])
  func singleQuotedBecauseOfSyntax(_ text: String) {
    #expect(YAMLWriter.string(string(text)) == "'\(text)'\n")
  }

  @Test func singleQuotesAreDoubled() {
    #expect(YAMLWriter.string(string("'a'")) == "'''a'''\n")
    #expect(YAMLWriter.string(string("it's: x")) == "'it''s: x'\n")
  }

  @Test(arguments: [
    ("a\tb", #""a\tb""#), ("a\rb", #""a\rb""#), ("\0", #""\0""#),
    ("\u{7}\u{8}\u{B}\u{C}\u{1B}", #""\a\b\v\f\e""#),
    ("\u{1}\u{7F}", #""\x01\x7F""#), ("\u{85}", #""\N""#), ("\u{80}", #""\x80""#),
    ("\u{2028}\u{2029}", #""\L\P""#),
    ("\u{FEFF}", #""\uFEFF""#), ("\u{FFFF}", #""\uFFFF""#), ("ok 😀", #""ok \U0001F600""#),
    ("tab\t\"q\" \\ é", #""tab\t\"q\" \\ é""#), ("a \nb", #""a \nb""#), ("a\n ", #""a\n ""#),
    ("a\tb\n", #""a\tb\n""#),
  ])
  func escapes(_ text: String, _ expected: String) {
    #expect(YAMLWriter.string(string(text)) == expected + "\n")
  }

  @Test func literalBlocks() throws {
    #expect(try written(#"{"a":"x\ny\n"}"#) == "a: |\n  x\n  y\n")
    #expect(try written(#"{"a":"x\ny"}"#) == "a: |-\n  x\n  y\n")
    #expect(try written(#"{"a":"x\n\n"}"#) == "a: |+\n  x\n\n")
    #expect(try written(#"{"a":" x\ny\n"}"#) == "a: |2\n   x\n  y\n")
    #expect(try written(#"{"a":"\nx"}"#) == "a: |2-\n\n  x\n")
    #expect(try written(#"{"a":"\n"}"#) == "a: |2+\n\n")
    #expect(try written(#"{"a":["x\n\n y\n",1]}"#) == "a:\n- |\n  x\n\n   y\n- 1\n")
    #expect(try written(#"{"a":[{"b":"x\ny"}]}"#) == "a:\n- b: |-\n    x\n    y\n")
    #expect(try written(#""x\ny""#) == "|-\n  x\n  y\n")
  }

  @Test func keysAreQuotedLikeTexts() throws {
    #expect(
      try written(#"{"y":1,"true":2,"1":3,"a b":4,"a: b":5,"":6,"x\ny":7,"<<":8,"grove.io/a":9}"#) == """
        "": 6
        "<<": 8
        "1": 3
        a b: 4
        'a: b': 5
        grove.io/a: 9
        "true": 2
        "x\\ny": 7
        "y": 1

        """)
  }

  @Test func longKeysAreExplicit() throws {
    let key = String(repeating: "k", count: 129)
    #expect(try written("{\"\(key)\":1}") == "? \(key)\n: 1\n")
    #expect(try written("{\"\(key)\":{\"a\":1,\"b\":[2]}}") == "? \(key)\n: a: 1\n  b:\n  - 2\n")
    #expect(try written("{\"\(key)\":[1,2]}") == "? \(key)\n: - 1\n  - 2\n")
    #expect(try written("{\"\(key.dropLast())\":1}") == "\(key.dropLast()): 1\n")
  }

  @Test func linesAreNotFolded() throws {
    let text = Array(repeating: "word", count: 100).joined(separator: " ")
    #expect(YAMLWriter.string(string(text)) == text + "\n")
  }

  /// The order of go-yaml's sorter: letters by code point, everything else before letters, digit runs as numbers.
  @Test(arguments: [
    ["a", "ab", "b"], ["a2", "a10"], ["a1", "a01"], ["B", "a"], ["a-b", "aB", "ab"],
    ["a.b", "a0", "a1", "aa"],
    ["a_b", "ab"], ["x1y", "x1z", "x2a"], ["1", "2", "10"], ["a/b", "a/c", "ab"], ["", "a"],
    ["v1", "v1beta1", "v2"],
    ["z", "é"], ["a100", "a10b", "a10c"], ["1-", "10", "11"],
  ])
  func naturalOrder(_ keys: [String]) throws {
    for permutation in [keys, keys.reversed(), Array(keys[1...] + keys[..<1])] {
      let object = Value.object(permutation.map { ($0, Value.integer(1)) })
      let written = try yaml(YAMLWriter.string(object)).members.map(\.name)
      #expect(written == keys)
    }
  }

  /// go-yaml's order has cycles; what is written must not depend on the order of the input.
  @Test func cyclesDoNotDependOnTheInput() {
    let texts = [["12", "1a", "2"], ["2", "1a", "12"], ["1a", "2", "12"], ["1a", "12", "2"]].map { keys in
      YAMLWriter.string(Value.object(keys.map { ($0, Value.null) }))
    }
    #expect(Set(texts).count == 1)
  }

  @Test func severalObjects() throws {
    let values = [try value(#"{"a":1}"#), try value(#"{"b":[]}"#)]
    var output: [UInt8] = []
    ObjectOutput.writeYAML(values, to: &output)
    #expect(String(decoding: output, as: UTF8.self) == "a: 1\n---\nb: []\n")
    ObjectOutput.writeYAML([values[0]], to: &output, continues: true)
    #expect(String(decoding: output, as: UTF8.self) == "a: 1\n---\nb: []\n---\na: 1\n")
    output = []
    ObjectOutput.writeJSONLines(values, to: &output)
    #expect(String(decoding: output, as: UTF8.self) == "{\"a\":1}\n{\"b\":[]}\n")
    output = []
    ObjectOutput.writeJSONList(values, to: &output, indent: nil)
    #expect(
      String(decoding: output, as: UTF8.self)
        == #"{"apiVersion":"v1","items":[{"a":1},{"b":[]}],"kind":"List","metadata":{}}"# + "\n")
    let manifest = ManifestReader.read(
      #"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"A"},{"apiVersion":"v1","kind":"B"}]}"#,
      source: "x")
    #expect(manifest.documents.map(\.kind) == ["A", "B"])
  }
}
