internal import CLibYAML
internal import KubernetesModel

extension TapeComposer {
  mutating func scalar(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    let scalar = event.pointee.data.scalar
    let text = UnsafeBufferPointer(start: UnsafePointer(scalar.value), count: scalar.length)
    guard differences.isActive else { return try self.scalar(event, text) }
    let restored = differences.restored(
      text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
      isDoubleQuoted: scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
    try restored.withUnsafeBufferPointer { (bytes) throws(ReadError) in try self.scalar(event, bytes) }
  }

  private mutating func scalar(
    _ event: UnsafePointer<yaml_event_t>, _ text: UnsafeBufferPointer<UInt8>
  ) throws(ReadError) {
    let mark = event.pointee.start_mark
    let scalar = event.pointee.data.scalar
    if mayHoldEscapedSlash || mayHoldQuestionMark { try checkCharacters(event, text) }
    var meaning = PlainScalar.string
    var mayMerge = false
    if let pointer = scalar.tag {
      let tag = YAMLTag(pointer)
      if tag == .binary { return try binary(event, text) }
      meaning = try taggedScalar(tag, pointer, text, at: mark)
      mayMerge = tag == .merge
    } else if scalar.plain_implicit != 0 {
      mayMerge = true
      if !hasNonSpecificTag(event) {
        meaning = PlainScalar.resolve(text)
        if text.count == 1, case .boolean = meaning {
          if dialect == .singleLettersAreText { meaning = .string }
          note(.singleLetter, at: mark)
        }
      }
    }
    try add(meaning, text, mayMerge: mayMerge, anchor: scalar.anchor, at: mark)
  }

  private mutating func add(
    _ meaning: PlainScalar, _ text: UnsafeBufferPointer<UInt8>, mayMerge: Bool,
    anchor: UnsafeMutablePointer<yaml_char_t>?, at mark: yaml_mark_t
  ) throws(ReadError) {
    let last = frames.count - 1
    if last >= 0 {
      if frames[last].isMapping, frames[last].expectsKey {
        try key(meaning, text, mayMerge: mayMerge, anchor: anchor, at: mark)
        return
      }
      if frames[last].isMerge { throw mergeFailure(at: mark) }
    }
    if let anchor = anchor {
      _ = define(anchor, .scalar(meaning, Array(text), node: builder.count))
    }
    try value(meaning, text, at: mark)
    completeValue(height: 0)
  }

  /// Refuses what only libyaml accepts: a `?` within plain text in brackets or braces, and the escape `\\/`.
  private mutating func checkCharacters(
    _ event: UnsafePointer<yaml_event_t>, _ text: UnsafeBufferPointer<UInt8>
  ) throws(ReadError) {
    let style = event.pointee.data.scalar.style
    if style == YAML_PLAIN_SCALAR_STYLE, let frame = frames.last, frame.isFlow, text.contains(0x3F) {
      throw failure(
        .syntax,
        "did not find expected ',' or '\(frame.isMapping ? "}" : "]")': a plain '?' ends the text here",
        at: event.pointee.start_mark)
    }
    guard style == YAML_DOUBLE_QUOTED_SCALAR_STYLE, mayHoldEscapedSlash, text.contains(0x2F) else { return }
    let start = offset(of: event.pointee.start_mark)
    let end = offset(of: event.pointee.end_mark)
    guard let slash = GoScannerDifferences.escapedSlash(self.text, in: start..<end) else { return }
    let place = YAMLEventParser.position(of: slash, in: self.text)
    throw ReadError(
      .syntax, "found unknown escape character, while parsing a quoted scalar",
      line: place.line + linesBefore,
      column: place.column)
  }

  /// Whether the tag `!` stands before a scalar: it makes it text. libyaml does not hand it on.
  private mutating func hasNonSpecificTag(_ event: UnsafePointer<yaml_event_t>) -> Bool {
    if event.pointee.data.scalar.style != YAML_PLAIN_SCALAR_STYLE { return true }
    guard mayHoldTag else { return false }
    var index = offset(of: event.pointee.start_mark)
    let end = offset(of: event.pointee.end_mark)
    // Tag and anchor come in either order.
    guard index < end, text[index] == 0x21 || text[index] == 0x26 else { return false }
    while index < end {
      if text[index] == 0x21 { return true }
      guard text[index] == 0x26 else { return false }
      while index < end, text[index] > 0x20 { index += 1 }
      while index < end, text[index] <= 0x20 { index += 1 }
    }
    return false
  }

  /// A text that stands for bytes. They become text as `encoding/json` makes it.
  private mutating func binary(
    _ event: UnsafePointer<yaml_event_t>, _ text: UnsafeBufferPointer<UInt8>
  ) throws(ReadError) {
    let mark = event.pointee.start_mark
    guard let bytes = try? Base64.decode(utf8: text) else {
      throw failure(.syntax, "!!binary value contains invalid base64 data", at: mark)
    }
    let decoded = Array(String(decoding: bytes, as: UTF8.self).utf8)
    note(.tag, at: mark)
    try decoded.withUnsafeBufferPointer { (text) throws(ReadError) in
      try add(.string, text, mayMerge: false, anchor: event.pointee.data.scalar.anchor, at: mark)
    }
  }

  mutating func value(
    _ meaning: PlainScalar, _ text: UnsafeBufferPointer<UInt8>, at mark: yaml_mark_t
  ) throws(ReadError) {
    let line = line(mark)
    let column = column(mark)
    switch meaning {
    case .string, .timestamp: builder.scalar(.string, text, line: line, column: column)
    case .null: builder.null(line: line, column: column)
    case .boolean(let flag): builder.boolean(flag, line: line, column: column)
    case .integer(let negative, let magnitude):
      // Digits without anything else are what the value says.
      if negative || text.count > 18 || text[0] == 0x2B || (text[0] == 0x30 && text.count > 1)
        || text.count != Self.digits(magnitude)
      {
        spellings.note(text, line: line, column: column)
      }
      if negative || magnitude <= UInt64(Int64.max) {
        let number = Int64(truncatingIfNeeded: magnitude)
        builder.integer(negative ? 0 &- number : number, line: line, column: column)
      } else {
        Array(String(magnitude).utf8).withUnsafeBufferPointer {
          builder.scalar(.integer, $0, line: line, column: column)
        }
      }
    case .float(let number):
      guard number.isFinite else {
        let shown = String(decoding: text, as: UTF8.self)
        throw failure(.syntax, "\(shown) cannot be expressed in JSON; quote it if it is text", at: mark)
      }
      let digits = GoNumberText.json(number)
      if !digits.elementsEqual(text) { spellings.note(text, line: line, column: column) }
      let kind: TapeKind = digits.contains { $0 == 0x2E || $0 == 0x65 } ? .float : .integer
      digits.withUnsafeBufferPointer { builder.scalar(kind, $0, line: line, column: column) }
    }
  }

  private static func digits(_ number: UInt64) -> Int {
    var (count, rest) = (1, number)
    while rest >= 10 {
      count += 1
      rest /= 10
    }
    return count
  }

  /// Adds a key. Anything but text is turned into text the way Kubernetes does.
  mutating func key(
    _ meaning: PlainScalar, _ text: UnsafeBufferPointer<UInt8>, mayMerge: Bool,
    anchor: UnsafeMutablePointer<yaml_char_t>?, at mark: yaml_mark_t
  ) throws(ReadError) {
    let last = frames.count - 1
    if let anchor { _ = define(anchor, .scalar(meaning, Array(text), node: nil)) }
    let line = line(mark)
    let column = column(mark)
    var words: [UInt8] = []
    switch meaning {
    case .string, .timestamp:
      if mayMerge, text.count == 2, text[0] == 0x3C, text[1] == 0x3C {
        mergeKeys.append(builder.count)
        frames[last].isMerge = true
      }
      builder.key(text, line: line, column: column)
      frames[last].expectsKey = false
      return
    case .null: throw failure(.syntax, "a null cannot be a key; quote it if it is text", at: mark)
    case .boolean(let flag): words = Array((flag ? "true" : "false").utf8)
    case .integer(let negative, let magnitude):
      guard negative || magnitude <= UInt64(Int64.max) else {
        throw failure(.syntax, "the key \(magnitude) does not fit 64 bits; quote it", at: mark)
      }
      words = Array(((negative ? "-" : "") + String(magnitude)).utf8)
    case .float(let number): words = GoNumberText.mapKey(number)
    }
    words.withUnsafeBufferPointer { builder.key($0, line: line, column: column) }
    frames[last].expectsKey = false
  }

  /// What a scalar with an explicit tag means: its text must fit the tag.
  mutating func taggedScalar(
    _ tag: YAMLTag, _ pointer: UnsafeMutablePointer<yaml_char_t>, _ text: UnsafeBufferPointer<UInt8>,
    at mark: yaml_mark_t
  ) throws(ReadError) -> PlainScalar {
    switch tag {
    case .string, .merge, .nonSpecific, .binary: return .string
    case .mapping, .sequence, .other:
      // kubectl does not know the tag, and takes the text as it is.
      note(.tag, at: mark)
      return .string
    case .integer, .float, .boolean, .null, .timestamp: break
    }
    let meaning = PlainScalar.resolve(text)
    switch (tag, meaning) {
    case (.null, .null), (.boolean, .boolean), (.integer, .integer), (.float, .float),
      (.timestamp, .timestamp):
      return meaning
    case (.float, .integer(let negative, let magnitude)):
      return .float(negative ? -Double(magnitude) : Double(magnitude))
    default:
      let shown = String(decoding: text.prefix(64), as: UTF8.self)
      throw failure(.syntax, "'\(shown)' is not what its tag \(YAMLTag.text(pointer)) says", at: mark)
    }
  }
}
