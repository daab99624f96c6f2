internal import KubernetesModel

/// Values as Go's `fmt` prints what it decoded from JSON: some messages quote them.
enum GoValueText {
  /// As `%v` prints it: `map[a:1 b:[x y]]`.
  static func plain(_ value: Value) -> String {
    switch value.kind {
    case .null: "<nil>"
    case .array: "[" + value.elements.map { plain($0) }.joined(separator: " ") + "]"
    case .object:
      "map["
        + sorted(value).map { "\($0.name):\(plain($0.value))" }.joined(separator: " ") + "]"
    default: value.scalarText ?? ""
    }
  }

  /// As `%#v` prints it: `map[string]interface {}{"a":1}`.
  static func syntax(_ value: Value) -> String {
    switch value.kind {
    case .null: "interface {}(nil)"
    case .array: "[]interface {}{" + value.elements.map { syntax($0) }.joined(separator: ", ") + "}"
    case .object:
      "map[string]interface {}{"
        + sorted(value).map { "\(jsonString($0.name)):\(syntax($0.value))" }.joined(separator: ", ") + "}"
    case .string: jsonString(value.stringValue ?? "")
    default: value.scalarText ?? ""
    }
  }

  /// As `%T` names its type.
  static func typeName(_ value: Value) -> String {
    switch value.kind {
    case .null: "<nil>"
    case .boolean: "bool"
    case .integer: "int64"
    case .float: "float64"
    case .array: "[]interface {}"
    case .object: "map[string]interface {}"
    case .string, .key: "string"
    }
  }

  /// As `encoding/json` names what it found.
  static func jsonKind(_ value: Value) -> String {
    switch value.kind {
    case .null: "null"
    case .boolean: "bool"
    case .integer, .float: "number"
    case .array: "array"
    case .object: "object"
    case .string, .key: "string"
    }
  }

  private static func sorted(_ value: Value) -> [(name: String, value: Value)] {
    value.members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
