/// A span of time in nanoseconds, written as in Go: `4h`, `1h30m`, `1.5s`, `300ms`.
///
/// Inside modules that import this one, the name hides `Swift.Duration` on purpose: API fields such as
/// `terminationDelay` are of this type, which has Go's range (about ±292 years), Go's texts, and no
/// attoseconds. Write `Swift.Duration` for the other.
///
/// Arithmetic saturates at the bounds: a sum of delays from a manifest must not stop a controller.
public struct Duration: Sendable, Hashable {
  /// The length in nanoseconds; negative spans run backwards.
  public var nanoseconds: Int64

  /// A span of so many nanoseconds.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// So many nanoseconds.
  public static func nanoseconds(_ count: Int64) -> Duration { Duration(nanoseconds: count) }

  /// So many microseconds, saturated at ``min`` and ``max``.
  public static func microseconds(_ count: Int64) -> Duration { Duration(nanoseconds: 1_000) * count }

  /// So many milliseconds, saturated at ``min`` and ``max``.
  public static func milliseconds(_ count: Int64) -> Duration { Duration(nanoseconds: 1_000_000) * count }

  /// So many seconds, saturated at ``min`` and ``max``.
  public static func seconds(_ count: Int64) -> Duration { Duration(nanoseconds: 1_000_000_000) * count }

  /// So many minutes, saturated at ``min`` and ``max``.
  public static func minutes(_ count: Int64) -> Duration { Duration(nanoseconds: 60_000_000_000) * count }

  /// So many hours, saturated at ``min`` and ``max``.
  public static func hours(_ count: Int64) -> Duration { Duration(nanoseconds: 3_600_000_000_000) * count }

  /// The longest span, 2⁶³ − 1 nanoseconds.
  public static var max: Duration { Duration(nanoseconds: .max) }

  /// The longest span backwards, −2⁶³ nanoseconds.
  public static var min: Duration { Duration(nanoseconds: .min) }

  /// The length in whole seconds, without the fraction.
  public var wholeSeconds: Int64 { nanoseconds / 1_000_000_000 }
}

extension Duration: Comparable, AdditiveArithmetic {
  /// Orders spans by length, backward ones first.
  public static func < (lhs: Duration, rhs: Duration) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

  /// No time.
  public static var zero: Duration { Duration(nanoseconds: 0) }

  /// The sum, saturated at ``min`` and ``max``.
  public static func + (lhs: Duration, rhs: Duration) -> Duration {
    let (sum, overflow) = lhs.nanoseconds.addingReportingOverflow(rhs.nanoseconds)
    return Duration(nanoseconds: overflow ? (rhs.nanoseconds < 0 ? .min : .max) : sum)
  }

  /// The difference, saturated at ``min`` and ``max``.
  public static func - (lhs: Duration, rhs: Duration) -> Duration {
    let (difference, overflow) = lhs.nanoseconds.subtractingReportingOverflow(rhs.nanoseconds)
    return Duration(nanoseconds: overflow ? (rhs.nanoseconds < 0 ? .max : .min) : difference)
  }

  /// The span in the other direction; that of ``min`` is ``max``.
  public static prefix func - (operand: Duration) -> Duration { .zero - operand }

  /// The product, saturated at ``min`` and ``max``.
  public static func * (lhs: Duration, rhs: Int64) -> Duration {
    let (product, overflow) = lhs.nanoseconds.multipliedReportingOverflow(by: rhs)
    guard overflow else { return Duration(nanoseconds: product) }
    return (lhs.nanoseconds < 0) == (rhs < 0) ? .max : .min
  }

  /// The quotient without its fraction; dividing ``min`` by −1 is ``max``.
  ///
  /// - Precondition: `rhs` is not zero.
  public static func / (lhs: Duration, rhs: Int64) -> Duration {
    precondition(rhs != 0, "division of a duration by zero")
    let (quotient, overflow) = lhs.nanoseconds.dividedReportingOverflow(by: rhs)
    return overflow ? .max : Duration(nanoseconds: quotient)
  }
}

extension Duration: CustomStringConvertible {
  /// The span as Go writes it: `4h0m0s`, `1.5s`, `300ms`, `1µs`, `0s`.
  public var text: String {
    if nanoseconds == 0 { return "0s" }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
      var position = 0
      if nanoseconds < 0 {
        buffer[0] = UInt8(ascii: "-")
        position = 1
      }
      Self.write(nanoseconds.magnitude, to: buffer, at: &position)
      return String(decoding: buffer[..<position], as: UTF8.self)
    }
  }

  /// The span as Go writes it.
  public var description: String { text }

  private static func write(
    _ length: UInt64, to buffer: UnsafeMutableBufferPointer<UInt8>, at position: inout Int
  ) {
    switch length {
    case ..<1_000:
      writeDecimal(length, places: 0, unit: "ns", to: buffer, at: &position)
    case ..<1_000_000:
      writeDecimal(length, places: 3, unit: "µs", to: buffer, at: &position)
    case ..<1_000_000_000:
      writeDecimal(length, places: 6, unit: "ms", to: buffer, at: &position)
    default:
      let minutes = length / 60_000_000_000
      if minutes >= 60 {
        writeDecimal(minutes / 60, places: 0, unit: "h", to: buffer, at: &position)
      }
      if minutes > 0 { writeDecimal(minutes % 60, places: 0, unit: "m", to: buffer, at: &position) }
      writeDecimal(length % 60_000_000_000, places: 9, unit: "s", to: buffer, at: &position)
    }
  }

  /// Writes number × 10^−places without trailing zeros, and a unit.
  private static func writeDecimal(
    _ number: UInt64, places: Int, unit: StaticString,
    to buffer: UnsafeMutableBufferPointer<UInt8>, at position: inout Int
  ) {
    let (whole, fraction) = number.quotientAndRemainder(dividingBy: PowersOfTen[places])
    position = appendDecimal(whole, to: buffer, at: position)
    if fraction != 0 {
      buffer[position] = UInt8(ascii: ".")
      position += 1
      var rest = fraction
      var unit = PowersOfTen[places]
      while rest != 0 {
        unit /= 10
        buffer[position] = UInt8(ascii: "0") + UInt8(rest / unit)
        rest %= unit
        position += 1
      }
    }
    unit.withUTF8Buffer { bytes in
      for byte in bytes {
        buffer[position] = byte
        position += 1
      }
    }
  }
}
