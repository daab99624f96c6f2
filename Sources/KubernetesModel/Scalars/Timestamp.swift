/// A point in time, as in `metadata.creationTimestamp`.
///
/// The API writes it in UTC with whole seconds, `2026-01-02T03:04:05Z`; fractions and offsets are read,
/// and a fraction counts in comparisons until the timestamp is written. Years are 0001 … 9999; arithmetic
/// stops at the bounds. Texts may name the year 0000, and an offset may lead a little beyond either end. There are no leap seconds, as in Unix time, and no clock here: the caller says
/// what time it is.
public struct Timestamp: Sendable, Hashable {
  /// Seconds from 1970-01-01T00:00:00Z to the start of the second this is in.
  public let secondsSince1970: Int64
  /// Nanoseconds from the start of that second, 0 … 999,999,999.
  public let nanoseconds: Int32

  /// A point so many seconds after 1970-01-01T00:00:00Z, clamped to ``min`` … ``max``.
  ///
  /// - Precondition: `nanoseconds` is 0 … 999,999,999.
  public init(secondsSince1970: Int64, nanoseconds: Int32 = 0) {
    precondition((0..<1_000_000_000).contains(nanoseconds), "nanoseconds out of range")
    if secondsSince1970 < Self.smallestSecond {
      self = .min
    } else if secondsSince1970 > Self.largestSecond {
      self = .max
    } else {
      self.init(uncheckedSeconds: secondsSince1970, nanoseconds: nanoseconds)
    }
  }

  init(uncheckedSeconds: Int64, nanoseconds: Int32) {
    self.secondsSince1970 = uncheckedSeconds
    self.nanoseconds = nanoseconds
  }

  static let smallestSecond: Int64 = -62_135_596_800
  static let largestSecond: Int64 = 253_402_300_799

  /// 0001-01-01T00:00:00Z, which is the zero time in Go.
  public static var min: Timestamp { Timestamp(uncheckedSeconds: smallestSecond, nanoseconds: 0) }

  /// The last nanosecond of the year 9999.
  public static var max: Timestamp {
    Timestamp(uncheckedSeconds: largestSecond, nanoseconds: 999_999_999)
  }

  /// The point without the fraction of its second: what remains after writing and reading it.
  public var roundedDownToSecond: Timestamp {
    Timestamp(uncheckedSeconds: secondsSince1970, nanoseconds: 0)
  }
}

extension Timestamp: Comparable {
  /// Orders by time, earlier first.
  public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
    lhs.secondsSince1970 == rhs.secondsSince1970
      ? lhs.nanoseconds < rhs.nanoseconds : lhs.secondsSince1970 < rhs.secondsSince1970
  }

  /// The point that is a span later (or earlier, for a negative span), clamped to ``min`` … ``max``.
  public static func + (lhs: Timestamp, rhs: Duration) -> Timestamp {
    // A span has at most 2³⁴ seconds, a timestamp 2³⁸: no overflow.
    var seconds = lhs.secondsSince1970 + rhs.nanoseconds / 1_000_000_000
    var nanoseconds = Int64(lhs.nanoseconds) + rhs.nanoseconds % 1_000_000_000
    if nanoseconds < 0 {
      nanoseconds += 1_000_000_000
      seconds -= 1
    } else if nanoseconds >= 1_000_000_000 {
      nanoseconds -= 1_000_000_000
      seconds += 1
    }
    return Timestamp(secondsSince1970: seconds, nanoseconds: Int32(nanoseconds))
  }

  /// The point that is a span earlier, clamped to ``min`` … ``max``.
  public static func - (lhs: Timestamp, rhs: Duration) -> Timestamp {
    // −Duration.min is one nanosecond short, so it takes two steps.
    rhs == .min ? lhs + .max + .nanoseconds(1) : lhs + -rhs
  }

  /// The span from `rhs` to `lhs`, clamped to ±292 years as in Go.
  public static func - (lhs: Timestamp, rhs: Timestamp) -> Duration {
    let seconds = lhs.secondsSince1970 - rhs.secondsSince1970
    let nanoseconds = Int64(lhs.nanoseconds) - Int64(rhs.nanoseconds)
    // One second changes over to the nanoseconds, so that both have the sign of the result and clamping
    // the first cannot lose what the second takes off.
    let moved: Int64 = seconds > 0 ? 1 : -1
    return .seconds(seconds - moved) + Duration(nanoseconds: nanoseconds + moved * 1_000_000_000)
  }

  /// Moves to a later point.
  public static func += (lhs: inout Timestamp, rhs: Duration) {
    lhs = lhs + rhs
  }

  /// Moves to an earlier point.
  public static func -= (lhs: inout Timestamp, rhs: Duration) {
    lhs = lhs - rhs
  }
}

extension Timestamp: CustomStringConvertible {
  /// The point as the API writes it: in UTC, without the fraction of the second.
  public var text: String { text(fractionDigits: 0) }

  /// The point in UTC with as many digits of the second as it has.
  public var description: String {
    var digits = nanoseconds == 0 ? 0 : 9
    var rest = nanoseconds
    while rest != 0 && rest % 10 == 0 {
      rest /= 10
      digits -= 1
    }
    return text(fractionDigits: digits)
  }

  func text(fractionDigits: Int) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
      let length = write(to: buffer, fractionDigits: fractionDigits)
      return String(decoding: buffer[..<length], as: UTF8.self)
    }
  }

  /// Writes at most 31 bytes and returns their number.
  private func write(to buffer: UnsafeMutableBufferPointer<UInt8>, fractionDigits: Int) -> Int {
    // Counted from a day before the first that can be read, so that division rounds down.
    let origin = Self.smallestSecond - 800 * 86_400
    let (days, seconds) = (secondsSince1970 - origin).quotientAndRemainder(dividingBy: 86_400)
    let date = CivilDate(daysSince1970: Int(days + origin / 86_400))
    if date.year < 0 || date.year > 9999 {
      return writeFar(date, seconds, to: buffer, fractionDigits: fractionDigits)
    }
    Self.put(date.year, digits: 4, "-", to: buffer, at: 0)
    Self.put(date.month, digits: 2, "-", to: buffer, at: 5)
    Self.put(date.day, digits: 2, "T", to: buffer, at: 8)
    Self.put(Int(seconds / 3_600), digits: 2, ":", to: buffer, at: 11)
    Self.put(Int(seconds / 60 % 60), digits: 2, ":", to: buffer, at: 14)
    Self.put(Int(seconds % 60), digits: 2, fractionDigits == 0 ? "Z" : ".", to: buffer, at: 17)
    guard fractionDigits > 0 else { return 20 }
    let fraction = Int(nanoseconds) / Int(PowersOfTen[9 - fractionDigits])
    Self.put(fraction, digits: fractionDigits, "Z", to: buffer, at: 20)
    return 21 + fractionDigits
  }

  /// A point whose year has a sign or five digits.
  private func writeFar(
    _ date: CivilDate, _ seconds: Int64, to buffer: UnsafeMutableBufferPointer<UInt8>, fractionDigits: Int
  ) -> Int {
    // The same point in a year of four digits that begins on the same day and is as long.
    let days = CivilDate(year: 2000 + (date.year + 400) % 400, month: date.month, day: date.day).daysSince1970
    let near = Timestamp(uncheckedSeconds: Int64(days) * 86_400 + seconds, nanoseconds: nanoseconds)
    var text = date.year < 0 ? "-000\(-date.year)" : "\(date.year)"
    text += near.text(fractionDigits: fractionDigits).dropFirst(4)
    return buffer.initialize(fromContentsOf: Array(text.utf8))
  }

  @inline(__always)
  private static func put(
    _ number: Int, digits: Int, _ terminator: Unicode.Scalar,
    to buffer: UnsafeMutableBufferPointer<UInt8>, at position: Int
  ) {
    var rest = number
    for place in (0..<digits).reversed() {
      buffer[position + place] = UInt8(truncatingIfNeeded: rest % 10) | 0x30
      rest /= 10
    }
    buffer[position + digits] = UInt8(truncatingIfNeeded: terminator.value)
  }
}
