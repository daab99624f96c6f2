public import KubernetesModel

/// Reads manifests: YAML, JSON, several documents, lists.
///
/// A text that begins with `{` is read as JSON, several values one after the other included; when it is not JSON it is
/// read as YAML. Objects of kind `List`, and of any kind that ends in `List` and has `items`, are unrolled.
/// Empty documents are skipped. An error in one YAML document does not hide the documents after it.
///
/// ```swift
/// let manifest = ManifestReader.read("apiVersion: v1\nkind: Pod\nmetadata: {name: a}", source: "pod.yaml")
/// manifest.documents[0].kind  // "Pod"
/// ```
public enum ManifestReader {
  /// How a manifest is read.
  public struct Options: Sendable, Equatable {
    /// How much of a hostile text to put up with.
    public var limits = ReadLimits()
    /// How plain YAML scalars are read. A plain `y` or `n` is a warning in both dialects.
    public var dialect = YAMLReader.Dialect.kubernetes

    /// The usual options: kubectl's dialect and the usual limits.
    public init() {}
  }

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - text: the bytes, UTF-8 with or without a byte-order mark.
  ///   - source: what the text is called in diagnostics.
  ///   - options: how the text is read.
  /// - Returns: the objects that could be read and everything wrong with the text.
  public static func read(
    _ text: UnsafeBufferPointer<UInt8>, source: String, options: Options = Options()
  ) -> Manifest {
    var collector = ManifestCollector(text: text, source: source, options: options)
    collector.collect()
    return collector.manifest
  }

  /// Reads a text given as an array of bytes.
  public static func read(_ text: [UInt8], source: String, options: Options = Options()) -> Manifest {
    text.withUnsafeBufferPointer { read($0, source: source, options: options) }
  }

  /// Reads a text given as a string.
  public static func read(_ text: String, source: String, options: Options = Options()) -> Manifest {
    read(Array(text.utf8), source: source, options: options)
  }
}

extension ManifestReader {
  /// The values that kubectl reads from a text, nulls included, up to the first error.
  static func documents(
    of text: UnsafeBufferPointer<UInt8>, options: Options = Options()
  ) -> (documents: [Value], error: ReadError?) {
    var collector = ManifestCollector(text: text, source: "", options: options)
    collector.collect()
    return (collector.values, collector.firstError)
  }
}

/// Collects the objects and the diagnostics of one text.
private struct ManifestCollector {
  /// How many broken documents are reported for one text.
  private static let errorLimit = 20

  let text: UnsafeBufferPointer<UInt8>
  let source: String
  let options: ManifestReader.Options
  var manifest = Manifest()
  /// How numbers are spelled in the text.
  var spellings = NumberSpellings()
  /// The values that stand before the first error, and that error.
  var values: [Value] = []
  var firstError: ReadError?

  init(text: UnsafeBufferPointer<UInt8>, source: String, options: ManifestReader.Options) {
    self.text = text
    self.source = source
    self.options = options
  }

  /// Diagnostics come in the order of the text.
  mutating func collect() {
    collectAll()
    manifest.diagnostics = manifest.diagnostics.enumerated()
      .sorted { a, b in
        let (first, second) = (a.element.location?.line ?? 0, b.element.location?.line ?? 0)
        return first == second ? a.offset < b.offset : first < second
      }
      .map(\.element)
  }

  private mutating func collectAll() {
    guard looksLikeJSON else { return collectYAML() }
    let values = JSONReader.readPrefix(text, limits: options.limits)
    guard let error = values.error else { return add(values.tape, mergeKeys: []) }
    guard error.code == .syntax else {
      add(values.tape, mergeKeys: [])
      return report(error)
    }
    switch values.tape.roots.count {
    case 0:
      // What begins like JSON may be YAML all the same.
      collectYAML(insteadOf: error)
    case 1 where isLineEnd(values.end):
      // One JSON value may be the first of documents apart by "---".
      add(values.tape, mergeKeys: [])
      collectYAML(from: values.end, linesBefore: values.line - 1, documentsBefore: 1)
    default:
      add(values.tape, mergeKeys: [])
      report(error)
    }
  }

  /// Whether the first character is that of a JSON object.
  private var looksLikeJSON: Bool {
    text.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D } == 0x7B
  }

  /// Whether nothing but spaces stands between an offset and the end of its line.
  private func isLineEnd(_ offset: Int) -> Bool {
    let next = text[offset...].first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
    return next == nil || next == 0x0A
  }

  // MARK: YAML

  /// Reads YAML documents.
  ///
  /// - Parameter jsonError: why the text is not JSON, if it looks like it; told instead of the YAML error when JSON got
  ///   further.
  private mutating func collectYAML(
    insteadOf jsonError: ReadError? = nil, from start: Int = 0, linesBefore: Int = 0, documentsBefore: Int = 0
  ) {
    let outcome = YAMLReader.parse(
      text, limits: options.limits, dialect: options.dialect, from: start, linesBefore: linesBefore,
      documentsBefore: documentsBefore)
    spellings = outcome.spellings
    add(outcome.tape, mergeKeys: outcome.mergeKeys, valid: outcome.rootsBeforeError)
    outcome.notes.forEach { report($0) }
    for (position, error) in outcome.errors.enumerated() {
      if position == 0, outcome.rootsBeforeError == 0, let jsonError, isFurther(jsonError, error) {
        report(jsonError)
      } else {
        report(error)
      }
    }
  }

  private func isFurther(_ a: ReadError, _ b: ReadError) -> Bool {
    a.line == b.line ? a.column >= b.column : a.line > b.line
  }

  // MARK: Objects

  /// - Parameter valid: how many of the documents stand before the first error.
  private mutating func add(_ tape: Tape, mergeKeys: [Int], valid: Int = .max) {
    guard !tape.roots.isEmpty else { return }
    var duplicates: [DuplicateKey] = []
    let resolved = DuplicateKeys.resolve(tape, mergeKeys: mergeKeys, reporting: &duplicates)
    for duplicate in duplicates { report(duplicate) }
    for (position, root) in resolved.roots.enumerated() {
      let value = Value(tape: resolved, index: root)
      if position < valid, firstError == nil { values.append(value) }
      if !value.isNull { add(value, inheriting: nil) }
    }
  }

  /// Adds an object, or the items of a list.
  ///
  /// - Parameter types: the types that the list's name gives its items, for those that say neither (A `PodList` holds
  ///   objects of kind `Pod`).
  private mutating func add(_ value: Value, inheriting types: (apiVersion: String, kind: String)?) {
    let place = value.tape.location(of: value.index, file: source)
    guard value.kind == .object else {
      let detail = "a Kubernetes object must be a mapping, found \(value.summary)"
      manifest.diagnostics.append(
        Diagnostic(rule: ManifestRule.document.id, detail: detail, location: place))
      return
    }
    var value = value
    if let types, value["apiVersion"] == nil, value["kind"] == nil, !types.kind.isEmpty {
      value = value.adding(apiVersion: types.apiVersion, kind: types.kind)
    }
    let apiVersion = typeField("apiVersion", of: value, place)
    let kind = typeField("kind", of: value, place)
    guard let apiVersion, let kind else { return }
    if kind.hasSuffix("List"), let items = value["items"], items.kind == .array || items.isNull {
      let itemKind = String(kind.dropLast(4))
      for item in items.elements { add(item, inheriting: (apiVersion, itemKind)) }
      return
    }
    let metadata = value["metadata"]
    var document = ManifestDocument(
      source: source, index: manifest.documents.count, root: value, apiVersion: apiVersion, kind: kind,
      name: metadata?["name"]?.stringValue, namespace: metadata?["namespace"]?.stringValue)
    document.spellings = spellings
    manifest.documents.append(document)
  }

  private mutating func typeField(_ name: String, of value: Value, _ place: SourceLocation?) -> String? {
    let field = value[name]
    if let text = field?.stringValue, !text.isEmpty { return text }
    var detail = "\(name) is missing"
    if let field { detail = "expected a non-empty string, found \(field.summary)" }
    manifest.diagnostics.append(
      Diagnostic(
        rule: ManifestRule.typeMeta.id, path: field == nil ? "" : name, detail: detail,
        location: field.flatMap { $0.tape.location(of: $0.index, file: source) } ?? place))
    return nil
  }

  // MARK: Reports

  private mutating func report(_ error: ReadError) {
    if firstError == nil { firstError = error }
    let place = error.line > 0 ? SourceLocation(file: source, line: error.line, column: error.column) : nil
    manifest.diagnostics.append(
      Diagnostic(
        rule: ManifestRule.syntax.id, detail: error.message, hint: SyntaxHint.hint(for: error, in: text),
        location: place))
  }

  private mutating func report(_ duplicate: DuplicateKey) {
    var detail =
      "the key \"\(duplicate.name)\" is given more than once: line \(duplicate.firstLine)"
      + " is replaced by line \(duplicate.line)"
    var rule = ManifestRule.duplicateKey
    var hint = "keep one of them"
    if duplicate.isMerged {
      detail =
        "the key \"\(duplicate.name)\" of line \(duplicate.firstLine) is replaced by what the merge key << behind it"
        + " brings in: kubectl applies it where it stands"
      rule = .mergeOrder
      hint = "put << before the keys that are to win"
    }
    manifest.diagnostics.append(
      Diagnostic(
        .warning, rule: rule.id, path: duplicate.path, detail: detail, hint: hint,
        location: SourceLocation(file: source, line: duplicate.line, column: duplicate.column)))
  }

  private mutating func report(_ note: YAMLReader.Note) {
    let (rule, detail, hint): (ManifestRule, String, String) =
      switch (note.kind, options.dialect) {
      case (.singleLetter, .kubernetes):
        (
          .singleLetter, "kubectl reads a plain y or n as true or false, and so does this",
          "quote it if it is text"
        )
      case (.singleLetter, .singleLettersAreText):
        (
          .singleLetter, "taken as text, but kubectl reads a plain y or n as true or false",
          "quote it if it is text"
        )
      case (.ignoredRest, _):
        (
          .ignoredRest,
          "kubectl reads one document up to the next '---' and passes over the rest from here on",
          "put '---' before another document"
        )
      case (.tag, _): (.tag, "kubectl takes no notice of this tag", "remove the tag")
      }
    manifest.diagnostics.append(
      Diagnostic(
        .warning, rule: rule.id, detail: detail, hint: hint,
        location: SourceLocation(file: source, line: note.line, column: note.column)))
  }
}

extension Value {
  /// The object with its types added in front.
  fileprivate func adding(apiVersion: String, kind: String) -> Value {
    let node = tape[index]
    let (line, column) = (Int(node.line), Int(node.column))
    var builder = TapeBuilder(nodeCapacity: Int(node.next) - index + 4)
    builder.beginObject(line: line, column: column)
    builder.key("apiVersion", line: line, column: column)
    builder.string(apiVersion, line: line, column: column)
    builder.key("kind", line: line, column: column)
    builder.string(kind, line: line, column: column)
    var cursor = index + 1
    while cursor < Int(node.next) {
      let key = tape[cursor]
      tape.withText(at: cursor) { builder.key($0, line: Int(key.line), column: Int(key.column)) }
      builder.append(Value(tape: tape, index: cursor + 1))
      cursor = Int(tape[cursor + 1].next)
    }
    builder.endObject()
    return Value(tape: builder.finish(), index: 0)
  }
}
