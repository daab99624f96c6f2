/// What became of the elements of a list, and how to put any part of that back.
package struct ListAlignment: Sendable {
  /// One element.
  package enum Entry: Sendable, Hashable {
    /// It is in both lists.
    case common(old: Int, new: Int)
    /// It is in the old list only.
    case removed(old: Int)
    /// It is in the new list only.
    case added(new: Int)
  }

  /// The elements of the new list in their order, then those that went, in theirs.
  package let entries: [Entry]
  /// Whether elements of both lists stand in another order.
  package let isReordered: Bool

  package init(_ entries: [Entry]) {
    let present = entries.filter { $0.new != nil }
    self.entries = present + entries.filter { $0.new == nil }
    let old = present.compactMap { entry in if case .common(let old, _) = entry { old } else { nil } }
    isReordered = zip(old, old.dropFirst()).contains { $0 > $1 }
  }

  /// The list in which some of what changed is undone.
  ///
  /// - Parameters:
  ///   - undoesOrder: whether the elements of both lists stand as before.
  ///   - isUndone: whether an element that came, or went, did not.
  /// - Returns: positions in ``entries``, in the order of the list.
  package func order(undoesOrder: Bool, isUndone: (Int) -> Bool) -> [Int] {
    let byOld = undoesOrder || !isReordered
    // Those of one list, in its order; what is only in the other one is put behind its predecessor there.
    var list: [Int] = []
    var strangers: [Int] = []
    for index in entries.indices {
      switch entries[index] {
      case .common: list.append(index)
      case .removed: if isUndone(index) { if byOld { list.append(index) } else { strangers.append(index) } }
      case .added: if !isUndone(index) { if byOld { strangers.append(index) } else { list.append(index) } }
      }
    }
    let home = { (index: Int) in byOld ? entries[index].old : entries[index].new }
    let abroad = { (index: Int) in byOld ? entries[index].new : entries[index].old }
    list.sort { (home($0) ?? 0) < (home($1) ?? 0) }
    strangers.sort { (abroad($0) ?? 0) < (abroad($1) ?? 0) }
    for stranger in strangers {
      let place = abroad(stranger) ?? 0
      let before = list.enumerated().filter { abroad($0.element).map { $0 < place } ?? false }
        .max { (abroad($0.element) ?? 0) < (abroad($1.element) ?? 0) }
      list.insert(stranger, at: before.map { $0.offset + 1 } ?? 0)
    }
    return list
  }
}

extension ListAlignment.Entry {
  /// The position in the old list.
  package var old: Int? {
    switch self {
    case .common(let old, _), .removed(let old): old
    case .added: nil
    }
  }

  /// The position in the new list.
  package var new: Int? {
    switch self {
    case .common(_, let new), .added(let new): new
    case .removed: nil
    }
  }
}
