internal import GroveModel
internal import GroveReconcile
internal import GroveSimulate
internal import KubernetesModel

/// Compares what was reported in the course of a case: type, reason, object and message, each once.
///
/// How often something was reported is not compared: the original repeats itself (B-R33).
enum EventComparison {
  /// Whether something is lost for a moment, or made twice in a race, depends on when passes happen to look.
  private static func dependsOnTiming(_ line: String) -> Bool {
    line.contains(" AllScheduledReplicasLost ")
      || line.contains("Failed ") && line.hasSuffix(" already exists")
  }

  /// What the original reports on every pass, whether it did something or not (B-R33).
  private static let repeatedReasons = [
    " PodCliqueCreateOrUpdateSuccessful ", " PodCliqueScalingGroupCreateSuccessful ",
    " PodGangCreateOrUpdateSuccessful ",
  ]

  /// How many events about one object a client of Kubernetes sends in one go before it holds back the rest.
  private static let burst = 25

  /// Which events only one side has, each in a line.
  ///
  /// - Returns: the events, and the ids of deviations that made others.
  static func differences(
    _ recorded: [Value], _ ours: [EventRecord], isTopologyCase: Bool
  ) -> (lines: [String], deviations: Set<String>) {
    let theirs = Set(
      recorded.map { event in
        line(
          event["type"]?.stringValue, event["reason"]?.stringValue, event["object"]?.stringValue,
          plain(event["message"]?.stringValue ?? "", ofRecording: true))
      })
    // Objects about which the original has repeated itself until the rest was held back.
    var counts: [String: Int64] = [:]
    // Objects and reasons of which the client has put further events together into one.
    var combined: Set<String> = []
    for event in recorded {
      let object = event["object"]?.stringValue ?? ""
      counts[object, default: 0] += event["count"]?.integerValue ?? 1
      if event["message"]?.stringValue?.hasPrefix(combinedPrefix) == true {
        combined.insert("\(event["reason"]?.stringValue ?? "") \(object)")
      }
    }
    var lines: [String] = []
    var deviations: Set<String> = []
    var own: Set<String> = []
    for record in ours {
      let event = record.event
      // Bindings belong to the cluster that a case finds.
      if event.subject.kind == .clusterTopologyBinding, !isTopologyCase { continue }
      let object = "\(event.subject.kind.kind)/\(event.subject.name)"
      let text = line(event.severity.rawValue, event.reason, object, plain(event.message, ofRecording: false))
      guard own.insert(text).inserted, !theirs.contains(text), !dependsOnTiming(text) else { continue }
      if combined.contains("\(event.reason) \(object)") { continue }
      if counts[object, default: 0] >= burst {
        deviations.insert("B-R33")
      } else {
        lines.append("ours only: \(text)")
      }
    }
    for text in theirs.subtracting(own).sorted() where !dependsOnTiming(text) {
      if repeatedReasons.contains(where: { text.contains($0) }) {
        deviations.insert("B-R33")
      } else {
        lines.append("recorded only: \(text)")
      }
    }
    return (lines.sorted(), deviations)
  }

  private static let combinedPrefix = "(combined from similar events): "

  private static func line(_ type: String?, _ reason: String?, _ object: String?, _ message: String) -> String
  {
    "\(type ?? "") \(reason ?? "") \(object ?? ""): \(message)"
  }

  /// A message without the ends of pod names: random ones here, indices in recordings.
  private static func plain(_ message: String, ofRecording: Bool) -> String {
    var message = message
    if message.hasPrefix(combinedPrefix) { message.removeFirst(combinedPrefix.count) }
    for prefix in ["Created Pod: ", "Deleted Pod: "] where message.hasPrefix(prefix) {
      guard let dash = message.lastIndex(of: "-") else { return message }
      let end = message[message.index(after: dash)...]
      // A second pod of one index is called -dup1 or #2.
      if ofRecording, end.hasPrefix("dup") {
        return plain(String(message[..<dash]), ofRecording: true)
      }
      return message[..<dash] + "-*"
    }
    // Refused pods are called by the names they would have had.
    let prefix = "Error creating pod : Pod \""
    if message.hasPrefix(prefix), let quote = message.dropFirst(prefix.count).firstIndex(of: "\"") {
      let name = message[..<quote].dropLast(5)
      return name + "*" + message[quote...]
    }
    return message
  }
}
