import GroveManifest
public import KubernetesModel

/// The only object of a YAML text, read as kubectl reads it.
public func object<Object: KubernetesObject>(
  _ type: Object.Type = Object.self, _ yaml: String
) throws -> Object {
  let tape = try YAMLReader.read(yaml)
  precondition(tape.roots.count == 1, "one document is expected, not \(tape.roots.count)")
  var decoder = TapeDecoder(tape)
  return decoder.decode(Object.self, at: tape.roots[0])
}
