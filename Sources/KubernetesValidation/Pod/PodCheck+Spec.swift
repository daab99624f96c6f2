internal import KubernetesModel

/// The fields of a pod spec that stand for themselves.
extension PodCheck {
  mutating func checkPolicies(_ spec: PodSpec, _ path: FieldPath) {
    switch spec.restartPolicy {
    case "Always", "OnFailure", "Never": break
    case "": findings.required(.restart, path.child("restartPolicy"))
    default:
      findings.notSupported(
        .restart, path.child("restartPolicy"), spec.restartPolicy,
        supported: ["Always", "OnFailure", "Never"])
    }
    switch spec.dnsPolicy {
    case "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None": break
    case "": findings.required(.name, path.child("dnsPolicy"))
    default:
      findings.notSupported(
        .name, path.child("dnsPolicy"), spec.dnsPolicy,
        supported: ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"])
    }
  }

  /// Readiness gates and scheduling gates.
  mutating func checkGates(_ spec: PodSpec, _ path: FieldPath) {
    for (index, gate) in spec.readinessGates.enumerated() {
      findings.checkQualifiedName(
        .gate, gate.conditionType, path.child("readinessGates")[index].child("conditionType"))
    }
    for (index, gate) in spec.schedulingGates.enumerated() {
      findings.checkQualifiedName(.gate, gate.name, path.child("schedulingGates")[index])
      if spec.schedulingGates[..<index].contains(where: { $0.name == gate.name }) {
        findings.duplicate(.gate, path.child("schedulingGates")[index], .string(gate.name))
      }
    }
  }

  /// Names of accounts, nodes and classes; the deadline.
  mutating func checkNames(_ spec: PodSpec, _ path: FieldPath) {
    if !spec.serviceAccountName.isEmpty {
      findings.checkDNSSubdomain(.other, spec.serviceAccountName, path.child("serviceAccountName"))
    }
    if !spec.nodeName.isEmpty {
      findings.checkDNSSubdomain(.other, spec.nodeName, path.child("nodeName"))
    }
    if let deadline = spec.activeDeadlineSeconds {
      findings.checkRange(.other, deadline, 1...Int64(Int32.max), path.child("activeDeadlineSeconds"))
    }
    checkHostnames(spec, path)
    if let name = spec.runtimeClassName {
      findings.checkDNSSubdomain(.other, name, path.child("runtimeClassName"))
    }
  }

  mutating func checkPriority(_ spec: PodSpec, _ path: FieldPath) {
    if !spec.priorityClassName.isEmpty {
      findings.checkDNSSubdomain(.priority, spec.priorityClassName, path.child("priorityClassName"))
    }
    switch spec.preemptionPolicy {
    case nil, "PreemptLowerPriority", "Never": break
    case "": findings.required(.priority, path.child("preemptionPolicy"))
    case .some(let policy):
      findings.notSupported(
        .priority, path.child("preemptionPolicy"), policy, supported: ["PreemptLowerPriority", "Never"])
    }
  }

  /// A projected token is a token of the pod's account, so there must be one.
  mutating func checkTokens(_ spec: PodSpec, _ path: FieldPath) {
    guard spec.serviceAccountName.isEmpty else { return }
    for (index, volume) in spec.volumes.enumerated() {
      guard let projected = volume.projected else { continue }
      for (position, source) in projected.sources.enumerated() where source.serviceAccountToken != nil {
        findings.forbidden(
          .volume,
          path.child("volumes")[index].child("projected").child("sources")[position].child(
            "serviceAccountToken"),
          "must not be specified when serviceAccountName is not set")
      }
    }
  }
}
