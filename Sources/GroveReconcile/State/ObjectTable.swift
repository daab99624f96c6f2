internal import GroveModel
internal import KubernetesModel

/// An object behind one reference, so that tables and indexes share it.
final class Stored<Object: KubernetesObject>: Sendable {
  let object: Object
  // Also here because generic code would copy the whole object to look at them.
  /// The object's name.
  let name: String
  /// The uid of the owner that controls the object.
  let controller: String?

  init(_ object: Object) {
    self.object = object
    let metadata = object.metadata
    name = metadata.name
    controller = metadata.controller?.uid
  }
}

/// All observed objects of one kind, by name, by PodCliqueSet and by controller.
struct ObjectTable<Object: KubernetesObject>: Sendable {
  typealias Group = SortedTable<String, Stored<Object>>

  private(set) var byName = SortedTable<ObjectName, Stored<Object>>()
  // Keyed by namespace and the `part-of` label.
  private var byFamily = SortedTable<ObjectName, Group>()
  // Keyed by the uid of the controlling owner.
  private var byController = SortedTable<UIDKey, Group>()

  init() {}

  subscript(name: ObjectName) -> Object? { byName[name]?.object }

  /// The object of a name behind its reference.
  func stored(_ name: ObjectName) -> Stored<Object>? { byName[name] }

  /// The objects labelled as part of a PodCliqueSet, in name order.
  func family(_ podCliqueSet: ObjectName) -> Group { byFamily[podCliqueSet] ?? Group() }

  /// The objects whose controller has the given uid, in name order.
  func controlled(by uid: String) -> Group { byController[UIDKey(uid)] ?? Group() }

  /// Inserts an object, in the place of one of the same name.
  ///
  /// - Returns: the object that was there before, and the new one behind its reference.
  @discardableResult
  mutating func insert(_ object: Object) -> (old: Stored<Object>?, new: Stored<Object>) {
    let name = ObjectName(object.metadata)
    let old = byName[name]
    if let old { removeFromIndexes(old.object) }
    let stored = Stored(object)
    byName[name] = stored
    if let family = Self.family(object) {
      byFamily.modify(family, default: Group()) { group in
        group[name.name] = stored
        return true
      }
    }
    if let controller = object.metadata.controller {
      byController.modify(UIDKey(controller.uid), default: Group()) { group in
        group[name.name] = stored
        return true
      }
    }
    return (old, stored)
  }

  /// Removes an object.
  ///
  /// - Returns: the object that was there.
  @discardableResult
  mutating func remove(_ name: ObjectName) -> Stored<Object>? {
    guard let old = byName[name] else { return nil }
    byName[name] = nil
    removeFromIndexes(old.object)
    return old
  }

  private static func family(_ object: Object) -> ObjectName? {
    object.metadata.labels[LabelKey.partOf].map {
      ObjectName(namespace: object.metadata.namespace, name: $0)
    }
  }

  private mutating func removeFromIndexes(_ object: Object) {
    let name = object.metadata.name
    if let family = Self.family(object) {
      byFamily.modify(family, default: Group()) { group in
        group[name] = nil
        return !group.isEmpty
      }
    }
    if let controller = object.metadata.controller {
      byController.modify(UIDKey(controller.uid), default: Group()) { group in
        group[name] = nil
        return !group.isEmpty
      }
    }
  }
}
