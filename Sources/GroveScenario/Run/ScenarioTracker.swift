internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What a scenario has to remember of what happened: who became Ready when, who was taken away, who said what last.
struct ScenarioTracker: Sendable {
  /// A pod that was taken away while it served, by what its successor has in common with it.
  struct Identity: Hashable, Sendable {
    var namespace: String
    var podCliqueSet: String
    var replica: Int
    var scalingGroup: String?
    var groupReplica: Int
    var podClique: String
    var index: String
  }

  /// The place in the history at which each pod, by uid, first served.
  private(set) var firstReady: [String: Int] = [:]
  /// The reason of the last event about each pod.
  private(set) var lastEvent: [ObjectKey: String] = [:]
  /// Pods that served and were taken away, and whose successors do not serve yet.
  private(set) var lost: Set<Identity> = []
  private var place = 0

  mutating func observe(_ happening: Happening) {
    place += 1
    switch happening.what {
    case .event(let event): if event.subject.kind == .pod { lastEvent[event.subject] = event.reason }
    case .action: break
    case .change(let change):
      var old: Pod?
      if case .pod(let pod)? = change.old { old = pod }
      if case .pod(let new)? = change.new {
        observe(from: old, to: new)
      } else if change.new == nil, let old {
        if old.isServing { lost.insert(Identity(old)) }
        lastEvent[ObjectKey(.pod, namespace: old.metadata.namespace, name: old.metadata.name)] = nil
      }
    }
  }

  private mutating func observe(from old: Pod?, to new: Pod) {
    if new.isServing {
      if old?.isServing != true {
        if firstReady[new.metadata.uid] == nil { firstReady[new.metadata.uid] = place }
        if !lost.isEmpty { lost.remove(Identity(new)) }
      }
    } else if new.metadata.isTerminating, old?.isServing == true {
      lost.insert(Identity(new))
    }
  }
}

extension ScenarioTracker.Identity {
  init(_ pod: Pod) {
    let labels = pod.metadata.labels
    self.init(
      namespace: pod.metadata.namespace, podCliqueSet: labels[LabelKey.partOf] ?? "",
      replica: labels[LabelKey.podCliqueSetReplicaIndex].flatMap { Int($0) } ?? 0,
      scalingGroup: labels[LabelKey.scalingGroup],
      groupReplica: labels[LabelKey.scalingGroupReplicaIndex].flatMap { Int($0) } ?? 0,
      podClique: labels[LabelKey.podClique] ?? "", index: labels[LabelKey.podIndex] ?? "")
  }

  /// What the identity belongs to, as a replacement is counted by it.
  func unit(_ unit: ReplacementCheck.Unit) -> String {
    switch unit {
    case .pod: "\(podClique)/\(index)"
    case .clique: podClique
    case .groupReplica: scalingGroup.map { "\($0)-\(groupReplica)" } ?? ""
    case .replica: "\(podCliqueSet)-\(replica)"
    }
  }

  /// The group within which units are counted: for replicas of a scaling group, the scaling group.
  func scope(_ unit: ReplacementCheck.Unit?) -> String {
    switch unit {
    case nil: ""
    case .groupReplica?: scalingGroup ?? ""
    case let unit?: self.unit(unit)
    }
  }
}
