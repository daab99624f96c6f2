internal import GroveModel
internal import KubernetesModel

/// The keys that wait for a pass: each at most once, first come first served, with delays and backoff.
struct WorkQueue: Sendable {
  /// A key that waits for its time.
  private struct Delayed: Sendable {
    var time: Timestamp
    /// Ties go to the one that was added first.
    var order: UInt64
    var key: ObjectKey

    static func precedes(_ a: Delayed, _ b: Delayed) -> Bool {
      a.time == b.time ? a.order < b.order : a.time < b.time
    }
  }

  private var line = UniqueQueue<ObjectKey>()
  /// A heap. Entries that are not in `alarms` any more are skipped when they come up.
  private var heap: [Delayed] = []
  private var alarms: [ObjectKey: UInt64] = [:]
  private var orders: UInt64 = 0
  private var failures: [ObjectKey: Int] = [:]

  /// The first delay after a failure; it doubles with each further one.
  static let firstBackoff = Duration.milliseconds(5)
  /// The longest delay after failures.
  static let longestBackoff = Duration.seconds(1_000)

  /// Whether no key can be taken now.
  var isIdle: Bool { line.isEmpty }

  /// The keys that can be taken now, in order.
  var ready: ArraySlice<ObjectKey> { line.elements }

  /// Adds a key, unless it waits already.
  mutating func add(_ key: ObjectKey) { line.append(key) }

  /// Takes the key that has waited longest.
  mutating func next() -> ObjectKey? { line.popFirst() }

  /// Takes a key wherever it stands in the line.
  ///
  /// - Returns: whether it was there.
  mutating func take(_ key: ObjectKey) -> Bool { line.remove(key) }

  /// Sets when a key is to be added, in the place of what was set before; nil for never.
  mutating func schedule(_ key: ObjectKey, at time: Timestamp?) {
    guard let time else {
      alarms[key] = nil
      return
    }
    orders += 1
    alarms[key] = orders
    push(Delayed(time: time, order: orders, key: key))
  }

  /// The keys that are scheduled, in no order.
  var scheduled: some Collection<ObjectKey> { alarms.keys }

  /// When the next scheduled key is due.
  mutating func nextAlarm() -> Timestamp? {
    while let first = heap.first {
      if alarms[first.key] == first.order { return first.time }
      pop()
    }
    return nil
  }

  /// Adds the scheduled keys that are due.
  mutating func ring(at now: Timestamp) {
    while let time = nextAlarm(), time <= now, let first = heap.first {
      pop()
      alarms[first.key] = nil
      add(first.key)
    }
  }

  /// Notes that a pass over a key failed.
  ///
  /// - Returns: how long to wait before the next attempt.
  mutating func failed(_ key: ObjectKey) -> Duration {
    let count = failures[key, default: 0]
    failures[key] = count + 1
    return count < 18
      ? min(Self.firstBackoff * (1 << Int64(count)), Self.longestBackoff) : Self.longestBackoff
  }

  /// Forgets the failures of a key.
  mutating func succeeded(_ key: ObjectKey) {
    if !failures.isEmpty { failures[key] = nil }
  }

  private mutating func push(_ entry: Delayed) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard Delayed.precedes(heap[child], heap[parent]) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func pop() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && Delayed.precedes(heap[child], heap[least]) {
        least = child
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
