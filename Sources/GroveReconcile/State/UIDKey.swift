internal import KubernetesModel

/// A uid as a key to look things up by.
///
/// Ordered by a hash first, so that a search compares numbers that lie side by side instead of texts all over the
/// memory. Nothing is ever listed in this order.
struct UIDKey: Comparable, Sendable {
  private let hash: UInt64
  private let uid: String

  init(_ uid: String) {
    self.uid = uid
    hash = Self.hash(uid)
  }

  @inline(__always)
  static func < (lhs: UIDKey, rhs: UIDKey) -> Bool {
    lhs.hash == rhs.hash ? lhs.uid < rhs.uid : lhs.hash < rhs.hash
  }

  @inline(__always)
  static func == (lhs: UIDKey, rhs: UIDKey) -> Bool { lhs.hash == rhs.hash && lhs.uid == rhs.uid }

  private static func hash(_ uid: String) -> UInt64 {
    var uid = uid
    return uid.withUTF8 { bytes in
      var value = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
      var offset = 0
      while offset + 8 <= bytes.count {
        let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        value = (value ^ word) &* 0xFF51_AFD7_ED55_8CCD
        value ^= value >> 32
        offset += 8
      }
      while offset < bytes.count {
        value = (value ^ UInt64(bytes[offset])) &* 0xC4CE_B9FE_1A85_EC53
        offset += 1
      }
      return value ^ (value >> 29)
    }
  }
}
