import GroveModel
import GroveSchedule
import GroveSimulate
import KubernetesModel
import Testing

@testable import GroveScenario

/// Reading scenario files: what is wrong is told, all of it, with its place.
struct ScenarioReaderTests {
  private static let head = """
    apiVersion: simulate.grove.io/v1alpha1
    kind: Scenario
    title: test

    """

  private func lines(_ text: String) -> [String] { ScenarioFixture.read(text).diagnostics.map(\.line) }
  private func lines(of part: String) -> [String] { lines(Self.head + part) }
  /// The diagnostics of one step, without their places.
  private func messages(ofStep step: String) -> [String] {
    ScenarioFixture.read(Self.head + "steps:\n- \(step)").diagnostics.map(\.message)
  }

  @Test func everythingWrongIsToldAtOnce() {
    let text = """
      apiVersion: simulate.grove.io/v1
      kind: Scenario
      tite: typo
      steps:
      - wait: soon
      - scale: {object: svc/x, replicas: -1}
      - expect:
        - pods: {of: demo, reddy: true}
          count: many
      """
    #expect(
      lines(text) == [
        "3:1: tite: unknown field \"tite\" in Scenario",
        "1:1: title is missing",
        "1:13: apiVersion: expected simulate.grove.io/v1alpha1, found the text \"simulate.grove.io/v1\"",
        "5:9: steps[0].wait: soon is not a duration",
        "6:19: steps[1].scale.object: Service has no scale subresource",
        "6:36: steps[1].scale.replicas: -1 is not from 0 to 2147483647",
        "8:22: steps[2].expect[0].pods.reddy: unknown field \"reddy\" in Pods",
        "9:12: steps[2].expect[0].count: the text \"many\" is not a count",
      ])
    #expect(ScenarioFixture.read(text).scenario == nil)
    #expect(ScenarioFixture.read(text).diagnostics.first?.hint == "did you mean \"title\"?")
  }

  @Test func aFileHoldsOneScenario() {
    #expect(lines("a: [") != [])
    #expect(lines("") == ["1:1: expected one document of kind Scenario, found nothing"])
    #expect(
      lines("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n") == [
        "1:1: expected one document of kind Scenario, found Pod"
      ])
    let one = Self.head + "steps: [{settle: true}]\n"
    #expect(lines(one) == [])
    #expect(
      lines("\(one)---\n\(one)") == ["1:1: expected one document of kind Scenario, found Scenario, Scenario"])
  }

  @Test func stepsDoOneThing() {
    #expect(
      messages(ofStep: "{settle: true, wait: 1s}") == [
        "steps[0]: a step does one thing, this one has wait and settle"
      ])
    #expect(messages(ofStep: "{name: nothing}") == ["steps[0]: a step does one thing, this one has none"])
    #expect(
      messages(ofStep: "{settle: true, within: 1s}") == ["steps[0].within: within goes with expect only"])
    #expect(
      messages(ofStep: "{settle: true, rejected: x}") == [
        "steps[0].rejected: settle is no request that the API server could refuse"
      ])
    #expect(
      messages(ofStep: "{settle: true, after: 1s, at: 2s}") == ["steps[0].after: give either after or at"])
    #expect(
      messages(ofStep: "{settle: false}") == ["steps[0].settle: expected true, found the boolean false"])
    #expect(messages(ofStep: "{expect: []}") == ["steps[0].expect: nothing is expected"])
    #expect(
      messages(ofStep: "{expect: [{pods: x, count: 1}], now: true, for: 1s}") == [
        "steps[0].expect: give only one of for, now"
      ])
    #expect(messages(ofStep: "{watch: {}}") == ["steps[0].watch: nothing is watched: give always or never"])
    #expect(
      messages(ofStep: "{delete: pcs}") == [
        "steps[0].delete: PodCliqueSet without a name would delete all of them"
      ])
    #expect(
      messages(ofStep: "{patch: {object: pcs/x}}") == [
        "steps[0].patch: a patch changes something: give set or merge"
      ])
    #expect(messages(ofStep: "{scale: {object: pcs/x}}") == ["steps[0].scale: replicas is missing"])
    #expect(
      messages(ofStep: "{save: {as: x, pods: {}, objects: pcs}}") == [
        "steps[0].save: save one of pods, objects and nodes at a time"
      ])
    #expect(lines(of: "steps: []") == ["1:1: a scenario without steps shows nothing"])
  }

  @Test func assertionsAreAboutOneThing() {
    func messages(_ assertion: String) -> [String] {
      self.messages(ofStep: "{expect: [\(assertion)]}").map {
        String($0.dropFirst("steps[0].expect[0]".count))
      }
    }
    #expect(messages("{count: 3}") == [": an assertion is about one thing, this one has none"])
    #expect(
      messages("{pods: x, objects: pcs}") == [
        ": an assertion is about one thing, this one has pods and objects"
      ])
    #expect(messages("{pods: x}") == [": nothing is to be so: give a check"])
    #expect(messages("{events: {}}") == [": nothing is to be so: give count, reasons or inOrder"])
    #expect(
      messages("{object: pcs/x, ready: 1}") == [
        ".ready: unknown field \"ready\" in an assertion about object"
      ])
    #expect(
      messages("{pods: x, on: node}") == [
        ".true: unknown field \"true\" in an assertion about pods", ": nothing is to be so: give a check",
      ])
    #expect(
      messages("{object: pcs/x, fields: {a..b: 1}}") == [
        ".fields[a..b]: a..b: a name is missing after a point"
      ])
    #expect(
      messages("{object: pcs/x, fields: {a: {}}}") == [
        ".fields.a: nothing is to be so: give a check, or is: {}"
      ])
    #expect(
      messages("{object: pcs/x, fields: {a: {is: 1, isnt: 2}}}") == [
        ".fields.a.isnt: unknown field \"isnt\" in ValueCheck"
      ])
    #expect(messages("{object: x, exists: true}") == [".object: \"x\" is not of the form kind/name"])
    #expect(messages("{object: pca/x, exists: true}") == [".object: no kind is called \"pca\""])
    #expect(messages("{objects: podcliqe, count: 1}") == [".objects: no kind is called \"podcliqe\""])
    #expect(
      messages("{pods: {labels: 'a in'}, count: 1}") == [
        ".pods.labels: unable to parse requirement: found '' expected: '('"
      ])
    #expect(
      messages("{pods: x, onNodes: {range: 2..1}}") == [
        ".onNodes.range: \"2..1\" is not a range of places"
      ])
    #expect(
      messages("{pods: x, onNodes: {all: true, name: z}}") == [
        ".onNodes: give one of name, range, all, labels, of, saved"
      ])
    #expect(
      messages("{replacing: {of: x, unit: node, count: 1}}") == [
        ".replacing.unit: expected one of pod, clique, groupReplica, replica, found the text \"node\""
      ])
    #expect(
      messages("{writes: {count: 1, verbs: [patch]}}") == [
        ".writes.verbs[0]: expected create, update, updateStatus or delete, found the text \"patch\""
      ])
  }

  @Test func savedNamesMustExist() {
    let steps = """
      steps:
      - save: {as: one, pods: {}}
      - deletePod: {in: two}
      - expect: [{pods: {}, survivors: {one: 1}}, {pods: {}, newcomers: {three: 1}}]
      """
    #expect(
      lines(of: steps) == [
        "6:3: nothing was saved as \"two\" before this step",
        "7:3: nothing was saved as \"three\" before this step",
      ])
    #expect(
      lines(of: "always: [{pods: {in: one}, count: 1}]\nsteps:\n- save: {as: one}\n") == [
        "4:10: \"one\" is not saved yet when the scenario begins"
      ])
  }

  @Test func whatIsWrongWithOtherFilesIsToldThere() {
    #expect(
      lines(of: "steps:\n- apply: missing.yaml\n") == [
        "5:10: steps[0].apply: cannot read missing.yaml: no such file"
      ])
    #expect(
      lines(of: "steps:\n- apply: empty.yaml\n") == ["5:10: steps[0].apply: empty.yaml holds no objects"])
    let broken = ScenarioFixture.read(Self.head + "steps:\n- apply: broken.yaml\n").diagnostics
    #expect(broken.map(\.line) == ["3:12: metadata.nam: unknown field \"nam\""])
    #expect(broken.first?.location?.file == "broken.yaml")
    #expect(
      lines(of: "steps:\n- apply: {file: two.yaml, name: x}\n") == [
        "5:10: steps[0].apply: name and set need a file with one object; this one has 2"
      ])
    #expect(lines(of: "steps:\n- apply: {name: x}\n") == ["5:10: steps[0].apply: give either file or object"])
  }

  @Test func objectsAreChecked() {
    #expect(
      lines(of: "steps:\n- apply: {apiVersion: v1, kind: Node, metadata: {name: [1]}}\n") == [
        "5:56: metadata.name: expected a string, found a list"
      ])
    #expect(
      lines(of: "steps:\n- apply: {apiVersion: v2, kind: Node}\n") == [
        "5:10: steps[0].apply: v2 Node is not a kind that simulated clusters know"
      ])
    #expect(
      lines(of: "steps:\n- apply: {file: demo.yaml, set: {\"spec.template.cliques[name=x].name\": z}}\n") == [
        "5:10: steps[0].apply: spec.template.cliques[name=x].name: no element has name x"
      ])
    #expect(
      lines(of: "steps:\n- apply: {file: demo.yaml, set: {spec.replicas: many}}\n") == [
        "5:10: steps[0].apply: after set, spec.replicas of PodCliqueSet cannot be read"
      ])
  }

  @Test func clustersAreChecked() {
    func messages(_ cluster: String) -> [String] {
      ScenarioFixture.read(Self.head + "cluster: \(cluster)\nsteps: [{settle: true}]\n").diagnostics.map(
        \.message)
    }
    #expect(
      messages("{nodes: [{count: 2, name: a}]}") == [
        "cluster.nodes[0].name: 2 nodes would have the same name", "cluster: two nodes are called a",
      ])
    #expect(
      messages("{nodes: [{count: 1, name: \"a-{m}\"}]}") == [
        "cluster.nodes[0].name: \"a-{m}\" has braces that are not {n}, {name}, {n/7} or {n%7}"
      ])
    #expect(
      messages("{nodes: [{count: 1, name: a, allocatable: {cpu: lots}}]}") == [
        "cluster.nodes[0].allocatable.cpu: lots is not a quantity"
      ])
    #expect(
      messages("{nodes: [{count: 1, name: a}], schedulable: 2}") == [
        "cluster.schedulable: there are only 1 nodes"
      ])
    #expect(messages("{nodes: [{name: a}]}") == ["cluster.nodes[0]: count is missing"])
    #expect(messages("{description: 'rack=4'}").count == 1)
    #expect(messages("{file: demo.yaml}") == ["a cluster file holds Nodes or one Cluster, not PodCliqueSet"])
    #expect(messages("'rack=2,node=3,gpu=8'") == [])
  }

  @Test func operatorsAreChecked() {
    func messages(_ text: String) -> [String] {
      ScenarioFixture.read(Self.head + "\(text)\nsteps: [{settle: true}]\n").diagnostics.map(\.message)
    }
    #expect(
      messages("operator: kube") == ["operator: expected kai, default or mnnvl, found the text \"kube\""])
    #expect(
      messages("operator: {preset: default, defaultScheduler: kai-scheduler}") == [
        "operator: the default scheduler kai-scheduler is not enabled"
      ])
    #expect(
      messages("operator: {schedulers: [kai]}").first?.hasPrefix("operator.schedulers[0]: expected one of")
        == true)
    #expect(
      messages("timing: fast") == ["timing: expected instant or a mapping (Timing), found the text \"fast\""])
    #expect(
      messages("timing: {imagepull: 1s}") == ["timing.imagepull: unknown field \"imagepull\" in Timing"])
  }

  @Test func everythingIsRead() throws {
    let text = """
      apiVersion: simulate.grove.io/v1alpha1
      kind: Scenario
      id: X-1
      title: all of it
      about: more words
      needs: kubelet
      namespace: team
      seed: 7
      cluster:
        nodes:
        - count: 4
          name: n{n}
          labels: {rack: "r{n/2}", place: "{name}-{n%2}"}
          allocatable: {cpu: 2, memory: 1Gi}
          taints: [{key: a, effect: NoSchedule}]
        - {apiVersion: v1, kind: Node, metadata: {name: extra}}
        schedulable: 3
        cordoned: 1
      operator: {preset: default, autoMNNVL: true, schedulers: [kai-scheduler], defaultScheduler: kai-scheduler}
      scheduler: false
      kubelets: false
      timing: {imagePull: 10s}
      setup:
      - {file: demo.yaml, name: other}
      always: [{pods: {}, count: 0}]
      never: [{pods: {}, count: 1}]
      steps:
      - {name: first, at: 5s, settle: true}
      - {after: 100ms, scale: {object: [pcs/a, pcsg/b], replicas: 2}, rejected: [x, z]}
      """
    let (read, diagnostics) = ScenarioFixture.read(text)
    #expect(diagnostics.map(\.line) == [])
    let scenario = try #require(read)
    #expect(scenario.name == "X-1 all of it")
    #expect(scenario.need == .kubelet && scenario.namespace == "team" && scenario.seed == 7)
    #expect(scenario.cluster.nodes.map(\.metadata.name) == ["n0", "n1", "n2", "n3", "extra"])
    #expect(scenario.cluster.nodes[3].metadata.labels["rack"] == "r1")
    #expect(scenario.cluster.nodes[3].metadata.labels["place"] == "n3-1")
    #expect(scenario.cluster.nodes[0].spec.taints.first?.key == "a")
    // By name, extra is the first.
    #expect(scenario.cluster.workers == ["extra", "n0", "n1"])
    #expect(
      scenario.cluster.initialNodes.filter { !$0.spec.unschedulable }.map(\.metadata.name) == ["n0", "n1"])
    #expect(scenario.configuration.autoMNNVLEnabled)
    #expect(scenario.configuration.defaultScheduler == .kai)
    #expect(scenario.configuration.schedulerProfiles == [.defaultScheduler, .kai])
    #expect(!scenario.hasScheduler && !scenario.hasKubelets)
    #expect(scenario.timing == [.imagePull: .seconds(10)])
    #expect(scenario.setup.map(\.metadata.name) == ["other"])
    #expect(scenario.setup.map(\.metadata.namespace) == ["team"])
    #expect(scenario.invariants.map(\.isForbidden) == [false, true])
    #expect(scenario.steps.map(\.moment) == [.at(.seconds(5)), .after(.milliseconds(100))])
    #expect(scenario.steps[0].name == "first")
    #expect(scenario.steps[1].rejection == ["x", "z"])
    #expect(
      scenario.steps[1].verb
        == .scale(
          [
            ObjectKey(.podCliqueSet, namespace: "team", name: "a"),
            ObjectKey(.podCliqueScalingGroup, namespace: "team", name: "b"),
          ], replicas: 2))
  }

  @Test func schedulersAreRead() throws {
    func scenario(_ scheduler: String) throws -> Scenario {
      try #require(
        ScenarioFixture.read(Self.head + "scheduler: \(scheduler)\nsteps: [{settle: true}]\n").scenario)
    }
    let some = try scenario("{nodes: spread, domains: balanced, preemption: false, anchorsReplicas: true}")
    #expect(some.hasScheduler)
    #expect(some.policy.nodes == .spread && some.policy.domains == .balanced)
    #expect(!some.policy.allowsPreemption && some.policy.anchorsReplicas)
    #expect(try scenario("false").hasScheduler == false)
    #expect(try scenario("true").hasScheduler)
  }

  @Test func clusterInOneLineBringsItsTopology() throws {
    let scenario = try #require(
      ScenarioFixture.read(Self.head + "cluster: rack=2,node=3,gpu=8\nsteps: [{settle: true}]\n").scenario)
    #expect(scenario.cluster.nodes.count == 6)
    #expect(scenario.cluster.topology?.spec.levels.map(\.domain) == ["rack", "host"])
  }

  @Test func documentationKnowsEveryField() throws {
    let path = ScenarioFolder.root.replacing("/Scenarios", with: "/docs")
    let text = String(decoding: try ScenarioFolder.read(from: "\(path)/scenarios.md"), as: UTF8.self)
    for table in ScenarioSchema.tables {
      #expect(
        text.contains("### \(table.name)\n\n\(table.markdown)"),
        "\(table.name) in docs/scenarios.md is not up to date")
    }
  }
}
