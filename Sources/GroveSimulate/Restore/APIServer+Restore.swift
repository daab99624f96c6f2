internal import GroveModel
internal import GroveReconcile
internal import KubernetesModel

extension APIServer {
  /// Takes objects as they are: nothing is admitted, defaulted or numbered anew.
  mutating func adopt(_ adopted: [Resource]) {
    // Versions and uids go on after those that are there; a world has made at most one uid for each version.
    for object in adopted { version = max(version, UInt64(object.metadata.resourceVersion) ?? 0) }
    identities = max(identities, version)
    for object in adopted {
      var object = object
      if object.metadata.resourceVersion.isEmpty {
        let resourceVersion = nextVersion()
        object = object.withMetadata { $0.resourceVersion = resourceVersion }
      }
      reserveName(object.metadata)
      objects.insert(object)
      changes.append(Change(old: nil, new: object))
    }
  }
}
