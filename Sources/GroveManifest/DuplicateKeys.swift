public import KubernetesModel

/// A member of an object that a later one of the same name replaced.
public struct DuplicateKey: Sendable, Equatable {
  /// How many of them are reported for one text; further ones are resolved in silence.
  public static let reportLimit = 100

  /// Which root of the tape it is in, from 0.
  public var root: Int
  /// The path of the member.
  public var path: String
  /// The name of the member.
  public var name: String
  /// The line of the member that was replaced, from 1.
  public var firstLine: Int
  /// The line of the one that counts, from 1.
  public var line: Int
  /// The column of the one that counts, from 1.
  public var column: Int
  /// Whether it was a merge key that brought in the one that counts; then the place is that of the merge key.
  public var isMerged = false
}

/// Resolves what a tape may still hold but JSON objects must not: members with the same name, and merge keys.
///
/// A tape without either is returned as it is, after one pass over its objects.
public enum DuplicateKeys {
  /// A tape on which no object has two members with the same name: the last one stays.
  ///
  /// - Parameters:
  ///   - tape: the tape of any reader.
  ///   - duplicates: receives what was replaced, at most ``DuplicateKey/reportLimit``.
  /// - Complexity: O(nodes), plus O(n log n) for objects of more than 16 members that look as if they had duplicates.
  public static func resolve(_ tape: Tape, reporting duplicates: inout [DuplicateKey]) -> Tape {
    resolve(tape, mergeKeys: [], reporting: &duplicates)
  }

  static func resolve(
    _ tape: Tape, mergeKeys: [Int], reporting duplicates: inout [DuplicateKey]
  ) -> Tape {
    let found = tape.withView { DuplicateSearch(view: $0, mergeKeys: mergeKeys).run() }
    for pair in found where duplicates.count < DuplicateKey.reportLimit {
      let root = tape.roots.lastIndex { $0 <= pair.earlier } ?? 0
      duplicates.append(
        DuplicateKey(
          root: root, path: tape.path(of: pair.later, in: tape.roots[root]),
          name: tape.string(at: pair.later), firstLine: Int(tape[pair.earlier].line),
          line: Int(tape[pair.later].line), column: Int(tape[pair.later].column)))
    }
    if found.isEmpty, mergeKeys.isEmpty { return tape }
    var rewriter = MemberRewriter(tape, dropped: found.map(\.earlier), mergeKeys: mergeKeys)
    let rewritten = rewriter.rewrite()
    for pair in rewriter.replaced where duplicates.count < DuplicateKey.reportLimit {
      let root = tape.roots.lastIndex { $0 <= pair.member } ?? 0
      // An alias repeats what it stands for.
      let isRepeated = duplicates.contains {
        $0.isMerged && $0.name == tape.string(at: pair.member) && $0.firstLine == Int(tape[pair.member].line)
          && $0.line == Int(tape[pair.mergeKey].line) && $0.column == Int(tape[pair.mergeKey].column)
      }
      if isRepeated { continue }
      duplicates.append(
        DuplicateKey(
          root: root, path: tape.path(of: pair.member, in: tape.roots[root]),
          name: tape.string(at: pair.member),
          firstLine: Int(tape[pair.member].line), line: Int(tape[pair.mergeKey].line),
          column: Int(tape[pair.mergeKey].column), isMerged: true))
    }
    return rewritten
  }
}

/// Finds members with the same name.
private struct DuplicateSearch {
  let view: TapeView
  let mergeKeys: [Int]
  private var found: [(earlier: Int, later: Int)] = []
  private var keys: [Int] = []

  init(view: TapeView, mergeKeys: [Int]) {
    self.view = view
    self.mergeKeys = mergeKeys
  }

  /// The key nodes of each pair, in tape order of the objects.
  consuming func run() -> [(earlier: Int, later: Int)] {
    for index in 0..<view.count where view.nodes[index].kind == .object && view.nodes[index].length > 1 {
      searchObject(index)
    }
    return found
  }

  @inline(__always)
  private mutating func searchObject(_ object: Int) {
    // A bit for each name seen: only when a bit is set twice may there be a duplicate.
    var seen: UInt64 = 0
    var collides = false
    let end = Int(view.nodes[object].next)
    var key = object + 1
    while key < end {
      let bit: UInt64 = 1 << (view.fingerprint(key) & 63)
      collides = collides || seen & bit != 0
      seen |= bit
      key = Int(view.nodes[key + 1].next)
    }
    if collides { compareMembers(of: object) }
  }

  private mutating func compareMembers(of object: Int) {
    let end = Int(view.nodes[object].next)
    keys.removeAll(keepingCapacity: true)
    var key = object + 1
    while key < end {
      if !isMergeKey(key) { keys.append(key) }
      key = Int(view.nodes[key + 1].next)
    }
    if keys.count > 16 {
      let view = view
      keys.sort { view.namePrecedes($0, $1) }
      for index in keys.indices.dropFirst() where view.sameName(keys[index - 1], keys[index]) {
        found.append((keys[index - 1], keys[index]))
      }
    } else {
      for earlier in keys.indices {
        for later in keys[(earlier + 1)...] where view.sameName(keys[earlier], later) {
          found.append((keys[earlier], later))
          break
        }
      }
    }
  }

  private func isMergeKey(_ key: Int) -> Bool {
    guard !mergeKeys.isEmpty else { return false }
    var low = 0
    var high = mergeKeys.count
    while low < high {
      let middle = (low + high) / 2
      if mergeKeys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < mergeKeys.count && mergeKeys[low] == key
  }
}
