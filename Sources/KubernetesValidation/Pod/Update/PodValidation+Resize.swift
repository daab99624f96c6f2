public import KubernetesModel

/// How a pod is treated when a node runs out of memory: by what its containers ask for.
public enum PodQualityOfService: String, Sendable {
  /// Limits of cpu and memory everywhere, and requests equal to them.
  case guaranteed = "Guaranteed"
  /// Some requests or limits.
  case burstable = "Burstable"
  /// None.
  case bestEffort = "BestEffort"

  /// The class of a pod with a spec whose defaults were filled in.
  public init(_ spec: PodSpec) {
    var requests = StringMap<Quantity>()
    var limits = StringMap<Quantity>()
    var isGuaranteed = true
    let all = spec.resources.map { [$0] } ?? (spec.containers + spec.initContainers).map(\.resources)
    for resources in all {
      for name in ["cpu", "memory"] {
        if let request = resources.requests[name], request.signum > 0 { requests.add([name: request]) }
        if let limit = resources.limits[name], limit.signum > 0 {
          limits.add([name: limit])
        } else {
          isGuaranteed = false
        }
      }
    }
    if requests.isEmpty, limits.isEmpty {
      self = .bestEffort
    } else {
      let isEqual = requests.allSatisfy { limits[$0.key] == $0.value } && requests.count == limits.count
      self = isGuaranteed && isEqual ? .guaranteed : .burstable
    }
  }
}

extension PodValidation {
  /// What is wrong with a resize of a pod in place: a change of cpu and memory of its containers, and nothing else.
  ///
  /// - Parameters:
  ///   - pod: the pod as it is to be.
  ///   - old: the stored pod.
  ///   - options: what the API server is configured to allow.
  public static func problems(
    resizing pod: Pod, from old: Pod, options: PodValidationOptions = PodValidationOptions()
  ) -> [Diagnostic] {
    let (new, stored) = (PodDefaults.applied(to: pod), PodDefaults.applied(to: old))
    let rule = PodRule.update.id
    if old.metadata.annotations[PodCheck.mirror] != nil {
      return [.forbidden(rule, "", "static pods cannot be resized")]
    }
    if stored.spec.os?.name == "windows" {
      return [.forbidden(rule, "", "windows pods cannot be resized")]
    }
    var check = PodCheck(pod.metadata, options)
    check.findings.add(ObjectValidation.problems(pod.metadata, replacing: old.metadata))
    check.checkPod(new.spec, "spec")
    let quality = PodQualityOfService(new.spec)
    let stands = stored.status.qosClass
    if stands.isEmpty ? PodQualityOfService(stored.spec) != quality : stands != quality.rawValue {
      check.findings.invalid(
        .update, "spec", .named(stands.isEmpty ? PodQualityOfService(stored.spec).rawValue : stands),
        "Pod QOS Class may not change as a result of resizing")
    }
    check.checkResize(new.spec, stored.spec)
    return check.findings.all
  }
}

extension PodCheck {
  fileprivate mutating func checkResize(_ spec: PodSpec, _ old: PodSpec) {
    guard spec.containers.count == old.containers.count, spec.initContainers.count == old.initContainers.count
    else { return findings.forbidden(.update, "spec", "only cpu and memory resources are mutable") }
    var rest = spec
    for index in spec.initContainers.indices {
      let isSidecar = spec.initContainers[index].restartPolicy == "Always"
      if isSidecar {
        checkRemovals(
          spec.initContainers[index], old.initContainers[index], FieldPath("spec.initContainers")[index])
        rest.initContainers[index].resources.takeProcessorAndMemory(of: old.initContainers[index].resources)
      }
      if rest.initContainers[index] != old.initContainers[index] {
        findings.forbidden(
          .update, "spec",
          isSidecar
            ? "only cpu and memory resources for sidecar containers are mutable"
            : "resources for non-sidecar init containers are immutable")
      }
    }
    for index in spec.containers.indices {
      checkRemovals(spec.containers[index], old.containers[index], FieldPath("spec.containers")[index])
      rest.containers[index].resources.takeProcessorAndMemory(of: old.containers[index].resources)
      if rest.containers[index] != old.containers[index] {
        findings.forbidden(.update, "spec", "only cpu and memory resources are mutable")
      }
    }
    if findings.isEmpty, rest != old {
      findings.forbidden(.update, "spec", "only cpu and memory resources are mutable")
    }
  }

  /// What was asked for can change, but not go.
  private mutating func checkRemovals(_ new: Container, _ old: Container, _ path: FieldPath) {
    let path = path.child("resources")
    if old.resources.requests.contains(where: { new.resources.requests[$0.key] == nil }) {
      findings.forbidden(.update, path.child("requests"), "resource requests cannot be removed")
    }
    if old.resources.limits.contains(where: { new.resources.limits[$0.key] == nil }) {
      findings.forbidden(.update, path.child("limits"), "resource limits cannot be removed")
    }
  }
}

extension ResourceRequirements {
  fileprivate mutating func takeProcessorAndMemory(of old: ResourceRequirements) {
    for name in ["cpu", "memory"] {
      limits[name] = old.limits[name]
      requests[name] = old.requests[name]
    }
  }
}
