/// An exact amount of a resource, such as `500m` of cpu or `64Gi` of memory.
///
/// The semantics are those of `resource.Quantity` in Kubernetes: a decimal or binary number of any
/// precision down to 1n (one billionth); what is smaller is rounded away from zero to 1n, and a number
/// with a binary suffix is capped at 2⁶³ − 1. There is no floating point anywhere.
///
/// A quantity remembers how it was written, so decoding and encoding leaves the text alone. Equality,
/// hashing and order look at the value only.
///
///     let limit = try Quantity(parsing: "0.5Gi")
///     limit.text           // "0.5Gi"
///     limit.canonicalText  // "512Mi"
///     limit.value          // 536870912
///     limit == Quantity("524288Ki")  // true
///
/// Where this type is deliberately not `resource.Quantity`:
/// - A number needs a digit. The scanner there reads `k`, `+` and `.` as zero by accident; the schema of
///   a custom resource refuses them.
/// - What is read has at most 1024 bytes and a magnitude below 10¹⁰⁰⁰. Go caps no decimal, and computing
///   `1e2147483647 + 1` never ends there; `1e999` is valid in both, `1e1000` only in Go.
/// - What arithmetic yields within these limits reads back as itself: a binary result above 2⁶³ − 1,
///   which reading would cap, is written without a suffix, and a decimal past `E` with an exponent
///   (`1e21`; older releases of Kubernetes drop it and write `1`).
/// - ``value`` and ``milliValue`` saturate instead of wrapping.
///
/// ## Performance characteristics
///
/// 24 bytes. Values of at most 55 significant bits (every amount a cluster has seen) are held inline and
/// allocate nothing if the text has at most 15 bytes; larger ones are recomputed from the text.
public struct Quantity: Sendable {
  /// The amount as it was written, or in canonical form if it was computed.
  public let text: String

  let number: PackedNumber

  /// Which suffixes an amount is written with.
  public enum Format: String, Sendable, Hashable, CaseIterable {
    /// `n u m` (none) `k M G T P E`: powers of 1000.
    case decimalSI = "DecimalSI"
    /// `Ki Mi Gi Ti Pi Ei`: powers of 1024.
    case binarySI = "BinarySI"
    /// `e3`, `E-6`: a power of ten.
    case decimalExponent = "DecimalExponent"
  }

  /// The family of suffixes the amount was written with, kept by ``canonicalText`` and arithmetic.
  public var format: Format { number.format }

  /// The most bytes a text may have to be read.
  public static var maximumTextLength: Int { 1024 }

  /// The most digits before the decimal point a parsed amount may have once its suffix is applied.
  public static var maximumIntegerDigits: Int { 1000 }

  init(text: String, number: PackedNumber) {
    self.text = text
    self.number = number
  }

  /// A computed amount, with its canonical text.
  init(_ amount: Amount, format: Format) {
    self.text = amount.canonicalText(format: format)
    self.number = PackedNumber(amount, format: format)
  }

  /// A whole number.
  ///
  /// The text is canonical, so `Quantity(5000).text` is `5k`.
  public init(_ value: Int64) {
    self.init(Amount(magnitude: value.magnitude, exponent: 0, isNegative: value < 0), format: .decimalSI)
  }

  /// A number of thousandths: `Quantity(milli: 1500)` is `1500m`.
  public init(milli: Int64) {
    self.init(Amount(magnitude: milli.magnitude, exponent: -3, isNegative: milli < 0), format: .decimalSI)
  }
}

extension Quantity {
  /// True for zero.
  public var isZero: Bool { number.isZero }

  /// -1, 0 or 1, like the sign of the amount.
  public var signum: Int {
    number.isWide ? (amount.isNegative ? -1 : 1) : Int(number.mantissa.signum())
  }

  /// The amount as a whole number, rounded away from zero.
  ///
  /// What does not fit is `Int64.min` or `Int64.max`; compare first where that matters.
  public var value: Int64 { scaled(byPowerOfTen: 0) }

  /// The amount in thousandths, rounded away from zero.
  ///
  /// What does not fit is `Int64.min` or `Int64.max`; compare first where that matters.
  public var milliValue: Int64 { scaled(byPowerOfTen: 3) }

  private func scaled(byPowerOfTen power: Int) -> Int64 {
    let number = amount
    let rounded = number.scaled(byPowerOfTen: power)
    guard number.isNegative, rounded < 0, goLayout.decimal != nil else { return rounded }
    // Go cuts off what its big decimals have below zero, and then adds one.
    return number.isWhole(timesPowerOfTen: power) ? rounded : rounded &+ 2
  }

  /// The exact value, unpacked.
  var amount: Amount {
    if !number.isWide {
      return Amount(
        magnitude: number.mantissa.magnitude, exponent: number.exponent, isNegative: number.mantissa < 0)
    }
    var text = text
    return text.withUTF8 { Amount(rereading: $0) }
  }
}

extension Quantity: ExpressibleByIntegerLiteral {
  // There is no string literal: a typing mistake in one could only trap or turn into some other amount.

  /// A whole number.
  public init(integerLiteral value: Int64) {
    self.init(value)
  }
}

extension Quantity: CustomStringConvertible {
  /// The amount as it was written.
  public var description: String { text }
}
