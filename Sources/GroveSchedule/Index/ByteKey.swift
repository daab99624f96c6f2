internal import KubernetesModel

/// A growing byte sequence that stands for the fields written to it, one to one.
struct ByteKey: Sendable {
  private(set) var bytes: [UInt8] = []

  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  @inline(__always)
  mutating func number(_ value: Int) {
    var rest = UInt64(bitPattern: Int64(value))
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  @inline(__always)
  mutating func text(_ text: String) {
    let count = text.utf8.count
    number(count)
    if count > 0 { bytes.append(contentsOf: text.utf8) }
  }

  mutating func texts(_ texts: [String]) {
    number(texts.count)
    for item in texts { text(item) }
  }

  mutating func map(_ map: StringMap<String>) {
    number(map.count)
    for index in map.indices {
      text(map[index].key)
      text(map[index].value)
    }
  }

  /// Amounts by the way they are written: `1` and `1000m` differ here and meet again once they are understood.
  mutating func map(_ map: StringMap<Quantity>) {
    number(map.count)
    for entry in map {
      text(entry.key)
      text(entry.value.text)
    }
  }
}

/// Dense numbers for byte sequences.
struct ByteKeyTable: Sendable {
  private var keys: [UInt8] = []
  private var starts: [Int] = [0]
  private var buckets: [UInt64] = []

  var count: Int { starts.count - 1 }

  func find(_ key: ByteKey) -> Int? {
    guard !buckets.isEmpty else { return nil }
    return key.bytes.withUnsafeBufferPointer { bytes in
      let hash = UInt32(truncatingIfNeeded: ByteHash.hash(bytes, seed: ByteHash.seed))
      let mask = buckets.count - 1
      var index = Int(hash) & mask
      while buckets[index] != 0 {
        if UInt32(truncatingIfNeeded: buckets[index] >> 32) == hash {
          let id = Int(buckets[index] & 0xffff_ffff) - 1
          if isEqual(id, bytes) { return id }
        }
        index = (index + 1) & mask
      }
      return nil
    }
  }

  /// Numbers a key that ``find(_:)`` did not find.
  mutating func add(_ key: ByteKey) -> Int {
    if (count + 1) * 2 > buckets.count { rehash(to: max(16, buckets.count * 2)) }
    let id = count
    let hash = key.bytes.withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: ByteHash.hash($0, seed: ByteHash.seed))
    }
    keys.append(contentsOf: key.bytes)
    starts.append(keys.count)
    place(UInt64(hash) << 32 | UInt64(id + 1))
    return id
  }

  private mutating func place(_ bucket: UInt64) {
    let mask = buckets.count - 1
    var index = Int(bucket >> 32) & mask
    while buckets[index] != 0 { index = (index + 1) & mask }
    buckets[index] = bucket
  }

  private func isEqual(_ id: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = starts[id]
    guard starts[id + 1] - start == bytes.count else { return false }
    for offset in bytes.indices where keys[start + offset] != bytes[offset] { return false }
    return true
  }

  private mutating func rehash(to size: Int) {
    let old = buckets
    buckets = [UInt64](repeating: 0, count: size)
    for bucket in old where bucket != 0 { place(bucket) }
  }
}
