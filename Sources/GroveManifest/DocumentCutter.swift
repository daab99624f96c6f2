#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Cuts a text into the pieces that kubectl hands to its YAML parser one by one.
///
/// It goes by lines, before anything is parsed: a line that begins with `---` ends a piece, also inside a quoted text,
/// and nothing but a comment may stand behind it. A `---` that no piece precedes is the first line of the next one.
/// That is why a directive (`%YAML`) never reaches the document it is meant for.
struct DocumentCutter {
  /// One piece.
  struct Piece {
    /// Its bytes, without the line that ends it.
    var range: Range<Int>
    /// How many lines precede it.
    var linesBefore: Int
    /// Where something else than a comment follows the `---` that ends the piece; kubectl then reads none of it.
    var badSeparator: (line: Int, column: Int)?
  }

  private let text: UnsafeBufferPointer<UInt8>
  private var position: Int
  private var line: Int

  /// A cutter for a text, or for the rest of one.
  init(_ text: UnsafeBufferPointer<UInt8>, from start: Int = 0, linesBefore: Int = 0) {
    self.text = text
    position = start
    line = linesBefore
  }

  /// The next piece, or nil at the end.
  mutating func next() -> Piece? {
    guard position < text.count else { return nil }
    var piece = Piece(range: position..<position, linesBefore: line)
    while position < text.count {
      let start = position
      let end = endOfLine(from: start)
      position = min(end + 1, text.count)
      line += 1
      if isSeparator(start, end) {
        if let column = strayText(start, end) {
          piece.range = piece.range.lowerBound..<start
          piece.badSeparator = (line, column)
          return piece
        }
        if start > piece.range.lowerBound {
          piece.range = piece.range.lowerBound..<start
          return piece
        }
      }
    }
    piece.range = piece.range.lowerBound..<text.count
    return piece
  }

  private func endOfLine(from start: Int) -> Int {
    guard let base = text.baseAddress, start < text.count,
      let found = memchr(base + start, 0x0A, text.count - start)
    else { return text.count }
    return base.distance(to: found.assumingMemoryBound(to: UInt8.self))
  }

  private func isSeparator(_ start: Int, _ end: Int) -> Bool {
    end - start >= 3 && text[start] == 0x2D && text[start + 1] == 0x2D && text[start + 2] == 0x2D
  }

  /// The column of the first character behind a separator that is neither space nor the beginning of a comment.
  private func strayText(_ start: Int, _ end: Int) -> Int? {
    var index = start + 3
    while index < end {
      switch text[index] {
      case 0x09...0x0D, 0x20: index += 1
      case 0x23: return nil
      default:
        let length = lengthOfSpace(index, end)
        if length == 0 { return index - start + 1 }
        index += length
      }
    }
    return nil
  }

  /// How many bytes the Unicode space here takes that is not ASCII; 0 when there is none.
  private func lengthOfSpace(_ index: Int, _ end: Int) -> Int {
    if text[index] == 0xC2, index + 1 < end {
      return text[index + 1] == 0x85 || text[index + 1] == 0xA0 ? 2 : 0
    }
    guard index + 2 < end else { return 0 }
    switch (text[index], text[index + 1], text[index + 2]) {
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9),
      (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
      return 3
    default: return 0
    }
  }
}
