/// Why a text could not be read at all.
public struct ReadError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  public enum Code: Sendable, Equatable {
    /// The text breaks the grammar of its format.
    case syntax
    /// The text is not UTF-8, or has bytes that the format forbids.
    case encoding
    /// Containers are nested deeper than ``ReadLimits/depth``.
    case tooDeep
    /// The text, or what its aliases expand to, is larger than ``ReadLimits`` allow.
    case tooLarge
    /// An alias refers to nothing, or to something that contains it.
    case badAlias
  }

  /// What is wrong.
  public var code: Code
  /// The reason in words.
  public var message: String
  /// The line, from 1; 0 when unknown.
  public var line: Int
  /// The column in bytes, from 1; 0 when unknown.
  public var column: Int

  /// A read error.
  public init(_ code: Code, _ message: String, line: Int = 0, column: Int = 0) {
    self.code = code
    self.message = message
    self.line = line
    self.column = column
  }

  /// `line:column: reason`.
  public var description: String { line > 0 ? "\(line):\(column): \(message)" : message }
}

/// How much of a hostile text the readers put up with.
public struct ReadLimits: Sendable, Equatable {
  /// How deep containers may be nested. 256 unless told otherwise; at most 10,000.
  public var depth = 256
  /// How many bytes one text may have. 1 GiB unless told otherwise; at most 2 GiB.
  public var bytes = 1 << 30
  /// How many nodes aliases may expand to in one text. 1,000,000 unless told otherwise.
  public var aliasNodes = 1_000_000
  /// How many documents one text may hold. 1,000,000 unless told otherwise.
  public var documents = 1_000_000

  /// The usual limits.
  public init() {}
}

/// Reads JSON: one value, or several one after the other.
///
/// Numbers keep their text. Duplicate names stay on the tape; the reader of the document decides what they mean.
/// It accepts a byte-order mark and nothing else that RFC 8259 does not.
public struct JSONReader: ~Copyable {
  private var builder: TapeBuilder
  private let base: UnsafePointer<UInt8>
  private let count: Int
  private let limits: ReadLimits
  private var position = 0
  private var line = 1
  private var lineStart = 0
  /// What was complete and where, after the last value.
  private var complete: TapeBuilder.Mark
  private var end = 0
  private var endLine = 1

  private init(_ text: UnsafeBufferPointer<UInt8>, base: UnsafePointer<UInt8>, limits: ReadLimits) {
    builder = TapeBuilder(nodeCapacity: text.count / 8 + 16, byteCapacity: text.count + 64)
    builder.adopt(source: text)
    complete = builder.mark
    self.base = base
    self.count = text.count
    self.limits = limits
  }

  /// Reads all values of a text.
  ///
  /// - Throws: ``ReadError`` for anything that is not UTF-8 JSON within the limits.
  /// - Complexity: O(bytes).
  public static func read(
    _ text: UnsafeBufferPointer<UInt8>, limits: ReadLimits = ReadLimits()
  ) throws(ReadError) -> Tape {
    guard text.count <= limits.bytes else {
      throw ReadError(.tooLarge, "the text has \(text.count) bytes, more than \(limits.bytes)")
    }
    if let offset = firstInvalidUTF8(in: text) {
      let place = position(of: offset, in: text)
      throw ReadError(.encoding, "invalid UTF-8", line: place.line, column: place.column)
    }
    guard let base = text.baseAddress else {
      var empty = TapeBuilder()
      return empty.finish()
    }
    var reader = JSONReader(text, base: base, limits: limits)
    return try reader.readAll()
  }

  /// What the beginning of a text turned out to hold.
  package struct Prefix {
    /// The values that were read completely.
    package var tape: Tape
    /// The offset right behind the last of them.
    package var end: Int
    /// The line of that place, from 1.
    package var line: Int
    /// Why reading stopped before the end of the text, if it did.
    package var error: ReadError?
  }

  /// Reads values up to the end of a text or to the first error.
  ///
  /// - Complexity: O(bytes).
  package static func readPrefix(
    _ text: UnsafeBufferPointer<UInt8>, limits: ReadLimits = ReadLimits()
  ) -> Prefix {
    var empty = TapeBuilder()
    guard text.count <= limits.bytes, let base = text.baseAddress else {
      let error = ReadError(.tooLarge, "the text has \(text.count) bytes, more than \(limits.bytes)")
      return Prefix(tape: empty.finish(), end: 0, line: 1, error: text.isEmpty ? nil : error)
    }
    if let offset = firstInvalidUTF8(in: text) {
      let place = position(of: offset, in: text)
      let error = ReadError(.encoding, "invalid UTF-8", line: place.line, column: place.column)
      return Prefix(tape: empty.finish(), end: 0, line: 1, error: error)
    }
    var reader = JSONReader(text, base: base, limits: limits)
    var error: ReadError?
    do throws(ReadError) { try reader.readValues() } catch let failure {
      error = failure
      reader.builder.rollBack(to: reader.complete)
    }
    return Prefix(tape: reader.builder.finish(), end: reader.end, line: reader.endLine, error: error)
  }

  /// Reads all values of a string.
  ///
  /// - Throws: ``ReadError`` for anything that is not JSON within the limits.
  public static func read(_ text: String, limits: ReadLimits = ReadLimits()) throws(ReadError) -> Tape {
    var text = text
    let result: Result<Tape, ReadError> = text.withUTF8 { bytes in
      do throws(ReadError) { return .success(try read(bytes, limits: limits)) } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  static func position(
    of offset: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> (line: Int, column: Int) {
    var line = 1
    var start = 0
    for index in 0..<min(offset, text.count) where text[index] == 0x0A {
      line += 1
      start = index + 1
    }
    return (line, offset - start + 1)
  }

  private mutating func readAll() throws(ReadError) -> Tape {
    try readValues()
    return builder.finish()
  }

  private mutating func readValues() throws(ReadError) {
    if count >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF {
      position = 3
      lineStart = 3
    }
    var documents = 0
    skipSpace()
    while position < count {
      documents += 1
      if documents > limits.documents {
        throw failure(.tooLarge, "more than \(limits.documents) documents")
      }
      try readValue()
      (complete, end, endLine) = (builder.mark, position, line)
      skipSpace()
    }
  }

  private func failure(_ code: ReadError.Code, _ message: String) -> ReadError {
    ReadError(code, message, line: line, column: position - lineStart + 1)
  }

  @inline(__always)
  private mutating func skipSpace() {
    while position < count {
      let byte = base[position]
      if byte > 0x20 { return }
      if byte == 0x0A {
        line += 1
        lineStart = position + 1
      } else if byte != 0x20, byte != 0x09, byte != 0x0D {
        return
      }
      position += 1
    }
  }

  /// Reads one value and everything in it, without recursion, so that depth costs no stack.
  private mutating func readValue() throws(ReadError) {
    let floor = builder.depth
    var objects: [Bool] = []
    while true {
      // A value is due here.
      skipSpace()
      guard position < count else { throw failure(.syntax, "unexpected end of the text") }
      let column = position - lineStart + 1
      switch base[position] {
      case 0x7B, 0x5B:
        let isObject = base[position] == 0x7B
        guard builder.depth < limits.depth else {
          throw failure(.tooDeep, "nested deeper than \(limits.depth) levels")
        }
        if isObject {
          builder.beginObject(line: line, column: column)
        } else {
          builder.beginArray(line: line, column: column)
        }
        objects.append(isObject)
        position += 1
        skipSpace()
        if position < count, base[position] == (isObject ? 0x7D : 0x5D) {
          position += 1
          if isObject { builder.endObject() } else { builder.endArray() }
          objects.removeLast()
        } else {
          if isObject { try readKey() }
          continue
        }
      case 0x22: try readString(isKey: false, column: column)
      case 0x2D, 0x30...0x39: try readNumber(column: column)
      case 0x74:
        try readWord("true")
        builder.boolean(true, line: line, column: column)
      case 0x66:
        try readWord("false")
        builder.boolean(false, line: line, column: column)
      case 0x6E:
        try readWord("null")
        builder.null(line: line, column: column)
      default: throw failure(.syntax, "unexpected character \(describe(base[position])), expected a value")
      }
      // A value is complete: close what ends here, or go on to the next member or element.
      while true {
        guard builder.depth > floor, let isObject = objects.last else { return }
        skipSpace()
        guard position < count else { throw failure(.syntax, "unexpected end of the text") }
        let byte = base[position]
        if byte == 0x2C {
          position += 1
          if isObject {
            skipSpace()
            try readKey()
          }
          break
        }
        guard byte == (isObject ? 0x7D : 0x5D) else {
          throw failure(
            .syntax, "unexpected character \(describe(byte)), expected ',' or '\(isObject ? "}" : "]")'")
        }
        position += 1
        if isObject { builder.endObject() } else { builder.endArray() }
        objects.removeLast()
      }
    }
  }

  private func describe(_ byte: UInt8) -> String {
    byte > 0x20 && byte < 0x7F ? "'\(Character(UnicodeScalar(byte)))'" : "0x" + String(byte, radix: 16)
  }

  private mutating func readWord(_ word: StaticString) throws(ReadError) {
    let length = word.utf8CodeUnitCount
    guard position + length <= count else { throw failure(.syntax, "unexpected end of the text") }
    for index in 0..<length where base[position + index] != word.utf8Start[index] {
      throw failure(.syntax, "expected '\(word)'")
    }
    position += length
  }

  private mutating func readKey() throws(ReadError) {
    guard position < count, base[position] == 0x22 else {
      throw failure(.syntax, "expected the name of a member in double quotes")
    }
    try readString(isKey: true, column: position - lineStart + 1)
    skipSpace()
    guard position < count, base[position] == 0x3A else { throw failure(.syntax, "expected ':'") }
    position += 1
  }

  @inline(__always)
  private mutating func readString(isKey: Bool, column: Int) throws(ReadError) {
    let first = position + 1
    var index = first
    while index < count {
      let byte = base[index]
      if byte == 0x22 {
        position = index + 1
        if isKey {
          builder.key(sourceOffset: first, length: index - first, line: line, column: column)
        } else {
          builder.scalar(.string, sourceOffset: first, length: index - first, line: line, column: column)
        }
        return
      }
      if byte == 0x5C {
        try readEscapedString(from: first, firstEscape: index, isKey: isKey, column: column)
        return
      }
      if byte < 0x20 {
        position = index
        throw failure(.syntax, "unescaped control character in a string")
      }
      index += 1
    }
    position = index
    throw failure(.syntax, "unterminated string")
  }

  private mutating func readEscapedString(
    from first: Int, firstEscape: Int, isKey: Bool, column: Int
  ) throws(ReadError) {
    var text: [UInt8] = []
    text.append(contentsOf: UnsafeBufferPointer(start: base + first, count: firstEscape - first))
    position = firstEscape
    while true {
      guard position < count else { throw failure(.syntax, "unterminated string") }
      let byte = base[position]
      if byte == 0x22 { break }
      if byte < 0x20 { throw failure(.syntax, "unescaped control character in a string") }
      position += 1
      guard byte == 0x5C else {
        text.append(byte)
        continue
      }
      guard position < count else { throw failure(.syntax, "unterminated string") }
      let escape = base[position]
      position += 1
      switch escape {
      case 0x22, 0x5C, 0x2F: text.append(escape)
      case 0x62: text.append(0x08)
      case 0x66: text.append(0x0C)
      case 0x6E: text.append(0x0A)
      case 0x72: text.append(0x0D)
      case 0x74: text.append(0x09)
      case 0x75: text.append(contentsOf: try readUnicodeEscape().utf8)
      default:
        position -= 1
        throw failure(.syntax, "unknown escape '\\\(Character(UnicodeScalar(escape)))'")
      }
    }
    position += 1
    text.withUnsafeBufferPointer { bytes in
      if isKey {
        builder.key(bytes, line: line, column: column)
      } else {
        builder.scalar(.string, bytes, line: line, column: column)
      }
    }
  }

  private mutating func readUnicodeEscape() throws(ReadError) -> String {
    let unit = try readHex()
    if unit < 0xD800 || unit > 0xDFFF {
      return UnicodeScalar(unit).map { String($0) } ?? "\u{FFFD}"
    }
    // Like Go, take half of a pair without the other for U+FFFD.
    guard unit < 0xDC00, position + 1 < count, base[position] == 0x5C, base[position + 1] == 0x75 else {
      return "\u{FFFD}"
    }
    let second = position
    position += 2
    let low = try readHex()
    guard low >= 0xDC00, low <= 0xDFFF else {
      position = second
      return "\u{FFFD}"
    }
    let scalar = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
    return UnicodeScalar(scalar).map { String($0) } ?? "\u{FFFD}"
  }

  private mutating func readHex() throws(ReadError) -> UInt32 {
    guard position + 4 <= count else { throw failure(.syntax, "unterminated string") }
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = base[position]
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x41 + 10)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x61 + 10)
      default: throw failure(.syntax, "expected four hexadecimal digits after '\\u'")
      }
      position += 1
    }
    return value
  }

  private mutating func readNumber(column: Int) throws(ReadError) {
    let first = position
    if base[position] == 0x2D { position += 1 }
    let integerStart = position
    skipDigits()
    guard position > integerStart else { throw failure(.syntax, "expected a digit") }
    if base[integerStart] == 0x30, position > integerStart + 1 {
      position = integerStart
      throw failure(.syntax, "a number must not begin with 0")
    }
    var kind = TapeKind.integer
    if position < count, base[position] == 0x2E {
      kind = .float
      position += 1
      let start = position
      skipDigits()
      guard position > start else { throw failure(.syntax, "expected a digit after '.'") }
    }
    if position < count, base[position] | 0x20 == 0x65 {
      kind = .float
      position += 1
      if position < count, base[position] == 0x2B || base[position] == 0x2D { position += 1 }
      let start = position
      skipDigits()
      guard position > start else { throw failure(.syntax, "expected a digit in the exponent") }
    }
    builder.scalar(kind, sourceOffset: first, length: position - first, line: line, column: column)
  }

  @inline(__always)
  private mutating func skipDigits() {
    while position < count, base[position] &- 0x30 <= 9 { position += 1 }
  }
}
