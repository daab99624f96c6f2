import KubernetesModel
import Testing

@testable import KubernetesValidation

struct PriorityAdmissionTests {
  private func priorityClass(_ name: String, _ value: Int32, isDefault: Bool = false) -> PriorityClass {
    var result = PriorityClass()
    result.metadata.name = name
    result.value = value
    result.globalDefault = isDefault
    return result
  }

  @Test func namesBecomeNumbers() throws {
    let admission = PriorityAdmission(classes: [priorityClass("high", 1000)])
    var spec = PodSpec(priorityClassName: "high")
    try admission.admit(&spec)
    #expect(spec.priority == 1000 && spec.preemptionPolicy == "PreemptLowerPriority")
    var plain = PodSpec()
    try admission.admit(&plain)
    #expect(plain.priority == 0 && plain.priorityClassName.isEmpty)
    var critical = PodSpec(priorityClassName: "system-node-critical")
    try admission.admit(&critical)
    #expect(critical.priority == 2_000_001_000)
  }

  @Test func theLowestDefaultCounts() throws {
    let admission = PriorityAdmission(classes: [
      priorityClass("b", 7, isDefault: true), priorityClass("a", 5, isDefault: true),
    ])
    var spec = PodSpec()
    try admission.admit(&spec)
    #expect(spec.priorityClassName == "a" && spec.priority == 5)
  }

  @Test func refusals() {
    func refusal(_ spec: PodSpec, accepting: Bool = false) -> String? {
      var spec = spec
      do throws(PriorityAdmission.Refusal) {
        try PriorityAdmission(classes: [], acceptsUnknownClasses: accepting).admit(&spec)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(refusal(PodSpec(priorityClassName: "none")) == "no PriorityClass with name none was found")
    #expect(refusal(PodSpec(priorityClassName: "none"), accepting: true) == nil)
    #expect(refusal(PodSpec(priorityClassName: "system-other")) != nil)
    #expect(
      refusal(PodSpec(priority: 3))
        == "the integer value of priority (3) must not be provided in pod spec; priority admission controller "
        + "computed 0 from the given PriorityClass name")
    #expect(
      refusal(PodSpec(preemptionPolicy: "Never"))
        == "the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission "
        + "controller computed PreemptLowerPriority from the given PriorityClass name")
  }
}

struct ServiceValidationTests {
  private func texts(_ change: (inout ServiceSpec) -> Void) -> [String] {
    var service = Service()
    service.metadata.name = "s"
    service.metadata.namespace = "ns"
    service.spec.ports = [ServicePort(port: 80)]
    change(&service.spec)
    return ServiceValidation.problems(creating: service).map(\.message)
  }

  @Test func services() {
    #expect(texts { _ in } == [])
    #expect(
      texts {
        $0.ports = []
        $0.clusterIP = "None"
      } == [])
    #expect(texts { $0.ports = [] } == ["spec.ports: Required value"])
    #expect(
      texts { $0.ports[0].port = 0 } == [
        "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"
      ])
    #expect(
      texts { $0.ports.append(ServicePort(name: "b", port: 81)) } == ["spec.ports[0].name: Required value"])
    #expect(
      texts { $0.type = "Odd" } == [
        #"spec.type: Unsupported value: "Odd": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort""#
      ])
    #expect(
      texts { $0.sessionAffinity = "x" } == [
        #"spec.sessionAffinity: Unsupported value: "x": supported values: "ClientIP", "None""#
      ])
    #expect(
      texts { $0.clusterIP = "1.2.3" } == [
        #"spec.clusterIPs[0]: Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#
      ])
  }

  @Test func metadata() {
    let found = ObjectValidation.problems(
      ObjectMeta(name: "1a", generateName: "XY-", namespace: "a.b", finalizers: ["odd"]),
      nameForm: .serviceName)
    #expect(
      found.map(\.path) == [
        "metadata.generateName", "metadata.name", "metadata.namespace", "metadata.finalizers[0]",
      ])
    #expect(found.allSatisfy { $0.rule == "K-metadata" })
  }
}
