public import KubernetesModel

/// Why a request was refused: a `Status` of the API with its HTTP code.
public struct StatusError: Error, Sendable, Equatable {
  /// One of several things that are wrong.
  public struct Cause: Sendable, Equatable {
    /// What kind of wrong: `FieldValueInvalid`.
    public var reason: String
    /// What is wrong, without the field.
    public var message: String
    /// The field.
    public var field: String
  }

  /// What the refusal is about.
  public struct Details: Sendable, Equatable {
    /// The name of the object.
    public var name = ""
    /// The API group.
    public var group = ""
    /// The resource, or the kind for invalid objects.
    public var kind = ""
    /// The uid of the object.
    public var uid = ""
    /// What is wrong, one by one.
    public var causes: [Cause] = []
    /// When to try again, in seconds; 0 for no advice.
    public var retryAfterSeconds = 0
  }

  /// The HTTP status code.
  public var code: Int
  /// The reason in one word; empty when there is none.
  public var reason: String
  /// What to tell people.
  public var message: String
  /// What it is about; nil when the answer has no details.
  public var details: Details?
  /// For an expired list, where to go on.
  public var continueToken = ""

  /// A refusal.
  public init(code: Int, reason: String, message: String, details: Details? = nil) {
    self.code = code
    self.reason = reason
    self.message = message
    self.details = details
  }

  /// The `Status` object.
  public var value: Value {
    var members: [(String, Value)] = [
      ("kind", .string("Status")), ("apiVersion", .string("v1")),
      ("metadata", continueToken.isEmpty ? .object([]) : .object(["continue": .string(continueToken)])),
      ("status", .string("Failure")),
    ]
    if !message.isEmpty { members.append(("message", .string(message))) }
    if !reason.isEmpty { members.append(("reason", .string(reason))) }
    if let details { members.append(("details", details.value)) }
    members.append(("code", .integer(Int64(code))))
    return .object(members)
  }
}

extension StatusError.Details {
  /// The details as a document; what is empty is left out.
  public var value: Value {
    var members: [(String, Value)] = []
    for (key, text) in [("name", name), ("group", group), ("kind", kind), ("uid", uid)] where !text.isEmpty {
      members.append((key, .string(text)))
    }
    if !causes.isEmpty {
      members.append(
        (
          "causes",
          .array(
            causes.map { cause in
              var parts: [(String, Value)] = []
              if !cause.reason.isEmpty { parts.append(("reason", .string(cause.reason))) }
              if !cause.message.isEmpty { parts.append(("message", .string(cause.message))) }
              if !cause.field.isEmpty { parts.append(("field", .string(cause.field))) }
              return .object(parts)
            })
        ))
    }
    if retryAfterSeconds > 0 { members.append(("retryAfterSeconds", .integer(Int64(retryAfterSeconds)))) }
    return .object(members)
  }
}

// MARK: The refusals there are

extension StatusError {
  private static func details(_ resource: GroupResource, _ name: String = "") -> Details {
    Details(name: name, group: resource.group, kind: resource.resource)
  }

  /// There is no such object.
  static func notFound(_ resource: GroupResource, _ name: String) -> StatusError {
    StatusError(
      code: 404, reason: "NotFound", message: "\(resource) \(goQuoted(name)) not found",
      details: details(resource, name))
  }

  /// There is no such resource.
  static let noSuchResource = StatusError(
    code: 404, reason: "NotFound", message: "the server could not find the requested resource",
    details: Details())

  /// An object of that name exists.
  static func alreadyExists(
    _ resource: GroupResource, _ name: String, isTerminating: Bool = false
  ) -> StatusError {
    StatusError(
      code: 409, reason: "AlreadyExists",
      message: (isTerminating ? "object is being deleted: " : "")
        + "\(resource) \(goQuoted(name)) already exists",
      details: details(resource, name))
  }

  /// The write cannot be done now, for a reason.
  static func conflict(_ resource: GroupResource, _ name: String, _ why: String) -> StatusError {
    StatusError(
      code: 409, reason: "Conflict",
      message: "Operation cannot be fulfilled on \(resource) \(goQuoted(name)): \(why)",
      details: details(resource, name))
  }

  /// The object changed since it was read.
  static func modified(_ resource: GroupResource, _ name: String) -> StatusError {
    conflict(
      resource, name,
      "the object has been modified; please apply your changes to the latest version and try again")
  }

  /// The object breaks rules.
  ///
  /// - Parameter kind: the kind with its group (`PodClique.grove.io`), or the resource where the server says that.
  static func invalid(
    group: String, kind: String, _ name: String, _ problems: [Diagnostic]
  ) -> StatusError {
    let qualified = group.isEmpty && kind.isEmpty ? "" : group.isEmpty ? kind : "\(kind).\(group)"
    let details = Details(name: name, group: group, kind: kind, causes: problems.map(Cause.init))
    return StatusError(
      code: 422, reason: "Invalid",
      message: "\(qualified) \(goQuoted(name)) is invalid: \(problems.aggregateMessage)", details: details)
  }

  /// The object of a resource breaks rules.
  static func invalid(_ resource: APIResource, _ name: String, _ problems: [Diagnostic]) -> StatusError {
    invalid(group: resource.group, kind: resource.kind, name, problems)
  }

  /// The options of a request break rules.
  static func invalidOptions(_ kind: String, _ problems: [Diagnostic]) -> StatusError {
    invalid(group: "meta.k8s.io", kind: kind, "", problems)
  }

  /// The patch cannot be applied, or its result cannot be read.
  static func invalidPatch(_ problems: [Diagnostic]) -> StatusError {
    let details = Details(causes: problems.map(Cause.init))
    return StatusError(
      code: 422, reason: "Invalid", message: " \"\" is invalid: \(problems.aggregateMessage)",
      details: details)
  }

  /// The request makes no sense.
  static func badRequest(_ message: String) -> StatusError {
    StatusError(code: 400, reason: "BadRequest", message: message)
  }

  /// The server failed, or says so.
  static func internalError(_ message: String) -> StatusError {
    StatusError(code: 500, reason: "", message: message)
  }

  /// The method is not one that the path has.
  static let methodNotAllowed = StatusError(
    code: 405, reason: "MethodNotAllowed",
    message: "the server does not allow this method on the requested resource", details: Details())

  /// The resource cannot do that.
  static func notSupported(_ verb: String, _ resource: GroupResource) -> StatusError {
    StatusError(
      code: 405, reason: "MethodNotAllowed",
      message: "\(verb) is not supported on resources of kind \"\(resource)\"",
      details: details(resource))
  }

  /// The user may not do that, or an admission plugin refuses.
  static func forbidden(_ resource: GroupResource, _ name: String, _ why: String) -> StatusError {
    let subject = name.isEmpty ? "\(resource)" : "\(resource) \(goQuoted(name))"
    return StatusError(
      code: 403, reason: "Forbidden", message: "\(subject) is forbidden: \(why)",
      details: details(resource, name))
  }

  /// Nobody knows who is asking.
  static let unauthorized = StatusError(code: 401, reason: "Unauthorized", message: "Unauthorized")

  /// The body is of a type that is not taken.
  static func unsupportedMediaType(_ accepted: [String]) -> StatusError {
    StatusError(
      code: 415, reason: "UnsupportedMediaType",
      message: "the body of the request was in an unknown format - accepted media types include: "
        + accepted.joined(separator: ", "))
  }

  /// None of the forms that the client takes can be made.
  static func notAcceptable(_ available: [String]) -> StatusError {
    StatusError(
      code: 406, reason: "NotAcceptable",
      message: "only the following media types are accepted: " + available.joined(separator: ", "))
  }

  /// The version asked for is gone.
  static func expired(_ message: String) -> StatusError {
    StatusError(code: 410, reason: "Expired", message: message)
  }

  /// The version asked for has not come yet.
  static func tooLargeVersion(_ asked: UInt64, current: UInt64) -> StatusError {
    StatusError(
      code: 504, reason: "Timeout",
      message: "Timeout: Too large resource version: \(asked), current: \(current)",
      details: Details(
        causes: [Cause(reason: "ResourceVersionTooLarge", message: "Too large resource version", field: "")],
        retryAfterSeconds: 1))
  }
}

extension StatusError.Cause {
  /// A field error as a cause.
  init(_ problem: Diagnostic) {
    let reason =
      switch problem.kind {
      case .required: "FieldValueRequired"
      case .invalid:
        problem.detail.hasTypeMismatch ? "FieldValueTypeInvalid" : "FieldValueInvalid"
      case .notSupported: "FieldValueNotSupported"
      case .duplicate: "FieldValueDuplicate"
      case .notFound: "FieldValueNotFound"
      case .forbidden: "FieldValueForbidden"
      case .tooLong: "FieldValueTooLong"
      case .tooMany: "FieldValueTooMany"
      case .internalError: "InternalError"
      case nil: ""
      }
    var message = problem
    message.path = ""
    self.init(reason: reason, message: message.message, field: problem.path)
  }
}

extension String {
  /// Whether a schema complains about the type of a value.
  fileprivate var hasTypeMismatch: Bool {
    var rest = self[...]
    while let start = rest.firstIndex(of: "i") {
      if rest[start...].hasPrefix("in body must be of type ") { return true }
      rest = rest[rest.index(after: start)...]
    }
    return false
  }
}
