internal import GroveModel
internal import KubernetesModel

/// Which pod templates the PodCliques in scaling groups of each PodCliqueSet are of, kept up to date with every observed
/// PodClique.
///
/// Those that are being deleted do not count.
struct TemplatesInUse: Sendable {
  private struct Use: Sendable, Comparable {
    /// The name of the clique, as the name of the PodClique ends.
    let clique: String
    let hash: String

    static func < (lhs: Use, rhs: Use) -> Bool {
      lhs.clique == rhs.clique ? lhs.hash < rhs.hash : lhs.clique < rhs.clique
    }
  }

  private struct Count: Sendable {
    let use: Use
    var podCliques = 0
  }

  private var families = SortedTable<ObjectName, SortedTable<Use, Count>>()

  /// Whether a PodClique in a scaling group is of another template than its clique has.
  ///
  /// - Complexity: O(templates in use).
  func hasOutdatedMembers(of expected: Expected) -> Bool {
    families[expected.name]?.contains { count in
      guard let clique = expected.clique(named: count.use.clique) else { return false }
      return expected.hash(clique) != count.use.hash
    } ?? false
  }

  /// Follows a PodClique from what was known of it to what is known now.
  mutating func update(from old: PodClique?, to new: PodClique?) {
    let (before, after) = (old.flatMap(Self.use), new.flatMap(Self.use))
    if let before, let after, before == after { return }
    if let before { count(before, -1) }
    if let after { count(after, 1) }
  }

  private static func use(_ podClique: PodClique) -> (family: ObjectName, use: Use)? {
    let metadata = podClique.metadata
    guard !metadata.isTerminating, metadata.labels[LabelKey.managedBy] == GroveName.operatorName,
      let set = metadata.labels[LabelKey.partOf], let group = metadata.labels[LabelKey.scalingGroup],
      let index = metadata.labels[LabelKey.scalingGroupReplicaIndex],
      let hash = metadata.labels[LabelKey.podTemplateHash]
    else { return nil }
    let clique = metadata.name.utf8.dropFirst(group.utf8.count + index.utf8.count + 2)
    return (
      ObjectName(namespace: metadata.namespace, name: set),
      Use(clique: String(Substring(clique)), hash: hash)
    )
  }

  private mutating func count(_ place: (family: ObjectName, use: Use), _ difference: Int) {
    families.modify(place.family, default: SortedTable()) { family in
      family.modify(place.use, default: Count(use: place.use)) { count in
        count.podCliques += difference
        return count.podCliques > 0
      }
      return !family.isEmpty
    }
  }
}
