import KubernetesModel
import Testing

@testable import GroveSimulate

/// The three-way merge of `kubectl apply`.
struct ApplyPatchTests {
  private func json(_ text: String) throws -> Value {
    let tape = try JSONReader.read(text)
    return Value(tape: tape, index: tape.roots[0])
  }

  @Test(arguments: [
    // What others wrote stays, what was applied before and is not any more goes.
    (#"{"a":1}"#, #"{"a":1,"b":2}"#, #"{"a":1,"b":2,"default":3}"#, #"{"a":1,"default":3}"#),
    // The manifest wins over other writers.
    (#"{"a":1}"#, #"{"a":1}"#, #"{"a":5}"#, #"{"a":1}"#),
    // Objects are merged, lists replaced.
    (
      #"{"s":{"x":[1]}}"#, #"{"s":{"x":[1,2],"y":1}}"#, #"{"s":{"x":[1,2],"y":1,"z":2}}"#,
      #"{"s":{"x":[1],"z":2}}"#
    ),
    // A null takes a member away.
    (#"{"a":null}"#, #"{}"#, #"{"a":5,"b":1}"#, #"{"b":1}"#),
    // What is new is added.
    (#"{"a":{"b":1}}"#, #"{}"#, #"{"c":1}"#, #"{"c":1,"a":{"b":1}}"#),
  ])
  func merges(_ manifest: String, _ last: String, _ live: String, _ result: String) throws {
    #expect(try ApplyPatch.merge(json(manifest), last: json(last), live: json(live)) == json(result))
  }
}
