internal import GroveModel
internal import KubernetesModel

/// What a clique's pod spec must not have (A-120…A-124).
extension PodCliqueSetCheck {
  /// - Parameter path: the path of the pod spec; errors have `.spec` after it, as the webhook writes (B-A04).
  mutating func checkPodSpec(of spec: PodSpec, _ path: FieldPath, isCreate: Bool) {
    // The webhook warns even about Always, which it fills in itself (B-A05).
    if !spec.restartPolicy.isBlank, spec.restartPolicy != "Always" {
      warn(
        "A-120", path.child("restartPolicy"), "restartPolicy will be ignored, it will be set to Always")
    }
    let path = path.child("spec")
    if isCreate {
      let spread = spec.topologySpreadConstraints
      if !spread.isEmpty || spec.preserved.isMarkedEmpty(FieldSymbols.topologySpreadConstraints) {
        report(
          .invalid(
            "A-121", path.child("topologySpreadConstraints"),
            .json(GoOrderedJSON.text(spread, ofType: "TopologySpreadConstraint")), "must not be set"))
      }
      if !spec.nodeName.isBlank {
        report(.invalid("A-122", path.child("nodeName"), .string(spec.nodeName), "must not be set"))
      }
    }
    for (index, container) in spec.containers.enumerated() {
      checkEnvironment(container.env, path.child("containers")[index].child("env"))
    }
    for (index, container) in spec.initContainers.enumerated() {
      checkEnvironment(container.env, path.child("initContainers")[index].child("env"))
    }
  }

  ///
  private mutating func checkEnvironment(_ variables: [EnvVar], _ path: FieldPath) {
    for (index, variable) in variables.enumerated() {
      let objections = NameSyntax.environmentNameObjections(variable.name)
      if !objections.isEmpty {
        report(
          .invalid(
            "A-123", path[index].child("name"), .string(variable.name), objections.joined(separator: "; ")))
      }
    }
    checkUnique(variables.map(\.name), "A-124", path) { path[$0].child("name") }
  }
}
