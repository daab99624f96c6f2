package import GroveModel
package import GroveReconcile
internal import KubernetesModel

/// Deletes what is controlled by objects that are gone, as Kubernetes does in the background.
package struct GarbageCollector: Sendable {
  /// The uids of objects that are gone and whose dependents have not been looked for yet, oldest first.
  package private(set) var orphanedOwners = UniqueQueue<String>()

  /// Objects that are deleted in the foreground: they go once their dependents are gone.
  package private(set) var foreground = UniqueQueue<ObjectKey>()

  /// The finalizer of such objects.
  package static let foregroundFinalizer = "foregroundDeletion"

  /// The uid of an owner that was there after the last deletion: many objects of one owner come in a row.
  private var liveOwner = ""

  /// Takes note of a change.
  package mutating func observe(_ change: Change, in state: ObservedState) {
    switch (change.old, change.new) {
    case (let object?, nil):
      liveOwner = ""
      orphanedOwners.append(object.metadata.uid)
      awaitOwner(of: object, in: state)
    case (nil, let object?):
      // Its owner may have gone while it was being made.
      guard let owner = object.metadata.controller, owner.uid != liveOwner,
        let kind = ResourceKind(apiVersion: owner.apiVersion, kind: owner.kind)
      else { return }
      let namespace = kind.isClusterScoped ? "" : object.metadata.namespace
      let live = state[ObjectKey(kind, namespace: namespace, name: owner.name)]
      if live?.metadata.uid == owner.uid {
        liveOwner = owner.uid
      } else {
        orphanedOwners.append(owner.uid)
      }
    case (_, let object?):
      if object.isDeletedInForeground { foreground.append(object.key) }
    default: break
    }
  }

  /// A dependent is gone: an owner may have waited for that.
  private mutating func awaitOwner(of object: Resource, in state: ObservedState) {
    guard let owner = object.metadata.controller,
      let kind = ResourceKind(apiVersion: owner.apiVersion, kind: owner.kind)
    else { return }
    let namespace = kind.isClusterScoped ? "" : object.metadata.namespace
    let key = ObjectKey(kind, namespace: namespace, name: owner.name)
    if state[key]?.isDeletedInForeground == true { foreground.append(key) }
  }

  /// Whether there is something to collect.
  package var isDue: Bool { !orphanedOwners.isEmpty || !foreground.isEmpty }

  /// Deletes the dependents of the owner that has been gone longest.
  package mutating func collect(from server: inout APIServer) {
    guard let owner = orphanedOwners.popFirst() else {
      if let key = foreground.popFirst() { proceed(with: key, in: &server) }
      return
    }
    for dependent in server.objects.dependents(of: owner) {
      // Whoever was faster has done the same.
      try? server.delete(dependent.key, uid: dependent.metadata.uid)
    }
  }

  /// Deletes the dependents of an object that is deleted in the foreground, or lets it go when there are none.
  private func proceed(with key: ObjectKey, in server: inout APIServer) {
    guard let owner = server[key], owner.isDeletedInForeground else { return }
    let dependents = server.objects.dependents(of: owner.metadata.uid)
    for dependent in dependents where !dependent.metadata.isTerminating {
      try? server.delete(dependent.key, uid: dependent.metadata.uid, propagation: .foreground)
    }
    if dependents.isEmpty {
      _ = try? server.update(
        owner.withMetadata { $0.finalizers.removeAll { $0 == Self.foregroundFinalizer } })
    }
  }
}

extension Resource {
  /// Whether the object stays until its dependents are gone.
  fileprivate var isDeletedInForeground: Bool {
    metadata.deletionTimestamp != nil
      && metadata.finalizers.contains(GarbageCollector.foregroundFinalizer)
  }
}
