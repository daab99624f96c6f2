/// A map in key order that copies in O(1) and changes in O(√n) after a copy.
///
/// Entries stand in chunks of at most 128; a copy shares all chunks, and a change copies the list of chunks and
/// one chunk. Iteration is in key order, always.
struct SortedTable<Key: Comparable & Sendable, Element: Sendable>: Sendable {
  // Changed only while uniquely referenced, so sharing between threads is safe.
  fileprivate final class Chunk: @unchecked Sendable {
    var keys: [Key]
    var elements: [Element]

    init(keys: [Key], elements: [Element]) {
      self.keys = keys
      self.elements = elements
    }

    func copy() -> Chunk { Chunk(keys: keys, elements: elements) }

    /// The position of the first key that is not below `key`.
    @inline(__always)
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

  private var chunks: [Chunk] = []
  private(set) var count = 0

  private static var capacity: Int { 128 }

  init() {}

  var isEmpty: Bool { count == 0 }

  /// The chunk that holds a key, or would.
  @inline(__always)
  private func chunkIndex(_ key: Key) -> Int {
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      if chunks[middle].keys[0] <= key { low = middle + 1 } else { high = middle }
    }
    return Swift.max(low - 1, 0)
  }

  subscript(key: Key) -> Element? {
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

  @inline(__always)
  private mutating func makeUnique(_ index: Int) {
    if !isKnownUniquelyReferenced(&chunks[index]) { chunks[index] = chunks[index].copy() }
  }

  mutating func insert(_ element: Element, at key: Key) {
    guard !chunks.isEmpty else {
      chunks.append(Chunk(keys: [key], elements: [element]))
      count = 1
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
    count += 1
    guard chunk.keys.count > Self.capacity else { return }
    // Keys often come in order: a full last chunk is then left nearly full instead of half.
    let cut =
      index == chunks.count - 1 && position == chunk.keys.count - 1 ? Self.capacity - 8 : Self.capacity / 2
    let upper = Chunk(keys: Array(chunk.keys[cut...]), elements: Array(chunk.elements[cut...]))
    chunk.keys.removeSubrange(cut...)
    chunk.elements.removeSubrange(cut...)
    chunks.insert(upper, at: index + 1)
  }

  mutating func remove(_ key: Key) {
    guard !chunks.isEmpty else { return }
    let index = chunkIndex(key)
    let position = chunks[index].position(key)
    guard position < chunks[index].keys.count, chunks[index].keys[position] == key else { return }
    makeUnique(index)
    chunks[index].keys.remove(at: position)
    chunks[index].elements.remove(at: position)
    count -= 1
    if chunks[index].keys.isEmpty { chunks.remove(at: index) }
  }

  /// Changes the element at a key in place, inserting `initial` first when there is none, and removing it when
  /// `body` returns false.
  mutating func modify(
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
  struct Iterator: IteratorProtocol {
    private let chunks: [Chunk]
    private var chunk = 0
    private var position = 0

    fileprivate init(_ chunks: [Chunk]) { self.chunks = chunks }

    mutating func next() -> Element? {
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

  func makeIterator() -> Iterator { Iterator(chunks) }

  var underestimatedCount: Int { count }
}
