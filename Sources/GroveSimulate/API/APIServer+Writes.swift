public import GroveModel
internal import GroveReconcile
internal import KubernetesModel

extension APIServer {
  /// Creates an object.
  ///
  /// - Returns: the object as stored: with uid, resource version, creation time, generation, and a name if it asked
  ///   for a generated one.
  /// - Throws: `alreadyExists`, `invalid`, `denied`, `forbidden` or `badRequest`.
  @discardableResult
  public mutating func create(_ submitted: Resource) throws(APIError) -> Resource {
    let kind = submitted.kind
    var metadata = submitted.metadata
    if kind.isClusterScoped {
      metadata.namespace = ""
    } else if metadata.namespace.isEmpty {
      metadata.namespace = "default"
    }
    if !metadata.resourceVersion.isEmpty {
      throw .badRequest(
        ObjectKey(kind, namespace: metadata.namespace, name: metadata.name),
        reason: "resourceVersion should not be set on objects to be created")
    }
    if metadata.name.isEmpty, !metadata.generateName.isEmpty {
      metadata.name = generatedName(kind, metadata)
    }
    let key = ObjectKey(kind, namespace: metadata.namespace, name: metadata.name)
    if !key.name.isEmpty, objects[key] != nil { throw .alreadyExists(key) }
    metadata.generation = kind.tracksGeneration ? 1 : 0
    metadata.creationTimestamp = now.roundedDownToSecond
    metadata.deletionTimestamp = nil
    metadata.deletionGracePeriodSeconds = nil
    metadata.selfLink = ""

    // Taken back when the object is refused: a refused write leaves no trace.
    let (versionBefore, identitiesBefore) = (version, identities)
    metadata.uid = nextUID()
    metadata.resourceVersion = nextVersion()
    let resource: Resource
    do throws(APIError) {
      resource = try admitted(submitted.asNew(metadata), replacing: nil)
      try validate(resource, replacing: nil)
    } catch {
      (version, identities) = (versionBefore, identitiesBefore)
      throw error
    }
    objects.insert(resource)
    changes.append(Change(old: nil, new: resource))
    return resource
  }

  /// Replaces everything of an object except its status, where that has an endpoint of its own.
  ///
  /// A write that changes nothing succeeds and is no change. An object that is being deleted goes away with its last
  /// finalizer.
  ///
  /// - Parameter submitted: the object; its resource version, if any, must be the current one.
  /// - Returns: the object as stored.
  /// - Throws: `notFound`, `conflict`, `wrongIdentity`, `invalid` or `denied`.
  @discardableResult
  public mutating func update(_ submitted: Resource) throws(APIError) -> Resource {
    let live = try current(submitted)
    let metadata = live.metadata
    var resource = submitted.kind.hasStatusSubresource ? submitted.takingStatus(of: live) : submitted
    resource = resource.withMetadata { $0.keepSystemFields(of: metadata) }
    if resource == live { return live }
    resource = try admitted(resource, replacing: live)
    try validate(resource, replacing: live)
    if live.kind.tracksGeneration, !resource.hasSameSpec(as: live) {
      resource = resource.withMetadata { $0.generation += 1 }
    }
    if resource == live { return live }
    return store(resource, replacing: live)
  }

  /// Replaces the status of an object and nothing else.
  ///
  /// - Parameter submitted: the object; its resource version, if any, must be the current one.
  /// - Returns: the object as stored.
  /// - Throws: `notFound`, `conflict` or `wrongIdentity`.
  @discardableResult
  public mutating func updateStatus(_ submitted: Resource) throws(APIError) -> Resource {
    let live = try current(submitted)
    guard live.kind.hasStatusSubresource else { throw .notFound(submitted.key) }
    let resource = live.takingStatus(of: submitted)
    if resource == live { return live }
    return store(resource, replacing: live)
  }

  /// Deletes an object, or starts to: one with finalizers stays until the last of them is gone, a pod on a node until
  /// its grace period is over.
  ///
  /// Dependents are not touched: that is the garbage collector's work.
  ///
  /// - Parameters:
  ///   - key: the object.
  ///   - uid: the uid it must have; nil for any.
  ///   - propagation: what becomes of dependents.
  ///   - gracePeriodSeconds: how long a pod has to end, in seconds; nil for what its spec says, 0 to remove it at
  ///     once.
  /// - Throws: `notFound` or `wrongIdentity`.
  public mutating func delete(
    _ key: ObjectKey, uid: String? = nil, propagation: ClusterAction.Propagation = .background,
    gracePeriodSeconds: Int64? = nil
  ) throws(APIError) {
    guard var live = objects[key] else { throw .notFound(key) }
    if let uid, !uid.isEmpty, uid != live.metadata.uid {
      throw .wrongIdentity(key, expected: uid, found: live.metadata.uid)
    }
    switch propagation {
    case .background: break
    case .orphan: try orphanDependents(of: live.metadata.uid)
    case .foreground:
      let finalizer = GarbageCollector.foregroundFinalizer
      if !live.metadata.finalizers.contains(finalizer), !objects.dependents(of: live.metadata.uid).isEmpty {
        live = live.withMetadata { $0.finalizers.append(finalizer) }
      }
    }
    let metadata = live.metadata
    let grace = max(live.gracePeriod(asked: gracePeriodSeconds), 0)
    if grace == 0, metadata.finalizers.isEmpty {
      remove(live)
      return
    }
    if metadata.deletionTimestamp != nil, (metadata.deletionGracePeriodSeconds ?? 0) <= grace { return }
    let deadline = (now + .seconds(grace)).roundedDownToSecond
    let terminating = live.withMetadata {
      if $0.deletionTimestamp == nil, live.kind.tracksGeneration { $0.generation += 1 }
      $0.deletionTimestamp = deadline
      $0.deletionGracePeriodSeconds = grace
    }
    store(terminating, replacing: live)
  }

  /// Takes the owner reference away from everything that an object controls.
  private mutating func orphanDependents(of uid: String) throws(APIError) {
    for dependent in objects.dependents(of: uid) {
      try update(dependent.withMetadata { $0.ownerReferences.removeAll { $0.uid == uid } })
    }
  }

  // MARK: The common part

  /// The live object that a write is about, if the write is about it.
  private func current(_ submitted: Resource) throws(APIError) -> Resource {
    let key = submitted.key
    guard let live = objects[key] else { throw .notFound(key) }
    let (wanted, metadata) = (submitted.metadata, live.metadata)
    if !wanted.uid.isEmpty, wanted.uid != metadata.uid {
      throw .wrongIdentity(key, expected: wanted.uid, found: metadata.uid)
    }
    if !wanted.resourceVersion.isEmpty, wanted.resourceVersion != metadata.resourceVersion {
      throw .conflict(key)
    }
    return live
  }

  @discardableResult
  mutating func store(_ resource: Resource, replacing live: Resource) -> Resource {
    let metadata = resource.metadata
    if metadata.deletionTimestamp != nil, metadata.finalizers.isEmpty,
      (metadata.deletionGracePeriodSeconds ?? 0) == 0
    {
      remove(resource)
      return resource
    }
    let resourceVersion = nextVersion()
    let stored = resource.withMetadata { $0.resourceVersion = resourceVersion }
    objects.insert(stored)
    changes.append(Change(old: live, new: stored))
    return stored
  }

  private mutating func remove(_ resource: Resource) {
    let resourceVersion = nextVersion()
    let last = resource.withMetadata { $0.resourceVersion = resourceVersion }
    retireName(last.metadata)
    objects.remove(last.key)
    changes.append(Change(old: last, new: nil))
  }
}

extension ObjectMeta {
  /// Takes over the fields that only the API server writes.
  fileprivate mutating func keepSystemFields(of live: ObjectMeta) {
    namespace = live.namespace
    uid = live.uid
    resourceVersion = live.resourceVersion
    generation = live.generation
    generateName = live.generateName
    selfLink = live.selfLink
    creationTimestamp = live.creationTimestamp
    deletionTimestamp = live.deletionTimestamp
    deletionGracePeriodSeconds = live.deletionGracePeriodSeconds
    managedFields = live.managedFields
  }
}

extension Resource {
  /// How many seconds the object has to end once it is deleted. Only pods on nodes have any: the rest has nobody who
  /// would have to stop first.
  fileprivate func gracePeriod(asked: Int64?) -> Int64 {
    guard case .pod(let pod) = self, !pod.spec.nodeName.isEmpty, pod.status.phase != "Succeeded",
      pod.status.phase != "Failed"
    else { return 0 }
    return asked ?? pod.spec.terminationGracePeriodSeconds ?? 30
  }
}

extension Resource {
  /// The object with the metadata of a new one, and the status that the API server gives to new ones.
  fileprivate func asNew(_ metadata: ObjectMeta) -> Resource {
    guard case .pod(var pod) = self else { return withoutStatus().withMetadata { $0 = metadata } }
    pod.metadata = metadata
    var status = PodStatus(phase: "Pending")
    if !pod.spec.schedulingGates.isEmpty {
      status.conditions = [
        PodCondition(
          lastTransitionTime: metadata.creationTimestamp,
          message: "Scheduling is blocked due to non-empty scheduling gates", reason: "SchedulingGated",
          status: "False", type: "PodScheduled")
      ]
    }
    pod.status = status
    return .pod(pod)
  }
}
