internal import KubernetesModel

/// The checks of the API server on pods, in its order and with its texts.
///
/// Those are checked that a pod made from a PodCliqueSet can fail although the set was accepted; what the schema of
/// the set already guarantees is not checked again.
struct PodValidation {
  private static let rule: RuleID = "K-pod"

  private let spec: PodSpec
  private var found: [Diagnostic] = []

  /// What is wrong with a new pod.
  static func problems(_ pod: Pod) -> [Diagnostic] {
    var validation = PodValidation(spec: pod.spec)
    validation.check()
    return validation.found
  }

  /// What is wrong with a change of a pod: of its spec, few parts may change, and gates may only go.
  static func problems(_ pod: Pod, replacing old: Pod) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if !pod.spec.schedulingGates.allSatisfy({ old.spec.schedulingGates.contains($0) }) {
      found.append(
        .forbidden(
          rule, "spec.schedulingGates", "only deletion is allowed, but found new scheduling gate(s)"))
    }
    if !old.spec.nodeName.isEmpty, pod.spec.nodeName != old.spec.nodeName {
      found.append(
        .forbidden(
          rule, "spec",
          "pod updates may not change fields other than `spec.containers[*].image`, "
            + "`spec.initContainers[*].image`, `spec.activeDeadlineSeconds`, `spec.tolerations` (only additions "
            + "to existing tolerations), `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
            + "previously negative)"))
    }
    return found
  }

  private init(spec: PodSpec) { self.spec = spec }

  private mutating func check() {
    checkVolumes()
    if spec.containers.isEmpty { found.append(.required(Self.rule, "spec.containers")) }
    for index in spec.containers.indices { checkContainer(spec.containers, index, "spec.containers") }
    for index in spec.initContainers.indices {
      checkContainer(spec.initContainers, index, "spec.initContainers")
      if spec.containers.contains(where: { $0.name == spec.initContainers[index].name }) {
        let path = FieldPath("spec.initContainers")[index].child("name")
        found.append(.duplicate(Self.rule, path, .string(spec.initContainers[index].name)))
      }
    }
    checkClaims()
    if !["Always", "OnFailure", "Never", ""].contains(spec.restartPolicy) {
      found.append(
        .notSupported(
          Self.rule, "spec.restartPolicy", .string(spec.restartPolicy),
          supported: ["Always", "OnFailure", "Never"]))
    }
    if spec.terminationGracePeriodSeconds ?? 0 < 0 {
      found.append(
        .invalid(
          Self.rule, "spec.terminationGracePeriodSeconds", .integer(spec.terminationGracePeriodSeconds ?? 0),
          "must be greater than or equal to 0"))
    }
    checkLabel(spec.hostname, "spec.hostname")
    checkLabel(spec.subdomain, "spec.subdomain")
    for (index, gate) in spec.schedulingGates.enumerated() {
      let path = FieldPath("spec.schedulingGates")[index]
      if spec.schedulingGates[..<index].contains(gate) {
        found.append(.duplicate(Self.rule, path.child("name"), .string(gate.name)))
      }
    }
  }

  private mutating func checkVolumes() {
    for (index, volume) in spec.volumes.enumerated() {
      let path = FieldPath("spec.volumes")[index].child("name")
      if volume.name.isEmpty {
        found.append(.required(Self.rule, path))
      } else if !NameSyntax.isDNSLabel(volume.name) {
        checkLabel(volume.name, path)
      } else if spec.volumes[..<index].contains(where: { $0.name == volume.name }) {
        found.append(.duplicate(Self.rule, path, .string(volume.name)))
      }
    }
  }

  private mutating func checkContainer(_ containers: [Container], _ index: Int, _ list: FieldPath) {
    let container = containers[index]
    let path = list[index]
    if container.name.isEmpty {
      found.append(.required(Self.rule, path.child("name")))
    } else if !NameSyntax.isDNSLabel(container.name) || container.name.utf8.count > 63 {
      checkLabel(container.name, path.child("name"))
    } else if containers[..<index].contains(where: { $0.name == container.name }) {
      found.append(.duplicate(Self.rule, path.child("name"), .string(container.name)))
    }
    if container.image.isEmpty {
      found.append(.required(Self.rule, path.child("image")))
    } else if container.image.utf8.first == 0x20 || container.image.utf8.last == 0x20 {
      found.append(
        .invalid(
          Self.rule, path.child("image"), .string(container.image),
          "must not have leading or trailing whitespace"))
    }
    checkMounts(container, path)
    for (resource, limit) in container.resources.limits {
      guard let request = container.resources.requests[resource], request > limit else { continue }
      found.append(
        .invalid(
          Self.rule, path.child("resources").child("requests"), .string(request.canonicalText),
          "must be less than or equal to \(resource) limit of \(limit.canonicalText)"))
    }
    for (position, claim) in container.resources.claims.enumerated()
    where !spec.resourceClaims.contains(where: { $0.name == claim.name }) {
      found.append(
        .notFound(Self.rule, path.child("resources").child("claims")[position], .string(claim.name)))
    }
  }

  private mutating func checkMounts(_ container: Container, _ path: FieldPath) {
    for (index, mount) in container.volumeMounts.enumerated() {
      if mount.name.isEmpty {
        found.append(.required(Self.rule, path.child("volumeMounts")[index].child("name")))
      } else if !spec.volumes.contains(where: { $0.name == mount.name }) {
        found.append(
          .notFound(Self.rule, path.child("volumeMounts")[index].child("name"), .string(mount.name)))
      }
      if mount.mountPath.isEmpty {
        found.append(.required(Self.rule, path.child("volumeMounts")[index].child("mountPath")))
      } else if container.volumeMounts[..<index].contains(where: { $0.mountPath == mount.mountPath }) {
        found.append(
          .invalid(
            Self.rule, path.child("volumeMounts")[index].child("mountPath"), .string(mount.mountPath),
            "must be unique"))
      }
    }
  }

  private mutating func checkClaims() {
    for (index, claim) in spec.resourceClaims.enumerated() {
      let path = FieldPath("spec.resourceClaims")[index]
      if claim.name.isEmpty {
        found.append(.required(Self.rule, path.child("name")))
      } else if spec.resourceClaims[..<index].contains(where: { $0.name == claim.name }) {
        found.append(.duplicate(Self.rule, path.child("name"), .string(claim.name)))
      } else {
        checkLabel(claim.name, path.child("name"))
      }
      let sources =
        (claim.resourceClaimName == nil ? 0 : 1) + (claim.resourceClaimTemplateName == nil ? 0 : 1)
      if sources != 1 {
        found.append(
          .invalid(
            Self.rule, path, .json(JSONWriter.string(Value(encoding: claim))),
            sources == 0
              ? "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
              : "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"))
      }
    }
  }

  /// Checks a text that may be empty and otherwise must be a DNS label.
  private mutating func checkLabel(_ text: String, _ path: @autoclosure () -> FieldPath) {
    if text.isEmpty || NameSyntax.isDNSLabel(text) && text.utf8.count <= 63 { return }
    for objection in NameSyntax.dnsLabelObjections(text) {
      found.append(.invalid(Self.rule, path(), .string(text), objection))
    }
  }
}
