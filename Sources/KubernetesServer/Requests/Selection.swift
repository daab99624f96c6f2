internal import KubernetesModel

/// Which objects of a resource a request is about.
struct Selection: Sendable {
  /// What their labels have to be; nil for anything.
  var labels: LabelQuery?
  /// What their fields have to be; nil for anything.
  var fields: FieldQuery?
  /// The fields by which objects of the kind can be selected.
  var selectable: SelectableFields?

  /// Whether everything is selected.
  var isEverything: Bool { labels == nil && fields == nil }

  /// Whether an object is selected.
  func matches<Object: StoredObject>(_ object: Object, _ resource: APIResource) -> Bool {
    if let labels {
      let own = object.metadata.labels
      guard labels.matches({ own[$0] }) else { return false }
    }
    guard let fields, let selectable else { return true }
    return fields.matches(object.value, selectable)
  }
}
