import KubernetesModel
import Testing

@testable import GroveAdmission
@testable import GroveModel

/// What this library says beyond the webhook: rule ids that begin with `W-`.
@Suite("Our own rules")
struct OwnRuleTests {
  private let admission = Admission()

  private func own(_ change: (inout PodCliqueSet) -> Void) -> [Diagnostic] {
    admission.validate(create: Sample.set(change))
  }

  @Test("Names with dots can never work (B-A09)")
  func dots() {
    let set = own { $0.metadata.name = "a.b" }
    #expect(set.rules == ["W-B-A09"])
    #expect(set.errors.count == 1)
    #expect(set[0].path == "metadata.name")
    #expect(
      own { $0.spec.template.cliques[0].name = "a.b" }.errors.map(\.path) == ["spec.template.cliques[0].name"]
    )
    let group = own { $0.spec.template.podCliqueScalingGroups[0].name = "s.g" }
    #expect(group.errors.map(\.path) == ["spec.template.podCliqueScalingGroups[0].name"])
    // Stored names cannot be mended, so an update is not refused for them.
    let old = Sample.set { $0.spec.template.cliques[0].name = "a.b" }
    var new = old
    new.spec.replicas = 2
    let update = admission.validate(update: new, from: old)
    #expect(update.rules == ["W-B-A09"])
    #expect(update.errors.isEmpty)
    // The webhook's own objection is enough.
    #expect(own { $0.spec.template.cliques[0].name = "A.b" }.rules == ["A-081"])
  }

  @Test("A name that begins with a digit depends on the API server (B-A09)")
  func digits() {
    let found = own { $0.metadata.name = "1set" }
    #expect(found.rules == ["W-B-A09"])
    #expect(found.errors.isEmpty)
    #expect(found[0].isOwn)
  }

  @Test("Strict turns warnings into errors")
  func strict() {
    var strict = admission
    strict.isStrict = true
    let found = strict.validate(create: Sample.set { $0.metadata.name = "1set" })
    #expect(found.errors.rules == ["W-B-A09"])
    // The webhook's own warnings stay warnings.
    let policy = strict.validate(
      create: Sample.set { $0.spec.template.cliques[0].spec.podSpec.restartPolicy = "Never" })
    #expect(policy.errors.isEmpty)
    #expect(policy.rules == ["A-120"])
  }

  @Test("Names that grow too long with more digits (B-A10)")
  func lengths() {
    // set-<i>-<group>-<r>-<clique>-<p>: 3 + 42 characters of names, five dashes, one digit each.
    let change: (Int32, Int32, Int32) -> (inout PodCliqueSet) -> Void = { sets, groups, pods in
      {
        $0.spec.replicas = sets
        $0.spec.template.podCliqueScalingGroups[0].name = String(repeating: "g", count: 22)
        $0.spec.template.podCliqueScalingGroups[0].cliqueNames = [String(repeating: "b", count: 20)]
        $0.spec.template.podCliqueScalingGroups[0].replicas = groups
        $0.spec.template.cliques[1].name = String(repeating: "b", count: 20)
        $0.spec.template.cliques[1].spec.replicas = pods
      }
    }
    #expect(own(change(10, 10, 10)).isEmpty)
    // 45 + 5 + 13 digits are just 63.
    #expect(own(change(100_000, 10_000, 10_000)).isEmpty)
    let tooLong = own(change(1_000_000, 10_000, 100_000))
    #expect(tooLong.rules == ["W-B-A10"])
    #expect(tooLong.errors.isEmpty)
    #expect(tooLong[0].path == "spec.template.cliques[1].name")
    #expect(tooLong[0].detail.contains("have 65 characters"))
    // A group without members still needs its name as a label value.
    let empty = own {
      $0.spec.template.podCliqueScalingGroups[0].name = String(repeating: "g", count: 60)
      $0.spec.template.podCliqueScalingGroups[0].cliqueNames = []
    }
    #expect(empty.rules == ["W-B-A10"])
  }

  @Test("A clique and a group of one name (B-A12)")
  func equalNames() {
    let found = own { $0.spec.template.podCliqueScalingGroups[0].name = "a" }
    #expect(found.rules == ["W-B-A12"])
    #expect(found.errors.isEmpty)
  }

  @Test("Full names that coincide within a set (B-R38)")
  func coincidence() {
    let now = own { $0.spec.template.cliques[0].name = "sg-1-b" }
    #expect(now.rules == ["W-B-R38"])
    #expect(now.errors.count == 1)
    let later = own {
      $0.spec.template.cliques[0].name = "sg-3-b"
      $0.spec.template.podCliqueScalingGroups[0].scaleConfig = AutoScalingConfig(maxReplicas: 4)
    }
    #expect(later.rules == ["W-B-R38"])
    #expect(later.errors.isEmpty)
    #expect(own { $0.spec.template.cliques[0].name = "sg-3-b" }.isEmpty)
  }

  @Test("Full names that coincide between sets (B-R38)")
  func collisions() {
    func set(
      _ name: String, namespace: String = "ns", _ change: (inout PodCliqueSet) -> Void = { _ in }
    )
      -> PodCliqueSet
    {
      Sample.set {
        $0.metadata.name = name
        $0.metadata.namespace = namespace
        change(&$0)
      }
    }
    // The scaled gang of replica 1 of `set-0-sg` is the base gang of set `set-0-sg`.
    let found = Admission.nameCollisions(among: [
      set("set"), set("set-0-sg"), set("set-0-sg", namespace: "other"),
    ])
    #expect(found.rules == ["W-B-R38"])
    #expect(found[0].detail == "PodGang ns/set-0-sg-0 would belong to PodCliqueSet 'set-0-sg' and to 'set'")
    #expect(Admission.nameCollisions(among: [set("set"), set("set2"), set("set-1-sg")]).isEmpty)
    #expect(Admission.nameCollisions(among: [set("huge") { $0.spec.replicas = .max }]).isEmpty)
  }

  @Test("Claims that do not fit into pods (B-R35)")
  func claims() {
    func found(_ name: String, _ scope: ResourceSharingScope = .allReplicas, pods: Int32 = 2) -> [Diagnostic]
    {
      own {
        $0.spec.template.cliques[0].spec.replicas = pods
        $0.spec.template.cliques[0].resourceSharing = [ResourceSharingSpec(name: name, scope: scope)]
      }
    }
    #expect(found("tpl").isEmpty)
    #expect(found("tpl.v1").errors.rules == ["W-B-R35"])
    #expect(found("Tpl").errors.rules == ["W-B-R35"])
    // set-0-a-all-<name>
    #expect(found(String(repeating: "t", count: 51)).isEmpty)
    #expect(found(String(repeating: "t", count: 52)).errors.rules == ["W-B-R35"])
    // set-0-a-<p>-<name>
    #expect(found(String(repeating: "t", count: 53), .perReplica, pods: 10).isEmpty)
    let later = found(String(repeating: "t", count: 53), .perReplica, pods: 11)
    #expect(later.rules == ["W-B-R35"])
    #expect(later.errors.isEmpty)
    // At the other levels too.
    let others = own {
      $0.spec.template.resourceSharing = [PCSResourceSharingSpec(name: "A", scope: .allReplicas)]
      $0.spec.template.podCliqueScalingGroups[0].resourceSharing = [
        PCSGResourceSharingSpec(name: "B", scope: .perReplica)
      ]
    }
    #expect(
      others.errors.map(\.path) == [
        "spec.template.resourceSharing[0].name",
        "spec.template.podCliqueScalingGroups[0].resourceSharing[0].name",
      ])
  }

  @Test("Reserved names (B-R36): an error where the operator adds one of the same name")
  func reserved() {
    func found(_ type: CliqueStartupType, _ clique: Int, _ change: (inout PodSpec) -> Void) -> [Diagnostic] {
      own {
        $0.spec.template.cliqueStartupType = type
        change(&$0.spec.template.cliques[clique].spec.podSpec)
      }
    }
    let container: (inout PodSpec) -> Void = { $0.containers[0].name = "grove-initc" }
    #expect(found(.anyOrder, 1, container).rules == ["W-B-R36"])
    #expect(found(.anyOrder, 1, container).errors.isEmpty)
    #expect(found(.inOrder, 0, container).errors.isEmpty)
    #expect(
      found(.inOrder, 1, container).errors.map(\.path) == [
        "spec.template.cliques[1].spec.podSpec.containers[0].name"
      ])
    #expect(
      found(.inOrder, 1) { $0.initContainers = [Container(name: "grove-initc")] }.errors.count == 1)
    let volumes = found(.inOrder, 2) {
      $0.volumes = [Volume(name: "sa-token-secret-vol"), Volume(name: "mine"), Volume(name: "pod-info-vol")]
    }
    #expect(volumes.errors.count == 2)
    let claim = found(.inOrder, 2) { $0.resourceClaims = [PodResourceClaim(name: "mnnvl-claim")] }
    #expect(claim.rules == ["W-B-R36"])
    #expect(claim.errors.isEmpty)
  }

  @Test("Settings without effect (B-A13) and roles without a name (B-A14)")
  func withoutEffect() {
    #expect(own { $0.spec.template.cliques[1].spec.startsAfter = ["a"] }.rules == ["W-B-A13"])
    let keys = own {
      $0.spec.template.cliques[0].labels = [
        "grove.io/podclique": "x", "app.kubernetes.io/part-of": "x", "mine": "x",
      ]
      $0.spec.template.cliques[0].annotations = ["grove.io/topology-name": "x"]
    }
    #expect(keys.rules == ["W-B-A13", "W-B-A13", "W-B-A13"])
    #expect(own { $0.spec.template.cliques[0].spec.roleName = "" }.rules == ["W-B-A14"])
  }

  @Test("Updates that lose an autoscaler's replicas (B-R45) or change a queue too late (B-A17)")
  func updates() {
    let scaled = Sample.set {
      $0.spec.template.cliques[0].spec.autoScalingConfig = AutoScalingConfig(maxReplicas: 9)
    }
    var image = scaled
    image.spec.template.cliques[0].spec.podSpec.containers[0].image = "other"
    #expect(admission.validate(update: image, from: scaled).rules == ["W-B-R45"])
    image.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete)
    #expect(admission.validate(update: image, from: scaled).isEmpty)
    var resized = scaled
    resized.spec.replicas = 3
    #expect(admission.validate(update: resized, from: scaled).isEmpty)

    let kai = Admission(configuration: .kaiWithTopology)
    let queued = Sample.set { $0.metadata.labels[LabelKey.kaiQueue] = "q" }
    var moved = queued
    moved.metadata.labels[LabelKey.kaiQueue] = "r"
    #expect(kai.validate(update: moved, from: queued).rules == ["W-B-A17"])
    #expect(kai.validate(update: queued, from: queued).isEmpty)
  }
}
