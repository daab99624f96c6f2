internal import KubernetesModel

/// Objects and lists in the forms that clients ask for.
extension KubernetesServer {
  /// The document of an object in the version of a resource.
  func document(_ object: Object, as id: ResourceID) -> Value {
    let resource = catalog[id]
    var value = Conversion.document(object.value, in: resource)
    if !keepsBooks, value[path: "metadata", "managedFields"] != nil {
      value = value.setting(["metadata", "managedFields"], to: nil)
    }
    return value
  }

  /// An object in the form that a client asks for.
  func show(_ object: Object, as id: ResourceID, in form: AnswerForm, withColumns: Bool = true) -> Value {
    let document = document(object, as: id)
    switch form.content {
    case .objects: return document
    case .metadata: return Self.metadataOnly(document)
    case .table(let version, let includes):
      return table(
        [document], as: id, version: version, includes: includes, withColumns: withColumns,
        metadata: .object(["resourceVersion": .string(object.metadata.resourceVersion)]))
    }
  }

  /// A list in the form that a client asks for.
  func show(_ page: Page, as id: ResourceID, in form: AnswerForm) -> Value {
    let resource = catalog[id]
    let isCustom = resource.traits.contains(.isCustom)
    var metadata: [(String, Value)] = []
    if !page.continueToken.isEmpty || (isCustom && form.content == .objects) {
      metadata.append(("continue", .string(page.continueToken)))
    }
    if let remaining = page.remaining { metadata.append(("remainingItemCount", .integer(Int64(remaining)))) }
    metadata.append(("resourceVersion", .string(String(page.version))))
    let documents = page.objects.map { document($0, as: id) }
    switch form.content {
    case .objects:
      // Objects of built-in kinds do not repeat their kind in a list.
      let items =
        isCustom
        ? documents : documents.map { $0.setting("apiVersion", to: nil).setting("kind", to: nil) }
      return .object([
        "kind": .string(resource.listKind), "apiVersion": .string(resource.apiVersion),
        "metadata": .object(metadata),
        "items": .array(items),
      ])
    case .metadata:
      return .object([
        "kind": .string("PartialObjectMetadataList"), "apiVersion": .string("meta.k8s.io/v1"),
        "metadata": .object(metadata), "items": .array(documents.map { Self.metadataOnly($0) }),
      ])
    case .table(let version, let includes):
      return table(
        documents, as: id, version: version, includes: includes, withColumns: true,
        metadata: .object(metadata))
    }
  }

  static func metadataOnly(_ document: Value) -> Value {
    .object([
      "kind": .string("PartialObjectMetadata"), "apiVersion": .string("meta.k8s.io/v1"),
      "metadata": document["metadata"] ?? .object([]),
    ])
  }

  /// The members that Go writes of an empty object of a kind.
  static func zeroMembers(of resource: APIResource) -> [(String, Value)] {
    switch (resource.group, resource.kind) {
    case ("", "Pod"): [("spec", .object(["containers": .null])), ("status", .object([]))]
    case ("", "Service"): [("spec", .object([])), ("status", .object(["loadBalancer": .object([])]))]
    case ("", "Node"):
      [
        ("spec", .object([])),
        (
          "status",
          .object([
            "daemonEndpoints": .object(["kubeletEndpoint": .object(["Port": .integer(0)])]),
            "nodeInfo": .object(
              [
                "machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "containerRuntimeVersion",
                "kubeletVersion", "kubeProxyVersion", "operatingSystem", "architecture",
              ].map { ($0, .string("")) }),
          ])
        ),
      ]
    case ("", "Namespace"): [("spec", .object([])), ("status", .object([]))]
    default: []
    }
  }
}
