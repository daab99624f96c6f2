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

  /// The key nodes of the members that count: explicit ones, and at the place of a merge key those it brings in that
  /// neither an explicit member nor an earlier mapping of its list has; of several merge keys the last one counts.
  private func members(of object: Int) -> [Int] {
    var keys: [Int] = []
    var merges: [Int] = []
    var cursor = object + 1
    while cursor < Int(tape[object].next) {
      if contains(mergeKeys, in: cursor..<(cursor + 1)) {
        merges.append(cursor)
        keys.append(cursor)
      } else if !contains(dropped, in: cursor..<(cursor + 1)) {
        keys.append(cursor)
      }
      cursor = Int(tape[cursor + 1].next)
    }
    guard !merges.isEmpty else { return keys }
    var names = Set<String>()
    var last = merges.count - 1
    for key in keys where !contains(mergeKeys, in: key..<(key + 1)) { names.insert(tape.string(at: key)) }
    var merged: [[Int]] = []
    for merge in merges.reversed() {
      let value = Value(tape: tape, index: merge + 1)
      let sources = value.kind == .array ? value.elements.map(\.index) : [merge + 1]
      var kept: [Int] = []
      for source in sources {
        for key in members(of: source) where names.insert(tape.string(at: key)).inserted { kept.append(key) }
      }
      merged.append(kept)
    }
    var result: [Int] = []
    for key in keys {
      if contains(mergeKeys, in: key..<(key + 1)) {
        result += merged[last]
        last -= 1
      } else {
        result.append(key)
      }
    }
    return result
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
