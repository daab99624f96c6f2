/// The storage of a ``Tape`` laid open, for code of this package that cannot afford a call for each node.
///
/// Everything is trusted: indices are not checked. A view is valid only inside ``Tape/withView(_:)``.
package struct TapeView {
  /// The nodes.
  package let nodes: UnsafePointer<TapeNode>
  /// The number of nodes.
  package let count: Int
  /// The bytes that nodes without a symbol refer to.
  package let bytes: UnsafePointer<UInt8>
  /// Where each name of the vocabulary begins, by symbol; each ends one byte before the next begins.
  package let nameStarts: UnsafePointer<UInt32>
  /// The names of the vocabulary.
  package let nameBytes: UnsafePointer<UInt8>
}

extension Tape {
  /// Calls `body` with the tape's storage.
  package func withView<R>(_ body: (TapeView) -> R) -> R {
    withExtendedLifetime(self) {
      body(
        TapeView(
          nodes: UnsafePointer(nodes), count: count, bytes: UnsafePointer(bytes),
          nameStarts: UnsafePointer(names.starts), nameBytes: names.blob))
    }
  }
}
