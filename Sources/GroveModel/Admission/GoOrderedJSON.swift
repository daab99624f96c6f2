internal import KubernetesModel

/// JSON as Go's `json.Marshal` writes it from Go's types: fields in order of declaration, structs that cannot be
/// left out written, `<`, `>` and `&` escaped. Messages of the webhook quote specs in this form.
enum GoOrderedJSON {
  /// The spec of a PodCliqueSet.
  static func goJSON(of spec: PodCliqueSetSpec) -> String {
    var writer = GoOrderedJSONWriter()
    writer.writeObject("PodCliqueSetSpec", Value(encoding: spec))
    return writer.text
  }

  /// A list of objects of a type of the schema table.
  static func text<Element: TapeCodable>(_ list: [Element], ofType type: String) -> String {
    // Go distinguishes no list from an empty one, but the API server stores neither of the lists quoted here.
    var writer = GoOrderedJSONWriter()
    writer.write(.array(.object(type)), Value(encoding: list))
    return writer.text
  }
}

private struct GoOrderedJSONWriter {
  private static let schema = SchemaTable.kubernetes.merging(SchemaTable(parsing: GeneratedGroveSchema.text))

  /// Where the schema table's order is alphabetical because Go's was not at hand.
  private static let declarationOrder: [String: [String]] = [
    "DeviceClaim": ["requests", "constraints", "config"],
    "DeviceRequest": ["name", "exactly", "firstAvailable"],
    "ExactDeviceRequest": [
      "deviceClassName", "selectors", "allocationMode", "count", "adminAccess", "tolerations", "capacity",
    ],
    "DeviceSubRequest": [
      "name", "deviceClassName", "selectors", "allocationMode", "count", "tolerations", "capacity",
    ],
    "DeviceConstraint": ["requests", "matchAttribute", "distinctAttribute"],
    "DeviceClaimConfiguration": ["requests", "opaque"],
    "DeviceToleration": ["key", "operator", "value", "effect", "tolerationSeconds"],
    "MetricSpec": ["type", "object", "pods", "resource", "containerResource", "external"],
    "ObjectMetricSource": ["describedObject", "target", "metric"],
    "ContainerResourceMetricSource": ["name", "target", "container"],
    "MetricTarget": ["type", "value", "averageValue", "averageUtilization"],
    "CrossVersionObjectReference": ["kind", "name", "apiVersion"],
  ]
  /// Fields that Go always writes although the schema does not require them.
  private static let alwaysWritten: [String: [String]] = [
    "DeviceClaim": ["requests"], "ResourceClaimSpec": ["devices"], "ResourceClaimTemplateSpec": ["metadata"],
  ]

  private(set) var text = ""

  mutating func write(_ shape: FieldShape, _ value: Value) {
    switch shape {
    case .object(let type) where value.kind == .object: writeObject(type, value)
    case .array(let element) where value.kind == .array:
      text += "["
      for (index, item) in value.elements.enumerated() {
        if index > 0 { text += "," }
        write(element, item)
      }
      text += "]"
    case .map(let element) where value.kind == .object:
      text += "{"
      let entries = value.members.sorted { utf8Precedes($0.name, $1.name) }
      for (index, entry) in entries.enumerated() {
        if index > 0 { text += "," }
        text += jsonString(entry.name, escapesHTML: true) + ":"
        write(element, entry.value)
      }
      text += "}"
    default:
      text += JSONWriter.string(value, options: .init(sortsMembers: true, escapesHTML: true))
    }
  }

  mutating func writeObject(_ typeName: String, _ value: Value) {
    guard let type = GoOrderedJSONWriter.schema.type(named: typeName) else {
      text += JSONWriter.string(value, options: .init(sortsMembers: true, escapesHTML: true))
      return
    }
    text += "{"
    var isFirst = true
    for field in GoOrderedJSONWriter.ordered(type) {
      let isForced = GoOrderedJSONWriter.alwaysWritten[typeName]?.contains(field.name) ?? false
      let member = value[field.name]
      guard member != nil || isForced || GoOrderedJSONWriter.isWrittenWhenZero(field) else { continue }
      if !isFirst { text += "," }
      isFirst = false
      text += jsonString(field.name, escapesHTML: true) + ":"
      if let member { write(field.shape, member) } else { writeZero(field.shape) }
    }
    text += "}"
  }

  private mutating func writeZero(_ shape: FieldShape) {
    switch shape {
    case .object(let type): writeObject(type, .object([]))
    case .string, .bytes: text += "\"\""
    case .int32, .int64, .number, .intOrString: text += "0"
    case .boolean: text += "false"
    case .quantity: text += "\"0\""
    default: text += "null"
    }
  }

  private static func ordered(_ type: SchemaType) -> [SchemaField] {
    guard let order = declarationOrder[type.name] else { return type.fields }
    return type.fields.sorted {
      (order.firstIndex(of: $0.name) ?? order.count) < (order.firstIndex(of: $1.name) ?? order.count)
    }
  }

  /// Structs that are not behind a pointer ignore `omitempty`.
  private static func isWrittenWhenZero(_ field: SchemaField) -> Bool {
    if field.isAlwaysWritten { return true }
    guard !field.isPointer else { return false }
    switch field.shape {
    case .object, .quantity: return true
    default: return false
    }
  }
}
