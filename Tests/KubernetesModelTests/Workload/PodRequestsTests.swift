import KubernetesModel
import Testing

@Suite("What a pod asks of a node")
struct PodRequestsTests {
  private func container(_ cpu: Quantity, restart: String? = nil) -> Container {
    Container(name: "c", resources: ResourceRequirements(requests: ["cpu": cpu]), restartPolicy: restart)
  }

  @Test func sumsContainers() {
    let spec = PodSpec(containers: [container(1), container(2)])
    #expect(spec.effectiveRequests["cpu"] == 3)
  }

  @Test func takesTheLargestInitContainerWhenItIsMore() {
    let spec = PodSpec(
      initContainers: [container(5), container(4)], containers: [container(1), container(2)])
    #expect(spec.effectiveRequests["cpu"] == 5)
  }

  @Test func countsSidecarsBesideContainersAndLaterInitContainers() {
    let spec = PodSpec(
      initContainers: [container(1, restart: "Always"), container(4)], containers: [container(2)])
    #expect(spec.effectiveRequests["cpu"] == 5)
    let small = PodSpec(
      initContainers: [container(4), container(1, restart: "Always")], containers: [container(2)])
    #expect(small.effectiveRequests["cpu"] == 4)
  }

  @Test func limitsStandForMissingRequests() {
    let spec = PodSpec(containers: [
      Container(
        name: "c",
        resources: ResourceRequirements(limits: ["cpu": 4, "nvidia.com/gpu": 8], requests: ["cpu": 1]))
    ])
    #expect(spec.effectiveRequests["cpu"] == 1)
    #expect(spec.effectiveRequests["nvidia.com/gpu"] == 8)
  }

  @Test func addsOverheadAndTakesPodLevelRequests() {
    let spec = PodSpec(
      containers: [container(1)], overhead: ["cpu": 1],
      resources: ResourceRequirements(requests: ["cpu": 10]))
    #expect(spec.effectiveRequests["cpu"] == 11)
  }
}
