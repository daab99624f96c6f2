import GroveModel
import KubernetesModel
import Testing

@testable import GroveAdmission

@Suite("Rules of topology constraints on creation")
struct TopologyRuleTests {
  private let admission = Sample.topologyAware
  private let set = "spec.template.topologyConstraint"
  private let clique = "spec.template.cliques[0].topologyConstraint"
  private let member = "spec.template.cliques[1].topologyConstraint"
  private let group = "spec.template.podCliqueScalingGroups[0].topologyConstraint"
  private let mismatch =
    "all topologyConstraint.topologyName values within a PodCliqueSet must match in the current implementation"

  private func refusals(
    _ admission: Admission? = nil, set: TopologyConstraint? = nil, clique: TopologyConstraint? = nil,
    member: TopologyConstraint? = nil, group: TopologyConstraint? = nil
  ) -> [String] {
    (admission ?? self.admission).refusals {
      $0.spec.template.topologyConstraint = set
      $0.spec.template.cliques[0].topologyConstraint = clique
      $0.spec.template.cliques[1].topologyConstraint = member
      $0.spec.template.podCliqueScalingGroups[0].topologyConstraint = group
    }
  }

  @Test("Topology-aware scheduling is off (A-160)")
  func disabled() {
    let text = "topology constraints are not allowed when Topology Aware Scheduling is disabled"
    #expect(
      refusals(
        Admission(), set: Sample.constraint("topo", required: "rack", preferred: "host"),
        clique: Sample.constraint(required: "host"), group: Sample.constraint(preferred: "rack")) == [
          "\(set): Invalid value: [\"rack\",\"host\"]: \(text)",
          "\(clique): Invalid value: [\"host\"]: \(text)",
          "\(group): Invalid value: [\"rack\"]: \(text)",
        ])
  }

  @Test("Names and inheritance (A-161…A-165, A-167)")
  func names() {
    #expect(refusals().isEmpty)
    //
    #expect(
      refusals(
        set: Sample.constraint("topo", required: "zone"), clique: Sample.constraint(required: "rack"),
        member: Sample.constraint(required: "host"), group: Sample.constraint(required: "rack")
      ).isEmpty)
    #expect(
      refusals(
        member: Sample.constraint(required: "host"), group: Sample.constraint("topo", required: "rack")
      )
      .isEmpty)
    //
    let required =
      "topologyName: Required value: topologyName is required when topologyConstraint is set and cannot be inherited"
    #expect(refusals(set: Sample.constraint(required: "rack")) == ["\(set).\(required)"])
    #expect(
      refusals(
        clique: Sample.constraint(required: "host"), group: Sample.constraint("topo", required: "galaxy"))
        == ["\(clique).\(required)"])
    //
    #expect(
      refusals(
        set: Sample.constraint("topo", required: "zone"), clique: Sample.constraint("other", required: "rack")
      )
        == ["\(clique).topologyName: Invalid value: \"other\": \(mismatch)"])
    //
    #expect(
      refusals(
        clique: Sample.constraint("topo", required: "rack"),
        group: Sample.constraint("other", required: "rack")) == [
          "\(group).topologyName: Invalid value: \"other\": \(mismatch)",
          "\(clique).topologyName: Invalid value: \"topo\": \(mismatch)",
        ])
  }

  @Test("The binding is looked up (A-166), and the constraint that names it is blamed (B-A20)")
  func lookup() {
    let text = "topologyName: Invalid value: \"nope\": ClusterTopologyBinding \"nope\" not found"
    #expect(refusals(set: Sample.constraint("nope", required: "rack")) == ["\(set).\(text)"])
    #expect(refusals(clique: Sample.constraint("nope", required: "rack")) == ["\(clique).\(text)"])
    let found = admission.validate(
      create: Sample.set { $0.spec.template.topologyConstraint = Sample.constraint("nope", required: "rack") }
    )
    #expect(found.first?.hint == "known: other, topo")
    // Without knowing the cluster nothing can be said.
    var ignorant = admission
    ignorant.topologies = nil
    #expect(refusals(ignorant, set: Sample.constraint("nope", required: "galaxy")).isEmpty)
  }

  @Test("Domains exist (A-168, A-170)")
  func domains() {
    let text = "does not exist in cluster topology [zone block rack host]"
    #expect(
      refusals(
        set: Sample.constraint("topo", required: "x1", preferred: "x2"),
        clique: Sample.constraint(packDomain: "x3")) == [
          "\(set).pack.required: Invalid value: \"x1\": topology domain 'x1' \(text)",
          "\(set).pack.preferred: Invalid value: \"x2\": topology domain 'x2' \(text)",
          "\(clique).packDomain: Invalid value: \"x3\": topology domain 'x3' \(text)",
        ])
  }

  @Test("Parents are not narrower than children (A-169)")
  func hierarchy() {
    #expect(
      refusals(
        set: Sample.constraint("topo", required: "host", preferred: "host"),
        clique: Sample.constraint(required: "rack"),
        member: Sample.constraint(required: "zone", preferred: "host"),
        group: Sample.constraint(required: "rack", preferred: "block")) == [
          "\(set): Invalid value: \"host\": PodCliqueSet topology constraint domain 'host' is narrower than PodClique "
            + "'a' topology constraint domain 'rack'",
          "\(set): Invalid value: \"host\": PodCliqueSet topology constraint domain 'host' is narrower than PodClique "
            + "'b' topology constraint domain 'zone'",
          "\(set): Invalid value: \"host\": PodCliqueSet topology constraint domain 'host' is narrower than "
            + "PodCliqueScalingGroup 'sg' topology constraint domain 'rack'",
          "\(set).pack.preferred: Invalid value: \"host\": PodCliqueSet topology constraint domain 'host' is narrower "
            + "than PodCliqueScalingGroup 'sg' topology constraint domain 'block'",
          "\(group): Invalid value: \"rack\": PodCliqueScalingGroup 'sg' topology constraint domain 'rack' is "
            + "narrower than PodClique 'b' topology constraint domain 'zone'",
        ])
    #expect(
      refusals(set: Sample.constraint("topo", preferred: "host"), clique: Sample.constraint(required: "zone"))
        .isEmpty)
  }

  @Test("A preference broader than the requirement is redundant (A-190)")
  func redundantPreference() {
    let found = admission.validate(
      create: Sample.set {
        $0.spec.template.topologyConstraint = Sample.constraint("topo", required: "rack", preferred: "zone")
        $0.spec.template.cliques[0].topologyConstraint = Sample.constraint(
          required: "host", preferred: "host")
      })
    #expect(
      found.map(\.serverMessage) == [
        "\(set).pack.preferred is coarser than \(set).pack.required and is redundant"
      ])
    #expect(found.rules == ["A-190"])
    #expect(found[0].severity == .warning)
  }
}

@Suite("Rules of topology constraints on update")
struct TopologyUpdateRuleTests {
  private let admission = Sample.topologyAware
  private let set = "spec.template.topologyConstraint"

  private func found(
    _ old: TopologyConstraint?, _ new: TopologyConstraint?
  ) -> [Diagnostic] {
    func make(_ constraint: TopologyConstraint?, image: String) -> PodCliqueSet {
      Sample.set {
        $0.spec.template.topologyConstraint = constraint
        $0.spec.template.cliques[0].spec.podSpec.containers[0].image = image
      }
    }
    return admission.validate(update: make(new, image: "new"), from: make(old, image: "old"))
  }

  @Test("The set's constraint (A-400, A-403)")
  func ofSet() {
    let rack = Sample.constraint("topo", required: "rack")
    func texts(_ old: TopologyConstraint?, _ new: TopologyConstraint?) -> [String] { found(old, new).texts }
    #expect(texts(rack, rack).isEmpty)
    #expect(
      texts(nil, rack) == [
        "\(set).topologyName: Forbidden: topologyName cannot be changed from \"\" to \"topo\""
      ])
    #expect(
      texts(rack, nil) == [
        "\(set).topologyName: Forbidden: topologyName cannot be changed from \"topo\" to \"\""
      ])
    #expect(
      texts(rack, Sample.constraint("topo", required: "rack", preferred: "host")) == [
        "\(set): Forbidden: PodCliqueSet topology constraint cannot be changed from required=\"rack\" preferred=\"\" to "
          + "required=\"rack\" preferred=\"host\""
      ])
    #expect(found(rack, nil).rules == ["A-400"])
  }

  @Test("Constraints of cliques and groups (A-401, A-403)")
  func ofOthers() {
    func texts(_ old: TopologyConstraint?, _ new: TopologyConstraint?, group: Bool = false) -> [String] {
      func make(_ constraint: TopologyConstraint?) -> PodCliqueSet {
        Sample.set {
          if group {
            $0.spec.template.podCliqueScalingGroups[0].topologyConstraint = constraint
          } else {
            $0.spec.template.cliques[0].topologyConstraint = constraint
          }
        }
      }
      return admission.validate(update: make(new), from: make(old)).texts
    }
    let path = "spec.template.cliques[0].topologyConstraint: Forbidden: PodClique 'a' topology constraint"
    let rack = Sample.constraint("topo", required: "rack")
    #expect(texts(nil, rack) == ["\(path) cannot be added after creation"])
    #expect(texts(rack, nil) == ["\(path) cannot be removed after creation"])
    #expect(
      texts(rack, Sample.constraint("other", required: "rack")) == [
        "\(path) topologyName cannot be changed from 'topo' to 'other'"
      ])
    #expect(
      texts(rack, Sample.constraint("topo", required: "host")) == [
        "\(path) cannot be changed from required=\"rack\" preferred=\"\" to required=\"host\" preferred=\"\""
      ])
    #expect(
      texts(nil, rack, group: true) == [
        "spec.template.podCliqueScalingGroups[0].topologyConstraint: Forbidden: PodCliqueScalingGroup 'sg' topology "
          + "constraint cannot be added after creation"
      ])
  }

  @Test("packDomain may move to pack.required, and nothing else (A-402)")
  func migration() {
    let old = Sample.constraint("topo", packDomain: "rack")
    #expect(found(old, Sample.constraint("topo", required: "rack")).isEmpty)
    #expect(
      found(old, Sample.constraint("topo", required: "rack", preferred: "host")).texts == [
        "\(set): Forbidden: PodCliqueSet deprecated packDomain migration can only move packDomain to pack.required "
          + "without changing the required or preferred topology domain (old required=\"rack\" preferred=\"\", new "
          + "required=\"rack\" preferred=\"host\")"
      ])
    #expect(found(old, Sample.constraint("topo", required: "host")).texts.count == 1)
  }

  @Test("packDomain is deprecated (A-191)")
  func deprecation() {
    let old = Sample.constraint("topo", packDomain: "rack")
    let same = found(old, old)
    #expect(same.rules == ["A-191"])
    #expect(same[0].serverMessage == "\(set).packDomain is deprecated; use \(set).pack.required instead")
    // The warning comes with a denial of the second stage, not with one of the first.
    #expect(found(old, Sample.constraint("topo", packDomain: "block")).rules == ["A-400", "A-191"])
    var broken = Sample.set { $0.spec.template.topologyConstraint = old }
    broken.spec.replicas = -1
    #expect(
      admission.validate(update: broken, from: Sample.set { $0.spec.template.topologyConstraint = old }).rules
        == ["A-053"])
  }

  @Test("A name may be given to constraints from before names (A-404)")
  func repair() {
    let old = Sample.constraint(packDomain: "rack")
    #expect(found(old, Sample.constraint("topo", packDomain: "rack")).errors.isEmpty)
    #expect(
      found(old, Sample.constraint("topo", packDomain: "block")).texts == [
        "\(set).topologyName: Forbidden: topologyName cannot be changed from \"\" to \"topo\""
      ])
    // The repaired set is then checked as a new one.
    #expect(found(old, Sample.constraint("nope", packDomain: "rack")).errors.rules == ["A-166"])
    let galaxy = Sample.constraint(packDomain: "galaxy")
    #expect(found(galaxy, Sample.constraint("topo", packDomain: "galaxy")).errors.rules == ["A-168"])
    // Leaving it unrepaired is refused as well.
    #expect(found(old, old).errors.rules == ["A-163"])
  }

  @Test("Old sets that are wrong in another way cannot be repaired (A-405)")
  func unrepairable() {
    func text(_ clique: TopologyConstraint) -> [String] {
      func make(_ image: String) -> PodCliqueSet {
        Sample.set {
          $0.spec.template.cliques[0].spec.podSpec.containers[0].image = image
          $0.spec.template.cliques[0].topologyConstraint = clique
          $0.spec.template.cliques[1].topologyConstraint = Sample.constraint(packDomain: "rack")
          $0.spec.template.topologyConstraint = Sample.constraint("topo", required: "zone")
        }
      }
      return admission.validate(update: make("new"), from: make("old")).texts
    }
    #expect(
      text(Sample.constraint("other", required: "rack")) == [
        "\(set).topologyName: Internal error: multiple topology names within a single PodCliqueSet are not supported"
      ])
    #expect(
      text(Sample.constraint()) == [
        "\(set).topologyName: Internal error: topology constraints require at least one pack domain"
      ])
  }
}
