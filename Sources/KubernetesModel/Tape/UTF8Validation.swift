/// The offset of the first byte that does not belong to well-formed UTF-8, or nil when all do.
///
/// - Complexity: O(n), eight bytes at a time where the text is ASCII.
public func firstInvalidUTF8(in text: UnsafeBufferPointer<UInt8>) -> Int? {
  guard let base = text.baseAddress else { return nil }
  let count = text.count
  var index = 0
  while index < count {
    if index + 8 <= count {
      let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
      if word & 0x8080_8080_8080_8080 == 0 {
        index += 8
        continue
      }
    }
    let lead = base[index]
    if lead < 0x80 {
      index += 1
      continue
    }
    let length: Int
    let low: UInt8
    let high: UInt8
    switch lead {
    case 0xC2...0xDF: (length, low, high) = (2, 0x80, 0xBF)
    case 0xE0: (length, low, high) = (3, 0xA0, 0xBF)
    case 0xE1...0xEC, 0xEE...0xEF: (length, low, high) = (3, 0x80, 0xBF)
    case 0xED: (length, low, high) = (3, 0x80, 0x9F)
    case 0xF0: (length, low, high) = (4, 0x90, 0xBF)
    case 0xF1...0xF3: (length, low, high) = (4, 0x80, 0xBF)
    case 0xF4: (length, low, high) = (4, 0x80, 0x8F)
    default: return index
    }
    guard index + length <= count, base[index + 1] >= low, base[index + 1] <= high else { return index }
    for follower in 2..<max(length, 2) where base[index + follower] & 0xC0 != 0x80 { return index }
    index += length
  }
  return nil
}
