internal import KubernetesModel

extension NodeSelector {
  /// Whether any term matches; a selector without terms matches nothing (S-020).
  func matches(labels: StringMap<String>, name: String) -> Bool {
    for term in nodeSelectorTerms where term.matches(labels: labels, name: name) { return true }
    return false
  }

  /// The names the pod can only go to because of `metadata.name` in every term, or nil without such a limit.
  ///
  /// kube-scheduler narrows its search to these nodes before it runs any filter. Empty when the fields of each term
  /// contradict each other.
  var namedNodes: [String]? {
    if nodeSelectorTerms.isEmpty { return nil }
    var names: [String] = []
    for term in nodeSelectorTerms {
      var ofTerm: [String]?
      for field in term.matchFields where field.key == "metadata.name" && field.operator == "In" {
        ofTerm = ofTerm.map { $0.filter { field.values.contains($0) } } ?? field.values
      }
      guard let ofTerm else { return nil }
      names += ofTerm
    }
    return names
  }

  /// The selector without the terms that cannot be parsed, which match no node.
  var parsed: NodeSelector {
    var selector = self
    selector.nodeSelectorTerms.removeAll { !$0.isParsable }
    return selector
  }
}

extension NodeSelectorTerm {
  /// Whether keys and values are such as labels have, numbers where numbers are compared, and as many as the operator
  /// takes. New API servers refuse pods with other terms; kube-scheduler takes them to match nothing.
  var isParsable: Bool {
    matchExpressions.allSatisfy(\.isParsable)
  }

  /// Whether all requirements hold; a term without any matches nothing, and so does one that cannot be parsed.
  func matches(labels: StringMap<String>, name: String) -> Bool {
    if matchExpressions.isEmpty && matchFields.isEmpty { return false }
    for expression in matchExpressions where !expression.matches(labels[expression.key]) { return false }
    for field in matchFields where !field.matchesField(field.key == "metadata.name" ? name : "") {
      return false
    }
    return true
  }
}

extension NodeSelectorRequirement {
  fileprivate var isParsable: Bool {
    guard NameSyntax.qualifiedNameObjections(key).isEmpty,
      values.allSatisfy({ NameSyntax.labelValueObjections($0).isEmpty })
    else { return false }
    switch `operator` {
    case "In", "NotIn": return !values.isEmpty
    case "Exists", "DoesNotExist": return values.isEmpty
    case "Gt", "Lt": return values.count == 1 && Int64(values[0]) != nil
    default: return false
    }
  }

  /// Whether a label value, nil when the node lacks the label, fulfils the requirement.
  fileprivate func matches(_ value: String?) -> Bool {
    switch `operator` {
    case "In": return value.map { values.contains($0) } ?? false
    case "NotIn": return !values.isEmpty && (value.map { !values.contains($0) } ?? true)
    case "Exists": return values.isEmpty && value != nil
    case "DoesNotExist": return values.isEmpty && value == nil
    case "Gt", "Lt":
      guard values.count == 1, let bound = Int64(values[0]), let value, let number = Int64(value) else {
        return false
      }
      return `operator` == "Gt" ? number > bound : number < bound
    default: return false
    }
  }

  /// Fields know `In` and `NotIn` with exactly one value.
  fileprivate func matchesField(_ value: String) -> Bool {
    guard values.count == 1 else { return false }
    switch `operator` {
    case "In": return value == values[0]
    case "NotIn": return value != values[0]
    default: return false
    }
  }
}
