internal import CLibYAML
internal import KubernetesModel

/// Turns libyaml's events into a tape: resolves scalars, expands aliases, keeps the limits.
///
/// It never recurses: what is open stands in `frames`, and a text that nests too deep is left before libyaml, whose
/// cost grows with the square of the depth, sees more of it.
struct TapeComposer: ~Copyable {
  /// A container that is open.
  private struct Frame {
    var isMapping: Bool
    /// In a mapping, whether a key comes next.
    var expectsKey: Bool
    /// In a mapping, whether the value to come belongs to a merge key; in a list, whether it is such a value.
    var isMerge = false
    /// How many levels of containers the children have so far.
    var height = 0
    /// The anchor of the container, or -1.
    var anchor: Int
    /// The container's node.
    var node: Int
  }

  /// What an anchor stands for.
  private enum Target {
    /// A container that is still open, which an alias must not refer to.
    case open
    /// A complete container in the builder, with its levels of containers.
    case container(node: Int, height: Int)
    /// A scalar: its meaning, its text, and its node unless it is a key.
    case scalar(PlainScalar, [UInt8], node: Int?)
  }

  private var parser: YAMLEventParser
  private var builder: TapeBuilder
  private let text: UnsafeBufferPointer<UInt8>
  private let limits: ReadLimits
  private let dialect: YAMLReader.Dialect
  private let linesBefore: Int
  private var columns: ColumnCounter?
  private var frames: [Frame] = []
  private var anchors: [Target] = []
  private var anchorNames: [String: Int] = [:]
  private var mergeKeys: [Int] = []
  private var letters: [SourceLocation] = []
  private var aliasNodes = 0
  private var aliasBytes = 0
  private var documents: Int
  private var completeRoots = 0
  /// The line, from 0, of the `---` before the document, until its content begins; -1 when there is none.
  private var separatorLine = -1

  init(
    _ parser: consuming YAMLEventParser, text: UnsafeBufferPointer<UInt8>, limits: ReadLimits,
    dialect: YAMLReader.Dialect, linesBefore: Int, documentsBefore: Int
  ) {
    self.dialect = dialect
    self.parser = parser
    self.text = text
    self.limits = limits
    self.linesBefore = linesBefore
    documents = documentsBefore
    builder = TapeBuilder(nodeCapacity: text.count / 16 + 16, byteCapacity: text.count / 2 + 64)
    columns = ColumnCounter(text)
    frames.reserveCapacity(32)
  }

  /// Reads to the end of the stream or to the first error.
  mutating func compose() -> YAMLReader.Outcome {
    var failure: ReadError?
    do throws(ReadError) {
      try composeDocuments()
    } catch {
      failure = error
      closeAll()
    }
    let tape = builder.finish()
    return YAMLReader.Outcome(
      tape: tape, roots: tape.roots.prefix(completeRoots), mergeKeys: mergeKeys, letters: letters,
      documents: documents, error: failure)
  }

  /// Closes what an error left open, so that the tape is well formed.
  private mutating func closeAll() {
    while let frame = frames.popLast() {
      if frame.isMapping {
        if !frame.expectsKey { builder.null() }
        builder.endObject()
      } else {
        builder.endArray()
      }
      if let last = frames.indices.last, frames[last].isMapping { frames[last].expectsKey = true }
    }
  }

  private mutating func composeDocuments() throws(ReadError) {
    while true {
      guard parser.next() else { throw parserFailure() }
      let event = parser.event
      let type = event.pointee.type
      if type == YAML_SCALAR_EVENT {
        try scalar(event)
      } else if type == YAML_MAPPING_START_EVENT {
        try beginMapping(event)
      } else if type == YAML_MAPPING_END_EVENT || type == YAML_SEQUENCE_END_EVENT {
        end()
      } else if type == YAML_SEQUENCE_START_EVENT {
        try beginSequence(event)
      } else if type == YAML_ALIAS_EVENT {
        try alias(event)
      } else if type == YAML_DOCUMENT_START_EVENT {
        try beginDocument(event)
      } else if type == YAML_DOCUMENT_END_EVENT {
        completeRoots += 1
      } else if type == YAML_STREAM_END_EVENT {
        return
      }
    }
  }

  // MARK: Places and errors

  @inline(__always)
  private func line(_ mark: yaml_mark_t) -> Int { Int(mark.line) + 1 + linesBefore }

  /// The column in bytes; libyaml counts characters.
  @inline(__always)
  private mutating func column(_ mark: yaml_mark_t) -> Int {
    let column = Int(mark.column) + 1
    guard columns != nil else { return column }
    return column + (columns?.continuationBytes(before: Int(mark.index)) ?? 0)
  }

  private mutating func failure(
    _ code: ReadError.Code, _ message: String, at mark: yaml_mark_t
  ) -> ReadError {
    ReadError(code, message, line: line(mark), column: column(mark))
  }

  private mutating func parserFailure() -> ReadError {
    let failure = parser.failure(in: text)
    guard failure.code == .syntax else {
      var error = failure
      if error.line > 0 { error.line += linesBefore }
      return error
    }
    let (mark, context) = (parser.problemMark, parser.contextMark)
    var message = failure.message
    if let contextText = parser.context {
      message += ", \(contextText)"
      if context.index != mark.index { message += " that begins at \(line(context)):\(column(context))" }
    }
    return self.failure(.syntax, message, at: mark)
  }

  // MARK: Documents

  private mutating func beginDocument(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    documents += 1
    if documents > limits.documents {
      throw failure(.tooLarge, "more than \(limits.documents) documents", at: event.pointee.start_mark)
    }
    if !anchors.isEmpty {
      anchors.removeAll(keepingCapacity: true)
      anchorNames.removeAll(keepingCapacity: true)
    }
    // The end of an explicit start is the end of its "---".
    let isExplicit = event.pointee.data.document_start.implicit == 0
    separatorLine = isExplicit ? Int(event.pointee.end_mark.line) : -1
  }

  /// Kubernetes splits documents line by line and accepts only a comment behind the separator.
  @inline(__always)
  private mutating func checkSeparator(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    guard separatorLine >= 0 else { return }
    let mark = event.pointee.start_mark
    let isOnItsLine = Int(mark.line) == separatorLine && mark.index != event.pointee.end_mark.index
    separatorLine = -1
    if isOnItsLine { throw failure(.syntax, "only spaces or a comment may follow '---'", at: mark) }
  }

  // MARK: Containers

  private mutating func beginMapping(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    try begin(
      event, isMapping: true, tag: event.pointee.data.mapping_start.tag,
      anchor: event.pointee.data.mapping_start.anchor)
  }

  private mutating func beginSequence(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    try begin(
      event, isMapping: false, tag: event.pointee.data.sequence_start.tag,
      anchor: event.pointee.data.sequence_start.anchor)
  }

  private mutating func begin(
    _ event: UnsafePointer<yaml_event_t>, isMapping: Bool, tag: UnsafeMutablePointer<yaml_char_t>?,
    anchor: UnsafeMutablePointer<yaml_char_t>?
  ) throws(ReadError) {
    try checkSeparator(event)
    let mark = event.pointee.start_mark
    guard builder.depth < limits.depth else {
      throw failure(.tooDeep, "nested deeper than \(limits.depth) levels", at: mark)
    }
    if let pointer = tag {
      let tag = YAMLTag(pointer)
      guard tag == (isMapping ? .mapping : .sequence) || tag == .nonSpecific else {
        throw failure(.unsupportedTag, YAMLTag.unsupported(pointer), at: mark)
      }
    }
    var isMerge = false
    if let parent = frames.last {
      if parent.isMapping, parent.expectsKey {
        throw failure(.syntax, "a mapping or a list cannot be a key", at: mark)
      }
      if parent.isMerge {
        if !isMapping, !parent.isMapping { throw mergeFailure(at: mark) }
        isMerge = !isMapping
      }
    }
    var anchorIndex = -1
    if let anchor { anchorIndex = define(anchor, .open) }
    let node = builder.count
    if isMapping {
      builder.beginObject(line: line(mark), column: column(mark))
    } else {
      builder.beginArray(line: line(mark), column: column(mark))
    }
    frames.append(
      Frame(isMapping: isMapping, expectsKey: isMapping, isMerge: isMerge, anchor: anchorIndex, node: node))
  }

  private mutating func end() {
    guard let frame = frames.popLast() else { return }
    if frame.isMapping { builder.endObject() } else { builder.endArray() }
    let height = frame.height + 1
    if frame.anchor >= 0 { anchors[frame.anchor] = .container(node: frame.node, height: height) }
    completeValue(height: height)
  }

  /// Notes that a value is complete, so that a mapping expects a key again.
  @inline(__always)
  private mutating func completeValue(height: Int) {
    let last = frames.count - 1
    guard last >= 0 else { return }
    if frames[last].isMapping {
      frames[last].expectsKey = true
      frames[last].isMerge = false
    }
    if height > frames[last].height { frames[last].height = height }
  }

  private mutating func mergeFailure(at mark: yaml_mark_t) -> ReadError {
    failure(.syntax, "the value of a merge key (<<) must be a mapping or a list of mappings", at: mark)
  }

  // MARK: Scalars

  private mutating func scalar(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
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

  private mutating func noteLetter(at mark: yaml_mark_t) {
    guard letters.count < YAMLReader.lettersLimit else { return }
    letters.append(SourceLocation(file: "", line: line(mark), column: column(mark)))
  }

  private mutating func value(
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
  private mutating func key(
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
  private mutating func taggedScalar(
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

  // MARK: Anchors and aliases

  private mutating func define(_ name: UnsafeMutablePointer<yaml_char_t>, _ target: Target) -> Int {
    anchorNames[String(cString: name)] = anchors.count
    anchors.append(target)
    return anchors.count - 1
  }

  private mutating func alias(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    try checkSeparator(event)
    let mark = event.pointee.start_mark
    let name = event.pointee.data.alias.anchor.map { String(cString: $0) } ?? ""
    guard let anchor = anchorNames[name] else {
      throw failure(.badAlias, "the alias *\(name) refers to no anchor", at: mark)
    }
    let parent = frames.last
    let isKey = parent.map { $0.isMapping && $0.expectsKey } ?? false
    switch anchors[anchor] {
    case .open: throw failure(.badAlias, "the anchor &\(name) contains itself", at: mark)
    case .container(let node, let height):
      if isKey { throw failure(.syntax, "a mapping or a list cannot be a key", at: mark) }
      guard builder.depth + height <= limits.depth else {
        throw failure(.tooDeep, "nested deeper than \(limits.depth) levels", at: mark)
      }
      if parent?.isMerge == true, builder.node(at: node).kind != .object { throw mergeFailure(at: mark) }
      try repeatNodes(at: node, mark)
      completeValue(height: height)
    case .scalar(let meaning, let bytes, let node):
      if isKey {
        try scalarKey(meaning, bytes, at: mark)
      } else {
        if parent?.isMerge == true { throw mergeFailure(at: mark) }
        if let node { try repeatNodes(at: node, mark) } else { try scalarValue(meaning, bytes, at: mark) }
        completeValue(height: 0)
      }
    }
  }

  private mutating func repeatNodes(at node: Int, _ mark: yaml_mark_t) throws(ReadError) {
    let end = Int(builder.node(at: node).next)
    aliasNodes += end - node
    guard aliasNodes <= limits.aliasNodes else {
      throw failure(.tooLarge, "aliases expand to more than \(limits.aliasNodes) nodes", at: mark)
    }
    let shift = builder.count - node
    var next = firstMergeKey(from: node)
    while next < mergeKeys.count, mergeKeys[next] < end {
      mergeKeys.append(mergeKeys[next] + shift)
      next += 1
    }
    aliasBytes += builder.repeatValue(at: node)
    try checkAliasBytes(mark)
  }

  /// A long text that is repeated often costs nothing here, but whoever writes it out again pays in full.
  private mutating func checkAliasBytes(_ mark: yaml_mark_t) throws(ReadError) {
    let allowed = limits.aliasNodes.multipliedReportingOverflow(by: 256).partialValue
    guard aliasBytes <= max(allowed, 1 << 20) else {
      throw failure(.tooLarge, "aliases expand to more than \(allowed) bytes of text", at: mark)
    }
  }

  /// The position in `mergeKeys` of the first one at or after a node.
  private func firstMergeKey(from node: Int) -> Int {
    var low = 0
    var high = mergeKeys.count
    while low < high {
      let middle = (low + high) / 2
      if mergeKeys[middle] < node { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func scalarKey(
    _ meaning: PlainScalar, _ bytes: [UInt8], at mark: yaml_mark_t
  ) throws(ReadError) {
    aliasBytes += bytes.count
    try checkAliasBytes(mark)
    try bytes.withUnsafeBufferPointer { (text) throws(ReadError) in
      try key(meaning, text, mayMerge: false, anchor: nil, at: mark)
    }
  }

  private mutating func scalarValue(
    _ meaning: PlainScalar, _ bytes: [UInt8], at mark: yaml_mark_t
  ) throws(ReadError) {
    aliasBytes += bytes.count
    try checkAliasBytes(mark)
    try bytes.withUnsafeBufferPointer { (text) throws(ReadError) in
      try value(meaning, text, at: mark)
    }
  }
}
