import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveSimulate

/// The API server as objects see it: identities, versions, generations, deletion.
struct APIServerTests {
  private var server = APIServer(seed: 7)

  private func podClique(_ name: String, replicas: Int32 = 1) -> PodClique {
    var object = PodClique()
    object.metadata.name = name
    object.metadata.namespace = "ns"
    object.spec.replicas = replicas
    return object
  }

  private func pod(_ base: String, index: Int) -> Pod {
    var pod = Pod()
    pod.metadata.generateName = base
    pod.metadata.namespace = "ns"
    pod.metadata.labels[LabelKey.podIndex] = "\(index)"
    pod.spec.containers = [Container(name: "main", image: "nginx")]
    return pod
  }

  private func key(_ kind: ResourceKind, _ name: String) -> ObjectKey {
    ObjectKey(kind, namespace: "ns", name: name)
  }

  @Test mutating func createFillsInWhatOnlyTheServerKnows() throws {
    var submitted = podClique("a")
    submitted.status.replicas = 5
    let created = try server.create(.podClique(submitted))
    let metadata = created.metadata
    #expect(metadata.generation == 1)
    #expect(metadata.resourceVersion == "1")
    #expect(metadata.creationTimestamp == APIServer.defaultStart)
    #expect(metadata.uid.count == 36)
    #expect(metadata.uid.dropFirst(14).first == "4", "the uid has the form of a random one")
    guard case .podClique(let stored)? = server[key(.podClique, "a")] else {
      Issue.record("not stored")
      return
    }
    #expect(stored.status.replicas == 0, "status is written through its own endpoint only")
    #expect(throws: APIError.alreadyExists(key(.podClique, "a"))) {
      try server.create(.podClique(podClique("a")))
    }
  }

  @Test mutating func namespaceDefaultsAndClusterScopedKindsHaveNone() throws {
    var account = ServiceAccount()
    account.metadata.name = "x"
    #expect(try server.create(.serviceAccount(account)).key.namespace == "default")
    var topology = KAITopology()
    topology.metadata.name = "t"
    topology.metadata.namespace = "ns"
    #expect(try server.create(.kaiTopology(topology)).key.namespace == "")
  }

  @Test mutating func resourceVersionOnCreateIsRefused() throws {
    var object = podClique("a")
    object.metadata.resourceVersion = "3"
    #expect(throws: APIError.self) { try server.create(.podClique(object)) }
    #expect(server.version == 0)
  }

  @Test mutating func generationCountsSpecChangesOnly() throws {
    guard case .podClique(var object) = try server.create(.podClique(podClique("a"))) else { return }
    object.metadata.labels["x"] = "y"
    #expect(try server.update(.podClique(object)).metadata.generation == 1)
    object.metadata.resourceVersion = ""
    object.spec.replicas = 3
    #expect(try server.update(.podClique(object)).metadata.generation == 2)
    object.status.replicas = 3
    let updated = try server.updateStatus(.podClique(object))
    #expect(updated.metadata.generation == 2)
    #expect(updated.metadata.resourceVersion == "4")
  }

  @Test mutating func updateKeepsStatusAndStatusUpdateKeepsSpec() throws {
    guard case .podClique(var object) = try server.create(.podClique(podClique("a"))) else { return }
    object.metadata.resourceVersion = ""
    object.spec.replicas = 2
    object.status.replicas = 9
    try server.update(.podClique(object))
    guard case .podClique(let afterUpdate)? = server[key(.podClique, "a")] else { return }
    #expect(afterUpdate.spec.replicas == 2)
    #expect(afterUpdate.status.replicas == 0)
    object.spec.replicas = 7
    try server.updateStatus(.podClique(object))
    guard case .podClique(let afterStatus)? = server[key(.podClique, "a")] else { return }
    #expect(afterStatus.spec.replicas == 2)
    #expect(afterStatus.status.replicas == 9)
  }

  @Test mutating func staleWritesConflict() throws {
    guard case .podClique(var object) = try server.create(.podClique(podClique("a"))) else { return }
    var other = object
    other.spec.replicas = 2
    try server.update(.podClique(other))
    object.spec.replicas = 3
    #expect(throws: APIError.conflict(key(.podClique, "a"))) { try server.update(.podClique(object)) }
    #expect(throws: APIError.conflict(key(.podClique, "a"))) { try server.updateStatus(.podClique(object)) }
    object.metadata.resourceVersion = ""
    object.metadata.uid = "other"
    #expect(throws: APIError.self) { try server.update(.podClique(object)) }
  }

  @Test mutating func writesThatChangeNothingAreNoChange() throws {
    let created = try server.create(.podClique(podClique("a")))
    _ = server.takeChanges()
    try server.update(created)
    try server.updateStatus(created)
    #expect(server.version == 1)
    #expect(server.takeChanges().isEmpty)
  }

  @Test mutating func changesComeInOrder() throws {
    let created = try server.create(.podClique(podClique("a")))
    guard case .podClique(var object) = created else { return }
    object.spec.replicas = 2
    let updated = try server.update(.podClique(object))
    try server.delete(key(.podClique, "a"))
    let changes = server.takeChanges()
    #expect(changes.count == 3)
    #expect(changes.first == Change(old: nil, new: created))
    #expect(changes[1] == Change(old: created, new: updated))
    #expect(changes[2].new == nil)
    #expect(changes[2].old?.metadata.resourceVersion == "3")
  }

  @Test mutating func finalizersHoldObjectsBack() throws {
    var object = podClique("a")
    object.metadata.finalizers = ["x/y"]
    try server.create(.podClique(object))
    try server.delete(key(.podClique, "a"))
    guard case .podClique(var terminating)? = server[key(.podClique, "a")] else {
      Issue.record("gone in spite of its finalizer")
      return
    }
    #expect(terminating.metadata.deletionTimestamp == server.now)
    #expect(terminating.metadata.deletionGracePeriodSeconds == 0)
    #expect(terminating.metadata.generation == 2, "marking for deletion counts as a change of the spec")
    let version = server.version
    try server.delete(key(.podClique, "a"))
    #expect(server.version == version, "deleting twice is deleting once")
    terminating.metadata.finalizers = []
    try server.update(.podClique(terminating))
    #expect(server[key(.podClique, "a")] == nil)
  }

  @Test mutating func deletionChecksTheUid() throws {
    let first = try server.create(.podClique(podClique("a")))
    try server.delete(first.key, uid: first.metadata.uid)
    let second = try server.create(.podClique(podClique("a")))
    #expect(second.metadata.uid != first.metadata.uid)
    #expect(throws: APIError.self) { try server.delete(first.key, uid: first.metadata.uid) }
    #expect(throws: APIError.notFound(key(.podClique, "b"))) { try server.delete(key(.podClique, "b")) }
  }

  @Test mutating func boundPodsEndGracefully() throws {
    var submitted = pod("p-", index: 0)
    submitted.spec.terminationGracePeriodSeconds = 12
    guard case .pod(var bound) = try server.create(.pod(submitted)) else { return }
    bound.spec.nodeName = "n1"
    try server.update(.pod(bound))
    let key = Resource.pod(bound).key
    try server.delete(key)
    let metadata = try #require(server[key]?.metadata)
    #expect(metadata.deletionTimestamp == server.now + .seconds(12))
    #expect(metadata.deletionGracePeriodSeconds == 12)
    try server.delete(key, gracePeriodSeconds: 0)
    #expect(server[key] == nil)
  }

  @Test mutating func unboundPodsGoAtOnce() throws {
    let created = try server.create(.pod(pod("p-", index: 0)))
    try server.delete(created.key)
    #expect(server[created.key] == nil)
  }

  @Test mutating func gatedPodsSaySo() throws {
    var gated = pod("p-", index: 0)
    gated.spec.schedulingGates = [PodSchedulingGate(name: GroveName.schedulingGate)]
    guard case .pod(let stored) = try server.create(.pod(gated)) else { return }
    #expect(stored.status.phase == "Pending")
    #expect(stored.status.conditions.map(\.reason) == ["SchedulingGated"])
    guard case .pod(let free) = try server.create(.pod(pod("p-", index: 1))) else { return }
    #expect(free.status.conditions.isEmpty)
  }

  // MARK: Generated names

  @Test mutating func generatedNamesDoNotDependOnTheOrderOfCreation() throws {
    var other = APIServer(seed: 7)
    let a0 = try server.create(.pod(pod("p-", index: 0))).metadata
    let a1 = try server.create(.pod(pod("p-", index: 1))).metadata
    let b1 = try other.create(.pod(pod("p-", index: 1))).metadata
    let b0 = try other.create(.pod(pod("p-", index: 0))).metadata
    #expect(a0.name == b0.name)
    #expect(a1.name == b1.name)
    #expect(a0.name != a1.name)
    #expect(a0.name.count == 7)
    #expect(a0.name.dropFirst(2).allSatisfy { "bcdfghjklmnpqrstvwxz2456789".contains($0) })
    var seeded = APIServer(seed: 8)
    #expect(try seeded.create(.pod(pod("p-", index: 0))).metadata.name != a0.name)
  }

  @Test mutating func namesAreNotReused() throws {
    var names: [String] = []
    for _ in 0..<5 {
      let created = try server.create(.pod(pod("p-", index: 0)))
      names.append(created.metadata.name)
      try server.delete(created.key)
    }
    // A successor that is created before its predecessor is gone, and goes first.
    let old = try server.create(.pod(pod("p-", index: 0)))
    let new = try server.create(.pod(pod("p-", index: 0)))
    try server.delete(new.key)
    let newest = try server.create(.pod(pod("p-", index: 0)))
    names += [old, new, newest].map(\.metadata.name)
    #expect(Set(names).count == names.count)
  }

  @Test mutating func generatedNamesFitIntoALabel() throws {
    let base = String(repeating: "p", count: 80) + "-"
    #expect(try server.create(.pod(pod(base, index: 0))).metadata.name.count == 63)
  }

  // MARK: Copies

  @Test mutating func copiesLiveTheirOwnLives() throws {
    try server.create(.podClique(podClique("a")))
    var branch = server
    try branch.create(.podClique(podClique("b")))
    #expect(server[key(.podClique, "b")] == nil)
    try server.create(.podClique(podClique("b")))
    #expect(
      server[key(.podClique, "b")] == branch[key(.podClique, "b")], "the same writes give the same objects")
  }

  // MARK: Texts

  @Test func errorsSpeakAsTheRealServerDoes() {
    #expect(APIError.alreadyExists(key(.pod, "x")).description == #"pods "x" already exists"#)
    #expect(APIError.notFound(key(.podClique, "x")).description == #"podcliques.grove.io "x" not found"#)
    #expect(
      APIError.conflict(key(.podCliqueSet, "x")).description
        == #"Operation cannot be fulfilled on podcliquesets.grove.io "x": the object has been modified; please "#
        + "apply your changes to the latest version and try again")
    #expect(
      APIError.forbidden(key(.pod, "x"), reason: "no PriorityClass with name y was found").description
        == #"pods "x" is forbidden: no PriorityClass with name y was found"#)
  }
}
