internal import GroveModel
internal import KubernetesModel

/// The metadata and the top of the spec (A-050…A-055), and the order of everything below.
extension PodCliqueSetCheck {
  mutating func checkMetadata() {
    report(
      ObjectMetaRules.namespacedObject(
        podCliqueSet.metadata, at: "metadata",
        citing: .init(name: "A-050", namespace: "A-051", other: "A-052")))
  }

  mutating func checkSpec(isCreate: Bool) {
    if podCliqueSet.spec.replicas < 0 {
      report(
        .invalid(
          "A-053", "spec.replicas", .integer(podCliqueSet.spec.replicas),
          "must be greater than or equal to 0"))
    }
    checkStartupType()
    checkClaimTemplates()
    checkSetSharing()
    checkCliques(isCreate: isCreate)
    checkScalingGroups()
    checkTerminationDelay()
  }

  /// The set of known types is printed as Go prints one.
  private mutating func checkStartupType() {
    let path = root.child("cliqueStartupType")
    guard let type = template.cliqueStartupType else {
      report(.required("A-054", path, "field is required"))
      return
    }
    guard !CliqueStartupType.all.contains(type) else { return }
    report(
      .invalid(
        "A-054", path, .string(type.rawValue),
        "can only be one of map[CliqueStartupTypeAnyOrder:{} CliqueStartupTypeExplicit:{} "
          + "CliqueStartupTypeInOrder:{}]"))
  }

  ///
  private mutating func checkTerminationDelay() {
    let path = root.child("terminationDelay")
    guard let delay = template.terminationDelay else {
      report(.required("A-055", path, "terminationDelay is required"))
      return
    }
    if delay <= .zero {
      report(.invalid("A-055", path, .string(delay.text), "terminationDelay must be greater than 0"))
    }
  }
}
