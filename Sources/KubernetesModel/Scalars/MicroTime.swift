/// A point in time with microseconds, as in `Lease.spec.renewTime`: always six digits after the second,
/// `2026-01-02T03:04:05.000006Z`.
public struct MicroTime: Sendable, Hashable {
  /// The point; its nanoseconds are a multiple of 1000.
  public let timestamp: Timestamp

  /// The point, without what is below a microsecond.
  public init(_ timestamp: Timestamp) {
    self.timestamp = Timestamp(
      uncheckedSeconds: timestamp.secondsSince1970,
      nanoseconds: timestamp.nanoseconds - timestamp.nanoseconds % 1_000)
  }

  /// Reads RFC 3339 with exactly six digits after the second, as the API server does.
  ///
  /// - Throws: ``TimestampError``.
  public init(parsing text: some StringProtocol) throws(TimestampError) {
    var text = String(text)
    self = try text.withUTF8(Self.read).get()
  }

  /// Reads RFC 3339 with exactly six digits after the second from UTF-8.
  ///
  /// - Throws: ``TimestampError``.
  public init(utf8 bytes: UnsafeBufferPointer<UInt8>) throws(TimestampError) {
    self = try Self.read(bytes).get()
  }

  /// Reads RFC 3339 with exactly six digits after the second, or yields nil.
  public init?(_ text: String) {
    guard let time = try? MicroTime(parsing: text) else { return nil }
    self = time
  }

  private static func read(_ text: UnsafeBufferPointer<UInt8>) -> Result<MicroTime, TimestampError> {
    Timestamp.read(text).flatMap {
      $0.fractionDigits == 6 ? .success(MicroTime($0.timestamp)) : .failure(.badFraction)
    }
  }
}

extension MicroTime: Comparable, CustomStringConvertible {
  /// Orders by time, earlier first.
  public static func < (lhs: MicroTime, rhs: MicroTime) -> Bool { lhs.timestamp < rhs.timestamp }

  /// The point that is a span later, clamped to the years 0001 … 9999.
  public static func + (lhs: MicroTime, rhs: Duration) -> MicroTime { MicroTime(lhs.timestamp + rhs) }

  /// The point that is a span earlier, clamped to the years 0001 … 9999.
  public static func - (lhs: MicroTime, rhs: Duration) -> MicroTime { MicroTime(lhs.timestamp - rhs) }

  /// The span from `rhs` to `lhs`, clamped to ±292 years.
  public static func - (lhs: MicroTime, rhs: MicroTime) -> Duration { lhs.timestamp - rhs.timestamp }

  /// The point as the API writes it: in UTC, with six digits after the second.
  public var text: String { timestamp.text(fractionDigits: 6) }

  /// The point as the API writes it.
  public var description: String { text }
}
