import KubernetesModel
import Testing

@testable import KubernetesServer

@Suite("The controllers of the cluster (V-9, V-18)")
struct ControllerTests {
  private static let path = "/api/v1/namespaces/default/configmaps"

  private func owned(_ name: String, by uid: String, finalizer: String? = nil) -> String {
    let finalizers = finalizer.map { #","finalizers":["\#($0)"]"# } ?? ""
    return """
      {"metadata":{"name":"\(name)"\(finalizers),"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap",\
      "name":"owner","uid":"\(uid)","blockOwnerDeletion":true}]}}
      """
  }

  @Test("what an owner owned goes after it")
  func background() {
    var test = TestServer()
    let uid = test.createConfigMap("owner").text("metadata", "uid")
    _ = test.send("POST", Self.path, body: owned("a", by: uid))
    _ = test.send("DELETE", "\(Self.path)/owner")
    #expect(test.send("GET", "\(Self.path)/a").status == 200, "nothing happens by itself")
    test.server.runControllers()
    #expect(test.send("GET", "\(Self.path)/a").status == 404)
  }

  @Test("an owner whose uid was never there counts as gone")
  func absentOwner() {
    var test = TestServer()
    test.createConfigMap("owner")
    _ = test.send("POST", Self.path, body: owned("a", by: "11111111-2222-3333-4444-555555555555"))
    test.server.runControllers()
    #expect(test.send("GET", "\(Self.path)/a").status == 404)
  }

  @Test("an owner that is deleted in the foreground waits for what blocks it")
  func foreground() {
    var test = TestServer()
    let uid = test.createConfigMap("owner").text("metadata", "uid")
    _ = test.send("POST", Self.path, body: owned("slow", by: uid, finalizer: "example.com/x"))
    _ = test.send("DELETE", "\(Self.path)/owner", body: #"{"propagationPolicy":"Foreground"}"#)
    test.server.runControllers()
    #expect(test.send("GET", "\(Self.path)/owner").status == 200)
    _ = test.send(
      "PATCH", "\(Self.path)/slow", type: "application/merge-patch+json",
      body: #"{"metadata":{"finalizers":null}}"#)
    test.server.runControllers()
    #expect(test.send("GET", "\(Self.path)/owner").status == 404)
  }

  @Test("orphans lose their owner and stay")
  func orphans() {
    var test = TestServer()
    let uid = test.createConfigMap("owner").text("metadata", "uid")
    _ = test.send("POST", Self.path, body: owned("a", by: uid))
    _ = test.send("DELETE", "\(Self.path)/owner", body: #"{"propagationPolicy":"Orphan"}"#)
    test.server.runControllers()
    #expect(test.send("GET", "\(Self.path)/owner").status == 404)
    #expect(test.send("GET", "\(Self.path)/a").document[path: "metadata", "ownerReferences"] == nil)
  }

  @Test("a namespace is furnished, and emptied before it goes")
  func namespaces() {
    var test = TestServer()
    _ = test.send("POST", "/api/v1/namespaces", body: #"{"metadata":{"name":"team"}}"#)
    test.server.runControllers()
    #expect(test.send("GET", "/api/v1/namespaces/team/serviceaccounts/default").status == 200)
    test.createConfigMap("a", in: "team")
    let answer = test.send("DELETE", "/api/v1/namespaces/team")
    #expect(answer.document.text("status", "phase") == "Terminating")
    #expect(test.createConfigMap("b", in: "team")["code"] == .integer(403))
    test.server.runControllers()
    #expect(test.send("GET", "/api/v1/namespaces/team").status == 404)
    #expect(test.send("GET", "/api/v1/namespaces/team/configmaps").document["items"]?.count == 0)
  }

  @Test("a token Secret is filled, and goes with its ServiceAccount")
  func tokens() {
    var test = TestServer()
    let path = "/api/v1/namespaces/default"
    _ = test.send(
      "POST", "\(path)/secrets",
      body: """
        {"metadata":{"name":"t","annotations":{"kubernetes.io/service-account.name":"default"}},\
        "type":"kubernetes.io/service-account-token"}
        """)
    test.server.runControllers()
    #expect(test.send("GET", "\(path)/secrets/t").document[path: "data", "token"] != nil)
    _ = test.send("DELETE", "\(path)/serviceaccounts/default")
    test.server.runControllers()
    #expect(test.send("GET", "\(path)/secrets/t").status == 404)
  }
}
