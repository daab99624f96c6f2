internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// Leaves a cluster as nobody would want to find it: statuses that say anything, children that are gone, objects that
/// nothing asks for. A number decides what, to the last field.
///
/// Wherever it starts from, the operator has to come to what is asked for; what statuses say is no reason to touch
/// pods that are as they should be.
struct Scramble {
  /// What is put in disorder.
  private enum Extent: CaseIterable {
    case statuses
    case children
    case all
  }

  private var dice: Dice
  private let extent: Extent
  /// The hashes that statuses may name: those in use, one that is not, and an empty one.
  private var hashes: [String] = []

  init(seed: UInt64) {
    dice = Dice(seed: seed &+ 0x5CA1_AB1E)
    extent = dice.pick(Extent.allCases) ?? .statuses
  }

  /// Puts a cluster in disorder.
  ///
  /// - Returns: the uids of the pods that have no reason to go.
  mutating func apply(to world: inout World, terminatesSoon: Bool) -> Set<String> {
    var known: Set<String> = []
    for resource in world.server.objects.resources {
      let hash = resource.metadata.labels[LabelKey.podTemplateHash]
      if let hash, known.insert(hash).inserted { hashes.append(hash) }
      if case .podCliqueSet(let set) = resource, let hash = set.status.currentGenerationHash {
        if known.insert(hash).inserted { hashes.append(hash) }
      }
    }
    hashes += ["made-up", ""]
    if extent != .children { scrambleStatuses(in: &world) }
    if extent != .statuses {
      removeChildren(in: &world)
      plantLeftovers(in: &world)
    }
    // A status that says that a gap is old cannot be told from a gap that is.
    if extent == .all || extent == .children && terminatesSoon { return [] }
    return Self.podsInPlace(world.server.objects)
  }

  /// The live pods whose owners are there up to the PodCliqueSet, except where two share a host name.
  private static func podsInPlace(_ state: ObservedState) -> Set<String> {
    var owners: [String: ObjectMeta] = [:]
    for kind in [ResourceKind.podCliqueSet, .podCliqueScalingGroup, .podClique] {
      for resource in state.resources(of: kind) { owners[resource.metadata.uid] = resource.metadata }
    }
    var byHostname: [String: [Pod]] = [:]
    for case .pod(let pod) in state.resources(of: .pod) where pod.isLive && pod.serves {
      byHostname[pod.spec.hostname, default: []].append(pod)
    }
    var uids: Set<String> = []
    for hostname in byHostname.keys.sorted() {
      guard let pods = byHostname[hostname], pods.count == 1 else { continue }
      var metadata: ObjectMeta? = pods[0].metadata
      while let current = metadata, let owner = current.controller {
        metadata = owners[owner.uid]
        if metadata?.deletionTimestamp != nil || metadata?.labels[Self.leftover] != nil { metadata = nil }
      }
      if metadata != nil { uids.insert(pods[0].metadata.uid) }
    }
    return uids
  }

  // MARK: Statuses

  private mutating func scrambleStatuses(in world: inout World) {
    let now = world.now
    let kinds: [ResourceKind] = [.podCliqueSet, .podCliqueScalingGroup, .podClique, .podGang]
    for resource in kinds.flatMap({ world.server.objects.resources(of: $0) }) where dice.chance(60) {
      let changed: Resource
      switch resource {
      case .podCliqueSet(var set):
        scramble(&set.status, generation: set.metadata.generation, now: now)
        changed = .podCliqueSet(set)
      case .podCliqueScalingGroup(var group):
        scramble(&group.status, generation: group.metadata.generation, now: now)
        changed = .podCliqueScalingGroup(group)
      case .podClique(var clique):
        let pods = world.server.objects.dependents(of: clique.metadata.uid).map(\.metadata.name)
        scramble(&clique.status, generation: clique.metadata.generation, pods: pods, now: now)
        changed = .podClique(clique)
      case .podGang(var gang):
        gang.status.conditions.removeAll { $0.type == "Initialized" }
        if dice.chance(50) {
          gang.status.conditions.append(condition("Initialized", status: "False", now: now))
        }
        changed = .podGang(gang)
      default: continue
      }
      _ = try? world.write { server throws(APIError) in try server.updateStatus(changed) }
    }
  }

  private mutating func scramble(_ status: inout PodCliqueSetStatus, generation: Int64, now: Timestamp) {
    if dice.chance(50) { status.observedGeneration = observedGeneration(generation) }
    if dice.chance(50) { status.currentGenerationHash = hash() }
    if dice.chance(50) { status.replicas = count() }
    if dice.chance(50) { status.availableReplicas = count() }
    if dice.chance(50) { status.updatedReplicas = count() }
    if dice.chance(50) { status.lastErrors = errors(now) }
    guard dice.chance(60) else { return }
    guard dice.chance(70) else {
      status.updateProgress = nil
      return
    }
    var progress = PodCliqueSetUpdateProgress(updateStartedAt: past(now), updateEndedAt: nil)
    if dice.chance(50) { progress.updateEndedAt = past(now) }
    if dice.chance(50) {
      progress.currentlyUpdating = [
        PodCliqueSetReplicaUpdateProgress(replicaIndex: count() - 1, updateStartedAt: past(now))
      ]
    }
    progress.updatedPodCliquesCount = count()
    progress.totalPodCliquesCount = count()
    status.updateProgress = progress
  }

  private mutating func scramble(
    _ status: inout PodCliqueScalingGroupStatus, generation: Int64, now: Timestamp
  ) {
    if dice.chance(50) { status.observedGeneration = observedGeneration(generation) }
    if dice.chance(50) { status.currentPodCliqueSetGenerationHash = hash() }
    if dice.chance(50) { status.replicas = count() }
    if dice.chance(50) { status.scheduledReplicas = count() }
    if dice.chance(50) { status.availableReplicas = count() }
    if dice.chance(50) { status.updatedReplicas = count() }
    if dice.chance(50) { status.lastErrors = errors(now) }
    if dice.chance(30) { status.selector = "made=up" }
    if dice.chance(60) { status.conditions = breach(now) }
    if dice.chance(30) {
      status.conditions.append(condition("GangTerminationInProgress", status: "True", now: now))
    }
    guard dice.chance(60) else { return }
    guard dice.chance(70) else {
      status.updateProgress = nil
      return
    }
    var progress = PodCliqueScalingGroupUpdateProgress(
      updateStartedAt: past(now), podCliqueSetGenerationHash: hash() ?? "")
    if dice.chance(50) { progress.updateEndedAt = past(now) }
    if dice.chance(50) {
      var selection = PodCliqueScalingGroupReplicaUpdateProgress()
      selection.current = count()
      progress.readyReplicaIndicesSelectedToUpdate = selection
    }
    status.updateProgress = progress
  }

  private mutating func scramble(
    _ status: inout PodCliqueStatus, generation: Int64, pods: [String], now: Timestamp
  ) {
    if dice.chance(50) { status.observedGeneration = observedGeneration(generation) }
    if dice.chance(50) { status.currentPodCliqueSetGenerationHash = hash() }
    if dice.chance(50) { status.currentPodTemplateHash = hash() }
    if dice.chance(50) { status.replicas = count() }
    if dice.chance(50) { status.readyReplicas = count() }
    if dice.chance(50) { status.updatedReplicas = count() }
    if dice.chance(50) { status.scheduledReplicas = count() }
    if dice.chance(50) { status.scheduleGatedReplicas = count() }
    if dice.chance(50) { status.lastErrors = errors(now) }
    if dice.chance(30) { status.hpaPodSelector = nil }
    if dice.chance(60) {
      status.conditions = breach(now)
      if dice.chance(50) { status.conditions.append(condition("PodCliqueScheduled", now: now)) }
    }
    guard dice.chance(60) else { return }
    guard dice.chance(70) else {
      status.updateProgress = nil
      return
    }
    var progress = PodCliqueUpdateProgress(
      updateStartedAt: past(now), podCliqueSetGenerationHash: hash() ?? "", podTemplateHash: hash() ?? "")
    if dice.chance(50) { progress.updateEndedAt = past(now) }
    if dice.chance(50) {
      var selection = PodsSelectedToUpdate()
      selection.current = dice.pick(pods + ["gone"]) ?? ""
      progress.readyPodsSelectedToUpdate = selection
    }
    status.updateProgress = progress
  }

  private mutating func observedGeneration(_ generation: Int64) -> Int64? {
    dice.pick([nil, 0, generation - 1, generation, generation]) ?? nil
  }

  private mutating func hash() -> String? { dice.chance(20) ? nil : dice.pick(hashes) }

  private mutating func count() -> Int32 { Int32(dice.below(6)) }

  private mutating func past(_ now: Timestamp) -> Timestamp {
    now - (dice.pick([.zero, .seconds(3), .minutes(1), .hours(5)]) ?? .zero)
  }

  private mutating func errors(_ now: Timestamp) -> [LastError] {
    dice.chance(50)
      ? []
      : [LastError(code: "ERR_MADE_UP", description: "nothing of the kind happened", observedAt: past(now))]
  }

  private mutating func breach(_ now: Timestamp) -> [Condition] {
    dice.chance(20) ? [] : [condition("MinAvailableBreached", now: now)]
  }

  private mutating func condition(_ type: String, status: String? = nil, now: Timestamp) -> Condition {
    Condition(
      lastTransitionTime: past(now), message: "made up", observedGeneration: 0, reason: "MadeUp",
      status: status ?? dice.pick(["True", "True", "False", "Unknown"]) ?? "True", type: type)
  }

  // MARK: Children

  /// Only some of what the operator made is there.
  private mutating func removeChildren(in world: inout World) {
    let kinds: [ResourceKind] = [
      .podClique, .podCliqueScalingGroup, .podGang, .pod, .service, .serviceAccount, .role, .roleBinding,
      .secret, .horizontalPodAutoscaler,
    ]
    let share = dice.pick([5, 20, 60]) ?? 5
    for resource in kinds.flatMap({ world.server.objects.resources(of: $0) }) where dice.chance(share) {
      guard world.server[resource.key]?.metadata.uid == resource.metadata.uid else { continue }
      let free = resource.withMetadata { $0.finalizers = [] }
      _ = try? world.write { server throws(APIError) in
        try server.update(free)
        try server.delete(free.key, gracePeriodSeconds: 0)
      }
    }
  }

  /// The label of an object that was put there by nobody the operator knows.
  private static let leftover = "example.com/leftover"

  /// There are objects of the PodCliqueSets that nothing asks for.
  private mutating func plantLeftovers(in world: inout World) {
    let kinds: [ResourceKind] = [.podClique, .podCliqueScalingGroup, .podGang, .service, .pod]
    for resource in kinds.flatMap({ world.server.objects.resources(of: $0) }) where dice.chance(12) {
      var copy = resource.withMetadata {
        $0.uid = ""
        $0.resourceVersion = ""
        $0.labels[Self.leftover] = "true"
      }
      switch copy {
      case .pod(var pod):
        // A second pod of one index.
        pod.metadata.name = ""
        pod.metadata.generateName = (pod.metadata.labels[LabelKey.podClique] ?? "pod") + "-"
        pod.spec.nodeName = ""
        copy = .pod(pod)
      default:
        copy = renamed(copy)
      }
      let planted = copy
      _ = try? world.write { server throws(APIError) in try server.create(planted) }
    }
  }

  /// The object as it would be of a replica that nobody wants, or under a name that nothing makes.
  private mutating func renamed(_ resource: Resource) -> Resource {
    let isOfReplica = dice.chance(70)
    return resource.withMetadata { metadata in
      guard isOfReplica, let set = metadata.labels[LabelKey.partOf],
        let index = metadata.labels[LabelKey.podCliqueSetReplicaIndex]
          ?? metadata.name.dropFirst(set.count + 1).split(separator: "-").first.map(String.init),
        metadata.name.hasPrefix("\(set)-\(index)")
      else {
        metadata.name += "x"
        return
      }
      metadata.name = "\(set)-7" + metadata.name.dropFirst(set.count + 1 + index.count)
      if metadata.labels[LabelKey.podCliqueSetReplicaIndex] != nil {
        metadata.labels[LabelKey.podCliqueSetReplicaIndex] = "7"
      }
    }
  }
}
