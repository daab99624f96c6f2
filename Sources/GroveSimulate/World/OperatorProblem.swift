public import GroveModel
internal import GroveReconcile
internal import KubernetesModel

/// Something that the operator cannot do: what it records in `status.lastErrors`, or what the API server refuses.
///
/// As long as there is one, something that was asked for is missing.
public struct OperatorProblem: Sendable, Equatable {
  /// The object that the operator was looking at.
  public var object: ObjectKey
  /// Grove's code, such as `ERR_SYNC_PODCLIQUE`; nil for a refusal that no status tells.
  public var code: String?
  /// What went wrong, in full.
  public var message: String
}

extension OperatorProblem: CustomStringConvertible {
  /// Object and message.
  public var description: String { "\(object): \(message)" }
}

extension World {
  /// What the operator cannot do as things are, by object; what a status tells and the API server refused is told
  /// once.
  ///
  /// - Complexity: O(PodCliqueSets, scaling groups and PodCliques).
  public var problems: [OperatorProblem] {
    var problems: [OperatorProblem] = []
    for kind in [ResourceKind.podCliqueSet, .podCliqueScalingGroup, .podClique] {
      for resource in server.objects.resources(of: kind) {
        for error in resource.lastErrors {
          problems.append(OperatorProblem(object: resource.key, code: error.code, message: error.description))
        }
      }
    }
    for (key, errors) in refusals.sorted(by: { $0.key < $1.key }) {
      for error in errors where !error.isRetryable {
        let text = error.description
        if problems.contains(where: { $0.object == key && $0.message.contains(text) }) { continue }
        problems.append(OperatorProblem(object: key, code: nil, message: text))
      }
    }
    return problems
  }

  /// What is on its way out and held by somebody else: nothing takes its place until they let go.
  public var heldDeletions: [(object: ObjectKey, finalizers: [String])] {
    let kinds: [ResourceKind] = [.podCliqueSet, .podCliqueScalingGroup, .podClique, .podGang, .pod]
    return kinds.flatMap { server.objects.resources(of: $0) }.compactMap { resource in
      let metadata = resource.metadata
      let others = metadata.finalizers.filter {
        !$0.hasPrefix("grove.io/") && $0 != GarbageCollector.foregroundFinalizer
      }
      return metadata.deletionTimestamp == nil || others.isEmpty ? nil : (resource.key, others)
    }
  }
}

extension Resource {
  fileprivate var lastErrors: [LastError] {
    switch self {
    case .podCliqueSet(let set): set.status.lastErrors
    case .podCliqueScalingGroup(let group): group.status.lastErrors
    case .podClique(let clique): clique.status.lastErrors
    default: []
    }
  }
}
