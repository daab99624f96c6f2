import Foundation
import GroveManifest
import GroveModel
import KubernetesModel
import Testing

/// The recordings of the real operator beside the package, where they are there.
enum Goldens {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/golden")

  /// Whether the recordings are there. Tests of them are disabled with ``absence`` otherwise.
  static let arePresent = FileManager.default.fileExists(atPath: root.path)
  static let absence: Comment = "no recordings beside the package (../shared/golden)"

  /// The documents of a recorded file.
  static func documents(_ path: String) throws -> [Value] {
    let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    let tape = try YAMLReader.read(text, dialect: .singleLettersAreText)
    return tape.roots.map { Value(tape: tape, index: $0) }
  }

  /// The names of the recorded cases.
  static let cases: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return names.filter { FileManager.default.fileExists(atPath: "\(root.path)/\($0)/defaulted.yaml") }
      .sorted()
  }()

  /// The objects of a kind among documents.
  static func objects<Object: KubernetesObject>(
    _ type: Object.Type = Object.self, in documents: [Value]
  ) -> [Object] {
    documents.filter { $0["kind"]?.stringValue == Object.kind }.map { document in
      var decoder = TapeDecoder(document.tape)
      return decoder.decode(Object.self, at: document.index)
    }
  }

  /// What the operator ran with in a mode.
  static func admission(_ mode: String) throws -> Admission {
    switch mode {
    case "kai":
      let topologies = objects(
        ClusterTopologyBinding.self, in: try documents("_cluster-topology-kai/input.yaml"))
      try #require(!topologies.isEmpty)
      return Admission(configuration: .kaiWithTopology, topologies: topologies)
    case "mnnvl": return Admission(configuration: .autoMNNVL)
    default:
      try #require(mode == "kube", "unknown mode \(mode)")
      return Admission(configuration: .defaultSchedulerOnly)
    }
  }
}

/// The only object of a YAML text, read as kubectl reads it.
func object<Object: KubernetesObject>(_ type: Object.Type = Object.self, _ yaml: String) throws -> Object {
  let tape = try YAMLReader.read(yaml)
  try #require(tape.roots.count == 1)
  var decoder = TapeDecoder(tape)
  return decoder.decode(Object.self, at: tape.roots[0])
}
