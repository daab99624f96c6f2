internal import CLibYAML
internal import KubernetesModel

/// Turns libyaml's events into a tape: resolves scalars, expands aliases, keeps the limits.
///
/// It takes a text piece by piece, as ``DocumentCutter`` cuts it, and one document of each piece, as kubectl does. It
/// never recurses: what is open stands in `frames`, and a text that nests too deep is left before libyaml, whose cost
/// grows with the square of the depth, sees more of it.
struct TapeComposer: ~Copyable {
  /// A container that is open.
  struct Frame {
    var isMapping: Bool
    /// Whether it is written in brackets or braces.
    var isFlow: Bool
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

  /// How many broken documents are told of one text.
  static let errorLimit = 20

  var parser: YAMLEventParser
  var builder: TapeBuilder
  let source: UnsafeBufferPointer<UInt8>
  let limits: ReadLimits
  let dialect: YAMLReader.Dialect
  /// The piece that is being read, without a byte-order mark, and how many lines precede it.
  var text: UnsafeBufferPointer<UInt8>
  var linesBefore: Int
  var columns: ColumnCounter?
  var offsets = CharacterOffsets()
  var differences = GoScannerDifferences()
  /// Whether the piece holds the escape `\/`, a `?` or a `!` anywhere, so that a look at them is due.
  var mayHoldEscapedSlash = false
  var mayHoldQuestionMark = false
  var mayHoldTag = false
  var frames: [Frame] = []
  var anchors: [Target] = []
  var anchorNames: [String: Int] = [:]
  var mergeKeys: [Int] = []
  var notes: [YAMLReader.Note] = []
  var spellings = NumberSpellings()
  var aliasNodes = 0
  var aliasBytes = 0
  var documents: Int
  var errors: [ReadError] = []
  /// How many documents were complete when the first error was met.
  var rootsBeforeError: Int?
  private var cutter: DocumentCutter

  init?(
    _ source: UnsafeBufferPointer<UInt8>, limits: ReadLimits, dialect: YAMLReader.Dialect, from start: Int,
    linesBefore: Int, documentsBefore: Int
  ) {
    text = UnsafeBufferPointer(rebasing: source[source.endIndex...])
    guard let parser = YAMLEventParser(text) else { return nil }
    self.parser = parser
    self.dialect = dialect
    self.source = source
    self.limits = limits
    self.linesBefore = linesBefore
    documents = documentsBefore
    cutter = DocumentCutter(source, from: start, linesBefore: linesBefore)
    builder = TapeBuilder(nodeCapacity: source.count / 16 + 16, byteCapacity: source.count / 2 + 64)
    frames.reserveCapacity(32)
  }

  /// Reads all pieces. A broken one does not hide those behind it, unless it is beyond the limits.
  mutating func compose() -> YAMLReader.Outcome {
    while let piece = cutter.next() {
      do throws(ReadError) {
        if let place = piece.badSeparator {
          throw ReadError(
            .syntax, "only spaces or a comment may follow '---'", line: place.line, column: place.column)
        }
        try composePiece(piece)
      } catch {
        if errors.isEmpty { rootsBeforeError = builder.rootCount }
        errors.append(error)
        if error.code == .tooLarge || errors.count == Self.errorLimit { break }
      }
    }
    let roots = builder.rootCount
    return YAMLReader.Outcome(
      tape: builder.finish(), mergeKeys: mergeKeys, notes: notes, spellings: spellings, documents: documents,
      errors: errors,
      rootsBeforeError: rootsBeforeError ?? roots)
  }

  // MARK: Pieces

  private mutating func composePiece(_ piece: DocumentCutter.Piece) throws(ReadError) {
    linesBefore = piece.linesBefore
    var range = piece.range
    let hasMark = range.count >= 3 && source[range.lowerBound] == 0xEF && source[range.lowerBound + 1] == 0xBB
    if hasMark, source[range.lowerBound + 2] == 0xBF { range = range.lowerBound + 3..<range.upperBound }
    text = UnsafeBufferPointer(rebasing: source[range])
    if let error = YAMLReader.checkEncoding(text) ?? YAMLReader.checkDirectives(text) {
      throw error.shifted(by: linesBefore)
    }
    columns = ColumnCounter(text)
    mayHoldEscapedSlash = GoScannerDifferences.mayHoldEscapedSlash(text)
    mayHoldQuestionMark = GoScannerDifferences.holds(0x3F, text)
    mayHoldTag = GoScannerDifferences.holds(0x21, text)
    differences = GoScannerDifferences()
    let documentsBefore = documents
    let start = builder.mark
    let notesBefore = notes.count
    while true {
      offsets = CharacterOffsets()
      do throws(ReadError) {
        if let rewritten = differences.rewritten {
          try rewritten.withUnsafeBufferPointer { (bytes) throws(ReadError) in try composeDocument(bytes) }
        } else {
          try composeDocument(text)
        }
        return
      } catch {
        builder.rollBack(to: start)
        frames.removeAll(keepingCapacity: true)
        notes.removeSubrange(notesBefore...)
        mergeKeys.removeSubrange(firstMergeKey(from: start.count)...)
        guard let problem = parser.scannerProblem else { throw error }
        let place = offset(of: parser.problemMark)
        guard differences.rewrite(problem, at: place, in: text) else { throw error }
        documents = documentsBefore
      }
    }
  }

  /// Reads the first document of a piece.
  private mutating func composeDocument(_ bytes: UnsafeBufferPointer<UInt8>) throws(ReadError) {
    guard let parser = YAMLEventParser(bytes) else { throw ReadError(.tooLarge, "out of memory") }
    self.parser = parser
    while true {
      guard self.parser.next() else { throw parserFailure() }
      let event = self.parser.event
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
        noteRest()
        return
      } else if type == YAML_STREAM_END_EVENT {
        return
      }
    }
  }

  /// Notes where text follows the document that kubectl passes over.
  private mutating func noteRest() {
    let isMore = parser.next()
    let event = parser.event
    if isMore, event.pointee.type == YAML_STREAM_END_EVENT { return }
    note(.ignoredRest, at: isMore ? event.pointee.start_mark : parser.problemMark)
  }

  mutating func note(_ kind: YAMLReader.Note.Kind, at mark: yaml_mark_t) {
    guard notes.count < YAMLReader.notesLimit else { return }
    notes.append(YAMLReader.Note(kind: kind, line: line(mark), column: column(mark)))
  }

  // MARK: Places and errors

  @inline(__always)
  func line(_ mark: yaml_mark_t) -> Int { Int(mark.line) + 1 + linesBefore }

  /// Where in the piece a position is.
  mutating func offset(of mark: yaml_mark_t) -> Int {
    columns == nil ? min(Int(mark.index), text.count) : offsets.offset(of: Int(mark.index), in: text)
  }

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
      return failure.shifted(by: linesBefore)
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
  }

  // MARK: Containers

  mutating func beginMapping(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    try begin(
      event, isMapping: true, isFlow: event.pointee.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE,
      tag: event.pointee.data.mapping_start.tag,
      anchor: event.pointee.data.mapping_start.anchor)
  }

  mutating func beginSequence(_ event: UnsafePointer<yaml_event_t>) throws(ReadError) {
    try begin(
      event, isMapping: false, isFlow: event.pointee.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE,
      tag: event.pointee.data.sequence_start.tag,
      anchor: event.pointee.data.sequence_start.anchor)
  }

  mutating func begin(
    _ event: UnsafePointer<yaml_event_t>, isMapping: Bool, isFlow: Bool,
    tag: UnsafeMutablePointer<yaml_char_t>?,
    anchor: UnsafeMutablePointer<yaml_char_t>?
  ) throws(ReadError) {
    let mark = event.pointee.start_mark
    guard builder.depth < limits.depth else {
      throw failure(.tooDeep, "nested deeper than \(limits.depth) levels", at: mark)
    }
    // kubectl takes no notice of the tag of a container.
    if let pointer = tag, !YAMLTag(pointer).isOfContainers { note(.tag, at: mark) }
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
      Frame(
        isMapping: isMapping, isFlow: isFlow, expectsKey: isMapping, isMerge: isMerge, anchor: anchorIndex,
        node: node))
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
