/// What a plain YAML scalar means to Kubernetes, that is to sigs.k8s.io/yaml, whose parser is go-yaml v2.
///
/// Readers ask it what a scalar is; the writer asks it whether a string needs quotes.
enum PlainScalar: Equatable {
  /// Text.
  case string
  /// `null`, `Null`, `NULL`, `~`, or nothing.
  case null
  /// `true`, `yes`, `on`, `y` and their opposites, in the three usual spellings of each.
  case boolean(Bool)
  /// An integer that fits 64 bits, signed or unsigned, in any of Go's notations.
  case integer(negative: Bool, magnitude: UInt64)
  /// Any other number. May be infinite or not a number.
  case float(Double)
  /// A date, or a date and a time. Read as text, written in quotes.
  case timestamp

  /// Longest text that is tried as a number, so that hostile texts cost nothing. Go has no such limit.
  private static let longestNumber = 1024

  /// Whether the first byte leaves open that the text is something else than a string.
  @inline(__always)
  static func mayResolve(_ first: UInt8) -> Bool {
    switch first {
    case 0x2B, 0x2D, 0x2E, 0x30...0x39, 0x7E: true
    case 0x46, 0x4E, 0x4F, 0x54, 0x59, 0x66, 0x6E, 0x6F, 0x74, 0x79: true  // FNOTY fnoty
    default: false
    }
  }

  /// What the text of a plain, untagged scalar means.
  @inline(__always)
  static func resolve(_ text: UnsafeBufferPointer<UInt8>) -> PlainScalar {
    guard text.count > 0 else { return .null }
    guard mayResolve(text[0]) else { return .string }
    return resolveCandidate(text)
  }

  private static func resolveCandidate(_ text: UnsafeBufferPointer<UInt8>) -> PlainScalar {
    let first = text[0]
    switch first {
    case 0x2E: return resolveDot(text)
    case 0x2B, 0x2D, 0x30...0x39:
      guard text.count <= longestNumber else { return .string }
      if let simple = simpleInteger(text) { return simple }
      return resolveNumber(text)
    default: return resolveWord(text)
    }
  }

  // MARK: Words

  private static func resolveWord(_ text: UnsafeBufferPointer<UInt8>) -> PlainScalar {
    switch text.count {
    case 1:
      switch text[0] {
      case 0x7E: return .null
      case 0x79, 0x59: return .boolean(true)
      case 0x6E, 0x4E: return .boolean(false)
      default: return .string
      }
    case 2:
      if isWord(text, "on") { return .boolean(true) }
      if isWord(text, "no") { return .boolean(false) }
    case 3:
      if isWord(text, "yes") { return .boolean(true) }
      if isWord(text, "off") { return .boolean(false) }
    case 4:
      if isWord(text, "true") { return .boolean(true) }
      if isWord(text, "null") { return .null }
    case 5: if isWord(text, "false") { return .boolean(false) }
    default: break
    }
    return .string
  }

  /// Whether the text is the word in lower case, with a capital first letter, or in upper case.
  private static func isWord(_ text: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
    let letters = word.utf8Start
    let restIsUpper = text[1] < 0x61
    if restIsUpper, text[0] >= 0x61 { return false }
    guard text[0] | 0x20 == letters[0] else { return false }
    for index in 1..<text.count {
      if text[index] != (restIsUpper ? letters[index] & 0xDF : letters[index]) { return false }
    }
    return true
  }

  // MARK: Numbers

  /// Decimal digits without sign, leading zero or underscore: nearly all numbers in manifests.
  private static func simpleInteger(_ text: UnsafeBufferPointer<UInt8>) -> PlainScalar? {
    guard text.count <= 18, text[0] != 0x30 || text.count == 1 else { return nil }
    var value: UInt64 = 0
    for byte in text {
      let digit = byte &- 0x30
      guard digit <= 9 else { return nil }
      value = value * 10 + UInt64(digit)
    }
    return .integer(negative: false, magnitude: value)
  }

  private static func resolveNumber(_ text: UnsafeBufferPointer<UInt8>) -> PlainScalar {
    if GoTimestamp.matches(text) { return .timestamp }
    if isSignedInfinity(text) { return .float(text[0] == 0x2D ? -.infinity : .infinity) }
    guard text.contains(0x5F) else { return resolveDigits(text) }
    let digits = text.filter { $0 != 0x5F }
    return digits.withUnsafeBufferPointer { resolveDigits($0) }
  }

  private static func isSignedInfinity(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 5, text[1] == 0x2E else { return false }
    return isWord(UnsafeBufferPointer(rebasing: text[2...]), "inf")
  }

  /// Resolves a number that has no underscores left.
  private static func resolveDigits(_ text: UnsafeBufferPointer<UInt8>) -> PlainScalar {
    guard text.count > 0 else { return .string }
    if let integer = goInteger(text) { return integer }
    if isYAMLFloat(text), let number = finiteDouble(text) { return .float(number) }
    return binaryWithInnerSign(text) ?? .string
  }

  /// An integer as Go's base-0 parsing takes it: signed 64 bits, else, without a sign, unsigned 64 bits.
  private static func goInteger(_ text: UnsafeBufferPointer<UInt8>) -> PlainScalar? {
    let negative = text[0] == 0x2D
    let signed = negative || text[0] == 0x2B
    var index = signed ? 1 : 0
    guard index < text.count else { return nil }
    var base: UInt64 = 10
    if text[index] == 0x30, index + 1 < text.count {
      switch text[index + 1] | 0x20 {
      case 0x78: (base, index) = (16, index + 2)
      case 0x62: (base, index) = (2, index + 2)
      case 0x6F: (base, index) = (8, index + 2)
      default: (base, index) = (8, index + 1)
      }
    }
    guard let magnitude = digits(text, from: index, base: base) else { return nil }
    if negative {
      return magnitude <= 1 << 63 ? .integer(negative: magnitude > 0, magnitude: magnitude) : nil
    }
    if signed, magnitude >= 1 << 63 { return nil }
    return .integer(negative: false, magnitude: magnitude)
  }

  private static func digits(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, base: UInt64
  ) -> UInt64? {
    guard start < text.count else { return nil }
    var value: UInt64 = 0
    for index in start..<text.count {
      let byte = text[index]
      let digit: UInt64
      switch byte {
      case 0x30...0x39: digit = UInt64(byte - 0x30)
      case 0x41...0x46: digit = UInt64(byte - 0x41 + 10)
      case 0x61...0x66: digit = UInt64(byte - 0x61 + 10)
      default: return nil
      }
      guard digit < base else { return nil }
      let (scaled, overflow) = value.multipliedReportingOverflow(by: base)
      let (sum, carry) = scaled.addingReportingOverflow(digit)
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }

  /// `0b-101` and `0b+101`: go-yaml parses what follows the prefix once more, sign included.
  private static func binaryWithInnerSign(_ text: UnsafeBufferPointer<UInt8>) -> PlainScalar? {
    guard text.count > 3, text[0] == 0x30, text[1] == 0x62 else { return nil }
    guard text[2] == 0x2D || text[2] == 0x2B else { return nil }
    guard let magnitude = digits(text, from: 3, base: 2) else { return nil }
    let negative = text[2] == 0x2D
    guard magnitude < 1 << 63 || (negative && magnitude == 1 << 63) else { return nil }
    return .integer(negative: negative && magnitude > 0, magnitude: magnitude)
  }

  /// Whether the text is a decimal number with an optional sign, point and exponent: `-1.5e3`, `1.`, `.5`, `08`.
  private static func isYAMLFloat(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = text[0] == 0x2B || text[0] == 0x2D ? 1 : 0
    let integerStart = index
    while index < text.count, text[index] &- 0x30 <= 9 { index += 1 }
    let integerDigits = index - integerStart
    if index < text.count, text[index] == 0x2E {
      index += 1
      let fractionStart = index
      while index < text.count, text[index] &- 0x30 <= 9 { index += 1 }
      if integerDigits == 0, index == fractionStart { return false }
    } else if integerDigits == 0 {
      return false
    }
    return isExponentOrEnd(text, from: index, allowingUnderscores: false)
  }

  private static func isExponentOrEnd(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, allowingUnderscores: Bool
  ) -> Bool {
    var index = start
    guard index < text.count else { return true }
    guard text[index] | 0x20 == 0x65 else { return false }
    index += 1
    if index < text.count, text[index] == 0x2B || text[index] == 0x2D { index += 1 }
    guard index < text.count else { return false }
    return skipDigits(text, &index, allowingUnderscores: allowingUnderscores) && index == text.count
  }

  /// Skips digits, which underscores may separate, and says whether there was a well-formed run of them.
  private static func skipDigits(
    _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int, allowingUnderscores: Bool
  ) -> Bool {
    var lastWasDigit = false
    while index < text.count {
      if text[index] &- 0x30 <= 9 {
        lastWasDigit = true
      } else if text[index] == 0x5F, allowingUnderscores {
        guard lastWasDigit else { return false }
        lastWasDigit = false
      } else {
        break
      }
      index += 1
    }
    return lastWasDigit
  }

  /// A text that begins with a point: `.5`, `.5e3`, `.5_0` (Go's own float syntax), `.inf`, `.nan`.
  private static func resolveDot(_ text: UnsafeBufferPointer<UInt8>) -> PlainScalar {
    if text.count == 4 {
      let word = UnsafeBufferPointer(rebasing: text[1...])
      if isWord(word, "inf") { return .float(.infinity) }
      // Unlike the others: .nan, .NaN and .NAN.
      let isNaN = word.elementsEqual([0x6E, 0x61, 0x6E]) || word.elementsEqual([0x4E, 0x61, 0x4E])
      if isNaN || word.elementsEqual([0x4E, 0x41, 0x4E]) { return .float(.nan) }
    }
    guard text.count <= longestNumber else { return .string }
    var index = 1
    guard skipDigits(text, &index, allowingUnderscores: true) else { return .string }
    guard isExponentOrEnd(text, from: index, allowingUnderscores: true) else { return .string }
    let digits = text.filter { $0 != 0x5F }
    return digits.withUnsafeBufferPointer { finiteDouble($0).map { .float($0) } } ?? .string
  }

  /// The number that a decimal text says; nil when it is too large, which Go reports as an error.
  private static func finiteDouble(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite else { return nil }
    return number
  }
}
