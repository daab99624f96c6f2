internal import KubernetesModel

/// A port of a node that a pod takes for itself.
struct HostPort: Sendable, Hashable {
  var address: String
  var transport: String
  var port: Int32

  /// A port with the defaults of the API: any address, TCP.
  init(address: String, transport: String, port: Int32) {
    self.address = address.isEmpty ? Self.anyAddress : address
    self.transport = transport.isEmpty ? "TCP" : transport
    self.port = port
  }

  static let anyAddress = "0.0.0.0"

  /// Whether two pods with these ports cannot share a node: the wildcard address takes the port on all of them.
  func conflicts(with other: HostPort) -> Bool {
    port == other.port && transport == other.transport
      && (address == other.address || address == Self.anyAddress || other.address == Self.anyAddress)
  }
}

extension PodSpec {
  /// The ports the pod needs on its node: those of containers and of sidecars.
  ///
  /// With `hostNetwork` every container port is one, as the API server defaults it.
  var hostPorts: [HostPort] {
    var result: [HostPort] = []
    for container in containers { container.appendHostPorts(hostNetwork, to: &result) }
    for container in initContainers where container.restartPolicy == "Always" {
      container.appendHostPorts(hostNetwork, to: &result)
    }
    return result
  }
}

extension Container {
  fileprivate func appendHostPorts(_ isOnHostNetwork: Bool, to result: inout [HostPort]) {
    for port in ports {
      let number = port.hostPort == 0 && isOnHostNetwork ? port.containerPort : port.hostPort
      guard number > 0 else { continue }
      let needed = HostPort(address: port.hostIP, transport: port.protocol, port: number)
      if !result.contains(needed) { result.append(needed) }
    }
  }
}
