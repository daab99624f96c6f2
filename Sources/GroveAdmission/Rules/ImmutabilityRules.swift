internal import GroveModel
internal import KubernetesModel

/// What may not change once a set exists (A-380…A-391), in the webhook's order.
extension PodCliqueSetCheck {
  mutating func checkImmutability(from old: PodCliqueSet) {
    let before = old.spec.template
    compareCliques(with: before)
    if template.cliqueStartupType != before.cliqueStartupType {
      report(
        immutable(
          "A-385", root.child("cliqueStartupType"),
          template.cliqueStartupType.map { .string($0.rawValue) } ?? .json("null")))
    }
    compareScalingGroups(with: before)
    checkTopologyImmutability(from: old)
    if template.resourceClaimTemplates != before.resourceClaimTemplates {
      report(
        immutable(
          "A-390", root.child("resourceClaimTemplates"),
          .json(
            GoOrderedJSON.text(template.resourceClaimTemplates, ofType: "ResourceClaimTemplateConfig"))))
    }
    if template.resourceSharing != before.resourceSharing {
      report(
        immutable(
          "A-390", root.child("resourceSharing"),
          .json(GoOrderedJSON.text(template.resourceSharing, ofType: "PCSResourceSharingSpec"))))
    }
  }

  private func immutable(_ rule: RuleID, _ path: FieldPath, _ value: FieldValue) -> Diagnostic {
    .invalid(rule, path, value, "field is immutable")
  }

  /// A-380…A-384. The paths of fields have no index, as in the webhook.
  private mutating func compareCliques(with before: PodCliqueSetTemplateSpec) {
    if template.cliques.count != before.cliques.count {
      report(.forbidden("A-380", cliquesPath, "not allowed to change clique composition"))
    }
    let isOrdered = template.cliqueStartupType == .inOrder || template.cliqueStartupType == .explicit
    for (index, clique) in template.cliques.enumerated() {
      guard let position = before.cliques.lastIndex(where: { $0.name == clique.name }) else {
        report(
          .forbidden(
            "A-381", cliquesPath.child("name"),
            "not allowed to change clique composition, new clique name '\(clique.name)' is not allowed"))
        continue
      }
      if isOrdered, position != index {
        // Both names are the moved clique's, in the webhook too (B-A07).
        report(
          .invalid(
            "A-382", cliquesPath, .string(clique.name),
            "clique order cannot be changed when StartupType is InOrder or Explicit. Expected '\(clique.name)' "
              + "at position \(index), got '\(clique.name)'"))
      }
      compareFields(of: clique, at: index, with: before.cliques[position])
    }
  }

  private mutating func compareFields(
    of clique: PodCliqueTemplateSpec, at index: Int, with old: PodCliqueTemplateSpec
  ) {
    let path = cliquesPath.child("spec")
    if clique.spec.roleName != old.spec.roleName {
      report(immutable("A-383", path.child("roleName"), .string(clique.spec.roleName)))
    }
    if clique.spec.minAvailable != old.spec.minAvailable {
      report(immutable("A-383", path.child("minAvailable"), .integer(clique.spec.minAvailable)))
    }
    if clique.spec.startsAfter != old.spec.startsAfter {
      let value = clique.spec.startsAfter
      report(
        immutable("A-383", path.child("startsAfter"), value.isEmpty ? .json("null") : .strings(value)))
    }
    if clique.spec.podSpec.schedulerName != old.spec.podSpec.schedulerName {
      report(
        immutable("A-383", path.child("podSpec.schedulerName"), .string(clique.spec.podSpec.schedulerName)))
    }
    if clique.resourceSharing != old.resourceSharing {
      report(
        immutable(
          "A-384", cliquesPath[index].child("resourceSharing"),
          .json(GoOrderedJSON.text(clique.resourceSharing, ofType: "ResourceSharingSpec"))))
    }
  }

  /// A-386…A-388.
  private mutating func compareScalingGroups(with before: PodCliqueSetTemplateSpec) {
    guard template.podCliqueScalingGroups.count == before.podCliqueScalingGroups.count else {
      report(
        .forbidden("A-386", groupsPath, "not allowed to add or remove PodCliqueScalingGroupConfigs"))
      return
    }
    for group in template.podCliqueScalingGroups {
      guard let old = before.podCliqueScalingGroups.last(where: { $0.name == group.name }) else {
        report(
          .forbidden(
            "A-387", groupsPath.child("name"),
            "not allowed to change scaling group composition, new scaling group name '\(group.name)' is not "
              + "allowed"))
        continue
      }
      if group.cliqueNames != old.cliqueNames {
        report(immutable("A-388", groupsPath.child("cliqueNames"), .strings(group.cliqueNames)))
      }
      if group.minAvailable != old.minAvailable {
        report(immutable("A-388", groupsPath.child("minAvailable"), .integer(group.minAvailable)))
      }
      if group.resourceSharing != old.resourceSharing {
        report(
          immutable(
            "A-388", groupsPath.child("resourceSharing"),
            .json(GoOrderedJSON.text(group.resourceSharing, ofType: "PCSGResourceSharingSpec"))))
      }
    }
  }

  /// Whether anything changed that validation looks at beyond the metadata (B-A02): the spec, or what the
  /// metadata says of queues and MNNVL groups.
  func differs(from old: PodCliqueSet) -> Bool {
    if podCliqueSet.spec != old.spec { return true }
    let (now, before) = (podCliqueSet.metadata, old.metadata)
    let keys = [AnnotationKey.kaiQueue, AnnotationKey.volcanoQueue, AnnotationKey.mnnvlGroup]
    return now.labels[LabelKey.kaiQueue] != before.labels[LabelKey.kaiQueue]
      || keys.contains { now.annotations[$0] != before.annotations[$0] }
  }
}
