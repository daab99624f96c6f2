public import KubernetesModel

/// Writes values as YAML in the style of `kubectl -o yaml`.
///
/// Keys come in go-yaml's natural order, lists are not indented below their key, empty collections are `{}` and `[]`,
/// texts of several lines are blocks, and quotes stand only where they are needed. Unlike kubectl it never folds long
/// lines, and escapes U+2028 and U+2029. What it writes reads back as the same value.
public enum YAMLWriter {
  /// Appends a value as one document, ending with a line feed, without a separator.
  ///
  /// - Complexity: O(n), plus sorting where keys are out of order.
  public static func write(_ value: Value, to output: inout [UInt8]) {
    value.tape.withView { view in
      var writer = BlockWriter(view, capacity: (Int(view.nodes[value.index].next) - value.index) * 16)
      writer.writeDocument(value.index)
      output.append(contentsOf: writer.sink.bytes)
    }
  }

  /// The YAML text of a value.
  public static func string(_ value: Value) -> String {
    var output: [UInt8] = []
    write(value, to: &output)
    return String(decoding: output, as: UTF8.self)
  }
}

/// Writes block style YAML from a tape, without recursion, so that depth costs no stack.
private struct BlockWriter: ~Copyable {
  /// A collection that is being written.
  private struct Frame {
    var isMapping: Bool
    /// The column of the keys or dashes.
    var indent: Int
    /// Whether the next member or element continues a line that has `- ` or `: ` already.
    var continuesLine: Bool
    /// For a mapping, the next position in `keys`; for a sequence, the next element's node.
    var next: Int
    /// Where `next` stops.
    var end: Int
    /// For a mapping, where its keys begin in `keys`.
    var firstKey: Int
  }

  /// Longer keys are written after `?`, as libyaml does.
  private static let longestSimpleKey = 128

  private let view: TapeView
  private(set) var sink: ByteSink
  private var frames: [Frame] = []
  /// Key nodes of the mappings being written, each mapping's in its order.
  private var keys: [Int] = []

  init(_ view: TapeView, capacity: Int) {
    self.view = view
    sink = ByteSink(capacity: capacity)
    frames.reserveCapacity(32)
    keys.reserveCapacity(64)
  }

  mutating func writeDocument(_ index: Int) {
    if isBlock(index) {
      begin(index, indent: 0, continuesLine: false)
    } else {
      writeScalar(index, indent: 0)
    }
    while var frame = frames.popLast() {
      if frame.next >= frame.end {
        if frame.isMapping { keys.removeLast(frame.end - frame.firstKey) }
        continue
      }
      if !frame.continuesLine { sink.spaces(frame.indent) }
      frame.continuesLine = false
      if frame.isMapping { writeMember(&frame) } else { writeElement(&frame) }
    }
  }

  // MARK: Collections

  /// Whether a node is a collection with something in it.
  @inline(__always)
  private func isBlock(_ index: Int) -> Bool {
    let node = view.nodes[index]
    return (node.kind == .object || node.kind == .array) && node.length > 0
  }

  private mutating func begin(_ index: Int, indent: Int, continuesLine: Bool) {
    let first = keys.count
    if view.nodes[index].kind == .object {
      collectKeys(of: index)
      frames.append(
        Frame(
          isMapping: true, indent: indent, continuesLine: continuesLine, next: first, end: keys.count,
          firstKey: first))
    } else {
      frames.append(
        Frame(
          isMapping: false, indent: indent, continuesLine: continuesLine, next: index + 1,
          end: Int(view.nodes[index].next), firstKey: first))
    }
  }

  /// Writes a key and its value, or begins its value.
  @inline(__always)
  private mutating func writeMember(_ frame: inout Frame) {
    let key = keys[frame.next]
    frame.next += 1
    let name = view.text(key)
    let isSimple = name.count <= Self.longestSimpleKey
    if !isSimple { sink.put(0x3F, 0x20) }
    writeString(name, indent: frame.indent, isKey: true)
    if !isSimple {
      sink.put(0x0A)
      sink.spaces(frame.indent)
    }
    sink.put(0x3A)
    let value = key + 1
    frames.append(frame)
    guard isBlock(value) else {
      sink.put(0x20)
      writeScalar(value, indent: frame.indent)
      return
    }
    sink.put(isSimple ? 0x0A : 0x20)
    // Lists are not indented below a simple key.
    let isIndented = !isSimple || view.nodes[value].kind == .object
    begin(value, indent: isIndented ? frame.indent + 2 : frame.indent, continuesLine: !isSimple)
  }

  /// Writes an element behind its dash, or begins it.
  @inline(__always)
  private mutating func writeElement(_ frame: inout Frame) {
    let element = frame.next
    frame.next = Int(view.nodes[element].next)
    sink.put(0x2D, 0x20)
    frames.append(frame)
    if isBlock(element) {
      begin(element, indent: frame.indent + 2, continuesLine: true)
    } else {
      writeScalar(element, indent: frame.indent)
    }
  }

  // MARK: Order

  /// Appends the key nodes of an object to `keys` in natural order.
  private mutating func collectKeys(of object: Int) {
    let first = keys.count
    let end = Int(view.nodes[object].next)
    var cursor = object + 1
    var isOrdered = true
    while cursor < end {
      if isOrdered, cursor > object + 1, let last = keys.last { isOrdered = isInOrder(last, cursor) }
      keys.append(cursor)
      cursor = Int(view.nodes[cursor + 1].next)
    }
    if isOrdered { return }
    let view = view
    keys[first...].sort { view.namePrecedes($0, $1) }
    for position in (first + 1)..<keys.count {
      if NaturalOrder.precedes(view.text(keys[position]), view.text(keys[position - 1])) {
        keys[first...].sort { NaturalOrder.precedes(view.text($0), view.text($1)) }
        return
      }
    }
  }

  /// Whether a key comes before another both in byte order and in natural order.
  @inline(__always)
  private func isInOrder(_ a: Int, _ b: Int) -> Bool {
    let (first, second) = (view.text(a), view.text(b))
    let shared = min(first.count, second.count)
    var index = 0
    while index < shared, first[index] == second[index] { index += 1 }
    guard index < shared else { return first.count <= second.count }
    guard first[index] < second[index] else { return false }
    if NaturalOrder.isASCIILetter(first[index]), NaturalOrder.isASCIILetter(second[index]) { return true }
    return NaturalOrder.precedes(first, second)
  }

  // MARK: Scalars

  /// Writes a scalar or an empty collection, and ends the line.
  private mutating func writeScalar(_ index: Int, indent: Int) {
    let node = view.nodes[index]
    switch node.kind {
    case .string, .key: writeString(view.text(index), indent: indent, isKey: false)
    case .integer, .float: sink.put(view.text(index))
    case .boolean: sink.put(node.flags == 1 ? "true" : "false")
    case .null: sink.put("null")
    case .array: sink.put(0x5B, 0x5D)
    case .object: sink.put(0x7B, 0x7D)
    }
    sink.put(0x0A)
  }

  @inline(__always)
  private mutating func writeString(_ text: UnsafeBufferPointer<UInt8>, indent: Int, isKey: Bool) {
    switch ScalarStyle.choose(text, isKey: isKey) {
    case .plain: sink.put(text)
    case .singleQuoted: writeSingleQuoted(text)
    case .doubleQuoted: writeDoubleQuoted(text)
    case .literal: writeLiteral(text, indent: indent + 2)
    }
  }

  private mutating func writeSingleQuoted(_ text: UnsafeBufferPointer<UInt8>) {
    sink.put(0x27)
    for byte in text {
      if byte == 0x27 { sink.put(0x27) }
      sink.put(byte)
    }
    sink.put(0x27)
  }

  /// Writes a block without its last line feed.
  private mutating func writeLiteral(_ text: UnsafeBufferPointer<UInt8>, indent: Int) {
    sink.put(0x7C)
    // A reader finds the indentation by itself unless the text begins with a space or an empty line.
    if text[0] == 0x20 || text[0] == 0x0A { sink.put(0x32) }
    let last = text.count - 1
    var end = text.count
    if text[last] != 0x0A {
      sink.put(0x2D)
    } else {
      if last == 0 || text[last - 1] == 0x0A { sink.put(0x2B) }
      end = last
    }
    var start = 0
    while start <= end {
      var stop = start
      while stop < end, text[stop] != 0x0A { stop += 1 }
      sink.put(0x0A)
      if stop > start {
        sink.spaces(indent)
        sink.put(UnsafeBufferPointer(rebasing: text[start..<stop]))
      }
      start = stop + 1
    }
  }

  private mutating func writeDoubleQuoted(_ text: UnsafeBufferPointer<UInt8>) {
    sink.put(0x22)
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte >= 0x80 {
        if let length = ScalarStyle.printableLength(text, index) {
          sink.put(UnsafeBufferPointer(rebasing: text[index..<(index + length)]))
          index += length
        } else {
          index += writeEscapedCharacter(text, index)
        }
        continue
      }
      switch byte {
      case 0x22: sink.put(0x5C, 0x22)
      case 0x5C: sink.put(0x5C, 0x5C)
      case 0x00: sink.put(0x5C, 0x30)
      case 0x07...0x0D: sink.put(0x5C, Self.controlLetters.utf8Start[Int(byte) - 7])
      case 0x1B: sink.put(0x5C, 0x65)
      case 0x00...0x1F, 0x7F: writeEscape(0x78, UInt32(byte), digits: 2)
      default: sink.put(byte)
      }
      index += 1
    }
    sink.put(0x22)
  }

  /// The letters of the escapes for U+0007 to U+000D.
  private static let controlLetters: StaticString = "abtnvfr"

  /// Writes the escape of a character that is not printed, and returns its length in the text.
  private mutating func writeEscapedCharacter(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
    let lead = text[index]
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var value = UInt32(lead & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07))
    for follower in 1..<length where index + follower < text.count {
      value = value << 6 | UInt32(text[index + follower] & 0x3F)
    }
    switch value {
    case 0x85: sink.put(0x5C, 0x4E)
    case 0x2028: sink.put(0x5C, 0x4C)
    case 0x2029: sink.put(0x5C, 0x50)
    case 0...0xFF: writeEscape(0x78, value, digits: 2)
    case 0...0xFFFF: writeEscape(0x75, value, digits: 4)
    default: writeEscape(0x55, value, digits: 8)
    }
    return length
  }

  private mutating func writeEscape(_ letter: UInt8, _ value: UInt32, digits: Int) {
    sink.put(0x5C, letter)
    for position in (0..<digits).reversed() {
      let digit = UInt8(truncatingIfNeeded: value >> (4 * UInt32(position)) & 15)
      sink.put(digit < 10 ? 0x30 + digit : 0x37 + digit)
    }
  }
}
