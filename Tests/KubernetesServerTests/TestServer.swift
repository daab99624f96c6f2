import KubernetesModel
import Testing

@testable import KubernetesServer

/// A server with requests in few words.
struct TestServer {
  var server = KubernetesServer<DynamicObject>.cluster()

  /// Sends a request with a JSON body.
  mutating func send(
    _ method: String, _ path: String, query: [(String, String)] = [], type: String = "application/json",
    accept: String = "application/json", body: String? = nil, user: UserInfo = .administrator
  ) -> APIResponse {
    var headers = [("Accept", accept), ("User-Agent", "tester/1.0")]
    if body != nil { headers.append(("Content-Type", type)) }
    return server.respond(
      to: APIRequest(
        method, path, query: query.map { ($0.0, $0.1) }, headers: headers.map { ($0.0, $0.1) },
        body: body.map { Array($0.utf8) } ?? [], user: user))
  }

  /// Creates a ConfigMap.
  @discardableResult
  mutating func createConfigMap(
    _ name: String, labels: String = "{}", in namespace: String = "default"
  ) -> Value {
    send(
      "POST", "/api/v1/namespaces/\(namespace)/configmaps",
      body: #"{"metadata":{"name":"\#(name)","labels":\#(labels)},"data":{"a":"1"}}"#
    ).document
  }
}

extension APIResponse {
  /// The document of the answer; null when it is none.
  var document: Value { if case .document(let value, _) = body { value } else { .null } }

  /// The cursor of a watch.
  var cursor: WatchCursor? { if case .watch(let cursor) = body { cursor } else { nil } }
}
