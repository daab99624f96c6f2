import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

/// A pass over a PodCliqueSet that looks at a few replicas decides what one decides that looks at all.
@Suite struct ReplicaSelectionTests {
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let yaml = """
    apiVersion: grove.io/v1alpha1
    kind: PodCliqueSet
    metadata: {name: demo}
    spec:
      replicas: 7
      template:
        cliques:
        - {name: a, spec: {roleName: a, replicas: 2, podSpec: {containers: [{name: c, image: i}]}}}
        - {name: b, spec: {roleName: b, replicas: 1, podSpec: {containers: [{name: c, image: i}]}}}
        - {name: w, spec: {roleName: w, replicas: 2, podSpec: {containers: [{name: c, image: i}]}}}
        podCliqueScalingGroups:
        - {name: g, cliqueNames: [w], replicas: 2, minAvailable: 1}
    """

  private func running() throws -> TestCluster {
    var cluster = try TestCluster(Self.yaml)
    try cluster.settleAndRun()
    try cluster.settle()
    return cluster
  }

  private func selection(_ cluster: TestCluster) throws -> ReplicaSelection {
    let set = try cluster.set()
    return cluster.state.replicas.selection(of: ObjectName(set.metadata), replicas: Int(set.spec.replicas))
  }

  /// Compares both passes.
  ///
  /// - Returns: what both decide.
  @discardableResult
  private func check(_ cluster: TestCluster, _ hint: String) -> Reconciliation {
    let name = ObjectName(namespace: "ns", name: "demo")
    let few = cluster.reconciler.reconcilePodCliqueSet(name, observed: cluster.state, now: cluster.now)
    let all = cluster.reconciler.reconcilePodCliqueSet(
      name, observed: cluster.state, now: cluster.now, looksAtAll: true)
    #expect(few == all, "\(hint)")
    checkTemplates(cluster, hint)
    return all
  }

  /// Compares the templates in use with what PodCliques say one by one.
  private func checkTemplates(_ cluster: TestCluster, _ hint: String) {
    let name = ObjectName(namespace: "ns", name: "demo")
    guard let set = cluster.state.podCliqueSets[name] else { return }
    let expected = cluster.state.expected(of: set)
    let outdated = cluster.state.podCliques.family(name).contains { stored in
      let metadata = stored.object.metadata
      guard !metadata.isTerminating, metadata.labels[LabelKey.managedBy] == GroveName.operatorName,
        let group = metadata.labels[LabelKey.scalingGroup],
        let index = metadata.labels[LabelKey.scalingGroupReplicaIndex],
        let clique = expected.cliques.indices.first(where: {
          "\(group)-\(index)-\(expected.cliques[$0].name)" == metadata.name
        })
      else { return false }
      return metadata.labels[LabelKey.podTemplateHash] != expected.hash(clique)
    }
    #expect(cluster.state.templatesInUse.hasOutdatedMembers(of: expected) == outdated, "\(hint)")
  }

  @Test func oneOfManyReplicasThatAreAlike() throws {
    let cluster = try running()
    let few = try selection(cluster)
    #expect(few.replicas == [0])
    #expect(few.weights == [7])
    #expect(check(cluster, "settled").steps.isEmpty)
  }

  @Test func aReplicaThatDiffersIsLookedAtByItself() throws {
    var cluster = try running()
    try cluster.changePodClique("demo-3-a") { $0.status.readyReplicas = 1 }
    #expect(try selection(cluster).replicas == [0, 3])
    #expect(try selection(cluster).weights == [6, 1])
    let result = check(cluster, "one is not ready")
    guard case .updateStatus(.podCliqueSet(let set), replacing: _)? = result.steps.first?.action else {
      Issue.record("the status is not written")
      return
    }
    #expect(set.status.availableReplicas == 6)
    try cluster.changePodClique("demo-3-a") { $0.status.readyReplicas = 2 }
    #expect(try selection(cluster).replicas == [0])
  }

  @Test func whatConcernsAllReplicasIsDoneToAll() throws {
    var cluster = try running()
    try cluster.changeSet {
      $0.spec.template.headlessServiceConfig = HeadlessServiceConfig(publishNotReadyAddresses: true)
    }
    #expect(check(cluster, "other Services").steps.count { $0.rule == "R-157" } == 7)
    try cluster.changeSet { $0.metadata.labels["team"] = "x" }
    #expect(check(cluster, "other labels").steps.count { $0.rule == "R-266" } == 14)
  }

  @Test func aPodThatLeavesItsGangMakesADifference() throws {
    var cluster = try running()
    let pod = try #require(cluster.names(.pod).first { $0.hasPrefix("demo-4-g-1-w-") })
    cluster.state.remove(TestCluster.key(.pod, pod))
    #expect(try selection(cluster).replicas == [0, 4])
    #expect(check(cluster, "a pod is gone").steps.contains { $0.rule == "R-266" })
  }

  @Test func scalingLooksAtWhatComesAndGoes() throws {
    var cluster = try running()
    try cluster.changeSet { $0.spec.replicas = 8 }
    #expect(try selection(cluster).replicas == [0, 7])
    check(cluster, "one more")
    try cluster.changeSet { $0.spec.replicas = 5 }
    #expect(check(cluster, "two fewer").steps.contains { $0.rule == "R-211" })
  }

  /// Whatever happens to objects, and however long ago.
  @Test(arguments: 0..<12) func bothDecideTheSame(seed: Int) throws {
    var numbers = Numbers(state: UInt64(seed) &* 7_919 &+ 1)
    var cluster = try running()
    let settled = cluster
    var conclusive = 0
    for round in 0..<120 {
      let what = mutate(&cluster, &numbers)
      if try selection(cluster).isPartial { conclusive += 1 }
      check(cluster, "seed \(seed), round \(round): \(what)")
      switch Int.random(in: 0..<24, using: &numbers) {
      case 0: cluster = settled
      case 1: cluster.now += .hours(5)
      case 2, 3:
        for step in cluster.decide(.podCliqueSet, "demo").steps { cluster.carryOutIfPossible(step.action) }
      default: break
      }
    }
    #expect(conclusive > 20)
  }

  private static let kinds: [ResourceKind] = [
    .service, .podClique, .podClique, .podCliqueScalingGroup, .podGang, .pod, .podCliqueSet,
  ]

  /// Does something to some object.
  private func mutate(_ cluster: inout TestCluster, _ numbers: inout Numbers) -> String {
    let kind = Self.kinds.randomElement(using: &numbers) ?? .pod
    guard var object = cluster.state.resources(of: kind).randomElement(using: &numbers) else { return "" }
    let choice = Int.random(in: 0..<10, using: &numbers)
    switch choice {
    case 0 where kind != .podCliqueSet:
      cluster.state.remove(object.key)
      return "removed \(object.key)"
    case 1 where kind != .podCliqueSet: object.metadata.deletionTimestamp = cluster.now
    case 2:
      let keys = [
        LabelKey.name, LabelKey.podGang, LabelKey.partOf, LabelKey.podCliqueSetReplicaIndex,
        LabelKey.scalingGroup,
        "x",
      ]
      let key = keys.randomElement(using: &numbers) ?? "x"
      if kind != .podCliqueSet || key == "x" {
        object.metadata.labels[key] = ["demo-1", "demo-2", "1", nil].randomElement(using: &numbers) ?? nil
      }
    case 3: object.metadata.annotations["x"] = ["1", "2", nil].randomElement(using: &numbers) ?? nil
    case 4 where kind != .podCliqueSet:
      object.metadata.ownerReferences = Bool.random(using: &numbers) ? [] : object.metadata.ownerReferences
      object.metadata.finalizers = ["x"]
    case 5 where kind != .podCliqueSet:
      object.metadata.uid = "uid-\(Int.random(in: 0..<1_000_000, using: &numbers))"
    default: change(&object, cluster.now, &numbers)
    }
    cluster.state.insert(object)
    return "\(choice) of \(object.key)"
  }

  private func change(_ object: inout Resource, _ now: Timestamp, _ numbers: inout Numbers) {
    let number = Int32.random(in: 0..<4, using: &numbers)
    let status = ["True", "False"].randomElement(using: &numbers) ?? ""
    switch object {
    case .service(var service):
      service.spec.publishNotReadyAddresses = number == 0
      service.spec.selector["x"] = number == 1 ? "y" : nil
      object = .service(service)
    case .podClique(var podClique):
      switch number {
      case 0: podClique.status.readyReplicas = Int32.random(in: 0..<3, using: &numbers)
      case 1: podClique.spec.replicas = Int32.random(in: 0..<4, using: &numbers)
      case 2: podClique.status.updatedReplicas = Int32.random(in: 0..<3, using: &numbers)
      default:
        podClique.status.conditions.set(
          ConditionType.minAvailableBreached, status: status, reason: "x", message: "", now: now)
      }
      object = .podClique(podClique)
    case .podCliqueScalingGroup(var group):
      switch number {
      case 0: group.spec.replicas = Int32.random(in: 0..<4, using: &numbers)
      case 1: group.status.availableReplicas = Int32.random(in: 0..<3, using: &numbers)
      case 2: group.status.currentPodCliqueSetGenerationHash = status
      default:
        group.status.conditions.set(
          ConditionType.minAvailableBreached, status: status, reason: "x", message: "", now: now)
      }
      object = .podCliqueScalingGroup(group)
    case .podGang(var gang):
      switch number {
      case 0: gang.status.conditions = []
      case 1:
        gang.spec.podgroups.first.map {
          gang.spec.podgroups[0].podReferences = Array($0.podReferences.dropLast())
        }
      case 2: gang.spec.priorityClassName = status
      default: gang.spec.podgroups = gang.spec.podgroups.reversed()
      }
      object = .podGang(gang)
    case .pod(var pod):
      pod.status.phase = ["Running", "Failed"].randomElement(using: &numbers) ?? ""
      object = .pod(pod)
    case .podCliqueSet(var set):
      switch number {
      case 0: set.spec.replicas = Int32.random(in: 3..<10, using: &numbers)
      case 1: set.spec.template.cliques[0].spec.podSpec.containers[0].image = status
      case 2: set.status.updateProgress?.updateEndedAt = now
      default: set.spec.template.terminationDelay = .hours(1)
      }
      object = .podCliqueSet(set)
    default: break
    }
  }
}

extension TestCluster {
  /// Carries an action out unless mutations before made that impossible.
  fileprivate mutating func carryOutIfPossible(_ action: Action) {
    switch action {
    case .create(let resource) where !resource.metadata.name.isEmpty && state[resource.key] != nil: break
    case .update(let resource, _) where state[resource.key] == nil: break
    case .updateStatus(let resource, _) where state[resource.key] == nil: break
    case .delete(let reference) where state[reference.key]?.metadata.uid != reference.uid: break
    default: carryOut(action)
    }
  }
}
