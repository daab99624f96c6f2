internal import GroveModel
package import GroveReconcile
package import KubernetesModel

/// A digest of all that decides what may happen next in a world.
///
/// Left out are uids, resource versions and absolute times; timers count from now. Pods of one PodClique are
/// interchangeable: which of them is in which state does not matter, only how many. Two states with one digest are taken
/// for one; the 128 bits make it unlikely that they differ in what is looked at.
package struct StateDigest: Sendable {
  /// The digest of each object, as long as the object does not change.
  private var objects: [ObjectKey: UInt64] = [:]
  private var pods: [ObjectKey: UInt64] = [:]

  /// A digest.
  package struct Key: Hashable, Sendable {
    var low: UInt64
    var high: UInt64
  }

  /// Whether pods of one PodClique are told apart.
  package let tellsPodsApart: Bool

  package init(_ world: World, tellsPodsApart: Bool) {
    self.tellsPodsApart = tellsPodsApart
    rehash(world)
  }

  private mutating func rehash(_ world: World) {
    objects = [:]
    pods = [:]
    for resource in world.server.objects.resources { note(resource, in: world.server.objects) }
  }

  /// Follows a world.
  ///
  /// - Parameter changes: what changed since the last call.
  package mutating func follow(_ changes: [Change], _ world: World) {
    // Whose owner came or went is owned by somebody else now.
    let isRebuilt = changes.contains { change in
      guard change.old == nil || change.new == nil, let kind = (change.new ?? change.old)?.kind else {
        return false
      }
      return [.podCliqueSet, .podClique, .podCliqueScalingGroup, .podGang].contains(kind)
    }
    if isRebuilt { return rehash(world) }
    for change in changes {
      guard let key = (change.new ?? change.old)?.key else { continue }
      if let live = world.server[key] {
        note(live, in: world.server.objects)
      } else {
        objects[key] = nil
        pods[key] = nil
      }
    }
  }

  private mutating func note(_ resource: Resource, in state: ObservedState) {
    var hasher = Hash()
    hasher.combine(resource.kind.rawValue)
    hasher.combine(Self.isObserved(resource) ? 1 : 0)
    switch resource {
    case .pod(var pod):
      let owner = pod.metadata.controller?.name ?? ""
      hasher.combine(owner)
      if tellsPodsApart {
        hasher.combine(pod.spec.hostname)
      } else {
        pod.metadata.labels[LabelKey.podIndex] = nil
        pod.spec.hostname = ""
      }
      pod.metadata.name = ""
      pod.status.podIP = ""
      pod.status.podIPs = []
      pod.status.hostIP = ""
      pod.status.hostIPs = []
      pod.metadata.ownerReferences = []
      hasher.combine(Self.isOwned(resource, in: state))
      hasher.combine(Resource.pod(pod).value)
      pods[resource.key] = hasher.value
      return
    case .podGang(var gang):
      for index in gang.spec.podgroups.indices {
        hasher.combine(UInt64(gang.spec.podgroups[index].podReferences.count))
        gang.spec.podgroups[index].podReferences = []
      }
      hasher.combine(gang.metadata.name)
      hasher.combine(Resource.podGang(gang).value)
    case .podClique(var clique):
      if var selection = clique.status.updateProgress?.readyPodsSelectedToUpdate {
        // Which pods were replaced already does not matter, and whether the selected one is there stands in the pod.
        selection.completed = []
        selection.current = selection.current.isEmpty ? "" : "selected"
        clique.status.updateProgress?.readyPodsSelectedToUpdate = selection
      }
      hasher.combine(clique.metadata.name)
      hasher.combine(Resource.podClique(clique).value)
    default:
      hasher.combine(resource.metadata.name)
      hasher.combine(resource.value)
    }
    hasher.combine(Self.isOwned(resource, in: state))
    objects[resource.key] = hasher.value
  }

  /// Whether the status is about the spec as it is.
  private static func isObserved(_ resource: Resource) -> Bool {
    switch resource {
    case .podCliqueSet(let set): set.status.observedGeneration == set.metadata.generation
    case .podCliqueScalingGroup(let group): group.status.observedGeneration == group.metadata.generation
    case .podClique(let clique): clique.status.observedGeneration == clique.metadata.generation
    default: true
    }
  }

  /// Whether the owner is the one that is there: 0 for none, 1 for it, 2 for another one of its name.
  private static func isOwned(_ resource: Resource, in state: ObservedState) -> UInt64 {
    guard let owner = resource.metadata.controller,
      let kind = ResourceKind(apiVersion: owner.apiVersion, kind: owner.kind)
    else { return 0 }
    let namespace = kind.isClusterScoped ? "" : resource.metadata.namespace
    return state[ObjectKey(kind, namespace: namespace, name: owner.name)]?.metadata.uid == owner.uid ? 1 : 2
  }

  // MARK: The whole

  /// The digest of a world and of what else decides what comes.
  package mutating func key(of world: World, extra: UInt64) -> Key {
    var sum: UInt64 = 0
    var twin: UInt64 = 0
    func add(_ value: UInt64) {
      sum &+= Identity.mixed(value)
      twin &+= Identity.mixed(value ^ 0xA5A5_5A5A_C3C3_3C3C)
    }
    for value in objects.values { add(value) }
    let activity = world.activity
    let listed = Self.listed(in: world)
    for (key, value) in pods {
      var hasher = Hash()
      hasher.combine(value)
      let name = ObjectName(namespace: key.namespace, name: key.name)
      hasher.combine(activity.pods[name] ?? 0)
      hasher.combine(listed.contains(name) ? 1 : 0)
      add(hasher.value)
    }
    for value in activity.others { add(value) }
    add(extra)
    return Key(low: sum, high: twin)
  }

  private static func listed(in world: World) -> Set<ObjectName> {
    var names: Set<ObjectName> = []
    for case .podGang(let gang) in world.server.objects.resources(of: .podGang) {
      for group in gang.spec.podgroups {
        for pod in group.podReferences { names.insert(ObjectName(namespace: pod.namespace, name: pod.name)) }
      }
    }
    return names
  }
}

/// A running digest.
package struct Hash: Sendable {
  private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  package mutating func combine(_ number: UInt64) { value = Identity.mixed(value ^ number) &+ 0x9E37_79B9 }

  package mutating func combine(_ text: String) {
    var text = text
    text.withUTF8 { combine($0) }
  }

  package mutating func combine(_ bytes: UnsafeBufferPointer<UInt8>) {
    var word: UInt64 = UInt64(bytes.count)
    var shift: UInt64 = 8
    for byte in bytes {
      word ^= UInt64(byte) << shift
      shift += 8
      if shift == 64 {
        combine(word)
        word = 0
        shift = 0
      }
    }
    combine(word)
  }

  package mutating func combine(_ value: Value) { combine(value.tape, value.index) }

  /// Members that say who, when and how often, not what.
  private static let ignored: Set<String> = [
    "uid", "resourceVersion", "creationTimestamp", "managedFields", "lastTransitionTime", "observedAt",
    "updateStartedAt", "updateEndedAt", "startedAt", "finishedAt", "startTime", "containerID", "generation",
    "observedGeneration", "deletionTimestamp", "restartCount", "timeAdded",
  ]

  private mutating func combine(_ tape: Tape, _ index: Int) {
    let node = tape[index]
    combine(UInt64(node.kind.rawValue))
    switch node.kind {
    case .object:
      let end = Int(node.next)
      var cursor = index + 1
      while cursor < end {
        let name = tape.string(at: cursor)
        if Self.ignored.contains(name) {
          // That there is one matters for some: an ended update, an object that is being deleted.
          combine(UInt64(name.utf8.count))
        } else {
          combine(name)
          combine(tape, cursor + 1)
        }
        cursor = Int(tape[cursor + 1].next)
      }
    case .array:
      let end = Int(node.next)
      var cursor = index + 1
      while cursor < end {
        combine(tape, cursor)
        cursor = Int(tape[cursor].next)
      }
    case .boolean: combine(UInt64(node.flags))
    case .null: break
    default: tape.withText(at: index) { combine($0) }
    }
  }
}
