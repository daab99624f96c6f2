internal import GroveModel
internal import KubernetesModel

/// Which pod templates the PodCliques of each PodCliqueSet are of, kept up to date with every observed PodClique.
///
/// Those that are being deleted do not count.
struct TemplatesInUse: Sendable {
  private struct Use: Sendable, Comparable {
    let hash: String
    /// The uid of the PodCliqueSet that controls the PodCliques; empty for those that something else controls.
    let set: String

    static func < (lhs: Use, rhs: Use) -> Bool {
      lhs.hash == rhs.hash ? lhs.set < rhs.set : lhs.hash < rhs.hash
    }
  }

  private struct Count: Sendable {
    let use: Use
    var podCliques = 0
  }

  private var families = SortedTable<ObjectName, SortedTable<Use, Count>>()

  /// Whether a PodClique of a PodCliqueSet that it does not control itself is of none of the given templates.
  ///
  /// - Complexity: O(templates in use).
  func hasOthers(than hashes: Set<String>, in name: ObjectName, notControlledBy uid: String) -> Bool {
    families[name]?.contains { $0.use.set != uid && !hashes.contains($0.use.hash) } ?? false
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
      let set = metadata.labels[LabelKey.partOf], let hash = metadata.labels[LabelKey.podTemplateHash]
    else { return nil }
    let controller = metadata.controller
    return (
      ObjectName(namespace: metadata.namespace, name: set),
      Use(hash: hash, set: controller?.kind == PodCliqueSet.kind ? controller?.uid ?? "" : "")
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
