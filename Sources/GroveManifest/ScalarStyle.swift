/// How a string is written in YAML.
///
/// The choice is go-yaml v2's: quotes only where the plain text would mean something else or break the syntax.
enum ScalarStyle {
  /// As it is.
  case plain
  /// In single quotes, with single quotes doubled.
  case singleQuoted
  /// In double quotes, with escapes.
  case doubleQuoted
  /// As a block under `|`.
  case literal

  /// The style of a text; a key stays on one line.
  @inline(__always)
  static func choose(_ text: UnsafeBufferPointer<UInt8>, isKey: Bool) -> ScalarStyle {
    guard text.count > 0 else { return .doubleQuoted }
    var index = 0
    while index < text.count, isHarmless(text[index]) { index += 1 }
    if index == text.count {
      let first = text[0]
      // Letters that begin no word with a meaning, and the slash of paths: most texts end here.
      if first | 0x20 >= 0x61, first | 0x20 <= 0x7A, !PlainScalar.mayResolve(first) { return .plain }
      return first == 0x2F ? .plain : chooseQuoting(text, plainIsAllowed: true)
    }
    return analyse(text, from: index, isKey: isKey)
  }

  /// Whether a byte never calls for quotes after the first position.
  @inline(__always)
  private static func isHarmless(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && byte != 0x3A && byte != 0x23
  }

  /// The style of a text that fits on a line and needs no escapes.
  private static func chooseQuoting(
    _ text: UnsafeBufferPointer<UInt8>, plainIsAllowed: Bool
  ) -> ScalarStyle {
    if PlainScalar.mayResolve(text[0]) {
      if PlainScalar.resolve(text) != .string || isBase60(text) { return .doubleQuoted }
    } else if text.count == 2, text[0] == 0x3C, text[1] == 0x3C {
      // go-yaml writes the name of a merge key plain and then reads it back as one.
      return .doubleQuoted
    }
    return plainIsAllowed && !beginsWithIndicator(text) ? .plain : .singleQuoted
  }

  /// Numbers in base 60 (`1:30`) are text to Kubernetes and numbers to other readers of YAML 1.1.
  private static func isBase60(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.contains(0x3A) else { return false }
    func isDigit(_ index: Int) -> Bool { index < text.count && text[index] &- 0x30 <= 9 }
    var index = text[0] == 0x2B || text[0] == 0x2D ? 1 : 0
    guard isDigit(index) else { return false }
    while isDigit(index) || (index < text.count && text[index] == 0x5F) { index += 1 }
    guard index < text.count, text[index] == 0x3A else { return false }
    while index < text.count, text[index] == 0x3A {
      index += 1
      guard isDigit(index) else { return false }
      if isDigit(index + 1) {
        guard text[index] <= 0x35 else { return false }
        index += 1
      }
      index += 1
    }
    if index < text.count, text[index] == 0x2E {
      index += 1
      while isDigit(index) || (index < text.count && text[index] == 0x5F) { index += 1 }
    }
    return index == text.count
  }

  private static func beginsWithIndicator(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let first = text[0]
    switch first {
    // , [ ] { } # & * ! | > ' " % @ `
    case 0x2C, 0x5B, 0x5D, 0x7B, 0x7D, 0x23, 0x26, 0x2A, 0x21, 0x7C, 0x3E, 0x27, 0x22, 0x25, 0x40, 0x60:
      return true
    // ? : -
    case 0x3F, 0x3A, 0x2D:
      if text.count == 1 || text[1] == 0x20 { return true }
    default: break
    }
    guard text.count >= 3, first == 0x2D || first == 0x2E else { return false }
    return text[1] == first && text[2] == first
  }

  /// Looks at spaces, colons, hashes, line feeds and everything that needs an escape.
  private static func analyse(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, isKey: Bool
  ) -> ScalarStyle {
    let last = text.count - 1
    var hasLineFeed = false
    var hasSpaceBeforeLineFeed = false
    var plainIsAllowed = text[0] != 0x20 && text[last] != 0x20
    var index = start
    while index <= last {
      let byte = text[index]
      if byte >= 0x80 {
        guard let length = printableLength(text, index) else { return .doubleQuoted }
        index += length
        continue
      }
      switch byte {
      case 0x3A: if index == last || text[index + 1] == 0x20 { plainIsAllowed = false }
      case 0x23: if index > 0, text[index - 1] == 0x20 { plainIsAllowed = false }
      case 0x0A:
        hasLineFeed = true
        if index > 0, text[index - 1] == 0x20 { hasSpaceBeforeLineFeed = true }
      case 0x00...0x1F, 0x7F: return .doubleQuoted
      default: break
      }
      index += 1
    }
    guard hasLineFeed else { return chooseQuoting(text, plainIsAllowed: plainIsAllowed) }
    return isKey || hasSpaceBeforeLineFeed || text[last] == 0x20 ? .doubleQuoted : .literal
  }

  /// The length of the character that begins at an index, in bytes; nil for one that is written as an escape.
  ///
  /// Escaped are what libyaml does not print (C1 controls, the byte-order mark, U+FFFE and U+FFFF, everything beyond
  /// the basic plane) and, so that every reader counts the same lines, U+2028 and U+2029.
  @inline(__always)
  static func printableLength(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int? {
    let lead = text[index]
    if lead < 0xE0 {
      guard index + 1 < text.count else { return nil }
      return lead == 0xC2 && text[index + 1] < 0xA0 ? nil : 2
    }
    guard lead < 0xF0, index + 2 < text.count else { return nil }
    let (second, third) = (text[index + 1], text[index + 2])
    if lead == 0xE2, second == 0x80, third & 0xFE == 0xA8 { return nil }
    if lead == 0xEF, second == 0xBB, third == 0xBF { return nil }
    return lead == 0xEF && second == 0xBF && third >= 0xBE ? nil : 3
  }
}
