package import GroveModel
package import KubernetesModel

/// The keys that wait for a pass: each at most once, first come first served, with delays and backoff.
package struct WorkQueue: Sendable {
  private var line = UniqueQueue<ObjectKey>()
  private var alarms = TimerQueue<ObjectKey>()
  private var failures: [ObjectKey: Int] = [:]

  /// The first delay after a failure; it doubles with each further one.
  package static let firstBackoff = Duration.milliseconds(5)
  /// The longest delay after failures.
  package static let longestBackoff = Duration.seconds(1_000)

  /// Whether no key can be taken now.
  package var isIdle: Bool { line.isEmpty }

  /// The keys that can be taken now, in order.
  package var ready: ArraySlice<ObjectKey> { line.elements }

  /// Adds a key, unless it waits already.
  package mutating func add(_ key: ObjectKey) { line.append(key) }

  /// Takes the key that has waited longest.
  package mutating func next() -> ObjectKey? { line.popFirst() }

  /// Takes a key wherever it stands in the line.
  ///
  /// - Returns: whether it was there.
  package mutating func take(_ key: ObjectKey) -> Bool { line.remove(key) }

  /// Sets when a key is to be added, in the place of what was set before; nil for never.
  package mutating func schedule(_ key: ObjectKey, at time: Timestamp?) { alarms.set(key, at: time) }

  /// The keys that are scheduled, in no order.
  package var scheduled: some Collection<ObjectKey> { alarms.keys }

  /// The keys that are scheduled, with their times, the earliest first.
  package var alarmList: [(time: Timestamp, key: ObjectKey)] { alarms.entries }

  /// How often passes over keys failed in a row, in no order.
  package var failureCounts: [ObjectKey: Int] { failures }

  /// When the next scheduled key is due.
  package mutating func nextAlarm() -> Timestamp? { alarms.nextTime() }

  /// Adds the scheduled keys that are due.
  package mutating func ring(at now: Timestamp) {
    while let key = alarms.popDue(at: now) { add(key) }
  }

  /// Notes that a pass over a key failed.
  ///
  /// - Returns: how long to wait before the next attempt.
  package mutating func failed(_ key: ObjectKey) -> Duration {
    let count = failures[key, default: 0]
    failures[key] = count + 1
    return count < 18
      ? min(Self.firstBackoff * (1 << Int64(count)), Self.longestBackoff) : Self.longestBackoff
  }

  /// Forgets the failures of a key.
  package mutating func succeeded(_ key: ObjectKey) {
    if !failures.isEmpty { failures[key] = nil }
  }
}
