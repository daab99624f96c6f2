internal import KubernetesModel
internal import KubernetesSchema

/// Patches, as requests need them.
extension KubernetesServer {
  /// A document after a patch.
  static func patched(
    _ document: Value, _ patch: PatchRequest, _ type: GroupVersionKind
  ) throws(StatusError) -> Value {
    do throws(PatchError) {
      switch patch.form {
      case .json: return try JSONPatch.apply(patch.document, to: document)
      case .merge: return try MergePatch.apply(patch.document, to: document)
      case .strategic:
        guard let position = TypeCatalog.kubernetes.position(of: type) else {
          return try MergePatch.apply(patch.document, to: document)
        }
        return try StrategicMergePatch.apply(patch.document, to: document, type: position)
      case .apply: return document
      }
    } catch {
      throw StatusError(error)
    }
  }
}

extension StatusError {
  /// Why a patch cannot be applied.
  init(_ error: PatchError) {
    self.init(code: error.code, reason: error.reason, message: error.message)
    if error.hasDetails {
      details = Details(
        causes: error.causes.map { Cause(reason: $0.reason, message: $0.message, field: $0.field) })
    }
  }
}

// MARK: Selectors

extension KubernetesServer {
  /// Reads the selectors of a request.
  func selection(_ target: Target) throws(StatusError) -> Selection {
    var selection = Selection()
    do throws(LabelQuery.Failure) {
      if let text = target.request.parameter("labelSelector"), !text.isEmpty {
        selection.labels = try LabelQuery(parsing: text)
      }
      if let text = target.request.parameter("fieldSelector"), !text.isEmpty {
        selection.fields = try FieldQuery(parsing: text)
      }
    } catch {
      throw .badRequest(error.message)
    }
    let resource = target.resource
    selection.selectable = SelectableFields(
      resource.type, isNamespaced: resource.isNamespaced,
      custom: target.isCustom ? resource.selectableFields : nil)
    if let fields = selection.fields, let complaint = selection.selectable?.complaint(fields) {
      throw .badRequest(complaint)
    }
    return selection
  }
}

// MARK: Tables

extension KubernetesServer {
  /// Documents as a table.
  func table(
    _ documents: [Value], as id: ResourceID, version: String, includes: String, withColumns: Bool,
    metadata: Value
  ) -> Value {
    let resource = catalog[id]
    let layout =
      resource.traits.contains(.isCustom)
      ? TableLayout.custom(resource.columns.map(\.value)) : TableLayout.builtIn(resource.type)
    return TableDocument.table(
      documents, layout, metadata: metadata, includes: Self.inclusion(includes), version: version,
      hasColumns: withColumns, now: now)
  }

  /// A Scale as a table.
  func scaleTable(_ scale: Value, version: String, includes: String) -> Value {
    let metadata = Value.object(["resourceVersion": .string(scale.text("metadata", "resourceVersion"))])
    let columns = [
      APIResource.Column("Desired", type: "integer", jsonPath: ".spec.replicas"),
      APIResource.Column("Available", type: "integer", jsonPath: ".status.replicas"),
      APIResource.Column("Age", type: "date", jsonPath: ".metadata.creationTimestamp"),
    ]
    return TableDocument.table(
      [scale], TableLayout.custom(columns.map(\.value)), metadata: metadata,
      includes: Self.inclusion(includes), version: version, now: now)
  }

  private static func inclusion(_ text: String) -> TableDocument.Inclusion {
    (try? TableDocument.Inclusion(parsing: text)) ?? .metadata
  }
}

extension APIResource.Column {
  /// The column as a definition describes it.
  var value: Value {
    .object([
      "name": .string(name), "type": .string(type), "format": .string(format),
      "description": .string(description),
      "jsonPath": .string(jsonPath), "priority": .integer(Int64(priority)),
    ])
  }
}

// MARK: Discovery

extension KubernetesServer {
  /// Discovery and OpenAPI.
  func discovery(_ path: RequestPath, _ request: APIRequest) throws(StatusError) -> APIResponse {
    let parts = path.parts
    let discovery = Discovery(catalog.resources)
    switch (parts.first, parts.count) {
    case ("api", 1), ("apis", 1):
      if let aggregated = try aggregated(discovery, isCore: parts[0] == "api", request) { return aggregated }
      return .document(
        200, parts[0] == "api" ? Discovery.coreVersions(address: address) : discovery.groupList)
    case ("api", 2):
      guard parts[1] == "v1" else { throw .noSuchResource }
      return try document(discovery.resourceList(group: "", version: "v1"), request)
    case ("apis", 2): return try document(discovery.group(parts[1]), request)
    case ("apis", 3): return try document(discovery.resourceList(group: parts[1], version: parts[2]), request)
    case ("openapi", 2...): return openAPI(Array(parts.dropFirst()))
    default: return .pageNotFound
    }
  }

  private func document(_ value: Value?, _ request: APIRequest) throws(StatusError) -> APIResponse {
    guard let value else { return .pageNotFound }
    _ = try AnswerForm(accept: request.header("Accept"))
    return .document(200, value)
  }

  /// All resources in one document, for clients that take that.
  private func aggregated(
    _ discovery: Discovery, isCore: Bool, _ request: APIRequest
  ) throws(StatusError) -> APIResponse? {
    for type in MediaType.list(request.header("Accept") ?? "") {
      switch type.name {
      case "application/json", "*/*", "application/*": break
      case "application/yaml": return nil
      default: continue
      }
      guard let form = type.parameters["as"] else { return nil }
      guard form == "APIGroupDiscoveryList", type.parameters["g"] == "apidiscovery.k8s.io",
        type.parameters["v"] == "v2"
      else { continue }
      return APIResponse(
        status: 200, headers: [("Content-Type", Discovery.aggregatedContentType(version: "v2"))],
        body: .document(discovery.aggregated(isCore: isCore), isYAML: false))
    }
    if request.header("Accept") == nil { return nil }
    throw .notAcceptable(AnswerForm.mediaTypes)
  }

  private func openAPI(_ parts: [String]) -> APIResponse {
    // Clients that ask for the second version do without when there is none.
    guard parts[0] == "v3" else { return .pageNotFound }
    let documents = OpenAPIDocument(catalog.resources, schemas: frontend.schemaDocuments)
    if parts.count == 1 {
      var answer = APIResponse.document(200, documents.index)
      answer.headers = [("Content-Type", "text/plain; charset=utf-8")]
      return answer
    }
    let isCore = parts[1] == "api" && parts.count == 3
    guard isCore || (parts[1] == "apis" && parts.count == 4),
      let document = documents.document(group: isCore ? "" : parts[2], version: parts[parts.count - 1])
    else { return APIResponse(status: 404) }
    return .document(200, document)
  }
}

extension WebhookPatch {
  static func complaint(about patch: Value, _ document: Value) -> String? {
    for operation in patch.elements {
      let (name, path) = (operation.text("op"), operation.text("path"))
      if name == "remove" || name == "replace" {
        var value: Value? = document
        for step in path.split(separator: "/") { value = value?[String(step)] }
        if value == nil {
          return name == "remove"
            ? "remove operation does not apply: doc is missing path: \(goQuoted(path)): missing value"
            : "replace operation does not apply: doc is missing path: \(path): missing value"
        }
      }
    }
    return nil
  }
}
