public import KubernetesModel

extension PodValidation {
  /// What is wrong with a change of a pod's metadata or spec.
  ///
  /// Both pods are looked at with defaults filled in. Where the API server adds the difference of the two specs to its
  /// message, the message ends before it.
  ///
  /// - Parameters:
  ///   - pod: the pod as it is to be.
  ///   - old: the stored pod.
  ///   - options: what the API server is configured to allow.
  /// - Complexity: O(fields), and much less when the spec is unchanged or only gates went.
  public static func problems(
    updating pod: Pod, from old: Pod, options: PodValidationOptions = PodValidationOptions()
  ) -> [Diagnostic] {
    var check = PodCheck(pod.metadata, options)
    check.findings.add(ObjectValidation.problems(pod.metadata, replacing: old.metadata))
    check.checkAnnotationUpdate(pod, old)
    if pod.spec == old.spec { return check.findings.all }
    var withoutGates = pod.spec
    withoutGates.schedulingGates = old.spec.schedulingGates
    if withoutGates == old.spec {
      check.checkGates(pod.spec, "spec")
      check.checkGateUpdate(pod.spec, old.spec)
      return check.findings.all
    }
    let stored = PodDefaults.applied(to: old).spec
    var new = pod.spec
    // What was filled in by the old image stays when the image changes.
    new.containers.takePullPolicies(of: stored.containers)
    new.initContainers.takePullPolicies(of: stored.initContainers)
    PodDefaults.apply(&new)
    check.checkPod(new, "spec")
    check.checkUpdate(new, stored)
    return check.findings.all
  }
}

extension [Container] {
  fileprivate mutating func takePullPolicies(of others: [Container]) {
    for index in indices where index < others.count && self[index].imagePullPolicy.isEmpty {
      self[index].imagePullPolicy = others[index].imagePullPolicy
    }
  }
}

extension PodCheck {
  /// Annotations that are fixed once the pod is there.
  mutating func checkAnnotationUpdate(_ pod: Pod, _ old: Pod) {
    guard pod.metadata.annotations != old.metadata.annotations else { return }
    let path: FieldPath = "metadata.annotations"
    for (key, value) in old.metadata.annotations where pod.metadata.annotations[key] != value {
      if key.hasPrefix(Self.appArmor) {
        findings.forbidden(.annotation, path[key], "may not remove or update AppArmor annotations")
      }
      if key == Self.mirror {
        findings.forbidden(.annotation, path[key], "may not remove or update mirror pod annotation")
      }
    }
    for key in pod.metadata.annotations.keys where old.metadata.annotations[key] == nil {
      if key.hasPrefix(Self.appArmor) {
        findings.forbidden(.annotation, path[key], "may not add AppArmor annotations")
      }
      if key == Self.mirror {
        findings.forbidden(.annotation, path[key], "may not add mirror pod annotation")
      }
    }
    checkAnnotations(pod, path)
  }

  mutating func checkGateUpdate(_ spec: PodSpec, _ old: PodSpec) {
    for (index, gate) in spec.schedulingGates.enumerated()
    where !old.schedulingGates.contains(where: { $0.name == gate.name }) {
      // Of gates of one name the last is told about.
      if spec.schedulingGates[(index + 1)...].contains(where: { $0.name == gate.name }) { continue }
      findings.forbidden(
        .update, FieldPath("spec.schedulingGates")[index].child("name"),
        "only deletion is allowed, but found new scheduling gate '\(gate.name)'")
    }
  }

  /// Which parts of a spec may change, and how.
  mutating func checkUpdate(_ spec: PodSpec, _ old: PodSpec) {
    for (field, new, stored) in [
      ("containers", spec.containers, old.containers),
      ("initContainers", spec.initContainers, old.initContainers),
    ] where new.count != stored.count {
      findings.forbidden(
        .update, FieldPath("spec").child(field), "pod updates may not add or remove containers")
      return
    }
    if !checkDeadlineUpdate(spec, old) { return }
    checkTolerationUpdate(spec, old)
    checkGateUpdate(spec, old)

    var rest = spec
    for index in rest.containers.indices { rest.containers[index].image = old.containers[index].image }
    for index in rest.initContainers.indices {
      rest.initContainers[index].image = old.initContainers[index].image
    }
    rest.activeDeadlineSeconds = old.activeDeadlineSeconds
    rest.schedulingGates = old.schedulingGates
    rest.tolerations = old.tolerations
    if let period = old.terminationGracePeriodSeconds, period < 0, rest.terminationGracePeriodSeconds == 1 {
      rest.terminationGracePeriodSeconds = period
    }
    if !old.schedulingGates.isEmpty { checkGatedUpdate(&rest, old) }
    if rest != old {
      findings.forbidden(
        .update, "spec",
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
          + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
          + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)")
    }
  }

  /// - Returns: whether the API server looks on.
  private mutating func checkDeadlineUpdate(_ spec: PodSpec, _ old: PodSpec) -> Bool {
    let path: FieldPath = "spec.activeDeadlineSeconds"
    if let deadline = spec.activeDeadlineSeconds {
      if !(0...Int64(Int32.max)).contains(deadline) {
        findings.invalid(
          .update, path, .integer(deadline), Findings.outside(0...Int64(Int32.max)))
        return false
      }
      if let before = old.activeDeadlineSeconds, before < deadline {
        findings.invalid(
          .update, path, .integer(deadline), "must be less than or equal to previous value")
        return false
      }
    } else if old.activeDeadlineSeconds != nil {
      findings.invalid(
        .update, path, .json("null"), "must not update from a positive integer to nil value")
    }
    return true
  }

  /// Tolerations may come, and last longer or shorter.
  private mutating func checkTolerationUpdate(_ spec: PodSpec, _ old: PodSpec) {
    let isKept = old.tolerations.allSatisfy { toleration in
      spec.tolerations.contains {
        var other = $0
        other.tolerationSeconds = toleration.tolerationSeconds
        return other == toleration
      }
    }
    if isKept {
      checkTolerations(spec.tolerations, "spec.tolerations")
    } else {
      findings.forbidden(
        .update, "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")
    }
  }

  /// While a pod is gated, nobody has looked for a node for it, so what it asks of nodes may get stricter.
  private mutating func checkGatedUpdate(_ rest: inout PodSpec, _ old: PodSpec) {
    if rest.nodeSelector != old.nodeSelector {
      if !old.nodeSelector.allSatisfy({ rest.nodeSelector[$0.key] == $0.value }) {
        findings.invalid(
          .update, "spec.nodeSelector", .json(JSONWriter.string(.stringMap(rest.nodeSelector))),
          "only additions to spec.nodeSelector are allowed (no mutations or deletions)")
      }
      rest.nodeSelector = old.nodeSelector
    }
    let (new, stored) = (rest.affinity?.nodeAffinity, old.affinity?.nodeAffinity)
    guard new != stored else { return }
    checkNodeAffinityUpdate(new, stored)
    var affinity = rest.affinity ?? Affinity()
    affinity.nodeAffinity = stored
    let isEmpty = affinity == Affinity()
    rest.affinity = isEmpty && old.affinity == nil ? nil : affinity
  }

  private mutating func checkNodeAffinityUpdate(_ new: NodeAffinity?, _ old: NodeAffinity?) {
    let path: FieldPath =
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms"
    guard let before = old?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms,
      !before.isEmpty
    else { return }
    let after = new?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
    guard before.count == after.count else {
      let texts = after.map { GoText.term($0) }
      return findings.invalid(
        .update, path, .json(texts.isEmpty ? "null" : "[" + texts.joined(separator: ",") + "]"),
        "no additions/deletions to non-empty NodeSelectorTerms list are allowed")
    }
    for index in before.indices where !Self.onlyAdds(after[index], to: before[index]) {
      findings.invalid(
        .update, path[index], .json(GoText.term(after[index])),
        "only additions are allowed (no mutations or deletions)")
    }
  }

  private static func onlyAdds(_ new: NodeSelectorTerm, to old: NodeSelectorTerm) -> Bool {
    if old.matchExpressions.isEmpty, old.matchFields.isEmpty {
      return new.matchExpressions.isEmpty && new.matchFields.isEmpty
    }
    return new.matchExpressions.starts(with: old.matchExpressions)
      && new.matchFields.starts(with: old.matchFields)
  }
}

extension Value {
  fileprivate static func stringMap(_ map: StringMap<String>) -> Value {
    .object(map.map { ($0.key, .string($0.value)) })
  }
}
