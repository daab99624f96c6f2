/// Writes values as JSON.
///
/// Members come in byte order of their names, as `kubectl -o json` has them, unless asked to keep the given order.
public struct JSONWriter {
  /// How the text looks.
  public struct Options: Sendable, Equatable {
    /// How many spaces each level is indented by; nil writes everything on one line.
    public var indent: Int?
    /// Whether members are sorted by name.
    public var sortsMembers: Bool
    /// Whether `<`, `>`, `&`, U+2028 and U+2029 are escaped, as Go's encoder does.
    public var escapesHTML: Bool

    /// Options; compact, sorted and plain unless told otherwise.
    public init(indent: Int? = nil, sortsMembers: Bool = true, escapesHTML: Bool = false) {
      self.indent = indent
      self.sortsMembers = sortsMembers
      self.escapesHTML = escapesHTML
    }
  }

  private let tape: Tape
  private let options: Options

  private init(_ tape: Tape, _ options: Options) {
    self.tape = tape
    self.options = options
  }

  /// The JSON text of a value.
  ///
  /// - Complexity: O(n), plus sorting where members are out of order.
  public static func string(_ value: Value, options: Options = Options()) -> String {
    var output: [UInt8] = []
    write(value, to: &output, options: options)
    return String(decoding: output, as: UTF8.self)
  }

  /// Appends the JSON text of a value, as UTF-8, without a final line feed.
  public static func write(_ value: Value, to output: inout [UInt8], options: Options = Options()) {
    output.reserveCapacity(output.count + (Int(value.tape[value.index].next) - value.index) * 12)
    JSONWriter(value.tape, options).write(value.index, depth: 0, to: &output)
  }

  private func write(_ index: Int, depth: Int, to output: inout [UInt8]) {
    let node = tape.nodes[index]
    switch node.kind {
    case .null: output.append("null")
    case .boolean: output.append(node.flags == 1 ? "true" : "false")
    case .integer, .float: output.append(contentsOf: tape.text(node))
    case .string, .key: appendJSONString(tape.text(node), escapesHTML: options.escapesHTML, to: &output)
    case .array:
      output.append(0x5B)
      let end = Int(node.next)
      var cursor = index + 1
      while cursor < end {
        if cursor > index + 1 { output.append(0x2C) }
        breakLine(depth + 1, &output)
        write(cursor, depth: depth + 1, to: &output)
        cursor = Int(tape.nodes[cursor].next)
      }
      if node.length > 0 { breakLine(depth, &output) }
      output.append(0x5D)
    case .object:
      output.append(0x7B)
      if !options.sortsMembers || node.flags & TapeNode.sortedFlag != 0 || node.length < 2 {
        let end = Int(node.next)
        var cursor = index + 1
        while cursor < end {
          if cursor > index + 1 { output.append(0x2C) }
          writeMember(cursor, depth: depth, to: &output)
          cursor = Int(tape.nodes[cursor + 1].next)
        }
      } else {
        for (position, key) in tape.sortedMembers(of: index).enumerated() {
          if position > 0 { output.append(0x2C) }
          writeMember(key, depth: depth, to: &output)
        }
      }
      if node.length > 0 { breakLine(depth, &output) }
      output.append(0x7D)
    }
  }

  @inline(__always)
  private func writeMember(_ key: Int, depth: Int, to output: inout [UInt8]) {
    breakLine(depth + 1, &output)
    appendJSONString(tape.text(tape.nodes[key]), escapesHTML: options.escapesHTML, to: &output)
    output.append(0x3A)
    if options.indent != nil { output.append(0x20) }
    write(key + 1, depth: depth + 1, to: &output)
  }

  @inline(__always)
  private func breakLine(_ depth: Int, _ output: inout [UInt8]) {
    guard let indent = options.indent else { return }
    output.append(0x0A)
    for _ in 0..<(depth * indent) { output.append(0x20) }
  }
}

/// Appends a text as a JSON string with its quotes.
public func appendJSONString(
  _ text: UnsafeBufferPointer<UInt8>, escapesHTML: Bool, to output: inout [UInt8]
) {
  output.append(0x22)
  var start = 0
  var index = 0
  while index < text.count {
    let byte = text[index]
    let plain =
      byte >= 0x20 && byte != 0x22 && byte != 0x5C
      && !(escapesHTML && (byte == 0x3C || byte == 0x3E || byte == 0x26 || byte == 0xE2))
    if plain {
      index += 1
      continue
    }
    if byte == 0xE2 {
      // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
      guard index + 2 < text.count, text[index + 1] == 0x80, text[index + 2] & 0xFE == 0xA8 else {
        index += 1
        continue
      }
      output.append(contentsOf: text[start..<index])
      output.append(text[index + 2] == 0xA8 ? "\\u2028" : "\\u2029")
      index += 3
      start = index
      continue
    }
    output.append(contentsOf: text[start..<index])
    switch byte {
    case 0x22: output.append("\\\"")
    case 0x5C: output.append("\\\\")
    case 0x08: output.append("\\b")
    case 0x0C: output.append("\\f")
    case 0x0A: output.append("\\n")
    case 0x0D: output.append("\\r")
    case 0x09: output.append("\\t")
    default:
      output.append("\\u00")
      output.append(hexDigit(byte >> 4))
      output.append(hexDigit(byte & 15))
    }
    index += 1
    start = index
  }
  output.append(contentsOf: text[start..<index])
  output.append(0x22)
}

/// A text as a JSON string with its quotes, as Go's `%q` and `json.Marshal` print plain text.
public func jsonString(_ text: String, escapesHTML: Bool = false) -> String {
  var text = text
  var output: [UInt8] = []
  text.withUTF8 { appendJSONString($0, escapesHTML: escapesHTML, to: &output) }
  return String(decoding: output, as: UTF8.self)
}

@inline(__always)
private func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

extension [UInt8] {
  /// Appends the bytes of a literal.
  @inline(__always)
  mutating func append(_ literal: StaticString) {
    append(
      contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }
}
