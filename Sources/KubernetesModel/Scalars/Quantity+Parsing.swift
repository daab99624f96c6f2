extension Quantity {
  /// Reads an amount, keeping the text as it is. Blanks are not skipped.
  ///
  /// - Throws: ``QuantityError``.
  /// - Complexity: O(n) for usual amounts, O(n²) for those of more than 18 digits, n ≤ 1024.
  public init(parsing text: some StringProtocol) throws(QuantityError) {
    var text = String(text)
    let result = text.withUTF8(Self.read)
    self.init(text: text, number: try result.get())
  }

  /// Reads an amount from UTF-8, such as a scalar of a manifest or a number of a JSON document.
  ///
  /// - Throws: ``QuantityError``.
  /// - Complexity: O(n) for usual amounts, O(n²) for those of more than 18 digits, n ≤ 1024.
  public init(utf8 bytes: UnsafeBufferPointer<UInt8>) throws(QuantityError) {
    let number = try Self.read(bytes).get()
    self.init(text: String(decoding: bytes, as: UTF8.self), number: number)
  }

  /// Reads an amount, or yields nil if the text is none.
  public init?(_ text: String) {
    guard let quantity = try? Quantity(parsing: text) else { return nil }
    self = quantity
  }

  private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<PackedNumber, QuantityError> {
    if bytes.count > maximumTextLength { return .failure(.tooLong) }
    let scan: QuantityScan
    switch QuantityScan.scan(bytes) {
    case .success(let found): scan = found
    case .failure(let error): return .failure(error)
    }
    guard scan.isInRange(bytes) else { return .failure(.outOfRange) }
    let (amount, format) = Amount.evaluate(scan, bytes)
    return .success(PackedNumber(amount, format: format))
  }
}

/// The parts of a quantity's text.
struct QuantityScan {
  var isNegative = false
  /// The digits before the point, without leading zeros.
  var integer = 0..<0
  /// The digits after the point, with all zeros.
  var fraction = 0..<0
  /// The power of ten, or of two for the binary family, that the suffix stands for.
  var exponent = 0
  var format = Quantity.Format.decimalSI

  var digitCount: Int { integer.count + fraction.count }

  static func scan(_ text: UnsafeBufferPointer<UInt8>) -> Result<QuantityScan, QuantityError> {
    var scan = QuantityScan()
    let end = text.count
    if end == 0 { return .failure(.empty) }
    var position = 0
    if text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
      scan.isNegative = text[0] == UInt8(ascii: "-")
      position = 1
    }
    let number = position
    while position < end && text[position] == UInt8(ascii: "0") { position += 1 }
    var start = position
    while position < end && text[position].isASCIIDigit { position += 1 }
    scan.integer = start..<position
    var hasDigit = position > number
    if position < end && text[position] == UInt8(ascii: ".") {
      position += 1
      start = position
      while position < end && text[position].isASCIIDigit { position += 1 }
      scan.fraction = start..<position
      hasDigit = hasDigit || !scan.fraction.isEmpty
    }
    guard hasDigit else { return .failure(.badFormat) }
    if position == end { return .success(scan) }
    if let error = scan.readSuffix(text, from: position) { return .failure(error) }
    return .success(scan)
  }

  private mutating func readSuffix(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> QuantityError? {
    // Usual suffixes first: one letter, or one letter and `i`.
    let rest = text.count - start
    if rest == 1, let power = Self.decimalPower(text[start]) {
      exponent = power
      return nil
    }
    if rest == 2, text[start + 1] == UInt8(ascii: "i"), let power = Self.binaryPower(text[start]) {
      exponent = power
      format = .binarySI
      return nil
    }
    // Which of the two errors it is depends on the shape: letters, one sign, digits.
    var position = start
    while position < text.count && Self.isSuffixLetter(text[position]) { position += 1 }
    let isExponent = position == start + 1 && text[start] | 0x20 == UInt8(ascii: "e")
    var isNegativeExponent = false
    if position < text.count
      && (text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+"))
    {
      isNegativeExponent = text[position] == UInt8(ascii: "-")
      position += 1
    }
    var value = 0
    let digits = position
    while position < text.count && text[position].isASCIIDigit {
      value = min(value * 10 + Int(text[position] & 15), 1 << 40)
      position += 1
    }
    guard position == text.count else { return .badFormat }
    guard isExponent && position > digits else { return .badSuffix }
    guard value <= Int(Int32.max) else { return .outOfRange }
    exponent = isNegativeExponent ? -value : value
    format = .decimalExponent
    return nil
  }

  /// Refuses what would take unbounded work: a decimal of more than ``Quantity/maximumIntegerDigits``.
  func isInRange(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard format != .binarySI else { return true }
    guard integer.count + exponent > Quantity.maximumIntegerDigits else { return true }
    if !integer.isEmpty { return false }
    let zeros = fraction.prefix { text[$0] == UInt8(ascii: "0") }.count
    return zeros == fraction.count || exponent - zeros <= Quantity.maximumIntegerDigits
  }

  private static func isSuffixLetter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "e") || byte == UInt8(ascii: "i") || decimalPower(byte) != nil
      || binaryPower(byte) != nil
  }

  private static func decimalPower(_ letter: UInt8) -> Int? {
    switch letter {
    case UInt8(ascii: "n"): -9
    case UInt8(ascii: "u"): -6
    case UInt8(ascii: "m"): -3
    case UInt8(ascii: "k"): 3
    case UInt8(ascii: "M"): 6
    case UInt8(ascii: "G"): 9
    case UInt8(ascii: "T"): 12
    case UInt8(ascii: "P"): 15
    case UInt8(ascii: "E"): 18
    default: nil
    }
  }

  private static func binaryPower(_ letter: UInt8) -> Int? {
    switch letter {
    case UInt8(ascii: "K"): 10
    case UInt8(ascii: "M"): 20
    case UInt8(ascii: "G"): 30
    case UInt8(ascii: "T"): 40
    case UInt8(ascii: "P"): 50
    case UInt8(ascii: "E"): 60
    default: nil
    }
  }
}

extension Quantity.Amount {
  /// The value of a text that is known to be a quantity.
  init(rereading text: UnsafeBufferPointer<UInt8>) {
    switch QuantityScan.scan(text) {
    case .success(let scan): self = Self.evaluate(scan, text).amount
    case .failure: preconditionFailure("a quantity's text always parses")
    }
  }

  /// The value that scanned parts stand for, and the family it is in: a binary number below one becomes
  /// decimal.
  static func evaluate(
    _ scan: QuantityScan, _ text: UnsafeBufferPointer<UInt8>
  ) -> (amount: Self, format: Quantity.Format) {
    // 18 digits fit a word, and leave room to be sure that a shifted one is not capped by accident.
    guard scan.digitCount <= 18 else { return evaluateWide(scan, text) }
    var magnitude: UInt64 = 0
    for index in scan.integer { magnitude = magnitude &* 10 &+ UInt64(text[index] & 15) }
    for index in scan.fraction { magnitude = magnitude &* 10 &+ UInt64(text[index] & 15) }
    var exponent = -scan.fraction.count
    if scan.format == .binarySI {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: 1 << UInt64(scan.exponent))
      if overflow || product > Int64.max.magnitude { return evaluateWide(scan, text) }
      magnitude = product
    } else {
      exponent += scan.exponent
    }
    let amount = Self(magnitude: magnitude, exponent: exponent, isNegative: scan.isNegative)
    return (amount, scan.format == .binarySI && amount.isFractionBelowOne ? .decimalSI : scan.format)
  }

  private static func evaluateWide(
    _ scan: QuantityScan, _ text: UnsafeBufferPointer<UInt8>
  ) -> (amount: Self, format: Quantity.Format) {
    let amount = Self(nanos: readNanos(scan, text).nanos)
    return (amount, scan.format == .binarySI && amount.isFractionBelowOne ? .decimalSI : scan.format)
  }

  /// The value in billionths, and whether it was capped because its binary suffix takes it past 2⁶³ − 1.
  static func readNanos(
    _ scan: QuantityScan, _ text: UnsafeBufferPointer<UInt8>
  ) -> (nanos: WideInteger, isCapped: Bool) {
    let isBinary = scan.format == .binarySI
    // Counted in billionths: this many decimal places are too many (above zero) or missing (below).
    let excess = scan.fraction.count - 9 - (isBinary ? 0 : scan.exponent)
    // A decimal is cut before it is read, a binary number after its suffix has been applied.
    let cut = isBinary ? 0 : max(0, min(excess, scan.digitCount))
    var nanos = WideInteger.zero
    var isExact = true
    for (place, index) in [scan.integer, scan.fraction].joined().enumerated() {
      let digit = text[index] & 15
      if place < scan.digitCount - cut {
        nanos.multiplyMagnitude(by: 10, adding: UInt64(digit))
      } else if digit != 0 {
        isExact = false
      }
    }
    if !isExact { nanos = nanos + WideInteger(isNegative: false, magnitude: 1) }
    if isBinary {
      nanos.multiplyMagnitude(by: 1 << UInt64(scan.exponent))
      if excess > 0 { nanos.divideRoundingAway(byPowerOfTen: excess) }
    }
    if excess < 0 { nanos.multiply(byPowerOfTen: -excess) }
    let isCapped = isBinary && nanos > largestBinary
    if isCapped { nanos = largestBinary }
    return (scan.isNegative ? nanos.negated() : nanos, isCapped)
  }

  /// 2⁶³ − 1 in billionths.
  static var largestBinary: WideInteger {
    var nanos = WideInteger(isNegative: false, magnitude: Int64.max.magnitude)
    nanos.multiply(byPowerOfTen: 9)
    return nanos
  }

  private var isFractionBelowOne: Bool {
    guard case .small(let mantissa, let exponent) = self, exponent < 0, mantissa != 0 else { return false }
    return mantissa.magnitude < PowersOfTen[-exponent]
  }
}
