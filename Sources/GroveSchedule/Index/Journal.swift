/// Which nodes changed, in order, so that derived tables can catch up on what happened since they looked last.
struct Journal: Sendable {
  private(set) var entries: [Int32] = []
  /// How many entries were dropped before the first one kept.
  private(set) var base = 0

  /// The position after the last entry.
  var end: Int { base + entries.count }

  mutating func append(_ node: Int) { entries.append(Int32(node)) }

  /// Forgets everything; readers that are not at the end have to start over.
  mutating func drop() {
    base = end
    entries.removeAll(keepingCapacity: true)
  }
}
