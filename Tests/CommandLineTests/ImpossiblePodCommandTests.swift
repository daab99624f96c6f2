import Foundation
import Testing

/// Pods that the API server would refuse, on the command line.
@Suite(.serialized)
struct ImpossiblePodCommandTests {
  private func set(_ podSpec: String) -> String {
    """
    apiVersion: grove.io/v1alpha1
    kind: PodCliqueSet
    metadata: {name: ps}
    spec:
      replicas: 1
      template:
        cliques:
        - name: a
          spec:
            roleName: a
            replicas: 1
            podSpec:
    \(podSpec.split(separator: "\n").map { "          " + $0 }.joined(separator: "\n"))

    """
  }

  @Test func validateTellsWithPlaceTextAndRule() throws {
    let result = try Tool.run("validate", "-f", "Examples/invalid/impossible-pods.yaml")
    #expect(result.status == 1)
    #expect(
      result.output.contains(
        "error: Examples/invalid/impossible-pods.yaml:18:30: spec.template.cliques[0].spec.podSpec.containers[0]"
          + ".imagePullPolicy: Unsupported value: \"Allways\": supported values: \"Always\", \"IfNotPresent\", "
          + "\"Never\" [K-pod-image]\n  hint: did you mean Always?"))
    #expect(result.output.contains("Limit must be set for non overcommitable resources [K-pod-resources]"))
    let skipped = try Tool.run(
      "validate", "--skip", "K-pod-image", "--skip", "K-pod-resources", "-f",
      "Examples/invalid/impossible-pods.yaml")
    #expect(skipped.status == 0)
  }

  @Test(arguments: [
    ("containers: [{name: My_C, image: x}]", "K-pod-container"),
    ("containers: [{name: c}]", "K-pod-image"),
    ("containers: [{name: c, image: x, ports: [{containerPort: 99999}]}]", "K-pod-port"),
    ("containers: [{name: c, image: x, readinessProbe: {periodSeconds: 5}}]", "K-pod-handler"),
    (
      "containers: [{name: c, image: x, resources: {requests: {cpu: 2}, limits: {cpu: 1}}}]",
      "K-pod-resources"
    ),
    (
      "tolerations: [{key: k, operator: Exists, value: v}]\ncontainers: [{name: c, image: x}]",
      "K-pod-toleration"
    ),
  ])
  func rules(podSpec: String, rule: String) throws {
    let result = try Tool.run("validate", "-f", "-", input: set(podSpec))
    #expect(result.status == 1)
    #expect(result.output.contains("[\(rule)]"))
  }

  @Test func podsAreCheckedByThemselves() throws {
    let pod = """
      apiVersion: v1
      kind: Pod
      metadata: {name: Bad_Name}
      spec:
        restartPolicy: Sometimes
        containers: [{name: c, image: "", ports: [{containerPort: 99999}]}]
      """
    let result = try Tool.run("validate", "-f", "-", input: pod)
    #expect(result.status == 1)
    for rule in ["K-metadata", "K-pod-restart", "K-pod-image", "K-pod-port"] {
      #expect(result.output.contains("[\(rule)]"))
    }
    let node = try Tool.run(
      "validate", "-f", "-", input: "apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n")
    #expect(node.status == 0 && !node.output.contains("is valid"))
    #expect(node.messages.contains("note: 1 Node not checked beyond the types of its fields"))
  }

  @Test func aClusterRefusesThem() throws {
    let broken = set("containers: [{name: c, image: x, resources: {requests: {nvidia.com/gpu: 1}}}]")
    let result = try Tool.run("simulate", "-f", "-", input: broken)
    #expect(!result.output.contains("Running"))
    #expect(result.messages.contains("Limit must be set for non overcommitable resources"))
    let unknown = set("priorityClassName: nope\ncontainers: [{name: c, image: x}]")
    let refused = try Tool.run("simulate", "-f", "-", input: unknown)
    #expect(!refused.output.contains("Running"))
    #expect(refused.messages.contains("no PriorityClass with name nope was found"))
    let accepted = try Tool.run("simulate", "-f", "-", "--any-priority-class", input: unknown)
    #expect(accepted.output.contains("Running"))
  }
}
