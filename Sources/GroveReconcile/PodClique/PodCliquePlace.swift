internal import GroveModel
internal import KubernetesModel

/// Where a PodClique belongs in its PodCliqueSet.
struct PodCliquePlace {
  /// The scaling group replica that a member PodClique is part of.
  struct Group {
    /// The group as the PodCliqueSet has it.
    let config: PodCliqueScalingGroupConfig
    /// The full name of the PodCliqueScalingGroup.
    let name: String
    /// The group's replica.
    let replica: Int
  }

  /// The PodCliqueSet.
  let set: PodCliqueSet
  /// What it calls for.
  let expected: Expected
  /// Its replica.
  let replica: Int
  /// The position of the clique that the PodClique is made from.
  let clique: Int
  /// The scaling group replica; nil for standalone PodCliques.
  let group: Group?

  /// Finds the place of a PodClique by its labels and its exact name (B-R08).
  ///
  /// - Throws: when a label is missing or the PodCliqueSet calls for no such PodClique.
  init(
    of podClique: PodClique, in set: PodCliqueSet, state: ObservedState
  ) throws(ReconcileError) {
    let metadata = podClique.metadata
    let name = ObjectName(metadata)
    guard let replica = metadata.index(LabelKey.podCliqueSetReplicaIndex) else {
      throw ReconcileError(
        code: "ERR_GET_PODCLIQUESET_REPLICA_INDEX", operation: "Sync",
        message: "failed to get the PodCliqueSet replica index of PodClique \(name)",
        cause: "label \(LabelKey.podCliqueSetReplicaIndex) is missing or not an index", component: "Pod")
    }
    let expected = state.expected(of: set)
    guard let clique = expected.clique(ofPodClique: name.name, replica: replica) else {
      throw ReconcileError(
        code: "ERR_GET_PODCLIQUE_TEMPLATE", operation: "Sync",
        message: "failed to get the template of PodClique \(name)",
        cause: "PodCliqueSet \(expected.name) has no clique of which it is made", component: "Pod")
    }
    if let position = expected.cliques[clique].group {
      let groupName = expected.scalingGroup(position, replica: replica)
      // A member without these labels could not be told its replica's claims.
      guard metadata.labels[LabelKey.scalingGroup] == groupName,
        let groupReplica = metadata.index(LabelKey.scalingGroupReplicaIndex)
      else {
        throw ReconcileError(
          code: "ERR_BUILD_POD_RESOURCE", operation: "Sync",
          message: "failed to build Pod resource for PodClique \(name)",
          cause: "labels \(LabelKey.scalingGroup) and \(LabelKey.scalingGroupReplicaIndex) do not name a "
            + "replica of \(groupName)", component: "Pod")
      }
      group = Group(
        config: expected.template.podCliqueScalingGroups[position], name: groupName, replica: groupReplica)
    } else {
      group = nil
    }
    self.set = set
    self.expected = expected
    self.replica = replica
    self.clique = clique
  }

  /// What the pods of the PodClique should carry as `grove.io/pod-template-hash`.
  var expectedHash: String { expected.hash(clique) }

  /// The clique that the PodClique is made from.
  var template: PodCliqueTemplateSpec { expected.template.cliques[clique] }
}
