internal import KubernetesModel
internal import KubernetesSchema

/// The endpoints below objects.
extension KubernetesServer {
  mutating func carryOutSubresource(
    _ target: Target, _ context: inout WriteContext
  ) throws(StatusError) -> APIResponse {
    switch target.path.subresource {
    case "status", "ephemeralcontainers", "resize", "approval":
      switch target.path.verb {
      case "get": return try get(target)
      case "update": return try update(target, &context)
      default: return try patch(target, &context)
      }
    case "scale": return try scale(target, &context)
    case "finalize": return try finalize(target, &context)
    case "binding": return try bind(target, &context)
    case "eviction": return try evict(target, &context)
    case "log": return try log(target)
    case "token": return try requestToken(target)
    case "exec", "attach", "portforward", "proxy": return try refuseConnection(target)
    default: throw .noSuchResource
    }
  }

  // MARK: Scale

  /// The Scale of an object.
  func scale(of object: Object, _ resource: APIResource) -> Value {
    let paths = resource.scale ?? APIResource.ScalePaths()
    let document = object.value
    let metadata = object.metadata
    var head: [(String, Value)] = [("name", .string(metadata.name))]
    if !metadata.namespace.isEmpty { head.append(("namespace", .string(metadata.namespace))) }
    head.append(("uid", .string(metadata.uid)))
    if !metadata.resourceVersion.isEmpty {
      head.append(("resourceVersion", .string(metadata.resourceVersion)))
    }
    if let time = metadata.creationTimestamp { head.append(("creationTimestamp", .string(time.text))) }
    let wanted = Self.value(at: paths.specReplicas, in: document)?.integerValue ?? 0
    let observed = Self.value(at: paths.statusReplicas, in: document)?.integerValue ?? 0
    var status: [(String, Value)] = [("replicas", .integer(observed))]
    if let path = paths.selector, let selector = Self.value(at: path, in: document)?.stringValue,
      !selector.isEmpty
    {
      status.append(("selector", .string(selector)))
    } else if paths.selector == nil,
      let selector = LabelSelector(document: document[path: "spec", "selector"])
    {
      let text = selector.matchLabels.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
      if !text.isEmpty { status.append(("selector", .string(text))) }
    }
    return .object([
      "kind": .string("Scale"), "apiVersion": .string("autoscaling/v1"), "metadata": .object(head),
      "spec": wanted == 0 ? .object([]) : .object(["replicas": .integer(wanted)]), "status": .object(status),
    ])
  }

  /// The value at a path such as `.spec.replicas`.
  private static func value(at path: String, in document: Value) -> Value? {
    var value: Value? = document
    for name in path.split(separator: ".") { value = value?[String(name)] }
    return value
  }

  static var scaleKind: GroupVersionKind {
    GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale")
  }

  private mutating func scale(
    _ target: Target, _ context: inout WriteContext
  ) throws(StatusError) -> APIResponse {
    let form = try AnswerForm(
      accept: target.request.header("Accept"), includeObject: target.request.parameter("includeObject"))
    let verb = target.path.verb
    if verb == "get" {
      guard let live = object(target.name, in: target.id) else {
        throw .notFound(target.groupResource, target.name.name)
      }
      return .document(200, showScale(scale(of: live, target.resource), target, form))
    }
    _ = try writeOptions(target, verb == "update" ? "UpdateOptions" : "PatchOptions", &context)
    let submitted = verb == "update" ? try readScale(target) : nil
    let patch = verb == "patch" ? try readPatch(target) : nil
    if let patch, patch.form == .apply {
      throw .internalError(
        "failed to create manager for existing fields: failed to convert live object (/; autoscaling/v1, Kind=Scale) "
          + "to proper version: request to convert CR to an invalid group/version: autoscaling/v1")
    }
    guard let live = object(target.name, in: target.id) else {
      throw .notFound(target.groupResource, target.name.name)
    }
    let before = scale(of: live, target.resource)
    var wanted = submitted ?? before
    if let patch {
      wanted = try Self.patched(before, patch, Self.scaleKind)
      if let number = wanted[path: "spec", "replicas"], !number.isNull, number.integerValue == nil {
        throw patchComplaint(
          wanted,
          "json: cannot unmarshal \(Self.goKind(number)) into Go struct field ScaleSpec.spec.replicas of type int32"
        )
      }
    }
    let replicas = wanted[path: "spec", "replicas"]?.integerValue ?? 0
    if replicas < 0 {
      throw .invalid(
        target.resource, target.name.name,
        [.invalid("K-scale", ".spec.replicas", .integer(replicas), "should be a non-negative integer")])
    }
    let path = (target.resource.scale ?? APIResource.ScalePaths()).specReplicas.split(separator: ".").map(
      String.init)
    let (asked, resource, id) = (wanted.text("metadata", "resourceVersion"), target.resource, target.id)
    let changed = before.setting(
      "spec", to: replicas == 0 ? .object([]) : .object(["replicas": .integer(replicas)]))
    context.shown = (Self.scaleKind, changed, before)
    let stored = try update(target.name, in: id, part: .other("scale"), context: &context) { live in
      let document = live.value.setting(path, to: .integer(replicas))
      return Object(document, of: resource).withMetadata {
        $0.resourceVersion = asked.isEmpty ? live.metadata.resourceVersion : asked
      }
    }
    return .document(200, showScale(scale(of: stored, resource), target, form))
  }

  private func showScale(_ scale: Value, _ target: Target, _ form: AnswerForm) -> Value {
    switch form.content {
    case .objects: scale
    case .metadata: Self.metadataOnly(scale)
    case .table(let version, let includes):
      scaleTable(scale, version: version, includes: includes)
    }
  }

  private func readScale(_ target: Target) throws(StatusError) -> Value {
    let body = try readObject(target.request, of: "Scale").value
    if body.text("kind") != "Scale" || !["autoscaling/v1"].contains(body.text("apiVersion")) {
      throw .badRequest(
        "no kind is registered for the type v1.Scale in scheme "
          + "\"k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go:781\"")
    }
    let name = body.text("metadata", "name")
    if name.isEmpty {
      throw .badRequest(
        "the name of the object (\(target.name.name) based on URL) was undeterminable: name must be provided")
    }
    if name != target.name.name {
      throw .badRequest(
        "the name of the object (\(name)) does not match the name on the URL (\(target.name.name))")
    }
    return body
  }

  // MARK: Namespaces

  private mutating func finalize(
    _ target: Target, _ context: inout WriteContext
  ) throws(StatusError) -> APIResponse {
    let validation = try writeOptions(target, "UpdateOptions", &context)
    let object = try decode(target, validation, &context)
    guard let live = self.object(target.name, in: target.id) else {
      throw .notFound(target.groupResource, target.name.name)
    }
    let asked = object.metadata.resourceVersion
    if !asked.isEmpty, asked != live.metadata.resourceVersion {
      throw .modified(target.groupResource, target.name.name)
    }
    let finalizers = object.value[path: "spec", "finalizers"]
    let document = live.value.setting(["spec", "finalizers"], to: finalizers?.count == 0 ? nil : finalizers)
    let changed = Object(document, of: target.resource)
    if !context.isDryRun { finishNamespace(changed, replacing: live, target.id) }
    let stored = self.object(target.name, in: target.id) ?? changed
    return .document(200, show(stored, as: target.id, in: AnswerForm.objects))
  }

  // MARK: Pods

  /// The Status that says that something was done.
  static var done: Value {
    .object([
      "kind": .string("Status"), "apiVersion": .string("v1"), "metadata": .object([]),
      "status": .string("Success"), "code": .integer(201),
    ])
  }

  mutating func bind(_ target: Target, _ context: inout WriteContext) throws(StatusError) -> APIResponse {
    _ = try writeOptions(target, "CreateOptions", &context)
    let binding = try readObject(target.request, of: "Binding").value
    let name = binding.text("metadata", "name")
    guard let pods = frontend.pods else { throw .noSuchResource }
    let isBelowPod = target.path.subresource == "binding"
    let podName = isBelowPod ? target.name.name : name
    if isBelowPod, name != podName { throw .badRequest("name in URL does not match name in Binding object") }
    let node = binding.text("target", "name")
    let kind = binding.text("target", "kind")
    var complaints: [String] = []
    if !kind.isEmpty, kind != "Node" {
      complaints.append(
        "target.kind: Unsupported value: \(goQuoted(kind)): supported values: \"Node\", \"<empty>\"")
    }
    if node.isEmpty { complaints.append("target.name: Required value") }
    if !complaints.isEmpty {
      throw .internalError(complaints.count == 1 ? complaints[0] : "[\(complaints.joined(separator: ", "))]")
    }
    let key = ObjectName(namespace: target.path.namespace, name: podName)
    guard let live = object(key, in: pods) else {
      throw .notFound(GroupResource(group: "", resource: "pods"), podName)
    }
    let uid = binding.text("metadata", "uid")
    if !uid.isEmpty, uid != live.metadata.uid {
      throw .conflict(
        GroupResource(group: "", resource: "pods"), podName,
        "StorageError: invalid object, Code: 4, Key: /registry/pods/\(key), ResourceVersion: 0, AdditionalErrorMsg: "
          + "Precondition failed: UID in precondition: \(uid), UID in object meta: \(live.metadata.uid)")
    }
    let document = live.value
    let resource = GroupResource(group: "", resource: "pods/binding")
    if live.metadata.deletionTimestamp != nil {
      throw .conflict(resource, podName, "pod \(podName) is being deleted, cannot be assigned to a host")
    }
    let assigned = document.text("spec", "nodeName")
    if !assigned.isEmpty {
      throw .conflict(resource, podName, "pod \(podName) is already assigned to node \(goQuoted(assigned))")
    }
    if let gates = document[path: "spec", "schedulingGates"], gates.count > 0 {
      throw .conflict(resource, podName, "pod \(podName) has non-empty .spec.schedulingGates")
    }
    let time = now.roundedDownToSecond.text
    var pod = document.setting(["spec", "nodeName"], to: .string(node))
    pod = pod.setting(
      ["status", "conditions"], to: Self.conditions(pod, setting: "PodScheduled", to: "True", at: time))
    let metadata = DynamicObject(binding).metadata
    let bound = Object(pod, of: catalog[pods]).withMetadata {
      for (key, value) in metadata.annotations { $0.annotations[key] = value }
      for (key, value) in metadata.labels { $0.labels[key] = value }
    }
    if !context.isDryRun { commit(old: live, new: bound, in: pods) }
    return .document(201, Self.done)
  }

  private static func conditions(
    _ pod: Value, setting type: String, to status: String, at time: String
  ) -> Value {
    let condition = Value.object([
      "type": .string(type), "status": .string(status), "lastProbeTime": .null,
      "lastTransitionTime": .string(time),
    ])
    let others = (pod[path: "status", "conditions"]?.elements ?? []).filter { $0.text("type") != type }
    return .array(others + [condition])
  }

  private mutating func evict(
    _ target: Target, _ context: inout WriteContext
  ) throws(StatusError) -> APIResponse {
    _ = try writeOptions(target, "CreateOptions", &context)
    let body = try readObject(target.request, of: "Eviction").value
    let kind = body.text("kind")
    if !kind.isEmpty, kind != "Eviction" {
      throw .badRequest(
        "\(kind) in version \"v1\" cannot be handled as a Eviction: converting (v1.\(kind)) to (policy.Eviction): "
          + "unknown conversion")
    }
    let name = body.text("metadata", "name")
    if !name.isEmpty, name != target.name.name {
      throw .badRequest("name in URL does not match name in Eviction object")
    }
    guard let pod = object(target.name, in: target.id) else {
      throw .notFound(target.groupResource, target.name.name)
    }
    let isDryRun = context.isDryRun
    var options = try Self.deleteOptions(body["deleteOptions"]?.members ?? [], &context)
    context.isDryRun = context.isDryRun || isDryRun
    try checkBudgets(of: pod, isDryRun: context.isDryRun)
    options.uid = options.uid ?? pod.metadata.uid
    if !context.isDryRun { markEvicted(pod, target.id) }
    try delete(target.name, in: target.id, options: options, context: &context)
    return .document(201, Self.done)
  }

  /// Whether the disruption budgets allow one pod less. Those that do are charged at once.
  private mutating func checkBudgets(of pod: Object, isDryRun: Bool) throws(StatusError) {
    guard let budgets = frontend.budgets else { return }
    let document = pod.value
    let phase = document.text("status", "phase")
    if ["Succeeded", "Failed", "Pending"].contains(phase) || pod.metadata.deletionTimestamp != nil { return }
    let matching = objects(in: budgets).filter {
      $0.metadata.namespace == pod.metadata.namespace
        && (LabelSelector(document: $0.value[path: "spec", "selector"])?.matches(pod.metadata.labels) ?? false)
    }
    if matching.count > 1 {
      throw .internalError(
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")
    }
    guard let budget = matching.first else { return }
    let status = budget.value["status"] ?? .object([])
    let allowed = status["disruptionsAllowed"]?.integerValue ?? 0
    let (healthy, desired) = (
      status["currentHealthy"]?.integerValue ?? 0, status["desiredHealthy"]?.integerValue ?? 0
    )
    let needsBudget = Self.isHealthy(document) || healthy < desired || desired == 0
    guard needsBudget else { return }
    guard allowed > 0 else {
      throw StatusError(
        code: 429, reason: "TooManyRequests",
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: StatusError.Details(causes: [
          StatusError.Cause(
            reason: "DisruptionBudget",
            message:
              "The disruption budget \(budget.metadata.name) needs \(desired) healthy pods and has \(healthy) "
              + "currently", field: "")
        ]))
    }
    if isDryRun { return }
    let charged = budget.value.setting(["status", "disruptionsAllowed"], to: .integer(allowed - 1))
    commit(old: budget, new: Object(charged, of: catalog[budgets]), in: budgets)
  }

  /// Says in the pod's status why it goes.
  private mutating func markEvicted(_ pod: Object, _ id: ResourceID) {
    let document = pod.value
    let condition = Value.object([
      "type": .string("DisruptionTarget"), "status": .string("True"), "lastProbeTime": .null,
      "lastTransitionTime": .string(now.roundedDownToSecond.text), "reason": .string("EvictionByEvictionAPI"),
      "message": .string("Eviction API: evicting"),
    ])
    let others = (document[path: "status", "conditions"]?.elements ?? []).filter {
      $0.text("type") != "DisruptionTarget"
    }
    let marked = document.setting(["status", "conditions"], to: .array(others + [condition]))
    commit(old: pod, new: Object(marked, of: catalog[id]), in: id)
  }

  private func log(_ target: Target) throws(StatusError) -> APIResponse {
    let request = target.request
    var problems: [Diagnostic] = []
    for name in ["tailLines", "limitBytes"] {
      guard let number = try integer(name, request) else { continue }
      let least: Int64 = name == "tailLines" ? 0 : 1
      if number < least {
        problems.append(
          .invalid("K-log", FieldPath(name), .integer(number), "must be greater than or equal to \(least)"))
      }
    }
    if let seconds = try integer("sinceSeconds", request), seconds < 1 {
      problems.append(.invalid("K-log", "sinceSeconds", .integer(seconds), "must be greater than 0"))
    }
    if !problems.isEmpty { throw .invalid(group: "", kind: "PodLogOptions", target.name.name, problems) }
    guard let pod = object(target.name, in: target.id) else {
      throw .notFound(target.groupResource, target.name.name)
    }
    let document = pod.value
    let names = ["containers", "initContainers", "ephemeralContainers"].flatMap {
      (document[path: "spec", $0]?.elements ?? []).map { $0.text("name") }
    }
    if let container = request.parameter("container"), !container.isEmpty {
      guard names.contains(container) else {
        throw .badRequest("container \(container) is not valid for pod \(target.name.name)")
      }
    } else if (document[path: "spec", "containers"]?.count ?? 0) > 1 {
      let list = (document[path: "spec", "containers"]?.elements ?? []).map { $0.text("name") }
      throw .badRequest(
        "a container name must be specified for pod \(target.name.name), choose one of: "
          + "[\(list.joined(separator: " "))]")
    }
    let node = document.text("spec", "nodeName")
    if node.isEmpty { return APIResponse(status: 204) }
    guard let nodes = catalog.resource(GroupResource(group: "", resource: "nodes")),
      object(ObjectName(namespace: "", name: node), in: nodes) != nil
    else { throw .notFound(target.groupResource, node) }
    return .text(200, logSource?(DynamicObject(document)) ?? "")
  }

  private func refuseConnection(_ target: Target) throws(StatusError) -> APIResponse {
    guard let object = object(target.name, in: target.id) else {
      throw .notFound(target.groupResource, target.name.name)
    }
    if target.path.subresource == "proxy" { throw .badRequest("address not allowed") }
    if object.value.text("spec", "nodeName").isEmpty {
      throw .badRequest("pod \(target.name.name) does not have a host assigned")
    }
    throw StatusError(
      code: 501, reason: "NotImplemented",
      message: "\(target.path.subresource) needs a container that runs; this cluster runs none",
      details: StatusError.Details(name: target.name.name, kind: "pods"))
  }

  // MARK: Tokens

  private func requestToken(_ target: Target) throws(StatusError) -> APIResponse {
    let body = try readObject(target.request, of: "TokenRequest").value
    guard let account = object(target.name, in: target.id) else {
      throw .notFound(target.groupResource, target.name.name)
    }
    let seconds = body[path: "spec", "expirationSeconds"]?.integerValue ?? 3_600
    var complaint: String?
    if seconds < 600 { complaint = "may not specify a duration less than 10 minutes" }
    if seconds > 1 << 32 { complaint = "may not specify a duration larger than 2^32 seconds" }
    if let complaint {
      throw .invalid(
        group: "authentication.k8s.io", kind: "TokenRequest", "",
        [.invalid("K-token", "spec.expirationSeconds", .integer(seconds), complaint)])
    }
    let audiences =
      body[path: "spec", "audiences"].flatMap { $0.count > 0 ? $0 : nil }
      ?? .array([.string("https://kubernetes.default.svc")])
    let metadata = account.metadata
    return .document(
      201,
      .object([
        "kind": .string("TokenRequest"), "apiVersion": .string("authentication.k8s.io/v1"),
        "metadata": .object([
          "name": .string(metadata.name), "namespace": .string(metadata.namespace),
          "uid": .string(metadata.uid),
          "creationTimestamp": .string(now.roundedDownToSecond.text),
        ]),
        "spec": .object([
          "audiences": audiences, "expirationSeconds": .integer(seconds),
          "boundObjectRef": body[path: "spec", "boundObjectRef"] ?? .null,
        ]),
        "status": .object([
          "token": .string(frontend.token(of: metadata)),
          "expirationTimestamp": .string((now + .seconds(seconds)).roundedDownToSecond.text),
        ]),
      ]))
  }
}

extension LabelSelector {
  /// Reads a selector from a document; nil when there is none.
  init?(document: Value?) {
    guard let document, document.kind == .object else { return nil }
    var decoder = TapeDecoder(document.tape)
    self = decoder.decode(at: document.index)
  }
}
