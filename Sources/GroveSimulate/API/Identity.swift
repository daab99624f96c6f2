internal import GroveModel
internal import KubernetesModel

/// Reproducible stand-ins for what an API server draws at random.
package enum Identity {
  /// The letters of generated names, chosen by Kubernetes so that no words come out.
  private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)

  /// Longest part of `generateName` that is kept: names are cut to 63 bytes with their suffix.
  private static let longestBase = 58

  /// The uid number `counter` of the cluster with the given seed, in the form of a random UUID.
  static func uid(seed: UInt64, counter: UInt64) -> String {
    let high = mixed(seed &+ counter &* 0x9E37_79B9_7F4A_7C15) & ~0xF000 | 0x4000
    let low = mixed(high ^ counter) & ~(3 << 62) | (2 << 62)
    return String(unsafeUninitializedCapacity: 36) { buffer in
      var position = 0
      for digit in 0..<32 {
        if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
          buffer[position] = UInt8(ascii: "-")
          position += 1
        }
        let word = digit < 16 ? high : low
        let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - (digit & 15) * 4)) & 15
        buffer[position] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
        position += 1
      }
      return position
    }
  }

  /// What decides a generated name apart from how often it was drawn: the seed, the namespace, the base and the
  /// pod's index. Uids take no part, so the order in which a cluster creates its objects does not matter.
  static func nameKey(seed: UInt64, namespace: String, base: String, index: String) -> UInt64 {
    var hash = mixed(seed)
    for part in [namespace, base, index] {
      for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
      hash = (hash ^ 0xFF) &* 1_099_511_628_211
    }
    return hash
  }

  /// `base` with five letters from the key and the incarnation: how often the same pod came into being before.
  static func name(base: String, key: UInt64, incarnation: UInt32) -> String {
    var rest = mixed(key &+ UInt64(incarnation) &* 0xD134_2543_DE82_EF95)
    var name =
      base.utf8.count <= longestBase ? base : String(decoding: base.utf8.prefix(longestBase), as: UTF8.self)
    for _ in 0..<5 {
      name.unicodeScalars.append(Unicode.Scalar(alphabet[Int(rest % 27)]))
      rest /= 27
    }
    return name
  }

  /// The finalizer of splitmix64: every bit of the input moves every bit of the output.
  package static func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
