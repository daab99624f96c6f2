internal import GroveModel
internal import KubernetesModel

/// A PodGang that there should be, and the PodCliques it is made of.
struct PodGangPlan: Sendable, Equatable {
  /// Which part of a replica the gang is.
  enum Scope: Sendable, Equatable {
    /// What has to run for the replica to be of use.
    case base
    /// One replica of a scaling group beyond its minimum.
    case scaled(group: Int)
  }

  /// A PodClique of the gang.
  struct Member: Sendable, Equatable {
    let clique: Int
    let podClique: String
  }

  let name: String
  /// The replica of the PodCliqueSet.
  let replica: Int
  let scope: Scope
  let members: [Member]
}

extension Expected {
  /// The base PodGang of a replica: its standalone cliques, then every scaling group's replicas below minAvailable,
  /// however far the group is scaled down.
  ///
  /// - Parameter names: the names of the standalone PodCliques of the replica, which passes have at hand.
  func basePodGang(replica: Int, names: ArraySlice<String>) -> PodGangPlan {
    var members = zip(standalone, names).map { PodGangPlan.Member(clique: $0, podClique: $1) }
    for group in groups.indices {
      let name = scalingGroup(group, replica: replica)
      for groupReplica in 0..<max(groups[group].minAvailable, 0) {
        members += self.members(of: group, named: name, groupReplica: groupReplica)
      }
    }
    return PodGangPlan(
      name: Naming.basePodGang(name.name, replica: replica), replica: replica, scope: .base, members: members)
  }

  /// The scaled PodGangs of a scaling group that has `size` replicas.
  func scaledPodGangs(of group: Int, replica: Int, size: Int) -> [PodGangPlan] {
    let minAvailable = groups[group].minAvailable
    guard size > minAvailable else { return [] }
    let name = scalingGroup(group, replica: replica)
    return (minAvailable..<size).map { groupReplica in
      PodGangPlan(
        name: Naming.scaledPodGang(scalingGroup: name, index: groupReplica - minAvailable), replica: replica,
        scope: .scaled(group: group), members: members(of: group, named: name, groupReplica: groupReplica))
    }
  }

  private func members(of group: Int, named name: String, groupReplica: Int) -> [PodGangPlan.Member] {
    groups[group].members.map { clique in
      PodGangPlan.Member(
        clique: clique,
        podClique: Naming.memberPodClique(
          scalingGroup: name, replica: groupReplica, clique: cliques[clique].name))
    }
  }
}
