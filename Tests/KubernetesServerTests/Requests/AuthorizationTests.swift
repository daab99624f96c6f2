import KubernetesModel
import Testing

@testable import KubernetesServer

@Suite("Who may do what (V-21)")
struct AuthorizationTests {
  private static let weak = UserInfo("weak", groups: ["viewers", "system:authenticated"])

  @Test("a role gives what it says and no more")
  func roles() {
    var test = TestServer()
    let group = "/apis/rbac.authorization.k8s.io/v1/namespaces/default"
    _ = test.send(
      "POST", "\(group)/roles",
      body:
        #"{"metadata":{"name":"r"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["get"]}]}"#)
    _ = test.send(
      "POST", "\(group)/rolebindings",
      body:
        #"{"metadata":{"name":"b"},"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"Group","name":"viewers"}]}"#
    )
    test.createConfigMap("a")
    let path = "/api/v1/namespaces/default/configmaps"
    #expect(test.send("GET", "\(path)/a", user: Self.weak).status == 200)
    let list = test.send("GET", path, user: Self.weak)
    #expect(list.status == 403)
    #expect(
      list.document.text("message")
        == "configmaps is forbidden: User \"weak\" cannot list resource \"configmaps\" in API group \"\" in the "
        + "namespace \"default\"")
  }

  @Test("nobody grants what they do not have")
  func escalation() {
    var test = TestServer()
    let group = "/apis/rbac.authorization.k8s.io/v1/namespaces/default"
    _ = test.send(
      "POST", "\(group)/roles",
      body: """
        {"metadata":{"name":"maker"},"rules":[{"apiGroups":["rbac.authorization.k8s.io"],"resources":["rolebindings"],\
        "verbs":["*"]}]}
        """)
    _ = test.send(
      "POST", "\(group)/rolebindings",
      body:
        #"{"metadata":{"name":"b"},"roleRef":{"kind":"Role","name":"maker"},"subjects":[{"kind":"User","name":"weak"}]}"#
    )
    let answer = test.send(
      "POST", "\(group)/rolebindings",
      body: #"{"metadata":{"name":"x"},"roleRef":{"kind":"ClusterRole","name":"cluster-admin"}}"#,
      user: Self.weak)
    #expect(answer.status == 403)
    #expect(
      answer.document.text("message").contains("is attempting to grant RBAC permissions not currently held"))
  }

  @Test("a token says who asks, and one that nobody has is refused")
  func tokens() {
    var test = TestServer()
    test.server.tokens = ["secret": .administrator]
    func status(_ token: String) -> Int {
      var server = test.server
      return server.respond(
        to: APIRequest("GET", "/api/v1/nodes", headers: [("Authorization", "Bearer \(token)")])
      ).status
    }
    #expect(status("secret") == 200)
    #expect(status("other") == 401)
  }
}
