public import KubernetesModel

/// Where uids and the suffixes of generated names come from: what a real API server draws at random.
public protocol IdentitySource: Sendable {
  /// A new uid.
  mutating func uid() -> String
  /// A name for an object that asks for a generated one.
  ///
  /// - Parameters:
  ///   - metadata: that of the object.
  ///   - isTaken: whether an object of a name exists.
  mutating func name(for metadata: ObjectMeta, isTaken: (String) -> Bool) -> String
  /// Takes note that an object is gone.
  mutating func retire(_ metadata: ObjectMeta)
}

/// Reproducible identities that depend on nothing but a seed and how many were drawn before.
public struct CountedIdentities: IdentitySource {
  /// The letters of generated names, chosen by Kubernetes so that no words come out.
  private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
  /// Longest part of `generateName` that is kept: names are cut to 63 bytes with their suffix.
  private static let longestBase = 58

  private let seed: UInt64
  private var drawn: UInt64 = 0

  /// Identities from a seed.
  public init(seed: UInt64 = 0) { self.seed = seed }

  private mutating func next() -> UInt64 {
    drawn += 1
    return Self.mixed(seed &+ drawn &* 0x9E37_79B9_7F4A_7C15)
  }

  /// A new uid, in the form of a random UUID.
  public mutating func uid() -> String {
    let high = next() & ~0xF000 | 0x4000
    let low = next() & ~(3 << 62) | (2 << 62)
    let digits = Self.hexadecimal(high) + Self.hexadecimal(low)
    var text: [UInt8] = []
    for (index, digit) in digits.enumerated() {
      if index == 8 || index == 12 || index == 16 || index == 20 { text.append(0x2D) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A name with five letters after the asked-for beginning.
  public mutating func name(for metadata: ObjectMeta, isTaken: (String) -> Bool) -> String {
    while true {
      var rest = next()
      var name = String(decoding: metadata.generateName.utf8.prefix(Self.longestBase), as: UTF8.self)
      for _ in 0..<5 {
        name.unicodeScalars.append(Unicode.Scalar(Self.alphabet[Int(rest % 27)]))
        rest /= 27
      }
      if !isTaken(name) { return name }
    }
  }

  /// Nothing is remembered.
  public mutating func retire(_ metadata: ObjectMeta) {}

  private static func hexadecimal(_ number: UInt64) -> [UInt8] {
    (0..<16).map { position in
      let nibble = UInt8(truncatingIfNeeded: number >> UInt64(60 - position * 4)) & 15
      return nibble < 10 ? 0x30 + nibble : 0x57 + nibble
    }
  }

  /// The finalizer of splitmix64: every bit of the input moves every bit of the output.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
