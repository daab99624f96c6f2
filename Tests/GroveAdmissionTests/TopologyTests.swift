import GroveModel
import KubernetesModel
import Testing

@testable import GroveAdmission

@Suite("Topology")
struct TopologyTests {
  private static func constraint(
    _ name: String = "", required: String = "", preferred: String = "", packDomain: String = ""
  ) -> TopologyConstraint {
    Sample.constraint(name, required: required, preferred: preferred, packDomain: packDomain)
  }

  @Test("Domains of a constraint (A-170)")
  func domains() {
    let both = TopologyTests.constraint(required: "rack", preferred: "host", packDomain: "zone")
    #expect(both.requiredDomain == "rack")
    #expect(both.preferredDomain == "host")
    #expect(both.referencedDomains == ["rack", "host"])
    #expect(TopologyTests.constraint(packDomain: "zone").requiredDomain == "zone")
    #expect(
      TopologyTests.constraint(preferred: "host", packDomain: "zone").referencedDomains == ["zone", "host"])
    #expect(TopologyTests.constraint(required: "rack", preferred: "rack").referencedDomains == ["rack"])
    #expect(TopologyTests.constraint("topo").referencedDomains == [])
    #expect(TopologyTests.constraint("topo").preferredDomain == nil)
  }

  @Test("The explicit name comes from the set, its groups, its cliques (R-286)")
  func explicitName() {
    func name(_ set: String?, group: String?, clique: String?) -> String? {
      let podCliqueSet = Sample.set {
        $0.spec.template.topologyConstraint = set.map { TopologyTests.constraint($0, required: "rack") }
        $0.spec.template.podCliqueScalingGroups[0].topologyConstraint = group.map {
          TopologyTests.constraint($0, required: "rack")
        }
        $0.spec.template.cliques[0].topologyConstraint = clique.map {
          TopologyTests.constraint($0, required: "rack")
        }
      }
      return podCliqueSet.spec.template.explicitTopologyName
    }
    #expect(name("s", group: "g", clique: "c") == "s")
    #expect(name("", group: "g", clique: "c") == "g")
    #expect(name(nil, group: nil, clique: "c") == "c")
    #expect(name(nil, group: "", clique: "") == nil)
    #expect(name(nil, group: nil, clique: nil) == nil)
  }

  @Test("The effective name, or why there is none (A-162, A-405)")
  func effectiveName() throws {
    func name(_ change: (inout PodCliqueSetTemplateSpec) -> Void) throws(TopologyNameError) -> String? {
      try Sample.set { change(&$0.spec.template) }.spec.template.effectiveTopologyName()
    }
    #expect(try name { _ in } == nil)
    #expect(
      try name {
        $0.podCliqueScalingGroups[0].topologyConstraint = TopologyTests.constraint("t", required: "rack")
        $0.cliques[1].topologyConstraint = TopologyTests.constraint(required: "host")
      } == "t")
    #expect(throws: TopologyNameError.missing) {
      try name { $0.cliques[0].topologyConstraint = TopologyTests.constraint(required: "host") }
    }
    #expect(throws: TopologyNameError.multiple) {
      try name {
        $0.cliques[0].topologyConstraint = TopologyTests.constraint("t", required: "host")
        $0.cliques[1].topologyConstraint = TopologyTests.constraint("u", required: "host")
      }
    }
    #expect(throws: TopologyNameError.noDomain) {
      try name { $0.topologyConstraint = TopologyTests.constraint("t") }
    }
  }

  @Test("Levels (A-168, A-169)")
  func levels() {
    let levels = TopologyLevels(Sample.topology())
    #expect(levels.domains == ["zone", "block", "rack", "host"])
    #expect(levels.position(of: "rack") == 2)
    #expect(levels.position(of: "galaxy") == nil)
    #expect(levels.key(of: "rack") == "example.com/rack")
    #expect(levels.key(of: nil) == nil)
    #expect(levels.isNarrower("host", than: "rack"))
    #expect(!levels.isNarrower("rack", than: "rack"))
    #expect(!levels.isNarrower("rack", than: "host"))
    #expect(!levels.isNarrower("galaxy", than: "zone"))
    #expect(!levels.isNarrower("host", than: nil))
    #expect(TopologyLevels(nil).levels.isEmpty)
  }

  @Test("Translation into node label keys (R-287): an unknown domain drops its half")
  func translation() {
    let levels = TopologyLevels(Sample.topology())
    func translated(_ constraint: TopologyConstraint?) -> [String?]? {
      levels.translate(constraint)?.packConstraint.map { [$0.required, $0.preferred] }
    }
    #expect(
      translated(TopologyTests.constraint(required: "rack", preferred: "host")) == [
        "example.com/rack", "example.com/host",
      ])
    #expect(
      translated(TopologyTests.constraint(preferred: "host", packDomain: "zone")) == [
        "example.com/zone", "example.com/host",
      ])
    #expect(
      translated(TopologyTests.constraint(required: "galaxy", preferred: "host")) == [
        nil, "example.com/host",
      ])
    #expect(translated(TopologyTests.constraint(required: "galaxy")) == nil)
    #expect(translated(nil) == nil)
    #expect(TopologyLevels().translate(TopologyTests.constraint(required: "rack")) == nil)
  }

  @Test("Constraints of base and scaled gangs (R-288, R-289)")
  func gangs() {
    let levels = TopologyLevels(Sample.topology())
    let template = Sample.set {
      $0.spec.template.topologyConstraint = TopologyTests.constraint("t", required: "zone")
    }.spec.template
    let zone = levels.translate(TopologyTests.constraint(required: "zone"))
    #expect(zone != nil)
    #expect(levels.baseGangConstraint(template) == zone)
    var group = template.podCliqueScalingGroups[0]
    #expect(levels.scaledGangConstraint(template, group: group) == zone)
    group.topologyConstraint = TopologyTests.constraint(required: "rack")
    #expect(
      levels.scaledGangConstraint(template, group: group)
        == levels.translate(TopologyTests.constraint(required: "rack")))
    // One that cannot be translated does not fall back to the set's.
    group.topologyConstraint = TopologyTests.constraint(required: "galaxy")
    #expect(levels.scaledGangConstraint(template, group: group) == nil)
  }
}
