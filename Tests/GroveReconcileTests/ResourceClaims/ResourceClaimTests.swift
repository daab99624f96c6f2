import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

struct ResourceClaimTests {
  private let shared = """
    metadata: {name: s, namespace: ns}
    spec:
      replicas: 2
      template:
        resourceClaimTemplates:
        - name: gpu
          templateSpec:
            metadata: {labels: {team: blue, grove.io/podclique-pod-index: "9"}, annotations: {note: hello}}
            spec: {devices: {requests: [{name: dev, exactly: {deviceClassName: gpu}}]}}
        resourceSharing:
        - {name: gpu, scope: PerReplica}
        - {name: net, namespace: other, scope: AllReplicas}
        cliques:
        - name: a
          resourceSharing: [{name: gpu, scope: PerReplica}, {name: net, namespace: other, scope: AllReplicas}]
          spec: {roleName: a, replicas: 3, podSpec: {containers: [{name: c, image: a:1}]}}
        - name: b
          spec: {roleName: b, replicas: 1, podSpec: {containers: [{name: c, image: a:1}]}}
        podCliqueScalingGroups:
        - name: g
          cliqueNames: [b]
          replicas: 2
          resourceSharing: [{name: gpu, scope: PerReplica}]
    """

  private var external: Resource {
    .resourceClaimTemplate(
      ResourceClaimTemplate(
        metadata: ObjectMeta(name: "net", namespace: "other"),
        spec: ResourceClaimTemplateSpec(
          spec: ResourceClaimSpec(devices: DeviceClaim(requests: [DeviceRequest(name: "nic")])))))
  }

  private func made(external isThere: Bool = true) throws -> SmallCluster {
    var cluster = try SmallCluster(shared)
    if isThere { cluster.state.insert(external) }
    try cluster.syncSet()
    return cluster
  }

  private func claim(_ name: String, _ cluster: SmallCluster) throws -> ResourceClaim {
    try #require(cluster.state.resourceClaims[ObjectName(namespace: "ns", name: name)])
  }

  /// What a pass over the PodCliqueSet does about its claims.
  @discardableResult
  private func syncSet(_ cluster: inout SmallCluster) throws -> ResourceClaimOutcome {
    var pass = Pass(
      configuration: cluster.configuration, state: cluster.state, now: cluster.now, source: "-")
    let outcome = pass.syncResourceClaims(ResourceClaimLevel(of: try cluster.set))
    for step in pass.steps { cluster.apply(step.action) }
    return outcome
  }

  @Test("R-431…R-434, R-436: names, templates, labels and owners of all levels")
  func levels() throws {
    var cluster = try made()
    try syncSet(&cluster)
    #expect(cluster.claims == ["s-0-gpu", "s-1-gpu", "s-all-net"])
    let result = cluster.pass(over: "s-0-a")
    let created = result.steps.compactMap { step -> String? in
      if case .create(let resource) = step.action { resource.metadata.name } else { nil }
    }
    #expect(
      Array(created.prefix(4)) == ["s-0-a-all-net", "s-0-a-0-gpu", "s-0-a-1-gpu", "s-0-a-2-gpu"],
      "before the pods")
    cluster.pass(overGroup: "s-0-g")
    #expect(cluster.claims.filter { $0.hasPrefix("s-0-g-") } == ["s-0-g-0-gpu", "s-0-g-1-gpu"])

    let ofPod = try claim("s-0-a-1-gpu", cluster)
    #expect(ofPod.metadata.labels[LabelKey.podClique] == "s-0-a")
    #expect(ofPod.metadata.labels[LabelKey.podIndex] == "1")
    #expect(ofPod.metadata.labels[LabelKey.component] == "resource-claim")
    #expect(ofPod.metadata.controller?.kind == "PodClique")
    #expect(ofPod.spec.devices?.requests.map(\.name) == ["dev"])
    #expect(try claim("s-0-a-all-net", cluster).spec.devices?.requests.map(\.name) == ["nic"])
    #expect(try claim("s-0-g-1-gpu", cluster).metadata.labels[LabelKey.scalingGroupReplicaIndex] == "1")
    #expect(try claim("s-1-gpu", cluster).metadata.labels[LabelKey.podCliqueSetReplicaIndex] == "1")
    #expect(try claim("s-all-net", cluster).metadata.labels[LabelKey.podCliqueSetReplicaIndex] == nil)
  }

  @Test("B-R21: metadata of the template is copied, but for what the operator finds claims by")
  func templateMetadata() throws {
    var cluster = try made()
    try syncSet(&cluster)
    let claim = try claim("s-0-gpu", cluster)
    #expect(claim.metadata.labels["team"] == "blue")
    #expect(claim.metadata.annotations["note"] == "hello")
    #expect(claim.metadata.labels[LabelKey.podIndex] == nil)
  }

  @Test("R-433: an existing claim keeps its spec and labels of its own")
  func existing() throws {
    var cluster = try made()
    try syncSet(&cluster)
    var edited = try claim("s-0-gpu", cluster)
    edited.metadata.labels[LabelKey.component] = "other"
    edited.metadata.labels["mine"] = "yes"
    edited.spec.devices = nil
    cluster.state.insert(.resourceClaim(edited))
    try syncSet(&cluster)
    let claim = try claim("s-0-gpu", cluster)
    #expect(claim.metadata.labels[LabelKey.component] == "resource-claim")
    #expect(claim.metadata.labels["mine"] == "yes")
    #expect(claim.spec.devices == nil)

    edited.metadata.ownerReferences[0].uid = "foreign"
    cluster.state.insert(.resourceClaim(edited))
    let outcome = try syncSet(&cluster)
    #expect(outcome.errors.map(\.code) == ["ERR_SYNC_PCS_RESOURCE_CLAIM"])
  }

  @Test("R-432: a missing template is an error; other entries are made, pods are not")
  func missingTemplate() throws {
    var cluster = try made(external: false)
    let result = cluster.pass(over: "s-0-a")
    #expect(result.errorCodes == ["ERR_SYNC_PCLQ_RESOURCE_CLAIM"])
    #expect(result.createdPods.isEmpty)
    #expect(cluster.claims == ["s-0-a-0-gpu", "s-0-a-1-gpu", "s-0-a-2-gpu"])
    #expect(
      try cluster.podClique("s-0-a").status.lastErrors.map(\.description) == [
        "failed to sync ResourceClaim: [Operation: Sync, Code: ERR_SYNC_PCLQ_RESOURCE_CLAIM] message: Error "
          + "ensuring PCLQ AllReplicas RCs for ns/s-0-a, cause: failed to ensure ResourceClaims: ref \"net\" "
          + "(index 1): failed to get external ResourceClaimTemplate other/net: "
          + "ResourceClaimTemplate.resource.k8s.io \"net\" not found"
      ])
    cluster.state.insert(external)
    #expect(cluster.pass(over: "s-0-a").createdPods.count == 3)
  }

  @Test("R-435, B-R23: claims of pods that are too many go when the pods are gone")
  func podScaleIn() throws {
    var cluster = try made()
    cluster.isSlowToTerminate = true
    try cluster.settle()
    // The newest would go; make the first one the least worth keeping.
    for hostname in ["s-0-a-1", "s-0-a-2"] { try cluster.change(hostname) { $0.becomeScheduled() } }
    try cluster.scale("s-0-a", to: 2)
    try cluster.settle()
    let left = cluster.pods(of: "s-0-a").filter { !$0.metadata.isTerminating }.map(\.spec.hostname)
    #expect(left.sorted() == ["s-0-a-1", "s-0-a-2"])
    #expect(cluster.claims.contains("s-0-a-2-gpu"), "a pod that stays uses it")
    try cluster.scale("s-0-a", to: 0)
    try cluster.settle()
    #expect(cluster.claims.contains("s-0-a-2-gpu"), "its pod still terminates")
    cluster.collect()
    try cluster.settle()
    #expect(cluster.claims.filter { $0.hasPrefix("s-0-a-") } == ["s-0-a-all-net"])
  }

  @Test("B-R23: a pod that has ended holds no claim, though it is still there")
  func finishedPod() throws {
    var cluster = try made()
    cluster.isSlowToTerminate = true
    try cluster.settle()
    for hostname in ["s-0-a-0", "s-0-a-1"] { try cluster.change(hostname) { $0.becomeScheduled() } }
    try cluster.change("s-0-a-2") { $0.status.phase = "Failed" }
    try cluster.scale("s-0-a", to: 2)
    try cluster.settle()
    #expect(cluster.pods(of: "s-0-a").contains { $0.spec.hostname == "s-0-a-2" }, "it is on its way out")
    #expect(!cluster.claims.contains("s-0-a-2-gpu"))
    #expect(cluster.claims.contains("s-0-a-1-gpu"))
  }

  @Test(
    "R-435, B-R23: claims of group replicas that are too many wait for their pods, and somebody looks again")
  func groupScaleIn() throws {
    var cluster = try made()
    cluster.isSlowToTerminate = true
    try cluster.recover()
    try cluster.scale(group: "s-0-g", to: 1)
    let first = cluster.pass(overGroup: "s-0-g")
    #expect(first.deletions == ["s-0-g-1-b"])
    #expect(first.requeueAfter == .seconds(5))
    #expect(first.outcome == .settled)
    try cluster.settle()
    #expect(cluster.claims.contains("s-0-g-1-gpu"))
    cluster.collect()
    try cluster.settle()
    #expect(!cluster.claims.contains("s-0-g-1-gpu"))
    #expect(cluster.claims.contains("s-0-g-0-gpu"))
    #expect(cluster.pass(overGroup: "s-0-g").requeueAfter == nil)
  }

  @Test("R-430: a level without entries is left alone")
  func emptyLevel() throws {
    var cluster = try made()
    try cluster.settle()
    var set = try cluster.set
    try syncSet(&cluster)
    set.spec.replicas = 0
    set.spec.template.resourceSharing = []
    cluster.state.insert(.podCliqueSet(set))
    try syncSet(&cluster)
    #expect(cluster.claims.contains("s-1-gpu"))
  }
}

struct ClaimInjectionTests {
  @Test("R-440: the order of claims in pods, and on which containers they are")
  func order() throws {
    var cluster = try SmallCluster(
      """
      metadata: {name: s}
      spec:
        replicas: 1
        template:
          cliqueStartupType: CliqueStartupTypeInOrder
          resourceSharing: [{name: p, scope: PerReplica}, {name: q, scope: AllReplicas}]
          resourceClaimTemplates: [{name: p}, {name: q}]
          cliques:
          - name: a
            spec: {roleName: a, replicas: 1, podSpec: {containers: [{name: c, image: a:1}]}}
          - name: b
            resourceSharing: [{name: p, scope: PerReplica}, {name: q, scope: AllReplicas}]
            spec:
              roleName: b
              replicas: 2
              podSpec:
                initContainers: [{name: i, image: a:1}]
                containers: [{name: c, image: a:1}, {name: d, image: a:1}]
          podCliqueScalingGroups:
          - name: g
            cliqueNames: [b]
            replicas: 1
            resourceSharing: [{name: p, scope: PerReplica}, {name: q, scope: AllReplicas}]
      """)
    try cluster.syncSet()
    try cluster.settle()
    let pod = try cluster.pod("s-0-g-0-b-1")
    let claims = ["s-all-q", "s-0-p", "s-0-g-all-q", "s-0-g-0-p", "s-0-g-0-b-all-q", "s-0-g-0-b-1-p"]
    #expect(pod.spec.resourceClaims.map(\.name) == claims)
    #expect(pod.spec.resourceClaims.map(\.resourceClaimName) == claims)
    for container in pod.spec.containers { #expect(container.resources.claims.map(\.name) == claims) }
    #expect(pod.spec.initContainers.map(\.name) == ["i", "grove-initc"])
    #expect(pod.spec.initContainers[0].resources.claims.map(\.name) == claims)
    #expect(pod.spec.initContainers[1].resources.claims.isEmpty, "R-340")
    #expect(try cluster.pod("s-0-g-0-b-0").spec.resourceClaims.last?.name == "s-0-g-0-b-0-p")
  }

  @Test("R-441, B-R24: filters; each name is looked up in its own list")
  func filters() throws {
    var cluster = try SmallCluster(
      """
      metadata: {name: s}
      spec:
        replicas: 1
        template:
          resourceClaimTemplates: [{name: t}, {name: u}, {name: v}]
          resourceSharing:
          - {name: t, scope: AllReplicas, filter: {childCliqueNames: [a]}}
          - {name: u, scope: AllReplicas, filter: {childScalingGroupNames: [g]}}
          - {name: v, scope: AllReplicas, filter: {childCliqueNames: [g], childScalingGroupNames: [a]}}
          cliques:
          - {name: a, spec: {roleName: a, replicas: 1, podSpec: {containers: [{name: c, image: a:1}]}}}
          - {name: b, spec: {roleName: b, replicas: 1, podSpec: {containers: [{name: c, image: a:1}]}}}
          - {name: d, spec: {roleName: d, replicas: 1, podSpec: {containers: [{name: c, image: a:1}]}}}
          podCliqueScalingGroups:
          - name: g
            cliqueNames: [b, d]
            replicas: 1
            resourceSharing: [{name: t, scope: AllReplicas, filter: {childCliqueNames: [d]}}]
      """)
    try cluster.syncSet()
    try cluster.settle()
    func claims(_ hostname: String) throws -> [String] {
      try cluster.pod(hostname).spec.resourceClaims.map(\.name)
    }
    #expect(try claims("s-0-a-0") == ["s-all-t"])
    #expect(try claims("s-0-g-0-b-0") == ["s-all-u"])
    #expect(try claims("s-0-g-0-d-0") == ["s-all-u", "s-0-g-all-t"])
  }
}
