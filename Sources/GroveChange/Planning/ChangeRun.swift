internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// A cluster after the change, followed until nothing changes any more.
struct ChangeRun {
  /// Whoever follows the run.
  var observer: (([Happening], [AppliedWrite]) -> Void)?
  let start: Timestamp
  /// The objects before.
  let before: [Resource]
  let beforeByKey: [ObjectKey: Resource]
  /// The objects before, by set.
  let families: FamilyIndex
  /// The objects at the end, by set.
  private(set) var afterFamilies = FamilyIndex([])
  /// The sets before.
  let old: [ObjectName: PodCliqueSet]
  /// Objects of the dump that are assumed.
  let assumed: Set<ObjectKey>
  /// The sets as they are stored once the change is applied.
  var applied: [ObjectName: PodCliqueSet] = [:]
  /// The sets at the end.
  private(set) var after: [ObjectName: PodCliqueSet] = [:]
  private(set) var tracker: RolloutTracker
  /// What the operator deleted, with the rule and the reason.
  private(set) var deletions: [ObjectKey: AppliedWrite] = [:]
  /// The deletions of gang terminations, in order.
  private(set) var terminations: [AppliedWrite] = []
  /// How many passes may be made.
  var limit = Int.max

  private static let stride = 256

  init(_ before: [Resource], assumed: Set<ObjectKey>, at start: Timestamp) {
    self.start = start
    self.before = before
    self.assumed = assumed
    beforeByKey = Dictionary(before.map { ($0.key, $0) }) { first, _ in first }
    families = FamilyIndex(before)
    old = ChangePlanner.sets(before)
    tracker = RolloutTracker(before, at: start)
  }

  /// All sets, by namespace and name.
  var sets: [ObjectName] { Set(old.keys).union(applied.keys).sorted() }

  /// Runs a world to rest.
  mutating func rest(_ world: inout World) {
    while limit > 0, world.runToRest(limit: Self.stride) == .exhausted {
      limit -= Self.stride
      follow(&world)
    }
    finish(&world)
  }

  /// Lets time pass.
  mutating func run(_ world: inout World, for duration: Duration) {
    let end = world.now + duration
    while limit > 0, world.run(for: end - world.now, limit: Self.stride) == .exhausted {
      limit -= Self.stride
      follow(&world)
    }
    finish(&world)
  }

  private mutating func follow(_ world: inout World) {
    let (history, writes) = (world.takeHistory(), world.takeWrites())
    observer?(history, writes)
    tracker.follow(history)
    for write in writes where write.verb == .delete {
      // A successor may have the name: the first one is the one that was there before.
      if deletions[write.object] == nil { deletions[write.object] = write }
      if write.rule == "R-603" { terminations.append(write) }
    }
  }

  private mutating func finish(_ world: inout World) {
    follow(&world)
    tracker.finish()
    after = ChangePlanner.sets(world.server.objects.resources(of: .podCliqueSet))
    afterFamilies = FamilyIndex(world.server.objects.resources)
  }

  // MARK: Endings

  /// Whether a set is at rest and not where it should be (P-17).
  func isStuck(_ name: ObjectName) -> Bool {
    guard let set = after[name] else { return false }
    if set.metadata.isGoing { return true }
    let progress = set.status.updateProgress
    let isOpen = progress != nil && progress?.updateEndedAt == nil
    if isOpen { return true }
    if let rollout = tracker.sets[name], !rollout.stillAway.isEmpty { return true }
    return afterFamilies.pods(of: name).contains { !$0.isServing && isNew($0) }
  }

  /// Whether a pod came after the change.
  func isNew(_ pod: Pod) -> Bool {
    beforeByKey[Resource.pod(pod).key]?.metadata.uid != pod.metadata.uid
  }
}
