internal import KubernetesModel

/// What the API server fills in of volumes.
extension PodDefaults {
  static let mode: Int32 = 0o644

  static func apply(_ volume: inout Volume) {
    if volume.hasNoSource {
      volume.emptyDir = EmptyDirVolumeSource()
      return
    }
    if volume.secret != nil, volume.secret?.defaultMode == nil { volume.secret?.defaultMode = mode }
    if volume.configMap != nil, volume.configMap?.defaultMode == nil { volume.configMap?.defaultMode = mode }
    if volume.hostPath != nil, volume.hostPath?.type == nil { volume.hostPath?.type = "" }
    if var source = volume.downwardAPI {
      source.defaultMode = source.defaultMode ?? mode
      apply(&source.items)
      volume.downwardAPI = source
    }
    if var source = volume.projected {
      source.defaultMode = source.defaultMode ?? mode
      for index in source.sources.indices {
        if var items = source.sources[index].downwardAPI?.items {
          apply(&items)
          source.sources[index].downwardAPI?.items = items
        }
        if let token = source.sources[index].serviceAccountToken, token.expirationSeconds == nil {
          source.sources[index].serviceAccountToken?.expirationSeconds = 3600
        }
      }
      volume.projected = source
    }
    if var source = volume.image, source.pullPolicy.isEmpty {
      source.pullPolicy = ImageReference.pullPolicy(of: source.reference)
      volume.image = source
    }
    if var source = volume.ephemeral, var template = source.volumeClaimTemplate {
      template.spec.volumeMode = template.spec.volumeMode ?? "Filesystem"
      round(&template.spec.resources.limits)
      round(&template.spec.resources.requests)
      source.volumeClaimTemplate = template
      volume.ephemeral = source
    }
    applyDevices(&volume)
  }

  private static func apply(_ files: inout [DownwardAPIVolumeFile]) {
    for index in files.indices where files[index].fieldRef?.apiVersion.isEmpty == true {
      files[index].fieldRef?.apiVersion = "v1"
    }
  }

  private static func applyDevices(_ volume: inout Volume) {
    if var disk = volume.azureDisk {
      disk.cachingMode = disk.cachingMode ?? "ReadWrite"
      disk.kind = disk.kind ?? "Shared"
      disk.fsType = disk.fsType ?? "ext4"
      disk.readOnly = disk.readOnly ?? false
      volume.azureDisk = disk
    }
    if var target = volume.iscsi, target.iscsiInterface.isEmpty {
      target.iscsiInterface = "default"
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
}

extension Volume {
  /// Whether no source is given.
  fileprivate var hasNoSource: Bool {
    if emptyDir != nil || persistentVolumeClaim != nil || configMap != nil || secret != nil || hostPath != nil
      || projected != nil
    {
      return false
    }
    return gcePersistentDisk == nil && awsElasticBlockStore == nil && gitRepo == nil && nfs == nil
      && iscsi == nil
      && glusterfs == nil && rbd == nil && flexVolume == nil && cinder == nil && cephfs == nil
      && flocker == nil
      && downwardAPI == nil && fc == nil && azureFile == nil && vsphereVolume == nil && quobyte == nil
      && azureDisk == nil && photonPersistentDisk == nil && portworxVolume == nil && scaleIO == nil
      && storageos == nil && csi == nil && ephemeral == nil && image == nil
  }
}
