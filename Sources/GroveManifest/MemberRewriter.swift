internal import KubernetesModel

/// Copies a tape without members that were replaced, and with what merge keys bring in.
struct MemberRewriter: ~Copyable {
  private enum Task {
    case value(Int)
    case key(Int)
    case endObject
    case endArray
  }

  private let tape: Tape
  /// Key nodes that are left out, ascending.
  private let dropped: [Int]
  /// Key nodes that are merge keys, ascending.
  private let mergeKeys: [Int]
  private var builder: TapeBuilder
  private var tasks: [Task] = []
  /// Explicit members that a merge key behind them replaced, with that key.
  private(set) var replaced: [(member: Int, mergeKey: Int)] = []

  init(_ tape: Tape, dropped: [Int], mergeKeys: [Int]) {
    self.tape = tape
    self.dropped = dropped.sorted()
    self.mergeKeys = mergeKeys
    builder = TapeBuilder(nodeCapacity: tape.count, byteCapacity: tape.count * 8)
  }

  /// The new tape. Source positions are those of the old one.
  mutating func rewrite() -> Tape {
    for root in tape.roots {
      tasks.append(.value(root))
      while let task = tasks.popLast() {
        switch task {
        case .value(let node): emit(node)
        case .key(let key): emitKey(key)
        case .endObject: builder.endObject()
        case .endArray: builder.endArray()
        }
      }
    }
    return builder.finish()
  }

  private mutating func emitKey(_ key: Int) {
    let node = tape[key]
    tape.withText(at: key) { builder.key($0, line: Int(node.line), column: Int(node.column)) }
  }

  private mutating func emit(_ index: Int) {
    let node = tape[index]
    guard contains(dropped, in: index..<Int(node.next)) || contains(mergeKeys, in: index..<Int(node.next))
    else {
      builder.append(Value(tape: tape, index: index))
      return
    }
    if node.kind == .array {
      builder.beginArray(line: Int(node.line), column: Int(node.column))
      tasks.append(.endArray)
      for element in Value(tape: tape, index: index).elements.reversed() {
        tasks.append(.value(element.index))
      }
    } else {
      builder.beginObject(line: Int(node.line), column: Int(node.column))
      tasks.append(.endObject)
      for key in members(of: index).reversed() {
        tasks.append(.value(key + 1))
        tasks.append(.key(key))
      }
    }
  }

  /// The key nodes of the members that count, in the order in which they were set last. A merge key sets what it
  /// brings in where it stands; of its list, what comes first wins.
  private mutating func members(of object: Int, isSource: Bool = false) -> [Int] {
    var keys: [Int] = []
    var merged: Set<Int> = []
    var positions: [String: Int] = [:]
    var overridden: [String: (member: Int, mergeKey: Int)] = [:]
    func set(_ key: Int, _ name: String) {
      if let old = positions[name] { keys[old] = -1 }
      positions[name] = keys.count
      keys.append(key)
    }
    var cursor = object + 1
    while cursor < Int(tape[object].next) {
      if contains(mergeKeys, in: cursor..<(cursor + 1)) {
        let value = Value(tape: tape, index: cursor + 1)
        let sources = value.kind == .array ? value.elements.map(\.index) : [cursor + 1]
        for source in sources.reversed() {
          for key in members(of: source, isSource: true) {
            let name = tape.string(at: key)
            if let old = positions[name], !merged.contains(keys[old]) {
              overridden[name] = (keys[old], cursor)
            }
            set(key, name)
            merged.insert(key)
          }
        }
      } else if !contains(dropped, in: cursor..<(cursor + 1)) {
        let name = tape.string(at: cursor)
        overridden[name] = nil
        set(cursor, name)
      }
      cursor = Int(tape[cursor + 1].next)
    }
    if !isSource { replaced += overridden.values.sorted { $0.member < $1.member } }
    return keys.filter { $0 >= 0 }
  }

  private func contains(_ sorted: [Int], in range: Range<Int>) -> Bool {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && sorted[low] < range.upperBound
  }
}
