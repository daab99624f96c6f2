public import KubernetesModel

/// One line of a watch.
public struct WatchFrame: Sendable {
  /// `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`.
  public var type: String
  /// The object, in the form that was asked for, or the `Status` of an error.
  public var object: Value

  /// The frame as a document; `type` comes first.
  public var value: Value { .object(["type": .string(type), "object": object]) }
}

/// Where a watch stands: a value, so a slow reader costs nothing and may read from any later copy of the server.
public struct WatchCursor: Sendable {
  /// The resource.
  let resource: ResourceID
  /// The namespace; empty for all.
  let namespace: String
  /// Which objects are watched.
  let selection: Selection
  /// In which form they are shown.
  let form: AnswerForm
  /// Everything up to this version has been handed out.
  public private(set) var version: UInt64
  /// What is handed out before anything that happens.
  var pending: [WatchFrame]
  /// Whether the client wants bookmarks.
  public let wantsBookmarks: Bool
  /// How long the client wants to watch, in seconds; nil for as long as the server likes.
  public let timeoutSeconds: Int64?
  /// Whether an error has ended the watch.
  public private(set) var isOver = false
  /// Whether a table still has to say its columns.
  var saysColumns = true

  init(
    resource: ResourceID, namespace: String, selection: Selection, form: AnswerForm, version: UInt64,
    pending: [WatchFrame], wantsBookmarks: Bool, timeoutSeconds: Int64?
  ) {
    self.resource = resource
    self.namespace = namespace
    self.selection = selection
    self.form = form
    self.version = version
    self.pending = pending
    self.wantsBookmarks = wantsBookmarks
    self.timeoutSeconds = timeoutSeconds
  }

  mutating func advance(to version: UInt64) { self.version = max(version, self.version) }

  mutating func end() { isOver = true }
}

extension KubernetesServer {
  /// The next frames of a watch, as far as things have happened.
  ///
  /// - Parameters:
  ///   - cursor: where the watch stands; moved on.
  ///   - limit: the most frames to hand out.
  /// - Returns: the frames; empty when nothing has happened.
  public func next(_ cursor: inout WatchCursor, limit: Int = .max) -> [WatchFrame] {
    var frames: [WatchFrame] = []
    while frames.count < limit, !cursor.pending.isEmpty { frames.append(cursor.pending.removeFirst()) }
    if cursor.isOver || frames.count >= limit { return frames }
    let store = stores[catalog.storage(of: cursor.resource)]
    guard cursor.version >= store.historyStart || store.historyStart == version else {
      frames.append(tooOld(cursor.version, in: cursor.resource))
      cursor.end()
      return frames
    }
    for change in store.history.elements(from: cursor.version + 1) {
      if frames.count >= limit { return frames }
      cursor.advance(to: change.version)
      if let frame = frame(of: change, for: &cursor) { frames.append(frame) }
    }
    cursor.advance(to: version)
    return frames
  }

  /// A bookmark that says how far a watch has come.
  ///
  /// - Parameter endsInitialEvents: whether it ends the objects that were there from the beginning.
  public func bookmark(for cursor: WatchCursor, endsInitialEvents: Bool = false) -> WatchFrame {
    let resource = catalog[cursor.resource]
    var metadata: [(String, Value)] = [("resourceVersion", .string(String(cursor.version)))]
    if endsInitialEvents {
      metadata.append(("annotations", .object(["k8s.io/initial-events-end": .string("true")])))
    }
    var members: [(String, Value)] = [
      ("kind", .string(resource.kind)), ("apiVersion", .string(resource.apiVersion)),
      ("metadata", .object(metadata)),
    ]
    if !resource.traits.contains(.isCustom) { members += Self.zeroMembers(of: resource) }
    return WatchFrame(type: "BOOKMARK", object: .object(members))
  }

  func tooOld(_ asked: UInt64, in id: ResourceID) -> WatchFrame {
    let start = stores[catalog.storage(of: id)].historyStart
    return WatchFrame(
      type: "ERROR", object: StatusError.expired("too old resource version: \(asked) (\(start))").value)
  }

  /// What a change looks like to a watch: an object that begins to match comes, one that no longer does goes.
  private func frame(of change: ObjectChange<Object>, for cursor: inout WatchCursor) -> WatchFrame? {
    let (old, new) = (
      change.old.flatMap { cursor.matches($0, self) ? $0 : nil },
      change.new.flatMap { cursor.matches($0, self) ? $0 : nil }
    )
    switch (old, new) {
    case (nil, nil): return nil
    case (nil, let object?): return frame("ADDED", object, &cursor)
    case (_, let object?): return frame("MODIFIED", object, &cursor)
    case (let object?, nil):
      // What has gone, or no longer matches, is shown as it last matched, with the version of the change.
      let number = String(change.version)
      return frame("DELETED", object.withMetadata { $0.resourceVersion = number }, &cursor)
    }
  }

  func frame(_ type: String, _ object: Object, _ cursor: inout WatchCursor) -> WatchFrame {
    let shown = show(object, as: cursor.resource, in: cursor.form, withColumns: cursor.saysColumns)
    cursor.saysColumns = false
    return WatchFrame(type: type, object: shown)
  }
}

extension WatchCursor {
  func matches<Object: StoredObject>(_ object: Object, _ server: KubernetesServer<Object>) -> Bool {
    if !namespace.isEmpty, object.metadata.namespace != namespace { return false }
    return selection.matches(object, server.catalog[resource])
  }
}
