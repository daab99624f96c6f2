internal import GroveModel
internal import GroveReconcile
internal import KubernetesModel

/// Deletes what is controlled by objects that are gone, as Kubernetes does in the background.
struct GarbageCollector: Sendable {
  /// The uids of objects that are gone and whose dependents have not been looked for yet, oldest first.
  private(set) var orphanedOwners = UniqueQueue<String>()

  /// The uid of an owner that was there after the last deletion: many objects of one owner come in a row.
  private var liveOwner = ""

  /// Takes note of a change.
  mutating func observe(_ change: Change, in state: ObservedState) {
    switch (change.old, change.new) {
    case (let object?, nil):
      liveOwner = ""
      orphanedOwners.append(object.metadata.uid)
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
    default: break
    }
  }

  /// Deletes the dependents of the owner that has been gone longest.
  mutating func collect(from server: inout APIServer) {
    guard let owner = orphanedOwners.popFirst() else { return }
    for dependent in server.objects.dependents(of: owner) {
      // Whoever was faster has done the same.
      try? server.delete(dependent.key, uid: dependent.metadata.uid)
    }
  }
}
