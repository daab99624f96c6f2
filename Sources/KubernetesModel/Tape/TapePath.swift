extension Tape {
  /// The path of a node inside a document, as Kubernetes writes field paths: `spec.containers[0].stdin`.
  ///
  /// Names that hold a point, a slash or a bracket stand in brackets: `metadata.annotations[grove.io/mnnvl-group]`.
  ///
  /// - Parameters:
  ///   - node: a value, or a key for the path of its member.
  ///   - root: the node the path begins at.
  /// - Returns: the path; empty for the root itself and for nodes outside it.
  /// - Complexity: O(siblings × depth).
  public func path(of node: Int, in root: Int) -> String {
    var path = ""
    guard node > root, node < Int(self[root].next) else { return path }
    var current = root
    while current != node {
      let kind = self[current].kind
      var child = current + 1
      var position = 0
      if kind == .array {
        while node >= Int(self[child].next) {
          child = Int(self[child].next)
          position += 1
        }
        path += "[\(position)]"
        current = child
      } else {
        while node >= Int(self[child + 1].next) { child = Int(self[child + 1].next) }
        appendName(of: child, to: &path)
        if node == child { return path }
        current = child + 1
      }
    }
    return path
  }

  private func appendName(of key: Int, to path: inout String) {
    let name = string(at: key)
    if name.utf8.contains(where: { $0 == 0x2E || $0 == 0x2F || $0 == 0x5B || $0 == 0x5D }) {
      path += "[\(name)]"
    } else {
      path += path.isEmpty ? name : ".\(name)"
    }
  }

  /// The node that a field path leads to, or the deepest one on the way that exists.
  ///
  /// It understands the paths this project writes and those of the Grove webhook: names of map entries in brackets or
  /// appended with a point (`metadata.annotations.grove.io/mnnvl-group`, A-004), lists without a position
  /// (`spec.template.cliques.roleName` leads to the list), and the extra `spec` below `podSpec` (B-A04).
  ///
  /// - Parameters:
  ///   - path: a field path; empty for the root.
  ///   - root: the node the path begins at.
  /// - Complexity: O(members × depth).
  public func locate(_ path: String, in root: Int) -> PathMatch {
    var match = PathMatch(node: root, key: nil, isExact: true)
    var path = path
    path.withUTF8 { text in
      var position = 0
      var lastName = ""
      while position < text.count {
        let rest = UnsafeBufferPointer(rebasing: text[position...])
        if self[match.node].kind == .array {
          guard let (index, length) = listPosition(rest), let element = element(index, of: match.node)
          else { break }
          match = PathMatch(node: element, key: nil, isExact: true)
          position += length
        } else {
          guard self[match.node].kind == .object else { break }
          if let (key, length) = member(onPath: rest, of: match.node) {
            match = PathMatch(node: key + 1, key: key, isExact: true)
            lastName = string(at: key)
            position += length
          } else if lastName == "podSpec", let length = extraSpec(rest) {
            position += length
          } else {
            break
          }
        }
      }
      match.isExact = position == text.count
    }
    return match
  }

  /// A position in brackets at the beginning of a path, and its length.
  private func listPosition(_ text: UnsafeBufferPointer<UInt8>) -> (index: Int, length: Int)? {
    guard text.count >= 3, text[0] == 0x5B else { return nil }
    var index = 0
    var length = 1
    while length < min(text.count, 10), text[length] &- 0x30 <= 9 {
      index = index * 10 + Int(text[length] - 0x30)
      length += 1
    }
    guard length > 1, length < text.count, text[length] == 0x5D else { return nil }
    return (index, length + 1)
  }

  private func element(_ position: Int, of array: Int) -> Int? {
    guard position < Int(self[array].length) else { return nil }
    var cursor = array + 1
    for _ in 0..<position { cursor = Int(self[cursor].next) }
    return cursor
  }

  /// The member with the longest name that the path begins with, and how much of the path that is.
  private func member(
    onPath text: UnsafeBufferPointer<UInt8>, of object: Int
  ) -> (key: Int, length: Int)? {
    var best: (key: Int, length: Int)?
    var cursor = object + 1
    while cursor < Int(self[object].next) {
      let length = withText(at: cursor) { prefixLength(of: $0, on: text) }
      if length > best?.length ?? 0 { best = (cursor, length) }
      cursor = Int(self[cursor + 1].next)
    }
    return best
  }

  /// How much of a path a name covers, with its point or brackets; 0 when the path does not begin with it.
  private func prefixLength(
    of name: UnsafeBufferPointer<UInt8>, on path: UnsafeBufferPointer<UInt8>
  ) -> Int {
    let opening = path[0] == 0x2E || path[0] == 0x5B ? 1 : 0
    let end = opening + name.count
    guard end <= path.count, sameBytes(name, UnsafeBufferPointer(rebasing: path[opening..<end])) else {
      return 0
    }
    if path[0] == 0x5B { return end < path.count && path[end] == 0x5D ? end + 1 : 0 }
    return end == path.count || path[end] == 0x2E || path[end] == 0x5B ? end : 0
  }

  private func extraSpec(_ path: UnsafeBufferPointer<UInt8>) -> Int? {
    let name: StaticString = "spec"
    let length = prefixLength(
      of: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), on: path)
    return length > 0 ? length : nil
  }
}

/// Where a field path leads.
public struct PathMatch: Sendable, Equatable {
  /// The value's node.
  public var node: Int
  /// The node of the member's name, when the value is a member.
  public var key: Int?
  /// Whether the whole path was found; otherwise this is the deepest part of it that exists.
  public var isExact: Bool
}

extension Tape {
  /// Where in the source a node is worth pointing at: a scalar itself, a container by the name it has.
  ///
  /// - Parameters:
  ///   - match: what ``locate(_:in:)`` found.
  ///   - file: what the source is called.
  /// - Returns: nil when the tape did not come from a text.
  public func location(of match: PathMatch, file: String) -> SourceLocation? {
    let isContainer = self[match.node].kind == .object || self[match.node].kind == .array
    return location(of: isContainer ? match.key ?? match.node : match.node, file: file)
  }

  /// Where in the source a node is.
  ///
  /// - Returns: nil when the tape did not come from a text.
  public func location(of node: Int, file: String) -> SourceLocation? {
    let entry = self[node]
    guard entry.line > 0 else { return nil }
    return SourceLocation(file: file, line: Int(entry.line), column: Int(entry.column))
  }
}
