public import KubernetesModel

/// Reads YAML as Kubernetes does: the scalar rules of sigs.k8s.io/yaml on top of libyaml's parser.
///
/// The text is cut at the lines that begin with `---`, as kubectl does it; every document becomes a root of the tape,
/// empty ones as nulls. Aliases are expanded. Merge keys (`<<`) apply where they stand: of members with the same name,
/// merged ones included, the last one counts.
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
  ///   (`.inf`, a null or a collection as a key).
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
    let outcome = parse(text, limits: limits, dialect: dialect)
    if let error = outcome.errors.first { throw error }
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

  /// How many notes are taken of one text.
  static let notesLimit = 100

  /// Something in a text that kubectl reads in another way than its author may think.
  struct Note: Equatable {
    /// What it is.
    enum Kind: Equatable {
      /// A plain single letter that kubectl reads as a boolean.
      case singleLetter
      /// Text behind the end of a document, which kubectl passes over.
      case ignoredRest
      /// A tag that kubectl takes no notice of, or `!!binary`.
      case tag
    }

    /// What it is.
    var kind: Kind
    /// The line, from 1.
    var line: Int
    /// The column in bytes, from 1.
    var column: Int
  }

  /// What came of a text.
  struct Outcome {
    /// The documents that were read completely. Merge keys and duplicates are still there.
    var tape: Tape
    /// The key nodes that are merge keys, in ascending order.
    var mergeKeys: [Int] = []
    /// What the author may have meant otherwise, at most ``notesLimit`` places.
    var notes: [Note] = []
    /// How numbers are spelled whose values say it otherwise.
    var spellings = NumberSpellings()
    /// How many documents were begun, those before this part included.
    var documents = 0
    /// What is wrong, one error for each broken piece of the text.
    var errors: [ReadError] = []
    /// How many documents kubectl reads: those before the first error.
    var rootsBeforeError = 0
  }

  /// Parses a text, or the rest of one that begins as JSON.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - limits: how much of a hostile text to put up with.
  ///   - dialect: how plain scalars are read.
  ///   - start: where to begin, at the end of a line.
  ///   - linesBefore: how many lines precede that place.
  ///   - documentsBefore: how many documents precede it.
  static func parse(
    _ text: UnsafeBufferPointer<UInt8>, limits: ReadLimits, dialect: Dialect = .kubernetes,
    from start: Int = 0, linesBefore: Int = 0, documentsBefore: Int = 0
  ) -> Outcome {
    let error =
      text.count > limits.bytes
      ? ReadError(.tooLarge, "the text has \(text.count) bytes, more than \(limits.bytes)")
      : utf16Error(text)
    if error == nil,
      var composer = TapeComposer(
        text, limits: limits, dialect: dialect, from: start, linesBefore: linesBefore,
        documentsBefore: documentsBefore)
    {
      return composer.compose()
    }
    var empty = TapeBuilder()
    return Outcome(tape: empty.finish(), errors: [error ?? ReadError(.tooLarge, "out of memory")])
  }

  /// The error of a text in UTF-16, which looks like garbage otherwise.
  private static func utf16Error(_ text: UnsafeBufferPointer<UInt8>) -> ReadError? {
    let isUTF16 = text.count > 1 && UInt16(text[0]) + UInt16(text[1]) == 0xFF + 0xFE && text[0] >= 0xFE
    return isUTF16 ? ReadError(.encoding, "the text is UTF-16; save it as UTF-8", line: 1, column: 1) : nil
  }

  /// What is wrong with the bytes of a piece, before parsing it.
  static func checkEncoding(_ text: UnsafeBufferPointer<UInt8>) -> ReadError? {
    guard let offset = firstInvalidUTF8(in: text) else { return nil }
    let place = YAMLEventParser.position(of: offset, in: text)
    return ReadError(.encoding, "invalid UTF-8", line: place.line, column: place.column)
  }

  /// libyaml compares each tag directive with all before it, so their number must be bounded.
  static func checkDirectives(_ text: UnsafeBufferPointer<UInt8>) -> ReadError? {
    guard GoScannerDifferences.holds(0x25, text) else { return nil }
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

extension ReadError {
  /// The error, of a part that so many lines precede.
  func shifted(by lines: Int) -> ReadError {
    line > 0 ? ReadError(code, message, line: line + lines, column: column) : self
  }
}
