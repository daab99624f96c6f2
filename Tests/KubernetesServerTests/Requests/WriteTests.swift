import KubernetesModel
import Testing

@testable import KubernetesServer

@Suite("Writes (V-7, V-16, V-18, V-19)")
struct WriteTests {
  @Test("a new object gets what only the server sets")
  func create() {
    var test = TestServer()
    let made = test.createConfigMap("a")
    #expect(made.text("metadata", "namespace") == "default")
    #expect(made.text("metadata", "uid").utf8.count == 36)
    #expect(made.text("metadata", "resourceVersion") == String(test.server.version))
    #expect(made[path: "metadata", "generation"] == nil)
  }

  @Test("a name is taken once")
  func alreadyExists() {
    var test = TestServer()
    test.createConfigMap("a")
    let version = test.server.version
    let again = test.createConfigMap("a")
    #expect(again.text("message") == "configmaps \"a\" already exists")
    #expect(again.text("reason") == "AlreadyExists")
    #expect(again["code"] == .integer(409))
    #expect(test.server.version == version, "a refused write leaves no trace")
  }

  @Test("namespaces are real: a missing one is not found")
  func missingNamespace() {
    var test = TestServer()
    let answer = test.createConfigMap("a", in: "none")
    #expect(answer.text("message") == "namespaces \"none\" not found")
    #expect(answer["code"] == .integer(404))
  }

  @Test("a dry run answers the same and changes nothing")
  func dryRun() {
    var test = TestServer()
    let version = test.server.version
    let answer = test.send(
      "POST", "/api/v1/namespaces/default/configmaps", query: [("dryRun", "All")],
      body: #"{"metadata":{"name":"a"}}"#)
    #expect(answer.status == 201)
    #expect(answer.document.text("metadata", "resourceVersion").isEmpty)
    #expect(test.server.version == version)
    #expect(test.send("GET", "/api/v1/namespaces/default/configmaps/a").status == 404)
  }

  @Test("a stale version is a conflict, none is not")
  func conflict() {
    var test = TestServer()
    let first = test.createConfigMap("a").text("metadata", "resourceVersion")
    let path = "/api/v1/namespaces/default/configmaps/a"
    let plain = test.send("PUT", path, body: #"{"metadata":{"name":"a"},"data":{"a":"2"}}"#)
    #expect(plain.status == 200)
    let stale = test.send(
      "PUT", path, body: #"{"metadata":{"name":"a","resourceVersion":"\#(first)"},"data":{"a":"3"}}"#)
    #expect(stale.status == 409)
    #expect(
      stale.document.text("message")
        == "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes "
        + "to the latest version and try again")
  }

  @Test("a write that changes nothing keeps the version")
  func noChange() {
    var test = TestServer()
    let made = test.createConfigMap("a")
    let same = test.send(
      "PATCH", "/api/v1/namespaces/default/configmaps/a", type: "application/merge-patch+json",
      body: #"{"data":{"a":"1"}}"#)
    #expect(same.document.text("metadata", "resourceVersion") == made.text("metadata", "resourceVersion"))
  }

  @Test("an object with finalizers stays until the last is gone")
  func finalizers() {
    var test = TestServer()
    let path = "/api/v1/namespaces/default/configmaps/a"
    _ = test.send(
      "POST", "/api/v1/namespaces/default/configmaps",
      body: #"{"metadata":{"name":"a","finalizers":["example.com/x"]}}"#)
    let deleted = test.send("DELETE", path)
    #expect(deleted.document.text("kind") == "ConfigMap")
    #expect(!deleted.document.text("metadata", "deletionTimestamp").isEmpty)
    let again = test.createConfigMap("a")
    #expect(again.text("message") == "object is being deleted: configmaps \"a\" already exists")
    _ = test.send(
      "PATCH", path, type: "application/merge-patch+json", body: #"{"metadata":{"finalizers":null}}"#)
    #expect(test.send("GET", path).status == 404)
  }

  @Test("a deletion names the uid it means")
  func preconditions() {
    var test = TestServer()
    let uid = test.createConfigMap("a").text("metadata", "uid")
    let path = "/api/v1/namespaces/default/configmaps/a"
    let other = test.send("DELETE", path, body: #"{"preconditions":{"uid":"x"}}"#)
    #expect(other.status == 409)
    #expect(
      other.document.text("message")
        == "Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (x) does not match the UID in "
        + "record (\(uid)). The object might have been deleted and then recreated")
    let right = test.send("DELETE", path, body: #"{"preconditions":{"uid":"\#(uid)"}}"#)
    #expect(right.document.text("status") == "Success")
    #expect(right.document.text("details", "uid") == uid)
  }

  @Test(
    "what a body may be",
    arguments: [
      ("{not json", 400, "invalid character 'n' looking for beginning of object key string"),
      ("", 400, "unexpected end of JSON input"),
      (
        #"{"kind":"Nothing","apiVersion":"v1","metadata":{"name":"a"}}"#, 400,
        "no kind \"Nothing\" is registered"
      ),
      (#"{"metadata":{"name":"A b"}}"#, 422, "a lowercase RFC 1123 subdomain must consist of"),
    ])
  func badBodies(body: String, status: Int, text: String) {
    var test = TestServer()
    let answer = test.send("POST", "/api/v1/namespaces/default/configmaps", body: body)
    #expect(answer.status == status)
    #expect(answer.document.text("message").contains(text))
  }
}
