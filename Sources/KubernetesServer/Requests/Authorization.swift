internal import KubernetesModel

/// What somebody wants to do.
struct AccessAttributes: Sendable, Equatable {
  var verb: String
  var namespace = ""
  var group = ""
  var resource = ""
  var subresource = ""
  var name = ""
  /// For paths that are not those of resources.
  var path: String?
}

/// Whether somebody may do it.
struct AccessDecision: Sendable, Equatable {
  var isAllowed: Bool
  var reason = ""
}

/// Evaluates Roles, ClusterRoles and their bindings.
extension KubernetesServer {
  func authorize(_ path: RequestPath, as user: UserInfo) throws(StatusError) {
    if path.isResource {
      let question = AccessAttributes(
        verb: path.verb, namespace: path.namespace, group: path.group, resource: path.resource,
        subresource: path.subresource, name: path.name)
      if decide(question, for: user).isAllowed { return }
      throw .forbidden(path.groupResource, path.name, path.complaint(user))
    }
    let text = "/" + path.parts.joined(separator: "/")
    if decide(AccessAttributes(verb: path.verb, path: text), for: user).isAllowed { return }
    throw .forbiddenPath(text, verb: path.verb, user)
  }

  /// Whether a user may do something.
  func decide(_ question: AccessAttributes, for user: UserInfo) -> AccessDecision {
    if user.groups.contains("system:masters") { return AccessDecision(isAllowed: true) }
    for grant in grants(to: user, in: question.namespace)
    where grant.rules.contains(where: { $0.allows(question) }) {
      return AccessDecision(isAllowed: true, reason: grant.reason)
    }
    return AccessDecision(isAllowed: false)
  }

  /// The rules that a binding grants to a user.
  struct Grant {
    var rules: [PolicyRule]
    var reason: String
  }

  /// What bindings grant to a user in a namespace: those of the whole cluster first.
  func grants(to user: UserInfo, in namespace: String) -> [Grant] {
    let group = "rbac.authorization.k8s.io"
    var grants: [Grant] = []
    for (kind, plural) in [("ClusterRoleBinding", "clusterrolebindings"), ("RoleBinding", "rolebindings")] {
      if kind == "RoleBinding", namespace.isEmpty { continue }
      guard let id = catalog.resource(GroupResource(group: group, resource: plural)) else { continue }
      for binding in objects(in: id) {
        let metadata = binding.metadata
        if kind == "RoleBinding", metadata.namespace != namespace { continue }
        let document = binding.value
        guard
          let subject = (document["subjects"]?.elements ?? []).first(where: {
            Self.names($0, user, metadata.namespace)
          })
        else { continue }
        let roleKind = document.text("roleRef", "kind")
        let roleName = document.text("roleRef", "name")
        let rules = rules(ofRole: roleName, kind: roleKind, namespace: metadata.namespace)
        let bindingName = kind == "RoleBinding" ? "\(metadata.name)/\(metadata.namespace)" : metadata.name
        let who: String =
          switch subject.text("kind") {
          case "ServiceAccount": "\(subject.text("name"))/\(subject.text("namespace"))"
          default: subject.text("name")
          }
        grants.append(
          Grant(
            rules: rules,
            reason:
              "RBAC: allowed by \(kind) \(goQuoted(bindingName)) of \(roleKind) \(goQuoted(roleName)) to "
              + "\(subject.text("kind")) \(goQuoted(who))"))
      }
    }
    return grants
  }

  /// The rules of a Role or ClusterRole.
  func rules(ofRole name: String, kind: String, namespace: String) -> [PolicyRule] {
    let isCluster = kind == "ClusterRole"
    let resource = GroupResource(
      group: "rbac.authorization.k8s.io", resource: isCluster ? "clusterroles" : "roles")
    guard let id = catalog.resource(resource),
      let role = object(ObjectName(namespace: isCluster ? "" : namespace, name: name), in: id)
    else { return [] }
    return (role.value["rules"]?.elements ?? []).map { PolicyRule($0) }
  }

  /// Whether a subject of a binding means a user.
  private static func names(_ subject: Value, _ user: UserInfo, _ namespace: String) -> Bool {
    let name = subject.text("name")
    switch subject.text("kind") {
    case "User": return name == user.name
    case "Group": return user.groups.contains(name)
    case "ServiceAccount":
      let home = subject.text("namespace")
      return user.name == "system:serviceaccount:\(home.isEmpty ? namespace : home):\(name)"
    default: return false
    }
  }
}

/// One rule of a role.
struct PolicyRule: Sendable, Equatable {
  var verbs: [String]
  var groups: [String]
  var resources: [String]
  var names: [String]
  var paths: [String]

  init(_ rule: Value) {
    verbs = rule["verbs"]?.strings ?? []
    groups = rule["apiGroups"]?.strings ?? []
    resources = rule["resources"]?.strings ?? []
    names = rule["resourceNames"]?.strings ?? []
    paths = rule["nonResourceURLs"]?.strings ?? []
  }

  /// Whether the rule allows something.
  func allows(_ question: AccessAttributes) -> Bool {
    guard verbs.contains("*") || verbs.contains(question.verb) else { return false }
    if let path = question.path {
      return paths.contains {
        $0 == "*" || $0 == path || ($0.hasSuffix("*") && path.hasPrefix($0.dropLast()))
      }
    }
    guard groups.contains("*") || groups.contains(question.group) else { return false }
    let whole =
      question.subresource.isEmpty ? question.resource : "\(question.resource)/\(question.subresource)"
    let isNamed = resources.contains {
      $0 == "*" || $0 == whole || (!question.subresource.isEmpty && $0 == "*/\(question.subresource)")
    }
    return isNamed && (names.isEmpty || names.contains(question.name))
  }

  /// The rule as a document; what is empty is left out.
  var value: Value {
    var members: [(String, Value)] = []
    for (key, list) in [
      ("verbs", verbs), ("apiGroups", groups), ("resources", resources), ("resourceNames", names),
      ("nonResourceURLs", paths),
    ] where !list.isEmpty {
      members.append((key, .array(list.map { .string($0) })))
    }
    return .object(members)
  }
}
