public import KubernetesModel

/// Reads YAML as Kubernetes does: the scalar rules of sigs.k8s.io/yaml on top of libyaml's parser.
///
/// Every document of the text becomes a root of the tape, empty documents as nulls. Aliases are expanded, merge keys
/// (`<<`) are merged, explicit members win over merged ones. Of members with the same name the last one counts.
///
/// ```swift
/// let tape = try YAMLReader.read("defaultMode: 0644")
/// Value(tape: tape, index: tape.roots[0])["defaultMode"]?.integerValue  // 420
/// ```
public enum YAMLReader {
  /// How plain scalars are read.
  public enum Dialect: Sendable, Equatable {
    /// As kubectl reads them: a plain `y` or `n`, of either case, is a boolean like `yes` or `no`.
    case kubernetes
    /// The same, except that single letters are text, as YAML 1.2 has it. Files that PyYAML wrote need this: it does
    /// not quote them.
    case singleLettersAreText
  }

  /// Reads all documents of a text.
  ///
  /// - Parameters:
  ///   - text: UTF-8, with or without a byte-order mark.
  ///   - limits: how much of a hostile text to put up with.
  ///   - dialect: how plain scalars are read.
  /// - Throws: ``KubernetesModel/ReadError`` for anything that is not YAML within the limits, that JSON cannot express
  ///   (`.inf`, a null or a collection as a key), or that has a tag outside the core schema.
  /// - Complexity: O(bytes + nodes that aliases expand to).
  public static func read(
    _ text: UnsafeBufferPointer<UInt8>, limits: ReadLimits = ReadLimits(), dialect: Dialect = .kubernetes
  ) throws(ReadError) -> Tape {
    var duplicates: [DuplicateKey] = []
    return try read(text, limits: limits, dialect: dialect, duplicates: &duplicates)
  }

  /// Reads all documents of a text and says which members were given more than once.
  ///
  /// - Parameters:
  ///   - text: UTF-8, with or without a byte-order mark.
  ///   - limits: how much of a hostile text to put up with.
  ///   - dialect: how plain scalars are read.
  ///   - duplicates: receives the members that a later one of the same name replaced, at most
  ///     ``DuplicateKey/reportLimit``.
  /// - Throws: ``KubernetesModel/ReadError`` for anything that is not YAML within the limits.
  public static func read(
    _ text: UnsafeBufferPointer<UInt8>, limits: ReadLimits = ReadLimits(), dialect: Dialect = .kubernetes,
    duplicates: inout [DuplicateKey]
  ) throws(ReadError) -> Tape {
    if let error = checkEncoding(text, limits: limits) { throw error }
    let outcome = parse(text, limits: limits, dialect: dialect)
    if let error = outcome.error { throw error }
    return DuplicateKeys.resolve(outcome.tape, mergeKeys: outcome.mergeKeys, reporting: &duplicates)
  }

  /// Reads all documents of a string.
  ///
  /// - Throws: ``KubernetesModel/ReadError`` for anything that is not YAML within the limits.
  public static func read(
    _ text: String, limits: ReadLimits = ReadLimits(), dialect: Dialect = .kubernetes
  ) throws(ReadError) -> Tape {
    try read(Array(text.utf8), limits: limits, dialect: dialect)
  }

  /// Reads all documents of a text given as an array of bytes.
  ///
  /// - Throws: ``KubernetesModel/ReadError`` for anything that is not YAML within the limits.
  public static func read(
    _ text: [UInt8], limits: ReadLimits = ReadLimits(), dialect: Dialect = .kubernetes
  ) throws(ReadError) -> Tape {
    try text.withUnsafeBufferPointer { (bytes) throws(ReadError) in
      try read(bytes, limits: limits, dialect: dialect)
    }
  }

  /// What is wrong with a text as a whole, before parsing it.
  static func checkEncoding(_ text: UnsafeBufferPointer<UInt8>, limits: ReadLimits) -> ReadError? {
    if text.count > limits.bytes {
      return ReadError(.tooLarge, "the text has \(text.count) bytes, more than \(limits.bytes)")
    }
    guard let offset = firstInvalidUTF8(in: text) else { return nil }
    let place = YAMLEventParser.position(of: offset, in: text)
    let isUTF16 = offset == 0 && text.count > 1 && UInt16(text[0]) + UInt16(text[1]) == 0xFF + 0xFE
    let message = isUTF16 ? "the text is UTF-16; save it as UTF-8" : "invalid UTF-8"
    return ReadError(.encoding, message, line: place.line, column: place.column)
  }

  /// How many places of single letters are noted.
  static let lettersLimit = 100

  /// What came of a text, or of the rest of one.
  struct Outcome {
    /// The documents that were read completely. Merge keys and duplicates are still there.
    var tape: Tape
    /// The roots of those documents.
    var roots: ArraySlice<Int>
    /// The key nodes that are merge keys, in ascending order.
    var mergeKeys: [Int]
    /// Where plain single letters stand that kubectl reads as booleans, at most ``lettersLimit`` places.
    var letters: [SourceLocation]
    /// How many documents were begun, those before this part included.
    var documents: Int
    /// Why reading stopped, if it did.
    var error: ReadError?

    /// An outcome with documents.
    init(
      tape: Tape, roots: ArraySlice<Int>, mergeKeys: [Int], letters: [SourceLocation], documents: Int,
      error: ReadError?
    ) {
      self.tape = tape
      self.roots = roots
      self.mergeKeys = mergeKeys
      self.letters = letters
      self.documents = documents
      self.error = error
    }

    /// An outcome without documents.
    init(nothingBecause error: ReadError?) {
      var empty = TapeBuilder()
      tape = empty.finish()
      roots = []
      mergeKeys = []
      letters = []
      documents = 0
      self.error = error
    }
  }

  /// Parses a text that passed ``checkEncoding(_:limits:)``.
  ///
  /// - Parameters:
  ///   - text: the text, or a part that begins at the start of a line.
  ///   - limits: how much of a hostile text to put up with.
  ///   - dialect: how plain scalars are read.
  ///   - linesBefore: how many lines precede the part.
  ///   - documentsBefore: how many documents precede the part.
  static func parse(
    _ text: UnsafeBufferPointer<UInt8>, limits: ReadLimits, dialect: Dialect = .kubernetes,
    linesBefore: Int = 0, documentsBefore: Int = 0
  ) -> Outcome {
    let hasMark = text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF
    let content = UnsafeBufferPointer(rebasing: text[(hasMark ? 3 : 0)...])
    if content.isEmpty { return Outcome(nothingBecause: nil) }
    if let error = checkDirectives(content) { return Outcome(nothingBecause: error) }
    guard let parser = YAMLEventParser(content) else {
      return Outcome(nothingBecause: ReadError(.tooLarge, "out of memory"))
    }
    var composer = TapeComposer(
      parser, text: content, limits: limits, dialect: dialect, linesBefore: linesBefore,
      documentsBefore: documentsBefore)
    return composer.compose()
  }

  /// libyaml compares each tag directive with all before it, so their number must be bounded.
  private static func checkDirectives(_ text: UnsafeBufferPointer<UInt8>) -> ReadError? {
    var directives = 0
    var line = 1
    var atLineStart = true
    for byte in text {
      if atLineStart, byte == 0x25 {
        directives += 1
        if directives > 64 { return ReadError(.tooLarge, "more than 64 directives", line: line, column: 1) }
      }
      atLineStart = byte == 0x0A || byte == 0x0D
      if byte == 0x0A { line += 1 }
    }
    return nil
  }
}
