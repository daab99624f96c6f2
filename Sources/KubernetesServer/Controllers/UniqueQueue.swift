/// A line in which everything stands at most once, first come first served.
public struct UniqueQueue<Element: Hashable & Sendable>: Sendable {
  private var line: [Element] = []
  private var head = 0
  private var members: Set<Element> = []

  /// An empty line.
  public init() {}

  /// Whether nothing waits.
  public var isEmpty: Bool { head == line.count }

  /// Adds an element at the end, unless it stands in the line already.
  public mutating func append(_ element: Element) {
    if members.insert(element).inserted { line.append(element) }
  }

  /// Takes the first element.
  public mutating func popFirst() -> Element? {
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
}
