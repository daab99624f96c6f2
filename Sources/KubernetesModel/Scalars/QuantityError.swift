/// Why a text is not a ``Quantity``.
///
/// The descriptions of the first three cases are the texts Kubernetes uses.
public enum QuantityError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The text is empty.
  case empty
  /// The text is not an optional sign, a number with at least one digit, and an optional suffix.
  case badFormat
  /// The number is followed by letters that are no suffix: `1i`, `1ki`, `1e`, `1Mi5`.
  case badSuffix
  /// The text is longer than ``Quantity/maximumTextLength`` bytes.
  case tooLong
  /// The magnitude is 10¹⁰⁰⁰ or more, or a decimal exponent does not fit 32 bits.
  case outOfRange

  /// The reason in words, without the text that was refused.
  public var description: String {
    switch self {
    case .empty, .badFormat:
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    case .badSuffix:
      "unable to parse quantity's suffix"
    case .tooLong:
      "quantity is longer than \(Quantity.maximumTextLength) bytes"
    case .outOfRange:
      "quantity is out of range: the magnitude must be below 10^\(Quantity.maximumIntegerDigits)"
    }
  }
}
