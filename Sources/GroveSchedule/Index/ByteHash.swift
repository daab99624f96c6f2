/// A fast hash of bytes for tables whose order never shows.
///
/// Seedless, so a run is repeatable; not made to withstand keys crafted to collide, which cost time and never
/// change a result.
enum ByteHash {
  static let seed: UInt64 = 0x9e37_79b9_7f4a_7c15

  @inline(__always)
  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  static func hash(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
    var state = mix(seed ^ 0xa076_1d64_78bd_642f, UInt64(bytes.count) ^ 0xe703_7ed1_a0b4_28db)
    guard let base = UnsafeRawPointer(bytes.baseAddress) else { return state }
    var offset = 0
    while offset + 8 <= bytes.count {
      let word = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      state = mix(state ^ word, 0x8ebc_6af0_9c88_c6e3)
      offset += 8
    }
    var tail: UInt64 = 0
    while offset < bytes.count {
      tail = tail << 8 | UInt64(bytes[offset])
      offset += 1
    }
    return mix(state ^ tail, 0x5899_65cc_7537_4cc3)
  }

  @inline(__always)
  static func hash(_ text: String, seed: UInt64) -> UInt64 {
    if let fast = text.utf8.withContiguousStorageIfAvailable({ hash($0, seed: seed) }) { return fast }
    return Array(text.utf8).withUnsafeBufferPointer { hash($0, seed: seed) }
  }
}

/// Texts in byte order, as Go sorts them; `String.<` orders by Unicode rules.
@inline(__always)
func isByteOrdered(_ a: String, _ b: String) -> Bool {
  let fast = a.utf8.withContiguousStorageIfAvailable { first in
    b.utf8.withContiguousStorageIfAvailable { second in compare(first, second) < 0 }
  }
  if let fast, let fast { return fast }
  return a.utf8.lexicographicallyPrecedes(b.utf8)
}

private func compare(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
  let shared = min(a.count, b.count)
  var offset = 0
  if let first = UnsafeRawPointer(a.baseAddress), let second = UnsafeRawPointer(b.baseAddress) {
    while offset + 8 <= shared {
      let x = first.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let y = second.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if x != y { return x.bigEndian < y.bigEndian ? -1 : 1 }
      offset += 8
    }
  }
  while offset < shared {
    if a[offset] != b[offset] { return Int(a[offset]) - Int(b[offset]) }
    offset += 1
  }
  return a.count - b.count
}
