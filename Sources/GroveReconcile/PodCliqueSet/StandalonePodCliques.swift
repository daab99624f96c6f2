internal import GroveModel
internal import KubernetesModel

extension PodCliqueSetPass {
  private static var kind: String { "PodClique" }

  /// The PodCliques outside scaling groups, of all replicas at once (R-211…R-213).
  mutating func syncStandalonePodCliques() {
    guard deleteUnexpectedPodCliques() else { return }
    guard !expected.standalone.isEmpty else { return }
    let templates = PodCliqueTemplates(
      set, expected: expected, configuration: pass.configuration, defects: pass.state.defects)
    // What a gang termination of this pass deletes is made again by a later one.
    for (position, replica) in selection.replicas.enumerated() where !terminated.contains(replica) {
      let place = ReplicaNames(expected, replica: replica)
      for (clique, stored) in zip(expected.standalone, standalone(ofReplica: replica)) {
        if let stored, templates.isCurrent(stored, standalone: clique, at: place) { continue }
        acts(onReplicaAt: position)
        apply(templates, clique, replica: replica, live: stored?.object)
      }
    }
  }

  private mutating func apply(
    _ templates: PodCliqueTemplates, _ clique: Int, replica: Int, live: PodClique?
  ) {
    do {
      let wanted = try templates.standalone(clique, replica: replica)
      let name = ObjectName(wanted.metadata)
      // Found by its whole name only here: one that is not labelled for us is somebody else's (B-R06).
      let live = live ?? pass.state.podCliques[name]
      do {
        let result = try pass.apply(
          wanted, over: live, owner: owner, family: expected.name.name, rule: "R-212")
        guard result != .unchanged else { return }
        pass.record(
          about: key, reason: "PodCliqueCreateOrUpdateSuccessful",
          message: "PodClique \(name) created or updated successfully", rule: "R-860")
      } catch {
        pass.record(
          .warning, about: key, reason: "PodCliqueCreateOrUpdateFailed",
          message: "PodClique \(name) creation or updation failed: \(error)", rule: "R-861")
        fail(
          Self.kind, code: "ERR_SYNC_PODCLIQUE",
          message: "Error syncing PodClique: \(name) for PodCliqueSet: \(expected.name)", cause: error)
      }
    } catch {
      fail(Self.kind, error)
    }
  }

  /// Deletes the PodCliques that the template no longer calls for (B-R09).
  ///
  /// - Returns: false when one could not be deleted.
  private mutating func deleteUnexpectedPodCliques() -> Bool {
    let owned = pass.state.podCliques.controlled(by: owner.uid)
    guard owned.count > total(standalone, count: expected.standalone.count) else { return true }
    actsOnAll()
    let names = Set(standaloneNames)
    for stored in owned where !names.contains(stored.object.metadata.name) {
      let metadata = stored.object.metadata
      guard !metadata.isTerminating else { continue }
      do {
        try pass.delete(
          .podClique, metadata, rule: "R-211",
          reason: "PodClique \(metadata.name) belongs to no replica: replicas is \(expected.replicas)")
        pass.record(
          about: key, reason: "PodCliqueDeleteSuccessful", message: "Deleted PodClique: \(metadata.name)",
          rule: "R-862")
      } catch {
        pass.record(
          .warning, about: key, reason: "PodCliqueDeleteFailed",
          message: "Error deleting PodClique \(ObjectName(metadata)): \(error)", rule: "R-862")
        fail(
          Self.kind, code: "ERR_DELETE_PODCLIQUE",
          message: "Error deleting PodClique: \(ObjectName(metadata)) for PodCliqueSet: \(expected.name)",
          cause: error)
        return false
      }
    }
    return true
  }
}
