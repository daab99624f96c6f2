internal import KubernetesModel

/// The shape of every type this library knows: for checks inside untyped parts, documentation, and schemas.
///
/// The table is one text that the generator writes. Making a table scans that text once and keeps a few
/// numbers for each field, so that a command pays next to nothing for it; names, documentation and the like
/// are read from the text when they are asked for.
public struct SchemaTable: Sendable {
  let storage: Storage

  /// The types of Kubernetes itself.
  public static let kubernetes = SchemaTable(parsing: GeneratedKubernetesSchema.text)

  /// A table from the text that the generator writes.
  ///
  /// - Precondition: the text is well-formed and refers to no type that it lacks.
  public init(parsing text: StaticString) {
    storage = Storage([text])
  }

  private init(_ storage: Storage) {
    self.storage = storage
  }

  /// A table with the types of Kubernetes, and those of a text of the generator that may refer to them.
  ///
  /// - Complexity: O(bytes in both texts).
  public init(kubernetesAnd text: StaticString) {
    storage = Storage([GeneratedKubernetesSchema.text, text])
  }

  /// A table with the types of both.
  ///
  /// - Complexity: O(bytes in both texts).
  public func merging(_ other: SchemaTable) -> SchemaTable {
    SchemaTable(Storage(storage.texts.map(\.text) + other.storage.texts.map(\.text)))
  }

  /// How many types there are.
  public var count: Int { storage.types.count }

  /// The names of all types, in the order of the texts.
  public var typeNames: [String] { storage.types.map { storage.string($0.name) } }

  /// The names of the types that are kinds of objects, in the order of the texts.
  public var kindNames: [String] { storage.kinds.map { storage.string(storage.types[$0].name) } }

  /// All types, in the order of the texts.
  ///
  /// - Complexity: O(fields in the table): everything is read from the text.
  public var types: [SchemaType] { storage.types.indices.map { type(at: $0) } }

  /// The type with a name.
  ///
  /// - Complexity: O(fields of the type).
  public func type(named name: String) -> SchemaType? { storage.index(of: name).map { type(at: $0) } }

  /// The type of a kind.
  ///
  /// - Complexity: O(kinds in the table).
  public func type(apiVersion: String, kind: String) -> SchemaType? {
    typeIndex(apiVersion: apiVersion, kind: kind).map { type(at: $0) }
  }

  func typeIndex(apiVersion: String, kind: String) -> Int? {
    storage.kinds.first {
      let columns = storage.columns(of: storage.types[$0].line)
      return identity(columns[3])?.apiVersion == apiVersion && identity(columns[3])?.kind == kind
    }
  }

  // MARK: Reading a type from the text

  private func identity(_ column: String) -> GroupVersionKind? {
    let names = column.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard names.count == 3 else { return nil }
    return GroupVersionKind(group: names[0], version: names[1], kind: names[2])
  }

  func type(at index: Int) -> SchemaType {
    let type = storage.types[index]
    let columns = storage.columns(of: type.line)
    return SchemaType(
      name: columns[1], goName: columns[2], groupVersionKind: identity(columns[3]), documentation: columns[4],
      isAtomic: columns.dropFirst(5).contains("mapType=atomic"), fields: type.fields.map { field(at: $0) },
      validations: type.rules.map { storage.rules[$0].validation })
  }

  func field(at index: Int) -> SchemaField {
    let columns = storage.columns(of: storage.fields[index].line)
    var field = SchemaField(name: columns[1], shape: SchemaTable.shape(columns[2][...]), goType: columns[4])
    field.isRequired = columns[3].contains("R")
    field.isAlwaysWritten = columns[3].contains("A")
    field.isPointer = columns[3].contains("P")
    for column in columns[5...] {
      guard let separator = column.firstIndex(of: "=") else { continue }
      let value = String(column[column.index(after: separator)...])
      switch column[..<separator] {
      case "default": field.defaultJSON = value
      case "enum": field.allowedValues = value.split(separator: "|").map(String.init)
      case "pattern": field.pattern = value
      case "minLength": field.minLength = Int(value)
      case "maxLength": field.maxLength = Int(value)
      case "minItems": field.minItems = Int(value)
      case "minimum": field.minimum = Int64(value)
      case "listType": field.listType = value
      case "mapType": field.mapType = value
      case "listMapKeys": field.listMapKeys = value.split(separator: "|").map(String.init)
      case "doc": field.documentation = value
      default: break
      }
    }
    return field
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
