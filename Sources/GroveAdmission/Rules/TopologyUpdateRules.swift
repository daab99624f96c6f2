internal import GroveModel
internal import KubernetesModel

/// Topology constraints of a changed set (A-191, A-400…A-405).
extension PodCliqueSetCheck {
  /// A-191.
  mutating func warnAboutDeprecatedDomains() {
    for placed in constraintsInCheckOrder where !placed.constraint.packDomain.isEmpty {
      let path = path(of: placed.owner)
      warn(
        "A-191", path.child("packDomain"),
        "\(path.child("packDomain")) is deprecated; use \(path.child("pack.required")) instead")
    }
  }

  /// A-389. Sets from before `topologyName` existed may be given one (A-404).
  mutating func checkTopologyImmutability(from old: PodCliqueSet) {
    let isLegacy = old.spec.template.topologyConstraints.contains {
      !$0.constraint.packDomain.isEmpty && $0.constraint.topologyName.isEmpty
    }
    guard isLegacy else { return compareConstraints(with: old, allowsNaming: false) }
    do {
      _ = try old.spec.template.effectiveTopologyName()
      compareConstraints(with: old, allowsNaming: false)
    } catch .missing {
      let count = errors.count
      compareConstraints(with: old, allowsNaming: true)
      if errors.count == count { checkTopologyOnRepair() }
    } catch {
      report(.internalError("A-405", root.child("topologyConstraint.topologyName"), error.message))
    }
  }

  /// The domains and the hierarchy of a set whose names were repaired, as on CREATE (A-404).
  private mutating func checkTopologyOnRepair() {
    var repaired = PodCliqueSetCheck(podCliqueSet, admission)
    repaired.checkTopologyOnCreate()
    report(repaired.errors)
  }

  private mutating func compareConstraints(with old: PodCliqueSet, allowsNaming: Bool) {
    let before = old.spec.template
    compare(
      before.topologyConstraint, template.topologyConstraint, "PodCliqueSet", .podCliqueSet,
      allowsNaming: allowsNaming)
    for (index, clique) in template.cliques.enumerated() {
      let previous = before.cliques.first { $0.name == clique.name }
      compare(
        previous?.topologyConstraint, clique.topologyConstraint, "PodClique '\(clique.name)'", .clique(index),
        allowsNaming: allowsNaming)
    }
    for (index, group) in template.podCliqueScalingGroups.enumerated() {
      let previous = before.podCliqueScalingGroups.first { $0.name == group.name }
      compare(
        previous?.topologyConstraint, group.topologyConstraint, "PodCliqueScalingGroup '\(group.name)'",
        .scalingGroup(index), allowsNaming: allowsNaming)
    }
  }

  /// A-400…A-403.
  private mutating func compare(
    _ old: TopologyConstraint?, _ new: TopologyConstraint?, _ identifier: String,
    _ owner: PlacedTopologyConstraint.Owner, allowsNaming: Bool
  ) {
    let change = TopologyConstraintChange(old, new)
    guard change.isRelevant, !change.isMigration else { return }
    if allowsNaming, change.addsNameOnly { return }
    let path = path(of: owner)
    if owner == .podCliqueSet, change.oldName != change.newName {
      report(
        .forbidden(
          "A-400", path.child("topologyName"),
          "topologyName cannot be changed from \(goQuoted(change.oldName)) to \(goQuoted(change.newName))"))
      return
    }
    report(
      .forbidden(owner == .podCliqueSet ? "A-400" : "A-401", path, "\(identifier) \(change.description)"))
  }
}

/// The difference between two versions of one topology constraint.
struct TopologyConstraintChange {
  let old: TopologyConstraint?
  let new: TopologyConstraint?

  init(_ old: TopologyConstraint?, _ new: TopologyConstraint?) {
    self.old = old
    self.new = new
  }

  var oldName: String { old?.topologyName ?? "" }
  var newName: String { new?.topologyName ?? "" }
  private var oldDomain: String { old?.packDomain ?? "" }
  private var newDomain: String { new?.packDomain ?? "" }
  private var isSamePreference: Bool { old?.preferredDomain == new?.preferredDomain }

  /// Whether anything that places pods is different.
  var isRelevant: Bool {
    if (old == nil) != (new == nil) { return true }
    return oldName != newName || oldDomain != newDomain || old?.requiredDomain != new?.requiredDomain
      || !isSamePreference
  }

  /// Whether the change only moves `packDomain` to `pack.required` (A-402).
  var isMigration: Bool {
    dropsDeprecatedDomain && new?.pack?.required == oldDomain && oldName == newName && isSamePreference
  }

  /// Whether `packDomain` gives way to some `pack.required`.
  private var dropsDeprecatedDomain: Bool {
    guard let required = new?.pack?.required else { return false }
    return !oldDomain.isEmpty && newDomain.isEmpty && !required.isEmpty
  }

  /// Whether the change only gives a legacy constraint its name (A-404).
  var addsNameOnly: Bool {
    oldName.isEmpty && !newName.isEmpty && !oldDomain.isEmpty && oldDomain == newDomain
      && old?.requiredDomain == new?.requiredDomain && isSamePreference
  }

  /// What is not allowed about it (A-403).
  var description: String {
    guard let old else { return "topology constraint cannot be added after creation" }
    guard let new else { return "topology constraint cannot be removed after creation" }
    if oldName != newName {
      return "topology constraint topologyName cannot be changed from '\(oldName)' to '\(newName)'"
    }
    let (before, after) = (
      TopologyConstraintChange.domains(of: old), TopologyConstraintChange.domains(of: new)
    )
    if dropsDeprecatedDomain {
      return "deprecated packDomain migration can only move packDomain to pack.required without changing the "
        + "required or preferred topology domain (old \(before), new \(after))"
    }
    return "topology constraint cannot be changed from \(before) to \(after)"
  }

  private static func domains(of constraint: TopologyConstraint) -> String {
    "required=\(goQuoted(constraint.requiredDomain ?? "")) "
      + "preferred=\(goQuoted(constraint.preferredDomain ?? ""))"
  }
}
