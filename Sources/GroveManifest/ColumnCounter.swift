/// Turns libyaml's columns, counted in characters, into columns in bytes.
///
/// It walks the text once, beside the parser.
struct ColumnCounter {
  private let text: UnsafeBufferPointer<UInt8>
  private var offset = 0
  private var characters = 0
  private var continuations = 0

  /// A counter for a text; nil when the text is ASCII and both columns are the same.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    guard !Self.isASCII(text) else { return nil }
    self.text = text
  }

  private static func isASCII(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = text.baseAddress else { return true }
    var index = 0
    while index + 8 <= text.count {
      let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
      if word & 0x8080_8080_8080_8080 != 0 { return false }
      index += 8
    }
    while index < text.count {
      if base[index] >= 0x80 { return false }
      index += 1
    }
    return true
  }

  /// How many bytes more than characters stand between the beginning of the line and a character.
  ///
  /// - Complexity: O(distance from the character asked for last).
  mutating func continuationBytes(before character: Int) -> Int {
    if character < characters { (offset, characters, continuations) = (0, 0, 0) }
    while characters < character, offset < text.count {
      let lead = text[offset]
      if lead < 0x80 {
        offset += 1
        if lead == 0x0A || lead == 0x0D { continuations = 0 }
      } else {
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        if isLineBreak(length) { continuations = 0 } else { continuations += length - 1 }
        offset += length
      }
      characters += 1
    }
    return continuations
  }

  /// Whether the character of two or three bytes here is one of U+0085, U+2028 and U+2029.
  private func isLineBreak(_ length: Int) -> Bool {
    guard offset + length <= text.count else { return false }
    if length == 2 { return text[offset] == 0xC2 && text[offset + 1] == 0x85 }
    return length == 3 && text[offset] == 0xE2 && text[offset + 1] == 0x80 && text[offset + 2] & 0xFE == 0xA8
  }
}
