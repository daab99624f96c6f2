import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// Headless Services and HorizontalPodAutoscalers (R-157, R-158, B-R07).
struct ServicesAndAutoscalersTests {
  private static let autoscaled = demo(
    replicas: 2,
    cliques: """
          - name: a
            spec:
              roleName: a
              replicas: 2
              autoScalingConfig: {minReplicas: 2, maxReplicas: 4}
              podSpec:
                containers: [{name: main, image: nginx}]

      """ + clique("b"),
    groups: scalingGroup("sg", ["b"], more: "      scaleConfig: {minReplicas: 1, maxReplicas: 3}"))

  private func service(_ cluster: TestCluster, _ name: String) throws -> Service {
    try #require(cluster.state.services[ObjectName(namespace: "ns", name: name)])
  }

  @Test func servicesFollowReplicas() throws {
    var cluster = try TestCluster(demo(replicas: 2, cliques: clique("a")))
    try cluster.settle()
    #expect(cluster.names(.service) == ["demo-0", "demo-1"])
    let made = try service(cluster, "demo-1")
    #expect(made.spec.clusterIP == "None")
    #expect(made.spec.publishNotReadyAddresses == false)
    #expect(
      made.spec.selector == [
        "app.kubernetes.io/managed-by": "grove-operator", "app.kubernetes.io/part-of": "demo",
        "grove.io/podcliqueset-replica-index": "1",
      ])
    #expect(made.metadata.labels[LabelKey.component] == "pcs-headless-service")
    #expect(made.metadata.labels[LabelKey.name] == "demo-1")

    try cluster.changeSet { $0.spec.replicas = 1 }
    let result = cluster.pass()
    #expect(result.summary.contains("delete Service demo-1"))
    #expect(cluster.names(.service) == ["demo-0"])
  }

  @Test func whatTheServerFillsInIsNoDifference() throws {
    var cluster = try TestCluster(demo(cliques: clique("a")))
    try cluster.settle()
    var filled = try service(cluster, "demo-0")
    filled.spec.clusterIPs = ["None"]
    filled.spec.ipFamilies = ["IPv4"]
    filled.spec.ipFamilyPolicy = "SingleStack"
    filled.spec.internalTrafficPolicy = "Cluster"
    filled.spec.sessionAffinity = "None"
    filled.spec.type = "ClusterIP"
    cluster.state.insert(.service(filled))
    #expect(cluster.pass().steps.isEmpty)

    var changed = filled
    changed.spec.sessionAffinity = "ClientIP"
    changed.spec.ports = [ServicePort(port: 80)]
    cluster.state.insert(.service(changed))
    #expect(cluster.pass().summary == ["update Service demo-0"])
    let restored = try service(cluster, "demo-0")
    #expect(restored.spec.sessionAffinity.isEmpty && restored.spec.ports.isEmpty)
    #expect(restored.spec.ipFamilies == ["IPv4"])
  }

  @Test func publishesAddressesOfPodsThatAreNotReady() throws {
    var cluster = try TestCluster(demo(cliques: clique("a")))
    try cluster.settle()
    try cluster.changeSet {
      $0.spec.template.headlessServiceConfig = HeadlessServiceConfig(publishNotReadyAddresses: true)
    }
    #expect(cluster.pass().summary == ["update Service demo-0", "status PodCliqueSet demo"])
    #expect(try service(cluster, "demo-0").spec.publishNotReadyAddresses)
  }

  @Test func autoscalers() throws {
    var cluster = try TestCluster(Self.autoscaled)
    try cluster.settle()
    #expect(
      cluster.names(.horizontalPodAutoscaler) == ["demo-0-a", "demo-0-sg", "demo-1-a", "demo-1-sg"])
    let ofGroup = try #require(
      cluster.state.horizontalPodAutoscalers[ObjectName(namespace: "ns", name: "demo-1-sg")])
    #expect(
      ofGroup.spec.scaleTargetRef
        == CrossVersionObjectReference(
          apiVersion: "grove.io/v1alpha1", kind: "PodCliqueScalingGroup", name: "demo-1-sg"))
    #expect(ofGroup.spec.minReplicas == 1 && ofGroup.spec.maxReplicas == 3)
    #expect(ofGroup.spec.metrics.isEmpty)

    // 80 % of CPU is what the API server fills in; a behaviour is the user's.
    var filled = ofGroup
    filled.spec.metrics = [
      MetricSpec(
        resource: ResourceMetricSource(
          name: "cpu", target: MetricTarget(averageUtilization: 80, type: "Utilization")),
        type: "Resource")
    ]
    filled.spec.behavior = HorizontalPodAutoscalerBehavior(
      scaleDown: HPAScalingRules(stabilizationWindowSeconds: 10))
    cluster.state.insert(.horizontalPodAutoscaler(filled))
    #expect(cluster.pass().steps.isEmpty)
    filled.spec.maxReplicas = 9
    cluster.state.insert(.horizontalPodAutoscaler(filled))
    #expect(cluster.pass().summary == ["update HorizontalPodAutoscaler demo-1-sg"])

    try cluster.changeSet { $0.spec.template.podCliqueScalingGroups[0].scaleConfig = nil }
    #expect(
      cluster.pass().summary.prefix(2) == [
        "delete HorizontalPodAutoscaler demo-0-sg", "delete HorizontalPodAutoscaler demo-1-sg",
      ])
  }

  /// B-R38: a clique and a scaling group of one name want the same autoscaler.
  @Test func autoscalersOfOneName() throws {
    var cluster = try TestCluster(Self.autoscaled)
    try cluster.changeSet { $0.spec.template.podCliqueScalingGroups[0].name = "a" }
    guard case .failed(let errors) = cluster.pass().outcome else {
      Issue.record("the pass did not fail")
      return
    }
    #expect(errors.map(\.code) == ["ERR_SYNC_HPA"])
    #expect(cluster.names(.horizontalPodAutoscaler) == ["demo-0-a"])
  }
}
