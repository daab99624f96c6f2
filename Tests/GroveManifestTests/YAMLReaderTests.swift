import KubernetesModel
import Testing

@testable import GroveManifest

@Suite struct YAMLReaderTests {
  // MARK: Documents

  @Test func documentsAndSeparators() throws {
    let tape = try YAMLReader.read("a: 1\n--- # comment\nb: 2\n...\n---   \n---\nc: 3\n")
    let values = tape.roots.map { JSONWriter.string(Value(tape: tape, index: $0)) }
    #expect(values == [#"{"a":1}"#, #"{"b":2}"#, #"{"c":3}"#])
  }

  @Test(arguments: ["", "\n\n", "# only a comment\n", "\u{FEFF}"])
  func emptyTexts(_ text: String) throws { #expect(try YAMLReader.read(text).roots.isEmpty) }

  /// kubectl splits line by line and wants nothing but a comment behind the separator.
  @Test(arguments: ["--- a: 1", "--- {a: 1}", "a: 1\n--- |\n  x\n", "--- &a\nb: 1", "--- ''"])
  func contentBehindSeparator(_ text: String) {
    #expect(json(text).contains("only spaces or a comment may follow '---'"))
  }

  @Test func lineEndsMarksAndDirectives() {
    let expected = #"{"a":[1,2],"b":"x y"}"#
    #expect(json("a:\n- 1\n- 2\nb: x y\n") == expected)
    #expect(json("a:\r\n- 1\r\n- 2\r\nb: x y\r\n") == expected)
    #expect(json("\u{FEFF}a:\n- 1\n- 2\nb: x y\n") == expected)
  }

  @Test func blockScalars() {
    #expect(json("a: |\n  x\n   y\n\n  z\n") == #"{"a":"x\n y\n\nz\n"}"#)
    #expect(json("a: |-\n  x\nb: |+\n  y\n\nc: >\n  p\n  q\n") == #"{"a":"x","b":"y\n\n","c":"p q\n"}"#)
    #expect(json("a: |2\n    x\n") == #"{"a":"  x\n"}"#)
  }

  @Test func escapes() {
    #expect(json(#"a: "\x41\u00e9\U0001F600\n\t\\\"\e""#) == #"{"a":"Aé😀\n\t\\\"\u001b"}"#)
    #expect(json(#"a: 'it''s'"#) == #"{"a":"it's"}"#)
  }

  @Test func orderOfMembersIsKept() {
    #expect(json("z: 1\na: 2\nm: {w: 1, b: 2}") == #"{"z":1,"a":2,"m":{"w":1,"b":2}}"#)
  }

  // MARK: Places

  @Test func linesAndColumns() throws {
    let text = "# comment\nspec:\n  containers:\n  - name: a\n    args: [x, \"y\"]\n---\nb:   12\n"
    let tape = try YAMLReader.read(text)
    func place(_ path: String, _ root: Int) -> [UInt32] {
      let match = tape.locate(path, in: tape.roots[root])
      let node = tape[match.node]
      let key = match.key.map { tape[$0] }
      return [key?.line ?? 0, key?.column ?? 0, node.line, node.column]
    }
    #expect(place("spec", 0) == [2, 1, 3, 3])
    #expect(place("spec.containers", 0) == [3, 3, 4, 3])
    #expect(place("spec.containers[0].name", 0) == [4, 5, 4, 11])
    #expect(place("spec.containers[0].args", 0) == [5, 5, 5, 11])
    #expect(place("spec.containers[0].args[1]", 0) == [0, 0, 5, 15])
    #expect(place("b", 1) == [7, 1, 7, 6])
  }

  @Test func columnsCountBytes() throws {
    let tape = try YAMLReader.read("a: {é: \"😀\", b: 1}\nü:   x\n# ß\nc: d\n")
    let places = (0..<tape.count).map { "\(tape[$0].line):\(tape[$0].column)" }
    // { a  { é  😀 b  1  ü  x  c  d
    #expect(places == ["1:1", "1:1", "1:4", "1:5", "1:9", "1:17", "1:20", "2:1", "2:7", "4:1", "4:4"])
  }

  @Test func errorsSayWhere() {
    #expect(json("a: 1\nb: [1, 2\nc: 3\n").hasPrefix("3:2: did not find expected ',' or ']'"))
    #expect(json("a: b: c\n") == "1:5: mapping values are not allowed in this context")
    #expect(json("a:\n\t- 1\n").hasPrefix("2:1: found character that cannot start any token"))
    #expect(
      json("é: \"\\q\"\n")
        == "1:6: found unknown escape character, while parsing a quoted scalar that begins at 1:5")
    #expect(json("k: @x\n").hasPrefix("1:4: "))
    #expect(json("a: 'x\n").contains("that begins at 1:4"))
  }

  // MARK: Anchors, aliases, merge keys

  @Test func aliasesAreExpanded() {
    #expect(json("a: &x {p: 1}\nb: *x\nc: [*x, *x]") == #"{"a":{"p":1},"b":{"p":1},"c":[{"p":1},{"p":1}]}"#)
    #expect(json("a: &x text\nb: *x\n*x : 1") == #"{"a":"text","b":"text","text":1}"#)
    #expect(json("&k 1: a\nb: *k") == #"{"1":"a","b":1}"#)
    #expect(json("a: &x 1\nb: &x 2\nc: *x") == #"{"a":1,"b":2,"c":2}"#)
    #expect(json("a: &x yes\n*x : b") == #"{"a":true,"true":"b"}"#)
    #expect(json("a: &x\nb: *x") == #"{"a":null,"b":null}"#)
  }

  @Test(arguments: [
    ("a: *x", "1:4: the alias *x refers to no anchor"),
    ("a: &x [*x]", "1:8: the anchor &x contains itself"),
    ("a: &x {b: {c: *x}}", "1:15: the anchor &x contains itself"),
    ("a: &x\n  <<: *x", "2:7: the anchor &x contains itself"),
    ("a: &x 1\n---\nb: *x", "3:4: the alias *x refers to no anchor"),
    ("a: &x [1]\n*x : 2", "2:1: a mapping or a list cannot be a key"),
    ("a: &x\n*x : 2", "2:1: a null cannot be a key; quote it if it is text"),
  ])
  func badAliases(_ text: String, _ expected: String) { #expect(json(text) == expected) }

  @Test func aliasesPointToTheirAnchor() throws {
    let value = try yaml("a: &x [5]\nb: *x\n")
    let copy = try #require(value["b"]?[0])
    #expect(copy.tape[copy.index].line == 1)
    #expect(copy.tape[copy.index].column == 8)
  }

  @Test(arguments: [
    ("b: &b {x: 1, w: 2}\nc: {<<: *b, z: 3}", #"{"b":{"x":1,"w":2},"c":{"x":1,"w":2,"z":3}}"#),
    ("b: &b {x: 1, w: 2}\nc: {<<: *b, x: 9}", #"{"b":{"x":1,"w":2},"c":{"w":2,"x":9}}"#),
    ("b: &b {x: 1, w: 2}\nc: {x: 9, <<: *b}", #"{"b":{"x":1,"w":2},"c":{"x":1,"w":2}}"#),
    ("b: &b {x: 1}\nc: {x: 9, <<: *b, x: 8}", #"{"b":{"x":1},"c":{"x":8}}"#),
    ("c: {<<: {x: 1}, w: 2}", #"{"c":{"x":1,"w":2}}"#),
    (
      "a: &a {x: 1}\nb: &b {x: 2, w: 3}\nc: {<<: [*a, *b]}",
      #"{"a":{"x":1},"b":{"x":2,"w":3},"c":{"w":3,"x":1}}"#
    ),
    (
      "a: &a {x: 1}\nb: &b {<<: *a, w: 2}\nc: {<<: *b, z: 3}",
      #"{"a":{"x":1},"b":{"x":1,"w":2},"c":{"x":1,"w":2,"z":3}}"#
    ),
    (#"c: {"<<": 1}"#, #"{"c":{"<<":1}}"#),
    ("c: {<<: []}", #"{"c":{}}"#),
    ("c: {!!merge <<: {x: 1}}", #"{"c":{"x":1}}"#),
    ("c: {<<: {x: 1}, <<: {x: 2, w: 3}}", #"{"c":{"x":2,"w":3}}"#),
    ("a: &a {m: {<<: {p: 1}, q: 2}}\nb: *a", #"{"a":{"m":{"p":1,"q":2}},"b":{"m":{"p":1,"q":2}}}"#),
  ])
  func mergeKeys(_ text: String, _ expected: String) { #expect(json(text) == expected) }

  @Test(arguments: [
    "<<: 1", "<<: [1]", "<<: [[{a: 1}]]", "<<:", "a: &a [{x: 1}]\nb: {<<: *a}", "a: &a 1\nb: {<<: [*a]}",
  ])
  func badMergeValues(_ text: String) {
    #expect(json(text).contains("the value of a merge key (<<) must be a mapping or a list of mappings"))
  }

  /// YAML lets explicit members win wherever they stand; kubectl does not.
  @Test func mergedMembersThatReplaceOthersAreTold() throws {
    let text = Array("b: &b {x: 1, w: 2}\nc:\n  x: 9\n  v: 3\n  <<: *b\nd: {x: 9, <<: *b, x: 8}\n".utf8)
    var duplicates: [DuplicateKey] = []
    _ = try text.withUnsafeBufferPointer { try YAMLReader.read($0, duplicates: &duplicates) }
    let merged = duplicates.filter(\.isMerged)
    #expect(merged.map { "\($0.path) \($0.firstLine) \($0.line):\($0.column)" } == ["c.x 3 5:3"])
  }

  // MARK: What go-yaml has and libyaml has not

  @Test(arguments: [
    (#"a: "it\'s""#, #"{"a":"it's"}"#), (#"{"a": "\'\'", b: '\'}"#, #"{"a":"''","b":"\\"}"#),
    ("a: [x:, z]", #"{"a":["x:","z"]}"#), ("a: {x:[1], y: z}", "1:7: did not find expected ',' or '}'"),
    ("a: [b:]", #"{"a":["b:"]}"#), ("é: [ü:, b]", #"{"é":["ü:","b"]}"#),
    (#"a: "\a\'\v""#, "{\"a\":\"\\u0007'\\u000b\"}"),
  ])
  func goAcceptsMore(_ text: String, _ expected: String) { #expect(json(text).hasPrefix(expected)) }

  @Test(arguments: [
    (#"a: "\/""#, "1:5: found unknown escape character"),
    (#"é: "ü\/""#, "1:8: found unknown escape character"),
    ("a: [b?c]", "1:5: did not find expected ',' or ']'"),
    ("{a?: b}", "1:2: did not find expected ',' or '}'"),
    ("a: [b ?c]", "1:5: did not find expected ',' or ']'"),
  ])
  func goAcceptsLess(_ text: String, _ expected: String) { #expect(json(text).hasPrefix(expected)) }

  @Test(arguments: ["a: b?c", "a: 'x\\/y'", #"a: "\\/""#, "a: ?b", "a: [\"b?\"]"])
  func lookalikesAreFine(_ text: String) throws { _ = try yaml(text) }

  /// kubectl ends every line, cuts at `---` wherever it stands, and reads one document of each piece.
  @Test(arguments: [
    ("a: |\n  x", #"{"a":"x\n"}"#), ("a: >\n  x", #"{"a":"x\n"}"#), ("a: |-\n  x", #"{"a":"x"}"#),
    ("%YAML 1.1\n---\na: 1", "2:1: did not find expected <document start>"),
    ("a: 1\n...\nb: 2", #"{"a":1}"#), ("[a]:b", #"["a"]"#),
    ("a: \"x\n---\ny\"", "2:1: found unexpected end of stream"),
    ("a: 1\n----\nb: 2", "2:4: only spaces or a comment may follow '---'"),
  ])
  func pieces(_ text: String, _ expected: String) { #expect(json(text).hasPrefix(expected)) }

  @Test func whatIsPassedOverIsTold() {
    let manifest = ManifestReader.read("apiVersion: v1\nkind: A\n...\nkind: B\n", source: "f")
    #expect(manifest.documents.map(\.kind) == ["A"])
    #expect(manifest.diagnostics.map(\.rule) == ["M-ignored-rest"])
    #expect(manifest.diagnostics.first?.location?.line == 4)
  }

  // MARK: Duplicates

  @Test func lastDuplicateWins() throws {
    let text = Array("a: 1\nb:\n  x: 1\n  w: 2\n  x: 3\na: 4\nc: {k: 1, k: 2, k: 3}\n".utf8)
    var duplicates: [DuplicateKey] = []
    let tape = try text.withUnsafeBufferPointer { bytes in
      try YAMLReader.read(bytes, duplicates: &duplicates)
    }
    let value = Value(tape: tape, index: tape.roots[0])
    #expect(JSONWriter.string(value) == #"{"a":4,"b":{"w":2,"x":3},"c":{"k":3}}"#)
    #expect(
      duplicates.map { "\($0.path) \($0.firstLine) \($0.line):\($0.column)" } == [
        "a 1 6:1", "b.x 3 5:3", "c.k 7 7:11", "c.k 7 7:17",
      ])
  }

  @Test func duplicatesOfManyMembers() throws {
    var text = ""
    for number in 0..<200 { text += "key\(number): \(number)\n" }
    text += "key17: again\nkey150: again\n"
    let value = try yaml(text)
    #expect(value.count == 200)
    #expect(value["key17"]?.stringValue == "again")
    #expect(value["key150"]?.stringValue == "again")
    #expect(value["key16"]?.integerValue == 16)
  }

  @Test func duplicatesInJSON() throws {
    let tape = try JSONReader.read(#"{"a":1,"b":{"c":1,"c":2},"a":3} {"d":1}"#)
    var duplicates: [DuplicateKey] = []
    let resolved = DuplicateKeys.resolve(tape, reporting: &duplicates)
    #expect(
      resolved.roots.map { JSONWriter.string(Value(tape: resolved, index: $0)) } == [
        #"{"a":3,"b":{"c":2}}"#, #"{"d":1}"#,
      ])
    #expect(duplicates.map(\.path) == ["a", "b.c"])
    let clean = try JSONReader.read(#"{"a":1,"b":{"c":1}}"#)
    #expect(DuplicateKeys.resolve(clean, reporting: &duplicates) === clean)
  }

  @Test func keysThatBecomeEqualAreDuplicates() {
    #expect(json("1: a\n'1': b\nyes: c\ntrue: d") == #"{"1":"b","true":"d"}"#)
  }
}
