public import GroveModel
public import KubernetesModel

/// What has a scale subresource (A-430…A-432).
public enum ScaleTarget: Sendable, Equatable {
  /// A PodCliqueSet.
  case podCliqueSet(PodCliqueSet)
  /// A PodClique.
  case podClique(PodClique)
  /// A PodCliqueScalingGroup.
  case podCliqueScalingGroup(PodCliqueScalingGroup)
}

extension Admission {
  /// What is wrong with scaling an object, and what is worth a warning.
  ///
  /// The webhooks do not see `/scale`. Going below `minAvailable`, to zero included, is possible as upstream, and
  /// warned about (B-R12, B-A11): the base PodGang keeps asking for `minAvailable` and is terminated when the
  /// delay has passed.
  ///
  /// - Parameters:
  ///   - replicas: what `spec.replicas` is to become.
  ///   - target: the object as it is.
  public func validate(scale replicas: Int32, of target: ScaleTarget) -> [Diagnostic] {
    let path: FieldPath = "spec.replicas"
    if replicas < 0 {
      return [
        .invalid("A-430", path, .integer(replicas), "must be greater than or equal to 0")
      ]
    }
    let minimum: Int32?
    let subject: String
    switch target {
    case .podCliqueSet: return []
    case .podClique(let podClique):
      minimum = podClique.spec.minAvailable
      subject = "PodClique '\(podClique.metadata.name)'"
    case .podCliqueScalingGroup(let group):
      minimum = group.spec.minAvailable
      subject = "PodCliqueScalingGroup '\(group.metadata.name)'"
    }
    guard let minimum, replicas < minimum else { return [] }
    return [
      Diagnostic(
        isStrict ? .error : .warning, rule: "W-B-R12", path: path.description,
        detail:
          "\(subject) would have \(replicas) replicas, fewer than its minAvailable \(minimum): its base "
          + "PodGang can no longer be complete",
        hint: "scale to \(minimum) or more")
    ]
  }
}
