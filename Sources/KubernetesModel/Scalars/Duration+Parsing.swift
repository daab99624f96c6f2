/// Why a text is not a ``Duration``. The descriptions are the texts of Go.
public enum DurationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The text is not a sequence of numbers with units.
  case invalid(String)
  /// The last number has no unit.
  case missingUnit(String)
  /// A number has a unit that Go does not know; there is none above hours.
  case unknownUnit(String, in: String)
  /// The span is longer than ``Duration/max``. Go says the same as for ``invalid(_:)``.
  case outOfRange(String)

  /// The reason in words, with the text that was refused.
  public var description: String {
    switch self {
    case .invalid(let text), .outOfRange(let text):
      "time: invalid duration \(quotedAsInGo(text))"
    case .missingUnit(let text):
      "time: missing unit in duration \(quotedAsInGo(text))"
    case .unknownUnit(let unit, let text):
      "time: unknown unit \(quotedAsInGo(unit)) in duration \(quotedAsInGo(text))"
    }
  }
}

extension Duration {
  /// Reads Go syntax: an optional sign, then `0` or numbers with a unit of `ns`, `us` (or `µs`), `ms`,
  /// `s`, `m`, `h`. A part below a nanosecond is cut off.
  ///
  /// - Throws: ``DurationError``.
  /// - Complexity: O(n).
  public init(parsing text: some StringProtocol) throws(DurationError) {
    var text = String(text)
    self = try text.withUTF8(Self.read).get()
  }

  /// Reads Go syntax from UTF-8.
  ///
  /// - Throws: ``DurationError``.
  /// - Complexity: O(n).
  public init(utf8 bytes: UnsafeBufferPointer<UInt8>) throws(DurationError) {
    self = try Self.read(bytes).get()
  }

  /// Reads Go syntax, or yields nil if the text is no duration.
  public init?(_ text: String) {
    guard let duration = try? Duration(parsing: text) else { return nil }
    self = duration
  }

  private static func read(_ text: UnsafeBufferPointer<UInt8>) -> Result<Duration, DurationError> {
    var position = 0
    var isNegative = false
    if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      position = 1
    }
    if text.count - position == 1 && text[position] == UInt8(ascii: "0") { return .success(.zero) }
    guard position < text.count else { return .failure(.invalid(whole(text))) }
    // 2⁶³ is in reach only below zero.
    let bound: UInt64 = 1 << 63
    var total: UInt64 = 0
    while position < text.count {
      var number: Number
      switch readNumber(text, &position) {
      case .success(let read): number = read
      case .failure(let error): return .failure(error)
      }
      let start = position
      while position < text.count && text[position] != UInt8(ascii: ".")
        && !text[position].isASCIIDigit
      {
        position += 1
      }
      if start == position { return .failure(.missingUnit(whole(text))) }
      let unitText = UnsafeBufferPointer(rebasing: text[start..<position])
      guard let unit = unitLength(unitText) else {
        return .failure(.unknownUnit(whole(unitText), in: whole(text)))
      }
      guard let length = number.length(inUnitsOf: unit), length <= bound - total else {
        return .failure(.outOfRange(whole(text)))
      }
      total += length
    }
    if total == bound { return isNegative ? .success(.min) : .failure(.outOfRange(whole(text))) }
    return .success(Duration(nanoseconds: isNegative ? -Int64(total) : Int64(total)))
  }

  private static func whole(_ text: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: text, as: UTF8.self)
  }

  private static func unitLength(_ text: UnsafeBufferPointer<UInt8>) -> UInt64? {
    switch text.count {
    case 1:
      switch text[0] {
      case UInt8(ascii: "s"): return 1_000_000_000
      case UInt8(ascii: "m"): return 60_000_000_000
      case UInt8(ascii: "h"): return 3_600_000_000_000
      default: return nil
      }
    case 2 where text[1] == UInt8(ascii: "s"):
      switch text[0] {
      case UInt8(ascii: "n"): return 1
      case UInt8(ascii: "u"): return 1_000
      case UInt8(ascii: "m"): return 1_000_000
      default: return nil
      }
    // Both the micro sign and the Greek letter are microseconds.
    case 3 where text[2] == UInt8(ascii: "s"):
      let isMicroSign = text[0] == 0xC2 && text[1] == 0xB5
      let isGreekMu = text[0] == 0xCE && text[1] == 0xBC
      return isMicroSign || isGreekMu ? 1_000 : nil
    default:
      return nil
    }
  }

  private struct Number {
    var whole: UInt64 = 0
    var fraction: UInt64 = 0
    /// 10 to the number of digits in the fraction.
    var scale = 1.0

    func length(inUnitsOf unit: UInt64) -> UInt64? {
      let (length, overflow) = whole.multipliedReportingOverflow(by: unit)
      if overflow || length > 1 << 63 { return nil }
      if fraction == 0 { return length }
      // Go uses a double here, so the last nanosecond of long fractions is the double's.
      return length + UInt64(Double(fraction) * (Double(unit) / scale))
    }
  }

  private static func readNumber(
    _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int
  ) -> Result<Number, DurationError> {
    var number = Number()
    let start = position
    while position < text.count && text[position].isASCIIDigit {
      if number.whole > (1 << 63) / 10 { return .failure(.outOfRange(whole(text))) }
      number.whole = number.whole * 10 + UInt64(text[position] & 15)
      if number.whole > 1 << 63 { return .failure(.outOfRange(whole(text))) }
      position += 1
    }
    var hasDigit = position > start
    if position < text.count && text[position] == UInt8(ascii: ".") {
      position += 1
      let point = position
      var isFull = false
      while position < text.count && text[position].isASCIIDigit {
        // Digits that no longer fit 63 bits are skipped.
        if !isFull && number.fraction > (1 << 63 - 1) / 10 { isFull = true }
        if !isFull {
          let next = number.fraction * 10 + UInt64(text[position] & 15)
          if next > 1 << 63 {
            isFull = true
          } else {
            number.fraction = next
            number.scale *= 10
          }
        }
        position += 1
      }
      hasDigit = hasDigit || position > point
    }
    guard hasDigit else { return .failure(.invalid(whole(text))) }
    return .success(number)
  }
}
