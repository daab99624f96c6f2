internal import KubernetesModel

extension TapeView {
  /// The text of a key, string or number node.
  @inline(__always)
  func text(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let node = nodes[index]
    if node.symbol != 0 {
      let start = Int(nameStarts[Int(node.symbol)])
      let end = Int(nameStarts[Int(node.symbol) + 1])
      return UnsafeBufferPointer(start: nameBytes + start, count: end - start - 1)
    }
    return UnsafeBufferPointer(start: bytes + Int(node.offset), count: Int(node.length))
  }

  /// A few bits that are equal for equal names and cost next to nothing.
  @inline(__always)
  func fingerprint(_ key: Int) -> UInt32 {
    let node = nodes[key]
    if node.symbol != 0 { return UInt32(node.symbol) }
    let length = Int(node.length)
    guard length > 0 else { return 0 }
    let name = bytes + Int(node.offset)
    let mixed =
      node.length &* 31 &+ UInt32(name[length - 1]) &* 7 &+ UInt32(name[length / 2]) &* 13
      &+ UInt32(name[length * 3 / 4])
    return mixed &* 0x9E37_79B1 >> 26
  }

  /// Whether two keys have the same name.
  @inline(__always)
  func sameName(_ a: Int, _ b: Int) -> Bool {
    if nodes[a].symbol != 0 || nodes[b].symbol != 0 { return nodes[a].symbol == nodes[b].symbol }
    let (first, second) = (text(a), text(b))
    guard first.count == second.count else { return false }
    for index in 0..<first.count where first[index] != second[index] { return false }
    return true
  }

  /// Whether a key comes before another in byte order of the names; of equal names, the one that was read first.
  func namePrecedes(_ a: Int, _ b: Int) -> Bool {
    let (first, second) = (text(a), text(b))
    let shared = min(first.count, second.count)
    for index in 0..<shared where first[index] != second[index] { return first[index] < second[index] }
    return first.count == second.count ? a < b : first.count < second.count
  }
}
