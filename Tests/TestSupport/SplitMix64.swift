/// A small repeatable generator for property tests.
public struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  /// A generator with a seed.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Random bytes of an alphabet, at most so many.
  public mutating func bytes(from alphabet: [UInt8], upTo count: Int) -> [UInt8] {
    let length = Int.random(in: 0...count, using: &self)
    return (0..<length).map { _ in alphabet[Int.random(in: alphabet.indices, using: &self)] }
  }

  /// A random text of so many digits.
  public mutating func digits(_ count: ClosedRange<Int>) -> String {
    let length = Int.random(in: count, using: &self)
    return String((0..<length).map { _ in Character(String(Int.random(in: 0...9, using: &self))) })
  }
}
