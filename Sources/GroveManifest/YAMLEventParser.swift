internal import CLibYAML
internal import KubernetesModel

/// Owns a libyaml parser and the event it produced last.
struct YAMLEventParser: ~Copyable {
  /// What is still to be handed to libyaml.
  private struct Feed {
    var next: UnsafePointer<UInt8>?
    var left: Int
    /// Whether a line end is still to come that the text lacks.
    var needsNewline: Bool
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let storage: UnsafeMutablePointer<yaml_event_t>
  private let feed: UnsafeMutablePointer<Feed>
  private var holdsEvent = false

  /// A parser for a text, which must outlive it. Nil when there is no memory for one.
  ///
  /// kubectl ends every line it hands on, so a text without a line end at its end is given one.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    parser = .allocate(capacity: 1)
    storage = .allocate(capacity: 1)
    feed = .allocate(capacity: 1)
    feed.initialize(
      to: Feed(
        next: text.baseAddress, left: text.count, needsNewline: text.count > 0 && text[text.count - 1] != 0x0A
      ))
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      storage.deallocate()
      feed.deallocate()
      return nil
    }
    // Told the encoding, libyaml does not guess UTF-16 from the first bytes.
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input(
      parser,
      { context, buffer, capacity, count in
        guard let context, let buffer, let count else { return 0 }
        let feed = context.assumingMemoryBound(to: Feed.self)
        let length = min(capacity, feed.pointee.left)
        if length > 0, let next = feed.pointee.next {
          buffer.update(from: next, count: length)
          feed.pointee.next = next + length
          feed.pointee.left -= length
          count.pointee = length
        } else if feed.pointee.needsNewline, capacity > 0 {
          buffer.pointee = 0x0A
          feed.pointee.needsNewline = false
          count.pointee = 1
        } else {
          count.pointee = 0
        }
        return 1
      }, feed)
  }

  deinit {
    if holdsEvent { yaml_event_delete(storage) }
    yaml_parser_delete(parser)
    parser.deallocate()
    storage.deallocate()
    feed.deallocate()
  }

  /// Parses the next event and frees the one before.
  ///
  /// - Returns: false when the text is wrong; ``failure(in:)`` says why.
  @inline(__always)
  mutating func next() -> Bool {
    if holdsEvent { yaml_event_delete(storage) }
    holdsEvent = yaml_parser_parse(parser, storage) == 1
    return holdsEvent
  }

  /// The event parsed last. Its texts are valid until the next one.
  @inline(__always)
  var event: UnsafePointer<yaml_event_t> { UnsafePointer(storage) }

  /// Where libyaml saw the problem that stopped it.
  var problemMark: yaml_mark_t { parser.pointee.problem_mark }

  /// What stopped libyaml, if it was the scanner.
  var scannerProblem: String? {
    guard parser.pointee.error == YAML_SCANNER_ERROR else { return nil }
    return parser.pointee.problem.map { String(cString: $0) }
  }

  /// What libyaml was doing when it stopped.
  var context: String? { parser.pointee.context.map { String(cString: $0) } }

  /// Where what it was doing began.
  var contextMark: yaml_mark_t { parser.pointee.context_mark }

  /// Why parsing stopped. Bytes that cannot be text come with their place, everything else without.
  func failure(in text: UnsafeBufferPointer<UInt8>) -> ReadError {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "malformed YAML"
    switch parser.pointee.error {
    case YAML_MEMORY_ERROR: return ReadError(.tooLarge, "out of memory")
    case YAML_READER_ERROR:
      let offset = min(parser.pointee.problem_offset, text.count)
      let place = Self.position(of: offset, in: text)
      let code = parser.pointee.problem_value
      let found = code >= 0 ? " (U+\(Self.hex(UInt32(truncatingIfNeeded: code))))" : ""
      return ReadError(.encoding, problem + found, line: place.line, column: place.column)
    default: return ReadError(.syntax, problem)
    }
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// The line and the column, from 1 and in bytes, of an offset.
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
}
