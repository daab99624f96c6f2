/// Why a text is not a ``Timestamp`` or ``MicroTime``.
public enum TimestampError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The text does not have the form `2006-01-02T15:04:05Z`, with an optional fraction of the second and
  /// `Z` or an offset such as `+07:00` at the end.
  case badFormat
  /// The text has no fraction of exactly six digits, which a ``MicroTime`` needs.
  case badFraction
  /// A part of the date or time, named in words, has a number that does not exist.
  case outOfRange(Component)

  /// A part of a date or time.
  public enum Component: String, Sendable, Hashable {
    /// The year in UTC, 0001 … 9999.
    case year
    /// The month, 01 … 12.
    case month
    /// The day, 01 … 31 or as many as the month has.
    case day
    /// The hour, 00 … 23.
    case hour
    /// The minute, 00 … 59.
    case minute
    /// The second, 00 … 59.
    case second
    /// The distance from UTC, at most 23:59 either way.
    case offset = "time zone offset"
  }

  /// The reason in words, without the text that was refused.
  public var description: String {
    switch self {
    case .badFormat: "not a time in RFC 3339 form, like 2006-01-02T15:04:05Z"
    case .badFraction: "not a time with six digits after the second, like 2006-01-02T15:04:05.000000Z"
    case .outOfRange(let component): "\(component.rawValue) out of range"
    }
  }
}

extension Timestamp {
  /// Reads RFC 3339: a date, an upper-case `T`, a time with an optional fraction, and `Z` or an offset.
  ///
  /// As Go does, it takes one digit for the hour, a comma before the fraction, and offsets up to 24:60. Digits of the
  /// fraction after the ninth are cut off.
  ///
  /// - Throws: ``TimestampError``.
  public init(parsing text: some StringProtocol) throws(TimestampError) {
    var text = String(text)
    self = try text.withUTF8 { Self.read($0).map(\.timestamp) }.get()
  }

  /// Reads RFC 3339 from UTF-8.
  ///
  /// - Throws: ``TimestampError``.
  public init(utf8 bytes: UnsafeBufferPointer<UInt8>) throws(TimestampError) {
    self = try Self.read(bytes).get().timestamp
  }

  /// Reads RFC 3339, or yields nil if the text is no timestamp.
  public init?(_ text: String) {
    guard let timestamp = try? Timestamp(parsing: text) else { return nil }
    self = timestamp
  }

  package struct Reading {
    package var timestamp: Timestamp
    package var fractionDigits: Int
  }

  package static func read(_ text: UnsafeBufferPointer<UInt8>) -> Result<Reading, TimestampError> {
    // 2006-01-02T5:04:05 and at least a Z.
    guard text.count >= 19, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      text[10] == UInt8(ascii: "T")
    else { return .failure(.badFormat) }
    // Where the hour ends: it has one digit or two.
    let colon = text[12] == UInt8(ascii: ":") ? 12 : 13
    guard text.count >= colon + 7, text[colon] == UInt8(ascii: ":"), text[colon + 3] == UInt8(ascii: ":")
    else { return .failure(.badFormat) }
    let century = twoDigits(text, 0)
    let yearOfCentury = twoDigits(text, 2)
    let month = twoDigits(text, 5)
    let day = twoDigits(text, 8)
    let hour = colon == 13 ? twoDigits(text, 11) : text[11].isASCIIDigit ? Int(text[11] & 15) : -1
    let minute = twoDigits(text, colon + 1)
    let second = twoDigits(text, colon + 4)
    guard century | yearOfCentury | month | day | hour | minute | second >= 0 else {
      return .failure(.badFormat)
    }
    let year = century * 100 + yearOfCentury
    guard (1...12).contains(month) else { return .failure(.outOfRange(.month)) }
    guard day >= 1, day <= CivilDate.dayCount(year: year, month: month) else {
      return .failure(.outOfRange(.day))
    }
    guard hour < 24 else { return .failure(.outOfRange(.hour)) }
    guard minute < 60 else { return .failure(.outOfRange(.minute)) }
    guard second < 60 else { return .failure(.outOfRange(.second)) }

    var position = colon + 6
    var fraction = 0
    var fractionDigits = 0
    if text[position] == UInt8(ascii: ".") || text[position] == UInt8(ascii: ",") {
      position += 1
      while position < text.count, text[position].isASCIIDigit {
        if fractionDigits < 9 { fraction = fraction * 10 + Int(text[position] & 15) }
        fractionDigits += 1
        position += 1
      }
      guard fractionDigits > 0 else { return .failure(.badFormat) }
      if fractionDigits < 9 { fraction *= Int(PowersOfTen[9 - fractionDigits]) }
    }
    let offset: Int
    switch readOffset(text, from: position) {
    case .success(let read): offset = read
    case .failure(let error): return .failure(error)
    }
    let days = CivilDate(year: year, month: month, day: day).daysSince1970
    let seconds = Int64(days * 86_400 + hour * 3_600 + minute * 60 + second - offset)
    let timestamp = Timestamp(uncheckedSeconds: seconds, nanoseconds: Int32(truncatingIfNeeded: fraction))
    return .success(Reading(timestamp: timestamp, fractionDigits: fractionDigits))
  }

  /// Seconds east of UTC.
  private static func readOffset(
    _ text: UnsafeBufferPointer<UInt8>, from position: Int
  ) -> Result<Int, TimestampError> {
    guard position < text.count else { return .failure(.badFormat) }
    let sign = text[position]
    if sign == UInt8(ascii: "Z") {
      return text.count == position + 1 ? .success(0) : .failure(.badFormat)
    }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), text.count == position + 6,
      text[position + 3] == UInt8(ascii: ":")
    else { return .failure(.badFormat) }
    let hours = twoDigits(text, position + 1)
    let minutes = twoDigits(text, position + 4)
    guard hours | minutes >= 0 else { return .failure(.badFormat) }
    guard hours <= 24, minutes <= 60 else { return .failure(.outOfRange(.offset)) }
    let distance = hours * 3_600 + minutes * 60
    return .success(sign == UInt8(ascii: "-") ? -distance : distance)
  }

  /// The number at a position, or −1 if there are not two digits.
  @inline(__always)
  private static func twoDigits(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int {
    let tens = text[position] &- UInt8(ascii: "0")
    let ones = text[position + 1] &- UInt8(ascii: "0")
    return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : -1
  }
}
