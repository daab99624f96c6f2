import Testing

@testable import KubernetesServer

@Suite("What Go says of texts that are not JSON (V-19)")
struct GoJSONErrorTests {
  @Test(
    "complaints",
    arguments: [
      ("", "unexpected end of JSON input"), ("{", "unexpected end of JSON input"),
      ("{x", "invalid character 'x' looking for beginning of object key string"),
      ("a: b", "invalid character 'a' looking for beginning of value"),
      (#"{"a":1,}"#, "invalid character '}' looking for beginning of object key string"),
      (#"{"a" 1}"#, "invalid character '1' after object key"),
      (#"{"a":1 "b"}"#, "invalid character '\"' after object key:value pair"),
      ("[1 2]", "invalid character '2' after array element"),
      ("1 2", "invalid character '2' after top-level value"),
      ("nonsense", "invalid character 'o' in literal null (expecting 'u')"),
      ("-x", "invalid character 'x' in numeric literal"),
      ("1.x", "invalid character 'x' after decimal point in numeric literal"),
      ("\"\\q\"", "invalid character 'q' in string escape code"),
    ])
  func complaints(text: String, complaint: String) {
    #expect(GoJSONError.message(Array(text.utf8)) == complaint)
  }

  @Test("JSON is JSON", arguments: ["null", "0", "-1.5e3", #"{"a":[true,{"b":"\u00e9"}]}"#, " [ ] "])
  func plain(text: String) { #expect(GoJSONError.message(Array(text.utf8)) == nil) }
}
