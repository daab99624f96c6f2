public import KubernetesModel
internal import KubernetesSchema

/// How the elements of a list are told apart when two lists are merged.
public enum ListKind: Sendable, Equatable {
  /// Not at all: the list is replaced as a whole.
  case atomic
  /// By themselves.
  case set
  /// By some of their fields.
  case map(keys: [String])
}

/// What a place in a document can hold.
public indirect enum TypeShape: Sendable, Equatable {
  /// Text, times included when a schema calls them text.
  case string
  /// Bytes, in base64.
  case bytes
  /// A 32-bit integer.
  case int32
  /// A 64-bit integer.
  case int64
  /// Any number.
  case number
  /// A boolean.
  case boolean
  /// A quantity.
  case quantity
  /// An integer or text.
  case intOrString
  /// RFC 3339 text.
  case time
  /// RFC 3339 text with microseconds.
  case microTime
  /// Go's text of a duration.
  case duration
  /// Anything.
  case any
  /// The tree of a set of fields.
  case fields
  /// A list; protobuf wraps some of them in a message of their own.
  case list(TypeShape, ListKind, isWrapped: Bool = false)
  /// A map with string keys; atomic ones are replaced as a whole.
  case map(TypeShape, isAtomic: Bool = false)
  /// A type of the catalogue, by position.
  case object(Int)
}

/// A field of an ``ObjectType``.
public struct TypeField: Sendable, Equatable {
  /// The name in JSON; empty for an embedded struct whose fields are its owner's.
  public var name: String
  /// What it holds.
  public var shape: TypeShape
  /// The number in protobuf; 0 when it is not sent.
  public var number = 0
  /// Whether the schema requires it.
  public var isRequired = false
  /// Whether Go writes it even when it is empty.
  public var isAlwaysWritten = false
  /// Whether it is a pointer in Go: one that is there is written, empty or not.
  public var isPointer = false
  /// Strategies of strategic merge patches: `merge`, `replace`, `retainKeys`.
  public var strategies: [String] = []
  /// For lists that a strategic merge patch merges, the field that tells elements apart; empty for primitives.
  public var mergeKey = ""
  /// The default, for keys of list elements that may be left out.
  public var defaultValue: Value?

  /// A field that only has a name and a shape.
  public init(_ name: String, _ shape: TypeShape) {
    self.name = name
    self.shape = shape
  }
}

/// A type with fields.
public struct ObjectType: Sendable {
  /// The name, such as `core/v1.PodSpec`; empty inside a CustomResourceDefinition.
  public var name = ""
  /// Group, version and kind when it is a kind of its own.
  public var kind: GroupVersionKind?
  /// Whether values merge as a whole.
  public var isAtomic = false
  /// What fields that are not listed may hold; nil when there may be none.
  public var rest: TypeShape?
  /// The fields as JSON has them, in order.
  public private(set) var fields: [TypeField] = []
  /// The fields as protobuf has them: embedded structs are messages.
  public internal(set) var messageFields: [TypeField] = []
  private var positions: [String: Int] = [:]

  /// A type without fields.
  public init() {}

  /// The field with a name in JSON.
  public func field(_ name: String) -> TypeField? { positions[name].map { fields[$0] } }

  /// Adds a field, unless there is one of the name.
  public mutating func add(_ field: TypeField) {
    guard positions[field.name] == nil else { return }
    positions[field.name] = fields.count
    fields.append(field)
  }
}

/// The types that documents of some kinds are made of: how they merge, and how protobuf numbers their fields.
public final class TypeCatalog: Sendable {
  /// The types; shapes name them by position.
  public let types: [ObjectType]
  private let kinds: [GroupVersionKind: Int]
  private let names: [String: Int]

  /// The built-in kinds of Kubernetes 1.36.
  public static let kubernetes = TypeCatalog(parsing: GeneratedBuiltInTypes.text)

  /// A catalogue of the given types.
  public init(_ types: [ObjectType]) {
    self.types = types
    var kinds: [GroupVersionKind: Int] = [:]
    var names: [String: Int] = [:]
    for (index, type) in types.enumerated() {
      if let kind = type.kind { kinds[kind] = index }
      if !type.name.isEmpty { names[type.name] = index }
    }
    self.kinds = kinds
    self.names = names
  }

  /// The position of the type of a kind.
  public func position(of kind: GroupVersionKind) -> Int? { kinds[kind] }

  /// The position of the type with a name.
  public func position(named name: String) -> Int? { names[name] }

  // MARK: Reading the generated text

  private convenience init(parsing text: StaticString) {
    let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    let lines = bytes.split(separator: 0x0A).map { line in
      line.split(separator: 0x09, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    var names: [String: Int] = [:]
    for line in lines where line[0] == "T" { names[line[1]] = names.count }
    var types: [ObjectType] = []
    for line in lines {
      if line[0] == "T" {
        var type = ObjectType()
        type.name = line[1]
        if line.count > 3 { type.kind = Self.kind(line[3]) }
        type.isAtomic = line.contains("mapType=atomic")
        types.append(type)
      } else if let last = types.indices.last {
        types[last].messageFields.append(Self.field(line, names))
      }
    }
    for index in types.indices { Self.expand(types[index].messageFields, into: &types[index], types) }
    self.init(types)
  }

  /// Adds fields as JSON has them: those of embedded structs stand among their owner's.
  private static func expand(_ fields: [TypeField], into type: inout ObjectType, _ types: [ObjectType]) {
    for field in fields {
      if field.name.isEmpty, case .object(let embedded) = field.shape {
        expand(types[embedded].messageFields, into: &type, types)
      } else {
        type.add(field)
      }
    }
  }

  private static func kind(_ text: String) -> GroupVersionKind? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    return parts.count == 3 ? GroupVersionKind(group: parts[0], version: parts[1], kind: parts[2]) : nil
  }

  private static func field(_ line: [String], _ names: [String: Int]) -> TypeField {
    var attributes: [String: String] = [:]
    for column in line.dropFirst(5) {
      let parts = column.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { attributes[parts[0]] = parts[1] }
    }
    var list = ListKind.atomic
    switch attributes["listType"] {
    case "set": list = .set
    case "map": list = .map(keys: (attributes["keys"] ?? "").split(separator: "|").map(String.init))
    default: break
    }
    let isAtomic = attributes["mapType"] == "atomic"
    var field = TypeField(line[1], shape(line[2][...], list, isAtomic, names))
    field.number = Int(line[3]) ?? 0
    field.isRequired = line.count > 4 && line[4].contains("R")
    field.isAlwaysWritten = line.count > 4 && line[4].contains("A")
    field.isPointer = line.count > 4 && line[4].contains("P")
    field.strategies = (attributes["patch"] ?? "").split(separator: ",").map(String.init)
    field.mergeKey = attributes["patchKey"] ?? ""
    field.defaultValue = attributes["default"].map { .string($0) }
    return field
  }

  private static func shape(
    _ code: Substring, _ list: ListKind, _ isAtomic: Bool, _ names: [String: Int]
  ) -> TypeShape {
    switch code.first {
    case "a": return .list(shape(code.dropFirst(2), .atomic, false, names), list)
    case "w": return .list(shape(code.dropFirst(2), .atomic, false, names), list, isWrapped: true)
    case "m": return .map(shape(code.dropFirst(2), .atomic, false, names), isAtomic: isAtomic)
    case "o": return names[String(code.dropFirst(2))].map { .object($0) } ?? .any
    case "s": return .string
    case "y": return .bytes
    case "i": return .int32
    case "l": return .int64
    case "n": return .number
    case "b": return .boolean
    case "q": return .quantity
    case "x": return .intOrString
    case "t": return .time
    case "u": return .microTime
    case "d": return .duration
    case "f": return .fields
    default: return .any
    }
  }
}
