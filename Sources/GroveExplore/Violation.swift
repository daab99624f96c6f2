internal import GroveSimulate

/// Something that must never be, or that had to come and did not.
public struct Violation: Sendable, Hashable {
  /// What was asked of the run.
  public enum Oracle: String, Sendable, Hashable, CaseIterable {
    /// The workload comes up when nothing goes wrong; what does not is no finding about the operator.
    case comesUp = "comes-up"
    /// Once faults stop, everything becomes as desired.
    case desiredState = "desired-state"
    /// Once all is as desired, nothing is written any more, whoever looks again.
    case quiet
    /// The end is the same as without what happened on the way.
    case sameEnd = "same-end"
    /// What is written on the way is the same as without faults.
    case sameWrites = "same-writes"
    /// No pod is free to be scheduled before its gang.
    case gating
    /// A PodGang is said to be complete only when it is.
    case completeness
    /// Serving pods go one at a time, and never below minAvailable, by the operator's own hand.
    case disruption
    /// No two live pods of a PodClique have one index.
    case indices
    /// What belongs to others stays as it is.
    case foreign
    /// Only the object that was seen is touched, never another one of its name.
    case identity
    /// A status does not say more than what was seen.
    case honesty
    /// Pods that are as they should be stay, whatever statuses say.
    case survival
    /// The world comes to rest.
    case rest
  }

  /// What was asked.
  public var oracle: Oracle
  /// What is wrong, in words.
  public var message: String

  /// A violation.
  public init(_ oracle: Oracle, _ message: String) {
    self.oracle = oracle
    self.message = message
  }
}
