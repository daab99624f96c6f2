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

/// A small generator whose numbers are the same everywhere.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
