internal import GroveModel
internal import KubernetesModel

extension Verdict {
  /// The verdict, in words.
  public var text: String {
    switch self {
    case .fits: "fits"
    case .waiting(let gate): gate.text
    case .cannotFit(let proof): "cannot fit: \(proof.text)"
    case .notFound(let steps): "no placement found in \(steps) steps; there may be one"
    }
  }
}

extension Proof {
  private func pods(_ count: Int) -> String { "\(count) \(count == 1 ? "pod" : "pods")" }

  /// The condition that fails, in words.
  public var text: String {
    let place = best.isEmpty ? "the cluster" : best.filter { !$0.isEmpty }.joined(separator: "/")
    let among = level.map { " of \($0)" } ?? ""
    return switch reason {
    case .room:
      best.isEmpty && level != nil
        ? "\(scope) needs \(pods(needed)) in one domain\(among), and no node is in one"
        : "\(scope) needs room for \(pods(needed)), and the best domain\(among), \(place), has room for \(room)"
    case .resource(let resource):
      "\(scope) needs \(needed) of \(resource), and the best domain\(among), \(place), has \(room) free"
    case .nodes:
      "\(scope) has \(pods(needed)) that \(needed == 1 ? "needs" : "need") large parts of nodes, and the best domain\(among), \(place), has "
        + "room for \(room) such"
    case .slots:
      "\(needed) \(needed == 1 ? "scope" : "scopes") like \(scope) each need a domain, and \(place) has room for \(room)"
    case .spread:
      "\(scope) needs \(pods(needed)), and a topology spread constraint leaves room for \(room) in the best domain\(among), "
        + place
    case .split: "\(scope) must be in one domain\(among), and its pods in place are not"
    case .exhausted(let steps): "\(scope) was tried in every way, in \(steps) steps"
    case .unknownTopology(let name): "\(scope) names the topology \(name), which does not exist"
    case .unknownLevel(let key): "\(scope) names the node label \(key), which is no level of its topology"
    }
  }
}

extension Explanation {
  /// The explanation as lines of text, the reason first.
  public var text: String {
    var lines = ["\(name): \(verdict.text)"]
    for link in chain {
      lines.append("  gang \(link.name): \(link.verdict?.text ?? "does not exist")")
    }
    for scope in scopes { scope.append(to: &lines) }
    if let nodes { lines.append("  next pod \(nodes.pod): \(nodes.message)") }
    for (index, remedy) in remedies.enumerated() {
      lines.append("  \(index == 0 ? "would help" : "or"): \(remedy.text)")
    }
    return lines.joined(separator: "\n")
  }
}

extension ScopeShortage {
  fileprivate func append(to lines: inout [String]) {
    let indent = String(repeating: "  ", count: depth + 1)
    var constraint: [String] = []
    if let required = packing.required { constraint.append("required in one \(required)") }
    if let preferred = packing.preferred { constraint.append("preferred in one \(preferred)") }
    let place =
      domain.isEmpty ? "in the cluster" : "in \(domain.filter { !$0.isEmpty }.joined(separator: "/"))"
    let what = constraint.isEmpty ? "" : " (\(constraint.joined(separator: ", ")))"
    lines.append(
      "\(indent)\(scope)\(what): \(placeable) of \(needed) \(needed == 1 ? "pod has" : "pods have") room \(place)"
    )
    for shortage in shortages {
      lines.append(
        "\(indent)  \(shortage.resource): \(shortage.requested.text) more asked for, \(shortage.perPod.text) a pod; "
          + "\(shortage.free.text) free, at most \(shortage.largestFree.text) on one node")
    }
  }
}
