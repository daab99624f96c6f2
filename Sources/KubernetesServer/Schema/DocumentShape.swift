internal import KubernetesModel
internal import KubernetesSchema

/// Documents of built-in kinds against the types that Go reads them into.
struct DocumentShape {
  private let catalog = TypeCatalog.kubernetes
  private let root: TypeShape

  /// The types of a kind; nil for one that the catalogue lacks.
  init?(_ type: GroupVersionKind) {
    guard let position = TypeCatalog.kubernetes.position(of: type) else { return nil }
    root = .object(position)
  }

  /// The paths of fields that the types do not have, in byte order.
  func unknownFields(in value: Value) -> [String] {
    var found: [String] = []
    search(value, root, "", &found)
    return found.sorted { utf8Precedes($0, $1) }
  }

  private func search(_ value: Value, _ shape: TypeShape, _ path: String, _ found: inout [String]) {
    switch (shape, value.kind) {
    case (.object(let position), .object):
      let type = catalog.types[position]
      for (name, inner) in value.members {
        let inside = path.isEmpty ? name : "\(path).\(name)"
        if let field = type.field(name) {
          search(inner, field.shape, inside, &found)
        } else if let rest = type.rest {
          search(inner, rest, inside, &found)
        } else {
          found.append(inside)
        }
      }
    case (.map(let element, _), .object):
      for (name, inner) in value.members {
        search(inner, element, path.isEmpty ? name : "\(path).\(name)", &found)
      }
    case (.list(let element, _, _), .array):
      for (index, inner) in value.elements.enumerated() {
        search(inner, element, "\(path)[\(index)]", &found)
      }
    default: break
    }
  }

  /// The document without fields that the types do not have.
  func pruned(_ value: Value) -> Value { pruned(value, root) }

  private func pruned(_ value: Value, _ shape: TypeShape) -> Value {
    switch (shape, value.kind) {
    case (.object(let position), .object):
      let type = catalog.types[position]
      return .object(
        value.members.compactMap { name, inner in
          (type.field(name)?.shape ?? type.rest).map { (name, pruned(inner, $0)) }
        })
    case (.map(let element, _), .object):
      return .object(value.members.map { ($0.name, pruned($0.value, element)) })
    case (.list(let element, _, _), .array): return .array(value.elements.map { pruned($0, element) })
    default: return value
    }
  }

  /// Why Go could not read a document: the first value of another kind than its field's.
  func complaint(_ value: Value, of kind: String) -> String? { complaint(value, root, kind, "") }

  private func complaint(_ value: Value, _ shape: TypeShape, _ type: String, _ path: String) -> String? {
    if value.isNull { return nil }
    func mismatch(_ goType: String) -> String {
      let found =
        switch value.kind {
        case .array: "array"
        case .object: "object"
        case .string, .key: "string"
        case .boolean: "bool"
        default: "number"
        }
      return "json: cannot unmarshal \(found) into Go struct field \(type)\(path) of type \(goType)"
    }
    switch shape {
    case .object(let position):
      guard value.kind == .object else { return mismatch(catalog.types[position].name) }
      for (name, inner) in value.members {
        guard let field = catalog.types[position].field(name) else { continue }
        if let found = complaint(inner, field.shape, type, "\(path).\(name)") { return found }
      }
    case .map(let element, _):
      guard value.kind == .object else { return mismatch("map[string]string") }
      for (_, inner) in value.members {
        if let found = complaint(inner, element, type, path) { return found }
      }
    case .list(let element, _, _):
      guard value.kind == .array else { return mismatch("[]string") }
      for inner in value.elements {
        if let found = complaint(inner, element, type, path) { return found }
      }
    case .string, .bytes, .time, .microTime, .duration:
      if value.kind != .string { return mismatch("string") }
    case .int32, .int64: if value.kind != .integer { return mismatch("int32") }
    case .number: if value.doubleValue == nil { return mismatch("float64") }
    case .boolean: if value.kind != .boolean { return mismatch("bool") }
    case .quantity:
      guard let text = value.scalarText, Quantity(text) != nil else {
        return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
      }
    case .intOrString: if value.kind != .string, value.kind != .integer { return mismatch("int32") }
    case .any, .fields: break
    }
    return nil
  }
}
