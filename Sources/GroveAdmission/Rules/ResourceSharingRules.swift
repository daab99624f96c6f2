internal import GroveModel
internal import KubernetesModel

/// Claim templates and resource sharing at all three levels (A-060…A-069).
extension PodCliqueSetCheck {
  /// A-060…A-062.
  mutating func checkClaimTemplates() {
    let path = root.child("resourceClaimTemplates")
    for (index, claim) in template.resourceClaimTemplates.enumerated() {
      if claim.name.isEmpty {
        report(.required("A-060", path[index].child("name"), "template name is required"))
      }
      if claim.templateSpec.spec.devices?.requests.isEmpty ?? true {
        report(
          .required(
            "A-061", path[index].child("templateSpec.spec.devices.requests"),
            "at least one device request is required"))
      }
    }
    checkUnique(template.resourceClaimTemplates.map(\.name), "A-062", path.child("name")) {
      path[$0].child("name")
    }
  }

  /// A-063…A-067 for the set's own list.
  mutating func checkSetSharing() {
    let path = root.child("resourceSharing")
    checkSharing(template.resourceSharing.map(SharingEntry.init), path)
    for (index, entry) in template.resourceSharing.enumerated() {
      guard let filter = entry.filter else { continue }
      let path = path[index].child("filter")
      if filter.childCliqueNames.isEmpty, filter.childScalingGroupNames.isEmpty {
        report(
          .required(
            "A-066", path,
            "filter must specify at least one childCliqueNames or childScalingGroupNames entry"))
      }
      checkKnown(
        filter.childCliqueNames, among: template.cliques.map(\.name), "A-067", path.child("childCliqueNames"))
      checkKnown(
        filter.childScalingGroupNames, among: template.podCliqueScalingGroups.map(\.name), "A-067",
        path.child("childScalingGroupNames"))
    }
  }

  /// A-063… for a scaling group's list.
  mutating func checkSharing(of group: PodCliqueScalingGroupConfig, _ path: FieldPath) {
    checkSharing(group.resourceSharing.map(SharingEntry.init), path)
    for (index, entry) in group.resourceSharing.enumerated() {
      guard let filter = entry.filter else { continue }
      let path = path[index].child("filter")
      if filter.childCliqueNames.isEmpty {
        report(.required("A-068", path, "filter must specify at least one childCliqueNames entry"))
      }
      checkKnown(filter.childCliqueNames, among: group.cliqueNames, "A-069", path.child("childCliqueNames"))
    }
  }

  /// A-063…A-065 for a clique's list.
  mutating func checkSharing(of clique: PodCliqueTemplateSpec, _ path: FieldPath) {
    checkSharing(clique.resourceSharing.map(SharingEntry.init), path)
  }

  private mutating func checkSharing(_ entries: [SharingEntry], _ path: FieldPath) {
    let templates = Set(template.resourceClaimTemplates.map(\.name))
    var seen: Set<String> = []
    for (index, entry) in entries.enumerated() {
      let path = path[index]
      if entry.name.isEmpty {
        report(.required("A-063", path.child("name"), "reference name is required"))
      } else {
        if !seen.insert(entry.name).inserted {
          report(.duplicate("A-063", path.child("name"), .string(entry.name)))
        }
        if !entry.namespace.isEmpty, templates.contains(entry.name) {
          report(
            .invalid(
              "A-064", path.child("namespace"), .string(entry.namespace),
              "namespace must be empty when name matches an internal resourceClaimTemplate"))
        }
      }
      if !ResourceSharingScope.all.contains(entry.scope) {
        report(
          .notSupported(
            "A-065", path.child("scope"), .string(entry.scope.rawValue),
            supported: ResourceSharingScope.all.map(\.rawValue)))
      }
    }
  }

  private mutating func checkKnown(
    _ names: [String], among known: [String], _ rule: RuleID, _ path: FieldPath
  ) {
    for (index, name) in names.enumerated() where !known.contains(name) {
      report(.notFound(rule, path[index], .string(name)))
    }
  }
}

/// What the three kinds of sharing entries have in common.
struct SharingEntry {
  let name: String
  let namespace: String
  let scope: ResourceSharingScope

  init(_ entry: PCSResourceSharingSpec) {
    (name, namespace, scope) = (entry.name, entry.namespace, entry.scope)
  }
  init(_ entry: PCSGResourceSharingSpec) {
    (name, namespace, scope) = (entry.name, entry.namespace, entry.scope)
  }
  init(_ entry: ResourceSharingSpec) {
    (name, namespace, scope) = (entry.name, entry.namespace, entry.scope)
  }
}
