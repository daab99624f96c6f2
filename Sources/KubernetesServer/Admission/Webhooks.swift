internal import KubernetesModel

/// Asks the webhooks that configurations name.
extension KubernetesServer {
  /// One webhook of a configuration.
  private struct Webhook {
    var name: String
    var document: Value
    var isMutating: Bool

    var failsOpen: Bool { document.text("failurePolicy") == "Ignore" }
    var timeoutSeconds: Int64 { document["timeoutSeconds"]?.integerValue ?? 10 }

    /// Where the webhook is, without the query.
    var url: String {
      if let url = document[path: "clientConfig", "url"]?.stringValue { return url }
      let service = document[path: "clientConfig", "service"] ?? .object([])
      let path = service.text("path")
      let port = service["port"]?.integerValue ?? 443
      return "https://\(service.text("name")).\(service.text("namespace")).svc:\(port)"
        + (path.isEmpty ? "/" : path)
    }

    /// Whether the webhook wants to see an operation.
    func matches(_ attributes: AdmissionAttributes) -> Bool {
      let resource = attributes.resource
      return (document["rules"]?.elements ?? []).contains { rule in
        func has(_ list: String, _ wanted: String) -> Bool {
          let values = rule[list]?.strings ?? []
          return values.contains("*") || values.contains(wanted)
        }
        let scope = rule.text("scope")
        if scope == "Cluster", resource.isNamespaced { return false }
        if scope == "Namespaced", !resource.isNamespaced { return false }
        return has("operations", attributes.operation.rawValue) && has("apiGroups", resource.group)
          && has("apiVersions", resource.version)
          && (rule["resources"]?.strings ?? []).contains {
            Self.names($0, resource.plural, attributes.subresource)
          }
      }
    }

    /// Whether an entry such as `pods`, `pods/*`, `*/status` or `*/*` means a resource with its subresource.
    private static func names(_ entry: String, _ plural: String, _ subresource: String) -> Bool {
      let parts = entry.split(separator: "/", maxSplits: 1).map(String.init)
      guard let first = parts.first, first == "*" || first == plural else { return false }
      let wanted = parts.count > 1 ? parts[1] : ""
      if entry == "*" { return subresource.isEmpty }
      return wanted == "*" || wanted == subresource
    }
  }

  /// The webhooks that want to see an operation, by configuration and in the order of each.
  private func webhooks(
    for attributes: AdmissionAttributes, isMutating: Bool, object: Value?, old: Value?
  ) -> [Webhook] {
    let plural = isMutating ? "mutatingwebhookconfigurations" : "validatingwebhookconfigurations"
    guard let id = isMutating ? frontend.mutatingWebhooks : frontend.validatingWebhooks else { return [] }
    if stores[catalog.storage(of: id)].objects.isEmpty { return [] }
    if attributes.resource.plural == plural || attributes.resource.plural.hasSuffix("webhookconfigurations") {
      return []
    }
    return objects(in: id).flatMap { configuration in
      (configuration.value["webhooks"]?.elements ?? []).compactMap { document in
        let webhook = Webhook(name: document.text("name"), document: document, isMutating: isMutating)
        guard webhook.matches(attributes), selects(document["namespaceSelector"], namespaceOf: attributes),
          selects(document["objectSelector"], object) || selects(document["objectSelector"], old)
        else { return nil }
        return webhook
      }
    }
  }

  private func selects(_ selector: Value?, namespaceOf attributes: AdmissionAttributes) -> Bool {
    guard let selector = LabelSelector(document: selector), let namespaces = frontend.namespaces,
      attributes.resource.isNamespaced
    else { return true }
    let namespace = object(ObjectName(namespace: "", name: attributes.namespace), in: namespaces)
    return selector.matches(namespace?.metadata.labels ?? [:])
  }

  private func selects(_ selector: Value?, _ document: Value?) -> Bool {
    guard let selector = LabelSelector(document: selector) else { return true }
    return document.map { selector.matches(DynamicObject($0).metadata.labels) } ?? false
  }

  // MARK: Calls

  /// Lets mutating webhooks change an object.
  mutating func callMutatingWebhooks(
    _ object: inout Object?, _ old: Object?, _ attributes: AdmissionAttributes, _ context: inout WriteContext
  ) throws(StatusError) {
    guard hasWebhooks(isMutating: true) else { return }
    for webhook in webhooks(
      for: attributes, isMutating: true, object: object?.value, old: old?.value)
    {
      guard let response = try call(webhook, object, old, attributes, &context) else { continue }
      guard let encoded = response["patch"]?.stringValue else { continue }
      guard response.text("patchType") == "JSONPatch" || response["patchType"] != nil else { continue }
      let patch = try decodePatch(encoded, of: webhook)
      if patch.count == 0 { continue }
      guard let before = object, attributes.shown == nil else {
        throw .webhookFailure(
          "admission webhook \(goQuoted(webhook.name)) attempted to modify the object, which is not supported for this "
            + "operation")
      }
      let changed = try WebhookPatch.apply(patch, to: before.value)
      let id = catalog.resource(
        group: attributes.resource.group, version: attributes.resource.version,
        plural: attributes.resource.plural)
      let admitted = id.flatMap { schema(of: $0) }?.admitted(changed) ?? changed
      object = Object(admitted, of: attributes.resource)
    }
  }

  /// Asks validating webhooks.
  mutating func callValidatingWebhooks(
    _ object: Object?, _ old: Object?, _ attributes: AdmissionAttributes, _ context: inout WriteContext
  ) throws(StatusError) {
    guard hasWebhooks(isMutating: false) else { return }
    for webhook in webhooks(for: attributes, isMutating: false, object: object?.value, old: old?.value) {
      _ = try call(webhook, object, old, attributes, &context)
    }
  }

  private func hasWebhooks(isMutating: Bool) -> Bool {
    guard let id = isMutating ? frontend.mutatingWebhooks : frontend.validatingWebhooks else { return false }
    return !stores[catalog.storage(of: id)].objects.isEmpty
  }

  private func decodePatch(_ text: String, of webhook: Webhook) throws(StatusError) -> Value {
    func refuse(_ why: String) -> StatusError {
      .webhookFailure(
        "failed calling webhook \(goQuoted(webhook.name)): received undecodable patch in webhook response: \(why)"
      )
    }
    guard let bytes = try? Base64.decode(text) else { throw refuse("illegal base64 data") }
    do throws(GoComplaint) {
      return try RequestBody.json(bytes).value
    } catch {
      let prefix = "json parse error: "
      throw refuse(error.text.hasPrefix(prefix) ? String(error.text.dropFirst(prefix.count)) : error.text)
    }
  }

  /// Makes a call, and reads the answer.
  ///
  /// - Returns: the response of the review; nil when the webhook failed and that does not matter.
  private mutating func call(
    _ webhook: Webhook, _ object: Object?, _ old: Object?, _ attributes: AdmissionAttributes,
    _ context: inout WriteContext
  ) throws(StatusError) -> Value? {
    if context.isDryRun {
      let effects = webhook.document.text("sideEffects")
      if effects != "None", effects != "NoneOnDryRun" {
        throw .badRequest(
          "admission webhook \(goQuoted(webhook.name)) does not support dry run")
      }
    }
    let uid = identities.uid()
    let call = WebhookCall(
      webhook: webhook.name, url: "\(webhook.url)?timeout=\(webhook.timeoutSeconds)s",
      caBundle: webhook.document.text("clientConfig", "caBundle"), timeoutSeconds: webhook.timeoutSeconds,
      review: review(uid, object, old, attributes, context))
    let complaint: String
    switch try answer(to: call, &context) {
    case .failure(let why):
      complaint = "failed to call webhook: Post \(goQuoted(call.url)): \(why)"
    case .response(let code, let body):
      guard code == 200 else {
        complaint =
          "failed to call webhook: an error on the server (\"unknown\") has prevented the request from succeeding"
        break
      }
      switch WebhookResponse.read(body, uid: uid, isMutating: webhook.isMutating) {
      case .failure(let error): complaint = error.text
      case .success(let response):
        for warning in response["warnings"]?.strings ?? [] { context.warn(warning) }
        if response["allowed"]?.booleanValue == true { return response }
        throw .denied(by: webhook.name, response["status"])
      }
    }
    if webhook.failsOpen {
      context.warnings.removeAll { $0.isEmpty }
      return nil
    }
    throw .webhookFailure("failed calling webhook \(goQuoted(webhook.name)): \(complaint)")
  }

  private func answer(
    to call: WebhookCall, _ context: inout WriteContext
  ) throws(StatusError) -> WebhookAnswer {
    if let answer = context.answers.popFirst() { return answer }
    if context.isController { return answersToControllers?(call) ?? .failure("connection refused") }
    context.missingCall = call
    throw .internalError("nobody answers for the webhook \(call.webhook)")
  }

  private func review(
    _ uid: String, _ object: Object?, _ old: Object?, _ attributes: AdmissionAttributes,
    _ context: WriteContext
  ) -> Value {
    let resource = attributes.resource
    let kind = attributes.shown?.kind ?? resource.type
    let kindValue = Value.object([
      "group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.kind),
    ])
    let resourceValue = Value.object([
      "group": .string(resource.group), "version": .string(resource.version),
      "resource": .string(resource.plural),
    ])
    var request: [(String, Value)] = [
      ("uid", .string(uid)), ("kind", kindValue), ("resource", resourceValue),
    ]
    let subresource = attributes.subresource
    if !subresource.isEmpty { request.append(("subResource", .string(subresource))) }
    request += [("requestKind", kindValue), ("requestResource", resourceValue)]
    if !subresource.isEmpty { request.append(("requestSubResource", .string(subresource))) }
    if !attributes.name.isEmpty { request.append(("name", .string(attributes.name))) }
    if !attributes.namespace.isEmpty { request.append(("namespace", .string(attributes.namespace))) }
    let (new, before) = (attributes.shown?.new ?? object?.value, attributes.shown?.old ?? old?.value)
    request += [
      ("operation", .string(attributes.operation.rawValue)), ("userInfo", context.user.value),
      ("object", new ?? .null), ("oldObject", before ?? .null), ("dryRun", .boolean(context.isDryRun)),
      ("options", attributes.options),
    ]
    return .object([
      "kind": .string("AdmissionReview"), "apiVersion": .string("admission.k8s.io/v1"),
      "request": .object(request),
    ])
  }
}

/// Reads what a webhook answers.
enum WebhookResponse {
  static func read(_ body: [UInt8], uid: String, isMutating: Bool) -> Result<Value, GoComplaint> {
    func fail(_ text: String) -> Result<Value, GoComplaint> { .failure(GoComplaint(text: text)) }
    let document: Value
    do throws(GoComplaint) {
      document = try RequestBody.json(body).value
    } catch {
      return fail("failed to call webhook: couldn't get version/kind; \(error.text)")
    }
    guard document.kind == .object else {
      let name = document.kind == .array ? "array" : document.kind == .string ? "string" : "number"
      return fail(
        "failed to call webhook: couldn't get version/kind; json parse error: json: cannot unmarshal \(name) into Go "
          + "value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string "
          + "\"json:\\\"kind,omitempty\\\"\" }")
    }
    let (apiVersion, kind) = (document.text("apiVersion"), document.text("kind"))
    if apiVersion == "admission.k8s.io/v1beta1" {
      return fail(
        "failed to call webhook: converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion"
      )
    }
    let prefix = "received invalid webhook response: "
    if apiVersion != "admission.k8s.io/v1" || kind != "AdmissionReview" {
      let shown = apiVersion.isEmpty ? "/" : apiVersion
      return fail(
        "\(prefix)expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got \(shown), Kind=\(kind)"
      )
    }
    guard let response = document["response"], response.kind == .object else {
      return fail("\(prefix)webhook response was absent")
    }
    let found = response.text("uid")
    if found != uid { return fail("\(prefix)expected response.uid=\(goQuoted(uid)), got \(goQuoted(found))") }
    if response["patch"] != nil {
      if !isMutating { return fail("\(prefix)validating webhook may not return response.patch") }
      if response["patchType"] == nil {
        return fail("\(prefix)webhook returned response.patch but not response.patchType")
      }
    } else if response["patchType"] != nil, isMutating {
      return fail("\(prefix)webhook returned response.patchType but not response.patch")
    }
    return .success(response)
  }
}

/// Applies what a webhook wants to change.
enum WebhookPatch {
  static func apply(_ patch: Value, to document: Value) throws(StatusError) -> Value {
    do throws(PatchError) {
      return try JSONPatch.apply(patch, to: document)
    } catch {
      throw .webhookFailure(complaint(about: patch, document) ?? error.message)
    }
  }
}

extension StatusError {
  /// A webhook could not be asked, or answered nonsense.
  static func webhookFailure(_ message: String) -> StatusError {
    StatusError(
      code: 500, reason: "InternalError", message: "Internal error occurred: \(message)",
      details: Details(causes: [Cause(reason: "", message: message, field: "")]))
  }

  /// A webhook refused.
  static func denied(by webhook: String, _ status: Value?) -> StatusError {
    let message = status?.text("message") ?? ""
    let reason = status?.text("reason") ?? ""
    let denied = "admission webhook \(goQuoted(webhook)) denied the request"
    let text =
      !message.isEmpty
      ? "\(denied): \(message)" : !reason.isEmpty ? "\(denied): \(reason)" : "\(denied) without explanation"
    var details: Details?
    if let given = status?["details"] {
      details = Details(
        name: given.text("name"), group: given.text("group"), kind: given.text("kind"),
        uid: given.text("uid"),
        causes: (given["causes"]?.elements ?? []).map {
          Cause(reason: $0.text("reason"), message: $0.text("message"), field: $0.text("field"))
        }, retryAfterSeconds: Int(given["retryAfterSeconds"]?.integerValue ?? 0))
    }
    let code = Int(status?["code"]?.integerValue ?? 0)
    return StatusError(code: code == 0 ? 400 : code, reason: reason, message: text, details: details)
  }
}
