public import KubernetesModel

/// What a field holds.
public indirect enum FieldShape: Sendable, Equatable {
  /// Text.
  case string
  /// Bytes, written in base64.
  case bytes
  /// A 32-bit integer.
  case int32
  /// A 64-bit integer.
  case int64
  /// A boolean.
  case boolean
  /// Any number.
  case number
  /// A quantity.
  case quantity
  /// An integer or a string.
  case intOrString
  /// RFC 3339 text.
  case time
  /// RFC 3339 text with microseconds.
  case microTime
  /// Go duration text.
  case duration
  /// Anything.
  case any
  /// A list.
  case array(FieldShape)
  /// A map with string keys.
  case map(FieldShape)
  /// A type of the table, by name.
  case object(String)

  /// The type of the table that the field holds, alone, in lists or in maps; nil for scalars.
  public var typeName: String? {
    switch self {
    case .array(let element), .map(let element): element.typeName
    case .object(let name): name
    default: nil
    }
  }
}

/// One field of a type in a ``SchemaTable``.
public struct SchemaField: Sendable, Equatable {
  /// The name in JSON.
  public var name: String
  /// What it holds.
  public var shape: FieldShape
  /// The type in Go, which the API server names in its messages.
  public var goType: String
  /// Whether the CustomResourceDefinition lists it as required.
  public var isRequired = false
  /// Whether Go writes it even when it is zero.
  public var isAlwaysWritten = false
  /// Whether it is a pointer in Go.
  public var isPointer = false
  /// The default as JSON text, when the schema has one.
  public var defaultJSON: String?
  /// The values it may take, when the schema lists them.
  public var allowedValues: [String] = []
  /// The regular expression it must match, when the schema has one.
  public var pattern: String?
  /// The shortest text allowed, in characters.
  public var minLength: Int?
  /// The longest text allowed, in characters.
  public var maxLength: Int?
  /// The fewest elements allowed.
  public var minItems: Int?
  /// The smallest number allowed.
  public var minimum: Int64?
  /// `map`, `set` or `atomic`, when the schema says how lists merge.
  public var listType: String?
  /// `atomic` when the schema says that the object merges as a whole.
  public var mapType: String?
  /// For lists of type `map`, the fields that tell elements apart.
  public var listMapKeys: [String] = []
  /// The meaning in our words; empty for the rarer of Kubernetes' own fields.
  public var documentation = ""

  /// A field without demands.
  public init(name: String, shape: FieldShape, goType: String = "") {
    self.name = name
    self.shape = shape
    self.goType = goType
  }
}

/// A validation rule of a type, in CEL.
public struct SchemaValidation: Sendable, Equatable {
  /// The rule.
  public var rule: String
  /// What to say when it does not hold.
  public var message: String
  /// The reason (`FieldValueRequired`, …), when not `FieldValueInvalid`.
  public var reason: String?
  /// The field to name, relative to the object.
  public var fieldPath: String?
  /// Whether the rule looks at the old object, and so may hold for updates only.
  public var usesOldSelf: Bool
}

/// An object type of a ``SchemaTable``.
public struct SchemaType: Sendable, Equatable {
  /// The name in this library.
  public var name: String
  /// The name in Go, which the API server names in its messages.
  public var goName: String
  /// Group, version and kind, when it is a kind of its own.
  public var groupVersionKind: GroupVersionKind?
  /// The meaning in our words; empty for Kubernetes' own types.
  public var documentation: String
  /// Whether an object of the type merges as a whole, as the schema says.
  public var isAtomic = false
  /// The fields in Go's order of declaration.
  public var fields: [SchemaField]
  /// Validation rules in CEL.
  public var validations: [SchemaValidation]

  /// The field with a name.
  public func field(_ name: String) -> SchemaField? { fields.first { $0.name == name } }
}
