import GroveModel
import GroveSchedule
import KubernetesModel
import Testing

@Suite("Decisions as JSON (S-060)")
struct DecisionValueTests {
  @Test("bindings, evictions, verdicts and scores are all there")
  func value() throws {
    var low = Pod.make("low", on: "n0", priority: -1)
    low.spec.containers[0].resources.requests["cpu"] = 4
    let snapshot = try Snapshot(
      nodes: [.make("n0")],
      pods: [low, .make("high", priority: 5), .make("huge", ["cpu": "64"], priority: 9)])
    let decision = Scheduler().decide(snapshot)
    let value = decision.value
    #expect(value["fits"]?.booleanValue == false)
    #expect(value["digest"]?.stringValue == decision.digest)
    #expect(value["bindings"]?[0]?["pod"]?.stringValue == "high")
    #expect(value["evictions"]?[0]?["pod"]?.stringValue == "low")
    #expect(value["evictions"]?[0]?["beneficiary"]?.stringValue == "default/high")
    let huge = try #require(value["gangs"]?.elements.first { $0["name"]?.stringValue == "huge" })
    #expect(huge["verdict"]?["state"]?.stringValue == "cannotFit")
    #expect(huge["score"]?.isNull == true)
    let high = try #require(value["gangs"]?.elements.first { $0["name"]?.stringValue == "high" })
    #expect(high["score"]?.doubleValue == 1)
  }

  @Test("a description's level may have a node label of its own (S-006)")
  func levelKeys() throws {
    var description = try ClusterDescription(parsing: "rack=2,node=1,cpu=4")
    description.levels[0].key = "example.com/rack"
    #expect(description.nodes[1].metadata.labels["example.com/rack"] == "r1")
    #expect(description.topology.spec.levels.map(\.key) == ["example.com/rack", "kubernetes.io/hostname"])
  }
}
