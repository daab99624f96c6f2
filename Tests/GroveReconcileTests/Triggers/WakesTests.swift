import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// Which change wakes what (R-020…R-024, B-R02, B-R22, R-022-bind, R-020-owned).
struct WakesTests {
  private let cluster: TestCluster

  init() throws {
    var cluster = try TestCluster(
      demo(
        replicas: 2, cliques: clique("a") + clique("b"),
        groups: scalingGroup("sg", ["b"], replicas: 2),
        more: "    topologyConstraint: {topologyName: topo, pack: {required: zone}}"))
    try cluster.settleAndRun()
    self.cluster = cluster
  }

  /// R-652-back: the hash goes back to what a group has; its members that took note of the one in between are woken.
  @Test func membersLeftBehind() throws {
    var state = cluster.state
    let hash = try #require(try cluster.set().status.currentGenerationHash)
    let member = try cluster.podClique("demo-0-sg-1-b")
    var behind = member
    behind.status.currentPodCliqueSetGenerationHash = "between"
    state.insert(.podClique(behind))
    var old = try cluster.set()
    old.status.currentGenerationHash = "between"
    let woken = Reconciler(configuration: OperatorConfiguration()).wakes(
      Change(old: .podCliqueSet(old), new: .podCliqueSet(try cluster.set())), in: state
    ).map { "\($0.kind.kind) \($0.name)" }
    #expect(try cluster.group("demo-0-sg").status.currentPodCliqueSetGenerationHash == hash)
    #expect(woken.contains("PodClique demo-0-sg-1-b"))
    #expect(!woken.contains("PodClique demo-0-sg-0-b"), "it has the hash")
  }

  /// What the change of an object wakes, as `Kind name`.
  private func wakes(
    _ kind: ResourceKind, _ name: String, _ change: (inout Resource) -> Void
  ) throws -> [String] {
    let old = try #require(cluster.state[TestCluster.key(kind, name)])
    var new = old
    change(&new)
    var state = cluster.state
    state.insert(new)
    return wakes(Change(old: old, new: new), state)
  }

  private func wakes(_ change: Change, _ state: ObservedState) -> [String] {
    cluster.reconciler.wakes(change, in: state).map { "\($0.kind.rawValue) \($0.name)" }
  }

  private func wakesOfDeletion(_ kind: ResourceKind, _ name: String) throws -> [String] {
    let old = try #require(cluster.state[TestCluster.key(kind, name)])
    var state = cluster.state
    state.remove(old.key)
    return wakes(Change(old: old, new: nil), state)
  }

  private func wakesOfSet(_ change: (inout PodCliqueSet) -> Void) throws -> [String] {
    try wakes(.podCliqueSet, "demo") { resource in
      guard case .podCliqueSet(var set) = resource else { return }
      change(&set)
      resource = .podCliqueSet(set)
    }
  }

  private func wakesOfPodClique(_ name: String, _ change: (inout PodClique) -> Void) throws -> [String] {
    try wakes(.podClique, name) { resource in
      guard case .podClique(var podClique) = resource else { return }
      change(&podClique)
      resource = .podClique(podClique)
    }
  }

  private func wakesOfGroup(_ change: (inout PodCliqueScalingGroup) -> Void) throws -> [String] {
    try wakes(.podCliqueScalingGroup, "demo-0-sg") { resource in
      guard case .podCliqueScalingGroup(var group) = resource else { return }
      change(&group)
      resource = .podCliqueScalingGroup(group)
    }
  }

  private func wakesOfPod(_ change: (inout Pod) -> Void) throws -> [String] {
    let name = try #require(cluster.names(.pod).first)
    return try wakes(.pod, name) { resource in
      guard case .pod(var pod) = resource else { return }
      change(&pod)
      resource = .pod(pod)
    }
  }

  // MARK: PodCliqueSets

  @Test func podCliqueSet() throws {
    #expect(try wakesOfSet { $0.metadata.generation += 1 } == ["PodCliqueSet demo"])
    #expect(
      try wakesOfSet { $0.metadata.annotations["grove.io/reconcile-trigger"] = "1" } == ["PodCliqueSet demo"])
    #expect(try wakesOfSet { $0.metadata.labels["team"] = "red" } == ["PodCliqueSet demo"])
    #expect(try wakesOfSet { $0.metadata.resourceVersion = "9" } == [])
    #expect(try wakesOfSet { $0.status.availableReplicas = 1 } == [])
    let set = try #require(cluster.state[TestCluster.key(.podCliqueSet, "demo")])
    #expect(wakes(Change(old: nil, new: set), cluster.state) == ["PodCliqueSet demo"])
    #expect(wakes(Change(old: set, new: nil), ObservedState()) == ["PodCliqueSet demo"])
  }

  @Test func updateOfPodCliqueSet() throws {
    func updating(_ replica: Int32?) -> PodCliqueSetUpdateProgress {
      PodCliqueSetUpdateProgress(
        currentlyUpdating: replica.map { [PodCliqueSetReplicaUpdateProgress(replicaIndex: $0)] } ?? [])
    }
    // A new hash concerns all standalone PodCliques; the index of a replica what belongs to it.
    #expect(
      try wakesOfSet { $0.status.currentGenerationHash = "new" } == [
        "PodClique demo-0-a", "PodClique demo-1-a",
      ])
    #expect(
      try wakesOfSet { $0.status.updateProgress = updating(1) } == [
        "PodCliqueScalingGroup demo-1-sg", "PodClique demo-1-a",
      ])
    var from = cluster
    try from.changeSet { $0.status.updateProgress = updating(0) }
    let old = try #require(from.state[TestCluster.key(.podCliqueSet, "demo")])
    guard case .podCliqueSet(var set) = old else { return }
    set.status.updateProgress = updating(nil)
    #expect(
      wakes(Change(old: old, new: .podCliqueSet(set)), from.state) == [
        "PodCliqueScalingGroup demo-0-sg", "PodClique demo-0-a", "PodClique demo-1-a",
      ])
  }

  @Test func onDelete() throws {
    let result = try wakesOfSet {
      $0.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete)
      $0.status.updateProgress = PodCliqueSetUpdateProgress(updateStartedAt: cluster.now)
    }
    let groups = ["PodCliqueScalingGroup demo-0-sg", "PodCliqueScalingGroup demo-1-sg"]
    let podCliques = cluster.names(.podClique).map { "PodClique \($0)" }
    #expect(podCliques.count == 6)
    #expect(result == groups + podCliques)
    // Without an update, the groups still note that nothing is rolled any more (R-721, B-R30).
    #expect(
      try wakesOfSet {
        $0.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete)
        $0.metadata.generation += 1
      } == ["PodCliqueSet demo"] + groups + podCliques)
  }

  // MARK: PodCliques, scaling groups, pods

  @Test func podClique() throws {
    #expect(
      try wakesOfPodClique("demo-0-a") { $0.metadata.generation += 1 } == [
        "PodClique demo-0-a", "PodCliqueSet demo",
      ])
    #expect(try wakesOfPodClique("demo-0-a") { $0.metadata.labels["x"] = "1" } == [])
    let changes: [(inout PodClique) -> Void] = [
      { $0.status.replicas += 1 }, { $0.status.readyReplicas += 1 }, { $0.status.scheduleGatedReplicas += 1 },
      { $0.status.updatedReplicas += 1 }, { $0.status.currentPodTemplateHash = "x" },
      { $0.status.currentPodCliqueSetGenerationHash = "x" },
      { $0.status.updateProgress = PodCliqueUpdateProgress(podTemplateHash: "other") },
      { $0.status.conditions.removeAll { $0.type == "MinAvailableBreached" } },
    ]
    for change in changes { #expect(try wakesOfPodClique("demo-0-a", change) == ["PodCliqueSet demo"]) }
    // Scheduled pods concern nobody above; a scaling group looks at any change of its members.
    #expect(try wakesOfPodClique("demo-0-a") { $0.status.scheduledReplicas += 1 } == [])
    #expect(
      try wakesOfPodClique("demo-0-sg-0-b") { $0.status.scheduledReplicas += 1 } == [
        "PodCliqueScalingGroup demo-0-sg"
      ])
    #expect(try wakesOfDeletion(.podClique, "demo-0-a") == ["PodCliqueSet demo"])
    #expect(
      try wakesOfDeletion(.podClique, "demo-0-sg-0-b") == [
        "PodCliqueSet demo", "PodCliqueScalingGroup demo-0-sg",
      ])
  }

  @Test func scalingGroups() throws {
    // R-020-scale: PodGangs follow the replicas.
    #expect(
      try wakesOfGroup { $0.metadata.generation += 1 } == [
        "PodCliqueScalingGroup demo-0-sg", "PodCliqueSet demo",
      ])
    #expect(try wakesOfGroup { $0.status.availableReplicas += 1 } == ["PodCliqueSet demo"])
    #expect(try wakesOfGroup { $0.status.scheduledReplicas += 1 } == [])
    #expect(
      try wakesOfGroup { $0.status.currentPodCliqueSetGenerationHash = "x" } == [
        "PodCliqueSet demo", "PodClique demo-0-sg-0-b", "PodClique demo-0-sg-1-b",
      ])
    #expect(try wakesOfDeletion(.podCliqueScalingGroup, "demo-0-sg") == ["PodCliqueSet demo"])
  }

  @Test func pods() throws {
    let owner =
      "PodClique \(try #require(cluster.state.pods.byName.first { _ in true }?.object.metadata.controller?.name))"
    let changes: [(inout Pod) -> Void] = [
      { $0.status.conditions[1].status = "False" },
      { $0.status.containerStatuses[0].started = false },
      { $0.status.containerStatuses[0].ready = false },
      {
        $0.status.containerStatuses[0].lastState = ContainerState(
          terminated: ContainerStateTerminated(exitCode: 1))
      },
      { $0.metadata.deletionTimestamp = Timestamp() },
      // R-022-bind.
      { $0.spec.nodeName = "other" },
      { $0.status.conditions[0].status = "False" },
      // B-R15.
      { $0.status.phase = "Failed" },
    ]
    for change in changes { #expect(try wakesOfPod(change) == [owner]) }
    #expect(try wakesOfPod { $0.metadata.annotations["x"] = "1" } == [])
    #expect(try wakesOfPod { $0.status.podIP = "10.0.0.1" } == [])
    // R-020-pods: its gang is complete and lists it; nobody but we would look at the gang again.
    let name = try #require(cluster.names(.pod).first)
    #expect(try wakesOfDeletion(.pod, name) == [owner, "PodCliqueSet demo"])
    let pod = try #require(cluster.state[TestCluster.key(.pod, name)])
    #expect(wakes(Change(old: nil, new: pod), cluster.state) == [owner, "PodCliqueSet demo"], "it is bound")
    // A gang that is not complete is waited for anyway.
    var state = cluster.state
    let gangName = try #require(pod.metadata.labels[LabelKey.podGang])
    guard case .podGang(var gang)? = state[TestCluster.key(.podGang, gangName)] else { return }
    gang.status.conditions = []
    state.insert(.podGang(gang))
    #expect(wakes(Change(old: pod, new: nil), state) == [owner])
    // As we made it, it is no news.
    guard case .pod(var fresh) = pod else { return }
    fresh.spec.nodeName = ""
    fresh.status = PodStatus(phase: "Pending")
    #expect(wakes(Change(old: nil, new: .pod(fresh)), state) == [])
    fresh.status.phase = "Failed"
    #expect(wakes(Change(old: nil, new: .pod(fresh)), state) == [owner])
  }

  // MARK: PodGangs and topology

  @Test func podGang() throws {
    #expect(
      try wakes(.podGang, "demo-0") { $0.metadata.generation += 1 } == [
        "PodGang demo-0", "PodClique demo-0-a", "PodClique demo-0-sg-0-b",
      ])
    #expect(try wakes(.podGang, "demo-0") { $0.metadata.annotations["x"] = "1" } == ["PodGang demo-0"])
    #expect(try wakes(.podGang, "demo-0") { $0.metadata.labels["x"] = "1" } == ["PodGang demo-0"])
    let gang = try cluster.podGang("demo-0")
    var pending = gang
    pending.status.conditions = []
    #expect(
      wakes(Change(old: .podGang(pending), new: .podGang(gang)), cluster.state) == [
        "PodClique demo-0-a", "PodClique demo-0-sg-0-b",
      ])
    #expect(wakes(Change(old: .podGang(gang), new: .podGang(pending)), cluster.state) == [])
    #expect(wakes(Change(old: nil, new: .podGang(pending)), cluster.state) == ["PodGang demo-0"])
  }

  @Test func topology() throws {
    var binding = ClusterTopologyBinding()
    binding.metadata = ObjectMeta(name: "topo", uid: "binding", generation: 1)
    var state = cluster.state
    state.insert(.clusterTopologyBinding(binding))
    #expect(
      wakes(Change(old: nil, new: .clusterTopologyBinding(binding)), state) == [
        "ClusterTopologyBinding topo", "PodCliqueSet demo",
      ])
    var told = binding
    told.status.observedGeneration = 1
    #expect(
      wakes(Change(old: .clusterTopologyBinding(binding), new: .clusterTopologyBinding(told)), state) == [
        "PodCliqueSet demo"
      ])
    binding.metadata.name = "other"
    #expect(
      wakes(Change(old: .clusterTopologyBinding(binding), new: nil), state) == [
        "ClusterTopologyBinding other"
      ])

    var kept = KAITopology()
    kept.metadata = ObjectMeta(name: "kept")
    kept.metadata.setController(OwnerReference(controller: told))
    #expect(wakes(Change(old: .kaiTopology(kept), new: nil), state) == ["ClusterTopologyBinding topo"])
    told.spec.schedulerTopologyBindings = [
      SchedulerTopologyBinding(schedulerName: "kai-scheduler", topologyReference: "theirs")
    ]
    state.insert(.clusterTopologyBinding(told))
    var theirs = KAITopology()
    theirs.metadata = ObjectMeta(name: "theirs")
    #expect(wakes(Change(old: nil, new: .kaiTopology(theirs)), state) == ["ClusterTopologyBinding topo"])
  }

  /// R-020-owned: what is ours and goes is made again.
  @Test(arguments: [
    (ResourceKind.podGang, "demo-0"), (.service, "demo-1"), (.serviceAccount, "demo"),
    (.role, "grove.io:pcs:demo"), (.roleBinding, "grove.io:pcs:demo"), (.secret, "demo-ic-sat"),
  ])
  func ownedObjects(kind: ResourceKind, name: String) throws {
    #expect(try wakesOfDeletion(kind, name) == ["PodCliqueSet demo"])
  }

  /// B-R25: a ComputeDomain that somebody deletes waits for us to take our finalizer off.
  @Test func computeDomainThatIsToGo() throws {
    var domain = ComputeDomain()
    domain.metadata = ObjectMeta(name: "demo-0-default", namespace: "default")
    domain.metadata.finalizers = [GroveName.computeDomainFinalizer]
    var owner = OwnerReference(
      apiVersion: PodCliqueSet.apiVersion, kind: PodCliqueSet.kind, name: "demo", uid: "1")
    owner.controller = true
    domain.metadata.ownerReferences = [owner]
    var leaving = domain
    leaving.metadata.deletionTimestamp = Timestamp(secondsSince1970: 1)
    let change = Change(old: .computeDomain(domain), new: .computeDomain(leaving))
    #expect(wakes(change, ObservedState()) == ["PodCliqueSet demo"])
    var prepared = domain
    prepared.metadata.labels["driver"] = "ready"
    #expect(wakes(Change(old: .computeDomain(domain), new: .computeDomain(prepared)), ObservedState()) == [])
  }
}
