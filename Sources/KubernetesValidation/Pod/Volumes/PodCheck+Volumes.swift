internal import KubernetesModel

/// Volumes: names, and that each has one source.
extension PodCheck {
  mutating func checkVolumes(_ list: [Volume], _ path: @autoclosure () -> FieldPath) {
    volumes.reserveCapacity(list.count)
    var created: [String] = []
    if !metadata.name.isEmpty {
      created = list.filter { $0.ephemeral != nil }.map { "\(metadata.name)-\($0.name)" }
    }
    for (index, volume) in list.enumerated() {
      let before = findings.count
      checkSource(of: volume, path()[index])
      if volume.name.isEmpty {
        findings.required(.volume, path()[index].child("name"))
      } else {
        findings.checkDNSLabel(.volume, volume.name, path()[index].child("name"))
      }
      if self.volume(named: volume.name) != nil {
        findings.duplicate(.volume, path()[index].child("name"), .string(volume.name))
      }
      // What is broken cannot be mounted.
      if findings.count == before { volumes.append(volume) }
      if let claim = volume.persistentVolumeClaim, created.contains(claim.claimName) {
        findings.invalid(
          .volume, path()[index].child("persistentVolumeClaim").child("claimName"), .string(claim.claimName),
          "must not reference a PVC that gets created for an ephemeral volume")
      }
    }
  }

  /// The sources in the API server's order; after the first, others are only refused.
  private mutating func checkSource(of volume: Volume, _ path: @autoclosure () -> FieldPath) {
    var count = 0
    func isFirst(_ field: String, _ findings: inout Findings) -> Bool {
      count += 1
      if count == 1 { return true }
      findings.forbidden(.volume, path().child(field), "may not specify more than 1 volume type")
      return false
    }
    if let source = volume.emptyDir {
      count += 1
      if let limit = source.sizeLimit, limit.signum < 0 {
        findings.forbidden(
          .volume, path().child("emptyDir").child("sizeLimit"),
          "SizeLimit field must be a valid resource quantity")
      }
    }
    if let source = volume.hostPath, isFirst("hostPath", &findings) {
      check(source, path().child("hostPath"))
    }
    if let source = volume.gitRepo, isFirst("gitRepo", &findings) {
      need(source.repository, path().child("gitRepo").child("repository"))
      checkDescending(.volume, source.directory, path().child("gitRepo").child("directory"))
    }
    if let source = volume.gcePersistentDisk, isFirst("gcePersistentDisk", &findings) {
      need(source.pdName, path().child("persistentDisk").child("pdName"))
      checkPartition(source.partition, path().child("persistentDisk"))
    }
    if let source = volume.awsElasticBlockStore, isFirst("awsElasticBlockStore", &findings) {
      need(source.volumeID, path().child("awsElasticBlockStore").child("volumeID"))
      checkPartition(source.partition, path().child("awsElasticBlockStore"))
    }
    if let source = volume.secret, isFirst("secret", &findings) {
      need(source.secretName, path().child("secret").child("secretName"))
      findings.checkMode(source.defaultMode, path().child("secret").child("defaultMode"))
      checkItems(source.items, path().child("secret").child("items"))
    }
    if let source = volume.nfs, isFirst("nfs", &findings) {
      need(source.server, path().child("nfs").child("server"))
      need(source.path, path().child("nfs").child("path"))
      if source.path.utf8.first != 0x2F {
        findings.invalid(
          .volume, path().child("nfs").child("path"), .string(source.path), "must be an absolute path")
      }
    }
    if let source = volume.iscsi {
      if isFirst("iscsi", &findings) { check(source, path().child("iscsi")) }
      if source.initiatorName != nil, volume.name.utf8.count + 1 + source.targetPortal.utf8.count > 64 {
        findings.invalid(
          .volume, path().child("name"), .string(volume.name),
          "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if "
            + "iscsi.initiatorName is specified.")
      }
    }
    if let source = volume.glusterfs, isFirst("glusterfs", &findings) {
      need(source.endpoints, path().child("glusterfs").child("endpoints"))
      need(source.path, path().child("glusterfs").child("path"))
    }
    if let source = volume.flocker, isFirst("flocker", &findings) { check(source, path().child("flocker")) }
    if let source = volume.persistentVolumeClaim, isFirst("persistentVolumeClaim", &findings) {
      need(source.claimName, path().child("persistentVolumeClaim").child("claimName"))
    }
    if let source = volume.rbd, isFirst("rbd", &findings) {
      need(source.monitors, path().child("rbd").child("monitors"))
      need(source.image, path().child("rbd").child("image"))
    }
    if let source = volume.cinder, isFirst("cinder", &findings) {
      need(source.volumeID, path().child("cinder").child("volumeID"))
      need(source.secretRef, path().child("cinder").child("secretRef"))
    }
    if let source = volume.cephfs, isFirst("cephFS", &findings) {
      need(source.monitors, path().child("cephfs").child("monitors"))
    }
    if let source = volume.quobyte, isFirst("quobyte", &findings) { check(source, path().child("quobyte")) }
    if let source = volume.downwardAPI, isFirst("downwarAPI", &findings) {
      findings.checkMode(source.defaultMode, path().child("downwardAPI").child("defaultMode"))
      for file in source.items { check(file, path().child("downwardAPI")) }
    }
    if let source = volume.fc, isFirst("fc", &findings) { check(source, path().child("fc")) }
    if let source = volume.flexVolume, isFirst("flexVolume", &findings) {
      check(source, path().child("flexVolume"))
    }
    if let source = volume.configMap, isFirst("configMap", &findings) {
      need(source.name, path().child("configMap").child("name"))
      findings.checkMode(source.defaultMode, path().child("configMap").child("defaultMode"))
      checkItems(source.items, path().child("configMap").child("items"))
    }
    if let source = volume.azureFile, isFirst("azureFile", &findings) {
      need(source.secretName, path().child("azureFile").child("secretName"))
      need(source.shareName, path().child("azureFile").child("shareName"))
    }
    if let source = volume.vsphereVolume, isFirst("vsphereVolume", &findings) {
      need(source.volumePath, path().child("vsphereVolume").child("volumePath"))
    }
    if let source = volume.photonPersistentDisk, isFirst("photonPersistentDisk", &findings) {
      need(source.pdID, path().child("photonPersistentDisk").child("pdID"))
    }
    if let source = volume.portworxVolume, isFirst("portworxVolume", &findings) {
      need(source.volumeID, path().child("portworxVolume").child("volumeID"))
    }
    if let source = volume.azureDisk, isFirst("azureDisk", &findings) {
      check(source, path().child("azureDisk"))
    }
    if let source = volume.storageos, isFirst("storageos", &findings) {
      check(source, path().child("storageos"))
    }
    if let source = volume.projected, isFirst("projected", &findings) {
      check(source, path().child("projected"))
    }
    if let source = volume.scaleIO, isFirst("scaleIO", &findings) {
      need(source.gateway, path().child("scaleIO").child("gateway"))
      need(source.system, path().child("scaleIO").child("system"))
      need(source.volumeName, path().child("scaleIO").child("volumeName"))
    }
    if let source = volume.csi, isFirst("csi", &findings) { check(source, path().child("csi")) }
    if let source = volume.ephemeral, isFirst("ephemeral", &findings) {
      check(source, of: volume, path())
    }
    if let source = volume.image, isFirst("image", &findings) {
      need(source.reference, path().child("image").child("reference"))
      checkPullPolicy(.volume, source.pullPolicy, path().child("image").child("pullPolicy"))
    }
    if count == 0 { findings.required(.volume, path(), "must specify a volume type") }
  }

  // MARK: What sources have in common

  mutating func need(_ text: String, _ path: @autoclosure () -> FieldPath) {
    if text.isEmpty { findings.required(.volume, path()) }
  }

  private mutating func need(_ list: [String], _ path: @autoclosure () -> FieldPath) {
    if list.isEmpty { findings.required(.volume, path()) }
  }

  /// A Secret that need not be given, and has a name if it is.
  mutating func need(_ reference: LocalObjectReference?, _ path: @autoclosure () -> FieldPath) {
    if let reference { need(reference.name, path().child("name")) }
  }

  private mutating func checkPartition(_ partition: Int32, _ path: @autoclosure () -> FieldPath) {
    // 0 is taken, whatever the text says.
    if !(0...255).contains(partition) {
      findings.invalid(
        .volume, path().child("partition"), .integer(Int64(partition)), Findings.outside(1...255))
    }
  }

  mutating func checkItems(_ items: [KeyToPath], _ path: @autoclosure () -> FieldPath) {
    for (index, item) in items.enumerated() {
      need(item.key, path()[index].child("key"))
      need(item.path, path()[index].child("path"))
      checkFilePath(.volume, item.path, path()[index].child("path"))
      findings.checkMode(item.mode, path()[index].child("mode"))
    }
  }

  /// A file with fields of the pod. The API server leaves its index out.
  mutating func check(_ file: DownwardAPIVolumeFile, _ path: @autoclosure () -> FieldPath) {
    need(file.path, path().child("path"))
    checkFilePath(.volume, file.path, path().child("path"))
    if let field = file.fieldRef {
      checkFieldReference(.volume, field, FieldReference.inVolumes, path().child("fieldRef"))
      if file.resourceFieldRef != nil {
        findings.invalid(
          .volume, path(), "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
      }
    } else if let resource = file.resourceFieldRef {
      checkResourceReference(.volume, resource, path().child("resourceFieldRef"), needsContainer: true)
    } else {
      findings.required(.volume, path(), "one of fieldRef and resourceFieldRef is required")
    }
    findings.checkMode(file.mode, path().child("mode"))
  }
}
