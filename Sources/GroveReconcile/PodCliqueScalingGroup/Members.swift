internal import GroveModel
internal import KubernetesModel

extension ScalingGroupPass {
  /// Deletes the PodCliques of replicas that are too many, and any other that nobody asked for (R-246, B-R11).
  mutating func deleteExcessMembers(at place: ScalingGroupPlace) {
    var byReplica: [(index: Int, podCliques: [Stored<PodClique>])] = []
    for stored in place.excess {
      let index = stored.object.metadata.index(LabelKey.scalingGroupReplicaIndex) ?? -1
      if let position = byReplica.firstIndex(where: { $0.index == index }) {
        byReplica[position].podCliques.append(stored)
      } else {
        byReplica.append((index, [stored]))
      }
    }
    byReplica.sort { $0.index < $1.index }
    if pass.state.defects.contains(.scaleInByCount) {
      let live =
        place.replicas.count { !$0.live.isEmpty }
        + byReplica.count { $0.podCliques.contains { !$0.object.metadata.isTerminating } }
      byReplica.removeAll { $0.index >= live }
    }
    for (index, podCliques) in byReplica {
      guard index >= place.replicas.count else {
        for stored in podCliques {
          delete(stored.object, reason: "no clique of the PodCliqueSet calls for it")
        }
        continue
      }
      deleteReplica(
        index, podCliques: podCliques, at: place, rule: "R-246",
        reason: "scaling group replica \(index) is too many: replicas is \(group.spec.replicas)")
    }
  }

  /// Creates missing PodCliques; with OnDelete, changes existing ones as well.
  mutating func syncMembers(at place: ScalingGroupPlace) {
    let updatesOnDelete = place.set.updatesOnDelete
    guard updatesOnDelete || place.replicas.contains(where: { $0.podCliques.contains { $0 == nil } }) else {
      return
    }
    let templates = PodCliqueTemplates(
      place.set, expected: place.expected, configuration: pass.configuration, defects: pass.state.defects)
    for replica in place.replicas {
      for (position, clique) in place.members.enumerated() {
        if replica.podCliques[position] != nil, !updatesOnDelete { continue }
        let wanted: PodClique
        do {
          wanted = try templates.member(
            clique, of: place.position, owner: group, replica: place.replica, groupReplica: replica.index)
        } catch {
          return errors.append(error)
        }
        guard sync(wanted, isCreateOnly: !updatesOnDelete) else { return }
      }
    }
  }

  /// Creates or changes one PodClique. Returns whether to go on with the others.
  private mutating func sync(_ wanted: PodClique, isCreateOnly: Bool) -> Bool {
    let name = ObjectName(wanted.metadata)
    do {
      // One of that name may exist that is not ours: it is adopted if nobody controls it.
      let result = try pass.apply(
        wanted, over: pass.state.podCliques[name], owner: OwnerReference(controller: group),
        family: wanted.metadata.labels[LabelKey.partOf] ?? "", rule: isCreateOnly ? "R-223" : "R-224")
      guard result != .unchanged else { return true }
      pass.record(
        about: key,
        reason: isCreateOnly ? "PodCliqueCreateSuccessful" : "PodCliqueCreateOrUpdateSuccessful",
        message: "PodClique \(name) " + (isCreateOnly ? "created" : "created or updated") + " successfully",
        rule: isCreateOnly ? "R-869" : "R-870")
      return true
    } catch {
      pass.record(
        .warning, about: key,
        reason: isCreateOnly ? "PodCliqueCreateFailed" : "PodCliqueCreateOrUpdateFailed",
        message: "PodClique \(name) " + (isCreateOnly ? "creation" : "creation or update")
          + " failed: \(error)",
        rule: isCreateOnly ? "R-869" : "R-870")
      fail(
        isCreateOnly ? "ERR_CREATE_PODCLIQUE" : "ERR_CREATE_OR_UPDATE_PODCLIQUES",
        "failed to create or update PodClique \(name) for PodCliqueScalingGroup \(key.objectName)",
        cause: error.description)
      return error.isNameConflict
    }
  }

  /// Deletes all PodCliques of a replica, with one event for all.
  ///
  /// Returns whether that was not refused.
  @discardableResult
  mutating func deleteReplica(
    _ index: Int, podCliques: [Stored<PodClique>], at place: ScalingGroupPlace, rule: RuleID, reason: String
  ) -> Bool {
    let live = podCliques.filter { !$0.object.metadata.isTerminating }
    guard !live.isEmpty else { return true }
    let subject = ObjectKey(
      .podCliqueSet, namespace: place.expected.name.namespace, name: place.expected.name.name)
    for stored in live {
      do {
        try pass.delete(.podClique, stored.object.metadata, rule: rule, reason: reason)
      } catch {
        pass.record(
          .warning, about: subject, reason: "PodCliqueScalingGroupReplicaDeleteFailed",
          message: "Error deleting PodCliqueScalingGroup \(key.name) ReplicaIndex \(index) : \(error)",
          rule: "R-864")
        fail(
          "ERR_DELETE_PODCLIQUE",
          "failed to delete replica \(index) of PodCliqueScalingGroup \(key.objectName)",
          cause: error.description)
        return false
      }
    }
    pass.record(
      about: subject, reason: "PodCliqueScalingGroupReplicaDeleteSuccessful",
      message: "Deleted PodCliqueScalingGroup \(key.name) replicaIndex: \(index)", rule: "R-864")
    return true
  }

  private mutating func delete(_ podClique: PodClique, reason: String) {
    do {
      try pass.delete(.podClique, podClique.metadata, rule: "B-R11", reason: reason)
    } catch {
      fail(
        "ERR_DELETE_PODCLIQUE", "failed to delete PodClique \(ObjectName(podClique.metadata))",
        cause: error.description)
    }
  }

  /// Notes that something about the members went wrong.
  mutating func fail(_ code: String, _ message: String, cause: String? = nil) {
    errors.append(
      ReconcileError(code: code, operation: "Sync", message: message, cause: cause, component: "PodClique"))
  }
}
