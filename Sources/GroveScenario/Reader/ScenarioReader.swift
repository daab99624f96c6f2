internal import GroveAdmission
internal import GroveManifest
internal import GroveModel
internal import GroveSimulate
public import KubernetesModel
internal import KubernetesSchema

/// Why a file that a scenario refers to could not be read.
public struct ScenarioFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Why, in words.
  public var description: String

  /// A reason.
  public init(_ description: String) { self.description = description }
}

/// Reads scenario files.
///
/// Everything wrong with a file is told at once, each with its place; a scenario is answered only when nothing is
/// wrong. `ScenarioSchema` says what files may hold.
public enum ScenarioReader {
  /// Reads a file by the path that a scenario refers to it by, relative to the scenario's own folder.
  public typealias Files = (_ path: String) throws(ScenarioFileError) -> [UInt8]

  /// Reads a scenario.
  ///
  /// - Parameters:
  ///   - text: the bytes of the file, YAML or JSON.
  ///   - source: what the file is called in diagnostics.
  ///   - files: reads the files it refers to.
  /// - Returns: the scenario, nil when something is wrong, and what is wrong or worth a warning.
  public static func read(
    _ text: [UInt8], source: String,
    files: @escaping Files = { _ throws(ScenarioFileError) in
      throw ScenarioFileError("this scenario may not refer to files")
    }
  ) -> (scenario: Scenario?, diagnostics: [Diagnostic]) {
    let manifest = ManifestReader.read(text, source: source)
    var diagnostics = manifest.diagnostics
    let documents = manifest.documents.filter { $0.kind == "Scenario" }
    guard manifest.documents.count == 1, let document = documents.first else {
      if diagnostics.errors.isEmpty {
        let found = manifest.documents.map(\.kind)
        let words = found.isEmpty ? "nothing" : found.joined(separator: ", ")
        diagnostics.append(
          Diagnostic(
            rule: "SC-document", detail: "expected one document of kind Scenario, found \(words)",
            location: SourceLocation(file: source, line: 1, column: 1)))
      }
      return (nil, diagnostics)
    }
    var decoder = ScenarioDecoder(files: files, source: source, root: document.root.index)
    let scenario = decoder.scenario(document.root)
    diagnostics += decoder.diagnostics
    return (diagnostics.errors.isEmpty ? scenario : nil, diagnostics)
  }

  /// Reads a scenario given as a string.
  public static func read(
    _ text: String, source: String,
    files: @escaping Files = { _ throws(ScenarioFileError) in
      throw ScenarioFileError("this scenario may not refer to files")
    }
  ) -> (scenario: Scenario?, diagnostics: [Diagnostic]) {
    read(Array(text.utf8), source: source, files: files)
  }
}

extension ScenarioDecoder {
  mutating func scenario(_ value: Value) -> Scenario? {
    guard let fields = fields(value, ScenarioSchema.scenario) else { return nil }
    if let version = fields["apiVersion"], version.stringValue != ScenarioSchema.apiVersion {
      report(version, "expected \(ScenarioSchema.apiVersion), found \(Self.words(version))")
    }
    var scenario = Scenario()
    scenario.id = scalar(fields["id"]) ?? ""
    scenario.title = scalar(fields["title"]) ?? ""
    scenario.about = text(fields["about"]) ?? ""
    scenario.need = choice(fields["needs"]) ?? .reconcile
    namespace = text(fields["namespace"]) ?? "default"
    scenario.namespace = namespace
    scenario.seed = UInt64(integer(fields["seed"], 0...Int.max) ?? 0)
    if let cluster = fields["cluster"] { scenario.cluster = self.cluster(cluster) }
    if let operatorValue = fields["operator"] { scenario.configuration = configuration(operatorValue) }
    if let scheduler = fields["scheduler"] { readScheduler(scheduler, into: &scenario) }
    scenario.hasKubelets = flag(fields["kubelets"]) ?? true
    if let timing = fields["timing"] { readTiming(timing, into: &scenario) }
    for item in list(fields["setup"]) { scenario.setup += manifest(item) }
    scenario.invariants =
      list(fields["always"]).compactMap { item in assertion(item).map { Invariant($0, isForbidden: false) } }
    scenario.invariants +=
      list(fields["never"]).compactMap { item in assertion(item).map { Invariant($0, isForbidden: true) } }
    if let steps = fields["steps"] {
      let steps = list(steps)
      if steps.isEmpty { report(value, "a scenario without steps shows nothing") }
      scenario.steps = steps.compactMap { step($0) }
    }
    checkSavedNames(scenario, value)
    return scenario
  }

  private mutating func readTiming(_ value: Value, into scenario: inout Scenario) {
    if let text = value.stringValue {
      scenario.isInstant = text == "instant"
      if text != "instant" {
        report(value, "expected instant or a mapping (Timing), found \(Self.words(value))")
      }
      return
    }
    guard let fields = fields(value, ScenarioSchema.timing) else { return }
    for timing in ScenarioTiming.allCases {
      if let length = duration(fields[timing.rawValue]) { scenario.timing[timing] = length }
    }
  }

  /// Names of saved sets that are used before, or without, being saved would match nothing.
  private mutating func checkSavedNames(_ scenario: Scenario, _ root: Value) {
    var known: Set<String> = []
    for step in scenario.steps {
      for name in step.savedNamesUsed where !known.contains(name) {
        diagnostics.append(
          Diagnostic(
            rule: "SC-saved", detail: "nothing was saved as \"\(name)\" before this step",
            hint: NearestName.of(name, among: known.sorted(by: utf8Precedes)).map {
              "did you mean \"\($0)\"?"
            },
            location: step.location))
      }
      if case .save(let name, _) = step.verb { known.insert(name) }
    }
    for invariant in scenario.invariants {
      for name in invariant.assertion.savedNamesUsed {
        diagnostics.append(
          Diagnostic(
            rule: "SC-saved", detail: "\"\(name)\" is not saved yet when the scenario begins",
            hint: "use watch after save", location: invariant.assertion.location))
      }
    }
  }

  // MARK: Files

  /// The bytes of a file, or nil with a report.
  mutating func bytes(_ value: Value?) -> (name: String, bytes: [UInt8])? {
    guard let value, let path = text(value) else { return nil }
    do throws(ScenarioFileError) {
      return (path, try files(path))
    } catch {
      report(value, "cannot read \(path): \(error)", rule: "SC-file")
      return nil
    }
  }

  /// The documents of a file; what is wrong with it is reported with the places in it.
  mutating func documents(_ value: Value?) -> [ManifestDocument] {
    guard let value, let file = bytes(value) else { return [] }
    let manifest = ManifestReader.read(file.bytes, source: file.name)
    diagnostics += manifest.diagnostics
    if manifest.documents.isEmpty, manifest.diagnostics.errors.isEmpty {
      report(value, "\(file.name) holds no objects", rule: "SC-file")
    }
    return manifest.documents
  }

  /// Reads something of another file.
  mutating func reading<Result>(
    _ document: ManifestDocument, _ body: (inout ScenarioDecoder) -> Result
  ) -> Result {
    let (outerSource, outerRoot) = (source, root)
    source = document.source
    root = document.root.index
    defer {
      source = outerSource
      root = outerRoot
    }
    return body(&self)
  }

  // MARK: Objects

  /// The objects of a manifest entry: a path, an object, or a mapping with `file` or `object`.
  mutating func manifest(_ value: Value) -> [Resource] {
    if value.stringValue != nil {
      return documents(value).compactMap { document in
        reading(document) { $0.resource(document.root) }
      }
    }
    if value["apiVersion"] != nil, value["kind"] != nil {
      return resource(value).map { [$0] } ?? []
    }
    guard let fields = fields(value, ScenarioSchema.applied) else { return [] }
    var edits: [ScenarioEdit] = []
    if let name = scalar(fields["name"]) {
      edits.append(.set(ValuePath([.member("metadata"), .member("name")]), .string(name)))
    }
    edits += self.edits(fields["set"])
    switch (fields["file"], fields["object"]) {
    case (let file?, nil):
      let documents = documents(file)
      if documents.count > 1, !edits.isEmpty {
        report(value, "name and set need a file with one object; this one has \(documents.count)")
        return []
      }
      return documents.compactMap { document in
        let plain = reading(document) { $0.resource(document.root) }
        return plain.flatMap { edits.isEmpty ? $0 : edited(document.root, edits, $0.kind, at: value) }
      }
    case (nil, let object?):
      let plain = resource(object)
      let result = plain.flatMap { edits.isEmpty ? $0 : edited(object, edits, $0.kind, at: value) }
      return result.map { [$0] } ?? []
    default:
      report(value, "give either file or object")
      return []
    }
  }

  /// A typed object; what is wrong with it is reported.
  mutating func resource(_ value: Value) -> Resource? {
    let apiVersion = value["apiVersion"]?.stringValue ?? ""
    let kindName = value["kind"]?.stringValue ?? ""
    guard let kind = ResourceKind(apiVersion: apiVersion, kind: kindName) else {
      report(value, "\(apiVersion) \(kindName) is not a kind that simulated clusters know")
      return nil
    }
    let document = ManifestDocument(
      source: source, index: 0, root: value, apiVersion: apiVersion, kind: kindName)
    var decoder = TapeDecoder(value.tape)
    let resource = Resource(kind, from: value.index, in: &decoder)
    diagnostics += document.diagnostics(for: decoder.issues) { key in
      SchemaTable.grove.fieldNames(inPlaceOfKey: key, in: value.tape, root: value.index, type: kind.rawValue)
    }
    return inNamespace(resource)
  }

  /// A typed object after edits; what is wrong with them is reported at the entry that has them.
  private mutating func edited(
    _ value: Value, _ edits: [ScenarioEdit], _ kind: ResourceKind, at entry: Value
  ) -> Resource? {
    do throws(ValuePathError) {
      let value = try edits.applied(to: value)
      var decoder = TapeDecoder(value.tape)
      let resource = Resource(kind, from: value.index, in: &decoder)
      if let issue = decoder.issues.first {
        let path = value.tape.path(of: issue.node, in: value.index)
        report(entry, "after set, \(path) of \(kind.rawValue) cannot be read")
      }
      return inNamespace(resource)
    } catch {
      report(entry, "\(error)")
      return nil
    }
  }

  private func inNamespace(_ resource: Resource) -> Resource {
    var resource = resource
    if !resource.kind.isClusterScoped, resource.metadata.namespace.isEmpty {
      resource.metadata.namespace = namespace
    }
    return resource
  }

  /// The entries of a `set` mapping.
  mutating func edits(_ value: Value?) -> [ScenarioEdit] {
    guard let value else { return [] }
    guard value.kind == .object else {
      report(value, "expected a mapping from paths to values, found \(Self.words(value))", rule: "SC-type")
      return []
    }
    return value.members.compactMap { member in
      path(member.name, at: member.value, key: member.value.index - 1).map { path in
        .set(path, member.value.isNull ? nil : member.value.detached())
      }
    }
  }
}

extension [ScenarioEdit] {
  /// An object with the edits made, in order.
  ///
  /// - Throws: ``ValuePathError``.
  func applied(to value: Value) throws(ValuePathError) -> Value {
    var value = value
    for edit in self {
      switch edit {
      case .set(let path, let new): value = try path.setting(new, in: value)
      case .merge(let patch): value = patch.mergedInto(value)
      }
    }
    return value
  }
}

extension Value {
  /// A value after this one was applied to it as a JSON merge patch (RFC 7396).
  func mergedInto(_ target: Value) -> Value {
    guard kind == .object else { return self }
    var result = (target.kind == .object ? target.members : []).map { ($0.name, $0.value) }
    for (name, change) in members {
      let position = result.firstIndex { $0.0 == name }
      if change.isNull {
        if let position { result.remove(at: position) }
      } else if let position {
        result[position].1 = change.mergedInto(result[position].1)
      } else {
        result.append((name, change.mergedInto(.null)))
      }
    }
    return .object(result)
  }
}
