/// Dense numbers for namespaced names: names are hashed once, and everything after works on the numbers.
///
/// Numbers of removed names are used again.
struct NameTable: Sendable {
  /// Namespace by number.
  private(set) var spaces: [String] = []
  /// Name by number.
  private(set) var names: [String] = []
  /// Hash in the upper half, number + 1 in the lower; zero is free. Linear probing.
  private var buckets: [UInt64] = []
  private var free: [Int32] = []
  private var used = 0

  /// One more than the largest number given out.
  var count: Int { names.count }

  mutating func reserveCapacity(_ capacity: Int) {
    spaces.reserveCapacity(capacity)
    names.reserveCapacity(capacity)
    var size = 16
    while size < capacity * 2 { size *= 2 }
    if size > buckets.count { rehash(to: size) }
  }

  /// The number of a name, or nil.
  func find(_ space: String, _ name: String) -> Int? {
    guard !buckets.isEmpty else { return nil }
    let hash = Self.hash(space, name)
    let mask = buckets.count - 1
    var index = Int(hash) & mask
    while true {
      let bucket = buckets[index]
      if bucket == 0 { return nil }
      if UInt32(truncatingIfNeeded: bucket >> 32) == hash {
        let id = Int(bucket & 0xffff_ffff) - 1
        if names[id] == name && spaces[id] == space { return id }
      }
      index = (index + 1) & mask
    }
  }

  /// The number of a name, which is given one if it has none.
  mutating func insert(_ space: String, _ name: String) -> Int {
    if (used + 1) * 2 > buckets.count { rehash(to: max(16, buckets.count * 2)) }
    let hash = Self.hash(space, name)
    let mask = buckets.count - 1
    var index = Int(hash) & mask
    while true {
      let bucket = buckets[index]
      if bucket == 0 { break }
      if UInt32(truncatingIfNeeded: bucket >> 32) == hash {
        let id = Int(bucket & 0xffff_ffff) - 1
        if names[id] == name && spaces[id] == space { return id }
      }
      index = (index + 1) & mask
    }
    let id: Int
    if let recycled = free.popLast() {
      id = Int(recycled)
      spaces[id] = space
      names[id] = name
    } else {
      id = names.count
      spaces.append(space)
      names.append(name)
    }
    buckets[index] = UInt64(hash) << 32 | UInt64(id + 1)
    used += 1
    return id
  }

  /// Forgets a name.
  mutating func remove(_ id: Int) {
    let mask = buckets.count - 1
    var hole = Int(Self.hash(spaces[id], names[id])) & mask
    while buckets[hole] & 0xffff_ffff != UInt64(id + 1) {
      if buckets[hole] == 0 { return }
      hole = (hole + 1) & mask
    }
    // Entries that probed past the hole move back, so that no search stops short.
    var next = (hole + 1) & mask
    while buckets[next] != 0 {
      let home = Int(buckets[next] >> 32) & mask
      if (next - home) & mask >= (next - hole) & mask {
        buckets[hole] = buckets[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    buckets[hole] = 0
    used -= 1
    spaces[id] = ""
    names[id] = ""
    free.append(Int32(id))
  }

  private mutating func rehash(to size: Int) {
    var larger = [UInt64](repeating: 0, count: size)
    let mask = size - 1
    for bucket in buckets where bucket != 0 {
      var index = Int(bucket >> 32) & mask
      while larger[index] != 0 { index = (index + 1) & mask }
      larger[index] = bucket
    }
    buckets = larger
  }

  @inline(__always)
  private static func hash(_ space: String, _ name: String) -> UInt32 {
    let hash = ByteHash.hash(name, seed: ByteHash.hash(space, seed: ByteHash.seed))
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }
}
