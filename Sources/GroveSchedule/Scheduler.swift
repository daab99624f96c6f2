internal import GroveModel
public import KubernetesModel

/// Decides which pods of a snapshot go where.
///
/// Deterministic: the same snapshot gives the same decision, whatever the order in which its objects came.
public struct Scheduler: Sendable {
  /// How it chooses where there is a choice.
  public var policy: Policy

  /// A scheduler.
  public init(policy: Policy = Policy()) { self.policy = policy }

  /// The decision on everything that waits; the snapshot stays as it is.
  public func decide(_ snapshot: Snapshot) -> Decision {
    var planner = Planner(snapshot.state, policy: policy)
    return planner.decide()
  }

  /// Decides on everything that waits and carries it out in the snapshot: pods are bound, victims are gone.
  ///
  /// What the scheduler worked out about the cluster stays with the snapshot, so the next decision costs what changed.
  public func schedule(_ snapshot: inout Snapshot) -> Decision {
    var planner = Planner(ClusterState(), policy: policy)
    swap(&planner.state, &snapshot.state)
    defer { swap(&planner.state, &snapshot.state) }
    return planner.decide()
  }

  /// Why a gang, or a pod without one, has no place, and what would help; nil when it is not among what waits (S-061).
  ///
  /// - Parameters:
  ///   - name: the gang or the pod.
  ///   - snapshot: the cluster as it was before any decision.
  public func explain(_ name: ObjectName, in snapshot: Snapshot) -> Explanation? {
    var after = snapshot
    let decision = schedule(&after)
    return explain(name, after: decision, in: after)
  }

  /// The same where the decision is known.
  ///
  /// - Parameters:
  ///   - name: the gang or the pod.
  ///   - decision: a decision of a scheduler with the same policy.
  ///   - snapshot: the cluster after the decision was carried out, as ``schedule(_:)`` leaves it.
  public func explain(
    _ name: ObjectName, after decision: Decision, in snapshot: Snapshot
  ) -> Explanation? {
    var planner = Planner(snapshot.state, policy: policy)
    return planner.explain(name, decision)
  }
}
