internal import GroveModel
internal import KubernetesModel

/// The annotation `grove.io/mnnvl-group` on the set, its cliques and its scaling groups (A-200…A-204).
extension PodCliqueSetCheck {
  private static let key = AnnotationKey.mnnvlGroup

  mutating func checkMNNVLOnCreate() {
    checkGroup(podCliqueSet.metadata.annotations, "metadata.annotations")
    for (index, clique) in template.cliques.enumerated() {
      checkGroup(clique.annotations, cliquesPath[index].child("annotations"))
    }
    for (index, group) in template.podCliqueScalingGroups.enumerated() {
      checkGroup(group.annotations, groupsPath[index].child("annotations"))
    }
  }

  private mutating func checkGroup(_ annotations: StringMap<String>, _ path: FieldPath) {
    guard let value = annotations[PodCliqueSetCheck.key] else { return }
    let path = path.child(PodCliqueSetCheck.key)
    if value.isEmpty {
      report(.invalid("A-200", path, .string(value), "mnnvl-group value must not be empty"))
    } else if value != GroveName.mnnvlNone {
      let objections = NameSyntax.dnsLabelObjections(value)
      if !objections.isEmpty {
        report(
          .invalid(
            "A-201", path, .string(value),
            "mnnvl-group value \(goQuoted(value)) is not a valid DNS-1123 label: "
              + objections.joined(separator: "; ")))
      }
    }
    if !admission.configuration.autoMNNVLEnabled, value != GroveName.mnnvlNone {
      report(
        .invalid(
          "A-202", path, .string(value),
          "MNNVL is not enabled in the operator configuration. Either enable MNNVL globally or remove the "
            + "\(PodCliqueSetCheck.key) annotation"))
    }
  }

  ///
  mutating func checkMNNVLOnUpdate(from old: PodCliqueSet) {
    compareGroup(old.metadata.annotations, podCliqueSet.metadata.annotations, "metadata.annotations")
    for (index, clique) in template.cliques.enumerated() {
      guard let previous = old.spec.template.cliques.first(where: { $0.name == clique.name }) else {
        continue
      }
      compareGroup(previous.annotations, clique.annotations, cliquesPath[index].child("annotations"))
    }
    for (index, group) in template.podCliqueScalingGroups.enumerated() {
      guard let previous = old.spec.template.podCliqueScalingGroups.first(where: { $0.name == group.name })
      else { continue }
      compareGroup(previous.annotations, group.annotations, groupsPath[index].child("annotations"))
    }
  }

  private mutating func compareGroup(
    _ old: StringMap<String>, _ new: StringMap<String>, _ path: FieldPath
  ) {
    let key = PodCliqueSetCheck.key
    let path = path.child(key)
    switch (old[key], new[key]) {
    case (nil, nil): break
    case (nil, _?): report(.forbidden("A-203", path, "annotation \(key) cannot be added after creation"))
    case (_?, nil): report(.forbidden("A-203", path, "annotation \(key) cannot be removed after creation"))
    case (let before?, let after?):
      guard before != after else { return }
      report(
        .invalid(
          "A-203", path, .string(after),
          "annotation \(key) is immutable and cannot be changed from \(goQuoted(before)) to \(goQuoted(after))"
        ))
    }
  }
}
