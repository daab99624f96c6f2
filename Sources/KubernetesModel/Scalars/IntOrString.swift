/// A value that is either a whole number or a text, such as a port (`8080` or `http`) or a share of
/// replicas (`1` or `25%`).
///
/// A JSON string stays a string even if it looks like a number: `"80"` and `80` are different values.
public enum IntOrString: Sendable, Hashable {
  /// A number.
  case int(Int32)
  /// A text.
  case string(String)

  /// Reads command line input: a number if it is a decimal that fits 32 bits, else a text.
  public init(parsing text: some StringProtocol) {
    self = Int32(text).map(IntOrString.int) ?? .string(String(text))
  }

  /// The number, or the text read as a decimal number, or 0 if it is none. A number that does not fit is the greatest
  /// or the least that does, also when something else follows so many digits, as in Go.
  public var intValue: Int {
    switch self {
    case .int(let value): Int(value)
    case .string(let text): Int(text) ?? Self.clamped(text)
    }
  }

  private static func clamped(_ text: String) -> Int {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    var magnitude: UInt64 = 0
    for byte in text.utf8.drop(while: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }) {
      guard byte.isASCIIDigit else { return 0 }
      let (scaled, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = scaled.addingReportingOverflow(UInt64(byte & 15))
      if overflow || carry { return isNegative ? .min : .max }
      magnitude = sum
    }
    return magnitude > Int.max.magnitude ? (isNegative ? .min : .max) : 0
  }
}

extension IntOrString: CustomStringConvertible {
  /// The text, or the number in decimal.
  public var description: String {
    switch self {
    case .int(let value): String(value)
    case .string(let text): text
    }
  }
}

extension IntOrString: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  /// A number.
  public init(integerLiteral value: Int32) {
    self = .int(value)
  }

  /// A text.
  public init(stringLiteral value: String) {
    self = .string(value)
  }
}

extension IntOrString {
  /// Which way a share that is not whole is rounded.
  public enum PercentRounding: Sendable, Hashable {
    /// Towards negative infinity.
    case down
    /// Towards positive infinity.
    case up
  }

  /// The number itself, or a percentage of a total: `25%` of 10 is 2 rounded down and 3 rounded up.
  ///
  /// The product is exact, not a rounded float as in Go; it saturates at the bounds of `Int`.
  ///
  /// - Throws: ``IntOrStringError`` if it is a text that is not a whole number followed by `%`.
  public func scaled(to total: Int, rounding: PercentRounding) throws(IntOrStringError) -> Int {
    switch self {
    case .int(let value):
      return Int(value)
    case .string(let text):
      guard text.utf8.last == UInt8(ascii: "%") else { throw .notAPercentage }
      guard let percent = Int(text.dropLast()) else { throw .badPercentage(text) }
      let isNegative = (percent < 0) != (total < 0)
      let (high, low) = percent.magnitude.multipliedFullWidth(by: total.magnitude)
      guard high < 100 else { return isNegative ? .min : .max }
      let (quotient, remainder) = UInt(100).dividingFullWidth((high, low))
      let isAwayFromZero = remainder != 0 && (rounding == .up) != isNegative
      let (magnitude, overflow) = quotient.addingReportingOverflow(isAwayFromZero ? 1 : 0)
      guard !overflow, magnitude <= Int.max.magnitude else { return isNegative ? .min : .max }
      return isNegative ? -Int(magnitude) : Int(magnitude)
    }
  }
}

/// Why an ``IntOrString`` is no share of a total.
///
/// The descriptions are the texts Kubernetes uses.
public enum IntOrStringError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The text does not end in `%`.
  case notAPercentage
  /// What stands before the `%` of this text is no whole number.
  case badPercentage(String)

  /// The reason in words.
  public var description: String {
    switch self {
    case .notAPercentage:
      "invalid value for IntOrString: invalid type: string is not a percentage"
    case .badPercentage(let text):
      "invalid value for IntOrString: invalid value \(quotedAsInGo(text)): strconv.Atoi: parsing "
        + "\(quotedAsInGo(String(text.dropLast()))): \(Self.fault(text.dropLast()))"
    }
  }

  private static func fault(_ number: Substring) -> String {
    let digits = number.drop { $0 == "+" || $0 == "-" }
    let isNumber = !digits.isEmpty && number.utf8.count - digits.utf8.count <= 1
    return isNumber && digits.utf8.allSatisfy(\.isASCIIDigit)
      ? "value out of range" : "invalid syntax"
  }
}
