public import Foundation

/// The recordings, oracles and inputs that lie beside the package and judge it; they may be absent, and tests that need
/// them are skipped then.
public enum SharedFiles {
  /// The root of the package.
  public static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().standardizedFileURL

  /// The folder beside the package.
  public static let root = package.deletingLastPathComponent().appending(path: "shared")

  /// A file or folder in it: `SharedFiles.url("oracle/scalars.jsonl")`.
  public static func url(_ path: String) -> URL { root.appending(path: path) }

  /// Whether a file or folder is there.
  public static func contains(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: url(path).path)
  }

  /// What a skipped test says.
  public static func absence(of path: String) -> String { "no ../shared/\(path) beside the package" }

  /// The lines of a text file that are not empty; none where there is no such file.
  public static func lines(_ path: String) -> [Substring] {
    guard let text = try? String(contentsOf: url(path), encoding: .utf8) else { return [] }
    return text.split(whereSeparator: \.isNewline)
  }
}
