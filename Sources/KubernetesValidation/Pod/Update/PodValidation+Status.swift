public import KubernetesModel

extension PodValidation {
  /// What is wrong with a change of a pod's status.
  ///
  /// - Parameters:
  ///   - pod: the pod as it is to be; of its spec, only the node is compared.
  ///   - old: the stored pod.
  public static func problems(updatingStatus pod: Pod, from old: Pod) -> [Diagnostic] {
    var check = PodCheck(pod.metadata, PodValidationOptions())
    check.findings.add(ObjectValidation.problems(pod.metadata, replacing: old.metadata))
    check.checkAnnotationUpdate(pod, old)
    check.checkStatus(pod, old)
    return check.findings.all
  }
}

extension PodCheck {
  mutating func checkStatus(_ pod: Pod, _ old: Pod) {
    let path: FieldPath = "status"
    let (status, before) = (pod.status, old.status)
    for (index, condition) in status.conditions.enumerated()
    where !["PodScheduled", "Ready", "Initialized"].contains(condition.type) {
      findings.checkQualifiedName(
        .status, condition.type, path.child("conditions")[index].child("Type"))
    }
    if pod.spec.nodeName != old.spec.nodeName {
      findings.forbidden(.status, path.child("nodeName"), "may not be changed directly")
    }
    checkNomination(status, before, isBound: !old.spec.nodeName.isEmpty, path.child("nominatedNodeName"))
    if status.observedGeneration < 0 {
      findings.invalid(
        .status, path.child("observedGeneration"), .integer(status.observedGeneration),
        "must be a non-negative integer")
    }
    if status.qosClass != before.qosClass {
      findings.invalid(.status, path.child("qosClass"), .named(status.qosClass), "field is immutable")
    }
    checkTransitions(
      status.containerStatuses, before.containerStatuses, old.spec.containers, of: old.spec,
      path.child("containerStatuses"))
    checkTransitions(
      status.initContainerStatuses, before.initContainerStatuses, old.spec.initContainers, of: old.spec,
      path.child("initContainerStatuses"))
    checkTransitions(
      status.ephemeralContainerStatuses, before.ephemeralContainerStatuses, [], of: nil,
      path.child("ephemeralContainerStatuses"))
    checkClaimStatuses(status, pod.spec, path.child("resourceClaimStatuses"))
    checkAddresses(status.podIPs.map(\.ip), path.child("podIPs"))
    checkAddresses(status.hostIPs.map(\.ip), path.child("hostIPs"))
    if let first = status.hostIPs.first, first.ip != status.hostIP {
      findings.invalid(
        .status, path.child("hostIPs")[0].child("ip"), .string(first.ip), "must be equal to `hostIP`")
    }
  }

  private mutating func checkNomination(
    _ status: PodStatus, _ before: PodStatus, isBound: Bool, _ path: @autoclosure () -> FieldPath
  ) {
    let name = status.nominatedNodeName
    guard !name.isEmpty, name != before.nominatedNodeName else { return }
    findings.checkDNSSubdomain(.status, name, path())
    if isBound {
      findings.forbidden(.status, path(), "may not be set on pods that are already bound to a node")
    }
  }

  /// What ended stays ended, unless pod or container restart it.
  private mutating func checkTransitions(
    _ statuses: [ContainerStatus], _ before: [ContainerStatus], _ containers: [Container], of spec: PodSpec?,
    _ path: @autoclosure () -> FieldPath
  ) {
    if spec?.restartPolicy == "Always" || spec?.restartPolicy == "" { return }
    for (index, old) in before.enumerated() {
      guard let ended = old.state?.terminated else { continue }
      let container = containers.first { $0.name == old.name }
      if Self.mayRestart(container, ofPod: spec?.restartPolicy ?? "Never", exitCode: ended.exitCode) {
        continue
      }
      let isBack = statuses.contains { $0.name == old.name && $0.state?.terminated == nil }
      if isBack {
        findings.forbidden(
          .status, path()[index].child("state"), "may not be transitioned to non-terminated state")
      }
    }
  }

  private static func mayRestart(_ container: Container?, ofPod policy: String, exitCode: Int32) -> Bool {
    let isRuled = (container?.restartPolicyRules ?? []).contains { rule in
      guard let codes = rule.exitCodes else { return false }
      return codes.values.contains(exitCode) == (codes.operator == "In")
    }
    if isRuled { return true }
    switch container?.restartPolicy ?? policy {
    case "Always": return true
    case "OnFailure": return exitCode != 0
    default: return false
    }
  }

  private mutating func checkClaimStatuses(
    _ status: PodStatus, _ spec: PodSpec, _ path: @autoclosure () -> FieldPath
  ) {
    for (index, claim) in status.resourceClaimStatuses.enumerated() {
      let place = path()[index].child("name")
      if !spec.resourceClaims.contains(where: { $0.name == claim.name }) {
        findings.invalid(
          .status, place, .string(claim.name), "must match the name of an entry in `spec.resourceClaims`")
      }
      if status.resourceClaimStatuses[..<index].contains(where: { $0.name == claim.name }) {
        findings.duplicate(.status, place, .string(claim.name))
      }
      if let name = claim.resourceClaimName { findings.checkDNSSubdomain(.status, name, place) }
    }
  }

  /// At most one address of each family.
  private mutating func checkAddresses(_ addresses: [String], _ path: @autoclosure () -> FieldPath) {
    for (index, address) in addresses.enumerated() {
      findings.checkAddress(.status, address, path()[index])
    }
    guard addresses.count > 1 else { return }
    let families = Set(addresses.compactMap { AddressForm.Address($0)?.family })
    if families.count < 2 || addresses.count > 2 {
      let list = addresses.map { #"{"IP":\#(GoText.text($0))}"# }.joined(separator: ",")
      findings.invalid(
        .status, path(), .json("[\(list)]"), "may specify no more than one IP for each IP family")
    }
    for (index, address) in addresses.enumerated() where addresses[..<index].contains(address) {
      findings.duplicate(.status, path()[index], .json(#"{"IP":\#(GoText.text(address))}"#))
    }
  }
}
