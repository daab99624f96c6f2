import GroveModel
import GroveReconcile
import KubernetesModel
import Testing

@testable import GroveExplore
@testable import GroveSimulate

/// What each oracle calls a violation, and what it does not: a write, and the state that was seen before it.
struct SafetyOracleTests {
  /// One row of a table.
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// What is wrong; nil when nothing is.
    var oracle: Violation.Oracle?
    /// Changes the scene, and says what is written then.
    var writes: @Sendable (inout OracleScene) -> [SafetyOracle.Write]

    init(
      _ name: String, _ oracle: Violation.Oracle?,
      _ writes: @escaping @Sendable (inout OracleScene) -> [SafetyOracle.Write]
    ) {
      testDescription = name
      self.oracle = oracle
      self.writes = writes
    }
  }

  @Test(
    arguments: [
      disruptions, recyclings, groups, gates, completeness, honesty, belonging, foreign, indices,
    ].flatMap { (rows: [Case]) -> [Case] in rows })
  func verdict(_ row: Case) {
    var scene = OracleScene()
    let writes = row.writes(&scene)
    let violation = SafetyOracle().check(writes, seen: scene.state, now: scene.state)
    #expect(violation?.oracle == row.oracle, "\(violation?.message ?? "no violation")")
  }

  // MARK: disruption

  static let disruptions: [Case] = [
    Case("a serving pod goes although nothing is too many (R-355)", .disruption) {
      $0.deletions(ofPods: ["demo-0-fe-p0", "demo-0-fe-p1"], by: "demo-0-fe")
    },
    Case("one outdated pod goes while all serve (R-686)", nil) {
      $0.set.status.updateProgress = nil
      return $0.deletions(ofPods: ["demo-0-fe-p0"], by: "demo-0-fe")
    },
    Case("one outdated pod goes while another does not serve", .disruption) {
      $0.unready("demo-0-fe-p1")
      return $0.deletions(ofPods: ["demo-0-fe-p0"], by: "demo-0-fe")
    },
    Case("pods that do not serve go at once (R-684)", nil) {
      $0.unready("demo-0-fe-p0")
      $0.unready("demo-0-fe-p1")
      return $0.deletions(ofPods: ["demo-0-fe-p0", "demo-0-fe-p1"], by: "demo-0-fe")
    },
    Case("a pod goes with OnDelete (R-720)", .disruption) {
      $0.set.spec.updateStrategy = PodCliqueSetUpdateStrategy(type: .onDelete)
      return $0.deletions(ofPods: ["demo-0-fe-p0"], by: "demo-0-fe")
    },
    Case("scale-in takes what is too many (R-355)", nil) {
      $0.cliques["demo-0-fe"]?.spec.replicas = 1
      return $0.deletions(ofPods: ["demo-0-fe-p1"], by: "demo-0-fe")
    },
    Case("a pod goes while another replica is updated (R-656)", .disruption) {
      var progress = PodCliqueSetUpdateProgress(updateStartedAt: OracleScene.now)
      progress.currentlyUpdating = [
        PodCliqueSetReplicaUpdateProgress(replicaIndex: 1, updateStartedAt: OracleScene.now)
      ]
      $0.set.status.updateProgress = progress
      return $0.deletions(ofPods: ["demo-0-fe-p0"], by: "demo-0-fe")
    },
  ]

  /// A whole replica goes (R-603).
  static let recyclings: [Case] = [
    Case("without a breach", .disruption) { $0.deletions(["demo-0-fe"], by: OracleScene.setKey) },
    Case("a second before the delay is over", .disruption) {
      $0.breach("demo-0-fe", since: OracleScene.delay - .seconds(1))
      return $0.deletions(["demo-0-fe"], by: OracleScene.setKey)
    },
    Case("as soon as the delay is over", nil) {
      $0.breach("demo-0-fe", since: OracleScene.delay)
      return $0.deletions(["demo-0-fe", "demo-0-sg-0-ld"], by: OracleScene.setKey)
    },
    Case("for a status that the pods do not bear out (R-600-live)", .disruption) {
      $0.cliques["demo-0-fe"]?.status.conditions = [OracleScene.breach("True", since: .hours(9))]
      return $0.deletions(["demo-0-fe"], by: OracleScene.setKey)
    },
    Case("for a PodClique that is being deleted (R-600-live)", .disruption) {
      $0.breach("demo-0-fe", since: .hours(9))
      $0.cliques["demo-0-fe"]?.metadata.deletionTimestamp = OracleScene.now
      return $0.deletions(["demo-0-sg-0-ld"], by: OracleScene.setKey)
    },
    Case("for a scaling group in breach (R-600)", nil) {
      $0.group.status.conditions = [OracleScene.breach("True", since: OracleScene.delay)]
      $0.breach("demo-0-sg-0-ld", since: .minutes(1))
      $0.breach("demo-0-sg-1-ld", since: .minutes(1))
      return $0.deletions(["demo-0-fe"], by: OracleScene.setKey)
    },
    Case("for a scaling group that misses only what is being deleted", .disruption) {
      $0.group.status.conditions = [OracleScene.breach("True", since: .hours(1))]
      $0.cliques["demo-0-sg-0-ld"]?.metadata.deletionTimestamp = OracleScene.now
      $0.cliques["demo-0-sg-1-ld"]?.metadata.deletionTimestamp = OracleScene.now
      return $0.deletions(["demo-0-fe"], by: OracleScene.setKey)
    },
    Case("what belongs to no replica goes at any time (R-211)", nil) {
      var stray = $0.cliques["demo-0-fe"] ?? PodClique()
      stray.metadata.name = "demo-0-x-fe"
      stray.metadata.uid = "stray"
      $0.cliques["demo-0-x-fe"] = stray
      return $0.deletions(["demo-0-x-fe"], by: OracleScene.setKey)
    },
    Case("replicas that are too many go at any time (R-211)", nil) {
      $0.set.spec.replicas = 0
      return $0.deletions(["demo-0-fe"], by: OracleScene.setKey)
    },
  ]

  /// Replicas of a scaling group go.
  static let groups: [Case] = [
    Case("a replica that serves, without reason", .disruption) {
      $0.deletions(["demo-0-sg-1-ld"], by: OracleScene.groupKey)
    },
    Case("a replica in breach for as long as the delay (R-621)", nil) {
      $0.breach("demo-0-sg-1-ld", since: OracleScene.delay)
      return $0.deletions(["demo-0-sg-1-ld"], by: OracleScene.groupKey)
    },
    Case("a replica in breach for less than the delay", .disruption) {
      $0.breach("demo-0-sg-1-ld", since: OracleScene.delay - .seconds(1))
      return $0.deletions(["demo-0-sg-1-ld"], by: OracleScene.groupKey)
    },
    Case("a replica that is too many (R-246)", nil) {
      $0.group.spec.replicas = 2
      return $0.deletions(["demo-0-sg-2-ld"], by: OracleScene.groupKey)
    },
    Case("one that serves, in an update (R-665)", nil) {
      $0.group.status.updateProgress = PodCliqueScalingGroupUpdateProgress(
        updateStartedAt: OracleScene.now, podCliqueSetGenerationHash: "h")
      return $0.deletions(["demo-0-sg-1-ld"], by: OracleScene.groupKey)
    },
    Case("two that serve at once, in an update (R-665)", .disruption) {
      $0.group.status.updateProgress = PodCliqueScalingGroupUpdateProgress(
        updateStartedAt: OracleScene.now, podCliqueSetGenerationHash: "h")
      return $0.deletions(["demo-0-sg-0-ld", "demo-0-sg-1-ld"], by: OracleScene.groupKey)
    },
    Case("one that serves while the selected one is down (R-664)", .disruption) {
      var progress = PodCliqueScalingGroupUpdateProgress(
        updateStartedAt: OracleScene.now, podCliqueSetGenerationHash: "h")
      var selection = PodCliqueScalingGroupReplicaUpdateProgress()
      selection.current = 0
      progress.readyReplicaIndicesSelectedToUpdate = selection
      $0.group.status.updateProgress = progress
      $0.lose("demo-0-sg-0-ld")
      return $0.deletions(["demo-0-sg-1-ld"], by: OracleScene.groupKey)
    },
    Case("one that serves while too few others do (R-665)", .disruption) {
      $0.group.status.updateProgress = PodCliqueScalingGroupUpdateProgress(
        updateStartedAt: OracleScene.now, podCliqueSetGenerationHash: "h")
      $0.lose("demo-0-sg-0-ld")
      $0.lose("demo-0-sg-2-ld")
      return $0.deletions(["demo-0-sg-1-ld"], by: OracleScene.groupKey)
    },
    Case("a clique whose name only ends like one of the group (B-R08)", nil) {
      var stray = $0.cliques["demo-0-sg-1-ld"] ?? PodClique()
      stray.metadata.name = "demo-0-sg-1-x-ld"
      stray.metadata.uid = "stray"
      $0.cliques["demo-0-sg-1-x-ld"] = stray
      return $0.deletions(["demo-0-sg-1-x-ld"], by: OracleScene.groupKey)
    },
  ]

  // MARK: gating, completeness

  /// The write that lifts Grove's gate from a pod.
  private static func lift(_ name: String, in scene: inout OracleScene) -> [SafetyOracle.Write] {
    guard let clear = scene.pods[name] else { return [] }
    var gated = clear
    gated.spec.schedulingGates = [PodSchedulingGate(name: GroveName.schedulingGate)]
    scene.pods[name] = gated
    let clique = clear.metadata.labels[LabelKey.podClique] ?? ""
    return [
      OracleScene.write(.update, by: OracleScene.cliqueKey(clique), from: .pod(gated), to: .pod(clear))
    ]
  }

  static let gates: [Case] = [
    Case("a pod of a complete gang is let go (R-365)", nil) { lift("demo-0-fe-p0", in: &$0) },
    Case("a pod without a gang", .gating) {
      $0.gangs["demo-0"] = nil
      return lift("demo-0-fe-p0", in: &$0)
    },
    Case("a pod of a gang that is not complete (B-R19)", .gating) {
      $0.gangs["demo-0"]?.status.conditions = []
      return lift("demo-0-fe-p0", in: &$0)
    },
    Case("a pod that its gang does not list (R-365)", .gating) {
      $0.gangs["demo-0"]?.spec.podgroups[0].podReferences.removeFirst()
      return lift("demo-0-fe-p0", in: &$0)
    },
    Case("a pod of a scaled gang after the base gang (R-366)", nil) { lift("demo-0-sg-2-ld-p0", in: &$0) },
    Case("a pod of a scaled gang before the base gang (R-366)", .gating) {
      $0.cliques["demo-0-fe"]?.status.scheduledReplicas = 1
      return lift("demo-0-sg-2-ld-p0", in: &$0)
    },
    Case("a pod of a scaled gang without a base gang (B-R44)", .gating) {
      $0.gangs["demo-0"] = nil
      return lift("demo-0-sg-2-ld-p0", in: &$0)
    },
  ]

  /// The write that says that a gang is complete.
  private static func initialize(_ scene: inout OracleScene) -> [SafetyOracle.Write] {
    guard let complete = scene.gangs["demo-0"] else { return [] }
    var waiting = complete
    waiting.status.conditions = []
    scene.gangs["demo-0"] = waiting
    return [
      OracleScene.write(
        .updateStatus, by: OracleScene.setKey, from: .podGang(waiting), to: .podGang(complete))
    ]
  }

  static let completeness: [Case] = [
    Case("a gang of which all pods are there (R-276)", nil) { initialize(&$0) },
    Case("a gang of which a PodClique is missing", .completeness) {
      $0.lose("demo-0-fe")
      return initialize(&$0)
    },
    Case("a gang that has its minimum, but not all pods (R-276)", .completeness) {
      $0.cliques["demo-0-fe"]?.spec.minAvailable = 1
      $0.pods["demo-0-fe-p1"] = nil
      return initialize(&$0)
    },
    Case("a gang of which a pod has ended", .completeness) {
      $0.pods["demo-0-fe-p1"]?.status.phase = "Failed"
      return initialize(&$0)
    },
  ]

  // MARK: honesty

  /// The write of a PodClique's status after a change.
  private static func tell(
    _ scene: OracleScene, _ change: (inout PodCliqueStatus) -> Void
  ) -> [SafetyOracle.Write] {
    guard let old = scene.cliques["demo-0-fe"] else { return [] }
    var new = old
    change(&new.status)
    return [
      OracleScene.write(
        .updateStatus, by: OracleScene.cliqueKey("demo-0-fe"), from: .podClique(old), to: .podClique(new))
    ]
  }

  static let honesty: [Case] = [
    Case("a PodClique that counts what is there", nil) { tell($0) { $0.observedGeneration = 1 } },
    Case("a generation that is not there yet", .honesty) { tell($0) { $0.observedGeneration = 2 } },
    Case("too many pods", .honesty) { tell($0) { $0.replicas = 3 } },
    Case("too few pods", .honesty) { tell($0) { $0.replicas = 1 } },
    Case("too many ready pods", .honesty) { tell($0) { $0.readyReplicas = 3 } },
    Case("too few ready pods", .honesty) { tell($0) { $0.readyReplicas = 1 } },
    Case("too few scheduled pods", .honesty) { tell($0) { $0.scheduledReplicas = 0 } },
    Case("gated pods that are not", .honesty) { tell($0) { $0.scheduleGatedReplicas = 1 } },
    Case("more updated pods than pods", .honesty) { tell($0) { $0.updatedReplicas = 3 } },
    Case("no breach although too few pods are scheduled", .honesty) {
      $0.pods["demo-0-fe-p1"]?.status.conditions = []
      return tell($0) {
        $0.readyReplicas = 1
        $0.scheduledReplicas = 1
      }
    },
    Case("a group that counts a replica that is not available", .honesty) {
      var group = $0.group
      group.status.availableReplicas = 3
      $0.cliques["demo-0-sg-1-ld"]?.status.readyReplicas = 0
      return [
        OracleScene.write(
          .updateStatus, by: OracleScene.groupKey, from: .podCliqueScalingGroup($0.group),
          to: .podCliqueScalingGroup(group))
      ]
    },
    Case("a group that takes silence for health (B-R28)", .honesty) {
      var group = $0.group
      group.status.conditions = [OracleScene.breach("False", since: .zero)]
      $0.cliques["demo-0-sg-0-ld"]?.status.conditions = []
      $0.cliques["demo-0-sg-1-ld"]?.status.conditions = []
      return [
        OracleScene.write(
          .updateStatus, by: OracleScene.groupKey, from: .podCliqueScalingGroup($0.group),
          to: .podCliqueScalingGroup(group))
      ]
    },
    Case("a PodCliqueSet with more updated than available replicas", .honesty) {
      var set = $0.set
      set.status.availableReplicas = 1
      set.status.updatedReplicas = 2
      return [
        OracleScene.write(
          .updateStatus, by: OracleScene.setKey, from: .podCliqueSet($0.set), to: .podCliqueSet(set))
      ]
    },
  ]

  // MARK: identity, foreign, indices

  static let belonging: [Case] = [
    Case("an object that was never seen is deleted", .identity) {
      var successor = $0.cliques["demo-0-sg-2-ld"] ?? PodClique()
      $0.group.spec.replicas = 2
      successor.metadata.uid = "another"
      return [OracleScene.write(.delete, by: OracleScene.groupKey, from: .podClique(successor))]
    },
    Case("the pods of another PodClique are touched", .identity) { scene in
      scene.cliques["demo-0-fe"]?.spec.replicas = 0
      return scene.deletions(ofPods: ["demo-0-sg-0-ld-p0"], by: "demo-0-fe")
    },
    Case("the PodCliqueSet recycles what its scaling groups control (R-603)", nil) {
      $0.breach("demo-0-fe", since: .hours(1))
      return $0.deletions(["demo-0-sg-0-ld"], by: OracleScene.setKey)
    },
  ]

  static let foreign: [Case] = [
    Case("somebody else's finalizer goes", .foreign) {
      $0.cliques["demo-0-fe"]?.metadata.finalizers = ["example.com/hold"]
      guard let old = $0.cliques["demo-0-fe"] else { return [] }
      var new = old
      new.metadata.finalizers = []
      return [
        OracleScene.write(
          .update, by: OracleScene.cliqueKey("demo-0-fe"), from: .podClique(old), to: .podClique(new))
      ]
    },
    Case("Grove's own finalizer goes (R-043)", nil) {
      $0.cliques["demo-0-fe"]?.metadata.finalizers = [GroveName.podCliqueFinalizer]
      guard let old = $0.cliques["demo-0-fe"] else { return [] }
      var new = old
      new.metadata.finalizers = []
      return [
        OracleScene.write(
          .update, by: OracleScene.cliqueKey("demo-0-fe"), from: .podClique(old), to: .podClique(new))
      ]
    },
    Case("somebody else's scheduling gate goes (R-367)", .foreign) {
      guard let new = $0.pods["demo-0-fe-p0"] else { return [] }
      var old = new
      old.spec.schedulingGates = [PodSchedulingGate(name: "example.com/wait")]
      $0.pods["demo-0-fe-p0"] = old
      return [
        OracleScene.write(.update, by: OracleScene.cliqueKey("demo-0-fe"), from: .pod(old), to: .pod(new))
      ]
    },
    Case("a label of a pod changes", .foreign) {
      guard let old = $0.pods["demo-0-fe-p0"] else { return [] }
      var new = old
      new.metadata.labels["a"] = "b"
      return [
        OracleScene.write(.update, by: OracleScene.cliqueKey("demo-0-fe"), from: .pod(old), to: .pod(new))
      ]
    },
    Case("the user's part of a PodCliqueSet changes", .foreign) {
      var new = $0.set
      new.spec.replicas = 2
      return [
        OracleScene.write(
          .update, by: OracleScene.setKey, from: .podCliqueSet($0.set), to: .podCliqueSet(new))
      ]
    },
  ]

  static let indices: [Case] = [
    Case("a pod of a free index is made (R-304)", nil) {
      guard let pod = $0.pods["demo-0-fe-p1"] else { return [] }
      return [OracleScene.write(.create, by: OracleScene.cliqueKey("demo-0-fe"), from: nil, to: .pod(pod))]
    },
    Case("a pod of a taken index is made (R-304)", .indices) {
      guard var pod = $0.pods["demo-0-fe-p0"] else { return [] }
      pod.metadata.name = "demo-0-fe-p9"
      return [OracleScene.write(.create, by: OracleScene.cliqueKey("demo-0-fe"), from: nil, to: .pod(pod))]
    },
    Case("the index of a pod that has ended is free (B-R15)", nil) {
      $0.pods["demo-0-fe-p0"]?.status.phase = "Failed"
      guard var pod = $0.pods["demo-0-fe-p0"] else { return [] }
      pod.metadata.name = "demo-0-fe-p9"
      return [OracleScene.write(.create, by: OracleScene.cliqueKey("demo-0-fe"), from: nil, to: .pod(pod))]
    },
  ]
}
