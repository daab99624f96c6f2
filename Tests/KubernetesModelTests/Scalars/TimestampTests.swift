import KubernetesModel
import TestSupport
import Testing

@Suite("Timestamp and MicroTime")
struct TimestampTests {
  @Test(
    "RFC 3339 is read, and written in UTC with whole seconds",
    arguments: [
      ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
      ("2026-01-02T03:04:05Z", 1_767_323_045, 0, "2026-01-02T03:04:05Z"),
      ("2026-01-02T03:04:05.5Z", 1_767_323_045, 500_000_000, "2026-01-02T03:04:05Z"),
      ("2026-01-02T03:04:05.123456789123Z", 1_767_323_045, 123_456_789, "2026-01-02T03:04:05Z"),
      ("2026-01-02T03:04:05+02:30", 1_767_314_045, 0, "2026-01-02T00:34:05Z"),
      ("2026-01-02T03:04:05-23:59", 1_767_409_385, 0, "2026-01-03T03:03:05Z"),
      ("2026-01-02T03:04:05.000000001+00:00", 1_767_323_045, 1, "2026-01-02T03:04:05Z"),
      ("0001-01-01T00:00:00Z", -62_135_596_800, 0, "0001-01-01T00:00:00Z"),
      ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999, "9999-12-31T23:59:59Z"),
      ("2000-02-29T00:00:00Z", 951_782_400, 0, "2000-02-29T00:00:00Z"),
      ("1969-12-31T23:59:59.25Z", -1, 250_000_000, "1969-12-31T23:59:59Z"),
    ] as [(String, Int64, Int32, String)])
  func reading(text: String, seconds: Int64, nanoseconds: Int32, written: String) throws {
    let timestamp = try Timestamp(parsing: text)
    #expect(timestamp.secondsSince1970 == seconds)
    #expect(timestamp.nanoseconds == nanoseconds)
    #expect(timestamp.text == written)
    #expect(Timestamp(written) == timestamp.roundedDownToSecond)
    #expect(Timestamp(timestamp.description) == timestamp)
    #expect(Timestamp(secondsSince1970: seconds, nanoseconds: nanoseconds) == timestamp)
  }

  @Test(
    "what is no time says why",
    arguments: [
      ("", .badFormat), ("2026-01-02", .badFormat), ("2026-01-02T03:04:05", .badFormat),
      ("2026-01-02 03:04:05Z", .badFormat), ("2026-01-02t03:04:05Z", .badFormat),
      ("2026-01-02T03:04:05z", .badFormat), ("2026-01-02T:04:05Z", .badFormat),
      ("2026-01-02T03:04:05,Z", .badFormat), ("2026-01-02T03:04:05.Z", .badFormat),
      ("2026-01-02T03:04:05Zx", .badFormat), ("2026-01-02T03:04:05+0200", .badFormat),
      ("2026-01-02T03:04:05+02", .badFormat), ("+026-01-02T03:04:05Z", .badFormat),
      ("2026-01-02T03:04:05.123", .badFormat), ("2026-00-02T03:04:05Z", .outOfRange(.month)),
      ("2026-13-02T03:04:05Z", .outOfRange(.month)), ("2026-01-00T03:04:05Z", .outOfRange(.day)),
      ("2026-02-29T03:04:05Z", .outOfRange(.day)), ("1900-02-29T03:04:05Z", .outOfRange(.day)),
      ("2026-04-31T03:04:05Z", .outOfRange(.day)), ("2026-01-02T24:04:05Z", .outOfRange(.hour)),
      ("2026-01-02T03:60:05Z", .outOfRange(.minute)), ("2026-01-02T03:04:60Z", .outOfRange(.second)),
      ("2026-01-02T03:04:05+25:00", .outOfRange(.offset)),
      ("2026-01-02T03:04:05-01:61", .outOfRange(.offset)),
    ] as [(String, TimestampError)])
  func errors(text: String, expected: TimestampError) {
    #expect(throws: expected) { try Timestamp(parsing: text) }
    #expect(Timestamp(text) == nil)
  }

  @Test(
    "what Go takes beyond RFC 3339",
    arguments: [
      ("2026-01-02T3:04:05Z", "2026-01-02T03:04:05Z"), ("2026-01-02T03:04:05,5Z", "2026-01-02T03:04:05Z"),
      ("2026-01-02T03:04:05+24:00", "2026-01-01T03:04:05Z"),
      ("2026-01-02T03:04:05+00:60", "2026-01-02T02:04:05Z"),
      ("0000-12-31T23:59:59Z", "0000-12-31T23:59:59Z"),
      ("0000-01-01T00:00:00+00:01", "-0001-12-31T23:59:00Z"),
      ("9999-12-31T23:59:59-00:01", "10000-01-01T00:00:59Z"),
    ])
  func laxForms(text: String, written: String) throws {
    #expect(try Timestamp(parsing: text).text == written)
  }

  @Test(
    "messages name the part",
    arguments: [
      (.outOfRange(.month), "month out of range"), (.outOfRange(.offset), "time zone offset out of range"),
      (.badFormat, "not a time in RFC 3339 form, like 2006-01-02T15:04:05Z"),
    ] as [(TimestampError, String)])
  func messages(error: TimestampError, message: String) {
    #expect(error.description == message)
  }

  @Test("descriptions have as many digits as the time")
  func descriptions() throws {
    let text = "2026-01-02T03:04:05"
    for ending in ["Z", ".5Z", ".25Z", ".000001Z", ".123456789Z", ".1234567Z"] {
      #expect(try Timestamp(parsing: text + ending).description == text + ending)
    }
  }

  /// A leap year in four, none in 1900 and 2100, one in 2000, and both ends of the range.
  @Test("every day is one day after the day before", arguments: [1...5, 1895...2105, 9995...9999])
  func calendar(years: ClosedRange<Int>) throws {
    var timestamp = try Timestamp(parsing: "\(padded(years.lowerBound, 4))-01-01T00:00:00Z")
    for year in years {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for (month, days) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
        for day in 1...days {
          let expected = "\(padded(year, 4))-\(padded(month + 1, 2))-\(padded(day, 2))T00:00:00Z"
          try #require(timestamp.text == expected)
          try #require(Timestamp(expected) == timestamp)
          timestamp += .hours(24)
        }
      }
    }
    #expect(years.upperBound < 9999 || timestamp == .max)
  }

  private func padded(_ number: Int, _ length: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: length - digits.count) + digits
  }

  @Test("adding and subtracting spans")
  func arithmetic() throws {
    let start = try Timestamp(parsing: "2026-01-01T00:00:00.25Z")
    #expect((start + .milliseconds(750)).description == "2026-01-01T00:00:01Z")
    #expect((start - .milliseconds(500)).description == "2025-12-31T23:59:59.75Z")
    #expect((start + .hours(24 * 31)).description == "2026-02-01T00:00:00.25Z")
    #expect(start + .seconds(90) - start == .seconds(90))
    #expect(start - (start + .nanoseconds(1)) == .nanoseconds(-1))
    var moved = start
    moved += .minutes(1)
    moved -= .seconds(60)
    #expect(moved == start)
    #expect(start < start + .nanoseconds(1))
    #expect(start - .seconds(1) < start)
  }

  @Test("arithmetic stops at the bounds")
  func bounds() {
    #expect(Timestamp.max + .nanoseconds(1) == .max)
    #expect(Timestamp.min - .nanoseconds(1) == .min)
    #expect(Timestamp(secondsSince1970: .max) == .max)
    #expect(Timestamp(secondsSince1970: .min, nanoseconds: 5) == .min)
    #expect(Timestamp.max - .min == Duration.max)
    #expect(Timestamp.min - .max == Duration.min)
    let epoch = Timestamp(secondsSince1970: 0)
    #expect((epoch + .max) - epoch == .max)
    #expect((epoch + .min) - epoch == .min)
    #expect(epoch - Duration.min - epoch == .max)
    #expect((epoch - Duration.min).nanoseconds == 854_775_808)
    // 2^63 ns is 9223372036.854775808 s: one second more with a smaller fraction still fits.
    let late = Timestamp(secondsSince1970: 9_223_372_037, nanoseconds: 0)
    #expect(late - Timestamp(secondsSince1970: 0, nanoseconds: 145_224_193) == .max)
    #expect(late - Timestamp(secondsSince1970: 0, nanoseconds: 145_224_194) == .max - .nanoseconds(1))
    #expect(
      Timestamp(secondsSince1970: 0, nanoseconds: 145_224_193) - late == .min + .nanoseconds(1))
  }

  @Test("MicroTime has six digits, no more and no fewer")
  func microTime() throws {
    let time = try MicroTime(parsing: "2026-01-02T03:04:05.000006Z")
    #expect(time.text == "2026-01-02T03:04:05.000006Z")
    #expect(time.timestamp.nanoseconds == 6_000)
    #expect(try MicroTime(parsing: "2026-01-02T03:04:05.100000+01:00").text == "2026-01-02T02:04:05.100000Z")
    let precise = try Timestamp(parsing: "2026-01-02T03:04:05.123456789Z")
    #expect(MicroTime(precise).text == "2026-01-02T03:04:05.123456Z")
    #expect(MicroTime(time.timestamp + .nanoseconds(999)) == time)
    #expect(time + .microseconds(1) - time == .microseconds(1))
    #expect(time - .seconds(1) < time)
    for text in ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.00006Z", "2026-01-02T03:04:05.0000060Z"] {
      #expect(throws: TimestampError.badFraction) { try MicroTime(parsing: text) }
      #expect(MicroTime(text) == nil)
    }
    #expect(throws: TimestampError.badFormat) { try MicroTime(parsing: "now") }
  }

  @Test("random bytes are read or refused, and what is read is written back as the same point")
  func fuzz() {
    var random = SplitMix64(seed: 6)
    let template = Array("2026-01-02T03:04:05.000006+02:00".utf8)
    let alphabet = Array("0123456789-:.TZ+ \u{FF}".utf8)
    var readCount = 0
    for round in 0..<40_000 {
      var bytes = template
      if round % 2 == 0 { bytes.removeLast(Int.random(in: 0...13, using: &random)) }
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] =
          alphabet[Int.random(in: alphabet.indices, using: &random)]
      }
      if round % 10 == 0 { bytes = random.bytes(from: alphabet, upTo: 40) }
      bytes.withUnsafeBufferPointer { buffer in
        _ = try? MicroTime(utf8: buffer)
        guard let timestamp = try? Timestamp(utf8: buffer) else { return }
        readCount += 1
        #expect(Timestamp(timestamp.description) == timestamp)
        #expect(Timestamp(timestamp.text) == timestamp.roundedDownToSecond)
      }
    }
    #expect(readCount > 1_000)
  }
}
