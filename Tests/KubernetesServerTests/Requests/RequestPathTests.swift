import Testing

@testable import KubernetesServer

@Suite("Paths (V-7)")
struct RequestPathTests {
  @Test(
    "what a path is about",
    arguments: [
      ("GET", "/api/v1/pods", "list", "", "pods", "", ""),
      ("GET", "/api/v1/namespaces/n/pods/p", "get", "n", "pods", "p", ""),
      ("POST", "/api/v1/namespaces/n/pods/p/binding", "create", "n", "pods", "p", "binding"),
      ("DELETE", "/apis/apps/v1/namespaces/n/deployments", "deletecollection", "n", "deployments", "", ""),
      ("GET", "/api/v1/namespaces/n", "get", "n", "namespaces", "n", ""),
      ("PUT", "/api/v1/namespaces/n/finalize", "update", "n", "namespaces", "n", "finalize"),
      ("PATCH", "/apis/g/v1/things/x/status", "patch", "", "things", "x", "status"),
    ])
  func parts(
    method: String, path: String, verb: String, namespace: String, resource: String, name: String,
    subresource: String
  ) {
    let parsed = RequestPath(APIRequest(method, path))
    #expect(parsed.isResource)
    #expect(parsed.verb == verb)
    #expect(parsed.namespace == namespace)
    #expect(parsed.resource == resource)
    #expect(parsed.name == name)
    #expect(parsed.subresource == subresource)
  }

  @Test(
    "a list with the parameter is a watch", arguments: [("true", "watch"), ("yes", "watch"), ("0", "list")])
  func watch(value: String, verb: String) {
    #expect(RequestPath(APIRequest("GET", "/api/v1/pods", query: [("watch", value)])).verb == verb)
  }

  @Test(
    "other paths are not those of resources",
    arguments: ["/", "/version", "/api", "/api/v1", "/apis/apps/v1"])
  func outside(path: String) { #expect(!RequestPath(APIRequest("GET", path)).isResource) }
}
