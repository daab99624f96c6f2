internal import KubernetesModel

extension PodCheck {
  mutating func checkPorts(_ ports: [ContainerPort], _ path: @autoclosure () -> FieldPath) {
    for (index, port) in ports.enumerated() {
      if !port.name.isEmpty {
        let objections = PortNameForm.objections(port.name)
        findings.object(.port, objections, to: port.name, path()[index].child("name"))
        if objections.isEmpty, ports[..<index].contains(where: { $0.name == port.name }) {
          findings.duplicate(.port, path()[index].child("name"), .string(port.name))
        }
      }
      if port.containerPort == 0 {
        findings.required(.port, path()[index].child("containerPort"))
      } else {
        findings.checkRange(
          .port, Int64(port.containerPort), 1...65_535, path()[index].child("containerPort"))
      }
      if port.hostPort != 0 {
        findings.checkRange(.port, Int64(port.hostPort), 1...65_535, path()[index].child("hostPort"))
      }
      switch port.protocol {
      case "TCP", "UDP", "SCTP": break
      case "": findings.required(.port, path()[index].child("protocol"))
      default:
        findings.notSupported(
          .port, path()[index].child("protocol"), port.protocol, supported: ["SCTP", "TCP", "UDP"])
      }
    }
  }

  /// Two containers cannot have the same port of the node.
  mutating func checkHostPortConflicts(
    _ containers: [Container], _ path: @autoclosure () -> FieldPath
  ) {
    guard containers.contains(where: { $0.ports.contains { $0.hostPort != 0 } }) else { return }
    var taken: Set<String> = []
    for (index, container) in containers.enumerated() {
      for (position, port) in container.ports.enumerated() where port.hostPort != 0 {
        let text = "\(port.protocol)/\(port.hostIP)/\(port.hostPort)"
        if !taken.insert(text).inserted {
          findings.duplicate(
            .port, path()[index].child("ports")[position].child("hostPort"), .string(text))
        }
      }
    }
  }
}
