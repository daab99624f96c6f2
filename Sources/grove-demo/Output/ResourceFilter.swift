internal import GroveAdmission
internal import GroveModel
internal import GroveReport
internal import GroveSimulate
internal import KubernetesModel

/// `--kind`, `--clique` and `--replica`.
struct ResourceFilter {
  private let kinds: Set<ResourceKind>
  private let cliques: Set<String>
  private let replica: String?

  init(kinds: [String], cliques: [String], replica: Int?) {
    self.kinds = Set(kinds.flatMap { ResourceFilter.kind(named: $0) ?? [] })
    self.cliques = Set(cliques)
    self.replica = replica.map { String($0) }
  }

  /// The kinds that a user may mean by a name: `Pod`, `pods`, `pcs`, …; nil when there is none.
  static func kind(named name: String) -> [ResourceKind]? {
    let wanted = name.lowercased()
    if let short = CustomResource.all.first(where: { $0.shortName == wanted || $0.plural == wanted }) {
      return [short.kind]
    }
    let aliases: [String: ResourceKind] = [
      "hpa": .horizontalPodAutoscaler, "svc": .service, "sa": .serviceAccount, "po": .pod,
    ]
    if let alias = aliases[wanted] { return [alias] }
    let found = ResourceKind.allCases.filter {
      let kind = $0.kind.lowercased()
      return kind == wanted || kind + "s" == wanted
    }
    return found.isEmpty ? nil : found
  }

  /// The names that ``kind(named:)`` understands, for messages.
  static var kindNames: String {
    var names: [String] = []
    for kind in ResourceKind.allCases where !names.contains(kind.kind) { names.append(kind.kind) }
    return names.joined(separator: ", ")
  }

  /// Whether an object is wanted.
  func includes(_ resource: Resource) -> Bool {
    if !kinds.isEmpty, !kinds.contains(resource.kind) { return false }
    let labels = resource.metadata.labels
    if let replica, labels[LabelKey.podCliqueSetReplicaIndex] != replica { return false }
    if !cliques.isEmpty {
      guard let clique = Self.clique(of: resource), cliques.contains(clique) else { return false }
    }
    return true
  }

  /// The clique of the template that an object belongs to, for PodCliques and pods.
  private static func clique(of resource: Resource) -> String? {
    switch resource {
    case .podClique(let podClique): podClique.templateName
    case .pod(let pod):
      // A pod has all labels of its PodClique.
      PodClique(
        metadata: ObjectMeta(name: pod.metadata.labels[LabelKey.podClique] ?? "", labels: pod.metadata.labels)
      ).templateName
    default: nil
    }
  }
}
