extension Quantity: Hashable {
  /// Whether two amounts are the same, however they are written: `1000m` equals `1`.
  public static func == (lhs: Quantity, rhs: Quantity) -> Bool {
    if lhs.number.valueBits != rhs.number.valueBits { return false }
    return !lhs.number.isWide || lhs.amount == rhs.amount
  }

  /// Feeds the value, not the text, to a hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(number.valueBits)
    if number.isWide { hasher.combine(amount) }
  }
}

extension Quantity: Comparable {
  /// Orders amounts by value.
  public static func < (lhs: Quantity, rhs: Quantity) -> Bool {
    if lhs.number.isWide || rhs.number.isWide { return lhs.amount.nanos < rhs.amount.nanos }
    let (a, b) = (lhs.number.mantissa, rhs.number.mantissa)
    if a.signum() != b.signum() || lhs.number.exponent == rhs.number.exponent { return a < b }
    let isCloserToZero = magnitude(
      a.magnitude, lhs.number.exponent, isBelow: b.magnitude, rhs.number.exponent)
    return (a > 0) == isCloserToZero
  }

  /// Compares non-zero a × 10^aExponent with b × 10^bExponent for different exponents; packed numbers
  /// that differ in exponent are never equal.
  private static func magnitude(
    _ a: UInt64, _ aExponent: Int, isBelow b: UInt64, _ bExponent: Int
  ) -> Bool {
    if aExponent > bExponent { return !magnitude(b, bExponent, isBelow: a, aExponent) }
    // 10¹⁷ is above every packed mantissa.
    guard bExponent - aExponent < 17 else { return true }
    let (high, low) = b.multipliedFullWidth(by: PowersOfTen[bExponent - aExponent])
    return high != 0 || a < low
  }
}

extension Quantity: AdditiveArithmetic {
  // Multiplying two quantities has no meaning, so this is not Numeric.

  /// The amount `0`.
  public static var zero: Quantity { Quantity(.zero, format: .decimalSI) }

  /// The exact sum, in canonical form.
  ///
  /// It has the format of the left side, or of the right side if the left one is zero.
  public static func + (lhs: Quantity, rhs: Quantity) -> Quantity {
    Quantity(lhs.amount + rhs.amount, format: lhs.isZero ? rhs.format : lhs.format)
  }

  /// The exact difference, in canonical form, with the format as for a sum.
  public static func - (lhs: Quantity, rhs: Quantity) -> Quantity {
    Quantity(lhs.amount + rhs.amount.negated(), format: lhs.isZero ? rhs.format : lhs.format)
  }

  /// The amount with the opposite sign, in canonical form.
  public static prefix func - (operand: Quantity) -> Quantity {
    Quantity(operand.amount.negated(), format: operand.format)
  }

  /// The exact product, in canonical form: what `rhs` replicas need.
  public static func * (lhs: Quantity, rhs: Int64) -> Quantity {
    Quantity(lhs.amount * rhs, format: lhs.format)
  }

  /// Multiplies in place.
  public static func *= (lhs: inout Quantity, rhs: Int64) {
    lhs = lhs * rhs
  }
}

extension Quantity.Amount {
  func negated() -> Self {
    switch self {
    case .small(let mantissa, let exponent): .small(mantissa: -mantissa, exponent: exponent)
    case .wide(let nanos): .wide(nanos: nanos.negated())
    }
  }

  static func + (lhs: Self, rhs: Self) -> Self {
    if case .small(let a, let aExponent) = lhs, case .small(let b, let bExponent) = rhs {
      if a == 0 { return rhs }
      if b == 0 { return lhs }
      let exponent = min(aExponent, bExponent)
      if let first = shift(a, by: aExponent - exponent), let second = shift(b, by: bExponent - exponent) {
        let (sum, overflow) = first.addingReportingOverflow(second)
        if !overflow {
          return Self(magnitude: sum.magnitude, exponent: exponent, isNegative: sum < 0)
        }
      }
    }
    return Self(nanos: lhs.nanos + rhs.nanos)
  }

  static func * (lhs: Self, rhs: Int64) -> Self {
    if case .small(let mantissa, let exponent) = lhs {
      let (product, overflow) = mantissa.multipliedReportingOverflow(by: rhs)
      if !overflow {
        return Self(magnitude: product.magnitude, exponent: exponent, isNegative: product < 0)
      }
    }
    var nanos = lhs.nanos
    nanos.multiplyMagnitude(by: rhs.magnitude)
    return Self(nanos: rhs < 0 ? nanos.negated() : nanos)
  }

  private static func shift(_ mantissa: Int64, by places: Int) -> Int64? {
    guard places <= 18 else { return nil }
    let (shifted, overflow) = mantissa.multipliedReportingOverflow(by: Int64(PowersOfTen[places]))
    return overflow ? nil : shifted
  }
}
