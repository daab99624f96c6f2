internal import KubernetesModel

/// What happens to a container that ends, and to one that is resized.
extension PodCheck {
  mutating func checkRestart(of container: Container, _ path: @autoclosure () -> FieldPath) {
    if let policy = container.restartPolicy {
      if !["Always", "Never", "OnFailure"].contains(policy) {
        findings.notSupported(
          .restart, path().child("restartPolicy"), policy, supported: ["Always", "Never", "OnFailure"])
      }
    } else if !container.restartPolicyRules.isEmpty {
      findings.required(
        .restart, path().child("restartPolicy"), "must specify restartPolicy when restart rules are used")
    }
    guard !container.restartPolicyRules.isEmpty else { return }
    let list = path().child("restartPolicyRules")
    if container.restartPolicyRules.count > 20 {
      findings.tooMany(.restart, list, count: container.restartPolicyRules.count, limit: 20)
    }
    for (index, rule) in container.restartPolicyRules.enumerated() {
      let place = list[index]
      if !["Restart", "RestartAllContainers"].contains(rule.action) {
        findings.notSupported(
          .restart, place.child("action"), rule.action, supported: ["Restart", "RestartAllContainers"])
      }
      guard let codes = rule.exitCodes else {
        findings.required(.restart, place.child("exitCodes"), "must be specified")
        continue
      }
      if !["In", "NotIn"].contains(codes.operator) {
        findings.notSupported(
          .restart, place.child("exitCodes").child("operator"), codes.operator, supported: ["In", "NotIn"])
      }
      if codes.values.count > 255 {
        findings.tooMany(
          .restart, place.child("exitCodes").child("values"), count: codes.values.count, limit: 255)
      }
    }
  }

  mutating func checkResizePolicy(
    _ policies: [ContainerResizePolicy], _ path: @autoclosure () -> FieldPath
  ) {
    for (index, policy) in policies.enumerated() {
      if policies[..<index].contains(where: { $0.resourceName == policy.resourceName }) {
        findings.duplicate(.resizePolicy, path()[index], .named(policy.resourceName))
      }
      switch policy.resourceName {
      case "cpu", "memory": break
      case "": findings.required(.resizePolicy, path())
      default:
        findings.notSupported(.resizePolicy, path(), policy.resourceName, supported: ["cpu", "memory"])
      }
      switch policy.restartPolicy {
      case "NotRequired", "RestartContainer": break
      case "": findings.required(.resizePolicy, path())
      default:
        findings.notSupported(
          .resizePolicy, path(), policy.restartPolicy, supported: ["NotRequired", "RestartContainer"])
      }
      if restartPolicy == "Never", policy.restartPolicy != "NotRequired" {
        findings.invalid(
          .resizePolicy, path(), .named(policy.restartPolicy),
          "must be 'NotRequired' when `restartPolicy` is 'Never'")
      }
    }
  }
}
