/// What the Go value of a decoded quantity holds, field by field.
///
/// Template hashes cover the memory of Go structs, spelling included: `1` and `1000m` hash differently.
/// Only the hash dump needs this.
public struct GoQuantityLayout: Sendable, Hashable {
  /// `i.value`: the digits as a number, times the power of two of a binary suffix. 0 beside a ``decimal``.
  public var value: Int64
  /// `i.scale`: the power of ten that goes with ``value``. 0 beside a ``decimal``.
  public var scale: Int32
  /// `d.Dec`: set for amounts that do not take the fast path.
  public var decimal: Decimal?
  /// `s`: the text, if Go takes it for canonical; else empty.
  public var cachedText: String
  /// `Format`.
  public var format: Quantity.Format

  /// An `inf.Dec`.
  public struct Decimal: Sendable, Hashable {
    /// `unscaled.neg`.
    public var isNegative: Bool
    /// `unscaled.abs`: the magnitude, least significant word first. Empty is a nil slice.
    public var words: [UInt64]
    /// `scale`: the number of decimal places.
    public var scale: Int32
  }
}

extension Quantity {
  /// The layout the Go type has after decoding ``text``.
  ///
  /// - Complexity: that of parsing.
  public var goLayout: GoQuantityLayout {
    if text == "0" {
      return GoQuantityLayout(value: 0, scale: 0, decimal: nil, cachedText: "0", format: .decimalSI)
    }
    var text = text
    return text.withUTF8 { bytes in
      guard case .success(let scan) = QuantityScan.scan(bytes) else {
        preconditionFailure("a quantity's text always parses")
      }
      return GoQuantityLayout(scan, bytes, of: self)
    }
  }
}

extension GoQuantityLayout {
  init(_ scan: QuantityScan, _ text: UnsafeBufferPointer<UInt8>, of quantity: Quantity) {
    // Go counts a lone 0 for a number without digits before the point.
    let digitCount = max(scan.integer.count, 1) + scan.fraction.count
    let isBinary = scan.format == .binarySI
    let precision =
      isBinary
      ? (scan.fraction.isEmpty ? 15 - digitCount - scan.exponent * 3 / 10 - 1 : -1)
      : 18 - digitCount
    let scale = isBinary ? 0 : scan.exponent - scan.fraction.count
    guard precision >= 0, scale >= -9 else {
      self.init(decimal: scan, text)
      return
    }
    var digits: Int64 = 0
    for index in scan.integer { digits = digits * 10 + Int64(text[index] & 15) }
    for index in scan.fraction { digits = digits * 10 + Int64(text[index] & 15) }
    let magnitude = isBinary ? digits << Int64(scan.exponent) : digits
    let isCanonical =
      isBinary
      ? digits & 7 != 0
      : scale % 3 == 0 && !scan.integer.isEmpty && !Self.endsInThreeZeros(scan, text)
    self.init(
      value: scan.isNegative ? -magnitude : magnitude, scale: Int32(scale), decimal: nil,
      cachedText: isCanonical ? quantity.text : "", format: scan.format)
  }

  private init(decimal scan: QuantityScan, _ text: UnsafeBufferPointer<UInt8>) {
    let (nanos, isCapped) = Quantity.Amount.readNanos(scan, text)
    let decimal: Decimal
    if nanos.isZero {
      // Zero is not rounded, so it keeps the places it was written with; the sum wraps as in Go.
      let places = scan.fraction.count - (scan.format == .binarySI ? 0 : scan.exponent)
      decimal = Decimal(isNegative: false, words: [], scale: Int32(truncatingIfNeeded: places))
    } else if isCapped {
      decimal = Decimal(isNegative: nanos.isNegative, words: [Int64.max.magnitude], scale: 0)
    } else {
      decimal = Decimal(isNegative: nanos.isNegative, words: nanos.words, scale: 9)
    }
    self.init(
      value: 0, scale: 0, decimal: decimal, cachedText: "",
      format: Quantity.Amount.evaluate(scan, text).format)
  }

  private static func endsInThreeZeros(
    _ scan: QuantityScan, _ text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var zeros = 0
    for index in scan.fraction.reversed() {
      guard text[index] == UInt8(ascii: "0") else { return false }
      zeros += 1
      if zeros == 3 { return true }
    }
    for index in scan.integer.reversed() {
      guard text[index] == UInt8(ascii: "0") else { return false }
      zeros += 1
      if zeros == 3 { return true }
    }
    return false
  }
}
