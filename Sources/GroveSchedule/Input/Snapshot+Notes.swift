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
    /// A waiting pod asks for something the core does not look at; a ``NodeMask`` can stand for it.
    case unmodelled
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
  static let volumeClaims = Unmodelled(rawValue: 4)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  init(_ spec: Indirect<PodSpec>) {
    self = []
    if !spec.wrappedValue.resourceClaims.isEmpty { insert(.resourceClaims) }
    for volume in spec.wrappedValue.volumes
    where volume.persistentVolumeClaim != nil || volume.ephemeral != nil {
      insert(.volumeClaims)
    }
  }

  var fields: [String] {
    var fields: [String] = []
    if contains(.resourceClaims) { fields.append("spec.resourceClaims") }
    if contains(.volumeClaims) { fields.append("spec.volumes") }
    return fields
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
        for field in unmodelled.fields { notes.append(SnapshotNote(.unmodelled, subject(), field)) }
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
