public import KubernetesModel

/// A request of the Kubernetes API as a value.
public struct APIRequest: Sendable {
  /// The HTTP method in capitals: `GET`, `POST`, …
  public var method: String
  /// The path without the query, decoded.
  public var path: String
  /// The query, decoded, in its order.
  public var query: [(name: String, value: String)]
  /// The headers in their order; names in any case.
  public var headers: [(name: String, value: String)]
  /// The body.
  public var body: [UInt8]
  /// Who the transport knows is asking (a client certificate, or a server without authentication); nil when the
  /// headers tell.
  public var user: UserInfo?

  /// A request.
  public init(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)] = [], body: [UInt8] = [], user: UserInfo? = nil
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.user = user
  }

  /// The first value of a query parameter.
  public func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// All values of a query parameter.
  func parameters(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }

  /// The first value of a header.
  public func header(_ name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name.lowercased() == wanted }?.value
  }
}

/// The answer to a request.
public struct APIResponse: Sendable {
  /// What the answer says.
  public enum Body: Sendable {
    /// Nothing.
    case none
    /// A document, as JSON or, where the client asked for that, as YAML.
    case document(Value, isYAML: Bool)
    /// Text.
    case text(String)
    /// Changes as they come. See ``KubernetesServer/next(_:limit:)``.
    case watch(WatchCursor)
  }

  /// The HTTP status code.
  public var status: Int
  /// The headers, with `Content-Type` where there is a body.
  public var headers: [(name: String, value: String)]
  /// The body.
  public var body: Body

  /// An answer.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: Body = .none) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// An answer with a document.
  static func document(_ status: Int, _ value: Value) -> APIResponse {
    APIResponse(
      status: status, headers: [("Content-Type", "application/json")], body: .document(value, isYAML: false))
  }

  /// An answer with plain text.
  static func text(_ status: Int, _ text: String) -> APIResponse {
    APIResponse(
      status: status, headers: [("Content-Type", "text/plain; charset=utf-8")], body: .text(text))
  }

  /// The refusal of a request.
  static func refusal(_ error: StatusError) -> APIResponse {
    var response = document(error.code, error.value)
    if let seconds = error.details?.retryAfterSeconds, seconds > 0 {
      response.headers.append(("Retry-After", String(seconds)))
    }
    return response
  }

  /// What the server says of paths that it does not know.
  static let pageNotFound = text(404, "404 page not found\n")

  /// The value of a header.
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// What came of a request: an answer, or the need for one from outside.
public enum RequestOutcome: Sendable {
  /// The answer.
  case answered(APIResponse)
  /// The request needs the answer of a webhook. The server is as it was: make the call, and the request again with the
  /// answers to this call and those before.
  case needs(WebhookCall)
}
