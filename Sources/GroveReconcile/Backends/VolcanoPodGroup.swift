internal import GroveModel
internal import KubernetesModel

extension PodCliqueSet {
  /// The Volcano queue that the set names, else the first that a clique names; admission made sure that there is
  /// only one (A-353, B-R27). Nil when nobody names one.
  var volcanoQueue: String? {
    metadata.annotations.volcanoQueue
      ?? spec.template.cliques.lazy.compactMap(\.annotations.volcanoQueue).first
  }
}

extension StringMap<String> {
  /// The Volcano queue that annotations name.
  fileprivate var volcanoQueue: String? {
    guard let value = self[AnnotationKey.volcanoQueue]?.trimmed, !value.isEmpty else { return nil }
    return value
  }
}

extension Pass {
  /// The Volcano PodGroup of a PodGang.
  mutating func syncVolcanoPodGroup(of gang: PodGang) throws(ReconcileError) {
    let name = ObjectName(gang.metadata)
    let live = state.volcanoPodGroups[name]
    if let live, live.metadata.isTerminating { return }
    do {
      _ = try apply(
        named: name, live: live, owner: OwnerReference(controller: gang),
        family: gang.metadata.labels[LabelKey.partOf], wrap: Resource.volcanoPodGroup, rule: "R-530",
        reason: live == nil
          ? "Volcano PodGroup \(name.name) is missing"
          : "Volcano PodGroup \(name.name) differs from its PodGang"
      ) { group, _ in
        group.metadata.labels.merge(gang.metadata.labels)
        group.spec.queue = gang.metadata.annotations.volcanoQueue ?? "default"
        group.spec.priorityClassName = gang.spec.priorityClassName
        // Volcano itself scales a group's numbers down to nothing; they are only written to say something.
        guard
          gang.spec.podgroups.contains(where: { $0.minReplicas > 0 })
            || group.spec.minMember == 0 && group.spec.subGroupPolicy.isEmpty
        else { return }
        group.spec.minMember = max(gang.minMembers, 1)
        group.spec.subGroupPolicy = gang.spec.podgroups.map(Self.subGroupPolicy)
      }
    } catch {
      throw ReconcileError(
        code: "ERR_SYNC_PODGANG", operation: "Sync",
        message: "failed to sync Volcano PodGroup of PodGang \(name)", cause: error.description,
        component: "PodGang")
    }
  }

  private static func subGroupPolicy(of group: PodGroup) -> VolcanoSubGroupPolicy {
    VolcanoSubGroupPolicy(
      name: group.name, labelSelector: LabelSelector(matchLabels: [LabelKey.podClique: group.name]),
      matchLabelKeys: [LabelKey.podClique], subGroupSize: max(group.minReplicas, 1), minSubGroups: 1)
  }
}

extension String {
  /// The text without white space around it.
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
