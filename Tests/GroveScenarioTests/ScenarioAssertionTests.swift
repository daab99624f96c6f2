import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveScenario

/// Every assertion holds when it should, and fails, in words, when it should not.
struct ScenarioAssertionTests {
  /// An assertion about the fixture when it is up that holds, one like it that does not, and what is said then.
  struct Pair: Sendable, CustomTestStringConvertible {
    var holds: String
    var fails: String
    var says: String
    var testDescription: String { fails }

    init(_ holds: String, _ fails: String, _ says: String) {
      self.holds = holds
      self.fails = fails
      self.says = says
    }
  }

  static let pairs = [
    // Selection
    Pair("pods: {of: demo}, count: 4", "pods: {of: demo}, count: 5", "expected exactly 5 pods; there are 4"),
    Pair("pods: {of: dem*}, count: 4", "pods: {of: dem}, count: 4", "there are 0"),
    Pair("pods: {clique: demo-0-a}, count: 2", "pods: {clique: demo-0-a}, count: 3", "there are 2"),
    Pair("pods: {clique: demo-0-sg-*-b}, count: 2", "pods: {clique: demo-0-sg-*-b}, count: 1", "there are 2"),
    Pair("pods: {group: demo-0-sg}, count: 2", "pods: {group: demo-0-sg}, count: 4", "there are 2"),
    Pair("pods: {groupReplica: 1}, count: 1", "pods: {groupReplica: 1}, count: 2", "there are 1"),
    Pair("pods: {grouped: false}, count: 2", "pods: {grouped: true}, count: 4", "there are 2"),
    Pair("pods: {replica: 0}, count: 4", "pods: {replica: 1}, count: 4", "there are 0"),
    Pair("pods: {index: 1}, count: 1", "pods: {index: 1}, count: 2", "there are 1"),
    Pair("pods: {gang: demo-0}, count: 3", "pods: {gang: demo-0}, count: 4", "there are 3"),
    Pair("pods: {scaled: true}, count: 1", "pods: {scaled: false}, count: 1", "there are 3"),
    Pair(
      "pods: {labels: grove.io/podclique=demo-0-a}, count: 2", "pods: {labels: {x: y}}, count: 2",
      "there are 0"),
    Pair("pods: {phase: Running}, count: 4", "pods: {phase: Pending}, count: 4", "there are 0"),
    Pair("pods: {ready: true}, count: 4", "pods: {ready: false}, count: 4", "there are 0"),
    Pair("pods: {gated: false}, count: 4", "pods: {gated: true}, count: 4", "there are 0"),
    Pair("pods: {bound: true}, count: 4", "pods: {bound: false}, count: 4", "there are 0"),
    Pair("pods: {terminating: false}, count: 4", "pods: {terminating: true}, count: 4", "there are 0"),
    Pair("pods: {nodes: node-*}, count: 4", "pods: {nodes: other}, count: 4", "there are 0"),
    Pair("pods: {in: up}, count: 4", "pods: {notIn: up}, count: 4", "there are 0"),
    Pair("pods: {first: 3}, count: 3", "pods: {first: 3}, count: 4", "there are 3"),
    Pair("pods: {namespace: default}, count: 4", "pods: {namespace: other}, count: 4", "there are 0"),
    Pair("pods: demo-0-a-*, count: 2", "pods: [demo-0-b-*], count: 2", "there are 0"),
    // Counts
    Pair("pods: {of: demo}, count: \">= 4\"", "pods: {of: demo}, count: \"> 4\"", "expected at least 5 pods"),
    Pair("pods: {of: demo}, count: \"<= 4\"", "pods: {of: demo}, count: \"< 4\"", "expected at most 3 pods"),
    Pair("pods: {of: demo}, count: 3..5", "pods: {of: demo}, count: 5..7", "expected from 5 to 7 pods"),
    // States
    Pair(
      "pods: {of: demo}, running: 4", "pods: {of: demo}, running: 3", "expected exactly 3 running; 4 of 4 are"
    ),
    Pair("pods: {of: demo}, pending: 0", "pods: {of: demo}, pending: 1", "0 of 4 are"),
    Pair("pods: {of: demo}, succeeded: 0", "pods: {of: demo}, succeeded: 1", "0 of 4 are"),
    Pair("pods: {of: demo}, failed: 0", "pods: {of: demo}, failed: 1", "0 of 4 are"),
    Pair("pods: {of: demo}, ready: 4", "pods: {of: demo}, ready: 3", "4 of 4 are"),
    Pair("pods: {of: demo}, notReady: 0", "pods: {of: demo}, notReady: 1", "0 of 4 are"),
    Pair("pods: {of: demo}, gated: 0", "pods: {of: demo}, gated: 1", "0 of 4 are"),
    Pair("pods: {of: demo}, bound: 4", "pods: {of: demo}, bound: 3", "4 of 4 are"),
    Pair("pods: {of: demo}, unschedulable: 0", "pods: {of: demo}, unschedulable: 1", "0 of 4 are"),
    Pair("pods: {of: demo}, terminating: 0", "pods: {of: demo}, terminating: 1", "0 of 4 are"),
    // Identity
    Pair("pods: {of: demo}, survivors: {up: all}", "pods: {index: 1}, survivors: {up: all}", "gone are"),
    Pair(
      "pods: {of: demo}, survivors: {up: 4}", "pods: {of: demo}, survivors: {up: 0}", "exactly 0 of the 4"),
    Pair("pods: {of: demo}, newcomers: {up: 0}", "pods: {of: demo}, newcomers: {up: 1}", "there are 0"),
    Pair(
      "objects: pclq, names: [demo-0-a, demo-0-sg-0-b, demo-0-sg-1-b]", "objects: pclq, names: [demo-0-a]",
      "there are demo-0-a, demo-0-sg-0-b, demo-0-sg-1-b"),
    // Objects
    Pair("objects: pclq, count: 3", "objects: {kind: PodClique, of: demo}, count: 2", "there are 3"),
    Pair("objects: pclq/demo-0-sg-*, count: 2", "objects: pclq/demo-0-sg-*, count: 3", "there are 2"),
    Pair(
      "objects: {kind: pclq, replica: 0}, count: 3", "objects: {kind: pclq, replica: 1}, count: 3",
      "there are 0"),
    Pair(
      "objects: {kind: pods, labels: grove.io/podclique=demo-0-a}, count: 2",
      "objects: {kind: pods, labels: grove.io/podclique=demo-0-b}, count: 2", "there are 0"),
    Pair("objects: {kind: po, in: up}, count: 4", "objects: {kind: po, notIn: up}, count: 4", "there are 0"),
    Pair("objects: {kind: po, first: 2}, count: 2", "objects: {kind: po, first: 2}, count: 4", "there are 2"),
    Pair(
      "objects: {kind: po, terminating: false}, count: 4", "objects: {kind: po, terminating: true}, count: 4",
      "0"),
    Pair(
      "objects: {kind: po, namespace: '*'}, count: 4", "objects: {kind: po, namespace: x}, count: 4",
      "there are 0"),
    Pair(
      "object: pcs/demo, exists: true", "object: pcs/demo, exists: false",
      "expected it not to be there; it is"),
    Pair(
      "object: pcs/other, exists: false", "object: pcs/other, exists: true",
      "expected it to be there; it is not"),
    Pair(
      "object: {kind: PodCliqueSet, name: demo, namespace: default}, exists: true",
      "object: {kind: PodCliqueSet, name: demo, namespace: x}, exists: true", "it is not"),
    // Fields
    Pair(
      "object: pcs/demo, fields: {spec.replicas: 1}", "object: pcs/demo, fields: {spec.replicas: 2}",
      "expected spec.replicas to be 2; spec.replicas is 1"),
    Pair(
      "object: pcs/demo, fields: {\"spec.template.cliques[name=a].spec.replicas\": 2}",
      "object: pcs/demo, fields: {\"spec.template.cliques[name=c].spec.replicas\": 2}", "is not there"),
    Pair(
      "object: pcs/demo, fields: {\"spec.template.cliques[*].name\": [a, b]}",
      "object: pcs/demo, fields: {\"spec.template.cliques[*].name\": [b, a]}", "is [\"a\",\"b\"]"),
    Pair(
      "object: pcs/demo, fields: {\"spec.template.cliques[*].name\": {set: [b, a]}}",
      "object: pcs/demo, fields: {\"spec.template.cliques[*].name\": {set: [a, a]}}", "in any order"),
    Pair(
      "object: pcs/demo, fields: {spec.replicas: {not: 2}}",
      "object: pcs/demo, fields: {spec.replicas: {not: 1}}",
      "not to be 1"),
    Pair(
      "object: pcs/demo, fields: {spec.replicas: {exists: true}}",
      "object: pcs/demo, fields: {spec.replicas: {exists: false}}", "not to be there"),
    Pair(
      "object: pcs/demo, fields: {status.updateProgress: null}",
      "object: pcs/demo, fields: {status.replicas: null}",
      "not to be there"),
    Pair(
      "object: pcs/demo, fields: {spec.replicas: {atLeast: 1}}",
      "object: pcs/demo, fields: {spec.replicas: {atLeast: 2}}", "to be at least 2"),
    Pair(
      "object: pcs/demo, fields: {spec.replicas: {atMost: 1}}",
      "object: pcs/demo, fields: {spec.replicas: {atMost: 0}}", "to be at most 0"),
    Pair(
      "object: pcs/demo, fields: {metadata.name: {contains: em}}",
      "object: pcs/demo, fields: {metadata.name: {contains: x}}", "to contain \"x\""),
    Pair(
      "object: pcs/demo, fields: {\"spec.template.cliques[*].name\": {contains: a}}",
      "object: pcs/demo, fields: {\"spec.template.cliques[*].name\": {contains: x}}", "to contain \"x\""),
    Pair(
      "object: pcs/demo, fields: {spec.replicas: {oneOf: [1, 2]}}",
      "object: pcs/demo, fields: {spec.replicas: {oneOf: [2, 3]}}", "to be one of [2,3]"),
    Pair(
      "object: pcs/demo, fields: {spec.template.cliques: {count: 2}}",
      "object: pcs/demo, fields: {spec.template.cliques: {count: 3}}", "to have exactly 3 elements"),
    Pair(
      "object: pcs/demo, fields: {\"metadata.labels[kai.scheduler/queue]\": {is: test}}",
      "object: pcs/demo, fields: {\"metadata.labels[kai.scheduler/queue]\": {is: x}}", "is \"test\""),
    Pair(
      "object: pcs/demo, fields: {status.observedGeneration: {sameAs: metadata.generation}}",
      "object: pcs/demo, fields: {status.observedGeneration: {sameAs: metadata.name}}",
      "to be the same as metadata.name (\"demo\")"),
    Pair(
      "object: pclq/demo-0-a, fields: {spec.minAvailable: {notAbove: spec.replicas}}",
      "object: pclq/demo-0-a, fields: {spec.replicas: {notAbove: spec.minAvailable}}", "not to be above"),
    Pair(
      "pods: {of: demo}, fields: {spec.schedulerName: kai-scheduler}",
      "pods: {of: demo}, fields: {spec.schedulerName: x}", "the same of 1 more"),
    Pair(
      "pods: {clique: demo-0-a}, fields: {status.phase: Running}",
      "pods: {clique: none}, fields: {status.phase: Running}", "expected something to look at"),
    // Conditions and owners
    Pair(
      "object: pclq/demo-0-a, condition: {type: MinAvailableBreached, status: \"False\", reason: SufficientReadyPods}",
      "object: pclq/demo-0-a, condition: {type: MinAvailableBreached, status: True}",
      "condition MinAvailableBreached to be True; it is False/SufficientReadyPods"),
    Pair(
      "object: pclq/demo-0-a, condition: [{type: PodCliqueScheduled}, {type: MinAvailableBreached, message: ready}]",
      "object: pclq/demo-0-a, condition: [{type: PodCliqueScheduled}, {type: MinAvailableBreached, message: xyz}]",
      "xyz"),
    Pair(
      "object: pclq/demo-0-a, condition: {type: PodCliqueScheduled, reason: SufficientScheduledPods}",
      "object: pclq/demo-0-a, condition: {type: Other}", "expected condition Other to be there; there is none"
    ),
    Pair(
      "objects: pclq/demo-0-sg-*, owners: [pcsg/demo-0-sg]", "objects: pclq/demo-0-sg-*, owners: [pcs/demo]",
      "they are PodCliqueScalingGroup/demo-0-sg"),
    // Placement
    Pair(
      "pods: {clique: demo-0-a}, onNodes: {all: true}", "pods: {clique: demo-0-a}, onNodes: [node-9]",
      "expected all on none"),
    Pair(
      "pods: {of: demo}, notOnNodes: node-9", "pods: {of: demo}, notOnNodes: {all: true}", "expected none on"),
    Pair(
      "pods: {of: demo}, onNodes: {saved: up}", "pods: {of: demo}, onNodes: {range: 3..4}",
      "expected all on node-3"),
    Pair(
      "pods: {of: demo}, onNodes: {labels: rack}", "pods: {of: demo}, onNodes: {labels: rack=rack-1}",
      "all on node-2, node-3"),
    Pair(
      "pods: {index: 0, first: 1}, sameNode: true", "pods: {bound: false}, sameNode: true",
      "there are no pods"),
    Pair("pods: {first: 1}, distinctNodes: true", "pods: {of: demo}, distinctNodes: true", "are on node-"),
    Pair(
      "pods: {of: demo}, sameDomain: rack", "pods: {of: demo}, sameDomain: zone",
      "expected all on nodes with label zone"),
    // Events
    Pair(
      "events: {about: pcs/demo, reason: PodGangCreateOrUpdateSuccessful}, count: \">= 1\"",
      "events: {about: pcs/demo, reason: Nothing}, count: 1", "expected exactly 1 events; there are 0"),
    Pair(
      "events: {about: pod/demo-0-a-*}, reasons: [Scheduled]",
      "events: {about: pod/demo-0-a-*}, reasons: [Failed]",
      "they are Scheduled"),
    Pair(
      "events: {type: Normal, component: kai-scheduler}, count: 4",
      "events: {type: Warning, component: kai-scheduler}, count: 4", "there are 0"),
    Pair(
      "events: {about: pod, message: Successfully assigned}, count: 4",
      "events: {about: pod, message: xyz}, count: 4",
      "there are 0"),
    Pair(
      "events: {about: pod}, inOrder: [Scheduled, Scheduled]",
      "events: {about: pod}, inOrder: [Scheduled, Unschedulable]", "in this order"),
    // Gangs, order, writes, time
    Pair(
      "podGroup: {gang: demo-0, prefix: demo-0-, subGroups: [{name: a, min: 1}, {name: sg-0-b, min: 1}]}",
      "podGroup: {gang: demo-0, prefix: demo-0-, subGroups: [{name: a, min: 2}, {name: sg-0-b, min: 1}]}",
      "demo-0-a 1"),
    Pair(
      "podGroup: {gang: demo-0}", "podGroup: {gang: demo-0, top: {required: rack}}",
      "expected topology levels rack/– of the whole gang; they are –/–"),
    Pair(
      "podGroup: {gang: demo-0-sg-0}", "podGroup: {gang: demo-9}", "expected one PodGroup owned by the gang"),
    Pair(
      "order: {ready: {clique: demo-0-a}, count: 1, before: {index: 1}}",
      "order: {ready: {index: 1}, before: {of: demo}}", "were"),
    Pair(
      "writes: {kinds: [pod], verbs: [create], count: 4}",
      "writes: {kinds: [pod], verbs: [create], count: 5}",
      "there were 4: create Pod"),
    Pair("writes: {since: up, count: 0}", "writes: {since: up, count: 1}", "there were 0"),
    Pair(
      "elapsed: {since: up, atMost: 10s}", "elapsed: {since: up, atMost: 9s}", "expected at most 9s; 10s have"
    ),
    Pair(
      "object: pclq/demo-0-a, fields: {\"metadata.labels[grove.io/podcliqueset-replica-index]\": {atMost: 0}}",
      "object: pclq/demo-0-a, fields: {\"metadata.labels[grove.io/podcliqueset-replica-index]\": {atLeast: 1}}",
      "to be at least 1"),
    Pair("elapsed: {atMost: 1h}", "elapsed: {atMost: 1s}", "have passed"),
    Pair(
      "replacing: {of: demo, unit: pod, count: 0}", "replacing: {of: demo, unit: pod, count: \">= 1\"}",
      "expected at least 1 pod(s) being replaced at once; 0 are"),
  ]

  @Test(arguments: pairs)
  func holdsOrFails(_ pair: Pair) {
    #expect(ScenarioFixture.failures(ScenarioFixture.up("- expect: [{\(pair.holds)}]")) == [])
    let failures = ScenarioFixture.failures(ScenarioFixture.up("- expect: [{\(pair.fails)}]"))
    #expect(failures.contains { $0.contains(pair.says) }, "\(failures)")
  }

  @Test func everyCheckOfTheSchemaIsTried() {
    let used =
      Self.pairs.map(\.holds).joined(separator: "\n") + Self.pairs.map(\.fails).joined(separator: "\n")
    let tables = ScenarioSchema.tables.filter {
      [
        "Checks of objects", "Checks of pods", "ValueCheck", "Checks of events", "Assertion", "Events",
        "Nodes", "Pods",
      ]
      .contains($0.name)
    }
    for table in tables {
      for field in table.fields where !["of", "name"].contains(field.name) {
        #expect(used.contains("\(field.name):"), "\(table.name): \(field.name)")
      }
    }
  }
}
