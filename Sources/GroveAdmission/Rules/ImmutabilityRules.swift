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
      let path = root.child("resourceClaimTemplates")
      report(
        immutable(
          "A-390", path,
          .json(GoOrderedJSON.text(template.resourceClaimTemplates, ofType: "ResourceClaimTemplateConfig"))),
        at: firstDifference(template.resourceClaimTemplates, before.resourceClaimTemplates).map { path[$0] })
    }
    if template.resourceSharing != before.resourceSharing {
      let path = root.child("resourceSharing")
      report(
        immutable(
          "A-390", path, .json(GoOrderedJSON.text(template.resourceSharing, ofType: "PCSResourceSharingSpec"))
        ),
        at: firstDifference(template.resourceSharing, before.resourceSharing).map { path[$0] })
    }
  }

  /// The position of the first element that is not as before; nil when there are only fewer.
  private func firstDifference<Element: Equatable>(_ now: [Element], _ before: [Element]) -> Int? {
    now.indices.first { $0 >= before.count || now[$0] != before[$0] }
  }

  private func immutable(_ rule: RuleID, _ path: FieldPath, _ value: FieldValue) -> Diagnostic {
    .invalid(rule, path, value, "field is immutable")
  }

  /// A-380…A-384. The paths of fields have no index, as in the webhook.
  private mutating func compareCliques(with before: PodCliqueSetTemplateSpec) {
    if template.cliques.count != before.cliques.count {
      let added = template.cliques.firstIndex { clique in
        !before.cliques.contains { $0.name == clique.name }
      }
      report(
        .forbidden("A-380", cliquesPath, "not allowed to change clique composition"),
        at: added.map { cliquesPath[$0] })
    }
    let isOrdered = template.cliqueStartupType == .inOrder || template.cliqueStartupType == .explicit
    for (index, clique) in template.cliques.enumerated() {
      guard let position = before.cliques.lastIndex(where: { $0.name == clique.name }) else {
        report(
          .forbidden(
            "A-381", cliquesPath.child("name"),
            "not allowed to change clique composition, new clique name '\(clique.name)' is not allowed"),
          at: cliquesPath[index].child("name"))
        continue
      }
      if isOrdered, position != index {
        // Both names are the moved clique's, in the webhook too (B-A07).
        report(
          .invalid(
            "A-382", cliquesPath, .string(clique.name),
            "clique order cannot be changed when StartupType is InOrder or Explicit. Expected '\(clique.name)' "
              + "at position \(index), got '\(clique.name)'"),
          at: cliquesPath[index].child("name"))
      }
      compareFields(of: clique, at: index, with: before.cliques[position])
    }
  }

  private mutating func compareFields(
    of clique: PodCliqueTemplateSpec, at index: Int, with old: PodCliqueTemplateSpec
  ) {
    func compare(_ isSame: Bool, _ field: String, _ value: FieldValue) {
      if isSame { return }
      report(
        immutable("A-383", cliquesPath.child("spec").child(field), value),
        at: cliquesPath[index].child("spec").child(field))
    }
    let spec = clique.spec
    compare(spec.roleName == old.spec.roleName, "roleName", .string(spec.roleName))
    compare(spec.minAvailable == old.spec.minAvailable, "minAvailable", .integer(spec.minAvailable))
    compare(
      spec.startsAfter == old.spec.startsAfter, "startsAfter",
      spec.startsAfter.isEmpty ? .json("null") : .strings(spec.startsAfter))
    compare(
      spec.podSpec.schedulerName == old.spec.podSpec.schedulerName, "podSpec.schedulerName",
      .string(spec.podSpec.schedulerName))
    if clique.resourceSharing != old.resourceSharing {
      let path = cliquesPath[index].child("resourceSharing")
      report(
        immutable(
          "A-384", path, .json(GoOrderedJSON.text(clique.resourceSharing, ofType: "ResourceSharingSpec"))),
        at: firstDifference(clique.resourceSharing, old.resourceSharing).map { path[$0] })
    }
  }

  /// A-386…A-388.
  private mutating func compareScalingGroups(with before: PodCliqueSetTemplateSpec) {
    guard template.podCliqueScalingGroups.count == before.podCliqueScalingGroups.count else {
      let added = template.podCliqueScalingGroups.firstIndex { group in
        !before.podCliqueScalingGroups.contains { $0.name == group.name }
      }
      report(
        .forbidden("A-386", groupsPath, "not allowed to add or remove PodCliqueScalingGroupConfigs"),
        at: added.map { groupsPath[$0] })
      return
    }
    for (index, group) in template.podCliqueScalingGroups.enumerated() {
      let place = groupsPath[index]
      guard let old = before.podCliqueScalingGroups.last(where: { $0.name == group.name }) else {
        report(
          .forbidden(
            "A-387", groupsPath.child("name"),
            "not allowed to change scaling group composition, new scaling group name '\(group.name)' is not "
              + "allowed"),
          at: place.child("name"))
        continue
      }
      if group.cliqueNames != old.cliqueNames {
        report(
          immutable("A-388", groupsPath.child("cliqueNames"), .strings(group.cliqueNames)),
          at: place.child("cliqueNames"))
      }
      if group.minAvailable != old.minAvailable {
        report(
          immutable("A-388", groupsPath.child("minAvailable"), .integer(group.minAvailable)),
          at: place.child("minAvailable"))
      }
      if group.resourceSharing != old.resourceSharing {
        report(
          immutable(
            "A-388", groupsPath.child("resourceSharing"),
            .json(GoOrderedJSON.text(group.resourceSharing, ofType: "PCSGResourceSharingSpec"))),
          at: place.child("resourceSharing"))
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
