internal import GroveModel

/// A PodCliqueSet without startup type: it never went through admission.
struct UndefinedStartupType: Error, Sendable, Equatable {}

extension Expected {
  /// The PodCliques that a clique waits for outside scaling groups, or in a scaling group replica of the base gang
  /// (R-214…R-217).
  ///
  /// In order, a clique waits for the one before it; if that is in a scaling group, for all its replicas in the
  /// base gang, not only the one of its own replica.
  func startsAfter(_ clique: Int, replica: Int) throws(UndefinedStartupType) -> [String] {
    switch try knownStartupType() {
    case .inOrder: clique == 0 ? [] : basePodCliques(clique - 1, replica: replica)
    case .explicit:
      template.cliques[clique].spec.startsAfter.flatMap { dependency in
        self.clique(named: dependency).map { basePodCliques($0, replica: replica) } ?? []
      }
    default: []
    }
  }

  /// The PodCliques that a clique waits for in a scaling group replica (R-214…R-217).
  ///
  /// A scaled gang orders its own cliques only; in order, a clique waits for the nearest one before it in the same
  /// scaling group (B-R10).
  func startsAfter(
    _ clique: Int, of group: Int, replica: Int, groupReplica: Int
  )
    throws(UndefinedStartupType) -> [String]
  {
    if groupReplica < groups[group].minAvailable { return try startsAfter(clique, replica: replica) }
    let members = groups[group].members
    let parents: [Int]
    switch try knownStartupType() {
    case .inOrder: parents = members.filter { $0 < clique }.max().map { [$0] } ?? []
    case .explicit:
      parents = template.cliques[clique].spec.startsAfter.compactMap { self.clique(named: $0) }
        .filter(members.contains)
    default: parents = []
    }
    return parents.map { memberPodClique($0, of: group, replica: replica, groupReplica: groupReplica) }
  }

  private func knownStartupType() throws(UndefinedStartupType) -> CliqueStartupType {
    guard let startupType else { throw UndefinedStartupType() }
    return startupType
  }
}
