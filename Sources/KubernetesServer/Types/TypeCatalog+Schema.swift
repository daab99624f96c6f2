public import KubernetesModel
internal import KubernetesSchema

extension TypeCatalog {
  /// The types of a custom resource, from the structural schema (`openAPIV3Schema`) of its definition.
  ///
  /// The kind's type is the first one. Metadata is that of the built-in kinds, whatever the schema says of it.
  ///
  /// - Complexity: O(nodes in the schema).
  public convenience init(openAPISchema schema: Value, kind: GroupVersionKind) {
    var reader = SchemaShapeReader()
    reader.types = [ObjectType()]
    let metadata = reader.adoptMetadata()
    var root = ObjectType()
    root.kind = kind
    root.add(TypeField("apiVersion", .string))
    root.add(TypeField("kind", .string))
    root.add(TypeField("metadata", metadata))
    reader.fill(&root, from: schema)
    reader.types[0] = root
    self.init(reader.types)
  }
}

/// Reads shapes out of a structural schema.
private struct SchemaShapeReader {
  var types: [ObjectType] = []
  private var adopted: [Int: Int] = [:]

  mutating func adoptMetadata() -> TypeShape {
    guard let position = TypeCatalog.kubernetes.position(named: "meta/v1.ObjectMeta") else { return .any }
    return adopt(.object(position))
  }

  /// A shape of the built-in kinds, with the types it refers to copied.
  private mutating func adopt(_ shape: TypeShape) -> TypeShape {
    switch shape {
    case .list(let element, let kind, let isWrapped): return .list(adopt(element), kind, isWrapped: isWrapped)
    case .map(let element, let isAtomic): return .map(adopt(element), isAtomic: isAtomic)
    case .object(let position):
      if let known = adopted[position] { return .object(known) }
      let target = types.count
      adopted[position] = target
      types.append(ObjectType())
      let source = TypeCatalog.kubernetes.types[position]
      var copy = ObjectType()
      copy.name = source.name
      copy.isAtomic = source.isAtomic
      for field in source.fields {
        var field = field
        field.shape = adopt(field.shape)
        copy.add(field)
      }
      types[target] = copy
      return .object(target)
    default: return shape
    }
  }

  mutating func fill(_ type: inout ObjectType, from schema: Value) {
    type.isAtomic = schema["x-kubernetes-map-type"]?.stringValue == "atomic"
    let required = Set((schema["required"]?.elements ?? []).compactMap(\.stringValue))
    for (name, property) in schema["properties"]?.members ?? [] {
      var field = TypeField(name, shape(property))
      field.isRequired = required.contains(name)
      field.defaultValue = property["default"]
      type.add(field)
    }
    if schema["x-kubernetes-preserve-unknown-fields"]?.booleanValue == true {
      type.rest = .any
    } else if let more = schema["additionalProperties"], more.kind == .object {
      type.rest = shape(more)
    }
  }

  private mutating func shape(_ schema: Value) -> TypeShape {
    if schema["x-kubernetes-int-or-string"]?.booleanValue == true { return .intOrString }
    switch schema["type"]?.stringValue {
    case "string": return .string
    case "integer": return .int64
    case "number": return .number
    case "boolean": return .boolean
    case "array":
      let element = schema["items"].map { shape($0) } ?? .any
      switch schema["x-kubernetes-list-type"]?.stringValue {
      case "set": return .list(element, .set)
      case "map":
        return .list(
          element,
          .map(keys: (schema["x-kubernetes-list-map-keys"]?.elements ?? []).compactMap(\.stringValue)))
      default: return .list(element, .atomic)
      }
    case "object":
      if schema["x-kubernetes-embedded-resource"]?.booleanValue == true,
        schema["x-kubernetes-preserve-unknown-fields"]?.booleanValue == true, schema["properties"] == nil
      {
        return .any
      }
      let isAtomic = schema["x-kubernetes-map-type"]?.stringValue == "atomic"
      guard schema["properties"] != nil else {
        if let more = schema["additionalProperties"], more.kind == .object {
          return .map(shape(more), isAtomic: isAtomic)
        }
        return isAtomic ? .map(.any, isAtomic: true) : .any
      }
      let position = types.count
      types.append(ObjectType())
      var type = ObjectType()
      fill(&type, from: schema)
      types[position] = type
      return .object(position)
    default: return .any
    }
  }
}
