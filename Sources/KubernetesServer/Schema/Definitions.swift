public import KubernetesModel
public import KubernetesSchema

/// CustomResourceDefinitions make resources.
extension KubernetesServer {
  /// Where the schemas of definitions come from that were compiled in; nil leads to the schema in the definition.
  public typealias SchemaSource = @Sendable (_ definition: Value, _ version: String) -> StructuralSchema?

  /// Installs the resources of a definition.
  mutating func install(_ definition: DynamicObject, isNew: Bool) {
    let document = definition.value
    for resource in Self.resources(of: document, isCustom: true) {
      guard resource.isServed else { continue }
      let id = catalog.add(resource.resource)
      growStores()
      let version = resource.resource.version
      if let root = Self.schemaDocument(of: resource.resource, in: document) {
        frontend.schemaDocuments[resource.resource.type] = root
        frontend.documents[id] = TypedDocuments(
          TypeCatalog(openAPISchema: root, kind: resource.resource.type), type: 0)
      }
      if let schema = schemaSource?(document, version) {
        frontend.schemas[id] = ObjectSchema(schema)
      } else {
        frontend.schemas[id] = Self.schema(of: resource.resource, in: document)
      }
    }
    // Versions that are served no longer, and definitions that are going, have no resource.
    for resource in Self.resources(of: document, isCustom: true) where !resource.isServed {
      let gone = resource.resource
      catalog.remove(group: gone.group, version: gone.version, plural: gone.plural)
    }
  }

  mutating func uninstall(_ definition: DynamicObject) {
    let document = definition.value
    catalog.remove(
      GroupResource(group: document.text("spec", "group"), resource: document.text("spec", "names", "plural"))
    )
  }

  /// The schema that a definition itself gives for a resource.
  private static func schema(of resource: APIResource, in document: Value) -> ObjectSchema? {
    schemaDocument(of: resource, in: document).map { DocumentSchema($0, of: resource).functions }
  }

  private static func schemaDocument(of resource: APIResource, in document: Value) -> Value? {
    let version = (document[path: "spec", "versions"]?.elements ?? []).first {
      $0.text("name") == resource.version
    }
    return version?[path: "schema", "openAPIV3Schema"]
  }

  /// The resources that a definition describes, one for each version.
  static func resources(of document: Value, isCustom: Bool) -> [(resource: APIResource, isServed: Bool)] {
    guard let spec = document["spec"] else { return [] }
    let names = spec["names"] ?? .object([])
    let kind = names.text("kind")
    return (spec["versions"]?.elements ?? []).map { version in
      var subresources: [APIResource.Subresource] = []
      var scale: APIResource.ScalePaths?
      if version[path: "subresources", "status"] != nil { subresources.append(.status) }
      if let paths = version[path: "subresources", "scale"] {
        subresources.append(.scale)
        scale = APIResource.ScalePaths(
          specReplicas: paths.text("specReplicasPath"), statusReplicas: paths.text("statusReplicasPath"),
          selector: paths["labelSelectorPath"]?.stringValue)
      }
      let columns = (version["additionalPrinterColumns"]?.elements ?? []).map { column in
        APIResource.Column(
          column.text("name"), type: column.text("type"), format: column.text("format"),
          description: column["description"]?.stringValue ?? "", jsonPath: column.text("jsonPath"),
          priority: Int32(truncatingIfNeeded: column["priority"]?.integerValue ?? 0))
      }
      let singular = names.text("singular")
      let listKind = names.text("listKind")
      let resource = APIResource(
        type: GroupVersionKind(group: spec.text("group"), version: version.text("name"), kind: kind),
        plural: names.text("plural"), singular: singular.isEmpty ? kind.lowercased() : singular,
        listKind: listKind.isEmpty ? "\(kind)List" : listKind, shortNames: names["shortNames"]?.strings ?? [],
        categories: names["categories"]?.strings ?? [], isNamespaced: spec.text("scope") == "Namespaced",
        verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
        subresources: subresources, traits: [.isCustom, .tracksGeneration], scale: scale, columns: columns,
        selectableFields: (version["selectableFields"]?.elements ?? []).map { $0.text("jsonPath") })
      return (resource, version["served"]?.booleanValue ?? false)
    }
  }

  // MARK: What the controllers do with definitions

  /// The finalizer of definitions whose objects are still there.
  static var definitionFinalizer: String { "customresourcecleanup.apiextensions.k8s.io" }

  mutating func reconcileDefinition(_ name: String) {
    guard let id = frontend.definitions, let live = object(ObjectName(namespace: "", name: name), in: id)
    else {
      return
    }
    var context = WriteContext(controller: UserInfo("system:apiserver", groups: ["system:masters"]))
    var document = live.value
    if live.metadata.deletionTimestamp != nil {
      for (resource, _) in Self.resources(of: document, isCustom: true) {
        // Every version leads to the same objects.
        guard let resourceID = catalog.resource(resource.groupResource) else { continue }
        for object in objects(in: resourceID) {
          _ = try? delete(ObjectName(object.metadata), in: resourceID, context: &context)
        }
      }
      let object = live.withMetadata { $0.finalizers.removeAll { $0 == Self.definitionFinalizer } }
      _ = try? update(object, in: id, part: .other("finalize"), context: &context)
      return
    }
    guard document[path: "status", "acceptedNames"].map({ $0.text("kind").isEmpty }) ?? true else { return }
    let time = now.roundedDownToSecond.text
    let conditions = [
      ("NamesAccepted", "NoConflicts", "no conflicts found"),
      ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ].map { (type, reason, message) in
      Value.object([
        "type": .string(type), "status": .string("True"), "lastTransitionTime": .string(time),
        "reason": .string(reason), "message": .string(message),
      ])
    }
    document = document.setting(["status", "conditions"], to: .array(conditions))
    document = document.setting(
      ["status", "acceptedNames"], to: document[path: "spec", "names"] ?? .object([]))
    _ = try? update(Object(document, of: catalog[id]), in: id, part: .status, context: &context)
  }
}
