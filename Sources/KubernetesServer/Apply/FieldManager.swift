public import KubernetesModel
internal import KubernetesSchema

/// Keeps `metadata.managedFields`, and carries out server-side applies.
///
/// One is made for a kind and, for writes to a subresource, its name. It knows no clock: the caller says what time it is.
public struct FieldManager: Sendable {
  let documents: TypedDocuments
  let kind: GroupVersionKind
  let subresource: String
  let resetFields: FieldSet

  static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

  /// Fields that nobody manages.
  static let unmanaged = FieldSet(
    [["apiVersion"], ["kind"], ["metadata"]].map { $0.map { .field($0) } }
      + [
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation",
        "managedFields", "resourceVersion",
      ]
      .map { [.field("metadata"), .field($0)] })

  /// A field manager.
  ///
  /// - Parameters:
  ///   - documents: the types of the kind.
  ///   - kind: group, version and kind of the objects.
  ///   - subresource: what is written, when it is not the object itself.
  ///   - resetFields: fields that writes of this kind never change: `status`, or all but it for the subresource.
  public init(
    _ documents: TypedDocuments, kind: GroupVersionKind, subresource: String = "",
    resetFields: FieldSet = FieldSet()
  ) {
    self.documents = documents
    self.kind = kind
    self.subresource = subresource
    self.resetFields = resetFields
  }

  private func id(_ manager: String, isApply: Bool) -> FieldManagerID {
    FieldManagerID(
      name: manager.isEmpty ? "unknown" : manager, isApply: isApply,
      apiVersion: isApply ? "" : kind.apiVersion,
      subresource: subresource)
  }

  // MARK: Ordinary writes

  /// An object that is about to be written, with the books brought up to date.
  ///
  /// - Parameters:
  ///   - live: the stored object; nil when it is created.
  ///   - object: the new object. Its own `managedFields` count when they can be read; `[{}]` empties the books.
  ///   - manager: who writes.
  ///   - now: the time.
  /// - Complexity: O(nodes in both objects × managers).
  public func updated(_ object: Value, live: Value?, manager: String, now: Timestamp) -> Value {
    var books = books(of: object, live: live)
    let bare = withoutBooks(object)
    if books.isEmpty, live?["metadata"]?["uid"]?.stringValue?.isEmpty == false { return bare }
    write(bare, over: withoutBooks(live ?? emptyObject), &books, id(manager, isApply: false), now)
    return with(books, in: bare)
  }

  private var emptyObject: Value {
    .object(["apiVersion": .string(kind.apiVersion), "kind": .string(kind.kind)])
  }

  private func books(of object: Value, live: Value?) -> ManagedFields {
    let stored = ManagedFields(live?["metadata"]?["managedFields"]) ?? ManagedFields()
    guard subresource.isEmpty, let given = object["metadata"]?["managedFields"] else { return stored }
    let entries = given.elements
    if entries.count == 1, entries[0].kind == .object, entries[0].count == 0 { return ManagedFields() }
    guard let books = ManagedFields(given), !books.isEmpty else { return stored }
    return books
  }

  private func write(
    _ object: Value, over live: Value, _ books: inout ManagedFields, _ manager: FieldManagerID,
    _ now: Timestamp
  ) {
    reconcile(&books, live)
    let comparison = documents.compare(live, object).excluding(resetFields)
    for other in books.managers {
      guard var entry = books[other] else { continue }
      entry.fields = entry.fields.subtracting(comparison.changed).subtracting(comparison.removed)
      books[other] = entry.fields.isEmpty ? nil : entry
    }
    let taken = comparison.changed.subtracting(Self.unmanaged)
    guard !taken.isEmpty else { return }
    let fields = taken.union(books[manager]?.fields ?? FieldSet())
    books[manager] = .init(apiVersion: kind.apiVersion, time: now.text, fields: fields)
    books.limitWriters()
  }

  private func reconcile(_ books: inout ManagedFields, _ live: Value) {
    for manager in books.managers {
      guard var entry = books[manager], entry.apiVersion == kind.apiVersion else { continue }
      entry.fields = documents.reconciled(entry.fields, with: live)
      books[manager] = entry
    }
  }

  // MARK: Applying

  /// The object after a server-side apply, with its books.
  ///
  /// - Parameters:
  ///   - configuration: what is applied. Name and version have been compared with the URL.
  ///   - live: the stored object; nil when there is none, and the result is to be created.
  ///   - manager: who applies.
  ///   - force: whether fields of others are taken over instead of being refused.
  ///   - now: the time.
  /// - Throws: ``PatchError``: 409 with one cause for each field that others manage, 400 and 500 for a configuration
  ///   that is none of the kind.
  /// - Complexity: O(nodes in both objects × managers).
  public func applied(
    _ configuration: Value, to live: Value?, manager: String, force: Bool, now: Timestamp
  ) throws(PatchError) -> Value {
    try check(configuration)
    let stored = live ?? emptyObject
    guard var books = ManagedFields(stored["metadata"]?["managedFields"]) else {
      throw .unforeseen("failed to decode managed fields: invalid entry")
    }
    let bare = withoutBooks(stored)
    if books.isEmpty {
      // Until the first apply nobody kept books; whoever wrote what is there has a name of its own.
      write(bare, over: emptyObject, &books, id("before-first-apply", isApply: false), now)
    }
    let problems = documents.problems(configuration)
    guard problems.isEmpty else {
      throw .unforeseen(
        "failed to create typed patch object (\(identity(of: configuration))): \(TypedDocuments.text(problems))"
      )
    }
    var result: (object: Value, books: ManagedFields)
    do throws(PatchError) {
      result = try apply(configuration, to: bare, books, manager, force: force, now)
    } catch {
      guard manager == "kubectl", error.code == 409, let allowed = fieldsOfLastApply(bare) else {
        throw error
      }
      // What kubectl applied itself before the server did is its own, whatever the books say.
      let kept = error.causes.filter { !allowed.contains($0.field) }
      guard kept.isEmpty else { throw conflicts(among: kept, of: bare, configuration, books, manager) }
      result = try apply(configuration, to: bare, books, manager, force: true, now)
    }
    if manager == "kubectl",
      stored["metadata"]?["annotations"]?[Self.lastApplied]?.stringValue?.isEmpty == false
    {
      var draft = ValueDraft(result.object)
      draft["metadata"]?["annotations"]?[Self.lastApplied] = lastApply(of: configuration).map {
        ValueDraft($0)
      }
      result.object = draft.value
    }
    return with(result.books, in: result.object)
  }

  private func check(_ configuration: Value) throws(PatchError) {
    let apiVersion = configuration["apiVersion"]?.stringValue ?? ""
    let given = configuration["kind"]?.stringValue ?? ""
    if apiVersion != kind.apiVersion || given != kind.kind {
      let version = apiVersion.contains("/") ? apiVersion : "/\(apiVersion)"
      throw .badRequest("invalid object type: \(version), Kind=\(given)")
    }
    if configuration["metadata"]?["managedFields"]?.isNull == false {
      throw .badRequest("metadata.managedFields must be nil")
    }
  }

  private func identity(of object: Value) -> String {
    let metadata = object["metadata"]
    return "\(metadata?["namespace"]?.stringValue ?? "")/\(metadata?["name"]?.stringValue ?? ""); "
      + "\(kind.group)/\(kind.version), Kind=\(kind.kind)"
  }

  private func apply(
    _ configuration: Value, to live: Value, _ stored: ManagedFields, _ manager: String, force: Bool,
    _ now: Timestamp
  ) throws(PatchError) -> (object: Value, books: ManagedFields) {
    var books = stored
    reconcile(&books, live)
    let applier = id(manager, isApply: true)
    let last = books[applier]
    let wanted = documents.fields(of: configuration).subtractingTrees(resetFields)
    books[applier] = .init(apiVersion: kind.apiVersion, time: last?.time, fields: wanted)
    let merged = documents.merge(live, with: configuration)
    let object = pruned(merged, books, last: last?.fields ?? FieldSet())
    let comparison = documents.compare(live, object).excluding(resetFields)
    var disputed: [(FieldManagerID, FieldSet)] = []
    for other in books.managers where other != applier {
      guard let entry = books[other] else { continue }
      let fields = entry.fields.intersection(comparison.changed)
      if !fields.isEmpty { disputed.append((other, fields)) }
    }
    if !force, !disputed.isEmpty { throw Self.conflict(disputed) }
    for other in books.managers where other != applier {
      guard var entry = books[other] else { continue }
      entry.fields = entry.fields.subtracting(comparison.changed).subtracting(comparison.removed)
      books[other] = entry.fields.isEmpty ? nil : entry
    }
    let managed = wanted.subtracting(Self.unmanaged)
    // An apply that changes no field gets no new time.
    let time = live == object ? last?.time : now.text
    books[applier] = managed.isEmpty ? nil : .init(apiVersion: kind.apiVersion, time: time, fields: managed)
    return (object, books)
  }

  /// Takes away what the applier applied before and does not now, unless somebody else has it.
  private func pruned(_ merged: Value, _ books: ManagedFields, last: FieldSet) -> Value {
    guard !last.isEmpty else { return merged }
    let (root, catalog) = (documents.root, documents.catalog)
    func named(_ set: FieldSet) -> FieldSet { set.withNamedFields(root, catalog) }
    let lastNamed = named(last)
    var pruned = documents.removing(lastNamed, from: merged)
    let all = named(documents.fields(of: merged))
    var managed = FieldSet()
    for manager in books.managers { managed = managed.union(books[manager]?.fields ?? FieldSet()) }
    pruned = documents.removing(
      all.subtracting(named(documents.fields(of: pruned)).union(named(managed))), from: merged)
    // What the applier never had is not its to take away.
    let left = named(documents.fields(of: pruned))
    return documents.removing(all.subtracting(left).intersection(lastNamed), from: merged)
  }

  // MARK: Conflicts

  private static func conflict(_ disputed: [(FieldManagerID, FieldSet)]) -> PatchError {
    let all = disputed.flatMap { manager, fields in
      fields.paths.map { (manager: manager.description, path: $0.map(\.description).joined()) }
    }
    return conflict(all)
  }

  private static func conflict(_ all: [(manager: String, path: String)]) -> PatchError {
    let message: String
    if all.count == 1 {
      message = "1 conflict: conflict with \(all[0].manager): \(all[0].path)"
    } else {
      var lines: [String] = []
      for (index, one) in all.enumerated() {
        if index == 0 || all[index - 1].manager != one.manager {
          lines.append("conflicts with \(one.manager):")
        }
        lines.append("- \(one.path)")
      }
      message = "\(all.count) conflicts: \(lines.joined(separator: "\n"))"
    }
    var error = PatchError(
      code: 409, reason: "Conflict", message: "Apply failed with \(message)", hasDetails: true)
    error.causes = all.map {
      .init(reason: "FieldManagerConflict", message: "conflict with \($0.manager)", field: $0.path)
    }
    return error
  }

  private func conflicts(
    among causes: [PatchError.Cause], of live: Value, _ configuration: Value, _ books: ManagedFields,
    _ manager: String
  ) -> PatchError {
    let prefix = "conflict with "
    return Self.conflict(causes.map { (manager: String($0.message.dropFirst(prefix.count)), path: $0.field) })
  }

  // MARK: The annotation of client-side applies

  /// The paths of fields that the annotation has and the live object still has as it says.
  private func fieldsOfLastApply(_ live: Value) -> Set<String>? {
    guard let text = live["metadata"]?["annotations"]?[Self.lastApplied]?.stringValue, !text.isEmpty,
      let tape = try? JSONReader.read(text), let root = tape.roots.first
    else { return nil }
    let applied = Value(tape: tape, index: root)
    guard applied["apiVersion"]?.stringValue == kind.apiVersion, documents.problems(applied).isEmpty else {
      return nil
    }
    let comparison = documents.compare(applied, live)
    let fields = documents.fields(of: applied).subtracting(comparison.changed).subtracting(comparison.removed)
    return Set(fields.paths.map { $0.map(\.description).joined() })
  }

  private func lastApply(of configuration: Value) -> Value? {
    var draft = ValueDraft(configuration)
    draft["metadata"]?["managedFields"] = nil
    draft["metadata"]?["annotations"]?[Self.lastApplied] = nil
    let text = JSONWriter.string(draft.value, options: .init(escapesHTML: true)) + "\n"
    return text.utf8.count > 262_144 ? nil : .string(text)
  }

  // MARK: Objects and books

  private func withoutBooks(_ object: Value) -> Value {
    guard object["metadata"]?["managedFields"] != nil else { return object }
    var draft = ValueDraft(object)
    draft["metadata"]?["managedFields"] = nil
    return draft.value
  }

  private func with(_ books: ManagedFields, in object: Value) -> Value {
    guard !books.isEmpty else { return object }
    var draft = ValueDraft(object)
    if draft["metadata"] == nil { draft["metadata"] = .object([]) }
    draft["metadata"]?["managedFields"] = ValueDraft(books.value)
    return draft.value
  }

  /// The new object with the old one's books if nothing but times in the books differs: such a write changes nothing.
  public static func ignoringTimes(_ object: Value, live: Value) -> Value {
    guard let new = object["metadata"]?["managedFields"], let old = live["metadata"]?["managedFields"],
      new != old,
      withoutTimes(object) == withoutTimes(live)
    else { return object }
    var draft = ValueDraft(object)
    draft["metadata"]?["managedFields"] = ValueDraft(old)
    return draft.value
  }

  private static func withoutTimes(_ object: Value) -> Value {
    var draft = ValueDraft(object)
    var entries = draft["metadata"]?["managedFields"]?.elements ?? []
    for index in entries.indices { entries[index]["time"] = nil }
    // Without their times, entries may stand in another order.
    let sorted = entries.map(\.value).map { (JSONWriter.string($0), $0) }
      .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    draft["metadata"]?["managedFields"] = .array(sorted.map { ValueDraft($0.1) })
    draft["metadata"]?["resourceVersion"] = nil
    return draft.value
  }
}
