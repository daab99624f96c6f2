internal import KubernetesModel

/// Ephemeral volumes, which come with a claim that is made for the pod.
extension PodCheck {
  mutating func check(
    _ source: EphemeralVolumeSource, of volume: Volume, _ path: @autoclosure () -> FieldPath
  ) {
    if let template = source.volumeClaimTemplate {
      let place = path().child("ephemeral").child("volumeClaimTemplate")
      check(template.metadata, place.child("metadata"))
      check(template.spec, place.child("spec"))
    } else {
      findings.required(.volume, path().child("ephemeral").child("volumeClaimTemplate"))
    }
    guard !metadata.name.isEmpty, !volume.name.isEmpty else { return }
    let name = "\(metadata.name)-\(volume.name)"
    for objection in NameSyntax.dnsSubdomainObjections(name) {
      findings.invalid(
        .volume, path().child("name"), .string(volume.name), "PVC name \(goQuoted(name)): \(objection)")
    }
  }

  /// Only labels and annotations are taken over to the claim. The names are those of Go, with a small first letter.
  private mutating func check(_ metadata: ObjectMeta, _ path: FieldPath) {
    findings.add(
      ObjectMetaRules.annotations(metadata.annotations, at: path.child("annotations"), PodRule.volume.id))
    findings.checkLabels(.volume, metadata.labels, path.child("labels"))
    let fields = [
      ("name", !metadata.name.isEmpty), ("generateName", !metadata.generateName.isEmpty),
      ("namespace", !metadata.namespace.isEmpty), ("selfLink", !metadata.selfLink.isEmpty),
      ("uID", !metadata.uid.isEmpty), ("resourceVersion", !metadata.resourceVersion.isEmpty),
      ("generation", metadata.generation != 0), ("creationTimestamp", metadata.creationTimestamp != nil),
      ("deletionTimestamp", metadata.deletionTimestamp != nil),
      ("deletionGracePeriodSeconds", metadata.deletionGracePeriodSeconds != nil),
      ("ownerReferences", !metadata.ownerReferences.isEmpty), ("finalizers", !metadata.finalizers.isEmpty),
      ("managedFields", !metadata.managedFields.isEmpty),
    ]
    for (field, isSet) in fields where isSet {
      findings.forbidden(.volume, path.child(field), "cannot be set")
    }
  }

  private static let accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]

  private mutating func check(_ spec: PersistentVolumeClaimSpec, _ path: FieldPath) {
    let modes = path.child("accessModes")
    if spec.accessModes.isEmpty { findings.required(.volume, modes, "at least 1 access mode is required") }
    checkSelector(.volume, spec.selector, path.child("selector"))
    for mode in spec.accessModes where !Self.accessModes.contains(mode) {
      findings.notSupported(.volume, modes, mode, supported: Self.accessModes)
    }
    let isExclusive = spec.accessModes.contains("ReadWriteOncePod")
    if isExclusive,
      spec.accessModes.contains(where: { $0 != "ReadWriteOncePod" && Self.accessModes.contains($0) })
    {
      findings.forbidden(.volume, modes, "may not use ReadWriteOncePod with other access modes")
    }
    let storage = path.child("resources")["storage"]
    if let quantity = spec.resources.requests["storage"] {
      if quantity.signum <= 0 {
        findings.invalid(.volume, storage, .string(quantity.canonicalText), "must be greater than zero")
      }
    } else {
      findings.required(.volume, storage)
    }
    if let name = spec.storageClassName, !name.isEmpty {
      findings.checkDNSSubdomain(.volume, name, path.child("storageClassName"))
    }
    if let mode = spec.volumeMode, mode != "Block", mode != "Filesystem" {
      findings.notSupported(
        .volume, path.child("volumeMode"), mode, supported: ["Block", "Filesystem"])
    }
    checkSources(of: spec, path)
    if let name = spec.volumeAttributesClassName, !name.isEmpty {
      findings.checkDNSSubdomain(.volume, name, path.child("volumeAttributesClassName"))
    }
  }

  /// What the volume is filled from.
  private mutating func checkSources(of spec: PersistentVolumeClaimSpec, _ path: FieldPath) {
    if let source = spec.dataSource {
      checkSource(
        name: source.name, kind: source.kind, group: source.apiGroup, path.child("dataSource"))
    }
    if let source = spec.dataSourceRef {
      checkSource(
        name: source.name, kind: source.kind, group: source.apiGroup, path.child("dataSourceRef"))
      if let namespace = source.namespace, !namespace.isEmpty {
        findings.checkDNSLabel(.volume, namespace, path.child("dataSourceRef").child("namespace"))
      }
    }
    guard let source = spec.dataSource, let reference = spec.dataSourceRef else { return }
    // The value is a path there, which has nothing to print.
    if !(reference.namespace ?? "").isEmpty {
      findings.invalid(
        .volume, path, .json("{}"), "may not be specified when dataSourceRef.namespace is specified")
    } else if source.apiGroup != reference.apiGroup || source.kind != reference.kind
      || source.name != reference.name
    {
      findings.invalid(.volume, path, .json("{}"), "must match dataSourceRef")
    }
  }

  private mutating func checkSource(name: String, kind: String, group: String?, _ path: FieldPath) {
    need(name, path.child("name"))
    need(kind, path.child("kind"))
    let group = group ?? ""
    if group.isEmpty, kind != "PersistentVolumeClaim" {
      findings.invalid(
        .volume, path, .string(kind), "must be 'PersistentVolumeClaim' when referencing the default apiGroup")
    }
    if !group.isEmpty { findings.checkDNSSubdomain(.volume, group, path.child("apiGroup")) }
  }
}
