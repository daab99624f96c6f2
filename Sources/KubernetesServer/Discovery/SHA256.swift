/// SHA-256, for the hashes that discovery shows.
enum SHA256 {
  /// The first primes' cube roots, as the standard has them.
  private static let constants: [UInt32] = {
    var constants: [UInt32] = []
    var candidate = 2
    while constants.count < 64 {
      if (2..<candidate).allSatisfy({ candidate % $0 != 0 }) {
        constants.append(fraction(candidate, root: 3))
      }
      candidate += 1
    }
    return constants
  }()

  private static let start: [UInt32] = [2, 3, 5, 7, 11, 13, 17, 19].map { fraction($0, root: 2) }

  /// The first 32 bits behind the point of a root, found bit by bit with exact integers.
  private static func fraction(_ number: Int, root: Int) -> UInt32 {
    // The root times 2^32 is the largest integer whose power is at most the number times 2^(32 * root).
    var (low, high): (UInt64, UInt64) = (0, 1 << 37)
    while low + 1 < high {
      let middle = (low + high) / 2
      if power(middle, root, isAtMost: UInt64(number), shift: 32 * root) {
        low = middle
      } else {
        high = middle
      }
    }
    return UInt32(truncatingIfNeeded: low)
  }

  private static func power(_ value: UInt64, _ root: Int, isAtMost number: UInt64, shift: Int) -> Bool {
    // Limbs of 32 bits, the lowest first.
    var limbs: [UInt64] = [1]
    for _ in 0..<root {
      var result = [UInt64](repeating: 0, count: limbs.count + 2)
      for (index, limb) in limbs.enumerated() {
        for (offset, part) in [value & 0xFFFF_FFFF, value >> 32].enumerated() {
          var carry = limb * part
          var place = index + offset
          while carry > 0 {
            let sum = (place < result.count ? result[place] : 0) + (carry & 0xFFFF_FFFF)
            if place >= result.count { result.append(0) }
            result[place] = sum & 0xFFFF_FFFF
            carry = (carry >> 32) + (sum >> 32)
            place += 1
          }
        }
      }
      limbs = result
    }
    let words = shift / 32
    let above = limbs.count > words ? limbs[words] : 0
    if limbs.dropFirst(words + 1).contains(where: { $0 > 0 }) { return false }
    if above != number { return above < number }
    return limbs.prefix(words).allSatisfy { $0 == 0 }
  }

  /// The digest of bytes.
  static func digest(_ message: [UInt8]) -> [UInt8] {
    var bytes = message + [0x80]
    while bytes.count % 64 != 56 { bytes.append(0) }
    let length = UInt64(message.count) * 8
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(56 - 8 * $0)) }
    var state = start
    for block in stride(from: 0, to: bytes.count, by: 64) {
      var words = (0..<16).map { index in
        (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[block + index * 4 + $1]) }
      }
      for index in 16..<64 {
        let (a, b) = (words[index - 15], words[index - 2])
        let first = rotated(a, 7) ^ rotated(a, 18) ^ (a >> 3)
        let second = rotated(b, 17) ^ rotated(b, 19) ^ (b >> 10)
        words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
      }
      var w = state
      for index in 0..<64 {
        let sum = rotated(w[4], 6) ^ rotated(w[4], 11) ^ rotated(w[4], 25)
        let choice = (w[4] & w[5]) ^ (~w[4] & w[6])
        let first = w[7] &+ sum &+ choice &+ constants[index] &+ words[index]
        let other = rotated(w[0], 2) ^ rotated(w[0], 13) ^ rotated(w[0], 22)
        let majority = (w[0] & w[1]) ^ (w[0] & w[2]) ^ (w[1] & w[2])
        w = [first &+ other &+ majority, w[0], w[1], w[2], w[3] &+ first, w[4], w[5], w[6]]
      }
      for index in 0..<8 { state[index] = state[index] &+ w[index] }
    }
    return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
  }

  /// The digest as hexadecimal digits in capitals.
  static func hexadecimal(_ message: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF")
    return String(digest(message).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }
}
