internal import GroveModel
internal import KubernetesModel

/// Scaling group configs (A-130…A-138, B-A11).
extension PodCliqueSetCheck {
  mutating func checkScalingGroups() {
    let groups = template.podCliqueScalingGroups
    let cliqueNames = template.cliques.map(\.name)
    for (index, group) in groups.enumerated() {
      let path = groupsPath[index]
      if !NameSyntax.dnsSubdomainObjections(group.name).isEmpty {
        report(
          .invalid(
            "A-130", path.child("name"), .string(group.name),
            "invalid PodCliqueScalingGroupConfig name, must be a valid DNS subdomain"))
      }
      checkMembers(of: group, among: cliqueNames, path)
      checkSize(of: group, path)
      checkSharing(of: group, path.child("resourceSharing"))
    }
    let list = groupsPath
    checkUnique(groups.map(\.name), "A-136", list.child("name")) { list[$0].child("name") }
    let members = groups.flatMap(\.cliqueNames)
    let places = groups.enumerated().flatMap { index, group in
      group.cliqueNames.indices.map { list[index].child("cliqueNames")[$0] }
    }
    checkUnique(members, "A-137", list.child("cliqueNames")) { places[$0] }
    let memberNames = Set(members)
    for (index, clique) in template.cliques.enumerated()
    where memberNames.contains(clique.name) && clique.spec.autoScalingConfig != nil {
      report(
        .invalid(
          "A-138", groupsPath, .string(clique.name),
          "AutoScalingConfig is not allowed to be defined for PodClique that is part of scaling group"),
        at: cliquesPath[index].child("spec.autoScalingConfig"))
    }
  }

  ///
  private mutating func checkMembers(
    of group: PodCliqueScalingGroupConfig, among cliqueNames: [String], _ path: FieldPath
  ) {
    let membersPath = path.child("cliqueNames")
    var seen: Set<String> = []
    let unknown = group.cliqueNames.filter { !cliqueNames.contains($0) && seen.insert($0).inserted }
    if !unknown.isEmpty {
      report(
        .invalid(
          "A-131", membersPath, .string(unknown.joined(separator: ",")), "unidentified PodClique names found"),
        at: group.cliqueNames.firstIndex(of: unknown[0]).map { membersPath[$0] })
    }
    for (index, member) in group.cliqueNames.enumerated() {
      let length = name.utf8.count + group.name.utf8.count + member.utf8.count
      guard length > Naming.combinedNameBudget else { continue }
      let detail =
        "combined resource name length \(length) exceeds \(Naming.combinedNameBudget)-character limit required "
        + "for pod naming. Consider shortening: PodCliqueSet '\(name)', PodCliqueScalingGroup '\(group.name)', "
        + "or PodClique '\(member)'"
      report(.invalid("A-132", membersPath[index].child("name"), .string(member), detail))
      // The value at the group's name is the clique's, in the webhook too.
      report(.invalid("A-132", path.child("name"), .string(member), detail))
      report(.invalid("A-132", "metadata.name", .string(name), detail))
    }
  }

  /// A-133…A-135.
  private mutating func checkSize(of group: PodCliqueScalingGroupConfig, _ path: FieldPath) {
    if let replicas = group.replicas, replicas <= 0 {
      report(.invalid("A-133", path.child("replicas"), .integer(replicas), "must be greater than 0"))
    }
    let minimumPath = path.child("minAvailable")
    if let minimum = group.minAvailable {
      if minimum <= 0 {
        report(.invalid("A-133", minimumPath, .integer(minimum), "must be greater than 0"))
      }
      if let replicas = group.replicas, minimum > replicas {
        report(
          .invalid("A-134", minimumPath, .integer(minimum), "minAvailable must not be greater than replicas"))
      }
    }
    guard let scaling = group.scaleConfig else { return }
    let path = path.child("scaleConfig")
    if let available = group.minAvailable, let minimum = scaling.minReplicas, minimum < available {
      report(
        .invalid(
          "A-135", path.child("minReplicas"), .integer(minimum),
          "scaleConfig.minReplicas must be greater than or equal to minAvailable"))
    }
    checkUpperBound(of: scaling, replicas: group.replicas, path.child("maxReplicas"))
  }

  /// A-092 for scaling groups, which the webhook forgets: the autoscaler could never be created (B-A11).
  private mutating func checkUpperBound(of scaling: AutoScalingConfig, replicas: Int32?, _ path: FieldPath) {
    if let minimum = scaling.minReplicas, scaling.maxReplicas < minimum {
      note(
        "W-B-A11", path, "must be greater than or equal to scaleConfig.minReplicas",
        value: .integer(scaling.maxReplicas), isFatal: true)
    }
    if let replicas, scaling.maxReplicas < replicas {
      note(
        "W-B-A11", path, "must be greater than or equal to replicas", value: .integer(scaling.maxReplicas),
        isFatal: true)
    }
  }
}
