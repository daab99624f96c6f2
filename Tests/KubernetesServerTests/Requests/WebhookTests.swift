import KubernetesModel
import Testing

@testable import KubernetesServer

@Suite("Webhooks are calls as values (V-32)")
struct WebhookTests {
  private static let configuration = """
    {"metadata":{"name":"judge"},"webhooks":[{"name":"judge.example.com","clientConfig":\
    {"url":"https://127.0.0.1:1/judge"},"rules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],\
    "resources":["configmaps"]}],"sideEffects":"None","admissionReviewVersions":["v1"]}]}
    """

  private func request() -> APIRequest {
    APIRequest(
      "POST", "/api/v1/namespaces/default/configmaps", headers: [("Content-Type", "application/json")],
      body: Array(#"{"metadata":{"name":"a"}}"#.utf8), user: .administrator)
  }

  private func withWebhook() -> TestServer {
    var test = TestServer()
    let answer = test.send(
      "POST", "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
      body: Self.configuration)
    #expect(answer.status == 201)
    return test
  }

  @Test("a request stops at the call and goes on with its answer")
  func resuming() throws {
    var test = withWebhook()
    let version = test.server.version
    guard case .needs(let call) = test.server.outcome(of: request()) else {
      Issue.record("no call")
      return
    }
    #expect(test.server.version == version)
    #expect(call.url == "https://127.0.0.1:1/judge?timeout=10s")
    let review = try #require(call.review["request"])
    #expect(review.text("operation") == "CREATE")
    #expect(review[path: "object", "metadata", "name"] == .string("a"))
    let body = """
      {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"\(review.text("uid"))",\
      "allowed":false,"status":{"message":"not today","code":403,"reason":"Forbidden"}}}
      """
    let outcome = test.server.outcome(of: request(), answers: [.response(code: 200, body: Array(body.utf8))])
    guard case .answered(let response) = outcome else {
      Issue.record("no answer")
      return
    }
    #expect(response.status == 403)
    #expect(
      response.document.text("message")
        == "admission webhook \"judge.example.com\" denied the request: not today")
  }

  @Test("whom nobody answers for cannot be reached")
  func unreachable() {
    var test = withWebhook()
    let response = test.server.respond(to: request())
    #expect(response.status == 500)
    #expect(
      response.document.text("message")
        == "Internal error occurred: failed calling webhook \"judge.example.com\": failed to call webhook: Post "
        + "\"https://127.0.0.1:1/judge?timeout=10s\": connection refused")
  }
}
