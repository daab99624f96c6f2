import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// Names, positions and dependencies that a PodCliqueSet calls for (R-030… …R-217, B-R08, B-R10).
struct ExpectedTests {
  private func expected(_ yaml: String) throws -> Expected { Expected(try TestCluster(yaml).set()) }

  private static func ordered(_ type: String) -> String { "    cliqueStartupType: CliqueStartupType\(type)" }

  /// Cliques a, b, c, d, e with scaling group sg = [b, d], of which two replicas are in the base gang.
  private static func mixed(_ type: String, cliques: String? = nil) -> String {
    demo(
      cliques: cliques ?? ["a", "b", "c", "d", "e"].map { clique($0) }.joined(),
      groups: scalingGroup("sg", ["b", "d"], replicas: 4, minAvailable: 2), more: ordered(type))
  }

  /// B-R08: a clique is not found by the end of a name.
  @Test(
    arguments: [
      ("demo-0-leader", 0), ("demo-0-x-leader", 1), ("demo-0-sg-0-w", 2), ("demo-0-sg-12-w", 2),
      ("demo-0-sg-0-x-w", 3), ("demo-1-leader", nil), ("demo-0-y-leader", nil), ("demo-0-sg-00-w", nil),
      ("demo-0-sg-01-w", nil), ("demo-0-sg--w", nil), ("demo-0-sg-1x-w", nil), ("demo-0-sg-1-leader", nil),
      ("demo-0-w", nil), ("other-0-leader", nil), ("demo-0-sg-1", nil), ("demo-0-", nil),
    ] as [(String, Int?)])
  func cliqueOfName(name: String, clique: Int?) throws {
    let yaml = demo(
      cliques: ["leader", "x-leader", "w", "x-w"].map { GroveReconcileTests.clique($0) }.joined(),
      groups: scalingGroup("sg", ["w", "x-w"]))
    #expect(try expected(yaml).clique(ofPodClique: name, replica: 0) == clique)
  }

  @Test func names() throws {
    let expected = try expected(Self.mixed("AnyOrder"))
    #expect(expected.standalone == [0, 2, 4])
    #expect(expected.podClique(2, replica: 3) == "demo-3-c")
    #expect(expected.scalingGroup(0, replica: 1) == "demo-1-sg")
    #expect(expected.memberPodClique(3, of: 0, replica: 1, groupReplica: 2) == "demo-1-sg-2-d")
    #expect(expected.basePodCliques(3, replica: 0) == ["demo-0-sg-0-d", "demo-0-sg-1-d"])
    #expect(expected.basePodCliques(4, replica: 0) == ["demo-0-e"])
    #expect(expected.podGang(ofGroup: 0, replica: 1, groupReplica: 1) == "demo-1")
    #expect(expected.podGang(ofGroup: 0, replica: 1, groupReplica: 3) == "demo-1-sg-1")
  }

  @Test func hashes() throws {
    let set = try TestCluster(Self.mixed("AnyOrder")).set()
    for expected in [Expected(set), Expected(set, hashed: true)] {
      for index in expected.cliques.indices {
        let clique = set.spec.template.cliques[index]
        #expect(expected.hash(index) == Hashing.podTemplate(clique, priorityClassName: ""))
      }
    }
  }

  @Test func anyOrder() throws {
    let expected = try expected(Self.mixed("AnyOrder"))
    #expect(try expected.startsAfter(2, replica: 0) == [])
    #expect(try expected.startsAfter(3, of: 0, replica: 0, groupReplica: 3) == [])
  }

  /// B-R10: of three cliques of a scaled gang the last waits for the nearest one before it, not for the first.
  @Test func inOrderOfThree() throws {
    let set = demo(
      cliques: clique("a") + clique("b") + clique("c"),
      groups: scalingGroup("sg", ["a", "b", "c"], replicas: 2),
      more: "    cliqueStartupType: CliqueStartupTypeInOrder")
    let expected = try expected(set)
    #expect(try expected.startsAfter(0, of: 0, replica: 0, groupReplica: 1) == [])
    #expect(try expected.startsAfter(1, of: 0, replica: 0, groupReplica: 1) == ["demo-0-sg-1-a"])
    #expect(try expected.startsAfter(2, of: 0, replica: 0, groupReplica: 1) == ["demo-0-sg-1-b"])
  }

  /// the clique before, and all its base replicas when it is in a scaling group.
  @Test func inOrder() throws {
    let expected = try expected(Self.mixed("InOrder"))
    #expect(try expected.startsAfter(0, replica: 1) == [])
    #expect(try expected.startsAfter(2, replica: 1) == ["demo-1-sg-0-b", "demo-1-sg-1-b"])
    #expect(try expected.startsAfter(4, replica: 1) == ["demo-1-sg-0-d", "demo-1-sg-1-d"])
    #expect(try expected.startsAfter(1, of: 0, replica: 1, groupReplica: 1) == ["demo-1-a"])
    #expect(try expected.startsAfter(3, of: 0, replica: 1, groupReplica: 0) == ["demo-1-c"])
    // Scaled gangs: the nearest one before in the same group and replica, others in between or not (B-R10).
    #expect(try expected.startsAfter(1, of: 0, replica: 1, groupReplica: 2) == [])
    #expect(try expected.startsAfter(3, of: 0, replica: 1, groupReplica: 2) == ["demo-1-sg-2-b"])
  }

  /// what the template says, in its order; scaled gangs drop what is not in their group.
  @Test func explicit() throws {
    func after(_ name: String, _ names: String) -> String {
      """
          - name: \(name)
            spec:
              roleName: \(name)
              replicas: 1
              startsAfter: [\(names)]
              podSpec:
                containers: [{name: main, image: nginx}]

      """
    }
    let expected = try expected(
      Self.mixed(
        "Explicit",
        cliques: clique("a") + clique("b") + after("c", "d, a") + after("d", "a, b") + clique("e")))
    #expect(try expected.startsAfter(0, replica: 0) == [])
    #expect(
      try expected.startsAfter(2, replica: 0) == ["demo-0-sg-0-d", "demo-0-sg-1-d", "demo-0-a"])
    #expect(
      try expected.startsAfter(3, of: 0, replica: 0, groupReplica: 1) == [
        "demo-0-a", "demo-0-sg-0-b", "demo-0-sg-1-b",
      ])
    #expect(try expected.startsAfter(3, of: 0, replica: 0, groupReplica: 2) == ["demo-0-sg-2-b"])
  }

  /// what members are told, before their own variables; of the same name theirs go.
  @Test func environmentOfMembers() throws {
    let member = """
          - name: w
            spec:
              roleName: w
              replicas: 3
              podSpec:
                initContainers: [{name: init, image: nginx}]
                containers:
                - name: main
                  image: nginx
                  env: [{name: OWN, value: x}, {name: GROVE_PCSG_INDEX, value: mine}]

      """
    var cluster = try TestCluster(
      demo(cliques: clique("l") + member, groups: scalingGroup("sg", ["l", "w"])))
    try cluster.settle()
    let spec = try cluster.podClique("demo-0-sg-0-w").spec.podSpec
    let env = spec.containers[0].env
    #expect(
      env.map(\.name) == ["GROVE_PCSG_NAME", "GROVE_PCSG_TEMPLATE_NUM_PODS", "GROVE_PCSG_INDEX", "OWN"])
    #expect(env[1].value == "4")
    #expect(
      env[2].valueFrom?.fieldRef?.fieldPath
        == "metadata.labels['grove.io/podcliquescalinggroup-replica-index']")
    #expect(env[0].valueFrom?.fieldRef?.fieldPath == "metadata.labels['grove.io/podcliquescalinggroup']")
    #expect(spec.initContainers[0].env.count == 3)
  }
}
