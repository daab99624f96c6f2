internal import KubernetesModel

/// Keeps `metadata.managedFields` and carries out server-side applies.
extension KubernetesServer {
  /// The types of a resource's documents; nil for a resource without a schema.
  func documents(of id: ResourceID) -> TypedDocuments? {
    if let known = frontend.documents[id] { return known }
    let resource = catalog[id]
    guard !resource.traits.contains(.isCustom),
      let position = TypeCatalog.kubernetes.position(of: resource.type)
    else {
      return nil
    }
    return TypedDocuments(.kubernetes, type: position)
  }

  /// Whoever keeps the books of a resource; nil for a resource without a schema.
  func bookkeeper(of id: ResourceID, subresource: String) -> FieldManager? {
    guard let documents = documents(of: id) else { return nil }
    let resource = catalog[id]
    var reset: [[PathElement]] = []
    if subresource == "status" {
      reset = [[.field("spec")], [.field("metadata")]]
      if !resource.traits.contains(.isCustom) {
        reset = [
          [.field("spec")], [.field("metadata"), .field("deletionTimestamp")],
          [.field("metadata"), .field("ownerReferences")],
        ]
      }
    } else if resource.hasStatus, subresource.isEmpty {
      reset = [[.field("status")]]
    }
    return FieldManager(
      documents, kind: resource.type, subresource: subresource, resetFields: FieldSet(reset))
  }

  /// An object that is about to be stored, with its books brought up to date.
  func withBooks(
    _ object: Object, live: Object?, in id: ResourceID, subresource: String, _ context: WriteContext
  ) -> Object {
    guard context.keepsBooks, !context.isApply,
      let keeper = bookkeeper(of: id, subresource: subresource == "scale" ? "" : subresource)
    else { return object }
    let before = live?.value
    var updated = keeper.updated(object.value, live: before, manager: context.fieldManager, now: now)
    if let before { updated = FieldManager.ignoringTimes(updated, live: before) }
    return Object(updated, of: catalog[id])
  }

  // MARK: Apply

  mutating func apply(
    _ patch: PatchRequest, _ target: Target, _ form: AnswerForm, _ validation: FieldValidation,
    _ context: inout WriteContext
  ) throws(StatusError) -> APIResponse {
    let request = target.request
    let manager = request.parameter("fieldManager") ?? ""
    if manager.isEmpty {
      throw .invalidOptions(
        "PatchOptions", [.required("K-options", "fieldManager", "is required for apply patch")])
    }
    guard let keeper = bookkeeper(of: target.id, subresource: target.path.subresource) else {
      throw .internalError("no type found matching: \(target.resource.kind)")
    }
    let force = RequestPath.isTrue(request.parameter("force"))
    let live = object(target.name, in: target.id)
    if live == nil, !target.path.subresource.isEmpty {
      throw .notFound(target.groupResource, target.name.name)
    }
    var configuration = patch.document
    if !patch.duplicates.isEmpty, validation == .warn {
      for path in patch.duplicates { context.warn("duplicate field \"\(path)\"") }
    }
    let name = configuration.text("metadata", "name")
    if configuration["metadata"] == nil || name.isEmpty {
      configuration = configuration.setting(["metadata", "name"], to: .string(target.name.name))
    } else if name != target.name.name {
      throw .badRequest(
        "the name of the object (\(name)) does not match the name on the URL (\(target.name.name))")
    }
    if target.resource.isNamespaced {
      let namespace = configuration.text("metadata", "namespace")
      if namespace.isEmpty {
        configuration = configuration.setting(["metadata", "namespace"], to: .string(target.name.namespace))
      } else if namespace != target.name.namespace {
        throw .badRequest(
          "the namespace of the provided object does not match the namespace sent on the request")
      }
    }
    let applied: Value
    do throws(PatchError) {
      applied = try keeper.applied(
        configuration, to: live.map { Conversion.document($0.value, in: target.resource) }, manager: manager,
        force: force, now: now)
    } catch {
      var refusal = StatusError(error)
      if error.code == 409 {
        refusal.details?.kind = ""
      }
      throw refusal
    }
    context.isApply = true
    var object = try complete(
      RequestBody(value: applied, duplicates: []), target, validation, &context, isPatch: true)
    object = object.withMetadata { $0.namespace = target.name.namespace }
    guard live != nil else {
      let new = object.withMetadata {
        $0.resourceVersion = ""
        $0.uid = ""
      }
      let created = try create(new, in: target.id, context: &context)
      return .document(201, show(created, as: target.id, in: form))
    }
    let submitted = object
    let stored = try update(target.name, in: target.id, part: part(of: target), context: &context) { live in
      let document = FieldManager.ignoringTimes(submitted.value, live: live.value)
      return Object(document, of: target.resource)
    }
    return .document(200, show(stored, as: target.id, in: form))
  }
}
