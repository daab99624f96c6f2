import Foundation
import Testing

/// What the operator cannot do reaches the user of every command, and nothing is called fine meanwhile.
struct OperatorProblemTests {
  /// A set that refers to a ResourceClaimTemplate which nobody has made.
  private static let lost = """
    apiVersion: grove.io/v1alpha1
    kind: PodCliqueSet
    metadata: {name: rs}
    spec:
      replicas: 1
      template:
        resourceSharing: [{name: lost, scope: AllReplicas}]
        cliques:
        - name: a
          spec:
            roleName: a
            replicas: 2
            podSpec:
              containers: [{name: c, image: example/app, resources: {requests: {cpu: 1}}}]

    """
  /// A set whose Services no API server takes.
  private static let digit = lost.replacing("name: rs", with: "name: 9x")
    .replacing("    resourceSharing: [{name: lost, scope: AllReplicas}]\n", with: "")
  private static let cluster = "node=2,cpu=8,memory=8Gi"

  private static let lostReason = #"ResourceClaimTemplate.resource.k8s.io "lost" not found"#
  private static let digitReason = #"Service "9x-0" is invalid"#

  @Test(
    arguments: [
      (["expand"], lost, lostReason), (["expand"], digit, digitReason),
      (["expand", "-o", "name"], lost, lostReason),
      (["schedule", "--cluster", cluster], lost, lostReason),
      (["schedule", "--cluster", cluster], digit, digitReason),
      (["schedule", "--how-many", "--cluster", cluster], lost, lostReason),
      (["why", "rs-0", "--cluster", cluster], lost, lostReason),
      (["simulate"], lost, lostReason), (["simulate"], digit, digitReason),
      (["simulate", "-o", "json"], lost, lostReason),
      (["get", "pods"], lost, lostReason), (["get", "events"], digit, digitReason),
    ] as [([String], String, String)])
  func isTold(_ arguments: [String], _ manifest: String, _ reason: String) throws {
    let words = arguments.map { "'\($0)'" }.joined(separator: " ")
    let result = try Tool.shell("grove-demo \(words) -f - <<'END'\n\(manifest)END")
    #expect(result.status == 1)
    #expect(result.messages.contains(reason))
    // Once is enough.
    #expect(result.messages.ranges(of: reason).count == 1)
    #expect(!result.output.contains("fits: "))
    #expect(!result.output.contains("10000"))
  }

  @Test func machinesAreTold() throws {
    let result = try Tool.run(
      "schedule", "-f", "-", "--cluster", Self.cluster, "-o", "json", input: Self.lost)
    #expect(result.status == 1)
    #expect(result.output.contains(#""fits": false"#))
    #expect(result.output.contains(#""problems": ["#))
  }

  @Test func whatDoesNotComeUpIsNoRunWithFaults() throws {
    let result = try Tool.run("explore", "-f", "-", "--seeds", "2", input: Self.lost)
    #expect(result.status == 1)
    #expect(result.output.contains("WRONG (comes-up): even without faults the workload does not come up"))
    #expect(result.output.contains(#""lost" not found"#))
    #expect(!result.output.contains("is up and at rest"))
  }

  /// A run that never ends says so in a moment (the manifest's pods need longer than their gang may be in breach).
  @Test(arguments: ["simulate", "get pods"])
  func endlessRuns(_ command: String) throws {
    let manifest = Self.lost.replacing(
      "    resourceSharing: [{name: lost, scope: AllReplicas}]\n", with: "    terminationDelay: 10s\n")
    let result = try Tool.shell(
      "grove-demo \(command) --nodes 3 --timing readiness=11s -f - <<'END'\n\(manifest)END")
    #expect(result.status == 1)
    #expect(
      result.messages.hasPrefix(
        "error: PodGang default/rs-0 is terminated every 13s, again and again, because the pods of PodClique rs-0-a "
          + "are not ready within its terminationDelay of 10s: "))
  }

  @Test("W-B-R12: scaling below minAvailable is warned about", arguments: [(1, true), (2, false)])
  func scalingBelowTheMinimum(_ replicas: Int, _ isWarned: Bool) throws {
    let result = try Tool.run(
      "simulate", "-f", "-", "--do", "scale pclq rs-0-a --replicas=\(replicas)",
      input: Self.lost.replacing("    resourceSharing: [{name: lost, scope: AllReplicas}]\n", with: ""))
    #expect(result.status == 0)
    #expect(
      result.messages.contains("PodClique 'rs-0-a' would have 1 replicas, fewer than its minAvailable 2")
        == isWarned)
  }

  @Test("events stand alone, and that is said")
  func mixedEvents() throws {
    for kinds in ["pclq,events", "events,pclq", "pods,all"] {
      let result = try Tool.run("get", kinds, "-f", "Examples/single-node-aggregated.yaml")
      #expect(result.status == 64)
      #expect(result.messages.contains("stands alone: it cannot be mixed with other kinds"))
    }
  }
}
