/// The vocabulary: all field names of the generated types, numbered from 1.
///
/// Readers replace a field name by its number while they build a ``Tape``, so that typed decoding is a
/// switch over small integers and no name is compared twice.
package final class FieldNames: @unchecked Sendable {
  // Filled in init and constant afterwards.
  package let starts: UnsafeMutablePointer<UInt32>
  private let slots: UnsafeMutablePointer<UInt16>
  package let blob: UnsafePointer<UInt8>
  private let mask: Int
  package let count: Int

  package static let shared = FieldNames(GeneratedFieldNames.joined, count: GeneratedFieldNames.count)

  package init(_ joined: StaticString, count: Int) {
    self.count = count
    blob = joined.utf8Start
    starts = .allocate(capacity: count + 2)
    var capacity = 64
    while capacity < count * 3 { capacity *= 2 }
    mask = capacity - 1
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: 0, count: capacity)
    // The names stand one after the other, each followed by a line feed.
    var offset = 0
    var symbol = 1
    starts[0] = 0
    while offset < joined.utf8CodeUnitCount {
      starts[symbol] = UInt32(offset)
      let first = offset
      while blob[offset] != 0x0A { offset += 1 }
      var slot = FieldNames.hash(blob + first, offset - first) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt16(symbol)
      offset += 1
      symbol += 1
    }
    starts[symbol] = UInt32(offset)
  }

  deinit {
    starts.deallocate()
    slots.deallocate()
  }

  @inline(__always)
  package static func hash(_ start: UnsafePointer<UInt8>, _ length: Int) -> Int {
    var value = UInt64(truncatingIfNeeded: length) &* 0x9E37_79B9_7F4A_7C15
    var index = 0
    while index + 8 <= length {
      let word = UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self)
      value = (value ^ word) &* 0xFF51_AFD7_ED55_8CCD
      value ^= value >> 32
      index += 8
    }
    var tail: UInt64 = 0
    while index < length {
      tail = (tail << 8) | UInt64(start[index])
      index += 1
    }
    value = (value ^ tail) &* 0xC4CE_B9FE_1A85_EC53
    value ^= value >> 29
    return Int(truncatingIfNeeded: value & 0x7FFF_FFFF)
  }

  /// The number of a name, or 0 when it is not in the vocabulary.
  @inline(__always)
  package func symbol(_ start: UnsafePointer<UInt8>, _ length: Int) -> UInt16 {
    var slot = FieldNames.hash(start, length) & mask
    while true {
      let symbol = slots[slot]
      if symbol == 0 { return 0 }
      if sameBytes(bytes(symbol), UnsafeBufferPointer(start: start, count: length)) { return symbol }
      slot = (slot + 1) & mask
    }
  }

  @inline(__always)
  package func bytes(_ symbol: UInt16) -> UnsafeBufferPointer<UInt8> {
    let start = Int(starts[Int(symbol)])
    let end = Int(starts[Int(symbol) + 1])
    return UnsafeBufferPointer(start: blob + start, count: end - start - 1)
  }
}

/// A field name of a generated type, by number.
public struct FieldSymbol: Sendable, Equatable {
  /// The number in the vocabulary, from 1.
  public let rawValue: UInt16

  /// Makes a symbol. Only generated code knows the numbers.
  @inlinable
  public init(_ rawValue: UInt16) {
    self.rawValue = rawValue
  }
}
