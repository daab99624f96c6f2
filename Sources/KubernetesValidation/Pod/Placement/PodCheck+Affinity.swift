internal import KubernetesModel

/// Node affinity, pod affinity and anti-affinity.
extension PodCheck {
  mutating func checkAffinity(_ affinity: Affinity?, _ path: @autoclosure () -> FieldPath) {
    guard let affinity else { return }
    if let node = affinity.nodeAffinity { check(node, path().child("nodeAffinity")) }
    if let pod = affinity.podAffinity {
      check(
        pod.requiredDuringSchedulingIgnoredDuringExecution,
        preferred: pod.preferredDuringSchedulingIgnoredDuringExecution, path().child("podAffinity"))
    }
    if let pod = affinity.podAntiAffinity {
      check(
        pod.requiredDuringSchedulingIgnoredDuringExecution,
        preferred: pod.preferredDuringSchedulingIgnoredDuringExecution, path().child("podAntiAffinity"))
    }
  }

  private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
  private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"

  // MARK: Nodes

  private mutating func check(_ affinity: NodeAffinity, _ path: @autoclosure () -> FieldPath) {
    if let selector = affinity.requiredDuringSchedulingIgnoredDuringExecution {
      let terms = selector.nodeSelectorTerms
      if terms.isEmpty {
        findings.required(
          .affinity, path().child(Self.required).child("nodeSelectorTerms"),
          "must have at least one node selector term")
      }
      for (index, term) in terms.enumerated() {
        check(
          term, path().child(Self.required).child("nodeSelectorTerms")[index], checksValues: true)
      }
    }
    for (index, term) in affinity.preferredDuringSchedulingIgnoredDuringExecution.enumerated() {
      checkWeight(term.weight, path().child(Self.preferred)[index])
      // A preference that can never be met does no harm.
      check(
        term.preference, path().child(Self.preferred)[index].child("preference"), checksValues: false)
    }
  }

  private mutating func checkWeight(_ weight: Int32, _ path: @autoclosure () -> FieldPath) {
    if !(1...100).contains(weight) {
      findings.invalid(
        .affinity, path().child("weight"), .integer(Int64(weight)), "must be in the range 1-100")
    }
  }

  private mutating func check(
    _ term: NodeSelectorTerm, _ path: @autoclosure () -> FieldPath, checksValues: Bool
  ) {
    for (index, requirement) in term.matchExpressions.enumerated() {
      checkExpression(
        requirement, path().child("matchExpressions")[index], checksValues: checksValues)
    }
    for (index, requirement) in term.matchFields.enumerated() {
      checkFieldRequirement(requirement, path().child("matchFields")[index])
    }
  }

  private mutating func checkExpression(
    _ requirement: NodeSelectorRequirement, _ path: @autoclosure () -> FieldPath, checksValues: Bool
  ) {
    switch requirement.operator {
    case "In", "NotIn":
      if requirement.values.isEmpty {
        findings.required(
          .affinity, path().child("values"), "must be specified when `operator` is 'In' or 'NotIn'")
      }
    case "Exists", "DoesNotExist":
      if !requirement.values.isEmpty {
        findings.forbidden(
          .affinity, path().child("values"),
          "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
      }
    case "Gt", "Lt":
      if requirement.values.count != 1 {
        findings.required(
          .affinity, path().child("values"), "must be specified single value when `operator` is 'Lt' or 'Gt'")
      }
    default:
      findings.invalid(
        .affinity, path().child("operator"), .named(requirement.operator), "not a valid selector operator")
    }
    findings.checkQualifiedName(.affinity, requirement.key, path().child("key"))
    guard checksValues else { return }
    for (index, value) in requirement.values.enumerated() {
      findings.checkLabelValue(.affinity, value, path().child("values")[index])
    }
  }

  private mutating func checkFieldRequirement(
    _ requirement: NodeSelectorRequirement, _ path: @autoclosure () -> FieldPath
  ) {
    switch requirement.operator {
    case "In", "NotIn":
      if requirement.values.count != 1 {
        findings.required(
          .affinity, path().child("values"),
          "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")
      }
    default:
      findings.invalid(
        .affinity, path().child("operator"), .named(requirement.operator), "not a valid selector operator")
    }
    guard requirement.key == "metadata.name" else {
      return findings.invalid(
        .affinity, path().child("key"), .string(requirement.key), "not a valid field selector key")
    }
    for (index, value) in requirement.values.enumerated() {
      findings.checkDNSSubdomain(.affinity, value, path().child("values")[index])
    }
  }

  // MARK: Pods

  private mutating func check(
    _ required: [PodAffinityTerm], preferred: [WeightedPodAffinityTerm],
    _ path: @autoclosure () -> FieldPath
  ) {
    for (index, term) in required.enumerated() { check(term, path().child(Self.required)[index]) }
    for (index, term) in preferred.enumerated() {
      checkWeight(term.weight, path().child(Self.preferred)[index])
      check(term.podAffinityTerm, path().child(Self.preferred)[index].child("podAffinityTerm"))
    }
  }

  private mutating func check(_ term: PodAffinityTerm, _ path: @autoclosure () -> FieldPath) {
    checkSelector(.affinity, term.labelSelector, path().child("labelSelector"))
    checkSelector(.affinity, term.namespaceSelector, path().child("namespaceSelector"))
    for name in term.namespaces {
      findings.checkDNSLabel(.affinity, name, path().child("namespace"))
    }
    checkLabelKeys(term.matchLabelKeys, of: term, path().child("matchLabelKeys"))
    checkLabelKeys(term.mismatchLabelKeys, of: term, path().child("mismatchLabelKeys"))
    if let selector = term.labelSelector, !term.matchLabelKeys.isEmpty {
      var seen = Set(selector.matchLabels.keys)
      for expression in selector.matchExpressions {
        // The server has written the keys into the selector, so one that is there twice was given twice.
        if let index = term.matchLabelKeys.lastIndex(of: expression.key), seen.contains(expression.key) {
          findings.invalid(
            .affinity, path()[index], .string(expression.key),
            "exists in both matchLabelKeys and labelSelector")
        }
        seen.insert(expression.key)
      }
    }
    for (index, key) in term.matchLabelKeys.enumerated() where term.mismatchLabelKeys.contains(key) {
      findings.invalid(
        .affinity, path().child("matchLabelKeys")[index], .string(key),
        "exists in both matchLabelKeys and mismatchLabelKeys")
    }
    if term.topologyKey.isEmpty {
      findings.required(.affinity, path().child("topologyKey"), "can not be empty")
    }
    findings.checkQualifiedName(.affinity, term.topologyKey, path().child("topologyKey"))
  }

  private mutating func checkLabelKeys(
    _ keys: [String], of term: PodAffinityTerm, _ path: @autoclosure () -> FieldPath
  ) {
    guard !keys.isEmpty else { return }
    guard term.labelSelector != nil else {
      return findings.forbidden(
        .affinity, path(), "must not be specified when labelSelector is not set")
    }
    for (index, key) in keys.enumerated() { findings.checkQualifiedName(.affinity, key, path()[index]) }
  }

  // MARK: Selectors

  mutating func checkSelector(
    _ rule: PodRule, _ selector: LabelSelector?, _ path: @autoclosure () -> FieldPath
  ) {
    guard let selector else { return }
    findings.checkLabels(rule, selector.matchLabels, path().child("matchLabels"))
    for (index, requirement) in selector.matchExpressions.enumerated() {
      checkRequirement(rule, requirement, path().child("matchExpressions")[index])
    }
  }

  private mutating func checkRequirement(
    _ rule: PodRule, _ requirement: LabelSelectorRequirement, _ path: @autoclosure () -> FieldPath
  ) {
    switch requirement.operator {
    case "In", "NotIn":
      if requirement.values.isEmpty {
        findings.required(
          rule, path().child("values"), "must be specified when `operator` is 'In' or 'NotIn'")
      }
    case "Exists", "DoesNotExist":
      if !requirement.values.isEmpty {
        findings.forbidden(
          rule, path().child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
      }
    default:
      findings.invalid(
        rule, path().child("operator"), .named(requirement.operator), "not a valid selector operator")
    }
    findings.checkQualifiedName(rule, requirement.key, path().child("key"))
    for (index, value) in requirement.values.enumerated() {
      findings.checkLabelValue(rule, value, path().child("values")[index])
    }
  }
}
