public import KubernetesModel

/// Reads manifests: YAML, JSON, several documents, lists.
///
/// A text that begins with `{` or `[` is read as JSON, several values one after the other included; when it is not
/// JSON it is read as YAML. Objects of kind `List`, and of any kind that ends in `List` and has `items`, are unrolled.
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

/// Collects the objects and the diagnostics of one text.
private struct ManifestCollector {
  /// How many broken documents are reported for one text.
  private static let errorLimit = 20

  let text: UnsafeBufferPointer<UInt8>
  let source: String
  let options: ManifestReader.Options
  var manifest = Manifest()

  init(text: UnsafeBufferPointer<UInt8>, source: String, options: ManifestReader.Options) {
    self.text = text
    self.source = source
    self.options = options
  }

  mutating func collect() {
    if let error = YAMLReader.checkEncoding(text, limits: options.limits) {
      report(error)
      return
    }
    guard looksLikeJSON else {
      collectYAML(insteadOf: nil)
      return
    }
    do throws(ReadError) {
      let tape = try JSONReader.read(text, limits: options.limits)
      add(tape.roots[...], of: tape, mergeKeys: [])
    } catch {
      if error.code == .syntax { collectYAML(insteadOf: error) } else { report(error) }
    }
  }

  /// Whether the first character is that of a JSON object or array.
  private var looksLikeJSON: Bool {
    let hasMark = text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF
    let first = text[(hasMark ? 3 : 0)...].first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    return first == 0x7B || first == 0x5B
  }

  // MARK: YAML

  /// Reads all documents, going on at the next separator behind a broken one.
  ///
  /// - Parameter jsonError: why the text is not JSON, if it looks like it; told instead of the YAML error when JSON got
  ///   further.
  private mutating func collectYAML(insteadOf jsonError: ReadError?) {
    var start = 0
    var linesBefore = 0
    var documents = 0
    for _ in 0..<Self.errorLimit {
      let part = UnsafeBufferPointer(rebasing: text[start...])
      let outcome = YAMLReader.parse(
        part, limits: options.limits, dialect: options.dialect, linesBefore: linesBefore,
        documentsBefore: documents)
      documents = outcome.documents
      add(outcome.roots, of: outcome.tape, mergeKeys: outcome.mergeKeys)
      outcome.letters.forEach { reportLetter(at: $0) }
      guard let error = outcome.error else { return }
      if let jsonError, start == 0, outcome.roots.isEmpty, isFurther(jsonError, error) {
        report(jsonError)
        return
      }
      report(error)
      guard error.line > 0, error.code != .tooLarge,
        let next = nextSeparator(from: start, linesBefore: linesBefore, errorLine: error.line)
      else { return }
      start = next.offset
      linesBefore = next.linesBefore
    }
  }

  private func isFurther(_ a: ReadError, _ b: ReadError) -> Bool {
    a.line == b.line ? a.column >= b.column : a.line > b.line
  }

  /// The first line at or after the one of an error, but after the first of its part, that begins with `---`.
  private func nextSeparator(
    from start: Int, linesBefore: Int, errorLine: Int
  ) -> (offset: Int, linesBefore: Int)? {
    var line = linesBefore + 1
    for offset in start..<text.count where text[offset] == 0x0A {
      line += 1
      let next = offset + 1
      guard line >= errorLine, next + 3 <= text.count else { continue }
      let isSeparator = text[next] == 0x2D && text[next + 1] == 0x2D && text[next + 2] == 0x2D
      if isSeparator, next + 3 == text.count || text[next + 3] <= 0x20 { return (next, line - 1) }
    }
    return nil
  }

  // MARK: Objects

  private mutating func add(_ roots: ArraySlice<Int>, of tape: Tape, mergeKeys: [Int]) {
    guard !roots.isEmpty else { return }
    var duplicates: [DuplicateKey] = []
    let resolved = DuplicateKeys.resolve(tape, mergeKeys: mergeKeys, reporting: &duplicates)
    for duplicate in duplicates where duplicate.root < roots.count { report(duplicate) }
    for root in resolved.roots.prefix(roots.count) {
      let value = Value(tape: resolved, index: root)
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
    manifest.documents.append(
      ManifestDocument(
        source: source, index: manifest.documents.count, root: value, apiVersion: apiVersion, kind: kind,
        name: metadata?["name"]?.stringValue, namespace: metadata?["namespace"]?.stringValue))
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
    let place = error.line > 0 ? SourceLocation(file: source, line: error.line, column: error.column) : nil
    manifest.diagnostics.append(
      Diagnostic(
        rule: ManifestRule.syntax.id, detail: error.message, hint: SyntaxHint.hint(for: error, in: text),
        location: place))
  }

  private mutating func report(_ duplicate: DuplicateKey) {
    let detail =
      "the key \"\(duplicate.name)\" is given more than once: line \(duplicate.firstLine)"
      + " is replaced by line \(duplicate.line)"
    manifest.diagnostics.append(
      Diagnostic(
        .warning, rule: ManifestRule.duplicateKey.id, path: duplicate.path, detail: detail,
        hint: "keep one of them",
        location: SourceLocation(file: source, line: duplicate.line, column: duplicate.column)))
  }

  private mutating func reportLetter(at place: SourceLocation) {
    let detail =
      switch options.dialect {
      case .kubernetes: "kubectl reads a plain y or n as true or false, and so does this"
      case .singleLettersAreText: "taken as text, but kubectl reads a plain y or n as true or false"
      }
    manifest.diagnostics.append(
      Diagnostic(
        .warning, rule: ManifestRule.singleLetter.id, detail: detail, hint: "quote it if it is text",
        location: SourceLocation(file: source, line: place.line, column: place.column)))
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
