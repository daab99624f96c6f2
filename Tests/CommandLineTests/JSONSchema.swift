import Foundation
import KubernetesModel

/// As much of JSON Schema as the schemas in docs use.
struct JSONSchema {
  let root: Value

  init(_ text: String) throws {
    let tape = try JSONReader.read(text)
    root = Value(tape: tape, index: tape.roots[0])
  }

  /// What is wrong with a value, with its path.
  func objections(to value: Value) -> [String] { check(value, root, "") }

  private func check(_ value: Value, _ schema: Value, _ path: String) -> [String] {
    if let reference = schema["$ref"]?.stringValue {
      let name = String(reference.split(separator: "/").last ?? "")
      guard let target = root["$defs"]?[name] else { return ["\(path): no definition \(name)"] }
      return check(value, target, path)
    }
    if let options = schema["anyOf"]?.elements {
      let found = options.map { check(value, $0, path) }
      return found.contains { $0.isEmpty } ? [] : found.min { $0.count < $1.count } ?? []
    }
    var objections: [String] = []
    if let constant = schema["const"], constant != value { objections.append("\(path): not the constant") }
    if let choices = schema["enum"]?.elements, !choices.contains(value) {
      objections.append("\(path): \(JSONWriter.string(value)) is no choice")
    }
    if let type = schema["type"] {
      let types = type.stringValue.map { [$0] } ?? type.elements.compactMap(\.stringValue)
      if !types.contains(Self.type(of: value)) { return objections + ["\(path): is \(Self.type(of: value))"] }
    }
    if let least = schema["minimum"]?.integerValue, let number = value.integerValue, number < least {
      objections.append("\(path): \(number) is less than \(least)")
    }
    if let pattern = schema["pattern"]?.stringValue, let text = value.stringValue,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      objections.append("\(path): \(text) does not match")
    }
    if value.kind == .array, let items = schema["items"] {
      for (index, element) in value.elements.enumerated() {
        objections += check(element, items, "\(path)[\(index)]")
      }
    }
    if value.kind == .object { objections += checkObject(value, schema, path) }
    return objections
  }

  private func checkObject(_ value: Value, _ schema: Value, _ path: String) -> [String] {
    var objections: [String] = []
    for name in schema["required"]?.elements.compactMap(\.stringValue) ?? [] where value[name] == nil {
      objections.append("\(path): \(name) is missing")
    }
    for (name, member) in value.members {
      if let known = schema["properties"]?[name] {
        objections += check(member, known, "\(path).\(name)")
      } else if let other = schema["additionalProperties"] {
        if other.booleanValue == false {
          objections.append("\(path): \(name) is not known")
        } else {
          objections += check(member, other, "\(path).\(name)")
        }
      }
    }
    return objections
  }

  private static func type(of value: Value) -> String {
    switch value.kind {
    case .null: "null"
    case .boolean: "boolean"
    case .string: "string"
    case .integer: "integer"
    case .float: "number"
    case .array: "array"
    default: "object"
    }
  }
}
