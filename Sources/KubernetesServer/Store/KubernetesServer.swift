public import KubernetesModel

/// A Kubernetes API server as a value: objects, the rules for changing them, and what happened to them.
///
/// Callers in the same process use ``create(_:in:context:)`` and its like; clients use ``respond(to:)``, which ends in
/// the same functions. Nothing happens by itself: time is set from outside, and controllers take a step when they are
/// asked to. Copying a server costs O(1), so any state can be kept, branched and gone back to. Two servers that are set
/// up alike and see the same requests answer the same, down to the last byte.
///
/// ```swift
/// var server = KubernetesServer<DynamicObject>()
/// let answer = server.respond(to: APIRequest(.get, "/api/v1/namespaces"))
/// ```
public struct KubernetesServer<Object: StoredObject>: Sendable {
  /// The resources there are.
  public internal(set) var catalog: ResourceCatalog
  /// What time it is for the server.
  public var now: Timestamp
  /// How many changes there were; also the resource version of the last one.
  public internal(set) var version: UInt64
  /// Who looks at writes, in order.
  public var plugins: [AdmissionPlugin<Object>] = []
  /// What is done for particular kinds.
  public var rules: KindRules<Object>
  /// Where uids and generated names come from.
  public var identities: any IdentitySource
  /// How many changes of each resource are remembered for watches; 0 for none.
  public var historyLimit = 10_000
  /// Whether ``takeChanges()`` has anything to hand out.
  public var collectsChanges = false
  /// Whether a write needs the namespace it is in. Callers in the same process may do without namespaces.
  public var requiresNamespaces = true

  /// Whether answers show `metadata.managedFields`.
  public var keepsBooks = true
  /// Whether the controllers of the cluster take note of changes. The garbage collector always does.
  public var runsControllers = true
  /// Where the schemas of definitions come from that were compiled in.
  public var schemaSource: SchemaSource?
  /// How bodies in YAML are read; nil for a server that takes JSON only.
  public var readYAML: (@Sendable ([UInt8]) throws(GoComplaint) -> Value)?

  /// Who answers when a controller of the cluster itself writes something that a webhook wants to see; nil for nobody.
  public var answersToControllers: (@Sendable (WebhookCall) -> WebhookAnswer)?
  /// Which version of Kubernetes the server says it is.
  public var serverVersion = ServerVersion()
  /// Where clients reach the server, for discovery.
  public var address = "127.0.0.1:6443"
  /// What the containers of a pod have written; nil for a cluster that keeps no logs.
  public var logSource: (@Sendable (DynamicObject) -> String)?

  var controllers = Controllers()
  var stores: [ResourceStore<Object>] = []
  var owners = OwnerIndex()
  private var changes: [StoredChange<Object>] = []

  /// What requests need beyond objects.
  var frontend = Frontend()

  /// An empty server.
  ///
  /// - Parameters:
  ///   - resources: the resources there are.
  ///   - start: what time it is.
  ///   - version: the resource version to count from. Watches from before it are too old.
  ///   - identities: where uids and generated names come from.
  ///   - rules: what is done for particular kinds.
  public init(
    resources: [APIResource] = APIResources.builtIn,
    start: Timestamp = Timestamp(secondsSince1970: 1_767_225_600), version: UInt64 = 0,
    identities: any IdentitySource = CountedIdentities(), rules: KindRules<Object> = KindRules()
  ) {
    catalog = ResourceCatalog(resources)
    now = start
    self.version = version
    self.identities = identities
    self.rules = rules
    stores = Array(repeating: ResourceStore(startingAt: version), count: catalog.storageCount)
    lookUpResources()
  }

  // MARK: Reading

  /// The object of a name.
  public func object(_ name: ObjectName, in id: ResourceID) -> Object? {
    stores[catalog.storage(of: id)][name]
  }

  /// All objects of a resource, by namespace and name.
  public func objects(in id: ResourceID) -> [Object] { Array(stores[catalog.storage(of: id)].objects) }

  /// The object of a kind and name.
  public func object(apiVersion: String, kind: String, _ name: ObjectName) -> Object? {
    catalog.resource(apiVersion: apiVersion, kind: kind).flatMap { object(name, in: $0) }
  }

  /// The objects that name an owner, with their resources.
  public func dependents(of uid: String) -> [(resource: ResourceID, object: Object)] {
    owners.dependents(of: uid).compactMap { address in
      guard let object = stores[address.storage][address.name], let id = resource(ofStorage: address.storage)
      else {
        return nil
      }
      return (id, object)
    }
  }

  /// The first resource whose objects are in a table.
  func resource(ofStorage storage: Int) -> ResourceID? {
    catalog.storages.firstIndex(of: storage).map { ResourceID(index: $0) }
  }

  // MARK: Changes

  /// Hands out what changed since the last call, in order.
  public mutating func takeChanges() -> [StoredChange<Object>] {
    var taken: [StoredChange<Object>] = []
    swap(&taken, &changes)
    return taken
  }

  /// Makes room for resources that were added.
  mutating func growStores() {
    while stores.count < catalog.storageCount { stores.append(ResourceStore(startingAt: version)) }
  }

  /// Stores a change under a new version.
  ///
  /// - Returns: the object as it is stored, or as it was when it went.
  @discardableResult
  mutating func commit(old: Object?, new: Object?, in id: ResourceID) -> Object {
    version += 1
    let number = String(version)
    let stored = new?.withMetadata { $0.resourceVersion = number }
    let last = new == nil ? old?.withMetadata { $0.resourceVersion = number } : old
    let metadata = (stored ?? last)?.metadata ?? ObjectMeta()
    let address = ObjectAddress(storage: catalog.storage(of: id), name: ObjectName(metadata))
    stores[address.storage].apply(
      ObjectChange(version: version, old: old, new: stored), to: address.name, keeping: historyLimit)
    owners.update(
      address, from: old?.metadata.ownerReferences ?? [], to: stored?.metadata.ownerReferences ?? [])
    if collectsChanges { changes.append(StoredChange(resource: id, old: last, new: stored)) }
    if new == nil { identities.retire(metadata) }
    noteChange(of: id, old: last, new: stored)
    return stored ?? last ?? Object(.object([]), of: catalog[id])
  }
}

/// A change with the resource it was in.
public struct StoredChange<Object: StoredObject>: Sendable {
  /// The resource.
  public var resource: ResourceID
  /// The object before; nil when it was created.
  public var old: Object?
  /// The object after; nil when it was deleted.
  public var new: Object?
}
