public import KubernetesModel

/// What the API server fills in of pods before it looks at them (Kubernetes 1.36).
///
/// Filling in twice changes nothing more. What admission plugins add (account, token volume, tolerations, priority) is
/// not part of it.
public enum PodDefaults {
  /// Fills in a pod.
  public static func apply(_ pod: inout Pod) { apply(&pod.spec) }

  /// Fills in the spec of a pod.
  ///
  /// - Complexity: O(fields of the spec).
  public static func apply(_ spec: inout PodSpec) {
    applyRequests(&spec)
    applyPodResources(&spec)
    if spec.enableServiceLinks == nil { spec.enableServiceLinks = true }
    if spec.hostNetwork { applyHostPorts(&spec) }
    if spec.dnsPolicy.isEmpty { spec.dnsPolicy = "ClusterFirst" }
    if spec.restartPolicy.isEmpty { spec.restartPolicy = "Always" }
    if spec.securityContext == nil { spec.securityContext = PodSecurityContext() }
    if spec.terminationGracePeriodSeconds == nil { spec.terminationGracePeriodSeconds = 30 }
    if spec.schedulerName.isEmpty { spec.schedulerName = "default-scheduler" }
    // The older name of the field.
    if spec.serviceAccountName.isEmpty, !spec.serviceAccount.isEmpty {
      spec.serviceAccountName = spec.serviceAccount
    }
    for index in spec.volumes.indices { apply(&spec.volumes[index]) }
    for index in spec.initContainers.indices { apply(&spec.initContainers[index]) }
    for index in spec.containers.indices { apply(&spec.containers[index]) }
    for index in spec.ephemeralContainers.indices { apply(&spec.ephemeralContainers[index]) }
    round(&spec.overhead)
    if spec.resources != nil { spec.resources?.roundUp() }
  }

  /// On the node's network a port of a container is a port of the node.
  private static func applyHostPorts(_ spec: inout PodSpec) {
    for index in spec.containers.indices {
      for position in spec.containers[index].ports.indices {
        spec.containers[index].ports[position].takeHostPort()
      }
    }
    for index in spec.initContainers.indices {
      for position in spec.initContainers[index].ports.indices {
        spec.initContainers[index].ports[position].takeHostPort()
      }
    }
  }

  // MARK: Containers

  static func apply(_ container: inout Container) {
    if container.imagePullPolicy.isEmpty {
      container.imagePullPolicy = ImageReference.pullPolicy(of: container.image)
    }
    if container.terminationMessagePath.isEmpty { container.terminationMessagePath = "/dev/termination-log" }
    if container.terminationMessagePolicy.isEmpty { container.terminationMessagePolicy = "File" }
    for index in container.ports.indices where container.ports[index].protocol.isEmpty {
      container.ports[index].protocol = "TCP"
    }
    for index in container.env.indices where container.env[index].valueFrom != nil {
      apply(&container.env[index].valueFrom)
    }
    container.resources.roundUp()
    apply(&container.livenessProbe)
    apply(&container.readinessProbe)
    apply(&container.startupProbe)
    if var lifecycle = container.lifecycle {
      apply(&lifecycle.postStart)
      apply(&lifecycle.preStop)
      container.lifecycle = lifecycle
    }
  }

  private static func apply(_ container: inout EphemeralContainer) {
    var common = container.container
    apply(&common)
    container.imagePullPolicy = common.imagePullPolicy
    container.terminationMessagePath = common.terminationMessagePath
    container.terminationMessagePolicy = common.terminationMessagePolicy
    container.ports = common.ports
    container.env = common.env
    container.resources = common.resources
    container.livenessProbe = common.livenessProbe
    container.readinessProbe = common.readinessProbe
    container.startupProbe = common.startupProbe
    container.lifecycle = common.lifecycle
  }

  private static func apply(_ source: inout EnvVarSource?) {
    if source?.fieldRef?.apiVersion.isEmpty == true { source?.fieldRef?.apiVersion = "v1" }
    if let file = source?.fileKeyRef, file.optional == nil { source?.fileKeyRef?.optional = false }
  }

  private static func apply(_ probe: inout Probe?) {
    guard var filled = probe else { return }
    if filled.timeoutSeconds == 0 { filled.timeoutSeconds = 1 }
    if filled.periodSeconds == 0 { filled.periodSeconds = 10 }
    if filled.successThreshold == 0 { filled.successThreshold = 1 }
    if filled.failureThreshold == 0 { filled.failureThreshold = 3 }
    if filled.httpGet != nil { apply(&filled.httpGet) }
    if filled.grpc != nil, filled.grpc?.service == nil { filled.grpc?.service = "" }
    probe = filled
  }

  private static func apply(_ hook: inout LifecycleHandler?) {
    guard var filled = hook, filled.httpGet != nil else { return }
    apply(&filled.httpGet)
    hook = filled
  }

  private static func apply(_ action: inout HTTPGetAction?) {
    guard var filled = action else { return }
    if filled.path.isEmpty { filled.path = "/" }
    if filled.scheme.isEmpty { filled.scheme = "HTTP" }
    action = filled
  }
}

extension PodDefaults {
  /// The pod, filled in.
  public static func applied(to pod: Pod) -> Pod {
    var result = pod
    apply(&result)
    return result
  }
}
