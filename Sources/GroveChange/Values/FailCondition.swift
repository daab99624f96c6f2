/// A condition under which a plan counts as a finding (P-25).
public enum FailCondition: String, Sendable, Equatable, CaseIterable {
  /// Any object is other than unchanged.
  case change
  /// A pod that serves is deleted.
  case restart
  /// Every pod of a surviving set restarts.
  case fullRoll = "full-roll"
  /// Something is below its minimum at any step.
  case availability
  /// An update never finishes.
  case stuck
  /// The operator does something on its own.
  case `operator`
  /// The server refuses a manifest.
  case rejected
  /// Nothing counts.
  case none
}

extension Plan {
  /// Whether a condition holds.
  public func meets(_ condition: FailCondition) -> Bool {
    switch condition {
    case .change:
      sets.contains { set in
        set.verdict != .unchanged || set.objects.contains { $0.verdict != .unchanged }
          || set.pods.contains { $0.verdict != .stays }
      } || objects.contains { $0.verdict != .unchanged }
    case .restart:
      sets.contains { set in
        set.pods.contains { ($0.verdict == .restarts || $0.verdict == .deleted) && $0.served }
      }
    case .fullRoll:
      sets.contains { set in
        set.verdict != .deleted && set.totals.pods.before > 0
          && set.totals.pods.restart == set.totals.pods.before
      }
    case .availability: sets.contains { $0.worst?.below.isEmpty == false }
    case .stuck: sets.contains { if case .never = $0.ends { true } else { false } }
    case .operator: !operatorChanges.isEmpty
    case .rejected: !rejections.isEmpty
    case .none: false
    }
  }
}
