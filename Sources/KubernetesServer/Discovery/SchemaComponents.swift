internal import KubernetesModel
internal import KubernetesSchema

/// The schemas of a document: those of its kinds, and all they refer to.
struct SchemaComponents {
  private var members: [(String, Value)] = []
  private var queue: [Int] = []
  private var known: Set<Int> = []

  static func reference(_ name: String) -> Value {
    .object(["$ref": .string("#/components/schemas/\(name)")])
  }

  static func kind(_ type: GroupVersionKind) -> Value {
    .object(["group": .string(type.group), "version": .string(type.version), "kind": .string(type.kind)])
  }

  /// `io.grove.v1alpha1.PodClique`.
  static func name(custom type: GroupVersionKind) -> String {
    (type.group.split(separator: ".").reversed().map(String.init) + [type.version, type.kind]).joined(
      separator: ".")
  }

  /// `core/v1.PodSpec` is `io.k8s.api.core.v1.PodSpec`.
  static func name(builtIn name: String) -> String {
    let rest = name.split(separator: "/").map(String.init)
    let prefix =
      switch rest[0] {
      case "meta": "io.k8s.apimachinery.pkg.apis.meta"
      case "apiextensions": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions"
      default: "io.k8s.api.\(rest[0])"
      }
    return "\(prefix).\(rest[1])"
  }

  var value: Value { .object(members) }

  /// Adds the schema of a kind; returns its name.
  mutating func add(_ resource: APIResource, _ schema: Value?) -> String {
    if let schema { return add(custom: resource, schema) }
    guard let position = TypeCatalog.kubernetes.position(of: resource.type) else {
      let name = Self.name(custom: resource.type)
      members.append(
        (
          name,
          .object([
            "type": .string("object"), "x-kubernetes-group-version-kind": .array([Self.kind(resource.type)]),
          ])
        ))
      return name
    }
    refer(to: position)
    return Self.name(builtIn: TypeCatalog.kubernetes.types[position].name)
  }

  private mutating func add(custom resource: APIResource, _ schema: Value) -> String {
    let name = Self.name(custom: resource.type)
    var draft = ValueDraft(schema)
    if let metadata = TypeCatalog.kubernetes.position(named: "meta/v1.ObjectMeta") {
      refer(to: metadata)
      draft["properties"]?["metadata"] = ValueDraft(
        .object([
          "allOf": .array([Self.reference(Self.name(builtIn: "meta/v1.ObjectMeta"))]),
          "description": .string("What every object has: its name, labels and the like."),
        ]))
    }
    draft["x-kubernetes-group-version-kind"] = ValueDraft(.array([Self.kind(resource.type)]))
    members.append((name, draft.value))
    members.append(
      (
        "\(name)List",
        .object([
          "type": .string("object"), "required": .array([.string("items")]),
          "properties": .object([
            "apiVersion": .object(["type": .string("string")]), "kind": .object(["type": .string("string")]),
            "items": .object(["type": .string("array"), "items": Self.reference(name)]),
          ]),
        ])
      ))
    return name
  }

  private mutating func refer(to position: Int) {
    if known.insert(position).inserted { queue.append(position) }
  }

  /// Adds the built-in types that schemas so far refer to, directly or not.
  mutating func addReferenced() {
    while let position = queue.popLast() {
      let type = TypeCatalog.kubernetes.types[position]
      var properties: [(String, Value)] = []
      for field in type.fields { properties.append((field.name, self.schema(field))) }
      var schema: [(String, Value)] = [("type", .string("object")), ("properties", .object(properties))]
      let required = type.fields.filter(\.isRequired).map { Value.string($0.name) }
      if !required.isEmpty { schema.append(("required", .array(required))) }
      let short = String(type.name.split(separator: ".").last ?? "")
      if let known = SchemaTable.kubernetes.type(named: short), !known.documentation.isEmpty {
        schema.append(("description", .string(known.documentation)))
      }
      if let kind = type.kind {
        schema.append(("x-kubernetes-group-version-kind", .array([Self.kind(kind)])))
      }
      if type.isAtomic { schema.append(("x-kubernetes-map-type", .string("atomic"))) }
      members.append((Self.name(builtIn: type.name), .object(document(schema, short))))
    }
    members.sort { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
  }

  /// Adds what is known of the meaning of fields.
  private func document(_ schema: [(String, Value)], _ type: String) -> [(String, Value)] {
    guard let known = SchemaTable.kubernetes.type(named: type) else { return schema }
    var draft = ValueDraft(.object(schema))
    for field in known.fields where !field.documentation.isEmpty {
      draft["properties"]?[field.name]?["description"] = ValueDraft(.string(field.documentation))
    }
    return draft.value.members.map { ($0.name, $0.value) }
  }

  private mutating func schema(_ field: TypeField) -> Value {
    var draft = ValueDraft(schema(field.shape))
    if case .list(_, let kind, _) = field.shape {
      switch kind {
      case .atomic: break
      case .set: draft["x-kubernetes-list-type"] = ValueDraft(.string("set"))
      case .map(let keys):
        draft["x-kubernetes-list-type"] = ValueDraft(.string("map"))
        draft["x-kubernetes-list-map-keys"] = ValueDraft(.array(keys.map { .string($0) }))
      }
    }
    if !field.strategies.isEmpty {
      draft["x-kubernetes-patch-strategy"] = ValueDraft(.string(field.strategies.joined(separator: ",")))
    }
    if !field.mergeKey.isEmpty { draft["x-kubernetes-patch-merge-key"] = ValueDraft(.string(field.mergeKey)) }
    if let value = field.defaultValue { draft["default"] = ValueDraft(value) }
    return draft.value
  }

  private mutating func schema(_ shape: TypeShape) -> Value {
    func plain(_ type: String, _ format: String = "") -> Value {
      format.isEmpty
        ? .object(["type": .string(type)]) : .object(["type": .string(type), "format": .string(format)])
    }
    switch shape {
    case .string, .duration: return plain("string")
    case .bytes: return plain("string", "byte")
    case .int32: return plain("integer", "int32")
    case .int64: return plain("integer", "int64")
    case .number: return plain("number", "double")
    case .boolean: return plain("boolean")
    case .quantity: return .object(["oneOf": .array([plain("string"), plain("number")])])
    case .intOrString:
      return .object([
        "oneOf": .array([plain("integer"), plain("string")]), "format": .string("int-or-string"),
      ])
    case .time, .microTime: return plain("string", "date-time")
    case .any, .fields: return plain("object")
    case .list(let element, _, _): return .object(["type": .string("array"), "items": schema(element)])
    case .map(let element, _):
      return .object(["type": .string("object"), "additionalProperties": schema(element)])
    case .object(let position):
      refer(to: position)
      // A reference alone may carry nothing else, so that descriptions have a place.
      return .object([
        "allOf": .array([Self.reference(Self.name(builtIn: TypeCatalog.kubernetes.types[position].name))])
      ])
    }
  }
}
