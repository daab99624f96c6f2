internal import KubernetesModel

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
      resource.type, isNamespaced: resource.isNamespaced, custom: target.isCustom ? resource.selectableFields : nil)
    if let fields = selection.fields, let complaint = selection.selectable?.complaint(fields) {
      throw .badRequest(complaint)
    }
    return selection
  }
}

// MARK: Tables

extension KubernetesServer {
  func table(
    _ documents: [Value], as id: ResourceID, version: String, includes: String, withColumns: Bool, metadata: Value
  ) -> Value { metadata }
  func scaleTable(_ scale: Value, version: String, includes: String) -> Value { scale }
}

// MARK: Discovery

extension KubernetesServer {
  /// Discovery and OpenAPI.
  func discovery(_ path: RequestPath, _ request: APIRequest) throws(StatusError) -> APIResponse { .pageNotFound }
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
