internal import KubernetesModel

extension PodCliqueTemplateSpec {
  /// The pods of the clique as an API server would store them: what is not said has the value it would get. Two
  /// templates with the same effective pod make the same pods (P-11).
  var effectivePod: PodCliqueTemplateSpec {
    var effective = PodCliqueTemplateSpec()
    effective.labels = labels
    effective.annotations = annotations
    effective.spec.podSpec = spec.podSpec
    effective.spec.podSpec.priorityClassName = ""
    effective.spec.podSpec.fillInDefaults()
    return effective
  }
}

extension PodSpec {
  /// Fills in what an API server gives to the fields that a pod leaves out.
  fileprivate mutating func fillInDefaults() {
    if restartPolicy.isEmpty { restartPolicy = "Always" }
    if dnsPolicy.isEmpty { dnsPolicy = "ClusterFirst" }
    if enableServiceLinks == nil { enableServiceLinks = true }
    if terminationGracePeriodSeconds == nil { terminationGracePeriodSeconds = 30 }
    if securityContext == nil { securityContext = PodSecurityContext() }
    // The old name of the field and the new one hold the same.
    if serviceAccountName.isEmpty { serviceAccountName = serviceAccount }
    serviceAccount = serviceAccountName
    for index in initContainers.indices { initContainers[index].fillInDefaults(hostNetwork: hostNetwork) }
    for index in containers.indices { containers[index].fillInDefaults(hostNetwork: hostNetwork) }
    for index in volumes.indices { volumes[index].fillInDefaults() }
    for index in tolerations.indices where tolerations[index].operator.isEmpty {
      tolerations[index].operator = "Equal"
    }
  }
}

extension Container {
  fileprivate mutating func fillInDefaults(hostNetwork: Bool) {
    if imagePullPolicy.isEmpty { imagePullPolicy = image.isLatestImage ? "Always" : "IfNotPresent" }
    if terminationMessagePath.isEmpty { terminationMessagePath = "/dev/termination-log" }
    if terminationMessagePolicy.isEmpty { terminationMessagePolicy = "File" }
    for index in ports.indices {
      if ports[index].protocol.isEmpty { ports[index].protocol = "TCP" }
      if hostNetwork, ports[index].hostPort == 0 { ports[index].hostPort = ports[index].containerPort }
    }
    for index in env.indices {
      if var field = env[index].valueFrom?.fieldRef, field.apiVersion.isEmpty {
        field.apiVersion = "v1"
        env[index].valueFrom?.fieldRef = field
      }
    }
    // What is limited and not asked for is asked for.
    for (name, limit) in resources.limits where resources.requests[name] == nil {
      resources.requests[name] = limit
    }
    livenessProbe?.fillInDefaults()
    readinessProbe?.fillInDefaults()
    startupProbe?.fillInDefaults()
    if lifecycle?.postStart?.httpGet?.scheme.isEmpty == true {
      lifecycle?.postStart?.httpGet?.scheme = "HTTP"
    }
    if lifecycle?.preStop?.httpGet?.scheme.isEmpty == true { lifecycle?.preStop?.httpGet?.scheme = "HTTP" }
  }
}

extension String {
  /// Whether an image is pulled each time unless said otherwise: its tag is `latest`, or it has neither tag nor digest.
  fileprivate var isLatestImage: Bool {
    if utf8.contains(0x40) { return false }
    let last = self[(lastIndex(of: "/").map { index(after: $0) } ?? startIndex)...]
    guard let colon = last.lastIndex(of: ":") else { return true }
    return last[last.index(after: colon)...] == "latest"
  }
}

extension Probe {
  fileprivate mutating func fillInDefaults() {
    if timeoutSeconds == 0 { timeoutSeconds = 1 }
    if periodSeconds == 0 { periodSeconds = 10 }
    if successThreshold == 0 { successThreshold = 1 }
    if failureThreshold == 0 { failureThreshold = 3 }
    if httpGet?.scheme.isEmpty == true { httpGet?.scheme = "HTTP" }
    if httpGet?.path.isEmpty == true { httpGet?.path = "/" }
  }
}

extension Volume {
  fileprivate mutating func fillInDefaults() {
    let mode: Int32 = 0o644
    if configMap != nil, configMap?.defaultMode == nil { configMap?.defaultMode = mode }
    if secret != nil, secret?.defaultMode == nil { secret?.defaultMode = mode }
    if projected != nil, projected?.defaultMode == nil { projected?.defaultMode = mode }
    if downwardAPI != nil, downwardAPI?.defaultMode == nil { downwardAPI?.defaultMode = mode }
    if hostPath != nil, hostPath?.type == nil { hostPath?.type = "" }
  }
}
