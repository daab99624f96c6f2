internal import GroveModel
internal import GroveReconcile
public import KubernetesModel

/// A cluster that never comes to rest: it is again what it was, but for times, names and uids, and so will be for ever.
public struct Recycling: Sendable, Equatable {
  /// A gang that is terminated again and again.
  public struct Termination: Sendable, Equatable {
    /// The PodGang.
    public var podGang: ObjectName
    /// A PodClique that is in breach when it happens; nil when none says so.
    public var podClique: String?
    /// What its condition says, such as `Insufficient ready or starting pods. expected at least: 2, found: 0`.
    public var breach: String
    /// Whether the pods have nodes, and only are not ready.
    public var isScheduled: Bool
    /// The termination delay.
    public var delay: Duration
    /// How long a pod takes from its node until it is ready; nil without kubelets.
    public var startup: Duration?
  }

  /// The time from one round to the next.
  public var period: Duration
  /// How many rounds were made since anybody else did anything.
  public var rounds: Int
  /// The gang, when it is gangs that are terminated.
  public var termination: Termination?
  /// What the operator wrote last, as `object: reason`, for other reasons.
  public var lastWrite: String
}

extension Recycling: CustomStringConvertible {
  /// What happens again and again, and why.
  public var description: String {
    guard let termination else {
      return "the cluster never comes to rest: it repeats itself every \(period.text) (\(lastWrite))"
    }
    var text =
      "PodGang \(termination.podGang) is terminated every \(period.text), again and again, because "
    if let podClique = termination.podClique {
      text +=
        termination.isScheduled
        ? "the pods of PodClique \(podClique) are not ready within "
        : "PodClique \(podClique) does not get its pods scheduled within "
    } else {
      text += "it is in breach for longer than "
    }
    text += "its terminationDelay of \(termination.delay.text)"
    if !termination.breach.isEmpty { text += ": \(termination.breach)" }
    return text
  }

  /// What would help, if that is known.
  public var hint: String? {
    guard let termination, let startup = termination.startup, startup > termination.delay else { return nil }
    return
      "a pod takes at least \(startup.text) here until it is ready; a longer terminationDelay lets it come up"
  }
}

/// Finds out that a cluster repeats itself.
///
/// Digests of a whole cluster cost something, so they are taken only where a gang is terminated that was before, and
/// at any time when very many passes were made.
package struct RecycleDetector: Sendable {
  /// A moment of a gang's termination.
  private struct Round: Sendable {
    var count = 0
    var last: Timestamp?
  }

  /// What was found; nil as long as nothing is.
  package private(set) var found: Recycling?

  private var rounds: [ObjectName: Round] = [:]
  /// The gang that was terminated most often.
  private var leader: ObjectName?
  private var digests: Set<StateDigest.Key> = []
  /// Passes since somebody else did something.
  private var passes = 0
  // Brent's cycle finding over the moments at which time passes.
  private var mark: (key: StateDigest.Key, time: Timestamp)?
  private var (steps, power) = (0, 1)

  /// So often a gang is terminated in one run that no digest is needed to see that there is no end to it.
  private static let patience = 60
  /// So many passes are made before anything else than terminations is suspected.
  package static let suspicion = 50_000

  /// Somebody else did something: what was is no measure for what comes.
  package mutating func forget() { self = RecycleDetector() }

  package mutating func countPass() { passes += 1 }

  /// Whether moments at which time passes are to be compared.
  package var isSuspicious: Bool { passes > Self.suspicion }

  /// A gang was terminated.
  package mutating func note(
    _ termination: Recycling.Termination, at time: Timestamp, digest: () -> StateDigest.Key
  ) {
    let gang = termination.podGang
    var round = rounds[gang] ?? Round()
    round.count += 1
    let period = round.last.map { time - $0 }
    round.last = time
    rounds[gang] = round
    if let leader, leader != gang, rounds[leader]?.count ?? 0 >= round.count { return }
    if leader != gang {
      leader = gang
      digests = []
      if round.count == 1 { return }
    }
    guard let period else { return }
    if found != nil || round.count > Self.patience || !digests.insert(digest()).inserted {
      found = Recycling(period: period, rounds: round.count, termination: termination, lastWrite: "")
    }
  }

  /// Time is about to pass in a run that has been long already.
  package mutating func note(_ key: StateDigest.Key, at time: Timestamp, lastWrite: String) {
    if let mark, mark.key == key {
      found = Recycling(period: time - mark.time, rounds: steps, termination: nil, lastWrite: lastWrite)
      return
    }
    steps += 1
    if steps >= power || mark == nil {
      mark = (key, time)
      power = steps * 2
    }
  }
}

extension AppliedWrite {
  /// Whether a PodClique went because its gang is terminated.
  fileprivate var isGangTermination: Bool {
    verb == .delete && object.kind == .podClique && (rule == "R-603" || rule == "R-621")
  }
}

extension World {
  /// Looks at what a pass wrote for signs that all of this was before.
  package mutating func watchForRecycling(_ writes: [AppliedWrite]) {
    recycler.countPass()
    guard writes.contains(where: \.isGangTermination) else { return }
    var gangs: [ObjectName: Recycling.Termination] = [:]
    for write in writes where write.isGangTermination {
      guard let termination = termination(by: write) else { continue }
      let known = gangs[termination.podGang]
      if known == nil || known?.podClique == nil { gangs[termination.podGang] = termination }
    }
    let (now, world) = (server.now, self)
    for gang in gangs.keys.sorted() {
      guard let termination = gangs[gang] else { continue }
      recycler.note(termination, at: now) { world.digest }
    }
  }

  /// Time is about to pass.
  package mutating func watchTime() {
    guard recycler.isSuspicious, recycler.found == nil else { return }
    let last = writes.last.map { "\($0.object): \($0.reason)" } ?? "nothing is written"
    recycler.note(digest, at: server.now, lastWrite: last)
  }

  private var digest: StateDigest.Key {
    var digest = StateDigest(self, tellsPodsApart: false)
    return digest.key(of: self, extra: 0)
  }

  private func termination(by write: AppliedWrite) -> Recycling.Termination? {
    // It is still there, on its way out: finalizers hold it.
    guard case .podClique(let podClique)? = server[write.object] else { return nil }
    let metadata = podClique.metadata
    let setKey = ObjectKey(
      .podCliqueSet, namespace: metadata.namespace, name: metadata.labels[LabelKey.partOf] ?? "")
    guard case .podCliqueSet(let set)? = server[setKey] else { return nil }
    let label =
      write.pass.kind == .podCliqueSet
      ? metadata.labels[LabelKey.basePodGang] ?? metadata.labels[LabelKey.podGang]
      : metadata.labels[LabelKey.podGang]
    let breach = podClique.status.conditions.first {
      $0.type == "MinAvailableBreached" && $0.status == "True"
    }
    return Recycling.Termination(
      podGang: ObjectName(namespace: metadata.namespace, name: label ?? ""),
      podClique: breach == nil ? nil : metadata.name, breach: breach?.message ?? "",
      isScheduled: breach?.reason == "InsufficientReadyPods",
      delay: set.spec.template.terminationDelay ?? .hours(4),
      startup: setup.kubelets.map { $0.imagePull + $0.containerStart + $0.readiness })
  }
}
