internal import GroveModel
package import KubernetesModel

/// What the webhook accepts without a word although it has no effect, or not the expected one (B-A06, B-A13,
/// B-A14; on updates B-R05, B-R45, B-A17).
extension PodCliqueSetCheck {
  mutating func noteWorkload() {
    for (index, clique) in template.cliques.enumerated() {
      let path = cliquesPath[index]
      if clique.spec.roleName.isBlank {
        note(
          "W-B-A14", path.child("spec.roleName"),
          "the role name is empty; a second clique without one would be refused as a duplicate")
      }
      if template.cliqueStartupType != .explicit, !clique.spec.startsAfter.isEmpty {
        note(
          "W-B-A13", path.child("spec.startsAfter"),
          "startsAfter has an effect only with cliqueStartupType CliqueStartupTypeExplicit")
      }
      noteReservedKeys(clique.labels, path.child("labels"), allowed: nil)
      noteReservedKeys(clique.annotations, path.child("annotations"), allowed: AnnotationKey.mnnvlGroup)
      noteMNNVL(clique, path.child("annotations").child(AnnotationKey.mnnvlGroup))
    }
  }

  private mutating func noteReservedKeys(
    _ entries: StringMap<String>, _ path: FieldPath, allowed: String?
  ) {
    let owned = [LabelKey.managedBy, LabelKey.partOf, LabelKey.name, LabelKey.component]
    for key in entries.keys
    where key != allowed && (key.hasPrefix(LabelKey.grovePrefix) || owned.contains(key)) {
      note(
        "W-B-A13", path, "the key '\(key)' belongs to the operator, which may overwrite its value",
        at: path[key])
    }
  }

  /// A group on a clique that asks for no GPU changes nothing (A-204, B-A06).
  private mutating func noteMNNVL(_ clique: PodCliqueTemplateSpec, _ path: FieldPath) {
    guard let group = clique.annotations[AnnotationKey.mnnvlGroup], group != GroveName.mnnvlNone,
      !hasError(at: path), !clique.spec.podSpec.requestsNVIDIAGPU
    else { return }
    note(
      "W-B-A06", path,
      "no container of the clique asks for \(GroveName.nvidiaGPU), so it joins no MNNVL group")
  }

  mutating func noteUpdate(from old: PodCliqueSet) {
    let before = old.spec.template
    let names = template.cliques.map(\.name)
    let isReordered =
      names != before.cliques.map(\.name)
      && names.sorted(by: utf8Precedes) == before.cliques.map(\.name).sorted(by: utf8Precedes)
    if isReordered, !hasError(at: cliquesPath) {
      note(
        "W-B-R05", cliquesPath,
        "another order of cliques has another generation hash: every replica is updated although no pod changes",
        at: names.indices.first { names[$0] != before.cliques[$0].name }.map { cliquesPath[$0] })
    }
    noteReplicas(from: old)
    noteLostReplicas(from: old)
    let queue = KAIQueue.of(podCliqueSet.metadata.labels, podCliqueSet.metadata.annotations)
    if schedulerNames == [SchedulerBackend.kai.rawValue],
      queue != KAIQueue.of(old.metadata.labels, old.metadata.annotations)
    {
      note(
        "W-B-A17", "metadata.labels",
        "existing PodGroups keep their queue; the new one holds for PodGangs made from now on")
    }
  }

  /// The template's replicas count when an object is made (R-240, R-210; grove#150).
  private mutating func noteReplicas(from old: PodCliqueSet) {
    let before = old.spec.template
    for (index, clique) in template.cliques.enumerated() {
      guard let was = before.cliques.first(where: { $0.name == clique.name }),
        was.spec.replicas != clique.spec.replicas
      else { continue }
      note(
        "W-A-391", cliquesPath[index].child("spec.replicas"),
        "existing PodCliques keep the replicas they have: the template's count when they are made",
        hint: "scale the PodCliques themselves: kubectl scale pclq")
    }
    for (index, group) in template.podCliqueScalingGroups.enumerated() {
      guard let was = before.podCliqueScalingGroups.first(where: { $0.name == group.name }),
        was.replicas != group.replicas
      else { continue }
      note(
        "W-A-391", groupsPath[index].child("replicas"),
        "existing PodCliqueScalingGroups keep the replicas they have: the template's count when they are made",
        hint: "scale the PodCliqueScalingGroups themselves: kubectl scale pcsg")
    }
  }

  /// B-R45.
  private mutating func noteLostReplicas(from old: PodCliqueSet) {
    guard podCliqueSet.spec.updateStrategy?.type != .onDelete, !hasErrors,
      Hashing.generation(podCliqueSet) != Hashing.generation(old)
    else { return }
    for (index, clique) in template.cliques.enumerated() where clique.spec.autoScalingConfig != nil {
      note(
        "W-B-R45", cliquesPath[index].child("spec.autoScalingConfig"),
        "the update recreates the PodClique with the template's \(clique.spec.replicas) replicas, whatever the "
          + "autoscaler had made of them")
    }
  }
}

extension Admission {
  /// What to say of a set whose manifest leaves `spec.replicas` out: only the text shows it.
  package var replicasLeftOut: Diagnostic {
    Diagnostic(
      isStrict ? .error : .warning, rule: "W-A-430", path: "spec.replicas",
      detail: "replicas is left out, which means 0: nothing is made of this set", hint: "say replicas: 1")
  }
}

extension PodSpec {
  /// Whether a container or init container asks for NVIDIA GPUs.
  var requestsNVIDIAGPU: Bool {
    (containers + initContainers).contains { container in
      [container.resources.limits, container.resources.requests].contains { quantities in
        quantities[GroveName.nvidiaGPU].map { !$0.isZero } ?? false
      }
    }
  }
}
