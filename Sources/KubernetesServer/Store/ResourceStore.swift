internal import KubernetesModel

/// Something that happened to an object.
public struct ObjectChange<Object: StoredObject>: Sendable {
  /// The version of the server after it.
  public var version: UInt64
  /// The object before; nil when it was created.
  public var old: Object?
  /// The object after; nil when it was deleted.
  public var new: Object?

  /// A change.
  public init(version: UInt64, old: Object?, new: Object?) {
    self.version = version
    self.old = old
    self.new = new
  }
}

/// All objects of one resource, and what happened to them lately.
struct ResourceStore<Object: StoredObject>: Sendable {
  private(set) var objects = SortedTable<ObjectName, Object>()
  /// What happened, by version.
  private(set) var history = SortedTable<UInt64, ObjectChange<Object>>()
  /// Everything that happened after this version is in the history.
  private(set) var historyStart: UInt64

  init(startingAt version: UInt64) { historyStart = version }

  subscript(name: ObjectName) -> Object? { objects[name] }

  /// Takes note of a change and carries it out.
  mutating func apply(_ change: ObjectChange<Object>, to name: ObjectName, keeping limit: Int) {
    if let new = change.new {
      objects.insert(new, at: name)
    } else {
      objects.remove(name)
    }
    guard limit > 0 else {
      historyStart = change.version
      return
    }
    history.insert(change, at: change.version)
    while history.count > limit, let oldest = history.firstKey {
      historyStart = oldest
      history.remove(oldest)
    }
  }

  /// Forgets what happened: watches from earlier versions have to start anew.
  mutating func compact(at version: UInt64) {
    history = SortedTable()
    historyStart = version
  }

  /// The objects as they were at a version, as far as the history reaches.
  func objects(at version: UInt64) -> SortedTable<ObjectName, Object>? {
    guard version >= historyStart else { return nil }
    var past = objects
    let later = Array(history.elements(from: version + 1))
    for change in later.reversed() {
      if let old = change.old, change.new != nil || past[ObjectName(old.metadata)] == nil {
        past.insert(old, at: ObjectName(old.metadata))
      } else if let new = change.new {
        past.remove(ObjectName(new.metadata))
      }
    }
    return past
  }
}
