/// A signed integer of any size, as sign and magnitude.
///
/// It exists for the rare ``Quantity`` that does not fit 55 bits: it has the few operations that needs
/// and no more. Zero has no words and is never negative.
struct WideInteger: Sendable, Hashable {
  /// True below zero.
  private(set) var isNegative: Bool
  /// The magnitude, least significant word first, without leading zero words.
  private(set) var words: [UInt64]

  static var zero: WideInteger { WideInteger(isNegative: false, words: []) }

  private init(isNegative: Bool, words: [UInt64]) {
    self.isNegative = isNegative
    self.words = words
  }

  init(isNegative: Bool, magnitude: UInt64) {
    self.init(isNegative: isNegative && magnitude != 0, words: magnitude == 0 ? [] : [magnitude])
  }

  var isZero: Bool { words.isEmpty }

  /// The magnitude when one word holds it.
  var singleWord: UInt64? {
    switch words.count {
    case 0: 0
    case 1: words[0]
    default: nil
    }
  }

  func negated() -> WideInteger {
    WideInteger(isNegative: !isNegative && !isZero, words: words)
  }

  // MARK: One word at a time

  /// Multiplies the magnitude and adds to it; the sign stays.
  ///
  /// - Complexity: O(words).
  mutating func multiplyMagnitude(by factor: UInt64, adding addend: UInt64 = 0) {
    if factor == 0 {
      self = WideInteger(isNegative: isNegative, magnitude: addend)
      return
    }
    var carry = addend
    for index in words.indices {
      let (high, low) = words[index].multipliedFullWidth(by: factor)
      let (sum, overflow) = low.addingReportingOverflow(carry)
      words[index] = sum
      carry = high &+ (overflow ? 1 : 0)
    }
    if carry != 0 { words.append(carry) }
  }

  /// Divides the magnitude towards zero and returns the remainder; the sign stays.
  ///
  /// - Complexity: O(words).
  mutating func divideMagnitude(by divisor: UInt64) -> UInt64 {
    var remainder: UInt64 = 0
    for index in words.indices.reversed() {
      (words[index], remainder) = divisor.dividingFullWidth((remainder, words[index]))
    }
    trim()
    return remainder
  }

  /// Multiplies by a power of ten.
  ///
  /// - Complexity: O(words × exponent).
  mutating func multiply(byPowerOfTen exponent: Int) {
    guard !isZero else { return }
    var left = exponent
    while left > 0 {
      let step = min(left, PowersOfTen.largestExponent)
      multiplyMagnitude(by: PowersOfTen[step])
      left -= step
    }
  }

  /// Divides by a power of ten, rounding away from zero when anything is lost.
  ///
  /// - Complexity: O(words × exponent).
  mutating func divideRoundingAway(byPowerOfTen exponent: Int) {
    var left = exponent
    var isExact = true
    while left > 0 && !isZero {
      let step = min(left, PowersOfTen.largestExponent)
      if divideMagnitude(by: PowersOfTen[step]) != 0 { isExact = false }
      left -= step
    }
    if !isExact { incrementMagnitude() }
  }

  private mutating func incrementMagnitude() {
    for index in words.indices {
      let (sum, overflow) = words[index].addingReportingOverflow(1)
      words[index] = sum
      if !overflow { return }
    }
    words.append(1)
  }

  private mutating func trim() {
    while words.last == 0 { words.removeLast() }
    if words.isEmpty { isNegative = false }
  }

  // MARK: Decimal digits

  /// The magnitude as ASCII digits, most significant first; empty for zero.
  ///
  /// - Complexity: O(words²).
  var decimalDigits: [UInt8] {
    var rest = self
    var reversed: [UInt8] = []
    reversed.reserveCapacity(words.count * 20)
    while !rest.isZero {
      var group = rest.divideMagnitude(by: PowersOfTen[18])
      for _ in 0..<18 {
        reversed.append(UInt8(truncatingIfNeeded: group % 10) + UInt8(ascii: "0"))
        group /= 10
      }
    }
    while reversed.last == UInt8(ascii: "0") { reversed.removeLast() }
    reversed.reverse()
    return reversed
  }

  // MARK: Two values

  /// The sum.
  ///
  /// - Complexity: O(words).
  static func + (lhs: WideInteger, rhs: WideInteger) -> WideInteger {
    if lhs.isNegative == rhs.isNegative {
      return WideInteger(isNegative: lhs.isNegative, words: addMagnitudes(lhs.words, rhs.words))
    }
    let isLeftLarger = !precedes(lhs.words, rhs.words)
    let (larger, smaller) = isLeftLarger ? (lhs, rhs) : (rhs, lhs)
    var result = WideInteger(
      isNegative: larger.isNegative, words: subtractMagnitudes(larger.words, smaller.words))
    result.trim()
    return result
  }

  private static func addMagnitudes(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var (sum, shorter) = a.count >= b.count ? (a, b) : (b, a)
    shorter.append(contentsOf: repeatElement(0, count: sum.count - shorter.count))
    var carry: UInt64 = 0
    for index in sum.indices {
      let (partial, first) = sum[index].addingReportingOverflow(shorter[index])
      let (total, second) = partial.addingReportingOverflow(carry)
      sum[index] = total
      carry = (first ? 1 : 0) &+ (second ? 1 : 0)
    }
    if carry != 0 { sum.append(carry) }
    return sum
  }

  /// `a` must not be smaller than `b`. The result may have leading zero words.
  private static func subtractMagnitudes(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var difference = a
    var borrow: UInt64 = 0
    for index in difference.indices {
      let subtrahend = index < b.count ? b[index] : 0
      let (partial, first) = difference[index].subtractingReportingOverflow(subtrahend)
      let (total, second) = partial.subtractingReportingOverflow(borrow)
      difference[index] = total
      borrow = (first ? 1 : 0) &+ (second ? 1 : 0)
    }
    return difference
  }

  private static func precedes(_ a: [UInt64], _ b: [UInt64]) -> Bool {
    if a.count != b.count { return a.count < b.count }
    for index in a.indices.reversed() where a[index] != b[index] { return a[index] < b[index] }
    return false
  }
}

extension WideInteger: Comparable {
  static func < (lhs: WideInteger, rhs: WideInteger) -> Bool {
    if lhs.isNegative != rhs.isNegative { return lhs.isNegative }
    return lhs.isNegative ? precedes(rhs.words, lhs.words) : precedes(lhs.words, rhs.words)
  }
}
