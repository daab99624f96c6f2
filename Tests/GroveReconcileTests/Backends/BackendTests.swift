import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// What schedulers get (R-500…R-530, B-R26, B-R27).
struct BackendTests {
  // MARK: Pods (R-505…R-507)

  private func pod(_ scheduler: String = "", labels: StringMap<String> = Self.labels) -> Pod {
    var pod = Pod()
    pod.metadata.labels = labels
    pod.spec.schedulerName = scheduler
    return pod
  }

  private static let labels: StringMap<String> = [
    LabelKey.podGang: "demo-0", LabelKey.podClique: "demo-0-a",
  ]

  private static var configuration: OperatorConfiguration {
    var configuration = OperatorConfiguration()
    configuration.schedulerProfiles = [.defaultScheduler, .kai, .volcano, .lpx]
    return configuration
  }

  @Test func podsOfDefaultSchedulerAndLPX() throws {
    for name in ["", "default-scheduler", "lpx-scheduler"] {
      var pod = self.pod(name)
      try Self.configuration.preparePod(&pod)
      #expect(pod.spec.schedulerName == (name.isEmpty ? "default-scheduler" : name))
      #expect(pod.metadata.labels == Self.labels && pod.metadata.annotations.isEmpty)
    }
  }

  @Test func podsOfKAI() throws {
    var pod = self.pod("kai-scheduler")
    try Self.configuration.preparePod(&pod)
    #expect(
      pod.metadata.annotations == ["kai.scheduler/skip-podgrouper": "true", "pod-group-name": "demo-0"])
    #expect(pod.metadata.labels["kai.scheduler/subgroup-name"] == "demo-0-a")
    for key in [LabelKey.podGang, LabelKey.podClique] {
      var labels = Self.labels
      labels[key] = nil
      var incomplete = self.pod("kai-scheduler", labels: labels)
      let error = #expect(throws: PodPreparationError.self) {
        try Self.configuration.preparePod(&incomplete)
      }
      #expect(error?.description == "KAI scheduler requires pod label \"\(key)\"")
    }
  }

  @Test func podsOfVolcano() throws {
    var configuration = Self.configuration
    configuration.defaultScheduler = .volcano
    var pod = self.pod()
    try configuration.preparePod(&pod)
    #expect(pod.spec.schedulerName == "volcano")
    #expect(
      pod.metadata.annotations == [
        "scheduling.k8s.io/group-name": "demo-0", "scheduling.volcano.sh/group-name": "demo-0",
      ])
    var bare = self.pod("volcano", labels: [:])
    #expect(throws: PodPreparationError.self) { try configuration.preparePod(&bare) }
  }

  @Test func schedulerThatIsNotEnabled() {
    var pod = self.pod("kai-scheduler")
    let error = #expect(throws: PodPreparationError.self) {
      try OperatorConfiguration().preparePod(&pod)
    }
    #expect(
      error?.description == "schedulerName \"kai-scheduler\" is not enabled in OperatorConfiguration")
  }

  // MARK: KAI (R-520…R-526)

  private func kaiCluster(_ more: String = "", ofGroup: String = "") throws -> TestCluster {
    let groups = scalingGroup("sg", ["b"], replicas: 2, minAvailable: 1, more: ofGroup)
    var cluster = try TestCluster(
      demo(cliques: clique("a", replicas: 3, minAvailable: 2) + clique("b"), groups: groups, more: more)
    ) {
      $0.schedulerProfiles = [.defaultScheduler, .kai]
      $0.defaultScheduler = .kai
      $0.topologyAwareSchedulingEnabled = true
    }
    var binding = ClusterTopologyBinding()
    binding.metadata = ObjectMeta(name: "topo", uid: "topo")
    binding.spec.levels = [TopologyLevel(domain: "zone", key: "z"), TopologyLevel(domain: "rack", key: "r")]
    cluster.state.insert(.clusterTopologyBinding(binding))
    try cluster.changeSet { $0.metadata.labels["kai.scheduler/queue"] = "q" }
    return cluster
  }

  private func podGroup(_ cluster: TestCluster, _ name: String = "demo-0") throws -> KAIPodGroup {
    try #require(cluster.state.kaiPodGroups[ObjectName(namespace: "ns", name: name)])
  }

  @Test func podGroupWithoutTopology() throws {
    var cluster = try kaiCluster()
    try cluster.settle()
    let group = try self.podGroup(cluster)
    let gang = try cluster.podGang("demo-0")
    #expect(group.metadata.labels == gang.metadata.labels)
    #expect(group.metadata.annotations == ["kai.scheduler/skip-podgrouper": "true"])
    #expect(group.metadata.ownerReferences == [OwnerReference(controller: gang)])
    #expect(group.spec.minMember == 3 && group.spec.queue == "q")
    #expect(group.spec.topologyConstraint == KAITopologyConstraint())
    #expect(
      group.spec.subGroups == [
        KAISubGroup(name: "demo-0-a", minMember: 2), KAISubGroup(name: "demo-0-sg-0-b", minMember: 1),
      ])
  }

  @Test func podGroupWithTopology() throws {
    let ofGroup = "      topologyConstraint: {topologyName: topo, pack: {required: rack}}"
    let ofSet = "    topologyConstraint: {topologyName: topo, pack: {preferred: zone}}"
    var cluster = try kaiCluster(ofSet, ofGroup: ofGroup)
    try cluster.settle()
    let zone = KAITopologyConstraint(topology: "topo", preferredTopologyLevel: "z")
    let rack = KAITopologyConstraint(topology: "topo", requiredTopologyLevel: "r")
    let group = try self.podGroup(cluster)
    #expect(group.spec.topologyConstraint == zone)
    #expect(
      group.spec.subGroups == [
        KAISubGroup(name: "demo-0-sg-0", minSubGroup: 1, topologyConstraint: rack),
        KAISubGroup(name: "demo-0-a", minMember: 2),
        KAISubGroup(name: "demo-0-sg-0-b", minMember: 1, parent: "demo-0-sg-0"),
      ])
    #expect(try podGroup(cluster, "demo-0-sg-0").spec.topologyConstraint == rack)
  }

  /// B-R26: a binding that refers to somebody else's Topology means that one.
  @Test func externalTopology() throws {
    var cluster = try kaiCluster("    topologyConstraint: {topologyName: topo, pack: {required: zone}}")
    try cluster.change(.clusterTopologyBinding, "topo") { resource in
      guard case .clusterTopologyBinding(var binding) = resource else { return }
      binding.spec.schedulerTopologyBindings = [
        SchedulerTopologyBinding(schedulerName: "kai-scheduler", topologyReference: "theirs")
      ]
      resource = .clusterTopologyBinding(binding)
    }
    try cluster.settle()
    #expect(try podGroup(cluster).spec.topologyConstraint.topology == "theirs")
  }

  /// what KAI keeps on a PodGroup stays; the rest follows the PodGang.
  @Test func updatesKeepWhatIsKAIs() throws {
    var cluster = try kaiCluster()
    try cluster.settle()
    try cluster.change(.kaiPodGroup, "demo-0") { resource in
      guard case .kaiPodGroup(var group) = resource else { return }
      group.spec.markUnschedulable = true
      group.spec.schedulingBackoff = 7
      group.spec.queue = "other"
      group.metadata.labels["kai.scheduler/node-pool"] = "pool"
      group.metadata.labels["kai.scheduler/queue"] = "other"
      group.metadata.annotations["theirs"] = "x"
      resource = .kaiPodGroup(group)
    }
    #expect(cluster.pass(.podGang, "demo-0").steps.isEmpty)
    try cluster.changeSet {
      $0.metadata.labels["team"] = "red"
      $0.spec.template.priorityClassName = "gold"
    }
    try cluster.settle()
    let group = try self.podGroup(cluster)
    #expect(group.spec.priorityClassName == "gold")
    #expect(group.metadata.labels["team"] == "red")
    #expect(group.spec.queue == "other" && group.spec.markUnschedulable == true)
    #expect(group.spec.schedulingBackoff == 7)
    #expect(group.metadata.labels["kai.scheduler/queue"] == "other")
    #expect(group.metadata.labels["kai.scheduler/node-pool"] == "pool")
    #expect(group.metadata.annotations["theirs"] == "x")
  }

  /// …A-342.
  @Test func queues() throws {
    func problem(_ edit: (inout PodCliqueSet) -> Void) throws -> String? {
      var cluster = try kaiCluster()
      try cluster.changeSet("demo", edit)
      cluster.pass()
      cluster.pass()
      let result = cluster.pass(.podGang, "demo-0")
      guard case .failed(let errors) = result.outcome else { return nil }
      let event = try #require(cluster.events.last)
      #expect(event.reason == "KAIBackendMappingFailed" && event.severity == .warning)
      #expect(event.source == "scheduler-backend" && event.subject == TestCluster.key(.podGang, "demo-0"))
      #expect(errors.map(\.cause) == [event.message])
      return event.message
    }
    #expect(try problem { $0.metadata.labels = ["kai.scheduler/queue": "q"] } == nil)
    #expect(
      try problem {
        $0.metadata.labels = [:]
        $0.metadata.annotations = ["kai.scheduler/queue": "q"]
      } == nil)
    #expect(
      try problem { $0.metadata.labels = [:] }
        == "no KAI queue is configured on PodCliqueSet ns/demo or its PodClique templates")
    #expect(
      try problem { $0.spec.template.cliques[1].labels = ["kai.scheduler/queue": "z"] }
        == "KAI queue on PodCliqueSet ns/demo is \"q\" but PodClique template \"b\" resolves to \"z\"")
    #expect(
      try problem {
        $0.metadata.labels = [:]
        $0.spec.template.cliques[0].labels = ["kai.scheduler/queue": "z"]
        $0.spec.template.cliques[1].annotations = ["kai.scheduler/queue": "y"]
      } == "conflicting KAI queues on PodCliqueSet ns/demo PodClique templates: [y z]")
  }

  ///
  @Test func constraintWithoutTopology() throws {
    var cluster = try kaiCluster()
    try cluster.settle()
    try cluster.change(.podGang, "demo-0") { resource in
      guard case .podGang(var gang) = resource else { return }
      gang.spec.topologyConstraint = SchedulingTopologyConstraint(
        packConstraint: SchedulingTopologyPackConstraint(required: "z"))
      resource = .podGang(gang)
    }
    guard case .failed(let errors) = cluster.decide(.podGang, "demo-0").outcome else {
      Issue.record("the pass did not fail")
      return
    }
    #expect(
      errors.map(\.cause) == ["topology name cannot be empty when topology constraints are defined"])
  }

  // MARK: Volcano (R-530, B-R27)

  private func volcano() throws -> TestCluster {
    try TestCluster(demo(cliques: clique("a", replicas: 3, minAvailable: 2) + clique("b"))) {
      $0.schedulerProfiles = [.defaultScheduler, .volcano]
      $0.defaultScheduler = .volcano
    }
  }

  @Test func volcanoPodGroup() throws {
    var cluster = try volcano()
    try cluster.settle()
    let group = try #require(cluster.state.volcanoPodGroups[ObjectName(namespace: "ns", name: "demo-0")])
    #expect(group.spec.queue == "default" && group.spec.minMember == 3)
    #expect(group.metadata.labels == (try cluster.podGang("demo-0")).metadata.labels)
    #expect(group.metadata.annotations.isEmpty)
    #expect(
      group.spec.subGroupPolicy == [
        VolcanoSubGroupPolicy(
          name: "demo-0-a", labelSelector: LabelSelector(matchLabels: ["grove.io/podclique": "demo-0-a"]),
          matchLabelKeys: ["grove.io/podclique"], subGroupSize: 2, minSubGroups: 1),
        VolcanoSubGroupPolicy(
          name: "demo-0-b", labelSelector: LabelSelector(matchLabels: ["grove.io/podclique": "demo-0-b"]),
          matchLabelKeys: ["grove.io/podclique"], subGroupSize: 1, minSubGroups: 1),
      ])
    #expect(cluster.pass(.podGang, "demo-0").steps.isEmpty)
  }

  @Test func volcanoQueueOfTheSet() throws {
    var cluster = try volcano()
    try cluster.changeSet { $0.metadata.annotations["scheduling.grove.io/volcano-queue"] = " fast " }
    try cluster.settle()
    #expect(cluster.state.volcanoPodGroups[ObjectName(namespace: "ns", name: "demo-0")]?.spec.queue == "fast")
  }

  /// B-R27: a queue that only cliques name counts.
  @Test func volcanoQueueOfCliques() throws {
    var cluster = try volcano()
    try cluster.changeSet {
      $0.spec.template.cliques[1].annotations["scheduling.grove.io/volcano-queue"] = "batch"
    }
    try cluster.settle()
    #expect(
      cluster.state.volcanoPodGroups[ObjectName(namespace: "ns", name: "demo-0")]?.spec.queue == "batch")
  }

  /// a PodGang that names no enabled backend goes to the default one; one that is being deleted to none.
  @Test func choiceOfBackend() throws {
    var cluster = try volcano()
    try cluster.settle()
    cluster.state.remove(TestCluster.key(.volcanoPodGroup, "demo-0"))
    try cluster.change(.podGang, "demo-0") { $0.metadata.labels["grove.io/scheduler-name"] = "unknown" }
    #expect(cluster.decide(.podGang, "demo-0").summary == ["create VolcanoPodGroup demo-0"])
    let now = cluster.now
    try cluster.change(.podGang, "demo-0") { $0.metadata.deletionTimestamp = now }
    #expect(cluster.decide(.podGang, "demo-0") == Reconciliation())
  }
}
