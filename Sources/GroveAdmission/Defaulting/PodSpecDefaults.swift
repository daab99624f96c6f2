internal import GroveModel
internal import KubernetesModel

/// The defaults that the CustomResourceDefinitions carry inside pod specs and claim templates.
///
/// References to config maps and secrets default their name to the empty string, which these types have anyway.
enum PodSpecDefaults {
  static func apply(_ spec: inout PodSpec) {
    for index in spec.initContainers.indices { apply(&spec.initContainers[index]) }
    for index in spec.containers.indices { apply(&spec.containers[index]) }
    for index in spec.ephemeralContainers.indices { apply(&spec.ephemeralContainers[index]) }
    for index in spec.volumes.indices { apply(&spec.volumes[index]) }
  }

  private static func apply(_ container: inout Container) {
    apply(&container.ports)
    apply(&container.env)
    apply(&container.livenessProbe)
    apply(&container.readinessProbe)
    apply(&container.startupProbe)
  }

  private static func apply(_ container: inout EphemeralContainer) {
    apply(&container.ports)
    apply(&container.env)
    apply(&container.livenessProbe)
    apply(&container.readinessProbe)
    apply(&container.startupProbe)
  }

  private static func apply(_ ports: inout [ContainerPort]) {
    for index in ports.indices where ports[index].protocol.isEmpty { ports[index].protocol = "TCP" }
  }

  private static func apply(_ variables: inout [EnvVar]) {
    for index in variables.indices {
      guard let file = variables[index].valueFrom?.fileKeyRef, file.optional == nil else { continue }
      variables[index].valueFrom?.fileKeyRef?.optional = false
    }
  }

  private static func apply(_ probe: inout Probe?) {
    guard let grpc = probe?.grpc, grpc.service == nil else { return }
    probe?.grpc?.service = ""
  }

  private static func apply(_ volume: inout Volume) {
    if var disk = volume.azureDisk {
      disk.fsType = disk.fsType ?? "ext4"
      disk.readOnly = disk.readOnly ?? false
      volume.azureDisk = disk
    }
    if var target = volume.iscsi {
      if target.iscsiInterface.isEmpty { target.iscsiInterface = "default" }
      volume.iscsi = target
    }
    if var device = volume.rbd {
      if device.keyring.isEmpty { device.keyring = "/etc/ceph/keyring" }
      if device.pool.isEmpty { device.pool = "rbd" }
      if device.user.isEmpty { device.user = "admin" }
      volume.rbd = device
    }
    if var storage = volume.scaleIO {
      if storage.fsType.isEmpty { storage.fsType = "xfs" }
      if storage.storageMode.isEmpty { storage.storageMode = "ThinProvisioned" }
      volume.scaleIO = storage
    }
  }

  static func apply(_ template: inout ResourceClaimTemplateSpec) {
    guard var devices = template.spec.devices else { return }
    for index in devices.requests.indices {
      if let tolerations = devices.requests[index].exactly?.tolerations {
        devices.requests[index].exactly?.tolerations = defaulted(tolerations)
      }
      for alternative in devices.requests[index].firstAvailable.indices {
        let tolerations = devices.requests[index].firstAvailable[alternative].tolerations
        devices.requests[index].firstAvailable[alternative].tolerations = defaulted(tolerations)
      }
    }
    template.spec.devices = devices
  }

  private static func defaulted(_ tolerations: [DeviceToleration]) -> [DeviceToleration] {
    tolerations.map { toleration in
      var toleration = toleration
      if toleration.operator.isEmpty { toleration.operator = "Equal" }
      return toleration
    }
  }
}
