/// A map in key order that copies in O(1) and changes in O(√n) after a copy.
///
/// Entries stand in chunks of at most 128; a copy shares all chunks, and a change copies the list of chunks and
/// one chunk. Iteration is in key order, always.
package struct SortedTable<Key: Comparable & Sendable, Element: Sendable>: Sendable {
  // Changed only while uniquely referenced, so sharing between threads is safe.
  @usableFromInline
  final class Chunk: @unchecked Sendable {
    @usableFromInline var keys: [Key]
    @usableFromInline var elements: [Element]

    @inlinable
    init(keys: [Key], elements: [Element]) {
      self.keys = keys
      self.elements = elements
    }

    @inlinable
    func copy() -> Chunk { Chunk(keys: keys, elements: elements) }

    /// The position of the first key that is not below `key`.
    @inlinable @inline(__always)
    func position(_ key: Key) -> Int {
      var low = 0
      var high = keys.count
      while low < high {
        let middle = (low + high) / 2
        if keys[middle] < key { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  @usableFromInline var chunks: [Chunk] = []
  /// How many entries there are.
  @inlinable package var count: Int { storedCount }
  @usableFromInline var storedCount = 0

  @inlinable static var capacity: Int { 128 }

  /// An empty table.
  @inlinable package init() {}

  /// Whether there are no entries.
  @inlinable package var isEmpty: Bool { count == 0 }

  /// The chunk that holds a key, or would.
  @inlinable @inline(__always)
  func chunkIndex(_ key: Key) -> Int {
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      if chunks[middle].keys[0] <= key { low = middle + 1 } else { high = middle }
    }
    return Swift.max(low - 1, 0)
  }

  /// The element at a key.
  @inlinable package subscript(key: Key) -> Element? {
    get {
      guard !chunks.isEmpty else { return nil }
      let chunk = chunks[chunkIndex(key)]
      let position = chunk.position(key)
      return position < chunk.keys.count && chunk.keys[position] == key ? chunk.elements[position] : nil
    }
    set {
      if let newValue { insert(newValue, at: key) } else { remove(key) }
    }
  }

  @inlinable @inline(__always)
  mutating func makeUnique(_ index: Int) {
    if !isKnownUniquelyReferenced(&chunks[index]) { chunks[index] = chunks[index].copy() }
  }

  /// Puts an element at a key, in the place of one that is there.
  @inlinable package mutating func insert(_ element: Element, at key: Key) {
    guard !chunks.isEmpty else {
      chunks.append(Chunk(keys: [key], elements: [element]))
      storedCount = 1
      return
    }
    let index = chunkIndex(key)
    makeUnique(index)
    let chunk = chunks[index]
    let position = chunk.position(key)
    if position < chunk.keys.count, chunk.keys[position] == key {
      chunk.elements[position] = element
      return
    }
    chunk.keys.insert(key, at: position)
    chunk.elements.insert(element, at: position)
    storedCount += 1
    guard chunk.keys.count > Self.capacity else { return }
    // Keys often come in order: a full last chunk is then left nearly full instead of half.
    let cut =
      index == chunks.count - 1 && position == chunk.keys.count - 1 ? Self.capacity - 8 : Self.capacity / 2
    let upper = Chunk(keys: Array(chunk.keys[cut...]), elements: Array(chunk.elements[cut...]))
    chunk.keys.removeSubrange(cut...)
    chunk.elements.removeSubrange(cut...)
    chunks.insert(upper, at: index + 1)
  }

  /// Removes the element at a key, if there is one.
  @inlinable package mutating func remove(_ key: Key) {
    guard !chunks.isEmpty else { return }
    let index = chunkIndex(key)
    let position = chunks[index].position(key)
    guard position < chunks[index].keys.count, chunks[index].keys[position] == key else { return }
    makeUnique(index)
    chunks[index].keys.remove(at: position)
    chunks[index].elements.remove(at: position)
    storedCount -= 1
    if chunks[index].keys.isEmpty { chunks.remove(at: index) }
  }

  /// Changes the element at a key in place, inserting `initial` first when there is none, and removing it when
  /// `body` returns false.
  @inlinable package mutating func modify(
    _ key: Key, default initial: @autoclosure () -> Element, _ body: (inout Element) -> Bool
  ) {
    if self[key] == nil { insert(initial(), at: key) }
    let index = chunkIndex(key)
    makeUnique(index)
    let position = chunks[index].position(key)
    if !body(&chunks[index].elements[position]) { remove(key) }
  }
}

extension SortedTable: Sequence {
  /// Elements in key order.
  package struct Iterator: IteratorProtocol {
    @usableFromInline let chunks: [Chunk]
    @usableFromInline var chunk: Int
    @usableFromInline var position: Int

    @inlinable
    init(_ chunks: [Chunk], chunk: Int = 0, position: Int = 0) {
      self.chunks = chunks
      self.chunk = chunk
      self.position = position
    }

    /// The next element, or nil at the end.
    @inlinable package mutating func next() -> Element? {
      while chunk < chunks.count {
        if position < chunks[chunk].elements.count {
          defer { position += 1 }
          return chunks[chunk].elements[position]
        }
        chunk += 1
        position = 0
      }
      return nil
    }
  }

  /// The elements in key order.
  @inlinable package func makeIterator() -> Iterator { Iterator(chunks) }

  /// The number of elements.
  @inlinable package var underestimatedCount: Int { count }
}

extension SortedTable {
  /// The elements whose keys are not below `key`, in key order.
  ///
  /// - Complexity: O(log n) until the first.
  @inlinable package func elements(from key: Key) -> IteratorSequence<Iterator> {
    guard !chunks.isEmpty else { return IteratorSequence(Iterator([])) }
    let index = chunkIndex(key)
    return IteratorSequence(Iterator(chunks, chunk: index, position: chunks[index].position(key)))
  }

  /// The smallest key, or nil when there is none.
  @inlinable package var firstKey: Key? { chunks.first?.keys.first }
}
