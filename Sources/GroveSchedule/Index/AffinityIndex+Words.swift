internal import KubernetesModel

extension AffinityIndex {
  /// A term in words: `pods with app=cache in namespace team, by kubernetes.io/hostname`.
  func text(of term: Term) -> String {
    let selector = selectors[term.selector]
    var spaces: [String] = []
    if let namespaces = selector.namespaces {
      if !namespaces.isEmpty {
        spaces.append(
          "\(namespaces.count == 1 ? "namespace" : "namespaces") \(namespaces.joined(separator: ", "))")
      }
      if let query = selector.namespaceQuery { spaces.append("namespaces with \(query.text)") }
    } else {
      spaces.append("all namespaces")
    }
    let who = selector.labels.map { $0.isEmpty ? "all pods" : "pods with \($0.text)" } ?? "no pods"
    return "\(who) in \(spaces.joined(separator: " and ")), by \(keys[term.key])"
  }

  /// Whether a pod that an anti-affinity term selects is in a node's domain.
  func isMatched(_ term: Int, near node: Int) -> Bool { count(matching, term, node) > 0 }

  /// Whether a pod that has an anti-affinity term is in a node's domain.
  func isOwned(_ term: Int, near node: Int) -> Bool { count(owning, term, node) > 0 }

  private func count(_ counts: [[Int32]], _ term: Int, _ node: Int) -> Int {
    let domain = domain(antiTerms[term].key, of: node)
    return domain < 0 ? 0 : Int(counts[term][domain])
  }
}

extension LabelQuery {
  /// The selector as kubectl writes it: `app=web,tier in (a,b),!old`.
  var text: String {
    var parts = equals.map { "\($0.key)=\($0.value)" }
    for requirement in requirements {
      let values = requirement.values.joined(separator: ",")
      switch requirement.comparison {
      case "In" where requirement.values.count == 1: parts.append("\(requirement.key)=\(values)")
      case "In": parts.append("\(requirement.key) in (\(values))")
      case "NotIn" where requirement.values.count == 1: parts.append("\(requirement.key)!=\(values)")
      case "NotIn": parts.append("\(requirement.key) notin (\(values))")
      case "Exists": parts.append(requirement.key)
      default: parts.append("!\(requirement.key)")
      }
    }
    return parts.joined(separator: ",")
  }
}
