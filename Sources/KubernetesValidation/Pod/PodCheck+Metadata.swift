internal import KubernetesModel

/// Metadata, and the annotations that Kubernetes reads.
extension PodCheck {
  private static let rules = ObjectMetaRules.Rules(
    name: PodRule.metadata.id, namespace: PodRule.metadata.id, other: PodRule.metadata.id)

  mutating func checkMetadata(_ pod: Pod) {
    findings.add(ObjectMetaRules.namespacedObject(pod.metadata, at: "metadata", citing: Self.rules))
    findings.add(FinalizerRules.problems(pod.metadata.finalizers, at: "metadata"))
    if !pod.metadata.annotations.isEmpty { checkAnnotations(pod, "metadata.annotations") }
  }

  static let mirror = "kubernetes.io/config.mirror"
  static let deletionCost = "controller.kubernetes.io/pod-deletion-cost"
  static let seccomp = "seccomp.security.alpha.kubernetes.io/pod"
  static let containerSeccomp = "container.seccomp.security.alpha.kubernetes.io/"
  static let appArmor = "container.apparmor.security.beta.kubernetes.io/"

  /// Whether an annotation is about a profile that a field can be about, too.
  static func isProfile(_ key: String) -> Bool {
    key == seccomp || key.hasPrefix(containerSeccomp) || key.hasPrefix(appArmor)
  }

  mutating func checkAnnotations(_ pod: Pod, _ path: FieldPath) {
    let annotations = pod.metadata.annotations
    if let value = annotations[Self.mirror], pod.spec.nodeName.isEmpty {
      findings.invalid(
        .annotation, path[Self.mirror], .string(value),
        "must set spec.nodeName if mirror pod annotation is set")
    }
    if let cost = annotations[Self.deletionCost], !Self.isCost(cost) {
      findings.invalid(
        .annotation, path[Self.deletionCost], .string(cost), "must be a 32bit integer")
    }
    if let profile = annotations[Self.seccomp] { checkSeccomp(profile, path.child(Self.seccomp)) }
    for (key, profile) in annotations where key.hasPrefix(Self.containerSeccomp) {
      checkSeccomp(profile, path.child(key))
    }
    for (key, profile) in annotations where key.hasPrefix(Self.appArmor) {
      let name = String(key.dropFirst(Self.appArmor.count))
      let isThere =
        pod.spec.initContainers.contains { $0.name == name }
        || pod.spec.containers.contains { $0.name == name }
        || pod.spec.ephemeralContainers.contains { $0.name == name }
      if !isThere { findings.invalid(.annotation, path[key], .string(name), "container not found") }
      if !profile.isEmpty, profile != "runtime/default", profile != "unconfined",
        !profile.hasPrefix("localhost/")
      {
        findings.invalid(
          .annotation, path[key], .string(profile), "invalid AppArmor profile name: \(goQuoted(profile))")
      }
    }
  }

  /// A whole number of 32 bits without plus sign and leading zeros.
  private static func isCost(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    let startsWell = first == 0x2D || (first == 0x30 ? text == "0" : first.isDigit)
    return startsWell && Int32(text) != nil
  }

  private mutating func checkSeccomp(_ profile: String, _ path: @autoclosure () -> FieldPath) {
    switch profile {
    case "runtime/default", "docker/default", "unconfined": break
    default:
      if profile.hasPrefix("localhost/") {
        checkDescending(.annotation, String(profile.dropFirst("localhost/".count)), path())
      } else {
        findings.invalid(.annotation, path(), .string(profile), "must be a valid seccomp profile")
      }
    }
  }

  // MARK: Agreement of annotations and fields

  mutating func checkSeccompAgreement(_ spec: PodSpec, _ path: FieldPath) {
    if let profile = spec.securityContext?.seccompProfile, let text = metadata.annotations[Self.seccomp] {
      findings.checkSeccompAgreement(
        text, profile, path.child("securityContext").child("seccompProfile"))
    }
    var findings = findings
    Self.forEachContainer(of: spec, path) { container, place in
      guard let profile = container.securityContext?.seccompProfile,
        let text = metadata.annotations[Self.containerSeccomp + container.name]
      else { return }
      findings.checkSeccompAgreement(
        text, profile, place.child("securityContext").child("seccompProfile"))
    }
    self.findings = findings
  }

  mutating func checkAppArmorAgreement(_ spec: PodSpec, _ path: FieldPath) {
    if spec.os?.name == "windows" { return }
    var findings = findings
    Self.forEachContainer(of: spec, path) { container, place in
      guard
        let profile = container.securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile,
        let text = metadata.annotations[Self.appArmor + container.name]
      else { return }
      let place = place.child("securityContext").child("appArmorProfile")
      findings.checkAgreement(
        text, kind: "apparmor", profile.type, profile.localhostProfile,
        runtimeDefault: ["runtime/default"], place)
    }
    self.findings = findings
  }
}

extension Findings {
  fileprivate mutating func checkSeccompAgreement(
    _ text: String, _ profile: SeccompProfile, _ path: FieldPath
  ) {
    checkAgreement(
      text, kind: "seccomp", profile.type, profile.localhostProfile,
      runtimeDefault: ["runtime/default", "docker/default"], path)
  }

  /// Whether an annotation says what a field says.
  fileprivate mutating func checkAgreement(
    _ text: String, kind: String, _ type: String, _ name: String?, runtimeDefault: [String], _ path: FieldPath
  ) {
    let isSameType =
      switch type {
      case "Unconfined": text == "unconfined"
      case "RuntimeDefault": runtimeDefault.contains(text)
      case "Localhost": text.hasPrefix("localhost/")
      default: true
      }
    if !isSameType {
      forbidden(
        .annotation, path.child("type"), "\(kind) type in annotation and field must match")
    } else if type == "Localhost", String(text.dropFirst("localhost/".count)) != name {
      forbidden(
        .annotation, path.child("localhostProfile"), "\(kind) profile in annotation and field must match")
    }
  }
}
