internal import GroveModel
internal import KubernetesModel

/// Which pods of which PodClique belong to which PodGang, kept up to date with every observed pod.
///
/// PodGangs list their pods, and a pass over a PodCliqueSet recomputes all lists: without this it would visit every
/// pod each time. Pods that are being deleted or have ended are in no list (R-270, B-R13, B-R15).
struct GangMembers: Sendable {
  /// The pods of the PodCliques of one name; there are two while an older one's pods still go.
  struct Entry: Sendable {
    fileprivate struct List {
      let controller: String
      let podGang: String
      var pods: [NamespacedName]
    }

    /// The name of the PodCliques.
    let podClique: String
    fileprivate var lists: [List] = []

    fileprivate init(podClique: String) { self.podClique = podClique }

    /// The pods, in name order, if all are of the PodClique with a uid and labelled for the PodGang, else nil.
    func pods(onlyOf controller: String, in podGang: String) -> [NamespacedName]? {
      guard lists.count == 1, lists[0].controller == controller, lists[0].podGang == podGang else {
        return nil
      }
      return lists[0].pods
    }

    /// The pods of the PodClique with a uid: in name order those that are labelled for a PodGang, and how many there
    /// are for whatever PodGang.
    func pods(of controller: String, in podGang: String) -> (assigned: [NamespacedName], count: Int) {
      // As good as always there is one list.
      if lists.count == 1, lists[0].controller == controller, lists[0].podGang == podGang {
        return (lists[0].pods, lists[0].pods.count)
      }
      var assigned: [NamespacedName] = []
      var count = 0
      for list in lists where list.controller == controller {
        count += list.pods.count
        if list.podGang == podGang { assigned = list.pods }
      }
      return (assigned, count)
    }
  }

  /// Entries in the order of PodClique names.
  typealias Family = SortedTable<String, Entry>

  private var families = SortedTable<ObjectName, Family>()

  /// The pods that are labelled as part of a PodCliqueSet.
  func family(_ podCliqueSet: ObjectName) -> Family { families[podCliqueSet] ?? Family() }

  /// Follows a pod from what was known of it to what is known now.
  ///
  /// - Returns: the PodCliques whose pods are others now, by name; nearly always none.
  mutating func update(from old: Pod?, to new: Pod?) -> [ObjectName] {
    let (before, after) = (old.flatMap(Membership.init), new.flatMap(Membership.init))
    if before == after { return [] }
    if let before { remove(before) }
    if let after { insert(after) }
    return [before, after].compactMap { member in
      member.map { ObjectName(namespace: $0.pod.namespace, name: $0.podClique) }
    }
  }

  private struct Membership: Equatable {
    var family: ObjectName
    var podClique: String
    var controller: String
    var podGang: String
    var pod: NamespacedName

    init?(_ pod: Pod) {
      let metadata = pod.metadata
      guard let controller = metadata.controller, let set = metadata.labels[LabelKey.partOf],
        metadata.labels[LabelKey.managedBy] == GroveName.operatorName, !metadata.isTerminating,
        !pod.isFinished
      else { return nil }
      family = ObjectName(namespace: metadata.namespace, name: set)
      podClique = controller.name
      self.controller = controller.uid
      podGang = metadata.labels[LabelKey.podGang] ?? ""
      self.pod = NamespacedName(namespace: metadata.namespace, name: metadata.name)
    }
  }

  private mutating func insert(_ member: Membership) {
    change(member) { lists in
      let known = lists.firstIndex { $0.controller == member.controller && $0.podGang == member.podGang }
      let index = known ?? lists.count
      if known == nil {
        lists.append(Entry.List(controller: member.controller, podGang: member.podGang, pods: []))
      }
      let position = Self.position(of: member.pod.name, in: lists[index].pods)
      lists[index].pods.insert(member.pod, at: position)
    }
  }

  private mutating func remove(_ member: Membership) {
    change(member) { lists in
      guard
        let index = lists.firstIndex(where: {
          $0.controller == member.controller && $0.podGang == member.podGang
        })
      else { return }
      let position = Self.position(of: member.pod.name, in: lists[index].pods)
      if position < lists[index].pods.count, lists[index].pods[position] == member.pod {
        lists[index].pods.remove(at: position)
      }
      if lists[index].pods.isEmpty { lists.remove(at: index) }
    }
  }

  private mutating func change(_ member: Membership, _ body: (inout [Entry.List]) -> Void) {
    families.modify(member.family, default: Family()) { family in
      family.modify(member.podClique, default: Entry(podClique: member.podClique)) { entry in
        body(&entry.lists)
        return !entry.lists.isEmpty
      }
      return !family.isEmpty
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
