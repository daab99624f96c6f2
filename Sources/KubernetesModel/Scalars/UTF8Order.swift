// `String.<` orders by Unicode scalar after normalization, and `String.==` takes canonically equivalent
// texts for equal. Kubernetes compares bytes, so keys need their own order and equality.

/// Below zero, zero or above zero, like the byte order of two texts in UTF-8.
///
/// - Complexity: O(n).
@usableFromInline
package func utf8Order(_ a: String, _ b: String) -> Int {
  let fast = a.utf8.withContiguousStorageIfAvailable { first in
    b.utf8.withContiguousStorageIfAvailable { second in utf8Order(first, second) }
  }
  if let fast, let fast { return fast }
  // Only texts that Objective-C owns are not contiguous.
  return utf8Order(Array(a.utf8), Array(b.utf8))
}

/// Whether two texts are the same bytes in UTF-8.
///
/// - Complexity: O(n).
@inlinable
func hasSameUTF8(_ a: String, _ b: String) -> Bool {
  // Most keys of a map differ in length already, which costs no call.
  a.utf8.count == b.utf8.count && utf8Order(a, b) == 0
}

private func utf8Order(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
  let shared = min(a.count, b.count)
  guard let first = UnsafeRawPointer(a.baseAddress), let second = UnsafeRawPointer(b.baseAddress) else {
    return a.count - b.count
  }
  var offset = 0
  while offset + 8 <= shared {
    let x = first.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    let y = second.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    if x != y { return x.bigEndian < y.bigEndian ? -1 : 1 }
    offset += 8
  }
  while offset < shared {
    if a[offset] != b[offset] { return Int(a[offset]) - Int(b[offset]) }
    offset += 1
  }
  return a.count - b.count
}

private func utf8Order(_ a: [UInt8], _ b: [UInt8]) -> Int {
  a.withUnsafeBufferPointer { first in b.withUnsafeBufferPointer { second in utf8Order(first, second) } }
}
