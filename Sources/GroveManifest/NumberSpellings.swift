/// How numbers are spelled in a YAML text whose values say it otherwise: `1.10`, `0x1F`, `1e3`, `1_000`.
///
/// Hints repeat what was written, not what it means.
struct NumberSpellings: Sendable, Equatable {
  /// How many are kept of one text.
  private static let limit = 10_000

  private var texts: [UInt64: String] = [:]

  /// Notes the text of a number at a place.
  mutating func note(_ text: UnsafeBufferPointer<UInt8>, line: Int, column: Int) {
    guard texts.count < Self.limit, text.count <= 256 else { return }
    texts[Self.key(line, column)] = String(decoding: text, as: UTF8.self)
  }

  /// The text of the number at a place; nil where the value says it.
  func text(line: UInt32, column: UInt32) -> String? {
    texts.isEmpty ? nil : texts[Self.key(Int(line), Int(column))]
  }

  private static func key(_ line: Int, _ column: Int) -> UInt64 {
    UInt64(truncatingIfNeeded: line) << 32 | UInt64(truncatingIfNeeded: column) & 0xFFFF_FFFF
  }
}
