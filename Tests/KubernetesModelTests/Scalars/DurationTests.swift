import KubernetesModel
import TestSupport
import Testing

@Suite("Duration")
struct DurationTests {
  @Test(
    "Go syntax is read and written",
    arguments: [
      ("4h", 14_400_000_000_000, "4h0m0s"), ("1h30m", 5_400_000_000_000, "1h30m0s"),
      ("1.5s", 1_500_000_000, "1.5s"), ("-1m", -60_000_000_000, "-1m0s"), ("300ms", 300_000_000, "300ms"),
      ("1us", 1_000, "1µs"), ("1µs", 1_000, "1µs"), ("1μs", 1_000, "1µs"), ("0", 0, "0s"), ("-0", 0, "0s"),
      ("+5s", 5_000_000_000, "5s"), ("0h", 0, "0s"), (".5m", 30_000_000_000, "30s"),
      ("5.s", 5_000_000_000, "5s"),
      ("1h1h", 7_200_000_000_000, "2h0m0s"), ("90s", 90_000_000_000, "1m30s"), ("1ns", 1, "1ns"),
      ("1.0000000001s", 1_000_000_000, "1s"), ("0.3333333333333333333h", 1_200_000_000_000, "20m0s"),
      ("1.000000001s", 1_000_000_001, "1.000000001s"), ("1500us", 1_500_000, "1.5ms"),
      ("61m1.25s", 3_661_250_000_000, "1h1m1.25s"),
      ("9223372036854775807ns", .max, "2562047h47m16.854775807s"),
      ("-9223372036854775808ns", .min, "-2562047h47m16.854775808s"),
      ("-2562047h47m16.854775808s", .min, "-2562047h47m16.854775808s"),
    ] as [(String, Int64, String)])
  func reading(text: String, nanoseconds: Int64, written: String) throws {
    let duration = try Duration(parsing: text)
    #expect(duration.nanoseconds == nanoseconds)
    #expect(duration.text == written)
    #expect(duration.description == written)
    #expect(Duration(written) == duration)
  }

  @Test(
    "what is no duration says why, in the words of Go",
    arguments: [
      ("", #"time: invalid duration """#), ("x", #"time: invalid duration "x""#),
      ("-", #"time: invalid duration "-""#), ("3", #"time: missing unit in duration "3""#),
      ("1h3", #"time: missing unit in duration "1h3""#), ("1d", #"time: unknown unit "d" in duration "1d""#),
      ("1h2x3s", #"time: unknown unit "x" in duration "1h2x3s""#),
      ("1 h", #"time: unknown unit " h" in duration "1 h""#),
      (".s", #"time: invalid duration ".s""#), ("-.s", #"time: invalid duration "-.s""#),
      ("--1s", #"time: invalid duration "--1s""#),
      ("1é", #"time: unknown unit "\xc3\xa9" in duration "1\xc3\xa9""#),
      ("1\"", #"time: unknown unit "\"" in duration "1\"""#),
      ("1\n", #"time: unknown unit "\x0a" in duration "1\x0a""#),
      ("9223372036854775808ns", #"time: invalid duration "9223372036854775808ns""#),
      ("-9223372036854775809ns", #"time: invalid duration "-9223372036854775809ns""#),
      ("3000000h", #"time: invalid duration "3000000h""#),
      ("99999999999999999999s", #"time: invalid duration "99999999999999999999s""#),
      // Go adds these up to 2^64, which wraps to zero; nothing wraps here.
      (
        "9223372036854775808ns9223372036854775808ns",
        #"time: invalid duration "9223372036854775808ns9223372036854775808ns""#
      ),
    ])
  func errors(text: String, message: String) {
    let error = #expect(throws: DurationError.self) { try Duration(parsing: text) }
    #expect(error?.description == message)
    #expect(Duration(text) == nil)
  }

  @Test("callers can tell the faults apart")
  func errorCases() {
    #expect(throws: DurationError.outOfRange("3000000h")) { try Duration(parsing: "3000000h") }
    #expect(throws: DurationError.missingUnit("3")) { try Duration(parsing: "3") }
    #expect(throws: DurationError.unknownUnit("d", in: "1d")) { try Duration(parsing: "1d") }
    #expect(throws: DurationError.invalid("")) { try Duration(parsing: "") }
  }

  @Test("units, and arithmetic that stops at the bounds")
  func arithmetic() {
    #expect(Duration.hours(4) == .minutes(240))
    #expect(Duration.minutes(1) == .seconds(60))
    #expect(Duration.seconds(1) == .milliseconds(1_000))
    #expect(Duration.milliseconds(1) == .microseconds(1_000))
    #expect(Duration.microseconds(1) == .nanoseconds(1_000))
    #expect(Duration.hours(.max) == .max)
    #expect(Duration.seconds(.min) == .min)
    #expect(Duration.max + .nanoseconds(1) == .max)
    #expect(Duration.min - .nanoseconds(1) == .min)
    #expect(Duration.min + .nanoseconds(-1) == .min)
    #expect(Duration.max - .nanoseconds(-1) == .max)
    #expect(-Duration.min == .max)
    #expect(Duration.min * -1 == .max)
    #expect(Duration.min / -1 == .max)
    #expect(Duration.max * 2 == .max)
    #expect(Duration.max * -2 == .min)
    #expect(Duration.seconds(5) * 3 - .seconds(1) == .seconds(14))
    #expect(Duration.seconds(5) / 2 == .milliseconds(2_500))
    #expect(Duration.seconds(-5) / 2 == .milliseconds(-2_500))
    #expect(Duration.milliseconds(-2_500).wholeSeconds == -2)
    #expect(Duration.seconds(1) < .seconds(2) && Duration.seconds(-1) < .zero)
  }

  @Test("what is written is read as the same span")
  func roundTrip() throws {
    var random = SplitMix64(seed: 7)
    for _ in 0..<5_000 {
      let shift = Int64.random(in: 0..<63, using: &random)
      let duration = Duration(nanoseconds: Int64.random(in: .min ... .max, using: &random) >> shift)
      // Go reads fractions as doubles, exact for as many digits as it writes.
      #expect(try Duration(parsing: duration.text) == duration)
    }
  }

  @Test("random bytes are read or refused")
  func fuzz() {
    var random = SplitMix64(seed: 8)
    let likely = Array("0123456789..hmsnuµ+-d\u{7F}".utf8)
    let any = (0...255).map { UInt8($0) }
    var readCount = 0
    for round in 0..<40_000 {
      let bytes = random.bytes(from: round % 4 == 0 ? any : likely, upTo: round % 50 == 0 ? 200 : 8)
      bytes.withUnsafeBufferPointer { buffer in
        do throws(DurationError) {
          let duration = try Duration(utf8: buffer)
          readCount += 1
          #expect(Duration(duration.text) == duration)
        } catch {
          #expect(error.description.hasPrefix("time: "))
        }
      }
    }
    #expect(readCount > 500)
  }
}
