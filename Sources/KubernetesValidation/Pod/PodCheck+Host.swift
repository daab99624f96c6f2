internal import KubernetesModel

/// What a pod shares with its node.
extension PodCheck {
  /// On the node's own network a container's port is the node's.
  mutating func checkHostPorts(_ spec: PodSpec, _ path: FieldPath) {
    guard spec.hostNetwork else { return }
    for (index, container) in spec.containers.enumerated() {
      for (position, port) in container.ports.enumerated() where port.hostPort != port.containerPort {
        findings.invalid(
          .port, path.child("containers")[index].child("ports")[position].child("hostPort"),
          .integer(Int64(port.hostPort)), "must match `containerPort` when `hostNetwork` is true")
      }
    }
  }

  /// A pod with a user namespace of its own can share no other with the node.
  mutating func checkUserNamespace(_ spec: PodSpec, _ path: FieldPath) {
    guard !sharesUserNamespace else { return }
    let shared = [
      ("hostNetwork", spec.hostNetwork), ("HostPID", spec.hostPID), ("HostIPC", spec.hostIPC),
    ]
    for (field, isShared) in shared where isShared {
      findings.forbidden(.host, path.child(field), "when `hostUsers` is false")
    }
  }

  /// HostProcess containers of Windows: all of a pod or none, on the node's network.
  mutating func checkHostProcess(_ spec: PodSpec, _ path: FieldPath) {
    let ofPod = spec.securityContext?.windowsOptions?.hostProcess
    let mayHaveAny =
      ofPod != nil || spec.containers.contains { $0.securityContext?.windowsOptions != nil }
      || spec.initContainers.contains { $0.securityContext?.windowsOptions != nil }
      || spec.ephemeralContainers.contains { $0.securityContext?.windowsOptions != nil }
    guard mayHaveAny else { return }
    var count = 0
    var hostProcesses = 0
    var findings = findings
    Self.forEachContainer(of: spec, path) { container, place in
      count += 1
      let own = container.securityContext?.windowsOptions?.hostProcess
      if let ofPod, let own, ofPod != own {
        findings.invalid(
          .system, place.child("securityContext").child("windowsOptions").child("hostProcess"), .boolean(own),
          "pod hostProcess value must be identical if both are specified, was \(ofPod)")
      }
      if own ?? ofPod ?? false { hostProcesses += 1 }
    }
    if hostProcesses > 0 {
      if hostProcesses != count {
        findings.invalid(
          .system, path, "",
          "If pod contains any hostProcess containers then all containers must be HostProcess containers")
      }
      if !spec.hostNetwork {
        findings.invalid(
          .system, path.child("hostNetwork"), .boolean(false),
          "hostNetwork must be true if pod contains any hostProcess containers")
      }
      if !options.allowsPrivileged {
        findings.forbidden(.privileged, path, "hostProcess containers are disallowed by cluster policy")
      }
    }
    self.findings = findings
  }
}
