internal import KubernetesModel

/// A label selector as a table key.
struct LabelQuery: Sendable, Hashable {
  struct Requirement: Sendable, Hashable {
    var key: String
    var comparison: String
    var values: [String]
  }

  var equals: StringMap<String>
  var requirements: [Requirement]

  init(_ selector: LabelSelector) {
    equals = selector.matchLabels
    requirements = selector.matchExpressions.map {
      Requirement(key: $0.key, comparison: $0.operator, values: $0.values)
    }
  }

  /// Adds a requirement for each of some labels that a pod has: with the same value, or with another one.
  ///
  /// The API server does this to `matchLabelKeys` and `mismatchLabelKeys`; a manifest that has not been there still
  /// names them (S-254).
  mutating func add(_ keys: [String], _ comparison: String, of labels: StringMap<String>) {
    for key in keys {
      guard let value = labels[key] else { continue }
      let requirement = Requirement(key: key, comparison: comparison, values: [value])
      if !requirements.contains(requirement) { requirements.append(requirement) }
    }
  }

  var isEmpty: Bool { equals.isEmpty && requirements.isEmpty }

  /// Whether labels fulfil the selector; the empty selector matches everything.
  func matches(_ labels: StringMap<String>) -> Bool {
    for (key, value) in equals where labels[key] != value { return false }
    for requirement in requirements {
      let value = labels[requirement.key]
      let holds =
        switch requirement.comparison {
        case "In": value.map { requirement.values.contains($0) } ?? false
        case "NotIn": !requirement.values.isEmpty && (value.map { !requirement.values.contains($0) } ?? true)
        case "Exists": value != nil
        case "DoesNotExist": value == nil
        default: false
        }
      if !holds { return false }
    }
    return true
  }

  /// A label that everything selected has, with the values it may have.
  var anchor: (key: String, values: [String])? {
    if let first = equals.first { return (first.key, [first.value]) }
    for requirement in requirements where requirement.comparison == "In" {
      return (requirement.key, requirement.values)
    }
    return nil
  }
}
