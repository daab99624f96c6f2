internal import KubernetesModel

/// Deletes what belongs to objects that are gone, lets owners wait for what they own, and sets it free, as Kubernetes
/// does in the background.
extension KubernetesServer {
  mutating func noteForCollector(_ storage: Int, old: Object?, new: Object?) {
    if let new {
      let metadata = new.metadata
      let address = ObjectAddress(storage: storage, name: ObjectName(metadata))
      if metadata.deletionTimestamp != nil {
        if metadata.finalizers.contains(where: Self.isOwnFinalizer) { controllers.suspects.append(address) }
      } else if !metadata.ownerReferences.isEmpty {
        // An owner may have gone while the object was being made, or may never have been there.
        let before = old?.metadata.ownerReferences ?? []
        if before.count != metadata.ownerReferences.count
          || zip(before, metadata.ownerReferences).contains(where: { $0.uid != $1.uid }),
          metadata.ownerReferences.contains(where: { ownerState($0, of: metadata, storage) == .absent })
        {
          controllers.suspects.append(address)
        }
      }
      if let old { noteBlockers(of: old.metadata, now: metadata) }
    } else if let old {
      let metadata = old.metadata
      if owners.hasDependents(of: metadata.uid) { controllers.goneOwners.append(metadata.uid) }
      noteBlockers(of: metadata, now: nil)
    }
  }

  /// Something that owners may have waited for is gone or has changed its owners.
  private mutating func noteBlockers(of metadata: ObjectMeta, now: ObjectMeta?) {
    for owner in metadata.ownerReferences {
      if let now, now.ownerReferences.contains(where: { $0.uid == owner.uid }) { continue }
      guard let id = catalog.resource(apiVersion: owner.apiVersion, kind: owner.kind) else { continue }
      let namespace = catalog[id].isNamespaced ? metadata.namespace : ""
      let name = ObjectName(namespace: namespace, name: owner.name)
      guard let live = object(name, in: id), live.metadata.uid == owner.uid,
        live.metadata.deletionTimestamp != nil
      else { continue }
      controllers.suspects.append(ObjectAddress(storage: catalog.storage(of: id), name: name))
    }
  }

  static func isOwnFinalizer(_ finalizer: String) -> Bool {
    finalizer == foregroundFinalizer || finalizer == orphanFinalizer
  }

  private enum OwnerState { case there, absent, waiting, unknown }

  /// Whether an owner is there: by its uid, not by its name.
  private func ownerState(_ owner: OwnerReference, of metadata: ObjectMeta, _ storage: Int) -> OwnerState {
    guard let id = catalog.resource(apiVersion: owner.apiVersion, kind: owner.kind) else { return .unknown }
    let isNamespaced = catalog[id].isNamespaced
    if isNamespaced, metadata.namespace.isEmpty { return .unknown }
    let name = ObjectName(namespace: isNamespaced ? metadata.namespace : "", name: owner.name)
    guard let live = object(name, in: id), live.metadata.uid == owner.uid else { return .absent }
    let isWaiting =
      live.metadata.deletionTimestamp != nil && live.metadata.finalizers.contains(Self.foregroundFinalizer)
    return isWaiting ? .waiting : .there
  }

  /// Takes one step: looks at the dependents of an owner that is gone, or at an object that gave reason to.
  public mutating func collectGarbage() {
    if let uid = controllers.goneOwners.popFirst() {
      for address in owners.dependents(of: uid) { examine(address) }
    } else if let address = controllers.suspects.popFirst() {
      examine(address)
    }
  }

  private var collectorContext: WriteContext {
    WriteContext(controller: .controller("generic-garbage-collector"))
  }

  private mutating func examine(_ address: ObjectAddress) {
    guard let live = stores[address.storage][address.name], let id = resource(ofStorage: address.storage)
    else {
      return
    }
    let metadata = live.metadata
    if metadata.deletionTimestamp != nil {
      if metadata.finalizers.contains(Self.orphanFinalizer) { return orphan(live, id) }
      if metadata.finalizers.contains(Self.foregroundFinalizer) { return proceed(live, id) }
    }
    guard !metadata.ownerReferences.isEmpty else { return }
    let states = metadata.ownerReferences.map { ownerState($0, of: metadata, address.storage) }
    if states.contains(.there) || states.contains(.unknown) {
      guard states.contains(.absent) || states.contains(.waiting) else { return }
      let gone = Set(
        zip(metadata.ownerReferences, states).filter { $0.1 == .absent || $0.1 == .waiting }.map { $0.0.uid })
      change(live, id) { $0.ownerReferences.removeAll { gone.contains($0.uid) } }
    } else if metadata.deletionTimestamp == nil {
      let waits = states.contains(.waiting) && owners.hasDependents(of: metadata.uid)
      var context = collectorContext
      _ = try? delete(
        address.name, in: id,
        options: DeleteOptions(propagation: waits ? .foreground : nil, uid: metadata.uid), context: &context)
    }
  }

  private mutating func change(_ live: Object, _ id: ResourceID, _ body: (inout ObjectMeta) -> Void) {
    var context = collectorContext
    _ = try? update(live.withMetadata(body), in: id, part: .other(""), context: &context)
  }

  /// Takes the owner away from what an object owns, then lets the object go.
  private mutating func orphan(_ owner: Object, _ id: ResourceID) {
    let uid = owner.metadata.uid
    for dependent in dependents(of: uid) {
      change(dependent.object, dependent.resource) { $0.ownerReferences.removeAll { $0.uid == uid } }
    }
    change(owner, id) { $0.finalizers.removeAll { $0 == Self.orphanFinalizer } }
  }

  /// Deletes what blocks the deletion of an object, or lets it go when nothing does.
  private mutating func proceed(_ owner: Object, _ id: ResourceID) {
    let uid = owner.metadata.uid
    var isBlocked = false
    for dependent in dependents(of: uid) {
      let metadata = dependent.object.metadata
      let blocks = metadata.ownerReferences.contains { $0.uid == uid && $0.blockOwnerDeletion == true }
      if metadata.deletionTimestamp == nil {
        examine(
          ObjectAddress(storage: catalog.storage(of: dependent.resource), name: ObjectName(metadata)))
      }
      if blocks, let live = object(ObjectName(metadata), in: dependent.resource),
        live.metadata.ownerReferences.contains(where: { $0.uid == uid })
      {
        isBlocked = true
      }
    }
    if !isBlocked { change(owner, id) { $0.finalizers.removeAll { $0 == Self.foregroundFinalizer } } }
  }
}
