internal import GroveModel
internal import KubernetesModel

/// Which pods of which PodClique belong to which PodGang, kept up to date with every observed pod.
///
/// PodGangs list their pods, and a pass over a PodCliqueSet recomputes all lists: without this it would visit every
/// pod each time. Pods that are being deleted or have ended are in no list (R-270, B-R13, B-R15).
struct GangMembers: Sendable {
  /// The pods of one PodClique.
  struct Entry: Sendable {
    fileprivate(set) var lists: [(podGang: String, pods: [NamespacedName])] = []

    /// The pods that are labelled for a PodGang, in name order.
    func pods(of podGang: String) -> [NamespacedName] {
      for list in lists where list.podGang == podGang { return list.pods }
      return []
    }

    /// All pods, whatever PodGang they are labelled for.
    var count: Int { lists.reduce(0) { $0 + $1.pods.count } }
  }

  // Keyed by the uid of the PodClique.
  private var byController = SortedTable<String, Entry>()

  /// The pods of the PodClique with a uid.
  subscript(uid: String) -> Entry { byController[uid] ?? Entry() }

  /// Follows a pod from what was known of it to what is known now.
  mutating func update(from old: Pod?, to new: Pod?) {
    let (before, after) = (old.flatMap(Membership.init), new.flatMap(Membership.init))
    if before == after { return }
    if let before { remove(before) }
    if let after { insert(after) }
  }

  private struct Membership: Equatable {
    var controller: String
    var podGang: String
    var pod: NamespacedName

    init?(_ pod: Pod) {
      let metadata = pod.metadata
      guard let controller = metadata.controller?.uid, !metadata.isTerminating, !pod.isFinished
      else { return nil }
      self.controller = controller
      podGang = metadata.labels[LabelKey.podGang] ?? ""
      self.pod = NamespacedName(namespace: metadata.namespace, name: metadata.name)
    }
  }

  private mutating func insert(_ member: Membership) {
    byController.modify(member.controller, default: Entry()) { entry in
      let list = entry.lists.firstIndex { $0.podGang == member.podGang }
      let index = list ?? entry.lists.count
      if list == nil { entry.lists.append((podGang: member.podGang, pods: [])) }
      let position = Self.position(of: member.pod.name, in: entry.lists[index].pods)
      entry.lists[index].pods.insert(member.pod, at: position)
      return true
    }
  }

  private mutating func remove(_ member: Membership) {
    byController.modify(member.controller, default: Entry()) { entry in
      guard let index = entry.lists.firstIndex(where: { $0.podGang == member.podGang }) else {
        return !entry.lists.isEmpty
      }
      let position = Self.position(of: member.pod.name, in: entry.lists[index].pods)
      if position < entry.lists[index].pods.count, entry.lists[index].pods[position] == member.pod {
        entry.lists[index].pods.remove(at: position)
      }
      if entry.lists[index].pods.isEmpty { entry.lists.remove(at: index) }
      return !entry.lists.isEmpty
    }
  }

  /// Where a name is in a list in name order, or where it would be inserted.
  private static func position(of name: String, in pods: [NamespacedName]) -> Int {
    var low = 0
    var high = pods.count
    while low < high {
      let middle = (low + high) / 2
      if pods[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
