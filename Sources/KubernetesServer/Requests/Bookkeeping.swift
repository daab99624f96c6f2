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
    guard context.keepsBooks, !context.isApply else { return object }
    if subresource == "scale", let live { return withScaleBooks(object, live: live, in: id, context) }
    guard let keeper = bookkeeper(of: id, subresource: subresource) else { return object }
    let before = live?.value
    var updated = keeper.updated(object.value, live: before, manager: context.fieldManager, now: now)
    if let before { updated = FieldManager.ignoringTimes(updated, live: before) }
    return Object(updated, of: catalog[id])
  }

  /// An object whose Scale was written: the Scale's books are the object's, seen through one field.
  private func withScaleBooks(
    _ object: Object, live: Object, in id: ResourceID, _ context: WriteContext
  ) -> Object {
    let resource = catalog[id]
    guard let position = TypeCatalog.kubernetes.position(of: Self.scaleKind) else { return object }
    let keeper = FieldManager(
      TypedDocuments(.kubernetes, type: position), kind: Self.scaleKind, subresource: "scale",
      resetFields: FieldSet([]))
    let path = "." + (resource.scale ?? APIResource.ScalePaths()).specReplicas
    let books = live.value[path: "metadata", "managedFields"]
    let seen = ScaleFields.scaleEntries(of: books, path: path, version: resource.apiVersion)
    let field = ["metadata", "managedFields"]
    let before = scale(of: live, resource).setting(field, to: seen)
    let after = scale(of: object, resource).setting(field, to: seen)
    let updated = keeper.updated(after, live: before, manager: context.fieldManager, now: now)
    let entries = ScaleFields.parentEntries(
      of: books, scale: updated[path: "metadata", "managedFields"], path: path, version: resource.apiVersion)
    return Object(object.value.setting(field, to: entries), of: resource)
  }

  // MARK: Apply

  mutating func apply(
    _ patch: PatchRequest, _ target: Target, _ form: AnswerForm, _ validation: FieldValidation,
    _ context: inout WriteContext
  ) throws(StatusError) -> APIResponse {
    let request = target.request
    let manager = request.parameter("fieldManager") ?? ""
    guard let keeper = bookkeeper(of: target.id, subresource: target.path.subresource) else {
      throw .internalError("no type found matching: \(target.resource.kind)")
    }
    let force = RequestPath.isTrue(request.parameter("force"))
    let live = object(target.name, in: target.id)
    if live == nil, !target.path.subresource.isEmpty {
      throw .notFound(target.groupResource, target.name.name)
    }
    if validation == .warn {
      for path in patch.duplicates { context.warn("duplicate field \"\(path)\"") }
    }
    let configuration = patch.document
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
    try checkPlace(object.metadata, target, name: target.name.name)
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
