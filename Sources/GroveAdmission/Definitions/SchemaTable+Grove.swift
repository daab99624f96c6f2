public import GroveModel
internal import KubernetesModel
public import KubernetesSchema

extension SchemaTable {
  /// All types this library knows: those of Kubernetes, of Grove, and of the backends that Grove writes to.
  public static let grove = SchemaTable(kubernetesAnd: GeneratedGroveSchema.text)
}

extension StructuralSchema {
  /// What the API server does with objects of one of Grove's kinds.
  ///
  /// Nil for a kind that is not a custom resource of Grove.
  public static func grove(_ kind: ResourceKind) -> StructuralSchema? {
    guard let resource = CustomResource.all.first(where: { $0.kind == kind }) else { return nil }
    return StructuralSchema(
      .grove, type: kind.rawValue, isNamespaced: !kind.isClusterScoped,
      hasScale: resource.scaleSelectorPath != nil,
      rule: { SchemaRule.id(for: $0, of: kind) })
  }
}

/// Which rule of the specification a finding of the schema breaks.
enum SchemaRule {
  static func id(for subject: StructuralSchema.Subject, of kind: ResourceKind) -> RuleID {
    switch subject.check {
    case .metadata: return metadata(subject.path)
    case .scale: return scale(kind)
    case .rule: return subject.type == ResourceKind.podCliqueSet.rawValue ? "A-447" : "A-446"
    case .value, .listKey, .unknownField: break
    }
    if let index = subject.path.range(of: ".podSpec"), index != subject.path.endIndex { return "A-445" }
    switch kind {
    case .podCliqueSet: return podCliqueSet(subject.path)
    case .podClique: return "A-449"
    case .podCliqueScalingGroup: return "A-450"
    case .clusterTopologyBinding: return "A-451"
    default: return "A-452"
    }
  }

  private static func metadata(_ path: String) -> RuleID {
    if path == "metadata.name" || path == "metadata.generateName" { return "A-050" }
    return path == "metadata.namespace" ? "A-051" : "A-052"
  }

  private static func scale(_ kind: ResourceKind) -> RuleID {
    switch kind {
    case .podCliqueSet: "A-430"
    case .podClique: "A-431"
    default: "A-432"
    }
  }

  private static func podCliqueSet(_ path: String) -> RuleID {
    if path.hasPrefix("status") { return "A-448" }
    if path.range(of: "opologyConstraint") != nil { return "A-446" }
    if path.range(of: "resourceSharing") != nil || path.range(of: "resourceClaimTemplates") != nil {
      return "A-444"
    }
    if path.hasPrefix("spec.template.podCliqueScalingGroups") { return "A-443" }
    if path.hasPrefix("spec.template.cliques[") { return "A-442" }
    return path.hasPrefix("spec.template") ? "A-441" : "A-440"
  }
}

extension String {
  /// Where a part occurs: the index after its first occurrence.
  fileprivate func range(of part: String) -> Index? {
    let (text, wanted) = (utf8, Array(part.utf8))
    var start = text.startIndex
    while start != text.endIndex {
      if text[start...].starts(with: wanted) { return text.index(start, offsetBy: wanted.count) }
      start = text.index(after: start)
    }
    return nil
  }
}
