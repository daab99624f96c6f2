import GroveModel
import KubernetesModel
import Testing

@testable import GroveAdmission

@Suite("Rules of metadata, spec and sharing")
struct SpecRuleTests {
  private let admission = Admission()

  @Test("The sample is accepted without a word")
  func sample() {
    #expect(admission.validate(create: Sample.set()).isEmpty)
    #expect(admission.validate(update: Sample.set(), from: Sample.set()).isEmpty)
  }

  @Test("Name (A-050)")
  func name() {
    #expect(
      admission.refusals { $0.metadata.name = "" } == [
        "metadata.name: Required value: name or generateName is required"
      ])
    let shape =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
      + "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
      + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
    #expect(
      admission.refusals { $0.metadata.name = "Bad" } == ["metadata.name: Invalid value: \"Bad\": \(shape)"])
    let long = String(repeating: "x", count: 254)
    #expect(
      admission.refusals { $0.metadata.name = long }.first
        == "metadata.name: Invalid value: \"\(long)\": must be no more than 253 characters")
    #expect(admission.refusals { $0.metadata.generateName = "set-" }.isEmpty)
    #expect(
      admission.refusals { $0.metadata.generateName = "Set-" } == [
        "metadata.generateName: Invalid value: \"Set-\": \(shape)"
      ])
  }

  @Test("Namespace (A-051)")
  func namespace() {
    var podCliqueSet = Sample.set()
    podCliqueSet.metadata.namespace = ""
    #expect(admission.validate(create: podCliqueSet).texts == ["metadata.namespace: Required value"])
    #expect(
      admission.refusals { $0.metadata.namespace = "a.b" } == [
        "metadata.namespace: Invalid value: \"a.b\": must not contain dots"
      ])
    let long = String(repeating: "x", count: 64)
    #expect(
      admission.refusals { $0.metadata.namespace = long } == [
        "metadata.namespace: Invalid value: \"\(long)\": must be no more than 63 characters"
      ])
    #expect(
      admission.refusals { $0.metadata.namespace = "A" } == [
        "metadata.namespace: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case "
          + "alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. "
          + "'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
      ])
  }

  @Test("Other metadata (A-052)")
  func otherMetadata() {
    let found = admission.validate(
      create: Sample.set {
        $0.metadata.generation = -1
        $0.metadata.labels["bad key"] = "v"
        $0.metadata.annotations["big"] = String(repeating: "x", count: 262_144)
        $0.metadata.ownerReferences = [OwnerReference(apiVersion: "v1", kind: "Event", name: "n", uid: "u")]
        $0.metadata.finalizers = ["ok/fine", "not ok"]
      }
    ).errors
    #expect(Set(found.map(\.rule)) == ["A-052"])
    #expect(
      found.map(\.path) == [
        "metadata.generation", "metadata.labels", "metadata.annotations", "metadata.ownerReferences",
        "metadata.finalizers",
      ])
    #expect(found[0].message == "metadata.generation: Invalid value: -1: must be greater than or equal to 0")
    #expect(found[2].message == "metadata.annotations: Too long: may not be more than 262144 bytes")
  }

  @Test("Replicas, startup type, termination delay (A-053…A-055)")
  func top() {
    #expect(
      admission.refusals { $0.spec.replicas = -1 } == [
        "spec.replicas: Invalid value: -1: must be greater than or equal to 0"
      ])
    #expect(
      admission.refusals { $0.spec.template.cliqueStartupType = CliqueStartupType(rawValue: "X") } == [
        "spec.template.cliqueStartupType: Invalid value: \"X\": can only be one of "
          + "map[CliqueStartupTypeAnyOrder:{} CliqueStartupTypeExplicit:{} CliqueStartupTypeInOrder:{}]"
      ])
    #expect(
      admission.refusals { $0.spec.template.terminationDelay = .zero } == [
        "spec.template.terminationDelay: Invalid value: \"0s\": terminationDelay must be greater than 0"
      ])
    var undefaulted = Sample.set()
    undefaulted.spec.template.cliqueStartupType = nil
    undefaulted.spec.template.terminationDelay = nil
    #expect(
      admission.validate(create: undefaulted).texts == [
        "spec.template.cliqueStartupType: Required value: field is required",
        "spec.template.terminationDelay: Required value: terminationDelay is required",
      ])
  }

  private static func claimTemplate(_ name: String, requests: Int = 1) -> ResourceClaimTemplateConfig {
    var template = ResourceClaimTemplateConfig(name: name)
    template.templateSpec.spec.devices = DeviceClaim(
      requests: (0..<requests).map {
        DeviceRequest(exactly: ExactDeviceRequest(deviceClassName: "c"), name: "r\($0)")
      })
    return template
  }

  @Test("Claim templates (A-060…A-062)")
  func claimTemplates() {
    #expect(
      admission.refusals {
        $0.spec.template.resourceClaimTemplates = [
          SpecRuleTests.claimTemplate(""), SpecRuleTests.claimTemplate("x", requests: 0),
          SpecRuleTests.claimTemplate("x"),
        ]
      } == [
        "spec.template.resourceClaimTemplates[0].name: Required value: template name is required",
        "spec.template.resourceClaimTemplates[1].templateSpec.spec.devices.requests: Required value: at least one "
          + "device request is required",
        "spec.template.resourceClaimTemplates.name: Duplicate value: [\"x\"]",
      ])
  }

  @Test("Sharing of the set (A-063…A-067)")
  func setSharing() {
    let path = "spec.template.resourceSharing"
    #expect(
      admission.refusals {
        $0.spec.template.resourceClaimTemplates = [SpecRuleTests.claimTemplate("x")]
        $0.spec.template.resourceSharing = [
          PCSResourceSharingSpec(scope: .allReplicas),
          PCSResourceSharingSpec(name: "x", namespace: "other", scope: .allReplicas),
          PCSResourceSharingSpec(name: "x", scope: ResourceSharingScope(rawValue: "Everyone")),
          PCSResourceSharingSpec(name: "y", scope: .perReplica, filter: PCSResourceSharingFilter()),
          PCSResourceSharingSpec(
            name: "z", namespace: "other", scope: .perReplica,
            filter: PCSResourceSharingFilter(
              childCliqueNames: ["a", "nope"], childScalingGroupNames: ["nope", "sg"])),
        ]
      } == [
        "\(path)[0].name: Required value: reference name is required",
        "\(path)[1].namespace: Invalid value: \"other\": namespace must be empty when name matches an internal "
          + "resourceClaimTemplate",
        "\(path)[2].name: Duplicate value: \"x\"",
        "\(path)[2].scope: Unsupported value: \"Everyone\": supported values: \"AllReplicas\", \"PerReplica\"",
        "\(path)[3].filter: Required value: filter must specify at least one childCliqueNames or "
          + "childScalingGroupNames entry",
        "\(path)[4].filter.childCliqueNames[1]: Not found: \"nope\"",
        "\(path)[4].filter.childScalingGroupNames[0]: Not found: \"nope\"",
      ])
  }

  @Test("Sharing of scaling groups and cliques (A-063, A-068, A-069, A-084)")
  func otherSharing() {
    let group = "spec.template.podCliqueScalingGroups[0].resourceSharing"
    #expect(
      admission.refusals {
        $0.spec.template.podCliqueScalingGroups[0].resourceSharing = [
          PCSGResourceSharingSpec(name: "x", scope: .perReplica, filter: PCSGResourceSharingFilter()),
          PCSGResourceSharingSpec(
            name: "y", scope: .perReplica, filter: PCSGResourceSharingFilter(childCliqueNames: ["b", "a"])),
        ]
        $0.spec.template.cliques[0].resourceSharing = [
          ResourceSharingSpec(name: "x", scope: .allReplicas), ResourceSharingSpec(name: "x"),
        ]
      } == [
        "spec.template.cliques[0].resourceSharing[1].name: Duplicate value: \"x\"",
        "spec.template.cliques[0].resourceSharing[1].scope: Unsupported value: \"\": supported values: "
          + "\"AllReplicas\", \"PerReplica\"",
        "\(group)[0].filter: Required value: filter must specify at least one childCliqueNames entry",
        "\(group)[1].filter.childCliqueNames[1]: Not found: \"a\"",
      ])
  }
}
