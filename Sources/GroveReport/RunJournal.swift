internal import GroveModel
internal import GroveReconcile
public import GroveSimulate
public import KubernetesModel

/// The journal of a run, line by line: one JSON object for each change and each event, with a digest of everything up
/// to it.
///
/// Two runs whose journals are equal did the same; the first line that differs is where they parted.
public struct RunJournal: Sendable {
  /// FNV-1a of all lines so far and the objects they are about.
  public private(set) var digest: UInt64 = 14_695_981_039_346_656_037
  /// How many lines were made.
  public private(set) var lines = 0

  private let start: Timestamp

  /// The journal of a run that begins at a time.
  public init(start: Timestamp) { self.start = start }

  /// The line about something that happened; nil for actions, which whoever acts writes down.
  public mutating func line(_ happening: Happening) -> String? {
    switch happening.what {
    case .action: return nil
    case .change(let change):
      guard let resource = change.new ?? change.old else { return nil }
      let verb = change.old == nil ? "added" : change.new == nil ? "deleted" : "modified"
      mix(JSONWriter.string(resource.value))
      return line(happening.time, [(verb, .string(resource.key.description))])
    case .event(let event):
      let text = "\(event.severity.rawValue) \(event.reason) \(event.message)"
      mix(event.source)
      return line(
        happening.time, [("event", .string(text)), ("about", .string(event.subject.description))])
    }
  }

  private mutating func line(_ time: Timestamp, _ members: [(String, Value)]) -> String {
    let time: (String, Value) = ("time", .string((time - start).text))
    mix(JSONWriter.string(.object([time] + members)))
    lines += 1
    return JSONWriter.string(.object([time] + members + [("digest", .string(digestText))]))
  }

  private mutating func mix(_ text: String) {
    for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 1_099_511_628_211 }
    digest = (digest ^ 0xFF) &* 1_099_511_628_211
  }

  /// The digest in sixteen hexadecimal digits.
  public var digestText: String {
    let digits = String(digest, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
