internal import KubernetesModel

/// Which fields of a pod can be referred to.
enum FieldReference {
  /// Those that can become environment variables.
  static let inEnvironment = [
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
    "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
  ]
  /// Those that can become files.
  static let inVolumes = [
    "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
  ]
  /// Those that have a name at all.
  static let known: Set<String> = [
    "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
    "spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "spec.schedulerName", "status.phase",
    "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
  ]
  /// Resources of a container.
  static let resources = [
    "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage",
    "requests.memory",
  ]
  static let sizes: Set<String> = [
    "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei",
  ]

  /// `metadata.labels['a']` as `metadata.labels` and `a`; nil without a subscript.
  static func split(_ text: String) -> (path: String, subscript: String)? {
    guard text.hasSuffix("']"), let open = text.firstRange(of: "['") else { return nil }
    let end = text.index(text.endIndex, offsetBy: -2)
    guard open.lowerBound > text.startIndex, open.upperBound <= end else { return nil }
    return (String(text[..<open.lowerBound]), String(text[open.upperBound..<end]))
  }
}

/// References to fields and resources, in environment variables and volumes.
extension PodCheck {
  mutating func checkFieldReference(
    _ rule: PodRule, _ reference: ObjectFieldSelector, _ supported: [String],
    _ path: @autoclosure () -> FieldPath
  ) {
    if reference.apiVersion.isEmpty { return findings.required(rule, path().child("apiVersion")) }
    if reference.fieldPath.isEmpty { return findings.required(rule, path().child("fieldPath")) }
    let text = reference.fieldPath
    let part = FieldReference.split(text)
    var fault: String?
    if reference.apiVersion != "v1" {
      fault = "unsupported pod version: \(reference.apiVersion)"
    } else if let part {
      if part.path != "metadata.annotations", part.path != "metadata.labels" {
        fault = "field label does not support subscript: \(text)"
      }
    } else if text != "spec.host", !FieldReference.known.contains(text) {
      fault = "field label not supported: \(text)"
    }
    if let fault {
      return findings.invalid(
        rule, path().child("fieldPath"), .string(text), "error converting fieldPath: \(fault)")
    }
    if let part {
      let isAnnotation = part.path == "metadata.annotations"
      findings.checkQualifiedName(rule, isAnnotation ? part.subscript.lowercased() : part.subscript, path())
      return
    }
    let name = text == "spec.host" ? "spec.nodeName" : text
    if !supported.contains(name) {
      findings.notSupported(
        rule, path().child("fieldPath"), name, supported: supported, isPlainString: true)
    }
  }

  mutating func checkResourceReference(
    _ rule: PodRule, _ reference: ResourceFieldSelector, _ path: @autoclosure () -> FieldPath,
    needsContainer: Bool
  ) {
    let resource = reference.resource
    let isHugePages = resource.hasPrefix("limits.hugepages-") || resource.hasPrefix("requests.hugepages-")
    if needsContainer, reference.containerName.isEmpty {
      findings.required(rule, path().child("containerName"))
    } else if resource.isEmpty {
      findings.required(rule, path().child("resource"))
    } else if !isHugePages, !FieldReference.resources.contains(resource) {
      findings.notSupported(
        rule, path().child("resource"), resource, supported: FieldReference.resources, isPlainString: true)
    }
    guard !reference.divisor.isZero else { return }
    let divisor = reference.divisor.canonicalText
    var kind: String?
    switch resource {
    case "limits.cpu", "requests.cpu":
      if divisor != "1", divisor != "1m" {
        findings.invalid(
          rule, path().child("divisor"), .string(resource),
          "only divisor's values 1m and 1 are supported with the cpu resource")
      }
      return
    case "limits.memory", "requests.memory": kind = "memory"
    case "limits.ephemeral-storage", "requests.ephemeral-storage": kind = "local ephemeral storage"
    default: kind = isHugePages ? "hugepages" : nil
    }
    guard let kind, !FieldReference.sizes.contains(divisor) else { return }
    findings.invalid(
      rule, path().child("divisor"), .string(resource),
      "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the "
        + "\(kind) resource")
  }
}
