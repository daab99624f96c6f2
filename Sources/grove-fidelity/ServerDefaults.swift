internal import KubernetesModel

/// What the API server fills into objects of core kinds while it decodes them.
///
/// Requests are recorded after that, so these fields stand in what "was submitted" although nobody submitted them.
enum ServerDefaults {
  /// Defaults that do not depend on anything else, by path without indices.
  private static let constants: [String: String] = [
    "spec.dnsPolicy": #""ClusterFirst""#,
    "spec.enableServiceLinks": "true",
    "spec.restartPolicy": #""Always""#,
    "spec.securityContext": "{}",
    "spec.terminationGracePeriodSeconds": "30",
    "spec.tolerations.operator": #""Equal""#,
    "spec.volumes.secret.defaultMode": "420",
    "spec.volumes.configMap.defaultMode": "420",
    "spec.volumes.downwardAPI.defaultMode": "420",
    "spec.volumes.downwardAPI.items.fieldRef.apiVersion": #""v1""#,
    "spec.volumes.projected.defaultMode": "420",
    "spec.volumes.projected.sources.downwardAPI.items.fieldRef.apiVersion": #""v1""#,
    "spec.volumes.projected.sources.serviceAccountToken.expirationSeconds": "3600",
    "spec.volumes.hostPath.type": #""""#,
    "spec.volumes.ephemeral.volumeClaimTemplate.spec.volumeMode": #""Filesystem""#,
    "spec.internalTrafficPolicy": #""Cluster""#,
    "spec.sessionAffinity": #""None""#,
    "spec.type": #""ClusterIP""#,
    "spec.devices.requests.exactly.allocationMode": #""ExactCount""#,
    "spec.devices.requests.exactly.count": "1",
  ]
  /// The same for what lists of containers have in common, by the path inside a container.
  private static let ofContainers: [String: String] = [
    "env.valueFrom.fieldRef.apiVersion": #""v1""#,
    "ports.protocol": #""TCP""#,
    "resources": "{}",
    "securityContext": "{}",
    "terminationMessagePath": #""/dev/termination-log""#,
    "terminationMessagePolicy": #""File""#,
    "env.valueFrom.resourceFieldRef.divisor": #""0""#,
  ]
  private static let ofProbes: [String: String] = [
    "failureThreshold": "3", "periodSeconds": "10", "successThreshold": "1", "timeoutSeconds": "1",
    "httpGet.scheme": #""HTTP""#, "httpGet.path": #""/""#, "grpc.service": #""""#,
  ]

  /// Whether a field that we do not have is one that the API server fills in.
  ///
  /// - Parameters:
  ///   - path: the field.
  ///   - recorded: its recorded value.
  ///   - owner: our object that would have the field.
  static func explain(_ path: String, _ recorded: Value, in owner: Value) -> Bool {
    let plain = withoutIndices(path)
    let text = JSONWriter.string(recorded)
    if constants[plain] == text { return true }
    if plain == "spec.metrics" { return text == defaultMetrics }
    // A second name for the same field.
    if plain == "spec.serviceAccount" { return owner["serviceAccountName"] == recorded }
    for list in ["spec.containers.", "spec.initContainers."] where plain.hasPrefix(list) {
      let field = String(plain.dropFirst(list.count))
      if ofContainers[field] == text { return true }
      switch field {
      case "imagePullPolicy":
        return recorded.stringValue == pullPolicy(of: owner["image"]?.stringValue ?? "")
      case "resources.requests":
        // Limits are requests where nothing else is requested.
        return owner["limits"] == recorded
      default: break
      }
      for probe in [
        "livenessProbe.", "readinessProbe.", "startupProbe.", "lifecycle.preStop.", "lifecycle.postStart.",
      ]
      where field.hasPrefix(probe) {
        if ofProbes[String(field.dropFirst(probe.count))] == text { return true }
      }
    }
    return false
  }

  private static let defaultMetrics =
    #"[{"resource":{"name":"cpu","target":{"averageUtilization":80,"type":"Utilization"}},"type":"Resource"}]"#

  /// Images without a tag, or with the tag `latest`, are always pulled.
  private static func pullPolicy(of image: String) -> String {
    if image.contains("@") { return "IfNotPresent" }
    let name = image.split(separator: "/").last ?? ""
    guard let colon = name.firstIndex(of: ":") else { return "Always" }
    return name[name.index(after: colon)...] == "latest" ? "Always" : "IfNotPresent"
  }

  private static func withoutIndices(_ path: String) -> String {
    var plain = ""
    var skipping = false
    for character in path {
      if character == "[" { skipping = true }
      if !skipping { plain.append(character) }
      if character == "]" { skipping = false }
    }
    return plain
  }
}
