public import KubernetesModel
internal import KubernetesSchema

/// OpenAPI v3 documents: the index, and one document for each group and version (V-6).
///
/// They say enough for kubectl to create, apply and explain: the shapes of all types with what they mean where that is
/// known, and which parameters a write takes.
public struct OpenAPIDocument: Sendable {
  private let resources: [APIResource]
  private let schemas: [GroupVersionKind: Value]

  /// Documents about resources.
  ///
  /// - Parameters:
  ///   - resources: all resources of the server.
  ///   - schemas: for custom resources, the structural schema of their definition.
  public init(_ resources: [APIResource], schemas: [GroupVersionKind: Value] = [:]) {
    self.resources = resources
    self.schemas = schemas
  }

  private static func path(_ group: String, _ version: String) -> String {
    group.isEmpty ? "api/\(version)" : "apis/\(group)/\(version)"
  }

  /// `/openapi/v3`: where the documents are. Each address has a hash of what the document says.
  public var index: Value {
    var seen: Set<String> = []
    var paths: [(String, Value)] = []
    for resource in resources {
      let path = Self.path(resource.group, resource.version)
      guard seen.insert(path).inserted else { continue }
      let hash = hash(group: resource.group, version: resource.version)
      paths.append(
        (path, .object(["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(hash)")])))
    }
    return .object(["paths": .object(paths)])
  }

  /// What changes when a document does. The built-in part of a document never does while the server runs.
  public func hash(group: String, version: String) -> String {
    let here = resources.filter { $0.group == group && $0.version == version }
    let text = here.map { resource in
      "\(resource.plural) \(resource.kind) \(resource.subresources.map(\.name)) "
        + (schemas[resource.type].map { JSONWriter.string($0) } ?? "")
    }
    return SHA256.hexadecimal(Array(text.joined(separator: "\n").utf8))
  }

  /// The document of a group and version; nil when there is none.
  public func document(group: String, version: String) -> Value? {
    let here = resources.filter { $0.group == group && $0.version == version }
    guard !here.isEmpty else { return nil }
    var components = SchemaComponents()
    var paths: [(String, Value)] = []
    for resource in here {
      let name = components.add(resource, schemas[resource.type])
      paths += operations(resource, name)
    }
    components.addReferenced()
    let isCustom = here.contains { $0.traits.contains(.isCustom) }
    return .object([
      "openapi": .string("3.0.0"),
      "info": .object([
        "title": .string(isCustom ? "Kubernetes CRD Swagger" : "Kubernetes"), "version": .string("v0.1.0"),
      ]), "paths": .object(paths), "components": .object(["schemas": components.value]),
    ])
  }

  // MARK: Paths

  private func operations(_ resource: APIResource, _ schema: String) -> [(String, Value)] {
    let base = "/\(Self.path(resource.group, resource.version))"
    let collection = base + (resource.isNamespaced ? "/namespaces/{namespace}" : "") + "/\(resource.plural)"
    let verbs = Set(resource.verbs)
    func operation(_ action: String, _ parameters: [String], _ method: String) -> (String, Value) {
      (method, operationValue(resource, schema, action, parameters))
    }
    let write = ["dryRun", "fieldManager", "fieldValidation"]
    let list = [
      "allowWatchBookmarks", "continue", "fieldSelector", "labelSelector", "limit", "resourceVersion",
      "resourceVersionMatch", "sendInitialEvents", "timeoutSeconds", "watch",
    ]
    let delete = ["dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"]
    var many: [(String, Value)] = []
    if verbs.contains("list") { many.append(operation("list", list, "get")) }
    if verbs.contains("create") { many.append(operation("post", write, "post")) }
    if verbs.contains("deletecollection") {
      many.append(operation("deletecollection", list + delete, "delete"))
    }
    var one: [(String, Value)] = []
    if verbs.contains("get") { one.append(operation("get", ["resourceVersion"], "get")) }
    if verbs.contains("update") { one.append(operation("put", write, "put")) }
    if verbs.contains("delete") { one.append(operation("delete", delete, "delete")) }
    if verbs.contains("patch") { one.append(operation("patch", write + ["force"], "patch")) }
    var paths: [(String, Value)] = []
    if !many.isEmpty { paths.append((collection, .object(many))) }
    if !one.isEmpty { paths.append((collection + "/{name}", .object(one))) }
    for part in resource.subresources where part.kind == nil {
      var inner: [(String, Value)] = []
      if part.verbs.contains("get") { inner.append(operation("get", [], "get")) }
      if part.verbs.contains("update") { inner.append(operation("put", write, "put")) }
      if part.verbs.contains("patch") { inner.append(operation("patch", write + ["force"], "patch")) }
      if !inner.isEmpty { paths.append((collection + "/{name}/\(part.name)", .object(inner))) }
    }
    if resource.isNamespaced, verbs.contains("list") {
      paths.append(("\(base)/\(resource.plural)", .object([operation("list", list, "get")])))
    }
    return paths
  }

  private func operationValue(
    _ resource: APIResource, _ schema: String, _ action: String, _ parameters: [String]
  ) -> Value {
    let content = Value.object([
      "application/json": .object(["schema": SchemaComponents.reference(schema)])
    ])
    var members: [(String, Value)] = [
      (
        "parameters",
        .array(
          parameters.map { name in
            .object([
              "name": .string(name), "in": .string("query"), "schema": .object(["type": .string("string")]),
            ])
          })
      ), ("responses", .object(["200": .object(["description": .string("OK"), "content": content])])),
      ("x-kubernetes-action", .string(action)),
      ("x-kubernetes-group-version-kind", SchemaComponents.kind(resource.type)),
    ]
    if action == "post" || action == "put" { members.append(("requestBody", .object(["content": content]))) }
    return .object(members)
  }
}
