/// Keys in a fixed order, with the smallest of any range found in O(log n).
///
/// Each layer holds the minimum of every sixteen keys below.
struct MinTree: Sendable {
  static let none = UInt64.max
  private static let shift = 4
  private static let width = 16

  /// All layers, the keys first.
  private var cells: [UInt64] = []
  /// Where each layer begins, with the end of the last.
  private var starts: [Int] = [0]

  init(_ keys: [UInt64]) {
    cells = keys
    starts = [0, keys.count]
    var count = keys.count
    while count > Self.width {
      let below = starts[starts.count - 2]
      let blocks = (count + Self.width - 1) >> Self.shift
      for block in 0..<blocks {
        let first = below + block << Self.shift
        var least = Self.none
        for index in first..<min(first + Self.width, below + count) where cells[index] < least {
          least = cells[index]
        }
        cells.append(least)
      }
      starts.append(cells.count)
      count = blocks
    }
  }

  @inline(__always)
  subscript(index: Int) -> UInt64 { cells[index] }

  mutating func set(_ index: Int, _ key: UInt64) {
    cells.withUnsafeMutableBufferPointer { cells in
      cells[index] = key
      var child = index
      var layer = 1
      while layer + 1 < starts.count {
        let block = child >> Self.shift
        let first = starts[layer - 1] + block << Self.shift
        let end = min(first + Self.width, starts[layer])
        var least = Self.none
        for position in first..<end { least = min(least, cells[position]) }
        let parent = starts[layer] + block
        if cells[parent] == least { return }
        cells[parent] = least
        child = block
        layer += 1
      }
    }
  }

  /// The first position of the smallest key of a range, or nil when all keys there are ``none``.
  func smallest(in range: Range<Int>) -> (position: Int, key: UInt64)? {
    cells.withUnsafeBufferPointer { cells in
      var best = Best()
      search(cells, 0, range.lowerBound, range.upperBound, &best)
      guard best.key != Self.none else { return nil }
      var position = best.position
      var layer = best.layer
      while layer > 0 {
        layer -= 1
        var child = position << Self.shift
        while cells[starts[layer] + child] != best.key { child += 1 }
        position = child
      }
      return (position, best.key)
    }
  }

  private struct Best {
    var key = MinTree.none
    var layer = 0
    var position = 0
  }

  private func search(
    _ cells: UnsafeBufferPointer<UInt64>, _ layer: Int, _ low: Int, _ high: Int, _ best: inout Best
  ) {
    let firstBlock = (low + Self.width - 1) >> Self.shift
    let endBlock = high >> Self.shift
    if firstBlock >= endBlock || layer + 2 >= starts.count {
      scan(cells, layer, low, high, &best)
      return
    }
    scan(cells, layer, low, firstBlock << Self.shift, &best)
    search(cells, layer + 1, firstBlock, endBlock, &best)
    scan(cells, layer, endBlock << Self.shift, high, &best)
  }

  @inline(__always)
  private func scan(
    _ cells: UnsafeBufferPointer<UInt64>, _ layer: Int, _ low: Int, _ high: Int, _ best: inout Best
  ) {
    let start = starts[layer]
    var position = low
    while position < high {
      if cells[start + position] < best.key {
        best = Best(key: cells[start + position], layer: layer, position: position)
      }
      position += 1
    }
  }
}
