extension Quantity {
  /// The amount in canonical form: no fraction, the largest suffix of the family that allows that, a
  /// sign only below zero.
  ///
  /// `1000m` is `1`, `0.5` is `500m`, `1.5Gi` is `1536Mi`, `1e4` is `10e3`. A binary amount that is below
  /// 1024 in magnitude or not whole is written as a decimal one.
  ///
  /// Kubernetes itself writes some texts back unchanged that are not in this form: `+1`, `01`, `1.234`.
  /// ``goLayout`` says which.
  public var canonicalText: String { amount.canonicalText(format: format) }

  /// True if ``text`` is ``canonicalText``.
  public var isCanonical: Bool { text == canonicalText }

  /// The same amount, written canonically.
  public func canonicalized() -> Quantity {
    let canonical = canonicalText
    return canonical == text ? self : Quantity(text: canonical, number: number)
  }
}

extension Quantity.Amount {
  /// The canonical text in a family of suffixes.
  func canonicalText(format: Quantity.Format) -> String {
    if isZero { return "0" }
    // Above 2⁶³ − 1 a binary suffix would be capped by whoever reads it.
    if format == .binarySI, let whole = wholeMagnitude, whole >= 1024, whole <= Int64.max.magnitude {
      let thousands = min(whole.trailingZeroBitCount / 10, 6)
      let suffix: StaticString =
        switch thousands {
        case 0: ""
        case 1: "Ki"
        case 2: "Mi"
        case 3: "Gi"
        case 4: "Ti"
        case 5: "Pi"
        default: "Ei"
        }
      return Self.compose(isNegative: isNegative, number: whole >> UInt64(thousands * 10), suffix: suffix)
    }
    switch self {
    case .small(let mantissa, let exponent):
      let zeros = (exponent - Self.smallestExponent) % 3
      return Self.compose(
        isNegative: isNegative, number: mantissa.magnitude * PowersOfTen[zeros],
        suffix: Self.suffix(exponent: exponent - zeros, format: format),
        exponent: Self.writtenExponent(exponent - zeros, format: format))
    case .wide(let nanos):
      return Self.composeWide(nanos, format: format)
    }
  }

  /// The suffix for a multiple of three, or nothing if it is written as an exponent.
  private static func suffix(exponent: Int, format: Quantity.Format) -> StaticString {
    guard format != .decimalExponent else { return exponent == 0 ? "" : "e" }
    return switch exponent {
    case -9: "n"
    case -6: "u"
    case -3: "m"
    case 0: ""
    case 3: "k"
    case 6: "M"
    case 9: "G"
    case 12: "T"
    case 15: "P"
    case 18: "E"
    default: "e"
    }
  }

  private static func writtenExponent(_ exponent: Int, format: Quantity.Format) -> Int? {
    if format == .decimalExponent { return exponent == 0 ? nil : exponent }
    return exponent > 18 ? exponent : nil
  }

  private static func compose(
    isNegative: Bool, number: UInt64, suffix: StaticString, exponent: Int? = nil
  ) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 48) { buffer in
      var position = 0
      if isNegative {
        buffer[0] = UInt8(ascii: "-")
        position = 1
      }
      position = appendDecimal(number, to: buffer, at: position)
      suffix.withUTF8Buffer { letters in
        for letter in letters {
          buffer[position] = letter
          position += 1
        }
      }
      if let exponent {
        if exponent < 0 {
          buffer[position] = UInt8(ascii: "-")
          position += 1
        }
        position = appendDecimal(UInt64(exponent.magnitude), to: buffer, at: position)
      }
      return String(decoding: buffer[..<position], as: UTF8.self)
    }
  }

  private static func composeWide(_ nanos: WideInteger, format: Quantity.Format) -> String {
    var digits = nanos.decimalDigits
    var exponent = smallestExponent
    while digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      exponent += 1
    }
    let zeros = (exponent - smallestExponent) % 3
    exponent -= zeros
    var text = nanos.isNegative ? "-" : ""
    text += String(decoding: digits, as: UTF8.self)
    text += String(repeating: "0", count: zeros)
    text += suffix(exponent: exponent, format: format).description
    if let written = writtenExponent(exponent, format: format) { text += String(written) }
    return text
  }
}
