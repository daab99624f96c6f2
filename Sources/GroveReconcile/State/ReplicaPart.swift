internal import GroveModel
internal import KubernetesModel

/// Which replica of a PodCliqueSet an object's name tells: `<set>-<replica>` and whatever follows.
struct ReplicaPlace: Sendable {
  /// The object's name.
  let name: String
  /// The replica.
  let replica: Int
  /// The replica as labels have it.
  let index: String
  /// What follows in the name.
  let suffix: String
  // How much of the name the replica decides, in bytes.
  fileprivate let length: Int

  /// - Returns: nil when the name tells no replica.
  init?(_ name: String, of set: String) {
    guard name.hasPrefix(set) else { return nil }
    let rest = name.utf8.dropFirst(set.utf8.count)
    guard rest.first == UInt8(ascii: "-") else { return nil }
    let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let replica = Int(Substring(digits)), digits.count == 1 || digits.first != UInt8(ascii: "0") else {
      return nil
    }
    self.name = name
    self.replica = replica
    index = String(replica)
    suffix = String(Substring(rest.dropFirst(1 + digits.count)))
    length = set.utf8.count + 1 + digits.count
  }

  /// Whether two texts say the same of two replicas: each begins like its own object's name, and they end alike.
  static func correspond(_ a: String, at place: ReplicaPlace, _ b: String, at other: ReplicaPlace) -> Bool {
    let result = a.utf8.withContiguousStorageIfAvailable { first in
      b.utf8.withContiguousStorageIfAvailable { second in
        first.count - place.length == second.count - other.length
          && place.begins(first) && other.begins(second)
          && first.dropFirst(place.length).elementsEqual(second.dropFirst(other.length))
      }
    }
    // Only texts that Objective-C owns are not contiguous: those are looked at one by one.
    return (result ?? nil) ?? false
  }

  private func begins(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count >= length else { return false }
    return name.utf8.withContiguousStorageIfAvailable { own in
      own.prefix(length).elementsEqual(text.prefix(length))
    } ?? false
  }

  /// Whether the labels of two objects differ in nothing but the replica.
  static func correspond(
    _ a: StringMap<String>, at place: ReplicaPlace, _ b: StringMap<String>, at other: ReplicaPlace
  ) -> Bool {
    guard a.count == b.count else { return false }
    for position in a.indices {
      let (one, two) = (a[position], b[position])
      guard one.key == two.key else { return false }
      switch one.key {
      case LabelKey.podCliqueSetReplicaIndex:
        guard one.value == place.index, two.value == other.index else { return false }
      case LabelKey.name, LabelKey.podGang:
        guard correspond(one.value, at: place, two.value, at: other) else { return false }
      default:
        guard one.value == two.value else { return false }
      }
    }
    return true
  }
}

/// An object that the pass over a PodCliqueSet looks at in each replica.
enum ReplicaPart: Sendable {
  case service(Stored<Service>)
  case podClique(Stored<PodClique>)
  case scalingGroup(Stored<PodCliqueScalingGroup>)
  /// A PodGang, and whether it lists exactly the pods it should have (``ObservedState/isWhole(_:)``).
  case podGang(Stored<PodGang>, isWhole: Bool)

  /// The PodCliqueSet that the object is labelled for.
  var set: ObjectName? {
    let (namespace, name) =
      switch self {
      case .service(let stored):
        (stored.object.metadata.namespace, stored.object.metadata.labels[LabelKey.partOf])
      case .podClique(let stored):
        (stored.object.metadata.namespace, stored.object.metadata.labels[LabelKey.partOf])
      case .scalingGroup(let stored):
        (stored.object.metadata.namespace, stored.object.metadata.labels[LabelKey.partOf])
      case .podGang(let stored, _):
        (stored.object.metadata.namespace, stored.object.metadata.labels[LabelKey.partOf])
      }
    return name.map { ObjectName(namespace: namespace, name: $0) }
  }

  /// The object's name.
  var name: String {
    switch self {
    case .service(let stored): stored.name
    case .podClique(let stored): stored.name
    case .scalingGroup(let stored): stored.name
    case .podGang(let stored, _): stored.name
    }
  }

  /// A number for the kind.
  var kind: Int {
    switch self {
    case .service: 0
    case .podClique: 1
    case .scalingGroup: 2
    case .podGang: 3
    }
  }

  /// Whether the object may be like that of another replica. What is on its way out, or waits for something, is
  /// looked at by itself.
  var isOrdinary: Bool {
    switch self {
    case .service(let stored): stored.object.metadata.deletionTimestamp == nil
    case .podClique(let stored): stored.object.metadata.deletionTimestamp == nil
    case .scalingGroup(let stored): stored.object.metadata.deletionTimestamp == nil
    case .podGang(let stored, let isWhole):
      isWhole && stored.object.metadata.deletionTimestamp == nil
        && stored.object.spec.topologyConstraintGroupConfigs.isEmpty
    }
  }

  /// Whether a pass over the PodCliqueSet that asks nothing of one object asks nothing of the other, and counts both
  /// in the same way: they differ only in what their replicas decide, and in what such a pass does not look at.
  static func correspond(
    _ part: ReplicaPart, at place: ReplicaPlace, _ other: ReplicaPart, at otherPlace: ReplicaPlace
  ) -> Bool {
    switch (part, other) {
    case (.service(let a), .service(let b)): correspond(a, at: place, b, at: otherPlace)
    case (.podClique(let a), .podClique(let b)): correspond(a, at: place, b, at: otherPlace)
    case (.scalingGroup(let a), .scalingGroup(let b)): correspond(a, at: place, b, at: otherPlace)
    case (.podGang(let a, _), .podGang(let b, _)): correspond(a, at: place, b, at: otherPlace)
    default: false
    }
  }

  private static func correspond(
    _ a: Stored<Service>, at place: ReplicaPlace, _ b: Stored<Service>, at other: ReplicaPlace
  ) -> Bool {
    guard haveSameMetadata(a.object.metadata, at: place, b.object.metadata, at: other) else { return false }
    var (one, two) = (a.object.spec, b.object.spec)
    guard ReplicaPlace.correspond(one.selector, at: place, two.selector, at: other) else { return false }
    one.selector = [:]
    two.selector = [:]
    return one == two
  }

  private static func correspond(
    _ a: Stored<PodClique>, at place: ReplicaPlace, _ b: Stored<PodClique>, at other: ReplicaPlace
  ) -> Bool {
    guard PodCliqueProgress(a.object) == PodCliqueProgress(b.object),
      haveSameMetadata(a.object.metadata, at: place, b.object.metadata, at: other)
    else { return false }
    var (one, two) = (a.object.spec, b.object.spec)
    guard one.startsAfter.count == two.startsAfter.count,
      zip(one.startsAfter, two.startsAfter).allSatisfy({
        ReplicaPlace.correspond($0, at: place, $1, at: other)
      })
    else { return false }
    // How many pods there should be matters to PodGangs only, and is part of whether those are whole.
    one.replicas = two.replicas
    one.startsAfter = []
    two.startsAfter = []
    return one == two
  }

  private static func correspond(
    _ a: Stored<PodCliqueScalingGroup>, at place: ReplicaPlace, _ b: Stored<PodCliqueScalingGroup>,
    at other: ReplicaPlace
  ) -> Bool {
    let (status, otherStatus) = (a.object.status, b.object.status)
    return status.availableReplicas == otherStatus.availableReplicas
      && status.currentPodCliqueSetGenerationHash == otherStatus.currentPodCliqueSetGenerationHash
      && status.updateProgress?.podCliqueSetGenerationHash
        == otherStatus.updateProgress?.podCliqueSetGenerationHash
      && (status.updateProgress?.updateEndedAt == nil) == (otherStatus.updateProgress?.updateEndedAt == nil)
      && haveSameMetadata(a.object.metadata, at: place, b.object.metadata, at: other)
      && a.object.spec == b.object.spec
  }

  private static func correspond(
    _ a: Stored<PodGang>, at place: ReplicaPlace, _ b: Stored<PodGang>, at other: ReplicaPlace
  ) -> Bool {
    let (one, two) = (a.object.spec, b.object.spec)
    guard haveSameMetadata(a.object.metadata, at: place, b.object.metadata, at: other),
      one.podgroups.count == two.podgroups.count, one.topologyConstraint == two.topologyConstraint,
      one.priorityClassName == two.priorityClassName
    else { return false }
    for position in one.podgroups.indices {
      guard one.podgroups[position].minReplicas == two.podgroups[position].minReplicas,
        one.podgroups[position].topologyConstraint == two.podgroups[position].topologyConstraint,
        ReplicaPlace.correspond(
          one.podgroups[position].name, at: place, two.podgroups[position].name, at: other)
      else { return false }
    }
    return true
  }

  private static func haveSameMetadata(
    _ a: ObjectMeta, at place: ReplicaPlace, _ b: ObjectMeta, at other: ReplicaPlace
  ) -> Bool {
    a.ownerReferences == b.ownerReferences && a.finalizers == b.finalizers && a.annotations == b.annotations
      && ReplicaPlace.correspond(a.labels, at: place, b.labels, at: other)
  }
}

/// What a pass over a PodCliqueSet reads in the status of a PodClique.
private struct PodCliqueProgress: Equatable {
  let isAvailable: Bool
  let isUpdated: Bool
  let isLagging: Bool
  let target: String?
  let isEnded: Bool
  let template: String?
  let generation: String?

  init(_ podClique: PodClique) {
    let status = podClique.status
    let minAvailable = podClique.spec.minAvailable ?? 0
    isAvailable = status.readyReplicas >= minAvailable
    isUpdated = status.updatedReplicas >= minAvailable
    isLagging = status.updatedReplicas < status.replicas
    target = status.updateProgress?.podCliqueSetGenerationHash
    isEnded = status.updateProgress?.updateEndedAt != nil
    template = status.currentPodTemplateHash
    generation = status.currentPodCliqueSetGenerationHash
  }
}
