import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

struct PodBlueprintTests {
  private func settled(_ yaml: String) throws -> SmallCluster {
    var cluster = try SmallCluster(yaml)
    try cluster.syncSet()
    try cluster.settle()
    return cluster
  }

  @Test("R-900: the third pod of demo-0-sg-2-wk")
  func thirdPod() throws {
    let cluster = try settled(demo)
    let pod = try cluster.pod("demo-0-sg-2-wk-2")
    #expect(pod.metadata.generateName == "demo-0-sg-2-wk-")
    #expect(pod.spec.subdomain == "demo-0")
    #expect(pod.metadata.labels[LabelKey.podIndex] == "2")
    #expect(pod.metadata.labels[LabelKey.podGang] == "demo-0-sg-0")
    #expect(pod.metadata.labels[LabelKey.basePodGang] == "demo-0")
    let container = pod.spec.containers[0]
    #expect(
      container.env.map { $0.name + "=" + $0.value } == [
        "GROVE_PCS_NAME=demo", "GROVE_PCS_INDEX=0", "GROVE_PCLQ_NAME=demo-0-sg-2-wk",
        "GROVE_HEADLESS_SERVICE=demo-0.ns.svc.cluster.local", "GROVE_PCLQ_POD_INDEX=", "GROVE_PCSG_NAME=",
        "GROVE_PCSG_TEMPLATE_NUM_PODS=4", "GROVE_PCSG_INDEX=", "MINE=x",
      ])
    #expect(
      container.env[4].valueFrom?.fieldRef?.fieldPath == "metadata.labels['grove.io/podclique-pod-index']")
    #expect(pod.spec.initContainers.map(\.name) == ["prepare", "grove-initc"])
    #expect(pod.spec.initContainers[0].env.count == 8, "R-337: init containers are told, too")
    #expect(pod.spec.initContainers[1].env.isEmpty, "R-340: but not the injected one")
    #expect(pod.spec.initContainers[1].args == ["--podcliques=demo-0-sg-2-ld:1"], "R-900: own replica only")
    #expect(pod.spec.schedulingGates.map(\.name) == [GroveName.schedulingGate])
  }

  @Test("R-900: pods of the base gang wait for all base replicas of their predecessor")
  func dependencies() throws {
    let cluster = try settled(demo)
    #expect(
      try cluster.pod("demo-0-sg-0-wk-0").spec.initContainers[1].args
        == ["--podcliques=demo-0-sg-0-ld:1", "--podcliques=demo-0-sg-1-ld:1"])
    #expect(try cluster.pod("demo-0-sg-1-ld-0").spec.initContainers[0].args == ["--podcliques=demo-0-fe:1"])
    #expect(try cluster.pod("demo-0-fe-0").spec.initContainers.isEmpty)
    #expect(try cluster.pod("demo-0-sg-2-ld-0").spec.initContainers.isEmpty)
    let pod = try cluster.pod("demo-0-sg-1-ld-0")
    #expect(pod.spec.volumes.map(\.name) == ["sa-token-secret-vol", "pod-info-vol"])
    #expect(pod.spec.volumes[0].secret?.secretName == "demo-ic-sat")
    #expect(pod.spec.initContainers[0].image == "grove-initc:v0.1.0-dev")
  }

  @Test("B-R08: a clique whose name ends like another one's is not taken for it")
  func suffixNames() throws {
    let cluster = try settled(
      """
      metadata: {name: s}
      spec:
        replicas: 1
        template:
          cliqueStartupType: CliqueStartupTypeInOrder
          cliques:
          - {name: ld, spec: {roleName: a, replicas: 5, podSpec: {containers: [{name: c, image: a:1}]}}}
          - {name: x-ld, spec: {roleName: b, replicas: 3, podSpec: {containers: [{name: c, image: a:2}]}}}
          - {name: z, spec: {roleName: c, replicas: 1, podSpec: {containers: [{name: c, image: a:3}]}}}
      """)
    #expect(cluster.pods(of: "s-0-x-ld").count == 3)
    #expect(try cluster.pod("s-0-x-ld-0").spec.containers[0].image == "a:2")
    #expect(try cluster.pod("s-0-z-0").spec.initContainers[0].args == ["--podcliques=s-0-x-ld:3"])
    #expect(try cluster.podClique("s-0-x-ld").status.currentPodTemplateHash != nil)
  }

  @Test("B-R04, B-R16: the template's priority class and gates reach the pods")
  func priorityAndGates() throws {
    let cluster = try settled(
      """
      metadata: {name: s}
      spec:
        replicas: 1
        template:
          priorityClassName: gold
          cliques:
          - name: plain
            spec: {roleName: a, replicas: 1, podSpec: {containers: [{name: c, image: a:1}]}}
          - name: own
            spec:
              roleName: b
              replicas: 1
              podSpec:
                priorityClassName: silver
                schedulingGates: [{name: example.com/wait}]
                containers: [{name: c, image: a:1}]
      """)
    #expect(try cluster.pod("s-0-plain-0").spec.priorityClassName == "gold")
    #expect(try cluster.pod("s-0-own-0").spec.priorityClassName == "silver")
    #expect(
      try cluster.pod("s-0-own-0").spec.schedulingGates.map(\.name)
        == ["example.com/wait", GroveName.schedulingGate])
  }

  @Test("R-349: without image there is no pod that has to wait, and status says why")
  func missingImage() throws {
    var cluster = try SmallCluster(demo)
    cluster.configuration.initContainerImage = nil
    try cluster.syncSet()
    cluster.pass(overGroup: "demo-0-sg")
    #expect(cluster.pass(over: "demo-0-fe").outcome == .settled)
    let result = cluster.pass(over: "demo-0-sg-0-ld")
    #expect(result.errorCodes == ["ERR_INITCONTAINER_ENVIRONMENT_VARIABLE_MISSING"])
    #expect(result.createdPods.isEmpty)
    let status = try cluster.podClique("demo-0-sg-0-ld").status
    #expect(
      status.lastErrors.map(\.description) == [
        "failed to sync Pod: [Operation: Sync, Code: ERR_INITCONTAINER_ENVIRONMENT_VARIABLE_MISSING] message: "
          + "environment variable GROVE_INIT_CONTAINER_IMAGE specifying the init-container image is missing"
      ])
    #expect(status.observedGeneration == nil)
  }

  @Test("R-325: a scheduler that is not enabled makes no pods")
  func unknownScheduler() throws {
    var cluster = try SmallCluster(single)
    try cluster.syncSet()
    var podClique = try cluster.podClique("one-0-a")
    podClique.spec.podSpec.schedulerName = "kai-scheduler"
    cluster.state.insert(.podClique(podClique))
    let refused = cluster.pass(over: "one-0-a")
    #expect(refused.errorCodes == ["ERR_BUILD_POD_RESOURCE"])
    #expect(refused.createdPods.isEmpty)

    cluster.configuration.schedulerProfiles.append(.kai)
    let pods = cluster.pass(over: "one-0-a").createdPods
    #expect(pods.map(\.spec.hostname) == ["one-0-a-0", "one-0-a-1", "one-0-a-2"])
    #expect(pods[0].metadata.labels[LabelKey.kaiSubgroup] == "one-0-a")
  }
}
