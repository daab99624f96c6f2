import GroveManifest
import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveSimulate

/// The whole road from a PodCliqueSet to everything that Grove makes of it.
struct ExpansionTests {
  /// A set with `cliques` of one container each and scaling groups over some of them.
  private func makeSet(
    _ name: String, replicas: Int32 = 1, cliques: [(name: String, replicas: Int32)],
    groups: [(name: String, cliques: [String], replicas: Int32)] = [],
    change: (inout PodCliqueSet) -> Void = { _ in }
  ) -> PodCliqueSet {
    var set = PodCliqueSet()
    set.metadata.name = name
    set.metadata.namespace = "default"
    set.spec.replicas = replicas
    set.spec.template.cliques = cliques.map { name, replicas in
      var clique = PodCliqueTemplateSpec(name: name)
      clique.spec.roleName = name
      clique.spec.replicas = replicas
      clique.spec.podSpec.containers = [Container(name: "main", image: "nginx:1.25")]
      return clique
    }
    set.spec.template.podCliqueScalingGroups = groups.map { name, cliques, replicas in
      PodCliqueScalingGroupConfig(name: name, cliqueNames: cliques, replicas: replicas)
    }
    change(&set)
    return set
  }

  /// The pipeline of the user guide: two standalone cliques and two scaling groups, 11 pods.
  private var pipeline: PodCliqueSet {
    makeSet(
      "comp-inf-ppln",
      cliques: [
        ("frontend", 2), ("vision-encoder", 1), ("pleader", 1), ("pworker", 4), ("dleader", 1),
        ("dworker", 2),
      ],
      groups: [("prefill", ["pleader", "pworker"], 1), ("decode-cluster", ["dleader", "dworker"], 1)])
  }

  private func bytes(_ expansion: Expansion) -> [UInt8] {
    var output: [UInt8] = []
    ObjectOutput.writeYAML(expansion.objects.map(\.value), to: &output)
    return output
  }

  @Test func pipelineHasElevenPods() {
    let expansion = expand([pipeline], configuration: OperatorConfiguration())
    #expect(expansion.isAtRest)
    #expect(expansion.rejections.isEmpty && expansion.refusals.isEmpty)
    var counts: [ResourceKind: Int] = [:]
    for object in expansion.made { counts[object.kind, default: 0] += 1 }
    #expect(
      counts == [
        .pod: 11, .podClique: 6, .podCliqueScalingGroup: 2, .podGang: 1, .service: 1, .serviceAccount: 1,
        .role: 1,
        .roleBinding: 1, .secret: 1,
      ])
    let pods = expansion.objects.filter { $0.kind == .pod }
    #expect(pods.allSatisfy { $0.metadata.creationTimestamp == .some(APIServer.defaultStart + .seconds(5)) })
    for case .pod(let pod) in pods {
      #expect(pod.spec.schedulingGates.isEmpty, "the gang is complete (R-365)")
    }
    guard case .podGang(let gang)? = expansion.objects.first(where: { $0.kind == .podGang }) else {
      Issue.record("no PodGang")
      return
    }
    #expect(gang.spec.podgroups.map(\.podReferences.count).reduce(0, +) == 11)
  }

  @Test func objectsComeInAnOrderThatCanBeApplied() {
    let expansion = expand(
      [makeSet("b", replicas: 12, cliques: [("x", 11)]), makeSet("a", cliques: [("x", 1)])],
      configuration: OperatorConfiguration())
    let kinds = expansion.objects.map(\.kind)
    #expect(kinds.first == .podCliqueSet)
    #expect(kinds.last == .pod)
    #expect(
      Set(kinds).count == kinds.indices.count { $0 == 0 || kinds[$0] != kinds[$0 - 1] }, "kinds stay together"
    )
    let services = expansion.objects.filter { $0.kind == .service }.map(\.metadata.name)
    #expect(services == ["a-0"] + (0..<12).map { "b-\($0)" })
    let pods = expansion.objects.filter { $0.kind == .pod }
      .map {
        "\($0.metadata.labels[LabelKey.podClique] ?? "")/\($0.metadata.labels[LabelKey.podIndex] ?? "")"
      }
    #expect(pods.prefix(3) == ["a-0-x/0", "b-0-x/0", "b-0-x/1"])
    #expect(pods.last == "b-11-x/10")
  }

  @Test func sameSeedSameBytes() {
    let first = expand([pipeline], configuration: OperatorConfiguration(), seed: 3)
    let second = expand([pipeline], configuration: OperatorConfiguration(), seed: 3)
    #expect(bytes(first) == bytes(second))
    #expect(first.writes == second.writes)
    #expect(first.events == second.events)
  }

  @Test func anotherSeedChangesTheEndsOfNamesOnly() {
    func masked(_ expansion: Expansion) -> String {
      var text = String(decoding: bytes(expansion), as: UTF8.self)
      for object in expansion.objects {
        let metadata = object.metadata
        text.replace(metadata.uid, with: "<uid>")
        if !metadata.generateName.isEmpty {
          text.replace(metadata.name, with: metadata.generateName + "<suffix>")
        }
      }
      // References are in order of names, hence of suffixes; lines in order are the same for all seeds.
      return text.split(separator: "\n").sorted().joined(separator: "\n")
    }
    let first = expand([pipeline], configuration: OperatorConfiguration(), seed: 3)
    let second = expand([pipeline], configuration: OperatorConfiguration(), seed: 4)
    #expect(bytes(first) != bytes(second))
    #expect(masked(first) == masked(second))
  }

  @Test func scaledGangsStayGated() {
    var configuration = OperatorConfiguration()
    configuration.initContainerImage = "initc"
    let expansion = expand(
      [makeSet("demo", cliques: [("a", 1), ("b", 2)], groups: [("g", ["b"], 3)])],
      configuration: configuration)
    for case .pod(let pod) in expansion.objects {
      let isScaled = pod.metadata.labels[LabelKey.basePodGang] != nil
      #expect(
        pod.spec.schedulingGates.isEmpty == !isScaled,
        "without a scheduler the base gang is never scheduled (R-365, R-369)")
    }
    #expect(
      expansion.objects.filter { $0.kind == .podGang }.map(\.metadata.name) == [
        "demo-0", "demo-0-g-0", "demo-0-g-1",
      ])
  }

  @Test func eventsNameThePodsThatCameOut() {
    let expansion = expand([makeSet("demo", cliques: [("a", 2)])], configuration: OperatorConfiguration())
    let pods = expansion.objects.filter { $0.kind == .pod }.map(\.metadata.name)
    let messages = expansion.events.filter { $0.event.reason == "PodCreateSuccessful" }.map(\.event.message)
    #expect(Set(messages) == Set(pods.map { "Created Pod: \($0)" }), "R-871")
  }

  @Test func rejectedSetsAreReportedAndTheOthersExpanded() {
    let bad = makeSet("bad", cliques: [("A_B", 1)])
    let expansion = expand(
      [bad, makeSet("good", cliques: [("a", 1)])], configuration: OperatorConfiguration())
    #expect(expansion.rejections.map(\.object) == [.podCliqueSet(bad)])
    guard case .denied(_, let webhook, let message, let diagnostics)? = expansion.rejections.first?.error
    else {
      Issue.record("not denied")
      return
    }
    #expect(webhook == "pcs.validating.webhooks.grove.io")
    #expect(message.contains("invalid PodCliqueTemplateSpec name"))
    #expect(!diagnostics.isEmpty)
    #expect(expansion.objects.contains { $0.kind == .pod })
    #expect(!expansion.objects.contains { $0.metadata.name == "bad" })
  }

  @Test func refusedPodsAreReportedAndTheRestIsMade() {
    let broken = makeSet("demo", cliques: [("a", 2), ("b", 1)]) { set in
      set.spec.template.cliques[0].spec.podSpec.containers[0].name = "Bad_Name"
    }
    let expansion = expand([broken], configuration: OperatorConfiguration())
    #expect(expansion.isAtRest, "retrying the same refused pod is no change")
    #expect(!expansion.problems.isEmpty)
    #expect(expansion.refusals.count == 1)
    #expect(expansion.refusals.first?.description.contains(#"Invalid value: "Bad_Name""#) == true)
    #expect(expansion.objects.count { $0.kind == .pod } == 1, "the other clique's")
    for case .podClique(let clique) in expansion.objects where clique.metadata.name == "demo-0-a" {
      #expect(clique.status.lastErrors.map(\.code) == ["ERR_CREATE_POD"], "R-017")
      #expect(clique.status.lastErrors.first?.description.contains("Bad_Name") == true)
    }
    #expect(expansion.events.contains { $0.event.reason == "PodCreateFailed" }, "R-871")
  }

  @Test func otherObjectsComeFirst() {
    var binding = ClusterTopologyBinding()
    binding.metadata.name = "topology"
    binding.spec.levels = [TopologyLevel(domain: "rack", key: "example.com/rack")]
    var configuration = OperatorConfiguration()
    configuration.schedulerProfiles = [.defaultScheduler, .kai]
    configuration.topologyAwareSchedulingEnabled = true
    let expansion = expand(
      [makeSet("demo", cliques: [("a", 1)])], with: [.clusterTopologyBinding(binding)],
      configuration: configuration)
    #expect(expansion.made.contains { $0.kind == .kaiTopology && $0.metadata.name == "topology" }, "R-540")
    #expect(expansion.given.count == 2)
    #expect(!expansion.made.contains { $0.kind == .clusterTopologyBinding })
  }

  @Test func objectsFromAClusterCanBeGivenAgain() {
    let first = expand([pipeline], configuration: OperatorConfiguration())
    guard case .podCliqueSet(let exported)? = first.objects.first(where: { $0.kind == .podCliqueSet }) else {
      return
    }
    #expect(!exported.metadata.uid.isEmpty)
    let second = expand([exported], configuration: OperatorConfiguration())
    #expect(second.rejections.isEmpty)
    #expect(second.objects.count == first.objects.count)
  }
}
