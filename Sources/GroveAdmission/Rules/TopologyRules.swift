internal import GroveModel
internal import KubernetesModel

/// Topology constraints of a new set (A-160…A-170, A-190), and of one whose names are repaired (A-404).
extension PodCliqueSetCheck {
  /// The path of a constraint.
  func path(of owner: PlacedTopologyConstraint.Owner) -> FieldPath {
    switch owner {
    case .podCliqueSet: root.child("topologyConstraint")
    case .clique(let index): cliquesPath[index].child("topologyConstraint")
    case .scalingGroup(let index): groupsPath[index].child("topologyConstraint")
    }
  }

  /// All constraints in the order in which they are checked: the set, cliques, scaling groups.
  var constraintsInCheckOrder: [PlacedTopologyConstraint] {
    let constraints = template.topologyConstraints
    return constraints.filter { $0.owner == .podCliqueSet }
      + constraints.filter { if case .clique = $0.owner { true } else { false } }
      + constraints.filter { if case .scalingGroup = $0.owner { true } else { false } }
  }

  mutating func checkTopologyOnCreate() {
    guard admission.configuration.topologyAwareSchedulingEnabled else {
      // A-160
      for placed in constraintsInCheckOrder {
        report(
          .invalid(
            "A-160", path(of: placed.owner), .strings(placed.constraint.referencedDomains),
            "topology constraints are not allowed when Topology Aware Scheduling is disabled"))
      }
      return
    }
    guard !template.topologyConstraints.isEmpty else { return }  // A-161
    guard let levels = resolveLevels() else { return }  // A-167
    let count = errors.count
    checkDomains(levels)
    if errors.count == count { checkHierarchy(levels) }
    warnAboutRedundantPreferences(levels)
  }

  /// The levels that all constraints refer to; nil after errors, and when the cluster's bindings are not known
  /// (A-162…A-166).
  private mutating func resolveLevels() -> TopologyLevels? {
    let constraints = template.topologyConstraints
    let conflict =
      "all topologyConstraint.topologyName values within a PodCliqueSet must match in the current "
      + "implementation"
    var names = InheritedTopologyNames()
    var effective: [(name: String, owner: PlacedTopologyConstraint.Owner)] = []
    var found: [Diagnostic] = []
    for placed in constraints {
      let path = path(of: placed.owner).child("topologyName")
      let inherited = names.inherited(by: placed.owner, in: template)
      let own = placed.constraint.topologyName
      guard let name = own.isEmpty ? inherited : own else {
        found.append(
          .required(
            "A-163", path, "topologyName is required when topologyConstraint is set and cannot be inherited"))
        continue
      }
      if let inherited, inherited != name {
        found.append(.invalid("A-164", path, .string(own), conflict))
        continue
      }
      names.resolve(placed.owner, to: name, in: template)
      effective.append((name, placed.owner))
    }
    if let first = effective.first, effective.contains(where: { $0.name != first.name }) {
      // A-165
      for placed in constraints where !placed.constraint.topologyName.isEmpty {
        found.append(
          .invalid(
            "A-165", path(of: placed.owner).child("topologyName"), .string(placed.constraint.topologyName),
            conflict))
      }
    }
    report(found)
    guard found.isEmpty, let source = effective.first, let topologies = admission.topologies else {
      return nil
    }
    guard let binding = topologies.first(where: { $0.metadata.name == source.name }) else {
      // The webhook points at the set even when a clique gave the name (B-A20).
      let known = topologies.map(\.metadata.name).sorted(by: utf8Precedes)
      report(
        Diagnostic.invalid(
          "A-166", path(of: source.owner).child("topologyName"), .string(source.name),
          "ClusterTopologyBinding \(goQuoted(source.name)) not found"
        ).hinting(known.isEmpty ? nil : "known: " + known.joined(separator: ", ")))
      return nil
    }
    return TopologyLevels(binding)
  }

  /// A-168.
  private mutating func checkDomains(_ levels: TopologyLevels) {
    for placed in constraintsInCheckOrder {
      let constraint = placed.constraint
      for (field, domain) in [
        ("packDomain", constraint.packDomain), ("pack.required", constraint.pack?.required ?? ""),
        ("pack.preferred", constraint.pack?.preferred ?? ""),
      ] where !domain.isEmpty && levels.position(of: domain) == nil {
        report(
          .invalid(
            "A-168", path(of: placed.owner).child(field), .string(domain),
            "topology domain '\(domain)' does not exist in cluster topology "
              + "[\(levels.domains.joined(separator: " "))]"))
      }
    }
  }

  /// A-169.
  private mutating func checkHierarchy(_ levels: TopologyLevels) {
    if let parent = template.topologyConstraint {
      for clique in template.cliques {
        compare(parent, .podCliqueSet, clique.topologyConstraint, "PodClique '\(clique.name)'", levels)
      }
      for group in template.podCliqueScalingGroups {
        compare(
          parent, .podCliqueSet, group.topologyConstraint, "PodCliqueScalingGroup '\(group.name)'", levels)
      }
    }
    for (index, group) in template.podCliqueScalingGroups.enumerated() {
      guard let parent = group.topologyConstraint else { continue }
      for member in group.cliqueNames {
        let clique = template.cliques.first { $0.name == member }
        compare(parent, .scalingGroup(index), clique?.topologyConstraint, "PodClique '\(member)'", levels)
      }
    }
  }

  private mutating func compare(
    _ parent: TopologyConstraint, _ owner: PlacedTopologyConstraint.Owner, _ child: TopologyConstraint?,
    _ childName: String, _ levels: TopologyLevels
  ) {
    guard let child else { return }
    let path = path(of: owner)
    var parentName = "PodCliqueSet"
    if case .scalingGroup(let index) = owner {
      parentName = "PodCliqueScalingGroup '\(template.podCliqueScalingGroups[index].name)'"
    }
    for (path, wide, narrow) in [
      (path, parent.requiredDomain, child.requiredDomain),
      (path.child("pack.preferred"), parent.preferredDomain, child.preferredDomain),
    ] {
      guard levels.isNarrower(wide, than: narrow), let wide, let narrow else { continue }
      report(
        .invalid(
          "A-169", path, .string(wide),
          "\(parentName) topology constraint domain '\(wide)' is narrower than \(childName) topology constraint "
            + "domain '\(narrow)'"))
    }
  }

  /// A-190.
  private mutating func warnAboutRedundantPreferences(_ levels: TopologyLevels) {
    for placed in constraintsInCheckOrder
    where levels.isNarrower(placed.constraint.requiredDomain, than: placed.constraint.preferredDomain) {
      let path = path(of: placed.owner)
      let preferred = path.child("pack.preferred")
      warn(
        "A-190", preferred, "\(preferred) is coarser than \(path.child("pack.required")) and is redundant")
    }
  }
}
