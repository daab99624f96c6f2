internal import GroveModel
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
  /// Positions by digest of the event; a digest that another event has is counted up.
  private var positions: [UInt64: Int] = [:]

  /// Whether ``takeNews()`` has anything to hand out.
  var keepsNews = false
  private var news: [ObjectEvent] = []

  /// No events.
  public init() {}

  /// Adds an event, or counts it when an equal one is there.
  public mutating func record(_ event: ObjectEvent, at time: Timestamp) {
    if keepsNews { news.append(event) }
    var digest = Self.digest(event)
    while let position = positions[digest] {
      if records[position].event == event {
        records[position].count += 1
        records[position].lastTime = time
        return
      }
      digest &+= 1
    }
    positions[digest] = records.count
    records.append(EventRecord(event: event, count: 1, firstTime: time, lastTime: time))
  }

  /// Hands out what was reported since the last call, in order.
  mutating func takeNews() -> [ObjectEvent] {
    var taken: [ObjectEvent] = []
    swap(&taken, &news)
    return taken
  }

  /// A digest of what tells most events apart: cheaper than hashing all of one, and nothing to keep but a number.
  private static func digest(_ event: ObjectEvent) -> UInt64 {
    var digest: UInt64 = 14_695_981_039_346_656_037
    for text in [event.message, event.subject.name] {
      for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 1_099_511_628_211 }
    }
    return digest
  }
}
