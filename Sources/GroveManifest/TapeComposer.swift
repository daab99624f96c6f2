internal import CLibYAML
internal import KubernetesModel

/// Turns libyaml's events into a tape: resolves scalars, expands aliases, keeps the limits.
///
/// It never recurses: what is open stands in `frames`, and a text that nests too deep is left before libyaml, whose
/// cost grows with the square of the depth, sees more of it.
struct TapeComposer: ~Copyable {
  /// A container that is open.
  struct Frame {
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
  enum Target {
    /// A container that is still open, which an alias must not refer to.
    case open
    /// A complete container in the builder, with its levels of containers.
    case container(node: Int, height: Int)
    /// A scalar: its meaning, its text, and its node unless it is a key.
    case scalar(PlainScalar, [UInt8], node: Int?)
  }

  var parser: YAMLEventParser
  var builder: TapeBuilder
  let text: UnsafeBufferPointer<UInt8>
  let limits: ReadLimits
  let dialect: YAMLReader.Dialect
  let linesBefore: Int
  var columns: ColumnCounter?
  var frames: [Frame] = []
  var anchors: [Target] = []
  var anchorNames: [String: Int] = [:]
  var mergeKeys: [Int] = []
  var letters: [SourceLocation] = []
  var aliasNodes = 0
  var aliasBytes = 0
  var documents: Int
  var completeRoots = 0
  /// The line, from 0, of the `---` before the document, until its content begins; -1 when there is none.
  var separatorLine = -1

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
  mutating func closeAll() {
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

  mutating func composeDocuments() throws(ReadError) {
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
  func line(_ mark: yaml_mark_t) -> Int { Int(mark.line) + 1 + linesBefore }

  /// The column in bytes; libyaml counts characters.
  @inline(__always)
  mutating func column(_ mark: yaml_mark_t) -> Int {
    let column = Int(mark.column) + 1
    guard columns != nil else { return column }
    return column + (columns?.continuationBytes(before: Int(mark.index)) ?? 0)
  }

  mutating func failure(
    _ code: ReadError.Code, _ message: String, at mark: yaml_mark_t
  ) -> ReadError {
    ReadError(code, message, line: line(mark), column: column(mark))
  }

  mutating func parserFailure() -> ReadError {
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

  mutating func beginDocument(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
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
  mutating func checkSeparator(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    guard separatorLine >= 0 else { return }
    let mark = event.pointee.start_mark
    let isOnItsLine = Int(mark.line) == separatorLine && mark.index != event.pointee.end_mark.index
    separatorLine = -1
    if isOnItsLine { throw failure(.syntax, "only spaces or a comment may follow '---'", at: mark) }
  }

  // MARK: Containers

  mutating func beginMapping(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    try begin(
      event, isMapping: true, tag: event.pointee.data.mapping_start.tag,
      anchor: event.pointee.data.mapping_start.anchor)
  }

  mutating func beginSequence(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    try begin(
      event, isMapping: false, tag: event.pointee.data.sequence_start.tag,
      anchor: event.pointee.data.sequence_start.anchor)
  }

  mutating func begin(
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

  mutating func end() {
    guard let frame = frames.popLast() else { return }
    if frame.isMapping { builder.endObject() } else { builder.endArray() }
    let height = frame.height + 1
    if frame.anchor >= 0 { anchors[frame.anchor] = .container(node: frame.node, height: height) }
    completeValue(height: height)
  }

  /// Notes that a value is complete, so that a mapping expects a key again.
  @inline(__always)
  mutating func completeValue(height: Int) {
    let last = frames.count - 1
    guard last >= 0 else { return }
    if frames[last].isMapping {
      frames[last].expectsKey = true
      frames[last].isMerge = false
    }
    if height > frames[last].height { frames[last].height = height }
  }

  mutating func mergeFailure(at mark: yaml_mark_t) -> ReadError {
    failure(.syntax, "the value of a merge key (<<) must be a mapping or a list of mappings", at: mark)
  }
}
