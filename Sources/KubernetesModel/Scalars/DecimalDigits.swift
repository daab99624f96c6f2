extension UInt8 {
  /// True for `0` … `9` in ASCII.
  @inline(__always)
  var isASCIIDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}

/// The powers of ten that one word holds.
enum PowersOfTen {
  /// The largest exponent in the table.
  static let largestExponent = 19

  /// 10 to the power of `exponent`, which must be 0 … 19.
  @inline(__always)
  static subscript(exponent: Int) -> UInt64 { table[exponent] }

  private static let table: [UInt64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
    1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
    1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]
}

/// Writes a number in decimal at a position and returns the position after it.
func appendDecimal(_ number: UInt64, to buffer: UnsafeMutableBufferPointer<UInt8>, at position: Int) -> Int {
  var length = 1
  while length < 20 && number >= PowersOfTen[length] { length += 1 }
  var rest = number
  var index = position + length
  while index > position {
    index -= 1
    let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
    buffer[index] = UInt8(truncatingIfNeeded: digit) | 0x30
    rest = quotient
  }
  return position + length
}
