internal import GroveModel
public import KubernetesModel
internal import KubernetesSchema

/// The CustomResourceDefinitions of Grove's five kinds, ready to be applied.
///
/// They are made from the same table as the types, the documentation and the validation.
public enum CustomResourceDefinitions {
  /// The definitions of all kinds, those that users write first.
  ///
  /// - Complexity: O(fields of all types, once for each place they occur in).
  public static func all() -> [Value] { CustomResource.all.map { definition(of: $0) } }

  /// The definition of one kind.
  public static func definition(of resource: CustomResource) -> Value {
    var writer = CustomResourceDefinitionWriter()
    writer.write(resource)
    return Value(tape: writer.builder.finish(), index: 0)
  }
}

/// Writes members of objects in byte order of their names.
private struct CustomResourceDefinitionWriter: ~Copyable {
  var builder = TapeBuilder(nodeCapacity: 16_384, byteCapacity: 262_144)
  /// Types read from the table so far: most occur in several places.
  private var types: [String: SchemaType] = [:]

  private mutating func type(named name: String) -> SchemaType? {
    if let known = types[name] { return known }
    guard var type = SchemaTable.grove.type(named: name) else { return nil }
    type.fields.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    types[name] = type
    return type
  }

  private mutating func member(_ name: String, _ text: String) {
    builder.key(name)
    builder.string(text)
  }

  private mutating func object(
    _ name: String, _ body: (inout CustomResourceDefinitionWriter) -> Void
  ) {
    builder.key(name)
    builder.beginObject()
    body(&self)
    builder.endObject()
  }

  private mutating func list(_ name: String, of texts: [String]) {
    builder.key(name)
    builder.beginArray()
    for text in texts { builder.string(text) }
    builder.endArray()
  }

  mutating func write(_ resource: CustomResource) {
    builder.beginObject()
    member("apiVersion", "apiextensions.k8s.io/v1")
    member("kind", "CustomResourceDefinition")
    object("metadata") { metadata in
      metadata.object("annotations") {
        $0.member("controller-gen.kubebuilder.io/version", "v0.17.3")
      }
      metadata.member("name", resource.definitionName)
    }
    object("spec") { spec in
      spec.member("group", resource.group)
      spec.object("names") { names in
        names.member("kind", resource.kind.kind)
        names.member("listKind", resource.listKind)
        names.member("plural", resource.plural)
        names.list("shortNames", of: [resource.shortName])
        names.member("singular", resource.singular)
      }
      spec.member("scope", resource.kind.isClusterScoped ? "Cluster" : "Namespaced")
      spec.builder.key("versions")
      spec.builder.beginArray()
      spec.writeVersion(resource)
      spec.builder.endArray()
    }
    builder.endObject()
  }

  private mutating func writeVersion(_ resource: CustomResource) {
    builder.beginObject()
    builder.key("additionalPrinterColumns")
    builder.beginArray()
    for column in resource.columns {
      builder.beginObject()
      member("jsonPath", column.jsonPath)
      member("name", column.name)
      if column.priority > 0 {
        builder.key("priority")
        builder.integer(Int64(column.priority))
      }
      member("type", column.format.rawValue)
      builder.endObject()
    }
    builder.endArray()
    member("name", String(resource.kind.apiVersion.drop { $0 != "/" }.dropFirst()))
    object("schema") { schema in
      schema.builder.key("openAPIV3Schema")
      schema.writeType(resource.kind.rawValue, isRoot: true)
    }
    builder.key("served")
    builder.boolean(true)
    builder.key("storage")
    builder.boolean(true)
    object("subresources") { subresources in
      if let selector = resource.scaleSelectorPath {
        subresources.object("scale") { scale in
          scale.member("labelSelectorPath", selector)
          scale.member("specReplicasPath", ".spec.replicas")
          scale.member("statusReplicasPath", ".status.replicas")
        }
      }
      subresources.object("status") { _ in }
    }
    builder.endObject()
  }

  // MARK: Schemas

  private mutating func writeType(_ name: String, isRoot: Bool = false, documentation: String? = nil) {
    builder.beginObject()
    guard let type = type(named: name) else {
      member("type", "object")
      builder.endObject()
      return
    }
    let description = documentation ?? type.documentation
    if !description.isEmpty { member("description", description) }
    object("properties") { properties in
      for field in type.fields {
        properties.builder.key(field.name)
        if field.shape == .object("ObjectMeta") {
          // Neither the root's metadata nor that of templates is described, as in the original.
          properties.builder.beginObject()
          properties.member("type", "object")
          properties.builder.endObject()
        } else {
          properties.writeField(field)
        }
      }
    }
    let required = type.fields.filter(\.isRequired).map(\.name)
    if !required.isEmpty { list("required", of: required) }
    member("type", "object")
    if type.isAtomic { member("x-kubernetes-map-type", "atomic") }
    writeRules(type.validations)
    builder.endObject()
  }

  private mutating func writeRules(_ rules: [SchemaValidation]) {
    guard !rules.isEmpty else { return }
    builder.key("x-kubernetes-validations")
    builder.beginArray()
    for rule in rules {
      builder.beginObject()
      if let path = rule.fieldPath { member("fieldPath", path) }
      member("message", rule.message)
      if rule.usesOldSelf {
        builder.key("optionalOldSelf")
        builder.boolean(true)
      }
      if let reason = rule.reason { member("reason", reason) }
      member("rule", rule.rule)
      builder.endObject()
    }
    builder.endArray()
  }

  private mutating func writeField(_ field: SchemaField) {
    if case .object(let name) = field.shape {
      writeType(name, documentation: field.documentation)
      return
    }
    builder.beginObject()
    if field.shape == .quantity || field.shape == .intOrString { writeAlternatives() }
    if case .map(let value) = field.shape { writeNested("additionalProperties", value) }
    if let text = field.defaultJSON, let tape = try? JSONReader.read(text), let root = tape.roots.first {
      builder.key("default")
      builder.append(Value(tape: tape, index: root))
    }
    if !field.documentation.isEmpty { member("description", field.documentation) }
    if !field.allowedValues.isEmpty { list("enum", of: field.allowedValues) }
    if let format = format(of: field.shape) { member("format", format) }
    if case .array(let element) = field.shape { writeNested("items", element) }
    for (name, limit) in [
      ("maxLength", field.maxLength), ("minItems", field.minItems), ("minLength", field.minLength),
      ("minimum", field.minimum.map { Int($0) }),
    ] {
      guard let limit else { continue }
      builder.key(name)
      builder.integer(Int64(limit))
    }
    if let pattern = field.pattern ?? pattern(of: field.shape) { member("pattern", pattern) }
    if let type = typeName(of: field.shape) { member("type", type) }
    writeExtensions(of: field)
    builder.endObject()
  }

  private mutating func writeExtensions(of field: SchemaField) {
    if field.shape == .quantity || field.shape == .intOrString { writeFlag("x-kubernetes-int-or-string") }
    if !field.listMapKeys.isEmpty { list("x-kubernetes-list-map-keys", of: field.listMapKeys) }
    if let type = field.listType { member("x-kubernetes-list-type", type) }
    if let type = field.mapType { member("x-kubernetes-map-type", type) }
    if field.shape == .any { writeFlag("x-kubernetes-preserve-unknown-fields") }
  }

  /// The schema of the elements of a list or the values of a map.
  private mutating func writeNested(_ key: String, _ shape: FieldShape) {
    builder.key(key)
    if case .object(let name) = shape {
      writeType(name)
    } else {
      writeField(SchemaField(name: "", shape: shape, goType: ""))
    }
  }

  private mutating func writeAlternatives() {
    builder.key("anyOf")
    builder.beginArray()
    for type in ["integer", "string"] {
      builder.beginObject()
      member("type", type)
      builder.endObject()
    }
    builder.endArray()
  }

  private mutating func writeFlag(_ name: String) {
    builder.key(name)
    builder.boolean(true)
  }

  private func format(of shape: FieldShape) -> String? {
    switch shape {
    case .int32: "int32"
    case .int64: "int64"
    case .number: "double"
    case .bytes: "byte"
    case .time, .microTime: "date-time"
    default: nil
    }
  }

  private func pattern(of shape: FieldShape) -> String? {
    shape == .quantity ? StructuralSchema.quantityPattern : nil
  }

  private func typeName(of shape: FieldShape) -> String? {
    switch shape {
    case .string, .bytes, .time, .microTime, .duration: "string"
    case .int32, .int64: "integer"
    case .boolean: "boolean"
    case .number: "number"
    case .quantity, .intOrString: nil
    case .any, .map, .object: "object"
    case .array: "array"
    }
  }
}
