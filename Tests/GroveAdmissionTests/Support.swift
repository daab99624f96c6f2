import GroveManifest
import KubernetesModel
import Testing

@testable import GroveAdmission

/// The only object of a YAML text, read as kubectl reads it.
func object<Object: KubernetesObject>(_ type: Object.Type = Object.self, _ yaml: String) throws -> Object {
  let tape = try YAMLReader.read(yaml)
  try #require(tape.roots.count == 1)
  var decoder = TapeDecoder(tape)
  return decoder.decode(Object.self, at: tape.roots[0])
}
