public import GroveModel
public import KubernetesModel

/// Why the API server refused a write, with the texts of the real one.
public enum APIError: Error, Sendable, Equatable {
  /// There is no such object. Retrying does not help; deleting what is gone is no error to most callers.
  case notFound(ObjectKey)
  /// An object of that name exists.
  case alreadyExists(ObjectKey)
  /// The object changed since it was read: read again and retry.
  case conflict(ObjectKey)
  /// The object under that name is another one than the caller meant.
  case wrongIdentity(ObjectKey, expected: String, found: String)
  /// The object breaks a rule of its schema or of the API server.
  case invalid(ObjectKey, [Diagnostic])
  /// An admission webhook refused the object.
  case denied(ObjectKey, webhook: String, message: String, diagnostics: [Diagnostic])
  /// An admission plugin of the API server refused the object.
  case forbidden(ObjectKey, reason: String)
  /// The request makes no sense.
  case badRequest(ObjectKey, reason: String)

  /// The object the write was about. Its name is empty when none had been generated yet.
  public var key: ObjectKey {
    switch self {
    case .notFound(let key), .alreadyExists(let key), .conflict(let key), .wrongIdentity(let key, _, _),
      .invalid(let key, _), .denied(let key, _, _, _), .forbidden(let key, _), .badRequest(let key, _):
      key
    }
  }

  /// What is wrong in detail, where the API server looked at fields.
  public var diagnostics: [Diagnostic] {
    switch self {
    case .invalid(_, let diagnostics), .denied(_, _, _, let diagnostics): diagnostics
    default: []
    }
  }

  /// Whether the same write may succeed after reading again.
  public var isRetryable: Bool {
    switch self {
    case .conflict, .alreadyExists, .notFound, .wrongIdentity: true
    case .invalid, .denied, .forbidden, .badRequest: false
    }
  }
}

extension APIError: CustomStringConvertible {
  /// The message that the API server answers.
  public var description: String {
    switch self {
    case .notFound(let key): "\(key.kind.qualifiedResource) \(jsonString(key.name)) not found"
    case .alreadyExists(let key): "\(key.kind.qualifiedResource) \(jsonString(key.name)) already exists"
    case .conflict(let key):
      """
      Operation cannot be fulfilled on \(key.kind.qualifiedResource) \(jsonString(key.name)): the object has been \
      modified; please apply your changes to the latest version and try again
      """
    case .wrongIdentity(let key, let expected, let found):
      """
      Operation cannot be fulfilled on \(key.kind.qualifiedResource) \(jsonString(key.name)): Precondition failed: \
      UID in precondition: \(expected), UID in object meta: \(found)
      """
    case .invalid(let key, let diagnostics):
      "\(key.kind.qualifiedKind) \(jsonString(key.name)) is invalid: \(diagnostics.aggregateMessage)"
    case .denied(_, let webhook, let message, _):
      "admission webhook \(jsonString(webhook)) denied the request: \(message)"
    case .forbidden(let key, let reason):
      "\(key.kind.qualifiedResource) \(jsonString(key.name)) is forbidden: \(reason)"
    case .badRequest(_, let reason): reason
    }
  }
}
