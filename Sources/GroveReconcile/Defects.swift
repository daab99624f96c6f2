internal import GroveModel
internal import KubernetesModel

/// Known defects that a reconciler can be given back, to prove that whoever checks it would see them.
///
/// Only for tests: a reconciler has none unless it is told so.
package struct Defects: OptionSet, Sendable, Hashable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Headless Services of removed replicas stay (B-R07).
  package static let servicesLeak = Defects(rawValue: 1 << 0)
  /// Templates are looked up by the end of a name (B-R08).
  package static let templatesBySuffix = Defects(rawValue: 1 << 1)
  /// Scale-in of a scaling group counts indices instead of looking at them (B-R11).
  package static let scaleInByCount = Defects(rawValue: 1 << 2)
  /// Failed pods count as pods (B-R15).
  package static let failedPodsCount = Defects(rawValue: 1 << 3)
  /// Gates are lifted before the gang is complete (B-R19).
  package static let earlyGates = Defects(rawValue: 1 << 4)
  /// A PodClique that says nothing about a breach counts as healthy (B-R28).
  package static let silenceIsHealth = Defects(rawValue: 1 << 5)
  /// A change of strategy leaves an update open (B-R30).
  package static let strategyIgnored = Defects(rawValue: 1 << 6)
  /// A serving pod whose container once failed counts as failing (B-R48).
  package static let failureBeforeReady = Defects(rawValue: 1 << 7)
  /// Nobody is woken when a pod goes away.
  package static let lostWakeUp = Defects(rawValue: 1 << 8)
  /// The pods of a former PodClique of the same name count as its successor's.
  package static let staleIdentity = Defects(rawValue: 1 << 9)
  /// The next pod of an update is taken before it is asked whether the last one is back.
  package static let predicateOrder = Defects(rawValue: 1 << 10)
  /// A gang is terminated as soon as it is in breach.
  package static let impatience = Defects(rawValue: 1 << 11)
  /// What is being deleted already counts as in breach, and takes its gang with it (R-600-live).
  package static let terminatingInBreach = Defects(rawValue: 1 << 12)

  /// All defects with the names under which tests and tools know them.
  package static let known: [(name: String, defect: Defects)] = [
    ("B-R07", .servicesLeak), ("B-R08", .templatesBySuffix), ("B-R11", .scaleInByCount),
    ("B-R15", .failedPodsCount), ("B-R19", .earlyGates), ("B-R28", .silenceIsHealth),
    ("B-R30", .strategyIgnored), ("B-R48", .failureBeforeReady), ("lost-wake-up", .lostWakeUp),
    ("stale-identity", .staleIdentity), ("predicate-order", .predicateOrder),
    ("impatience", .impatience), ("terminating-in-breach", .terminatingInBreach),
  ]
}

extension ObservedState {
  /// The pods whose owner has the name of a PodClique, whichever PodClique of that name it is.
  func podsByOwnerName(of podClique: PodClique) -> ObjectTable<Pod>.Group {
    var group = ObjectTable<Pod>.Group()
    for stored in pods.byName
    where stored.object.metadata.namespace == podClique.metadata.namespace
      && stored.object.metadata.controller?.name == podClique.metadata.name
    {
      group[stored.name] = stored
    }
    return group
  }
}

extension Change {
  /// Whether a pod begins to terminate or is gone.
  var isEndOfPod: Bool {
    switch (old, new) {
    case (.pod?, nil): true
    case (.pod(let old)?, .pod(let new)?): !old.metadata.isTerminating && new.metadata.isTerminating
    default: false
    }
  }
}
