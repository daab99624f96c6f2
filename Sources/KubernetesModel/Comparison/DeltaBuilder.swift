/// Compares values part by part.
struct DeltaBuilder {
  let isSame: (String, Value, Value) -> Bool

  /// More pairs than this are not tried out; long lists without keys are compared position by position.
  private static let mostPairs = 4_096

  /// Compares two values.
  ///
  /// - Parameter name: the name of the member that they are.
  func node(_ old: Value?, _ new: Value?, name: String) -> DeltaNode {
    let (old, new) = (old.flatMap { $0.isNull ? nil : $0 }, new.flatMap { $0.isNull ? nil : $0 })
    guard let old, let new else {
      return old == nil && new == nil ? .same(nil) : .replaced(old: old, new: new)
    }
    if old == new || isSame(name, old, new) { return .same(new) }
    if old.kind == .object, new.kind == .object, old.count > 0, new.count > 0 { return object(old, new) }
    if old.kind == .array, new.kind == .array, old.count > 0, new.count > 0 { return list(old, new, name) }
    return .replaced(old: old, new: new)
  }

  private func object(_ old: Value, _ new: Value) -> DeltaNode {
    var members: [(name: String, node: DeltaNode)] = []
    for (name, value) in new.members { members.append((name, node(old[name], value, name: name))) }
    for (name, value) in old.members where new[name] == nil {
      members.append((name, node(value, nil, name: name)))
    }
    // An object all of whose members went or came is another one: an empty one is not the same as none.
    return .object(members)
  }

  // MARK: Lists

  private func list(_ old: Value, _ new: Value, _ name: String) -> DeltaNode {
    let (before, after) = (old.elements, new.elements)
    let key = Self.key(of: name, before, after)
    let entries: [ListAlignment.Entry]
    if let key {
      entries = byKey(key, before, after)
    } else if let order = Self.permutation(before, after), before.contains(where: { $0.kind == .object }) {
      entries = order
    } else {
      entries = byDistance(before, after)
    }
    let alignment = ListAlignment(entries)
    let nodes = alignment.entries.map { entry in
      node(entry.old.map { before[$0] }, entry.new.map { after[$0] }, name: "")
    }
    return .list(alignment, nodes, key: key, old: old, new: new)
  }

  private func byKey(_ key: String, _ before: [Value], _ after: [Value]) -> [ListAlignment.Entry] {
    var places: [String: Int] = [:]
    for (index, element) in before.enumerated() { places[Self.key(key, of: element) ?? ""] = index }
    var entries: [ListAlignment.Entry] = []
    var rest = Set(before.indices)
    var strangers: [Int] = []
    for (index, element) in after.enumerated() {
      if let place = places[Self.key(key, of: element) ?? ""] {
        rest.remove(place)
        entries.append(.common(old: place, new: index))
      } else {
        strangers.append(index)
      }
    }
    // Something that only goes by another name is no other thing.
    for index in strangers {
      if rest.contains(index), node(before[index], after[index], name: "").count == 1 {
        rest.remove(index)
        entries.append(.common(old: index, new: index))
      } else {
        entries.append(.added(new: index))
      }
    }
    entries += rest.sorted().map { .removed(old: $0) }
    return entries.sorted { ($0.new ?? .max, $0.old ?? 0) < ($1.new ?? .max, $1.old ?? 0) }
  }

  /// The alignment of lists that hold the same elements; nil when they do not.
  private static func permutation(_ before: [Value], _ after: [Value]) -> [ListAlignment.Entry]? {
    guard before.count == after.count, before.count <= 64 else { return nil }
    var free = Array(before.indices)
    var entries: [ListAlignment.Entry] = []
    for (index, element) in after.enumerated() {
      guard let place = free.firstIndex(where: { before[$0] == element }) else { return nil }
      entries.append(.common(old: free.remove(at: place), new: index))
    }
    return entries
  }

  /// The alignment with the fewest changes in which nothing changes its place.
  private func byDistance(_ before: [Value], _ after: [Value]) -> [ListAlignment.Entry] {
    let (rows, columns) = (before.count, after.count)
    guard rows * columns <= Self.mostPairs else {
      return (0..<max(rows, columns)).map { index in
        index >= rows
          ? .added(new: index)
          : index >= columns
            ? .removed(old: index)
            : .common(old: index, new: index)
      }
    }
    var costs = [[Int]](repeating: [Int](repeating: 0, count: columns + 1), count: rows + 1)
    var pairs = costs
    for row in 0...rows {
      for column in 0...columns {
        if row == 0 || column == 0 {
          costs[row][column] = row + column
          continue
        }
        let pair = node(before[row - 1], after[column - 1], name: "").count
        pairs[row][column] = pair
        costs[row][column] = min(
          costs[row - 1][column - 1] + pair, costs[row - 1][column] + 1, costs[row][column - 1] + 1)
      }
    }
    var entries: [ListAlignment.Entry] = []
    var (row, column) = (rows, columns)
    while row > 0 || column > 0 {
      if row > 0, column > 0, costs[row][column] == costs[row - 1][column - 1] + pairs[row][column] {
        (row, column) = (row - 1, column - 1)
        entries.append(.common(old: row, new: column))
      } else if row > 0, costs[row][column] == costs[row - 1][column] + 1 {
        row -= 1
        entries.append(.removed(old: row))
      } else {
        column -= 1
        entries.append(.added(new: column))
      }
    }
    return entries.reversed()
  }

  // MARK: Keys

  /// What tells the elements of a list apart: the first of these members that all of them have, each another one.
  static func key(of name: String, _ before: [Value], _ after: [Value]) -> String? {
    for candidate in name == "volumeMounts" ? ["mountPath"] : ["name", "containerPort", "ip", "devicePath"] {
      if isKey(candidate, before), isKey(candidate, after) { return candidate }
    }
    return nil
  }

  private static func isKey(_ name: String, _ elements: [Value]) -> Bool {
    var seen: Set<String> = []
    return elements.allSatisfy { element in key(name, of: element).map { seen.insert($0).inserted } ?? false }
  }

  /// What an element of a list is called.
  static func key(_ name: String?, of element: Value) -> String? {
    guard let name, element.kind == .object else { return nil }
    return element[name]?.scalarText
  }
}
