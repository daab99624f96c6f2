import KubernetesModel
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
  private let value = Value.object([
    "b": .array([.integer(1), .null, .boolean(true)]), "a": .string("x\"\\\n\u{1}é"), "c": .object([:]),
    "d": .array([]),
  ])

  @Test func sortsMembersByBytes() {
    #expect(
      JSONWriter.string(value) == #"{"a":"x\"\\\n\u0001é","b":[1,null,true],"c":{},"d":[]}"#)
  }

  @Test func keepsTheGivenOrderWhenAsked() {
    #expect(
      JSONWriter.string(value, options: .init(sortsMembers: false))
        == #"{"b":[1,null,true],"a":"x\"\\\n\u0001é","c":{},"d":[]}"#)
  }

  @Test func indents() {
    #expect(
      JSONWriter.string(.object(["a": .array([.integer(1)]), "b": .object([:])]), options: .init(indent: 2))
        == "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}")
  }

  @Test func escapesAsGoDoesWhenAsked() {
    #expect(jsonString("<a & b>\u{2028}", escapesHTML: true) == "\"\\u003ca \\u0026 b\\u003e\\u2028\"")
    #expect(jsonString("<a & b>\u{2028}") == "\"<a & b>\u{2028}\"")
  }

  @Test func readsBackWhatItWrote() throws {
    let tape = try JSONReader.read(JSONWriter.string(value))
    #expect(Value(tape: tape, index: 0) == value)
  }
}
