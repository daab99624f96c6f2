import GroveModel
import KubernetesModel
import Testing

/// The tables of names, labels and selectors (R-030…R-063).
@Suite("Naming")
struct NamingTests {
  @Test("Names of the quickstart's objects")
  func quickstart() {
    #expect(Naming.podClique("simple1", replica: 0, clique: "pca") == "simple1-0-pca")
    let group = Naming.scalingGroup("simple1", replica: 0, group: "sga")
    #expect(group == "simple1-0-sga")
    #expect(Naming.memberPodClique(scalingGroup: group, replica: 1, clique: "pcb") == "simple1-0-sga-1-pcb")
    #expect(Naming.scalingGroupReplica(group, replica: 1) == "simple1-0-sga-1")
    #expect(Naming.headlessService("simple1", replica: 0) == "simple1-0")
    #expect(
      Naming.headlessServiceAddress("simple1", replica: 0, namespace: "default")
        == "simple1-0.default.svc.cluster.local")
    #expect(Naming.basePodGang("simple1", replica: 1) == "simple1-1")
    #expect(Naming.serviceAccount("simple1") == "simple1")
    #expect(Naming.role("simple1") == "grove.io:pcs:simple1")
    #expect(Naming.roleLabel("simple1") == "grove.io-pcs-simple1")
    #expect(Naming.tokenSecret("simple1") == "simple1-ic-sat")
    #expect(Naming.legacyTokenSecret("simple1") == "simple1-initc-sa-token-secret")
    #expect(Naming.hostname(podClique: "simple1-0-pca", podIndex: 2) == "simple1-0-pca-2")
    #expect(Naming.computeDomain("my-workload", replica: 0, group: "my-group") == "my-workload-0-my-group")
  }

  @Test(
    "Gang of a scaling group replica (R-037, R-221)",
    arguments: [
      (0, 3, "simple1-0"), (2, 3, "simple1-0"), (3, 3, "simple1-0-sga-0"), (4, 3, "simple1-0-sga-1"),
      (1, 1, "simple1-0-sga-0"), (0, 1, "simple1-0"),
    ])
  func gangs(replica: Int, minAvailable: Int, gang: String) {
    #expect(
      Naming.podGang(
        "simple1", replica: 0, scalingGroup: "simple1-0-sga", scalingGroupReplica: replica,
        minAvailable: minAvailable) == gang)
  }

  @Test("Ten replicas with a minimum of three have seven scaled gangs")
  func scaledGangs() {
    let gangs = (0..<10).map {
      Naming.podGang(
        "tas-large-scale", replica: 0, scalingGroup: "tas-large-scale-0-workers", scalingGroupReplica: $0,
        minAvailable: 3)
    }
    #expect(gangs[..<3].allSatisfy { $0 == "tas-large-scale-0" })
    #expect(gangs[3...].map(\.self) == (0..<7).map { "tas-large-scale-0-workers-\($0)" })
  }

  @Test("Claims (R-431)")
  func claims() {
    #expect(Naming.sharedClaim(owner: "rs-test", template: "int-tpl5") == "rs-test-all-int-tpl5")
    #expect(
      Naming.indexedClaim(owner: "rs-test-0-sga", index: 1, template: "int-tpl3")
        == "rs-test-0-sga-1-int-tpl3")
    #expect(
      Naming.indexedClaim(owner: "rs-test-0-worker-a", index: 1, template: "int-tpl4")
        == "rs-test-0-worker-a-1-int-tpl4")
  }

  @Test("The documentation's arithmetic of pod names")
  func lengths() {
    let set = "mn-disagg"
    func podName(_ group: String?, _ clique: String, _ digits: Int = 1) -> Int {
      let index = Int(String(repeating: "9", count: digits)) ?? 0
      let podClique =
        group.map {
          Naming.memberPodClique(
            scalingGroup: Naming.scalingGroup(set, replica: index, group: $0), replica: index, clique: clique)
        } ?? Naming.podClique(set, replica: index, clique: clique)
      return podClique.utf8.count + "-a7b3c".utf8.count
    }
    #expect(podName(nil, "frontend") == 26)
    #expect(podName("prefill", "pleader") == 35)
    #expect(podName("prefill", "pworker") == 35)
    #expect(podName("decode", "dleader") == 34)
    #expect(63 - podName("prefill", "pworker") == 28)
    #expect([2, 3, 7].map { podName("prefill", "pworker", $0) } == [37, 39, 47])
    #expect(Naming.combinedNameBudget == 45)
  }

  @Test("Labels that all objects of a set carry (R-051…R-053)")
  func labels() {
    #expect(
      Labels.common("simple1")
        == ["app.kubernetes.io/managed-by": "grove-operator", "app.kubernetes.io/part-of": "simple1"])
    #expect(
      Labels.of(.headlessService, podCliqueSet: "simple1", name: "simple1-0") == [
        "app.kubernetes.io/component": "pcs-headless-service",
        "app.kubernetes.io/managed-by": "grove-operator",
        "app.kubernetes.io/name": "simple1-0", "app.kubernetes.io/part-of": "simple1",
      ])
    #expect(Labels.of(.podGang, podCliqueSet: "simple1")["app.kubernetes.io/name"] == nil)
  }

  @Test("Component values (R-053)")
  func components() {
    #expect(
      Component.allCases.map(\.rawValue) == [
        "pcs-headless-service", "pod-role", "pod-role-binding", "pod-service-account", "pod-sa-token-secret",
        "pcs-podcliquescalinggroup", "pcs-hpa", "podgang", "pcs-podclique", "pcsg-podclique",
        "resource-claim",
        "pcs-computedomain",
      ])
  }

  @Test("Selectors of the scale subresources (R-744, R-755, R-774)")
  func selectors() {
    let common = "app.kubernetes.io/managed-by=grove-operator,app.kubernetes.io/part-of=simple1"
    #expect(Labels.podCliqueSetSelector("simple1") == common)
    #expect(
      Labels.scalingGroupSelector("simple1", scalingGroup: "simple1-0-sga")
        == common + ",grove.io/podcliquescalinggroup=simple1-0-sga")
    #expect(
      Labels.podCliqueSelector("simple1", podClique: "simple1-0-pca")
        == common + ",grove.io/podclique=simple1-0-pca")
  }

  @Test("Keys and names of the API")
  func keys() {
    let grove: KeyValuePairs = [
      LabelKey.podClique: "podclique", LabelKey.podGang: "podgang", LabelKey.basePodGang: "base-podgang",
      LabelKey.podCliqueSetReplicaIndex: "podcliqueset-replica-index",
      LabelKey.scalingGroup: "podcliquescalinggroup",
      LabelKey.scalingGroupReplicaIndex: "podcliquescalinggroup-replica-index",
      LabelKey.podIndex: "podclique-pod-index", LabelKey.podTemplateHash: "pod-template-hash",
      LabelKey.schedulerName: "scheduler-name", LabelKey.mnnvlGroup: "mnnvl-group",
      AnnotationKey.topologyName: "topology-name", AnnotationKey.mnnvlGroup: "mnnvl-group",
      AnnotationKey.disableManagedResourceProtection: "disable-managed-resource-protection",
      AnnotationKey.reconcileTrigger: "reconcile-trigger",
      GroveName.podCliqueSetFinalizer: "podcliqueset.grove.io",
      GroveName.podCliqueFinalizer: "podclique.grove.io",
      GroveName.scalingGroupFinalizer: "podcliquescalinggroup.grove.io",
      GroveName.computeDomainFinalizer: "computedomain-finalizer",
      GroveName.schedulingGate: "podgang-pending-creation",
    ]
    for (key, name) in grove { #expect(key == LabelKey.grovePrefix + name) }
    #expect(LabelKey.kaiQueue == "kai.scheduler/queue")
    #expect(LabelKey.kaiNodePool == "kai.scheduler/node-pool")
    #expect(LabelKey.kaiSubgroup == "kai.scheduler/subgroup-name")
    #expect(AnnotationKey.kaiSkipPodGrouper == "kai.scheduler/skip-podgrouper")
    #expect(AnnotationKey.kaiPodGroup == "pod-group-name")
    #expect(AnnotationKey.volcanoQueue == "scheduling.grove.io/volcano-queue")
  }

  @Test("Environment variables (R-220, R-337)")
  func environment() {
    #expect(
      [
        EnvironmentName.podCliqueSet, EnvironmentName.podCliqueSetIndex, EnvironmentName.podClique,
        EnvironmentName.headlessService, EnvironmentName.podIndex, EnvironmentName.scalingGroup,
        EnvironmentName.scalingGroupIndex, EnvironmentName.scalingGroupPods,
      ] == [
        "GROVE_PCS_NAME", "GROVE_PCS_INDEX", "GROVE_PCLQ_NAME", "GROVE_HEADLESS_SERVICE",
        "GROVE_PCLQ_POD_INDEX",
        "GROVE_PCSG_NAME", "GROVE_PCSG_INDEX", "GROVE_PCSG_TEMPLATE_NUM_PODS",
      ])
  }
}
