internal import KubernetesModel
internal import KubernetesValidation

/// What is wrong with an object that is about to be stored.
enum KindChecks {
  static func problems<Object: StoredObject>(
    _ object: Object, _ old: Object?, _ attributes: AdmissionAttributes, _ server: KubernetesServer<Object>
  ) throws(StatusError) -> [Diagnostic] {
    let resource = attributes.resource
    var found: [Diagnostic] = []
    if let old { found += MetadataChecks.changes(object.metadata, from: old.metadata) }
    if resource.traits.contains(.isCustom) {
      found += customProblems(object, old, attributes, server)
      return found
    }
    if resource.group.isEmpty, resource.plural == "pods" {
      return found + podProblems(object.value, old?.value, attributes)
    }
    if old == nil || object.metadata != old?.metadata {
      found += MetadataChecks.problems(object.metadata, resource, isNew: old == nil)
    }
    guard attributes.subresource.isEmpty || attributes.subresource == "resize" else { return found }
    let (document, before) = (object.value, old?.value)
    if let before, before.setting("metadata", to: nil) == document.setting("metadata", to: nil) {
      return found
    }
    found += problems(document, before, resource, attributes)
    return found
  }

  private static func customProblems<Object: StoredObject>(
    _ object: Object, _ old: Object?, _ attributes: AdmissionAttributes, _ server: KubernetesServer<Object>
  ) -> [Diagnostic] {
    guard
      let id = server.catalog.resource(
        group: attributes.resource.group, version: attributes.resource.version,
        plural: attributes.resource.plural),
      let schema = server.schema(of: id)
    else { return MetadataChecks.problems(object.metadata, attributes.resource, isNew: old == nil) }
    let problems = schema.problems(object.value, old?.value)
    guard attributes.subresource == "status" else { return problems }
    // The status is checked on its own: messages name fields from there.
    return problems.filter {
      $0.path.hasPrefix("status") || $0.path.hasPrefix(".status") || $0.path.hasPrefix("metadata")
    }
    .map { problem in
      guard problem.detail.hasPrefix("status.") else { return problem }
      var shortened = problem
      shortened.detail.removeFirst("status.".count)
      return shortened
    }
  }

  private static func problems(
    _ document: Value, _ old: Value?, _ resource: APIResource, _ attributes: AdmissionAttributes
  ) -> [Diagnostic] {
    switch (resource.group, resource.plural) {
    case ("", "configmaps"): configMap(document, old)
    case ("", "secrets"): secret(document, old)
    case ("", "services"):
      old == nil
        ? ServiceValidation.problems(creating: document.decoded(as: Service.self))
        : ServiceChecks.problems(document, old)
    case ("autoscaling", "horizontalpodautoscalers"):
      AutoscalerValidation.problems(document.decoded(as: HorizontalPodAutoscaler.self))
    case ("", "nodes"): node(document, old)
    case ("", "events"): event(document)
    case ("events.k8s.io", "events"): newEvent(document)
    case ("coordination.k8s.io", "leases"): lease(document)
    case ("rbac.authorization.k8s.io", "roles"): rules(document, isNamespaced: true)
    case ("rbac.authorization.k8s.io", "clusterroles"): rules(document, isNamespaced: false)
    case ("rbac.authorization.k8s.io", "rolebindings"):
      binding(document, old, kinds: ["Role", "ClusterRole"])
    case ("rbac.authorization.k8s.io", "clusterrolebindings"): binding(document, old, kinds: ["ClusterRole"])
    case ("apiextensions.k8s.io", "customresourcedefinitions"): DefinitionChecks.problems(document)
    default: []
    }
  }

  static let rule: RuleID = "K-object"

  private static func podProblems(
    _ document: Value, _ old: Value?, _ attributes: AdmissionAttributes
  ) -> [Diagnostic] {
    let pod = document.decoded(as: Pod.self)
    guard let before = old?.decoded(as: Pod.self) else { return PodValidation.problems(creating: pod) }
    switch attributes.subresource {
    case "": return PodValidation.problems(updating: pod, from: before)
    case "status": return PodValidation.problems(updatingStatus: pod, from: before)
    case "resize": return PodValidation.problems(resizing: pod, from: before)
    default: return []
    }
  }

  // MARK: Core

  private static func keyProblems(_ value: Value?, at path: FieldPath) -> [Diagnostic] {
    (value?.members ?? []).sorted { utf8Precedes($0.name, $1.name) }.flatMap { member -> [Diagnostic] in
      configKeyObjections(member.name).map { .invalid(rule, path[member.name], .string(member.name), $0) }
    }
  }

  /// What is wrong with a key of a ConfigMap or Secret.
  private static func configKeyObjections(_ key: String) -> [String] {
    var objections = key.utf8.count > 253 ? ["must be no more than 253 characters"] : []
    let fits =
      !key.isEmpty
      && key.utf8.allSatisfy {
        $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x41 && $0 <= 0x5A || $0 >= 0x61 && $0 <= 0x7A || $0 == 0x2D
          || $0 == 0x2E
          || $0 == 0x5F
      }
    if !fits {
      objections.append(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or "
          + "'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")
    }
    if key == "." { objections.append("must not be '.'") }
    if key == ".." { objections.append("must not be '..'") }
    return objections
  }

  private static func configMap(_ document: Value, _ old: Value?) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if let old, old["immutable"] == .boolean(true) {
      if document["immutable"] != .boolean(true) {
        found.append(.forbidden(rule, "immutable", "field is immutable when `immutable` is set"))
      }
      for name in ["data", "binaryData"] where document[name] != old[name] {
        found.append(.forbidden(rule, FieldPath(name), "field is immutable when `immutable` is set"))
      }
    }
    found += keyProblems(document["data"], at: "data") + keyProblems(document["binaryData"], at: "binaryData")
    for (key, _) in document["binaryData"]?.members ?? [] where document[path: "data", key] != nil {
      found.append(
        .invalid(rule, FieldPath("data")[key], .string(key), "duplicate of key present in binaryData"))
    }
    if size(document["data"]) + size(document["binaryData"]) > 1_048_576 {
      found.append(.tooLong(rule, "[]", maximumBytes: 1_048_576))
    }
    return found
  }

  private static func size(_ value: Value?) -> Int {
    (value?.members ?? []).reduce(0) { $0 + ($1.value.stringValue?.utf8.count ?? 0) }
  }

  private static func secret(_ document: Value, _ old: Value?) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if let old {
      if old["type"] != document["type"] {
        found.append(.invalid(rule, "type", .string(document.text("type")), "field is immutable"))
      }
      if old["immutable"] == .boolean(true) {
        if document["immutable"] != .boolean(true) {
          found.append(.forbidden(rule, "immutable", "field is immutable when `immutable` is set"))
        }
        if document["data"] != old["data"] {
          found.append(.forbidden(rule, "data", "field is immutable when `immutable` is set"))
        }
      }
    }
    found += keyProblems(document["data"], at: "data")
    let data = document["data"]
    func require(_ keys: [String]) {
      for key in keys where data?[key] == nil { found.append(.required(rule, FieldPath("data")[key])) }
    }
    switch document.text("type") {
    case "kubernetes.io/service-account-token":
      let key = "kubernetes.io/service-account.name"
      if document.text("metadata", "annotations", key).isEmpty {
        found.append(.required(rule, FieldPath("metadata.annotations")[key]))
      }
    case "kubernetes.io/dockercfg": require([".dockercfg"])
    case "kubernetes.io/dockerconfigjson": require([".dockerconfigjson"])
    case "kubernetes.io/basic-auth":
      if data?["username"] == nil, data?["password"] == nil { require(["username", "password"]) }
    case "kubernetes.io/ssh-auth": require(["ssh-privatekey"])
    case "kubernetes.io/tls": require(["tls.crt", "tls.key"])
    default: break
    }
    return found
  }

  private static func node(_ document: Value, _ old: Value?) -> [Diagnostic] {
    guard let old else { return [] }
    var found: [Diagnostic] = []
    let (before, now) = (old.text("spec", "providerID"), document.text("spec", "providerID"))
    if !before.isEmpty, before != now {
      found.append(
        .forbidden(
          rule, "spec.providerID", "node updates may not change providerID except from \"\" to valid"))
    }
    if let range = old[path: "spec", "podCIDR"], range != document[path: "spec", "podCIDR"] {
      found.append(
        .forbidden(rule, "spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid"))
    }
    return found
  }

  /// An event of the new form says when and how grave.
  private static func newEvent(_ document: Value) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let hasTime = document["eventTime"]?.stringValue?.isEmpty == false
    if !hasTime { found.append(.required(rule, "eventTime")) }
    let type = document.text("type")
    if type != "Normal", type != "Warning" {
      found.append(.invalid(rule, "type", .string(type), "has invalid value: \(type)"))
    }
    guard hasTime else { return found }
    for (field, name) in [
      ("reportingController", "reportingComponent"), ("reportingInstance", "reportingInstance"),
    ]
    where document.text(name).isEmpty {
      found.append(.required(rule, FieldPath(field)))
    }
    for field in ["action", "reason"] where document.text(field).isEmpty {
      found.append(.required(rule, FieldPath(field)))
    }
    return found + event(document)
  }

  private static func event(_ document: Value) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let namespace = document.text("metadata", "namespace")
    let about = document.text("involvedObject", "namespace")
    if about.isEmpty {
      if namespace != "default", namespace != "kube-system" {
        found.append(
          .invalid(rule, "involvedObject.namespace", .string(about), "does not match event.namespace"))
      }
    } else if about != namespace {
      found.append(
        .invalid(rule, "involvedObject.namespace", .string(about), "does not match event.namespace"))
    }
    return found
  }

  private static func lease(_ document: Value) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if let seconds = document[path: "spec", "leaseDurationSeconds"]?.integerValue, seconds <= 0 {
      found.append(
        .invalid(rule, "spec.leaseDurationSeconds", .integer(seconds), "must be greater than 0"))
    }
    if let count = document[path: "spec", "leaseTransitions"]?.integerValue, count < 0 {
      found.append(
        .invalid(rule, "spec.leaseTransitions", .integer(count), "must be greater than or equal to 0"))
    }
    return found
  }

  // MARK: RBAC

  private static func rules(_ document: Value, isNamespaced: Bool) -> [Diagnostic] {
    (document["rules"]?.elements ?? []).enumerated().flatMap { index, value -> [Diagnostic] in
      let rule = PolicyRule(value)
      let path = FieldPath("rules")[index]
      var found: [Diagnostic] = []
      if rule.verbs.isEmpty {
        found.append(.required(Self.rule, path.child("verbs"), "verbs must contain at least one value"))
      }
      if !rule.paths.isEmpty {
        if isNamespaced {
          found.append(
            .invalid(
              Self.rule, path.child("nonResourceURLs"), .strings(rule.paths),
              "namespaced rules cannot apply to non-resource URLs"))
        }
        if !rule.groups.isEmpty || !rule.resources.isEmpty || !rule.names.isEmpty {
          found.append(
            .invalid(
              Self.rule, path.child("nonResourceURLs"), .strings(rule.paths),
              "rules cannot apply to both regular resources and non-resource URLs"))
        }
        return found
      }
      if rule.groups.isEmpty {
        found.append(
          .required(Self.rule, path.child("apiGroups"), "resource rules must supply at least one api group"))
      }
      if rule.resources.isEmpty {
        found.append(
          .required(Self.rule, path.child("resources"), "resource rules must supply at least one resource"))
      }
      return found
    }
  }

  private static func binding(_ document: Value, _ old: Value?, kinds: [String]) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let reference = document["roleRef"] ?? .object([])
    let group = reference.text("apiGroup")
    if group != "rbac.authorization.k8s.io" {
      found.append(
        .notSupported(rule, "roleRef.apiGroup", .string(group), supported: ["rbac.authorization.k8s.io"]))
    }
    let kind = reference.text("kind")
    if !kinds.contains(kind) {
      found.append(.notSupported(rule, "roleRef.kind", .string(kind), supported: kinds))
    }
    let name = reference.text("name")
    if name.isEmpty {
      found.append(.required(rule, "roleRef.name"))
    } else {
      found += MetadataChecks.pathSegmentObjections(name).map {
        .invalid(rule, "roleRef.name", .string(name), $0)
      }
    }
    for (index, subject) in (document["subjects"]?.elements ?? []).enumerated() {
      let path = FieldPath("subjects")[index]
      if subject.text("name").isEmpty { found.append(.required(rule, path.child("name"))) }
      switch subject.text("kind") {
      case "ServiceAccount":
        if kinds.count == 1, subject.text("namespace").isEmpty {
          found.append(.required(rule, path.child("namespace")))
        }
      case "User", "Group": break
      default:
        found.append(
          .notSupported(
            rule, path.child("kind"), .string(subject.text("kind")),
            supported: ["ServiceAccount", "User", "Group"]))
      }
    }
    if let old, old["roleRef"] != document["roleRef"] {
      found.append(
        .invalid(
          rule, "roleRef", .json(JSONWriter.string(reference, options: .init(escapesHTML: true))),
          "cannot change roleRef"))
    }
    return found
  }
}
