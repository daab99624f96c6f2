public import GroveReconcile
public import KubernetesModel

/// An event as the cluster keeps it: equal ones are counted, not repeated.
public struct EventRecord: Sendable, Equatable {
  /// What was reported.
  public var event: ObjectEvent
  /// How often; at least 1.
  public var count: Int
  /// When it was first reported.
  public var firstTime: Timestamp
  /// When it was last reported.
  public var lastTime: Timestamp
}

/// The events of a cluster, in the order in which each was first reported.
public struct EventLog: Sendable {
  /// The events.
  public private(set) var records: [EventRecord] = []
  private var positions: [ObjectEvent: Int] = [:]

  /// No events.
  public init() {}

  /// Adds an event, or counts it when an equal one is there.
  public mutating func record(_ event: ObjectEvent, at time: Timestamp) {
    if let position = positions[event] {
      records[position].count += 1
      records[position].lastTime = time
    } else {
      positions[event] = records.count
      records.append(EventRecord(event: event, count: 1, firstTime: time, lastTime: time))
    }
  }
}
