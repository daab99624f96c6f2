import GroveSimulate
import KubernetesModel

@testable import GroveScenario

/// A small workload and what scenarios about it look like.
///
/// `demo` has a clique `a` with two pods of which one is needed, and a group `sg` with two replicas of one pod `b`, of
/// which one is needed: four pods, of one cpu each, on four nodes with two cpus each in two racks.
enum ScenarioFixture {
  static let workload = """
    apiVersion: grove.io/v1alpha1
    kind: PodCliqueSet
    metadata: {name: demo, labels: {kai.scheduler/queue: test}}
    spec:
      replicas: 1
      template:
        terminationDelay: 20s
        cliques:
        - name: a
          spec:
            roleName: a
            replicas: 2
            minAvailable: 1
            autoScalingConfig: {maxReplicas: 4}
            podSpec: &pod
              schedulerName: kai-scheduler
              terminationGracePeriodSeconds: 5
              containers:
              - {name: main, image: "nginx:1", resources: {requests: {cpu: 1}}}
        - name: b
          spec: {roleName: b, replicas: 1, minAvailable: 1, podSpec: *pod}
        podCliqueScalingGroups:
        - {name: sg, cliqueNames: [b], replicas: 2, minAvailable: 1}
    """

  static let head = """
    apiVersion: simulate.grove.io/v1alpha1
    kind: Scenario
    title: fixture
    cluster:
      nodes:
      - count: 4
        name: node-{n}
        labels: {rack: "rack-{n/2}"}
        allocatable: {cpu: 2}

    """

  /// Reads a file that scenarios of tests refer to.
  static func file(_ path: String) throws(ScenarioFileError) -> [UInt8] {
    switch path {
    case "demo.yaml": Array(workload.utf8)
    case "broken.yaml": Array("apiVersion: v1\nkind: Node\nmetadata: {nam: x}\n".utf8)
    case "two.yaml":
      Array(
        "apiVersion: v1\nkind: Node\nmetadata: {name: x}\n---\napiVersion: v1\nkind: Node\nmetadata: {name: z}\n"
          .utf8)
    case "empty.yaml": []
    default: throw ScenarioFileError("no such file")
    }
  }

  static func read(_ text: String) -> (scenario: Scenario?, diagnostics: [Diagnostic]) {
    ScenarioReader.read(text, source: "test.yaml", files: file)
  }

  /// The steps that bring the workload up, then others. Everything is Ready at 9 s.
  static func up(_ steps: String) -> String {
    """
    \(head)steps:
    - apply: demo.yaml
    - expect: [{pods: {of: demo}, count: 4, ready: 4}]
    - save: {as: up, pods: {of: demo}}
    - wait: 10s
    \(steps)
    """
  }

  /// The failures of a scenario, in words; what is wrong with its text counts.
  static func failures(_ text: String) -> [String] {
    let (scenario, diagnostics) = read(text)
    guard let scenario else { return diagnostics.map { "text: \($0.line)" } }
    return ScenarioRunner().run(scenario).failures.map(\.description)
  }
}
