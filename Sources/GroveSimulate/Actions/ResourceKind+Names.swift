internal import GroveAdmission
public import GroveModel

extension ResourceKind {
  /// The kinds that a user means by a name, as kubectl understands it: kind, singular or plural in any case, short
  /// name (`pcs`, `pclq`, `pcsg`, `pg`, `po`, `hpa`, …), each with or without the API group behind a dot.
  ///
  /// - Returns: the kinds in order; two where two APIs use one name (`podgroups`), none when there is no such kind.
  public static func named(_ name: String) -> [ResourceKind] {
    let wanted = name.lowercased()
    return allCases.filter { kind in
      kind.names.contains { $0 == wanted || (!kind.group.isEmpty && "\($0).\(kind.group)" == wanted) }
    }
  }

  /// Singular, plural and short names.
  private var names: [String] {
    let singular = kind.lowercased()
    return [singular, plural] + shortNames
  }

  /// The short names that kubectl takes for the kind.
  public var shortNames: [String] {
    if let custom = CustomResource.all.first(where: { $0.kind == self }) { return [custom.shortName] }
    return switch self {
    case .pod: ["po"]
    case .service: ["svc"]
    case .serviceAccount: ["sa"]
    case .node: ["no"]
    case .horizontalPodAutoscaler: ["hpa"]
    case .priorityClass: ["pc"]
    case .computeDomain: ["cd"]
    case .kaiPodGroup: ["podgroup", "podgroups"]
    case .kaiTopology: ["topology"]
    default: []
    }
  }

  /// Kind and group as `kubectl get -o name` has them in front of a name: `podclique.grove.io`, `pod`.
  public var outputName: String {
    group.isEmpty ? kind.lowercased() : "\(kind.lowercased()).\(group)"
  }
}
