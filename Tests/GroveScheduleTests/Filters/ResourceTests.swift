import GroveSchedule
import KubernetesModel
import Testing

@Suite("Resources (S-001, S-002, S-020, S-082)")
struct ResourceTests {
  @Test("requests are compared with what is left of allocatable")
  func fit() throws {
    let node = Node.make(
      "node", ["cpu": "4", "memory": "8Gi", "ephemeral-storage": "10Gi", "x.io/card": "2"])
    #expect(try reason(Pod.make("pod", ["cpu": "4", "memory": "8Gi", "x.io/card": "2"]), node) == nil)
    #expect(try reason(Pod.make("pod", ["cpu": "4001m"]), node) == "1 Insufficient cpu")
    #expect(try reason(Pod.make("pod", ["memory": "8589934593"]), node) == "1 Insufficient memory")
    #expect(
      try reason(Pod.make("pod", ["ephemeral-storage": "11Gi"]), node) == "1 Insufficient ephemeral-storage")
    #expect(try reason(Pod.make("pod", ["x.io/card": "3"]), node) == "1 Insufficient x.io/card")
    let half = Pod.make("half", ["cpu": "2500m"], on: "node")
    #expect(try reason(Pod.make("pod", ["cpu": "1500m"]), node, beside: [half]) == nil)
    #expect(try reason(Pod.make("pod", ["cpu": "1501m"]), node, beside: [half]) == "1 Insufficient cpu")
  }

  @Test("all resources that are short are named, sorted as texts")
  func severalReasons() throws {
    let nodes = [
      Node.make("a", ["cpu": "1", "memory": "1Gi"]), Node.make("b", ["cpu": "1", "memory": "64Gi"]),
    ]
    #expect(
      try message(Pod.make("pod", ["cpu": "2", "memory": "2Gi", "nvidia.com/gpu": "1"]), nodes)
        == "0/2 nodes are available: 1 Insufficient memory, 2 Insufficient cpu, 2 Insufficient nvidia.com/gpu."
    )
  }

  @Test("a resource that no node has is missing everywhere")
  func unknownResource() throws {
    #expect(
      try reason(Pod.make("pod", ["nvidia.com/gpu": "1"]), Node.make("node"))
        == "1 Insufficient nvidia.com/gpu")
  }

  @Test("what is not asked for is not looked at, even when the node is overcommitted")
  func zeroRequests() throws {
    let node = Node.make("node", ["cpu": "1", "memory": "1Gi"])
    let greedy = [Pod.make("greedy", ["cpu": "2", "memory": "2Gi"], on: "node")]
    #expect(try reason(Pod.make("pod", ["cpu": "0", "memory": "0"]), node, beside: greedy) == nil)
    #expect(try reason(Pod.make("pod", ["cpu": "1m"]), node, beside: greedy) == "1 Insufficient cpu")
  }

  @Test("the number of pods is limited; without an allocatable number it is zero")
  func podCount() throws {
    let node = Node.make("node", pods: "1")
    #expect(try reason(Pod.make("pod"), node) == nil)
    #expect(try reason(Pod.make("pod"), node, beside: [Pod.make("other", on: "node")]) == "1 Too many pods")
    #expect(
      try reason(Pod.make("pod", ["cpu": "5"]), node, beside: [Pod.make("other", on: "node")])
        == "1 Insufficient cpu, 1 Too many pods")
    var bare = Node()
    bare.metadata.name = "node"
    #expect(try reason(Pod.make("pod", [:]), bare) == "1 Too many pods")
  }

  @Test("containers are summed, init containers count by their maximum, sidecars and overhead are added")
  func effectiveRequests() throws {
    let pod = Pod.make("pod", ["cpu": "1"]) { spec in
      var second = spec.containers[0]
      second.name = "second"
      var initial = second
      initial.resources.requests = amounts(["cpu": "3"])
      var sidecar = second
      sidecar.restartPolicy = "Always"
      spec.containers.append(second)
      spec.initContainers = [sidecar, initial]
      spec.overhead = amounts(["cpu": "250m"])
    }
    // max(1 + 1 + 1, 1 + 3) + 0.25
    #expect(try reason(pod, Node.make("node", ["cpu": "4250m"])) == nil)
    #expect(try reason(pod, Node.make("node", ["cpu": "4249m"])) == "1 Insufficient cpu")
  }

  @Test("finished pods take nothing, pods that are being deleted still do")
  func phases() throws {
    let node = Node.make("node", ["cpu": "1"])
    var finished = Pod.make("old", on: "node")
    finished.status.phase = "Succeeded"
    #expect(try reason(Pod.make("pod"), node, beside: [finished]) == nil)
    var leaving = Pod.make("old", on: "node")
    leaving.metadata.deletionTimestamp = Timestamp(secondsSince1970: 1)
    #expect(try reason(Pod.make("pod"), node, beside: [leaving]) == "1 Insufficient cpu")
  }

  @Test("pods without devices leave nodes with devices alone where they can")
  func devicesAreSpared() throws {
    let nodes = [Node.make("a", ["cpu": "4", "nvidia.com/gpu": "8"]), Node.make("b", ["cpu": "4"])]
    let plain = try Snapshot.make(nodes: nodes, pods: [Pod.make("pod")])
    #expect(Scheduler().decide(plain).bindings.map(\.node) == ["b"])
    #expect(try reason(Pod.make("pod"), nodes[0]) == nil)
  }
}

@Suite("Host ports (S-020, S-082)")
struct HostPortTests {
  static let taken = "1 node(s) didn't have free ports for the requested pod ports"

  private func pod(_ name: String, on node: String = "", _ ports: [ContainerPort]) -> Pod {
    Pod.make(name, on: node) { $0.containers[0].ports = ports }
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var mine: ContainerPort
    var other: ContainerPort
    var conflicts: Bool
  }

  static let cases = [
    Case(
      testDescription: "same port", mine: ContainerPort(hostPort: 80), other: ContainerPort(hostPort: 80),
      conflicts: true),
    Case(
      testDescription: "another port", mine: ContainerPort(hostPort: 80), other: ContainerPort(hostPort: 81),
      conflicts: false),
    Case(
      testDescription: "another protocol", mine: ContainerPort(hostPort: 80, protocol: "UDP"),
      other: ContainerPort(hostPort: 80), conflicts: false),
    Case(
      testDescription: "TCP is the default", mine: ContainerPort(hostPort: 80, protocol: "TCP"),
      other: ContainerPort(hostPort: 80), conflicts: true),
    Case(
      testDescription: "other addresses", mine: ContainerPort(hostPort: 80, hostIP: "10.0.0.1"),
      other: ContainerPort(hostPort: 80, hostIP: "10.0.0.2"), conflicts: false),
    Case(
      testDescription: "the wildcard takes all addresses", mine: ContainerPort(hostPort: 80),
      other: ContainerPort(hostPort: 80, hostIP: "10.0.0.2"), conflicts: true),
    Case(
      testDescription: "0.0.0.0 is the wildcard", mine: ContainerPort(hostPort: 80, hostIP: "10.0.0.1"),
      other: ContainerPort(hostPort: 80, hostIP: "0.0.0.0"), conflicts: true),
    Case(
      testDescription: "container ports alone take nothing", mine: ContainerPort(containerPort: 80),
      other: ContainerPort(containerPort: 80), conflicts: false),
  ]

  @Test("each kind of conflict", arguments: cases)
  func conflicts(_ row: Case) throws {
    let result = try reason(
      pod("pod", [row.mine]), Node.make("node"), beside: [pod("other", on: "node", [row.other])])
    #expect(result == (row.conflicts ? Self.taken : nil))
  }

  @Test("on the host network container ports are host ports")
  func hostNetwork() throws {
    let other = Pod.make("other", on: "node") {
      $0.hostNetwork = true
      $0.containers[0].ports = [ContainerPort(containerPort: 80)]
    }
    #expect(
      try reason(pod("pod", [ContainerPort(hostPort: 80)]), Node.make("node"), beside: [other]) == Self.taken)
  }

  @Test("pods of one gang do not share a port on a node")
  func withinGang() throws {
    let group = GangScope.group("web", 2)
    let members = pods(of: [group]) { $0.containers[0].ports = [ContainerPort(hostPort: 80)] }
    let gang = Gang.make("gang", [group])
    let one = try Snapshot.make(nodes: [Node.make("a")], pods: members, gangs: [gang])
    #expect(Scheduler().decide(one).bindings.isEmpty)
    let two = try Snapshot.make(nodes: [Node.make("a"), Node.make("b")], pods: members, gangs: [gang])
    #expect(Set(Scheduler().decide(two).bindings.map(\.node)) == ["a", "b"])
  }
}
