internal import KubernetesModel

/// Reviews: questions that are answered and not stored.
extension KubernetesServer {
  mutating func answerReview(
    _ target: Target, _ context: inout WriteContext
  ) throws(StatusError) -> APIResponse {
    if target.path.resource == "bindings" { return try bind(target, &context) }
    _ = try writeOptions(target, "CreateOptions", &context)
    let body = try readObject(target.request, of: target.resource.kind).value
    switch target.resource.kind {
    case "SelfSubjectAccessReview", "SubjectAccessReview", "LocalSubjectAccessReview":
      return try accessReview(body, target, context.user)
    case "SelfSubjectRulesReview": return try rulesReview(body, target, context.user)
    case "SelfSubjectReview":
      return review(
        target, metadata: .object(["creationTimestamp": .string(now.roundedDownToSecond.text)]), spec: nil,
        status: .object(["userInfo": context.user.value]))
    case "TokenReview": return tokenReview(body, target)
    default: throw .noSuchResource
    }
  }

  private func review(
    _ target: Target, metadata: Value = .object([]), spec: Value?, status: Value
  ) -> APIResponse {
    var members: [(String, Value)] = [
      ("kind", .string(target.resource.kind)), ("apiVersion", .string(target.resource.apiVersion)),
      ("metadata", metadata),
    ]
    if let spec { members.append(("spec", spec)) }
    members.append(("status", status))
    return .document(201, .object(members))
  }

  private func accessReview(
    _ body: Value, _ target: Target, _ asker: UserInfo
  ) throws(StatusError) -> APIResponse {
    let spec = body["spec"] ?? .object([])
    let (resource, path) = (spec["resourceAttributes"], spec["nonResourceAttributes"])
    if (resource == nil) == (path == nil) {
      throw .invalid(
        group: target.resource.group, kind: "", "",
        [
          .invalid(
            "K-review", "spec.resourceAttributes",
            resource.map { .json(JSONWriter.string($0)) } ?? .json("null"),
            "exactly one of nonResourceAttributes or resourceAttributes must be specified")
        ])
    }
    var user = asker
    if target.resource.kind != "SelfSubjectAccessReview" {
      user = UserInfo(spec.text("user"), uid: spec.text("uid"), groups: spec["groups"]?.strings ?? [])
      if user.name.isEmpty, user.groups.isEmpty {
        throw .invalid(
          group: target.resource.group, kind: "", "",
          [.invalid("K-review", "spec.user", "", "at least one of user or group must be specified")])
      }
    }
    var question = AccessAttributes(verb: resource?.text("verb") ?? path?.text("verb") ?? "")
    if let resource {
      question.namespace = resource.text("namespace")
      question.group = resource.text("group")
      question.resource = resource.text("resource")
      question.subresource = resource.text("subresource")
      question.name = resource.text("name")
    } else {
      question.path = path?.text("path")
    }
    let decision = decide(question, for: user)
    var status: [(String, Value)] = [("allowed", .boolean(decision.isAllowed))]
    if !decision.reason.isEmpty { status.append(("reason", .string(decision.reason))) }
    let metadata: Value =
      target.resource.isNamespaced && !target.path.namespace.isEmpty
      ? .object(["namespace": .string(target.path.namespace)]) : .object([])
    return review(target, metadata: metadata, spec: spec, status: .object(status))
  }

  private func rulesReview(
    _ body: Value, _ target: Target, _ user: UserInfo
  ) throws(StatusError) -> APIResponse {
    let namespace = body.text("spec", "namespace")
    if namespace.isEmpty { throw .badRequest("no namespace on request") }
    let rules = grants(to: user, in: namespace).flatMap(\.rules)
    let resources = rules.filter { $0.paths.isEmpty }.map(\.value)
    let paths = rules.filter { !$0.paths.isEmpty }.map(\.value)
    return review(
      target, spec: .object([]),
      status: .object([
        "resourceRules": .array(resources), "nonResourceRules": .array(paths), "incomplete": .boolean(false),
      ]))
  }

  private func tokenReview(_ body: Value, _ target: Target) -> APIResponse {
    let token = body.text("spec", "token")
    var status: [(String, Value)]
    if let user = user(ofToken: token) {
      status = [
        ("authenticated", .boolean(true)), ("user", user.value),
        ("audiences", .array([.string("https://kubernetes.default.svc")])),
      ]
    } else {
      status = [("user", .object([])), ("error", .string("invalid bearer token"))]
    }
    return review(target, spec: body["spec"] ?? .object([]), status: .object(status))
  }
}
