public import KubernetesModel
public import KubernetesSchema

/// What a server does with documents of a resource that has a schema.
public struct ObjectSchema: Sendable {
  /// The paths of fields that the schema does not have, in the order in which the server reports them.
  public var unknownFields: @Sendable (Value) -> [String]
  /// The document without unknown fields, with defaults filled in.
  public var admitted: @Sendable (Value) -> Value
  /// What is wrong with a document, given what is stored. The metadata is checked too.
  public var problems: @Sendable (_ new: Value, _ old: Value?) -> [Diagnostic]

  /// A schema made of functions.
  public init(
    unknownFields: @escaping @Sendable (Value) -> [String], admitted: @escaping @Sendable (Value) -> Value,
    problems: @escaping @Sendable (Value, Value?) -> [Diagnostic]
  ) {
    self.unknownFields = unknownFields
    self.admitted = admitted
    self.problems = problems
  }

  /// A schema from a table of types that was compiled in.
  public init(_ schema: StructuralSchema) {
    unknownFields = { schema.unknownFields(in: $0).map(\.path) }
    admitted = { schema.admitted($0) }
    let hasRules = schema.hasRules
    problems = { new, old in
      schema.validate(new, old: old).flatMap { Self.asRecorded($0, hasRules: hasRules) }
    }
  }
}

extension ObjectSchema {
  /// A finding as the server reports it: the size of numbers without a field, and what was not checked only where there
  /// was something to check.
  private static func asRecorded(_ problem: Diagnostic, hasRules: Bool) -> [Diagnostic] {
    if problem.path == "<nil>", problem.detail.hasPrefix("some validation rules were not checked"), !hasRules
    {
      return []
    }
    let size = "Checked value must be of type integer with format "
    if problem.detail.hasPrefix(size) {
      var shown = problem
      shown.path = "<nil>"
      shown.value = "\"\""
      return [shown]
    }
    for format in ["int32", "int64"] where problem.detail.hasSuffix("must be of type \(format): \"float64\"")
    {
      var shown = problem
      shown.path = "<nil>"
      shown.value = "\"\""
      shown.detail = "\(size)\(format) in \(problem.path)"
      return [problem, shown]
    }
    return [problem]
  }
}

extension KubernetesServer {
  /// The schema of a resource, if it has one.
  func schema(of id: ResourceID) -> ObjectSchema? { frontend.schemas[id] }

  /// The fields of a document that its kind does not have.
  func unknownFields(in value: Value, _ target: Target) -> [String] {
    if let schema = schema(of: target.id) { return schema.unknownFields(value) }
    guard !target.isCustom else { return [] }
    return BuiltInDecoding.unknownFields(in: value, target.resource)
  }

  /// Why a document cannot be read as an object of its kind, in Go's words.
  func decodingComplaint(_ value: Value, _ target: Target) -> String? {
    if target.isCustom {
      guard let metadata = value["metadata"], !metadata.isNull else { return nil }
      guard metadata.kind == .object else {
        return "json: cannot unmarshal \(Self.goKind(metadata)) into Go value of type v1.ObjectMeta"
      }
      return Self.metadataComplaint(metadata)
    }
    return BuiltInDecoding.complaint(value, target.resource)
  }

  /// Why Go could not read the metadata of an object whose kind is defined at run time.
  private static func metadataComplaint(_ metadata: Value) -> String? {
    func misfit(_ value: Value?, _ name: String, _ type: String, _ expected: TapeKind) -> String? {
      guard let value, !value.isNull, value.kind != expected else { return nil }
      return "json: cannot unmarshal \(goKind(value)) into Go struct field ObjectMeta.\(name) of type \(type)"
    }
    for name in ["name", "generateName", "namespace", "selfLink", "uid", "resourceVersion"] {
      if let complaint = misfit(metadata[name], name, "string", .string) { return complaint }
    }
    for name in ["labels", "annotations"] {
      if let complaint = misfit(metadata[name], name, "map[string]string", .object) { return complaint }
      for (_, text) in metadata[name]?.members ?? [] {
        if let complaint = misfit(text, name, "string", .string) { return complaint }
      }
    }
    return nil
  }

  /// A document whose owner references have nothing but what owner references have.
  private static func withKnownOwners(_ value: Value) -> Value {
    let known = ["apiVersion", "blockOwnerDeletion", "controller", "kind", "name", "uid"]
    guard let owners = value[path: "metadata", "ownerReferences"], owners.kind == .array,
      owners.elements.contains(where: { owner in owner.members.contains { !known.contains($0.name) } })
    else { return value }
    let pruned = owners.elements.map { owner in
      owner.kind == .object
        ? Value.object(owner.members.filter { known.contains($0.name) }.map { ($0.name, $0.value) }) : owner
    }
    return value.setting(["metadata", "ownerReferences"], to: .array(pruned))
  }

  static func goKind(_ value: Value) -> String {
    switch value.kind {
    case .array: "array"
    case .object: "object"
    case .string: "string"
    case .boolean: "bool"
    case .null: "null"
    case .integer, .float, .key: "number"
    }
  }

  /// A document with what its kind has by default, and without what its kind does not have.
  func completed(_ value: Value, _ target: Target) -> Value {
    if let schema = schema(of: target.id) { return Self.withKnownOwners(schema.admitted(value)) }
    if target.isCustom { return value }
    let known = DocumentShape(target.resource.type)?.pruned(value) ?? value
    let stored = Conversion.stored(known.withoutNulls(), from: target.resource)
    return KindDefaults.applied(to: stored, target.resource)
  }
}
