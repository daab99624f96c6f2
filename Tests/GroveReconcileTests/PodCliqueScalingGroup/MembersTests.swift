import GroveModel
import KubernetesModel
import Testing

@testable import GroveReconcile

struct MembersTests {
  private let groupName = ObjectName(namespace: "ns", name: "demo-0-sg")

  private func made(_ yaml: String = demo) throws -> SmallCluster {
    var cluster = try SmallCluster(yaml)
    try cluster.syncSet()
    return cluster
  }

  @Test(
    "R-223, R-248, R-869: missing members are created in replica and cliqueNames order, with an event each")
  func creation() throws {
    var cluster = try made()
    let result = cluster.pass(overGroup: "demo-0-sg")
    let created = result.steps.compactMap { step -> String? in
      if case .create(let resource) = step.action { resource.metadata.name } else { nil }
    }
    #expect(
      created == [
        "demo-0-sg-0-ld", "demo-0-sg-0-wk", "demo-0-sg-1-ld", "demo-0-sg-1-wk", "demo-0-sg-2-ld",
        "demo-0-sg-2-wk",
      ])
    #expect(cluster.events.count == 6)
    #expect(cluster.events[0].message == "PodClique ns/demo-0-sg-0-ld created successfully")
    #expect(
      cluster.events[0].subject == ObjectKey(.podCliqueScalingGroup, namespace: "ns", name: "demo-0-sg"))
    #expect(result.outcome == .settled)
    let member = try cluster.podClique("demo-0-sg-2-wk")
    #expect(member.metadata.labels[LabelKey.podGang] == "demo-0-sg-0")
    #expect(member.metadata.labels[LabelKey.basePodGang] == "demo-0")
    #expect(try cluster.podClique("demo-0-sg-1-wk").metadata.labels[LabelKey.basePodGang] == nil)
    try cluster.settle()
    #expect(cluster.pass(overGroup: "demo-0-sg").steps.isEmpty)
  }

  @Test("R-246, R-247, R-864: scale-in deletes the replicas that are too many, with an event each")
  func scaleIn() throws {
    var cluster = try made()
    try cluster.settle()
    try cluster.scale(group: "demo-0-sg", to: 1)
    let result = cluster.pass(overGroup: "demo-0-sg")
    #expect(result.deletions == ["demo-0-sg-1-ld", "demo-0-sg-1-wk", "demo-0-sg-2-ld", "demo-0-sg-2-wk"])
    let told = cluster.events.suffix(2)
    #expect(
      told.map(\.message) == [
        "Deleted PodCliqueScalingGroup demo-0-sg replicaIndex: 1",
        "Deleted PodCliqueScalingGroup demo-0-sg replicaIndex: 2",
      ])
    #expect(told.allSatisfy { $0.subject.kind == .podCliqueSet && $0.subject.name == "demo" })
    #expect(cluster.pass(overGroup: "demo-0-sg").deletions.isEmpty, "terminating ones are left alone")
    try cluster.settle()
    #expect(cluster.members == ["demo-0-fe", "demo-0-sg-0-ld", "demo-0-sg-0-wk"])
    try cluster.scale(group: "demo-0-sg", to: 0)
    try cluster.settle()
    #expect(cluster.members == ["demo-0-fe"])
    #expect(
      try cluster.group("demo-0-sg").status.currentPodCliqueSetGenerationHash != nil, "R-759: vacuously")
  }

  @Test("B-R11: live replicas 0 and 2 of two wanted: 2 goes, 1 is made; strays go, too")
  func holes() throws {
    var cluster = try made()
    try cluster.settle()
    for name in ["demo-0-sg-1-ld", "demo-0-sg-1-wk"] {
      cluster.state.remove(ObjectKey(.podClique, namespace: "ns", name: name))
    }
    var stray = try cluster.podClique("demo-0-sg-0-ld")
    stray.metadata.name = "demo-0-sg-0-xx"
    stray.metadata.uid = "stray"
    cluster.state.insert(.podClique(stray))
    try cluster.scale(group: "demo-0-sg", to: 2)
    let result = cluster.pass(overGroup: "demo-0-sg")
    #expect(result.deletions == ["demo-0-sg-0-xx", "demo-0-sg-2-ld", "demo-0-sg-2-wk"])
    try cluster.settle()
    #expect(
      cluster.members
        == ["demo-0-fe", "demo-0-sg-0-ld", "demo-0-sg-0-wk", "demo-0-sg-1-ld", "demo-0-sg-1-wk"])
  }

  @Test("R-223: with rolling updates existing members are left as they are, terminating ones included")
  func createOnly() throws {
    var cluster = try made()
    try cluster.settle()
    try cluster.startUpdate(ofReplica: 1) {
      $0.spec.template.cliques[2].spec.podSpec.containers[0].image = "a:2"
    }
    let result = cluster.pass(overGroup: "demo-0-sg")
    #expect(result.steps.isEmpty, "not this replica's turn")
    var terminating = try cluster.podClique("demo-0-sg-0-ld")
    terminating.metadata.deletionTimestamp = cluster.now
    cluster.state.insert(.podClique(terminating))
    let next = cluster.pass(overGroup: "demo-0-sg")
    #expect(!next.steps.contains { if case .create = $0.action { true } else { false } })
  }

  @Test("R-224, R-205: with OnDelete members get the new template and keep their replicas")
  func onDelete() throws {
    var cluster = try made(
      demo.replacing("  replicas: 1\n", with: "  replicas: 1\n  updateStrategy: {type: OnDelete}\n"))
    try #require(try cluster.set.updatesOnDelete)
    try cluster.settle()
    #expect(cluster.events.contains { $0.reason == "PodCliqueCreateOrUpdateSuccessful" })
    try cluster.scale("demo-0-sg-0-wk", to: 7)
    try cluster.startUpdate(ofReplica: 0) {
      $0.spec.template.cliques[2].spec.podSpec.containers[0].image = "a:2"
    }
    let before = cluster.events.count
    let result = cluster.pass(overGroup: "demo-0-sg")
    #expect(result.deletions.isEmpty)
    let member = try cluster.podClique("demo-0-sg-0-wk")
    #expect(member.spec.podSpec.containers[0].image == "a:2")
    #expect(member.spec.replicas == 7)
    #expect(
      cluster.events.dropFirst(before).map(\.message) == [
        "PodClique ns/demo-0-sg-0-wk created or updated successfully",
        "PodClique ns/demo-0-sg-1-wk created or updated successfully",
        "PodClique ns/demo-0-sg-2-wk created or updated successfully",
      ], "B-R33: only what changed")
    let progress = try #require(try cluster.group("demo-0-sg").status.updateProgress)
    #expect(progress.updateEndedAt != nil)
    #expect(progress.podCliqueSetGenerationHash == (try cluster.set.status.currentGenerationHash))
    #expect(
      try cluster.group("demo-0-sg").status.conditions["MinAvailableBreached"]?.status != "Unknown", "R-723")
  }

  @Test("B-R38: a member's name in other hands is an error, and does not keep the others away")
  func foreign() throws {
    var cluster = try made()
    var foreign = PodClique(metadata: ObjectMeta(name: "demo-0-sg-0-wk", namespace: "ns", uid: "f"))
    foreign.metadata.setController(
      OwnerReference(kind: "PodCliqueSet", name: "else", uid: "else", controller: true))
    cluster.state.insert(.podClique(foreign))
    let result = cluster.pass(overGroup: "demo-0-sg")
    #expect(result.errorCodes == ["ERR_CREATE_PODCLIQUE"])
    #expect(cluster.members.count == 7)
    #expect(
      try cluster.group("demo-0-sg").status.lastErrors.first?.description.contains(
        "Object ns/demo-0-sg-0-wk is already owned by another PodCliqueSet controller else") == true)
    #expect(cluster.events.contains { $0.reason == "PodCliqueCreateFailed" })
    #expect(try cluster.group("demo-0-sg").status.observedGeneration == nil)

    // The group of a former life: its PodCliques are about to go.
    foreign.metadata.deletionTimestamp = cluster.now
    cluster.state.insert(.podClique(foreign))
    #expect(cluster.pass(overGroup: "demo-0-sg").errorCodes.isEmpty)
  }

  @Test("R-004, B-R06: a member that nobody controls is adopted, if it is labelled for this PodCliqueSet")
  func adoption() throws {
    var cluster = try made()
    cluster.pass(overGroup: "demo-0-sg")
    var orphan = try cluster.podClique("demo-0-sg-0-wk")
    orphan.metadata.ownerReferences = []
    cluster.state.insert(.podClique(orphan))
    #expect(cluster.pass(overGroup: "demo-0-sg").outcome == .settled)
    #expect(try cluster.podClique("demo-0-sg-0-wk").metadata.controller?.name == "demo-0-sg")

    orphan.metadata.labels[LabelKey.partOf] = "else"
    cluster.state.insert(.podClique(orphan))
    #expect(cluster.pass(overGroup: "demo-0-sg").errorCodes == ["ERR_CREATE_PODCLIQUE"])
  }

  @Test("R-011, R-041, R-042: finalizer, deletion, teardown")
  func frame() throws {
    var cluster = try made()
    #expect(cluster.pass(overGroup: "nobody") == Reconciliation())
    var group = try cluster.group("demo-0-sg")
    group.metadata.finalizers = []
    cluster.state.insert(.podCliqueScalingGroup(group))
    #expect(cluster.pass(overGroup: "demo-0-sg").steps.first?.rule == "R-041")
    #expect(try cluster.group("demo-0-sg").metadata.finalizers == [GroveName.scalingGroupFinalizer])

    let set = try cluster.set
    cluster.state.remove(Resource.podCliqueSet(set).key)
    #expect(cluster.pass(overGroup: "demo-0-sg").errorCodes == ["ERR_GET_PODCLIQUESET"])

    group = try cluster.group("demo-0-sg")
    group.metadata.deletionTimestamp = cluster.now
    cluster.state.insert(.podCliqueScalingGroup(group))
    #expect(cluster.pass(overGroup: "demo-0-sg").steps.map(\.rule) == ["R-042"])
    #expect(cluster.state.podCliqueScalingGroups[groupName] == nil)
  }
}
