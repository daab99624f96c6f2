internal import GroveSimulate

/// Reproducible choices: a stream of numbers that a seed decides (splitmix64).
struct Dice: Sendable {
  private var state: UInt64

  /// The stream of a seed. Neighbouring seeds have nothing in common.
  init(seed: UInt64) { state = Identity.mixed(seed) }

  /// The next number; all are equally likely.
  mutating func next() -> UInt64 {
    state = state &+ 0x9E37_79B9_7F4A_7C15
    return Identity.mixed(state)
  }

  /// A number in `0..<count`; 0 when there is none.
  mutating func below(_ count: Int) -> Int {
    count > 1 ? Int(next().multipliedFullWidth(by: UInt64(count)).high) : 0
  }

  /// True as often as `percent` of a hundred times.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// One of the elements; nil when there is none.
  mutating func pick<Elements: RandomAccessCollection>(_ elements: Elements) -> Elements.Element?
  where Elements.Index == Int {
    elements.isEmpty ? nil : elements[elements.startIndex + below(elements.count)]
  }
}
