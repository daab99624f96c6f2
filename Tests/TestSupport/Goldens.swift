public import Foundation
public import GroveAdmission
import GroveManifest
import GroveModel
public import KubernetesModel

/// The recordings of the real operator beside the package, where they are there.
public enum Goldens {
  /// The folder with the recordings.
  public static let root = SharedFiles.url("golden")

  /// Whether the recordings are there. Tests of them are disabled with ``absence`` otherwise.
  public static let arePresent = FileManager.default.fileExists(atPath: root.path)
  /// What skipped tests say.
  public static let absence = SharedFiles.absence(of: "golden")

  /// The documents of a recorded file.
  public static func documents(_ path: String) throws -> [Value] {
    let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    let tape = try YAMLReader.read(text, dialect: .singleLettersAreText)
    return tape.roots.map { Value(tape: tape, index: $0) }
  }

  /// The names of the recorded cases.
  public static let cases: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return names.filter { FileManager.default.fileExists(atPath: "\(root.path)/\($0)/defaulted.yaml") }
      .sorted()
  }()

  /// The objects of a kind among documents.
  public static func objects<Object: KubernetesObject>(
    _ type: Object.Type = Object.self, in documents: [Value]
  ) -> [Object] {
    documents.filter { $0["kind"]?.stringValue == Object.kind }.map { document in
      var decoder = TapeDecoder(document.tape)
      return decoder.decode(Object.self, at: document.index)
    }
  }

  /// What the operator ran with in a mode.
  public static func admission(_ mode: String) throws -> Admission {
    switch mode {
    case "kai":
      let topologies = objects(
        ClusterTopologyBinding.self, in: try documents("_cluster-topology-kai/input.yaml"))
      return Admission(configuration: .kaiWithTopology, topologies: topologies)
    case "mnnvl": return Admission(configuration: .autoMNNVL)
    default:
      precondition(mode == "kube", "unknown mode \(mode)")
      return Admission(configuration: .defaultSchedulerOnly)
    }
  }
}
