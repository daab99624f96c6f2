internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// What happened to pods and to what holds them, put together from a history.
struct RunStory {
  /// How far a pod has come.
  enum PodState: String, CaseIterable {
    case gated
    case pending
    case starting
    case running
    case ready
    case failed
    case terminating

    /// What the state is called.
    var title: String {
      switch self {
      case .gated: "gated"
      case .pending: "pending"
      case .starting: "starting"
      case .running: "running, not ready"
      case .ready: "ready"
      case .failed: "failed"
      case .terminating: "terminating"
      }
    }
  }

  /// A pod's life.
  struct Lane {
    /// Some time in which its state was the same.
    struct Segment {
      var state: PodState
      var from: Timestamp
      var to: Timestamp
    }

    var pod: Pod
    var segments: [Segment] = []
    /// Whether it is gone.
    var isOver = false
  }

  /// How many there were, were wanted and were needed, from a time on.
  struct Level: Equatable {
    var available: Int
    var wanted: Int
    var minimum: Int
  }

  /// How a count went.
  struct Course {
    private(set) var points: [(time: Timestamp, level: Level?)] = []

    /// Notes what holds from a time on; nil when the object is gone.
    mutating func note(_ level: Level?, at time: Timestamp) {
      if let last = points.last, last.level == level { return }
      if let last = points.last, last.time == time { points.removeLast() }
      points.append((time, level))
    }
  }

  /// The pods of a PodClique, and how many of them were ready.
  struct Clique {
    var name: ObjectName
    var podCliqueSet: String
    var scalingGroup: String?
    var lanes: [Int] = []
    var course = Course()
    var level: Level?
  }

  /// The replicas of a scaling group that were available.
  struct Group {
    var name: ObjectName
    var podCliqueSet: String
    var course = Course()
  }

  private(set) var lanes: [Lane] = []
  private(set) var cliques: [ObjectName: Clique] = [:]
  private(set) var groups: [ObjectName: Group] = [:]
  private(set) var events: [(time: Timestamp, event: ObjectEvent)] = []
  /// When something changed, in order, without repeats.
  private(set) var times: [Timestamp] = []

  /// The lane of each live pod, by its uid.
  private var live: [String: Int] = [:]

  /// The story of a history.
  init(_ history: [Happening], end: Timestamp) {
    for happening in history {
      if times.last != happening.time { times.append(happening.time) }
      switch happening.what {
      case .change(let change): follow(change, at: happening.time)
      case .event(let event): events.append((happening.time, event))
      case .action: break
      }
    }
    if let last = times.last, last < end { times.append(end) }
    for index in lanes.indices where !lanes[index].isOver { lanes[index].extend(to: end) }
  }

  private mutating func follow(_ change: Change, at time: Timestamp) {
    switch change.new ?? change.old {
    case .pod(let pod)?: follow(pod, isGone: change.new == nil, at: time)
    case .podClique(let podClique)?:
      let name = ObjectName(podClique.metadata)
      let labels = podClique.metadata.labels
      var clique =
        cliques[name]
        ?? Clique(
          name: name, podCliqueSet: labels[LabelKey.partOf] ?? "", scalingGroup: labels[LabelKey.scalingGroup]
        )
      clique.level =
        change.new == nil
        ? nil
        : Level(
          available: ready(clique), wanted: Int(podClique.spec.replicas),
          minimum: Int(podClique.spec.minAvailable ?? podClique.spec.replicas))
      clique.course.note(clique.level, at: time)
      cliques[name] = clique
    case .podCliqueScalingGroup(let group)?:
      let name = ObjectName(group.metadata)
      var known =
        groups[name] ?? Group(name: name, podCliqueSet: group.metadata.labels[LabelKey.partOf] ?? "")
      known.course.note(
        change.new == nil
          ? nil
          : Level(
            available: Int(group.status.availableReplicas), wanted: Int(group.spec.replicas),
            minimum: Int(group.spec.minAvailable ?? 1)), at: time)
      groups[name] = known
    default: break
    }
  }

  private mutating func follow(_ pod: Pod, isGone: Bool, at time: Timestamp) {
    let index = live[pod.metadata.uid] ?? lanes.count
    let isNew = index == lanes.count
    if isNew {
      lanes.append(Lane(pod: pod))
      live[pod.metadata.uid] = index
    }
    lanes[index].pod = pod
    if isGone {
      lanes[index].extend(to: time)
      lanes[index].isOver = true
      live[pod.metadata.uid] = nil
    } else {
      lanes[index].enter(Self.state(pod), at: time)
    }
    let name = ObjectName(
      namespace: pod.metadata.namespace, name: pod.metadata.labels[LabelKey.podClique] ?? "")
    guard !name.name.isEmpty else { return }
    var clique =
      cliques[name]
      ?? Clique(
        name: name, podCliqueSet: pod.metadata.labels[LabelKey.partOf] ?? "",
        scalingGroup: pod.metadata.labels[LabelKey.scalingGroup])
    if isNew { clique.lanes.append(index) }
    if var level = clique.level {
      level.available = ready(clique)
      clique.level = level
      clique.course.note(level, at: time)
    }
    cliques[name] = clique
  }

  /// How many pods of a clique are ready now.
  private func ready(_ clique: Clique) -> Int {
    clique.lanes.count { !lanes[$0].isOver && lanes[$0].segments.last?.state == .ready }
  }

  /// How far a pod has come.
  static func state(_ pod: Pod) -> PodState {
    let spec = pod.$spec.wrappedValue
    if pod.metadata.deletionTimestamp != nil { return .terminating }
    if pod.status.phase == "Failed" || pod.status.phase == "Succeeded" { return .failed }
    if !spec.schedulingGates.isEmpty { return .gated }
    if spec.nodeName.isEmpty { return .pending }
    if pod.status.conditions.status(of: "Ready") == "True" { return .ready }
    let hasCrashed = pod.status.containerStatuses.contains {
      $0.state?.terminated != nil || $0.state?.waiting?.reason == KubeletTask.crashLoop
    }
    if hasCrashed { return .failed }
    return pod.status.phase == "Running" ? .running : .starting
  }
}

extension RunStory.Lane {
  fileprivate mutating func enter(_ state: RunStory.PodState, at time: Timestamp) {
    if let last = segments.last {
      if last.state == state { return }
      segments[segments.count - 1].to = time
      // What lasted no time at all is not drawn.
      if last.from == time { segments.removeLast() }
    }
    segments.append(Segment(state: state, from: time, to: time))
  }

  fileprivate mutating func extend(to time: Timestamp) {
    if !segments.isEmpty { segments[segments.count - 1].to = time }
  }
}
