/// IP addresses as Kubernetes takes them: no leading zeros, no IPv4 in the clothes of IPv6.
enum AddressForm {
  /// What kind of address a text is, if it is one.
  enum Family { case v4, v6 }

  static func objections(_ text: String) -> [String] {
    guard let address = Address(text) else {
      return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"]
    }
    var objections: [String] = []
    if address.hasLeadingZero { objections.append("must not have leading 0s") }
    if address.isMapped { objections.append("must not be an IPv4-mapped IPv6 address") }
    return objections
  }

  /// An address, read leniently.
  struct Address {
    /// The 16 bytes; an IPv4 address is in the last four, after `ffff`.
    var bytes: [UInt8]
    var hasLeadingZero = false
    /// Whether it was written as IPv6 and means IPv4.
    var isMapped = false

    var family: Family {
      bytes[0..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF ? .v4 : .v6
    }

    init?(_ text: String) {
      let text = Array(text.utf8)
      var zero = false
      if text.contains(UInt8(ascii: ":")) {
        guard let bytes = Self.readV6(text, &zero) else { return nil }
        self.bytes = bytes
        isMapped = family == .v4
      } else {
        guard let four = Self.readV4(text[...], &zero) else { return nil }
        bytes = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + four
      }
      hasLeadingZero = zero
    }

    private static func readV4(_ text: ArraySlice<UInt8>, _ zero: inout Bool) -> [UInt8]? {
      let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      guard parts.count == 4 else { return nil }
      var bytes: [UInt8] = []
      for part in parts {
        guard !part.isEmpty else { return nil }
        var number = 0
        for digit in part {
          guard digit >= 0x30, digit <= 0x39 else { return nil }
          number = number * 10 + Int(digit - 0x30)
          guard number <= 255 else { return nil }
        }
        if part.count > 1, part.first == 0x30 { zero = true }
        bytes.append(UInt8(number))
      }
      return bytes
    }

    private static func readV6(_ text: [UInt8], _ zero: inout Bool) -> [UInt8]? {
      var groups: [UInt8] = []
      var gap: Int?
      var index = 0
      if text.starts(with: [0x3A, 0x3A]) {
        gap = 0
        index = 2
        if index == text.count { return [UInt8](repeating: 0, count: 16) }
      }
      while index < text.count {
        guard groups.count < 16 else { return nil }
        var end = index
        var number = 0
        while end < text.count, let digit = hexadecimal(text[end]) {
          number = number * 16 + digit
          guard number <= 0xFFFF else { return nil }
          end += 1
        }
        guard end > index else { return nil }
        if end < text.count, text[end] == UInt8(ascii: ".") {
          guard gap != nil || groups.count == 12, groups.count <= 12,
            let four = readV4(text[index...], &zero)
          else { return nil }
          groups += four
          index = text.count
          break
        }
        guard end - index <= 4 else { return nil }
        groups += [UInt8(number >> 8), UInt8(number & 0xFF)]
        index = end
        if index == text.count { break }
        guard text[index] == UInt8(ascii: ":"), index + 1 < text.count else { return nil }
        index += 1
        if text[index] == UInt8(ascii: ":") {
          guard gap == nil else { return nil }
          gap = groups.count
          index += 1
          if index == text.count { break }
        }
      }
      if groups.count < 16 {
        guard let gap else { return nil }
        groups.insert(contentsOf: [UInt8](repeating: 0, count: 16 - groups.count), at: gap)
      } else if gap != nil {
        return nil
      }
      return groups
    }

    private static func hexadecimal(_ byte: UInt8) -> Int? {
      switch byte {
      case 0x30...0x39: Int(byte) - 0x30
      case 0x41...0x46: Int(byte) - 0x37
      case 0x61...0x66: Int(byte) - 0x57
      default: nil
      }
    }
  }
}
