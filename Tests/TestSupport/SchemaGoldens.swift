public import Foundation
import GroveManifest
public import KubernetesModel

/// The recordings of the real operator beside the package, as far as schemas go.
public enum SchemaGoldens {
  /// The folder with the recordings.
  public static let root = SharedFiles.url("golden")
  /// Whether the recordings are there.
  public static let arePresent = FileManager.default.fileExists(atPath: root.path)
  /// What skipped tests say.
  public static let absence = SharedFiles.absence(of: "golden")

  /// The documents of a YAML text that PyYAML wrote.
  public static func documents(_ text: String) throws -> [Value] {
    let tape = try YAMLReader.read(text, dialect: .singleLettersAreText)
    return tape.roots.map { Value(tape: tape, index: $0) }
  }

  /// The recorded files whose names match, in the order of their paths.
  public static func files(_ matches: (String) -> Bool) throws -> [URL] {
    let manager = FileManager.default
    return try manager.contentsOfDirectory(atPath: root.path).sorted().flatMap { name -> [URL] in
      let folder = root.appendingPathComponent(name)
      let entries = (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
      return entries.sorted().filter(matches).map { folder.appendingPathComponent($0) }
    }
  }

  /// The documents of a recorded file.
  public static func documents(in file: URL) throws -> [Value] {
    try documents(String(contentsOf: file, encoding: .utf8))
  }

  /// Every recorded object of Grove's kinds in the files that stages and defaulting left, read once for all
  /// tests.
  public static let objects: [(file: String, value: Value)] = {
    guard arePresent else { return [] }
    do {
      return try files { $0 == "defaulted.yaml" || $0.hasPrefix("stage-") }.flatMap { file in
        try documents(in: file).flatMap { $0["items"]?.elements ?? [$0] }
          .filter { $0["apiVersion"]?.stringValue?.hasSuffix("grove.io/v1alpha1") == true }
          .map { (file.path, $0.detached()) }
      }
    } catch {
      preconditionFailure("cannot read \(root.path): \(error)")
    }
  }()

  /// One recorded answer of the API server.
  public struct Answer: Sendable {
    /// The name of the recording.
    public var name: String
    /// Whether the API server took the object.
    public var isAccepted: Bool
    /// The object.
    public var input: Value
    /// The object that was there before.
    public var old: Value?
    /// What the API server said.
    public var message: String
  }

  /// The recorded answers.
  public static let answers: [Answer] = {
    guard arePresent else { return [] }
    do {
      let text = try String(contentsOf: root.appendingPathComponent("rejections.yaml"), encoding: .utf8)
      return try (documents(text).first?.elements ?? []).compactMap { entry in
        guard let input = try entry["input"]?.stringValue.flatMap({ try documents($0).first }) else {
          return nil
        }
        return Answer(
          name: entry["name"]?.stringValue ?? "", isAccepted: entry["accepted"]?.booleanValue ?? false,
          input: input, old: try entry["old"]?.stringValue.flatMap { try documents($0).first },
          message: entry["message"]?.stringValue ?? "")
      }
    } catch {
      preconditionFailure("cannot read \(root.path): \(error)")
    }
  }()
}
