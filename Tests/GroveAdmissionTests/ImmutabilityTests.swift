import GroveModel
import KubernetesModel
import Testing

@testable import GroveAdmission

@Suite("Rules of updates")
struct ImmutabilityTests {
  private let admission = Admission()
  private let cliques = "spec.template.cliques"
  private let groups = "spec.template.podCliqueScalingGroups"

  @Test("Cliques stay (A-380, A-381)")
  func composition() {
    #expect(
      admission.updateRefusals { $0.spec.template.cliques.append(Sample.clique("d")) } == [
        "\(cliques): Forbidden: not allowed to change clique composition",
        "\(cliques).name: Forbidden: not allowed to change clique composition, new clique name 'd' is not allowed",
      ])
    #expect(
      admission.updateRefusals { $0.spec.template.cliques.removeFirst() } == [
        "\(cliques): Forbidden: not allowed to change clique composition"
      ])
  }

  @Test("Their order stays when it matters (A-382, B-A07), else it is worth a warning (B-R05)")
  func order() {
    let ordered = Sample.set { $0.spec.template.cliqueStartupType = .inOrder }
    let text = "clique order cannot be changed when StartupType is InOrder or Explicit. Expected"
    #expect(
      admission.updateRefusals(from: ordered) { $0.spec.template.cliques.swapAt(0, 1) } == [
        "\(cliques): Invalid value: \"b\": \(text) 'b' at position 0, got 'b'",
        "\(cliques): Invalid value: \"a\": \(text) 'a' at position 1, got 'a'",
      ])
    var swapped = Sample.set()
    swapped.spec.template.cliques.swapAt(0, 1)
    let found = admission.validate(update: swapped, from: Sample.set())
    #expect(found.rules == ["W-B-R05"])
    #expect(found.errors.isEmpty)
  }

  @Test("Fields of cliques (A-383, A-384)")
  func cliqueFields() {
    let old = Sample.set { $0.spec.template.cliques[0].spec.startsAfter = ["c"] }
    #expect(
      admission.updateRefusals(from: old) {
        $0.spec.template.cliques[0].spec.roleName = "other"
        $0.spec.template.cliques[0].spec.minAvailable = 2
        $0.spec.template.cliques[0].spec.startsAfter = []
        $0.spec.template.cliques[0].spec.podSpec.schedulerName = "default-scheduler"
        $0.spec.template.cliques[0].resourceSharing = [ResourceSharingSpec(name: "x", scope: .allReplicas)]
      } == [
        "\(cliques).spec.roleName: Invalid value: \"other\": field is immutable",
        "\(cliques).spec.minAvailable: Invalid value: 2: field is immutable",
        "\(cliques).spec.startsAfter: Invalid value: null: field is immutable",
        "\(cliques).spec.podSpec.schedulerName: Invalid value: \"default-scheduler\": field is immutable",
        "\(cliques)[0].resourceSharing: Invalid value: [{\"name\":\"x\",\"scope\":\"AllReplicas\"}]: field is immutable",
      ])
  }

  @Test("Startup type (A-385)")
  func startupType() {
    #expect(
      admission.updateRefusals { $0.spec.template.cliqueStartupType = .inOrder } == [
        "spec.template.cliqueStartupType: Invalid value: \"CliqueStartupTypeInOrder\": field is immutable"
      ])
  }

  @Test("Scaling groups (A-386…A-388)")
  func scalingGroups() {
    #expect(
      admission.updateRefusals { $0.spec.template.podCliqueScalingGroups = [] } == [
        "\(groups): Forbidden: not allowed to add or remove PodCliqueScalingGroupConfigs"
      ])
    #expect(
      admission.updateRefusals { $0.spec.template.podCliqueScalingGroups[0].name = "other" } == [
        "\(groups).name: Forbidden: not allowed to change scaling group composition, new scaling group name 'other' is "
          + "not allowed"
      ])
    #expect(
      admission.updateRefusals {
        $0.spec.template.podCliqueScalingGroups[0].cliqueNames = ["c", "b"]
        $0.spec.template.podCliqueScalingGroups[0].minAvailable = 2
        $0.spec.template.podCliqueScalingGroups[0].resourceSharing = [
          PCSGResourceSharingSpec(
            name: "x", namespace: "n", scope: .perReplica,
            filter: PCSGResourceSharingFilter(childCliqueNames: ["b"]))
        ]
      } == [
        "\(groups).cliqueNames: Invalid value: [\"c\",\"b\"]: field is immutable",
        "\(groups).minAvailable: Invalid value: 2: field is immutable",
        "\(groups).resourceSharing: Invalid value: [{\"name\":\"x\",\"namespace\":\"n\",\"scope\":\"PerReplica\","
          + "\"filter\":{\"childCliqueNames\":[\"b\"]}}]: field is immutable",
      ])
    let two = Sample.set {
      $0.spec.template.podCliqueScalingGroups.append(
        PodCliqueScalingGroupConfig(name: "sh", cliqueNames: ["a"]))
    }
    #expect(
      admission.updateRefusals(from: two) { $0.spec.template.podCliqueScalingGroups.swapAt(0, 1) }.isEmpty)
  }

  @Test("Claims (A-390)")
  func claims() {
    #expect(
      admission.updateRefusals {
        var template = ResourceClaimTemplateConfig(name: "x")
        template.templateSpec.spec.devices = DeviceClaim(
          requests: [
            DeviceRequest(
              exactly: ExactDeviceRequest(allocationMode: "ExactCount", count: 1, deviceClassName: "c<"),
              name: "r")
          ])
        $0.spec.template.resourceClaimTemplates = [template]
        $0.spec.template.resourceSharing = [PCSResourceSharingSpec(name: "x", scope: .allReplicas)]
      } == [
        "spec.template.resourceClaimTemplates: Invalid value: [{\"name\":\"x\",\"templateSpec\":{\"metadata\":{},"
          + "\"spec\":{\"devices\":{\"requests\":[{\"name\":\"r\",\"exactly\":{\"deviceClassName\":\"c\\u003c\","
          + "\"allocationMode\":\"ExactCount\",\"count\":1}}]}}}}]: field is immutable",
        "spec.template.resourceSharing: Invalid value: [{\"name\":\"x\",\"scope\":\"AllReplicas\"}]: field is immutable",
      ])
  }

  @Test("What may change (A-391)")
  func mutable() {
    #expect(
      admission.updateRefusals {
        $0.spec.replicas = 5
        $0.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete)
        $0.spec.template.terminationDelay = .minutes(5)
        $0.spec.template.headlessServiceConfig = HeadlessServiceConfig(publishNotReadyAddresses: false)
        $0.spec.template.priorityClassName = "gold"
        $0.spec.template.cliques[0].labels["l"] = "v"
        $0.spec.template.cliques[0].annotations["a"] = "v"
        $0.spec.template.cliques[0].spec.replicas = 7
        $0.spec.template.cliques[0].spec.podSpec.containers[0].image = "other"
        $0.spec.template.cliques[0].spec.autoScalingConfig = AutoScalingConfig(maxReplicas: 9)
        $0.spec.template.podCliqueScalingGroups[0].replicas = 4
        $0.spec.template.podCliqueScalingGroups[0].scaleConfig = AutoScalingConfig(maxReplicas: 9)
        $0.spec.template.podCliqueScalingGroups[0].annotations["a"] = "v"
        $0.metadata.labels["l"] = "v"
      }.isEmpty)
  }

  @Test("Own rules come first: a broken set is not compared (A-041)")
  func stages() {
    #expect(
      admission.updateRefusals {
        $0.spec.template.cliques[0].spec.replicas = -1
        $0.spec.template.cliques[0].spec.roleName = "other"
      } == [
        "\(cliques)[0].spec.replicas: Invalid value: -1: must be greater than 0",
        "\(cliques)[0].spec.minAvailable: Invalid value: 1: minAvailable must not be greater than replicas",
      ])
  }

  @Test("Sets on their way out, and changes of metadata only, are not held up (A-042, B-A02)")
  func deletion() {
    var kai = OperatorConfiguration.kaiWithTopology
    let queued = Sample.set { $0.metadata.labels[LabelKey.kaiQueue] = "q" }
    // The scheduler was disabled after the set had been made.
    kai.schedulerProfiles = []
    let admission = Admission(configuration: kai)
    var unfinalized = queued
    unfinalized.metadata.finalizers = []
    #expect(admission.validate(update: unfinalized, from: queued).isEmpty)
    var changed = queued
    changed.metadata.labels[LabelKey.kaiQueue] = "r"
    #expect(!admission.validate(update: changed, from: queued).errors.isEmpty)
    changed.metadata.deletionTimestamp = Timestamp(secondsSince1970: 1)
    #expect(admission.validate(update: changed, from: queued).isEmpty)
    var mislabelled = queued
    mislabelled.metadata.labels["bad key"] = ""
    #expect(admission.validate(update: mislabelled, from: queued).errors.rules == ["A-052"])
  }
}
