internal import KubernetesModel

/// Where volumes appear in a container.
extension PodCheck {
  /// Paths of sub-directories and propagation have no index: the API server leaves it out.
  mutating func checkMounts(of container: Container, _ path: @autoclosure () -> FieldPath) {
    for (index, mount) in container.volumeMounts.enumerated() {
      if mount.name.isEmpty { findings.required(.mount, path()[index].child("name")) }
      let volume = volume(named: mount.name)
      if volume == nil { findings.notFound(.mount, path()[index].child("name"), .string(mount.name)) }
      if mount.mountPath.isEmpty { findings.required(.mount, path()[index].child("mountPath")) }
      if container.volumeMounts[..<index].contains(where: { $0.mountPath == mount.mountPath }) {
        findings.invalid(
          .mount, path()[index].child("mountPath"), .string(mount.mountPath), "must be unique")
      }
      if !container.volumeDevices.isEmpty { checkOverlap(mount, container.volumeDevices, path()[index]) }
      if volume?.image != nil {
        for (field, text) in [("subPath", mount.subPath), ("subPathExpr", mount.subPathExpr)]
        where !text.isEmpty {
          findings.invalid(
            .mount, path()[index].child(field), .string(text), "not allowed in image volume sources")
        }
      }
      if !mount.subPath.isEmpty { checkDescending(.mount, mount.subPath, path().child("subPath")) }
      if !mount.subPathExpr.isEmpty {
        if !mount.subPath.isEmpty {
          findings.invalid(
            .mount, path()[index].child("subPathExpr"), .string(mount.subPathExpr),
            "subPathExpr and subPath are mutually exclusive")
        }
        checkDescending(.mount, mount.subPathExpr, path().child("subPathExpr"))
      }
      checkPropagation(mount, in: container, path())
    }
  }

  private mutating func checkOverlap(
    _ mount: VolumeMount, _ devices: [VolumeDevice], _ path: @autoclosure () -> FieldPath
  ) {
    if devices.contains(where: { $0.name == mount.name }) {
      findings.invalid(
        .mount, path().child("name"), .string(mount.name), "must not already exist in volumeDevices")
    }
    if devices.contains(where: { $0.devicePath == mount.mountPath }) {
      findings.invalid(
        .mount, path().child("mountPath"), .string(mount.mountPath),
        "must not already exist as a path in volumeDevices")
    }
  }

  private mutating func checkPropagation(
    _ mount: VolumeMount, in container: Container, _ path: @autoclosure () -> FieldPath
  ) {
    if let propagation = mount.mountPropagation {
      if !["Bidirectional", "HostToContainer", "None"].contains(propagation) {
        findings.notSupported(
          .mount, path().child("mountPropagation"), propagation,
          supported: ["Bidirectional", "HostToContainer", "None"])
      }
      if propagation == "Bidirectional", container.securityContext?.privileged != true {
        findings.forbidden(
          .mount, path().child("mountPropagation"),
          "Bidirectional mount propagation is available only to privileged containers")
      }
    }
    switch mount.recursiveReadOnly {
    case nil, "Disabled": break
    case "Enabled", "IfPossible":
      if !mount.readOnly {
        findings.forbidden(
          .mount, path().child("recursiveReadOnly"), "may only be specified when readOnly is true")
      }
      if let propagation = mount.mountPropagation, propagation != "None" {
        findings.forbidden(
          .mount, path().child("recursiveReadOnly"),
          "may only be specified when mountPropagation is None or not specified")
      }
    case .some(let value):
      findings.notSupported(
        .mount, path().child("recursiveReadOnly"), value, supported: ["Disabled", "Enabled", "IfPossible"])
    }
  }

  mutating func checkDevices(of container: Container, _ path: @autoclosure () -> FieldPath) {
    var paths: Set<String> = []
    for (index, device) in container.volumeDevices.enumerated() {
      let name = path()[index].child("name")
      let place = path()[index].child("devicePath")
      let volume = volume(named: device.name)
      if device.name.isEmpty { findings.required(.mount, name) }
      if !device.name.isEmpty,
        container.volumeDevices[..<index].contains(where: { $0.name == device.name })
      {
        findings.invalid(.mount, name, .string(device.name), "must be unique")
      }
      if let volume {
        if volume.persistentVolumeClaim == nil, volume.ephemeral == nil {
          findings.invalid(
            .mount, name, .string(device.name),
            "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode")
        }
      } else {
        findings.notFound(.mount, name, .string(device.name))
      }
      if device.devicePath.isEmpty { findings.required(.mount, place) }
      if paths.contains(device.devicePath) {
        findings.invalid(.mount, place, .string(device.devicePath), "must be unique")
      }
      if Self.hasBackstep(device.devicePath) {
        findings.invalid(.mount, place, .string(device.devicePath), "can not contain backsteps ('..')")
      } else {
        paths.insert(device.devicePath)
      }
      if container.volumeMounts.contains(where: { $0.name == device.name }) {
        findings.invalid(.mount, name, .string(device.name), "must not already exist in volumeMounts")
      }
      if container.volumeMounts.contains(where: { $0.mountPath == device.devicePath }) {
        findings.invalid(
          .mount, place, .string(device.devicePath), "must not already exist as a path in volumeMounts")
      }
    }
  }

  // MARK: Paths

  /// Whether a path steps up somewhere.
  static func hasBackstep(_ path: String) -> Bool {
    path.utf8.contains(0x2E)
      && path.utf8.split(separator: 0x2F).contains { $0.elementsEqual([0x2E, 0x2E]) }
  }

  mutating func checkNoBacksteps(_ rule: PodRule, _ text: String, _ path: @autoclosure () -> FieldPath) {
    if Self.hasBackstep(text) { findings.invalid(rule, path(), .string(text), "must not contain '..'") }
  }

  /// A path below something: relative, and never up.
  mutating func checkDescending(_ rule: PodRule, _ text: String, _ path: @autoclosure () -> FieldPath) {
    if text.utf8.first == 0x2F {
      findings.invalid(rule, path(), .string(text), "must be a relative path")
    }
    checkNoBacksteps(rule, text, path())
  }

  /// A descending path to a file of a volume, whose own files begin with two dots.
  mutating func checkFilePath(_ rule: PodRule, _ text: String, _ path: @autoclosure () -> FieldPath) {
    checkDescending(rule, text, path())
    if text.hasPrefix(".."), !text.hasPrefix("../") {
      findings.invalid(rule, path(), .string(text), "must not start with '..'")
    }
  }
}
