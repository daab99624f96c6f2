/// A parsed document, or several, as one flat array of nodes over one block of bytes.
///
/// Every reader (JSON here, YAML in `GroveManifest`) and every typed value turn into a tape, and
/// every typed decoder and every writer read one. A tape is immutable and shared freely.
///
/// It is not a tree of objects: use ``Value`` for navigation and the typed API for meaning.
public final class Tape: @unchecked Sendable {
  // Immutable after init, freed in deinit, never handed out mutable: that is why Sendable holds.
  package let nodes: UnsafeMutablePointer<TapeNode>
  /// The number of nodes.
  public let count: Int
  package let bytes: UnsafeMutablePointer<UInt8>
  package let byteCount: Int
  package let names: FieldNames
  /// The indices of the top-level values, one for each document.
  public let roots: [Int]

  package init(
    nodes: UnsafeMutablePointer<TapeNode>, count: Int, bytes: UnsafeMutablePointer<UInt8>,
    byteCount: Int, roots: [Int]
  ) {
    self.nodes = nodes
    self.count = count
    self.bytes = bytes
    self.byteCount = byteCount
    self.roots = roots
    self.names = FieldNames.shared
  }

  deinit {
    nodes.deallocate()
    bytes.deallocate()
  }

  /// The node at an index.
  public subscript(index: Int) -> TapeNode {
    precondition(index >= 0 && index < count, "tape index out of range")
    return nodes[index]
  }

  /// The text of a scalar or key node as UTF-8, without copying.
  ///
  /// - Returns: what `body` returns; the buffer is valid only inside it.
  public func withText<R>(at index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    body(text(self[index]))
  }

  /// The text of a scalar or key node. Empty for containers and nulls.
  public func string(at index: Int) -> String {
    String(decoding: text(self[index]), as: UTF8.self)
  }

  @inline(__always)
  package func text(_ node: TapeNode) -> UnsafeBufferPointer<UInt8> {
    if node.symbol != 0 { return names.bytes(node.symbol) }
    if node.kind.rawValue <= TapeKind.boolean.rawValue || node.kind == .array || node.kind == .object {
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    return UnsafeBufferPointer(start: bytes + Int(node.offset), count: Int(node.length))
  }

  /// The index of the value of the member called `name`, or nil.
  ///
  /// - Complexity: O(members of the object).
  public func member(_ name: String, of index: Int) -> Int? {
    let object = self[index]
    guard object.kind == .object else { return nil }
    var name = name
    return name.withUTF8 { wanted in
      var cursor = index + 1
      while cursor < Int(object.next) {
        if sameBytes(text(nodes[cursor]), wanted) { return cursor + 1 }
        cursor = Int(nodes[cursor + 1].next)
      }
      return nil
    }
  }
}

@inline(__always)
package func sameBytes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
  guard a.count == b.count else { return false }
  for index in 0..<a.count where a[index] != b[index] { return false }
  return true
}

/// Byte order of two names: the order of members in everything this project writes.
@inline(__always)
func bytesPrecede(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
  let shared = min(a.count, b.count)
  for index in 0..<shared where a[index] != b[index] { return a[index] < b[index] }
  return a.count < b.count
}
