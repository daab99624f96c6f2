internal import KubernetesModel

/// Where an object is stored.
struct ObjectAddress: Sendable, Hashable, Comparable {
  /// The number of its table.
  var storage: Int
  /// Its name.
  var name: ObjectName

  static func < (lhs: ObjectAddress, rhs: ObjectAddress) -> Bool {
    lhs.storage == rhs.storage ? lhs.name < rhs.name : lhs.storage < rhs.storage
  }
}

/// Which objects name an owner, by the owner's uid.
struct OwnerIndex: Sendable {
  private var dependents = SortedTable<String, SortedTable<ObjectAddress, ObjectAddress>>()

  /// The objects that name an owner, in the order of their tables and names.
  func dependents(of uid: String) -> [ObjectAddress] { dependents[uid].map { Array($0) } ?? [] }

  /// Whether anything names an owner.
  func hasDependents(of uid: String) -> Bool { dependents[uid] != nil }

  /// Follows an object from what it was to what it is.
  mutating func update(_ address: ObjectAddress, from old: [OwnerReference], to new: [OwnerReference]) {
    if old.isEmpty, new.isEmpty { return }
    if old.count == new.count, zip(old, new).allSatisfy({ $0.uid == $1.uid }) { return }
    for owner in old where !new.contains(where: { $0.uid == owner.uid }) {
      dependents.modify(owner.uid, default: SortedTable()) { group in
        group[address] = nil
        return !group.isEmpty
      }
    }
    for owner in new {
      dependents.modify(owner.uid, default: SortedTable()) { group in
        group[address] = address
        return true
      }
    }
  }
}
