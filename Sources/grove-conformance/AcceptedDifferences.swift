/// Differences that are known and accepted, each with its reason.
enum AcceptedDifferences {
  /// One of them: in which session, at which exchange, and what path the difference has.
  private struct Entry {
    var session: String
    var exchange: Int?
    var path: String
    var reason: String
  }

  private static let entries: [Entry] = [
    Entry(
      session: "004-openapi", exchange: 1, path: "",
      reason: "there is no OpenAPI v2 document: kubectl asks for it in protobuf and does without"),
    Entry(
      session: "004-openapi", exchange: 6, path: "",
      reason: "there is no OpenAPI v2 document: kubectl asks for it in protobuf and does without"),
    Entry(session: "004-openapi", exchange: nil, path: ".schemaNames", reason: "made by the recorder"),
    Entry(
      session: "020-accept", exchange: 6, path: "",
      reason: "a client that takes nothing but protobuf is refused in JSON: there are no answers in protobuf"),
    Entry(
      session: "109-access-reviews", exchange: 13, path: ".status.",
      reason: "the recorded server lists rules in the order of an index that has none"),
    Entry(
      session: "065-apply-errors", exchange: 17, path: ".message",
      reason: "what is wrong with a YAML text is said in our own words"),
    Entry(
      session: "003-server-endpoints", exchange: nil, path: ".goVersion",
      reason: "the build of the recorded server"),
  ]

  /// The difference, with its reason when it is accepted.
  static func judged(_ difference: Difference, _ session: String) -> Difference {
    var difference = difference
    if difference.path.contains("columnDefinitions["), difference.path.hasSuffix(".description") {
      difference.reason = "what columns mean is said in the documentation: nothing shows it"
      return difference
    }
    difference.reason =
      entries.first {
        $0.session == session && ($0.exchange == nil || $0.exchange == difference.exchange)
          && difference.path.hasPrefix($0.path)
      }?.reason
    return difference
  }
}
