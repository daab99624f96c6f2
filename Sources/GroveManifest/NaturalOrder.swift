/// The order in which go-yaml v2 writes the keys of maps.
///
/// Letters compare by code point, anything else comes before letters, and runs of digits compare as numbers: `a2`
/// comes before `a10`. It is no total order (`12` < `1a` < `2` < `12`), so sort by bytes first.
enum NaturalOrder {
  /// Whether a key comes before another, different one.
  static func precedes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    let isASCII = !a.contains { $0 >= 0x80 } && !b.contains { $0 >= 0x80 }
    if isASCII { return precedes(a, b, isLetter: isASCIILetter, isDigit: { $0 &- 0x30 <= 9 }) }
    let first = String(decoding: a, as: UTF8.self).unicodeScalars.map(\.value)
    let second = String(decoding: b, as: UTF8.self).unicodeScalars.map(\.value)
    return first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        precedes(first, second, isLetter: isLetter, isDigit: isDigit)
      }
    }
  }

  @inline(__always)
  static func isASCIILetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

  private static func isLetter(_ value: UInt32) -> Bool {
    switch UnicodeScalar(value)?.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  private static func isDigit(_ value: UInt32) -> Bool {
    UnicodeScalar(value)?.properties.generalCategory == .decimalNumber
  }

  private static func precedes<Unit: UnsignedInteger>(
    _ a: UnsafeBufferPointer<Unit>, _ b: UnsafeBufferPointer<Unit>, isLetter: (Unit) -> Bool,
    isDigit: (Unit) -> Bool
  ) -> Bool {
    let shared = min(a.count, b.count)
    var index = 0
    while index < shared, a[index] == b[index] { index += 1 }
    guard index < shared else { return a.count < b.count }
    let firstIsLetter = isLetter(a[index])
    let secondIsLetter = isLetter(b[index])
    if firstIsLetter, secondIsLetter { return a[index] < b[index] }
    if firstIsLetter || secondIsLetter { return secondIsLetter }
    // A zero inside a number counts: what stands before it is not zero.
    var prefix: Int64 = 0
    if a[index] == 0x30 || b[index] == 0x30 {
      var before = index - 1
      while before >= 0, isDigit(a[before]) {
        if a[before] != 0x30 {
          prefix = 1
          break
        }
        before -= 1
      }
    }
    let (first, firstEnd) = number(a, from: index, prefix: prefix, isDigit: isDigit)
    let (second, secondEnd) = number(b, from: index, prefix: prefix, isDigit: isDigit)
    if first != second { return first < second }
    if firstEnd != secondEnd { return firstEnd < secondEnd }
    return a[index] < b[index]
  }

  private static func number<Unit: UnsignedInteger>(
    _ text: UnsafeBufferPointer<Unit>, from start: Int, prefix: Int64, isDigit: (Unit) -> Bool
  ) -> (value: Int64, end: Int) {
    var value = prefix
    var index = start
    while index < text.count, isDigit(text[index]) {
      value = value &* 10 &+ (Int64(text[index]) - 0x30)
      index += 1
    }
    return (value, index)
  }
}
