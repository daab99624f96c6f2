internal import GroveModel
internal import KubernetesModel

extension Pass {
  /// The KAI Topology that the operator keeps for a binding: of its name, with its levels. Levels cannot be
  /// changed, so a Topology with other levels is replaced.
  mutating func syncKAITopology(of binding: ClusterTopologyBinding) throws(ReconcileError) {
    let name = binding.metadata.name
    let key = ObjectName(namespace: "", name: name)
    var topology = KAITopology()
    topology.metadata.name = name
    topology.metadata.setController(OwnerReference(controller: binding))
    topology.spec.levels = binding.spec.levels.map { KAITopologyLevel(nodeLabel: $0.key) }
    guard let live = state.kaiTopologies[key] else {
      try make(topology, reason: "KAI Topology \(name) is missing")
      return
    }
    guard live.metadata.controller?.uid == binding.metadata.uid else {
      throw Self.failure(
        """
        KAI Topology \(name) is not owned by ClusterTopologyBinding \(name). It is required that KAI Topology by this \
        name is created by Grove operator and has ClusterTopologyBinding set as its owner
        """)
    }
    if live.spec.levels == topology.spec.levels { return }
    let reason = "the levels of KAI Topology \(name) differ from those of its binding"
    do {
      try delete(.kaiTopology, live.metadata, rule: "R-540", reason: reason)
    } catch {
      throw Self.failure("failed to delete KAI Topology \(name): \(error)")
    }
    // With finalizers of others on it, it stays for a while; its going wakes the binding.
    if live.metadata.finalizers.isEmpty { try make(topology, reason: reason) }
  }

  private mutating func make(_ topology: KAITopology, reason: String) throws(ReconcileError) {
    do {
      try write(.create(.kaiTopology(topology)), rule: "R-540", reason: reason)
    } catch {
      throw Self.failure("failed to create KAI Topology \(topology.metadata.name): \(error)")
    }
  }

  private static func failure(_ message: String) -> ReconcileError {
    ReconcileError(code: "ERR_SYNC_CLUSTER_TOPOLOGY", operation: "Sync", message: message)
  }
}
