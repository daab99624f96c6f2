/// One topology constraint of a PodCliqueSet, and what it belongs to.
public struct PlacedTopologyConstraint: Sendable, Equatable {
  /// What a constraint belongs to.
  public enum Owner: Sendable, Equatable {
    /// The PodCliqueSet.
    case podCliqueSet
    /// The clique template at an index.
    case clique(Int)
    /// The scaling group config at an index.
    case scalingGroup(Int)
  }

  /// What it belongs to.
  public var owner: Owner
  /// The constraint.
  public var constraint: TopologyConstraint
}

/// Why a PodCliqueSet has no single topology name.
public enum TopologyNameError: Error, Sendable, Equatable {
  /// A constraint names no topology and has none to inherit.
  case missing
  /// Two constraints name different topologies.
  case multiple
  /// A constraint names no domain at all.
  case noDomain

  /// The reason in the operator's words.
  public var message: String {
    switch self {
    case .missing: "topologyName is required when topologyConstraint is set and cannot be inherited"
    case .multiple: "multiple topology names within a single PodCliqueSet are not supported"
    case .noDomain: "topology constraints require at least one pack domain"
    }
  }
}

extension PodCliqueSetTemplateSpec {
  /// All constraints in the order in which names are resolved: the set, scaling groups, cliques.
  public var topologyConstraints: [PlacedTopologyConstraint] {
    var found: [PlacedTopologyConstraint] = []
    if let constraint = topologyConstraint {
      found.append(PlacedTopologyConstraint(owner: .podCliqueSet, constraint: constraint))
    }
    for (index, group) in podCliqueScalingGroups.enumerated() {
      guard let constraint = group.topologyConstraint else { continue }
      found.append(PlacedTopologyConstraint(owner: .scalingGroup(index), constraint: constraint))
    }
    for (index, clique) in cliques.enumerated() {
      guard let constraint = clique.topologyConstraint else { continue }
      found.append(PlacedTopologyConstraint(owner: .clique(index), constraint: constraint))
    }
    return found
  }

  /// The first topology name that a constraint gives, in the order of ``topologyConstraints``.
  public var explicitTopologyName: String? {
    topologyConstraints.first { !$0.constraint.topologyName.isEmpty }?.constraint.topologyName
  }

  /// The one topology that all constraints refer to, or nil when there are no constraints.
  ///
  /// A constraint without a name inherits it: a scaling group from the set; a clique from its scaling group if
  /// that has a constraint, else from the set.
  ///
  /// - Throws: the first reason, in the order of ``topologyConstraints``, why there is no such name.
  public func effectiveTopologyName() throws(TopologyNameError) -> String? {
    var result: String?
    var names = InheritedTopologyNames()
    for placed in topologyConstraints {
      if placed.constraint.referencedDomains.isEmpty { throw .noDomain }
      let inherited = names.inherited(by: placed.owner, in: self)
      let own = placed.constraint.topologyName
      let name = own.isEmpty ? inherited : own
      guard let name else { throw .missing }
      if let inherited, inherited != name { throw .multiple }
      if let result, result != name { throw .multiple }
      result = name
      names.resolve(placed.owner, to: name, in: self)
    }
    return result
  }
}

/// Which name a constraint would inherit, as resolution goes along.
package struct InheritedTopologyNames {
  private var ofSet: String?
  private var ofClique: [String: String] = [:]

  package init() {}

  /// Remembers the name of a constraint whose name was found.
  package mutating func resolve(
    _ owner: PlacedTopologyConstraint.Owner, to name: String, in template: PodCliqueSetTemplateSpec
  ) {
    switch owner {
    case .podCliqueSet: ofSet = name
    case .scalingGroup(let index):
      for clique in template.podCliqueScalingGroups[index].cliqueNames where ofClique[clique] == nil {
        ofClique[clique] = name
      }
    case .clique: break
    }
  }

  /// The name that a constraint without one gets.
  package func inherited(
    by owner: PlacedTopologyConstraint.Owner, in template: PodCliqueSetTemplateSpec
  ) -> String? {
    switch owner {
    case .podCliqueSet: nil
    case .scalingGroup: ofSet
    case .clique(let index): ofClique[template.cliques[index].name] ?? ofSet
    }
  }
}
