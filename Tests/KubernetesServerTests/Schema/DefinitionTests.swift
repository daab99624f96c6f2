import KubernetesModel
import Testing

@testable import KubernetesServer

@Suite("Definitions make resources (V-8 c)")
struct DefinitionTests {
  private static let definition = """
    {"metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced",\
    "names":{"plural":"widgets","kind":"Widget"},"versions":[{"name":"v1","served":true,"storage":true,\
    "subresources":{"status":{}},"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object",\
    "properties":{"size":{"type":"integer","minimum":1,"default":3}},\
    "x-kubernetes-validations":[{"rule":"self.size < 10","message":"too much"}]},"status":{"type":"object",\
    "x-kubernetes-preserve-unknown-fields":true}}}}}]}}
    """
  private static let path = "/apis/example.com/v1/namespaces/default/widgets"

  private func withDefinition() -> TestServer {
    var test = TestServer()
    let answer = test.send(
      "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body: Self.definition)
    #expect(answer.status == 201)
    test.server.runControllers()
    return test
  }

  private func widget(_ spec: String) -> String {
    #"{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"},"spec":\#(spec)}"#
  }

  @Test("defaults are filled in, unknown fields go with a warning")
  func admission() {
    var test = withDefinition()
    let answer = test.send("POST", Self.path, body: widget(#"{"extra":1}"#))
    #expect(answer.status == 201)
    #expect(answer.document[path: "spec", "size"] == .integer(3))
    #expect(answer.document[path: "spec", "extra"] == nil)
    #expect(answer.header("Warning") == #"299 - "unknown field \"spec.extra\"""#)
  }

  @Test(
    "what the schema refuses",
    arguments: [
      (#"{"size":0}"#, "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1"),
      (#"{"size":11}"#, "spec: Invalid value: too much"),
      (
        #"{"size":"x"}"#,
        "[spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\", <nil>: Invalid "
          + "value: null: some validation rules were not checked because the object was invalid; correct the existing "
          + "errors to complete validation]"
      ),
    ])
  func refusals(spec: String, message: String) {
    var test = withDefinition()
    let answer = test.send("POST", Self.path, body: widget(spec))
    #expect(answer.status == 422)
    #expect(answer.document.text("message") == "Widget.example.com \"w\" is invalid: \(message)")
  }

  @Test("the definition takes its objects with it")
  func deletion() {
    var test = withDefinition()
    _ = test.send("POST", Self.path, body: widget("{}"))
    _ = test.send("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com")
    test.server.runControllers()
    let answer = test.send("GET", Self.path)
    #expect(answer.status == 404)
    #expect(answer.header("Content-Type") == "text/plain; charset=utf-8")
  }
}
