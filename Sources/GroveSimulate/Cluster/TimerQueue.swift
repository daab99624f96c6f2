package import KubernetesModel

/// Keys with the time at which something is due for each: at most one time per key, ties first come first served.
package struct TimerQueue<Key: Hashable & Sendable>: Sendable {
  private struct Entry: Sendable {
    var time: Timestamp
    /// Ties go to the one that was set first.
    var order: UInt64
    var key: Key

    static func precedes(_ a: Entry, _ b: Entry) -> Bool {
      a.time == b.time ? a.order < b.order : a.time < b.time
    }
  }

  /// A heap. Entries whose order is not the key's any more are skipped when they come up.
  private var heap: [Entry] = []
  private var orders: [Key: UInt64] = [:]
  private var lastOrder: UInt64 = 0

  /// Whether nothing is due ever.
  package var isEmpty: Bool { orders.isEmpty }

  /// The keys that have a time, in no order.
  package var keys: some Collection<Key> { orders.keys }

  /// What is due when, the earliest first.
  ///
  /// - Complexity: O(n log n).
  package var entries: [(time: Timestamp, key: Key)] {
    heap.filter { orders[$0.key] == $0.order }.sorted(by: Entry.precedes).map { ($0.time, $0.key) }
  }

  /// Sets when a key is due, in the place of what was set before; nil for never.
  package mutating func set(_ key: Key, at time: Timestamp?) {
    guard let time else {
      if !orders.isEmpty { orders[key] = nil }
      return
    }
    lastOrder += 1
    orders[key] = lastOrder
    push(Entry(time: time, order: lastOrder, key: key))
  }

  /// When the next key is due.
  package mutating func nextTime() -> Timestamp? {
    while let first = heap.first {
      if orders[first.key] == first.order { return first.time }
      removeFirst()
    }
    return nil
  }

  /// Takes the next key that is due by now.
  package mutating func popDue(at now: Timestamp) -> Key? {
    guard let time = nextTime(), time <= now, let first = heap.first else { return nil }
    removeFirst()
    orders[first.key] = nil
    return first.key
  }

  private mutating func push(_ entry: Entry) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard Entry.precedes(heap[child], heap[parent]) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func removeFirst() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && Entry.precedes(heap[child], heap[least]) {
        least = child
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
