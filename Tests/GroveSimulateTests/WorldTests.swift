import GroveExplore
import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveSimulate

/// A cluster as a value: steps, rest, reactions to what users do.
struct WorldTests {
  private var world = World(configuration: OperatorConfiguration(), seed: 1)

  private var set: PodCliqueSet {
    var set = PodCliqueSet()
    set.metadata.name = "demo"
    set.metadata.namespace = "ns"
    set.spec.replicas = 1
    var clique = PodCliqueTemplateSpec(name: "a")
    clique.spec.roleName = "a"
    clique.spec.replicas = 2
    clique.spec.podSpec.containers = [Container(name: "main", image: "nginx:1.25")]
    set.spec.template.cliques = [clique]
    return set
  }

  private mutating func create() throws {
    let object = Resource.podCliqueSet(set)
    try world.write { server throws(APIError) in try server.create(object) }
  }

  private func count(_ kind: ResourceKind) -> Int { world.server.objects.resources(of: kind).count }

  @Test mutating func creationWaitsForTheToken() throws {
    try create()
    #expect(world.enabledSteps() == [.pass(ObjectKey(.podCliqueSet, namespace: "ns", name: "demo"))])
    let outcome = world.run(for: .zero)
    #expect(outcome == .atRest)
    #expect(count(.secret) == 1)
    #expect(count(.podClique) == 0, "R-155")
    guard case .wait(let time)? = world.enabledSteps().last else {
      Issue.record("nothing is waited for")
      return
    }
    #expect(time == APIServer.defaultStart + .seconds(5), "R-009")
    #expect(world.runToRest() == .atRest)
    #expect(count(.pod) == 2)
    #expect(world.now == APIServer.defaultStart + .seconds(5))
  }

  @Test mutating func restMeansNoMoreWrites() throws {
    try create()
    _ = world.runToRest()
    let version = world.server.version
    #expect(world.run(for: .hours(1)) == .atRest)
    #expect(world.server.version == version, "a pass over a converged state yields no steps")
  }

  @Test mutating func theLimitStopsARun() throws {
    try create()
    #expect(world.runToRest(limit: 1) == .exhausted)
    #expect(count(.pod) == 0)
    #expect(world.runToRest() == .atRest)
    #expect(count(.pod) == 2)
  }

  @Test mutating func stepsOneByOneLeadToTheSameEnd() throws {
    try create()
    var stepped = world
    _ = world.runToRest()
    for _ in 0..<200 {
      let steps = stepped.enabledSteps()
      guard let step = steps.first(where: { if case .wait = $0 { false } else { true } }) ?? steps.first
      else { break }
      stepped.take(step)
    }
    #expect(stepped.server.objects.resources.map(\.key) == world.server.objects.resources.map(\.key))
  }

  @Test mutating func writesTellWhy() throws {
    try create()
    _ = world.runToRest()
    let pod = try #require(world.writes.first { $0.object.kind == .pod && $0.verb == .create })
    #expect(pod.pass.kind == .podClique)
    #expect(pod.rule == "R-302")
    #expect(!pod.reason.isEmpty)
    #expect(!world.writes.contains { $0.object.name.isEmpty })
  }

  @Test mutating func whatIsDeletedByHandComesBack() throws {
    try create()
    _ = world.runToRest()
    let service = ObjectKey(.service, namespace: "ns", name: "demo-0")
    let old = try #require(world.server[service]?.metadata.uid)
    try world.write { server throws(APIError) in try server.delete(service) }
    #expect(world.server[service] == nil)
    _ = world.runToRest()
    #expect(world.server[service] != nil, "R-020-owned")
    #expect(world.server[service]?.metadata.uid != old)
    let pod = try #require(world.server.objects.resources(of: .pod).first)
    try world.write { server throws(APIError) in try server.delete(pod.key) }
    _ = world.runToRest()
    #expect(count(.pod) == 2)
    #expect(world.server[pod.key] == nil, "the replacement has another name")
  }

  @Test mutating func deletionLeavesNothing() throws {
    try create()
    _ = world.runToRest()
    let key = ObjectKey(.podCliqueSet, namespace: "ns", name: "demo")
    try world.write { server throws(APIError) in try server.delete(key) }
    #expect(world.server[key]?.metadata.deletionTimestamp != nil, "the finalizer holds it (R-040)")
    _ = world.runToRest()
    #expect(
      world.server.objects.resources.map(\.key) == [], "finalizers go and garbage collection does the rest")
  }

  @Test mutating func recreatingUnderTheSameNameStartsAfresh() throws {
    try create()
    _ = world.runToRest()
    let before = Set(world.server.objects.resources(of: .pod).map(\.metadata.name))
    let key = ObjectKey(.podCliqueSet, namespace: "ns", name: "demo")
    try world.write { server throws(APIError) in try server.delete(key) }
    _ = world.runToRest()
    try create()
    _ = world.runToRest()
    let after = Set(world.server.objects.resources(of: .pod).map(\.metadata.name))
    #expect(after.count == 2)
    #expect(before.isDisjoint(with: after))
  }

  @Test mutating func branchesDoNotTouchEachOther() throws {
    try create()
    let start = world
    _ = world.runToRest()
    var branch = start
    #expect(branch.server.objects.resources(of: .pod).isEmpty)
    _ = branch.runToRest()
    #expect(branch.server.objects.resources == world.server.objects.resources)
  }

  // MARK: Runs without end

  /// A world with nodes in which pods take so long to become ready.
  private func slowWorld(readiness: Duration, delay: Duration, seed: UInt64 = 1) throws -> World {
    var timing = ClusterTiming()
    timing.readiness = readiness
    var world = World(
      configuration: OperatorConfiguration(), setup: ClusterSetup(kubelets: timing), seed: seed)
    var slow = set
    slow.spec.template.terminationDelay = delay
    for object in ExplorationSubject.nodes(2).map({ Resource.node($0) }) + [.podCliqueSet(slow)] {
      try world.write { server throws(APIError) in try server.create(object) }
    }
    return world
  }

  @Test(arguments: [(11, 10), (5_400, 1_800)] as [(Int64, Int64)])
  func aGangThatIsTerminatedForEverIsNoticed(_ readiness: Int64, _ delay: Int64) throws {
    var world = try slowWorld(readiness: .seconds(readiness), delay: .seconds(delay))
    guard case .recycling(let found) = world.runToRest() else {
      Issue.record("the run came to rest")
      return
    }
    #expect(found.rounds <= 4)
    #expect(found.period == .seconds(delay + 3))
    let termination = try #require(found.termination)
    #expect(termination.podGang == ObjectName(namespace: "ns", name: "demo-0"))
    #expect(termination.podClique == "demo-0-a")
    #expect(termination.isScheduled)
    #expect(
      found.description
        == "PodGang ns/demo-0 is terminated every \(found.period.text), again and again, because the pods of PodClique "
        + "demo-0-a are not ready within its terminationDelay of \(Duration.seconds(delay).text): Insufficient ready or "
        + "starting pods. expected at least: 2, found: 0")
    #expect(found.hint?.contains("takes at least \(Duration.seconds(readiness + 3).text)") == true)
  }

  @Test func aDelayThatIsLongEnoughLetsTheGangComeUp() throws {
    var world = try slowWorld(readiness: .seconds(11), delay: .seconds(30))
    #expect(world.runToRest() == .atRest)
    #expect(world.problems.isEmpty)
  }

  @Test func aUserWhoDoesSomethingBeginsANewCount() throws {
    var world = try slowWorld(readiness: .seconds(11), delay: .seconds(10))
    guard case .recycling = world.runToRest() else {
      Issue.record("the run came to rest")
      return
    }
    try world.perform(.delete(ObjectKey(.podCliqueSet, namespace: "ns", name: "demo")))
    #expect(world.runToRest() == .atRest)
    #expect(world.server.objects.resources(of: .pod).isEmpty)
  }

  @Test func longRunsAreAsLongAsWhatHappensInThem() throws {
    var world = try slowWorld(readiness: .seconds(1), delay: .minutes(10))
    #expect(world.runToRest() == .atRest)
    _ = world.run(for: .minutes(1))
    // One pod for ever unready: after the delay the gang is terminated once, and then comes up.
    let pod = try #require(world.server.objects.resources(of: .pod).first?.metadata)
    try world.perform(.setReady(pod: ObjectName(pod), false))
    let begun = world.now
    #expect(world.run(for: .hours(100_000), limit: 200) == .atRest)
    #expect(world.now == begun + .hours(100_000))
    let ages = world.server.objects.resources(of: .pod).compactMap(\.metadata.creationTimestamp)
    #expect(ages.count == 2)
    // what is polled every 5 s fires within 5 s of the delay.
    for age in ages { #expect(age >= begun + .minutes(10) && age <= begun + .minutes(10) + .seconds(11)) }
  }

  @Test func whatIsLostInTheFirstSecondsIsSaid() throws {
    var world = try slowWorld(readiness: .seconds(1), delay: .minutes(1))
    #expect(world.runToRest() == .atRest)
    for node in ["node-0", "node-1"] { try world.perform(.cordon(node)) }
    let pods = world.server.objects.resources(of: .pod).map(\.key)
    let early = pods[0]
    try world.perform(.delete(early))
    _ = world.run(for: .minutes(20))
    #expect(
      world.breachesInGrace == [ObjectKey(.podClique, namespace: "ns", name: "demo-0-a")], "R-591")
  }
}
