internal import KubernetesModel

/// What a pod can have on the system that it is for.
extension PodCheck {
  mutating func checkSystem(_ spec: PodSpec, _ path: FieldPath) {
    guard let system = spec.os else { return }
    switch system.name {
    case "": findings.required(.system, path.child("os").child("name"), "cannot be empty")
    case "linux": forbidWindowsFields(spec, path)
    case "windows": forbidLinuxFields(spec, path)
    default:
      findings.notSupported(.system, path.child("os"), system.name, supported: ["linux", "windows"])
    }
  }

  private mutating func forbidWindowsFields(_ spec: PodSpec, _ path: FieldPath) {
    let words = "windows options cannot be set for a linux pod"
    if spec.securityContext?.windowsOptions != nil {
      findings.forbidden(.system, path.child("securityContext").child("windowsOptions"), words)
    }
    var findings = findings
    Self.forEachContainer(of: spec, path) { container, place in
      guard container.securityContext?.windowsOptions != nil else { return }
      findings.forbidden(.system, place.child("securityContext").child("windowsOptions"), words)
    }
    self.findings = findings
  }

  private mutating func forbidLinuxFields(_ spec: PodSpec, _ path: FieldPath) {
    let words = "cannot be set for a windows pod"
    let context = spec.securityContext ?? PodSecurityContext()
    let own = path.child("securityContext")
    let fields: [(path: FieldPath, isSet: Bool)] = [
      (own.child("appArmorProfile"), context.appArmorProfile != nil),
      (own.child("seLinuxOptions"), context.seLinuxOptions != nil),
      (path.child("hostUsers"), spec.hostUsers != nil),
      (path.child("hostPID"), spec.hostPID),
      (path.child("hostIPC"), spec.hostIPC),
      (own.child("seccompProfile"), context.seccompProfile != nil),
      (own.child("fsGroup"), context.fsGroup != nil),
      (own.child("fsGroupChangePolicy"), context.fsGroupChangePolicy != nil),
      (own.child("sysctls"), !context.sysctls.isEmpty),
      (path.child("shareProcessNamespace"), spec.shareProcessNamespace != nil),
      (own.child("runAsUser"), context.runAsUser != nil),
      (own.child("runAsGroup"), context.runAsGroup != nil),
      (own.child("supplementalGroups"), !context.supplementalGroups.isEmpty),
      (own.child("supplementalGroupsPolicy"), context.supplementalGroupsPolicy != nil),
      (own.child("seLinuxChangePolicy"), context.seLinuxChangePolicy != nil),
    ]
    for field in fields where field.isSet { findings.forbidden(.system, field.path, words) }
    var findings = findings
    Self.forEachContainer(of: spec, path) { container, place in
      guard let context = container.securityContext else { return }
      let fields = [
        ("appArmorProfile", context.appArmorProfile != nil),
        ("seLinuxOptions", context.seLinuxOptions != nil),
        ("seccompProfile", context.seccompProfile != nil), ("capabilities", context.capabilities != nil),
        ("readOnlyRootFilesystem", context.readOnlyRootFilesystem != nil),
        ("privileged", context.privileged != nil),
        ("allowPrivilegeEscalation", context.allowPrivilegeEscalation != nil),
        ("procMount", context.procMount != nil), ("runAsUser", context.runAsUser != nil),
        ("runAsGroup", context.runAsGroup != nil),
      ]
      for (field, isSet) in fields where isSet {
        findings.forbidden(.system, place.child("securityContext").child(field), words)
      }
    }
    self.findings = findings
  }
}
