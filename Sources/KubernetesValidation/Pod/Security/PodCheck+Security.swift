internal import KubernetesModel

/// Security contexts of pods and containers.
extension PodCheck {
  mutating func checkSecurityContext(of spec: PodSpec, _ path: @autoclosure () -> FieldPath) {
    // The API server keeps what is shared with the node here, so it says so.
    if spec.shareProcessNamespace == true, spec.hostPID {
      findings.invalid(
        .host, path().child("shareProcessNamespace"), .boolean(true),
        "ShareProcessNamespace and HostPID cannot both be enabled")
    }
    guard let context = spec.securityContext else { return }
    checkID(context.fsGroup, path().child("fsGroup"))
    checkID(context.runAsUser, path().child("runAsUser"))
    checkID(context.runAsGroup, path().child("runAsGroup"))
    for (index, group) in context.supplementalGroups.enumerated() {
      checkID(group, path().child("supplementalGroups")[index])
    }
    checkSysctls(context.sysctls, of: spec, path().child("sysctls"))
    checkChoice(
      context.fsGroupChangePolicy, ["Always", "OnRootMismatch"], path().child("fsGroupChangePolicy"))
    check(context.seccompProfile, path().child("seccompProfile"))
    check(context.windowsOptions, path().child("windowsOptions"))
    check(context.appArmorProfile, path().child("appArmorProfile"))
    checkChoice(
      context.supplementalGroupsPolicy, ["Merge", "Strict"], path().child("supplementalGroupsPolicy"))
    checkChoice(context.seLinuxChangePolicy, ["Recursive"], path().child("seLinuxChangePolicy"))
  }

  private mutating func checkID(_ id: Int64?, _ path: @autoclosure () -> FieldPath) {
    if let id { findings.checkRange(.security, id, 0...Int64(Int32.max), path()) }
  }

  private mutating func checkChoice(
    _ value: String?, _ supported: [String], _ path: @autoclosure () -> FieldPath
  ) {
    if let value, !supported.contains(value) {
      findings.notSupported(.security, path(), value, supported: supported)
    }
  }

  private mutating func checkSysctls(
    _ sysctls: [Sysctl], of spec: PodSpec, _ path: @autoclosure () -> FieldPath
  ) {
    for (index, sysctl) in sysctls.enumerated() {
      let name = sysctl.name
      let place = path()[index].child("name")
      if name.isEmpty {
        findings.required(.security, place)
      } else if !SysctlNameForm.isValid(name) {
        findings.invalid(
          .security, place, .string(name),
          "must have at most 253 characters and match regex "
            + "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$")
      } else if sysctls[..<index].contains(where: { $0.name == name }) {
        findings.duplicate(.security, place, .string(name))
      }
      switch SysctlNameForm.namespace(name) {
      case .network where spec.hostNetwork:
        findings.invalid(
          .security, place, .string(name), "may not be specified when 'hostNetwork' is true")
      case .ipc where spec.hostIPC:
        findings.invalid(.security, place, .string(name), "may not be specified when 'hostIPC' is true")
      default: break
      }
    }
  }

  mutating func checkSecurityContext(_ context: SecurityContext?, _ path: @autoclosure () -> FieldPath) {
    guard let context else { return }
    if context.privileged == true, !options.allowsPrivileged {
      findings.forbidden(.privileged, path().child("privileged"), "disallowed by cluster policy")
    }
    checkID(context.runAsUser, path().child("runAsUser"))
    checkID(context.runAsGroup, path().child("runAsGroup"))
    checkChoice(context.procMount, ["Default", "Unmasked"], path().child("procMount"))
    if context.procMount == "Unmasked", sharesUserNamespace {
      findings.invalid(
        .security, path().child("procMount"), .named("Unmasked"),
        "`hostUsers` must be false to use `Unmasked`")
    }
    check(context.seccompProfile, path().child("seccompProfile"))
    if context.allowPrivilegeEscalation == false {
      if context.privileged == true {
        findings.invalid(
          .security, path(), GoText.context(context),
          "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
      }
      for capability in context.capabilities?.add ?? [] where capability == "CAP_SYS_ADMIN" {
        findings.invalid(
          .security, path(), GoText.context(context),
          "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")
      }
    }
    check(context.windowsOptions, path().child("windowsOptions"))
    check(context.appArmorProfile, path().child("appArmorProfile"))
  }

  // MARK: Profiles

  private mutating func check(_ profile: SeccompProfile?, _ path: @autoclosure () -> FieldPath) {
    guard let profile else { return }
    switch profile.type {
    case "Localhost", "RuntimeDefault", "Unconfined": break
    case "":
      findings.required(.security, path().child("type"), "type is required when seccompProfile is set")
    default:
      findings.notSupported(
        .security, path().child("type"), profile.type,
        supported: ["Localhost", "RuntimeDefault", "Unconfined"])
    }
    if profile.type == "Localhost" {
      if let name = profile.localhostProfile {
        checkDescending(.security, name, path().child("localhostProfile"))
      } else {
        findings.required(
          .security, path().child("localhostProfile"), "must be set when seccomp type is Localhost")
      }
    } else if profile.localhostProfile != nil {
      findings.invalid(
        .security, path().child("localhostProfile"), .json(GoText.profile(profile)),
        "can only be set when seccomp type is Localhost")
    }
  }

  private mutating func check(_ profile: AppArmorProfile?, _ path: @autoclosure () -> FieldPath) {
    guard let profile else { return }
    switch profile.type {
    case "Localhost":
      let place = path().child("localhostProfile")
      let name = profile.localhostProfile ?? ""
      if name.hasOuterSpace {
        findings.invalid(.security, place, .string(name), "must not be padded with whitespace")
      } else if name.isEmpty {
        findings.required(.security, place, "must be set when AppArmor type is Localhost")
      }
      if name.utf8.count > 4095 { findings.tooLong(.security, place, maximumBytes: 4095) }
    case "RuntimeDefault", "Unconfined":
      if let name = profile.localhostProfile {
        findings.invalid(
          .security, path().child("localhostProfile"), .string(name),
          "can only be set when AppArmor type is Localhost")
      }
    case "":
      findings.required(.security, path().child("type"), "type is required when appArmorProfile is set")
    default:
      findings.notSupported(
        .security, path().child("type"), profile.type,
        supported: ["Localhost", "RuntimeDefault", "Unconfined"])
    }
  }

  // MARK: Windows

  private mutating func check(
    _ windows: WindowsSecurityContextOptions?, _ path: @autoclosure () -> FieldPath
  ) {
    guard let windows else { return }
    if let name = windows.gmsaCredentialSpecName {
      findings.checkDNSSubdomain(.system, name, path().child("gmsaCredentialSpecName"))
    }
    if let text = windows.gmsaCredentialSpec {
      let place = path().child("gmsaCredentialSpec")
      if text.isEmpty {
        findings.invalid(.system, place, .string(text), "gmsaCredentialSpec cannot be an empty string")
      } else if text.utf8.count > 64 * 1024 {
        findings.invalid(.system, place, .string(text), "gmsaCredentialSpec size must be under 64 KiB")
      }
    }
    if let name = windows.runAsUserName {
      for objection in WindowsUserForm.objections(name) {
        findings.invalid(.system, path().child("runAsUserName"), .string(name), objection)
      }
    }
  }
}

/// Names of Windows users: `user` or `DOMAIN\user`.
enum WindowsUserForm {
  static func objections(_ name: String) -> [String] {
    if name.isEmpty { return ["runAsUserName cannot be an empty string"] }
    if name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
      return ["runAsUserName cannot contain control characters"]
    }
    let parts = name.split(separator: "\\", omittingEmptySubsequences: false)
    if parts.count > 2 { return ["runAsUserName cannot contain more than one backslash"] }
    let user = parts[parts.count - 1]
    var objections: [String] = []
    if parts.count == 2 {
      if parts[0].utf8.count >= 256 {
        objections.append("runAsUserName's Domain length must be under 256 characters")
      }
      if !isNetBIOS(parts[0]), !isDNS(parts[0]) {
        objections.append("runAsUserName's Domain doesn't match the NetBios nor the DNS format")
      }
    }
    if user.isEmpty {
      objections.append("runAsUserName's User cannot be empty")
    } else if user.utf8.count > 104 {
      objections.append("runAsUserName's User length must not be longer than 104 characters")
    }
    if !user.isEmpty, user.utf8.allSatisfy({ $0 == 0x2E || $0 == 0x20 }) {
      objections.append("runAsUserName's User cannot contain only periods or spaces")
    }
    if user.contains(where: { "\"/\\:;|=,+*?<>@[]".contains($0) }) {
      objections.append(#"runAsUserName's User cannot contain the following characters: "/\:;|=,+*?<>@[]"#)
    }
    return objections
  }

  private static func isNetBIOS(_ domain: Substring) -> Bool {
    let scalars = domain.unicodeScalars
    return (1...15).contains(scalars.count) && scalars.first != "."
      && !scalars.contains { "\\/:*?\"<>|".unicodeScalars.contains($0) }
  }

  private static func isDNS(_ domain: Substring) -> Bool {
    domain.utf8.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy { label in
      guard let first = label.first, let last = label.last else { return false }
      return label.count <= 63 && first.isAlphanumeric && last.isAlphanumeric
        && label.allSatisfy { $0.isAlphanumeric || $0 == 0x2D }
    }
  }
}
