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
  /// `map`, `set` or `atomic`, when the schema says how lists merge.
  public var listType: String?
  /// For lists of type `map`, the fields that tell elements apart.
  public var listMapKeys: [String] = []
  /// The meaning in our words; empty for Kubernetes' own fields.
  public var documentation = ""
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
  /// The fields in Go's order of declaration.
  public var fields: [SchemaField]
  /// Validation rules in CEL.
  public var validations: [SchemaValidation]

  /// The field with a name.
  public func field(_ name: String) -> SchemaField? { fields.first { $0.name == name } }
}

/// Group, version and kind of an object.
public struct GroupVersionKind: Sendable, Hashable {
  /// The group; empty for the core group.
  public var group: String
  /// The version.
  public var version: String
  /// The kind.
  public var kind: String

  /// A group, version and kind.
  public init(group: String, version: String, kind: String) {
    self.group = group
    self.version = version
    self.kind = kind
  }

  /// As manifests write group and version.
  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
}

/// The shape of every type this library knows: for checks inside untyped parts, documentation, and schemas.
public struct SchemaTable: Sendable {
  /// All types, in byte order of their names within each source.
  public private(set) var types: [SchemaType] = []
  private var positions: [String: Int] = [:]

  /// The types of Kubernetes itself.
  public static let kubernetes = SchemaTable(parsing: GeneratedKubernetesSchema.text)

  /// A table from the text that the generator writes.
  public init(parsing text: StaticString) {
    let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    for line in bytes.split(separator: 0x0A) {
      let parts = line.split(separator: 0x09, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
      switch parts[0] {
      case "T": addType(parts)
      case "X": addValidation(parts)
      default: addField(parts)
      }
    }
  }

  /// A table with the types of both.
  public func merging(_ other: SchemaTable) -> SchemaTable {
    var merged = self
    for type in other.types {
      merged.positions[type.name] = merged.types.count
      merged.types.append(type)
    }
    return merged
  }

  /// The type with a name.
  public func type(named name: String) -> SchemaType? { positions[name].map { types[$0] } }

  /// The type of a kind.
  ///
  /// - Complexity: O(types).
  public func type(apiVersion: String, kind: String) -> SchemaType? {
    types.first { $0.groupVersionKind?.kind == kind && $0.groupVersionKind?.apiVersion == apiVersion }
  }

  private mutating func addType(_ parts: [String]) {
    let names = parts[3].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    positions[parts[1]] = types.count
    types.append(
      SchemaType(
        name: parts[1], goName: parts[2],
        groupVersionKind: names.count == 3
          ? GroupVersionKind(group: names[0], version: names[1], kind: names[2]) : nil,
        documentation: parts[4], fields: [], validations: []))
  }

  private mutating func addValidation(_ parts: [String]) {
    types[types.count - 1].validations.append(
      SchemaValidation(
        rule: parts[1], message: parts[2], reason: parts[3].isEmpty ? nil : parts[3],
        fieldPath: parts[4].isEmpty ? nil : parts[4], usesOldSelf: parts[5] == "create"))
  }

  private mutating func addField(_ parts: [String]) {
    var field = SchemaField(name: parts[1], shape: SchemaTable.shape(parts[2][...]), goType: parts[4])
    field.isRequired = parts[3].contains("R")
    field.isAlwaysWritten = parts[3].contains("A")
    field.isPointer = parts[3].contains("P")
    for part in parts[5...] {
      guard let separator = part.firstIndex(of: "=") else { continue }
      let value = String(part[part.index(after: separator)...])
      switch part[..<separator] {
      case "default": field.defaultJSON = value
      case "enum": field.allowedValues = value.split(separator: "|").map(String.init)
      case "pattern": field.pattern = value
      case "minLength": field.minLength = Int(value)
      case "maxLength": field.maxLength = Int(value)
      case "minItems": field.minItems = Int(value)
      case "listType": field.listType = value
      case "listMapKeys": field.listMapKeys = value.split(separator: "|").map(String.init)
      case "doc": field.documentation = value
      default: break
      }
    }
    types[types.count - 1].fields.append(field)
  }

  private static func shape(_ code: Substring) -> FieldShape {
    switch code.first {
    case "a": .array(shape(code.dropFirst(2)))
    case "m": .map(shape(code.dropFirst(2)))
    case "o": .object(String(code.dropFirst(2)))
    case "y": .bytes
    case "i": .int32
    case "l": .int64
    case "b": .boolean
    case "n": .number
    case "q": .quantity
    case "x": .intOrString
    case "t": .time
    case "u": .microTime
    case "d": .duration
    case "v": .any
    default: .string
    }
  }
}
