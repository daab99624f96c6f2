internal import KubernetesModel

/// Topology spread constraints.
extension PodCheck {
  mutating func checkSpread(
    _ constraints: [TopologySpreadConstraint], _ path: @autoclosure () -> FieldPath
  ) {
    for (index, constraint) in constraints.enumerated() {
      check(constraint, path()[index])
      let isRepeated = constraints[(index + 1)...].contains {
        $0.topologyKey == constraint.topologyKey && $0.whenUnsatisfiable == constraint.whenUnsatisfiable
      }
      if isRepeated {
        findings.duplicate(
          .spread, path()[index].child("{topologyKey, whenUnsatisfiable}"),
          .string("{\(constraint.topologyKey), \(constraint.whenUnsatisfiable)}"))
      }
    }
  }

  private mutating func check(
    _ constraint: TopologySpreadConstraint, _ path: @autoclosure () -> FieldPath
  ) {
    if constraint.maxSkew <= 0 {
      findings.invalid(
        .spread, path().child("maxSkew"), .integer(Int64(constraint.maxSkew)), "must be greater than zero")
    }
    if constraint.topologyKey.isEmpty {
      findings.required(.spread, path().child("topologyKey"), "can not be empty")
    }
    if !["DoNotSchedule", "ScheduleAnyway"].contains(constraint.whenUnsatisfiable) {
      findings.notSupported(
        .spread, path().child("whenUnsatisfiable"), constraint.whenUnsatisfiable,
        supported: ["DoNotSchedule", "ScheduleAnyway"])
    }
    if let domains = constraint.minDomains {
      if domains <= 0 {
        findings.invalid(
          .spread, path().child("minDomains"), .integer(Int64(domains)), "must be greater than zero")
      }
      if constraint.whenUnsatisfiable != "DoNotSchedule" {
        findings.invalid(
          .spread, path().child("minDomains"), .integer(Int64(domains)),
          "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not \(constraint.whenUnsatisfiable)")
      }
    }
    let policies = [
      ("nodeAffinityPolicy", constraint.nodeAffinityPolicy),
      ("nodeTaintsPolicy", constraint.nodeTaintsPolicy),
    ]
    for (field, policy) in policies {
      guard let policy, policy != "Honor", policy != "Ignore" else { continue }
      findings.notSupported(.spread, path().child(field), policy, supported: ["Honor", "Ignore"])
    }
    checkLabelKeys(of: constraint, path().child("matchLabelKeys"))
    checkSelector(.spread, constraint.labelSelector, path().child("labelSelector"))
  }

  private mutating func checkLabelKeys(
    of constraint: TopologySpreadConstraint, _ path: @autoclosure () -> FieldPath
  ) {
    guard !constraint.matchLabelKeys.isEmpty else { return }
    if constraint.labelSelector == nil {
      findings.forbidden(.spread, path(), "must not be specified when labelSelector is not set")
    }
    for (index, key) in constraint.matchLabelKeys.enumerated() {
      findings.checkQualifiedName(.spread, key, path()[index])
    }
    guard let selector = constraint.labelSelector else { return }
    for (index, key) in constraint.matchLabelKeys.enumerated() {
      let isSelected =
        selector.matchLabels[key] != nil || selector.matchExpressions.contains { $0.key == key }
      if isSelected {
        findings.invalid(
          .spread, path()[index], .string(key), "exists in both matchLabelKeys and labelSelector")
      }
    }
  }
}
