/// Texts of floating-point numbers as Go writes them.
enum GoNumberText {
  /// The shortest decimal digits of a number and where its point stands.
  private struct Digits {
    /// Decimal digits without leading and trailing zeros; empty for zero.
    var digits: [UInt8] = []
    /// The value is 0.digits × 10^point.
    var point = 0

    /// Takes them from Swift's shortest description: `12.5`, `1e-07`, `1.5e+300`.
    init(_ description: String) {
      var exponent = 0
      var fraction = 0
      var seenPoint = false
      let bytes = Array(description.utf8)
      for (index, byte) in bytes.enumerated() {
        if byte == 0x2E {
          seenPoint = true
        } else if byte == 0x65 {
          exponent = Int(String(decoding: bytes[(index + 1)...], as: UTF8.self)) ?? 0
          break
        } else if byte &- 0x30 <= 9 {
          digits.append(byte)
          if seenPoint { fraction += 1 }
        }
      }
      point = digits.count - fraction + exponent
      while digits.first == 0x30 {
        digits.removeFirst()
        point -= 1
      }
      while digits.last == 0x30 { digits.removeLast() }
      if digits.isEmpty { point = 0 }
    }

    func fixed() -> [UInt8] {
      if digits.isEmpty { return [0x30] }
      if point <= 0 { return [0x30, 0x2E] + [UInt8](repeating: 0x30, count: -point) + digits }
      if point >= digits.count { return digits + [UInt8](repeating: 0x30, count: point - digits.count) }
      return digits[..<point] + [0x2E] + digits[point...]
    }

    func scientific(minimumExponentDigits: Int) -> [UInt8] {
      guard let first = digits.first else { return [0x30] }
      var text = [first]
      if digits.count > 1 { text += [0x2E] + digits[1...] }
      let exponent = point - 1
      text += [0x65, exponent < 0 ? 0x2D : 0x2B]
      let magnitude = Array(String(exponent.magnitude).utf8)
      text += [UInt8](repeating: 0x30, count: max(0, minimumExponentDigits - magnitude.count))
      return text + magnitude
    }
  }

  /// A finite number as `encoding/json` writes it: plain between 1e-6 and 1e21, otherwise with an exponent.
  static func json(_ value: Double) -> [UInt8] {
    let digits = Digits("\(value.magnitude)")
    let isPlain = digits.digits.isEmpty || (digits.point > -6 && digits.point <= 21)
    let text = isPlain ? digits.fixed() : digits.scientific(minimumExponentDigits: 1)
    return value < 0 ? [0x2D] + text : text
  }

  /// A number as a map key: sigs.k8s.io/yaml writes such keys with 32-bit precision and `%g`.
  static func mapKey(_ value: Double) -> [UInt8] {
    let single = Float(value)
    if single.isNaN { return Array(".nan".utf8) }
    if single.isInfinite { return Array((single < 0 ? "-.inf" : ".inf").utf8) }
    let digits = Digits("\(single.magnitude)")
    let exponent = digits.point - 1
    let isPlain = digits.digits.isEmpty || (exponent >= -4 && exponent < 6)
    let text = isPlain ? digits.fixed() : digits.scientific(minimumExponentDigits: 2)
    return single.sign == .minus ? [0x2D] + text : text
  }
}
