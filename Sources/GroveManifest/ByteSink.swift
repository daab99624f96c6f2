#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A growing block of bytes, written through a raw pointer.
///
/// An array would check its bounds and its uniqueness for each byte.
struct ByteSink: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// How many bytes have been written.
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 256)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  /// What has been written. Valid until the next write.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  @inline(never)
  private mutating func grow(_ extra: Int) {
    var larger = capacity * 2
    while larger < count + extra { larger *= 2 }
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    memcpy(grown, base, count)
    base.deallocate()
    base = grown
    capacity = larger
  }

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    if count == capacity { grow(1) }
    base[count] = byte
    count += 1
  }

  @inline(__always)
  mutating func put(_ first: UInt8, _ second: UInt8) {
    if count + 2 > capacity { grow(2) }
    base[count] = first
    base[count + 1] = second
    count += 2
  }

  @inline(__always)
  mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    if count + bytes.count > capacity { grow(bytes.count) }
    if let start = bytes.baseAddress { memcpy(base + count, start, bytes.count) }
    count += bytes.count
  }

  @inline(__always)
  mutating func put(_ literal: StaticString) {
    put(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  @inline(__always)
  mutating func spaces(_ number: Int) {
    if count + number > capacity { grow(number) }
    memset(base + count, 0x20, number)
    count += number
  }
}
