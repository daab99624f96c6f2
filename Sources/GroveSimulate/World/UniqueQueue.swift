/// A line in which everything stands at most once, first come first served.
package struct UniqueQueue<Element: Hashable & Sendable>: Sendable {
  private var line: [Element] = []
  private var head = 0
  private var members: Set<Element> = []

  package var isEmpty: Bool { head == line.count }

  /// What stands in the line, in order.
  package var elements: ArraySlice<Element> { line[head...] }

  /// Adds an element at the end, unless it stands in the line already.
  package mutating func append(_ element: Element) {
    if members.insert(element).inserted { line.append(element) }
  }

  /// Takes the first element.
  package mutating func popFirst() -> Element? {
    guard head < line.count else { return nil }
    let element = line[head]
    head += 1
    if head > 1_024, head * 2 > line.count {
      line.removeFirst(head)
      head = 0
    }
    members.remove(element)
    return element
  }

  /// Takes an element wherever it stands.
  ///
  /// - Returns: whether it was there.
  package mutating func remove(_ element: Element) -> Bool {
    if head < line.count, line[head] == element { return popFirst() != nil }
    guard members.remove(element) != nil, let position = line[head...].firstIndex(of: element) else {
      return false
    }
    line.remove(at: position)
    return true
  }
}
