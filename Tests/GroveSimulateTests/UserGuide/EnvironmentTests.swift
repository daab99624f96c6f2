import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveSimulate

/// user-guide-outputs.md §5. There are no containers whose output could be read; what they would print is in the
/// environment and the identity of their pods.
@Suite("User guide: environment variables")
struct EnvironmentTests {
  private func variables(_ pod: Pod) -> [(String, String)] {
    pod.spec.containers[0].env.map { ($0.name, $0.value) }
  }

  /// The value of a variable, taken from the pod's labels where it refers to them.
  private func value(_ name: String, of pod: Pod) -> String? {
    guard let variable = pod.spec.containers[0].env.first(where: { $0.name == name }) else { return nil }
    guard let path = variable.valueFrom?.fieldRef?.fieldPath else { return variable.value }
    let label = path.dropFirst("metadata.labels['".count).dropLast(2)
    return pod.metadata.labels[String(label)]
  }

  @Test("UG3-1…UG3-5: pods of a clique of its own")
  func standalone() throws {
    let set = "env-demo-standalone"
    var cluster = GuideCluster(nodes: 4)
    try cluster.apply(GuideCluster.manifest(set, cliques: [GuideCluster.clique("frontend", 2)]))
    let pods = cluster.pods(of: set)
    #expect(cluster.families(of: set) == ["\(set)-0-frontend ×2"])
    #expect(cluster.allRun(of: set))
    #expect(cluster.world.now - APIServer.defaultStart <= .seconds(60))
    for pod in pods {
      let index = try #require(pod.metadata.labels[LabelKey.podIndex])
      #expect(value("GROVE_PCS_NAME", of: pod) == set)
      #expect(value("GROVE_PCS_INDEX", of: pod) == "0")
      #expect(value("GROVE_PCLQ_NAME", of: pod) == "\(set)-0-frontend")
      #expect(value("GROVE_HEADLESS_SERVICE", of: pod) == "\(set)-0.default.svc.cluster.local")
      #expect(value("GROVE_PCLQ_POD_INDEX", of: pod) == index)
      #expect(value("GROVE_PCSG_NAME", of: pod) == nil)
      // UG3-4
      #expect(pod.spec.hostname == "\(set)-0-frontend-\(index)")
      #expect(pod.spec.subdomain == "\(set)-0")
    }
    #expect(Set(pods.compactMap { $0.metadata.labels[LabelKey.podIndex] }) == ["0", "1"])
    try cluster.kubectl("kubectl delete pcs \(set)")
    #expect(cluster.isGone(set))
  }

  private static let grouped = GuideCluster.manifest(
    "env-demo-pcsg",
    cliques: [
      GuideCluster.clique("leader", 1),
      GuideCluster.clique("worker", 3).replacing(
        "            image: nginx\n",
        with: """
                      image: nginx
                      env:
                      - {name: LEADER, value: $(GROVE_PCSG_NAME)-$(GROVE_PCSG_INDEX)-leader-0.$(GROVE_HEADLESS_SERVICE)}
                      - {name: GROVE_PCS_NAME, value: mine}

          """),
    ],
    groups: "    - {name: model-instance, cliqueNames: [leader, worker], replicas: 2}\n")

  @Test("UG3-6…UG3-9, UG3-14: pods of a group")
  func group() throws {
    let (set, group) = ("env-demo-pcsg", "env-demo-pcsg-0-model-instance")
    var cluster = GuideCluster(nodes: 10)
    try cluster.apply(Self.grouped)
    #expect(
      cluster.families(of: set)
        == (0..<2).flatMap { ["\(group)-\($0)-leader ×1", "\(group)-\($0)-worker ×3"] })
    #expect(cluster.allRun(of: set))
    for pod in cluster.pods(of: set) {
      let instance = try #require(pod.metadata.labels[LabelKey.scalingGroupReplicaIndex])
      #expect(value("GROVE_PCS_NAME", of: pod) == set)
      #expect(value("GROVE_PCSG_NAME", of: pod) == group)
      #expect(value("GROVE_PCSG_INDEX", of: pod) == instance)
      #expect(value("GROVE_PCSG_TEMPLATE_NUM_PODS", of: pod) == "4")
      #expect(value("GROVE_PCLQ_NAME", of: pod) == pod.metadata.labels[LabelKey.podClique])
      #expect(value("GROVE_PCLQ_POD_INDEX", of: pod) == pod.metadata.labels[LabelKey.podIndex])
      #expect(pod.spec.subdomain == "\(set)-0")
    }
    let leaders = cluster.pods(of: set).filter { $0.metadata.name.contains("-leader-") }
    #expect(leaders.map(\.spec.hostname) == ["\(group)-0-leader-0", "\(group)-1-leader-0"])
    try cluster.kubectl("kubectl delete pcs \(set)")
    #expect(cluster.isGone(set))
  }

  @Test("UG3-11: one service finds all pods of a replica")
  func service() throws {
    var cluster = GuideCluster(nodes: 10)
    try cluster.apply(Self.grouped)
    let key = ObjectKey(.service, namespace: "default", name: "env-demo-pcsg-0")
    guard case .service(let service)? = cluster.world.server[key] else {
      Issue.record("there is no service")
      return
    }
    #expect(service.spec.clusterIP == "None")
    let selector = LabelSelector(matchLabels: service.spec.selector)
    #expect(cluster.pods(of: "env-demo-pcsg").allSatisfy { selector.matches($0.metadata.labels) })
  }

  @Test("UG3-12: Grove's variables come first, and replace those of the template")
  func order() throws {
    var cluster = GuideCluster(nodes: 10)
    try cluster.apply(Self.grouped)
    let worker = try #require(
      cluster.pods(of: "env-demo-pcsg").first { $0.metadata.name.contains("-worker-") })
    let names = variables(worker).map(\.0)
    #expect(names.last == "LEADER")
    #expect(names.filter { $0 == "GROVE_PCS_NAME" }.count == 1)
    #expect(value("GROVE_PCS_NAME", of: worker) == "env-demo-pcsg")
    #expect(names.dropLast().allSatisfy { $0.hasPrefix("GROVE_") })
  }

  @Test("UG3-13: pods that run keep the number of pods of the template")
  func templateNumber() throws {
    var cluster = GuideCluster(nodes: 10)
    try cluster.apply(Self.grouped)
    let before = Set(cluster.pods(of: "env-demo-pcsg").map(\.metadata.uid))
    try cluster.kubectl("kubectl scale pclq env-demo-pcsg-0-model-instance-0-worker --replicas=4")
    #expect(cluster.pods(of: "env-demo-pcsg").count == 9)
    for pod in cluster.pods(of: "env-demo-pcsg") where before.contains(pod.metadata.uid) {
      #expect(value("GROVE_PCSG_TEMPLATE_NUM_PODS", of: pod) == "4")
    }
  }
}
