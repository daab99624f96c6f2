import GroveModel
import GroveSchedule
import KubernetesModel
import Testing

@Suite("What is in the way, and what would help (S-061)")
struct RemedyTests {
  private func explain(
    _ nodes: [Node], _ pods: [Pod], _ gangs: [Gang] = [], levels: [String] = [], _ name: String = "p",
    policy: Policy = Policy()
  ) throws -> Explanation {
    let snapshot = try Snapshot.make(nodes: nodes, pods: pods, gangs: gangs, levels: levels)
    return try #require(Scheduler(policy: policy).explain(named(name), in: snapshot))
  }

  private func waiting(_ cpu: String = "4", _ change: (inout PodSpec) -> Void = { _ in }) -> Pod {
    Pod.make("p", ["cpu": cpu], labels: ["app": "p"], change: change)
  }

  @Test("a cordon goes with its taint")
  func uncordon() throws {
    let cordoned = Node.make(
      "n", taints: [Taint(effect: "NoSchedule", key: "node.kubernetes.io/unschedulable")], isCordoned: true)
    let explanation = try explain([cordoned], [waiting()])
    #expect(explanation.causes.map(\.text) == ["n is cordoned"])
    #expect(explanation.remedies.first == .uncordon(["n"]))
    #expect(!explanation.remedies.contains { if case .tolerate = $0 { true } else { false } })
  }

  @Test("a node that is not well can be brought back, other taints are tolerated")
  func taints() throws {
    let sick = Node.make("n", taints: [Taint(effect: "NoSchedule", key: "node.kubernetes.io/disk-pressure")])
    #expect(try explain([sick], [waiting()]).remedies.first == .recover(["n"]))
    let owned = Node.make("n", taints: [Taint(effect: "NoSchedule", key: "team", value: "a")])
    let explanation = try explain([owned], [waiting()])
    #expect(explanation.remedies.first == .tolerate(taint: "team=a:NoSchedule", nodes: 1))
    #expect(
      explanation.causes.map(\.text) == ["n has the taint team=a:NoSchedule, which the pod does not tolerate"]
    )
  }

  @Test("a label that nodes lack, with the values they have instead")
  func labels() throws {
    let nodes = [Node.make("a", labels: ["gpu": "h100"]), Node.make("b")]
    let explanation = try explain(nodes, [waiting { $0.nodeSelector = ["gpu": "a100"] }])
    #expect(
      explanation.causes.map(\.fact) == [.label(key: "gpu", asked: "gpu=a100", found: ["h100"])])
    #expect(explanation.causes.map(\.nodes) == [["a", "b"]])
    #expect(explanation.remedies.first == .label(nodes: ["a"], key: "gpu", value: "a100"))
    #expect(explanation.remedies.first?.text == "label node a with gpu=a100, if that is true of it")
  }

  @Test("nodes without the topology's label")
  func topologyLabel() throws {
    let nodes = [
      Node.make("a"), Node.make("b", labels: ["rack": "r"]),
      Node.make("c", ["cpu": "1"], labels: ["rack": "r"]),
    ]
    let group = GangScope.group("g", 2)
    let gang = Gang.make("gang", [group], packing: Packing(required: "rack"))
    let explanation = try explain(nodes, pods(of: [group], ["cpu": "4"]), [gang], levels: ["rack"], "gang")
    #expect(explanation.remedies.contains(.label(nodes: ["a"], key: "rack", value: "r")))
    #expect(
      explanation.remedies.contains(
        .addResources([.init(resource: "cpu", quantity: 3)], node: "c", domain: ["r"])))
    #expect(explanation.remedies.contains { $0.text == "3 more cpu on node c in r" })
  }

  @Test("pods that are being deleted only need time")
  func terminating() throws {
    var leaving = Pod.make("old", ["cpu": "3"], on: "n")
    leaving.metadata.deletionTimestamp = Timestamp(secondsSince1970: 1)
    let explanation = try explain([Node.make("n")], [waiting(), leaving])
    #expect(explanation.remedies.first == .wait(for: [named("old")]))
    #expect(
      explanation.remedies.first?.text
        == "wait until pod default/old, which is being deleted, is gone")
  }

  @Test("a pod in the way is named with the term, whichever of the two has it")
  func antiAffinity() throws {
    func apart(_ labels: StringMap<String>) -> Affinity {
      Affinity(
        podAntiAffinity: PodAntiAffinity(requiredDuringSchedulingIgnoredDuringExecution: [
          PodAffinityTerm(
            labelSelector: LabelSelector(matchLabels: labels), topologyKey: "kubernetes.io/hostname")
        ]))
    }
    let shy = Pod.make("shy", on: "n", priority: 5) { $0.affinity = apart(["app": "p"]) }
    let owned = try explain([Node.make("n")], [waiting("1"), shy])
    let term = "pods with app=p in namespace default, by kubernetes.io/hostname"
    #expect(owned.causes.map(\.fact) == [.keptOff(named("shy"), term: term)])
    #expect(owned.remedies.contains(.free([named("shy")], gangs: [])))
    #expect(owned.remedies.contains(.raisePriority(above: 5, victims: [named("shy")])))
    let loud = Pod.make("loud", on: "n", labels: ["app": "loud"])
    let own = try explain([Node.make("n")], [waiting("1") { $0.affinity = apart(["app": "loud"]) }, loud])
    #expect(own.causes.map(\.nodes) == [["n"]])
    guard case .keepsOff(let pod, _)? = own.causes.first?.fact else { return #expect(Bool(false)) }
    #expect(pod == named("loud"))
  }

  @Test("pods that must be near others that are nowhere")
  func friends() throws {
    let near = waiting("1") {
      $0.affinity = Affinity(
        podAffinity: PodAffinity(requiredDuringSchedulingIgnoredDuringExecution: [
          PodAffinityTerm(
            labelSelector: LabelSelector(matchLabels: ["app": "cache"]), topologyKey: "kubernetes.io/hostname"
          )
        ]))
    }
    let explanation = try explain([Node.make("n")], [near])
    #expect(
      explanation.causes.map(\.text) == [
        "the pod must be near pods with app=cache in namespace default, by kubernetes.io/hostname, and there is no such "
          + "pod"
      ])
  }

  @Test("a host port, with the pod that has it")
  func ports() throws {
    func port(_ spec: inout PodSpec) { spec.containers[0].ports = [ContainerPort(hostPort: 80)] }
    let other = Pod.make("other", on: "n", priority: 1, change: port)
    let explanation = try explain([Node.make("n")], [waiting("1", port), other])
    #expect(explanation.causes.map(\.fact) == [.port("80/TCP", by: named("other"))])
    #expect(explanation.remedies.first == .free([named("other")], gangs: []))
  }

  @Test("the gang in the way, and the priority above which it has to leave")
  func gangInTheWay() throws {
    let batch = GangScope.group("b", 2)
    let running = pods(of: [batch], ["cpu": "2"], priority: 10).map { pod in
      var pod = pod
      pod.spec.nodeName = "n"
      return pod
    }
    let explanation = try explain([Node.make("n")], running + [waiting()], [Gang.make("batch", [batch])])
    #expect(
      explanation.remedies.contains(.free([named("b-0"), named("b-1")], gangs: [named("batch")])))
    #expect(explanation.remedies.contains(.raisePriority(above: 10, victims: [named("batch")])))
    // Less important ones are in the way only because nothing may be evicted.
    let lower = running.map { pod in
      var pod = pod
      pod.spec.priority = -1
      return pod
    }
    let still = try explain(
      [Node.make("n")], lower + [waiting()], [Gang.make("batch", [batch])],
      policy: Policy(allowsPreemption: false))
    #expect(still.remedies.contains(.allowPreemption(victims: [named("batch")])))
  }

  @Test("running pods that hold a gang where there is no room (grove#401)")
  func pinned() throws {
    let nodes = [
      Node.make("a", labels: ["rack": "0"]), Node.make("b", labels: ["rack": "1"]),
      Node.make("c", labels: ["rack": "1"]),
    ]
    let group = GangScope.group("g", 2)
    var members = pods(of: [group], ["cpu": "4"])
    members[0].spec.nodeName = "a"
    let gang = Gang.make("gang", [group], packing: Packing(required: "rack"))
    let explanation = try explain(nodes, members, [gang], levels: ["rack"], "gang")
    #expect(explanation.scopes.first?.pinnedBy == [named("g-0")])
    #expect(explanation.scopes.first?.elsewhere?.domain == ["1"])
    #expect(explanation.scopes.first?.elsewhere?.room == 1)
    #expect(explanation.remedies.contains(.restart([named("g-0")])))
    // Its own pods are not in its way.
    #expect(!explanation.remedies.contains { if case .free = $0 { true } else { false } })
  }

  @Test("one is one")
  func grammar() throws {
    let explanation = try explain([Node.make("n", ["cpu": "1"])], [waiting()])
    #expect(explanation.verdict.text.contains("needs room for 1 pod, and"))
    #expect(explanation.text.contains("0 of 1 pod has room"))
  }
}
