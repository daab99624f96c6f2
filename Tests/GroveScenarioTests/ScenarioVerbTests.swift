import GroveExplore
import GroveModel
import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveScenario

/// Every verb does what it says: without it, or with another outcome expected, the scenario fails.
struct ScenarioVerbTests {
  /// Steps after which an assertion holds that does not hold without the last but one of them.
  struct Story: Sendable, CustomTestStringConvertible {
    var before: String
    var verb: String
    var after: String
    var testDescription: String { verb }

    init(_ verb: String, before: String = "", _ after: String) {
      self.before = before
      self.verb = verb
      self.after = after
    }
  }

  static let stories = [
    Story(
      "- apply: {file: demo.yaml, name: second}",
      "- expect: [{pods: {of: second}, pending: 4, bound: 4}]\n  now: false"
    )
    .with("- expect: [{pods: {of: second}, count: 4, ready: 4}]"),
    Story(
      "- apply: {file: demo.yaml, set: {\"spec.template.cliques[0].spec.podSpec.containers[0].image\": \"nginx:2\"}}",
      "- expect: [{pods: {clique: demo-0-a}, fields: {\"spec.containers[0].image\": \"nginx:2\"}, newcomers: {up: 2}}]"
    ),
    Story(
      "- apply: {apiVersion: v1, kind: Node, metadata: {name: late}, status: {allocatable: {cpu: 9, pods: 9}}}",
      "- expect: [{object: no/late, fields: {status.allocatable.cpu: {exists: true}}}]"),
    Story(
      "- patch: {object: pcs/demo, set: {\"metadata.labels.extra\": here, \"spec.replicas\": 2}}",
      "- expect: [{object: pcs/demo, fields: {metadata.labels.extra: here}}, {pods: {of: demo}, count: 8}]"),
    Story(
      "- patch: {object: pcs/demo, merge: {metadata: {annotations: {note: hi}}}}",
      "- expect: [{object: pcs/demo, fields: {metadata.annotations.note: hi}}]"),
    Story(
      "- patch: {object: pcs/demo, set: {\"metadata.annotations.on\": $(one.node) $(one.name)}}",
      before: "- save: {as: one, pods: {clique: demo-0-a, first: 1}}",
      "- expect: [{object: pcs/demo, fields: {metadata.annotations.on: {contains: \" demo-0-a-\"}}},"
        + " {object: pcs/demo, fields: {metadata.annotations.on: {contains: node-}}}]"),
    Story("- scale: {object: pcs/demo, replicas: 2}", "- expect: [{pods: {of: demo}, count: 8, ready: 8}]"),
    Story(
      "- scale: {object: [pclq/demo-0-a, pcsg/demo-0-sg], replicas: 3}",
      "- expect: [{pods: {of: demo}, count: 6}]"),
    Story(
      "- autoscale: {name: demo-0-a, replicas: 9}",
      "- expect: [{object: pclq/demo-0-a, fields: {spec.replicas: 4}}]"),
    Story("- delete: pcs/demo", "- expect: [{pods: {of: demo}, count: 0}, {objects: pclq, count: 0}]"),
    Story(
      "- delete: {kind: pclq, name: demo-0-a}",
      "- expect: [{pods: {clique: demo-0-a}, count: 2, newcomers: {up: 2}}]"),
    Story(
      "- delete: {kind: pcs, name: demo, propagation: foreground}",
      "- expect: [{object: pcs/demo, fields: {metadata.finalizers: {contains: foregroundDeletion}}}]\n  now: true"
    ),
    Story(
      "- deletePod: {index: 1}",
      "- expect: [{pods: {of: demo}, count: 4, survivors: {up: 3}, newcomers: {up: 1}}]"),
    Story(
      "- deletePod: {clique: demo-0-a, gracePeriod: 0s}",
      "- expect: [{pods: {clique: demo-0-a}, survivors: {up: 0}}]\n  now: true"),
    Story("- cordon: {all: true}", "- expect: [{objects: nodes, fields: {spec.unschedulable: true}}]"),
    Story(
      "- label: {nodes: {range: 1..3}, set: {team: \"t{n}\", rack: null}}",
      "- expect: [{object: node/node-2, fields: {metadata.labels.team: t1, metadata.labels.rack: null}}]"),
    Story(
      "- uncordon: {range: 1..2}", before: "- cordon: {all: true}\n- deletePod: {of: demo}\n- settle: true",
      "- expect: [{pods: {of: demo}, ready: 2, onNodes: [node-1]}]".replacing(
        ", onNodes: [node-1]", with: "}, {pods: {nodes: node-1}, count: 2")),
    Story(
      "- label: {nodes: node-1, set: {extra: here}}",
      "- expect: [{objects: {kind: node, labels: extra=here}, names: [node-1]}]"),
    Story(
      "- failNode: {of: {clique: demo-0-a, first: 1}}",
      "- wait: 60s\n- expect: [{pods: {in: up}, ready: \"< 4\"}]\n  now: true"),
    Story(
      "- recoverNode: {all: true}",
      before: "- failNode: {all: true}\n- wait: 60s\n- expect: [{pods: {in: up}, ready: 0}]\n  now: true",
      "- expect: [{pods: {of: demo}, ready: 4}]"),
    Story("- killPod: {index: 0, clique: demo-0-a}", "- expect: [{pods: {in: up}, failed: 1}]\n  now: true"),
    Story(
      "- crashContainer: {pods: {clique: demo-0-a}, container: main, exitCode: 3}",
      "- expect: [{pods: {clique: demo-0-a}, fields: {\"status.containerStatuses[0].restartCount\": {atLeast: 1}}}]"
    ),
    Story(
      "- setReady: {pods: {clique: demo-0-a}, ready: false}",
      "- expect: [{pods: {clique: demo-0-a}, ready: 0}]"),
    Story(
      "- setReady: {pods: {clique: demo-0-a}, ready: true}",
      before: "- setReady: {pods: {clique: demo-0-a}, ready: false}\n- settle: true",
      "- expect: [{pods: {clique: demo-0-a}, ready: 2}]"),
    Story("- wait: 5s", before: "- save: {as: then}", "- expect: [{elapsed: {since: then, atMost: 4s}}]")
      .failing,
    Story(
      "- settle: true", before: "- deletePod: {index: 1}",
      "- expect: [{pods: {of: demo}, ready: 4}]\n  now: true"),
    Story(
      "- save: {as: later, pods: {of: demo}}",
      before: "- save: {as: later}\n- deletePod: {index: 1}\n- settle: true",
      "- expect: [{pods: {of: demo}, survivors: {later: 4}}]"),
    Story(
      "- save: {as: later, objects: pclq}", before: "- save: {as: later}",
      "- expect: [{objects: {kind: pclq, in: later}, count: 3}]"),
    Story(
      "- save: {as: later, nodes: node-1}", before: "- save: {as: later}\n- cordon: node-1",
      "- uncordon: {saved: later}\n- expect: [{objects: nodes, fields: {spec.unschedulable: {not: true}}}]"),
    Story(
      "- watch: {always: [{pods: {of: demo}, ready: 4}]}", "- deletePod: {index: 1}\n- settle: true"
    ).failing,
    Story(
      "- watch: {never: [{pods: {of: demo}, pending: \">= 1\"}]}", "- deletePod: {index: 1}\n- settle: true"
    ).failing,
    Story(
      "- unwatch: serving", before: "- watch: {always: [{name: serving, pods: {of: demo}, ready: 4}]}",
      "- deletePod: {index: 1}\n- settle: true"),
    Story(
      "- unwatch: true", before: "- watch: {always: [{pods: {of: demo}, ready: 4}]}",
      "- deletePod: {index: 1}\n- settle: true"),
  ]

  @Test(arguments: stories)
  func doesWhatItSays(_ story: Story) {
    let with = ScenarioFixture.failures(
      ScenarioFixture.up("\(story.before)\n\(story.verb)\n\(story.after)\n"))
    let without = ScenarioFixture.failures(ScenarioFixture.up("\(story.before)\n\(story.after)\n"))
    let (passes, fails) = story.fails ? (without, with) : (with, without)
    #expect(passes == [])
    #expect(!fails.isEmpty)
    #expect(!fails.contains { $0.hasPrefix("text:") }, "\(fails)")
  }

  @Test func everyVerbIsTried() {
    let tried =
      Self.stories.map { $0.before + "\n" + $0.verb }.joined(separator: "\n") + "\nexpect: within: for: now:"
    for verb in ["restartOperator", "resync"] { #expect(!tried.contains("\(verb):")) }
    let table = ScenarioSchema.tables.first { $0.name == "Step" }
    for field in table?.fields ?? []
    where !["name", "after", "at", "rejected", "restartOperator", "resync"].contains(field.name) {
      #expect(tried.contains("\(field.name):"), "\(field.name)")
    }
  }

  // MARK: Time

  @Test func stepsHappenInTime() {
    let steps = """
      - after: 5s
        save: {as: a}
      - at: 1m
        save: {as: b}
      - at: 1s
        save: {as: c}
      - expect:
        - elapsed: {since: a, atMost: 41s}
        - elapsed: {since: b, atMost: 0s}
        - elapsed: {atMost: 60s}
        now: true
      """
    #expect(ScenarioFixture.failures(ScenarioFixture.up(steps)) == [])
    let late = steps.replacing("at: 1m", with: "at: 61s")
    #expect(
      ScenarioFixture.failures(ScenarioFixture.up(late)) == [
        "virtual time: expected at most 1m0s; 1m1s have passed"
      ])
  }

  @Test func withinGoesOnAsSoonAsAllHold() {
    let steps = """
      - save: {as: then}
      - deletePod: {index: 1}
      - expect: [{pods: {of: demo}, ready: 4, newcomers: {up: 1}}]
        within: 1m
      - expect: [{elapsed: {since: then, atMost: 6s}}]
        now: true
      """
    #expect(ScenarioFixture.failures(ScenarioFixture.up(steps)) == [])
    let tight = steps.replacing("within: 1m", with: "within: 2s")
    let failures = ScenarioFixture.failures(ScenarioFixture.up(tight))
    #expect(
      failures.count == 1 && failures[0].contains("expected exactly 4 ready; 3 of 4 are"), "\(failures)")
  }

  @Test func forMeansAllTheTime() {
    let steps = "- deletePod: {index: 1}\n- expect: [{pods: {of: demo}, count: \">= 4\"}]\n  for: 30s"
    #expect(ScenarioFixture.failures(ScenarioFixture.up(steps)) == [])
    let broken = steps.replacing("\">= 4\"", with: "4")
    #expect(!ScenarioFixture.failures(ScenarioFixture.up(broken)).isEmpty)
    // It would have healed: only a look at every moment sees it.
    let later = steps.replacing("count: \">= 4\"", with: "ready: 4")
    #expect(!ScenarioFixture.failures(ScenarioFixture.up(later)).isEmpty)
  }

  @Test func expectComesToRestUnlessNow() {
    let steps = "- deletePod: {index: 1}\n- expect: [{pods: {of: demo}, ready: 4}]\n"
    #expect(ScenarioFixture.failures(ScenarioFixture.up(steps)) == [])
    #expect(!ScenarioFixture.failures(ScenarioFixture.up(steps + "  now: true\n")).isEmpty)
  }

  @Test func invariantsOfTheWholeScenario() {
    func run(_ invariants: String) -> [String] {
      ScenarioFixture.failures(
        ScenarioFixture.head + invariants + "\nsteps: [{apply: demo.yaml}, {settle: true}]\n")
    }
    #expect(run("always: [{pods: {of: demo}, count: \"<= 4\"}]") == [])
    #expect(run("always: [{pods: {of: demo}, count: \"<= 3\"}]").count == 1)
    #expect(run("never: [{pods: {of: demo}, count: \">= 5\"}]") == [])
    #expect(
      run("never: [{name: three, pods: {of: demo}, count: 3}]") == [
        "never three: expected this never to be so; it is"
      ])
  }

  // MARK: Refusals

  @Test func refusalsAreExpected() {
    let patch = "- patch: {object: pcs/demo, set: {\"spec.template.cliques[0].spec.minAvailable\": 2}}"
    #expect(
      ScenarioFixture.failures(ScenarioFixture.up("\(patch)\n  rejected: [field is immutable, minAvailable]"))
        == [])
    let unexpected = ScenarioFixture.failures(ScenarioFixture.up(patch))
    #expect(unexpected.count == 1 && unexpected[0].contains("expected it to be accepted; refused: "))
    let other = ScenarioFixture.failures(ScenarioFixture.up("\(patch)\n  rejected: something else"))
    #expect(other.count == 1 && other[0].contains("expected a refusal that says \"something else\""))
    let accepted = ScenarioFixture.failures(
      ScenarioFixture.up("- scale: {object: pcs/demo, replicas: 1}\n  rejected: x"))
    #expect(accepted.count == 1 && accepted[0].contains("it was accepted"))
    #expect(
      ScenarioFixture.failures(
        ScenarioFixture.up("- scale: {object: pcs/x, replicas: 1}\n  rejected: not found")) == [])
  }

  @Test(arguments: [
    "- deletePod: {of: nobody}", "- deletePod: {of: demo, first: 9}", "- killPod: {of: nobody}",
    "- cordon: nowhere", "- uncordon: {range: 3..9}", "- delete: pcs/none",
    "- patch: {object: pcs/none, set: {a: 1}}",
    "- crashContainer: {pods: {index: 0}, container: none}", "- autoscale: {name: none, replicas: 1}",
    "- patch: {object: pcs/demo, set: {\"spec.template.cliques[name=x].name\": b}}",
  ])
  func stepsThatHitNothingFail(_ step: String) {
    let failures = ScenarioFixture.failures(ScenarioFixture.up(step))
    #expect(failures.count >= 1 && !failures[0].hasPrefix("text:"), "\(failures)")
  }

  // MARK: Results

  @Test func resultsTellEveryStep() throws {
    let text = ScenarioFixture.up("- expect: [{pods: {of: demo}, count: 9}]\n- settle: true\n")
    let scenario = try #require(ScenarioFixture.read(text).scenario)
    let result = ScenarioRunner().run(scenario)
    #expect(!result.passed)
    #expect(result.steps.map(\.outcome) == [.passed, .passed, .passed, .passed, .failed, .skipped])
    #expect(
      result.steps.map(\.title).prefix(2) == [
        "apply PodCliqueSet demo", "expect pods of demo (4 in all, 4 ready)",
      ])
    #expect(result.failures.map(\.location?.line) == [15])
    #expect(result.failures.map(\.time) == [result.duration])
    #expect(result.duration >= .seconds(19))
  }

  @Test func aClusterThatDoesNotComeToRestFails() throws {
    let scenario = try #require(ScenarioFixture.read(ScenarioFixture.up("- settle: true")).scenario)
    let result = ScenarioRunner(passLimit: 3).run(scenario)
    #expect(result.failures.map(\.description).first?.hasPrefix("the cluster does not come to rest") == true)
    var waiting = scenario
    waiting.steps = [scenario.steps[0], ScenarioStep(.wait(.minutes(1)))]
    #expect(!ScenarioRunner(passLimit: 3).run(waiting).failures.isEmpty)
  }

  @Test func aSetupThatIsRefusedFails() {
    let text =
      ScenarioFixture.head
      + "setup: [{file: demo.yaml, set: {spec.template.cliques: []}}]\nsteps: [{settle: true}]\n"
    #expect(ScenarioFixture.failures(text).count == 1)
  }

  @Test func runsAreDeterministic() throws {
    let text = ScenarioFixture.up(
      "- failNode: node-0\n- wait: 10m\n- restartOperator: true\n- resync: true\n- settle: true")
    let scenario = try #require(ScenarioFixture.read(text).scenario)
    let (first, second) = (ScenarioRunner().run(scenario), ScenarioRunner().run(scenario))
    let same = first.history == second.history
    #expect(same)
    #expect(first.steps == second.steps)
    var other = scenario
    other.seed = 1
    let differs = ScenarioRunner().run(other).history != first.history
    #expect(differs)
  }

  @Test func restartsAndResyncsChangeNothingAtRest() {
    for verb in ["restartOperator", "resync"] {
      let steps =
        "- save: {as: rest}\n- \(verb): true\n- settle: true\n- expect: [{writes: {since: rest, count: 0}}]"
      #expect(ScenarioFixture.failures(ScenarioFixture.up(steps)) == [])
    }
  }
}

extension ScenarioVerbTests.Story {
  /// The same with another end.
  fileprivate func with(_ after: String) -> Self {
    var story = self
    story.after = after
    return story
  }

  /// Whether the verb makes the scenario fail that passes without it.
  fileprivate var fails: Bool { verb.hasSuffix(" # fails") }

  /// The story of a verb that makes the scenario fail.
  fileprivate var failing: Self {
    var story = self
    story.verb += " # fails"
    return story
  }
}
