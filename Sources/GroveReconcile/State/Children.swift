internal import GroveModel
internal import KubernetesModel

/// Some objects of one kind that have to do with one PodCliqueSet, for looking up by exact name.
///
/// A pass over a large PodCliqueSet looks up thousands of names; this costs a hash instead of a search each.
struct Children<Object: KubernetesObject>: Sendable {
  /// The objects in name order.
  let all: ObjectTable<Object>.Group
  // Never iterated: its order would show. Nil where a few searches cost less.
  private let byName: [String: Stored<Object>]?

  /// - Parameter isForFew: whether only few names are looked up.
  init(_ group: ObjectTable<Object>.Group, isForFew: Bool = false) {
    all = group
    guard !isForFew else {
      byName = nil
      return
    }
    var byName: [String: Stored<Object>] = [:]
    byName.reserveCapacity(group.count)
    for stored in group { byName[stored.name] = stored }
    self.byName = byName
  }

  /// The object of a name.
  subscript(name: String) -> Stored<Object>? {
    guard let byName else { return all[name] }
    return byName[name]
  }
}

extension KubernetesObject {
  /// Whether the labels say that the operator made the object for a component.
  func isMade(for component: Component) -> Bool {
    metadata.labels[LabelKey.component] == component.rawValue
      && metadata.labels[LabelKey.managedBy] == GroveName.operatorName
  }
}
