internal import GroveModel
internal import KubernetesModel

/// The labels of many objects that differ in name and place only.
///
/// A pass over a large PodCliqueSet compares thousands of label maps; this does it without making one.
struct LabelTemplate: Sendable {
  /// What differs from object to object.
  struct Values {
    /// `app.kubernetes.io/name`.
    var name: String
    /// `grove.io/podcliqueset-replica-index`.
    var replica: String
    /// `grove.io/podgang`; not looked at where the template has none.
    var podGang = ""
  }

  private enum Source: Sendable {
    case fixed
    case name
    case replica
    case podGang
  }

  private let labels: StringMap<String>
  private let sources: [Source]

  /// - Parameters:
  ///   - fixed: labels with the same value everywhere.
  ///   - hasName: whether there is an `app.kubernetes.io/name`.
  ///   - hasPodGang: whether there is a `grove.io/podgang`.
  init(_ fixed: StringMap<String>, hasName: Bool = true, hasPodGang: Bool = false) {
    var labels = fixed
    if hasName { labels[LabelKey.name] = "" }
    labels[LabelKey.podCliqueSetReplicaIndex] = ""
    if hasPodGang { labels[LabelKey.podGang] = "" }
    self.labels = labels
    sources = labels.map { entry in
      switch entry.key {
      case LabelKey.name where hasName: .name
      case LabelKey.podCliqueSetReplicaIndex: .replica
      case LabelKey.podGang where hasPodGang: .podGang
      default: .fixed
      }
    }
  }

  /// The labels of one object.
  func labels(_ values: Values) -> StringMap<String> {
    StringMap(
      uniqueSorted: zip(labels, sources).map { entry, source in
        (key: entry.key, value: value(source, values) ?? entry.value)
      })
  }

  /// Whether the labels of an object are exactly ``labels(_:)``.
  func matches(_ live: StringMap<String>, _ values: Values) -> Bool {
    guard live.count == labels.count else { return false }
    for position in labels.indices {
      guard live[position].key == labels[position].key,
        live[position].value == value(sources[position], values) ?? labels[position].value
      else { return false }
    }
    return true
  }

  @inline(__always)
  private func value(_ source: Source, _ values: Values) -> String? {
    switch source {
    case .fixed: nil
    case .name: values.name
    case .replica: values.replica
    case .podGang: values.podGang
    }
  }
}
