import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// Topology bindings and the Topologies kept for them (R-540, R-541, R-830… ).
struct ClusterTopologyBindingTests {
  private let now = Timestamp(secondsSince1970: 1_767_225_600)
  private let key = ObjectKey(.clusterTopologyBinding, namespace: "", name: "topo")

  private func binding(_ references: [(String, String)] = []) -> ClusterTopologyBinding {
    var binding = ClusterTopologyBinding()
    binding.metadata = ObjectMeta(name: "topo", uid: "binding", generation: 3)
    binding.spec.levels = [TopologyLevel(domain: "zone", key: "z"), TopologyLevel(domain: "rack", key: "r")]
    binding.spec.schedulerTopologyBindings = references.map {
      SchedulerTopologyBinding(schedulerName: $0.0, topologyReference: $0.1)
    }
    return binding
  }

  private func topology(_ name: String, _ levels: [String]) -> KAITopology {
    var topology = KAITopology()
    topology.metadata = ObjectMeta(name: name, uid: name, generation: 5)
    topology.spec.levels = levels.map { KAITopologyLevel(nodeLabel: $0) }
    return topology
  }

  private func decide(
    _ binding: ClusterTopologyBinding, _ others: [Resource] = [],
    profiles: [SchedulerBackend] = [.defaultScheduler, .kai]
  ) -> Reconciliation {
    var configuration = OperatorConfiguration()
    configuration.schedulerProfiles = profiles
    let state = ObservedState([.clusterTopologyBinding(binding)] + others)
    return Reconciler(configuration: configuration).reconcile(key, observed: state, now: now)
  }

  private func status(_ result: Reconciliation) throws -> ClusterTopologyBindingStatus {
    for step in result.steps {
      if case .updateStatus(.clusterTopologyBinding(let binding), _) = step.action { return binding.status }
    }
    throw Missing()
  }

  private struct Missing: Error {}

  @Test func keptTopologyIsMade() throws {
    let result = decide(binding())
    #expect(
      result.summary == [
        "create KAITopology topo", "status ClusterTopologyBinding topo", "event TopologyInSync",
      ])
    guard case .kaiTopology(let made)? = result.created(.kaiTopology).first else {
      Issue.record("no Topology")
      return
    }
    #expect(made.spec.levels.map(\.nodeLabel) == ["z", "r"])
    #expect(made.metadata.namespace.isEmpty)
    #expect(made.metadata.ownerReferences == [OwnerReference(controller: binding())])
    let status = try status(result)
    #expect(status.observedGeneration == 3)
    #expect(
      status.schedulerTopologyStatuses == [
        SchedulerTopologyStatus(schedulerName: "kai-scheduler", topologyReference: "topo", inSync: true)
      ])
    let condition = try #require(status.conditions["SchedulerTopologyDrift"])
    #expect(condition.status == "False" && condition.reason == "InSync" && condition.observedGeneration == 3)

    // At rest there is nothing to do.
    var rested = binding()
    rested.status = status
    var topology = made
    topology.metadata.uid = "made"
    #expect(decide(rested, [.kaiTopology(topology)]) == Reconciliation())
  }

  /// other levels need another Topology.
  @Test func levelsChange() throws {
    var old = topology("topo", ["z"])
    old.metadata.setController(OwnerReference(controller: binding()))
    #expect(
      decide(binding(), [.kaiTopology(old)]).summary.prefix(2) == [
        "delete KAITopology topo", "create KAITopology topo",
      ])
    old.metadata.finalizers = ["theirs"]
    #expect(!decide(binding(), [.kaiTopology(old)]).summary.contains("create KAITopology topo"))
  }

  @Test func topologyOfSomebodyElse() throws {
    let result = decide(binding(), [.kaiTopology(topology("topo", ["z", "r"]))])
    let message =
      "KAI Topology topo is not owned by ClusterTopologyBinding topo. It is required that KAI Topology by this name "
      + "is created by Grove operator and has ClusterTopologyBinding set as its owner"
    guard case .failed(let errors) = result.outcome else {
      Issue.record("the pass did not fail")
      return
    }
    #expect(errors.map(\.message) == [message])
    let status = try status(result)
    #expect(status.observedGeneration == 0)
    #expect(
      status.schedulerTopologyStatuses == [
        SchedulerTopologyStatus(
          schedulerName: "kai-scheduler", topologyReference: "topo", inSync: false, message: message)
      ])
    #expect(status.conditions["SchedulerTopologyDrift"]?.status == "True")
    #expect(result.summary.last == "event TopologyDriftDetected")
  }

  /// drift of a Topology that somebody else keeps.
  @Test(
    arguments: [
      (nil, false, 0, "KAI Topology \"theirs\" not found"),
      (["z"], false, 5, "KAI Topology levels differ from ClusterTopologyBinding levels"),
      (["r", "z"], false, 5, "KAI Topology levels differ from ClusterTopologyBinding levels"),
      (["z", "r"], true, 5, ""),
    ] as [([String]?, Bool, Int64, String)])
  func drift(levels: [String]?, inSync: Bool, generation: Int64, message: String) throws {
    let others: [Resource] = levels.map { [.kaiTopology(topology("theirs", $0))] } ?? []
    // The last entry of a scheduler counts.
    let result = decide(binding([("kai-scheduler", "first"), ("kai-scheduler", "theirs")]), others)
    let status = try status(result)
    #expect(
      status.schedulerTopologyStatuses == [
        SchedulerTopologyStatus(
          schedulerName: "kai-scheduler", topologyReference: "theirs", inSync: inSync,
          schedulerBackendTopologyObservedGeneration: generation, message: message)
      ])
    #expect(status.conditions["SchedulerTopologyDrift"]?.status == (inSync ? "False" : "True"))
    #expect(status.observedGeneration == 3)
    #expect(result.summary.allSatisfy { !$0.contains("KAITopology") })
  }

  /// a scheduler without topologies makes the whole Unknown, which is no event.
  @Test func unavailableBackend() throws {
    let result = decide(binding([("volcano", "v")]), profiles: [.defaultScheduler, .volcano])
    let status = try status(result)
    #expect(
      status.schedulerTopologyStatuses == [
        SchedulerTopologyStatus(
          schedulerName: "volcano", topologyReference: "v", inSync: false,
          message: "scheduler backend \"volcano\" is not available for topology management")
      ])
    let condition = try #require(status.conditions["SchedulerTopologyDrift"])
    #expect(condition.status == "Unknown" && condition.reason == "TopologyNotFound")
    #expect(result.summary == ["status ClusterTopologyBinding topo"])
  }

  /// without entries there is no condition, and R-872: an event tells of changes only.
  @Test func nothingToTell() throws {
    var drifted = binding()
    drifted.status.conditions.set(
      "SchedulerTopologyDrift", status: "True", reason: "Drift", message: "old", now: now)
    let result = decide(drifted, profiles: [.defaultScheduler])
    #expect(try status(result).conditions.isEmpty)
    #expect(result.summary == ["status ClusterTopologyBinding topo"])

    let still = decide(
      {
        var binding = drifted;
        binding.spec.schedulerTopologyBindings = [
          SchedulerTopologyBinding(schedulerName: "kai-scheduler", topologyReference: "theirs")
        ]; return binding
      }())
    #expect(still.summary == ["status ClusterTopologyBinding topo"])
  }

  @Test func deletedBinding() {
    var deleted = binding()
    deleted.metadata.deletionTimestamp = now
    #expect(decide(deleted) == Reconciliation())
  }
}
