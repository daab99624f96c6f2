internal import GroveModel
internal import KubernetesModel

/// Objects as they were read, made into what an API server can have held: every object once, each with a uid of its
/// own, owners found by name where their uids were left out.
struct RestoredObjects {
  private(set) var objects: [Resource] = []
  private var places: [ObjectKey: Int] = [:]

  /// - Parameters:
  ///   - given: the objects, in any order; the same one may be given several times, its latest version counts.
  ///   - seed: what uids are made from that are missing.
  ///   - now: what time it is for objects that do not say when they came into being.
  init(_ given: [Resource], seed: UInt64, now: Timestamp) throws(RestoreError) {
    for object in given { try add(object) }
    nameUIDs(seed)
    for index in objects.indices { objects[index].completeTimes(at: now) }
  }

  private mutating func add(_ given: Resource) throws(RestoreError) {
    let object = given.withMetadata {
      $0.managedFields = []
      $0.selfLink = ""
      if given.kind.isClusterScoped {
        $0.namespace = ""
      } else if $0.namespace.isEmpty {
        $0.namespace = "default"
      }
    }
    let key = object.key
    if key.name.isEmpty { throw .withoutName(key.kind) }
    guard let place = places[key] else {
      places[key] = objects.count
      objects.append(object)
      return
    }
    let (known, other) = (objects[place].metadata, object.metadata)
    guard known.uid == other.uid else { throw .duplicate(key) }
    let (old, new) = (UInt64(known.resourceVersion), UInt64(other.resourceVersion))
    if old == nil, new == nil, objects[place] != object { throw .duplicate(key) }
    if new ?? 0 > old ?? 0 { objects[place] = object }
  }

  /// Uids that are missing, or blotted out and so the same for many, are made anew.
  private mutating func nameUIDs(_ seed: UInt64) {
    var counts: [String: Int] = [:]
    for object in objects { counts[object.metadata.uid, default: 0] += 1 }
    var made: Set<Int> = []
    for index in objects.indices {
      let uid = objects[index].metadata.uid
      guard uid.isEmpty || counts[uid] ?? 0 > 1 else { continue }
      made.insert(index)
      objects[index] = objects[index].withMetadata {
        $0.uid = Identity.uid(seed: ~seed, counter: UInt64(index) + 1)
      }
    }
    for index in objects.indices {
      let metadata = objects[index].metadata
      for (number, owner) in metadata.ownerReferences.enumerated() {
        guard let kind = ResourceKind(apiVersion: owner.apiVersion, kind: owner.kind) else { continue }
        let namespace = kind.isClusterScoped ? "" : metadata.namespace
        guard let place = places[ObjectKey(kind, namespace: namespace, name: owner.name)] else { continue }
        // An owner with a uid of its own is another one than a reference with another uid means.
        guard made.contains(place) || owner.uid.isEmpty || counts[owner.uid] == nil && !owner.uid.isUID else {
          continue
        }
        let uid = objects[place].metadata.uid
        objects[index] = objects[index].withMetadata { $0.ownerReferences[number].uid = uid }
      }
    }
  }
}

extension String {
  /// Whether the text has the form of a uid.
  fileprivate var isUID: Bool { utf8.count == 36 && utf8.allSatisfy { $0 == 0x2D || isHexadecimal($0) } }

  private func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte & ~0x20 | 0x20)
  }
}

extension Resource {
  /// Puts a time in the place of those without which nothing can be told.
  fileprivate mutating func completeTimes(at now: Timestamp) {
    if metadata.creationTimestamp == nil {
      self = withMetadata { $0.creationTimestamp = now.roundedDownToSecond }
    }
    guard case .pod(var pod) = self else { return }
    // A kubelet has taken the pod on, or its containers would not run.
    guard pod.status.startTime == nil, pod.status.phase == "Running", !pod.spec.nodeName.isEmpty else {
      return
    }
    pod.status.startTime = pod.metadata.creationTimestamp
    self = .pod(pod)
  }
}
