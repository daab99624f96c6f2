internal import KubernetesModel

/// Containers, by what kind they are of.
extension PodCheck {
  mutating func checkContainers(_ spec: PodSpec, _ path: FieldPath) {
    let list = path.child("containers")
    if spec.containers.isEmpty { return findings.required(.container, list) }
    for (index, container) in spec.containers.enumerated() {
      checkCommon(container, list[index])
      if spec.containers[..<index].contains(where: { $0.name == container.name }) {
        findings.duplicate(.container, list[index].child("name"), .string(container.name))
      }
      checkHandlers(of: container, list[index], system: spec.os)
      checkRestart(of: container, list[index])
    }
    checkHostPortConflicts(spec.containers, list)
  }

  mutating func checkInitContainers(_ spec: PodSpec, _ path: FieldPath) {
    guard !spec.initContainers.isEmpty else { return }
    let list = path.child("initContainers")
    for (index, container) in spec.initContainers.enumerated() {
      checkCommon(container, list[index])
      checkRestart(of: container, list[index])
      let isTaken =
        spec.containers.contains { $0.name == container.name }
        || !container.name.isEmpty && spec.initContainers[..<index].contains { $0.name == container.name }
      if isTaken { findings.duplicate(.container, list[index].child("name"), .string(container.name)) }
      // They run one after the other, so a port is taken only once at a time. The API server counts from 0 here.
      checkHostPortConflicts([container], list)
      if container.restartPolicy == "Always" {
        checkHandlers(of: container, list[index], system: spec.os)
      } else {
        forbidHandlers(of: container, list[index])
      }
    }
  }

  /// An init container that ends has no use for what accompanies a running one.
  private mutating func forbidHandlers(of container: Container, _ path: @autoclosure () -> FieldPath) {
    let handlers = [
      ("lifecycle", container.lifecycle != nil), ("livenessProbe", container.livenessProbe != nil),
      ("readinessProbe", container.readinessProbe != nil), ("startupProbe", container.startupProbe != nil),
    ]
    for (field, isSet) in handlers where isSet {
      findings.forbidden(
        .containerKind, path().child(field),
        "may not be set for init containers without restartPolicy=Always")
    }
  }

  mutating func checkEphemeralContainers(_ spec: PodSpec, _ path: FieldPath) {
    guard !spec.ephemeralContainers.isEmpty else { return }
    let list = path.child("ephemeralContainers")
    var names = Set(spec.containers.map(\.name)).union(spec.initContainers.map(\.name))
    let others = names
    for (index, ephemeral) in spec.ephemeralContainers.enumerated() {
      let place = list[index]
      let container = ephemeral.container
      checkCommon(container, place)
      checkImageSpace(container, place)
      if !names.insert(ephemeral.name).inserted {
        findings.duplicate(.container, place.child("name"), .string(ephemeral.name))
      }
      if !ephemeral.targetContainerName.isEmpty, !others.contains(ephemeral.targetContainerName) {
        findings.notFound(
          .containerKind, place.child("targetContainerName"), .string(ephemeral.targetContainerName))
      }
      forbidForEphemeral(container, place)
    }
  }

  /// Nothing may rely on an ephemeral container, so it has nothing that others would use.
  private mutating func forbidForEphemeral(_ container: Container, _ path: FieldPath) {
    let words = "cannot be set for an Ephemeral Container"
    let fields = [
      ("ports", !container.ports.isEmpty),
      ("resources", container.resources != ResourceRequirements()),
      ("resizePolicy", !container.resizePolicy.isEmpty), ("restartPolicy", container.restartPolicy != nil),
      ("restartPolicyRules", !container.restartPolicyRules.isEmpty),
      ("livenessProbe", container.livenessProbe != nil), ("readinessProbe", container.readinessProbe != nil),
      ("startupProbe", container.startupProbe != nil), ("lifecycle", container.lifecycle != nil),
    ]
    for (field, isSet) in fields where isSet { findings.forbidden(.containerKind, path.child(field), words) }
    for (index, mount) in container.volumeMounts.enumerated() {
      let place = path.child("volumeMounts")[index]
      if !mount.subPath.isEmpty { findings.forbidden(.containerKind, place.child("subPath"), words) }
      if !mount.subPathExpr.isEmpty { findings.forbidden(.containerKind, place.child("subPathExpr"), words) }
    }
  }

  // MARK: What all containers have

  private mutating func checkCommon(_ container: Container, _ path: @autoclosure () -> FieldPath) {
    if container.name.isEmpty {
      findings.required(.container, path().child("name"))
    } else {
      findings.checkDNSLabel(.container, container.name, path().child("name"))
    }
    if container.image.isEmpty { findings.required(.image, path().child("image")) }
    switch container.terminationMessagePolicy {
    case "File", "FallbackToLogsOnError": break
    case "": findings.required(.container, path().child("terminationMessagePolicy"))
    default:
      findings.notSupported(
        .container, path().child("terminationMessagePolicy"), container.terminationMessagePolicy,
        supported: ["File", "FallbackToLogsOnError"])
    }
    checkPorts(container.ports, path().child("ports"))
    checkEnvironment(container.env, path().child("env"))
    checkEnvironmentSources(container.envFrom, path().child("envFrom"))
    checkMounts(of: container, path().child("volumeMounts"))
    checkDevices(of: container, path().child("volumeDevices"))
    checkPullPolicy(.image, container.imagePullPolicy, path().child("imagePullPolicy"))
    checkResources(container.resources, path().child("resources"), isPodLevel: false)
    checkResizePolicy(container.resizePolicy, path().child("resizePolicy"))
    checkSecurityContext(container.securityContext, path().child("securityContext"))
  }

  mutating func checkPullPolicy(_ rule: PodRule, _ policy: String, _ path: @autoclosure () -> FieldPath) {
    switch policy {
    case "Always", "IfNotPresent", "Never": break
    case "": findings.required(rule, path())
    default:
      findings.notSupported(rule, path(), policy, supported: ["Always", "IfNotPresent", "Never"])
    }
  }

  mutating func checkImages(_ containers: [Container], _ path: @autoclosure () -> FieldPath) {
    for (index, container) in containers.enumerated() { checkImageSpace(container, path()[index]) }
  }

  mutating func checkImageSpace(_ container: Container, _ path: @autoclosure () -> FieldPath) {
    if container.image.hasOuterSpace {
      findings.invalid(
        .image, path().child("image"), .string(container.image),
        "must not have leading or trailing whitespace")
    }
  }
}

extension String {
  /// Whether white space is at the beginning or the end.
  var hasOuterSpace: Bool {
    guard let first = unicodeScalars.first, let last = unicodeScalars.last else { return false }
    if first.isASCII, last.isASCII, first.value > 0x20, last.value > 0x20 { return false }
    return first.properties.isWhitespace || last.properties.isWhitespace
  }
}
