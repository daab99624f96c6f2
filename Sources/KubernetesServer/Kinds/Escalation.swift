internal import KubernetesModel

/// Nobody can grant what they do not have.
enum Escalation {
  private static let group = "rbac.authorization.k8s.io"

  static func checkRole<Object: StoredObject>(
    _ role: Value, _ old: Value?, _ attributes: AdmissionAttributes, _ server: KubernetesServer<Object>,
    _ context: WriteContext
  ) throws(StatusError) {
    if context.isController { return }
    if let old, old["rules"] == role["rules"] { return }
    let question = AccessAttributes(
      verb: "escalate", namespace: attributes.namespace, group: group, resource: attributes.resource.plural,
      name: attributes.name)
    if server.decide(question, for: context.user).isAllowed { return }
    try check((role["rules"]?.elements ?? []).map { PolicyRule($0) }, attributes, server, context)
  }

  static func checkBinding<Object: StoredObject>(
    _ binding: Value, _ old: Value?, _ attributes: AdmissionAttributes, _ server: KubernetesServer<Object>,
    _ context: WriteContext
  ) throws(StatusError) {
    if context.isController { return }
    if let old, old["roleRef"] == binding["roleRef"], old["subjects"] == binding["subjects"] { return }
    let (kind, name) = (binding.text("roleRef", "kind"), binding.text("roleRef", "name"))
    let question = AccessAttributes(
      verb: "bind", namespace: attributes.namespace, group: group,
      resource: kind == "ClusterRole" ? "clusterroles" : "roles", name: name)
    if server.decide(question, for: context.user).isAllowed { return }
    let rules = server.rules(ofRole: name, kind: kind, namespace: attributes.namespace)
    try check(rules, attributes, server, context)
  }

  private static func check<Object: StoredObject>(
    _ wanted: [PolicyRule], _ attributes: AdmissionAttributes, _ server: KubernetesServer<Object>,
    _ context: WriteContext
  ) throws(StatusError) {
    let held = server.grants(to: context.user, in: attributes.namespace).flatMap(\.rules)
    let missing = wanted.filter { rule in !held.contains { $0.covers(rule) } }
    guard !missing.isEmpty else { return }
    let groups = context.user.groups.map { goQuoted($0) }.joined(separator: " ")
    throw .forbidden(
      attributes.resource.groupResource, attributes.name,
      "user \(goQuoted(context.user.name)) (groups=[\(groups)]) is attempting to grant RBAC permissions not currently "
        + "held:\n" + missing.map(\.compactText).sorted { utf8Precedes($0, $1) }.joined(separator: "\n"))
  }
}

extension PolicyRule {
  /// Whether everything that another rule allows is allowed by this one.
  func covers(_ other: PolicyRule) -> Bool {
    func all(_ wanted: [String], _ held: [String]) -> Bool {
      held.contains("*") || wanted.allSatisfy { held.contains($0) }
    }
    guard all(other.verbs, verbs) else { return false }
    if !other.paths.isEmpty { return all(other.paths, paths) }
    return all(other.groups, groups) && all(other.resources, resources)
      && (names.isEmpty || (!other.names.isEmpty && other.names.allSatisfy { names.contains($0) }))
  }

  /// The rule on one line, as refusals show it.
  fileprivate var compactText: String {
    var parts: [String] = []
    for (name, list) in [
      ("APIGroups", groups), ("Resources", resources), ("NonResourceURLs", paths), ("ResourceNames", names),
      ("Verbs", verbs),
    ] where !list.isEmpty {
      parts.append("\(name):[\(list.map { goQuoted($0) }.joined(separator: ", "))]")
    }
    return "{\(parts.joined(separator: ", "))}"
  }
}
