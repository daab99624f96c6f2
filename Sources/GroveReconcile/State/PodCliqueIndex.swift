internal import GroveModel
internal import KubernetesModel

/// A PodClique with the pods that belong to PodGangs.
struct PodCliqueAndPods: Sendable {
  let podClique: Stored<PodClique>
  fileprivate let entry: GangMembers.Entry?

  /// The pods of the PodClique that belong to a PodGang, in name order, and how many it has for whatever PodGang.
  func pods(in podGang: String) -> (assigned: [NamespacedName], count: Int) {
    entry?.pods(of: podClique.object.metadata.uid, in: podGang) ?? ([], 0)
  }
}

/// The PodCliques of one PodCliqueSet with their pods, for looking up by exact name.
///
/// A pass over a large PodCliqueSet looks up thousands of names; this costs a hash instead of a search each.
struct PodCliqueIndex: Sendable {
  /// The PodCliques in name order.
  let all: ObjectTable<PodClique>.Group
  private let pods: GangMembers.Family
  // Never iterated: its order would show. Nil where a few searches cost less.
  private var byName: [String: PodCliqueAndPods]?

  /// - Parameter isForFew: whether only few names are looked up.
  init(_ podCliques: ObjectTable<PodClique>.Group, _ pods: GangMembers.Family, isForFew: Bool = false) {
    all = podCliques
    self.pods = pods
    guard !isForFew else { return }
    var byName: [String: PodCliqueAndPods] = [:]
    byName.reserveCapacity(podCliques.count)
    // Both are in name order, so one walk brings them together.
    var entries = pods.makeIterator()
    var next = entries.next()
    for stored in podCliques {
      while let entry = next, entry.podClique < stored.name { next = entries.next() }
      let entry = next.flatMap { $0.podClique == stored.name ? $0 : nil }
      byName[stored.name] = PodCliqueAndPods(podClique: stored, entry: entry)
    }
    self.byName = byName
  }

  /// The PodClique of a name.
  subscript(name: String) -> PodCliqueAndPods? {
    if let byName { return byName[name] }
    return all[name].map { PodCliqueAndPods(podClique: $0, entry: pods[name]) }
  }
}
