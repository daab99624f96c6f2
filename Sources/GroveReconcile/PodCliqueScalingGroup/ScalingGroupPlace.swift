internal import GroveModel
internal import KubernetesModel

/// What a scaling group is in its PodCliqueSet, and what there is of it.
struct ScalingGroupPlace {
  /// One replica of the group, as far as it exists.
  struct Replica {
    /// The replica, from 0.
    let index: Int
    /// The PodCliques by their position among the members; nil where there is none of the exact name.
    fileprivate(set) var podCliques: [Stored<PodClique>?]

    /// The PodCliques that are not being deleted, with their position.
    var live: [(position: Int, podClique: PodClique)] {
      podCliques.enumerated().compactMap { position, stored in
        guard let podClique = stored?.object, !podClique.metadata.isTerminating else { return nil }
        return (position, podClique)
      }
    }

    /// The PodCliques if all exist and none is being deleted, else nil.
    var complete: [PodClique]? {
      let live = live
      return live.count == podCliques.count ? live.map(\.podClique) : nil
    }
  }

  /// The PodCliqueSet.
  let set: PodCliqueSet
  /// What it calls for.
  let expected: Expected
  /// Its replica.
  let replica: Int
  /// The position of the group in the template.
  let position: Int
  /// The replicas that are wanted.
  let replicas: [Replica]
  /// PodCliques of the group that are not wanted: of replicas that are too many, or of names nobody asked for.
  let excess: [Stored<PodClique>]

  /// Finds the place of a scaling group by its label and its exact name, and its PodCliques by their owner.
  ///
  /// - Throws: when the label is missing or the PodCliqueSet calls for no such group.
  init(of group: PodCliqueScalingGroup, in set: PodCliqueSet, state: ObservedState) throws(ReconcileError) {
    let name = ObjectName(group.metadata)
    guard let replica = group.metadata.index(LabelKey.podCliqueSetReplicaIndex) else {
      throw ReconcileError(
        code: "ERR_MISSING_PODCLIQUESET_REPLICA_INDEX", operation: "Sync",
        message: "failed to get the PodCliqueSet replica index of PodCliqueScalingGroup \(name)",
        cause: "label \(LabelKey.podCliqueSetReplicaIndex) is missing or not an index", component: "PodClique"
      )
    }
    let expected = state.expected(of: set)
    let position = expected.groups.indices.first {
      expected.scalingGroup($0, replica: replica) == name.name
    }
    guard let position else {
      throw ReconcileError(
        code: "ERR_BUILD_PODCLIQUE", operation: "Sync",
        message: "failed to build the PodCliques of PodCliqueScalingGroup \(name)",
        cause: "PodCliqueSet \(expected.name) has no scaling group of which it is made",
        component: "PodClique")
    }
    if let unknown = expected.groups[position].unknownMember {
      throw ReconcileError(
        code: "ERR_BUILD_PODCLIQUE", operation: "Sync",
        message: "failed to build the PodCliques of PodCliqueScalingGroup \(name)",
        cause: "PodCliqueSet \(expected.name) has no clique \(unknown)", component: "PodClique")
    }
    let controlled = state.podCliques.controlled(by: group.metadata.uid)
    let members = expected.groups[position].members
    let replicas = (0..<max(0, Int(group.spec.replicas))).map { index in
      Replica(
        index: index,
        podCliques: members.map { clique in
          controlled[
            Naming.memberPodClique(
              scalingGroup: name.name, replica: index, clique: expected.cliques[clique].name)]
        })
    }
    var excess: [Stored<PodClique>] = []
    if controlled.count > replicas.reduce(0, { $0 + $1.podCliques.count { $0 != nil } }) {
      excess = controlled.filter { stored in
        guard let index = stored.object.metadata.index(LabelKey.scalingGroupReplicaIndex),
          replicas.indices.contains(index)
        else { return true }
        return !replicas[index].podCliques.contains { $0 === stored }
      }
    }
    self.set = set
    self.expected = expected
    self.replica = replica
    self.position = position
    self.replicas = replicas
    self.excess = excess
  }

  /// The cliques of each replica, in the order of `cliqueNames`.
  var members: [Int] { expected.groups[position].members }

  /// The group as the PodCliqueSet has it.
  var config: PodCliqueScalingGroupConfig { expected.template.podCliqueScalingGroups[position] }

  /// Whether a PodClique has arrived at the current template.
  func isUpdated(_ podClique: PodClique, position: Int) -> Bool {
    expected.isUpdated(
      podClique, clique: members[position], setHash: set.status.currentGenerationHash)
  }
}
