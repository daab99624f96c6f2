import GroveScenario
import KubernetesModel
import Testing

@testable import KubernetesValidation

/// What may change on a pod, as recorded from an API server (session 054) and by its rules.
struct PodUpdateTests {
  private var pod: Pod {
    var pod = Pod(metadata: ObjectMeta(name: "p", namespace: "ns"))
    pod.spec.containers = [Container(name: "main", image: "registry.example.com/app:1")]
    return pod
  }

  private func texts(_ old: Pod, _ change: (inout Pod) -> Void) -> [String] {
    var new = old
    change(&new)
    return PodValidation.problems(updating: new, from: old).map(\.message)
  }

  private let fixed =
    "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
    + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
    + "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"

  @Test func whatMayChange() {
    #expect(texts(pod) { _ in } == [])
    #expect(texts(pod) { $0.metadata.labels = ["a": "b"] } == [])
    #expect(texts(pod) { $0.spec.containers[0].image = "other" } == [])
    #expect(texts(pod) { $0.spec.activeDeadlineSeconds = 10 } == [])
    #expect(texts(pod) { $0.spec.tolerations = [Toleration(key: "a", operator: "Exists")] } == [])
    // What the server fills in anyway is no change.
    #expect(texts(pod) { $0.spec.dnsPolicy = "ClusterFirst" } == [])
  }

  @Test func whatMayNot() {
    #expect(texts(pod) { $0.spec.nodeSelector = ["a": "b"] } == [fixed])
    #expect(texts(pod) { $0.spec.terminationGracePeriodSeconds = 5 } == [fixed])
    #expect(texts(pod) { $0.spec.containers[0].env = [EnvVar(name: "A")] } == [fixed])
    #expect(
      texts(pod) { $0.spec.containers.append(Container(name: "b", image: "i")) } == [
        "spec.containers: Forbidden: pod updates may not add or remove containers"
      ])
    #expect(
      texts(pod) { $0.spec.schedulingGates = [PodSchedulingGate(name: "x/y")] } == [
        "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'x/y'"
      ])
    #expect(
      texts(pod) { $0.metadata.labels = ["a/b/c": ""] }.first?.hasPrefix("metadata.labels: Invalid value")
        == true)
  }

  @Test func deadlinesAndTolerations() {
    var old = pod
    old.spec.activeDeadlineSeconds = 5
    old.spec.tolerations = [
      Toleration(key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 3)
    ]
    #expect(
      texts(old) { $0.spec.activeDeadlineSeconds = 6 } == [
        "spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value"
      ])
    #expect(
      texts(old) { $0.spec.activeDeadlineSeconds = nil } == [
        "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value"
      ])
    #expect(texts(old) { $0.spec.tolerations[0].tolerationSeconds = 9 } == [])
    #expect(
      texts(old) { $0.spec.tolerations = [] } == [
        "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"
      ])
  }

  @Test func gatedPodsMayGetStricter() {
    var old = pod
    old.spec.schedulingGates = [PodSchedulingGate(name: "g/a")]
    old.spec.nodeSelector = ["a": "b"]
    #expect(texts(old) { $0.spec.schedulingGates = [] } == [])
    #expect(texts(old) { $0.spec.nodeSelector["c"] = "d" } == [])
    #expect(
      texts(old) { $0.spec.nodeSelector = ["a": "c"] } == [
        #"spec.nodeSelector: Invalid value: {"a":"c"}: only additions to spec.nodeSelector are allowed (no "#
          + "mutations or deletions)"
      ])
    let term = NodeSelectorTerm(matchExpressions: [NodeSelectorRequirement(key: "z", operator: "Exists")])
    #expect(
      texts(old) {
        $0.spec.affinity = Affinity(
          nodeAffinity: NodeAffinity(
            requiredDuringSchedulingIgnoredDuringExecution: NodeSelector(nodeSelectorTerms: [term])))
      } == [])
  }

  @Test func statuses() {
    var old = pod
    old.spec.restartPolicy = "Never"
    old.spec.nodeName = "n"
    old.status.containerStatuses = [
      ContainerStatus(name: "main", state: ContainerState(terminated: ContainerStateTerminated(exitCode: 1)))
    ]
    var new = old
    new.status.containerStatuses[0].state = ContainerState(running: ContainerStateRunning())
    new.status.nominatedNodeName = "m"
    new.status.podIPs = [PodIP(ip: "10.0.0.1"), PodIP(ip: "10.0.0.2")]
    #expect(
      PodValidation.problems(updatingStatus: new, from: old).map(\.message) == [
        "status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node",
        "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state",
        #"status.podIPs: Invalid value: [{"IP":"10.0.0.1"},{"IP":"10.0.0.2"}]: may specify no more than one IP for "#
          + "each IP family",
      ])
    old.spec.restartPolicy = "Always"
    new.spec.restartPolicy = "Always"
    new.status.podIPs = [PodIP(ip: "10.0.0.1"), PodIP(ip: "fd00::1")]
    new.status.nominatedNodeName = ""
    #expect(PodValidation.problems(updatingStatus: new, from: old).isEmpty)
  }

  @Test func resizes() {
    var old = pod
    old.spec.containers[0].resources.requests = ["cpu": 1, "memory": 100]
    var new = old
    new.spec.containers[0].resources.requests["cpu"] = 2
    #expect(PodValidation.problems(resizing: new, from: old).isEmpty)
    new.spec.containers[0].resources.requests["cpu"] = nil
    #expect(
      PodValidation.problems(resizing: new, from: old).map(\.message) == [
        "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed"
      ])
    var plain = pod
    plain.status.qosClass = "BestEffort"
    var asking = plain
    asking.spec.containers[0].resources.requests = ["cpu": 1]
    #expect(
      PodValidation.problems(resizing: asking, from: plain).first?.message
        == #"spec: Invalid value: "BestEffort": Pod QOS Class may not change as a result of resizing"#)
  }
}
