internal import GroveModel
internal import KubernetesModel

extension PodCliquePass {
  /// Makes the pods what they should be: as many as wanted, of the wanted template, free to be scheduled once their
  /// gang may be (R-300…R-369).
  mutating func syncPods(at place: PodCliquePlace) {
    guard let podGang = podClique.metadata.labels[LabelKey.podGang] else {
      return fail(
        "ERR_MISSING_PODGANG_LABEL_ON_PODCLIQUE",
        "PodClique \(key.objectName) has no label \(LabelKey.podGang)")
    }
    var active = deleteFinishedPods()
    deletePodsOfTakenIndices(&active)
    let wanted = Int(max(podClique.spec.replicas, 0))
    if active.count < wanted {
      createPods(wanted - active.count, beside: active, podGang: podGang, at: place)
    } else if active.count > wanted {
      deleteExcessPods(&active, keeping: wanted, at: place)
    }
    // Neither the update nor the gates wait for what failed above (R-302).
    rollPods(&active, at: place)
    removeGates(of: active, podGang: podGang)
  }

  /// Deletes pods that ended for good, so that they are replaced (B-R15), and returns the others that stay.
  private mutating func deleteFinishedPods() -> [Stored<Pod>] {
    var active: [Stored<Pod>] = []
    active.reserveCapacity(pods.count)
    for stored in pods where !stored.object.metadata.isTerminating {
      guard stored.object.isFinished, !pass.state.defects.contains(.failedPodsCount) else {
        active.append(stored)
        continue
      }
      _ = delete(
        stored.object, rule: "B-R15", reason: "pod has ended for good: phase \(stored.object.status.phase)")
    }
    return active
  }

  /// Deletes pods whose index another pod has, those that cost least first (R-305-taken).
  ///
  /// There are such when the reply to a creation was lost and the pod was made once more before it could be seen.
  private mutating func deletePodsOfTakenIndices(_ active: inout [Stored<Pod>]) {
    guard active.count > 1 else { return }
    var hostnames: Set<String> = []
    hostnames.reserveCapacity(active.count)
    for stored in active { hostnames.insert(stored.object.$spec.wrappedValue.hostname) }
    guard hostnames.count < active.count else { return }
    var kept: Set<String> = []
    var gone: Set<String> = []
    // Who would go last on scale-in stays.
    for stored in ScaleInRank.excess(active.count, of: active, expectedHash: nil).reversed() {
      let pod = stored.object
      if kept.insert(pod.spec.hostname).inserted { continue }
      guard delete(pod, rule: "R-305", reason: "another pod has host name \(pod.spec.hostname)") else { return }
      gone.insert(pod.metadata.name)
    }
    active.removeAll { gone.contains($0.object.metadata.name) }
  }

  /// Creates pods with the lowest free indices (R-304…R-306).
  private mutating func createPods(
    _ count: Int, beside active: [Stored<Pod>], podGang: String, at place: PodCliquePlace
  ) {
    let indices: [Int]
    let blueprint: PodBlueprint
    do {
      indices = try PodIndices(active).free(count)
    } catch {
      return fail(
        "ERR_GET_AVAILABLE_POD_HOSTNAME_INDICES",
        "error getting available indices for Pods in PodClique \(key.objectName)", cause: error.description)
    }
    do {
      blueprint = try PodBlueprint(
        for: podClique, podGang: podGang, at: place, configuration: pass.configuration)
    } catch {
      return errors.append(error)
    }
    let reason = "\(active.count) of \(podClique.spec.replicas) pods exist"
    // The API server completes the name; whoever records the event appends the same to the message.
    let message = "Created Pod: \(podClique.metadata.name)-"
    for index in indices {
      do {
        try pass.write(.create(.pod(blueprint.pod(index: index))), rule: "R-302", reason: reason)
      } catch {
        pass.record(
          .warning, about: key, reason: "PodCreateFailed", message: "Error creating pod : \(error)",
          rule: "R-871")
        return fail(
          "ERR_CREATE_POD", "failed to create Pod:  for PodClique \(key.objectName)", cause: error.description
        )
      }
      pass.record(about: key, reason: "PodCreateSuccessful", message: message, rule: "R-871")
    }
  }

  /// Deletes the pods that are too many (R-355…R-357).
  private mutating func deleteExcessPods(
    _ active: inout [Stored<Pod>], keeping wanted: Int, at place: PodCliquePlace
  ) {
    let excess = active.count - wanted
    let reason =
      "\(excess) \(excess == 1 ? "pod" : "pods") too many: replicas is \(podClique.spec.replicas)"
    var gone: Set<String> = []
    for stored in ScaleInRank.excess(excess, of: active, expectedHash: scaleInHash(at: place)) {
      guard delete(stored.object, rule: "R-355", reason: reason) else { break }
      gone.insert(stored.object.metadata.name)
    }
    active.removeAll { gone.contains($0.object.metadata.name) }
  }

  /// The template hash that pods keep their place with (R-357).
  private func scaleInHash(at place: PodCliquePlace) -> String? {
    if let progress = podClique.status.updateProgress,
      progress.podCliqueSetGenerationHash == place.set.status.currentGenerationHash
    {
      return progress.podTemplateHash
    }
    return podClique.metadata.labels[LabelKey.podTemplateHash]
  }

  /// Deletes a pod. Returns whether that was not refused.
  mutating func delete(_ pod: Pod, rule: RuleID, reason: String) -> Bool {
    do {
      try pass.delete(.pod, pod.metadata, rule: rule, reason: reason)
    } catch {
      pass.record(
        .warning, about: key, reason: "PodDeleteFailed", message: "Error deleting pod: \(error)",
        rule: "R-871")
      fail(
        "ERR_DELETE_POD", "failed to delete Pod: \(pod.metadata.name) for PodClique \(key.objectName)",
        cause: error.description)
      return false
    }
    pass.record(
      about: key, reason: "PodDeleteSuccessful", message: "Deleted Pod: \(pod.metadata.name)", rule: "R-871")
    return true
  }
}
