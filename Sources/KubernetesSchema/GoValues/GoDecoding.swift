public import KubernetesModel

extension SchemaTable {
  /// What Go's JSON decoder says about a decoding issue, naming struct, field path and Go type.
  ///
  ///     json: cannot unmarshal number 3000000000 into Go struct field
  ///     PodCliqueSetSpec.spec.replicas of type int32
  ///
  /// - Parameters:
  ///   - issue: the issue; for an unknown field, which Go ignores, the answer is nil.
  ///   - tape: the tape that was decoded.
  ///   - root: the node that was decoded.
  ///   - type: the name of the type in the table that it was decoded as.
  /// - Complexity: O(nodes before the issue).
  public func goDecodingMessage(
    for issue: DecodingIssue, in tape: Tape, root: Int, type: String
  ) -> String? {
    guard let index = storage.index(of: type) else { return nil }
    return GoDecodingTrail(to: issue.node, in: tape, root: root, type: index, storage: storage)
      .message(for: issue)
  }

  /// What Go answers to an object with several issues.
  ///
  /// The API server sends objects with their members sorted, and Go goes on after a value of the wrong type
  /// but not after one of its own parsers refused a text. So a refused text comes first, then what comes
  /// first in byte order of the paths.
  ///
  /// - Returns: nil when Go finds nothing wrong.
  public func goDecodingMessage(
    forFirstOf issues: [DecodingIssue], in tape: Tape, root: Int, type: String
  ) -> String? {
    guard let index = storage.index(of: type) else { return nil }
    var best: (trail: GoDecodingTrail, issue: DecodingIssue)?
    for issue in issues where issue.kind != .unknownField {
      let trail = GoDecodingTrail(to: issue.node, in: tape, root: root, type: index, storage: storage)
      guard let current = best else {
        best = (trail, issue)
        continue
      }
      if trail.stopsDecoding != current.trail.stopsDecoding {
        if trail.stopsDecoding { best = (trail, issue) }
      } else if trail.precedes(current.trail) {
        best = (trail, issue)
      }
    }
    return best.flatMap { $0.trail.message(for: $0.issue) }
  }
}

/// The way from the root of a decoded object to a node, as Go sees it.
private struct GoDecodingTrail {
  private enum Step {
    case key(String)
    case index(Int)
  }

  private let tape: Tape
  private let node: Int
  private var steps: [Step] = []
  /// The struct that has the field.
  private var structName = ""
  /// The JSON names of the fields on the way; entries of maps and elements of lists have none.
  private var fieldNames: [String] = []
  /// The Go type at the node.
  private var goType = ""
  private var leaf = SchemaTable.Leaf.object
  /// How many lists and maps remain around the leaf at the node.
  private var wrap = SchemaTable.Wrap.none

  init(to node: Int, in tape: Tape, root: Int, type: Int, storage: SchemaTable.Storage) {
    self.tape = tape
    self.node = node
    let table = storage
    var current = root
    var currentType: Int? = type
    var wraps: UInt8 = 0
    goType = table.columns(of: table.types[type].line)[2]
    while current != node {
      let entry = tape[current]
      guard let child = GoDecodingTrail.child(of: current, entry, containing: node, in: tape) else { break }
      switch entry.kind {
      case .object where wraps & 3 == SchemaTable.Wrap.map.rawValue:
        steps.append(.key(tape.string(at: child.key)))
        wraps >>= 2
        goType = GoDecodingTrail.element(of: goType)
      case .object:
        let name = tape.string(at: child.key)
        steps.append(.key(name))
        guard let type = currentType, let field = table.field(tape[child.key].symbol, of: type) else {
          return
        }
        structName = table.columns(of: table.types[type].line)[2]
        fieldNames.append(name)
        let shape = table.fields[field]
        wraps = shape.wraps
        leaf = shape.leaf
        goType = table.columns(of: shape.line)[4]
        currentType = shape.leaf == .object ? Int(shape.type) : nil
      case .array:
        steps.append(.index(child.position))
        wraps >>= 2
        goType = GoDecodingTrail.element(of: goType)
      default: return
      }
      current = child.value
    }
    wrap = SchemaTable.Wrap(rawValue: wraps & 3) ?? .none
    while goType.hasPrefix("*") { goType.removeFirst() }
  }

  private static func element(of goType: String) -> String {
    var type = goType[...]
    while type.hasPrefix("*") { type = type.dropFirst() }
    guard let bracket = type.firstIndex(of: "]") else { return String(type) }
    return String(type[type.index(after: bracket)...])
  }

  private static func child(
    of parent: Int, _ entry: TapeNode, containing node: Int, in tape: Tape
  ) -> (key: Int, value: Int, position: Int)? {
    guard entry.kind == .object || entry.kind == .array else { return nil }
    let isObject = entry.kind == .object
    var cursor = parent + 1
    var position = 0
    while cursor < Int(entry.next) {
      let value = isObject ? cursor + 1 : cursor
      let next = Int(tape[value].next)
      if node < next { return (cursor, value, position) }
      cursor = next
      position += 1
    }
    return nil
  }

  /// Whether Go leaves the reading of the node to the type itself, and stops at its first refusal.
  var stopsDecoding: Bool {
    guard wrap == .none else { return false }
    switch leaf {
    case .quantity, .intOrString, .time, .microTime, .duration: return true
    case .string, .bytes, .int32, .int64, .boolean, .number, .any, .object: return false
    }
  }

  /// Whether Go comes by this node before the other, in an object with sorted members.
  func precedes(_ other: GoDecodingTrail) -> Bool {
    for (mine, theirs) in zip(steps, other.steps) {
      switch (mine, theirs) {
      case (.key(let a), .key(let b)):
        let order = utf8Order(a, b)
        if order != 0 { return order < 0 }
      case (.index(let a), .index(let b)): if a != b { return a < b }
      case (.key, .index), (.index, .key): return false
      }
    }
    return steps.count < other.steps.count
  }

  func message(for issue: DecodingIssue) -> String? {
    switch issue.kind {
    case .unknownField: return nil
    case .malformed(let reason):
      return leaf == .time || leaf == .microTime ? timeMessage() : reason
    case .mismatch:
      if leaf == .quantity, wrap == .none { return "\(QuantityError.badFormat)" }
      return mismatchMessage()
    }
  }

  private func mismatchMessage() -> String {
    let entry = tape[node]
    var type = goType
    if wrap == .none {
      switch leaf {
      case .time, .microTime, .duration: type = "string"
      case .intOrString: type = "int32"
      default: break
      }
    }
    let takesNumbers =
      wrap == .none && (leaf == .int32 || leaf == .int64 || leaf == .number || leaf == .intOrString)
    let value: String
    switch entry.kind {
    case .integer, .float: value = takesNumbers ? "number \(tape.string(at: node))" : "number"
    case .boolean: value = "bool"
    case .array: value = "array"
    case .object: value = "object"
    case .string, .key: value = "string"
    case .null: value = "null"
    }
    guard !structName.isEmpty else { return "json: cannot unmarshal \(value) into Go value of type \(type)" }
    return "json: cannot unmarshal \(value) into Go struct field \(structName)."
      + "\(fieldNames.joined(separator: ".")) of type \(type)"
  }

  /// What Go says about a text that is no time: it names the first part that does not fit the layout.
  private func timeMessage() -> String {
    let text = tape.string(at: node)
    let layout = leaf == .microTime ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00"
    let quoted = quotedAsInGo(text)
    let bytes = Array(text.utf8)
    var position = 0
    // Digits of a part and the separator after it.
    let parts: [(part: String, count: Int, separator: UInt8?)] = [
      ("2006", 4, UInt8(ascii: "-")), ("01", 2, UInt8(ascii: "-")), ("02", 2, UInt8(ascii: "T")),
      ("15", 2, UInt8(ascii: ":")), ("04", 2, UInt8(ascii: ":")), ("05", 2, nil),
    ]
    func refusal(_ part: String) -> String {
      let rest = String(decoding: bytes[min(position, bytes.count)...], as: UTF8.self)
      return "parsing time \(quoted) as \(quotedAsInGo(layout)): cannot parse \(quotedAsInGo(rest)) as "
        + quotedAsInGo(part)
    }
    for part in parts {
      let end = position + part.count
      guard end <= bytes.count, bytes[position..<end].allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else {
        return refusal(part.part)
      }
      position = end
      guard let separator = part.separator else { continue }
      guard position < bytes.count, bytes[position] == separator else {
        return refusal(String(UnicodeScalar(separator)))
      }
      position += 1
    }
    if case .failure(.outOfRange(let component)) = text.utf8.withContiguousStorageIfAvailable({
      Timestamp.read($0).map { _ in () }
    }) {
      return "parsing time \(quoted): \(component.rawValue) out of range"
    }
    return refusal("Z07:00")
  }
}
