import GroveModel
import KubernetesModel
import Testing

@testable import GroveAdmission

@Suite("Rules of MNNVL groups")
struct MNNVLRuleTests {
  private let admission = Admission(configuration: .autoMNNVL)
  private let key = "grove.io/mnnvl-group"

  @Test("On creation (A-200…A-202)")
  func creation() {
    #expect(
      admission.refusals { $0.metadata.annotations[key] = "" } == [
        "metadata.annotations.\(key): Invalid value: \"\": mnnvl-group value must not be empty"
      ])
    #expect(
      admission.refusals { $0.spec.template.cliques[0].annotations[key] = "a.b" } == [
        "spec.template.cliques[0].annotations.\(key): Invalid value: \"a.b\": mnnvl-group value \"a.b\" is not a valid "
          + "DNS-1123 label: must not contain dots"
      ])
    #expect(admission.refusals { $0.metadata.annotations[key] = "none" }.isEmpty)
    #expect(admission.refusals { $0.metadata.annotations[key] = "g1" }.isEmpty)
    let disabled =
      "MNNVL is not enabled in the operator configuration. Either enable MNNVL globally or remove the \(key) annotation"
    #expect(
      Admission().refusals {
        $0.metadata.annotations[key] = "none"
        $0.spec.template.cliques[0].annotations[key] = "g1"
        $0.spec.template.podCliqueScalingGroups[0].annotations[key] = ""
      } == [
        "spec.template.cliques[0].annotations.\(key): Invalid value: \"g1\": \(disabled)",
        "spec.template.podCliqueScalingGroups[0].annotations.\(key): Invalid value: \"\": mnnvl-group value must not "
          + "be empty",
        "spec.template.podCliqueScalingGroups[0].annotations.\(key): Invalid value: \"\": \(disabled)",
      ])
  }

  @Test("On update (A-203)")
  func update() {
    let grouped = Sample.set {
      $0.metadata.annotations[key] = "g1"
      $0.spec.template.cliques[1].annotations[key] = "g1"
      $0.spec.template.podCliqueScalingGroups[0].annotations[key] = "g1"
    }
    #expect(
      Admission().updateRefusals { $0.metadata.annotations[key] = "g1" } == [
        "metadata.annotations.\(key): Forbidden: annotation \(key) cannot be added after creation"
      ])
    #expect(
      Admission().updateRefusals(from: grouped) {
        $0.metadata.annotations[key] = nil
        $0.spec.template.cliques[1].annotations[key] = "g2"
        $0.spec.template.podCliqueScalingGroups[0].annotations[key] = "none"
      } == [
        "metadata.annotations.\(key): Forbidden: annotation \(key) cannot be removed after creation",
        "spec.template.cliques[1].annotations.\(key): Invalid value: \"g2\": annotation \(key) is immutable and cannot "
          + "be changed from \"g1\" to \"g2\"",
        "spec.template.podCliqueScalingGroups[0].annotations.\(key): Invalid value: \"none\": annotation \(key) is "
          + "immutable and cannot be changed from \"g1\" to \"none\"",
      ])
  }

  @Test("A group on a clique without GPUs is accepted (A-204), and said to be useless (B-A06)")
  func withoutGPU() {
    let found = admission.validate(create: Sample.set { $0.spec.template.cliques[0].annotations[key] = "g1" })
    #expect(found.rules == ["W-B-A06"])
    #expect(found.errors.isEmpty)
    let useful = admission.validate(
      create: Sample.set {
        $0.spec.template.cliques[0].annotations[key] = "g1"
        $0.spec.template.cliques[0].spec.podSpec.containers[0].resources.limits["nvidia.com/gpu"] = 1
      })
    #expect(useful.isEmpty)
  }
}

@Suite("Rules of scheduler backends")
struct BackendRuleTests {
  private static func admission(_ backend: SchedulerBackend, queues: [VolcanoQueue]? = nil) -> Admission {
    var configuration = OperatorConfiguration()
    configuration.schedulerProfiles = [.defaultScheduler, backend]
    configuration.defaultScheduler = backend
    configuration.topologyAwareSchedulingEnabled = true
    return Admission(configuration: configuration, topologies: [Sample.topology()], volcanoQueues: queues)
  }

  /// The backend's own words: what follows the quoted spec.
  private func objection(_ admission: Admission, _ change: (inout PodCliqueSet) -> Void) throws -> String? {
    let errors = admission.validate(create: admission.default(Sample.sent(change))).errors
    guard let error = errors.last else { return nil }
    #expect(errors.count == 1)
    #expect(error.path == "spec")
    #expect(error.kind == .invalid)
    let value = try #require(error.value)
    #expect(value.hasPrefix("{\"replicas\":1,\"template\":{\"cliques\":[{\"name\":\"a\","))
    #expect(value.hasSuffix("}"))
    return error.detail
  }

  @Test("Not enabled (A-330); the scheduler of Kubernetes objects to nothing (A-331)")
  func enabled() {
    let errors = Admission().validate(
      create: Sample.set {
        for index in 0..<3 { $0.spec.template.cliques[index].spec.podSpec.schedulerName = "kai-scheduler" }
      }
    ).errors
    #expect(errors.last?.detail == "schedulerName \"kai-scheduler\" is not enabled in OperatorConfiguration")
    #expect(Admission().validate(create: Sample.set()).isEmpty)
  }

  @Test("LPX (A-332)")
  func lpx() throws {
    let admission = BackendRuleTests.admission(.lpx)
    #expect(try objection(admission) { _ in } == nil)
    #expect(
      try objection(admission) {
        $0.spec.template.cliques[0].topologyConstraint = Sample.constraint("topo", required: "rack")
      }
        == "lpx-scheduler does not support Grove topology constraints; placement topology must be expressed through "
        + "the LPX workload contract")
  }

  @Test("KAI queues (A-340…A-342)")
  func kai() throws {
    let admission = BackendRuleTests.admission(.kai)
    let key = LabelKey.kaiQueue
    #expect(try objection(admission) { $0.metadata.labels[key] = "q" } == nil)
    #expect(try objection(admission) { $0.metadata.annotations[key] = "q" } == nil)
    #expect(try objection(admission) { $0.spec.template.cliques[2].labels[key] = "q" } == nil)
    #expect(
      try objection(admission) {
        $0.metadata.labels[key] = "q"
        $0.metadata.annotations[key] = "ignored"
        $0.spec.template.cliques[1].annotations[key] = "r"
      } == "KAI queue on PodCliqueSet ns/set is \"q\" but PodClique template \"b\" resolves to \"r\"")
    #expect(
      try objection(admission) { $0.metadata.labels[key] = "" }
        == "no KAI queue is configured on PodCliqueSet ns/set or its PodClique templates")
    #expect(
      try objection(admission) {
        for (index, queue) in ["q2", "q1", "q2"].enumerated() {
          $0.spec.template.cliques[index].labels[key] = queue
        }
      } == "conflicting KAI queues on PodCliqueSet ns/set PodClique templates: [q1 q2]")
  }

  @Test("Volcano: topology (A-350)")
  func volcanoTopology() throws {
    let admission = BackendRuleTests.admission(.volcano)
    let text = "volcano scheduler backend does not support topologyConstraint on"
    let constraint = Sample.constraint("topo", required: "rack")
    #expect(
      try objection(admission) { $0.spec.template.topologyConstraint = constraint } == "\(text) PodCliqueSet")
    #expect(
      try objection(admission) { $0.spec.template.cliques[1].topologyConstraint = constraint }
        == "\(text) PodClique \"b\"")
    #expect(
      try objection(admission) { $0.spec.template.podCliqueScalingGroups[0].topologyConstraint = constraint }
        == "\(text) PodCliqueScalingGroup \"sg\"")
  }

  @Test("Volcano: queues (A-351…A-355)")
  func volcanoQueues() throws {
    let admission = BackendRuleTests.admission(.volcano)
    let key = AnnotationKey.volcanoQueue
    func clique(_ index: Int) -> String { "spec.template.cliques[\(index)].annotations[\(key)]" }
    #expect(try objection(admission) { $0.metadata.annotations[key] = "  q " } == nil)
    #expect(
      try objection(admission) { $0.metadata.annotations[key] = "Q" }?
        .hasPrefix("metadata.annotations[\(key)]: a lowercase RFC 1123 subdomain must consist") == true)
    #expect(
      try objection(admission) { $0.spec.template.cliques[2].annotations[key] = "Q" }?
        .hasPrefix("\(clique(2)): a lowercase RFC 1123 subdomain must consist") == true)
    #expect(
      try objection(admission) {
        $0.metadata.annotations[key] = "q"
        $0.spec.template.cliques[1].annotations[key] = "r"
      }
        == "\(clique(1)): conflicting volcano queue annotations: PodCliqueSet has \"q\", PodClique has \"r\"")
    let same = "all PodCliques in a PodCliqueSet using volcano scheduler must resolve to the same queue"
    #expect(
      try objection(admission) { $0.spec.template.cliques[0].annotations[key] = "r" }
        == "[\(clique(1)): \(same), \(clique(2)): \(same)]")
    let known = BackendRuleTests.admission(
      .volcano, queues: [VolcanoQueue(name: "open"), VolcanoQueue(name: "shut", state: "Closed")])
    #expect(try objection(known) { $0.metadata.annotations[key] = "open" } == nil)
    #expect(
      try objection(known) { $0.metadata.annotations[key] = "shut" } == "volcano queue \"shut\" is not Open")
    #expect(try objection(known) { _ in } == "volcano queue \"default\" does not exist")
  }
}
