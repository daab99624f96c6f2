#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Builds a ``Tape``: the one way into the typed world, for every reader and every encoder.
///
/// Call ``beginObject(line:column:)`` and ``endObject()`` (or the array pair) around children, a key before each
/// member of an object, and ``finish()`` at the end. Each value at depth 0 becomes a root.
public struct TapeBuilder: ~Copyable {
  private var nodes: UnsafeMutablePointer<TapeNode>
  private var nodeCapacity: Int
  /// The number of nodes so far.
  public private(set) var count = 0
  private var bytes: UnsafeMutablePointer<UInt8>
  private var byteCapacity: Int
  private var byteCount = 0
  private var open: [UInt32] = []
  private var roots: [Int] = []
  private let names = FieldNames.shared

  /// An empty builder.
  ///
  /// - Parameters:
  ///   - nodeCapacity: how many nodes to make room for at first.
  ///   - byteCapacity: how many bytes of text to make room for at first.
  public init(nodeCapacity: Int = 64, byteCapacity: Int = 256) {
    self.nodeCapacity = max(nodeCapacity, 16)
    self.byteCapacity = max(byteCapacity, 64)
    nodes = .allocate(capacity: self.nodeCapacity)
    bytes = .allocate(capacity: self.byteCapacity)
  }

  deinit {
    nodes.deallocate()
    bytes.deallocate()
  }

  /// How many containers are open.
  public var depth: Int { open.count }

  /// The index of the last root, if any.
  public var lastRoot: Int? { roots.last }

  /// How many values there are at depth 0.
  package var rootCount: Int { roots.count }

  // MARK: Going back

  /// A point between two roots to which the builder can go back.
  package struct Mark {
    /// The number of nodes.
    package var count: Int
    fileprivate var roots: Int
    fileprivate var bytes: Int
  }

  /// Where the builder is now. No container may be open.
  package var mark: Mark { Mark(count: count, roots: roots.count, bytes: byteCount) }

  /// Forgets everything that was added since a mark, open containers included.
  package mutating func rollBack(to mark: Mark) {
    count = mark.count
    byteCount = mark.bytes
    roots.removeSubrange(mark.roots...)
    open.removeAll(keepingCapacity: true)
  }

  // MARK: Text

  /// Copies a whole source text, so that nodes can refer to spans of it. Call it first and once.
  mutating func adopt(source: UnsafeBufferPointer<UInt8>) {
    precondition(byteCount == 0, "the source comes first")
    reserveBytes(source.count)
    if let base = source.baseAddress { memcpy(bytes, base, source.count) }
    byteCount = source.count
  }

  private mutating func reserveBytes(_ extra: Int) {
    let needed = byteCount + extra
    guard needed > byteCapacity else { return }
    precondition(needed < Int(UInt32.max), "a tape holds less than 4 GiB of text")
    var capacity = byteCapacity * 2
    while capacity < needed { capacity *= 2 }
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    memcpy(grown, bytes, byteCount)
    bytes.deallocate()
    bytes = grown
    byteCapacity = capacity
  }

  @inline(__always)
  private mutating func store(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    reserveBytes(text.count)
    let offset = byteCount
    if let base = text.baseAddress { memcpy(bytes + offset, base, text.count) }
    byteCount += text.count
    return UInt32(truncatingIfNeeded: offset)
  }

  // MARK: Nodes

  @inline(__always)
  private mutating func append(_ node: TapeNode) {
    if count == nodeCapacity { growNodes() }
    nodes[count] = node
    count += 1
  }

  @inline(never)
  private mutating func growNodes() {
    let capacity = nodeCapacity * 2
    precondition(capacity < Int(UInt32.max), "a tape holds less than 4 billion nodes")
    let grown = UnsafeMutablePointer<TapeNode>.allocate(capacity: capacity)
    memcpy(grown, nodes, count * MemoryLayout<TapeNode>.stride)
    nodes.deallocate()
    nodes = grown
    nodeCapacity = capacity
  }

  @inline(__always)
  private mutating func appendValue(
    _ kind: TapeKind, flags: UInt8, offset: UInt32, length: UInt32, line: UInt32, column: UInt32
  ) {
    noteChild()
    append(
      TapeNode(
        kind: kind, flags: flags, symbol: 0, next: UInt32(truncatingIfNeeded: count + 1), offset: offset,
        length: length, line: line, column: column))
  }

  @inline(__always)
  private mutating func noteChild() {
    if let parent = open.last {
      nodes[Int(parent)].length &+= 1
    } else {
      roots.append(count)
    }
  }

  /// Opens an object.
  public mutating func beginObject(line: Int = 0, column: Int = 0) {
    begin(.object, line: line, column: column, sorted: false)
  }

  /// Opens an object whose members will come in byte order of their names.
  mutating func beginSortedObject() {
    begin(.object, line: 0, column: 0, sorted: true)
  }

  /// Opens an array.
  public mutating func beginArray(line: Int = 0, column: Int = 0) {
    begin(.array, line: line, column: column, sorted: false)
  }

  @inline(__always)
  private mutating func begin(_ kind: TapeKind, line: Int, column: Int, sorted: Bool) {
    let index = UInt32(truncatingIfNeeded: count)
    appendValue(
      kind, flags: sorted ? TapeNode.sortedFlag : 0, offset: 0, length: 0,
      line: UInt32(truncatingIfNeeded: line), column: UInt32(truncatingIfNeeded: column))
    open.append(index)
  }

  /// Closes the object opened last.
  public mutating func endObject() { end() }

  /// Closes the array opened last.
  public mutating func endArray() { end() }

  @inline(__always)
  private mutating func end() {
    let index = Int(open.removeLast())
    nodes[index].next = UInt32(truncatingIfNeeded: count)
  }

  /// Forgets that the innermost open object was promised to be sorted.
  mutating func markUnsorted() {
    if let index = open.last { nodes[Int(index)].flags &= ~TapeNode.sortedFlag }
  }

  /// Adds the name of the next member. Its value must follow.
  public mutating func key(_ text: UnsafeBufferPointer<UInt8>, line: Int = 0, column: Int = 0) {
    var symbol: UInt16 = 0
    if let base = text.baseAddress, text.count > 0 { symbol = names.symbol(base, text.count) }
    let offset = symbol == 0 ? store(text) : 0
    append(
      TapeNode(
        kind: .key, flags: 0, symbol: symbol, next: UInt32(truncatingIfNeeded: count + 1), offset: offset,
        length: UInt32(truncatingIfNeeded: text.count), line: UInt32(truncatingIfNeeded: line),
        column: UInt32(truncatingIfNeeded: column)))
  }

  /// Adds the name of the next member, given as a string.
  public mutating func key(_ text: String, line: Int = 0, column: Int = 0) {
    var text = text
    text.withUTF8 { key($0, line: line, column: column) }
  }

  /// Adds the name of the next member, given as a symbol.
  @inline(__always)
  package mutating func key(_ symbol: FieldSymbol) {
    append(
      TapeNode(
        kind: .key, flags: 0, symbol: symbol.rawValue, next: UInt32(truncatingIfNeeded: count + 1), offset: 0,
        length: 0, line: 0, column: 0))
  }

  /// Adds a key whose text is a span of the adopted source.
  @inline(__always)
  mutating func key(sourceOffset offset: Int, length: Int, line: Int, column: Int) {
    let symbol = names.symbol(bytes + offset, length)
    append(
      TapeNode(
        kind: .key, flags: 0, symbol: symbol, next: UInt32(truncatingIfNeeded: count + 1),
        offset: UInt32(truncatingIfNeeded: offset), length: UInt32(truncatingIfNeeded: length),
        line: UInt32(truncatingIfNeeded: line), column: UInt32(truncatingIfNeeded: column)))
  }

  /// Adds a string, integer or float whose text is a span of the adopted source.
  @inline(__always)
  mutating func scalar(
    _ kind: TapeKind, sourceOffset offset: Int, length: Int, line: Int, column: Int
  ) {
    appendValue(
      kind, flags: 0, offset: UInt32(truncatingIfNeeded: offset), length: UInt32(truncatingIfNeeded: length),
      line: UInt32(truncatingIfNeeded: line), column: UInt32(truncatingIfNeeded: column))
  }

  /// Adds a string, integer or float with the given text, which is copied.
  ///
  /// The text of an integer must be decimal digits with an optional minus sign; that of a float a JSON number.
  public mutating func scalar(
    _ kind: TapeKind, _ text: UnsafeBufferPointer<UInt8>, line: Int = 0, column: Int = 0
  ) {
    let offset = store(text)
    scalar(kind, sourceOffset: Int(offset), length: text.count, line: line, column: column)
  }

  /// Adds a string.
  @inline(__always)
  public mutating func string(_ text: String, line: Int = 0, column: Int = 0) {
    var text = text
    text.withUTF8 { scalar(.string, $0, line: line, column: column) }
  }

  /// Adds an integer.
  public mutating func integer(_ value: Int64, line: Int = 0, column: Int = 0) {
    reserveBytes(20)
    let offset = byteCount
    byteCount += writeDecimal(value, to: bytes + offset)
    scalar(.integer, sourceOffset: offset, length: byteCount - offset, line: line, column: column)
  }

  /// Adds a boolean.
  public mutating func boolean(_ value: Bool, line: Int = 0, column: Int = 0) {
    appendValue(
      .boolean, flags: value ? 1 : 0, offset: 0, length: 0, line: UInt32(truncatingIfNeeded: line),
      column: UInt32(truncatingIfNeeded: column))
  }

  /// Adds a null.
  public mutating func null(line: Int = 0, column: Int = 0) {
    appendValue(
      .null, flags: 0, offset: 0, length: 0, line: UInt32(truncatingIfNeeded: line),
      column: UInt32(truncatingIfNeeded: column))
  }

  /// Adds a copy of a value and everything in it, with its source positions.
  ///
  /// - Complexity: O(nodes in the value).
  public mutating func append(_ value: Value) {
    copySubtree(of: value.tape, at: value.index)
  }

  mutating func copySubtree(of tape: Tape, at first: Int) {
    let end = Int(tape.nodes[first].next)
    let shift = count - first
    noteChild()
    for index in first..<end {
      var node = tape.nodes[index]
      if node.kind == .key || node.kind == .string || node.kind == .integer || node.kind == .float {
        if node.symbol == 0 { node.offset = store(tape.text(node)) }
      }
      node.next = UInt32(truncatingIfNeeded: Int(node.next) + shift)
      append(node)
    }
  }

  /// Adds a copy of a value that is already in the builder, for an alias that repeats it. Texts are shared.
  ///
  /// - Returns: how many bytes of text the copied nodes refer to.
  /// - Precondition: the value is complete: a container has been closed.
  /// - Complexity: O(nodes in the value).
  package mutating func repeatValue(at first: Int) -> Int {
    let end = Int(nodes[first].next)
    precondition(first < end && end <= count, "only a complete value can be repeated")
    let shift = count - first
    var textBytes = 0
    noteChild()
    for index in first..<end {
      var node = nodes[index]
      if node.kind != .array, node.kind != .object { textBytes += Int(node.length) }
      node.next = UInt32(truncatingIfNeeded: Int(node.next) + shift)
      append(node)
    }
    return textBytes
  }

  /// The node at an index, as far as it is known: containers that are still open end nowhere yet.
  package func node(at index: Int) -> TapeNode {
    precondition(index >= 0 && index < count, "tape index out of range")
    return nodes[index]
  }

  /// Adds a JSON number, integer or float, from its text.
  mutating func number(_ text: String) {
    let isInteger = text.utf8.allSatisfy { $0 == 0x2D || ($0 >= 0x30 && $0 <= 0x39) }
    var text = text
    text.withUTF8 { scalar(isInteger ? .integer : .float, $0) }
  }

  /// The finished tape. The builder is empty afterwards and may be used again.
  ///
  /// - Precondition: every container has been closed.
  public mutating func finish() -> Tape {
    precondition(open.isEmpty, "unclosed container")
    let finished = Tape(nodes: nodes, count: count, bytes: bytes, byteCount: byteCount, roots: roots)
    nodeCapacity = 16
    byteCapacity = 64
    nodes = .allocate(capacity: nodeCapacity)
    bytes = .allocate(capacity: byteCapacity)
    count = 0
    byteCount = 0
    roots = []
    return finished
  }
}

/// Writes decimal digits and returns how many bytes they take (at most 20).
@inline(__always)
func writeDecimal(_ value: Int64, to target: UnsafeMutablePointer<UInt8>) -> Int {
  var magnitude = value.magnitude
  var length = 1
  var probe = magnitude
  while probe >= 10 {
    probe /= 10
    length += 1
  }
  let negative = value < 0
  if negative { target[0] = 0x2D }
  var position = length + (negative ? 1 : 0)
  let total = position
  repeat {
    position -= 1
    target[position] = UInt8(truncatingIfNeeded: 0x30 + magnitude % 10)
    magnitude /= 10
  } while magnitude > 0
  return total
}
