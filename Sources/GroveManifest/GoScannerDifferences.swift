#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Where go-yaml's scanner, which kubectl has, takes what libyaml refuses.
///
/// The two agree but for a few characters. What only libyaml accepts is looked for in its events. What only go-yaml
/// accepts is rewritten, without moving anything, to something that libyaml accepts too, and the texts that come out
/// are turned back: a stand-in is chosen that the text does not hold.
struct GoScannerDifferences {
  /// How many places of one document are rewritten. Each costs another parse, so their number must be bounded.
  private static let limit = 64

  /// The text with its stand-ins; nil as long as it is the original.
  private(set) var rewritten: [UInt8]?
  /// What stands for `'` in double-quoted texts: the value of an escape that the text does not use.
  private(set) var quote: UInt8?
  /// What stands for `:` in plain texts.
  private(set) var colon: UInt8?
  private var count = 0

  /// Whether texts that libyaml delivers must be turned back.
  var isActive: Bool { rewritten != nil }

  /// Rewrites what libyaml stumbled over.
  ///
  /// - Parameters:
  ///   - problem: libyaml's words for it.
  ///   - offset: where it stumbled.
  ///   - text: the text as it was given.
  /// - Returns: whether there is another text to parse.
  mutating func rewrite(_ problem: String, at offset: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard count < Self.limit, offset < text.count else { return false }
    switch problem {
    case "found unknown escape character":
      // go-yaml knows \' in double quotes.
      guard offset + 1 < text.count, text[offset] == 0x5C, text[offset + 1] == 0x27 else { return false }
      if quote == nil { quote = Self.escapes.first { !Self.uses($0, text) }?.value }
      guard let quote, let letter = Self.escapes.first(where: { $0.value == quote })?.letter else {
        return false
      }
      replace(offset + 1, with: letter, in: text)
    case "found unexpected ':'":
      // In a flow collection, a colon right before an indicator is part of the text for go-yaml.
      guard text[offset] == 0x3A else { return false }
      if colon == nil { colon = Self.standIns.first { !text.contains($0) } }
      guard let colon else { return false }
      replace(offset, with: colon, in: text)
    default: return false
    }
    count += 1
    return true
  }

  private mutating func replace(_ offset: Int, with byte: UInt8, in text: UnsafeBufferPointer<UInt8>) {
    var bytes = rewritten ?? Array(text)
    bytes[offset] = byte
    rewritten = bytes
  }

  /// A text that libyaml delivered, turned back.
  func restored(_ text: UnsafeBufferPointer<UInt8>, isPlain: Bool, isDoubleQuoted: Bool) -> [UInt8] {
    text.map { byte in
      if isDoubleQuoted, byte == quote { return 0x27 }
      if isPlain, byte == colon { return 0x3A }
      return byte
    }
  }

  /// Escapes of one letter and what they mean; control characters cannot stand in YAML by themselves.
  private static let escapes: [(letter: UInt8, value: UInt8)] = [
    (0x61, 0x07), (0x76, 0x0B), (0x66, 0x0C), (0x65, 0x1B), (0x62, 0x08),
  ]

  /// Characters that neither begin nor end anything in the middle of a plain text.
  private static let standIns: [UInt8] =
    [0x5E, 0x7E, 0x3D, 0x2B, 0x3B, 0x24, 0x5F] + Array(0x41...0x5A) + Array(0x61...0x7A) + Array(0x30...0x39)

  /// Whether a text may hold an escape, by its letter or by its code.
  private static func uses(
    _ escape: (letter: UInt8, value: UInt8), _ text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let digits = Array((escape.value < 16 ? "0" : "").utf8) + Array(String(escape.value, radix: 16).utf8)
    for index in text.indices.dropLast() where text[index] == 0x5C {
      let letter = text[index + 1]
      if letter == escape.letter { return true }
      let length = letter == 0x78 ? 2 : letter == 0x75 ? 4 : letter == 0x55 ? 8 : 0
      let end = index + 2 + length
      if length > 0, end <= text.count, text[end - 2] == digits[0], text[end - 1] | 0x20 == digits[1] | 0x20 {
        return true
      }
    }
    return false
  }

  // MARK: What only libyaml accepts

  /// Whether a text holds a byte.
  static func holds(_ byte: UInt8, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = text.baseAddress else { return false }
    return memchr(base, Int32(byte), text.count) != nil
  }

  /// Whether a text holds the escape `\/`, of which go-yaml knows nothing.
  static func mayHoldEscapedSlash(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = text.baseAddress, text.count > 1 else { return false }
    var start = 0
    while start + 1 < text.count, let found = memchr(base + start, 0x5C, text.count - start - 1) {
      let index = base.distance(to: found.assumingMemoryBound(to: UInt8.self))
      if base[index + 1] == 0x2F { return true }
      start = index + 1
    }
    return false
  }

  /// Where the escape `\/` stands in a double-quoted text of the source.
  static func escapedSlash(_ text: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index + 1 < range.upperBound {
      if text[index] == 0x5C {
        if text[index + 1] == 0x2F { return index }
        index += 2
      } else {
        index += 1
      }
    }
    return nil
  }
}

/// Turns libyaml's positions, which count characters, into offsets. Asked in ascending order it walks a text once.
struct CharacterOffsets {
  private var character = 0
  private var offset = 0

  /// The offset of a character in a text, which must be the same every time.
  mutating func offset(of wanted: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
    if wanted < character { (character, offset) = (0, 0) }
    while character < wanted, offset < text.count {
      let lead = text[offset]
      offset += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
      character += 1
    }
    return min(offset, text.count)
  }
}
