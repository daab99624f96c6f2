import KubernetesModel
import Testing

@testable import GroveManifest

/// The scalar rules of sigs.k8s.io/yaml.
@Suite struct ScalarResolutionTests {
  @Test(arguments: [
    "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE",
  ])
  func trueWords(_ word: String) { #expect(json(word) == "true") }

  @Test(arguments: [
    "n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE",
  ])
  func falseWords(_ word: String) { #expect(json(word) == "false") }

  @Test(arguments: ["~", "null", "Null", "NULL", "a:", "- "])
  func nullWords(_ word: String) {
    #expect(["null", #"{"a":null}"#, "[null]"].contains(json(word)))
  }

  @Test(arguments: [
    "yES", "oN", "tRUE", "TRue", "nO", "nULL", "NUll", "oFF", "ye", "yess", "t", "f", "o", "true ish", "nil",
    "none",
    "~~", "+", ".", "..", "=", "<", "e5", "inf", "nan", "Infinity",
  ])
  func otherWordsAreText(_ word: String) {
    #expect(json("k: \(word)") == "{\"k\":\(jsonString(word))}")
  }

  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("7", "7"), ("+7", "7"), ("-7", "-7"), ("1_000", "1000"), ("1__0_", "10"),
    ("0644", "420"), ("-0644", "-420"), ("0o644", "420"), ("0O17", "15"), ("0x1F", "31"), ("0Xff", "255"),
    ("-0x10", "-16"), ("0b101", "5"), ("0B11", "3"), ("-0b11", "-3"), ("0b-11", "-3"), ("0b+11", "3"),
    ("00", "0"),
    ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
    ("9223372036854775808", "9223372036854775808"), ("18446744073709551615", "18446744073709551615"),
    ("0xFFFFFFFFFFFFFFFF", "18446744073709551615"),
  ])
  func integers(_ text: String, _ expected: String) throws {
    let value = try yaml("k: \(text)")["k"]
    #expect(value?.kind == .integer)
    #expect(value?.scalarText == expected)
  }

  @Test(arguments: [
    ("1.5", "1.5"), ("-1.50", "-1.5"), (".5", "0.5"), ("+.5", "0.5"), ("1.5e-3", "0.0015"),
    ("1_0.2_5", "10.25"),
    (".2_5", "0.25"), ("1e-7", "1e-7"), ("1e21", "1e+21"), ("1.0e+300", "1e+300"),
  ])
  func floats(_ text: String, _ expected: String) throws {
    let value = try yaml("k: \(text)")["k"]
    #expect(value?.kind == .float)
    #expect(value?.scalarText == expected)
  }

  /// Go writes a float without a fraction as digits only, so the API server takes it for an integer.
  @Test(arguments: [
    ("1.", "1"), ("2.0", "2"), ("1e3", "1000"), ("08", "8"), ("0899", "899"), ("-0.0", "0"), ("1E2", "100"),
    ("18446744073709551616", "18446744073709552000"), ("+9223372036854775808", "9223372036854776000"),
  ])
  func wholeFloatsAreIntegers(_ text: String, _ expected: String) throws {
    let value = try yaml("k: \(text)")["k"]
    #expect(value?.kind == .integer)
    #expect(value?.scalarText == expected)
  }

  @Test(arguments: [
    "1:30", "12:34:56", "-1:30.5", "1.2.3", "10m", "2Gi", "0x", "0b", "0o", "0b2", "0o8", "0xG", "1e", "1e+",
    "1e400",
    "-1e999", ".e5", "._5", ".5_", ".5e400", "1.5.", "++1", "+-1", "1 2", "0x1.8p1", "192.168.0.1", "1,5",
    "3d", "_1",
    "0xFFFFFFFFFFFFFFFFF", "2026-08-01", "2026-08-01T10:00:00Z", "2026-8-1 1:2:3.5", "2026-13-01", "1e3x",
  ])
  func numberLikeText(_ text: String) {
    #expect(json("k: \(text)") == "{\"k\":\(jsonString(text))}")
  }

  @Test(arguments: [".inf", "-.inf", "+.INF", ".Inf", ".nan", ".NaN", ".NAN"])
  func infinityHasNoJSON(_ text: String) {
    #expect(json("k: \(text)") == "1:4: \(text) cannot be expressed in JSON; quote it if it is text")
    #expect(json("k: '\(text)'") == "{\"k\":\"\(text)\"}")
  }

  @Test func onlyPlainScalarsResolve() {
    #expect(json(#"{a: "true", b: '12', c: "null", d: ""}"#) == #"{"a":"true","b":"12","c":"null","d":""}"#)
    #expect(json("a: |\n  12\nb: >-\n  true") == #"{"a":"12\n","b":"true"}"#)
  }

  @Test func hugeDigitsAreTextInsteadOfWork() throws {
    let digits = String(repeating: "1", count: 5000)
    #expect(try yaml("k: \(digits)")["k"]?.stringValue == digits)
  }

  @Test(arguments: [
    ("!!str 12", #""12""#), ("!!str", #""""#), ("!!str true", #""true""#), (#"!!int "12""#, "12"),
    ("!!int 0x1F", "31"),
    ("!!float 1", "1"), ("!!float 1.5", "1.5"), ("!!bool yes", "true"), (#"!!null """#, "null"),
    ("!!timestamp 2026-08-01", #""2026-08-01""#), ("!!map {a: 1}", #"{"a":1}"#), ("!!seq [1]", "[1]"),
    ("! [1]", "[1]"), ("!<tag:yaml.org,2002:str> 1", #""1""#),
  ])
  func coreTags(_ text: String, _ expected: String) {
    #expect(json("k: \(text)") == "{\"k\":\(expected)}")
  }

  /// kubectl takes no notice of other tags: a scalar is text, a container what it is.
  @Test(arguments: [
    ("!!binary aGk=", #""hi""#), ("!custom 1", #""1""#), ("!!set {a: b}", #"{"a":"b"}"#), ("!!omap []", "[]"),
    ("!!str {a: 1}", #"{"a":1}"#), ("!!map 1", #""1""#), ("!local [1]", "[1]"),
    ("!<tag:example.com,2000:x> 1", #""1""#), ("! 12", #""12""#), (#"! "12""#, #""12""#),
    ("! &a 12", #""12""#), ("&a ! 12", #""12""#),
  ])
  func otherTagsSayNothing(_ text: String, _ expected: String) {
    #expect(json("k: \(text)") == "{\"k\":\(expected)}")
  }

  @Test func binaryMustBeBase64() { #expect(json("k: !!binary x").hasSuffix("invalid base64 data")) }

  @Test(arguments: ["!!int abc", "!!bool 1", "!!null x", "!!float x", "!!int 1.5", "!!timestamp x"])
  func textMustFitItsTag(_ text: String) {
    #expect(json("k: \(text)").contains("is not what its tag"))
  }

  @Test(arguments: [
    ("1: a", #"{"1":"a"}"#), ("0x10: a", #"{"16":"a"}"#), ("-5: a", #"{"-5":"a"}"#),
    ("yes: a", #"{"true":"a"}"#),
    ("Off: a", #"{"false":"a"}"#), ("1.5: a", #"{"1.5":"a"}"#), ("1e6: a", #"{"1e+06":"a"}"#),
    ("100000.0: a", #"{"100000":"a"}"#), ("1e-5: a", #"{"1e-05":"a"}"#), (".inf: a", #"{".inf":"a"}"#),
    ("-.inf: a", #"{"-.inf":"a"}"#), (".nan: a", #"{".nan":"a"}"#),
    ("3.14159265358979: a", #"{"3.1415927":"a"}"#),
    (#""1": a"#, #"{"1":"a"}"#), ("!!str 1: a", #"{"1":"a"}"#), ("2026-08-01: a", #"{"2026-08-01":"a"}"#),
    ("'': a", #"{"":"a"}"#),
  ])
  func keysBecomeStrings(_ text: String, _ expected: String) { #expect(json(text) == expected) }

  @Test(arguments: ["~: a", "null: a", ": a", "? [a]\n: b", "? {a: b}\n: c", "18446744073709551615: a"])
  func otherKeysAreErrors(_ text: String) {
    #expect(throws: ReadError.self) { try yaml(text) }
  }

  @Test func singleLettersAreTextWhenAsked() throws {
    let value = try yaml("{a: y, b: N, y: yes, n: n}", .singleLettersAreText)
    #expect(JSONWriter.string(value) == #"{"a":"y","b":"N","n":"n","y":true}"#)
  }
}

@Suite struct GoNumberTextTests {
  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (1, "1"), (0.1, "0.1"), (1e20, "100000000000000000000"), (1e21, "1e+21"),
    (0.000001, "0.000001"), (0.0000001, "1e-7"), (1.5e300, "1.5e+300"), (.leastNonzeroMagnitude, "5e-324"),
    (123456.789, "123456.789"), (1.7976931348623157e308, "1.7976931348623157e+308"),
  ])
  func json(_ number: Double, _ expected: String) {
    #expect(String(decoding: GoNumberText.json(number), as: UTF8.self) == expected)
    #expect(
      String(decoding: GoNumberText.json(-number), as: UTF8.self) == (number == 0 ? "0" : "-" + expected))
  }

  @Test(arguments: [
    (0.0, "0"), (1.5, "1.5"), (100_000, "100000"), (999_999, "999999"), (1_000_000, "1e+06"),
    (1_234_567.5, "1.2345675e+06"), (0.0001, "0.0001"), (0.00001, "1e-05"), (1e38, "1e+38"), (1e39, ".inf"),
    (-1.5, "-1.5"),
  ])
  func mapKey(_ number: Double, _ expected: String) {
    #expect(String(decoding: GoNumberText.mapKey(number), as: UTF8.self) == expected)
  }
}
