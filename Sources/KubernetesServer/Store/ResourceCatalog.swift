public import KubernetesModel
internal import KubernetesSchema

/// The number of a resource in a ``ResourceCatalog``.
public struct ResourceID: Sendable, Hashable {
  let index: Int
}

/// The resources that a server has: the built-in ones, and those that CustomResourceDefinitions add.
public struct ResourceCatalog: Sendable {
  private var entries: [APIResource?] = []
  /// For each resource, the number of the table that holds its objects: versions of one resource share a table.
  private(set) var storages: [Int] = []
  private var storageNumbers: [GroupResource: Int] = [:]
  private var byPath: [String: Int] = [:]
  /// How many tables are needed.
  var storageCount: Int { storageNumbers.count }

  /// The given resources.
  public init(_ resources: some Sequence<APIResource>) {
    for resource in resources { add(resource) }
  }

  /// The resource of a number. Numbers of resources that were removed lead to an empty one.
  public subscript(id: ResourceID) -> APIResource {
    entries[id.index] ?? APIResource(type: GroupVersionKind(group: "", version: "", kind: ""), plural: "")
  }

  /// All resources in the order in which they came.
  public var resources: [APIResource] { entries.compactMap { $0 } }

  /// All resources with their numbers.
  var numbered: [(id: ResourceID, resource: APIResource)] {
    entries.indices.compactMap { index in entries[index].map { (ResourceID(index: index), $0) } }
  }

  /// The resource at a path such as `/apis/GROUP/VERSION/PLURAL`.
  public func resource(group: String, version: String, plural: String) -> ResourceID? {
    byPath["\(group)/\(version)/\(plural)"].map { ResourceID(index: $0) }
  }

  /// The resource of a kind.
  public func resource(apiVersion: String, kind: String) -> ResourceID? {
    entries.indices.first { index in
      entries[index].map {
        $0.kind == kind && $0.apiVersion == apiVersion && !$0.traits.contains(.isTransient)
      }
        ?? false
    }.map { ResourceID(index: $0) }
  }

  /// Any version of a resource.
  public func resource(_ resource: GroupResource) -> ResourceID? {
    entries.indices.first { entries[$0]?.groupResource == resource }.map { ResourceID(index: $0) }
  }

  /// The number of the table that holds the objects of a resource.
  func storage(of id: ResourceID) -> Int { storages[id.index] }

  /// The table under which objects of a resource are stored: two groups serve events, and both mean the same.
  static func storedAs(_ resource: GroupResource) -> GroupResource {
    resource == GroupResource(group: "events.k8s.io", resource: "events")
      ? GroupResource(group: "", resource: "events") : resource
  }

  /// Adds a resource, or changes the one of its group, version and name.
  @discardableResult
  public mutating func add(_ resource: APIResource) -> ResourceID {
    let path = "\(resource.group)/\(resource.version)/\(resource.plural)"
    if let index = byPath[path] {
      entries[index] = resource
      return ResourceID(index: index)
    }
    let stored = Self.storedAs(resource.groupResource)
    let storage = storageNumbers[stored] ?? storageNumbers.count
    storageNumbers[stored] = storage
    entries.append(resource)
    storages.append(storage)
    byPath[path] = entries.count - 1
    return ResourceID(index: entries.count - 1)
  }

  /// Removes all versions of a resource.
  public mutating func remove(_ resource: GroupResource) {
    for index in entries.indices {
      guard let entry = entries[index], entry.groupResource == resource else { continue }
      byPath["\(entry.group)/\(entry.version)/\(entry.plural)"] = nil
      entries[index] = nil
    }
  }

  /// Removes one version of a resource.
  mutating func remove(group: String, version: String, plural: String) {
    guard let index = byPath.removeValue(forKey: "\(group)/\(version)/\(plural)") else { return }
    entries[index] = nil
  }

  /// Whether a group has any resources; the core group always does.
  func hasGroup(_ group: String, version: String? = nil) -> Bool {
    entries.contains { $0.map { $0.group == group && (version == nil || $0.version == version) } ?? false }
  }
}
