import Foundation
import KubernetesModel
import Testing

@testable import GroveManifest

/// The only document of a YAML text.
func yaml(_ text: String, _ dialect: YAMLReader.Dialect = .kubernetes) throws -> Value {
  let tape = try YAMLReader.read(text, dialect: dialect)
  try #require(tape.roots.count == 1, "expected one document in \(text)")
  return Value(tape: tape, index: tape.roots[0])
}

/// The JSON of the only document of a YAML text, or what the reader threw.
func json(_ text: String) -> String {
  do {
    let tape = try YAMLReader.read(text)
    return tape.roots.map {
      JSONWriter.string(Value(tape: tape, index: $0), options: .init(sortsMembers: false))
    }.joined(separator: " ")
  } catch {
    return "\(error)"
  }
}

/// The value of a JSON text.
func value(_ json: String) throws -> Value {
  let tape = try JSONReader.read(json)
  return Value(tape: tape, index: tape.roots[0])
}

/// A value that holds one string.
func string(_ text: String) -> Value { Value.string(text) }

/// The folder of the package.
let packageRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The recordings of the real operator, when they are there.
let goldenRoot = packageRoot.deletingLastPathComponent().appendingPathComponent("shared/golden")

/// Whether the recordings are there.
let hasGoldens = FileManager.default.fileExists(atPath: goldenRoot.path)
