import KubernetesModel
import Testing

@Suite("JSON reader")
struct JSONReaderTests {
  private func read(_ text: String) throws -> Value {
    let tape = try JSONReader.read(text)
    return Value(tape: tape, index: try #require(tape.roots.first))
  }

  @Test func readsEveryKindOfValue() throws {
    let value = try read(#"{"a":[1,-2.5e3,true,false,null,"x"],"b":{},"c":[]}"#)
    #expect(value["a"]?.elements.map(\.kind) == [.integer, .float, .boolean, .boolean, .null, .string])
    #expect(value["a"]?[0]?.integerValue == 1)
    #expect(value["a"]?[1]?.doubleValue == -2500)
    #expect(value["a"]?[1]?.scalarText == "-2.5e3")
    #expect(value["b"]?.kind == .object && value["b"]?.count == 0)
    #expect(value["c"]?.kind == .array && value["c"]?.count == 0)
  }

  @Test func keepsLinesAndColumns() throws {
    let tape = try JSONReader.read("{\n  \"spec\": {\n    \"replicas\": 3\n  }\n}")
    let spec = try #require(tape.member("spec", of: 0))
    let replicas = try #require(tape.member("replicas", of: spec))
    #expect(tape[replicas].line == 3 && tape[replicas].column == 17)
    #expect(tape[replicas - 1].line == 3 && tape[replicas - 1].column == 5)
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9\ud83d\ude00""#, "é😀"), (#""é😀""#, "é😀"),
    (#""""#, ""),
  ])
  func decodesStrings(text: String, expected: String) throws {
    #expect(try read(text).stringValue == expected)
  }

  @Test func readsConcatenatedValues() throws {
    let tape = try JSONReader.read("{\"a\":1}\n{\"b\":2}[3]")
    #expect(tape.roots.count == 3)
  }

  @Test func acceptsAByteOrderMark() throws {
    #expect(try read("\u{FEFF}{\"a\":1}")["a"]?.integerValue == 1)
  }

  @Test(arguments: [
    "{", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "01", "1.", "1e", "-", "tru", "\"abc", "\"\\x\"",
    "\"\\u12\"",
    "[1 2]", "{\"a\":1,}", "nul", "\"a\nb\"", "]", "'a'",
  ])
  func refusesWhatIsNotJSON(text: String) {
    #expect(throws: ReadError.self) { try JSONReader.read(text) }
  }

  /// Go takes half of a surrogate pair for U+FFFD, wherever the other half is missing.
  @Test(arguments: [
    (#""\ud800""#, "\u{FFFD}"), (#""\udc00x""#, "\u{FFFD}x"), (#""\ud800\u0041""#, "\u{FFFD}A"),
    (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\n""#, "\u{FFFD}\n"),
  ])
  func loneSurrogates(_ text: String, _ expected: String) throws {
    let tape = try JSONReader.read(text)
    #expect(Value(tape: tape, index: tape.roots[0]).stringValue == expected)
  }

  @Test func refusesInvalidUTF8WithItsPlace() {
    let bytes: [UInt8] = Array("[\n\"".utf8) + [0xFF] + Array("\"]".utf8)
    #expect(throws: ReadError(.encoding, "invalid UTF-8", line: 2, column: 2)) {
      try bytes.withUnsafeBufferPointer { bytes throws(ReadError) in try JSONReader.read(bytes) }
    }
  }

  @Test func refusesDeepNesting() throws {
    let fine = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
    #expect(try JSONReader.read(fine).count == 256)
    #expect(throws: ReadError(.tooDeep, "nested deeper than 256 levels", line: 1, column: 257)) {
      try JSONReader.read(String(repeating: "[", count: 1_000_000))
    }
  }

  @Test func refusesTooMuchText() {
    var limits = ReadLimits()
    limits.bytes = 4
    #expect(throws: ReadError.self) { try JSONReader.read("[1,2]", limits: limits) }
  }

  @Test func readsNothingFromNothing() throws {
    #expect(try JSONReader.read("").roots.isEmpty)
    #expect(try JSONReader.read(" \n ").roots.isEmpty)
  }
}
