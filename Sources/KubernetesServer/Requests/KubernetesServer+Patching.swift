internal import KubernetesModel

/// PATCH.
extension KubernetesServer {
  /// The four forms of a patch.
  enum PatchForm: String {
    case json = "application/json-patch+json"
    case merge = "application/merge-patch+json"
    case strategic = "application/strategic-merge-patch+json"
    case apply = "application/apply-patch+yaml"
  }

  /// What a patch says.
  struct PatchRequest {
    var form: PatchForm
    var document: Value
    var duplicates: [String]
  }

  func readPatch(_ target: Target) throws(StatusError) -> PatchRequest {
    let type = RequestBody.mediaType(target.request)
    let forms: [PatchForm] = target.isCustom ? [.json, .merge, .apply] : [.json, .merge, .strategic, .apply]
    guard let form = forms.first(where: { $0.rawValue == type }) else {
      if target.isCustom {
        throw .unsupportedMediaType(forms.map(\.rawValue))
      }
      throw StatusError(
        code: 415, reason: "UnsupportedMediaType", message: "415: Unsupported Media Type",
        details: StatusError.Details())
    }
    let body: RequestBody
    do throws(GoComplaint) {
      body = try readBody(target.request.body, form == .apply ? type : "application/json")
    } catch {
      let text = error.text.hasPrefix("json parse error: ") ? String(error.text.dropFirst(18)) : error.text
      switch form {
      case .json: throw .badRequest("error decoding patch: \(text)")
      case .merge where target.isCustom: throw .badRequest("error decoding patch: \(text)")
      case .apply: throw .badRequest("error decoding YAML: error converting YAML to JSON: \(text)")
      case .merge, .strategic: throw .badRequest(text)
      }
    }
    let expected: TapeKind = form == .json ? .array : .object
    if body.value.kind != expected {
      let isCustomMerge = form == .merge && target.isCustom
      if isCustomMerge, body.value.isNull { throw .badRequest("Invalid JSON Patch") }
      let goType = form == .json ? "[]handlers.jsonPatchOp" : "map[string]interface {}"
      let text = "json: cannot unmarshal \(Self.goKind(body.value)) into Go value of type \(goType)"
      throw .badRequest(form == .json || isCustomMerge ? "error decoding patch: \(text)" : text)
    }
    return PatchRequest(form: form, document: body.value, duplicates: body.duplicates)
  }

  /// A patch leaves kind and version alone.
  private func checkKept(_ value: Value, _ target: Target, _ context: inout WriteContext) throws(StatusError)
  {
    let (kind, apiVersion) = (value.text("kind"), value.text("apiVersion"))
    let resource = target.resource
    if apiVersion != resource.apiVersion {
      for (name, _) in value.members where !["apiVersion", "kind", "metadata"].contains(name) {
        context.warn("unknown field \"\(name)\"")
      }
      throw .invalid(
        group: resource.group, kind: kind, target.name.name,
        [.invalid("K-kind", "apiVersion", .string(apiVersion), "must be \(resource.apiVersion)")])
    }
    if kind != resource.kind {
      throw .invalid(
        group: resource.group, kind: kind, target.name.name,
        [.invalid("K-kind", "kind", .string(kind), "must be \(resource.kind)")])
    }
  }

  mutating func patch(_ target: Target, _ context: inout WriteContext) throws(StatusError) -> APIResponse {
    let form = try AnswerForm(
      accept: target.request.header("Accept"), includeObject: target.request.parameter("includeObject"))
    let validation = try writeOptions(target, "PatchOptions", &context)
    let patch = try readPatch(target)
    if patch.form == .apply { return try apply(patch, target, form, validation, &context) }
    guard let live = object(target.name, in: target.id) else {
      throw .notFound(target.groupResource, target.name.name)
    }
    let shown = Conversion.document(live.value, in: target.resource)
    let changed = try Self.patched(shown, patch, target.resource.type)
    if target.isCustom { try checkKept(changed, target, &context) }
    let body = RequestBody(value: changed, duplicates: patch.duplicates)
    var object = try complete(body, target, validation, &context, isPatch: true)
    let metadata = object.metadata
    if metadata.name != target.name.name {
      throw .badRequest(
        "the name of the object (\(metadata.name)) does not match the name on the URL (\(target.name.name))")
    }
    if !metadata.namespace.isEmpty, metadata.namespace != target.name.namespace {
      throw .badRequest(
        "the namespace of the provided object does not match the namespace sent on the request")
    }
    object = object.withMetadata { $0.namespace = target.name.namespace }
    let submitted = object
    let stored = try update(target.name, in: target.id, part: part(of: target), context: &context) { _ in
      submitted
    }
    return .document(200, show(stored, as: target.id, in: form))
  }
}
