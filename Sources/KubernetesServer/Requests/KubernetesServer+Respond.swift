internal import KubernetesModel

/// Answers requests as an API server does.
extension KubernetesServer {
  /// The largest body that is read, in bytes.
  static var largestBody: Int { 3_145_728 }

  /// Answers a request.
  ///
  /// A request that needs a webhook which nobody answers for fails as one whose webhook cannot be reached.
  public mutating func respond(to request: APIRequest) -> APIResponse {
    var answers: [WebhookAnswer] = []
    while true {
      switch outcome(of: request, answers: answers) {
      case .answered(let response): return response
      case .needs: answers.append(.failure("connection refused"))
      }
    }
  }

  /// Answers a request, or says which call to a webhook has to be made first.
  ///
  /// - Parameter answers: the answers to the calls that earlier attempts at the same request asked for.
  public mutating func outcome(of request: APIRequest, answers: [WebhookAnswer] = []) -> RequestOutcome {
    let before = self
    var context = WriteContext()
    context.answers = answers[...]
    context.keepsBooks = keepsBooks
    var response: APIResponse
    do throws(StatusError) {
      response = try answer(to: request, &context)
    } catch {
      if let call = context.missingCall {
        self = before
        return .needs(call)
      }
      response = .refusal(error)
      response.status = error.code
    }
    for warning in context.warnings {
      response.headers.append(("Warning", "299 - \(Self.quoted(warning))"))
    }
    if case .document(let value, _) = response.body, wantsYAML(request) {
      response.body = .document(value, isYAML: true)
      response.headers = response.headers.map {
        $0.name == "Content-Type" ? ($0.name, "application/yaml") : $0
      }
    }
    return .answered(response)
  }

  /// Whether a client prefers YAML to JSON.
  private func wantsYAML(_ request: APIRequest) -> Bool {
    guard let header = request.header("Accept"), let first = MediaType.list(header).first else {
      return false
    }
    return first.name == "application/yaml"
  }

  /// A text in double quotes, as the `Warning` header has it.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"", "\\":
        quoted.append("\\")
        quoted.unicodeScalars.append(character)
      case "\n", "\r": continue
      default: quoted.unicodeScalars.append(character)
      }
    }
    return quoted + "\""
  }

  private mutating func answer(
    to request: APIRequest, _ context: inout WriteContext
  ) throws(StatusError) -> APIResponse {
    let path = RequestPath(request)
    context.user = try authenticate(request)
    context.user = try impersonate(request, path, as: context.user)
    try authorize(path, as: context.user)
    guard path.isResource else { return try answerOutsideResources(path, request) }
    if request.body.count > Self.largestBody {
      throw StatusError(
        code: 413, reason: "RequestEntityTooLarge",
        message: "Request entity too large: limit is \(Self.largestBody)")
    }
    return try answer(to: request, at: path, &context)
  }

  // MARK: Finding the resource

  /// A request that has been understood so far.
  struct Target {
    var id: ResourceID
    var resource: APIResource
    var path: RequestPath
    var request: APIRequest
    /// The name of the object with its namespace.
    var name: ObjectName
    var isCustom: Bool { resource.traits.contains(.isCustom) }
    var groupResource: GroupResource { resource.groupResource }
  }

  private mutating func answer(
    to request: APIRequest, at path: RequestPath, _ context: inout WriteContext
  ) throws(StatusError) -> APIResponse {
    let found = catalog.resource(group: path.group, version: path.version, plural: path.resource)
    guard let id = found else {
      // Groups that are compiled in know what they do not have; all others are nobody's.
      let isBuiltIn = Self.isBuiltIn(group: path.group, version: path.version)
      if isBuiltIn || path.prefix == "api" { throw .noSuchResource }
      return .pageNotFound
    }
    let resource = catalog[id]
    let namespace = resource.isNamespaced ? path.namespace : ""
    let target = Target(
      id: id, resource: resource, path: path, request: request,
      name: ObjectName(namespace: namespace, name: path.name))
    if target.isCustom {
      if !resource.isNamespaced, !path.namespace.isEmpty { return .pageNotFound }
      if resource.isNamespaced, path.namespace.isEmpty, path.verb != "list", path.verb != "watch" {
        return .pageNotFound
      }
      try checkCustomVerb(target)
    } else {
      let isNamespacePath = path.resource == "namespaces"
      if !resource.isNamespaced, !path.namespace.isEmpty, !isNamespacePath { throw .noSuchResource }
      try checkBuiltInVerb(target)
      try checkAccept(request)
    }
    if path.resource == "endpoints", path.group.isEmpty {
      context.warn("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
    }
    return try carryOut(target, &context)
  }

  static func isBuiltIn(group: String, version: String) -> Bool {
    APIResources.builtIn.contains { $0.group == group && $0.version == version }
  }

  private func checkCustomVerb(_ target: Target) throws(StatusError) {
    let path = target.path
    if path.subresource.isEmpty {
      if path.verb.isEmpty || target.request.method == "HEAD" {
        throw .notSupported(path.verb, target.groupResource)
      }
      if path.name.isEmpty, path.verb == "update" || path.verb == "patch" {
        throw .badRequest("name must be provided")
      }
      return
    }
    guard let subresource = target.resource.subresource(path.subresource) else {
      throw .notFound(target.groupResource, path.name)
    }
    guard subresource.verbs.contains(path.verb) else { throw .notSupported(path.verb, target.groupResource) }
  }

  private func checkBuiltInVerb(_ target: Target) throws(StatusError) {
    let (path, resource) = (target.path, target.resource)
    let method = target.request.method
    guard ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(method) else { throw .methodNotAllowed }
    if path.subresource.isEmpty {
      let isPossible =
        path.verb == "watch" ? resource.verbs.contains("watch") : resource.verbs.contains(path.verb)
      guard isPossible else { throw .methodNotAllowed }
      if path.name.isEmpty {
        guard ["list", "watch", "create", "deletecollection"].contains(path.verb) else {
          throw .methodNotAllowed
        }
        if resource.isNamespaced, path.namespace.isEmpty, path.verb != "list", path.verb != "watch" {
          throw .methodNotAllowed
        }
      } else {
        guard path.verb != "create" else { throw .methodNotAllowed }
        if resource.isNamespaced, path.namespace.isEmpty { throw .noSuchResource }
      }
      return
    }
    guard let subresource = resource.subresource(path.subresource) else { throw .noSuchResource }
    guard subresource.verbs.contains(path.verb) else { throw .methodNotAllowed }
  }

  /// Built-in resources look at the names of the media types before anything else.
  private func checkAccept(_ request: APIRequest) throws(StatusError) {
    guard let header = request.header("Accept"), !header.trimmed.isEmpty else { return }
    let known = AnswerForm.mediaTypes
    if !MediaType.list(header).contains(where: { $0.name.hasSuffix("/*") || known.contains($0.name) }) {
      throw StatusError(
        code: 406, reason: "NotAcceptable",
        message: "406: Not Acceptable\n\nAvailable representations: \(known.joined(separator: ", "))",
        details: StatusError.Details())
    }
  }

  private mutating func carryOut(
    _ target: Target, _ context: inout WriteContext
  ) throws(StatusError) -> APIResponse {
    if !target.path.subresource.isEmpty { return try carryOutSubresource(target, &context) }
    if target.resource.traits.contains(.isTransient) { return try answerReview(target, &context) }
    switch target.path.verb {
    case "get": return try get(target)
    case "list": return try list(target)
    case "watch": return try watch(target)
    case "create": return try create(target, &context)
    case "update": return try update(target, &context)
    case "patch": return try patch(target, &context)
    case "delete": return try delete(target, &context)
    default: return try deleteCollection(target, &context)
    }
  }
}
