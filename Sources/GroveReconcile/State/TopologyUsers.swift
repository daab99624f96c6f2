internal import GroveModel
internal import KubernetesModel

/// Which objects of one kind name which ClusterTopologyBinding, kept up to date with every observed object.
struct TopologyUsers: Sendable {
  private var byBinding = SortedTable<String, SortedTable<ObjectName, ObjectName>>()

  /// The objects that name a binding, by namespace and name.
  func names(of binding: String) -> SortedTable<ObjectName, ObjectName> {
    byBinding[binding] ?? SortedTable()
  }

  /// Follows an object from the binding that it named to the one that it names now.
  mutating func update(_ name: ObjectName, from old: String?, to new: String?) {
    guard old != new else { return }
    if let old {
      byBinding.modify(old, default: SortedTable()) { users in
        users[name] = nil
        return !users.isEmpty
      }
    }
    if let new {
      byBinding.modify(new, default: SortedTable()) { users in
        users[name] = name
        return true
      }
    }
  }
}
