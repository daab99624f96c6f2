internal import GroveModel
public import KubernetesModel
internal import KubernetesSchema

/// What is known of a field, a kind or a type of a field: for `explain`, editors and messages.
///
/// ```swift
/// let field = try FieldDocumentation(of: "pcs.spec.template.cliques.spec.minAvailable")
/// field.type     // "integer (int32)"
/// field.meaning  // "How many pods are scheduled all-or-nothing, and kept or else terminated; …"
/// ```
public struct FieldDocumentation: Sendable, Equatable {
  /// A field one level below.
  public struct Child: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The type in words.
    public var type: String
    /// Whether the schema requires it.
    public var isRequired: Bool
    /// The meaning in our words; empty for the rarer of Kubernetes' own fields.
    public var meaning: String
    /// Whether there are fields below it.
    public var hasChildren: Bool
  }

  /// Group, version and kind the path begins with.
  public var groupVersionKind: GroupVersionKind
  /// The path below the kind, without indices; empty for the kind itself.
  public var path: String
  /// The type in words: `string`, `integer (int32)`, `list of PodCliqueTemplateSpec`.
  public var type: String
  /// The meaning in our words; empty for the rarer of Kubernetes' own fields.
  public var meaning: String
  /// Whether the schema requires it.
  public var isRequired: Bool
  /// The default as JSON text: the schema's, or for some of Grove's fields the webhook's (A-020 to A-028).
  public var defaultValue: String?
  /// The values it may take, when there are only some.
  public var allowedValues: [String]
  /// Further demands, each in words: lengths, patterns, unique keys.
  public var demands: [String]
  /// What the CEL rules of its type demand, in the words of the schema.
  public var rules: [String]
  /// The fields below, in the order of their declaration.
  public var children: [Child]

  /// Looks a path up, such as `podcliqueset.spec.template`, `pcs.spec.replicas` or
  /// `pod.spec.containers[0].image`.
  ///
  /// Kinds are found by kind, plural and short name, upper case or lower case.
  ///
  /// - Throws: ``FieldLookupError`` with a suggestion where one is near.
  /// - Complexity: O(fields on the way).
  public init(of path: String) throws(FieldLookupError) {
    let segments = path.split(separator: ".").map { String($0.prefix { $0 != "[" }) }
    guard let first = segments.first else {
      throw .unknownKind("", suggestion: nil)
    }
    guard let kind = KindAliases.kind(first) else {
      throw .unknownKind(first, suggestion: NearestName.of(first, among: KindAliases.all))
    }
    guard var type = SchemaTable.grove.type(named: kind), let identity = type.groupVersionKind else {
      throw .unknownKind(first, suggestion: nil)
    }
    groupVersionKind = identity
    self.path = segments.dropFirst().joined(separator: ".")
    var field: SchemaField?
    for (depth, segment) in segments.enumerated().dropFirst() {
      let parent = segments[..<depth].joined(separator: ".")
      if let field, field.shape.typeName == nil {
        throw .noFields(path: parent, type: FieldDocumentation.words(for: field.shape))
      }
      guard let next = type.field(segment) else {
        let names = type.fields.map(\.name)
        throw .unknownField(
          segment, path: parent, suggestion: NearestName.of(segment, among: names), known: names)
      }
      field = next
      if let name = next.shape.typeName, let inner = SchemaTable.grove.type(named: name) { type = inner }
    }
    let hasFields = field == nil || field?.shape.typeName != nil
    self.type = field.map { FieldDocumentation.words(for: $0.shape) } ?? type.name
    meaning = field.map(\.documentation) ?? type.documentation
    isRequired = field?.isRequired ?? false
    defaultValue =
      WebhookDefaults.value(kind: kind, path: self.path) ?? field?.defaultJSON
    allowedValues = field?.allowedValues ?? []
    demands = field.map { FieldDocumentation.demands(of: $0) } ?? []
    rules = hasFields ? type.validations.map(\.message) : []
    children = hasFields ? type.fields.map { FieldDocumentation.child($0) } : []
  }

  private static func child(_ field: SchemaField) -> Child {
    Child(
      name: field.name, type: words(for: field.shape), isRequired: field.isRequired,
      meaning: field.documentation, hasChildren: field.shape.typeName != nil)
  }

  private static func demands(of field: SchemaField) -> [String] {
    var demands: [String] = []
    switch (field.minLength, field.maxLength) {
    case (let least?, let most?): demands.append("\(least) to \(most) characters")
    case (let least?, nil): demands.append("at least \(least) characters")
    case (nil, let most?): demands.append("at most \(most) characters")
    case (nil, nil): break
    }
    if let pattern = field.pattern { demands.append("matches \(pattern)") }
    if let least = field.minItems { demands.append("at least \(least) element\(least == 1 ? "" : "s")") }
    if let minimum = field.minimum { demands.append("at least \(minimum)") }
    if !field.listMapKeys.isEmpty {
      demands.append("no two elements with the same \(field.listMapKeys.joined(separator: " and "))")
    } else if field.listType == "set" {
      demands.append("no element twice")
    }
    return demands
  }

  /// A shape in words.
  static func words(for shape: FieldShape) -> String {
    switch shape {
    case .string: "string"
    case .bytes: "bytes in base64"
    case .int32: "integer (int32)"
    case .int64: "integer (int64)"
    case .boolean: "boolean"
    case .number: "number"
    case .quantity: "quantity"
    case .intOrString: "integer or string"
    case .time, .microTime: "time (RFC 3339)"
    case .duration: "duration (4h, 1m30s)"
    case .any: "anything"
    case .array(let element): "list of \(plural(element))"
    case .map(let value): "map of \(plural(value))"
    case .object(let name): name
    }
  }

  private static func plural(_ shape: FieldShape) -> String {
    switch shape {
    case .string: "strings"
    case .int32, .int64: "integers"
    case .boolean: "booleans"
    case .number: "numbers"
    case .quantity: "quantities"
    case .bytes, .any: words(for: shape)
    case .intOrString: "integers or strings"
    case .time, .microTime: "times"
    case .duration: "durations"
    case .array(let element): "lists of \(plural(element))"
    case .map(let value): "maps of \(plural(value))"
    case .object(let name): name
    }
  }
}

/// Why a path has no documentation.
public enum FieldLookupError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No kind has the name.
  case unknownKind(String, suggestion: String?)
  /// There is no such field at the path.
  case unknownField(String, path: String, suggestion: String?, known: [String])
  /// What is at the path has no fields.
  case noFields(path: String, type: String)

  /// What is wrong, with the suggestion.
  public var description: String {
    switch self {
    case .unknownKind(let name, let suggestion):
      "unknown kind \"\(name)\"" + FieldLookupError.ending(suggestion)
    case .unknownField(let name, let path, let suggestion, let known):
      "\(path) has no field \"\(name)\""
        + (suggestion == nil
          ? "; it has \(known.joined(separator: ", "))" : FieldLookupError.ending(suggestion))
    case .noFields(let path, let type): "\(path) has no fields; its type is \(type)"
    }
  }

  private static func ending(_ suggestion: String?) -> String {
    suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
  }
}

/// Defaults that the webhook fills in, beyond those of the schema.
enum WebhookDefaults {
  private static let replicas = "the value of replicas"
  private static let ofPodCliqueSet: [(path: String, value: String)] = [
    ("metadata.namespace", "\"default\""),
    ("spec.template.cliques.spec.podSpec.restartPolicy", "\"Always\""),
    ("spec.template.cliques.spec.podSpec.terminationGracePeriodSeconds", "30"),
    ("spec.template.cliques.spec.replicas", "1"),
    ("spec.template.cliques.spec.minAvailable", replicas),
    ("spec.template.cliques.spec.autoScalingConfig.minReplicas", replicas),
    ("spec.template.podCliqueScalingGroups.scaleConfig.minReplicas", replicas),
    ("spec.template.terminationDelay", "\"4h0m0s\""),
    ("spec.template.headlessServiceConfig", "{\"publishNotReadyAddresses\":true}"),
  ]

  static func value(kind: String, path: String) -> String? {
    guard kind == ResourceKind.podCliqueSet.rawValue else { return nil }
    return ofPodCliqueSet.first { $0.path == path }?.value
  }
}

/// The names under which people know kinds.
enum KindAliases {
  /// Short names of Kubernetes' own kinds; those of Grove's come from ``CustomResource``.
  private static let short: [(alias: String, type: String)] = [
    ("po", "Pod"), ("svc", "Service"), ("sa", "ServiceAccount"), ("no", "Node"), ("ev", "Event"),
    ("hpa", "HorizontalPodAutoscaler"), ("pc", "PriorityClass"), ("priorityclasses", "PriorityClass"),
    ("podgroup", "KAIPodGroup"), ("podgroups", "KAIPodGroup"), ("topology", "KAITopology"),
    ("topologies", "KAITopology"),
  ]

  /// All names, in a fixed order.
  static var all: [String] {
    kinds.flatMap { [$0.lowercased(), "\($0.lowercased())s"] } + CustomResource.all.map(\.shortName)
      + short.map(\.alias)
  }

  private static var kinds: [String] { SchemaTable.grove.kindNames }

  /// The type of the table for a name.
  static func kind(_ name: String) -> String? {
    let name = name.lowercased()
    if let resource = CustomResource.all.first(where: { $0.shortName == name }) {
      return resource.kind.rawValue
    }
    if let alias = short.first(where: { $0.alias == name }) { return alias.type }
    return kinds.first { $0.lowercased() == name || "\($0.lowercased())s" == name }
  }
}
