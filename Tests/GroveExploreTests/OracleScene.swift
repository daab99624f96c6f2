import GroveModel
import GroveReconcile
import KubernetesModel

@testable import GroveExplore
@testable import GroveSimulate

/// A cluster as an operator sees it, put together by hand: PodCliqueSet `demo` with PodClique `demo-0-fe` of two pods and
/// scaling group `demo-0-sg` of three replicas, each of one PodClique `ld` of one pod; all serve.
struct OracleScene {
  static let now = Timestamp(secondsSince1970: 1_800_000_000)
  /// How long a gang may be in breach.
  static let delay = Duration.minutes(10)

  var set = PodCliqueSet()
  var group = PodCliqueScalingGroup()
  var cliques: [String: PodClique] = [:]
  var pods: [String: Pod] = [:]
  var gangs: [String: PodGang] = [:]

  init() {
    set.metadata = Self.metadata("demo", uid: "set")
    set.spec.replicas = 1
    set.spec.template.terminationDelay = Self.delay
    set.spec.template.cliques = [
      Subjects.clique("fe", replicas: 2, minAvailable: 2),
      Subjects.clique("ld", replicas: 1, minAvailable: 1),
    ]
    set.spec.template.podCliqueScalingGroups = [
      PodCliqueScalingGroupConfig(name: "sg", cliqueNames: ["ld"], replicas: 3, minAvailable: 2)
    ]
    group.metadata = Self.metadata("demo-0-sg", uid: "group", owner: ("PodCliqueSet", "demo", "set"))
    group.spec.replicas = 3
    group.spec.minAvailable = 2
    group.spec.cliqueNames = ["ld"]
    add("demo-0-fe", pods: 2, minAvailable: 2, owner: ("PodCliqueSet", "demo", "set"), gang: "demo-0")
    for replica in 0..<3 {
      add(
        "demo-0-sg-\(replica)-ld", pods: 1, minAvailable: 1,
        owner: ("PodCliqueScalingGroup", "demo-0-sg", "group"),
        gang: replica < 2 ? "demo-0" : "demo-0-sg-0", groupReplica: replica)
    }
    gangs["demo-0"] = gang("demo-0", ["demo-0-fe", "demo-0-sg-0-ld", "demo-0-sg-1-ld"])
    gangs["demo-0-sg-0"] = gang("demo-0-sg-0", ["demo-0-sg-2-ld"])
  }

  private static func metadata(
    _ name: String, uid: String, owner: (kind: String, name: String, uid: String)? = nil
  ) -> ObjectMeta {
    var metadata = ObjectMeta(name: name)
    metadata.namespace = "default"
    metadata.uid = uid
    metadata.generation = 1
    metadata.labels = [
      LabelKey.managedBy: GroveName.operatorName, LabelKey.partOf: "demo",
      LabelKey.podCliqueSetReplicaIndex: "0",
    ]
    if let owner {
      metadata.ownerReferences = [
        OwnerReference(
          apiVersion: "grove.io/v1alpha1", kind: owner.kind, name: owner.name, uid: owner.uid,
          controller: true,
          blockOwnerDeletion: true)
      ]
    }
    return metadata
  }

  private mutating func add(
    _ name: String, pods count: Int, minAvailable: Int32, owner: (String, String, String), gang: String,
    groupReplica: Int? = nil
  ) {
    var clique = PodClique()
    clique.metadata = Self.metadata(name, uid: "uid-" + name, owner: owner)
    clique.metadata.labels[LabelKey.podGang] = gang
    if let groupReplica {
      clique.metadata.labels[LabelKey.scalingGroup] = "demo-0-sg"
      clique.metadata.labels[LabelKey.scalingGroupReplicaIndex] = String(groupReplica)
    }
    clique.spec.replicas = Int32(count)
    clique.spec.minAvailable = minAvailable
    clique.status.replicas = Int32(count)
    clique.status.readyReplicas = Int32(count)
    clique.status.scheduledReplicas = Int32(count)
    clique.status.updatedReplicas = Int32(count)
    clique.status.conditions = [Self.breach("False", since: .hours(1))]
    cliques[name] = clique
    for index in 0..<count {
      var pod = Pod()
      pod.metadata = Self.metadata(
        "\(name)-p\(index)", uid: "uid-\(name)-p\(index)", owner: ("PodClique", name, "uid-" + name))
      pod.metadata.labels[LabelKey.podGang] = gang
      pod.metadata.labels[LabelKey.podClique] = name
      if gang == "demo-0-sg-0" { pod.metadata.labels[LabelKey.basePodGang] = "demo-0" }
      pod.spec.hostname = "\(name)-\(index)"
      pod.status.phase = "Running"
      pod.status.conditions = [
        PodCondition(status: "True", type: "PodScheduled"), PodCondition(status: "True", type: "Ready"),
      ]
      pods[pod.metadata.name] = pod
    }
  }

  private func gang(_ name: String, _ groups: [String]) -> PodGang {
    var gang = PodGang()
    gang.metadata = Self.metadata(name, uid: "gang-" + name, owner: ("PodCliqueSet", "demo", "set"))
    gang.spec.podgroups = groups.map { group in
      PodGroup(
        name: group,
        podReferences: (0..<Int(cliques[group]?.spec.replicas ?? 0)).map {
          NamespacedName(namespace: "default", name: "\(group)-p\($0)")
        }, minReplicas: cliques[group]?.spec.minAvailable ?? 1)
    }
    gang.status.conditions = [
      Condition(
        lastTransitionTime: Self.now, message: "", observedGeneration: 0, reason: "R", status: "True",
        type: "Initialized")
    ]
    return gang
  }

  /// `MinAvailableBreached` as it has been for so long.
  static func breach(_ status: String, since: Duration) -> Condition {
    Condition(
      lastTransitionTime: now - since, message: "", observedGeneration: 0, reason: "R", status: status,
      type: "MinAvailableBreached")
  }

  // MARK: Changes

  /// A PodClique has said for so long that it is in breach, and its pods do not serve.
  mutating func breach(_ name: String, since: Duration) {
    cliques[name]?.status.conditions = [Self.breach("True", since: since)]
    for pod in podNames(of: name) { unready(pod) }
  }

  /// A pod runs, but does not serve.
  mutating func unready(_ pod: String) {
    pods[pod]?.status.conditions = [
      PodCondition(status: "True", type: "PodScheduled"), PodCondition(status: "False", type: "Ready"),
    ]
    pods[pod]?.status.containerStatuses = [ContainerStatus(name: "main", ready: false, started: true)]
  }

  /// A PodClique and its pods are gone.
  mutating func lose(_ name: String) {
    for pod in podNames(of: name) { pods[pod] = nil }
    cliques[name] = nil
  }

  func podNames(of clique: String) -> [String] {
    pods.keys.sorted().filter { pods[$0]?.metadata.labels[LabelKey.podClique] == clique }
  }

  /// What is seen.
  var state: ObservedState {
    var all: [Resource] = [.podCliqueSet(set), .podCliqueScalingGroup(group)]
    all += cliques.keys.sorted().compactMap { cliques[$0].map { .podClique($0) } }
    all += pods.keys.sorted().compactMap { pods[$0].map { .pod($0) } }
    all += gangs.keys.sorted().compactMap { gangs[$0].map { .podGang($0) } }
    return ObservedState(all)
  }

  // MARK: Writes

  static let setKey = ObjectKey(.podCliqueSet, namespace: "default", name: "demo")
  static let groupKey = ObjectKey(.podCliqueScalingGroup, namespace: "default", name: "demo-0-sg")

  static func cliqueKey(_ name: String) -> ObjectKey {
    ObjectKey(.podClique, namespace: "default", name: name)
  }

  /// A write by the pass over an object.
  static func write(
    _ verb: AppliedWrite.Verb, by pass: ObjectKey, from old: Resource?, to new: Resource? = nil,
    rule: RuleID = "R-000"
  ) -> SafetyOracle.Write {
    let key = (new ?? old)?.key ?? pass
    return SafetyOracle.Write(
      applied: AppliedWrite(verb: verb, object: key, pass: pass, rule: rule, reason: "", time: now), old: old,
      new: new)
  }

  /// The deletion of PodCliques by the pass over an object.
  func deletions(_ names: [String], by pass: ObjectKey) -> [SafetyOracle.Write] {
    names.compactMap { name in cliques[name].map { Self.write(.delete, by: pass, from: .podClique($0)) } }
  }

  /// The deletion of pods by the pass over their PodClique.
  func deletions(ofPods names: [String], by clique: String) -> [SafetyOracle.Write] {
    names.compactMap { name in
      pods[name].map { Self.write(.delete, by: Self.cliqueKey(clique), from: .pod($0)) }
    }
  }
}
