import GroveSchedule
import GroveSimulate
import Testing

@testable import GroveScenario

/// Nodes can be labelled while a scenario runs, and a scenario can say how its scheduler chooses.
struct ScenarioLabelTests {
  private func failures(_ steps: String) -> [String] {
    ScenarioFixture.failures("\(ScenarioFixture.head)steps:\n\(steps)")
  }

  @Test func nodesAreLabelledByPlace() {
    let label = """
      - label: {nodes: {range: 1..4}, set: {rack: null, bay: "bay-{n/2}", host: "{name}"}}

      """
    let holds = """
      - expect:
        - {objects: {kind: node, labels: rack}, names: [node-0]}
        - {objects: {kind: node, labels: bay=bay-0}, names: [node-1, node-2]}
        - {object: node/node-3, fields: {"metadata.labels[bay]": bay-1, "metadata.labels[host]": node-3}}
      """
    #expect(failures(label + holds) == [])
    let found = failures(label + "- expect: [{objects: {kind: node, labels: rack}, count: 4}]")
    #expect(found.count == 1 && found[0].contains("expected exactly 4"), "\(found)")
  }

  @Test(arguments: [
    ("{nodes: node-9, set: {a: b}}", "there are no nodes node-9"),
    ("{nodes: node-0, set: {}}", "no label is set"),
    ("{nodes: node-0, set: {a: \"{x}\"}}", "has braces"),
    ("{nodes: node-0}", "set is missing"),
  ])
  func mistakesAreTold(label: String, says: String) {
    let found = failures("- label: \(label)\n- expect: [{objects: node, count: 4}]")
    #expect(found.contains { $0.contains(says) }, "\(found)")
  }

  @Test func schedulersChooseAsAsked() {
    // Four pods of one cpu on nodes with two: two nodes when packed, all four when spread.
    func scenario(_ scheduler: String, nodes: Int) -> String {
      let expectation = "[{pods: {of: demo}, ready: 4\(nodes == 4 ? ", distinctNodes: true" : "")}]"
      return
        "\(ScenarioFixture.head)scheduler: \(scheduler)\nsteps:\n- apply: demo.yaml\n- expect: \(expectation)"
    }
    #expect(ScenarioFixture.failures(scenario("{nodes: spread}", nodes: 4)) == [])
    #expect(ScenarioFixture.failures(scenario("{nodes: pack}", nodes: 4)) != [])
    #expect(ScenarioFixture.failures(scenario("{nodes: pack}", nodes: 2)) == [])
    let text = scenario(
      "{domains: balanced, nodes: spread, preemption: false, anchorsReplicas: true}", nodes: 4)
    let policy = Policy(domains: .balanced, nodes: .spread, allowsPreemption: false, anchorsReplicas: true)
    #expect(ScenarioFixture.read(text).scenario?.policy == policy)
    #expect(ScenarioFixture.failures(scenario("false", nodes: 2)) != [], "without one, nothing is bound")
    let wrong = ScenarioFixture.failures(scenario("{nodes: packed}", nodes: 2))
    #expect(wrong.contains { $0.contains("expected one of pack, spread") }, "\(wrong)")
  }
}
