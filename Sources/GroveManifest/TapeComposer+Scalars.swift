internal import CLibYAML
internal import KubernetesModel

extension TapeComposer {
  mutating func scalar(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    try checkSeparator(event)
    let mark = event.pointee.start_mark
    let scalar = event.pointee.data.scalar
    let text = UnsafeBufferPointer(start: UnsafePointer(scalar.value), count: scalar.length)
    var meaning = PlainScalar.string
    var mayMerge = false
    if let pointer = scalar.tag {
      let tag = YAMLTag(pointer)
      meaning = try taggedScalar(tag, pointer, text, at: mark)
      mayMerge = tag == .merge
    } else if scalar.plain_implicit != 0 {
      meaning = PlainScalar.resolve(text)
      mayMerge = true
      if text.count == 1, case .boolean = meaning {
        if dialect == .singleLettersAreText { meaning = .string }
        noteLetter(at: mark)
      }
    }
    let last = frames.count - 1
    if last >= 0 {
      if frames[last].isMapping, frames[last].expectsKey {
        try key(meaning, text, mayMerge: mayMerge, anchor: scalar.anchor, at: mark)
        return
      }
      if frames[last].isMerge { throw mergeFailure(at: mark) }
    }
    if let anchor = scalar.anchor {
      _ = define(anchor, .scalar(meaning, Array(text), node: builder.count))
    }
    try value(meaning, text, at: mark)
    completeValue(height: 0)
  }

  mutating func noteLetter(at mark: yaml_mark_t) {
    guard letters.count < YAMLReader.lettersLimit else { return }
    letters.append(SourceLocation(file: "", line: line(mark), column: column(mark)))
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
      let kind: TapeKind = digits.contains { $0 == 0x2E || $0 == 0x65 } ? .float : .integer
      digits.withUnsafeBufferPointer { builder.scalar(kind, $0, line: line, column: column) }
    }
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
    if tag == .string { return .string }
    guard tag.isScalar else { throw failure(.unsupportedTag, YAMLTag.unsupported(pointer), at: mark) }
    if tag == .merge { return .string }
    let meaning = PlainScalar.resolve(text)
    if tag == .nonSpecific { return meaning }
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
