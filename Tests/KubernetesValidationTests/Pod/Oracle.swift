import Foundation
import KubernetesModel

/// The answers of Kubernetes 1.36.2 to generated pod specs, beside the package.
enum Oracle {
  static let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../../../../shared/oracle/pod-validation.jsonl"
  ).standardizedFileURL.path

  static var isThere: Bool { FileManager.default.fileExists(atPath: path) }

  struct Case {
    var id: String
    var spec: Value
    var isRefused: Bool
    /// The messages, sorted and without repetitions.
    var texts: [String]
    /// The value cannot be read into the type at all.
    var isUndecodable: Bool
  }

  static func cases() throws -> [Case] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      let tape = try JSONReader.read(String(line))
      let root = Value(tape: tape, index: 0)
      let errors = root["errors"]?.elements.compactMap { $0["text"]?.stringValue } ?? []
      return Case(
        id: root["id"]?.stringValue ?? "", spec: root["podSpec"] ?? .null,
        isRefused: root["verdict"]?.stringValue == "refuse", texts: Set(errors).sorted(),
        isUndecodable: root["decode"] != nil)
    }
  }
}
