extension Quantity {
  /// The exact value of a quantity, unpacked for computing.
  ///
  /// Every value has one representation, so that representations can be compared: `.small` if
  /// mantissa × 10^exponent fits with a mantissa that does not end in zero, else `.wide`.
  enum Amount: Sendable, Hashable {
    /// The mantissa is below 2⁵⁵ in magnitude and not divisible by ten; the exponent is −9 … 22.
    case small(mantissa: Int64, exponent: Int)
    /// The value in billionths.
    case wide(nanos: WideInteger)
  }

  /// Mantissa, exponent and format in one word.
  ///
  /// From bit 0: two bits of format, five of exponent + 9, one that says the value is wide (then it is
  /// found in the text), 56 of mantissa.
  struct PackedNumber: Sendable {
    let bits: Int64

    init(_ amount: Amount, format: Format) {
      let family: Int64 =
        switch format {
        case .decimalSI: 0
        case .binarySI: 1
        case .decimalExponent: 2
        }
      switch amount {
      case .small(let mantissa, let exponent):
        bits = mantissa << 8 | Int64(exponent - Amount.smallestExponent) << 2 | family
      case .wide:
        bits = 0x80 | family
      }
    }

    @inline(__always) var format: Format {
      switch bits & 3 {
      case 0: .decimalSI
      case 1: .binarySI
      default: .decimalExponent
      }
    }

    @inline(__always) var isWide: Bool { bits & 0x80 != 0 }
    @inline(__always) var mantissa: Int64 { bits >> 8 }
    @inline(__always) var exponent: Int { Int(bits >> 2 & 31) + Amount.smallestExponent }
    @inline(__always) var isZero: Bool { !isWide && mantissa == 0 }
    /// All but the format: equal for equal small values.
    @inline(__always) var valueBits: Int64 { bits & ~3 }
  }
}

extension Quantity.Amount {
  static var smallestExponent: Int { -9 }
  static var largestExponent: Int { 22 }
  static var largestMantissa: UInt64 { 1 << 55 - 1 }
  static var zero: Self { .small(mantissa: 0, exponent: 0) }

  /// magnitude × 10^exponent, rounded away from zero to a billionth.
  init(magnitude: UInt64, exponent: Int, isNegative: Bool) {
    guard magnitude != 0 else {
      self = .zero
      return
    }
    var mantissa = magnitude
    var exponent = exponent
    Self.moveZeros(from: &mantissa, to: &exponent)
    if exponent < Self.smallestExponent {
      let excess = Self.smallestExponent - exponent
      let unit = excess <= PowersOfTen.largestExponent ? PowersOfTen[excess] : 0
      // Nothing is left of a mantissa below the unit but the one it is rounded to.
      mantissa = unit == 0 ? 1 : mantissa / unit + (mantissa % unit == 0 ? 0 : 1)
      exponent = Self.smallestExponent
      Self.moveZeros(from: &mantissa, to: &exponent)
    }
    if mantissa <= Self.largestMantissa && exponent <= Self.largestExponent {
      self = .small(mantissa: isNegative ? -Int64(mantissa) : Int64(mantissa), exponent: exponent)
      return
    }
    var nanos = WideInteger(isNegative: isNegative, magnitude: mantissa)
    nanos.multiply(byPowerOfTen: exponent - Self.smallestExponent)
    self = .wide(nanos: nanos)
  }

  /// A number of billionths.
  init(nanos: WideInteger) {
    // A small value is below 2⁵⁵ × 10²² × 10⁹ < 2¹⁹².
    if nanos.words.count <= 3 {
      var rest = nanos
      var exponent = Self.smallestExponent
      while !rest.isZero {
        var shorter = rest
        guard shorter.divideMagnitude(by: 10) == 0 else { break }
        rest = shorter
        exponent += 1
      }
      if let mantissa = rest.singleWord, mantissa <= Self.largestMantissa, exponent <= Self.largestExponent {
        self.init(magnitude: mantissa, exponent: exponent, isNegative: nanos.isNegative)
        return
      }
    }
    self = .wide(nanos: nanos)
  }

  @inline(__always)
  private static func moveZeros(from mantissa: inout UInt64, to exponent: inout Int) {
    while true {
      let (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: 10)
      guard remainder == 0 else { return }
      mantissa = quotient
      exponent += 1
    }
  }

  var isZero: Bool { self == .zero }

  var isNegative: Bool {
    switch self {
    case .small(let mantissa, _): mantissa < 0
    case .wide(let nanos): nanos.isNegative
    }
  }

  /// The value in billionths.
  var nanos: WideInteger {
    switch self {
    case .small(let mantissa, let exponent):
      var nanos = WideInteger(isNegative: mantissa < 0, magnitude: mantissa.magnitude)
      nanos.multiply(byPowerOfTen: exponent - Self.smallestExponent)
      return nanos
    case .wide(let nanos):
      return nanos
    }
  }

  /// The magnitude if it is whole and fits a word.
  var wholeMagnitude: UInt64? {
    switch self {
    case .small(let mantissa, let exponent):
      guard exponent >= 0 else { return mantissa == 0 ? 0 : nil }
      guard exponent <= PowersOfTen.largestExponent else { return nil }
      let (whole, overflow) = mantissa.magnitude.multipliedReportingOverflow(by: PowersOfTen[exponent])
      return overflow ? nil : whole
    case .wide(let nanos):
      var whole = nanos
      guard whole.divideMagnitude(by: PowersOfTen[9]) == 0 else { return nil }
      return whole.singleWord
    }
  }

  /// Whether the value times 10^power is whole. `power` is 0 … 9.
  func isWhole(timesPowerOfTen power: Int) -> Bool {
    switch self {
    case .small(let mantissa, let exponent):
      let shift = exponent + power
      return shift >= 0 || mantissa.magnitude % PowersOfTen[-shift] == 0
    case .wide(let nanos):
      var whole = nanos
      return whole.divideMagnitude(by: PowersOfTen[9 - power]) == 0
    }
  }

  /// The value times 10^power, rounded away from zero and saturated. `power` is 0 … 9.
  func scaled(byPowerOfTen power: Int) -> Int64 {
    let magnitude: UInt64?
    switch self {
    case .small(let mantissa, let exponent):
      let shift = exponent + power
      if shift < 0 {
        let unit = PowersOfTen[-shift]
        magnitude = mantissa.magnitude / unit + (mantissa.magnitude % unit == 0 ? 0 : 1)
      } else if shift <= PowersOfTen.largestExponent {
        let (product, overflow) = mantissa.magnitude.multipliedReportingOverflow(by: PowersOfTen[shift])
        magnitude = overflow ? nil : product
      } else {
        magnitude = mantissa == 0 ? 0 : nil
      }
    case .wide(let nanos):
      var whole = nanos
      whole.divideRoundingAway(byPowerOfTen: 9 - power)
      magnitude = whole.singleWord
    }
    guard let magnitude, magnitude <= Int64.max.magnitude else { return isNegative ? .min : .max }
    return isNegative ? -Int64(magnitude) : Int64(magnitude)
  }
}
