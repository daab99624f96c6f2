import GroveModel
import KubernetesModel
import Testing

@testable import GroveAdmission

@Suite("Rules of scaling groups")
struct ScalingGroupRuleTests {
  private let admission = Admission()
  private let path = "spec.template.podCliqueScalingGroups"

  private func refusals(_ change: (inout PodCliqueScalingGroupConfig) -> Void) -> [String] {
    admission.refusals { change(&$0.spec.template.podCliqueScalingGroups[0]) }
  }

  @Test("Names (A-130, A-136)")
  func names() {
    #expect(
      refusals { $0.name = "" } == [
        "\(path)[0].name: Invalid value: \"\": invalid PodCliqueScalingGroupConfig name, must be a valid DNS subdomain"
      ])
    #expect(
      admission.refusals {
        $0.spec.template.podCliqueScalingGroups.append(
          PodCliqueScalingGroupConfig(name: "sg", cliqueNames: ["a"]))
      } == ["\(path).name: Duplicate value: [\"sg\"]"])
  }

  @Test("Members (A-131, A-137)")
  func members() {
    #expect(
      refusals { $0.cliqueNames = ["b", "x", "c", "y", "x"] } == [
        "\(path)[0].cliqueNames: Invalid value: \"x,y\": unidentified PodClique names found",
        "\(path).cliqueNames: Duplicate value: [\"x\"]",
      ])
    #expect(refusals { $0.cliqueNames = [] }.isEmpty)
  }

  @Test("Combined length (A-132)")
  func length() {
    let long = String(repeating: "g", count: 42)
    let detail =
      "combined resource name length 46 exceeds 45-character limit required for pod naming. Consider shortening: "
      + "PodCliqueSet 'set', PodCliqueScalingGroup '\(long)', or PodClique 'b'"
    #expect(
      refusals {
        $0.name = long
        $0.cliqueNames = ["b"]
      } == [
        "\(path)[0].cliqueNames[0].name: Invalid value: \"b\": \(detail)",
        "\(path)[0].name: Invalid value: \"b\": \(detail)",
        "metadata.name: Invalid value: \"set\": \(detail)",
      ])
    #expect(
      refusals {
        $0.name = String(long.dropLast())
        $0.cliqueNames = ["b"]
      }.isEmpty)
  }

  @Test("Size (A-133, A-134)")
  func size() {
    #expect(
      refusals {
        $0.replicas = 0
        $0.minAvailable = 0
      } == [
        "\(path)[0].replicas: Invalid value: 0: must be greater than 0",
        "\(path)[0].minAvailable: Invalid value: 0: must be greater than 0",
      ])
    #expect(
      refusals { $0.minAvailable = 3 } == [
        "\(path)[0].minAvailable: Invalid value: 3: minAvailable must not be greater than replicas"
      ])
  }

  @Test("scaleConfig (A-135, B-A11)")
  func scaling() {
    let config = "\(path)[0].scaleConfig"
    #expect(
      refusals {
        $0.minAvailable = 2
        $0.scaleConfig = AutoScalingConfig(minReplicas: 1, maxReplicas: 4)
      } == [
        "\(config).minReplicas: Invalid value: 1: scaleConfig.minReplicas must be greater than or equal to "
          + "minAvailable"
      ])
    let found = admission.validate(
      create: Sample.set {
        $0.spec.template.podCliqueScalingGroups[0].scaleConfig = AutoScalingConfig(
          minReplicas: 3, maxReplicas: 1)
      })
    #expect(found.rules == ["W-B-A11", "W-B-A11"])
    #expect(found.allSatisfy { $0.isOwn && $0.severity == .error })
    #expect(
      found.texts == [
        "\(config).maxReplicas: Invalid value: 1: must be greater than or equal to scaleConfig.minReplicas",
        "\(config).maxReplicas: Invalid value: 1: must be greater than or equal to replicas",
      ])
  }

  @Test("Autoscaled members (A-138)")
  func autoscaledMember() {
    #expect(
      admission.refusals {
        $0.spec.template.cliques[1].spec.autoScalingConfig = AutoScalingConfig(maxReplicas: 3)
      } == [
        "\(path): Invalid value: \"b\": AutoScalingConfig is not allowed to be defined for PodClique that is part of "
          + "scaling group"
      ])
  }
}
