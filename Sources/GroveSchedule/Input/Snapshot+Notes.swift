internal import GroveModel
internal import KubernetesModel

/// Something in the input that does not count, or counts in a way worth knowing.
public struct SnapshotNote: Sendable, Hashable {
  /// What it is.
  public enum Kind: String, Sendable, Hashable {
    /// A pod is bound to a node that does not exist: it counts for nothing until the node is there.
    case unknownNode
    /// A gang names a priority class that does not exist: the priority of its pods counts, else 0.
    case unknownPriorityClass
    /// A waiting pod asks for something the core does not look at: whether it fits is not decided. A ``NodeMask`` can
    /// stand for it.
    case unmodelled
    /// A waiting pod prefers or tolerates something in a way that has no influence.
    case withoutInfluence
  }

  /// What it is.
  public var kind: Kind
  /// Kind and name of the object.
  public var subject: String
  /// The node, the priority class, or the field of the pod.
  public var detail: String

  /// A note.
  public init(_ kind: Kind, _ subject: String, _ detail: String) {
    self.kind = kind
    self.subject = subject
    self.detail = detail
  }
}

/// What a waiting pod asks for that the core does not look at.
struct Unmodelled: OptionSet, Sendable {
  let rawValue: UInt8

  static let resourceClaims = Unmodelled(rawValue: 1)
  static let volumeClaims = Unmodelled(rawValue: 2)
  static let gpuFraction = Unmodelled(rawValue: 4)
  static let gpuMemory = Unmodelled(rawValue: 8)
  static let tolerationOperator = Unmodelled(rawValue: 16)
  static let preferredPodAffinity = Unmodelled(rawValue: 32)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  init(_ spec: Indirect<PodSpec>, _ affinity: Affinity?, _ annotations: StringMap<String>) {
    self = []
    if !spec.wrappedValue.resourceClaims.isEmpty { insert(.resourceClaims) }
    for volume in spec.wrappedValue.volumes
    where volume.persistentVolumeClaim != nil || volume.ephemeral != nil {
      insert(.volumeClaims)
    }
    for toleration in spec.wrappedValue.tolerations
    where toleration.operator == "Gt" || toleration.operator == "Lt" {
      insert(.tolerationOperator)
    }
    if let affinity {
      let together = affinity.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
      let apart = affinity.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
      if !together.isEmpty || !apart.isEmpty { insert(.preferredPodAffinity) }
    }
    if annotations.isEmpty { return }
    if annotations["gpu-fraction"] != nil { insert(.gpuFraction) }
    if annotations["gpu-memory"] != nil { insert(.gpuMemory) }
  }

  /// Those without which nobody can be sure that there is a place where there seems to be one.
  static let doubtful: Unmodelled = [.resourceClaims, .volumeClaims, .gpuFraction, .gpuMemory]

  var fields: [String] {
    let names: [(Unmodelled, String)] = [
      (.resourceClaims, "spec.resourceClaims"), (.volumeClaims, "spec.volumes"),
      (.gpuFraction, "metadata.annotations[gpu-fraction]"), (.gpuMemory, "metadata.annotations[gpu-memory]"),
      (.tolerationOperator, "spec.tolerations[].operator"), (.preferredPodAffinity, "spec.affinity"),
    ]
    return names.filter { contains($0.0) }.map(\.1)
  }
}

extension Snapshot {
  /// What in the input does not count, in order of subjects.
  ///
  /// - Complexity: O(pods + gangs).
  public var notes: [SnapshotNote] {
    var notes: [SnapshotNote] = []
    for pod in 0..<state.pods.count {
      let subject = { "Pod \(state.pods.ids.spaces[pod])/\(state.pods.ids.names[pod])" }
      let node = Int(state.pods.node[pod])
      if node >= 0 && !state.nodes.isPresent[node] {
        notes.append(SnapshotNote(.unknownNode, subject(), state.nodes.name(node)))
      }
      if state.pods.state[pod] == .waiting, let unmodelled = state.unmodelled[pod] {
        for field in unmodelled.intersection(.doubtful).fields {
          notes.append(SnapshotNote(.unmodelled, subject(), field))
        }
        for field in unmodelled.subtracting(.doubtful).fields {
          notes.append(SnapshotNote(.withoutInfluence, subject(), field))
        }
      }
    }
    for record in state.gangs.records {
      guard let gang = record.gang, !gang.priorityClassName.isEmpty,
        state.priorities[gang.priorityClassName] == nil
      else { continue }
      notes.append(
        SnapshotNote(.unknownPriorityClass, "PodGang \(gang.name)", gang.priorityClassName))
    }
    return notes.sorted {
      $0.subject == $1.subject ? $0.detail < $1.detail : isByteOrdered($0.subject, $1.subject)
    }
  }
}
