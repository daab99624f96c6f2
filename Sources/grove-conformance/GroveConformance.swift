import Foundation

/// Replays recordings of a real API server against the server value.
///
/// Usage: `grove-conformance DIR… [--only NAME…] [--verbose]`. Each folder holds sessions, or has a folder `sessions`.
/// Prints each session with the first differences, and totals as the last line. Exits with 1 when anything differs that
/// is not on the list of accepted differences.
@main
struct GroveConformance {
  static func main() {
    var folders: [String] = []
    var only: [String] = []
    var isVerbose = false
    var takesNames = false
    for argument in CommandLine.arguments.dropFirst() {
      switch argument {
      case "--only": takesNames = true
      case "--verbose", "-v": isVerbose = true
      default:
        if takesNames { only.append(argument) } else { folders.append(argument) }
      }
    }
    guard !folders.isEmpty else {
      FileHandle.standardError.write(Data("usage: grove-conformance DIR… [--verbose] [--only NAME…]\n".utf8))
      exit(64)
    }
    var totals = Totals()
    for file in folders.flatMap({ sessionFiles(in: $0) }) {
      let name = file.deletingPathExtension().lastPathComponent
      if !only.isEmpty, !only.contains(where: { name.hasPrefix($0) }) { continue }
      guard let session = Session(contentsOf: file) else {
        print("\(name): cannot be read")
        totals.unreadable += 1
        continue
      }
      var replay = Replay(session)
      let differences = replay.run()
      totals.add(session, differences)
      report(name, session, differences, isVerbose: isVerbose)
    }
    print(totals.line)
    exit(totals.isClean ? 0 : 1)
  }

  private static func sessionFiles(in folder: String) -> [URL] {
    let url = URL(fileURLWithPath: folder)
    let inner = url.appendingPathComponent("sessions")
    let place = FileManager.default.fileExists(atPath: inner.path) ? inner : url
    let files =
      (try? FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
  }

  private static func report(_ name: String, _ session: Session, _ differences: [Difference], isVerbose: Bool)
  {
    let failing = Set(differences.filter { $0.reason == nil }.map(\.exchange))
    let accepted = differences.filter { $0.reason != nil }
    let suffix = accepted.isEmpty ? "" : ", \(Set(accepted.map(\.exchange)).count) accepted"
    if failing.isEmpty {
      print("\(name): equal (\(session.exchanges.count) exchanges\(suffix))")
      return
    }
    print("\(name): \(failing.count) of \(session.exchanges.count) exchanges differ\(suffix)")
    let shown = differences.filter { $0.reason == nil }
    for difference in isVerbose ? shown[...] : shown.prefix(3) {
      print("  \(difference.exchange): \(difference.path): \(difference.text)")
    }
  }
}

/// Something that is not as it was recorded.
struct Difference {
  /// The number of the exchange.
  var exchange: Int
  /// Where in the answer.
  var path: String
  /// What was expected and what came.
  var text: String
  /// Why it does not matter; nil when it does.
  var reason: String?
}

/// How much was compared.
struct Totals {
  var sessions = 0
  var equalSessions = 0
  var exchanges = 0
  var equalExchanges = 0
  var acceptedExchanges = 0
  var unreadable = 0

  var isClean: Bool { unreadable == 0 && equalExchanges == exchanges }

  mutating func add(_ session: Session, _ differences: [Difference]) {
    let failing = Set(differences.filter { $0.reason == nil }.map(\.exchange))
    let accepted = Set(differences.filter { $0.reason != nil }.map(\.exchange)).subtracting(failing)
    sessions += 1
    exchanges += session.exchanges.count
    equalExchanges += session.exchanges.count - failing.count
    acceptedExchanges += accepted.count
    if failing.isEmpty { equalSessions += 1 }
  }

  var line: String {
    "sessions \(equalSessions) of \(sessions) equal, exchanges \(equalExchanges) of \(exchanges) equal "
      + "(\(acceptedExchanges) with accepted differences)"
  }
}
