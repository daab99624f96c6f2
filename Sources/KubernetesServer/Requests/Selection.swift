internal import KubernetesModel

/// Which objects of a resource a request is about.
struct Selection: Sendable {
  /// What their labels have to be; nil for anything.
  var labels: LabelSelector?
  /// What their fields have to be.
  var fields: [FieldRequirement] = []

  /// Whether everything is selected.
  var isEverything: Bool { labels == nil && fields.isEmpty }

  /// Whether an object is selected.
  func matches<Object: StoredObject>(_ object: Object, _ resource: APIResource) -> Bool {
    if let labels, !labels.matches(object.metadata.labels) { return false }
    if fields.isEmpty { return true }
    return fields.allSatisfy { $0.matches(object, resource) }
  }
}

/// A condition on one field.
struct FieldRequirement: Sendable, Equatable {
  /// The name of the field, such as `spec.nodeName`.
  var field: String
  /// The value.
  var value: String
  /// Whether the field must have the value, or must not.
  var isEqual: Bool

  func matches<Object: StoredObject>(_ object: Object, _ resource: APIResource) -> Bool {
    let found: String
    switch field {
    case "metadata.name": found = object.metadata.name
    case "metadata.namespace": found = object.metadata.namespace
    default:
      var value: Value? = object.value
      for name in field.split(separator: ".") { value = value?[String(name)] }
      found = value?.scalarText ?? ""
    }
    return (found == value) == isEqual
  }
}
