public import KubernetesModel

/// How an object is to be deleted.
public struct DeleteOptions: Sendable, Equatable {
  /// What becomes of what the object owns.
  public enum Propagation: String, Sendable, Equatable {
    /// It is deleted afterwards.
    case background = "Background"
    /// It is deleted first.
    case foreground = "Foreground"
    /// It stays, without its owner.
    case orphan = "Orphan"
  }

  /// What becomes of what the object owns; nil for what its finalizers say.
  public var propagation: Propagation?
  /// How long the object has to end, in seconds; nil for what it says itself.
  public var gracePeriodSeconds: Int64?
  /// The uid that the object must have; nil for any.
  public var uid: String?
  /// The resource version that the object must have; nil for any.
  public var resourceVersion: String?

  /// Options.
  public init(
    propagation: Propagation? = nil, gracePeriodSeconds: Int64? = nil, uid: String? = nil,
    resourceVersion: String? = nil
  ) {
    self.propagation = propagation
    self.gracePeriodSeconds = gracePeriodSeconds
    self.uid = uid
    self.resourceVersion = resourceVersion
  }
}

extension KubernetesServer {
  /// The finalizer of objects that are deleted after what they own.
  public static var foregroundFinalizer: String { "foregroundDeletion" }
  /// The finalizer of objects that wait until what they own has been set free.
  public static var orphanFinalizer: String { "orphan" }

  // MARK: Create

  /// Creates an object.
  ///
  /// - Returns: the object as stored: with uid, resource version, creation time, generation, and a name if it asked for
  ///   a generated one.
  /// - Throws: why it was refused; then nothing has changed.
  @discardableResult
  public mutating func create(
    _ submitted: Object, in id: ResourceID, context: inout WriteContext
  ) throws(StatusError) -> Object {
    let before = version
    do throws(StatusError) {
      return try createWithoutUndo(submitted, in: id, context: &context)
    } catch {
      version = before
      throw error
    }
  }

  private mutating func createWithoutUndo(
    _ submitted: Object, in id: ResourceID, context: inout WriteContext
  ) throws(StatusError) -> Object {
    let resource = catalog[id]
    var attributes = AdmissionAttributes(
      resource: resource, operation: .create, namespace: submitted.metadata.namespace,
      name: submitted.metadata.name,
      options: context.options(kind: "CreateOptions"))
    if resource.isNamespaced { try checkNamespace(submitted.metadata.namespace, for: attributes) }
    if !submitted.metadata.resourceVersion.isEmpty {
      throw .internalError("resourceVersion should not be set on objects to be created")
    }
    var object = submitted
    for plugin in plugins { try plugin.mutate?(&object, nil, attributes, self, &context) }
    var mutated: Object? = object
    try callMutatingWebhooks(&mutated, nil, attributes, &context)
    object = withBooks(mutated ?? object, live: nil, in: id, subresource: "", context)
    attributes.name = object.metadata.name
    if attributes.name.isEmpty, !object.metadata.generateName.isEmpty {
      let store = stores[catalog.storage(of: id)]
      let name = identities.name(for: object.metadata) {
        store[ObjectName(namespace: attributes.namespace, name: $0)] != nil
      }
      attributes.name = name
    }
    let (name, time, uid) = (attributes.name, now.roundedDownToSecond, identities.uid())
    object = object.withoutStatus(unlessOf: resource).withMetadata {
      $0.name = name
      if !resource.isNamespaced { $0.namespace = "" }
      $0.uid = uid
      $0.creationTimestamp = time
      $0.deletionTimestamp = nil
      $0.deletionGracePeriodSeconds = nil
      $0.selfLink = ""
      $0.generation = resource.traits.contains(.tracksGeneration) ? 1 : 0
    }
    try rules.prepare(&object, nil, attributes, &self, &context)
    let problems = try rules.check(object, nil, attributes, self)
    if !problems.isEmpty { throw .invalid(Self.namedInMessages(resource), name, problems) }
    for plugin in plugins { try plugin.validate?(object, nil, attributes, self, &context) }
    try callValidatingWebhooks(object, nil, attributes, &context)
    if let live = self.object(ObjectName(object.metadata), in: id) {
      throw .alreadyExists(
        resource.groupResource, name, isTerminating: live.metadata.deletionTimestamp != nil)
    }
    if context.isDryRun { return object }
    return commit(old: nil, new: object, in: id)
  }

  /// Writes need a namespace that is there and stays.
  private func checkNamespace(_ name: String, for attributes: AdmissionAttributes) throws(StatusError) {
    guard requiresNamespaces, let namespaces = frontend.namespaces else { return }
    let resource = GroupResource(group: "", resource: "namespaces")
    guard let namespace = object(ObjectName(namespace: "", name: name), in: namespaces) else {
      throw .notFound(resource, name)
    }
    if namespace.metadata.deletionTimestamp != nil, attributes.operation == .create {
      var error = StatusError.forbidden(
        attributes.resource.groupResource, attributes.name,
        "unable to create new content in namespace \(name) because it is being terminated")
      error.details?.causes = [
        StatusError.Cause(
          reason: "NamespaceTerminating", message: "namespace \(name) is being terminated",
          field: "metadata.namespace"
        )
      ]
      throw error
    }
  }

  // MARK: Update

  /// What part of an object a write is about.
  public enum Part: Sendable, Equatable {
    /// Everything but the status, where that has an endpoint of its own.
    case main
    /// The status.
    case status
    /// Another endpoint, whose writes change the whole object.
    case other(String)

    var subresource: String {
      switch self {
      case .main: ""
      case .status: "status"
      case .other(let name): name
      }
    }
  }

  /// Replaces an object, or a part of it.
  ///
  /// A write that changes nothing succeeds and is no change. An object that is being deleted goes with its last
  /// finalizer.
  ///
  /// - Parameters:
  ///   - submitted: the object; its resource version, if any, must be the current one.
  ///   - part: what is replaced.
  /// - Returns: the object as stored.
  /// - Throws: why it was refused; then nothing has changed.
  @discardableResult
  public mutating func update(
    _ submitted: Object, in id: ResourceID, part: Part = .main, context: inout WriteContext
  ) throws(StatusError) -> Object {
    let metadata = submitted.metadata
    return try update(
      ObjectName(metadata), in: id, part: part, uid: metadata.uid, context: &context
    ) { _ throws(StatusError) in submitted }
  }

  /// Changes an object, or a part of it, by a function of what it is.
  ///
  /// - Parameters:
  ///   - uid: the uid that the object must have; empty for any.
  ///   - change: makes the object to be written from the live one.
  @discardableResult
  public mutating func update(
    _ name: ObjectName, in id: ResourceID, part: Part = .main, uid: String = "", context: inout WriteContext,
    _ change: (Object) throws(StatusError) -> Object
  ) throws(StatusError) -> Object {
    let resource = catalog[id]
    guard let live = object(name, in: id) else { throw .notFound(resource.groupResource, name.name) }
    let before = live.metadata
    var object = try change(live)
    let wanted = object.metadata
    let attributes = AdmissionAttributes(
      resource: resource, subresource: part.subresource, operation: .update, namespace: name.namespace,
      name: name.name, options: context.options(kind: "UpdateOptions"), shown: context.shown)
    if !uid.isEmpty, uid != before.uid {
      throw .conflict(
        resource.groupResource, name.name,
        "StorageError: invalid object, Code: 4, Key: \(Self.storageKey(of: name, resource)), ResourceVersion: 0, "
          + "AdditionalErrorMsg: Precondition failed: UID in precondition: \(uid), UID in object meta: \(before.uid)"
      )
    }
    if !wanted.resourceVersion.isEmpty, wanted.resourceVersion != before.resourceVersion {
      throw .modified(resource.groupResource, name.name)
    }
    switch part {
    case .main where resource.hasStatus: object = object.takingStatus(of: live)
    case .status: object = statusOnly(of: object, onto: live, resource)
    default: break
    }
    object = object.withMetadata { $0.keepSystemFields(of: before) }
    for plugin in plugins { try plugin.mutate?(&object, live, attributes, self, &context) }
    var mutated: Object? = object
    try callMutatingWebhooks(&mutated, live, attributes, &context)
    object = withBooks(mutated ?? object, live: live, in: id, subresource: part.subresource, context)
    try rules.prepare(&object, live, attributes, &self, &context)
    if resource.traits.contains(.tracksGeneration), part != .status {
      let same = object.hasSameSpec(as: live)
      object = object.withMetadata { $0.generation = same ? before.generation : before.generation + 1 }
    }
    let problems = try rules.check(object, live, attributes, self)
    if !problems.isEmpty { throw .invalid(Self.namedInMessages(resource), name.name, problems) }
    for plugin in plugins { try plugin.validate?(object, live, attributes, self, &context) }
    try callValidatingWebhooks(object, live, attributes, &context)
    if object == live { return live }
    if context.isDryRun { return object }
    return store(object, replacing: live, in: id)
  }

  /// What a write of the status changes: of a custom resource the status alone, of built-in ones also some metadata.
  private func statusOnly(of object: Object, onto live: Object, _ resource: APIResource) -> Object {
    let status = live.takingStatus(of: object)
    guard !resource.traits.contains(.isCustom) else {
      let books = object.metadata.managedFields
      return status.withMetadata { $0.managedFields = books }
    }
    let metadata = object.metadata
    return status.withMetadata {
      $0.labels = metadata.labels
      $0.annotations = metadata.annotations
      $0.finalizers = metadata.finalizers
      $0.ownerReferences = metadata.ownerReferences
      $0.managedFields = metadata.managedFields
    }
  }

  /// Stores an object, or removes it when it was waiting for that.
  ///
  /// - Returns: the object as stored. One that goes keeps the version it had.
  @discardableResult
  mutating func store(_ object: Object, replacing live: Object, in id: ResourceID) -> Object {
    let metadata = object.metadata
    if metadata.deletionTimestamp != nil, metadata.finalizers.isEmpty,
      (metadata.deletionGracePeriodSeconds ?? 0) == 0
    {
      commit(old: live, new: nil, in: id)
      return object
    }
    return commit(old: live, new: object, in: id)
  }

  /// What messages about invalid objects call a resource: events are those of the core group, whoever serves them.
  private static func namedInMessages(_ resource: APIResource) -> APIResource {
    guard resource.plural == "events" else { return resource }
    var named = resource
    named.type.group = ""
    return named
  }

  /// Where a real server keeps an object.
  static func storageKey(of name: ObjectName, _ resource: APIResource) -> String {
    let place =
      switch (resource.group, resource.plural) {
      case ("", "nodes"): "minions"
      case ("", "services"): "services/specs"
      case ("networking.k8s.io", "ingresses"): "ingress"
      default: resource.traits.contains(.isCustom) ? "\(resource.group)/\(resource.plural)" : resource.plural
      }
    return "/registry/\(place)/\(name)"
  }

  // MARK: Delete

  /// What came of a deletion.
  public enum Deletion: Sendable {
    /// The object is gone. It is given as it was.
    case gone(Object)
    /// The object stays until its finalizers are gone or its time is over. It is given as it is.
    case pending(Object)

    /// The object.
    public var object: Object {
      switch self {
      case .gone(let object), .pending(let object): object
      }
    }
  }

  /// Deletes an object, or starts to: one with finalizers stays until the last of them is gone, one with a grace period
  /// until that is over.
  ///
  /// What it owns is not touched: that is the garbage collector's work.
  ///
  /// - Throws: why it was refused; then nothing has changed.
  @discardableResult
  public mutating func delete(
    _ name: ObjectName, in id: ResourceID, options: DeleteOptions = DeleteOptions(),
    context: inout WriteContext,
    isCollection: Bool = false
  ) throws(StatusError) -> Deletion {
    let resource = catalog[id]
    guard let live = object(name, in: id) else { throw .notFound(resource.groupResource, name.name) }
    try check(options, on: live, resource)
    let attributes = AdmissionAttributes(
      resource: resource, operation: .delete, namespace: name.namespace, name: isCollection ? "" : name.name,
      options: context.deleteOptions ?? options.value)
    for plugin in plugins {
      var object = live
      try plugin.mutate?(&object, live, attributes, self, &context)
    }
    var nothing: Object?
    try callMutatingWebhooks(&nothing, live, attributes, &context)
    for plugin in plugins { try plugin.validate?(nil, live, attributes, self, &context) }
    try callValidatingWebhooks(nil, live, attributes, &context)
    if live.metadata.deletionTimestamp == nil,
      let marked = rules.beginDeletion(live, resource, now.roundedDownToSecond)
    {
      return .pending(context.isDryRun ? marked : commit(old: live, new: marked, in: id))
    }
    var object = live
    let finalizers = finalizers(of: live, options)
    if finalizers != live.metadata.finalizers { object = object.withMetadata { $0.finalizers = finalizers } }
    let asked = options.gracePeriodSeconds.map { $0 < 0 ? 1 : $0 }
    let grace = max(rules.gracePeriod(live, resource, asked), 0)
    let metadata = object.metadata
    if metadata.deletionTimestamp == nil, grace == 0, finalizers.isEmpty {
      if resource.traits.contains(.deletesInTwoSteps) {
        let marked = mark(object, grace: 0, resource)
        if context.isDryRun { return .gone(marked) }
        let stored = commit(old: live, new: marked, in: id)
        return .gone(commit(old: stored, new: nil, in: id))
      }
      return .gone(context.isDryRun ? object : commit(old: object, new: nil, in: id))
    }
    if metadata.deletionTimestamp != nil {
      let left = metadata.deletionGracePeriodSeconds ?? 0
      if left <= grace, object == live {
        return left == 0 && finalizers.isEmpty ? goneNow(live, id, context) : .pending(live)
      }
      if left > grace { object = mark(object, grace: grace, resource) }
    } else {
      object = mark(object, grace: grace, resource)
    }
    if context.isDryRun { return .pending(object) }
    let stored = object == live ? live : commit(old: live, new: object, in: id)
    return grace == 0 && stored.metadata.finalizers.isEmpty ? goneNow(stored, id, context) : .pending(stored)
  }

  private mutating func goneNow(_ object: Object, _ id: ResourceID, _ context: WriteContext) -> Deletion {
    .gone(context.isDryRun ? object : commit(old: object, new: nil, in: id))
  }

  /// The object marked as being deleted.
  private func mark(_ object: Object, grace: Int64, _ resource: APIResource) -> Object {
    let deadline = (now + .seconds(grace)).roundedDownToSecond
    return object.withMetadata {
      if $0.deletionTimestamp == nil, $0.generation > 0 { $0.generation += 1 }
      $0.deletionTimestamp = deadline
      $0.deletionGracePeriodSeconds = grace
    }
  }

  private func check(
    _ options: DeleteOptions, on live: Object, _ resource: APIResource
  ) throws(StatusError) {
    let metadata = live.metadata
    let subject = GroupResource(group: resource.group, resource: resource.kind)
    if let uid = options.uid, !uid.isEmpty, uid != metadata.uid {
      throw .conflict(
        subject, metadata.name,
        "the UID in the precondition (\(uid)) does not match the UID in record (\(metadata.uid)). The object might "
          + "have been deleted and then recreated")
    }
    if let version = options.resourceVersion, version != metadata.resourceVersion {
      throw .conflict(
        subject, metadata.name,
        "the ResourceVersion in the precondition (\(version)) does not match the ResourceVersion in record "
          + "(\(metadata.resourceVersion)). The object might have been modified")
    }
  }

  /// The finalizers of an object that is about to be deleted, with those that the garbage collector takes away.
  private func finalizers(of live: Object, _ options: DeleteOptions) -> [String] {
    let own = [Self.orphanFinalizer, Self.foregroundFinalizer]
    var finalizers = live.metadata.finalizers
    guard let propagation = options.propagation else { return finalizers }
    finalizers.removeAll { own.contains($0) }
    switch propagation {
    case .background: break
    case .orphan: finalizers.append(Self.orphanFinalizer)
    case .foreground: finalizers.append(Self.foregroundFinalizer)
    }
    return finalizers
  }
}

extension DeleteOptions {
  /// The options as a document.
  public var value: Value {
    var members: [(String, Value)] = [
      ("kind", .string("DeleteOptions")), ("apiVersion", .string("meta.k8s.io/v1")),
    ]
    if let gracePeriodSeconds { members.append(("gracePeriodSeconds", .integer(gracePeriodSeconds))) }
    if uid != nil || resourceVersion != nil {
      var preconditions: [(String, Value)] = []
      if let uid { preconditions.append(("uid", .string(uid))) }
      if let resourceVersion { preconditions.append(("resourceVersion", .string(resourceVersion))) }
      members.append(("preconditions", .object(preconditions)))
    }
    if let propagation { members.append(("propagationPolicy", .string(propagation.rawValue))) }
    return .object(members)
  }
}

extension StoredObject {
  /// A new object without the status it came with, where statuses have an endpoint of their own.
  fileprivate func withoutStatus(unlessOf resource: APIResource) -> Self {
    resource.hasStatus && !resource.traits.contains(.createsWithStatus) ? withoutStatus() : self
  }
}

extension ObjectMeta {
  /// Takes over the fields that only the API server writes. Where a write names another value, the checks refuse it.
  fileprivate mutating func keepSystemFields(of live: ObjectMeta) {
    if namespace.isEmpty { namespace = live.namespace }
    if uid.isEmpty { uid = live.uid }
    resourceVersion = live.resourceVersion
    generation = live.generation
    selfLink = live.selfLink
    if creationTimestamp == nil { creationTimestamp = live.creationTimestamp }
    if deletionTimestamp == nil { deletionTimestamp = live.deletionTimestamp }
    if deletionGracePeriodSeconds == nil { deletionGracePeriodSeconds = live.deletionGracePeriodSeconds }
  }

  /// Owners that are named twice are kept once.
  ///
  /// - Returns: the uids that were.
  @discardableResult
  mutating func removeRepeatedOwners() -> [String] {
    guard ownerReferences.count > 1 else { return [] }
    var kept: [OwnerReference] = []
    var repeated: [String] = []
    for owner in ownerReferences {
      if kept.contains(owner) {
        if !repeated.contains(owner.uid) { repeated.append(owner.uid) }
      } else {
        kept.append(owner)
      }
    }
    ownerReferences = kept
    return repeated
  }
}
